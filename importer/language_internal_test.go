package importer

import (
	"strings"
	"testing"

	"etelecom-import/apiclient/message"
)

// What later runs compare is the same in every language.
func TestRecordedInEnglish(t *testing.T) {
	message.Use(strings.ToUpper)
	defer message.Use(nil)
	if got := FromUsers.String(); got != "LISTED USERS" {
		t.Errorf("people read %q", got)
	}
	if got := FromUsers.recorded(); got != "listed users" {
		t.Errorf("the ledger has %q", got)
	}
	if got := TimeLimit.String(); got != "time_box" {
		t.Errorf("the summary has %q", got)
	}
	if got := TimeLimit.Hint(); got != "RUN THE SAME COMMAND AGAIN TO CONTINUE" {
		t.Errorf("the hint is %q", got)
	}
}
