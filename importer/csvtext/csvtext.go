// Package csvtext finds out how a CSV file was saved, and guards the reading of it. Programs save such files in several
// encodings and with several delimiters. After a stray quote, a CSV reader takes everything up to the next quote for one cell, a
// thousand rows perhaps, and reports no error. This package refuses the file instead, and says where the quote is. A [Reader] is
// put between the file and a csv.Reader.
//
// It works on streams and opens no file. The employee file and the result are read through it.
package csvtext

import (
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
)

// Options say how a file was saved, as far as that is known, and what is acceptable. MaxCell and MaxRecord have to be given.
type Options struct {
	// Encoding is an IANA name, such as "windows-1258"; "" for UTF-8, and for UTF-16 with a byte order mark. Encodings that a
	// byte order mark contradicts are refused.
	Encoding string
	// Delimiter is "comma", "semicolon", "tab", "pipe" or the character itself; "" to detect it from the header.
	Delimiter string
	// Header returns how many of the wanted fields the cells of a row name; below 0 if they are a row of the table, which is never
	// above the header. The header is found by it, together with the delimiter. If it is nil, or if Lenient, the first row is the header.
	Header func(cells []string) int
	// Enough is how many fields a row has to name to be the header.
	Enough int
	// HasKey reports whether among texts, which are the cells of a row or some of them, is what only a row of the table has. IsRow
	// reports whether texts are the cells of such a row, in whatever order; a space at the front of one was behind the delimiter. No row
	// may be hidden in another one, or above the header. If they are nil, nothing is known of it.
	HasKey func(cells []string) bool
	IsRow  func(cells []string) bool
	// Least is how many cells a row of the table has at least. What has fewer is no row that a stray quote has swallowed.
	Least int
	// MaxCell and MaxRecord are the largest cell and row, in bytes of UTF-8: a whole file never becomes one cell.
	MaxCell, MaxRecord int
	// Size is the size of the file in bytes, for [Reader.Ahead]; 0 if it is not known.
	Size int64
	// Lenient accepts characters that are damaged or do not belong in a text file, and passes on rows with too many or too few
	// cells: the caller can tell what matters of that.
	Lenient bool
}

// takesFirstRow reports whether the first row is the header, whatever is in it.
func (o *Options) takesFirstRow() bool { return o.Header == nil || o.Lenient }

// leastDelimiters is how many delimiters a line has at least that is a row.
func (o *Options) leastDelimiters() int { return max(1, o.Least-1) }

// Error says why a file is refused as a whole. Where this package or package roster refuses one, the error around it has the hint:
// see [Refuse].
type Error struct {
	Line    int    // the first line is 1; 0 if no one line is to blame
	Column  int    // in characters, from 1; 0 if the whole line is to blame
	Problem string // what is wrong
}

// Error says where the problem is and what it is.
func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.Problem
	case e.Column == 0:
		return message.Sprintf("line %d: %s", e.Line, e.Problem)
	}
	return message.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Problem)
}

// Refuse returns an [*Error] with what to do about it. See package hint.
func Refuse(line, column int, problem, whatToDo string) error {
	return hint.With(&Error{line, column, problem}, whatToDo)
}

// refuse refuses a file for a reason that is not one line's.
func refuse(problem, whatToDo string) error { return Refuse(0, 0, problem, whatToDo) }
