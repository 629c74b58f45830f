package roster

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

var update = flag.Bool("update", false, "write the outcomes in testdata again")

// TestCorpus reads files as programs and people have made them (testdata/README.md says which) and compares all that is
// understood and told with the outcome beside each. A name such as x.windows-1258.csv names the encoding to be given.
func TestCorpus(t *testing.T) {
	paths, _ := filepath.Glob("testdata/*.csv")
	if len(paths) == 0 {
		t.Fatal("the files are gone")
	}
	for _, path := range append(paths, "../../samples/employees.csv", "../../samples/employees-with-problems.csv") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			var o Options
			if parts := strings.Split(filepath.Base(path), "."); len(parts) == 3 {
				o.Encoding = parts[1]
			}
			got := outcome(path, o)
			golden := filepath.Join("testdata", strings.TrimSuffix(filepath.Base(path), ".csv")+".txt")
			if *update {
				if err := os.WriteFile(golden, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%v; got\n%s", err, got)
			}
		})
	}
}

// outcome puts a reading in words, but for the passwords, of which it gives the length.
func outcome(path string, o Options) []byte {
	var b bytes.Buffer
	r, err := ReadFile(path, o)
	if err != nil {
		fmt.Fprintf(&b, "refused: %v\nhint: %s\n", err, hint.Of(err))
		return b.Bytes()
	}
	d := &r.Dialect
	fmt.Fprintf(&b, "%s, %s, %d rows, %d blank\n", d.Encoding, d.Delimiter, len(r.Rows), d.Blank)
	for _, c := range d.Columns {
		fmt.Fprintf(&b, "column %q: %q\n", c.Header, c.Field)
	}
	if len(d.NotPeople) > 0 {
		fmt.Fprintf(&b, "not people: lines %v\n", d.NotPeople)
	}
	for i, row := range r.Rows {
		fmt.Fprintf(&b, "line %d: %q %v (%d) %d %q\n", row.Line, row.Name, row.Phone, len(row.Password.Reveal()), row.ExtensionID, row.ExtensionNumber)
		if p := r.Problem(i); p != nil {
			fmt.Fprintf(&b, "\t%s (%s)\n", p.Code, p.Kind)
		}
	}
	b.WriteString(told(r))
	return b.Bytes()
}
