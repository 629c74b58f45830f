package importer_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
)

var each = flag.Bool("each", false, "TestFaultMatrix: a run for each row and page that a fault meets, and not one for all three")

// The roster of a case: the last of the rows is somebody who was in the shop before, and who is first in its listing.
const (
	matrixRows   = 5
	matrixOthers = 200
	there        = matrixRows
)

// ending is how the first run of a case ends.
type ending uint8

const (
	allDone ending = iota
	someUnknown
	someFailed
	someFinal   // failed, and never sent again by itself
	perhapsLate // as many may be unknown as calls were hit: it depends on who is quicker
	refused
	unavailable
)

// endings are those of the faults that end in the same way, whatever call they meet.
var endings = map[string]ending{
	"revoked": refused, "denied": refused, "redirect": refused, "closed": refused, "precondition": someFinal, "precondition-after": someFinal, "list-repeats-cursor": unavailable,
	"late": perhapsLate, "late-504": perhapsLate, "late-silent": perhapsLate,
	"hang-up": perhapsLate, // the connection may close when the next call has begun
}

// unknownCreates are the faults that leave a create without an effect and without a proof of that.
var unknownCreates = []string{
	"refuse", "cut-unsent", "cut-before", "silent", "500-before", "503-before", "error", "502-html", "html-200", "error-200", "echo-html",
}

// arguments shorten what would take long over real sockets; endless waiting is cut by the client's timeout.
var arguments = map[string]string{"429": "past", "late": "200ms", "late-504": "200ms", "late-silent": "200ms", "slow": "50ms"}

// hanging faults are over when the client's timeout is.
const (
	hanging     = "silent slow-header slow-body late-silent"
	hangTimeout = 300 * time.Millisecond
)

// cell is one case of the matrix: the fault meets these calls of a kind.
type cell struct {
	fault string
	on    sandbox.Ops
	calls []int
}

func (c cell) String() string {
	return fmt.Sprintf("%s/%s/%s", c.on, c.fault, strings.Trim(strings.ReplaceAll(fmt.Sprint(c.calls), " ", ","), "[]"))
}

// rules are those of the first run, and of the second. The phone filter is asked only for somebody whose create was lost,
// and so spoiled in the second.
func (c cell) rules() (first, second []sandbox.Rule) {
	for i, n := range c.calls {
		r := sandbox.Rule{Fault: c.fault, Arg: arguments[c.fault], On: c.on, First: n}
		switch c.fault {
		case "list-cut", "list-fails":
			r.Arg = fmt.Sprint(i + 1)
		case "list-similar":
			first = append(first, sandbox.Rule{Fault: "500-before", On: sandbox.Create, First: 2*i + 1})
			second = []sandbox.Rule{{Fault: c.fault, On: c.on}}
			continue
		}
		first = append(first, r)
	}
	return first, second
}

func (c cell) ending() ending {
	switch {
	case c.on == sandbox.Extensions && c.fault == "denied": // continues without the listing
		return allDone
	case c.fault == "list-similar":
		return someUnknown
	case c.on == sandbox.Create && c.fault == "echo":
		return someFailed
	case c.on == sandbox.Create && slices.Contains(unknownCreates, c.fault):
		return someUnknown
	}
	return endings[c.fault]
}

// alone reports whether the fault ends the run, or the listing.
func (c cell) alone() bool {
	return *each && c.fault != "list-cut" && c.fault != "list-fails" || c.ending() == refused || c.ending() == unavailable || c.fault == "denied"
}

// plain are faults of a listing after which the run continues at once, so that its calls are its pages.
const plain = "hang-up slow id-number list-duplicates list-shrinks list-similar denied revoked closed redirect list-repeats-cursor"

// positions are the calls of a kind that are spoiled: of five rows, or of three pages; a page that is read
// again is the next call.
func (c cell) positions() []int {
	if c.on&sandbox.List != 0 && (strings.Contains(plain, c.fault) || *each) && c.fault != "list-cut" && c.fault != "list-fails" {
		return []int{1, 2, 3}
	}
	return []int{1, 3, 5}
}

