package ledger

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

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

func (l *Ledger) readJournal(r io.Reader) error {
	known := interner{}
	err := replay(r, func(e event) error { return l.apply(e, known) })
	if errors.Is(err, errDamaged) {
		return fmt.Errorf("%w: the journal %w. Restore it from a copy; or, if there is none, delete it and %s: %s",
			ErrRefused, err, l.lockPath(), lossHint)
	}
	return err
}

// apply takes one event of the journal into the state.
func (l *Ledger) apply(e event, known interner) error {
	switch {
	case e.Run != nil:
		return l.applyHeader(e.Run)
	case e.Creating != nil:
		l.Entry(e.Creating.Phone).announced(e.Creating.Intent)
		return nil
	case e.Entry != nil:
		e.Entry.Code, e.Entry.Error = known.one(e.Entry.Code), known.one(e.Entry.Error)
		newer, ok := e.Entry.restore()
		if !ok {
			return errDamaged
		}
		if err := l.Entry(newer.Phone).overtake(&newer); err != nil {
			return fmt.Errorf("%w: %w. Restore one of the two from a copy", ErrRefused, err)
		}
		return nil
	}
	return errDamaged // a whole record that says nothing: no version of this program has written it
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

func (l *Ledger) applyHeader(h *header) error {
	switch {
	case h.Version != journalVersion:
		return fmt.Errorf("%w: the journal has format %d, and this program reads format %d: use the version that wrote it",
			ErrRefused, h.Version, journalVersion)
	case h.HasResult && !l.hasResult:
		return fmt.Errorf("%w: the result CSV %s was there when this journal was made, and is gone. Put it back; "+
			"or, if it is lost for good, delete the journal and %s: %s", ErrRefused, l.path, l.lockPath(), lossHint)
	}
	l.addJournal(Owner{h.Account, h.Others, h.Told, h.Key}, h.Was)
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
