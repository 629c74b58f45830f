package report

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
)

const (
	lastRun     = "etelecom_import_last_run_timestamp_seconds"
	lastSuccess = "etelecom_import_last_success_timestamp_seconds"
)

// WriteMetrics writes how a run ended, as Prometheus text. Programs read it, so it is in English. The summary is nil if the run could
// not begin. After a failure the file keeps the time of the last success.
func WriteMetrics(path string, s *importer.Summary, code int, began, ended time.Time) error {
	success := float64(ended.UnixMilli()) / 1000
	if code != 0 {
		success = oldValue(path, lastSuccess)
	}
	const mode = 0o644 // a collector may be another user, and the file names no person
	err := replaceFile(path, mode, func(w io.Writer) error {
		gauge(w, lastRun, "When the last run ended.", float64(ended.UnixMilli())/1000)
		if success > 0 {
			gauge(w, lastSuccess, "When a run last ended with exit code 0.", success)
		}
		gauge(w, "etelecom_import_exit_code", "Exit code of the last run.", float64(code))
		gauge(w, "etelecom_import_duration_seconds", "How long the last run took.", ended.Sub(began).Seconds())
		if s != nil {
			gauge(w, "etelecom_import_requests", "Requests that the last run sent.", float64(s.Requests))
			gauge(w, "etelecom_import_passwords_replaced", "Rows whose user was there before and has a new password.", float64(s.PasswordReplaced))
			rowGauges(w, s.Status)
		}
		return nil
	})
	if err != nil {
		return message.Errorf("--metrics cannot be written: %w", err)
	}
	return nil
}

// ProbeMetrics finds out before a run whether [WriteMetrics] will be able to write the file, as far as that can be told.
func ProbeMetrics(path string) error {
	if err := probe(path); err != nil {
		return message.Errorf("--metrics cannot be written: %w", err)
	}
	return nil
}

// gauge writes one value. It has no labels.
func gauge(w io.Writer, name, help string, value float64) {
	gaugeHead(w, name, help)
	fmt.Fprintln(w, name, number(value))
}

// gaugeHead writes what is before the values of a gauge.
func gaugeHead(w io.Writer, name, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
}

func rowGauges(w io.Writer, n importer.StatusCounts) {
	const name = "etelecom_import_rows"
	gaugeHead(w, name, "Rows of the employee file by status, after the last run.")
	for _, s := range []struct {
		status string
		rows   int
	}{{"done", n.Done}, {"created", n.Created}, {"failed", n.Failed}, {"unknown", n.Unknown}, {"invalid", n.Invalid}, {"pending", n.Pending}} {
		fmt.Fprintf(w, "%s{status=%q} %d\n", name, s.status, s.rows)
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// oldValue returns a value of the metrics file that is there; 0 if it has none.
func oldValue(path, name string) float64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			v, _ := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return v
		}
	}
	return 0
}
