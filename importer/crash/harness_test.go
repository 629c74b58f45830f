// Package crash tests the real program from outside: a process of its own, real files, a tenant in another process (this
// one), and whatever can end or starve it. Afterwards the tenant's own record is compared with what the program has written.
//
//	go test ./importer/crash                                              # samples of everything
//	go test ./importer/crash -run Kills -kills 1000 -v -timeout 0         # kill -9 at random times, resumed again and again
//	go test ./importer/crash -run Points -every -v -timeout 0             # every system call on a file of the ledger
//	go test ./importer/crash -run Storm -storm-rows 400 -v -timeout 0     # faults on every call, with and without kill -9
//
// The points need strace and Linux; without it their test is skipped.
package crash

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/programtest"
)

func TestMain(m *testing.M) { os.Exit(programtest.Main(m)) }

// program builds the binary that is tested, once, and returns its path.
var program = sync.OnceValues(func() (string, error) { return programtest.Build("etelecom-import", "-tags", "crashtest") })

// office is a roster, a tenant with as many extensions, and a folder for the result.
type office struct {
	t      *testing.T
	binary string
	dir    string
	result string
	roster string
	rows   int
	tenant *sandbox.Tenant
	url    string
	settle time.Duration
	short  time.Duration // the settle time of runs that bring a roster through
	aged   time.Duration // how much longer than it really does the machine runs, for the program
	runs   int
	free   string // --free-extensions; "" for a roster that names its extensions

	otherID string // by which the tenant calls its account beside the one in the result; "" for none
}

func newOffice(t *testing.T, rows int, c sandbox.Config) *office {
	t.Helper()
	c.Extensions = rows
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{
		t: t, binary: binary, dir: dir, rows: rows, tenant: sandbox.New(c), settle: time.Second, short: time.Second,
		result: filepath.Join(dir, "staff.result.csv"), roster: filepath.Join(dir, "staff.csv"),
	}
	t.Cleanup(o.tenant.Close)
	o.url, _ = programtest.Serve(t, o.tenant, programtest.AnyPort)
	var b strings.Builder
	b.WriteString("name,phone,password,extension_number\n")
	for i := range rows {
		fmt.Fprintf(&b, "Nhân viên %d,%s,s3crèt-%d-x,%d\n", i, phoneOf(i), i, 1001+i)
	}
	if err := os.WriteFile(o.roster, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return o
}

func phoneOf(i int) string { return fmt.Sprintf("09%08d", 12345670+i) }

// command is one run of the program; wrapped by another, if one is given.
func (o *office) command(wrapper ...string) *exec.Cmd {
	o.runs++
	args := append(wrapper, o.binary, "run", "-y", "--rate", "0", "--settle", o.settle.String(), "--base-url", o.url, "-o", o.result, o.roster)
	if o.free != "" {
		args = append(args, "--free-extensions", o.free)
	}
	cmd := exec.CommandContext(o.t.Context(), args[0], args[1:]...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + o.dir, "ETELECOM_API_KEY=" + o.tenant.Key(), "CRASHTEST_UPTIME=" + o.aged.String()}
	return cmd
}

// killed is the exit code of a process that was killed.
const killed = -1

// outcome returns the exit code of a command that has ended, and checks what it said.
func (o *office) outcome(err error, said []byte) (code int) {
	o.t.Helper()
	o.secretive("what it said", said)
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.ExitCode() == 128+9: // strace ends like what it traces, or says so
		return killed
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	o.t.Fatal(err)
	return 0
}

// run runs the program to its end.
func (o *office) run(wrapper ...string) (code int, said string) {
	o.t.Helper()
	out, err := o.command(wrapper...).CombinedOutput()
	return o.outcome(err, out), string(out)
}

// jump makes the machine run longer by more than the settle time, once nothing is under way any more.
func (o *office) jump() {
	o.t.Helper()
	programtest.Until(o.t, "the late effects are there", func() bool { return o.tenant.Pending() == 0 })
	o.aged += time.Minute
}

// through runs until all is done, as somebody would who reads what the program says.
func (o *office) through() (runs int) {
	o.t.Helper()
	for runs = 1; ; runs++ {
		o.jump()
		code, said := o.run()
		if code == 0 {
			return runs
		}
		if runs == 4 {
			o.t.Fatalf("still not through: exit %d\n%s", code, said)
		}
	}
}

var secrets = regexp.MustCompile(`s3cr|cr\\u00e8t|èt-\d+-x`)

func (o *office) secretive(where string, text []byte) {
	o.t.Helper()
	programtest.NoSecret(o.t, where, string(text), secrets, o.tenant.Key())
}

// unharmed checks what must hold at any time: nobody is harmed, and no file holds a secret.
func (o *office) unharmed() {
	o.t.Helper()
	programtest.Unharmed(o.t, o.tenant.Record())
	files, _ := filepath.Glob(o.result + "*")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			o.t.Error(err)
		}
		o.secretive(name, text)
	}
}

// finished checks that everybody is done, in the tenant and in the result, and that no other files are left.
func (o *office) finished() {
	o.t.Helper()
	o.unharmed()
	lines := programtest.Lines(o.t, o.result)
	for i := range o.rows {
		p, there := o.tenant.Person(phoneOf(i))
		l := lines[phoneOf(i)]
		switch {
		case !there || p.Creates != 1 || len(p.Extensions) != 1 || !o.tenant.PasswordIs(p.Phone, fmt.Sprintf("s3crèt-%d-x", i)):
			o.t.Errorf("%s: %+v", phoneOf(i), p)
		case l.Status != "done" || l.UserID != fmt.Sprint(p.ID) || l.ExtensionID != p.Extensions[0] || l.ExtensionNumber != fmt.Sprint(1001+i):
			o.t.Errorf("%s: %+v, want %+v", phoneOf(i), l, p)
		}
	}
	o.tidy(len(lines))
}

func (o *office) tidy(lines int) {
	o.t.Helper()
	if lines != o.rows {
		o.t.Errorf("%d lines of %d rows", lines, o.rows)
	}
	kept := []string{o.result + ".lock"}
	if o.otherID != "" {
		kept = []string{o.result + ".account", o.result + ".lock"}
		if text, err := os.ReadFile(kept[0]); err != nil || !strings.Contains(string(text), o.otherID) {
			o.t.Errorf("the account's other id is not kept: %q, %v", text, err)
		}
	}
	if runtime.GOOS == "windows" { // where nobody can read a file that is locked
		kept = append(kept, o.result+".lock-held")
	}
	if left, _ := filepath.Glob(o.result + ".*"); !slices.Equal(left, kept) {
		o.t.Errorf("files are left: %v", left)
	}
	if text, err := os.ReadFile(o.result + ".lock"); err != nil || len(text) > 0 {
		o.t.Errorf("the lock file says %q, %v", text, err)
	}
}
