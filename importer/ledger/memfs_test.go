package ledger

import (
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"

	"etelecom-import/importer/sharing"
)

// memory is a file system that can fail at any operation, and lose at a crash what was not made durable. Like Windows, it neither
// renames nor removes a file that is open.
type memory struct {
	now     map[string]*node // the folder as it is
	durable map[string]*node // as of the last SyncDir
	changes []func(map[string]*node)
	locked  bool
	open    map[*node]int // how often this process has the file open
	inUse   sync.Map      // the names of the files that another program has open; others than the test change it
	dead    bool          // its process was killed: nothing has an effect any more

	ops    []string // every operation so far
	failAt int      // the operation that fails, from 1; 0: none
	onward bool     // so do all after it
	err    error
}

// node is a file. Writes only ever append.
type node struct {
	data    []byte
	durable []byte
	clean   int // the kernel believes that so much is durable; after a failed fsync it is wrong
}

func newMemory() *memory {
	return &memory{now: map[string]*node{}, durable: map[string]*node{}, open: map[*node]int{}, err: syscall.ENOSPC}
}

// op counts an operation and says whether it fails.
func (m *memory) op(name string) error {
	if m.dead {
		return os.ErrClosed
	}
	m.ops = append(m.ops, name)
	if n := len(m.ops); n == m.failAt || m.onward && m.failAt > 0 && n > m.failAt {
		return &os.PathError{Op: name, Path: "disk", Err: m.err}
	}
	return nil
}

func (m *memory) change(f func(map[string]*node)) {
	f(m.now)
	m.changes = append(m.changes, f)
}

func (m *memory) Open(name string) (io.ReadCloser, error) {
	n, ok := m.now[name]
	if !ok {
		return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrNotExist}
	}
	m.open[n]++
	return &memoryReader{bytes.NewReader(bytes.Clone(n.data)), memoryFile{m: m, n: n}}, nil
}

func (m *memory) OpenOwn(name string) (io.ReadCloser, error) { return m.Open(name) }

func (m *memory) Create(name string) (File, error) {
	if err := m.op("create"); err != nil {
		return nil, err
	}
	if err := m.closed(name); err != nil {
		return nil, err
	}
	n := &node{}
	m.change(func(dir map[string]*node) { dir[name] = n })
	m.open[n]++
	return &memoryFile{m: m, n: n}, nil
}

func (m *memory) Append(name string, content io.Writer) (File, error) {
	if err := m.op("append"); err != nil {
		return nil, err
	}
	n, ok := m.now[name]
	if !ok {
		return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrNotExist}
	}
	m.open[n]++
	_, err := content.Write(n.data)
	return &memoryFile{m: m, n: n}, err
}

var errOpen = errors.New("the file is open, and Windows would refuse this")

// closed returns an error if one of the files is open, here or in another program.
func (m *memory) closed(names ...string) error {
	for _, name := range names {
		switch n := m.now[name]; {
		case n != nil && m.open[n] > 0:
			return &os.PathError{Op: "change", Path: name, Err: errOpen}
		case m.CheckUnused(name) != nil:
			return m.CheckUnused(name)
		}
	}
	return nil
}

func (m *memory) CheckUnused(name string) error {
	if _, used := m.inUse.Load(name); used {
		return &sharing.InUseError{Name: name, Err: syscall.EACCES}
	}
	return nil
}

func (m *memory) Rename(old, name string) error {
	if err := m.op("rename"); err != nil {
		return err
	}
	if err := m.closed(old, name); err != nil {
		return err
	}
	m.change(func(dir map[string]*node) {
		dir[name] = dir[old]
		delete(dir, old)
	})
	return nil
}

func (m *memory) Remove(name string) error {
	if err := m.op("remove"); err != nil {
		return err
	}
	if m.now[name] == nil {
		return &os.PathError{Op: "remove", Path: name, Err: os.ErrNotExist}
	}
	if err := m.closed(name); err != nil {
		return err
	}
	m.change(func(dir map[string]*node) { delete(dir, name) })
	return nil
}

