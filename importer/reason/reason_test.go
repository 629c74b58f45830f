package reason_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

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
		for _, text := range []string{r.Problem.String(), r.Hint.String()} {
			first, _ := utf8.DecodeRuneInString(text)
			if strings.HasSuffix(text, ".") || unicode.IsUpper(first) {
				t.Errorf("%s: a text ends with a full stop or begins with a capital letter, and cannot be joined to others: %s", r.Code, text)
			}
		}
		if reason.Of(r.Code) != r || reason.Hint(r.Code) != r.Hint.String() {
			t.Errorf("%s is not found by its code", r.Code)
		}
	}
	if r := reason.Of("a_code_of_tomorrow"); r.Hint == "" || !r.OfAPI || r.Kind != reason.Failure {
		t.Errorf("an unknown code: %+v", r)
	}
}

// documents may hold the table of codes; one of them must.
var documents = []string{"../../README.md", "../MANUAL.md"}

// tableRow is a row of the table whose first cell has nothing but codes, and whose last cell says whether a person is needed.
var tableRow = regexp.MustCompile("(?m)^\\| (`[a-z_]+`(?:, `[a-z_]+`)*)(?: and others)? \\|.*\\| (yes|no) \\|$")

// TestTable compares the table of codes with the list, in both directions. Codes of the API need not be in the table, except
// those after which a person has to look for somebody.
func TestTable(t *testing.T) {
	const head = "| error code | meaning | what to do | needs a person |"
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
				r := reason.Of(code)
				if r.Problem == "" {
					t.Errorf("%s has the code %s, which does not exist", name, code)
				}
				if person := row[2] == "yes"; r.Person != person {
					t.Errorf("%s: %s needs a person: %v, and the table says %v", name, code, r.Person, person)
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
