package importer

import (
	"strconv"
	"strings"

	"etelecom-import/apiclient/message"
)

// Threshold is a number of rows, or a percentage of the rows to act on. The zero value allows no row at all.
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

// of returns how many rows may be in trouble if so many are acted on.
func (t Threshold) of(rows int) int {
	if t.rows >= 0 {
		return t.rows
	}
	return max(minPercentRows, int(t.percent*float64(rows)/100))
}
