package check_test

import (
	"encoding/json"
	"strings"
	"testing"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/check"
)

// The names and statuses of the JSON form are the same in every language, and a command has a line of its own.
func TestFindingAsJSON(t *testing.T) {
	message.Use(strings.ToUpper)
	defer message.Use(nil)
	for want, f := range map[string]check.Finding{
		`{"name":"tls","status":"ok","found":"TLS 1.3.","todo":""}`:                      {Name: "tls", Found: "TLS 1.3."},
		`{"name":"clock","status":"not_known","found":"?","todo":"Wait."}`:               {Name: "clock", Status: check.NotKnown, Found: "?", Hint: "Wait."},
		`{"name":"key_file_access","status":"wrong","found":"","todo":"Do:\nchmod 600"}`: {Name: "key_file_access", Status: check.Wrong, Hint: "Do:", Command: "chmod 600"},
	} {
		if got, err := json.Marshal(f); err != nil || string(got) != want {
			t.Errorf("%s, want %s; %v", got, want, err)
		}
	}
	if got := check.NotKnown.String(); got != "NOT KNOWN" {
		t.Errorf("people read %q", got)
	}
}
