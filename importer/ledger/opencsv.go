package ledger

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/hint"
)

// withResultHint adds the hint to an [ErrRefused] about the content of the result CSV.
func withResultHint(err error) error {
	return hint.With(err, message.T("if it is not a result of this tool, name another file: run takes it with -o. If it is one, restore a copy of it, or move it away. "+
		"Without it, people who are on the tenant already are refused as user_exists"))
}

// The largest cell and line of a result, in bytes: more than the largest of an employee file can become when it is written
// here, with everything in it escaped.
const (
	maxCell = 512 << 10
	maxLine = 1 << 20
)

// openCSV finds out how the file was saved, and where in its records each of the columns is. Damaged characters do not refuse
// a result: they are in names and messages, which the next run writes anew. No cell that is written here has a line break, so
// that a row over several lines with what looks like rows in it was not written here.
func openCSV(r io.Reader) (reader *csv.Reader, at []int, err error) {
	text, err := csvtext.NewReader(r, csvtext.Options{Header: countColumns, Enough: len(required), Least: len(required), MaxCell: maxCell, MaxRecord: maxLine, Lenient: true})
	if err != nil {
		return nil, nil, err
	}
	reader = csv.NewReader(text)
	reader.Comma = text.Comma()
	reader.ReuseRecord = true
	header, err := reader.Read()
	if err == io.EOF {
		return nil, nil, withResultHint(message.Errorf("%w: the file is empty", ErrRefused))
	}
	if err == nil {
		at, err = find(columnNames(header))
	}
	if err != nil {
		return nil, nil, withResultHint(message.Errorf("%w: this is not a result file: %w", ErrRefused, err))
	}
	return reader, at, nil
}

// find returns where each of the columns is; -1 for one that the file does not have and need not have.
func find(names []string) (at []int, err error) {
	for _, c := range columns {
		i := slices.Index(names, c)
		if i < 0 && slices.Contains(required, c) {
			return nil, message.Errorf("its first line has no column %q", c)
		}
		if slices.Contains(names[i+1:], c) {
			return nil, message.Errorf("its first line has the column %q twice", c)
		}
		at = append(at, i)
	}
	return at, nil
}

// columnNames brings the cells of a header into the form of columns, in place.
func columnNames(header []string) []string {
	for i, name := range header {
		header[i] = columnName(name)
	}
	return header
}

func columnName(cell string) string { return strings.ToLower(strings.Trim(cell, " \"\u00a0")) }

// countColumns returns how many of the columns the cells name.
func countColumns(cells []string) (n int) {
	for _, c := range cells {
		if slices.Contains(columns, columnName(c)) {
			n++
		}
	}
	return n
}
