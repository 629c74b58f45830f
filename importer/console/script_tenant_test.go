package console_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/rogpeppe/go-internal/testscript"

	"etelecom-import/apiclient/sandbox"
)

func tenant(ts *testscript.TestScript, _ bool, args []string) {
	var flags struct {
		Tenant sandbox.Config `embed:""`
	}
	_, err := kong.Must(&flags).Parse(args)
	ts.Check(err)
	flags.Tenant.Addr = "127.0.0.1:0"
	t, stop, err := sandbox.Start(flags.Tenant)
	ts.Check(err)
	s := of(ts)
	s.end = append(s.end, stop)
	s.tenants = append(s.tenants, t)
	ts.Setenv("ETELECOM_BASE_URL", t.BaseURL())
	ts.Setenv("ETELECOM_API_KEY", t.Key())
}

// counts returns what the tenant has counted, by name.
func (s *script) counts() map[string]any {
	text, err := json.Marshal(s.tenants[len(s.tenants)-1].Totals())
	if err != nil {
		panic(err)
	}
	var counts map[string]any
	if err := json.Unmarshal(text, &counts); err != nil {
		panic(err)
	}
	return counts
}

func recorded(ts *testscript.TestScript, _ bool, args []string) {
	counts := of(ts).counts()
	for pair := range slices.Chunk(args, 2) {
		if got := fmt.Sprint(counts[pair[0]]); got != pair[1] {
			ts.Fatalf("the tenant has %s %s, want %s", got, pair[0], pair[1])
		}
	}
}

// noSecrets fails if an output, or a file other than a roster, holds a password of a roster or a key.
func noSecrets(ts *testscript.TestScript, _ bool, _ []string) {
	s := of(ts)
	files := map[string]string{"an output": s.output.String()}
	var secrets []string
	for _, t := range s.tenants {
		secrets = append(secrets, t.Key())
	}
	ts.Check(filepath.WalkDir(s.work, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(path, filepath.Join(s.work, ".tmp")) {
			return err
		}
		text, err := os.ReadFile(path)
		if found := passwords(text); len(found) > 0 {
			secrets = append(secrets, found...)
		} else if filepath.Base(path) != "key" {
			files[path] = string(text)
		}
		return err
	}))
	if len(secrets) == 0 {
		ts.Fatalf("no secret to look for")
	}
	for name, text := range files {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				ts.Fatalf("%s holds the secret %q", name, secret)
			}
		}
	}
}

// passwords returns what stands in the column password of a roster; nothing for any other file.
func passwords(text []byte) (found []string) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	rows, _ := r.ReadAll()
	if len(rows) == 0 {
		return nil
	}
	column := slices.Index(rows[0], "password")
	for _, row := range rows[1:] {
		if column >= 0 && column < len(row) && len(row[column]) > 5 {
			found = append(found, row[column])
		}
	}
	return found
}
