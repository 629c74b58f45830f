package importer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// Input is what a run works on. Only Hooks, Progress and Jitter may be zero.
type Input struct {
	Options  Options
	Roster   *roster.Roster
	Client   *apiclient.Client
	BaseURL  string    // of the client; stands for the account where the tenant does not tell its id
	FS       ledger.FS // where the ledger is
	Result   string    // path of the result CSV
	Hooks    Hooks
	Progress *Progress
	// Jitter spreads waiting times; it returns numbers in [0, 1). Nil is chance. Tests that repeat a run set it.
	Jitter func() float64
	// Uptime tells which boot of the machine this is and how long ago it was; nil: the system does. An empty boot says that it
	// cannot be told. Tests in fake time set it.
	Uptime func() (boot string, up time.Duration)
}

// job is one run.
type job struct {
	opts     Options
	roster   *roster.Roster
	client   *apiclient.Client
	ledger   *ledger.Ledger
	hooks    Hooks
	progress *Progress
	breaker  *breaker
	uptime   func() (boot string, up time.Duration)
	stop     context.CancelCauseFunc // ends the starting of rows, with a *Stop

	account *account

	before   map[phone.Number]string // the error codes that the ledger had when the run began
	plan     *plan.Plan              // made from the newest observation; nil before the first
	first    *plan.Counts            // of the first one
	seen     seen                    // of the newest observation
	chosen   map[int]bool            // the rows that --limit allows; nil for all
	acted    []int32                 // how often each row was acted on
	written  bool                    // the result CSV was
	answered []bool                  // rows that got an answer which is final for this run
	maxBad   int                     // --max-errors in rows

	panicked atomic.Pointer[Stop] // the first panic

	mu    sync.Mutex
	fates []fate
	bad   int // new failures and unknowns among the fates
	ids   *ids

	views       views
	stale       atomic.Bool // a create was held back, since the listing is too old
	ramp        *ramp
	ages        *ages
	met         int  // people whom the listing does not show and who are there, over all runs
	metNow      int  // of them, in this one
	refused     int  // people whose creates were refused for another reason before the last observation, and who are not listed
	shownBefore bool // the listing shows somebody whom an earlier run has made
	madeNew     bool // this run has made a new user
	replacedNow int  // users of this run's creates who were on the platform before
	maxReplaced int  // --max-replaced in rows

	made      map[apiclient.ID]*ledger.Entry // users whom this run has created
	rolesSeen bool                           // it has looked whether they have a role

	refusedAlike map[string]int // creates that the tenant refused after it may have set a password, by its words
}

// Run does the job, and returns how it ended. The error is a [Stop] if the run ended before its work was done, and
// another one if it could not begin: nothing was sent and nothing written then. The summary is nil if it could not begin, or
// was refused before there was a plan.
func Run(ctx context.Context, in Input) (*Summary, error) {
	began := time.Now()
	j := newJob(in)
	ctx, j.stop = context.WithCancelCause(ctx)
	defer j.stop(nil)
	if d := j.opts.MaxDuration; d > 0 {
		box := time.AfterFunc(d, func() { j.stop(stopf(TimeBox, "the time box of %v is over", d)) })
		defer box.Stop()
	}
	if err := j.open(ctx, in); err != nil {
		return nil, err
	}
	defer j.ledger.Close()
	err := j.rounds(ctx)
	if bug := j.panicked.Load(); bug != nil {
		err = bug
	}
	err = j.end(err)
	if stop := new(Stop); j.plan == nil && errors.As(err, &stop) && stop.Kind == Refused {
		return nil, err // the key, or the ledger: nothing can be said of the rows
	}
	s := j.summary(err)
	s.Seconds = time.Since(began).Seconds()
	return s, err
}

