package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/verify"
)

func verified(result string, code int, v *verify.Verification) *Verification {
	ended := time.UnixMilli(1_700_000_000_000)
	r := &Verification{Head: Head{Schema, "v1.2.3"}, StartedAt: ended.Add(-2 * time.Second), EndedAt: ended, ExitCode: code, Result: result, Requests: 5}
	r.SetVerification(v)
	return r
}

func someFindings() *verify.Verification {
	row := verify.Row{Number: 3, Line: 4, Name: "Lê Văn An", Phone: 901234567, Status: ledger.Done, UserID: 1301234567890123001, ExtensionID: 1401234567890123001, ExtensionNumber: "1001"}
	return &verify.Verification{
		Account: importer.AccountSummary{ID: account}, At: time.UnixMilli(1_699_999_999_000), Status: importer.StatusCounts{Done: 3, Failed: 1},
		Counts: verify.Counts{Confirmed: 1, Differing: 2, NotDone: 1},
		Findings: []verify.Finding{
			{Row: row, Kind: verify.Difference, Code: "extension_moved", Why: "x"},
			{Row: row, Kind: verify.Told, Code: "no_role", Why: "y"},
			{Row: row, Kind: verify.Difference, Code: "extension_moved", Why: "z"},
			{Row: row, Kind: verify.NotDone, Code: "bad_phone", Why: "z"},
		},
	}
}

func TestVerifyMetrics(t *testing.T) {
	dir := t.TempDir()
	path, result := filepath.Join(dir, "v.prom"), filepath.Join(dir, "r.csv")
	job := map[string]string{"result": result, "account_id": account}
	with := func(pairs ...string) map[string]string {
		all := map[string]string{"result": result, "account_id": account}
		for i := 0; i < len(pairs); i += 2 {
			all[pairs[i]] = pairs[i+1]
		}
		return all
	}
	write := func(r *Verification) string {
		if err := ProbeVerifyMetrics(path); err != nil {
			t.Fatal(err)
		}
		if err := WriteVerifyMetrics(path, r); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		checkWithPromtool(t, string(text))
		return string(text)
	}
	text := write(verified(result, 1, someFindings()))
	has(t, text, lastVerifySuccess, job, 0) // it never was one
	has(t, text, verifyPrefix+"exit_code", job, 1)
	has(t, text, verifyPrefix+"duration_seconds", job, 2)
	has(t, text, verifyPrefix+"rows", with("outcome", "differing"), 2)
	has(t, text, verifyPrefix+"findings", with("kind", "difference", "code", "extension_moved"), 2)
	has(t, text, verifyPrefix+"findings", with("kind", "told", "code", "no_role"), 1)
	explained(t, text, true)

	well := someFindings()
	well.Findings, well.Counts = nil, verify.Counts{Confirmed: 4}
	text = write(verified(result, 0, well))
	has(t, text, lastVerifySuccess, job, 1_700_000_000)
	// One that could not begin keeps labels and success.
	text = write(verified(result, 5, nil))
	has(t, text, lastVerifySuccess, job, 1_700_000_000)
	has(t, text, verifyPrefix+"exit_code", job, 5)
	if strings.Contains(text, "findings") {
		t.Errorf("nothing was compared:\n%s", text)
	}

	run := filepath.Join(dir, "run.prom")
	writeMetrics(t, run, ran(result, 1, 0, &importer.Summary{}))
	if err := ProbeVerifyMetrics(run); err == nil || !strings.Contains(err.Error(), "has the metrics of a run") {
		t.Errorf("the metrics of a run would be overwritten: %v", err)
	}
}

func TestVerificationInJSON(t *testing.T) {
	for what, v := range map[string]*verify.Verification{"findings": someFindings(), "nothing": nil} {
		text, err := json.Marshal(verified("r.csv", 1, v))
		if err != nil || strings.Contains(strings.ReplaceAll(string(text), `"error":null`, ""), "null") != (v == nil) {
			t.Errorf("%s: %s, %v", what, text, err)
		}
		if v != nil && !strings.Contains(string(text), `"user_id":"1301234567890123001"`) {
			t.Errorf("the id is no text: %s", text)
		}
	}
	groups := GroupFindings(someFindings())
	if len(groups) != 3 || groups[0].Kind != "difference" || groups[0].Rows != 2 || groups[1].Kind != "not_done" || groups[2].Kind != "told" {
		t.Errorf("the groups are %+v", groups)
	}
}
