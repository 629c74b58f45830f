package cli

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"unicode/utf16"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/roster"
)

// inUTF16 writes text as Windows does.
func inUTF16(order binary.AppendByteOrder, text string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return b
}

const testKey = "shop1149528912345678901:s3cret"

// Who may read a file with secrets is told, and a name moves no cursor.
func TestWarnReadable(t *testing.T) {
	if !readableMatters {
		t.Skip("the mode of a file does not tell who can read it")
	}
	path := filepath.Join(t.TempDir(), "e\x1b]0;title\a\x1b[31m.csv")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var talk bytes.Buffer
	warnReadable(console.New(console.Options{Color: "never"}, &bytes.Buffer{}, &talk), path, passwordsReadable)
	if !strings.Contains(talk.String(), "and it contains passwords") || strings.ContainsAny(talk.String(), "\x1b\a") {
		t.Errorf("%q", talk.String())
	}
}

// sourceOf returns the place of the key for a command line and the environment.
func sourceOf(t *testing.T, f keyFlags) keySource {
	t.Helper()
	s, err := f.source(&Program{Stdin: strings.NewReader(""), Stderr: io.Discard, ending: &ending{line: &commandLine{}}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a check takes for the key is what a run sends.
func TestInspectKey(t *testing.T) {
	withoutVariables(t)
	inspect := func(file string) (check.KeyFound, secret.Text) {
		return inspectKey(t.Context(), sourceOf(t, keyFlags{File: file}))
	}
	path := filepath.Join(t.TempDir(), "the key")
	if found, key := inspect(""); found.Wrong == "" || !key.IsZero() {
		t.Errorf("%+v", found)
	}
	if found, key := inspect(path); !strings.HasPrefix(found.Wrong, `There is no key file "the key" in `) || !key.IsZero() {
		t.Errorf("%+v", found)
	}
	for text, around := range map[string]bool{testKey + "\n": false, "\uFEFF'" + testKey + "'\r\n": true} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		sent, err := readKey(t.Context(), sourceOf(t, keyFlags{File: path}), console.New(console.Options{}, &bytes.Buffer{}, &said))
		found, key := inspect(path)
		if err != nil || key.Reveal() != sent.Reveal() || key.Reveal() != testKey || found.Shape.Kind != apiclient.ShopKey {
			t.Errorf("%+v; %v", found, err)
		}
		if (found.Note != "") != around || (said.Len() > 0) != around || strings.Contains(found.Note+said.String(), "s3cret") {
			t.Errorf("%q: %q, %q", text, found.Note, said.String())
		}
	}
	if readableMatters {
		if found, _ := inspect(path); found.File == nil || found.File.Everybody {
			t.Errorf("only its owner can read it, and it says %+v", found.File)
		}
		_ = os.Chmod(path, 0o644)
		if found, _ := inspect(path); !found.File.Everybody || found.File.Command != "chmod 600 "+console.Quote(path) {
			t.Errorf("everybody can read it, and it says %+v", found.File)
		}
	}
	if err := os.WriteFile(path, []byte("\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found, key := inspect(path); !strings.Contains(found.Wrong, "is empty") || !key.IsZero() {
		t.Errorf("%+v", found)
	}
	t.Setenv(keyVariable, " "+testKey+" ")
	if found, key := inspect(""); key.Reveal() != testKey || found.File != nil {
		t.Errorf("%+v", found)
	}
}

// Of two places of the key nobody knows which is meant, and the message names both.
func TestTwoPlacesOfTheKey(t *testing.T) {
	withoutVariables(t)
	for _, c := range []struct {
		flags     keyFlags
		variables map[string]string
		want      string
	}{
		{keyFlags{File: "a", Command: "b"}, nil, "--api-key-file and --api-key-command"},
		{keyFlags{File: "a"}, map[string]string{keyVariable: "s3cret"}, "--api-key-file and the variable ETELECOM_API_KEY"},
		{keyFlags{Command: "b"}, map[string]string{keyVariable: "s3cret"}, "--api-key-command and the variable ETELECOM_API_KEY"},
		{keyFlags{File: "a"}, map[string]string{"ETELECOM_API_KEY_FILE": "a", keyVariable: "s3cret"}, "the variable ETELECOM_API_KEY_FILE and the variable ETELECOM_API_KEY"},
		{keyFlags{File: "a", Command: "b"}, map[string]string{"ETELECOM_API_KEY_COMMAND": "b"}, "--api-key-file and the variable ETELECOM_API_KEY_COMMAND"},
		{keyFlags{File: "a"}, map[string]string{keyVariable: " "}, ""},
		{keyFlags{}, map[string]string{keyVariable: "s3cret"}, ""},
		{keyFlags{}, nil, ""},
	} {
		t.Run(c.want, func(t *testing.T) {
			for name, value := range c.variables {
				t.Setenv(name, value)
			}
			_, err := c.flags.source(&Program{ending: &ending{line: &commandLine{}}})
			if (err != nil) != (c.want != "") || err != nil && !strings.HasSuffix(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "s3cret") {
				t.Error(err)
			}
		})
	}
}

func TestInspectEmployees(t *testing.T) {
	const header = "name,phone,password,extension_number\n"
	for text, want := range map[string]check.EmployeesFound{
		header: {},
		header + "Lan,0903112351,Sen-trang-4471,1001\nLan,12,Sen-trang-4471,1002\n": {Rows: 2, Problems: 1},
		"a,b,c\n": {Wrong: "The employee file cannot be read"},
	} {
		got, passwords := inspectEmployees(t.Context(), stdinName, strings.NewReader(text), roster.Options{}, false)
		if got.Rows != want.Rows || got.Problems != want.Problems || !strings.HasPrefix(got.Wrong, want.Wrong) || (got.Wrong == "") != (want.Wrong == "") || got.File != nil {
			t.Errorf("%q: %+v", text, got)
		}
		if said := passwords.Redact("Your password is Sen-trang-4471."); want.Rows > 0 && strings.Contains(said, "Sen-trang") {
			t.Errorf("%q: the tenant may say %s", text, said)
		}
	}
}

// The Authorization header has the same key, whatever is around it and wherever it is.
func TestKeyIsSent(t *testing.T) {
	withoutVariables(t)
	var sent atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent.Store(r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	employees := filepath.Join(dir, "e.csv")
	if err := os.WriteFile(employees, []byte("name,phone,password,extension_number\nLan,0903112351,Sen-trang-4471,1001\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{
		testKey, "\uFEFF" + testKey + "\r\n", string(inUTF16(binary.LittleEndian, "\uFEFF"+testKey+"\r\n")), "  'Bearer " + testKey + "'",
		`$env:ETELECOM_API_KEY = "` + testKey + `"`, "\n\nAuthorization: Bearer " + testKey + "\n\n",
	} {
		file := filepath.Join(dir, fmt.Sprint("key", i))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for place, flags := range map[string][]string{
			"file": {"--api-key-file", file}, "variable": nil,
			"command": {"--api-key-command", fmt.Sprintf(`"%s" %s show "%s"`, os.Args[0], asKeyCommand, file)},
		} {
			for _, name := range []string{"run", "check"} {
				value := ""
				if place == "variable" {
					if value = text; strings.Contains(text, "\x00") {
						continue // a variable cannot have it
					}
				}
				args := slices.Concat([]string{name, "--base-url", server.URL + "/v1", "--rate", "0"}, flags, []string{employees})
				if name == "run" {
					args = append(args, "--yes")
				}
				sent.Store("")
				code, said := runWith(t, keyVariable, value, args...)
				if code != 5 || sent.Load() != "Bearer "+testKey || strings.Contains(said, "s3cret") {
					t.Errorf("%q in a %s, %s: %q was sent; code %d, %s", text, place, name, sent.Load(), code, said)
				}
			}
		}
	}
}

// A key file that is not there is looked for: editors add an ending to the name that was typed.
func TestMissingKeyFile(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"key.txt", "kye2.csv"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("keys", 0o700); err != nil {
		t.Fatal(err)
	}
	const saveIt = "write the key alone into a file of this name, or name the file that holds it"
	for name, want := range map[string]string{
		"key":       "there is no key file key in " + here + " | did you mean key.txt?",
		"kye":       "there is no key file kye in " + here + " | " + saveIt,
		"my secret": `there is no key file "my secret" in ` + here + " | " + saveIt,
		"keys":      "keys is a folder, and the key is in a file | name the file that holds the key",
		"no/key":    "there is no folder " + filepath.Join(here, "no") + " | check the path",
	} {
		_, err := lookAt(filepath.FromSlash(name))
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if got := err.Error() + " | " + hint.Of(err); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
}
