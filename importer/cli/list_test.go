package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"etelecom-import/apiclient/sandbox"
)

// TestListIsWholeOrNotThere: whatever goes wrong on the way, a list has everybody, or there is none.
func TestListIsWholeOrNotThere(t *testing.T) {
	t.Setenv(keyVariable, "")
	const people = 230
	for i, fault := range sandbox.FaultNames() {
		for _, when := range []string{"users=#3", "extensions=#2"} {
			var rule sandbox.Rule
			if err := rule.UnmarshalText([]byte(fault + "@" + when)); err != nil {
				continue // it is for writes
			}
			t.Run(fault+"@"+when, func(t *testing.T) {
				t.Parallel()
				tenant, stop, err := sandbox.Start(sandbox.Config{Addr: "127.0.0.1:0", Users: people, Extensions: people, Seed: 7, Faults: []sandbox.Rule{rule}})
				if err != nil {
					t.Fatal(err)
				}
				defer stop()
				dir := t.TempDir()
				key, file := filepath.Join(dir, "key"), filepath.Join(dir, "tenant.csv")
				if err := os.WriteFile(key, []byte(tenant.Key()), 0o600); err != nil {
					t.Fatal(err)
				}
				var printed, said bytes.Buffer
				p := &Program{Stdin: strings.NewReader(""), Stdout: &printed, Stderr: &said, Exit: func(int) {}}
				p.Args = []string{"etelecom-import", "list", "--rate", "0", "--timeout", "300ms", "--base-url", tenant.BaseURL(), "--api-key-file", key}
				isFile := i%2 == 0
				if isFile {
					p.Args = append(p.Args, "-o", file)
				}
				code := p.Run(context.Background())
				list := printed.String()
				if isFile {
					text, _ := os.ReadFile(file)
					list = string(text)
				}
				rows := strings.Count(list, "Người Có Sẵn")
				if isWhole := code == 0 && rows == people; !isWhole && (code == 0 || list != "") {
					t.Errorf("exit code %d, %d people\n%s", code, rows, &said)
				}
				left, err := os.ReadDir(dir)
				if err != nil || len(left) > 2 {
					t.Error(left, err)
				}
			})
		}
	}
}

// A full disk, a pipe that nobody reads: the exit code tells.
func TestListThatIsNotTaken(t *testing.T) {
	tenant, stop, err := sandbox.Start(sandbox.Config{Addr: "127.0.0.1:0", Users: 3, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	t.Setenv(keyVariable, tenant.Key())
	var said bytes.Buffer
	p := &Program{
		Args:  []string{"etelecom-import", "list", "--rate", "0", "--base-url", tenant.BaseURL()},
		Stdin: strings.NewReader(""), Stdout: full{}, Stderr: &said, Exit: func(int) {},
	}
	if code := p.Run(context.Background()); code != 4 || !strings.Contains(said.String(), "standard output cannot be written") {
		t.Errorf("exit code %d: %s", code, &said)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("no space left") }
