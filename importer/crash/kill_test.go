package crash

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
)

var (
	kills = flag.Int("kills", 25, "TestKills: how many processes to kill")
	seed  = flag.Uint64("seed", 1, "TestKills, TestStorm: chooses times and faults")
)

// figures are what a test has counted.
type figures struct {
	offices, kills, runs, rows   int
	creates, overwrites, assigns int64
	writes                       int64
	codes                        map[int]int
}

func (f *figures) add(o *office) {
	r := o.tenant.Totals()
	f.offices++
	f.runs += o.runs
	f.rows += o.rows
	f.creates += r.Creates
	f.overwrites += r.Overwrites
	f.assigns += r.Assigns
	f.writes += r.Writes
}

func (f *figures) String() string {
	return fmt.Sprintf("%d kills, %d runs, %d rosters, %d rows; %d writes sent, %d creates and %d assigns took effect, %d passwords overwritten; exit codes of runs not killed: %v",
		f.kills, f.runs, f.offices, f.rows, f.writes, f.creates, f.assigns, f.overwrites, f.codes)
}

// windowsKilled is the exit code of a process that was killed on Windows.
const windowsKilled = 1

// killAfter runs the program and kills it after a while, if it is still there.
func (o *office) killAfter(d time.Duration) (code int, said string) {
	o.t.Helper()
	cmd := o.command()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	kill := time.AfterFunc(d, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	code = o.outcome(cmd.Wait(), out.Bytes())
	if code == windowsKilled && !kill.Stop() && runtime.GOOS == "windows" {
		code = killed
	}
	return code, out.String()
}

// TestKills kills the program at random times and starts it again, until its roster is through, and goes on with another
// roster. In every second roster calls go wrong as well. Before a run the machine's clock since its start may jump past the settle time.
func TestKills(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(*seed, 1))
	f := figures{codes: map[int]int{}}
	for n := 0; f.kills < *kills && !t.Failed(); n++ {
		o := newOffice(t, 20+dice.IntN(40), sandbox.Config{Seed: *seed + uint64(n), Latency: time.Duration(2+dice.IntN(15)) * time.Millisecond})
		if n%2 == 1 {
			if err := o.tenant.SetFaults(sandbox.MustParseRules("cut-after=0.03", "500-before=0.03", "503-after=0.03", "late:50ms=0.02", "half-body=0.03")...); err != nil {
				t.Fatal(err)
			}
		}
		o.killUntilDone(dice, &f)
		o.finished()
		f.add(o)
	}
	t.Log(&f)
}

func (o *office) killUntilDone(dice *rand.Rand, f *figures) {
	span := 400 * time.Millisecond // about what an undisturbed run takes; stretched below where it takes longer
	for done, n := false, 0; !done; n++ {
		if dice.IntN(2) == 0 {
			o.jump()
		}
		code, said := o.killAfter(time.Duration(dice.Int64N(int64(span) / int64(1+dice.IntN(3)))))
		switch code {
		case killed:
			f.kills++
			span += span / 20
		case 0:
			done = true
			f.codes[code]++
		case 3:
			f.codes[code]++
		default:
			f.codes[code]++
			o.t.Errorf("exit %d\n%s", code, said)
		}
		o.unharmed()
		o.status(dice)
		if n > 200 || o.t.Failed() {
			o.t.Fatalf("after %d runs: exit %d\n%s", n, code, said)
		}
	}
}

// status asks now and then how it stands: that works at any time.
func (o *office) status(dice *rand.Rand) {
	if dice.IntN(8) > 0 {
		return
	}
	out, err := exec.CommandContext(o.t.Context(), o.binary, "status", o.result).CombinedOutput()
	if code := o.outcome(err, out); code != 0 && code != 2 {
		o.t.Errorf("status: exit %d\n%s", code, out)
	}
}
