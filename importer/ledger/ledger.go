// Package ledger remembers what has been done for each employee, across runs, crashes and spreadsheets.
//
// It consists of two files. The result CSV is what people see and what a later run starts from; it is replaced as a
// whole when a run ends. The journal stands beside it while a run is on, and afterwards as long as the outcome of a
// create is open: every step is appended to it, and an intent, the announcement of one create, is durable there before
// the first byte of that create is sent. A third file holds the lock.
//
// The package knows phones, ids and statuses; it knows nothing of the roster and nothing of HTTP.
package ledger

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"etelecom-import/importer/phone"
)

// ErrRefused says that the files cannot be taken as a ledger: they are damaged, do not belong together, or are something
// else. Nothing has been changed. The error's text says what was found and the way out.
var ErrRefused = errors.New("the ledger is refused")

// ErrNotWritable says that a file of the ledger cannot be written; the wrapped error says which and why.
var ErrNotWritable = errors.New("the ledger cannot be written")

// Ledger holds the entries of one result CSV and its journal. Its methods may be called from several goroutines as long
// as no two of them work on the same entry.
type Ledger struct {
	fs      FS
	path    string // of the result CSV, symbolic link resolved
	lock    Lock   // nil when read only
	account string
	entries map[phone.Number]*Entry

	hasResult  bool     // a result CSV stands there
	hasJournal bool     // a journal stands there
	journal    *journal // nil before Begin
}

// Read loads the ledger of a result CSV without a lock, and writes nothing.
func Read(fs FS, result string) (*Ledger, error) {
	path, err := fs.Resolve(result)
	if err != nil {
		return nil, fmt.Errorf("result %w", err)
	}
	l := &Ledger{fs: fs, path: path, entries: map[phone.Number]*Entry{}}
	return l, l.load()
}

// Open takes the lock of a result CSV and loads the ledger. The error is an [ErrLocked] if another process has it.
func Open(fs FS, result, holder string) (*Ledger, error) {
	path, err := fs.Resolve(result)
	if err != nil {
		return nil, fmt.Errorf("result %w", err)
	}
	l := &Ledger{fs: fs, path: path, entries: map[phone.Number]*Entry{}}
	l.lock, err = fs.Lock(l.lockPath())
	if errors.Is(err, ErrLocked) || errors.Is(err, ErrRefused) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	if err := l.takeOver(holder); err != nil {
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
			"Put it back; or, if it is lost for good, delete %s: then creates whose outcome was open may be sent a second time",
			ErrRefused, holderName(text), l.journalPath(), l.lockPath())
	}
	if err := l.sign(holder); err != nil {
		return fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	return nil
}

// sign names this run in the lock file, which must not speak of a journal that a crash can still undo.
func (l *Ledger) sign(holder string) error {
	if !l.hasJournal {
		return l.lock.SetText(holder + "\n")
	}
	if err := l.fs.SyncDir(filepath.Dir(l.path)); err != nil {
		return err
	}
	return l.lock.SetText(withJournal(holder))
}

// tryFolder finds out whether files can be made and removed beside the result, before anything depends on it.
func (l *Ledger) tryFolder() error {
	name := l.path + ".new"
	f, err := l.fs.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), l.fs.Remove(name))
}

func (l *Ledger) journalPath() string { return l.path + ".journal" }
func (l *Ledger) lockPath() string    { return l.path + ".lock" }

// load reads the result CSV, then the journal over it.
func (l *Ledger) load() error {
	err := l.readFile(l.path, l.readResult)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l.hasResult = err == nil
	err = l.readFile(l.journalPath(), l.readJournal)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l.hasJournal = err == nil
	l.distrust()
	return l.distinct()
}

