package simulation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/roster"
)

// settle is longer than any call is late and any user unlisted.
const settle = 2 * time.Minute

// mark stands in every password, in the key and in nothing else.
const mark = "s3crèt"

// world is one company: its tenant, its employee file, the machine of its administrator.
type world struct {
	seed    uint64
	dice    *rand.Rand
	air     *rand.Rand // dice for what was added to the world, so that the histories of old seeds stay what they were
	paper   *rand.Rand // and for what becomes of the employee file
	stars   *rand.Rand // and for what is told of the nights
	tenant  *sandbox.Tenant
	other   *sandbox.Tenant // another company behind the same address, whose key is in the wrong place at times
	undated bool            // some run got no Date, and the tenant's clock was moved meanwhile: who is older nobody can tell
	doubted bool            // the last run has stopped because the listing does not show everybody, as is true: a person is needed
	told    [2]string       // the ids by which shop and listings call the account, when they do
	service string          // the brand's name of it
	boots   int             // how often the administrator's machine was started
	bootAt  time.Time       // when that was last
	disk    *disk
	hidden  map[string]bool // phones that the listing of users does not show
	masked  map[string]bool // and those that it shows in part
	staff   []employee
	former  []employee // rows that were removed, and may come back
	options importer.Options

	giving     *giving // nil: every row names its extension
	nights     nights
	careless   bool                // programs ruin names and passwords of the employee file
	night      *ruin               // of all names of the file
	moody      bool                // the file is saved in other formats at times
	named      bool                // the result was not named: it knows the file that it is of
	format     format              // of the employee file
	rows       []fileRow           // what the program is to see of it
	forbidden  map[string]bool     // names that nobody may be created with
	tolerated  map[string]bool     // of them, those that may pass
	lost       map[string][]string // by phone: what is no password
	secrets    []string            // what else must not be shown
	allowNames bool                // --allow-names

	wired   bool           // the program's own transport is in use, over a network
	serving sync.WaitGroup // the servers of all connections
	rate    float64        // requests per second that the program may send; 0: any number
	faults  []string
	mu      sync.Mutex
	trace   []string // what happened, if anybody wants to know
	traced  bool
	broken  []string // the promises that were broken
	oracle  oracle
}

// employee is a row of the roster as its administrator has it.
type employee struct {
	name, phone, password, extension string
	byNumber                         bool // the extension is named by its number
	slip                             slip
}

func newWorld(seed uint64, traced bool) *world {
	w := &world{
		seed: seed, dice: rand.New(rand.NewPCG(seed, 1)), disk: newDisk(), traced: traced,
		hidden: map[string]bool{}, masked: map[string]bool{}, air: rand.New(rand.NewPCG(seed, 2)), paper: rand.New(rand.NewPCG(seed, 3)), stars: rand.New(rand.NewPCG(seed, 4)),
		forbidden: map[string]bool{}, tolerated: map[string]bool{}, lost: map[string][]string{},
	}
	w.careless, w.moody, w.named = w.paper.IntN(8) == 0, w.paper.IntN(10) == 0, w.paper.IntN(6) == 0
	w.allowNames = w.careless && w.paper.IntN(8) == 0
	w.named = w.named || w.moody
	lag := time.Duration(w.dice.IntN(40)) * time.Second
	w.service = []string{"Etelecom", "Sencloud"}[w.dice.IntN(2)]
	config := sandbox.Config{
		Seed: seed + 1, Key: w.key(0), LateBy: time.Duration(1+w.dice.IntN(70)) * time.Second,
		Lag: lag * time.Duration(w.dice.IntN(2)), Latency: time.Duration(w.dice.IntN(100)) * time.Millisecond,
		Skew: time.Duration(w.dice.IntN(48)-24) * time.Hour, Service: w.service,
		PagesByPlace: w.one(4), ListDeleted: w.one(4), NoRoles: w.one(3), AnyKey: w.one(4),
	}
	if w.air.IntN(12) == 0 { // several pages of 100
		config.Users = 60 + w.air.IntN(200)
	}
	w.tenant = sandbox.New(config)
	config.Seed, config.Key = seed+2, "another-"+strings.TrimPrefix(w.key(7), "shop")
	w.other = sandbox.New(config)
	account, _ := w.tenant.Account()
	w.told = [2]string{account, account}
	if w.one(3) {
		w.told = [2]string{"1149000000000000077", "1366000000000000088"}
	}
	w.options = importer.Options{Workers: 1, Settle: settle, Rounds: w.dice.IntN(4), Adopt: w.one(5)}
	if w.one(4) {
		w.options.Workers = 1 + w.dice.IntN(4)
	}
	if w.wired = w.air.IntN(3) == 0; w.wired {
		w.rate = []float64{0, 1, 7, 10, 50}[w.air.IntN(5)]
		w.options.Workers = 1 + w.air.IntN(8)
	}
	w.mustText(&w.options.MaxErrors, "100%")
	w.mustText(&w.options.MaxReplaced, "20%")
	w.settleNights()
	w.bootAt = time.Now()
	if w.one(15) { // a key that may not list users
		w.options.Blind = true
		w.faults = append(w.faults, "denied@users")
	}
	w.oracle.init(w)
	w.hire()
	w.settleGiving()
	w.oracle.before()
	w.arm()
	w.neglect()
	if w.moody {
		w.save()
	}
	return w
}