// cells are every fault with every call that it fits, at the beginning, in the middle and at the end.
func cells() (all []cell) {
	for _, on := range []sandbox.Ops{sandbox.Create, sandbox.Assign, sandbox.Users, sandbox.Extensions} {
		for _, name := range sandbox.FaultNames() {
			c := cell{fault: name, on: on}
			c.calls = c.positions()
			if sandbox.New(sandbox.Config{}).SetFaults(sandbox.Rule{Fault: name, On: on}) != nil {
				continue
			}
			if !c.alone() {
				all = append(all, c)
				continue
			}
			for _, n := range c.calls {
				all = append(all, cell{name, on, []int{n}})
			}
		}
	}
	return all
}

// TestFaultMatrix meets every fault of the sandbox over a real socket, in every call that it fits: with the first, the middle
// and the last row, or page. What a run survives meets it at all three; with -each there is a run for each. A
// first run meets it and goes as far as it can; a second one, without faults and after the settle time by the tenant's
// clock, ends what was left. (The waiting for that time within one run is real, and is left to tests in fake time.)
//
// rule: own-ids
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	work := make(chan cell)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for c := range work {
				t.Run(c.String(), c.test)
			}
		})
	}
	for _, c := range cells() {
		work <- c
	}
	close(work)
	workers.Wait()
}

func (c cell) test(t *testing.T) {
	b := c.harness(t)
	defer b.tenant.Close()
	stop := b.serve()
	defer stop()
	s, err := b.run(context.Background())
	c.ended(t, s, err)
	b.kept()
	b.secretive(s, err)
	c.goOn(b)
}

func (c cell) harness(t *testing.T) *harness {
	config := sandbox.Config{UserPhones: []string{phoneOf(there)}}
	switch c.on {
	case sandbox.Users:
		config.Users = matrixOthers
	case sandbox.Extensions:
		config.Extensions = matrixOthers
	}
	b := newHarness(t, matrixRows+1, config)
	b.fs = &spy{}
	b.options.Settle, b.options.Workers = 0, 3
	b.api.Timeout = 20 * time.Second
	if strings.Contains(hanging, c.fault) {
		b.api.Timeout = hangTimeout
	}
	first, _ := c.rules()
	if err := b.tenant.SetFaults(first...); err != nil {
		t.Fatal(err)
	}
	return b
}

// ended checks how the first run ended.
func (c cell) ended(t *testing.T, s *importer.Summary, err error) {
	var stop *importer.Stop
	errors.As(err, &stop)
	want := c.ending()
	switch want {
	case refused, unavailable:
		kind := importer.Refused
		if want == unavailable {
			kind = importer.Unavailable
		}
		if stop == nil || stop.Kind != kind {
			t.Errorf("the run ended with %v, want %v", err, kind)
		}
		return
	}
	if err != nil {
		t.Fatalf("the run ended with %v", err)
	}
	got, hit := s.Status, len(c.calls)
	done := matrixRows - hit
	if want == allDone {
		done = matrixRows
	}
	switch {
	case got.Pending != 0 || got.Invalid != 0:
	case want == perhapsLate && got.Done >= done:
		return
	case got.Done == done && (want != someUnknown || got.Unknown == hit) && (want != someFailed && want != someFinal || got.Failed == hit+1):
		return
	}
	t.Errorf("%+v", got)
}

// goOn runs again.
func (c cell) goOn(b *harness) {
	_, second := c.rules()
	if err := b.tenant.SetFaults(second...); err != nil {
		b.t.Fatal(err)
	}
	b.settled()
	b.options.Settle, b.api.Timeout = time.Minute, 20*time.Second
	s, err := b.run(context.Background())
	final, effects := 0, matrixRows
	if c.ending() == someFinal {
		final = len(c.calls)
	}
	if c.fault == "precondition" {
		effects -= final
	}
	if err != nil || s.Status.Done != matrixRows-final || s.Status.Failed != 1+final || final == 0 && s.Errors[0].Code != "user_exists" {
		b.t.Errorf("the second run: %v, %+v", err, s)
	}
	b.kept()
	b.secretive(s, err)
	if fired := b.tenant.Totals().Fired(c.fault); fired < int64(len(c.calls)) {
		b.t.Errorf("the fault has fired %d times", fired)
	}
	if r := b.tenant.Totals(); r.Creates != int64(effects) || r.Assigns != int64(matrixRows-final) || r.Followed != 0 {
		b.t.Errorf("%d creates, %d assigns, %d redirects followed", r.Creates, r.Assigns, r.Followed)
	}
	if !b.tenant.PasswordIs(phoneOf(there), "their own password") {
		b.t.Error("somebody who was there before has another password")
	}
}
