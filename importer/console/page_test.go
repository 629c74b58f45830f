package console

import (
	"bytes"
	"strings"
	"testing"

	"etelecom-import/importer/console/layout"
)

// Text fits a terminal of 40 columns, and no line is cut where the terminal ends.
func TestTextFitsANarrowTerminal(t *testing.T) {
	for _, columns := range []int{32, 40, 80, 200} {
		var out bytes.Buffer
		p := newPage(&out, "never", false, func() int { return columns })
		p.wrapped("  columns   ", strings.Repeat(`"Số điện thoại" is the phone, `, 9))
		for line := range strings.Lines(out.String()) {
			if w := layout.Width(strings.TrimSuffix(line, "\n")); w > columns {
				t.Errorf("%d columns: %d in %q", columns, w, line)
			}
		}
	}
}
