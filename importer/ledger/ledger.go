// Package ledger remembers what has been done for each employee, across runs, crashes and spreadsheets.
//
// It consists of two files. The result CSV is what people see and what a later run starts from; it is replaced as a
// whole when a run that has changed something ends. The journal stands beside it while a run is on, and afterwards as long as the outcome of a
// create is open: every step is appended to it, and an intent, the announcement of one create, is durable there before
// the first byte of that create is sent. A third file holds the lock.
//
// The package knows phones, ids and statuses; it knows nothing of the roster and nothing of HTTP.
package ledger

import (
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"path/filepath"
	"time"

	"etelecom-import/importer/ledger/durable"
	"etelecom-import/importer/ledger/journal"
	"etelecom-import/importer/phone"
)

// ErrRefused says that the files cannot be taken as a ledger: they are damaged, do not belong together, or are something
// else. Nothing has been changed. The error's text says what was found and the way out.
var ErrRefused = errors.New("the ledger is refused")

// The file system that a ledger is in is [durable]'s. Callers of this package need no other name for it.
type (
	FS   = durable.FS
	File = durable.File
	Lock = durable.Lock
	OS   = durable.OS
)

// ErrLocked says that another process holds the lock. The error that [Open] returns says which one.
var ErrLocked = durable.ErrLocked

// ErrPanic says that the journal has a bug, which has ended it as a failed write does.
var ErrPanic = journal.ErrPanic

// ErrNotWritable says that a file of the ledger cannot be written; the wrapped error says which and why.
var ErrNotWritable = errors.New("the ledger cannot be written")

// Ledger holds the entries of one result CSV and its journal. Its methods may be called from several goroutines as long
// as no two of them work on the same entry.
type Ledger struct {
	fs      FS
	path    string // of the result CSV, symbolic link resolved
	lock    Lock   // nil when read only
	account string // that the result CSV names, as it was read
	origins []Origin
	beside  Owner     // what the file beside the result says
	owner   Owner     // of this run
	read    time.Time // when the files were read, by this process's clock
	entries map[phone.Number]*Entry
	spare   []Entry // entries are made by the thousand

	file       maphash.Hash    // of the result CSV as it was read
	stands     fingerprint     // of its lines
	hasResult  bool            // a result CSV stands there
	hasJournal bool            // a journal stands there
	journal    *journal.Writer // nil before Begin
	unsynced   unsynced
}

// Read loads the ledger of a result CSV without a lock, and writes nothing.
func Read(fs FS, result string) (*Ledger, error) {
	path, err := fs.Resolve(result)
	if err != nil {
		return nil, fmt.Errorf("result %w", refusal(err))
	}
	l := &Ledger{fs: fs, path: path, entries: map[phone.Number]*Entry{}}
	return l, l.load()
}

// Open takes the lock of a result CSV and loads the ledger. The error is an [ErrLocked] if another process has it.
func Open(fs FS, result, holder string) (*Ledger, error) {
	path, err := fs.Resolve(result)
	if err != nil {
		return nil, fmt.Errorf("result %w", refusal(err))
	}
	l := &Ledger{fs: fs, path: path, entries: map[phone.Number]*Entry{}}
	l.lock, err = fs.Lock(l.lockPath())
	if err = refusal(err); errors.Is(err, ErrLocked) || errors.Is(err, ErrRefused) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	if err := refusal(l.takeOver(holder)); err != nil {
		if !errors.Is(err, ErrRefused) && !errors.Is(err, ErrNotWritable) {
			err = fmt.Errorf("%w. Nothing was sent or changed: run the same command again once the file can be read", err)
		}
		return nil, errors.Join(err, l.lock.Unlock())
	}
	return l, nil
}

