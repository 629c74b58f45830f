package simulation

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/cli"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
)

// oracle knows what is true, from the tenant's own record, and compares it with what the program says.
type oracle struct {
	w       *world
	members map[string]bool // phones that were in the shop before anything was run
	removed map[string]int  // how often an administrator has removed a phone
	// By phone: users whose password a result has called replaced.
	replaced map[string]string
	pairs    map[[2]string]bool // extension and user that were ever together
	lines    []ledger.Line      // of the newest result
	wanted   map[string]string  // by phone: the extensions that the employee file named when it was written
}

func (o *oracle) init(w *world) {
	*o = oracle{w: w, members: map[string]bool{}, removed: map[string]int{}, replaced: map[string]string{}, pairs: map[[2]string]bool{}}
}

// before notes how the tenant was at the beginning.
func (o *oracle) before() {
	r := o.w.tenant.Record()
	for _, p := range r.People {
		if p.Member {
			o.members[p.Phone] = true
		}
	}
	for _, l := range r.Lines {
		o.moved(l.ID, l.User)
	}
}

func (o *oracle) moved(extension, user int64) {
	o.pairs[[2]string{fmt.Sprint(extension), fmt.Sprint(user)}] = true
}

// after checks everything that must hold after a run, however it ended.
func (o *oracle) after(e *evening, p *process, s *importer.Summary, err error) {
	o.effects()
	o.free()
	if p.dead.Load() {
		if o.w.text("") != e.kept {
			o.wants()
		}
		return // what it says, nobody hears
	}
	if s != nil && err == nil {
		o.summary(s)
	}
	if s != nil && s.Stopped != "ledger" && hasPlan(s) {
		o.result(s)
		o.seen(e, p)
	}
	if o.w.text("") != e.kept {
		o.wants()
	}
	o.alarm(e, s, err)
	if stop := new(importer.Stop); errors.As(err, &stop) && stop.Kind == importer.Strict && p.writes > 0 {
		o.w.broke("--strict ended the run after %d writes", p.writes)
	}
	o.exit(cli.ExitCode(s, err), s, p.writes)
}

// rate checks that no second has seen more requests than it should.
func (o *oracle) rate(w *wire) {
	if n := w.most(); o.w.rate > 0 && float64(n) > o.w.rate+1 {
		o.w.broke("%d requests within a second, at a rate of %v", n, o.w.rate)
	}
}

// exit checks that the exit code says what is true.
func (o *oracle) exit(code int, s *importer.Summary, writes int) {
	o.w.note("    exit code %d", code)
	var done, unknown, pending, rows int
	for i := range o.lines {
		l := &o.lines[i]
		if l.Status == "unknown" {
			unknown++
		}
		if l.Line == "" {
			continue
		}
		rows++
		switch l.Status {
		case "done":
			done++
		case "pending":
			pending++
		}
	}
	wrong := false
	switch code {
	case 0:
		wrong = done+pending+o.hides(s) < rows || pending > 0 && o.w.options.Limit == 0 || unknown > 0
	case 1:
		wrong = unknown > 0 || done == rows && s.DoneRefused == 0
	case 2, 6:
		wrong = writes > 0
	case 3:
		wrong = unknown == 0
	case 4, 5: // the run ended before its work was done
	default:
		wrong = true
	}
	if wrong {
		o.w.broke("exit code %d, after %d writes, with %d rows: %d done, %d pending, %d unknown", code, writes, rows, done, pending, unknown)
	}
}

// wrongKey checks a run with the key of another company: it ends, and nothing is created there.
func (o *oracle) wrongKey(p *process, err error) {
	if t := p.tenant.Totals(); t.Writes > 0 {
		o.w.broke("%d writes in another company's tenant; the run ended with %v", t.Writes, err)
	}
	if err == nil && !p.dead.Load() {
		o.w.broke("the result of one company is taken for that of another")
	}
}

