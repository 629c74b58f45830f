package ledger

import (
	"errors"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// stubborn is a disk on which some names keep the files that they have.
type stubborn struct {
	*memory
	kept []string
}

func (s stubborn) Rename(old, name string) error {
	if s.now[name] != nil && slices.Contains(s.kept, name) {
		return &stubbornError{name}
	}
	return s.memory.Rename(old, name)
}

type stubbornError struct{ name string }

func (e *stubbornError) Error() string { return e.name + ": " + syscall.EPERM.Error() }
func (e *stubbornError) Unwrap() error { return syscall.EPERM }

// Each file that Finish has to replace is tried before the first intent.
func TestFilesThatCannotBeReplaced(t *testing.T) {
	owner := Owner{ID: account, Others: []string{other}, Key: "k"}
	for _, kept := range []string{resultPath, resultPath + ".account", resultPath + ".journal"} {
		disk := newMemory()
		disk.now[resultPath] = &node{data: []byte(saved)}
		disk.now[resultPath+".account"] = &node{data: []byte(`{"account":"` + account + `","others":["` + address + `"]}`)}
		disk.now[resultPath+".journal"] = &node{data: journalOf(t, account)}
		before := disk.now[kept]
		l, err := Open(stubborn{disk, []string{kept}}, resultPath, named("a test"))
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Begin(owner); !errors.Is(err, ErrNotWritable) || !errors.Is(err, syscall.EPERM) || !strings.Contains(err.Error(), kept) || l.journal != nil {
			t.Errorf("%s: %v", kept, err)
		}
		for name := range disk.now {
			if strings.HasSuffix(name, tmpSuffix) {
				t.Errorf("%s: %s is left", kept, name)
			}
		}
		if disk.now[kept] != before || string(disk.now[resultPath].data) != saved {
			t.Errorf("%s was changed", kept)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Wherever the power fails while the result is tried, there is a result, and it is the same.
func TestTheResultOutlivesItsTrial(t *testing.T) {
	for stop := 1; ; stop++ {
		for lost := range 3 {
			disk := newMemory()
			file := &node{data: []byte(saved), durable: []byte(saved), clean: len(saved)}
			disk.now[resultPath], disk.durable[resultPath] = file, file
			l, err := Open(disk, resultPath, named("a test"))
			if err != nil {
				t.Fatal(err)
			}
			disk.failAt, disk.onward = len(disk.ops)+stop, true
			begun := l.Begin(Owner{ID: account})
			after := disk.crashed(func(n int) int { return min(lost, n-1) })
			disk.dead = true
			_ = l.Close()
			if got := after.now[resultPath]; got == nil || string(got.data) != saved {
				t.Fatalf("stopped at %d of %v: %+v", stop, disk.ops, got)
			}
			if begun == nil {
				return
			}
		}
	}
}
