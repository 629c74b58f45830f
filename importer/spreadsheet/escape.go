package spreadsheet

import "strings"

// A spreadsheet takes a cell that begins with one of these for a formula.
const formulaStarts = "=+-@\t"

// cellEnds are what a spreadsheet may take for the end of a cell, although the file separates its cells by commas and has quotes
// around this one. A spreadsheet that splits at semicolons shows "a;=1" as two cells, and the second is a formula.
const cellEnds = ";|\t\n"

// EscapeFormulas puts an apostrophe before a cell that a spreadsheet would take for a formula: =1 becomes '=1. It puts one before
// each part that would be a formula if the spreadsheet split the cell there, too: "a;=1" becomes "a;'=1". A text that looks
// escaped already gets another apostrophe, so that [RestoreFormulas] is the inverse for every text.
func EscapeFormulas(cell string) string {
	if isFormula(cell) {
		cell = "'" + cell
	}
	return editParts(cell, func(part string) string { return "'" + part })
}

// RestoreFormulas undoes [EscapeFormulas].
func RestoreFormulas(cell string) string {
	if strings.HasPrefix(cell, "'") && isFormula(cell) {
		cell = cell[1:]
	}
	return editParts(cell, func(part string) string { return strings.TrimPrefix(part, "'") })
}

// DisplayText returns a cell that spreadsheets show as the text that it is, for a file that nobody reads back. A text that
// begins with an apostrophe gets a second one, since some spreadsheets drop the first.
func DisplayText(cell string) string {
	text := EscapeFormulas(strings.ReplaceAll(cell, "\r", " "))
	if strings.HasPrefix(cell, "'") && !strings.HasPrefix(text, "''") {
		return "'" + text
	}
	return text
}

// isFormula reports whether a cell is a formula once the apostrophes before it are gone.
func isFormula(cell string) bool {
	if cell == "" || cell[0] != '\'' && !startsFormula(cell) {
		return false
	}
	return startsFormula(strings.TrimLeft(cell, "'"))
}

func startsFormula(text string) bool {
	return text != "" && strings.IndexByte(formulaStarts, text[0]) >= 0
}

// editParts applies edit to what follows each of cellEnds and would be a formula as a cell of its own. The edit adds or drops
// an apostrophe, which changes nothing about whether the text is a formula.
func editParts(cell string, edit func(rest string) string) string {
	end := strings.IndexAny(cell, cellEnds)
	if end < 0 {
		return cell
	}
	var b strings.Builder
	for end >= 0 {
		b.WriteString(cell[:end+1])
		if cell = cell[end+1:]; isFormulaPart(cell) {
			cell = edit(cell)
		}
		end = strings.IndexAny(cell, cellEnds)
	}
	b.WriteString(cell)
	return b.String()
}

// isFormulaPart reports whether a spreadsheet that splits the cell here would take the rest for a formula.
func isFormulaPart(rest string) bool {
	// Where the cell is split, quotes are no longer around it: they are dropped with the apostrophes.
	rest = strings.TrimLeft(strings.TrimLeft(rest, "'"), `"`)
	if startsFormula(rest) {
		return true
	}
	// Some spreadsheets skip spaces. After a space, + and - are part of a sentence, as in our own messages.
	spaced := strings.TrimLeft(rest, ` "`)
	return strings.HasPrefix(spaced, "=") || strings.HasPrefix(spaced, "@")
}
