package ledger

import (
	"encoding/csv"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gocarina/gocsv"

	"etelecom-import/importer/ledger/durable"
)

// Finish ends the run: it replaces the result CSV by the given lines, of the given owner, durably, unless it has these
// lines already, and then drops the journal, or rewrites it to its open intents. It is right after a failure too: a journal
// that failed does not keep the result from being written. When it fails, the files are such that the next run loses nothing
// that was durable. The lines may be gone through twice.
func (l *Ledger) Finish(owner Owner, lines iter.Seq[*Line]) error {
	l.owner = owner
	var failed error
	if l.journal != nil {
		failed = l.journal.Close()
	}
	unnamed := l.writeOwner()
	if unnamed == nil && l.has(lines) {
		return nil
	}
	if err := l.writeResult(lines); err != nil {
		return fmt.Errorf("%w: %w", ErrNotWritable, errors.Join(failed, err))
	}
	l.hasResult, l.account = true, owner.ID
	for _, e := range l.entries {
		e.unsaved = false
	}
	if unnamed != nil { // the journal has the account's other ids: it stays
		return fmt.Errorf("%w: %w", ErrNotWritable, unnamed)
	}
	if err := l.dropJournal(); err != nil {
		return fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	l.journal = nil
	return nil
}

// has reports whether there is nothing to do: no journal, and a result CSV with these lines that nobody has touched since
// it was read.
func (l *Ledger) has(lines iter.Seq[*Line]) bool {
	if !l.hasResult || l.hasJournal || l.journal != nil || l.open() {
		return false
	}
	var wanted fingerprint
	wanted.SetSeed(l.stands.Seed())
	for line := range lines {
		shown := *line
		escapeFormulas(&shown)
		wanted.add(&shown)
	}
	if wanted.Sum64() != l.stands.Sum64() {
		return false
	}
	var now maphash.Hash
	now.SetSeed(l.file.Seed())
	err := l.readFile(l.path, func(r io.Reader) error {
		_, err := io.Copy(&now, r)
		return err
	})
	return err == nil && now.Sum64() == l.file.Sum64()
}

// writeResult replaces the result CSV.
func (l *Ledger) writeResult(lines iter.Seq[*Line]) error {
	return durable.Replace(l.fs, l.path, func(w io.Writer) error { return WriteLines(w, lines) })
}

// dropJournal runs when the result CSV is durable. The lock file is emptied first: a journal that is missing while the
// lock file speaks of one has been lost.
func (l *Ledger) dropJournal() error {
	if l.open() {
		f, _, err := l.writeJournal()
		if err != nil {
			return err
		}
		l.hasJournal = true
		return errors.Join(f.Close(), l.lock.SetText(""))
	}
	if err := l.lock.SetText(""); err != nil {
		return err
	}
	if l.journal == nil && !l.hasJournal {
		return nil
	}
	if err := l.fs.Remove(l.journalPath()); err != nil {
		return err
	}
	l.hasJournal = false
	return l.fs.SyncDir(filepath.Dir(l.path))
}

func (l *Ledger) open() bool {
	for _, e := range l.entries {
		if e.Open() {
			return true
		}
	}
	return false
}

// chunk is how many lines are handed to the CSV encoder at once.
const chunk = 1024

// WriteLines writes a result CSV: UTF-8, comma, LF, a header.
func WriteLines(w io.Writer, lines iter.Seq[*Line]) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	batch := make([]Line, 0, chunk)
	flush := func() error {
		err := gocsv.MarshalCSVWithoutHeaders(batch, out)
		batch = batch[:0]
		return err
	}
	for line := range lines {
		batch = append(batch, *line)
		escapeFormulas(&batch[len(batch)-1])
		if len(batch) == chunk {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// Line returns the entry as a line of the result CSV. The caller fills in what only the roster knows.
func (l *Ledger) Line(e *Entry) Line {
	code, why := e.Reason()
	if e.Exists && !saysExists(code) {
		code = CodeUserExists // the result CSV must not lose that the phone is never to be created again
	}
	return Line{
		Name:            e.Name,
		Phone:           e.Phone.String(),
		ExtensionID:     e.extensionText(),
		ExtensionNumber: e.ExtensionNumber,
		UserID:          number(e.UserID),
		Status:          e.Status.String(),
		ErrorCode:       code,
		Error:           why,
		Attempts:        strconv.Itoa(e.Attempts),
		UpdatedAt:       stamp(e.Updated),
		AccountID:       l.owner.ID,
	}
}

func (e *Entry) extensionText() string {
	if e.ExtensionID == 0 {
		return e.told().damagedExtension
	}
	return number(e.ExtensionID)
}

// number writes an id; 0 is none.
func number(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func stamp(unix int64) string {
	if unix == 0 {
		return ""
	}
	return time.Unix(unix, 0).UTC().Format(time.RFC3339)
}
