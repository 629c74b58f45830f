package vietnamese

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestInspectTyped(t *testing.T) {
	for _, c := range []struct {
		name      string
		certainty Certainty
		mended    string
	}{
		{"Nguyeenx Vawn An", Doubtful, "Nguyễn Văn An"},
		{"Traanf Thij Lan", Doubtful, "Trần Thị Lan"},
		{"Lee Huwux DDajt", Doubtful, "Lê Hữu Đạt"},
		{"Phamj Thij Hoa", Doubtful, "Phạm Thị Hoa"},
		{"NGUYEENX VAWN AN", Doubtful, "NGUYỄN VĂN AN"},
		{"Nguyênx", 0, ""},
		{"Nguyeenx", Suspect, "Nguyễn"},
		{"Dduwcs", Suspect, "Đức"},
		{"Phuowng Dduwcs", Doubtful, "Phương Đức"},
		{"Nguye6n4 Va8n An", Doubtful, "Nguyễn Văn An"},
		{"Tra6n2 Thi5 Lan", Doubtful, "Trần Thị Lan"},
		{"Le6 Hu7u4 D9a5t", Doubtful, "Lê Hữu Đạt"},
		{"Lee Moon", Possible, "Lê Môn"},
		{"Max Lee", Possible, "Mã Lê"},
		{"Kho1", Possible, "Khó"},
		{"Khu2A Ban1A", 0, ""},
		{"TRA6N2 THI5 LAN", Doubtful, "TRẦN THỊ LAN"},
		{"Sale1", 0, ""},
		{"Ross", 0, ""},
		{"Anna Smith", 0, ""},
		{"William", 0, ""},
		{"Nguyen Van An", 0, ""},
		{"", 0, ""},
	} {
		f := InspectTyped(c.name)
		if f.Certainty != c.certainty || f.Mended != c.mended {
			t.Errorf("%q: %+v", c.name, f)
		}
	}
}

// TestTypedCorpus: no name that is right is told, and of those that are typed nearly all are.
func TestTypedCorpus(t *testing.T) {
	possible, all := 0, 0
	for _, name := range corpus(t) {
		f := InspectTyped(name)
		all++
		switch {
		case f.Certainty >= Remark:
			t.Errorf("%q: %+v", name, f)
		case f.Certainty > 0:
			possible++
		}
	}
	t.Logf("%d of %d names are words in Telex or VNI", possible, all)
	for _, way := range []func(string) string{asTelex, asVNIKeys} {
		found, mended, typed := 0, 0, 0
		var missed []string
		for _, name := range plainPeople(t) {
			keys := way(name)
			if keys == name {
				continue
			}
			typed++
			f := InspectTyped(keys)
			if f.Certainty >= Suspect {
				found++
			} else {
				missed = append(missed, keys)
			}
			if strings.EqualFold(f.Mended, name) {
				mended++
			}
		}
		t.Logf("%d names: %d told, %d mended; not %q", typed, found, mended, missed[:min(len(missed), 20)])
		if found*100 < typed*90 || mended*100 < typed*80 {
			t.Error("too few")
		}
	}
}

// asTelex writes a name as the keys of Telex, the tone at the end of the word.
func asTelex(name string) string {
	return asKeys(name, "sfrxj", map[rune]string{'\u0302': "", '\u0306': "w", '\u031b': "w"}, "dd")
}

// asVNIKeys writes a name as the keys of VNI.
func asVNIKeys(name string) string {
	return asKeys(name, "12345", map[rune]string{'\u0302': "6", '\u0306': "8", '\u031b': "7"}, "d9")
}

func asKeys(name, tones string, shapes map[rune]string, crossed string) string {
	words := strings.Fields(name)
	for i, word := range words {
		var b strings.Builder
		end := ""
		before := rune(0)
		for _, r := range norm.NFD.String(word) {
			at := strings.IndexRune("\u0301\u0300\u0309\u0303\u0323", r) // two bytes each
			shape, isShape := shapes[r]
			switch {
			case at >= 0:
				end = tones[at/2 : at/2+1]
			case isShape && shape == "":
				b.WriteRune(before)
			case isShape:
				b.WriteString(shape)
			case r == 'đ':
				b.WriteString(crossed)
			case r == 'Đ':
				b.WriteString(strings.ToUpper(crossed))
			default:
				b.WriteRune(r)
				before = r
			}
		}
		words[i] = b.String() + end
	}
	return strings.Join(words, " ")
}

func FuzzInspectTyped(f *testing.F) {
	f.Add("Nguyeenx Va8n DDajt")
	f.Add("wWw9d d9 ddd oow67")
	f.Fuzz(func(t *testing.T, name string) {
		found := InspectTyped(name)
		isOdd := found.Mended == name || norm.NFC.IsNormalString(name) && !norm.NFC.IsNormalString(found.Mended)
		if found.Certainty > 0 && isOdd {
			t.Errorf("%q: %+v", name, found)
		}
	})
}
