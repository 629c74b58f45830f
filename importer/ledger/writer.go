package ledger

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// journal appends records to the journal file. Whoever adds a record gets the commit that it will be part of; one
// goroutine takes everything that is queued, writes it with one write and makes it durable with one fsync.
type journal struct {
	file    File
	wake    chan struct{} // holds one token while something is queued
	stopped chan struct{} // closed when the goroutine has ended

	mu      sync.Mutex
	queue   *commit // what the next group takes; never nil
	closing bool
	failed  error    // the first failed write or fsync: nothing is written after it
	lost    []*Entry // whose last states are not known to be durable because of it

	sequence, group uint64 // of the next record; the goroutine's own
	recorder        *recorder
	buf             []byte
	unsynced        []*Entry // written since the last fsync
}

// commit is a set of records that become durable together.
type commit struct {
	done    chan struct{}
	err     error // valid once done is closed
	events  []event
	entries []*Entry // whose states the events hold; nil for an intent
	durable bool     // somebody waits for the fsync
}

// over is the commit of a record that comes after the end.
var over = &commit{done: closed(), err: errors.New("it is closed")}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

func newCommit() *commit { return &commit{done: make(chan struct{})} }

// newJournal goes on with a file that holds the given number of records, all of them durable.
func newJournal(f File, records uint64) *journal {
	j := &journal{file: f, wake: make(chan struct{}, 1), stopped: make(chan struct{}), queue: newCommit(), sequence: records, group: 1, recorder: newRecorder()}
	go j.write()
	return j
}

// add queues a record. With durable, the commit is over once the record has been fsynced; without, once it is written.
func (j *journal) add(what event, e *Entry, durable bool) *commit {
	j.mu.Lock()
	c := j.queue
	if j.closing {
		j.mu.Unlock()
		return over
	}
	c.events = append(c.events, what)
	c.entries = append(c.entries, e)
	c.durable = c.durable || durable
	j.mu.Unlock()
	j.kick()
	return c
}

func (j *journal) kick() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// err returns the failure that ended the journal, or nil.
func (j *journal) err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failed
}

// write is the goroutine.
func (j *journal) write() {
	defer close(j.stopped)
	for range j.wake {
		runtime.Gosched() // those who are about to add a record share the fsync
		c, closing := j.take()
		j.unsynced = append(j.unsynced, c.entries...)
		c.err = j.err()
		if c.err == nil {
			c.err = j.safely(c)
		}
		if c.err != nil {
			j.fail(c.err)
		}
		close(c.done)
		if closing {
			return
		}
	}
}

// ErrPanic says that the journal's own goroutine had a bug. It ends the journal as a failed write does.
var ErrPanic = errors.New("the journal has a bug")

// panicError is an [ErrPanic] with the type of the panic's value and the stack of its goroutine. The value itself is left out: it
// may hold anything.
type panicError struct {
	kind  string
	stack []byte
}

func (e *panicError) Error() string { return ErrPanic.Error() + ": panic of type " + e.kind }
func (e *panicError) Unwrap() error { return ErrPanic }

// Stack returns the stack of the goroutine that had the bug.
func (e *panicError) Stack() []byte { return e.stack }

// safely commits, and makes an error of a panic: whoever waits for the commit must hear of it.
func (j *journal) safely(c *commit) (err error) {
	defer func() {
		if v := recover(); v != nil { // the value may hold anything, and is not told
			err = &panicError{fmt.Sprintf("%T", v), debug.Stack()}
		}
	}()
	return j.commit(c)
}

func (j *journal) take() (*commit, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	c := j.queue
	j.queue = newCommit()
	return c, j.closing
}

// fail ends the journal: what is not durable yet is lost.
func (j *journal) fail(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed == nil {
		j.failed = err
	}
	for _, e := range j.unsynced {
		if e != nil {
			j.lost = append(j.lost, e)
		}
	}
	j.unsynced = nil
}

// commit writes one group. Records that nobody waits for are written too, so that they outlive the process, but they
// become durable with a later group only.
func (j *journal) commit(c *commit) (err error) {
	j.buf = j.buf[:0]
	for i, e := range c.events {
		last := c.durable && i == len(c.events)-1
		if j.buf, err = j.recorder.append(j.buf, j.sequence, j.group, last, e); err != nil {
			return err
		}
		j.sequence++
	}
	if len(j.buf) > 0 {
		if _, err := j.file.Write(j.buf); err != nil {
			return err
		}
	}
	if !c.durable {
		return nil
	}
	j.group++
	if err := j.file.Sync(); err != nil {
		return err
	}
	clear(j.unsynced)
	j.unsynced = j.unsynced[:0]
	return nil
}

// stop writes and syncs what is queued and ends the goroutine. It returns the failure that ended the journal, if any.
func (j *journal) stop() error {
	j.mu.Lock()
	again := j.closing
	j.closing = true
	j.queue.durable = true
	j.mu.Unlock()
	if again {
		return j.err()
	}
	j.kick()
	<-j.stopped
	return errors.Join(j.err(), j.file.Close())
}
