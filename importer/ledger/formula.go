package ledger

import "strings"

// A spreadsheet takes a cell that begins with one of these for a formula.
const formulaStarts = "=+-@\t\r"

// escapeFormula puts an apostrophe before a cell that a spreadsheet would take for a formula, and before one that this
// escaping could be mistaken for, so that restoreFormula is its inverse for every text.
func escapeFormula(s string) string {
	if looksLikeFormula(s) {
		return "'" + s
	}
	return s
}

func restoreFormula(s string) string {
	if strings.HasPrefix(s, "'") && looksLikeFormula(s) {
		return s[1:]
	}
	return s
}

func looksLikeFormula(s string) bool {
	if s == "" || s[0] != '\'' && strings.IndexByte(formulaStarts, s[0]) < 0 {
		return false
	}
	s = strings.TrimLeft(s, "'")
	return s != "" && strings.IndexByte(formulaStarts, s[0]) >= 0
}

func escapeFormulas(l *Line) {
	l.Name, l.ExtensionNumber = escapeFormula(l.Name), escapeFormula(l.ExtensionNumber)
	l.ErrorCode, l.Error, l.AccountID = escapeFormula(l.ErrorCode), escapeFormula(l.Error), escapeFormula(l.AccountID)
}

func restoreFormulas(l *Line) {
	l.Name, l.ExtensionNumber = restoreFormula(l.Name), restoreFormula(l.ExtensionNumber)
	l.ErrorCode, l.Error, l.AccountID = restoreFormula(l.ErrorCode), restoreFormula(l.Error), restoreFormula(l.AccountID)
}
