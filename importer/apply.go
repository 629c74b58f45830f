package importer

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// applier carries out the steps of a plan: it creates users and assigns extensions, and records each step in the ledger
// before the next one depends on it.
type applier struct {
	client  *apiclient.Client
	ledger  *ledger.Ledger
	rows    []roster.Row
	workers int
	moment  func() ledger.Moment // reads the clocks that nobody can set

	plan *plan.Plan // that is carried out

	selection    *selection
	tally        *tally
	ids          *ids
	end          *killSwitch
	breaker      *breaker
	ramp         *ramp
	ages         *accountAges
	replaced     *replaced
	hidden       *hiddenPeople
	freshness    *freshness
	roleWarnings *roleWarnings
	confirmation *confirmation
}

// errPassEnded ends a pass over the rows early, so that the tenant is read again. Either too many rows have a problem, and
// reading the tenant may resolve some of them; or the listing is too old.
var errPassEnded = message.New("the tenant must be read again first")

// apply carries out the plan's steps of the given rows. If the listing gets too old on the way, it looks for users who have
// joined since, and continues as long as the plan holds. A nil error says that the run continues, not that all rows were acted on.
func (a *applier) apply(ctx context.Context, p *plan.Plan, rows []int) error {
	a.plan = p
	for {
		a.freshness.stale.Store(false)
		err := a.pass(ctx, rows)
		// A create shows how far the tenant's clock is ahead, and by that, that users of earlier creates were there before.
		a.recordReplaced()
		if err != nil || !a.freshness.stale.Load() {
			return err
		}
		// Whether the run continues is decided after an observation, or by a person.
		if a.tally.exceeded() || a.replaced.exceeded() {
			return nil
		}
		holds, err := a.planHolds(ctx)
		if err != nil {
			return Ended(ctx, err)
		}
		if rows = a.selection.untried(rows); !holds || len(rows) == 0 {
			return nil
		}
	}
}

// planHolds looks for users who have joined since the listing that the plan relies on. The plan holds if nobody whom it would
// create is among them. If somebody is, the whole tenant must be observed again.
func (a *applier) planHolds(ctx context.Context) (holds bool, err error) {
	var phones []phone.Number
	for i := range a.plan.Steps {
		if a.plan.Steps[i].Action == plan.Create {
			phones = append(phones, a.rows[i].Phone)
		}
	}
	slices.Sort(phones)
	holds, err = a.freshness.readNewest(apiclient.Repeated(ctx), phones)
	if err != nil && unavailable(err) {
		err = a.breaker.awaitRecovery(ctx, func(ctx context.Context) (err error) {
			holds, err = a.freshness.readNewest(ctx, phones)
			return err
		})
	}
	return holds, err
}

// pass acts on the given rows, each once, until all are done or something ends the pass early.
func (a *applier) pass(ctx context.Context, rows []int) error {
	pass, end := context.WithCancelCause(ctx)
	defer end(nil)
	// The workers look entries up at the same time, and must not make any: that would change the ledger's map.
	for _, i := range rows {
		a.ledger.GetOrAdd(a.rows[i].Phone)
	}
	var next atomic.Int64
	work := func() error {
		for pass.Err() == nil {
			n := int(next.Add(1)) - 1
			if n >= len(rows) {
				return nil
			}
			a.row(pass, rows[n])
			// Rows in flight finish; no further row of this pass starts.
			if a.tally.exceeded() || a.replaced.exceeded() || a.freshness.stale.Load() {
				end(errPassEnded)
			}
		}
		return nil
	}
	var g errgroup.Group
	for range min(max(a.workers, 1), len(rows)) {
		g.Go(work)
	}
	err := g.Wait()
	// errgroup returns nil if the context was cancelled: whoever cancelled it said why.
	if err == nil && ctx.Err() != nil {
		err = Ended(ctx, nil)
	}
	return err
}

