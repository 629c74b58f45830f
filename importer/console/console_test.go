package console

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"etelecom-import/importer/report"
)

// What others have named or written moves no cursor and changes no title.
func TestWhatOthersWroteIsHarmless(t *testing.T) {
	dir := t.TempDir()
	result := filepath.Join(dir, "r.csv")
	const evil = "\x1b]0;title\a\x1b[31m"
	text := "line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id\n" +
		"2,A,0903112351,,,,failed," + evil + "code,why" + evil + ",1,," + evil + "77\n"
	if err := os.WriteFile(result, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, talk bytes.Buffer
	c := New(Options{Color: "never"}, &out, &talk)
	status, err := report.ReadStatus(result)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.ShowStatus(status); err != nil || !strings.Contains(out.String(), "77") || !strings.Contains(out.String(), "code: 1 row") {
		t.Error(out.String())
	}
	c.terminal = true
	c.Warn("a warning" + evil)
	c.Note("a note" + evil)
	if all := out.String() + talk.String(); strings.ContainsAny(all, "\x1b\a") {
		t.Errorf("%q", all)
	}
}
