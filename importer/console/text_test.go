package console

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestLineList(t *testing.T) {
	for _, c := range []struct {
		lines []int
		rows  int
		want  string
	}{
		{[]int{17}, 1, "line 17"},
		{[]int{17, 18}, 2, "lines 17 and 18"},
		{[]int{17, 18, 40}, 15, "lines 17, 18, 40 and 12 more"},
		{[]int{1, 2, 3, 4, 5, 6, 7}, 7, "lines 1, 2, 3, 4, 5 and 2 more"},
		{[]int{0, 0}, 2, "2 rows"},
		{nil, 1, "1 row"},
	} {
		if got := lineList(c.lines, c.rows); got != c.want {
			t.Errorf("lineList(%v, %d) = %q, want %q", c.lines, c.rows, got, c.want)
		}
	}
}

// A name takes the same room on the screen whether its letters are composed or not.
func TestPadAndCut(t *testing.T) {
	composed, decomposed := "Nguyễn Thị Ngọc Ánh", "Nguyê\u0303n Thi\u0323 Ngo\u0323c A\u0301nh"
	for _, name := range []string{composed, decomposed} {
		if got := displayed(pad(name, 24)); got != 24 {
			t.Errorf("pad(%q) takes %d columns", name, got)
		}
		if got := displayed(cut(name, 10)); got != 10 {
			t.Errorf("cut(%q) takes %d columns", name, got)
		}
	}
	if got := cut(composed, 19); got != composed {
		t.Errorf("cut what fits: %q", got)
	}
}

func TestHangKeepsWordsAndWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.StringMatching(`[a-zếạơ]{1,12}`)).Draw(t, "words")
		text := hang("  head: ", strings.Join(words, " "), 40)
		if got := strings.Fields(text)[1:]; !slices.Equal(got, words) {
			t.Fatalf("%q became %q", words, got)
		}
		for line := range strings.SplitSeq(text, "\n") {
			if displayed(line) > 40 {
				t.Fatalf("line of %d columns: %q", displayed(line), line)
			}
		}
	})
}

func TestOneLine(t *testing.T) {
	if got := oneLine("a\x1b[2J\r\nb\u202e\tc"); got != "a[2J b c" {
		t.Errorf("got %q", got)
	}
}

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0:00", 0: "0:00", time.Millisecond: "0:01", 25 * time.Second: "0:25", 723 * time.Second: "12:03", time.Hour: "1:00:00",
	} {
		if got := clock(d); got != want {
			t.Errorf("clock(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestNext(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"etelecom-import", "run", "-n", "a b.csv"}, "etelecom-import run 'a b.csv'"},
		{[]string{"./ei", "run", "-nq", "--dry-run=true", "--offline", "-o", "x", "nhân viên.csv"}, "./ei run -q -o x 'nhân viên.csv'"},
		{[]string{"/tmp/go-build123/b001/exe/etelecom-import", "run", "-"}, "go run . run - -o RESULT.csv"},
		{[]string{"ei", "run", "-", "-n", "-o", "x.csv"}, "ei run - -o x.csv"},
	} {
		if got := Next(c.args); got != c.want {
			t.Errorf("Next(%q) = %q, want %q", c.args, got, c.want)
		}
	}
}

// What is told to be pasted is what the shell reads.
func TestQuote(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no POSIX shell")
	}
	for _, word := range []string{"", "plain.csv", "a b", "it's", `$HOME "x" \`, "*?[a]", "nhân viên", "a\nb", "-n", "~", "!x", "#x"} {
		got, err := exec.Command(sh, "-c", "printf %s "+Quote(word)).Output()
		if word == "-n" {
			continue // printf's own flag
		}
		if err != nil || string(got) != word {
			t.Errorf("%q became %q (%v)", word, got, err)
		}
	}
}

func TestIsYes(t *testing.T) {
	for answer, want := range map[string]bool{"y\n": true, " YES \n": true, "có\n": true, "": false, "\n": false, "n\n": false, "yep\n": false} {
		if isYes(answer) != want {
			t.Errorf("isYes(%q) = %v", answer, !want)
		}
	}
}
