package ledger

import "strings"

// A spreadsheet takes a cell that begins with one of these for a formula.
const formulaStarts = "=+-@\t"

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

// texts are the cells that hold what somebody else has written.
func (line *Line) texts() [5]*string {
	return [...]*string{&line.Name, &line.ExtensionNumber, &line.ErrorCode, &line.Error, &line.AccountID}
}

func escapeFormulas(l *Line) {
	for _, s := range l.texts() {
		*s = escapeFormula(noReturns(*s))
	}
}

func restoreFormulas(l *Line) {
	for _, s := range l.texts() {
		*s = restoreFormula(noReturns(*s))
	}
}

// noReturns replaces carriage returns: a CSV reader drops some of them, and nobody means any.
func noReturns(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\r", " ")
}
