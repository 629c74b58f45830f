package importer

import (
	"strconv"
	"strings"

	"etelecom-import/apiclient/message"
)

// Threshold is a number of rows, or a percentage, as --max-errors, --max-replaced and --max-gone give it. The zero value allows no row at all.
//
// Which rows a percentage is of, and whether there are too many, is decided where the rows are counted: in tally.limit and
// tally.exceeded for --max-errors, in replaced.limit and replaced.exceeded for --max-replaced, in checkGone for --max-gone.
type Threshold struct {
	rows    int
	percent float64
}

// minPercentRows is how many rows a percentage allows at least: of few rows, a handful of failures is no trend.
const minPercentRows = 10

// UnmarshalText reads "50" or "20%".
func (t *Threshold) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	if p, ok := strings.CutSuffix(s, "%"); ok {
		percent, err := strconv.ParseFloat(p, 64)
		if err != nil || !(percent >= 0 && percent <= 100) {
			return message.Errorf("%q is not a percentage from 0%% to 100%%", s)
		}
		*t = Threshold{percent: percent, rows: -1}
		return nil
	}
	rows, err := strconv.Atoi(s)
	if err != nil || rows < 0 {
		return message.Errorf("%q is neither a number of rows nor a percentage", s)
	}
	*t = Threshold{rows: rows}
	return nil
}

// of returns how many of so many rows the threshold allows.
func (t Threshold) of(rows int) int {
	if t.rows >= 0 {
		return t.rows
	}
	return max(minPercentRows, int(t.percent*float64(rows)/100))
}

// All reports whether the threshold allows all rows, however many there are.
func (t Threshold) All() bool { return t.rows < 0 && t.percent >= 100 }

// AtMost reports whether the threshold allows no more than another one, however many rows there are.
func (t Threshold) AtMost(other Threshold) bool {
	switch {
	case t.rows < 0 && other.rows < 0:
		return t.percent <= other.percent
	case other.rows < 0:
		return t.rows <= minPercentRows
	case t.rows < 0:
		return false
	}
	return t.rows <= other.rows
}