func newJob(in Input) *job {
	rows := len(in.Roster.Rows)
	j := &job{
		opts: in.Options, roster: in.Roster, client: in.Client, hooks: in.Hooks, progress: in.Progress,
		acted: make([]int32, rows), answered: make([]bool, rows), fates: make([]fate, rows),
		before: map[phone.Number]string{}, ids: newIDs(), refusedAlike: map[string]int{}, made: map[apiclient.ID]*ledger.Entry{},
	}
	if j.progress == nil {
		j.progress = &Progress{}
	}
	j.ramp, j.ages = newRamp(j.opts.TrustListing), newAges()
	maxOutage := defaultMaxOutage
	if j.opts.MaxDuration > 0 {
		maxOutage = 0
	}
	j.breaker = newBreaker(maxOutage, j.client.Probe, j.progress.wait)
	if j.uptime = in.Uptime; j.uptime == nil {
		j.uptime = uptime
	}
	if in.Jitter != nil {
		j.breaker.jitter = in.Jitter
	}
	return j
}

// moment reads the clocks that nobody can set.
func (j *job) moment() ledger.Moment {
	boot, up := j.uptime()
	return ledger.Moment{Boot: boot, Up: up, Here: time.Now()}
}

func (j *job) warn(text string) {
	if j.hooks.Warn != nil {
		j.hooks.Warn(text)
	}
}

// open takes the ledger and asks whose account the key is of.
func (j *job) open(ctx context.Context, in Input) (err error) {
	if j.opts.DryRun {
		j.ledger, err = ledger.Read(in.FS, in.Result)
	} else {
		j.ledger, err = ledger.Open(in.FS, in.Result, ledger.Holder(time.Now()))
	}
	if err != nil {
		return err
	}
	j.ledger.Reckon(j.moment())
	j.account = newAccount(ctx, in, j.ledger)
	for e := range j.ledger.Entries() {
		j.remember(e)
	}
	j.tellSpoiled()
	return nil
}

// remember notes what of an entry later steps are compared with.
func (j *job) remember(e *ledger.Entry) {
	if code, _ := e.Reason(); code != "" {
		j.before[e.Phone] = code
	}
	if e.UserID != 0 {
		j.ids.claim(apiclient.ID(e.UserID), e.Phone)
	}
	_, latest := j.client.ServerTime()
	e.Date(latest.Add(apiclient.IntentLasts))
}

// rounds observes, plans and applies until nothing is left to do. A nil error says that all was done that can be done now.
func (j *job) rounds(ctx context.Context) error {
	for first := true; ; first = false {
		if err := j.look(ctx, first); err != nil {
			return j.ended(ctx, err)
		}
		if first {
			if err := j.begin(); err != nil || j.opts.DryRun {
				return err
			}
		}
		if j.tooMany() {
			return stopf(TooManyErrors, "more than %d rows of this run have failed or are unknown (--max-errors)", j.maxBad)
		}
		rows := j.order(j.plan)
		if len(rows) == 0 {
			again, err := j.wait(ctx)
			if err != nil {
				return j.ended(ctx, err)
			}
			if !again {
				return nil
			}
			continue
		}
		if err := j.applyFresh(ctx, rows); err != nil {
			return err
		}
		if j.tooManyReplaced() {
			if err := j.agreeReplaced(); err != nil {
				return err
			}
		}
		j.lookAtRoles(ctx)
		if !j.leftovers(rows) {
			return nil
		}
	}
}

// applyFresh carries out the steps of the given rows. Where the listing gets too old on the way, it looks who has joined
// since, and goes on as long as the plan holds.
func (j *job) applyFresh(ctx context.Context, rows []int) error {
	for {
		j.stale.Store(false)
		err := j.apply(ctx, rows)
		j.noteLate()
		if err != nil || !j.stale.Load() || j.tooMany() || j.tooManyReplaced() {
			return err
		}
		holds, err := j.refresh(ctx)
		if err != nil {
			return j.ended(ctx, err)
		}
		if rows = j.untouched(rows); !holds || len(rows) == 0 {
			return nil
		}
	}
}

