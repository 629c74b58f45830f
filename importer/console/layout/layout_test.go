package layout

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A name takes the same room on the screen whether its letters are composed or not.
func TestPadRightAndTruncate(t *testing.T) {
	composed, decomposed := "Nguyễn Thị Ngọc Ánh", "Nguyê\u0303n Thi\u0323 Ngo\u0323c A\u0301nh"
	for _, name := range []string{composed, decomposed} {
		if got := Width(PadRight(name, 24)); got != 24 {
			t.Errorf("PadRight(%q) takes %d columns", name, got)
		}
		if got := Width(Truncate(name, 10)); got != 10 {
			t.Errorf("Truncate(%q) takes %d columns", name, got)
		}
	}
	if got := Truncate(composed, 19); got != composed {
		t.Errorf("what fits was cut: %q", got)
	}
}

func TestWrapIndentedKeepsWordsAndWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[a-zếạơ]{1,12}`)).Draw(t, "words")
		text := WrapIndented("  head: ", strings.Join(words, " "), 40)
		if got := strings.Fields(text)[1:]; !slices.Equal(got, words) {
			t.Fatalf("%q became %q", words, got)
		}
		for line := range strings.SplitSeq(text, "\n") {
			if Width(line) > 40 {
				t.Fatalf("line of %d columns: %q", Width(line), line)
			}
		}
	})
}

func TestOneLine(t *testing.T) {
	if got := OneLine("a\x1b[2J\r\nb\u202e\tc"); got != "a[2J b c" {
		t.Errorf("got %q", got)
	}
}
