package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A column in which nearly everybody has another value is not one of departments, and no document is written.
func TestReportHasFewGroups(t *testing.T) {
	for people, want := range map[int]int{mostGroups: 0, mostGroups + 1: 2} {
		dir := t.TempDir()
		var employees, result strings.Builder
		employees.WriteString("name,phone,password,extension_number,team\n")
		result.WriteString("line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id\n")
		for i := range people {
			fmt.Fprintf(&employees, "Lê An,09%08d,,%d,Team %c%d\n", 10_000_000+i, 10_000+i, 'A'+i%26, i)
			fmt.Fprintf(&result, "%d,Lê An,09%08d,,%d,,failed,,,0,,1345586089050336767\n", i+2, 10_000_000+i, 10_000+i)
		}
		paths := map[string]string{"e.csv": employees.String(), "e.result.csv": result.String()}
		for name, text := range paths {
			paths[name] = filepath.Join(dir, name)
			if err := os.WriteFile(paths[name], []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		document := filepath.Join(dir, "sign-off.html")
		code, said := runWith(t, "HARMLESS", "", "report", "--roster", paths["e.csv"], "--by", "Team", paths["e.result.csv"], "-o", document)
		if code != want || exists(document) != (want == 0) {
			t.Errorf("%d groups: code %d, want %d: %s", people, code, want, said)
		}
	}
}
