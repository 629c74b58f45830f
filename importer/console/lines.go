package console

import (
	"fmt"
	"strconv"
	"strings"
)

const fewLines = 5

// lineList names the first lines of several rows: "lines 17, 18, 40 and 12 more". Rows without a line are counted alone.
func lineList(lines []int, rows int) string {
	var named []string
	for _, n := range lines {
		if n > 0 && len(named) < fewLines {
			named = append(named, strconv.Itoa(n))
		}
	}
	more := rows - len(named)
	switch {
	case len(named) == 0:
		return count(rows, "row")
	case rows == 1:
		return "line " + named[0]
	case more == 0:
		last := len(named) - 1
		return "lines " + strings.Join(named[:last], ", ") + " and " + named[last]
	}
	return fmt.Sprintf("lines %s and %d more", strings.Join(named, ", "), more)
}

// count returns "1 row" or "2 rows".
func count[N int | int64](n N, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
