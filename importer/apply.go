package importer

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
)

// choose fixes which rows a canary acts on, for all rounds.
func (j *job) choose() {
	if j.opts.Limit <= 0 {
		return
	}
	rows := j.order()
	for i := range j.plan.Steps {
		if j.plan.Steps[i].Action == Wait {
			rows = append(rows, i)
		}
	}
	j.chosen = map[int]bool{}
	for _, i := range rows[:min(j.opts.Limit, len(rows))] {
		j.chosen[i] = true
	}
	j.postpone()
}

// postpone takes the rows beyond --limit out of the plan.
func (j *job) postpone() {
	for i := range j.plan.Steps {
		if s := &j.plan.Steps[i]; (s.Action == Create || s.Action == Assign) && !j.chosen[i] {
			s.Action = Later
		}
	}
}

// order returns the rows to act on: those that were never tried first, each part in the order of the roster.
func (j *job) order() []int {
	if j.chosen != nil {
		j.postpone()
	}
	var fresh, tried []int
	for i := range j.plan.Steps {
		if a := j.plan.Steps[i].Action; a != Create && a != Assign || !j.mayAct(i) {
			continue
		}
		if e := j.ledger.Lookup(j.roster.Rows[i].Phone); e != nil && e.Attempts > 0 {
			tried = append(tried, i)
		} else {
			fresh = append(fresh, i)
		}
	}
	return append(fresh, tried...)
}

// mayAct reports whether the row can still be acted on in this run.
func (j *job) mayAct(i int) bool {
	return int(j.acted[i]) <= j.opts.Rounds && !j.answered[i] && (j.chosen == nil || j.chosen[i])
}

// leftovers reports whether another look is due: some row that may be acted on is not done yet, or an id may be found, or
// rows that were not acted on this time are still waiting.
func (j *job) leftovers(rows []int) bool {
	if !j.plan.Settles.IsZero() && j.mayActLater() {
		return true
	}
	for _, i := range rows {
		e := j.ledger.Lookup(j.roster.Rows[i].Phone)
		if j.acted[i] == 0 && !j.answered[i] || j.fates[i] == uncertain || e != nil && (e.Open() || e.Status == ledger.Created) {
			return true
		}
	}
	return false
}

// errEnough ends a pass early, for a look: too many rows of it are in trouble, some of which looking may resolve.
var errEnough = errors.New("too many rows in trouble")

// apply carries out the steps of the given rows.
func (j *job) apply(ctx context.Context, rows []int) error {
	pass, enough := context.WithCancelCause(ctx)
	defer enough(nil)
	for _, i := range rows {
		j.ledger.Entry(j.roster.Rows[i].Phone) // the workers look entries up, and must not make any
	}
	var next atomic.Int64
	work := func() error {
		for pass.Err() == nil {
			n := int(next.Add(1)) - 1
			if n >= len(rows) {
				return nil
			}
			j.row(pass, rows[n])
			if j.tooMany() || j.tooManyReplaced() || j.stale.Load() {
				enough(errEnough)
			}
		}
		return nil
	}
	var g errgroup.Group
	for range min(max(j.opts.Workers, 1), len(rows)) {
		g.Go(work)
	}
	err := g.Wait()
	// The group knows nothing of the context's end: whoever cancelled it said why.
	if err == nil && ctx.Err() != nil {
		err = j.ended(ctx, nil)
	}
	return err
}

// row carries out one step, again if the API was down and nothing was applied. A panic ends the run, not the process:
// the row's intent stands.
func (j *job) row(ctx context.Context, i int) {
	defer func() {
		if v := recover(); v != nil {
			j.mark(i, uncertain)
			j.stop(j.bug(fmt.Sprintf("row of line %d", j.roster.Rows[i].Line), v))
		}
	}()
	for ctx.Err() == nil {
		report, err := j.outage.enter(ctx)
		if err != nil {
			if ctx.Err() == nil { // else somebody has said why, and it may be this pass alone that is over
				j.stop(j.stopFor(err))
			}
			return
		}
		err = j.carryOut(ctx, i)
		report(answered(err))
		if !notSent(err) {
			return
		}
	}
}