func (w *world) mustText(t *importer.Threshold, s string) {
	if err := t.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
}

// jitter is chance that repeats itself, whichever goroutine asks first.
func (w *world) jitter() float64 { return float64(w.seed%97) / 97 }

// key is the nth key of the company. Half of the companies have keys whose shape tells whose they are.
func (w *world) key(n int) string {
	if w.seed%2 == 0 {
		return fmt.Sprintf("key-%d-k3y-of-this-account", n)
	}
	return fmt.Sprintf("shop114900000000000%04d:%d-k3y-of-this-account", w.seed%10000, n)
}

// tell chooses what the tenant tells of the account in the next run, and whether its key is a new one.
func (w *world) tell(faulty bool) {
	shop, listed := w.told[0], w.told[1]
	if faulty && w.one(3) {
		shop = "-"
	}
	if faulty && w.one(3) {
		listed = "-"
	}
	w.tenant.SetIdentity(shop, listed)
	if w.one(2) {
		skew := time.Duration(w.dice.IntN(1200)-600) * time.Second
		w.note("the server's clock is off by %v", skew)
		w.tenant.SetSkew(skew)
	}
	if w.one(12) {
		w.tenant.SetKey(w.key(1 + w.dice.IntN(100)))
	}
	w.note("the account is told as %q, %q", shop, listed)
}

// one says yes once in n times.
func (w *world) one(n int) bool { return w.dice.IntN(n) == 0 }

func (w *world) note(format string, args ...any) {
	if w.traced {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.trace = append(w.trace, time.Now().Format("15:04:05.000 ")+fmt.Sprintf(format, args...))
	}
}

func (w *world) broke(format string, args ...any) {
	w.broken = append(w.broken, fmt.Sprintf(format, args...))
	w.note("BROKEN: "+format, args...)
}

// inspect looks for secrets in what leaves the program.
func (w *world) inspect(b []byte, where string) {
	if bytes.Contains(b, []byte(mark)) || bytes.Contains(b, []byte("k3y-of-this-account")) {
		w.broke("a secret was %s", where)
	}
	for _, s := range w.secrets {
		if bytes.Contains(b, []byte(s)) {
			w.broke("what is left of a password was %s", where)
		}
	}
}

// hire makes the roster and the tenant's people and extensions.
func (w *world) hire() {
	extensions := 4 + w.dice.IntN(10)
	for i := range extensions {
		w.newExtension(i)
	}
	for i := range 1 + w.dice.IntN(9) {
		w.staff = append(w.staff, w.applicant(i))
	}
	for i := range w.staff {
		if w.one(10) {
			w.must(w.tenant.AddUser(w.staff[i].phone, "was here before"))
			if w.one(2) {
				w.must(0, w.tenant.SetUnsearchable(w.staff[i].phone))
			}
			switch w.dice.IntN(16) {
			case 0, 1:
				w.hidden[w.staff[i].phone] = true
			case 2:
				w.masked[w.staff[i].phone] = true
			}
		} else if w.one(15) {
			w.must(w.tenant.AddStranger(w.staff[i].phone, "was elsewhere before"))
		}
	}
	for i := range w.dice.IntN(3) {
		w.must(w.tenant.AddUser(fmt.Sprintf("09812345%02d", i), "somebody else"))
	}
	if w.one(6) {
		w.must(w.tenant.AddUser("0987654321", "owner of a line"))
		p, _ := w.tenant.Person("0987654321")
		if err := w.tenant.MoveExtension(extensionID(w.dice.IntN(extensions)), p.ID); err != nil {
			panic(err)
		}
	}
}

func (w *world) must(_ int64, err error) {
	if err != nil {
		panic(err)
	}
}

func extensionID(i int) int64 { return 1301234567890123001 + int64(i)*7 }

// numberOf returns the number of an extension.
func numberOf(id string) string {
	n, _ := strconv.ParseInt(id, 10, 64)
	return fmt.Sprint(101 + (n-extensionID(0))/7)
}

