package console_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/programtest"
)

// person sits at a pseudo-terminal.
type person struct {
	testing.TB
	master *os.File
	name   string // of the terminal

	mu    sync.Mutex
	seen  []byte
	ended bool // no program has the terminal open, and all that was written is seen
}

func sitDown(t testing.TB) *person {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminal: ", err)
	}
	var number int
	c, err := master.SyscallConn() // after Fd, Close would not end a Read
	if err == nil {
		err = c.Control(func(fd uintptr) {
			number, _ = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
			_ = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0)
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	p := &person{TB: t, master: master, name: fmt.Sprintf("/dev/pts/%d", number)}
	t.Cleanup(func() { _ = master.Close() })
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := master.Read(buf)
			p.mu.Lock()
			p.seen, p.ended = append(p.seen, buf[:n]...), err != nil
			p.mu.Unlock()
			if err != nil && !errors.Is(err, syscall.EIO) { // EIO: nobody has the terminal open at the moment
				return
			}
			if err != nil {
				time.Sleep(time.Millisecond)
			}
		}
	}()
	return p
}

var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|\r`)

// sees returns what the terminal shows, without escapes.
func (p *person) sees() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return escapes.ReplaceAllString(string(p.seen), "")
}

func (p *person) types(keys string) {
	p.Helper()
	if _, err := p.master.WriteString(keys); err != nil {
		p.Fatal(err)
	}
}

// starts starts a line of bash at the terminal. With alone, it has none, and writes there. ahead is typed before it starts.
func (p *person) starts(o *office, line, env, ahead string, alone io.Writer) *exec.Cmd {
	tty, err := os.OpenFile(p.name, os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		p.Fatal(err)
	}
	defer tty.Close()
	cmd := exec.Command("bash", "-o", "pipefail", "-c", line)
	cmd.Dir, cmd.Env = o.dir, append(o.env, env)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = tty, tty, tty, &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if alone != nil {
		cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = nil, alone, alone, &syscall.SysProcAttr{Setsid: true}
	}
	p.types(ahead)
	if err := cmd.Start(); err != nil {
		p.Fatal(err)
	}
	p.mu.Lock()
	p.ended = false
	p.mu.Unlock()
	return cmd
}

// office is a folder with an employee file, a tenant, and what a program needs to know of them.
type office struct {
	dir    string
	tenant *sandbox.Tenant
	env    []string
}

func newOffice(t testing.TB, c sandbox.Config) *office {
	t.Helper()
	c.Addr, c.Extensions, c.AccountName = "127.0.0.1:0", 3, "Cửa hàng Hoa Sen"
	tenant, stop, err := sandbox.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	o := &office{dir: t.TempDir(), tenant: tenant}
	write(t.(*testing.T), filepath.Join(o.dir, "e.csv"), []byte("name,phone,password,extension_number\n"+
		"Nguyễn Thị Lan,0903112351,Sen-trang-4471,1001\nTrần Quốc Toản,0903112352,Sen-trang-4472,1002\n"))
	o.env = []string{
		"PATH=" + programtest.Folder + ":" + os.Getenv("PATH"), "HOME=" + o.dir, "TERM=xterm", "ETELECOM_RATE=0", "GORACE=atexit_sleep_ms=100",
		"ETELECOM_BASE_URL=" + tenant.BaseURL(), "ETELECOM_API_KEY=" + tenant.Key(),
	}
	return o
}

func (o *office) creates() int64 { return o.tenant.Totals().Creates }

const (
	theQuestion = `Create and assign 2 users on "Cửa hàng Hoa Sen" (account `
	howToAnswer = "anything else to cancel: "
)

// TestQuestions: a real run asks the person at the terminal, whatever is redirected, and sends nothing without a yes. A run that
// nobody can be asked about ends before the first call.
func TestQuestions(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	program(t)
	const (
		run   = "etelecom-import run e.csv"
		modes = `; code=$?; echo modes: $(stty -a | tr -d ';' | xargs -n 1 | grep -xE -e '-?(icanon|echo)'); exit $code`
	)
	for name, test := range map[string]struct {
		line  string // "": run
		env   string
		ahead string // what is typed before the question
		types string // what is typed at the question
		alone bool   // there is no terminal

		asks bool
		plan bool // the plan is shown on the terminal
		code int
		sent bool
		says string // somewhere in what the terminal or a file shows
	}{
		"nothing is redirected":  {types: "y\n", asks: true, plan: true, sent: true, says: "2 rows: 2 done"},
		"2>file":                 {line: run + " 2>err", types: "y\n", asks: true, plan: true, sent: true, says: "2 rows: 2 done"},
		"2>&1 | cat":             {line: run + " 2>&1 | cat", types: "y\n", asks: true, plan: true, sent: true, says: "2 rows: 2 done"},
		"2>&1 | cat >file":       {line: run + " 2>&1 | cat >out", types: "y\n", asks: true, plan: true, sent: true},
		">file":                  {line: run + " >out", types: "y\n", asks: true, plan: true, sent: true},
		">file 2>file":           {line: run + " >out 2>err", types: "y\n", asks: true, plan: true, sent: true},
		"</dev/null":             {line: run + " </dev/null", types: "y\n", asks: true, plan: true, sent: true},
		"cat f | run -":          {line: "cat e.csv | etelecom-import run -o r.csv -", types: "y\n", asks: true, plan: true, sent: true},
		"all three":              {line: "cat e.csv | etelecom-import run -o r.csv - 2>&1 | cat >out", types: "y\n", asks: true, plan: true, sent: true},
		"nohup":                  {line: "nohup " + run, types: "y\n", asks: true, plan: true, sent: true},
		"closed":                 {line: run + " <&- >&- 2>&-", types: "y\n", asks: true, plan: true, sent: true},
		"2>file, and no":         {line: run + " 2>err", types: "n\n", asks: true, plan: true, code: 4, says: "nothing was sent"},
		"cat f | run -, and no":  {line: "cat e.csv | etelecom-import run -o r.csv -", types: "n\n", asks: true, plan: true, code: 4},
		"TERM=dumb":              {env: "TERM=dumb", types: "y\n", asks: true, plan: true, sent: true},
		"TERM=dumb, and no":      {env: "TERM=dumb", types: "n\n", asks: true, plan: true, code: 4},
		"--json":                 {line: run + " --json", types: "y\n", asks: true, plan: true, sent: true, says: `"done":2`},
		"--json, and no":         {line: run + " --json", types: "n\n", asks: true, plan: true, code: 4, says: `"stopped":"declined"`},
		"--quiet":                {line: run + " --quiet", types: "y\n", asks: true, plan: true, sent: true},
		"--log-format json":      {line: run + " --log-format json", types: "y\n", asks: true, plan: true, sent: true},
		"no terminal":            {alone: true, code: 2, says: "nobody can be asked: there is no terminal\nhint: add --yes (or ETELECOM_YES=true) to run without a question"},
		"no terminal, no file":   {line: "etelecom-import run missing.csv", alone: true, code: 2, says: "there is no file missing.csv"},
		"no terminal, --yes":     {line: run + " --yes", alone: true, sent: true},
		"no terminal, YES=true":  {env: "ETELECOM_YES=true", alone: true, sent: true},
		"no terminal, YES=false": {env: "ETELECOM_YES=false", alone: true, code: 2},
		"no terminal, --dry-run": {line: run + " --dry-run", alone: true, says: "create 2"},
		"no terminal, --offline": {line: run + " --dry-run --offline", alone: true},
		"no terminal, --sandbox": {line: run + " --sandbox", alone: true, says: "2 rows: 2 done"},
		"setsid":                 {line: "setsid --wait " + run, code: 2, says: "there is no terminal"},
		"in the background":      {line: "set -m; " + run + " & wait $!", code: 2, says: "nobody can be asked: the run is in the background of its terminal"},
		"background, --yes":      {line: "set -m; " + run + " --yes & wait $!", plan: true, sent: true},
		"background, --sandbox":  {line: "set -m; " + run + " --sandbox & wait $!", plan: true, says: "2 rows: 2 done"},
		"typed ahead":            {ahead: "y\ny\nyes\n", types: "n\n", asks: true, plan: true, code: 4},
		"typed ahead, and yes":   {ahead: "n\n", types: "y\n", asks: true, plan: true, sent: true},
		"y without Enter":        {types: "y\x04\x04", asks: true, plan: true, code: 4},
		"yes":                    {types: "yes\n", asks: true, plan: true, sent: true},
		"Y":                      {types: "Y\n", asks: true, plan: true, sent: true},
		"y after a correction":   {types: "n\x7fy\n", asks: true, plan: true, sent: true},
		"c":                      {types: "c\n", asks: true, plan: true, code: 4},
		"có":                     {types: "có\n", asks: true, plan: true, code: 4},
		"n":                      {types: "n\n", asks: true, plan: true, code: 4},
		"Enter":                  {types: "\n", asks: true, plan: true, code: 4},
		"Ctrl-D":                 {types: "\x04", asks: true, plan: true, code: 4},
		"Ctrl-C":                 {types: "\x03", asks: true, plan: true, code: 130},
		"Ctrl-\\":                {types: "\x1c", asks: true, plan: true, code: 143},
		"Ctrl-C, 2>&1 | cat":     {line: run + " 2>&1 | cat", types: "\x03", asks: true, plan: true, code: 130},
		"hang-up":                {line: "exec " + run, types: hangUp, asks: true, plan: true, code: 143},
		"hang-up under nohup":    {line: "trap '' HUP; exec " + run, types: hangUp, asks: true, plan: true, code: 4},
		"--yes":                  {line: run + " --yes", plan: true, sent: true},
		"ETELECOM_YES=true":      {env: "ETELECOM_YES=true", plan: true, sent: true},
		"ETELECOM_YES=1":         {env: "ETELECOM_YES=1", plan: true, sent: true},
		"ETELECOM_YES=false":     {env: "ETELECOM_YES=false", types: "n\n", asks: true, plan: true, code: 4},
		"ETELECOM_YES empty":     {env: "ETELECOM_YES=", code: 2, says: "the variable ETELECOM_YES is empty"},
		"--dry-run":              {line: run + " --dry-run", plan: true},
		"--sandbox":              {line: run + " --sandbox", types: "y\n", asks: true, plan: true, says: "2 rows: 2 done"},
		"--sandbox, and no":      {line: run + " --sandbox 2>err", types: "n\n", asks: true, plan: true, code: 4},
		"without echo":           {line: "stty raw -echo; " + run + modes, types: "y\r", asks: true, plan: true, sent: true, says: "modes: -icanon -echo"},
		"without echo, and bg": {
			line: "set -m; stty -echo; " + run + "; bg %1; wait %1" + modes, types: "\x1a", asks: true, plan: true, code: 4, says: "modes: icanon echo",
		},
		"Ctrl-Z, and fg": {line: "set -m; " + run + "; fg %1", types: "\x1a", asks: true, plan: true, sent: true},
		"Ctrl-Z, and bg": {line: "set -m; " + run + "; bg %1; wait %1", types: "\x1a", asks: true, plan: true, code: 4, says: "the run is in the background now"},
		"Ctrl-Z, bg, stty tostop": {
			line: "set -m; stty tostop; " + run + "; bg %1; wait %1", types: "\x1a", asks: true, plan: true, code: 4, says: "the run is in the background now",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, p := newOffice(t, sandbox.Config{}), sitDown(t)
			line := test.line
			if line == "" {
				line = run
			}
			var nowhere bytes.Buffer
			var alone io.Writer
			if test.alone {
				alone = &nowhere
			}
			cmd := p.starts(o, line, test.env, test.ahead, alone)
			code := p.answers(cmd, test.types, theQuestionOf(line))
			// Ctrl-C reaches the shell of a pipe, too. It may die of it before it can tell how the programs ended.
			if end, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && end.Signaled() && strings.Contains(line, " | ") {
				code = 128 + int(end.Signal())
			}
			shown := p.sees()
			asked := strings.Contains(shown, howToAnswer)
			planned := strings.Contains(shown, "Plan for") && strings.Contains(shown, "Nguyễn Thị Lan") && strings.Contains(shown, "columns   name, phone")
			said := shown + nowhere.String()
			for _, file := range []string{"out", "err"} {
				text, _ := os.ReadFile(filepath.Join(o.dir, file))
				said += string(text)
			}
			if asked != test.asks || planned != test.plan || code != test.code || !strings.Contains(said, test.says) {
				t.Errorf("asked %v, want %v; plan %v, want %v; exit code %d, want %d; it does not say %q:\n%s", asked, test.asks, planned, test.plan, code, test.code, test.says, said)
			}
			want := int64(0)
			if test.sent {
				want = 2
			}
			if creates := o.creates(); creates != want {
				t.Errorf("%d creates, want %d", creates, want)
			}
			if calls := o.tenant.Totals().Requests; test.code == 2 && calls != 0 {
				t.Errorf("%d requests", calls)
			}
			if strings.Contains(said, "Sen-trang") {
				t.Error("a password is shown")
			}
		})
	}
}

// theQuestionOf returns what is asked by a command line.
func theQuestionOf(line string) string {
	if strings.Contains(line, "--sandbox") {
		return `Create and assign 2 users on "Practice tenant" (account `
	}
	return theQuestion
}

// hangUp closes the terminal.
const hangUp = "hang up"

// answers types keys when the question is there, and y if it is there again. It returns the exit code.
func (p *person) answers(cmd *exec.Cmd, keys, question string) (code int) {
	p.Helper()
	over := make(chan error, 1)
	go func() { over <- cmd.Wait() }()
	deadline, tick, answered := time.After(30*time.Second), time.NewTicker(time.Millisecond), 0
	defer tick.Stop()
	for {
		select {
		case err := <-over:
			if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
				p.Error(err)
			}
			programtest.Until(p, "everything is seen", func() bool {
				p.mu.Lock()
				defer p.mu.Unlock()
				return p.ended
			})
			return cmd.ProcessState.ExitCode()
		case <-deadline:
			_ = p.master.Close() // it hangs up on the jobs too
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			p.Fatalf("not over:\n%s", p.sees())
		case <-tick.C:
			shown := p.sees()
			asked := strings.Count(shown, howToAnswer)
			switch {
			case asked <= answered:
			case !strings.Contains(shown, question):
				p.Errorf("the question is not %s:\n%s", question, shown)
				answered = asked
			case answered == 0 && keys == hangUp:
				answered = asked
				if err := p.master.Close(); err != nil {
					p.Error(err)
				}
			case answered == 0:
				answered = asked
				p.types(keys)
			default:
				answered = asked
				p.types("y\n")
			}
		}
	}
}

// TestWaitingIsTold: whoever wants a result whose run waits for an answer is told so, and no longer once it does not wait.
func TestWaitingIsTold(t *testing.T) {
	program(t)
	other := func(o *office, args ...string) (code int, said string) {
		cmd := exec.Command(filepath.Join(programtest.Folder, "etelecom-import"), args...)
		cmd.Dir, cmd.Env = o.dir, o.env
		out, _ := cmd.CombinedOutput()
		return cmd.ProcessState.ExitCode(), string(out)
	}
	process := regexp.MustCompile(`process \d+ on \S+ since [0-9T:Z +-]+ is waiting for an answer`)
	for _, test := range []struct {
		keys string
		code int
	}{{"n\n", 4}, {"y\n", 0}, {"\x03", 130}} {
		o, p := newOffice(t, sandbox.Config{}), sitDown(t)
		cmd := p.starts(o, "exec etelecom-import run e.csv", "", "", nil)
		programtest.Until(t, "the question is there", func() bool { return strings.Contains(p.sees(), howToAnswer) })
		code, said := other(o, "run", "--yes", "e.csv")
		if code != 6 || !process.MatchString(said) || !strings.Contains(said, "hint: answer its question in the terminal where it runs") {
			t.Errorf("%d: %s", code, said)
		}
		if code, said := other(o, "status", "e.result.csv"); code != 0 || !process.MatchString(said) || !strings.Contains(said, "A run is on: process") {
			t.Errorf("%d: %s", code, said)
		}
		if _, said := other(o, "status", "e.result.csv"); !strings.HasPrefix(said, "e.result.csv: nothing is written yet\n") {
			t.Error(said)
		}
		if _, said := other(o, "status", "--json", "e.result.csv"); !strings.Contains(said, `"run":"on"`) || !strings.Contains(said, `"waiting":true`) {
			t.Error(said)
		}
		if code := p.answers(cmd, test.keys, theQuestion); code != test.code {
			t.Errorf("%q: exit code %d, want %d", test.keys, code, test.code)
		}
		if text, err := os.ReadFile(filepath.Join(o.dir, "e.result.csv.lock")); err != nil || len(text) > 0 {
			t.Errorf("%q: the lock file says %q; %v", test.keys, text, err)
		}
	}

	// While a run works, it does not wait. After a crash at the question, nobody is waiting.
	o, p := newOffice(t, sandbox.Config{Latency: 300 * time.Millisecond}), sitDown(t)
	cmd := p.starts(o, "exec etelecom-import run -j 1 e.csv", "", "", nil)
	lock := func() (text struct{ Journal, Waiting bool }) {
		line, _ := os.ReadFile(filepath.Join(o.dir, "e.result.csv.lock"))
		_ = json.Unmarshal(line, &text)
		return text
	}
	programtest.Until(t, "it waits", func() bool { return lock().Waiting })
	programtest.Until(t, "the question is there", func() bool { return strings.Contains(p.sees(), howToAnswer) })
	p.types("y\n")
	programtest.Until(t, "it works", func() bool { return lock().Journal })
	if lock().Waiting {
		t.Error("a run that works says that it waits")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()

	cmd = p.starts(o, "exec etelecom-import run -j 1 e.csv", "", "", nil)
	programtest.Until(t, "it waits", func() bool { return lock().Waiting })
	if !lock().Journal {
		t.Error("the lock file does not say any more that there is a journal")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	if code, said := other(o, "status", "e.result.csv"); code != 0 || strings.Contains(said, "waiting") || !strings.Contains(said, "was cut off (process") {
		t.Errorf("%d: %s", code, said)
	}
}

// TestTwoRunsAtOneTerminal: what a person types answers the question that they see, and no other: a script can start several runs
// at once. The second question comes with its plan, once the first is answered.
func TestTwoRunsAtOneTerminal(t *testing.T) {
	program(t)
	o, p := newOffice(t, sandbox.Config{}), sitDown(t)
	other := newOffice(t, sandbox.Config{})
	cmd := p.starts(o, "etelecom-import run e.csv & one=$!; until test -e asked; do sleep 0.01; done; "+
		"ETELECOM_BASE_URL="+other.tenant.BaseURL()+" ETELECOM_API_KEY="+other.tenant.Key()+" etelecom-import run -o second.csv e.csv; two=$?; wait $one; echo codes $? $two", "", "", nil)
	over := make(chan struct{})
	go func() { _ = cmd.Wait(); close(over) }()
	programtest.Until(t, "the first asks", func() bool { return strings.Contains(p.sees(), howToAnswer) })
	write(t, filepath.Join(o.dir, "asked"), nil)
	programtest.Until(t, "the second waits", func() bool { return strings.Contains(p.sees(), "This run asks after it.") })
	if n := strings.Count(p.sees(), howToAnswer); n != 1 {
		t.Errorf("%d questions at once:\n%s", n, p.sees())
	}
	p.types("n\n")
	programtest.Until(t, "the second asks", func() bool { return strings.Count(p.sees(), howToAnswer) == 2 })
	_, below, _ := strings.Cut(p.sees(), "This run asks after it.")
	if !strings.Contains(below, "Plan for ") || o.creates() != 0 || other.creates() != 0 {
		t.Errorf("%d and %d creates:\n%s", o.creates(), other.creates(), p.sees())
	}
	p.types("y\n")
	<-over
	programtest.Until(t, "the end is seen", func() bool { return strings.Contains(p.sees(), "codes ") })
	if !strings.Contains(p.sees(), "codes 4 0") || o.creates() != 0 || other.creates() != 2 {
		t.Errorf("%d and %d creates:\n%s", o.creates(), other.creates(), p.sees())
	}
}

// TestStoppedRunAndAnother: a run that was stopped at its question by Ctrl-Z keeps no other one from asking.
func TestStoppedRunAndAnother(t *testing.T) {
	program(t)
	o, p := newOffice(t, sandbox.Config{}), sitDown(t)
	cmd := p.starts(o, "set -m; etelecom-import run e.csv; etelecom-import run -o second.csv e.csv; echo code $?; fg %1; echo code $?", "", "", nil)
	over := make(chan struct{})
	go func() { _ = cmd.Wait(); close(over) }()
	for n, keys := range []string{"\x1a", "y\n", "n\n"} {
		programtest.Until(t, "it asks", func() bool { return strings.Count(p.sees(), howToAnswer) == n+1 })
		p.types(keys)
	}
	<-over
	programtest.Until(t, "the end is seen", func() bool { return strings.Count(p.sees(), "\ncode ") == 2 })
	if !strings.Contains(p.sees(), "\ncode 0\n") || !strings.Contains(p.sees(), "\ncode 4\n") || strings.Contains(p.sees(), "asks after it") || o.creates() != 2 {
		t.Errorf("%d creates:\n%s", o.creates(), p.sees())
	}
}

// TestReplacedIsAsked: once more passwords were replaced than --max-replaced allows, the person is asked again, and with --yes the
// run stops.
func TestReplacedIsAsked(t *testing.T) {
	program(t)
	const again = `already had an eTelecom login. Their password is now the one in your file. Continue on "Cửa hàng Hoa Sen" (account `
	for _, test := range []struct {
		line, first string // the second answer is y
		asks        bool
		creates     int64
	}{
		{line: "etelecom-import run -j 1 --max-replaced 0 e.csv 2>err", first: "y\n", asks: true, creates: 2},
		{line: "etelecom-import run -j 1 --max-replaced 0 --yes e.csv", creates: 1},
	} {
		o, p := newOffice(t, sandbox.Config{StrangerPhones: []string{"0903112351"}}), sitDown(t)
		cmd := p.starts(o, test.line, "", "", nil)
		over := make(chan struct{})
		go func() { _ = cmd.Wait(); close(over) }()
		if test.asks {
			programtest.Until(t, "it asks", func() bool { return strings.Contains(p.sees(), howToAnswer) })
			p.types(test.first)
			programtest.Until(t, "it asks again", func() bool { return strings.Contains(p.sees(), "anything else to stop: ") })
			p.types("y\n")
		}
		<-over
		if asked := strings.Contains(p.sees(), again); asked != test.asks || o.creates() != test.creates {
			t.Errorf("%s: asked %v, %d creates, want %d:\n%s", test.line, asked, o.creates(), test.creates, p.sees())
		}
	}
}

// TestRetryIsAsked: a create without an answer is not sent again before somebody has agreed to that.
func TestRetryIsAsked(t *testing.T) {
	program(t)
	lost, err := sandbox.ParseRule("cut-before@create=#1")
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, sandbox.Config{Faults: []sandbox.Rule{lost}})
	for _, test := range []struct {
		line, keys string
		question   string
		code       int
		creates    int64
	}{
		{"etelecom-import run -j 1 --settle 0 e.csv", "y\n", theQuestion, 3, 1},
		{"etelecom-import run --settle 1s e.csv >out", "n\n", `Create and assign up to 1 user on "Cửa hàng Hoa Sen" (account `, 4, 1},
		{"etelecom-import run --settle 1s --yes e.csv", "", "", 0, 2},
	} {
		p := sitDown(t)
		cmd := p.starts(o, test.line, "", "", nil)
		if code := p.answers(cmd, test.keys, test.question); code != test.code || o.creates() != test.creates {
			t.Errorf("%s: exit code %d, want %d; %d creates, want %d:\n%s", test.line, code, test.code, o.creates(), test.creates, p.sees())
		}
		const waits = "wait for 1\n  Nguyễn Thị Lan  0903112351  1001\n  Creates of an earlier run had no answer (rows: 1). Each is sent again only if the user is not there.\n"
		if told := strings.Contains(p.sees(), waits); told != (test.code != 3) {
			t.Errorf("%s: the plan says what waits: %v:\n%s", test.line, told, p.sees())
		}
	}
}
