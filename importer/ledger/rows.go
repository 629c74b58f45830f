package ledger

import (
	"cmp"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Row is what result and journal together know of one row: the result has the rows in the order of the employee file, and the journal
// has what became of them since.
type Row struct {
	Number int // line in the result file; 0: only the journal has the row
	Line   int // line in the employee file; 0: not known
	// Listed says that the row is one of the employee file. If it is not, the person had a row there once.
	Listed bool
	// Status, Code and Why are those of the row, and not of another row with the same phone.
	Status    Status
	Code, Why string
	// Entry has the ids. Of two rows with the same phone, both have the id of the user.
	Entry Entry
}

// ReadRows calls row with every row of a ledger's result, and then with those that only the journal has. It reads the result file again,
// which a run may have replaced since. The row is valid until the next call. The error is an [os.ErrNotExist] if there is neither a
// result nor a journal.
func ReadRows(l *Ledger, row func(*Row) error) error {
	inResult := map[*Entry]bool{}
	err := l.files.read(l.files.result, func(r io.Reader) error {
		return ReadLines(r, func(number int, line *Line) error {
			current, err := rowOf(l, number, line)
			if err != nil {
				return err
			}
			if e := l.Lookup(current.Entry.Phone); e != nil && l.hasJournal {
				inResult[e] = true
			}
			return row(current)
		})
	})
	if errors.Is(err, os.ErrNotExist) && l.hasJournal {
		err = nil
	}
	if err != nil || !l.hasJournal {
		return err
	}
	var rest []*Entry
	for e := range l.Entries() {
		if !inResult[e] {
			rest = append(rest, e)
		}
	}
	slices.SortFunc(rest, byPhone)
	for _, e := range rest {
		code, why := e.Reason()
		if err := row(&Row{Listed: true, Status: e.Status, Code: code, Why: why, Entry: *e}); err != nil {
			return err
		}
	}
	return nil
}

// rowOf returns a line of the result, or what the journal knows of its phone if that is newer.
func rowOf(l *Ledger, number int, line *Line) (*Row, error) {
	own, err := line.entry()
	if err != nil {
		return nil, err
	}
	status, _ := ParseStatus(strings.TrimSpace(line.Status)) // entry has refused an unknown one
	row := &Row{Number: number, Status: status, Code: line.ErrorCode, Why: line.Error, Entry: own}
	row.Line, err = strconv.Atoi(line.Line)
	row.Listed = err == nil
	e := l.Lookup(own.Phone)
	switch {
	case e == nil:
	case l.hasJournal && newer(e, line):
		row.Status, row.Entry = e.Status, *e
		row.Code, row.Why = e.Reason()
		row.Entry.Name = cmp.Or(own.Name, e.Name)
	case own.UserID == 0:
		row.Entry.UserID = e.UserID
	}
	return row, nil
}

// newer reports whether an entry is newer than the line of its phone in the result. Then it is from the journal.
func newer(e *Entry, l *Line) bool {
	attempts, _ := strconv.Atoi(plainNumber(l.Attempts))
	updated, _ := time.Parse(time.RFC3339, strings.TrimSpace(l.UpdatedAt))
	return e.Attempts > attempts || e.Updated > updated.Unix()
}
