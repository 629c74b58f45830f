package simulation

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/ledger/journal"
)

// page is how many bytes a crash keeps or loses together: small, so that a group of records spans several.
const page = 64

// disk is a file system in memory with a cache in front of it. The cache outlives a process that is killed; a power cut
// leaves what was fsynced, and of the rest what chance has written.
type disk struct {
	mu      sync.Mutex
	cached  map[string]*inode // the folder as processes see it
	durable map[string]*inode // the folder as the medium has it
	pending []change          // of the folder, not yet durable
	holder  *process          // who has the lock
}

// change is one of the folder: name stands for node from then on; nil for none.
type change struct {
	name string
	node *inode
}

// inode is a file. Its pages become durable one by one.
type inode struct {
	data  []byte       // as processes see it
	hard  []byte       // as the medium has it
	dirty map[int]bool // pages that fsync would write
}

func newDisk() *disk {
	return &disk{cached: map[string]*inode{}, durable: map[string]*inode{}}
}

func (d *disk) set(name string, n *inode) {
	if n == nil {
		delete(d.cached, name)
	} else {
		d.cached[name] = n
	}
	d.pending = append(d.pending, change{name, n})
}

// syncDir makes the folder durable.
func (d *disk) syncDir() {
	d.durable, d.pending = maps.Clone(d.cached), nil
}

// powerCut leaves of what is not durable what chance wants: any of the folder's changes, any page.
func (d *disk) powerCut(r *rand.Rand) {
	for _, c := range d.pending {
		switch {
		case r.IntN(2) == 0:
		case c.node == nil:
			delete(d.durable, c.name)
		default:
			d.durable[c.name] = c.node
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.durable)) {
		d.durable[name] = d.durable[name].survive(r)
	}
	d.pending, d.cached = nil, maps.Clone(d.durable)
}

// survive returns the file after a power cut.
func (n *inode) survive(r *rand.Rand) *inode {
	size := len(n.hard)
	if len(n.data) != size && r.IntN(3) > 0 {
		size = min(size, len(n.data)) + r.IntN(max(size, len(n.data))-min(size, len(n.data))+1)
	}
	left := make([]byte, size)
	copy(left, n.hard)
	for at := 0; at < size; at += page {
		if !n.dirty[at/page] || at >= len(n.data) {
			continue
		}
		switch there := left[at:min(at+page, size)]; r.IntN(4) {
		case 0, 1:
			copy(there, n.data[at:])
		case 2: // a new block shows what it held before, for such a file
			if at >= len(n.hard) {
				copy(there, n.data[page*r.IntN(at/page+1):])
			}
		}
	}
	return &inode{data: left, hard: bytes.Clone(left), dirty: map[int]bool{}}
}

func (n *inode) append(b []byte) {
	for at := len(n.data); at < len(n.data)+len(b); at++ {
		n.dirty[at/page] = true
	}
	n.data = append(n.data, b...)
}

// sync writes the dirty pages. With a failure they are clean all the same, and lost.
func (n *inode) sync(fails bool) {
	if !fails {
		hard := make([]byte, len(n.data))
		copy(hard, n.hard)
		for p := range n.dirty {
			copy(hard[p*page:min((p+1)*page, len(hard))], n.data[p*page:])
		}
		n.hard = hard
	}
	n.dirty = map[int]bool{}
}

var errDead = errors.New("the process is gone")

// The process is the file system that a run sees.

// Open implements [ledger.FS].
func (p *process) Open(name string) (io.ReadCloser, error) {
	if err := p.step("open " + name); err != nil {
		return nil, err
	}
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	n := p.disk.cached[name]
	if n == nil {
		return nil, fmt.Errorf("open %s: %w", name, os.ErrNotExist)
	}
	p.open[n]++
	return &reading{bytes.NewReader(bytes.Clone(n.data)), file{p: p, node: n, name: name}}, nil
}

// OpenOwn implements [ledger.FS].
func (p *process) OpenOwn(name string) (io.ReadCloser, error) { return p.Open(name) }

// Create implements [ledger.FS].
func (p *process) Create(name string) (ledger.File, error) {
	if err := p.step("create " + name); err != nil {
		return nil, err
	}
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if err := p.closed(name); err != nil {
		return nil, err
	}
	n := p.disk.cached[name]
	if n == nil {
		n = &inode{dirty: map[int]bool{}}
		p.disk.set(name, n)
	}
	n.data, n.dirty = nil, map[int]bool{}
	p.open[n]++
	return &file{p: p, node: n, name: name}, nil
}

// Append implements [ledger.FS].
func (p *process) Append(name string, content io.Writer) (ledger.File, error) {
	if err := p.step("append " + name); err != nil {
		return nil, err
	}
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	n := p.disk.cached[name]
	if n == nil {
		return nil, fmt.Errorf("open %s: %w", name, os.ErrNotExist)
	}
	p.open[n]++
	_, err := content.Write(n.data)
	return &file{p: p, node: n, name: name}, err
}

// CheckUnused implements [ledger.FS].
func (p *process) CheckUnused(string) error { return nil }

