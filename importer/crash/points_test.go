package crash

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/ledger"
)

var every = flag.Bool("every", false, "TestPoints: at every system call on a file of the ledger, and not at a sample")

// point is the nth system call of a kind on one of the ledger's files.
type point struct {
	call, file string // the file as what it adds to the result's name; "/" is the folder
	n          int
}

func (p point) String() string { return fmt.Sprintf("%s#%d(%s)", p.call, p.n, p.file) }

// calls are the system calls by which the ledger opens, changes and locks its files.
const calls = "openat,write,ftruncate,fsync,renameat,renameat2,unlinkat,flock"

// start is what a run finds, and how it goes when nothing interferes.
type start struct {
	name    string
	prepare func(o *office)
	code    int // of the undisturbed run
	shopID  string
}

var starts = []start{
	{name: "from nothing", prepare: func(*office) {}},
	{name: "with a create that stays open", prepare: leaveOpen, code: 3},
	{name: "on what an interrupted run has left", prepare: interrupted},
	{name: "with free extensions", prepare: giveFree},
	{name: "with free extensions, and an assign without an answer", prepare: func(o *office) {
		giveFree(o)
		if err := o.tenant.SetFaults(sandbox.MustParseRules("cut-after@assign=#2")...); err != nil {
			o.t.Fatal(err)
		}
	}},
	{name: "with an account of two ids", prepare: func(*office) {}, shopID: anotherID},
	{name: "with an account of two ids, the second of which is new", shopID: "-", prepare: func(o *office) {
		interrupted(o)
		o.name(anotherID)
	}},
}

// anotherID is one by which the tenant calls its account beside that of its listings.
const anotherID = "1301234567890100777"

// interrupted leaves what a run leaves that ends with an open create.
func interrupted(o *office) {
	leaveOpen(o)
	if code, said := o.run(); code != 3 {
		o.t.Fatalf("exit %d\n%s", code, said)
	}
	o.settle = time.Second
	o.jump()
}

