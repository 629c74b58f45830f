package console

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// pad fills text up to a width on the screen. A Vietnamese letter may be several runes, and takes one column.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-displayed(text)))
}

// cut shortens text to a width on the screen.
func cut(text string, width int) string {
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

// visible keeps what is seen of a text: no control characters, no invisible formatting.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// hang sets text behind a head, in lines of at most the given columns; those after the first stand below the text.
func hang(head, text string, columns int) string {
	return head + wrap(text, columns, strings.Repeat(" ", displayed(head)), displayed(head))
}

// wrap breaks text at spaces into lines of at most the given columns. Of the first, some columns are used; the others
// are indented.
func wrap(text string, columns int, indent string, used int) string {
	var b strings.Builder
	for i, word := range strings.Fields(text) {
		w := displayed(word)
		switch {
		case i == 0:
		case used+1+w > columns:
			b.WriteString("\n" + indent)
			used = displayed(indent)
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += w
	}
	return b.String()
}

var colours = regexp.MustCompile("\x1b\\[[0-9]*m")

// displayed returns how many columns a text takes on the screen.
func displayed(text string) int { return uniseg.StringWidth(colours.ReplaceAllString(text, "")) }
