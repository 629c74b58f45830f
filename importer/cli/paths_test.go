package cli

import (
	"os"
	"path/filepath"
	"testing"
)

func TestResultPath(t *testing.T) {
	for _, c := range []struct {
		employees string
		sandbox   bool
		want      string
	}{
		{"employees.csv", false, "employees.result.csv"},
		{"dir.d/employees", true, "dir.d/employees.sandbox.result.csv"},
		{"-", false, ""},
	} {
		if got, _ := resultPath(c.employees, c.sandbox); got != c.want {
			t.Errorf("resultPath(%q) = %q, want %q", c.employees, got, c.want)
		}
	}
}

func TestCheckDistinct(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"e.csv", "key"} {
		if err := os.WriteFile(path(name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link(path("e.csv"), path("hard.csv")); err != nil {
		t.Fatal(err)
	}
	_ = os.Symlink(path("there.csv"), path("link.csv"))
	_, unlinked := os.Readlink(path("link.csv")) // not everybody on Windows may make a link
	if err := os.WriteFile(path("there.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := "link.csv"
	if unlinked != nil {
		link = "there.csv"
	}
	for _, written := range [][]string{
		{path("e.csv")},
		{path("hard.csv")},
		{path("x"), path("key")},
		{path("x"), path("./x")},
		{path("x"), "", path("x.journal")},
		{path("x"), path("x.lock")},
		{path(link), path("there.csv.journal")},
		{"", path("y"), path("y")},
	} {
		if checkDistinct(path("e.csv"), path("key"), written[0], written[1:]...) == nil {
			t.Errorf("%v is not refused", written)
		}
	}
	for _, fine := range [][]string{{path("x"), "", path("y")}, {path("x"), os.DevNull, os.DevNull}} {
		if err := checkDistinct(path("e.csv"), "", fine[0], fine[1:]...); err != nil {
			t.Error(err)
		}
	}
}
