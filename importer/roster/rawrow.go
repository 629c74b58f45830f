package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"math"
	"slices"

	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/workbook"
)

// RawRow is a row of a file as the file has it, with all its cells: one above the header, too, and one that is no person. Passwords
// are among the cells, so it shows nothing.
type RawRow struct {
	Line  int // as [Row.Line]
	Cells []string
}

// String implements [fmt.Stringer].
func (RawRow) String() string { return "[row]" }

// GoString implements [fmt.GoStringer].
func (RawRow) GoString() string { return "[row]" }

// RawRows yields the rows of a file that was read with these options, and understood so. Blank rows are skipped. The cells are valid
// until the next row.
func RawRows(file []byte, d *Dialect, o Options) iter.Seq2[RawRow, error] {
	rows := rawLines
	if d.Sheet != "" {
		rows = rawSheet
	}
	return func(yield func(RawRow, error) bool) {
		err := rows(file, d, o, func(row RawRow) bool { return yield(row, nil) })
		if err != nil {
			yield(RawRow{}, err)
		}
	}
}

// rawLines yields the rows of a CSV. What is repaired in the table when it is read is repaired here, too.
func rawLines(file []byte, d *Dialect, o Options, yield func(RawRow) bool) error {
	size := int64(len(file))
	others := map[int]bool{} // lines that are not in the table
	for _, line := range d.Above {
		others[line] = true
	}
	err := eachLine(file, textOptions(&o, size), func(_ RawRow, ragged []csvtext.Ragged) bool {
		for _, row := range ragged {
			others[row.Line] = true
		}
		return true
	})
	if err != nil {
		return err
	}
	var aside []RawRow
	if len(others) > 0 {
		asTheyAre := csvtext.Options{Encoding: o.Encoding, Delimiter: d.Delimiter, Lenient: true, MaxCell: maxCell, MaxRecord: maxRecord, Size: size}
		err = eachLine(file, asTheyAre, func(row RawRow, _ []csvtext.Ragged) bool {
			if others[row.Line] {
				aside = append(aside, RawRow{row.Line, slices.Clone(row.Cells)})
			}
			return true
		})
		if err != nil {
			return err
		}
	}
	ended := false
	err = eachLine(file, textOptions(&o, size), func(row RawRow, _ []csvtext.Ragged) bool {
		for ; !ended && len(aside) > 0 && aside[0].Line < row.Line; aside = aside[1:] {
			ended = !yield(aside[0])
		}
		ended = ended || row.Line > 0 && !yield(row)
		return !ended
	})
	for ; err == nil && !ended && len(aside) > 0; aside = aside[1:] {
		ended = !yield(aside[0])
	}
	return err
}

// eachLine calls row with the rows of a CSV, and with the rows that were left out before it. The last call has no row.
func eachLine(file []byte, o csvtext.Options, row func(row RawRow, ragged []csvtext.Ragged) bool) error {
	text, err := csvtext.NewReader(bytes.NewReader(file), o)
	if err != nil {
		return err
	}
	reader := csv.NewReader(text)
	reader.Comma, reader.FieldsPerRecord, reader.ReuseRecord = text.Comma(), -1, true
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			row(RawRow{}, text.Ragged(math.MaxInt))
			return nil
		}
		if err != nil {
			return inFile(err)
		}
		line, _ := reader.FieldPos(0)
		if !row(RawRow{line, cells}, text.Ragged(line)) {
			return nil
		}
	}
}

// rawSheet yields the rows of the sheet that was read.
func rawSheet(file []byte, d *Dialect, o Options, yield func(RawRow) bool) error {
	hidden := o.HiddenRows
	if hidden == workbook.RefuseHidden { // none is below the header
		hidden = workbook.ReadHidden
	}
	book, err := workbook.Open(bytes.NewReader(file), int64(len(file)), workbook.Options{Sheet: d.Sheet, HiddenRows: hidden})
	if err != nil {
		return err
	}
	defer book.Close()
	for {
		cells, err := book.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if !yield(RawRow{book.Row(), cells}) {
			return nil
		}
	}
}
