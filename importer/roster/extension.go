package roster

import (
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/spreadsheet"
)

// extensionCell is the reading of a cell with an extension.
type extensionCell struct {
	kind     kind   // what is wrong; absent if the cell is empty; 0 if nothing is
	value    int64  // of an id
	text     string // of a number
	repaired string // in words; "" if nothing was
	written  string // what a program has written in place of a value, from a table; "" if it is something else
}

// isNumber reports whether the cell has a number, whatever a program has made of it.
func (c extensionCell) isNumber() bool {
	switch c.kind {
	case absent, notDigitsID, notDigitsNumber, programID, programNumber:
		return false
	}
	return true
}

// readID reads an extension's id: digits, more than 0, at most an int64.
func readID(s string) extensionCell {
	if v, ok := spreadsheet.ParseID(s); ok {
		return extensionCell{value: v} // nearly every cell
	}
	n := spreadsheet.ReadNumber(s)
	switch n.Form {
	case spreadsheet.Empty:
		return extensionCell{kind: absent}
	case spreadsheet.Broken:
		return extensionCell{kind: brokenID}
	case spreadsheet.Scientific:
		return extensionCell{kind: scientificID}
	case spreadsheet.Decimal:
		return extensionCell{kind: decimalID}
	case spreadsheet.Other:
		return otherCell(s, notDigitsID, programID)
	}
	if v, ok := spreadsheet.ParseID(n.Text); ok {
		return extensionCell{value: v, repaired: n.Repairs.String()}
	}
	if n.Text[0] == '0' {
		return extensionCell{kind: zeroID}
	}
	return extensionCell{kind: largeID}
}

// MaxExtension is more digits than an extension's number has, and fewer than an id.
const MaxExtension = 10

// readExtension reads an extension's number, such as 101.
func readExtension(s string) extensionCell {
	n := spreadsheet.ReadNumber(s)
	switch n.Form {
	case spreadsheet.Empty:
		return extensionCell{kind: absent}
	case spreadsheet.Broken:
		return extensionCell{kind: brokenNumber}
	case spreadsheet.Scientific:
		return extensionCell{kind: scientificNumber}
	case spreadsheet.Decimal:
		return extensionCell{kind: decimalNumber}
	case spreadsheet.Other:
		return otherCell(s, notDigitsNumber, programNumber)
	}
	if len(n.Text) > MaxExtension {
		return extensionCell{kind: longNumber}
	}
	return extensionCell{text: n.Text, repaired: n.Repairs.String()}
}

// otherCell reads a cell with something else than a number: what a program has written in place of one, a word that says that there is
// none, or anything.
func otherCell(s string, anything, byProgram kind) extensionCell {
	if written := programValue(s); written != "" {
		return extensionCell{kind: byProgram, written: written}
	}
	if none, ok := readNoValue(s, classesOf(s)); ok && !none.other {
		return extensionCell{kind: absent, repaired: message.T("a word such as null, none or x, and a dash count as an empty cell")}
	}
	return extensionCell{kind: anything}
}
