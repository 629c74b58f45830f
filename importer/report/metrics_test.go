package report

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"etelecom-import/importer"
	"etelecom-import/importer/hint"
)

const account = "1149528912345678901"

// ran returns a run that has ended so long after the first night.
func ran(result string, code int, after time.Duration, s *importer.Summary) *Run {
	ended := time.Unix(1_700_000_000, 0).Add(after)
	r := &Run{Head: Head{Schema, "v1.2.3"}, StartedAt: ended.Add(-2 * time.Second), EndedAt: ended, ExitCode: code, Result: result}
	r.SetSummary(s, nil)
	return r
}

func writeMetrics(t *testing.T, path string, r *Run) (text string) {
	t.Helper()
	if err := WriteMetrics(path, r); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	checkWithPromtool(t, string(file))
	return string(file)
}

// checkWithPromtool checks metrics where promtool is installed.
func checkWithPromtool(t *testing.T, text string) {
	t.Helper()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Log("promtool is not installed: the metrics are not checked with it")
		return
	}
	cmd := exec.Command(promtool, "check", "metrics")
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v: %s\n%s", err, out, text)
	}
}

// has checks that there is a series with exactly these labels and value.
func has(t *testing.T, text, name string, labels map[string]string, value float64) {
	t.Helper()
	for line := range strings.Lines(text) {
		s, ok := parseSample(strings.TrimSuffix(line, "\n"))
		if ok && s.name == name && fmt.Sprint(s.labels) == fmt.Sprint(labels) {
			if s.value != value {
				t.Errorf("%s%v is %v, want %v", name, labels, s.value, value)
			}
			return
		}
	}
	t.Errorf("%s%v is not in\n%s", name, labels, text)
}

func TestMetrics(t *testing.T) {
	dir := t.TempDir()
	path, result := filepath.Join(dir, "m.prom"), filepath.Join(dir, `khách "hàng" \1.result.csv`)
	job := map[string]string{"result": result, "account_id": account}
	with := func(name, value string) map[string]string {
		return map[string]string{"result": result, "account_id": account, name: value}
	}
	text := writeMetrics(t, path, ran(result, 1, 0, &importer.Summary{
		Account: importer.AccountSummary{ID: account}, Requests: 7, Status: importer.StatusCounts{Done: 3, Failed: 2}, PasswordReplaced: 5, ReplacedNew: 1, Gone: 4,
		Errors:   []importer.Group{{Code: "password_replaced", Rows: 5, New: 1}, {Code: "user_exists", Rows: 2, New: 2}, {Code: "bad_phone", Rows: 1}},
		Warnings: []importer.Group{{Code: "no_role", Rows: 3, New: 3}},
	}))
	has(t, text, lastSuccess, job, 0) // it never was one
	has(t, text, lastRun, job, 1_700_000_000)
	has(t, text, "etelecom_import_exit_code", job, 1)
	has(t, text, "etelecom_import_duration_seconds", job, 2)
	has(t, text, "etelecom_import_requests", job, 7)
	has(t, text, "etelecom_import_gone", job, 4)
	has(t, text, "etelecom_import_passwords_replaced", job, 5)
	has(t, text, "etelecom_import_build_info", with("version", "v1.2.3"), 1)
	has(t, text, "etelecom_import_rows", with("status", "failed"), 2)
	has(t, text, rowsNew, with("code", "password_replaced"), 1)
	has(t, text, rowsNew, with("code", "user_exists"), 2)
	has(t, text, rowsNew, with("code", "no_role"), 3)
	if strings.Contains(text, `code="bad_phone"`) {
		t.Errorf("a row that was told before is new:\n%s", text)
	}
	explained(t, text, false)
	if strings.Count(text, "# TYPE ") != strings.Count(text, "# HELP ") {
		t.Errorf("a metric has no help:\n%s", text)
	}
}