// bug notes a panic, which outweighs whatever else has stopped the run. The value itself is left out: nobody knows what
// stands in it.
func (j *job) bug(where string, value any) *Stop {
	stop := Panicked(where, value)
	j.panicked.CompareAndSwap(nil, stop)
	return stop
}

// answered reports whether a row got answers that mean something. Many in a row that do not are an outage, whatever they
// look like.
func answered(err error) bool {
	var api *apiclient.Error
	return err == nil || errors.As(err, &api) && api.Outcome != apiclient.Unknown && !api.Unavailable()
}

// notSent reports whether a call failed for want of a connection or of a slot, without effect.
func notSent(err error) bool {
	var api *apiclient.Error
	return errors.As(err, &api) && api.Outcome == apiclient.NotApplied && api.Unavailable()
}

// heldBack reports whether a row was not tried after all: what was announced was taken back.
func heldBack(err error) bool {
	return errors.Is(err, errOld) || errors.Is(err, context.Canceled) || notSent(err)
}

// carryOut creates and assigns, or assigns. The error is that of the call that failed, already recorded.
func (j *job) carryOut(ctx context.Context, i int) (err error) {
	step, row := &j.plan.Steps[i], &j.roster.Rows[i]
	e := j.ledger.Lookup(row.Phone)
	if e.Status != ledger.Done {
		e.Name, e.ExtensionID, e.ExtensionNumber = row.Name, int64(step.Extension.ID), step.Extension.Number
	}
	attempts := e.Attempts
	defer func() {
		if e.Attempts > attempts && !heldBack(err) {
			j.acted[i]++
		}
	}()
	user := apiclient.ID(e.UserID) // known since the plan, or since this row was tried just now
	if step.Action == Create && user == 0 {
		if user, err = j.create(ctx, i, e); err != nil {
			return err
		}
	}
	return j.assign(ctx, i, e, user)
}

// create creates the row's user and returns the id. Before it sends a create of a phone that has an open one, it looks
// whether the user is there by now.
func (j *job) create(ctx context.Context, i int, e *ledger.Entry) (apiclient.ID, error) {
	if e.Open() {
		id, err := j.userByPhone(ctx, e.Phone)
		if err != nil {
			return 0, j.lookFailed(i, e, err)
		}
		if id != 0 {
			return id, j.created(i, e, apiclient.User{ID: id}, false)
		}
	}
	if err := j.ramp.enter(ctx); err != nil {
		return 0, &apiclient.Error{Op: apiclient.OpCreateAccountUser, Outcome: apiclient.NotApplied, Err: err}
	}
	madeNew := false
	defer func() { j.ramp.leave(madeNew) }()
	row := &j.roster.Rows[i]
	a := &attempt{job: j, entry: e, row: i}
	user, err := j.client.CreateAccountUser(ctx, apiclient.NewUser{FullName: row.Name, Phone: e.Phone.String(), Password: row.Password}, a.intent)
	if err != nil {
		return 0, a.failed(err)
	}
	older := j.ages.add(e, a.sent, user.CreatedAt, j.serverTime(a.sent))
	err = j.created(i, e, user, older)
	madeNew = err == nil && !older
	return user.ID, err
}

// serverTime returns the least that the server's clock can have shown at a moment of this process's clock, by all Dates until
// now; the zero time if there was none.
func (j *job) serverTime(at time.Time) time.Time {
	if _, told := j.client.Skew(); !told {
		return time.Time{}
	}
	earliest, _ := j.client.ServerTime()
	return earliest.Add(-time.Since(at))
}

// lookFailed records that it could not be found out whether the row's user is there. Where the API refuses the question,
// this run does not ask again.
func (j *job) lookFailed(i int, e *ledger.Entry, err error) error {
	if !j.stops(err) && !unavailable(err) {
		now, _ := j.client.ServerTime()
		j.answered[i] = true
		j.mark(i, uncertain)
		j.ledger.Explain(e, codeOf(apiError(err)), sentence(apiError(err)), now)
	}
	return err
}

// errMixedUp says that the answer to a create holds the id of another user.
var errMixedUp = errors.New("the answer holds the id of another user")

