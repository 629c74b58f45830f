// Package workbook reads and writes the files of spreadsheet programs: it reads Excel workbooks (.xlsx, .xlsm) and those of
// LibreOffice (.ods), and it writes .xlsx. It knows cells, rows and sheets, and nothing of what they are about.
//
// A cell is more than a text: a program may have made a number or a date of what a person typed, and may show it otherwise than it
// keeps it. A [Reader] says of each cell what it is (see [Kind]), so that the caller can refuse what is no longer what was typed.
//
// The package works on streams and opens no file. Workbooks hold passwords: none of their contents may be left in a temporary
// file. It holds one row at a time and, of an .xlsx, the texts that its cells share.
//
// It reads XML by a [scanner] of its own. The library excelize, which the tests compare it with, does not say which type and format
// a cell has, or which columns are hidden, unless it holds the whole sheet; it writes large parts to temporary files unless it is
// told not to; and its bare loop over 100,000 rows takes 4 times as long and 10 times the memory (BenchmarkPeak).
package workbook

import (
	"errors"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
)

// Options say how to read a workbook.
type Options struct {
	// Sheet is the name of the sheet to read; "" for the one that has a header.
	Sheet string
	// Header reports whether the cells of a row are a header. It is asked about the first rows of each sheet, and must keep
	// nothing of the cells. If it is nil, a workbook of several sheets is refused without a Sheet.
	Header func(cells []string) bool
	// Whole reports whether a header has all that the list needs. Of several sheets with a header, the only one is read that is whole and
	// has a row below its header. It may be nil, and must keep nothing of the cells.
	Whole func(cells []string) bool
	// FromHeader skips the rows above the header, if there is one. The workbook is refused if IsRow says of one of them that it belongs
	// below the header. IsRow must keep nothing of the cells, and may be nil.
	FromHeader bool
	IsRow      func(cells []string) bool
	// HiddenRows says what to do with rows that are hidden below the header.
	HiddenRows HiddenRows
}

// HiddenRows says what becomes of rows that a person does not see: they were hidden, or a filter hides them.
type HiddenRows uint8

// What becomes of hidden rows.
const (
	RefuseHidden HiddenRows = iota // the workbook is refused at its end, so that the error has their number
	ReadHidden
	SkipHidden
)

// Error says why a workbook is refused. The error around it has the hint: see package hint. It shows nothing of any cell.
type Error struct {
	Sheet   string // its name; "" if no one sheet is to blame
	Row     int    // of the sheet, from 1; 0 if no one row is to blame
	Problem string // what is wrong
}

// Error says where the problem is and what it is.
func (e *Error) Error() string {
	switch {
	case e.Sheet == "" && e.Row == 0:
		return e.Problem
	case e.Sheet == "":
		return message.Sprintf("row %d: %s", e.Row, e.Problem)
	case e.Row == 0:
		return message.Sprintf("sheet %q: %s", e.Sheet, e.Problem)
	}
	return message.Sprintf("sheet %q, row %d: %s", e.Sheet, e.Row, e.Problem)
}

// refuse refuses the whole workbook.
func refuse(problem, whatToDo string) error { return refuseRow(0, problem, whatToDo) }

// ErrEmpty says that no sheet has a cell that is filled.
var ErrEmpty = message.New("the workbook is empty")

// emptyError is an [ErrEmpty] with the text and the hint of the error that it holds.
type emptyError struct{ error }

func (e emptyError) Unwrap() []error { return []error{ErrEmpty, e.error} }

// refuseRow refuses the workbook for one row.
func refuseRow(row int, problem, whatToDo string) error {
	return hint.With(&Error{Row: row, Problem: problem}, whatToDo)
}

const saveAgain message.Text = "open it in Excel or LibreOffice, and save it again as an Excel workbook (.xlsx)"

// damaged refuses a workbook that is not what its kind should be. The part is a name inside the file.
func damaged(part string) error {
	return refuse(message.Sprintf("the workbook is damaged (%q)", part), saveAgain.String())
}

// damagedCell refuses a workbook for one cell that is not what its kind should be.
func damagedCell(row, column int) error {
	return refuseRow(row, message.Sprintf("the workbook is damaged (cell %s%d)", columnName(column), row), saveAgain.String())
}

// locate says in which sheet and, if it is not known better, in which row a refusal is.
func locate(err error, sheet string, row int) error {
	refused, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	located := *refused
	located.Sheet = sheet
	if located.Row == 0 {
		located.Row = row
	}
	return hint.With(&located, hint.Of(err))
}

// The limits of what is read. A workbook within them may be large: Excel has 1,048,576 rows.
const (
	maxRows    = 1 << 20
	maxColumns = 1 << 14
	maxCells   = 1 << 25   // of all rows together, also empty ones between others
	maxCell    = 128 << 10 // bytes: Excel has 32,767 letters
	maxRow     = 256 << 10 // bytes
	maxShared  = 128 << 20 // bytes of the texts that cells share
	maxTexts   = 1 << 23   // texts that cells share
	maxPart    = 2 << 30   // bytes of one part of the file, unpacked
	// maxDirectory is bytes of the list of the parts. A workbook has about twenty.
	maxDirectory = 4 << 20
	// Of what comes beside the cells, even a large workbook has a few hundred.
	maxSheets, maxRelations, maxStyles, maxMerged = 1 << 10, 1 << 12, 1 << 16, 1 << 20
	// A sheet shrinks by 5 to 30 times when it is packed. One that shrinks far more was made to fill the memory, or to take for ever.
	maxRatio   = 100
	freeOfBomb = 16 << 20 // unpacked bytes for which the ratio does not count
)
