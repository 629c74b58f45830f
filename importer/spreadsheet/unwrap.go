package spreadsheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
)

// Repairs is a set of things that were undone in a cell. Zero means that there was nothing to undo.
type Repairs uint8

// The things that are undone.
const (
	DroppedInvisible Repairs = 1 << iota
	ReadFullWidth
	DroppedApostrophe
	DroppedFormula
)

// repairTexts has a text for each of the things, in their order.
var repairTexts = [...]message.Text{
	"invisible characters were removed",
	"full-width digits were read as digits",
	"the apostrophe at the front was removed",
	`the ="..." around it was removed`,
}

// String lists the repairs in words, separated by commas. It is "" if there are none.
func (r Repairs) String() string {
	if r == 0 {
		return "" // nearly every cell
	}
	var list []string
	for i, text := range repairTexts {
		if r&(1<<i) != 0 {
			list = append(list, text.String())
		}
	}
	return strings.Join(list, ", ")
}

// Unwrap returns the number in a cell without what spreadsheets, people and copying put around and into it, and says what was
// undone. Spaces around the number are dropped, and nothing is said about them. Line breaks stay, since they may separate two
// values. The ids and extension numbers of the employee file come through here by [ReadNumber], those of the result by
// importer/ledger/cells.go.
func Unwrap(cell string) (text string, undone Repairs) {
	text = strings.TrimFunc(cell, isBlank)
	if text == "" || IsDigits(text) {
		return text, 0 // nearly every cell
	}
	wide := !isASCII(text) // else nothing in it is invisible or full-width
	if wide {
		if plain := strings.Map(dropInvisible, text); plain != text {
			text, undone = strings.TrimFunc(plain, isBlank), DroppedInvisible
		}
	}
	// The apostrophe may be inside the quotes. Before the equals sign it belongs to a text that only looks like a formula.
	if inner, ok := Unquote(text); ok {
		text, undone = strings.TrimFunc(inner, isBlank), undone|DroppedFormula
	}
	if inner := strings.TrimLeftFunc(text, IsApostrophe); inner != text {
		text, undone = strings.TrimFunc(inner, isBlank), undone|DroppedApostrophe
	}
	if wide {
		if narrow := strings.Map(narrow, text); narrow != text {
			text, undone = narrow, undone|ReadFullWidth
		}
	}
	return text, undone
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Unquote takes ="..." off a cell, and the spaces around it. People and programs write ="..." so that no spreadsheet takes a text
// for a number. If the cell has no ="...", ok is false, and the cell is returned as it is.
func Unquote(cell string) (inner string, ok bool) {
	text := strings.TrimSpace(cell)
	if len(text) >= len(`=""`) && strings.HasPrefix(text, `="`) && text[len(text)-1] == '"' {
		return text[2 : len(text)-1], true
	}
	return cell, false
}

// IsApostrophe reports whether r keeps a spreadsheet from taking a text for a number. Editors turn the straight apostrophe
// into a typographic one.
func IsApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '‘' || r == '`' }

// IsInvisible reports whether r is a format character. Zero-width spaces, joiners and direction marks come along when text is
// copied.
func IsInvisible(r rune) bool { return r >= '\u00AD' && unicode.Is(unicode.Cf, r) }

// IsLineBreak reports whether a program shows r as a line break.
func IsLineBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// IsFullWidth reports whether r is a digit as East Asian input methods write it. It is r-'０' then.
func IsFullWidth(r rune) bool { return '０' <= r && r <= '９' }

// isBlank reports whether r is a space that does not break the line.
func isBlank(r rune) bool { return unicode.IsSpace(r) && !IsLineBreak(r) }

func dropInvisible(r rune) rune {
	if IsInvisible(r) {
		return -1
	}
	return r
}

func narrow(r rune) rune {
	if IsFullWidth(r) {
		return r - '０' + '0'
	}
	return r
}
