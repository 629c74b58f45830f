package simulation

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"etelecom-import/importer"
	"etelecom-import/importer/cli"
	"etelecom-import/importer/console"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
)

// nights are what an administrator has chosen for the runs that nobody watches.
type nights struct {
	failOn  importer.FailOn
	remind  time.Duration
	maxGone int  // -1: everything is accepted
	accept  bool // a run was refused since people are gone: the next ones are told that they have left
}

// settleNights chooses how alarms go.
func (w *world) settleNights() {
	w.nights = nights{failOn: importer.FailOnAny, remind: 7 * 24 * time.Hour, maxGone: -1}
	if w.stars.IntN(2) == 0 {
		w.nights.failOn = importer.FailOnNew
		w.nights.remind = []time.Duration{time.Minute, time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}[w.stars.IntN(4)]
	}
	if w.stars.IntN(3) == 0 {
		w.nights.maxGone = w.stars.IntN(4)
	}
}

// tonight sets the flags of the next run.
func (w *world) tonight() {
	w.options.FailOn, w.options.Remind = w.nights.failOn, importer.Period(w.nights.remind)
	if w.options.Strict { // the two cannot be meant together
		w.options.FailOn = importer.FailOnAny
	}
	allowed := "100%"
	if w.nights.maxGone >= 0 && !w.nights.accept {
		allowed = fmt.Sprint(w.nights.maxGone)
	}
	w.mustText(&w.options.MaxGone, allowed)
}

// breakExport runs with a file that was cut off, perhaps behind its header, and mends it.
func (w *world) breakExport() {
	whole := w.staff
	w.staff = slices.Clone(whole[:w.stars.IntN(len(whole))])
	w.note("the employee file has %d of %d rows", len(w.staff), len(whole))
	w.run(true)
	w.staff = whole
}

// evening is what is known before a run.
type evening struct {
	began  time.Time
	lines  []ledger.Line // of the last result; nil if there is none
	kept   string
	begun  bool              // there was a journal: an earlier run may have got further than the result says
	wanted map[string]string // by phone: the extension that the employee file named in the run that has written the last result
}

func (w *world) evening() evening {
	e := evening{began: time.Now(), kept: w.text(""), begun: w.text(".journal") != "", wanted: w.oracle.wanted}
	_ = ledger.ReadLines(strings.NewReader(w.text("")), func(_ int, l *ledger.Line) error {
		e.lines = append(e.lines, *l)
		return nil
	})
	return e
}

// gone counts the people of the last result who are not in the employee file, and all of them.
func (e *evening) gone(w *world) (gone, all int) {
	people := map[string]bool{}
	for i := range e.lines {
		if l := &e.lines[i]; l.Line != "" && l.Phone != "" {
			people[l.Phone] = true
		}
	}
	all = len(people)
	for i := range w.rows {
		delete(people, w.rows[i].phone)
	}
	return len(people), all
}

// changes returns the phones that were added to the employee file since the last result, and those whose name or extension is another
// one. Of those in doubt nobody can say it: several rows or lines have them.
func (e *evening) changes(w *world) (added, changed, doubtful []string) {
	rows, lines := map[string][]*fileRow{}, map[string][]*ledger.Line{}
	for i := range w.rows {
		if r := &w.rows[i]; len(r.phone) == len(somePhone) {
			rows[r.phone] = append(rows[r.phone], r)
		}
	}
	for i := range e.lines {
		if l := &e.lines[i]; l.Line != "" {
			lines[l.Phone] = append(lines[l.Phone], l)
		}
	}
	for phone, of := range rows {
		before := lines[phone]
		switch {
		case e.kept == "":
		case len(before) == 0:
			added = append(added, phone)
		case len(of) > 1 || len(before) > 1:
			doubtful = append(doubtful, phone)
		case of[0].name != before[0].Name || hasOtherExtension(&of[0].employee, before[0]):
			changed = append(changed, phone)
		}
	}
	return added, changed, doubtful
}

// hasOtherExtension reports whether a row names another extension than the line of the last result, and that line does not tell of it.
func hasOtherExtension(e *employee, l *ledger.Line) bool {
	now, was := e.extension, l.ExtensionID
	if e.byNumber {
		now, was = numberOf(e.extension), l.ExtensionNumber
	}
	told := strings.Contains(l.ErrorCode, reason.ExtensionChanged) && strings.Contains(l.Error, now)
	differ := was != "" && now != "" && was != now
	return differ && !told
}

