package ledger

import (
	"strings"

	"etelecom-import/importer/spreadsheet"
)

func escapeFormulas(l *Line) {
	for _, s := range l.texts() {
		*s = spreadsheet.EscapeFormulas(noReturns(*s))
	}
}

func restoreFormulas(l *Line) {
	for _, s := range l.texts() {
		*s = spreadsheet.RestoreFormulas(noReturns(*s))
	}
}

// noReturns replaces carriage returns by spaces: a CSV reader drops some of them, so they would not come back.
func noReturns(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\r", " ")
}
