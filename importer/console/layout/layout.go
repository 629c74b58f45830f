// Package layout sets text in the columns of a terminal. A column is what one Latin letter takes: a Vietnamese letter may be several
// runes and takes one column, and a color takes none.
package layout

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// Width returns how many columns a text takes.
func Width(text string) int { return uniseg.StringWidth(colors.ReplaceAllString(text, "")) }

var colors = regexp.MustCompile("\x1b\\[[0-9]*m")

// PadRight adds spaces up to a width in columns. A text that is wider stays as it is.
func PadRight(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-Width(text)))
}

// Truncate shortens a text without colors to a width in columns, and ends it with … if anything is missing.
func Truncate(text string, width int) string {
	if uniseg.StringWidth(text) <= width {
		return text
	}
	var b strings.Builder
	used, state := 0, -1
	for text != "" {
		var cluster string
		var w int
		cluster, text, w, state = uniseg.FirstGraphemeClusterInString(text, state)
		if used += w; used > width-1 {
			break
		}
		b.WriteString(cluster)
	}
	return b.String() + "…"
}

// WrapIndented puts text behind a head, in lines of at most the given columns. The lines after the first are indented to begin
// below the text.
func WrapIndented(head, text string, columns int) string {
	indent := strings.Repeat(" ", Width(head))
	var b strings.Builder
	b.WriteString(head)
	used := len(indent)
	for i, word := range strings.Fields(text) {
		w := Width(word)
		switch {
		case i == 0:
		case used+1+w > columns:
			b.WriteString("\n" + indent)
			used = len(indent)
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += w
	}
	return b.String()
}

// OneLine makes a text from elsewhere safe to print: it can neither move the cursor nor begin a line of its own.
func OneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(Printable, text)), " ")
}

// Printable is for [strings.Map]: it turns every space into " ", and drops control characters and invisible formatting.
func Printable(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}
