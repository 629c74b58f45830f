package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/sharing"
)

// The names of the metrics are an interface, as are the labels that all of them have: result, the absolute path of the result CSV,
// and account_id. Two jobs on one computer differ in the first, so that neither hides the other.
const (
	lastRun     = "etelecom_import_last_run_timestamp_seconds"
	lastSuccess = "etelecom_import_last_success_timestamp_seconds"
	rowsNew     = "etelecom_import_rows_new"

	resultLabel  = "result"
	accountLabel = "account_id"
)

// WriteMetrics writes how a run ended, as Prometheus text. Programs read it, so it is in English. What the run could not find out is
// taken from its result, or from the metrics that are there.
func WriteMetrics(path string, r *Run) error {
	m := metrics{series: series{old: readSamples(path)}, run: r}
	m.complete()
	return replaceMetrics(path, m.write)
}

// replaceMetrics writes metrics in place of those that are there, as [replaceFile] does.
func replaceMetrics(path string, write func(io.Writer)) error {
	err := checkLinks(path)
	if err == nil {
		err = checkHoldsMetrics(path)
	}
	if err == nil {
		err = replaceFile(path, metricsMode, func(w io.Writer) error { write(w); return nil })
	}
	if err != nil {
		return unwritable("--metrics", path, err)
	}
	return nil
}

// metricsMode is the mode of the file: a collector may be another user, and the file names no person.
const metricsMode = 0o644

// ProbeMetrics finds out before a run whether [WriteMetrics] will be able to write the file, as far as that can be told. The error is a
// [sharing.ErrInUse] if another program, such as Excel, has it open and lets nobody replace it.
func ProbeMetrics(path string) error {
	if err := sharing.Patiently(func() error { return sharing.Check(path) }); err != nil {
		return err
	}
	err := probe(path)
	if err == nil {
		err = checkHoldsMetrics(path)
	}
	if err != nil {
		return unwritable("--metrics", path, err)
	}
	return nil
}

// checkHoldsMetrics refuses a file that holds something else than metrics: where two names were exchanged, that is an employee file, or
// the memory of another job.
func checkHoldsMetrics(path string) error {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil // it can be replaced all the same, and cannot be looked at
	}
	defer f.Close()
	begin := make([]byte, len("# HELP "+metricPrefix))
	n, _ := io.ReadFull(f, begin)
	for _, prefix := range []string{"# HELP ", "# TYPE ", metricPrefix} {
		if strings.HasPrefix(string(begin[:n]), prefix) {
			return nil
		}
	}
	return hint.With(message.Errorf("%s holds something else than metrics, which would be overwritten", path), message.T("name another file with --metrics"))
}

// OtherJob returns the result that the metrics in a file are of, if that is another one than this; else "". If two jobs have one file,
// each takes the other's metrics away.
func OtherJob(path, result string) string {
	own := absolute(result)
	for _, s := range readSamples(path) {
		if other := s.labels[resultLabel]; other != "" && own != "" && other != own {
			return other
		}
	}
	return ""
}