// look observes the tenant, makes the plan and records what it found. Once the run has begun, it waits for an API that is
// down.
func (j *job) look(ctx context.Context, first bool) error {
	reading := ctx
	if !first {
		reading = apiclient.Repeated(ctx)
	}
	s, err := j.observe(reading)
	if err != nil && unavailable(err) && !first {
		err = j.breaker.awaitRecovery(ctx, func(ctx context.Context) (err error) {
			s, err = j.observe(ctx)
			return err
		})
	}
	if err != nil {
		return err
	}
	j.breaker.forget()
	if first {
		if err := j.account.check(); err != nil {
			return err
		}
	}
	j.ids.listed(s.IDs())
	if s.UsersKnown {
		j.learn(s)
	}
	p := plan.Make(j.roster, j.ledger, s, plan.Options{Adopt: j.opts.Adopt, TrustListing: j.opts.TrustListing, Settle: j.opts.Settle})
	if first {
		j.choose(p)
	}
	if j.chosen != nil {
		p.Defer(func(row int) bool { return j.chosen[row] })
	}
	j.plan, j.seen = p, seen{s.UsersKnown, s.UserCount, s.Masks}
	j.record(s)
	j.review()
	return nil
}

// seen is what is kept of an observation once the plan is made. The rest is as large as the roster, and a run lasts.
type seen struct {
	usersKnown bool
	users      int // how many the listing has
	masks      tenant.Masks
}

// observe reads the tenant, as far as a plan depends on it. On the way it learns whose account the key is of.
func (j *job) observe(ctx context.Context) (*tenant.Snapshot, error) {
	defer j.progress.reading()()
	first := j.plan == nil
	var evidence map[apiclient.ID]string
	if first && !j.account.known() {
		evidence = map[apiclient.ID]string{}
	}
	nameless := false
	s, err := tenant.Observe(ctx, j.client, plan.Needs(j.roster, j.ledger), tenant.Options{
		OneByOne: j.opts.Workers <= 1, Blind: j.opts.Blind, Twice: first,
		Probe: first && !j.account.identity.answered, AllExtensions: evidence != nil,
		ReadOn: func() bool { return !j.account.known() },
		Own:    j.ids.owned,
		Guard:  j.guard,
		OnUser: func(u apiclient.AccountUser, seen int) {
			j.account.identity.ListedUser(u.AccountID)
			j.progress.users.Store(int64(seen))
			if first && !nameless && u.UserID == 0 && !u.Deleted {
				nameless = true
				j.warn(fmt.Sprintf("the tenant lists a user without an id: phone %q, name %q. A row with this phone is refused", u.Phone, u.FullName))
			}
		},
		OnExtension: func(x apiclient.Extension, seen int) {
			j.account.identity.ListedExtension(x.AccountID)
			j.progress.extensions.Store(int64(seen))
			if evidence == nil {
				return
			}
			evidence[x.ID] = ""
			if isAccountID(x.AccountID) {
				evidence[x.ID] = x.AccountID
			}
		},
		OnExtensionsDenied: func() {
			j.account.extensionsDenied.Store(true)
			if first { // once is enough
				j.warn("this key may not list extensions: whether they exist and are free shows only when they are assigned")
			}
		},
	})
	if err != nil {
		return nil, err
	}
	if evidence != nil {
		j.account.extensions = evidence
	}
	for _, r := range s.Readings {
		j.views.viewed(r)
	}
	return s, nil
}

// guard keeps a panic from ending the process.
func (j *job) guard(what string, read func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = j.bug(what, v)
		}
	}()
	return read()
}

// shown is the plan as the caller sees it.
func (j *job) shown() *Plan {
	return &Plan{Plan: j.plan, Account: j.account.named, Doubts: j.account.identity.Doubts(), Listed: j.seen.users, Fresh: j.limit()}
}