// created records the id of a user who was created, or found. older says that they were on the platform before.
func (j *job) created(i int, e *ledger.Entry, u apiclient.User, older bool) error {
	now, _ := j.client.ServerTime()
	if j.tenant.other(u.ID) || !j.claim(u.ID, e.Phone) {
		j.mark(i, uncertain)
		j.ledger.Explain(e, codeUnavailable, fmt.Sprintf("%v (%s): it is looked for", errMixedUp, u.ID), now)
		return errMixedUp
	}
	j.ledger.Created(e, int64(u.ID), older, now)
	j.noteMade(u.ID, e, !older)
	if older {
		j.replaced()
	}
	return nil
}

// claim notes whose id it is. It is false if another phone has it.
func (j *job) claim(id apiclient.ID, p phone.Number) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	owner, ok := j.owners[int64(id)]
	if !ok {
		j.owners[int64(id)] = p
	}
	return !ok || owner == p
}

// assign gives the row's extension to its user.
func (j *job) assign(ctx context.Context, i int, e *ledger.Entry, user apiclient.ID) error {
	x, warnings := j.plan.Steps[i].Extension, j.plan.Steps[i].Warnings
	err := j.client.AssignUserToExtension(ctx, x.ID, user, func() error { return j.ledger.Assigning(e) })
	now, _ := j.client.ServerTime()
	if err == nil {
		code, why := notes(e, warnings)
		j.ledger.Done(e, int64(x.ID), x.Number, code, why, now)
		j.mark(i, went)
		return nil
	}
	return j.assignFailed(i, e, err)
}

func (j *job) assignFailed(i int, e *ledger.Entry, err error) error {
	now, _ := j.client.ServerTime()
	api := apiError(err)
	switch {
	case j.stops(err), notSent(err): // the row is where it was
		return err
	case api.Outcome == apiclient.NotApplied:
		j.answered[i] = true
		j.fail(i, e, codeOf(api))
	default:
		j.mark(i, uncertain)
	}
	j.ledger.Explain(e, codeOf(api), sentence(api), now)
	return err
}

// stops ends the run if the error is one that concerns all rows.
func (j *job) stops(err error) bool {
	api := apiError(err)
	switch {
	case errors.Is(err, ledger.ErrNotWritable):
		j.stop(&Stop{Kind: LedgerFailed, Cause: ledgerError(err, j.ledger)})
	case api.Refused():
		j.stop(&Stop{Kind: Refused, Cause: err})
	default:
		return errors.Is(err, context.Canceled)
	}
	return true
}

func ledgerError(err error, l *ledger.Ledger) error {
	if failed := l.Err(); failed != nil {
		return failed
	}
	return err
}

// fail marks a row that has failed, anew or as it did before.
func (j *job) fail(i int, e *ledger.Entry, code string) {
	if j.before[e.Phone] == code {
		j.mark(i, failedAgain)
		return
	}
	j.mark(i, failedNew)
}

// mark notes what became of a row.
func (j *job) mark(i int, f fate) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.progress.move(j.fates[i], f)
	j.bad += weight(f) - weight(j.fates[i])
	j.fates[i] = f
}

func weight(f fate) int {
	if f == failedNew || f == uncertain {
		return 1
	}
	return 0
}

func (j *job) tooMany() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.bad > j.maxBad
}

// maxAlike is how many creates may be refused in the same words after they may have set a password.
const maxAlike = 5

// countAlike counts such a refusal, and stops the run when there are too many of one kind: the cause is not in the rows. Where
// earlier runs have left too many already, the first is one too many: nothing has been mended. Each lets one create go at a
// time again: it may be somebody whom the listing does not show.
func (j *job) countAlike(msg string) {
	j.ramp.restart()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.refusedAlike[msg]++
	switch {
	case j.refused > maxAlike && !j.opts.TrustListing:
		j.stop(stopAlike("the tenant still refuses creates: %q (in the result already: %d such rows)", msg, j.refused))
	case j.refusedAlike[msg] == maxAlike+1:
		j.stop(stopAlike("the tenant has refused %d creates in the same words: %q", maxAlike+1, msg))
	}
}

// stopAlike ends a run because of refusals that may have set a password each.
func stopAlike(format string, args ...any) *Stop {
	stop := stopf(TooManyErrors, format, args...)
	stop.Todo = "find out from eTelecom what is missing, and look whether these people are there; then delete the lines of those who are not from the result and run the same command again"
	return stop
}
