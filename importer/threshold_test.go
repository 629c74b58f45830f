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

func TestThresholdAtMost(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"0", "20%"}: true, {"10", "20%"}: true, {"11", "20%"}: false, {"5%", "20%"}: true, {"20%", "20%"}: true, {"21%", "20%"}: false, {"100%", "20%"}: false,
		{"3", "4"}: true, {"4", "3"}: false, {"0%", "100"}: false,
	} {
		var a, b Threshold
		if a.UnmarshalText([]byte(pair[0])) != nil || b.UnmarshalText([]byte(pair[1])) != nil || a.AtMost(b) != want {
			t.Errorf("%s is at most %s: %v", pair[0], pair[1], !want)
		}
	}
}
