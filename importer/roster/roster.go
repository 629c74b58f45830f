// Package roster reads the employee CSV. The roster is the list of the people who are to get a user and an extension;
// a row is one of them. What spreadsheets and people do to such a file is read where it is certain, and refused with
// a reason that says what to do where it is not. No password is shown anywhere.
package roster

import (
	"fmt"
	"iter"

	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/phone"
)

// Options say how to read a roster. The zero value detects everything and keeps everything.
type Options struct {
	Encoding  string // IANA name, such as "windows-1258"; "" for UTF-8, and UTF-16 with a byte order mark
	Delimiter string // "comma", "semicolon", "tab", "pipe" or the character itself; "" to detect it from the header
	Offline   bool   // keep no passwords and no names: nothing will be sent
}

// Roster is what was read.
type Roster struct {
	Rows    []Row // every row of the file in its order, valid or not; blank rows are left out
	Dialect Dialect

	findings  []finding // of rows on their own, in the order of the rows
	late      []finding // of rows with others, in the order of the rows
	shared    []uint32  // rows that share something, one group after the other; findings point here
	fileLevel []Problem
}

// Row is one employee. What could not be read is zero; [Roster.Problem] says why.
type Row struct {
	Line            int          // where the row begins in the file; the first line is 1
	Name            string       // "" if [Options.Offline]
	Phone           phone.Number // 0: no usable phone
	Password        secret.Text  // zero if the cell is empty, or if [Options.Offline]
	ExtensionID     int64        // 0: not given, or not usable
	ExtensionNumber string       // "": not given, or not usable
	NoPassword      bool         // the password cell is empty: no problem unless the row is to be created
}

// Passwords yields the passwords of all rows that have one.
func (r *Roster) Passwords() iter.Seq[secret.Text] {
	return func(yield func(secret.Text) bool) {
		for i := range r.Rows {
			if p := r.Rows[i].Password; !p.IsZero() && !yield(p) {
				return
			}
		}
	}
}

// Error says why a file is refused as a whole.
type Error struct {
	Line    int // 0: it is no matter of one line
	Column  int // in characters; 0: it is a matter of the whole line
	Message string
}

// Error gives place and reason.
func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.Message
	case e.Column == 0:
		return fmt.Sprintf("line %d: %s", e.Line, e.Message)
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Hint says what to do about a file that cannot be read.
func (e *Error) Hint() string {
	return "correct the employee file and run the same command again; nothing was sent"
}

func refuse(format string, args ...any) error { return &Error{Message: fmt.Sprintf(format, args...)} }
