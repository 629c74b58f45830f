package cli

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console"
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

func TestKeyFlaws(t *testing.T) {
	const (
		bom, wide, quotes, bearer, name, lines, spaces = "a byte order mark at its beginning", "the encoding UTF-16, which Windows calls Unicode",
			"quotes around the key", "the word Bearer before the key", "a name before the key (as in NAME=)", "more than one line", "spaces around the key"
		employees = "a list of employees in place of the key"
	)
	for _, c := range []struct {
		text string
		want []string
	}{
		{testKey, nil},
		{testKey + "\r\n\r\n", nil}, // readKey drops these
		{"b3BhcXVlIGtleQ==", nil},   // the = of base64 is no name's
		{"1149528912345678902:s3cret", nil},
		{"\uFEFF" + testKey + "\n", []string{bom}},
		{string(inUTF16(binary.LittleEndian, "\uFEFF"+testKey+"\r\n")), []string{wide}},
		{string(inUTF16(binary.BigEndian, "\uFEFF"+testKey)), []string{wide}},
		{string(inUTF16(binary.LittleEndian, testKey)), []string{wide}},
		{string(inUTF16(binary.BigEndian, `"`+testKey+`"`)), []string{wide, quotes}},
		{"'" + testKey + "'", []string{quotes}},
		{"“" + testKey + "”\n", []string{quotes}},
		{"Bearer " + testKey, []string{bearer}},
		{"Authorization: Bearer " + testKey, []string{bearer}},
		{"ETELECOM_API_KEY=" + testKey, []string{name}},
		{"export ETELECOM_API_KEY='" + testKey + "'\n", []string{quotes, name}},
		{"shop_key: " + testKey, []string{name}},
		{" " + testKey + "\t\n", []string{spaces}},
		{testKey + "\u00a0", []string{spaces}},
		{testKey + "\n" + testKey + "\n", []string{lines}},
		{"\n" + testKey, []string{lines}},
		{"\uFEFFKEY = \"Bearer " + testKey + "\"\r\nother\r\n", []string{bom, lines, quotes, name, bearer}},
		{`""`, []string{quotes, "no key"}},
		{"shop1149 528912345678901:s3cret", []string{"a space inside the key"}},
		{"shop1149\u200b528912345678901:s3cret", []string{"an invisible character inside the key"}},
		{"shop1149528912345678901:s3crét", []string{"a letter or sign that no key has"}},
		{"name,phone,password,extension_number\nLan,0903112351,Sen-trang-4471,1001\n", []string{employees}},
		{"\uFEFFHọ tên;Số điện thoại;Mật khẩu;Số máy nhánh\r\n", []string{employees}},
		{"PK\x03\x04\x14\x00", []string{"a workbook (xlsx) or a zip file in place of the key"}},
		{strings.Repeat("x", maxKey+1), []string{"far more text than a key"}},
	} {
		got := keyFlaws([]byte(c.text))
		if !slices.Equal(got, c.want) {
			t.Errorf("%q has %q, want %q", c.text, got, c.want)
		}
		if shown := strings.Join(got, " "); strings.Contains(shown, "s3cr") || strings.Contains(shown, "Sen-trang") {
			t.Errorf("%q is shown: %s", c.text, shown)
		}
		if _, err := apiclient.New(apiclient.Config{BaseURL: "https://api.invalid/v1", Key: secret.New(strings.TrimRight(c.text, "\r\n"))}); err != nil && len(got) == 0 {
			t.Errorf("%q has no flaw, and the client does not take it: %v", c.text, err)
		}
	}
}

func FuzzKeyFlaws(f *testing.F) {
	f.Add([]byte("\xff\xfes\x00"))
	f.Add([]byte("\x00"))
	f.Add([]byte("KEY=\"'Bearer x'\"\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(keyFlaws(text)) > 0 {
			return
		}
		if _, err := apiclient.New(apiclient.Config{BaseURL: "https://api.invalid/v1", Key: secret.New(strings.TrimRight(string(text), "\r\n"))}); err != nil {
			t.Errorf("%q has no flaw, and the client does not take it: %v", text, err)
		}
	})
}

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
	warnReadable(console.New(console.Options{Color: "never"}, nil, &bytes.Buffer{}, &talk), path, passwordsReadable)
	if !strings.Contains(talk.String(), "and it contains passwords") || strings.ContainsAny(talk.String(), "\x1b\a") {
		t.Errorf("%q", talk.String())
	}
}

// What a check takes for the key is what a run sends.
func TestInspectKey(t *testing.T) {
	t.Setenv(keyVariable, "")
	path := filepath.Join(t.TempDir(), "the key")
	if found, key := inspectKey(""); found.Wrong == "" || !key.IsZero() {
		t.Errorf("%+v", found)
	}
	if found, key := inspectKey(path); !strings.Contains(found.Wrong, "cannot be read") || !key.IsZero() {
		t.Errorf("%+v", found)
	}
	if err := os.WriteFile(path, []byte(testKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sent, err := readKey(t.Context(), path, console.New(console.Options{}, nil, &bytes.Buffer{}, &bytes.Buffer{}))
	found, key := inspectKey(path)
	if err != nil || key.Reveal() != sent.Reveal() || found.Shape.Kind != apiclient.ShopKey || len(found.Flaws) > 0 {
		t.Errorf("%+v; %v", found, err)
	}
	if readableMatters {
		if found.File == nil || found.File.Everybody {
			t.Errorf("only its owner can read it, and it says %+v", found.File)
		}
		_ = os.Chmod(path, 0o644)
		if found, _ := inspectKey(path); !found.File.Everybody || found.File.Command != "chmod 600 "+console.Quote(path) {
			t.Errorf("everybody can read it, and it says %+v", found.File)
		}
	}
	t.Setenv(keyVariable, " "+testKey+" ") // readKey drops the spaces
	if found, key := inspectKey(""); key.Reveal() != testKey || found.File != nil {
		t.Errorf("%+v", found)
	}
	if found, _ := inspectKey(path); found.Note == "" {
		t.Error("it does not say that the variable is not used")
	}
	if err := os.WriteFile(path, []byte("\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found, key := inspectKey(path); !strings.Contains(found.Wrong, "is empty") || !key.IsZero() {
		t.Errorf("%+v", found)
	}
}

func TestInspectEmployees(t *testing.T) {
	const header = "name,phone,password,extension_number\n"
	for text, want := range map[string]check.EmployeesFound{
		header: {},
		header + "Lan,0903112351,Sen-trang-4471,1001\nLan,12,Sen-trang-4471,1002\n": {Rows: 2, Problems: 1},
		"a,b,c\n": {Wrong: "The employee file cannot be read"},
	} {
		got := inspectEmployees(t.Context(), stdinName, strings.NewReader(text), roster.Options{ValidateOnly: true})
		if got.Rows != want.Rows || got.Problems != want.Problems || !strings.HasPrefix(got.Wrong, want.Wrong) || (got.Wrong == "") != (want.Wrong == "") || got.File != nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
