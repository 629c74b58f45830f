package console_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"etelecom-import/importer/programtest"
)

// TestScripts runs the whole program as its users do. Beyond what testscript knows, a script can say:
//
//	exits CODE program args...   the program ends with this exit code. What it prints with --json is held against its schema
//	start NAME program args...   start it and go on; its output goes to NAME.stdout and NAME.stderr
//	signal NAME INT              send it a signal
//	ended NAME CODE              wait for its end
//	insist NAME INT CODE         send it a signal again and again until it ends
//	tenant [flags of sandbox]    serve a practice tenant, and set its address and key in the environment
//	record NAME VALUE...         what the tenant has counted, such as: record creates 3 overwrites 0
//	meddle remove PHONE          somebody works on the tenant by hand: takes a person out,
//	meddle add PHONE NAME        puts one in,
//	meddle move NUMBER PHONE     gives an extension to another person,
//	meddle free NUMBER           takes it away,
//	meddle line NUMBER           adds one that is free,
//	meddle expire NUMBER         lets it expire,
//	meddle roles PHONE [ROLE]... sets the roles of a person
//	until NAME VALUE             wait until the tenant has counted so many
//	exists-soon FILE             wait until the file is there and not empty
//	says-soon FILE TEXT          wait until the file holds the text
//	key-file FILE                move the tenant's key there, out of the environment
//	workbook FILE [SHEET]        print the rows of a workbook, with " . " between the cells
//	metric FILE NAME VALUE       a metric, with its last labels or without, has this value, or it is kept or later than it was
//	no-secrets [FILE...]         no output and no file so far holds a password of a roster, or a key; but these files do
//	log-in FILE COUNT            so many people log in at the tenant with what a page of slips says
//
// A script that needs a terminal asks for [terminal] first. Then standard error is one with: sh -c 'program 2>/dev/tty'. Nobody is
// asked: ETELECOM_YES is true. TestQuestions has a terminal and answers.
func TestScripts(t *testing.T) {
	program(t)
	testscript.Run(t, scripts(&tally{}, false))
}

// TestScriptsOnSecondTenant runs the same scripts on the second tenant, which shares nothing with the sandbox. A script
// that uses what the second tenant has no equivalent of is skipped there.
func TestScriptsOnSecondTenant(t *testing.T) {
	program(t)
	var ran tally
	t.Run("script", func(t *testing.T) { testscript.Run(t, scripts(&ran, true)) })
	ran.mu.Lock()
	defer ran.mu.Unlock()
	t.Logf("%d scripts with a tenant have run on both tenants; skipped on the second: %v", ran.used-len(ran.skipped), ran.skipped)
}

// tally is how many scripts have asked for a tenant, and which were skipped.
type tally struct {
	mu      sync.Mutex
	used    int
	skipped []string
}

func scripts(ran *tally, second bool) testscript.Params {
	return testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			samples, err := filepath.Abs("../../samples")
			env.Setenv("SAMPLES", samples)
			env.Setenv("PATH", programtest.Folder+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("TZ", "UTC")
			env.Setenv("ETELECOM_RATE", "0")
			env.Setenv("ETELECOM_YES", "true")
			env.Setenv("GORACE", "atexit_sleep_ms=100") // instead of a whole second at the end of each program
			s := &script{running: map[string]*exec.Cmd{}, commands: map[string][]string{}, metrics: map[string]float64{}, work: env.WorkDir, second: second}
			s.skip = func(why error) {
				ran.mu.Lock()
				ran.skipped = append(ran.skipped, filepath.Base(env.WorkDir)+": "+why.Error())
				ran.mu.Unlock()
				env.T().Skip(why.Error())
			}
			env.Values[scriptKey{}] = s
			env.Defer(func() {
				if len(s.tenants) > 0 {
					ran.mu.Lock()
					ran.used++
					ran.mu.Unlock()
				}
				s.stop()
			})
			return err
		},
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "start": start, "signal": sendSignal, "ended": ended, "insist": insist, "idle": idle,
			"tenant": tenant, "meddle": meddle, "record": recorded, "until": until, "exists-soon": existsSoon,
			"says-soon": saysSoon, "key-file": keyFile, "workbook": showWorkbook, "metric": metric, "no-secrets": noSecrets, "log-in": logIn,
		},
	}
}

func condition(name string) (bool, error) {
	if name != "terminal" {
		return false, fmt.Errorf("no condition: %s", name)
	}
	_, err := os.Stat("/dev/ptmx")
	return err == nil, nil
}

type scriptKey struct{}

// script is what a running script has made.
type script struct {
	work    string
	running map[string]*exec.Cmd
	// commands are the command lines of running programs.
	commands map[string][]string
	output   bytes.Buffer       // of every program that it ran
	metrics  map[string]float64 // what the script has seen of metrics files
	second   bool               // it runs on the second tenant
	tenants  []practice         // the last is the one in use
	skip     func(why error)
	end      []func()
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
