package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// page returns the manual page of a command line.
func page(model *kong.Application) string {
	m := &manPage{model: model}
	m.page()
	return m.text.String()
}

// TestManPage: groff has no warning about the page, in any of its sections, and man shows all of it.
func TestManPage(t *testing.T) {
	model := newParser(&commands{}).Model
	text := page(model)
	plain := strings.NewReplacer(`\-`, "-", `\fB`, "", `\fR`, "").Replace(text)
	for _, section := range []string{"NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO"} {
		if !strings.Contains(text, "\n.SH \""+section+"\"\n") {
			t.Errorf("no section %s", section)
		}
	}
	for _, command := range model.Children {
		if !strings.Contains(plain, "\n.TP\n"+command.Name+"\n") {
			t.Errorf("the command %s is not explained", command.Name)
		}
		for _, f := range command.Flags {
			if named := regexp.MustCompile(`(?m)^(-., )?--` + regexp.QuoteMeta(f.Name) + `( |$)`); !named.MatchString(plain) {
				t.Errorf("--%s of %s is not explained", f.Name, command.Name)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "etelecom-import.1")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][]string{
		{"groff", "-man", "-ww", "-z", file},
		{"groff", "-man", "-ww", "-z", "-Tutf8", file},
	} {
		t.Run(strings.Join(c[:len(c)-1], " "), func(t *testing.T) {
			out, err := exec.Command(needs(t, c[0]), c[1:]...).CombinedOutput()
			if err != nil || len(out) > 0 {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	t.Run("man", func(t *testing.T) {
		cmd := exec.Command(needs(t, "man"), "-l", file)
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=80", "MAN_KEEP_FORMATTING=", "TERM=dumb", "MANROFFOPT=-ww")
		var warned bytes.Buffer
		cmd.Stderr = &warned
		shown, err := cmd.Output()
		if err != nil {
			t.Skipf("this man cannot show a file: %v", err)
		}
		for _, text := range []string{"--max-errors N|P%", "EXIT STATUS", "etelecom-import run -n --offline employees.csv", "--fault '429:5@create=#3'"} {
			if !bytes.Contains(bytes.ReplaceAll(shown, []byte("\u2010"), []byte("-")), []byte(text)) {
				t.Errorf("man does not show %s:\n%s", text, shown)
			}
		}
		if warned.Len() > 0 {
			t.Errorf("man warns: %s", &warned)
		}
	})
}

// TestRoff: no text is taken for a request, and no sign for another.
func TestRoff(t *testing.T) {
	var m manPage
	m.line(".TH is a request; 'so, too: \\n it's 100 % ~ ^ ` \"x\" Nguyễn")
	m.line("'first")
	const want = "\\&.TH is a request; \\(aqso, too: \\en it\\(aqs 100 % \\(ti \\(ha \\(ga \"x\" Nguy\\[u1EC5]n\n\\(aqfirst\n"
	if got := m.text.String(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestExitStatuses compares the table of the manual page with that of the README.
func TestExitStatuses(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(strings.ReplaceAll(string(readme), "\r\n", "\n"), "| code | meaning | run again? |\n| --- | --- | --- |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	var want strings.Builder
	for _, s := range exitStatuses {
		want.WriteString("| " + s.codes + " | " + s.meaning.String() + " | " + s.again.String() + " |\n")
	}
	if got := strings.ReplaceAll(table, "`", "") + "\n"; got != want.String() {
		t.Errorf("the README has\n%s\nand the manual page\n%s", got, &want)
	}
}