// absolute returns the absolute form of a path, without following links; "" stays "".
func absolute(path string) string {
	if path == "" {
		return ""
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// series is what all metrics of a job have in common. The labels of a job must stay as they are, or Prometheus takes the metrics of a bad
// night for those of another job.
type series struct {
	old    []sample          // of the file that is there
	labels map[string]string // those of every series
}

// label sets the labels, by the result and the account as far as they are known.
func (m *series) label(result, account string) {
	result = cmp.Or(absolute(result), m.oldLabel(resultLabel, ""))
	m.labels = map[string]string{resultLabel: result, accountLabel: cmp.Or(account, m.oldLabel(accountLabel, result))}
}

// oldLabel returns a label of the series of a result in the file that is there; "" for any result.
func (m *series) oldLabel(name, result string) string {
	for _, s := range m.old {
		if value := s.labels[name]; value != "" && (result == "" || s.labels[resultLabel] == result) {
			return value
		}
	}
	return ""
}

// oldValue returns the value that a series of this job has in the file that is there; 0 for none. An earlier version wrote no labels.
func (m *series) oldValue(name string) float64 {
	for _, s := range m.old {
		account := s.labels[accountLabel]
		sameJob := s.labels[resultLabel] == m.labels[resultLabel] && (account == "" || account == m.labels[accountLabel])
		if s.name == name && (sameJob || len(s.labels) == 0) {
			return s.value
		}
	}
	return 0
}

// gauge writes a gauge of one value.
func (m *series) gauge(w io.Writer, name, help string, value float64) {
	m.head(w, name, help)
	m.value(w, name, value)
}

// head writes what is before the values of a gauge.
func (m *series) head(w io.Writer, name, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name)
}

// value writes one value with the labels of the job, and further ones in pairs.
func (m *series) value(w io.Writer, name string, value float64, more ...string) {
	pairs := append([]string{resultLabel, m.labels[resultLabel], accountLabel, m.labels[accountLabel]}, more...)
	var labels []string
	for pair := range slices.Chunk(pairs, 2) {
		labels = append(labels, pair[0]+`="`+labelEscapes.Replace(strings.ToValidUTF8(pair[1], "\uFFFD"))+`"`)
	}
	fmt.Fprintf(w, "%s{%s} %s\n", name, strings.Join(labels, ","), strconv.FormatFloat(value, 'f', -1, 64))
}

// metrics is what is written of a run.
type metrics struct {
	series
	run *Run

	rows     *importer.StatusCounts // nil: not known
	replaced int
	success  float64 // when a run was last a success, in Unix seconds; 0: never
}

// complete finds the labels and values that the run itself may not know.
func (m *metrics) complete() {
	r := m.run
	account := r.Account.ID
	if r.begun {
		m.rows, m.replaced = &r.Status, r.PasswordReplaced
	}
	if !r.begun || account == "" {
		if s, err := ReadStatus(r.Result); err == nil {
			account = cmp.Or(account, s.Account.ID)
			if m.rows == nil {
				m.rows, m.replaced = &s.Status, s.PasswordReplaced
			}
		}
	}
	m.label(r.Result, account)
	if m.success = unixSeconds(r); !r.succeeded() {
		m.success = m.oldValue(lastSuccess)
	}
}

func (m *metrics) write(w io.Writer) {
	r := m.run
	m.gauge(w, lastRun, "When the last run ended.", unixSeconds(r))
	m.gauge(w, lastSuccess, "When a run last ended with exit code 0 and no row that has to be corrected. 0: never.", m.success)
	m.gauge(w, "etelecom_import_exit_code", "Exit code of the last run.", float64(r.ExitCode))
	m.gauge(w, "etelecom_import_duration_seconds", "How long the last run took.", r.EndedAt.Sub(r.StartedAt).Seconds())
	m.head(w, "etelecom_import_build_info", "The version of the program that made the last run.")
	m.value(w, "etelecom_import_build_info", 1, "version", r.Version)
	if m.rows != nil {
		m.gauge(w, "etelecom_import_passwords_replaced", "Rows whose user was there before and has a new password.", float64(m.replaced))
		const name = "etelecom_import_rows"
		m.head(w, name, "Rows of the employee file by status, after the last run that could tell.")
		for _, s := range []struct {
			status string
			rows   int
		}{
			{"done", m.rows.Done}, {"created", m.rows.Created}, {"failed", m.rows.Failed}, {"unknown", m.rows.Unknown}, {"invalid", m.rows.Invalid}, {"pending", m.rows.Pending},
		} {
			m.value(w, name, float64(s.rows), "status", s.status)
		}
	}
	if r.begun || r.Gone > 0 {
		m.gauge(w, "etelecom_import_gone", "People who had a row in the result before the last run and were not in the employee file.", float64(r.Gone))
	}
	if !r.begun {
		return
	}
	m.gauge(w, "etelecom_import_requests", "Requests that the last run sent.", float64(r.Requests))
	m.head(w, rowsNew, "Rows by error code that were not told to people before the last run.")
	m.value(w, rowsNew, float64(r.ReplacedNew), "code", reason.PasswordReplaced) // also if another code comes first in its row
	for _, g := range slices.Concat(r.Errors, r.Warnings) {
		if g.New > 0 && g.Code != reason.PasswordReplaced {
			m.value(w, rowsNew, float64(g.New), "code", g.Code)
		}
	}
}

// labelEscapes are all that the value of a label knows.
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func unixSeconds(r *Run) float64 { return float64(r.EndedAt.UnixMilli()) / 1000 }

// sample is a line of a metrics file.
type sample struct {
	name   string
	labels map[string]string
	value  float64
}

// readSamples reads a metrics file of this program. What it does not understand, it skips.
func readSamples(path string) (samples []sample) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil // to open a pipe waits for somebody at its other end
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	const most = 1 << 20 // bytes
	lines := bufio.NewScanner(io.LimitReader(f, most))
	for lines.Scan() {
		if s, ok := parseSample(lines.Text()); ok {
			samples = append(samples, s)
		}
	}
	return samples
}

func parseSample(line string) (s sample, ok bool) {
	end := strings.IndexAny(line, "{ ")
	if end <= 0 || line[0] == '#' {
		return s, false
	}
	s.name, line = line[:end], line[end:]
	s.labels = map[string]string{}
	if line[0] == '{' {
		for line = line[1:]; !strings.HasPrefix(line, "}"); {
			name, rest, found := strings.Cut(line, `="`)
			if !found {
				return s, false
			}
			value, rest, found := cutLabel(rest)
			if !found {
				return s, false
			}
			s.labels[strings.TrimPrefix(name, ",")], line = value, rest
		}
		line = line[1:]
	}
	value, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
	s.value = value
	return s, err == nil
}

// cutLabel returns the value of a label up to its closing quote, and what follows.
func cutLabel(text string) (value, rest string, found bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return b.String(), text[i+1:], true
		case c == '\\' && i+1 < len(text):
			if i++; text[i] == 'n' {
				b.WriteByte('\n')
				continue
			}
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}
