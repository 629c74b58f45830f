package console_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"etelecom-import/importer/programtest"
	"etelecom-import/importer/workbook"
)

func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	of(ts).output.WriteString(ts.ReadFile("stdout") + ts.ReadFile("stderr") + ts.ReadFile("ttyout"))
	checkCode(ts, want, err)
	ts.Check(checkJSON(strings.Join(args[1:], " "), ts.ReadFile("stdout"), want))
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
	cmd := exec.Command(filepath.Join(programtest.Folder, args[1]), args[2:]...)
	var err error
	cmd.Dir, cmd.Env = ts.MkAbs("."), environment(ts)
	cmd.Stdout, err = os.Create(ts.MkAbs(args[0] + ".stdout"))
	ts.Check(err)
	cmd.Stderr, err = os.Create(ts.MkAbs(args[0] + ".stderr"))
	ts.Check(err)
	ts.Check(cmd.Start())
	of(ts).running[args[0]], of(ts).commands[args[0]] = cmd, args[1:]
}

// environment is that of the script, as far as the program cares.
func environment(ts *testscript.TestScript) []string {
	env := []string{"PATH=" + ts.Getenv("PATH"), "HOME=" + ts.Getenv("HOME"), "TMPDIR=" + ts.Getenv("TMPDIR")}
	for _, name := range []string{"TZ", "ETELECOM_RATE", "ETELECOM_YES", "ETELECOM_BASE_URL", "ETELECOM_API_KEY"} {
		if value := ts.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

var signals = map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "HUP": syscall.SIGHUP, "KILL": syscall.SIGKILL, "QUIT": syscall.SIGQUIT, "ABRT": syscall.SIGABRT}

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
	if want >= 0 { // a killed one tells nothing
		ts.Check(checkJSON(strings.Join(s.commands[args[0]], " "), ts.ReadFile(args[0]+".stdout"), want))
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

// idle waits until a program has nothing to do but to wait: all of its threads sleep, at several looks.
func idle(ts *testscript.TestScript, _ bool, args []string) {
	pid, looks := of(ts).running[args[0]].Process.Pid, 0
	soon(ts, args[0]+" waits", func() bool {
		if looks++; !sleeps(pid) {
			looks = 0
		}
		return looks == 10
	})
}

// sleeps reports whether all threads of a process sleep.
func sleeps(pid int) bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if len(threads) == 0 { // no Linux
		state, err := exec.Command("ps", "-o", "state=", "-p", strconv.Itoa(pid)).Output()
		return err == nil && strings.HasPrefix(strings.TrimSpace(string(state)), "S")
	}
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if _, state, _ := strings.Cut(string(stat), ") "); err != nil || state[0] != 'S' {
			return false
		}
	}
	return true
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
	ts.Setenv("ETELECOM_API_KEY", "") // two places of a key are one too many
}

func showWorkbook(ts *testscript.TestScript, _ bool, args []string) {
	file, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	r, err := workbook.Open(bytes.NewReader(file), int64(len(file)), workbook.Options{Sheet: strings.Join(args[1:], " ")})
	ts.Check(err)
	defer r.Close()
	rows, err := r.ReadAll()
	ts.Check(err)
	for _, cells := range rows {
		fmt.Fprintln(ts.Stdout(), strings.Join(cells, " . "))
	}
}

// metric compares a value of a metrics file. With "kept" it is as it was when the script last looked at it, with "later" it is more.
func metric(ts *testscript.TestScript, neg bool, args []string) {
	file, series, want := args[0], args[1], args[2:]
	name, labels, _ := strings.Cut(strings.TrimSuffix(series, "}"), "{")
	for line := range strings.Lines(ts.ReadFile(file)) {
		head, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "} ")
		if !strings.HasPrefix(head, "etelecom_import_"+name+"{") || !strings.HasSuffix(head, labels) {
			continue
		}
		got, err := strconv.ParseFloat(value, 64)
		ts.Check(err)
		before := of(ts).metrics[file+series]
		of(ts).metrics[file+series] = got
		switch {
		case neg:
		case want[0] == "kept" && got == before, want[0] == "later" && got > before:
			return
		default:
			wanted, err := strconv.ParseFloat(want[0], 64)
			if err == nil && got == wanted {
				return
			}
		}
		ts.Fatalf("%s is %v, and was %v", series, got, before)
	}
	if !neg {
		ts.Fatalf("%s is not in %s", series, file)
	}
}
