package console

import (
	"errors"
	"sync/atomic"

	"etelecom-import/importer"
)

// panics recovers from panics of goroutines that only show something, so that the run continues.
type panics struct {
	tell  func(error) // says it to people, at once
	first atomic.Pointer[importer.Stop]
}

// catch recovers from a panic in the goroutine that it is deferred in.
func (p *panics) catch(where string) {
	if v := recover(); v != nil {
		bug := importer.Panicked(where, v)
		p.first.CompareAndSwap(nil, bug)
		p.tell(bug)
	}
}

// join returns err, and with it the first panic if there was one.
func (p *panics) join(err error) error {
	if bug := p.first.Load(); bug != nil {
		return errors.Join(bug, err)
	}
	return err
}
