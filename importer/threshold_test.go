package importer

import "testing"

func TestThreshold(t *testing.T) {
	for text, want := range map[string]struct{ of30, of1000 int }{
		"0":     {0, 0},
		"50":    {50, 50},
		" 7 ":   {7, 7},
		"20%":   {10, 200}, // of few rows, a handful of failures is no trend
		"0%":    {10, 10},
		"100%":  {30, 1000},
		"50%":   {15, 500},
		"0.5%":  {10, 10},
		"33.3%": {10, 333},
	} {
		var got Threshold
		if err := got.UnmarshalText([]byte(text)); err != nil || got.of(30) != want.of30 || got.of(1000) != want.of1000 {
			t.Errorf("%q: %v, %d of 30, %d of 1000; want %+v", text, err, got.of(30), got.of(1000), want)
		}
	}
	for _, text := range []string{"", "%", "-1", "-1%", "101%", "NaN%", "Inf%", "many", "1.5", "5 rows", "20%%"} {
		var got Threshold
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
	var zero Threshold
	if zero.of(1000) != 0 {
		t.Error("the zero value allows rows")
	}
}
