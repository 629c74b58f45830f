package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/alecthomas/kong"
	"github.com/rogpeppe/go-internal/testscript"

	"etelecom-import/apiclient/sandbox"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"etelecom-import": main})
}

// TestScripts runs the whole program as its users do. Beyond what testscript knows, a script can say:
//
//	exits CODE program args...   the program ends with this exit code
//	start NAME program args...   start it and go on; its output goes to NAME.stdout and NAME.stderr
//	signal NAME INT              send it a signal
//	ended NAME CODE              wait for its end
//	insist NAME INT CODE         send it a signal again and again until it ends
//	tenant [flags of sandbox]    serve a practice tenant, and set its address and key in the environment
//	record NAME VALUE...         what the tenant has counted, such as: record creates 3 overwrites 0
//	until NAME VALUE             wait until the tenant has counted so many
//	exists-soon FILE             wait until the file is there and not empty
//	says-soon FILE TEXT          wait until the file holds the text
//	key-file FILE                write the tenant's key there
//	no-secrets                   no output and no file so far holds a password of a roster, or a key
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "importer/console/testdata",
		Setup: func(env *testscript.Env) error {
			samples, err := filepath.Abs("samples")
			env.Setenv("SAMPLES", samples)
			env.Setenv("ETELECOM_RATE", "0")
			s := &script{running: map[string]*exec.Cmd{}, work: env.WorkDir}
			env.Values[scriptKey{}] = s
			env.Defer(s.stop)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "start": start, "signal": sendSignal, "ended": ended, "insist": insist,
			"tenant": tenant, "record": recorded, "until": until, "exists-soon": existsSoon,
			"says-soon": saysSoon, "key-file": keyFile, "no-secrets": noSecrets,
		},
	})
}

type scriptKey struct{}

// script is what a running script has made.
type script struct {
	work    string
	running map[string]*exec.Cmd
	output  bytes.Buffer      // of every program that it ran
	tenants []*sandbox.Tenant // the last is the one in use
	end     []func()
}

func of(ts *testscript.TestScript) *script { return ts.Value(scriptKey{}).(*script) }

func (s *script) stop() {
	for _, cmd := range s.running {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	for _, end := range slices.Backward(s.end) {
		end()
	}
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	of(ts).output.WriteString(ts.ReadFile("stdout") + ts.ReadFile("stderr"))
	checkCode(ts, want, err)
}

func checkCode(ts *testscript.TestScript, want int, err error) {
	code := 0
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

func start(ts *testscript.TestScript, _ bool, args []string) {
	program, err := exec.LookPath(args[1])
	if err != nil {
		program = filepath.Join(strings.Split(ts.Getenv("PATH"), string(os.PathListSeparator))[0], args[1])
	}
	cmd := exec.Command(program, args[2:]...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), environment(ts)
	cmd.Stdout, err = os.Create(ts.MkAbs(args[0] + ".stdout"))
	ts.Check(err)
	cmd.Stderr, err = os.Create(ts.MkAbs(args[0] + ".stderr"))
	ts.Check(err)
	ts.Check(cmd.Start())
	of(ts).running[args[0]] = cmd
}

// environment is that of the script, as far as the program cares.
func environment(ts *testscript.TestScript) []string {
	env := []string{"PATH=" + ts.Getenv("PATH"), "HOME=" + ts.Getenv("HOME"), "TMPDIR=" + ts.Getenv("TMPDIR")}
	for _, name := range []string{"ETELECOM_RATE", "ETELECOM_BASE_URL", "ETELECOM_API_KEY"} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

var signals = map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP, "KILL": syscall.SIGKILL}

func sendSignal(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(of(ts).running[args[0]].Process.Signal(signals[args[1]]))
}

func insist(ts *testscript.TestScript, _ bool, args []string) {
	cmd := of(ts).running[args[0]]
	go func() {
		for cmd.Process.Signal(signals[args[1]]) == nil {
			time.Sleep(50 * time.Millisecond)
		}
	}()
	ended(ts, false, []string{args[0], args[2]})
}

func ended(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	err = s.running[args[0]].Wait()
	delete(s.running, args[0])
	ts.Logf("%s%s", ts.ReadFile(args[0]+".stdout"), ts.ReadFile(args[0]+".stderr"))
	checkCode(ts, want, err)
}

func tenant(ts *testscript.TestScript, _ bool, args []string) {
	var flags struct {
		Tenant sandbox.Config `embed:""`
	}
	_, err := kong.Must(&flags).Parse(args)
	ts.Check(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	flags.Tenant.Addr = l.Addr().String()
	t, err := sandbox.Open(flags.Tenant)
	ts.Check(err)
	s := of(ts)
	ctx, stop := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { _ = t.Serve(ctx, l) })
	s.end = append(s.end, func() { t.Close(); stop(); serving.Wait() })
	s.tenants = append(s.tenants, t)
	ts.Setenv("ETELECOM_BASE_URL", t.BaseURL())
	ts.Setenv("ETELECOM_API_KEY", t.Key())
}

// counts returns what the tenant has counted, by name.
func (s *script) counts() map[string]any {
	text, err := json.Marshal(s.tenants[len(s.tenants)-1].Totals())
	if err != nil {
		panic(err)
	}
	var counts map[string]any
	if err := json.Unmarshal(text, &counts); err != nil {
		panic(err)
	}
	return counts
}

func recorded(ts *testscript.TestScript, _ bool, args []string) {
	counts := of(ts).counts()
	for pair := range slices.Chunk(args, 2) {
		if got := fmt.Sprint(counts[pair[0]]); got != pair[1] {
			ts.Fatalf("the tenant has %s %s, want %s", got, pair[0], pair[1])
		}
	}
}

// soon waits until a condition holds.
func soon(ts *testscript.TestScript, what string, holds func() bool) {
	deadline := time.Now().Add(30 * time.Second)
	for tick := time.NewTicker(5 * time.Millisecond); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			ts.Fatalf("still not: %s", what)
		}
	}
}

