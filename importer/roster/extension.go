package roster

import "etelecom-import/importer/spreadsheet"

// cell is the reading of a cell with an extension.
type cell struct {
	kind     kind   // what is wrong; absent if the cell is empty
	value    int64  // of an id
	text     string // of a number
	repaired string
}

// readID reads an extension's id: digits, more than 0, at most an int64.
func readID(s string) cell {
	if v, ok := spreadsheet.ParseID(s); ok {
		return cell{value: v} // nearly every cell
	}
	n := spreadsheet.ReadNumber(s)
	switch n.Form {
	case spreadsheet.Empty:
		return cell{kind: absent}
	case spreadsheet.Broken:
		return cell{kind: brokenID}
	case spreadsheet.Scientific:
		return cell{kind: scientificID}
	case spreadsheet.Decimal:
		return cell{kind: decimalID}
	case spreadsheet.Other:
		return cell{kind: notDigitsID}
	}
	if v, ok := spreadsheet.ParseID(n.Text); ok {
		return cell{value: v, repaired: n.Repairs.String()}
	}
	if n.Text[0] == '0' {
		return cell{kind: zeroID}
	}
	return cell{kind: largeID}
}

// maxExtension is more digits than an extension's number has, and fewer than an id.
const maxExtension = 10

// readExtension reads an extension's number, such as 101.
func readExtension(s string) cell {
	n := spreadsheet.ReadNumber(s)
	switch {
	case n.Form == spreadsheet.Empty:
		return cell{kind: absent}
	case n.Form == spreadsheet.Broken:
		return cell{kind: brokenNumber}
	case n.Form == spreadsheet.Scientific:
		return cell{kind: scientificNumber}
	case n.Form == spreadsheet.Decimal:
		return cell{kind: decimalNumber}
	case n.Form == spreadsheet.Other:
		return cell{kind: notDigitsNumber}
	case len(n.Text) > maxExtension:
		return cell{kind: longNumber}
	}
	return cell{text: n.Text, repaired: n.Repairs.String()}
}
