package report

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/verify"
)

// Verification is how a verification ended, whatever the way. Its JSON form is an interface; the file samples/verify.schema.json describes
// it.
type Verification struct {
	Head
	StartedAt  time.Time               `json:"started_at"`
	EndedAt    time.Time               `json:"ended_at"`
	ExitCode   int                     `json:"exit_code"`   // of the process
	Error      *Failure                `json:"error"`       // nil if the rows were compared
	Result     string                  `json:"result"`      // the result CSV, as the command line names it
	Account    importer.AccountSummary `json:"account"`     // as the tenant tells it
	ComparedAt *time.Time              `json:"compared_at"` // when the first listing was begun; nil if nothing was compared
	Run        RunState                `json:"run"`
	By         string                  `json:"by"`        // as in [Status]
	OnlyDone   bool                    `json:"only_done"` // rows that are not done are left out of groups and findings
	Rows       int                     `json:"rows"`
	Status     importer.StatusCounts   `json:"status"`
	verify.Counts
	Gone     verify.Gone    `json:"gone"`
	Groups   []FindingGroup `json:"groups"`   // the findings by kind and code; never nil
	Findings []Finding      `json:"findings"` // in the order of the result; never nil
	Requests int64          `json:"requests"`
	Notices  []string       `json:"notices"` // what was warned of; never nil

	begun bool // the rows were compared
}

// FindingGroup is the rows that have one finding.
type FindingGroup struct {
	Kind   string `json:"kind"`
	Code   string `json:"code"`
	Rows   int    `json:"rows"`
	Lines  []int  `json:"lines"`  // the first of their lines in the employee file, at most 100
	Person bool   `json:"person"` // a person has to do something
	Hint   string `json:"hint"`

	// Example is the first finding.
	Example *verify.Finding `json:"-"`
}

// Finding is one thing to tell of one row. Ids are texts, since readers of JSON round large numbers.
type Finding struct {
	Line            int    `json:"line"`
	Name            string `json:"name"`
	Phone           string `json:"phone"`
	Status          string `json:"status"`
	UserID          string `json:"user_id"`
	ExtensionID     string `json:"extension_id"`
	ExtensionNumber string `json:"extension_number"`
	Kind            string `json:"kind"`
	Code            string `json:"code"`
	Why             string `json:"why"`
	Person          bool   `json:"person"`
}

// SetVerification takes in what was found; v is nil if nothing was compared.
func (r *Verification) SetVerification(v *verify.Verification) {
	r.Groups, r.Findings, r.Notices, r.Run = []FindingGroup{}, []Finding{}, notNil(r.Notices), RunOver
	if r.begun = v != nil; !r.begun {
		return
	}
	at := v.At.UTC().Truncate(time.Millisecond)
	r.Account, r.ComparedAt, r.OnlyDone, r.Status, r.Counts, r.Gone = v.Account, &at, v.OnlyDone, v.Status, v.Counts, v.Gone
	r.Rows, r.Run, r.By = v.Rows(), VerifiedRun(v), v.Holder.UTC()
	r.Groups = append(r.Groups, GroupFindings(v)...)
	for i := range v.Findings {
		f := &v.Findings[i]
		r.Findings = append(r.Findings, Finding{
			Line: f.Line, Name: f.Name, Phone: f.Phone.String(), Status: f.Status.String(), UserID: ledger.FormatID(int64(f.UserID)), ExtensionID: ledger.FormatID(int64(f.ExtensionID)),
			ExtensionNumber: f.ExtensionNumber, Kind: f.Kind.String(), Code: f.Code, Why: f.Why, Person: reason.Of(f.Code).Person,
		})
	}
}

// VerifiedRun says whether a run was on when a result was compared.
func VerifiedRun(v *verify.Verification) RunState {
	switch {
	case v.RunOn:
		return RunOn
	case v.Interrupted:
		return RunInterrupted
	}
	return RunOver
}

