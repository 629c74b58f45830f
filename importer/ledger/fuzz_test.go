package ledger

import (
	"bytes"
	"errors"
	"testing"

	"etelecom-import/importer/ledger/journal"
)

// FuzzJournal gives the reader any bytes. It must not panic, and what it takes is the events of whole records from the
// first on: the journal cut after the last of them gives the same state.
func FuzzJournal(f *testing.F) {
	data, ends := written(story())
	f.Add(data)
	f.Add(data[:ends[4]+10])
	f.Add(append(bytes.Clone(data[:ends[5]]), make([]byte, 100)...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		rest := data
		_, err := journal.Replay(bytes.NewReader(data), func([]byte) error {
			_, rest, _ = bytes.Cut(rest, []byte{'\n'})
			return nil
		})
		if err != nil && !errors.Is(err, journal.ErrDamaged) {
			t.Fatal(err)
		}
		l, err := readJournalOf(data)
		if err != nil {
			if !errors.Is(err, ErrRefused) {
				t.Fatal(err)
			}
			return
		}
		again, err := readJournalOf(data[:len(data)-len(rest)])
		if err != nil || state(again) != state(l) {
			t.Fatalf("%v\n%s\n%s", err, state(l), state(again))
		}
	})
}

// FuzzResult gives the reader any file. It must not panic, and what it takes it must find again in what it writes.
func FuzzResult(f *testing.F) {
	f.Add([]byte(saved))
	f.Add([]byte(unicodeText(saved)))
	f.Add([]byte(columnsOf(saved, ";", same)))
	f.Add([]byte(head + "2,A,901234561,1.3E+18,1001,1.3E+18,done,password_replaced,'=x,2,01/07/2026,1.3E+18\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := read(string(data))
		if err != nil {
			if !errors.Is(err, ErrRefused) {
				t.Logf("%v", err)
			}
			return
		}
		var b bytes.Buffer
		if err := WriteLines(&b, lines(l)); err != nil {
			t.Fatal(err)
		}
		again, err := read(b.String())
		if err != nil || state(again) != state(l) || len(l.entries.byPhone) > 0 && again.Account() != l.Account() {
			t.Fatalf("%v\n%s\n%s\n%s", err, state(l), state(again), b.String())
		}
	})
}

// FuzzLine reads one line of any cells twice: as it is, and as it is written again.
func FuzzLine(f *testing.F) {
	f.Add("A", "0901234561", "1301234567890120000", "1001", "1.3E+18", "done", "x", "y", "1", "2026-07-01T12:00:00Z", account)
	f.Add("'=A", "901234561", "'1301234567890120301", "+1", "", "failed", "already_exists", "\r\n", "3", "", "1.3E+18")
	f.Fuzz(func(t *testing.T, name, phone, ext, number, user, status, code, why, attempts, at, of string) {
		var b bytes.Buffer
		line := Line{"2", name, phone, ext, number, user, status, code, why, attempts, at, of, at, at, ext}
		if err := WriteLines(&b, func(yield func(*Line) bool) { yield(&line) }); err != nil {
			t.Fatal(err)
		}
		l, err := read(b.String())
		if err != nil {
			return
		}
		b.Reset()
		if err := WriteLines(&b, lines(l)); err != nil {
			t.Fatal(err)
		}
		again, err := read(b.String())
		if err != nil || state(again) != state(l) {
			t.Fatalf("%v\n%s\n%s\n%s", err, state(l), state(again), b.String())
		}
	})
}
