package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"etelecom-import/importer/ledger/durable"
	"etelecom-import/importer/ledger/journal"
)

// Begin puts a fresh journal in place, durably, from which on intents can be taken. It holds what the result CSV does not
// have yet: the entries of a journal that an interrupted run has left. A file that Finish could not replace is found out
// here, before anything is sent.
func (l *Ledger) Begin(owner Owner) error {
	if l.journal != nil {
		return nil
	}
	l.owner = owner
	if err := l.tryResult(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	if err := l.writeOwner(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
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
	l.journal = journal.NewWriter(f, records)
	return nil
}

// tryResult shows that the result CSV can be replaced, by replacing it by a copy of itself. Nothing less shows it: the rights
// of file and folder do not tell of a file attribute, a sticky folder, a mount on the very file, or a program that has it
// open on Windows; a second name of the file proves nothing, since a rename over the same file does nothing and succeeds;
// and a result that is moved away and back is gone if the process is killed in between. The copy is durable before it gets
// the name, so that at any moment there is a result, with the same bytes.
func (l *Ledger) tryResult() error {
	if !l.hasResult {
		return nil // to give a new file a name is what the journal shows
	}
	err := durable.Replace(l.fs, l.path, func(w io.Writer) error {
		return l.readFile(l.path, func(r io.Reader) error {
			_, err := io.Copy(w, r)
			return err
		})
	})
	if err != nil {
		return fmt.Errorf("%s cannot be replaced, and nothing was sent: close it where it is open in another program, "+
			"and see whether it is write-protected or another user's: %w", l.path, err)
	}
	return nil
}

// writeJournal replaces the journal by one that holds the entries that are not in the result CSV yet and those with an open
// intent. The file is returned still open for appending, with the number of its records.
func (l *Ledger) writeJournal() (f File, records uint64, err error) {
	f, err = durable.ReplaceOpen(l.fs, l.journalPath(), func(w io.Writer) error {
		records, err = l.snapshot(w)
		return err
	})
	return f, records, err
}

func (l *Ledger) snapshot(w io.Writer) (records uint64, err error) {
	carried := l.carried()
	return writeSnapshot(w, &headerRecord{
		Version: journalVersion, Account: l.owner.ID, HasResult: l.hasResult, Carried: len(carried), ResultAccount: l.account,
		Others: l.owner.Others, Told: l.owner.Told, Key: l.owner.Key,
	}, carried)
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
