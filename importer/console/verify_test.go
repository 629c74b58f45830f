package console

import (
	"bytes"
	"strings"
	"testing"

	"etelecom-import/importer/verify"
)

// Nobody hears "yes" of what a run has left that was cut off: its employee file may have more rows.
func TestVerificationUnfinished(t *testing.T) {
	for _, test := range []struct {
		found verify.Verification
		want  string
	}{
		{verify.Verification{Counts: verify.Counts{Confirmed: 2}, Interrupted: true, Unfinished: true}, "Not certain. 2 of 2 people"},
		{verify.Verification{Interrupted: true, Unfinished: true}, "Not certain. There is nobody to compare yet."},
		{verify.Verification{Counts: verify.Counts{Confirmed: 2}, Interrupted: true, Unfinished: true, OnlyDone: true}, "Yes. All 2 people"},
		{verify.Verification{Counts: verify.Counts{Confirmed: 2}, Interrupted: true}, "Yes. All 2 people"},
	} {
		isCertain := test.found.Err() == nil
		var out, err bytes.Buffer
		New(Options{Quiet: true}, &out, &err).ShowVerification("r.csv", &test.found)
		if isQuiet := out.Len() == 0; isQuiet != isCertain {
			t.Errorf("with --quiet it says %q", out.String())
		}
		New(Options{}, &out, &err).ShowVerification("r.csv", &test.found)
		text := out.String()
		cut, missing := strings.Contains(text, "The last run was cut off. What"), strings.Contains(text, "Rows that the run has not reached may be missing here.")
		if !strings.Contains(text, test.want) || !cut || missing == isCertain || err.Len() > 0 {
			t.Errorf("it says\n%s%s\nand not %q", text, err.String(), test.want)
		}
	}
}

// What does not fit together in what the tenant tells of the account is told.
func TestVerificationDoubts(t *testing.T) {
	var out, err bytes.Buffer
	New(Options{}, &out, &err).ShowVerification("r.csv", &verify.Verification{Counts: verify.Counts{Confirmed: 2}, Doubts: []string{"two accounts"}})
	if !strings.Contains(out.String(), "look: two accounts\n") {
		t.Errorf("it says\n%s", out.String())
	}
}
