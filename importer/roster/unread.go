package roster

import (
	"bytes"
	"encoding/csv"
	"io"
)

// unread says what a row has in the columns that nobody reads.
type unread uint8

const (
	unreadNothing unread = iota // nothing of a person
	unreadPhone
	unreadPerson // a phone, and an extension or a password
)

// readUnread says what cells have, of which none is in a column that is read, but for the number of the row.
func readUnread(cells []string, rowNumber string) unread {
	others := make([]string, 0, len(cells))
	for _, cell := range cells {
		if cell != rowNumber {
			others = append(others, cell)
		}
	}
	switch {
	case hasMostOfRow(others):
		return unreadPerson
	case hasPhone(others):
		return unreadPhone
	}
	return unreadNothing
}

// recent passes a text on, and keeps what was passed on from a place on. It is for a csv.Reader, whose record has lost the cells of the
// columns that nobody reads.
type recent struct {
	in   io.Reader
	text []byte // from base on
	base int64
	from int64 // what is before is not needed
}

// Read implements [io.Reader].
func (r *recent) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	if drop := min(r.from-r.base, int64(len(r.text))); drop > 0 {
		r.text = r.text[:copy(r.text, r.text[drop:])]
		r.base += drop
	}
	r.text = append(r.text, p[:n]...)
	return n, err
}

// cells returns the cells of the row that begins where the text is kept from, and ends before a place.
func (r *recent) cells(end int64, comma rune) []string {
	row := csv.NewReader(bytes.NewReader(r.text[r.from-r.base : end-r.base]))
	row.Comma = comma
	cells, _ := row.Read() // a csv.Reader has read it before
	return cells
}