// explained checks that the manual has a row for each metric that is written, and for no other: those of runs, or those of verify.
func explained(t *testing.T, text string, ofVerify bool) {
	t.Helper()
	manual, err := os.ReadFile("../MANUAL.md")
	if err != nil {
		t.Fatal(err)
	}
	inManual, written := map[string]bool{}, map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `(etelecom_import_[a-z_]+)").FindAllStringSubmatch(string(manual), -1) {
		if strings.HasPrefix(m[1], verifyPrefix) == ofVerify {
			inManual[m[1]] = true
		}
	}
	for line := range strings.Lines(text) {
		if s, ok := parseSample(strings.TrimSuffix(line, "\n")); ok {
			written[s.name] = true
		}
	}
	if !maps.Equal(inManual, written) {
		t.Errorf("the manual has %v, and %v are written", inManual, written)
	}
}

// The time of the last success is that of a run that left no row to be corrected, and stays until the next one.
func TestLastSuccess(t *testing.T) {
	dir := t.TempDir()
	path, result := filepath.Join(dir, "m.prom"), filepath.Join(dir, "r.csv")
	job := map[string]string{"result": result, "account_id": account}
	well := func() *importer.Summary {
		return &importer.Summary{Account: importer.AccountSummary{ID: account}, Status: importer.StatusCounts{Done: 3}}
	}
	known := well()
	known.Status.Failed, known.Known, known.FailOn = 1, 1, importer.FailOnNew
	for night, c := range []struct {
		code int
		s    *importer.Summary
		want float64 // the night of the last success
	}{
		{5, nil, -1}, {0, well(), 1}, {1, known, 1}, {0, known, 1}, {4, nil, 1}, {0, well(), 5}, {2, nil, 5},
	} {
		const day = 24 * time.Hour
		text := writeMetrics(t, path, ran(result, c.code, time.Duration(night)*day, c.s))
		want := 1_700_000_000 + c.want*day.Seconds()
		labels := job
		if c.want < 0 { // nothing has told the account yet
			want, labels = 0, map[string]string{"result": result, "account_id": ""}
		}
		has(t, text, lastSuccess, labels, want)
	}
	// Another job that writes into the same file does not take the success for its own.
	other := filepath.Join(dir, "other.csv")
	if got := OtherJob(path, other); got != result {
		t.Errorf("the other job is %q", got)
	}
	if got := OtherJob(path, result); got != "" {
		t.Errorf("the job itself is another one: %q", got)
	}
	has(t, writeMetrics(t, path, ran(other, 5, 0, nil)), lastSuccess, map[string]string{"result": other, "account_id": ""}, 0)
}

// An earlier version wrote no labels.
func TestMetricsWithoutLabels(t *testing.T) {
	dir := t.TempDir()
	path, result := filepath.Join(dir, "m.prom"), filepath.Join(dir, "r.csv")
	const old = "# TYPE etelecom_import_last_success_timestamp_seconds gauge\netelecom_import_last_success_timestamp_seconds 1600000000.5\nnonsense{a=\nx{a=\"b\n"
	if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	has(t, writeMetrics(t, path, ran(result, 4, 0, nil)), lastSuccess, map[string]string{"result": result, "account_id": ""}, 1_600_000_000.5)
}

// A run that could not begin has the labels of the runs before, and their rows: Prometheus would take others for another job.
func TestMetricsOfNoRun(t *testing.T) {
	dir := t.TempDir()
	path, result := filepath.Join(dir, "m.prom"), filepath.Join(dir, "r.csv")
	const text = "line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id\n" +
		"2,A,0903112351,1310000000000000001,1001,1301234567890123001,done,password_replaced,told,1,2026-07-01T12:00:00Z," + account + "\n" +
		"4,C,0903112353,,,,unknown,unavailable,no answer,1,2026-07-01T12:00:00Z," + account + "\n"
	if err := os.WriteFile(result, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	job := map[string]string{"result": result, "account_id": account}
	got := writeMetrics(t, path, ran(result, 5, 0, nil))
	has(t, got, lastSuccess, job, 0)
	has(t, got, "etelecom_import_rows", map[string]string{"result": result, "account_id": account, "status": "unknown"}, 1)
	has(t, got, "etelecom_import_passwords_replaced", job, 1)
	if strings.Contains(got, "etelecom_import_gone") || strings.Contains(got, "etelecom_import_requests") {
		t.Errorf("it tells what it does not know:\n%s", got)
	}
	// The result is gone, too: the metrics that are there have the labels.
	if err := os.Remove(result); err != nil {
		t.Fatal(err)
	}
	has(t, writeMetrics(t, path, ran(result, 2, time.Hour, nil)), "etelecom_import_exit_code", job, 2)
	has(t, writeMetrics(t, path, ran("", 2, time.Hour, nil)), "etelecom_import_exit_code", job, 2) // the command line names none
	// A run that was refused for the people who are gone tells how many they are.
	r := ran(result, 4, 0, nil)
	r.SetSummary(nil, &importer.Stop{Kind: importer.TooManyGone, Cause: &importer.GoneError{Gone: importer.Gone{People: 12}}})
	has(t, writeMetrics(t, path, r), "etelecom_import_gone", job, 12)
	relative, err := filepath.Abs("r.csv")
	if err != nil {
		t.Fatal(err)
	}
	has(t, writeMetrics(t, filepath.Join(dir, "n.prom"), ran("r.csv", 2, 0, nil)), "etelecom_import_exit_code", map[string]string{"result": relative, "account_id": ""}, 2)
}

// TestMetricsOverNothingElse: metrics take the place of metrics, or of nothing. Where two names were exchanged, the file is a result, the
// memory of another job, or an employee file.
func TestMetricsOverNothingElse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.result.csv")
	for text, mayBe := range map[string]bool{
		"line,name,phone\n2,An,0903112351\n": false,
		"PK\x03\x04":                         false,
		"#":                                  false,
		"":                                   true,
		"# HELP etelecom_import_exit_code Exit code.\n":   true,
		"# TYPE node_load1 gauge\n":                       true,
		"etelecom_import_exit_code{result=\"r.csv\"} 0\n": true,
	} {
		for name, write := range map[string]func() error{
			"run, before":    func() error { return ProbeMetrics(path) },
			"verify, before": func() error { return ProbeVerifyMetrics(path) },
			"run":            func() error { return WriteMetrics(path, &Run{}) },
			"verify":         func() error { return WriteVerifyMetrics(path, &Verification{}) },
		} {
			if name == "verify, before" && mayBe {
				continue // those of a run are another matter
			}
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			err := write()
			now, _ := os.ReadFile(path)
			switch {
			case mayBe && err != nil:
				t.Errorf("%s over %q: %v", name, text, err)
			case !mayBe && (hint.Of(err) == "" || string(now) != text):
				t.Errorf("%s over %q: %v, and it holds %q", name, text, err, now)
			}
		}
	}
}