// begin takes the first plan: it shows the plan, and asks.
func (j *job) begin() error {
	counts := j.plan.Counts()
	j.first = &counts
	writes := counts.Writes()
	j.maxBad = j.opts.MaxErrors.of(writes + counts.Wait)
	j.maxReplaced = j.opts.MaxReplaced.of(counts.Create + counts.Wait)
	j.progress.total.Store(int64(writes + counts.Wait))
	if j.hooks.Planned != nil {
		j.hooks.Planned(j.shown())
	}
	switch {
	case j.opts.DryRun:
		return nil
	case j.opts.Strict && counts.Refuse > 0:
		return stopf(Strict, "%d rows are invalid or would be refused, and --strict sends nothing then", counts.Refuse)
	case writes == 0 && j.plan.RetryAt.IsZero():
		return nil
	}
	if err := j.doubt(); err != nil {
		return err
	}
	switch {
	case j.hooks.Agreed != nil && !j.hooks.Agreed(j.shown()):
		return stopf(Declined, "nothing was sent")
	}
	if err := j.ledger.Begin(j.account.owner()); err != nil {
		return &Stop{Kind: LedgerFailed, Cause: err}
	}
	return nil
}

// record puts what the observation has found into the ledger.
func (j *job) record(s *tenant.Snapshot) {
	now, _ := j.client.ServerTime()
	for _, f := range j.plan.Discovered {
		j.ids.claim(f.User, f.Phone)
		j.ledger.Created(j.ledger.Entry(f.Phone), int64(f.User), false, now)
	}
	j.recordRestored(now)
	j.recordMended(s)
	for i := range j.plan.Steps {
		s := &j.plan.Steps[i]
		if !s.Satisfied {
			continue
		}
		row := &j.roster.Rows[i]
		e := j.ledger.Entry(row.Phone)
		e.Name = row.Name
		if e.UserID == 0 {
			j.ids.claim(s.User, row.Phone)
			j.ledger.Created(e, int64(s.User), false, now)
		}
		code, why := plan.Notes(e, s.Warnings)
		j.ledger.Done(e, int64(s.Extension.ID), s.Extension.Number, code, why, now)
	}
}

// review updates the fates of rows that this run has acted on: looking may have found what was unknown.
func (j *job) review() {
	for i, times := range j.acted {
		if times == 0 {
			continue
		}
		if e := j.ledger.Lookup(j.roster.Rows[i].Phone); e != nil && e.Status == ledger.Done && j.plan.Steps[i].Action == plan.NoOp {
			j.mark(i, went)
		} else if e != nil && e.Status == ledger.Created && j.fates[i] == uncertain {
			j.mark(i, untouched)
		}
	}
}

// wait stays until the first of the waiting rows settles. again is false if none will, or none may be acted on any more.
func (j *job) wait(ctx context.Context) (again bool, err error) {
	if j.plan.RetryAt.IsZero() || !j.mayActLater() {
		return false, nil
	}
	d := max(time.Until(j.plan.RetryAt), time.Second)
	j.progress.wait("an unanswered create may still take effect", time.Now().Add(d))
	defer j.progress.wait("", time.Time{})
	return true, sleep(ctx, d)
}

func (j *job) mayActLater() bool {
	for i := range j.plan.Steps {
		if j.plan.Steps[i].Action == plan.Wait && j.mayAct(i) {
			return true
		}
	}
	return false
}

// end records the run: the result CSV, then the journal.
func (j *job) end(err error) error {
	if j.opts.DryRun {
		return err
	}
	var stop *Stop
	if errors.As(err, &stop) && stop.Kind == Declined || j.plan == nil {
		return err
	}
	if failed := j.ledger.Finish(j.account.owner(), j.lines()); failed != nil {
		return &Stop{Kind: LedgerFailed, Cause: errors.Join(failed, err)}
	}
	j.written = true
	return err
}

// ended returns the Stop of a run that err has ended, or the end of the context before it.
func (j *job) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return j.stopFor(err)
}

// stopFor makes a Stop of an error that ends the run.
func (j *job) stopFor(err error) error {
	var (
		stop *Stop
		api  *apiclient.Error
	)
	switch {
	case errors.As(err, &stop):
		return stop
	case errors.Is(err, ledger.ErrNotWritable):
		return &Stop{Kind: LedgerFailed, Cause: err}
	case errors.Is(err, context.Canceled):
		return &Stop{Kind: Interrupted, Cause: errors.New("interrupted")}
	case errors.As(err, &api) && api.Refused():
		return &Stop{Kind: Refused, Cause: err}
	}
	return &Stop{Kind: Unavailable, Cause: err}
}