// effects checks the tenant: nobody created twice, nobody who was there touched.
func (o *oracle) effects() {
	hidden := 0
	for _, p := range o.w.tenant.Record().People {
		o.content(&p)
		if o.w.hidden[p.Phone] || o.w.masked[p.Phone] { // that they are there, nobody can know before a create says so
			if o.members[p.Phone] && p.Creates > o.removed[p.Phone] {
				hidden++
			}
			continue
		}
		if p.Creates > 1+o.removed[p.Phone] {
			o.w.broke("%s: %d creates took effect", p.Phone, p.Creates)
		}
		if o.members[p.Phone] && p.Creates > o.removed[p.Phone] && !o.w.options.Blind {
			o.w.broke("%s was there before and was touched", p.Phone)
		}
	}
	// Of people whom the listing does not show, three are met at most, those who were under way at the third, and those whose
	// answers were lost.
	if hidden > 6 {
		o.w.broke("%d people whom the listing does not show were touched", hidden)
	}
}

// content checks that nobody was created with a ruined name, or with what is no password.
func (o *oracle) content(p *sandbox.Person) {
	if p.Creates == 0 {
		return
	}
	if p.Name == "" || o.w.forbidden[p.Name] && !o.w.tolerated[p.Name] || strings.Contains(p.Name, mark) || slices.Contains(o.w.secrets, p.Name) {
		o.w.broke("%s was created with the ruined name %q", p.Phone, p.Name)
	}
	for _, lost := range o.w.lost[p.Phone] {
		if o.w.tenant.PasswordIs(p.Phone, lost) {
			o.w.broke("%s was created with %q as the password", p.Phone, lost)
		}
	}
}

func (o *oracle) summary(s *importer.Summary) {
	c := s.Status
	if sum := c.Done + c.Created + c.Failed + c.Unknown + c.Invalid + c.Pending; sum != s.Rows {
		o.w.broke("the statuses add up to %d of %d rows", sum, s.Rows)
	}
	if sum := planned(s); sum != s.Rows {
		o.w.broke("the plan adds up to %d of %d rows", sum, s.Rows)
	}
	if c.Pending > 0 && o.w.options.Limit == 0 {
		o.w.broke("%d rows are pending at the end", c.Pending)
	}
}

// planned returns how many rows the first plan has; 0 if the run did not get so far, and has written no result.
func planned(s *importer.Summary) int {
	return s.Plan.Create + s.Plan.Assign + s.Plan.None + s.Plan.Wait + s.Plan.Refuse
}

// hasPlan reports whether the run came to its first plan. Of a file without rows, the numbers of the plan do not tell.
func hasPlan(s *importer.Summary) bool {
	return planned(s) == s.Rows && (s.Rows > 0 || s.Stopped == "")
}

// result checks the result CSV: every row once, every id right, every done row true.
func (o *oracle) result(s *importer.Summary) {
	o.lines = nil
	if err := ledger.ReadLines(strings.NewReader(o.w.result()), func(_ int, l *ledger.Line) error {
		o.lines = append(o.lines, *l)
		return nil
	}); err != nil {
		if s.Stopped == "" {
			o.w.broke("the result cannot be read: %v", err)
		}
		return
	}
	for _, a := range o.w.tenant.Record().Assignments {
		o.moved(a.Extension, a.User)
	}
	rows := 0
	for i := range o.lines {
		if o.lines[i].Line != "" {
			if rows < len(o.w.rows) {
				o.row(&o.lines[i], &o.w.rows[rows])
			}
			rows++
		}
		o.line(&o.lines[i])
	}
	if rows != len(o.w.rows) {
		o.w.broke("the result has %d of %d rows", rows, len(o.w.rows))
	}
}