func (m *memory) SyncDir(string) error {
	if err := m.op("syncdir"); err != nil {
		return err
	}
	m.settle(len(m.changes))
	return nil
}

// settle makes the first changes of the folder durable.
func (m *memory) settle(n int) {
	for _, f := range m.changes[:n] {
		f(m.durable)
	}
	m.changes = m.changes[n:]
}

func (m *memory) Resolve(name string) (string, error) { return name, nil }

func (m *memory) Lock(name string) (Lock, error) {
	if err := m.op("lock"); err != nil {
		return nil, err
	}
	if m.locked {
		return nil, ErrLocked
	}
	m.locked = true
	if m.now[name] == nil {
		n := &node{}
		m.now[name], m.durable[name] = n, n
	}
	return &memoryLock{m, m.now[name]}, nil
}

type memoryFile struct {
	m        *memory
	n        *node
	isClosed bool
}

// memoryReader is a file that is read.
type memoryReader struct {
	io.Reader
	memoryFile
}

func (f *memoryFile) Write(p []byte) (int, error) {
	if err := f.m.op("write"); err != nil && f.m.dead {
		return 0, err
	} else if err != nil {
		f.n.data = append(f.n.data, p[:len(p)/2]...)
		return len(p) / 2, err
	}
	f.n.data = append(f.n.data, p...)
	return len(p), nil
}

func (f *memoryFile) Sync() error {
	err := f.m.op("sync")
	if f.m.dead {
		return err
	}
	if err == nil {
		f.n.durable = append(zeros(f.n.durable, f.n.clean), f.n.data[f.n.clean:]...)
	}
	f.n.clean = len(f.n.data)
	return err
}

func (f *memoryFile) Close() error {
	if f.isClosed {
		return os.ErrClosed
	}
	f.isClosed = true
	f.m.open[f.n]--
	return nil
}

// zeros makes b as long as n: what was never written to the disk reads as zeros.
func zeros(b []byte, n int) []byte {
	b = bytes.Clone(b[:min(len(b), n)])
	return append(b, make([]byte, n-len(b))...)
}

type memoryLock struct {
	m *memory
	n *node
}

func (l *memoryLock) Text() (string, error) { return string(l.n.data), nil }

func (l *memoryLock) SetText(text string) error {
	if err := l.m.op("settext"); err != nil {
		return err
	}
	l.n.data, l.n.durable, l.n.clean = []byte(text), []byte(text), len(text)
	return nil
}

func (l *memoryLock) Unlock() error {
	if !l.m.locked {
		return errors.New("not locked")
	}
	l.m.locked = false
	return nil
}

// killed returns the disk as the next process finds it after this one was killed.
func (m *memory) killed() *memory {
	after := newMemory()
	after.now, after.durable, after.changes = m.now, m.durable, m.changes
	m.dead = true
	return after
}

const page = 64

// crashed returns the disk after a power failure: choose(n) picks one of 0..n-1. The first few changes of the folder
// that were not synced took effect; of each file's unsynced bytes, any pages did.
func (m *memory) crashed(choose func(n int) int) *memory {
	m.settle(choose(len(m.changes) + 1))
	after := newMemory()
	for name, n := range m.durable {
		data := zeros(n.durable, len(n.durable))
		if len(n.data) > len(n.durable) {
			data = zeros(n.durable, len(n.durable)+choose(len(n.data)-len(n.durable)+1))
			for at := len(n.durable) / page * page; at < len(data); at += page {
				from, to := max(at, len(n.durable)), min(at+page, len(data))
				if choose(2) == 0 {
					copy(data[from:to], n.data[from:to])
				}
			}
		}
		file := &node{data, data, len(data)}
		after.now[name], after.durable[name] = file, file
	}
	return after
}
