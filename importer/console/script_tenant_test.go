package console_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/html"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/roster"
)

func tenant(ts *testscript.TestScript, _ bool, args []string) {
	var flags struct {
		Tenant sandbox.Config `embed:""`
	}
	_, err := kong.Must(&flags).Parse(args)
	ts.Check(err)
	s := of(ts)
	t, stop, err := s.start(flags.Tenant)
	if errors.Is(err, errNoEquivalent) {
		s.skip(err)
	}
	ts.Check(err)
	s.end = append(s.end, stop)
	s.tenants = append(s.tenants, t)
	ts.Setenv("ETELECOM_BASE_URL", t.BaseURL())
	ts.Setenv("ETELECOM_API_KEY", t.Key())
}

// start serves the kind of tenant on which the script runs.
func (s *script) start(c sandbox.Config) (practice, func(), error) {
	if s.second {
		return startSecond(c, len(s.tenants))
	}
	c.Addr = "127.0.0.1:0"
	t, stop, err := sandbox.Start(c)
	return sandboxPractice{t}, stop, err
}

// sandboxPractice is the sandbox.
type sandboxPractice struct{ *sandbox.Tenant }

// Counts are the numbers of the sandbox's record.
func (p sandboxPractice) Counts() map[string]any {
	text, err := json.Marshal(p.Totals())
	if err != nil {
		panic(err)
	}
	var counts map[string]any
	if err := json.Unmarshal(text, &counts); err != nil {
		panic(err)
	}
	return counts
}

// Meddle implements [practice].
func (p sandboxPractice) Meddle(what string, args []string) error {
	id := func(number string) (id int64) {
		for _, line := range p.Record().Lines {
			if line.Number == number {
				id = line.ID
			}
		}
		return id
	}
	switch what {
	case "remove":
		return p.RemoveUser(args[0])
	case "add":
		_, err := p.AddUser(args[0], args[1])
		return err
	case "move":
		person, _ := p.Person(args[1])
		return p.MoveExtension(id(args[0]), person.ID)
	case "free":
		return p.MoveExtension(id(args[0]), 0)
	case "line":
		_, err := p.AddExtension(0, args[0])
		return err
	case "expire":
		return p.SetExtensionState(id(args[0]), "N", time.Time{})
	case "roles":
		return p.SetRoles(args[0], args[1:]...)
	}
	return fmt.Errorf("nobody can %s", what)
}

func meddle(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	err := s.tenants[len(s.tenants)-1].Meddle(args[0], args[1:])
	if errors.Is(err, errNoEquivalent) {
		s.skip(err)
	}
	ts.Check(err)
}

// counts returns what the tenant has counted, by name.
func (s *script) counts() map[string]any { return s.tenants[len(s.tenants)-1].Counts() }

func recorded(ts *testscript.TestScript, _ bool, args []string) {
	counts := of(ts).counts()
	for pair := range slices.Chunk(args, 2) {
		if counts[pair[0]] == nil {
			of(ts).skip(fmt.Errorf("%w the count %s", errNoEquivalent, pair[0]))
		}
		if got := fmt.Sprint(counts[pair[0]]); got != pair[1] {
			ts.Fatalf("the tenant has %s %s, want %s", got, pair[0], pair[1])
		}
	}
}

// noSecrets fails if an output, or a file other than a roster, holds a password of a roster or a key.
// slipsIn returns the phones and passwords of the slips of a page.
func slipsIn(ts *testscript.TestScript, page string) (phones, passwords []string) {
	root, err := html.Parse(strings.NewReader(page))
	ts.Check(err)
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			classes := strings.Fields(a.Val)
			switch {
			case a.Key != "class" || !slices.Contains(classes, "value") || n.FirstChild == nil:
			case slices.Contains(classes, "password"):
				passwords = append(passwords, n.FirstChild.Data)
			case len(phones) == len(passwords): // the phone is the first value of a slip
				phones = append(phones, n.FirstChild.Data)
			}
		}
	}
	return phones, passwords
}

// logIn checks that so many people of a page of slips can log in at the tenant.
func logIn(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	tenant, ok := s.tenants[len(s.tenants)-1].(sandboxPractice)
	if !ok {
		s.skip(fmt.Errorf("%w a login", errNoEquivalent))
	}
	phones, passwords := slipsIn(ts, ts.ReadFile(args[0]))
	if fmt.Sprint(len(passwords)) != args[1] {
		ts.Fatalf("%d slips, want %s", len(passwords), args[1])
	}
	for i, phone := range phones {
		if !tenant.PasswordIs(phone, passwords[i]) {
			ts.Fatalf("%s cannot log in with the password on the slip", phone)
		}
	}
}

// noSecrets looks for passwords everywhere but in employee files, and in the files that are named.
func noSecrets(ts *testscript.TestScript, _ bool, may []string) {
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
		if name, _ := filepath.Rel(s.work, path); slices.Contains(may, filepath.ToSlash(name)) {
			_, found := slipsIn(ts, string(text))
			if r, err := roster.Read(bytes.NewReader(text), roster.Options{}); err == nil {
				for p := range r.Passwords() {
					found = append(found, p.Reveal())
				}
			}
			if len(found) == 0 {
				ts.Fatalf("%s holds no password", name)
			}
			secrets = append(secrets, found...)
			return nil
		}
		text = unpacked(text)
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

// unpacked returns the parts of a workbook, one behind the other; any other file as it is.
func unpacked(file []byte) []byte {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return file
	}
	var parts bytes.Buffer
	for _, f := range z.File {
		if r, err := f.Open(); err == nil {
			_, _ = parts.ReadFrom(r)
		}
	}
	return parts.Bytes()
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
