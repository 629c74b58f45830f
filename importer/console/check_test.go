package console

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"etelecom-import/importer/check"
)

func TestShowFinding(t *testing.T) {
	var out bytes.Buffer
	c := New(Options{}, &out, &bytes.Buffer{})
	report := &check.Report{Checks: []check.Finding{
		{Name: "tls", Status: check.OK, Found: "TLS 1.3.\x1b[2J"},
		{Name: "employee_file_access", Status: check.Wrong, Found: "Everyone can read it.", Hint: "To change that:", Command: "chmod 600 '" + strings.Repeat("long ", 20) + "'"},
		{Name: "users", Status: check.NotKnown, Found: strings.Repeat("word ", 15), Hint: "Wait."},
	}}
	for _, f := range report.Checks {
		c.ShowFinding(f)
	}
	if err := c.ShowCheckEnd(report); err != nil {
		t.Fatal(err)
	}
	const want = `ok         TLS              TLS 1.3.[2J
wrong      employee file access  Everyone can read it.
           hint: To change that:
                 chmod 600 'long long long long long long long long long long long long long long long long long long long long '
not known  users            word word word word word word word word word word
                            word word word word word
           hint: Wait.

1 ok, 1 wrong, 1 not known. Nothing was changed.
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

// TestFindingNames: the schema of the JSON form knows the names that the screen knows, and no other.
func TestFindingNames(t *testing.T) {
	text, err := os.ReadFile("../../samples/check.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs struct {
			Finding struct {
				Properties struct{ Name struct{ Enum []string } }
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	got := schema.Defs.Finding.Properties.Name.Enum
	slices.Sort(got)
	if want := slices.Sorted(maps.Keys(findingNames)); !slices.Equal(got, want) {
		t.Errorf("the schema has %q, want %q", got, want)
	}
}
