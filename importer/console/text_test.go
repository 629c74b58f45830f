package console

import (
	"os/exec"
	"testing"
	"time"
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

func TestClock(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0:00", 0: "0:00", time.Millisecond: "0:01", 25 * time.Second: "0:25", 723 * time.Second: "12:03", time.Hour: "1:00:00",
	} {
		if got := clock(d); got != want {
			t.Errorf("clock(%v) = %q, want %q", d, got, want)
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