// differs checks what is told of the changes.
func (o *oracle) differs(e *evening, d *importer.Changes) {
	added, changed, doubtful := e.changes(o.w)
	var toldAdded, toldChanged []string
	for _, p := range d.Added {
		toldAdded = append(toldAdded, p.Phone.String())
	}
	for _, c := range d.Changed {
		if p := c.Phone.String(); !slices.Contains(doubtful, p) {
			toldChanged = append(toldChanged, p)
		}
	}
	slices.Sort(added)
	slices.Sort(toldAdded)
	slices.Sort(changed)
	slices.Sort(toldChanged)
	if !slices.Equal(added, toldAdded) || !slices.Equal(changed, toldChanged) {
		o.w.broke("added are %v, and told %v; changed are %v, and told %v", added, toldAdded, changed, toldChanged)
	}
}

// missing checks that a run with an employee file from which too many people are missing has sent nothing and changed nothing, and that
// no other run was refused for that.
func (o *oracle) missing(e *evening, p *process, s *importer.Summary, err error) {
	w := o.w
	var stop *importer.Stop
	refused := errors.As(err, &stop) && stop.Kind == importer.TooManyGone
	w.nights.accept = refused || w.nights.accept && w.text("") == e.kept // until the result knows
	if w.careless {                                                      // what is a phone there, nobody knows
		return
	}
	gone, all := e.gone(w)
	tooMany := w.options.MaxGone != w.everybody() && (gone > w.nights.maxGone || len(w.rows) == 0 && all > 0)
	began := err == nil || stop != nil // otherwise another check has refused the files
	switch {
	case p.dead.Load():
	case refused && !tooMany:
		w.broke("%d of %d people are gone, and the run is refused: %v", gone, all, err)
	case began && tooMany && !refused:
		w.broke("%d of %d people are gone, with %d rows left, and the run goes on: %v", gone, all, len(w.rows), err)
	case s != nil && s.Gone != gone:
		w.broke("%d people are gone, and %d are told", gone, s.Gone)
	case refused && cli.ExitCode(s, err) != 4:
		w.broke("people are gone: exit code %d", cli.ExitCode(s, err))
	}
	if s != nil {
		o.differs(e, &s.Changes)
	}
	if tooMany && (p.writes > 0 || w.text("") != e.kept) {
		w.broke("%d of %d people are gone; %d writes, or another result", gone, all, p.writes)
	}
}

// everybody is --max-gone 100%.
func (w *world) everybody() (t importer.Threshold) {
	w.mustText(&t, "100%")
	return t
}

var smallNumber = regexp.MustCompile(`\d+`)

// trouble is what must be the same for a row of two results to be in the same trouble.
func trouble(l *ledger.Line) string {
	why := smallNumber.ReplaceAllStringFunc(l.Error, func(n string) string {
		if len(n) > 6 {
			return n
		}
		return ""
	})
	return strings.Join([]string{l.Phone, l.Name, l.ExtensionID, l.ExtensionNumber, l.Status, l.ErrorCode, why}, "|")
}

// bad reports whether a person has to correct the row of a line: it failed, is invalid, or is done otherwise than wanted.
func bad(l *ledger.Line) bool {
	notes := []string{reason.PasswordReplaced, reason.ExtensionExpired, reason.ShortPassword, reason.NoRole}
	onlyNotes := true
	for code := range strings.SplitSeq(l.ErrorCode, ", ") {
		onlyNotes = onlyNotes && slices.Contains(notes, code)
	}
	return l.Status == "failed" || l.Status == "invalid" || l.Status == "done" && l.ErrorCode != "" && !onlyNotes
}

