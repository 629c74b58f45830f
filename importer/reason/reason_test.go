package reason_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"etelecom-import/importer/reason"
)

func TestList(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range reason.All() {
		if seen[r.Code] {
			t.Errorf("%s is in the list twice", r.Code)
		}
		seen[r.Code] = true
		if r.Code == "" || r.Problem == "" || r.Hint == "" {
			t.Errorf("%q says nothing: %+v", r.Code, r)
		}
		if strings.HasSuffix(r.Problem, ".") || strings.HasSuffix(r.Hint, ".") {
			t.Errorf("%s: a text ends with a full stop, and cannot be joined to others", r.Code)
		}
		if reason.Of(r.Code) != r || reason.Hint(r.Code) != r.Hint {
			t.Errorf("%s is not found by its code", r.Code)
		}
	}
	if r := reason.Of("a_code_of_tomorrow"); r.Hint == "" || !r.OfAPI || r.Kind != reason.Failure {
		t.Errorf("an unknown code: %+v", r)
	}
}

// documents may hold the table of codes; one of them must.
var documents = []string{"../../README.md", "../MANUAL.md"}

// tableRow is a row of the table whose first cell has nothing but codes.
var tableRow = regexp.MustCompile("(?m)^\\| (`[a-z_]+`(?:, `[a-z_]+`)*)(?: and others)? \\|")

// TestTable compares the table of codes with the list, in both directions. Codes of the API need not be in the table, except
// those after which a person has to look for somebody.
func TestTable(t *testing.T) {
	const head = "| error code |"
	for _, name := range documents {
		text, err := os.ReadFile(name)
		_, after, found := strings.Cut(string(text), head)
		if err != nil || !found {
			continue
		}
		table, _, _ := strings.Cut(after, "\n\n")
		inTable := map[string]bool{}
		for _, row := range tableRow.FindAllStringSubmatch(table, -1) {
			for code := range strings.SplitSeq(row[1], ", ") {
				code = strings.Trim(code, "`")
				inTable[code] = true
				if reason.Of(code).Problem == "" {
					t.Errorf("%s has the code %s, which does not exist", name, code)
				}
			}
		}
		for _, r := range reason.All() {
			if !inTable[r.Code] && !r.OfAPI {
				t.Errorf("%s does not have the code %s", name, r.Code)
			}
		}
		for _, code := range []string{reason.Precondition, reason.AlreadyExists} {
			if !inTable[code] {
				t.Errorf("%s does not have the code %s", name, code)
			}
		}
		return
	}
	t.Errorf("no table that begins with %q in %v", head, documents)
}