// row checks the line of a row of the employee file: whoever has a user is not refused for a name or a password, and nobody else
// whose name or password was lost is called well.
func (o *oracle) row(l *ledger.Line, r *fileRow) {
	if l.Line != strconv.Itoa(r.line) {
		o.w.broke("the row of line %d is that of line %s in the result", r.line, l.Line)
	}
	named := l.Error != "" && (l.ErrorCode != "" || l.Status == "unknown")
	switch {
	case l.UserID != "":
		if r.employee.slip.kind != phoneAndPassword && ledger.FirstCode(l.ErrorCode) == reason.MalformedRow {
			o.w.broke("%s has a user, and is refused for what nobody needs any more: %+v", l.Phone, *l)
		}
	case r.refused && (l.Status == "pending" || !named):
		o.w.broke("line %d is not refused: %+v", r.line, *l)
	}
}

func (o *oracle) line(l *ledger.Line) {
	p, ok := o.w.tenant.Person(l.Phone)
	if l.UserID != "" && (!ok || l.UserID != fmt.Sprint(p.ID)) {
		o.w.broke("%s has the id %s in the result, and is %d", l.Phone, l.UserID, p.ID)
	}
	if l.Status == "done" && !o.pairs[[2]string{l.ExtensionID, l.UserID}] {
		o.w.broke("%s is done, but user %s never had extension %s", l.Phone, l.UserID, l.ExtensionID)
	}
	if (l.Status == "done" || l.Status == "created") && l.UserID == "" {
		o.w.broke("%s is %s without an id", l.Phone, l.Status)
	}
	if ledger.HasCode(l.ErrorCode, "password_replaced") && ok && !p.Before && o.removed[l.Phone] == 0 && !o.w.undated {
		o.w.broke("%s is called older than the create that has made them: %+v", l.Phone, *l)
	}
	o.origin(l, &p, ok)
	o.freeLine(l)
	if l.Status == "failed" && ok && !o.w.options.Blind && !o.w.hidden[l.Phone] && !o.w.masked[l.Phone] && p.Creates > 0 && p.Member && o.removed[l.Phone] == 0 && !o.unknowable(l) {
		o.w.broke("%s was created, and its id is lost: %+v", l.Phone, *l)
	}
}

// origin checks the mark of those whom this job has created: it is right for every user, wherever that can be known.
func (o *oracle) origin(l *ledger.Line, p *sandbox.Person, ok bool) {
	replaced := ledger.HasCode(l.ErrorCode, reason.PasswordReplaced)
	if o.replaced[l.Phone] == l.UserID && l.UserID != "" && !replaced {
		o.w.broke("that the password of %s was replaced is forgotten: %+v", l.Phone, *l)
	}
	if replaced && l.UserID != "" {
		o.replaced[l.Phone] = l.UserID
	}
	switch {
	case l.CreatedAt != "" && (l.UserID == "" || replaced):
		o.w.broke("%s is marked as created, and has no user, or had one before: %+v", l.Phone, *l)
	case !ok || l.UserID == "" || o.removed[l.Phone] > 0:
	case l.CreatedAt != "" && p.Creates == 0:
		o.w.broke("%s was there before, and is marked as created: %+v", l.Phone, *l)
	case l.CreatedAt == "" && !replaced && p.Creates > 0 && !p.Before && !o.w.undated && !o.unknowable(l):
		o.w.broke("%s was created, and is not marked so: %+v", l.Phone, *l)
	}
}

// rests reports whether every row of the newest result is done or refused by name.
func (o *oracle) rests() bool {
	for i := range o.lines {
		if l := &o.lines[i]; l.Line != "" && l.Status != "done" && (l.ErrorCode == "" || ledger.FirstCode(l.ErrorCode) == reason.ExtensionUnconfirmed) {
			return false
		}
	}
	return len(o.lines) > 0 || len(o.w.rows) == 0 // all are hidden
}

// unknowable reports whether nobody can know that the user on a line is ours: the tenant has refused the create that made
// them.
func (o *oracle) unknowable(l *ledger.Line) bool {
	for _, fault := range o.w.faults {
		if strings.HasPrefix(fault, "precondition-after") {
			return true
		}
	}
	return false
}