// row carries out one step. If the API was down and nothing was applied, it tries the step again. A panic ends the run but not
// the process, and the row's intent stays open.
func (a *applier) row(ctx context.Context, i int) {
	defer func() {
		if v := recover(); v != nil {
			a.tally.set(i, unknown)
			a.end.pull(a.end.bug(message.Sprintf("row of line %d", a.rows[i].Line), v))
		}
	}()
	for ctx.Err() == nil {
		done, err := a.breaker.Allow(ctx)
		if err != nil {
			if ctx.Err() == nil { // otherwise whoever cancelled it has said why, and perhaps only this pass has ended
				a.end.pull(stopOf(err))
			}
			return
		}
		err = a.execute(ctx, i)
		done(conclusive(err))
		if !notSent(err) {
			return
		}
	}
}

// execute creates and assigns, or assigns. The error is that of the call that failed, already recorded.
func (a *applier) execute(ctx context.Context, i int) (err error) {
	step, row := &a.plan.Steps[i], &a.rows[i]
	e := a.ledger.Lookup(row.Phone)
	// An entry that is done keeps its extension until another one is assigned. One that was chosen is in the ledger already.
	switch name := cmp.Or(row.Name, e.Name); {
	case e.Status == ledger.Done:
	case step.Chosen:
		e.Name = name
	default:
		a.ledger.Want(e, name, int64(step.Extension.ID), step.Extension.Number)
	}
	// A row may fail before any call is sent: that is no try. The ledger counts the attempts, so a higher count means a try.
	attempts := e.Attempts
	defer func() {
		if e.Attempts > attempts && !heldBack(err) {
			a.selection.tries[i]++
		}
	}()
	user := apiclient.ID(e.UserID) // known since the plan, or since this row was tried a moment ago
	if step.Action == plan.Create && user == 0 {
		if user, err = a.create(ctx, i, e); err != nil {
			return err
		}
	}
	return a.assign(ctx, i, e, user)
}

// create creates the row's user and returns the id. If an earlier create of this phone is open, it first looks whether the user
// exists by now.
func (a *applier) create(ctx context.Context, i int, e *ledger.Entry) (apiclient.ID, error) {
	// rule: look-first
	if e.Open() {
		id, err := tenant.FindUser(ctx, a.client, e.Phone)
		if err != nil {
			return 0, a.lookFailed(i, e, err)
		}
		if id != 0 {
			return id, a.created(i, e, apiclient.User{ID: id}, false)
		}
	}
	// The ramp comes before the slot of the request: what waits here must not use up the rate.
	if err := a.ramp.enter(ctx); err != nil {
		return 0, &apiclient.Error{Op: apiclient.OpCreateAccountUser, Outcome: apiclient.NotApplied, Err: err}
	}
	createdNew := false
	defer func() { a.ramp.leave(createdNew) }()
	row := &a.rows[i]
	try := &attempt{applier: a, entry: e, row: i}
	user, err := a.client.CreateAccountUser(ctx, apiclient.NewUser{FullName: row.Name, Phone: e.Phone.String(), Password: row.Password}, try.intent)
	if err != nil {
		return 0, try.failed(err)
	}
	// A success does not show that the user is new. If they were on the platform before, the API sets their password and also
	// reports success.
	older := a.ages.add(e, try.sent, user.CreatedAt, a.serverTime(try.sent))
	err = a.created(i, e, user, older)
	createdNew = err == nil && !older
	return user.ID, err
}

// serverTime returns the earliest time that the server's clock can have shown at a moment of this process's clock. This follows
// from the Date headers of all answers until now. Without any Date, it returns the zero time.
func (a *applier) serverTime(at time.Time) time.Time {
	if _, told := a.client.Skew(); !told {
		return time.Time{}
	}
	earliest, _ := a.client.ServerTime()
	return earliest.Add(-time.Since(at))
}

// lookFailed records that the search for the row's user failed, so that nobody knows whether they exist. If the API refuses the
// search, this run does not repeat it.
func (a *applier) lookFailed(i int, e *ledger.Entry, err error) error {
	if !a.end.pullIfFatal(err) && !unavailable(err) {
		now, _ := a.client.ServerTime()
		a.selection.final[i] = true
		a.tally.set(i, unknown)
		a.ledger.SetReason(e, codeOf(apiError(err)), describe(apiError(err)), now)
	}
	return err
}

// errForeignID says that the answer to a create holds the id of another user.
var errForeignID = message.New("the answer holds the id of another user")

