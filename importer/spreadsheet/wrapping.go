package spreadsheet

import "strings"

// Wrappings is a set of ways in which programs and people wrap the text of a cell, so that no spreadsheet takes it for a number.
type Wrappings uint8

// The wrappings. A cell such as '101' has two: the quotes, and the apostrophe at its front.
const (
	InFormula           Wrappings = 1 << iota // ="..."
	InSingleQuotes                            // '...'
	InDoubleQuotes                            // "...": a program has put the quotes of CSV twice
	InTypographicQuotes                       // “...”
	AfterApostrophe                           // '...
	AfterSpace                                // a space or a tab: a program has put it behind each delimiter
)

// Closed are the wrappings with something at the end, too. Hardly a name or a password has one by chance.
const Closed = InFormula | InSingleQuotes | InDoubleQuotes | InTypographicQuotes

// typographic are pairs of quotes.
var typographic = [...]struct{ open, close string }{
	{"“", "”"}, {"„", "“"}, {"„", "”"}, {"”", "”"}, {"«", "»"}, {"»", "«"}, {"‘", "’"}, {"’", "’"}, {"‚", "‘"}, {"`", "`"}, {"`", "´"}, {"´", "´"},
}

// mayWrap has the bytes that a wrapped cell begins with.
var mayWrap = [256]bool{'=': true, '\'': true, '"': true, '`': true, ' ': true, '\t': true, 0xE2: true, 0xC2: true}

// MayBeWrapped reports whether a cell begins like one that is wrapped.
func MayBeWrapped(cell string) bool { return cell != "" && mayWrap[cell[0]] }

// WrappingsOf returns the wrappings that a cell has whole.
func WrappingsOf(cell string) (w Wrappings) {
	if !MayBeWrapped(cell) {
		return 0
	}
	for _, each := range []Wrappings{InFormula, InSingleQuotes, InDoubleQuotes, InTypographicQuotes, AfterApostrophe, AfterSpace} {
		if _, ok := each.strip(cell); ok {
			w |= each
		}
	}
	return w
}

// Openings returns the wrappings that a cell begins with. It may end otherwise.
func Openings(cell string) (w Wrappings) {
	if !MayBeWrapped(cell) {
		return 0
	}
	switch {
	case strings.HasPrefix(cell, `="`):
		w = InFormula
	case cell[0] == '"':
		w = InDoubleQuotes
	case cell[0] == '\'':
		w = InSingleQuotes
	}
	for _, pair := range typographic {
		if strings.HasPrefix(cell, pair.open) {
			w |= InTypographicQuotes
		}
	}
	return w | WrappingsOf(cell)
}

// First returns one wrapping of the set: the one with most around the text.
func (w Wrappings) First() Wrappings { return w & -w }

// Strip returns what is in a cell that has the wrapping.
func (w Wrappings) Strip(cell string) string {
	inner, _ := w.strip(cell)
	return inner
}

// strip returns what is in a cell; false if the cell does not have the wrapping.
func (w Wrappings) strip(cell string) (inner string, ok bool) {
	switch w {
	case InFormula:
		if inner, ok := Unquote(cell); ok {
			return undouble(inner, `"`)
		}
	case InSingleQuotes:
		if isBetween(cell, "'", "'") {
			return undouble(cell[1:len(cell)-1], "'")
		}
	case InDoubleQuotes:
		if isBetween(cell, `"`, `"`) {
			return undouble(cell[1:len(cell)-1], `"`)
		}
	case InTypographicQuotes:
		for _, pair := range typographic {
			if isBetween(cell, pair.open, pair.close) {
				return cell[len(pair.open) : len(cell)-len(pair.close)], true
			}
		}
	case AfterApostrophe:
		inner := strings.TrimLeftFunc(cell, IsApostrophe)
		return inner, inner != cell
	case AfterSpace:
		inner := strings.TrimLeft(cell, " \t\u00A0")
		return inner, inner != cell && inner != ""
	}
	return cell, false
}

func isBetween(cell, open, end string) bool {
	return len(cell) >= len(open)+len(end) && strings.HasPrefix(cell, open) && strings.HasSuffix(cell, end)
}

// undouble makes one of two quotes in a quoted text; false if a quote is alone in it, so that the text ends there.
func undouble(text, quote string) (string, bool) {
	if !strings.Contains(text, quote) {
		return text, true
	}
	alone := strings.Contains(strings.ReplaceAll(text, quote+quote, ""), quote)
	return strings.ReplaceAll(text, quote+quote, quote), !alone
}

// IsEscaped reports whether a cell begins with an apostrophe that a program puts before formulas alone: '=1, '@a, '+84, '-1.
func IsEscaped(cell string) bool {
	return len(cell) > 1 && cell[0] == '\'' && startsFormula(cell[1:])
}

// StartsFormula reports whether a spreadsheet takes a cell for a formula. A program that escapes formulas leaves no such cell.
func StartsFormula(cell string) bool { return startsFormula(cell) }