func (l *Ledger) readFile(name string, read func(io.Reader) error) error {
	f, err := l.fs.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := read(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (l *Ledger) readJournal(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err = replay(data, l.apply); errors.Is(err, errDamaged) {
		return fmt.Errorf("%w: the journal %w. Restore it from a copy; without it, creates whose outcome was open "+
			"may be sent a second time", ErrRefused, err)
	}
	return err
}

// apply takes one event of the journal into the state.
func (l *Ledger) apply(e event) error {
	switch {
	case e.Run != nil:
		return l.applyHeader(e.Run)
	case e.Creating != nil:
		l.Entry(e.Creating.Phone).announced(e.Creating.Attempt, e.Creating.At)
		return nil
	case e.Entry != nil:
		newer, ok := e.Entry.restore()
		if !ok {
			return errDamaged
		}
		if err := l.Entry(newer.Phone).overtake(newer); err != nil {
			return fmt.Errorf("%w: %w. Restore one of the two from a copy", ErrRefused, err)
		}
		return nil
	}
	return errDamaged // a whole record that says nothing: no version of this program has written it
}

func (l *Ledger) applyHeader(h *header) error {
	switch {
	case h.Version != journalVersion:
		return fmt.Errorf("%w: the journal has format %d, and this program reads format %d: use the version that wrote it",
			ErrRefused, h.Version, journalVersion)
	case h.HasResult && !l.hasResult:
		return fmt.Errorf("%w: the result CSV %s was there when this journal was made, and is gone. Put it back; "+
			"without it, what earlier runs did is not known", ErrRefused, l.path)
	case l.account != "" && !sameAccount(l.account, h.Account):
		return fmt.Errorf("%w: the journal is of account %s and the result CSV of account %s: put back the one that belongs to the other",
			ErrRefused, h.Account, l.account)
	}
	l.account = h.Account
	return nil
}

// distrust opens an intent, of unknown time, for every entry that a result CSV calls unknown without a journal to it.
func (l *Ledger) distrust() {
	for _, e := range l.entries {
		if e.Status == Unknown && !e.Open() {
			e.Intents = []Intent{{e.Attempts, e.Updated}}
		}
	}
}

// distinct refuses a ledger that has one id on two phones: one of them is wrong, and nobody can tell which.
func (l *Ledger) distinct() error {
	owners := make(map[int64]phone.Number, len(l.entries))
	for _, e := range l.entries {
		if e.UserID == 0 {
			continue
		}
		if other, ok := owners[e.UserID]; ok {
			return fmt.Errorf("%s: %w: user id %d stands on the phones %s and %s. Find out whose it is, and clear it on the other line",
				l.path, ErrRefused, e.UserID, min(e.Phone, other), max(e.Phone, other))
		}
		owners[e.UserID] = e.Phone
	}
	return nil
}

// IsOf reports whether the ledger is new, or of this account. Of an account id that a spreadsheet has rounded, what is
// left must agree.
func (l *Ledger) IsOf(account string) bool { return l.account == "" || sameAccount(l.account, account) }

// Account returns the id of the tenant's account that the ledger is of; "" for a new one.
func (l *Ledger) Account() string { return l.account }

// Path returns the path of the result CSV, a symbolic link resolved.
func (l *Ledger) Path() string { return l.path }

// Entry returns the entry of a phone, a new one if there is none. New entries may be made by one goroutine at a time, and
// not while others look entries up.
func (l *Ledger) Entry(p phone.Number) *Entry {
	e := l.entries[p]
	if e == nil {
		e = &Entry{Phone: p}
		l.entries[p] = e
	}
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

// Begin puts a fresh journal in place, durably, from which on intents can be taken. It holds what the result CSV does not
// have yet: the entries of a journal that an interrupted run has left.
func (l *Ledger) Begin(account string) error {
	if l.journal != nil {
		return nil
	}
	l.account = account
	f, records, err := l.writeJournal()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	text, err := l.lock.Text()
	if err == nil {
		err = l.lock.SetText(withJournal(text))
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotWritable, errors.Join(err, f.Close()))
	}
	l.journal = newJournal(f, records)
	return nil
}

// writeJournal makes a new journal durable: written beside the old one, fsynced, renamed over it, the folder fsynced.
// It holds the entries that are not in the result CSV yet and those with an open intent. The file is returned still open
// for appending, with the number of its records.
func (l *Ledger) writeJournal() (File, uint64, error) {
	tmp := l.journalPath() + ".new"
	f, err := l.fs.Create(tmp)
	if err != nil {
		return nil, 0, err
	}
	records, err := l.snapshot(f)
	if err == nil {
		err = l.replace(f, tmp, l.journalPath())
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close(), l.discard(tmp))
	}
	return f, records, nil
}

// replace makes f durable under the name of path: fsync, rename, fsync of the folder.
func (l *Ledger) replace(f File, tmp, path string) error {
	if err := f.Sync(); err != nil {
		return err
	}
	if err := l.fs.Rename(tmp, path); err != nil {
		return err
	}
	return l.fs.SyncDir(filepath.Dir(path))
}

// discard removes what was written of a temporary file: a full disk needs the room. After the rename there is none.
func (l *Ledger) discard(tmp string) error {
	if err := l.fs.Remove(tmp); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

func (l *Ledger) snapshot(w io.Writer) (uint64, error) {
	var sequence uint64
	write := func(e event) error {
		body, err := json.Marshal(e)
		if err != nil {
			return err
		}
		_, err = w.Write(appendRecord(nil, sequence, 0, true, body))
		sequence++
		return err
	}
	carried := l.carried()
	if err := write(event{Run: &header{journalVersion, l.account, l.hasResult, len(carried)}}); err != nil {
		return 0, err
	}
	for _, e := range carried {
		if err := write(event{Entry: recordOf(e)}); err != nil {
			return 0, err
		}
	}
	return sequence, nil
}

// carried returns the entries that are not in the result CSV yet and those with an open intent.
func (l *Ledger) carried() []*Entry {
	var carried []*Entry
	for _, e := range l.entries {
		if e.unsaved || e.Open() {
			carried = append(carried, e)
		}
	}
	slices.SortFunc(carried, func(a, b *Entry) int { return cmp.Compare(a.Phone, b.Phone) })
	return carried
}

// Err returns the failure that ended the journal; nil while it works. After it nothing may be sent.
func (l *Ledger) Err() error {
	if l.journal == nil {
		return nil
	}
	if err := l.journal.err(); err != nil {
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
		err = l.journal.stop()
	case !l.hasJournal:
		err = l.lock.SetText("") // this run leaves nothing behind
	}
	err = errors.Join(err, l.lock.Unlock())
	l.lock, l.journal = nil, nil
	return err
}

// unix returns t in whole Unix seconds, rounded up: an intent must never look older than it is.
func unix(t time.Time) int64 { return t.Add(time.Second - time.Nanosecond).Unix() }
