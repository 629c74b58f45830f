package ledger

import "strings"

// A spreadsheet takes a cell that begins with one of these for a formula.
const formulaStarts = "=+-@\t"

// separators are what a spreadsheet may take for the end of a cell, whatever this file is separated by: where ; separates,
// it also divides what stands in quotes here.
const separators = ";|\t\n"

// escapeFormula puts an apostrophe before a cell, and before a part of one behind a separator, that a spreadsheet would take
// for a formula, and before what this escaping could be mistaken for, so that restoreFormula is its inverse for every text.
func escapeFormula(s string) string {
	if looksLikeFormula(s) {
		s = "'" + s
	}
	return behindSeparators(s, func(part string) string { return "'" + part })
}

func restoreFormula(s string) string {
	if strings.HasPrefix(s, "'") && looksLikeFormula(s) {
		s = s[1:]
	}
	return behindSeparators(s, func(part string) string { return strings.TrimPrefix(part, "'") })
}

func looksLikeFormula(s string) bool {
	if s == "" || s[0] != '\'' && strings.IndexByte(formulaStarts, s[0]) < 0 {
		return false
	}
	s = strings.TrimLeft(s, "'")
	return s != "" && strings.IndexByte(formulaStarts, s[0]) >= 0
}

// behindSeparators changes what stands behind each separator and would be a formula as a cell of its own. An apostrophe more or
// less there makes no difference to that.
func behindSeparators(s string, change func(rest string) string) string {
	at := strings.IndexAny(s, separators)
	if at < 0 {
		return s
	}
	var b strings.Builder
	for at >= 0 {
		b.WriteString(s[:at+1])
		if s = s[at+1:]; partIsFormula(s) {
			s = change(s)
		}
		at = strings.IndexAny(s, separators)
	}
	b.WriteString(s)
	return b.String()
}

// partIsFormula reports whether what begins behind a separator may be taken for a formula. Quotes belong to the writing there. A
// space keeps + and - from being one, as in our own sentences.
func partIsFormula(rest string) bool {
	rest = strings.TrimLeft(strings.TrimLeft(rest, "'"), `"`)
	if rest == "" {
		return false
	}
	spaced := strings.TrimLeft(rest, ` "`)
	return strings.IndexByte(formulaStarts, rest[0]) >= 0 || spaced != "" && (spaced[0] == '=' || spaced[0] == '@')
}

// AsText returns a cell that no spreadsheet takes for a formula, as a whole or in part.
func AsText(cell string) string { return escapeFormula(noReturns(cell)) }

// texts are the cells that hold what somebody else has written.
func (line *Line) texts() [5]*string {
	return [...]*string{&line.Name, &line.ExtensionNumber, &line.ErrorCode, &line.Error, &line.AccountID}
}

func escapeFormulas(l *Line) {
	for _, s := range l.texts() {
		*s = AsText(*s)
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
