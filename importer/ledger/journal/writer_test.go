package journal

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

var errDisk = errors.New("the disk is broken")

// file is in memory. It fails at the call that is named.
type file struct {
	data   bytes.Buffer
	synced int // so many bytes of data are durable
	fails  string
	calls  []string
}

func (f *file) call(name string) error {
	f.calls = append(f.calls, name)
	switch f.fails {
	case name:
		return errDisk
	case name + " panics":
		panic("a bug")
	}
	return nil
}

func (f *file) Write(b []byte) (int, error) {
	if err := f.call("write"); err != nil {
		return 0, err
	}
	return f.data.Write(b)
}

func (f *file) Sync() error {
	err := f.call("sync")
	if err == nil {
		f.synced = f.data.Len()
	}
	return err
}

func (f *file) Close() error { return f.call("close") }

func (f *file) count(call string) (n int) {
	for _, c := range f.calls {
		if c == call {
			n++
		}
	}
	return n
}

// begun returns a Writer that continues a file of one record.
func begun(t *testing.T) (*Writer, *file) {
	t.Helper()
	line, err := First(0, []byte("first")).AppendTo(nil)
	if err != nil {
		t.Fatal(err)
	}
	f := &file{}
	f.data.Write(line)
	return NewWriter(f, 1), f
}

func replayed(t *testing.T, data []byte) (records []string) {
	t.Helper()
	_, err := Replay(bytes.NewReader(data), func(data []byte) error { records = append(records, string(data)); return nil })
	if err != nil {
		t.Errorf("%v\n%s", err, data)
	}
	return records
}

// rule: intent-fsync
func TestNumbersSayWhatIsDurable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, f := begun(t)
		is := func(want uint64) {
			t.Helper()
			synctest.Wait()
			if got := w.Durable(); got != want {
				t.Errorf("durable: %d, want %d", got, want)
			}
		}
		is(1)
		record := []byte("a")
		if n, err := w.Append(record, false); n != 2 || err != nil {
			t.Error(n, err)
		}
		record[0] = 'x' // the Writer has a copy
		is(1)
		if !strings.Contains(f.data.String(), "2 1 + b") && f.count("write") != 1 {
			t.Errorf("it was not written: %v", f.calls)
		}
		if n, err := w.Append([]byte("b"), true); n != 3 || err != nil || w.Durable() != 3 {
			t.Error(n, err)
		}
		_, _ = w.Append([]byte("c"), false)
		is(3)
		if err := errors.Join(w.Close(), w.Close()); err != nil || w.Durable() != 4 || f.synced != f.data.Len() || f.count("close") != 1 {
			t.Errorf("%v, %v", err, f.calls)
		}
		if n, err := w.Append([]byte("d"), true); !errors.Is(err, ErrClosed) || n != 0 {
			t.Errorf("after Close: %d, %v", n, err)
		}
		if got := replayed(t, f.data.Bytes()); !slices.Equal(got, []string{"first", "a", "b", "c"}) {
			t.Error(got)
		}
	})
}

// Who comes while an fsync is under way shares the next one.
func TestGroupCommit(t *testing.T) {
	w, f := begun(t)
	var g sync.WaitGroup
	for i := range 100 {
		g.Go(func() {
			if n, err := w.Append(fmt.Append(nil, i), true); err != nil || w.Durable() < n {
				t.Error(n, err)
			}
		})
	}
	g.Wait()
	if err := w.Close(); err != nil || len(replayed(t, f.data.Bytes())) != 101 || f.count("sync") > 101 {
		t.Errorf("%v, %v", err, f.calls)
	}
}

// After a failure, nothing is written, nothing becomes durable, and everybody hears of it.
//
// rule: fsync-fatal
func TestFailuresAreFinal(t *testing.T) {
	for _, fails := range []string{"write", "sync", "write panics", "sync panics"} {
		synctest.Test(t, func(t *testing.T) {
			w, f := begun(t)
			if _, err := w.Append([]byte("a"), true); err != nil {
				t.Fatal(err)
			}
			want := errDisk
			if f.fails = fails; strings.Contains(fails, "panics") {
				want = ErrPanic
			}
			_, _ = w.Append([]byte("b"), false)
			for range 2 {
				if _, err := w.Append([]byte("c"), true); !errors.Is(err, want) {
					t.Errorf("%s: %v", fails, err)
				}
				f.fails, f.calls = "", nil // it would work again
			}
			_, _ = w.Append([]byte("d"), false)
			if err := w.Close(); !errors.Is(err, want) || !errors.Is(w.Err(), want) || w.Durable() != 2 {
				t.Errorf("%s: %v, %v, durable %d", fails, err, w.Err(), w.Durable())
			}
			if !slices.Equal(f.calls, []string{"close"}) {
				t.Errorf("%s: then %v", fails, f.calls)
			}
		})
	}
}

// A record that cannot be read again ends the journal.
func TestRecordThatIsTooLongFails(t *testing.T) {
	w, _ := begun(t)
	if _, err := w.Append(make([]byte, MaxRecord), true); err == nil || w.Err() == nil {
		t.Error("it was written")
	}
	_ = w.Close()
}
