package importer

import (
	"cmp"
	"sync"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/plan"
)

const (
	// confirmPause is how long after an assign the listing begins that confirms it. An assign of the same extension by another program, which
	// the tenant was working on at the same time, has had its effect by then. It is no longer than the settle time, after which no call has
	// an effect any more.
	confirmPause = 2 * time.Second
	// defaultConfirm is how long a listing may be behind, without --settle.
	defaultConfirm = 2 * time.Minute
)

// confirmation makes a run wait for the listing to show the free extensions that it has assigned. A listing can be behind: until the settle
// time is over, one that shows an extension without its user does not count. Otherwise the same assign would be sent again, or another
// extension would be chosen, and the user would have two.
type confirmation struct {
	settle time.Duration

	mu   sync.Mutex
	rows map[int]assigned
}

// assigned is what this run has assigned to a row and no listing has shown.
type assigned struct {
	extension apiclient.ID
	answered  time.Time // when the answer came, or failed to come
	confirmed bool      // by the answer; else it may have had no effect
}

func newConfirmation(settle time.Duration) *confirmation {
	return &confirmation{settle: cmp.Or(settle, defaultConfirm), rows: map[int]assigned{}}
}

// sent notes an assign that has had its effect, or may have it.
func (c *confirmation) sent(row int, x apiclient.ID, confirmed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows[row] = assigned{x, time.Now(), confirmed}
}

// begin returns when the next listing may begin; the zero time if none is waited for.
func (c *confirmation) begin() (at time.Time) {
	for _, a := range c.rows {
		if a.answered.After(at) {
			at = a.answered
		}
	}
	if at.IsZero() {
		return at
	}
	return at.Add(min(confirmPause, c.settle))
}

// behind returns until when the listing may still be behind that a plan was made from, and that began at a time; the zero time if it is not.
func (c *confirmation) behind(p *plan.Plan, began time.Time) (until time.Time) {
	for i, a := range c.rows {
		step := &p.Steps[i]
		settled := a.answered.Add(c.settle)
		isOver := step.Action == plan.NoOp || !began.Before(settled)
		isRepeated := !a.confirmed && step.Action == plan.Assign && step.Extension.ID == a.extension
		switch {
		case isRepeated: // the same assign may be sent again at once: it may have had no effect
		case isOver:
			delete(c.rows, i)
		case settled.After(until):
			until = settled
		}
	}
	return until
}