// alarm checks what is told after a run, when nobody watches: nothing new and nothing old enough is hidden, nothing else is told
// again, and the result says when what was told.
func (o *oracle) alarm(e *evening, s *importer.Summary, err error) {
	w := o.w
	if s == nil || err != nil || !s.Written {
		return
	}
	var told, failed bytes.Buffer
	console.New(console.Options{Quiet: true}, &told, &failed).ShowEnd(s, err, console.Next{Say: "to continue:", Command: "etelecom-import run"})
	w.inspect(told.Bytes(), "in what is told")
	code := cli.ExitCode(s, err)
	loud := strings.Contains(told.String(), "\n\n") || strings.HasPrefix(told.String(), "\n")
	before := map[string][]time.Time{}
	for i := range e.lines {
		t, err := time.Parse(time.RFC3339, e.lines[i].ToldAt)
		if err == nil && bad(&e.lines[i]) {
			before[trouble(&e.lines[i])] = append(before[trouble(&e.lines[i])], t)
		}
	}
	news, known, others := 0, 0, 0
	var was []toldBefore // of the bad rows
	for i := range o.lines {
		l := &o.lines[i]
		switch {
		case l.Line == "":
			continue
		case !bad(l):
			if l.Status != "done" || l.ErrorCode != "" {
				others++ // which tell what they have to tell whatever is known
			}
			if l.ToldAt != "" && !strings.Contains(l.ErrorCode, reason.PasswordReplaced) {
				w.broke("nothing is wrong with %s, which was told: %+v", l.Phone, *l)
			}
			continue
		}
		left := before[trouble(l)]
		slices.SortFunc(left, time.Time.Compare)
		// Whatever extension a row wants, it is refused for a phone that another row has, too.
		asWanted := e.wanted[l.Phone] == o.wanted[l.Phone] || l.ErrorCode == reason.DuplicatePhone
		same := l.Status != "done" || asWanted
		// A row that --limit puts off stays as it was told, whatever extension it wants now. Which rows these are, the result does not tell.
		putOff := s.Later > 0 && l.Status == "done" && len(left) > 0
		if len(left) == 0 || !same && !putOff {
			news++
			was = append(was, toldBefore{})
			continue
		}
		before[trouble(l)] = left[1:]
		was = append(was, toldBefore{left[0], putOff})
		if putOff {
			continue
		}
		if age := e.began.Sub(left[0]); age < 0 || age >= w.nights.remind {
			news++
		} else {
			known++
		}
	}
	others += s.GoneUnknown
	if s.Plan.Create > 0 {
		others += len(s.Skipped) // lines that are no people are named when others of the file are created
	}
	if w.options.FailOn == importer.FailOnNew {
		switch {
		case news > 0 && (!loud || code == 0):
			w.broke("%d rows are not as they were told, and nobody is: exit code %d, %q", news, code, told.String())
		case news == 0 && others == 0 && (loud || code != 0) && (known > 0 || code != 0):
			w.broke("%d rows are as they were told, and are told again: exit code %d, %q", known, code, told.String())
		}
	}
	o.toldTimes(e, was, loud, news > 0)
}

// toldBefore is when a row was told by the result before a run.
type toldBefore struct {
	at     time.Time // zero: never
	putOff bool      // perhaps --limit has put the row off
}

// toldTimes checks when the rows were told by the result: those of now were told, and no time is lost.
func (o *oracle) toldTimes(e *evening, was []toldBefore, loud, news bool) {
	w, n := o.w, 0
	from := e.began.Truncate(time.Second)
	for i := range o.lines {
		l := &o.lines[i]
		if l.Line == "" || !bad(l) {
			continue
		}
		before := was[n]
		n++
		at, err := time.Parse(time.RFC3339, l.ToldAt)
		now := err == nil && !at.Before(from) && !at.After(time.Now())
		kept := err == nil && !before.at.IsZero() && at.Equal(before.at)
		switch {
		case before.putOff && kept:
		case news && !now:
			w.broke("%s is told, and the result does not say so: %+v", l.Phone, *l)
		case !news && !kept && !(loud && now):
			w.broke("%s was told at %v, by the result at %q, and loud is %v", l.Phone, before.at, l.ToldAt, loud)
		}
	}
}

// wants notes which extension the employee file names for each phone.
func (o *oracle) wants() {
	o.wanted = map[string]string{}
	for i := range o.w.rows {
		r := &o.w.rows[i]
		o.wanted[r.phone] += r.employee.extension + " "
	}
}

// hides reports whether a bad row was told before, so that it does not count in the exit code.
func (o *oracle) hides(s *importer.Summary) int {
	if o.w.options.FailOn == importer.FailOnNew && s != nil {
		return s.Known
	}
	return 0
}
