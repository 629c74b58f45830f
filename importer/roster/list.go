package roster

import (
	"slices"
	"strings"

	"etelecom-import/importer/spreadsheet"
)

// listTitles are the columns of the list of a tenant's users, which is read as an employee file. The others have what only a list says.
var listTitles = []string{fieldName, fieldPhone, fieldPassword, fieldExtension, fieldID, "user_id", "state", "expires", "other_extensions"}

// ListTitles returns the titles of the columns of a list of users, in their order.
func ListTitles() []string { return slices.Clone(listTitles) }

// isList reports whether the cells of a header are those of a list of users, also with columns that people have added.
func isList(cells []string) bool {
	isThere := func(title string) bool {
		return slices.ContainsFunc(cells, func(cell string) bool { return strings.ToLower(strings.TrimSpace(cell)) == title })
	}
	return !slices.ContainsFunc(listTitles, func(title string) bool { return !isThere(title) })
}

// restoreListed undoes what is special about a row of a list: an apostrophe that keeps a name in a CSV from being a formula, and an id
// that a spreadsheet has rounded. The number beside the id is of the same extension, and no spreadsheet changes it. isText reports whether the
// name only looks like a formula, and rounded whether the id was dropped.
func restoreListed(rec *record, kinds *sheetKinds, isCSV bool) (isText, rounded bool) {
	if isCSV { // in a workbook the cells are texts
		rec.Name = spreadsheet.RestoreFormulas(rec.Name)
	}
	isText = rec.Name != "" && spreadsheet.StartsFormula(rec.Name)
	if rec.ExtensionID == "" || readExtension(rec.ExtensionNumber).kind != 0 {
		return isText, false
	}
	id := readID(rec.ExtensionID)
	_, zeros := spreadsheet.TrailingZeros(id.value)
	if isDamaged := id.kind == scientificID || id.kind == decimalID; isDamaged || zeros || kinds.problem(ofID) != 0 {
		rec.ExtensionID, kinds.kinds[ofID] = "", 0
		return isText, true
	}
	return isText, false
}
