package ledger

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"etelecom-import/importer/ledger/journal"
	"etelecom-import/importer/phone"
)

// lossHint says what going on without a journal means.
const lossHint = "then creates whose outcome was open may be sent a second time"

// load reads the result CSV, then the journal over it.
func (l *Ledger) load() error {
	l.read = time.Now()
	err := l.readFile(l.path, func(r io.Reader) error { return l.readResult(io.TeeReader(r, &l.file)) })
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l.hasResult = err == nil
	if err := l.readOwner(); err != nil {
		return err
	}
	err = l.readFile(l.journalPath(), l.readJournal)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l.hasJournal = err == nil
	if len(l.origins) > 0 {
		l.owner = l.origins[0].Owner
	}
	l.distrust()
	return l.distinct()
}

// readFile reads a file. A run that may send something trusts nobody else's.
func (l *Ledger) readFile(name string, read func(io.Reader) error) error {
	open := l.fs.OpenOwn
	if l.lock == nil {
		open = l.fs.Open
	}
	f, err := open(name)
	if err != nil {
		return refusal(err)
	}
	defer f.Close()
	if err := read(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readJournal takes the records of the journal into the state.
func (l *Ledger) readJournal(r io.Reader) error {
	var (
		known   = interner{}
		decoder decoder
		first   uint64 // how many records the journal was made with; 0 before the header
	)
	records, err := journal.Replay(r, func(data []byte) error {
		r, err := decoder.decode(data)
		switch {
		case err != nil, (r.Run != nil) != (first == 0):
			// The checksum is right, so somebody wrote this record: no version of this program did.
			return journal.ErrDamaged
		case r.Run != nil:
			first = 1 + uint64(r.Run.Carried)
			return l.applyHeader(r.Run)
		}
		return l.apply(r, known)
	})
	if err == nil && records < first {
		err = journal.ErrDamaged // all that the journal was made with was durable before it had its name
	}
	if errors.Is(err, journal.ErrDamaged) {
		return fmt.Errorf("%w: the journal %w. Restore it from a copy; or, if there is none, delete it and %s: %s",
			ErrRefused, err, l.lockPath(), lossHint)
	}
	return err
}

// apply takes one step into the state.
func (l *Ledger) apply(r record, known interner) error {
	switch {
	case r.Creating != nil:
		l.Entry(r.Creating.Phone).announced(r.Creating.Intent)
		return nil
	case r.Entry != nil:
		r.Entry.Code, r.Entry.Error = known.one(r.Entry.Code), known.one(r.Entry.Error)
		newer, ok := r.Entry.entry()
		if !ok {
			return journal.ErrDamaged
		}
		if err := l.Entry(newer.Phone).overtake(&newer); err != nil {
			return fmt.Errorf("%w: %w. Restore one of the two from a copy", ErrRefused, err)
		}
		return nil
	}
	return journal.ErrDamaged // a record that says nothing: no version of this program has written it
}

// interner keeps one copy of each of the texts that many entries share.
type interner map[string]string

// mostShared bounds the texts that are remembered: those that hold an id or a name are shared by nobody.
const mostShared = 1 << 12

// one returns the copy of a text.
func (known interner) one(s string) string {
	if s == "" {
		return ""
	}
	if first, ok := known[s]; ok {
		return first
	}
	s = strings.Clone(s)
	if len(known) < mostShared {
		known[s] = s
	}
	return s
}

func (l *Ledger) applyHeader(h *headerRecord) error {
	switch {
	case h.Version != journalVersion:
		return fmt.Errorf("%w: the journal has format %d, and this program reads format %d: use the version that wrote it",
			ErrRefused, h.Version, journalVersion)
	case h.HasResult && !l.hasResult:
		return fmt.Errorf("%w: the result CSV %s was there when this journal was made, and is gone. Put it back; "+
			"or, if it is lost for good, delete the journal and %s: %s", ErrRefused, l.path, l.lockPath(), lossHint)
	}
	l.addJournal(Owner{h.Account, h.Others, h.Told, h.Key}, h.ResultAccount)
	return nil
}

// distrust opens an intent, of unknown time, for every entry that a result CSV calls unknown without a journal to it.
func (l *Ledger) distrust() {
	for _, e := range l.entries {
		if e.Status == Unknown && !e.Open() {
			e.open(Intent{Attempt: e.Attempts, At: e.Updated})
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
