package console

import (
	"bytes"
	"strings"
	"testing"

	"etelecom-import/importer/check"
)

func TestShowFinding(t *testing.T) {
	var out bytes.Buffer
	c := New(Options{}, &out, &bytes.Buffer{})
	report := &check.Report{Checks: []check.Finding{
		{Name: "tls", Status: check.OK, Found: "TLS 1.3.\x1b[2J"},
		{Name: "employee_file_access", Status: check.Wrong, Found: "Everyone can read it.", Hint: "To change that:", Command: "chmod 600 '" + strings.Repeat("long ", 20) + "'"},
		{Name: "users", Status: check.NotKnown, Found: strings.Repeat("word ", 15), Hint: "Wait."},
	}}
	for _, f := range report.Checks {
		c.ShowFinding(f)
	}
	c.ShowCheckEnd(report)
	const want = `ok         TLS              TLS 1.3.[2J
wrong      employee file access  Everyone can read it.
           hint: To change that:
                 chmod 600 'long long long long long long long long long long long long long long long long long long long long '
not known  users            word word word word word word word word word word
                            word word word word word
           hint: Wait.

1 ok, 1 wrong, 1 not known. Nothing was changed.
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