// giveFree makes the roster name no extension, so that the run chooses those that the rows would have named.
func giveFree(o *office) {
	o.free = "1001-1999"
	o.short = 200 * time.Millisecond // such a run waits for it before it confirms
	o.settle = o.short
	text, err := os.ReadFile(o.roster)
	if err == nil {
		err = os.WriteFile(o.roster, regexp.MustCompile(`(?m),[^,\n]*$`).ReplaceAll(text, nil), 0o600)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

// name makes the tenant call its account by one more id from now on; "" and "-" are none.
func (o *office) name(id string) {
	if o.tenant.SetIdentity(id, ""); id != "" && id != "-" {
		o.otherID = id
	}
}

// leaveOpen makes the tenant lose a create, and the run not wait for it.
func leaveOpen(o *office) {
	o.settle = 0
	if err := o.tenant.SetFaults(sandbox.MustParseRules("500-before@create=#2")...); err != nil {
		o.t.Fatal(err)
	}
}

func (s start) office(t *testing.T) *office {
	o := newOffice(t, 3, sandbox.Config{Seed: 5})
	o.name(s.shopID)
	s.prepare(o)
	return o
}

// path is the file that a point names.
func (o *office) path(file string) string {
	if file == "/" {
		return o.dir
	}
	return o.result + file
}

var ledgerFiles = append([]string{"", "/"}, ledger.SidecarFiles("")...)

// strace is the wrapper that watches the given calls on the given files, and does to them what inject says.
func (o *office) strace(calls, inject string, files ...string) []string {
	args := []string{"strace", "-f", "-y", "-qq", "-e", "signal=none", "-o", o.log(), "-e", "trace=" + calls}
	if inject != "" {
		args = append(args, "-e", "inject="+calls+":"+inject)
	}
	for _, f := range files {
		args = append(args, "-P", o.path(f))
	}
	return append(args, "--")
}

func (o *office) log() string { return filepath.Join(o.dir, "strace.log") }

var traced = regexp.MustCompile(`^\d+ +([a-z0-9]+)\((.*)`)

// points are all that an undisturbed run passes.
func (s start) points(t *testing.T) (all []point) {
	o := s.office(t)
	if code, said := o.run(o.strace(calls, "", ledgerFiles...)...); code != s.code {
		t.Fatalf("exit %d\n%s", code, said)
	}
	text, err := os.ReadFile(o.log())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[point]int{}
	for line := range strings.Lines(string(text)) {
		if m := traced.FindStringSubmatch(line); m != nil {
			seen[point{call: m[1], file: o.fileIn(m[2])}]++
		}
	}
	for p, n := range seen {
		for p.n = 1; p.n <= n; p.n++ {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b point) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// fileIn finds the file that the arguments of a call speak of first.
func (o *office) fileIn(args string) string {
	_, rest, found := strings.Cut(args, o.dir)
	end := strings.IndexAny(rest, `">`)
	if !found || end <= 0 {
		return "/"
	}
	return strings.TrimPrefix(rest[:end], "/"+filepath.Base(o.result))
}

// harm is what is done at a point.
type harm struct{ name, inject string }

var harms = []harm{
	{"kill", "signal=KILL:when=%d"},
	{"kill twice", "signal=KILL:when=%d"},
	{"disk full once", "error=ENOSPC:when=%d"},
	{"disk full from there on", "error=ENOSPC:when=%d+"},
	{"input/output error", "error=EIO:when=%d"},
}

// TestPoints kills the program, or lets the disk fail it, at each system call on a file of the ledger, and brings the
// roster through afterwards. strace counts calls by thread, and the runtime moves goroutines between threads: what was
// met is read from strace's log, and a point that was missed is aimed at again with lower counts.
func TestPoints(t *testing.T) {
	t.Parallel()
	if out, err := exec.Command("strace", "-V").CombinedOutput(); err != nil {
		t.Skipf("there is no strace: %v %s", err, out)
	}
	dice := rand.New(rand.NewPCG(*seed, 4))
	for _, s := range starts {
		all := s.points(t)
		if written := slices.ContainsFunc(all, func(p point) bool { return p.file == ".account.new" && p.call == "fsync" }); written != (s.shopID != "") {
			t.Errorf("%s: the file with the account's other ids is written: %v", s.name, written)
		}
		for _, h := range harms {
			some := slices.Clone(all)
			dice.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
			if !*every {
				if s.shopID != "" { // of these, the points that no other start has
					some = slices.DeleteFunc(some, func(p point) bool { return !strings.HasPrefix(p.file, ".account") })
				}
				some = some[:2]
			}
			t.Run(s.name+"/"+h.name, func(t *testing.T) { s.harm(t, h, some, dice) })
		}
	}
}

// tries is how often a point is aimed at with the same count.
const tries = 5

func (s start) harm(t *testing.T, h harm, points []point, dice *rand.Rand) {
	codes, met, runs := map[int]int{}, map[point]bool{}, 0
	var missed []point
	for _, p := range points {
		for try := 0; try < tries*p.n && !met[p]; try++ {
			aim := p
			aim.n = p.n - try/tries
			code, hit := s.hurt(t, h, aim, points[dice.IntN(len(points))])
			met[hit] = true
			codes[code]++
			runs++
			if t.Failed() {
				t.Fatalf("at %v", hit)
			}
		}
		if !met[p] {
			missed = append(missed, p)
		}
	}
	t.Logf("%d points, %d of them missed %v; harmed %d runs; exit codes (-1: killed) %v", len(points), len(missed), missed, runs, codes)
}

// hurt does the harm at one point, in a roster of its own, and brings it through. It returns the point that was met.
func (s start) hurt(t *testing.T, h harm, aim, again point) (code int, met point) {
	o := s.office(t)
	before := o.tenant.Totals().Writes
	code, said := o.run(o.strace(aim.call, fmt.Sprintf(h.inject, aim.n), aim.file)...)
	met = o.met(aim)
	o.unharmed()
	switch {
	case strings.HasPrefix(h.name, "kill") && code != killed && code != s.code:
		t.Errorf("exit %d\n%s", code, said)
	case !strings.HasPrefix(h.name, "kill"):
		o.complained(code, said, code == s.code, o.tenant.Totals().Writes > before)
	}
	if err := o.tenant.SetFaults(); err != nil {
		t.Fatal(err)
	}
	o.settle = o.short
	if h.name == "kill twice" {
		o.jump()
		if code, said := o.run(o.strace(again.call, fmt.Sprintf(h.inject, again.n), again.file)...); code != killed && code != 0 {
			t.Errorf("then at %v: exit %d\n%s", again, code, said)
		}
		o.unharmed()
	}
	o.through()
	o.finished()
	return code, met
}

// met returns the point at which the harm was done: of the calls in the log the one that was injected, or that has no
// result; the zero value if there is none.
func (o *office) met(aim point) point {
	text, err := os.ReadFile(o.log())
	if err != nil {
		o.t.Fatal(err)
	}
	aim.n = 0
	for line := range strings.Lines(string(text)) {
		if !traced.MatchString(line) {
			continue
		}
		aim.n++
		if strings.Contains(line, "(INJECTED)") || strings.Contains(line, "<unfinished") || strings.HasSuffix(line, "= ?\n") {
			return aim
		}
	}
	return point{}
}

// complained checks what a run says and returns that the disk has failed: that it is so, and what to do. It may be
// undisturbed: where it failed, nothing depended on it.
func (o *office) complained(code int, said string, undisturbed, begun bool) {
	o.t.Helper()
	understood := strings.Contains(said, "hint:") && !strings.Contains(said, "--help") &&
		(strings.Contains(said, "no space left on device") || strings.Contains(said, "input/output error"))
	switch {
	case undisturbed:
	case code != 4 && (code != 2 || begun):
		o.t.Errorf("exit %d\n%s", code, said)
	case !understood:
		o.t.Errorf("exit %d, and nobody understands why\n%s", code, said)
	}
	if strings.Contains(said, "goroutine ") {
		o.t.Errorf("a panic\n%s", said)
	}
}
