package durable

import (
	"errors"
	"io"
	"slices"
	"testing"
)

var errFull = errors.New("no space")

// traced writes down what is done to the file system, and fails at the step that is named.
type traced struct {
	OS
	steps []string
	fails string
}

func (fs *traced) step(name string) error {
	fs.steps = append(fs.steps, name)
	if name == fs.fails {
		return errFull
	}
	return nil
}

func (fs *traced) Create(name string) (File, error) { return tracedFile{fs}, fs.step("create " + name) }
func (fs *traced) Rename(old, new string) error     { return fs.step("rename " + old + " " + new) }
func (fs *traced) Remove(name string) error         { return fs.step("remove " + name) }
func (fs *traced) SyncDir(dir string) error         { return fs.step("sync " + dir) }

type tracedFile struct{ fs *traced }

func (f tracedFile) Write(b []byte) (int, error) { return len(b), f.fs.step("write " + string(b)) }
func (f tracedFile) Sync() error                 { return f.fs.step("sync") }
func (f tracedFile) Close() error                { return f.fs.step("close") }

// Every step is taken, in this order; after one that fails, only the temporary file is removed.
//
// rule: folder-fsync, rename
func TestReplaceTakesEveryStepInOrder(t *testing.T) {
	steps := []string{"create dir/x.new", "write text", "sync", "rename dir/x.new dir/x", "sync dir", "close"}
	write := func(w io.Writer) error { _, err := io.WriteString(w, "text"); return err }
	fs := &traced{}
	if err := Replace(fs, "dir/x", write); err != nil || !slices.Equal(fs.steps, steps) {
		t.Errorf("%v, %v", err, fs.steps)
	}
	for i, step := range steps {
		fs, after := &traced{fails: step}, []string{"close", "remove dir/x.new"}
		if i == 0 || step == "close" {
			after = nil
		}
		want := append(slices.Clone(steps[:i+1]), after...)
		if err := Replace(fs, "dir/x", write); !errors.Is(err, errFull) || !slices.Equal(fs.steps, want) {
			t.Errorf("%s fails: %v, %v", step, err, fs.steps)
		}
	}
}