// created records the id of a user who was created, or found. older says that they were on the platform before.
func (a *applier) created(i int, e *ledger.Entry, u apiclient.User, older bool) error {
	now, _ := a.client.ServerTime()
	// rule: own-ids
	if a.ids.isListed(u.ID) || !a.ids.claim(u.ID, e.Phone) {
		// Two answers were mixed up. The intent stays open, so that the user is looked for by phone.
		a.tally.set(i, unknown)
		a.ledger.SetReason(e, reason.Unavailable, message.Sprintf("%v (%s): it is looked for", errForeignID, u.ID), now)
		return errForeignID
	}
	a.ledger.RecordCreated(e, int64(u.ID), older, now)
	a.roleWarnings.add(u.ID, e)
	if older {
		a.replaced.add()
	} else {
		a.hidden.createdNew()
	}
	return nil
}

// assign gives the row's extension to its user.
func (a *applier) assign(ctx context.Context, i int, e *ledger.Entry, user apiclient.ID) error {
	x, warnings := a.plan.Steps[i].Extension, a.plan.Steps[i].Warnings
	err := a.client.AssignUserToExtension(ctx, x.ID, user, func() error { return a.ledger.BeginAssign(e) })
	if err != nil {
		return a.assignFailed(i, e, err)
	}
	now, _ := a.client.ServerTime()
	code, why := plan.Notes(e, warnings)
	a.tally.set(i, succeeded)
	// rule: confirm-chosen
	if a.plan.Steps[i].Chosen {
		// Another program may have chosen the same extension, and both assigns may be answered with success: the later one wins. So the
		// row is done only when a listing that begins from now on shows the extension with its user.
		a.confirmation.sent(i, x.ID, true)
		a.ledger.SetReason(e, ledger.JoinCodes(reason.ExtensionUnconfirmed, code), joined(unconfirmed(x), why), now)
		return nil
	}
	a.ledger.RecordDone(e, int64(x.ID), x.Number, code, why, now)
	return nil
}

// joined lists two texts one after the other; the second may be empty.
func joined(first, second string) string {
	if second == "" {
		return first
	}
	return first + "; " + second
}

// unconfirmed says why a row is not done whose assign was answered with success.
func unconfirmed(x tenant.Extension) string {
	return message.Sprintf("extension %s (%s) was assigned, and no listing has shown it with this user yet", x.ID, x.Number) +
		hintAfter(reason.ExtensionUnconfirmed)
}

func (a *applier) assignFailed(i int, e *ledger.Entry, err error) error {
	now, _ := a.client.ServerTime()
	api := apiError(err)
	switch {
	case a.end.pullIfFatal(err), notSent(err): // the row is where it was
		return err
	case api.Outcome == apiclient.NotApplied: // refused: it would be refused again
		a.selection.final[i] = true
		a.tally.fail(i, e.Phone, codeOf(api))
	default: // it may have been assigned: the next observation tells
		a.tally.set(i, unknown)
		if step := &a.plan.Steps[i]; step.Chosen {
			a.confirmation.sent(i, step.Extension.ID, false)
		}
	}
	a.ledger.SetReason(e, codeOf(api), describe(api), now)
	return err
}

// recordReplaced records those of whom it has turned out later that they were on the platform before.
func (a *applier) recordReplaced() {
	now, _ := a.client.ServerTime()
	for _, e := range a.ages.takeLate() {
		a.ledger.RecordReplaced(e, now)
		a.replaced.add()
	}
}

// conclusive reports whether a row got usable answers. Many rows without one, directly after each other, are an outage, whatever
// the errors look like.
func conclusive(err error) bool {
	if err == nil {
		return true
	}
	var api *apiclient.Error
	return errors.As(err, &api) && api.Outcome != apiclient.Unknown && !api.Unavailable()
}

// notSent reports whether a call failed for want of a connection or of a slot, without effect.
func notSent(err error) bool {
	var api *apiclient.Error
	return errors.As(err, &api) && api.Outcome == apiclient.NotApplied && api.Unavailable()
}

// heldBack reports whether a row was not tried after all: its intent was taken back.
func heldBack(err error) bool {
	return errors.Is(err, errOld) || errors.Is(err, context.Canceled) || notSent(err)
}
