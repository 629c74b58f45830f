package ledger

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"etelecom-import/importer/spreadsheet"
)

// parseID reads an id of the result CSV; 0 if the cell is empty. damaged says that a spreadsheet has rounded the id, or may
// have: its end cannot be trusted. ok is false for a text that never was an id.
func parseID(cell string) (id int64, damaged, ok bool) {
	text := plainNumber(cell)
	if text == "" {
		return 0, false, true
	}
	if _, ok := spreadsheet.ParseRounded(text); !ok {
		return 0, false, false
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if _, zeros := spreadsheet.TrailingZeros(id); err != nil || zeros {
		return 0, true, true
	}
	return id, false, true
}

// plainNumber returns a number of the result CSV without what spreadsheets and people put around it.
func plainNumber(cell string) string {
	text, _ := spreadsheet.Unwrap(strings.TrimSpace(cell))
	return text
}

// plainDigits is plainNumber for cells that need not be numbers: any other text stays as it is.
func plainDigits(cell string) string {
	if text := plainNumber(cell); spreadsheet.IsDigits(text) {
		return text
	}
	return cell
}

// longestTime is how many characters of a time are kept that a spreadsheet has rewritten: no way to write a time has more.
const longestTime = 40

// parseCreated reads the time at which a user was created. If the cell holds anything, the user was created by this job, whatever a
// spreadsheet has made of the time: text is then what is left of it.
func parseCreated(cell string) (at int64, text string) {
	text = strings.Join(strings.Fields(cell), " ")
	// The second is how a spreadsheet writes the first, the third how it does so in a column of text.
	for _, layout := range [...]string{time.RFC3339, time.DateTime, "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil && t.Unix() > 0 {
			return t.Unix(), ""
		}
	}
	if utf8.RuneCountInString(text) > longestTime {
		text = string([]rune(text)[:longestTime])
	}
	return 0, text
}

// agrees reports whether a spreadsheet could have made damaged out of id.
func agrees(damaged string, id int64) bool {
	left, ok := spreadsheet.ParseRounded(damaged)
	return ok && left.Of(id)
}

// sameAccount reports whether the account id of a file is that of account: a spreadsheet changes it as it does the others.
func sameAccount(inFile, account string) bool {
	text := plainNumber(inFile)
	if inFile == account || text == account {
		return true
	}
	_, damaged, _ := parseID(text)
	id, err := strconv.ParseInt(account, 10, 64)
	return damaged && err == nil && agrees(text, id)
}
