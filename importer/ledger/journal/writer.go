package journal

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"sync"

	"etelecom-import/apiclient/message"
)

// File is the file that a [Writer] appends to. Sync returns when everything that was written is durable.
type File interface {
	io.Writer
	Sync() error
	Close() error
}

// ErrClosed says that a record was appended after Close.
var ErrClosed = message.New("the journal is closed")

// ErrPanic says that the goroutine of a Writer has a bug. It ends the journal as a failed write does.
var ErrPanic = message.New("the journal has a bug")

// panicError is an [ErrPanic] with the type of the panic's value and the stack of its goroutine. The value itself is not in it: it
// may hold anything.
type panicError struct {
	kind  string
	stack []byte
}

func (e *panicError) Error() string {
	return message.Sprintf("the journal has a bug: panic of type %s", e.kind)
}

func (e *panicError) Unwrap() error { return ErrPanic }

// Stack returns the stack of the goroutine that had the bug.
func (e *panicError) Stack() []byte { return e.stack }

// Writer appends records to a journal. Its methods may be called from several goroutines. Records that come while an fsync is
// under way wait together for the next one: one goroutine takes everything that is queued, writes it with one write and makes
// it durable with one fsync.
type Writer struct {
	file File
	wake chan struct{} // holds one token while something is queued
	done chan struct{} // closed when the goroutine has ended

	mu       sync.Mutex
	queue    *batch // what is written next; never nil
	appended uint64 // number of the newest record
	durable  uint64 // number of the newest record that is durable
	closing  bool
	failed   error // the first failed write or fsync: nothing is written after it

	// Only the goroutine uses these.
	sequence, group uint64 // of the next record
	buf             []byte // what is written
	written         *batch // the last one, whose memory the next one uses
}

// batch is the records that one write takes.
type batch struct {
	data []byte
	ends []int // of each record in data
	sync bool  // somebody waits for the fsync

	done chan struct{} // closed when the batch is written, and durable if sync is set
	err  error         // valid once done is closed
}

func newBatch() *batch { return &batch{done: make(chan struct{})} }

// NewWriter continues a file that contains so many records, all of them durable, and all of group 0. The Writer closes the
// file.
func NewWriter(f File, records uint64) *Writer {
	w := &Writer{
		file: f, wake: make(chan struct{}, 1), done: make(chan struct{}), queue: newBatch(), written: newBatch(),
		appended: records, durable: records, sequence: records, group: 1,
	}
	go w.run()
	return w
}

// Append adds a record, of which it makes a copy, and returns its number: the record is durable once [Writer.Durable] is as
// high. With sync, it returns when the record is durable, or will never be: then there is an error. Without sync, it waits for
// nothing: the record is written soon, so that it outlives this process, and becomes durable with a later one. The only error
// is then [ErrClosed]; whether the journal has failed is what [Writer.Err] says.
func (w *Writer) Append(record []byte, sync bool) (n uint64, err error) {
	w.mu.Lock()
	if w.closing {
		w.mu.Unlock()
		return 0, ErrClosed
	}
	w.appended++
	n = w.appended
	b := w.queue
	b.data = append(b.data, record...)
	b.ends = append(b.ends, len(b.data))
	b.sync = b.sync || sync
	w.mu.Unlock()
	w.signal()
	if !sync {
		return n, nil
	}
	<-b.done
	return n, b.err
}

// Durable returns up to which number all records are durable. It does not rise after a failure.
func (w *Writer) Durable() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.durable
}

// Err returns the failure that ended the journal, or nil.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

// Close makes durable what was appended, ends the goroutine and closes the file. It returns the failure that ended the
// journal, if there was one. It may be called again.
func (w *Writer) Close() error {
	w.mu.Lock()
	again := w.closing
	w.closing = true
	w.queue.sync = true
	w.mu.Unlock()
	if again {
		return w.Err()
	}
	w.signal()
	<-w.done
	return errors.Join(w.Err(), w.file.Close())
}

// signal wakes the goroutine. A token that is there already will do.
func (w *Writer) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// run is the goroutine.
func (w *Writer) run() {
	defer close(w.done)
	for range w.wake {
		runtime.Gosched() // those who are about to append share the fsync
		b, closing := w.take()
		if b.err = w.Err(); b.err == nil { // after a failure, what the file contains is not known
			b.err = w.safely(b)
		}
		close(b.done)
		if closing {
			return
		}
	}
}

// take takes what is queued.
func (w *Writer) take() (b *batch, closing bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	next := newBatch()
	next.data, next.ends = w.written.data[:0], w.written.ends[:0]
	b, w.queue = w.queue, next
	w.written = b
	return b, w.closing
}

// safely writes a batch and keeps the first failure. It makes an error of a panic: whoever waits for the batch must hear of it.
func (w *Writer) safely(b *batch) (err error) {
	defer func() {
		if v := recover(); v != nil { // the value may contain anything, and is not shown
			err = &panicError{fmt.Sprintf("%T", v), debug.Stack()}
		}
		if err != nil {
			w.mu.Lock()
			w.failed = err
			w.mu.Unlock()
		}
	}()
	return w.write(b)
}

// write writes a batch, and ends the group with an fsync if somebody waits for it.
func (w *Writer) write(b *batch) (err error) {
	w.buf = w.buf[:0]
	start := 0
	for i, end := range b.ends {
		r := Record{w.sequence, w.group, b.sync && i == len(b.ends)-1, b.data[start:end]}
		if w.buf, err = r.AppendTo(w.buf); err != nil {
			return err
		}
		w.sequence++
		start = end
	}
	if len(w.buf) > 0 {
		if _, err := w.file.Write(w.buf); err != nil {
			return err
		}
	}
	if !b.sync {
		return nil
	}
	w.group++
	// A failed fsync is final. The kernel may have dropped the pages that it could not write, and a second fsync would
	// succeed without them.
	// rule: intent-fsync, fsync-fatal
	if err := w.file.Sync(); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.durable = w.sequence
	return nil
}
