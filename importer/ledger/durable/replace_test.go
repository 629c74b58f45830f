package durable

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/importer/sharing"
)

var errFull = errors.New("no space")

// traced writes down what is done to the file system, and fails at the step that is named. It refuses to rename and to remove while a
// file is open, as Windows does.
type traced struct {
	OS
	steps []string
	fails string
	open  int    // how many files are
	text  string // of the file that was written
	other string // that another program puts in its place after the rename
}

var errOpen = errors.New("a file is open")

func (fs *traced) step(name string) error {
	fs.steps = append(fs.steps, name)
	if name == fs.fails {
		return errFull
	}
	return nil
}

// closed is step for what needs that no file is open.
func (fs *traced) closed(name string) error {
	if fs.open > 0 {
		return errOpen
	}
	return fs.step(name)
}

func (fs *traced) opened(name string) (File, error) {
	if err := fs.step(name); err != nil {
		return nil, err
	}
	fs.open++
	return tracedFile{fs}, nil
}

func (fs *traced) Create(name string) (File, error) { return fs.opened("create " + name) }
func (fs *traced) Rename(old, new string) error     { return fs.closed("rename " + old + " " + new) }
func (fs *traced) Remove(name string) error         { return fs.closed("remove " + name) }
func (fs *traced) SyncDir(dir string) error         { return fs.step("sync " + dir) }

func (fs *traced) Append(name string, content io.Writer) (File, error) {
	f, err := fs.opened("append " + name)
	_, _ = io.WriteString(content, cmp.Or(fs.other, fs.text))
	return f, err
}

type tracedFile struct{ fs *traced }

func (f tracedFile) Write(b []byte) (int, error) {
	f.fs.text += string(b)
	return len(b), f.fs.step("write " + string(b))
}

func (f tracedFile) Sync() error { return f.fs.step("sync") }

func (f tracedFile) Close() error {
	f.fs.open--
	return f.fs.step("close")
}

// Every step is taken, in this order; after one that fails, only the temporary file is removed.
//
// rule: folder-fsync, rename
func TestReplaceTakesEveryStepInOrder(t *testing.T) {
	steps := []string{"create dir/x.new", "write text", "sync", "close", "rename dir/x.new dir/x", "sync dir", "append dir/x"}
	write := func(w io.Writer) error { _, err := io.WriteString(w, "text"); return err }
	replace := func(fs FS) error { // and open
		f, err := ReplaceOpen(fs, "dir/x", write)
		if err == nil && f == nil {
			return errors.New("no file")
		}
		return err
	}
	fs := &traced{}
	if err := replace(fs); err != nil || !slices.Equal(fs.steps, steps) || fs.open != 1 {
		t.Errorf("%v, %v", err, fs.steps)
	}
	fs = &traced{}
	if err := Replace(fs, "dir/x", write); err != nil || !slices.Equal(fs.steps, steps[:len(steps)-1]) || fs.open != 0 {
		t.Errorf("without opening it: %v, %v", err, fs.steps)
	}
	for i, step := range steps {
		fs, after := &traced{fails: step}, []string{"remove dir/x.new"}
		switch step {
		case "create dir/x.new", "append dir/x":
			after = nil
		case "write text", "sync":
			after = []string{"close", "remove dir/x.new"}
		}
		want := append(slices.Clone(steps[:i+1]), after...)
		if err := replace(fs); !errors.Is(err, errFull) || errors.Is(err, errOpen) || !slices.Equal(fs.steps, want) || fs.open != 0 {
			t.Errorf("%s fails: %v, %v", step, err, fs.steps)
		}
	}
}

// The file is closed for a moment while it gets its name. One that another program has put there meanwhile is not appended to.
func TestFileThatIsAnotherWhenItIsOpenedAgain(t *testing.T) {
	for _, other := range []string{"texts", "tex", "\x00\x00\x00\x00"} {
		fs := &traced{other: other}
		f, err := ReplaceOpen(fs, "dir/x", func(w io.Writer) error { _, err := io.WriteString(w, "text"); return err })
		if f != nil || err == nil || fs.open != 0 {
			t.Errorf("%q: %v, %d open", other, err, fs.open)
		}
	}
}

// busy is a file system on which another program has files open, for so many tries.
type busy struct {
	traced
	tries int
}

func (fs *busy) Rename(old, new string) error {
	if fs.tries--; fs.tries >= 0 {
		return &sharing.InUseError{Name: new, Err: errOpen}
	}
	return fs.traced.Rename(old, new)
}

// A file that another program has open is waited for, and not for ever. The temporary file does not stay.
func TestFilesThatAreOpenElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		write := func(w io.Writer) error { return nil }
		began, fs := time.Now(), &busy{tries: 5}
		if err := Replace(fs, "dir/x", write); err != nil || time.Since(began) > time.Second {
			t.Errorf("after a moment: %v, %v", err, fs.steps)
		}
		began = time.Now()
		fs = &busy{tries: 1 << 30}
		err := Replace(fs, "dir/x", write)
		if waited := time.Since(began); !errors.Is(err, sharing.ErrInUse) || waited < 2*time.Second || waited > 5*time.Second {
			t.Errorf("for good: %v after %v", err, waited)
		}
		if last := fs.steps[len(fs.steps)-1]; last != "remove dir/x.new" {
			t.Errorf("the last step is %s", last)
		}
	})
}
