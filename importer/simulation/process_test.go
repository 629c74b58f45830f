package simulation

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"etelecom-import/apiclient/sandbox"
)

// process is one run of the program: its view of the disk and of the network, both of which end when it is killed.
type process struct {
	world *world
	disk  *disk
	open  map[*inode]int // how often the process has a file open
	// tenant is whose key the process has.
	tenant *sandbox.Tenant
	kill   context.CancelFunc
	dead   atomic.Bool

	meddleAt int // the step at which the account's other administrators are at work; 0: none
	date     int // what becomes of the answers' Date: 1: it is gone; 2: of the first it is gone; 3: the third is years off

	mu      sync.Mutex
	steps   int
	answers int

	listings   []listing      // of the extensions, in their order
	assignedAt map[string]int // how many answers had come with the last confirmed assign of each extension
	writes     int            // creates and assigns that were answered
	plan       mishaps
}

// listing is when a listing began, and how many answers had come before it.
type listing struct {
	begun   time.Time
	answers int
}

// mishaps are what happens to a process: at its nth step, a step being an operation on a file or a call; 0 is never.
type mishaps struct {
	killAt   int  // it is killed before the step
	killPast int  // it is killed after the step was done: the answer is lost, the effect is not
	fullAt   int  // the disk is full, once
	fullFrom int  // the disk is full, from then on
	brokenAt int  // fsync fails with EIO, once
	power    bool // the power goes with the process
}

// step counts an operation on a file. An error is what the operation meets.
func (p *process) step(what string) error {
	n, dead := p.next(what)
	sync := len(what) > 4 && what[:4] == "sync"
	switch {
	case dead:
		return errDead
	case p.plan.brokenAt != 0 && n >= p.plan.brokenAt && sync:
		p.plan.brokenAt = 0
		return syscall.EIO
	case n == p.plan.fullAt, p.plan.fullFrom != 0 && n >= p.plan.fullFrom && (len(what) < 5 || what[:5] == "write"):
		return syscall.ENOSPC
	}
	return nil
}

func (p *process) next(what string) (n int, dead bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead.Load() {
		return 0, true
	}
	p.steps++
	p.world.note("%3d %s", p.steps, what)
	if p.steps == p.meddleAt {
		p.world.meddle()
	}
	if p.steps == p.plan.killAt {
		p.die()
		return p.steps, true
	}
	return p.steps, false
}

// die ends the process where it is. What it does from now on has no effect.
func (p *process) die() {
	p.world.note("    killed")
	p.dead.Store(true)
	p.kill()
}

// RoundTrip implements [http.RoundTripper], for processes that have no [wire].
func (p *process) RoundTrip(r *http.Request) (*http.Response, error) {
	n, dead := p.next(r.URL.Path)
	if dead {
		return nil, errDead
	}
	resp, err := p.answer(r)
	if p.ends(n) {
		if resp != nil {
			resp.Body.Close()
		}
		return nil, errDead
	}
	return resp, err
}

// answer returns what the tenant answers, as it reaches the process.
func (p *process) answer(r *http.Request) (*http.Response, error) {
	assigned := p.noteListing(r)
	resp, err := p.tenant.RoundTrip(r)
	if err != nil {
		p.world.note("    %s: %v", r.URL.Path, err)
		return nil, err
	}
	p.world.note("    %s: HTTP %d", r.URL.Path, resp.StatusCode)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers++
	if strings.Contains(r.URL.Path, "/Create") || strings.Contains(r.URL.Path, "/Assign") {
		p.writes++
	}
	if assigned != "" && resp.StatusCode == http.StatusOK {
		if p.assignedAt == nil {
			p.assignedAt = map[string]int{}
		}
		p.assignedAt[assigned] = p.answers
	}
	p.redate(resp.Header)
	if strings.HasSuffix(r.URL.Path, "/GetAccountUsers") && p.tenant == p.world.tenant {
		p.world.conceal(resp)
	}
	return resp, nil
}

// noteListing notes when a listing of the extensions begins, and returns the extension that an assign is of; "" for any other call.
func (p *process) noteListing(r *http.Request) (assigned string) {
	isAssign := strings.Contains(r.URL.Path, "Assign")
	if !isAssign && !strings.HasSuffix(r.URL.Path, "GetExtensions") {
		return ""
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if m := extensionInBody.FindSubmatch(body); isAssign && m != nil {
		return string(m[1])
	}
	if err == nil && bytes.Contains(body, []byte(`"after":"."`)) {
		p.mu.Lock()
		p.listings = append(p.listings, listing{time.Now(), p.answers})
		p.mu.Unlock()
	}
	return ""
}

var extensionInBody = regexp.MustCompile(`"extension_id":"(\d+)"`)

// ends kills the process if that is to happen after the step, and reports whether it is dead.
func (p *process) ends(step int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if step == p.plan.killPast && !p.dead.Load() {
		p.die()
	}
	return p.dead.Load()
}

// redate spoils the Date of an answer.
func (p *process) redate(h http.Header) {
	switch {
	case p.date == 1, p.date == 2 && p.answers == 1:
		h.Del("Date")
	case p.date == 3 && p.answers == 3:
		h.Set("Date", time.Now().AddDate(10, 0, 0).UTC().Format(http.TimeFormat))
	}
}
