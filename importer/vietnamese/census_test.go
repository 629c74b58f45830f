package vietnamese

import (
	"slices"
	"testing"
)

// TestCensus: a file decides about its names together.
func TestCensus(t *testing.T) {
	right := []string{"Nguyễn Văn An", "Lê Hoa", "Trần Tú", "Loïc", "Noâm", "Sale_01", "Bảo vệ?", "Đỗ Mai", "An", "Kho #2"}
	for _, c := range []struct {
		about   string
		names   []string
		refused []string
	}{
		{"names that are right", right, nil},
		{"a lone one", append([]string{"NguyÔn ThÞ H»ng"}, right...), nil},
		{"a lone one, alone", []string{"NguyÔn ThÞ H»ng"}, nil},
		{"two of many", append([]string{"NguyÔn ThÞ H»ng", "Ph¹m ThÞ Mü H¹nh"}, slices.Repeat(right, 3)...), nil},
		{"two of few", []string{"NguyÔn ThÞ H»ng", "Ph¹m ThÞ Mü H¹nh", "An"}, []string{"NguyÔn ThÞ H»ng", "Ph¹m ThÞ Mü H¹nh"}},
		{
			"three, and those that are less sure",
			append([]string{"NguyÔn ThÞ H»ng", "Ph¹m ThÞ Mü H¹nh", "Lª §øc Th¾ng", "TrÇn V¨n Dòng", "Bïi An"}, "Lê Hoa", "Sale_01", "Bảo vệ?"),
			[]string{"NguyÔn ThÞ H»ng", "Ph¹m ThÞ Mü H¹nh", "Lª §øc Th¾ng", "TrÇn V¨n Dòng", "Bïi An"},
		},
		{
			"another fault does not count",
			[]string{"NguyÔn ThÞ H»ng", "Nguy_n Th_ Ánh", "Nguye^~n Thi. Ha(`ng", "Trn Th Hng", "Hoa? Lan"},
			[]string{"Nguy_n Th_ Ánh", "Trn Th Hng", "Hoa? Lan"},
		},
		{
			"most are suspect",
			[]string{"NguyêÞn Thiò Lan", "TrâÌn Văn An", "Lê Thiò HôÌng", "Mai"},
			[]string{"NguyêÞn Thiò Lan", "TrâÌn Văn An", "Lê Thiò HôÌng"},
		},
		{"few are suspect", []string{"TrâÌn Văn An", "Lê ThâÌn Hoa", "PhâÌn Lan", "Mai", "An", "Tú", "Hà"}, nil},
		{"signs in most", []string{"Kho hàng ?", "Hoa? Lan", "Th_ Lan", "Kho ?"}, nil},
		{"certain ones", []string{"Nguy?n An", "R&amp;D", "Lan"}, []string{"Nguy?n An", "R&amp;D"}},
	} {
		var census Census
		for _, name := range c.names {
			census.Add(Inspect(name))
		}
		var refused []string
		for _, name := range c.names {
			if census.Refuses(Inspect(name)) {
				refused = append(refused, name)
			}
		}
		if !slices.Equal(refused, c.refused) {
			t.Errorf("%s: %q are refused", c.about, refused)
		}
	}
}

// TestCensusKnowsTheEncoding: what a name was in another old encoding is forgotten for what most names of the file were.
func TestCensusKnowsTheEncoding(t *testing.T) {
	names := []string{"NguyÔn ThÞ H»ng", "Ph¹m ThÞ Mü H¹nh", "Lª §øc Th¾ng"}
	var census Census
	for _, name := range names {
		census.Add(Inspect(name))
	}
	if got := census.Likely("Nguyeãn Thò Haèng", Finding{VNI, Suspect, "Nguyễn Thị Hằng"}); got.Damage != VNI {
		t.Errorf("VNI is TCVN3: %+v", got) // it has no such letters
	}
	if got := census.Likely("H»ng", Finding{VISCII, Suspect, "Hừng"}); got != (Finding{TCVN3, Suspect, "Hằng"}) {
		t.Errorf("%+v", got)
	}
	if got := census.Likely("Nguy?n", Finding{Lost, Certain, ""}); got != (Finding{Lost, Certain, ""}) {
		t.Errorf("%+v", got)
	}
}

// TestCensusOfRightNames: a file with three names in TCVN3 refuses those, and hardly another.
func TestCensusOfRightNames(t *testing.T) {
	names := corpus(t)
	var census Census
	for _, name := range append([]string{"NguyÔn ThÞ H»ng", "Ph¹m ThÞ Mü H¹nh", "Lª §øc Th¾ng"}, names...) {
		census.Add(Inspect(name))
	}
	refused := 0
	for _, name := range names {
		if census.Refuses(Inspect(name)) {
			refused++
		}
	}
	t.Logf("%d of %d names that are right are refused with others", refused, len(names))
	if refused*200 > len(names) {
		t.Error("that is too many")
	}
}
