package importer

import (
	"cmp"
	"context"
	"errors"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// Input is what a run works on. Only EmployeeFile, Hooks, Progress, Jitter and Uptime may be zero.
type Input struct {
	Options Options
	Roster  *roster.Roster
	Client  *apiclient.Client
	BaseURL string    // of the client; names the account if the tenant does not tell its id
	FS      ledger.FS // where the ledger is
	Result  string    // path of the result CSV
	// EmployeeFile is the name of the employee file without its folder, if Result was derived from it; "" if the user named the
	// result.
	EmployeeFile string
	Hooks        Hooks
	Progress     *Progress
	// Jitter spreads waiting times; it returns numbers in [0, 1). Nil is chance. Tests that repeat a run set it.
	Jitter func() float64
	// Uptime tells which boot of the machine this is and how long ago it was; nil: the system does. An empty boot says that it
	// cannot be told. Tests in fake time set it.
	Uptime func() (boot string, up time.Duration)
}

// Run does the job, and returns how it ended. The error is a [Stop] if the run ended before its work was done, and
// another one if it could not begin: nothing was sent and nothing written then. The summary is nil if it could not begin, or
// was refused before there was a plan.
func Run(ctx context.Context, in Input) (*Summary, error) {
	began := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if d := in.Options.MaxDuration; d > 0 {
		limit := time.AfterFunc(d, func() {
			cancel(&Stop{Kind: TimeLimit, Cause: message.Errorf("the time of --max-duration (%v) is over", d)})
		})
		defer limit.Stop()
	}
	j, err := begin(ctx, in, cancel)
	if err != nil {
		return nil, err
	}
	j.began = began
	defer j.ledger.Close()
	err = j.reconcile(ctx)
	// A panic outweighs whatever else has ended the run: somebody has to correct the program.
	if bug := j.applier.end.panicked.Load(); bug != nil {
		err = bug
	}
	written, err := j.finish(err)
	if stop := new(Stop); j.plan == nil && errors.As(err, &stop) && stop.Kind == Refused {
		return nil, err // the key, or the ledger: nothing can be said of the rows
	}
	s := j.summary(err)
	s.Written, s.Seconds = written, time.Since(began).Seconds()
	return s, err
}

// job is one run: rounds of observing the tenant, planning, and applying the plan, and what it has to know from one to the next.
type job struct {
	in      Input
	ledger  *ledger.Ledger
	began   time.Time
	changes Changes

	// What observes and applies, and what it shares with the job.
	observer     *observer
	applier      *applier
	account      *account
	ids          *ids
	selection    *selection
	tally        *tally
	replaced     *replaced
	hidden       *hiddenPeople
	roleWarnings *roleWarnings
	confirmation *confirmation

	plan  *plan.Plan       // made from the newest observation; nil before the first
	seen  seen             // of the newest observation
	first plan.Counts      // of the first plan
	given []GivenExtension // by the first plan
	told  *news            // of how the run ended; nil before that

	untold bool // the caller could not take the plan, and will not tell how the run ended
}

// seen is what is kept of an observation once the plan is made. The rest is as large as the roster, and a run can take hours.
type seen struct {
	usersKnown bool
	users      int // how many the listing has
	masks      tenant.Masks
}

// HaveUsers returns a function that tells which rows have a user in the ledger: what [roster.Roster.Judge] leaves alone.
func HaveUsers(r *roster.Roster, l *ledger.Ledger) func(row int) bool {
	// rule: done-not-judged
	return func(row int) bool { return l.Lookup(r.Rows[row].Phone).HasUser() }
}

// Judge tells a roster what the ledger knows of its rows: whose names and passwords are not needed any more, and who needs no extension
// in the employee file. free says that rows without one get a free one.
func Judge(r *roster.Roster, l *ledger.Ledger, free bool) {
	r.GiveExtensions(func(row int) bool { return free || l.Lookup(r.Rows[row].Phone).HoldsExtension() })
	r.Judge(HaveUsers(r, l))
}

// begin takes the ledger and asks whose account the key is of. cancel ends the run: no further row is started.
func begin(ctx context.Context, in Input, cancel context.CancelCauseFunc) (*job, error) {
	// The ledger comes before the first call: a run that finds another one at work ends here.
	l, err := openLedger(in)
	if err != nil {
		return nil, err
	}
	if err := checkSameList(&in, l); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	changes := FindChanges(in.Roster, l)
	if err := checkGone(&in, changes.Gone); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	Judge(in.Roster, l, !in.Options.FreeExtensions.Empty())
	if in.Hooks.OnJudged != nil {
		in.Hooks.OnJudged(in.Roster)
	}
	// Read the clock now, before the first call: the wait for old creates is counted from here, so a slow tenant does not make it
	// longer.
	moment := momentOf(in.Uptime)
	l.Reckon(moment())
	in.Progress = cmp.Or(in.Progress, &Progress{})
	j := &job{
		in: in, ledger: l, changes: changes,
		ids:          newIDs(),
		selection:    newSelection(in.Roster, l, in.Options.Rounds),
		tally:        newTally(len(in.Roster.Rows), in.Progress),
		replaced:     &replaced{},
		roleWarnings: newRoleWarnings(in.Client, l),
		confirmation: newConfirmation(in.Options.Settle),
	}
	opts := &j.in.Options
	end, ramp := &killSwitch{cancel: cancel, ledger: l}, newRamp(opts.TrustListing)
	breaker := newBreaker(maxOutage(opts), in.Client.Probe, in.Progress.Wait)
	if in.Jitter != nil {
		breaker.jitter = in.Jitter
	}
	fresh := &freshness{client: in.Client, progress: in.Progress, ids: j.ids, maxAge: opts.Fresh, settle: opts.Settle}
	j.hidden = newHiddenPeople(opts, end, ramp)
	j.applier = &applier{
		client: in.Client, ledger: l, rows: in.Roster.Rows, workers: opts.Workers, moment: moment, ramp: ramp, ages: newAccountAges(),
		selection: j.selection, tally: j.tally, ids: j.ids, end: end, breaker: breaker, replaced: j.replaced,
		hidden: j.hidden, freshness: fresh, roleWarnings: j.roleWarnings, confirmation: j.confirmation,
	}
	j.account = newAccount(ctx, in.Client, in.BaseURL, l, in.Options.Account)
	j.account.file = in.EmployeeFile
	j.observer = &observer{
		client: in.Client, opts: opts, progress: in.Progress, warn: j.warn, account: j.account, ids: j.ids, freshness: fresh,
		breaker: breaker, end: end,
	}
	for e := range l.Entries() {
		j.loadEntry(e)
	}
	j.warnOfDamage()
	return j, nil
}

func openLedger(in Input) (*ledger.Ledger, error) {
	if in.Options.DryRun {
		return ledger.Read(in.FS, in.Result)
	}
	return ledger.Open(in.FS, in.Result, ledger.DescribeProcess(time.Now()))
}

// momentOf returns what reads the clocks that nobody can set.
func momentOf(up func() (string, time.Duration)) func() ledger.Moment {
	if up == nil {
		up = uptime
	}
	return func() ledger.Moment {
		boot, up := up()
		return ledger.Moment{Boot: boot, Up: up, Here: time.Now()}
	}
}

// maxOutage returns how long the run waits for an API that is down; 0 for no limit, if --max-duration ends the waiting.
func maxOutage(o *Options) time.Duration {
	if o.MaxDuration > 0 {
		return 0
	}
	return defaultMaxOutage
}

// loadEntry remembers the code and id that an entry had before this run, and bounds the times of its open creates.
func (j *job) loadEntry(e *ledger.Entry) {
	if code, _ := e.Reason(); code != "" {
		j.tally.previous[e.Phone] = code
	}
	if e.UserID != 0 {
		j.ids.claim(apiclient.ID(e.UserID), e.Phone)
	}
	_, latest := j.in.Client.ServerTime()
	e.BoundIntents(latest.Add(apiclient.IntentTTL))
}

// warnOfDamage says that ids are not in the result as they should be, once for the file.
func (j *job) warnOfDamage() {
	rows := 0
	for i := range j.in.Roster.Rows {
		if e := j.ledger.Lookup(j.in.Roster.Rows[i].Phone); e != nil && e.Damaged() {
			rows++
		}
	}
	if rows > 0 {
		j.warn(message.Sprintf("a spreadsheet has rounded ids in %s (rows: %d): they are read again from the tenant, as far as it shows them", j.ledger.Path(), rows))
	}
}

func (j *job) warn(text string) {
	if j.in.Hooks.OnWarning != nil {
		j.in.Hooks.OnWarning(text)
	}
}

// reconcile observes, plans and applies until there is nothing more to do. A nil error says that all was done that can be done now.
func (j *job) reconcile(ctx context.Context) error {
	if err := j.refresh(ctx, true); err != nil {
		return Ended(ctx, err)
	}
	if err := j.confirm(ctx); err != nil || j.in.Options.DryRun {
		return err
	}
	for {
		// Rows that were refused or lost in the last round may be found to be well by the observation, so this is asked after it.
		if j.tally.exceeded() {
			return &Stop{Kind: TooManyErrors, Cause: message.Errorf("more than %d rows of this run have failed or are unknown (--max-errors)", j.tally.maxFailures)}
		}
		if rows := j.selection.order(j.plan); len(rows) > 0 {
			if err := j.applier.apply(ctx, j.plan, rows); err != nil {
				return err
			}
			if j.replaced.exceeded() {
				if err := j.confirmReplaced(); err != nil {
					return err
				}
			}
			j.roleWarnings.lookAtRoles(ctx)
			if !j.selection.unfinished(rows, j.plan, j.tally) {
				return nil
			}
		} else {
			// Nothing can be done now, but some row may wait for a create to settle: another round can plan it.
			again, err := j.wait(ctx)
			if err != nil {
				return Ended(ctx, err)
			}
			if !again {
				return nil
			}
		}
		if err := j.refresh(ctx, false); err != nil {
			return Ended(ctx, err)
		}
	}
}

// refresh observes the tenant, makes the plan and records what it found. If the listing may be behind what this run has assigned, it observes
// again.
func (j *job) refresh(ctx context.Context, first bool) error {
	if first {
		_, err := j.look(ctx, j.observer.first, true)
		return err
	}
	if err := j.waitToConfirm(ctx, j.confirmation.begin()); err != nil {
		return err
	}
	for pause := confirmPause; ; pause *= 2 {
		behind, err := j.look(ctx, j.observer.again, false)
		if err != nil {
			return err
		}
		if behind.IsZero() {
			j.recordChosen()
			return nil
		}
		until := time.Now().Add(pause)
		if until.After(behind) {
			until = behind
		}
		if err := j.waitToConfirm(ctx, until); err != nil {
			return err
		}
	}
}

// free says which extensions the rows may get that name none.
func (j *job) free() plan.Free {
	return plan.Free{Numbers: j.in.Options.FreeExtensions, Hotline: apiclient.ID(j.in.Options.Hotline)}
}

// look observes the tenant, makes the plan and records what it found. behind is until when the listing of extensions may be behind what this
// run has assigned; zero if it is not.
func (j *job) look(ctx context.Context, observe func(context.Context, *tenant.Query) (*tenant.Snapshot, error), first bool) (behind time.Time, _ error) {
	free, began := j.free(), time.Now()
	s, err := observe(ctx, plan.Needs(j.in.Roster, j.ledger, free))
	if err != nil {
		return behind, err
	}
	// Without a listing, nobody can tell who is hidden from it.
	if s.UsersKnown {
		if warning := j.hidden.learn(j.ledger, s, j.ids); first && warning != "" {
			j.warn(warning)
		}
	}
	p := plan.Make(j.in.Roster, j.ledger, s, plan.Options{
		Adopt: j.in.Options.Adopt, TrustListing: j.in.Options.TrustListing, Settle: j.in.Options.Settle, Free: free,
	})
	// --limit chooses among the rows of the first plan. In later rounds the same rows are allowed, whatever their steps are then.
	if first && j.in.Options.Limit > 0 {
		j.selection.limit(j.in.Options.Limit, p)
	}
	p.Defer(j.selection.allows)
	if s.ExtensionsKnown {
		behind = j.confirmation.behind(p, began)
	}
	if why := p.Choose(j.in.Roster, j.ledger, s, free); why != nil {
		return behind, &Stop{Kind: Refused, Cause: hint.With(message.Errorf("%w: %s", ErrNoChoice, why.Problem), why.Hint)}
	}
	j.plan, j.seen = p, seen{s.UsersKnown, s.UserCount, s.Masks}
	if first {
		j.given = givenExtensions(j.in.Roster, p, s)
	}
	// What was found is recorded before anything is done: a crash must not lose an id that was seen. In the first round it is
	// kept in memory, and begins the journal that is made before the first create.
	j.record(s)
	j.updateOutcomes()
	return behind, nil
}

// recordChosen puts into the ledger which extensions the plan has chosen: those of the first plan once somebody has agreed to them. A row
// for which this run has acted before, and which gets another one now, can be acted on again: somebody else has the first one.
func (j *job) recordChosen() {
	now, _ := j.in.Client.ServerTime()
	for i := range j.plan.Steps {
		step, row := &j.plan.Steps[i], &j.in.Roster.Rows[i]
		if !step.GivesChosen() {
			continue
		}
		e := j.ledger.GetOrAdd(row.Phone)
		if e.Chosen && e.ExtensionID == int64(step.Extension.ID) {
			continue
		}
		j.ledger.RecordChosen(e, cmp.Or(row.Name, e.Name), int64(step.Extension.ID), step.Extension.Number, now)
		if e.HasUser() && j.selection.tries[i] > 0 {
			j.selection.final[i] = false
			j.tally.set(i, notRun)
		}
	}
}

// confirm shows the first plan, asks whether to carry it out, and begins the journal.
func (j *job) confirm(ctx context.Context) error {
	j.first = j.plan.Counts()
	writes := j.first.Writes()
	j.tally.limit(j.in.Options.MaxErrors, j.first)
	j.replaced.limit(j.in.Options.MaxReplaced, j.first)
	j.in.Progress.total.Store(int64(writes + j.first.Wait))
	p := &Plan{Plan: j.plan, Account: j.account.named, Doubts: j.account.identity.Doubts(), Listed: j.seen.users, Fresh: j.applier.freshness.limit(), Changes: j.changes}
	p.Blind = j.in.Options.Blind && !j.seen.usersKnown
	if j.in.Hooks.OnPlan != nil {
		if err := j.in.Hooks.OnPlan(p); err != nil {
			j.untold = true
			return err
		}
	}
	switch {
	case j.in.Options.DryRun:
		return nil
	case j.in.Options.Strict && j.first.Refuse > 0:
		return &Stop{Kind: Strict, Cause: message.Errorf("%s to be refused, and --strict sends nothing then", message.Count(j.first.Refuse, "row has", "rows have"))}
	case !p.MayWrite(): // nothing will be sent, so nobody is asked, and no journal is needed
		return nil
	}
	if j.first.Create > 0 {
		if err := j.hidden.check(j.seen); err != nil {
			return err
		}
	}
	if j.in.Hooks.Confirm != nil {
		asked, err := j.agree(p)
		if err != nil {
			return &Stop{Kind: Declined, Cause: err}
		}
		if asked {
			if err := j.stillFree(ctx); err != nil {
				return err
			}
		}
	}
	j.recordChosen() // before Begin, which makes durable what is in no file yet
	if err := j.ledger.Begin(j.account.owner()); err != nil {
		return &Stop{Kind: LedgerFailed, Cause: err}
	}
	return nil
}

// agree asks whether to carry out the plan; asked says that somebody had to answer. What the person may have done to the result meanwhile, such
// as putting an older one back, is neither overwritten nor ignored.
func (j *job) agree(p *Plan) (asked bool, err error) {
	err = j.in.Hooks.Confirm(p, func(waiting bool) {
		asked = true
		j.setWaiting(waiting)
	})
	if err == nil && asked {
		if err = j.ledger.CheckUntouched(); err != nil {
			err = message.Errorf("%w; nothing was sent", err)
		}
	}
	return asked, err
}

// stillFree reads the tenant again, after an answer that may have taken long, if the plan gives free extensions. The person has agreed to these
// numbers: if one is not free any more, nothing is sent, and the next run asks with others.
func (j *job) stillFree(ctx context.Context) error {
	if len(j.given) == 0 {
		return nil
	}
	q := plan.Needs(j.in.Roster, j.ledger, j.free())
	for i := range j.given {
		q.Extensions = append(q.Extensions, j.plan.Steps[j.given[i].row].Extension.ID)
	}
	s, err := j.observer.again(ctx, q)
	if err != nil {
		return Ended(ctx, err)
	}
	for i := range j.given {
		g := &j.given[i]
		step := &j.plan.Steps[g.row]
		x, _ := s.Extension(step.Extension.ID)
		isTheirs := step.User != 0 && x.User == step.User // an assign of an earlier run was late
		isSame := x == step.Extension && s.HotlineOf(x.ID) == g.hotline
		if s.ExtensionsKnown && !isSame && !isTheirs {
			why := message.Errorf("while the question was waiting, extension %s (line %d) was given to somebody or changed; nothing was sent", g.Number, g.Line)
			return &Stop{Kind: Declined, Cause: hint.With(why, message.T("run again: the plan then shows numbers that are free"))}
		}
	}
	return nil
}

// setWaiting is told when a person is asked, and when they have answered.
func (j *job) setWaiting(waiting bool) {
	j.ledger.SetWaiting(waiting)
	if !waiting {
		j.applier.freshness.answered = time.Now()
	}
}

// confirmReplaced asks whether to continue although more passwords were replaced than --max-replaced allows.
func (j *job) confirmReplaced() error {
	var ask func(people int) bool
	if hook := j.in.Hooks.ConfirmReplaced; hook != nil {
		ask = func(people int) bool { return hook(people, j.setWaiting) }
	}
	return j.replaced.confirm(ask, len(j.in.Roster.Rows))
}

// record puts what the observation has found into the ledger.
func (j *job) record(s *tenant.Snapshot) {
	now, _ := j.in.Client.ServerTime()
	// Ids come first: what is done with an id relies on it.
	for _, d := range j.plan.Discovered {
		j.ids.claim(d.User, d.Phone)
		j.ledger.RecordCreated(j.ledger.GetOrAdd(d.Phone), int64(d.User), false, now)
	}
	for _, r := range j.plan.Restored {
		e := j.ledger.GetOrAdd(r.Phone)
		code, why := e.Reason()
		j.ledger.RecordDone(e, int64(r.Extension.ID), r.Extension.Number, code, why, now)
	}
	j.roleWarnings.takeBack(s)
	for i := range j.plan.Steps {
		step, row := &j.plan.Steps[i], &j.in.Roster.Rows[i]
		if !step.Satisfied {
			continue
		}
		e := j.ledger.GetOrAdd(row.Phone)
		e.Name = cmp.Or(row.Name, e.Name)
		if e.UserID == 0 { // the user was there before, and has the extension
			j.ids.claim(step.User, row.Phone)
			j.ledger.RecordCreated(e, int64(step.User), false, now)
		}
		before, _ := e.Reason()
		code, why := plan.Notes(e, step.Warnings|plan.WarningsOf(before)&plan.ShortPassword) // of a row that was not confirmed yet
		j.ledger.RecordDone(e, int64(step.Extension.ID), step.Extension.Number, code, why, now)
	}
}

// updateOutcomes corrects what became of the rows that this run has acted on: looking may have found what was unknown.
func (j *job) updateOutcomes() {
	for i, tries := range j.selection.tries {
		if tries == 0 {
			continue
		}
		e := j.ledger.Lookup(j.in.Roster.Rows[i].Phone)
		switch {
		case e == nil:
		case e.Status == ledger.Done && j.plan.Steps[i].Action == plan.NoOp:
			j.tally.set(i, succeeded)
		case e.Status == ledger.Created && j.tally.of(i) == unknown:
			j.tally.set(i, notRun)
		}
	}
}

// wait stays until the first of the waiting rows settles. again is false if none will, or none may be acted on any more.
func (j *job) wait(ctx context.Context) (again bool, err error) {
	if j.plan.RetryAt.IsZero() || !j.selection.mayActLater(j.plan) {
		return false, nil
	}
	// At least a second: a row that has just settled needs a new listing, and must not be asked for without pause.
	d := max(time.Until(j.plan.RetryAt), time.Second)
	j.in.Progress.Wait(message.T("an unanswered create may still take effect"), time.Now().Add(d))
	defer j.in.Progress.Wait("", time.Time{})
	return true, sleep(ctx, d)
}

// waitToConfirm stays until a moment, for the listing to show what was assigned.
func (j *job) waitToConfirm(ctx context.Context, until time.Time) error {
	if d := time.Until(until); d > 0 {
		j.in.Progress.Wait(message.T("the list may show assigned extensions late"), until)
		defer j.in.Progress.Wait("", time.Time{})
		return sleep(ctx, d)
	}
	return nil
}

// finish records the run: the result CSV, then the journal. written says that the result was.
func (j *job) finish(err error) (written bool, _ error) {
	var stop *Stop
	declined := errors.As(err, &stop) && stop.Kind == Declined
	// Nothing was done, so that there is nothing to record: an earlier result stays as it is.
	nothingDone := declined || j.untold || j.plan == nil
	if j.in.Options.DryRun || nothingDone {
		return false, err
	}
	if failed := j.ledger.Finish(j.account.owner(), j.end().lines()); failed != nil {
		return false, &Stop{Kind: LedgerFailed, Cause: errors.Join(failed, err)}
	}
	return true, err
}

// rowStates says of the rows what is known now. Before the first plan, that is what the ledger has.
func (j *job) rowStates() *rowStates {
	r := &rowStates{roster: j.in.Roster, ledger: j.ledger, plan: j.plan, accountID: j.account.named.ID, dryRun: j.in.Options.DryRun}
	if r.plan == nil {
		r.plan = plan.Unobserved(len(j.in.Roster.Rows))
		return r
	}
	r.observed = true
	r.blind = j.in.Options.Blind && !j.seen.usersKnown
	return r
}

// end is rowStates at the end of the run, when it is certain what there is to tell.
func (j *job) end() *rowStates {
	r := j.rowStates()
	if j.told == nil {
		j.told = newNews(r, j.tally, j.began, time.Duration(j.in.Options.Remind))
	}
	r.told = j.told
	return r
}

// summary says how the run ended, by the error that has ended it.
func (j *job) summary(err error) *Summary {
	s := j.end().summarize(j.tally)
	s.SetChanges(j.changes)
	s.FailOn, s.DetailedExitcode = j.in.Options.FailOn, j.in.Options.DetailedExitcode
	s.Account = AccountSummary{j.account.named.ID, j.account.named.Name}
	s.FreeExtensions = compare(j.given, j.in.Roster, j.ledger)
	s.DryRun, s.Plan, s.Requests = j.in.Options.DryRun, j.first, j.in.Client.Stats().Requests
	if stop := new(Stop); errors.As(err, &stop) {
		s.Stopped = stop.Kind.String()
		// Ids that no file holds are told, so that a person can write them down.
		if stop.Kind == LedgerFailed {
			s.Unrecorded = j.ledger.Unpersisted()
		}
	}
	return s
}