// closed returns an error if this process has one of the files open: Windows would refuse to rename or remove it.
func (p *process) closed(names ...string) error {
	for _, name := range names {
		if n := p.disk.cached[name]; n != nil && p.open[n] > 0 {
			return fmt.Errorf("%s is open", name)
		}
	}
	return nil
}

// Rename implements [ledger.FS].
func (p *process) Rename(old, new string) error {
	if err := p.step("rename " + old + " to " + new); err != nil {
		return err
	}
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	n := p.disk.cached[old]
	if n == nil {
		return os.ErrNotExist
	}
	if err := p.closed(old, new); err != nil {
		return err
	}
	if new != old {
		p.disk.set(new, n)
		p.disk.set(old, nil)
	}
	return nil
}

// Remove implements [ledger.FS].
func (p *process) Remove(name string) error {
	if err := p.step("remove " + name); err != nil {
		return err
	}
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if p.disk.cached[name] == nil {
		return os.ErrNotExist
	}
	if err := p.closed(name); err != nil {
		return err
	}
	p.disk.set(name, nil)
	return nil
}

// SyncDir implements [ledger.FS].
func (p *process) SyncDir(string) error {
	if err := p.step("sync folder"); err != nil {
		return err
	}
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	p.disk.syncDir()
	return nil
}

// Resolve implements [ledger.FS].
func (p *process) Resolve(name string) (string, error) { return name, nil }

// Lock implements [ledger.FS].
func (p *process) Lock(name string) (ledger.Lock, error) {
	if err := p.step("lock " + name); err != nil {
		return nil, err
	}
	p.disk.mu.Lock()
	defer p.disk.mu.Unlock()
	if p.disk.holder != nil {
		return nil, ledger.ErrLocked
	}
	p.disk.holder = p
	if p.disk.cached[name] == nil {
		p.disk.set(name, &inode{dirty: map[int]bool{}})
	}
	return lock{p, name}, nil
}

type lock struct {
	*process
	name string
}

func (l lock) Text() (string, error) {
	f, err := l.Open(l.name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	return string(text), err
}

func (l lock) SetText(text string) error {
	f, err := l.Create(l.name)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.WriteString(f, text); err != nil {
		return err
	}
	return f.Sync()
}

func (l lock) Unlock() error {
	l.disk.mu.Lock()
	defer l.disk.mu.Unlock()
	l.disk.holder = nil
	return nil
}

// file is a file that the process writes.
type file struct {
	p        *process
	node     *inode
	name     string
	isClosed bool
}

// reading is a file that the process reads.
type reading struct {
	io.Reader
	file
}

// Write implements [io.Writer]. On a full disk a part of it is written.
func (f *file) Write(b []byte) (int, error) {
	err := f.p.step("write " + f.name)
	f.p.disk.mu.Lock()
	defer f.p.disk.mu.Unlock()
	if errors.Is(err, syscall.ENOSPC) {
		n := len(b) / 2
		f.node.append(b[:n])
		return n, err
	}
	if err != nil {
		return 0, err
	}
	f.p.world.inspect(b, "written to "+f.name)
	f.node.append(b)
	return len(b), nil
}

// Sync implements [ledger.File].
func (f *file) Sync() error {
	err := f.p.step("sync " + f.name)
	if errors.Is(err, errDead) {
		return err
	}
	f.p.disk.mu.Lock()
	defer f.p.disk.mu.Unlock()
	f.node.sync(err != nil)
	return err
}

// Close implements [ledger.File].
func (f *file) Close() error {
	f.p.disk.mu.Lock()
	defer f.p.disk.mu.Unlock()
	if f.isClosed {
		return os.ErrClosed
	}
	f.isClosed = true
	f.p.open[f.node]--
	return nil
}

var sentAt = regexp.MustCompile(`"at":[1-9]\d*`)

// resetClock sets this machine's wall clock. A bubble's cannot be set, so the times of the journal's intents are moved instead:
// to a later run, it makes no difference.
func (w *world) resetClock(by time.Duration) {
	n := w.disk.cached["staff.result.csv.journal"]
	if n == nil {
		return
	}
	w.note("this machine's clock is set by %v", by)
	n.data, n.hard = moved(n.data, by), moved(n.hard, by)
}

// moved returns a journal whose intents are older by so much. Lines that are damaged stay as they are.
func moved(text []byte, by time.Duration) []byte {
	lines := bytes.SplitAfter(text, []byte{'\n'})
	for i, line := range lines {
		old, ok := bytes.CutSuffix(line, []byte{'\n'})
		if _, intact := journal.Parse(old); !ok || !intact {
			continue
		}
		rest := sentAt.ReplaceAllFunc(old[8:], func(at []byte) []byte {
			seconds, _ := strconv.ParseInt(string(at[len(`"at":`):]), 10, 64)
			return fmt.Appendf(nil, `"at":%d`, seconds-int64(by.Seconds()))
		})
		lines[i] = fmt.Appendf(nil, "%08x%s\n", crc32.Checksum(rest, crc32.MakeTable(crc32.Castagnoli)), rest)
	}
	return bytes.Join(lines, nil)
}
