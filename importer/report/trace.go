package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/sharing"
)

// Trace is a file of JSON lines about the calls of one command. The first line says what it is. Each line is on its way to the disk
// as soon as it is recorded, so that a crash or a kill loses none. A Trace is safe for concurrent use.
type Trace struct {
	path   string
	failed func(error) // called once, if the file cannot be written

	mu   sync.Mutex
	file *os.File // nil: it could not be written, and nothing more is recorded
	size int64    // of the whole lines in it
}

// TraceHead is the first line of a trace.
type TraceHead struct {
	Trace   int       `json:"trace"` // the version of the format
	Time    time.Time `json:"time"`
	Version string    `json:"version"` // of the program
	BaseURL string    `json:"base_url"`
}

// traceMark begins every trace.
const traceMark = `{"trace":`

// NewTrace makes a trace that only this user can read. An old trace of this user is replaced. It refuses whatever else is there: a link,
// a pipe, somebody else's file, or a file that is no trace. failed is called if the file cannot be written later; the command
// continues then, and the trace has no more lines.
func NewTrace(path string, head TraceHead, failed func(error)) (*Trace, error) {
	if err := removeOldTrace(path); err != nil {
		return nil, err
	}
	// With O_EXCL no link is followed that somebody has made meanwhile.
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, unwritable("--trace", path, err)
	}
	t := &Trace{path: path, file: f, failed: failed}
	head.Trace, head.Time = 1, head.Time.UTC()
	t.Record(head)
	return t, nil
}

// removeOldTrace removes an old trace of this user, and refuses whatever else is there.
func removeOldTrace(path string) error {
	if path == "-" {
		return hint.New("a trace needs a file of its own", "write --trace FILE")
	}
	const otherName message.Text = "name another file for --trace, or remove what is there"
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unwritable("--trace", path, err)
	case info.Mode()&os.ModeSymlink != 0:
		return hint.With(message.Errorf("%s is a link to another file. A trace is not written through a link", path), string(otherName))
	case !info.Mode().IsRegular():
		return hint.With(message.Errorf("%s is not a regular file", path), string(otherName))
	case foreign(info):
		return hint.With(message.Errorf("%s belongs to another user", path), string(otherName))
	}
	if info.Size() > 0 {
		f, err := os.Open(path)
		if err != nil {
			return unwritable("--trace", path, err)
		}
		begins := make([]byte, len(traceMark))
		_, err = io.ReadFull(f, begins)
		_ = f.Close()
		if err != nil || !bytes.Equal(begins, []byte(traceMark)) {
			return hint.With(message.Errorf("%s is there already, and is no trace", path), string(otherName))
		}
	}
	if err := sharing.Patiently(func() error { return sharing.Remove(path) }); err != nil {
		return unwritable("--trace", path, err)
	}
	return nil
}

// Record adds a line. A nil trace records nothing.
func (t *Trace) Record(line any) {
	if t == nil {
		return
	}
	text, err := json.Marshal(line)
	if err != nil {
		panic(err) // structs of strings and numbers always have a JSON form
	}
	if err := t.write(append(text, '\n')); err != nil {
		t.failed(message.Errorf("the trace %s cannot be written: %w", t.path, err))
	}
}

// write adds the bytes of a line. It returns an error once.
func (t *Trace) write(line []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.file == nil {
		return nil
	}
	n, err := t.file.Write(line)
	if err == nil {
		t.size += int64(n)
		return nil
	}
	_ = t.file.Truncate(t.size) // without a part of a line
	_ = t.file.Close()
	t.file = nil
	return err
}

// Close ends the trace. A nil trace has nothing to end.
func (t *Trace) Close() error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.file == nil {
		return nil
	}
	err := t.file.Close()
	t.file = nil
	return err
}