// takeOver loads the files under the lock and names this run in the lock file.
func (l *Ledger) takeOver(holder string) error {
	text, err := l.lock.Text()
	if err != nil {
		return fmt.Errorf("read the lock file: %w", err)
	}
	if err := l.load(); err != nil {
		return err
	}
	if err := l.tryFolder(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	if journaled(text) && !l.hasJournal {
		return fmt.Errorf("%w: the run that was interrupted (%s) has left a journal, %s, which is gone. "+
			"Put it back; or, if it is lost for good, delete %s: %s",
			ErrRefused, holderName(text), l.journalPath(), l.lockPath(), lossHint)
	}
	if err := l.sign(holder); err != nil {
		return fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	return nil
}

// sign names this run in the lock file. What a killed process has renamed, a power cut can still undo: neither the lock
// file nor a new journal may speak of a file whose name is not durable.
func (l *Ledger) sign(holder string) error {
	if l.hasResult || l.hasJournal {
		if err := l.fs.SyncDir(filepath.Dir(l.path)); err != nil {
			return err
		}
	}
	if l.hasJournal {
		return l.lock.SetText(withJournal(holder))
	}
	return l.lock.SetText(holder + "\n")
}

// tryFolder finds out whether files can be made and removed beside the result, before anything depends on it.
func (l *Ledger) tryFolder() error {
	name := l.path + newEnding
	f, err := l.fs.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), l.fs.Remove(name))
}

func (l *Ledger) journalPath() string { return l.path + journalEnding }
func (l *Ledger) lockPath() string    { return l.path + lockEnding }
func (l *Ledger) ownerPath() string   { return l.path + ownerEnding }

const (
	journalEnding = ".journal"
	lockEnding    = ".lock"
	ownerEnding   = ".account"
	newEnding     = durable.TmpSuffix
)

// Beside returns the files that stand, now or at times, beside a result CSV.
func Beside(result string) []string {
	return []string{
		result + newEnding, result + journalEnding, result + journalEnding + newEnding, result + lockEnding,
		result + ownerEnding, result + ownerEnding + newEnding,
	}
}

// Account returns the id of the account that the result CSV names, or else the journal; "" for a new ledger.
func (l *Ledger) Account() string {
	if len(l.origins) == 0 {
		return ""
	}
	return l.origins[0].ID
}

// Path returns the path of the result CSV, a symbolic link resolved.
func (l *Ledger) Path() string { return l.path }

// Entry returns the entry of a phone, a new one if there is none. New entries may be made by one goroutine at a time, and
// not while others look entries up.
func (l *Ledger) Entry(p phone.Number) *Entry {
	e := l.entries[p]
	if e == nil {
		e = l.place()
		e.Phone = p
		l.entries[p] = e
	}
	return e
}

func (l *Ledger) place() *Entry {
	if len(l.spare) == 0 {
		l.spare = make([]Entry, chunk)
	}
	e := &l.spare[0]
	l.spare = l.spare[1:]
	return e
}

// Lookup returns the entry of a phone, or nil.
func (l *Ledger) Lookup(p phone.Number) *Entry { return l.entries[p] }

// Entries yields all entries, in no particular order.
func (l *Ledger) Entries() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for _, e := range l.entries {
			if !yield(e) {
				return
			}
		}
	}
}

// Err returns the failure that ended the journal; nil while it works. After it nothing may be sent.
func (l *Ledger) Err() error {
	if l.journal == nil {
		return nil
	}
	if err := l.journal.Err(); err != nil {
		return fmt.Errorf("%w: journal: %w", ErrNotWritable, err)
	}
	return nil
}

// Close lets go of the lock, and of the journal where Finish has not. Result and journal stay as they are.
func (l *Ledger) Close() error {
	if l.lock == nil {
		return nil
	}
	var err error
	switch {
	case l.journal != nil:
		err = l.journal.Close()
	case !l.hasJournal:
		err = l.lock.SetText("") // this run leaves nothing behind
	}
	err = errors.Join(err, l.lock.Unlock())
	l.lock, l.journal = nil, nil
	return err
}

// unix returns t in whole Unix seconds, rounded up: an intent must never look older than it is.
func unix(t time.Time) int64 { return t.Add(time.Second - time.Nanosecond).Unix() }
