package signoff

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/verify"
)

// Languages are those that a document can have. The first is the default.
var Languages = []string{"vi", "en"}

// The texts of documents are no texts of the program: the customer reads them in the language of the document, whatever the language of the
// screen is. So they do not come through package message.

//go:embed texts.csv
var textsCSV string

//go:embed reasons.csv
var reasonsCSV string

// text is one text in each language, in the order of Languages.
type text [2]string

// causeWords are what is said of a cause.
type causeWords struct {
	who     string // a key of texts.csv, behind "who."
	why, do text
}

var texts, causes = func() (map[string]text, map[string]causeWords) {
	rows := func(table string, columns int) [][]string {
		r := csv.NewReader(strings.NewReader(table))
		r.FieldsPerRecord = columns
		all, err := r.ReadAll()
		if err != nil {
			panic(err) // it is a part of the program
		}
		return all[1:]
	}
	texts, causes := map[string]text{}, map[string]causeWords{}
	for _, row := range rows(textsCSV, 3) {
		texts[row[0]] = text{row[1], row[2]}
	}
	for _, row := range rows(reasonsCSV, 6) {
		causes[row[0]] = causeWords{row[1], text{row[2], row[4]}, text{row[3], row[5]}}
	}
	return texts, causes
}()

// isKnownCause reports whether there are words for a code.
func isKnownCause(code string) bool {
	_, ok := causes[code]
	return ok
}

// words has the words of a language.
type words struct{ at int }

func wordsOf(language string) words { return words{max(0, slices.Index(Languages, language))} }

// T returns a text by its key. Its verbs are filled in if there are any arguments.
func (w words) T(key string, args ...any) string {
	t, ok := texts[key]
	if !ok {
		panic("no text " + key) // a bug, which every test of a document finds
	}
	if len(args) == 0 {
		return t[w.at]
	}
	return fmt.Sprintf(t[w.at], args...)
}

// Why says why people are not done.
func (w words) Why(code string) string { return causes[code].why[w.at] }

// Title is Why as a title has it: without its full stop.
func (w words) Title(code string) string { return strings.TrimSuffix(w.Why(code), ".") }

// Do says what to do about a cause.
func (w words) Do(code string) string { return causes[code].do[w.at] }

// Who says who does it.
func (w words) Who(code string) string { return w.T("who." + causes[code].who) }

// People returns a number of people.
func (w words) People(n int) string {
	if n == 1 {
		return w.T("person")
	}
	return w.T("people", n)
}

// Statement says how far everything is: by the result, and by the tenant where that does not agree. It is what people sign.
func (w words) Statement(d *Document) string {
	if !d.Disagrees() {
		return w.Sentence(d.All)
	}
	return w.T("sentence.compared", d.All.Done, d.All.Total, d.Verified.Confirmed, d.Verified.Differing, d.Verified.CannotTell)
}

// Sentence says in one sentence how far everything is.
func (w words) Sentence(c Counts) string {
	switch {
	case c.Total == 0:
		return w.T("sentence.empty")
	case c.Total == 1 && c.Done == 0:
		return w.T("sentence.none.one")
	case c.Total == 1:
		return w.T("sentence.one")
	case c.Done == 0:
		return w.T("sentence.none", c.Total)
	case c.NotDone() == 1:
		return w.T("sentence.some.one", c.Done, c.Total)
	case c.NotDone() == 0:
		return w.T("sentence.all", c.Total)
	}
	return w.T("sentence.some", c.Done, c.Total, c.NotDone())
}

// Interim says why a document is not final; "" if it is.
func (w words) Interim(s State) string {
	switch s {
	case RunOn:
		return w.T("interim.on")
	case Interrupted:
		return w.T("interim.interrupted")
	case Open:
		return w.T("interim.open")
	case Final:
	}
	return ""
}

// Moment returns a time by the clock of the people, with the zone; "" for none.
func (w words) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	local := message.Local(t)
	if Languages[w.at] == "vi" {
		return local.Format("15:04 02/01/2006 (UTC-07:00)")
	}
	return local.Format("2 January 2006 15:04 (UTC-07:00)")
}

// Day returns a day; "" for none.
func (w words) Day(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case Languages[w.at] == "vi":
		return t.Format("02/01/2006")
	}
	return t.Format("2 January 2006")
}

// Status returns the status of somebody as people read it.
func (w words) Status(p *Person) string {
	status := w.T("status." + p.Status.String())
	if p.Status == ledger.Done && p.Replaced() {
		status = w.T("status.replaced", status)
	}
	if p.Gone {
		status = w.T("status.gone", status)
	}
	return status
}

// Kind returns what a finding of a comparison means.
func (w words) Kind(k verify.Kind) string {
	switch k {
	case verify.Difference:
		return w.T("verify.kind.difference")
	case verify.CannotTell:
		return w.T("verify.kind.unclear")
	case verify.Told, verify.NotDone:
	}
	return w.T("verify.kind.told")
}

// Group returns the name of a group.
func (w words) Group(name string) string {
	if name == "" {
		return w.T("group.none")
	}
	return name
}
