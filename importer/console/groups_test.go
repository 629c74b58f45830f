package console

import "testing"

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