// GroupFindings groups the findings by kind and code: the most serious kind first, and of a kind the largest group.
func GroupFindings(v *verify.Verification) []FindingGroup {
	type key struct {
		kind verify.Kind
		code string
	}
	var groups []FindingGroup
	known := map[key]int{} // where in groups
	for i := range v.Findings {
		f := &v.Findings[i]
		at, ok := known[key{f.Kind, f.Code}]
		if !ok {
			at = len(groups)
			known[key{f.Kind, f.Code}] = at
			r := reason.Of(f.Code)
			groups = append(groups, FindingGroup{Kind: f.Kind.String(), Code: f.Code, Lines: []int{}, Person: r.Person, Hint: r.Hint.String(), Example: f})
		}
		const most = 100
		g := &groups[at]
		if g.Rows++; len(g.Lines) < most {
			g.Lines = append(g.Lines, f.Line)
		}
	}
	slices.SortFunc(groups, func(a, b FindingGroup) int {
		return cmp.Or(cmp.Compare(b.Example.Kind, a.Example.Kind), cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Code, b.Code))
	})
	return groups
}

// WriteVerifyMetrics writes how a verification ended, as Prometheus text.
func WriteVerifyMetrics(path string, r *Verification) error {
	m := verifyMetrics{series: series{old: readSamples(path)}, verification: r}
	m.complete()
	return replaceMetrics(path, m.write)
}

// ProbeVerifyMetrics is [ProbeMetrics] for a verification. The metrics of runs are not overwritten: alarms need them.
func ProbeVerifyMetrics(path string) error {
	for _, s := range readSamples(path) {
		if strings.HasPrefix(s.name, metricPrefix) && !strings.HasPrefix(s.name, verifyPrefix) {
			return hint.With(message.Errorf("%s has the metrics of a run, and verify would overwrite them", path), message.T("name another file with --metrics"))
		}
	}
	return ProbeMetrics(path)
}

const (
	metricPrefix      = "etelecom_import_"
	verifyPrefix      = metricPrefix + "verify_"
	lastVerifySuccess = verifyPrefix + "last_success_timestamp_seconds"
)

// verifyMetrics is what is written of a verification.
type verifyMetrics struct {
	series
	verification *Verification
	success      float64 // when one was last a success, in Unix seconds; 0: never
}

// complete finds the labels and values that the verification itself may not know.
func (m *verifyMetrics) complete() {
	r := m.verification
	account := r.Account.ID
	if l, err := ledger.Read(ledger.OS{}, r.Result); account == "" && err == nil {
		account = l.Account()
	}
	m.label(r.Result, account)
	if m.success = float64(r.EndedAt.UnixMilli()) / 1000; r.ExitCode != 0 || !r.begun {
		m.success = m.oldValue(lastVerifySuccess)
	}
}

func (m *verifyMetrics) write(w io.Writer) {
	r := m.verification
	m.gauge(w, verifyPrefix+"last_timestamp_seconds", "When the last verification ended.", float64(r.EndedAt.UnixMilli())/1000)
	m.gauge(w, lastVerifySuccess, "When a verification last ended with exit code 0. 0: never.", m.success)
	m.gauge(w, verifyPrefix+"exit_code", "Exit code of the last verification.", float64(r.ExitCode))
	m.gauge(w, verifyPrefix+"duration_seconds", "How long the last verification took.", r.EndedAt.Sub(r.StartedAt).Seconds())
	m.head(w, verifyPrefix+"build_info", "The version of the program that made the last verification.")
	m.value(w, verifyPrefix+"build_info", 1, "version", r.Version)
	if !r.begun {
		return
	}
	m.gauge(w, verifyPrefix+"requests", "Requests that the last verification sent.", float64(r.Requests))
	const rows = verifyPrefix + "rows"
	m.head(w, rows, "Rows of the employee file by what their comparison has shown.")
	for _, of := range []struct {
		outcome string
		rows    int
	}{{"confirmed", r.Confirmed}, {"differing", r.Differing}, {"not_done", r.NotDone}, {"cannot_tell", r.CannotTell}} {
		m.value(w, rows, float64(of.rows), "outcome", of.outcome)
	}
	const findings = verifyPrefix + "findings"
	m.head(w, findings, "Rows by finding.")
	for _, g := range r.Groups {
		m.value(w, findings, float64(g.Rows), "kind", g.Kind, "code", g.Code)
	}
}