func until(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.ParseFloat(args[1], 64)
	ts.Check(err)
	soon(ts, strings.Join(args, " "), func() bool { return of(ts).counts()[args[0]].(float64) >= want })
}

func existsSoon(ts *testscript.TestScript, _ bool, args []string) {
	soon(ts, args[0], func() bool {
		info, err := os.Stat(ts.MkAbs(args[0]))
		return err == nil && info.Size() > 0
	})
}

func saysSoon(ts *testscript.TestScript, _ bool, args []string) {
	soon(ts, args[1], func() bool { return strings.Contains(ts.ReadFile(args[0]), args[1]) })
}

func keyFile(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.Getenv("ETELECOM_API_KEY")+"\n"), 0o600))
}

// noSecrets fails if an output, or a file other than a roster, holds a password of a roster or a key.
func noSecrets(ts *testscript.TestScript, _ bool, _ []string) {
	s := of(ts)
	files := map[string]string{"an output": s.output.String()}
	var secrets []string
	for _, t := range s.tenants {
		secrets = append(secrets, t.Key())
	}
	ts.Check(filepath.WalkDir(s.work, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(path, filepath.Join(s.work, ".tmp")) {
			return err
		}
		text, err := os.ReadFile(path)
		if found := passwords(text); len(found) > 0 {
			secrets = append(secrets, found...)
		} else if filepath.Base(path) != "key" {
			files[path] = string(text)
		}
		return err
	}))
	if len(secrets) == 0 {
		ts.Fatalf("no secret to look for")
	}
	for name, text := range files {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				ts.Fatalf("%s holds the secret %q", name, secret)
			}
		}
	}
}

// passwords returns what stands in the column password of a roster; nothing for any other file.
func passwords(text []byte) (found []string) {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	rows, _ := r.ReadAll()
	if len(rows) == 0 {
		return nil
	}
	column := slices.Index(rows[0], "password")
	for _, row := range rows[1:] {
		if column >= 0 && column < len(row) && len(row[column]) > 5 {
			found = append(found, row[column])
		}
	}
	return found
}

// TestHelp shows that every help fits a screen, in lines of 80 columns.
func TestHelp(t *testing.T) {
	for command, lines := range map[string]int{"": 20, "run": 45, "status": 20, "sandbox": 45} {
		var help bytes.Buffer
		args := append([]string{"etelecom-import"}, strings.Fields(command+" --help")...)
		if code := run(t.Context(), args, strings.NewReader(""), &help, &help); code != 0 {
			t.Errorf("%s --help: exit code %d", command, code)
		}
		if n := strings.Count(help.String(), "\n"); n > lines {
			t.Errorf("%s --help has %d lines", command, n)
		}
		for line := range strings.Lines(help.String()) {
			if utf8.RuneCountInString(line) > 81 {
				t.Errorf("%s --help: wider than 80 columns: %s", command, line)
			}
		}
	}
}

// TestPanic shows that a bug has its exit code, and that what the panic holds is not told.
func TestPanic(t *testing.T) {
	var stdout, stderr bytes.Buffer
	result := filepath.Join(t.TempDir(), "r.csv")
	code := run(t.Context(), []string{"etelecom-import", "run", "-o", result, "-"}, broken{}, &stdout, &stderr)
	if text := stdout.String() + stderr.String(); code != 70 || !strings.Contains(text, "panic of type") || strings.Contains(text, "Sen-trang") {
		t.Errorf("exit code %d, and:\n%s", code, text)
	}
}

// broken is a standard input with a bug.
type broken struct{}

func (broken) Read([]byte) (int, error) { panic("the password is Sen-trang-4471") }