func (w *world) newExtension(i int) {
	w.must(w.tenant.AddExtension(extensionID(i), fmt.Sprint(101+i)))
	w.must(w.other.AddExtension(extensionID(i)+1_000_000, fmt.Sprint(101+i)))
	if w.one(6) {
		w.must(0, w.tenant.SetExtensionState(extensionID(i), "N", time.Time{}))
	}
}

// applicant is the ith person who is ever hired.
func (w *world) applicant(i int) employee {
	return employee{
		name: fmt.Sprintf("Nhân viên %d", i), phone: fmt.Sprintf("09000000%02d", i*3+10),
		password: fmt.Sprintf("%s-%d", mark, i), extension: fmt.Sprint(extensionID(i)), byNumber: w.one(4),
	}
}

// arm chooses the faults of the runs that have some.
func (w *world) arm() {
	all := []string{
		"refuse", "cut-unsent", "cut-before@create", "cut-before@assign", "cut-after@create", "cut-after@assign", "500-before", "500-after@create",
		"500-after@assign", "503-before", "503-after", "429", "429:none", "502-html", "502-html-after", "504-html-after@create", "html-200@create", "error-200@create",
		"half-body", "half-chunked", "half-close", "empty-200", "empty-object@create", "trailing", "slow-header:1m@create", "updated-0", "updated-0-after",
		"updated-missing", "id-rounded@create", "id-zero@create", "id-null@create", "id-missing@create", "late", "late-504", "late-silent", "late@create", "late@create",
		"silent@create", "list-cut", "list-fails", "list-duplicates", "list-similar", "list-shrinks", "error@create", "error-after:internal@create", "cut-after", "echo:internal", "answer-other@create",
		"precondition", "precondition-after", "error:failed_precondition@create", "closed", "revoked@shop", "html-200@shop", "silent@shop", "list-shrinks:2@list",
	}
	for range 1 + w.dice.IntN(6) {
		w.faults = append(w.faults, fmt.Sprintf("%s=%.2f", all[w.dice.IntN(len(all))], 0.05+0.4*w.dice.Float64()))
	}
}

// run runs the program once. With faulty, the network, the disk and the power are what they are.
func (w *world) run(faulty bool) {
	w.allow(faulty)
	r := w.read()
	if r == nil {
		return
	}
	ctx, kill := context.WithCancel(context.Background())
	defer kill()
	p := &process{world: w, disk: w.disk, open: map[*inode]int{}, kill: kill, tenant: w.tenant, date: w.dice.IntN(5)}
	w.undated = w.undated || p.date == 1
	w.tell(faulty)
	if faulty && w.one(8) && w.begun() {
		p.tenant = w.other
	}
	if faulty {
		w.must(0, w.tenant.SetFaults(sandbox.MustParseRules(w.faults...)...))
		p.plan = w.mishaps()
	} else {
		w.must(0, w.tenant.SetFaults())
		if w.options.Blind {
			w.must(0, w.tenant.SetFaults(sandbox.MustParseRules("denied@users")...))
		}
	}
	w.options.Limit, w.options.Strict = 0, false
	if faulty && w.one(6) {
		w.options.Limit = 1 + w.dice.IntN(4)
	}
	if faulty && w.one(12) {
		w.options.Strict = true
	}
	if faulty && w.one(4) {
		p.meddleAt = 1 + w.dice.IntN(60)
	}
	w.tonight()
	evening := w.evening()
	w.note("run: faulty %v, %v, %+v", faulty, w.faults, p.plan)
	var transport http.RoundTripper = p
	if w.wired {
		wire := p.connect(w.forecast(faulty))
		w.note("network: %+v", wire.weather)
		transport = wire.transport()
		defer w.oracle.rate(wire)
		defer wire.close()
	}
	s, err := importer.Run(ctx, w.input(p, transport, r))
	w.report(s, err)
	w.oracle.missing(&evening, p, s, err)
	stop := new(importer.Stop)
	w.doubted = errors.As(err, &stop) && stop.Kind == importer.ListingDoubted && len(w.hidden)+len(w.masked) > 0
	if p.tenant == w.other {
		w.oracle.wrongKey(p, err)
	} else {
		w.oracle.after(&evening, p, s, err)
		w.vouch(faulty, err)
		w.decideHotline(err)
		if !faulty && err == nil && w.oracle.unconfirmed() {
			w.broke("nobody has looked whether somebody has what they were given:\n%s", w.result())
		}
		if err != nil && strings.Contains(err.Error(), "belongs to the employee file") {
			w.otherList(err)
		}
	}
	if p.dead.Load() {
		w.note("dead: power %v", p.plan.power)
		w.disk.mu.Lock()
		w.disk.holder = nil
		if p.plan.power {
			w.disk.powerCut(w.dice)
			w.boots++
			w.bootAt = time.Now()
		}
		w.disk.mu.Unlock()
	}
}

// begun reports whether an earlier run has left anything that says whose it is. A result without lines says nothing, and has nobody.
func (w *world) begun() bool {
	_, lines, _ := strings.Cut(w.text(""), "\n")
	return lines != "" || w.disk.cached["staff.result.csv.journal"] != nil
}

// vouch is what a person does whose result is refused because nothing shows whose it is: they say it.
func (w *world) vouch(faulty bool, err error) {
	w.options.Account = ""
	if !errors.Is(err, importer.ErrOtherAccount) {
		return
	}
	w.note("the result is refused: %v", err)
	if stop := new(importer.Stop); errors.As(err, &stop) && strings.Contains(hint.Of(err), "--account") {
		w.options.Account = importer.WantedAccount(w.told[1])
	} else if !faulty {
		w.broke("the result of this very account is refused: %v", err)
	}
}

// mishaps chooses what happens to a process beside what happens to its calls.
func (w *world) mishaps() mishaps {
	m := mishaps{power: w.one(2)}
	at := 1 + w.dice.IntN(20+12*len(w.staff))
	switch w.dice.IntN(8) {
	case 0, 1:
		m.killAt = at
	case 2, 3:
		m.killPast = at
	case 4:
		m.fullAt = at
	case 5:
		m.brokenAt, m.killAt = at, at+1+w.dice.IntN(10)
	case 6:
		m.fullFrom = at
	}
	return m
}

func (w *world) input(p *process, transport http.RoundTripper, r *roster.Roster) importer.Input {
	client, err := apiclient.New(apiclient.Config{
		BaseURL: w.tenant.BaseURL(), Service: w.service, Key: secret.New(p.tenant.Key()), Rate: w.rate, Timeout: 20 * time.Second, Transport: transport, Jitter: w.jitter,
	})
	if err != nil {
		panic(err)
	}
	file := ""
	if w.named {
		file = fileNames[w.format.kind]
	}
	return importer.Input{
		EmployeeFile: file,
		Options:      w.options, Roster: r, Client: client, BaseURL: w.tenant.BaseURL(), FS: p, Result: "staff.result.csv", Jitter: w.jitter, Uptime: w.uptime,
		Hooks: importer.Hooks{OnWarning: func(s string) { w.inspect([]byte(s), "in a warning") }, OnJudged: w.listen},
	}
}

// uptime is the clock of the administrator's machine that nobody can set. Every third machine does not have it.
func (w *world) uptime() (boot string, up time.Duration) {
	if w.seed%3 == 0 {
		return "", 0
	}
	return fmt.Sprint("boot", w.boots), time.Since(w.bootAt)
}

func (w *world) report(s *importer.Summary, err error) {
	w.note("    ended: %v", err)
	if err != nil {
		w.inspect([]byte(err.Error()), "in an error")
	}
	if s != nil {
		w.inspect(fmt.Appendf(nil, "%+v", *s), "in the summary")
		w.note("    %+v", s.Status)
	}
	var stop *importer.Stop
	if errors.As(err, &stop) && stop.Kind == importer.Bug {
		w.broke("a bug: %v", err)
	}
}

// live is the world's history: runs with faults, then runs without, until it rests.
func (w *world) live() {
	defer w.serving.Wait()
	defer w.tenant.Close()
	defer w.other.Close()
	for range 1 + w.dice.IntN(4) {
		w.run(true)
		if w.air.IntN(4) == 0 {
			w.resetClock(time.Duration(w.air.IntN(48)-24) * time.Hour)
		}
		w.sleep()
		w.meddle()
		w.edit()
		w.neglect()
		if w.nights.maxGone >= 0 && w.stars.IntN(3) == 0 {
			w.breakExport()
		}
		if w.moody && w.paper.IntN(3) == 0 {
			w.save()
		}
		if w.named && w.paper.IntN(6) == 0 {
			w.wrongList()
		}
	}
	time.Sleep(settle) // nothing is late any more
	for range 8 {
		writes := w.tenant.Totals().Writes
		w.run(false)
		still := w.tenant.Totals().Writes == writes || w.options.Blind // that a user was removed, it learns from an assign alone
		if still && (w.oracle.rests() || w.doubted) {
			verifyResult(w)
			return
		}
		w.sleep()
	}
	w.broke("it does not come to rest:\n%s", w.result())
}

func (w *world) sleep() {
	gaps := []time.Duration{time.Second, 20 * time.Second, 90 * time.Second, settle, time.Hour, 24 * time.Hour}
	gap := gaps[w.dice.IntN(len(gaps))]
	w.note("sleep %v", gap)
	time.Sleep(gap)
}

func (w *world) result() string {
	if n := w.disk.cached["staff.result.csv"]; n != nil {
		return string(n.data)
	}
	return "no result"
}
