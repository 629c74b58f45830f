package vietnamese

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestLooksVietnamese(t *testing.T) {
	for text, want := range map[string]bool{
		"Nguyễn Thị Hằng":                         true,
		"Nguyễn Ánh, Sale 01; Anaïs Đỗ":           false, // one of four is foreign
		"Họ và tên;Số điện thoại;Mật khẩu;Đơn vị": true,
		"Nguyen Thi Hang":                         false,
		"":                                        false,
		"NguyÔn ThÞ H»ng":                         false,
		"NguyÔn Th̃ H»ng":                         false,
		"Nguyeăn Tḥ Haèng":                        false,
		"Nguyá»…n Thá»‹ Lan":                      false,
		"François Müller":                         false,
		"HUÂN huÊn":                               false,
	} {
		if got := LooksVietnamese(text); got != want {
			syllables, others := Words(text)
			t.Errorf("%q: %t (%d, %d)", text, got, syllables, others)
		}
	}
}

// TestGuess: files of some rows are recognized, and those are not that lost their letters, are of another language, or too small.
func TestGuess(t *testing.T) {
	people := plainPeople(t)
	for _, name := range []string{"tcvn3", "vni", "viscii", "vps", "windows-1258"} {
		right, wrong := 0, 0
		for i := 0; i+5 <= len(people); i += 5 {
			var raw []byte
			for _, person := range people[i : i+5] {
				raw = append(raw, encoded(t, name, smallCapitals(person))...)
				raw = append(raw, ",0901234567,Bien-xanh-310,1001\r\n"...)
			}
			switch got, ok := Guess(raw); {
			case ok && got == name:
				right++
			case ok:
				wrong++
			}
		}
		t.Logf("%s: %d right, %d wrong", name, right, wrong)
		if wrong > 0 || right < len(people)/5*97/100 {
			t.Errorf("%s: %d right, %d wrong of %d", name, right, wrong, len(people)/5)
		}
	}
	for _, text := range []string{"", "Lan,0901234567", "Andr\xe9 Fran\xe7ois Ren\xe9e", "J\xfcrgen M\xfcller, Bj\xf6rn", "Nguy?n Th? \xc1nh"} {
		if got, ok := Guess([]byte(text)); ok && text != "Nguy?n Th? \xc1nh" {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func encoded(t *testing.T, name, text string) []byte {
	t.Helper()
	if name == "windows-1258" {
		raw, ok := bytesIn1258(text)
		if !ok {
			t.Fatal(text)
		}
		return raw
	}
	e, _ := Encoding(name)
	raw, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(text, err)
	}
	return raw
}

func TestClean(t *testing.T) {
	for name, want := range map[string]string{
		"Nguyễn Thị Lan":              "Nguyễn Thị Lan",
		"":                            "",
		" Nguyễn Thị Lan ":            "Nguyễn Thị Lan",
		"\u00a0Trần Văn\u00a0Minh\t":  "Trần Văn Minh",
		"Phạm\tVăn Tú":                "Phạm Văn Tú",
		"Lê\r\nLan":                   "Lê  Lan",
		"\u200bĐỗ Mai":                "Đỗ Mai",
		"\ufeffHồ Nam\u2060":          "Hồ Nam",
		"Vũ\u00adHà":                  "VũHà",
		"Lê  Thị   Hoa":               "Lê  Thị   Hoa",
		norm.NFD.String("Nguyễn Thị"): "Nguyễn Thị",
		"Nguyê\u200b\u0303n":          "Nguyễn",
		"Lan\u200d":                   "Lan",
		"نیلو\u200cفر":                "نیلو\u200cفر",
		"👩\u200d💻 Lan":                "👩\u200d💻 Lan",
		"山田\u3000太郎":                  "山田\u3000太郎",
		"\u3000山田":                    "山田",
		" \u200b\u00a0":               "",
		"Lan\x00":                     "Lan\x00",
		"Lan\xff ":                    "Lan\xff",
	} {
		got, changed := Clean(name)
		if got != want || changed != (got != name) {
			t.Errorf("%q becomes %q, %t", name, got, changed)
		}
	}
}

func TestFixEth(t *testing.T) {
	for name, want := range map[string]string{
		"Ðặng Thị Lan":      "Đặng Thị Lan",
		"Ɖoàn Văn Minh":     "Đoàn Văn Minh",
		"ðặng ɖình":         "đặng đình",
		"ÐOÀN ÐỨC":          "ĐOÀN ĐỨC",
		"Ðat Ðuc Ðinh":      "Đat Đuc Đinh", // without tones
		"Nguyễn Ð. Lan":     "Nguyễn Đ. Lan",
		"(Ðỗ)":              "(Đỗ)",
		"Guðrún Davíð":      "Guðrún Davíð",
		"Ðorðe":             "Ðorðe",
		"Þórður Sigurðsson": "Þórður Sigurðsson",
		"J. Ð. Smith":       "J. Ð. Smith",
		"Đặng":              "Đặng",
		"Sigríður Ðặng":     "Sigríður Đặng",
		"\xc3":              "\xc3",
	} {
		if got, changed := FixEth(name); got != want || changed != (got != name) {
			t.Errorf("%q becomes %q, %t", name, got, changed)
		}
	}
}

func FuzzInspect(f *testing.F) {
	for _, name := range []string{
		"Nguyễn Thị Lan", "Nguyá»…n Thá»‹ Lan", "NguyÃ¡Â»â€¦n", "Nguy?n Th_ ¿ ***", "Nguy&#7877;n<b>", "%E1%BB%85%u1EC5", `\u1ec5\xe1\341u1ec5`, "=?UTF-8?B?4buF?= =E1=BB",
		"+HsU-", "Tmd1eeG7hW4gTGFu", "NguyÔn ThÞ H»ng", "Haèng", "Nguye^~n Ddo+", "\u202eaL\u202c", "N\x00g\x00", "HÃ\u00a0", "Ä\u0090áº", "\uf0d4", "Nguyê ̃n", "\xe1\xbb",
		"نیلو\u200cفر", "Trn Th Hng", "峄卬 Nguy",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		found := Inspect(name)
		if !utf8.ValidString(found.Mended) {
			t.Errorf("%q is mended as %q", name, found.Mended)
		}
		if (found.Damage == Intact) != (found.Certainty == 0) {
			t.Errorf("%q: %+v", name, found)
		}
		if IsIntact(name) {
			if inner := inspect(name, maxLayers); inner.Certainty > Possible {
				t.Errorf("%q is passed, but %+v", name, inner)
			}
			_, cleaned := Clean(name)
			if _, fixed := FixEth(name); cleaned || fixed {
				t.Errorf("%q is passed, but it is cleaned (%v) or fixed (%v)", name, cleaned, fixed)
			}
		}
		clean, changed := Clean(name)
		if again, _ := Clean(clean); again != clean || changed != (clean != name) {
			t.Errorf("%q is cleaned as %q, %q", name, clean, again)
		}
		fixed, _ := FixEth(clean)
		if again, _ := FixEth(fixed); again != fixed || len([]rune(fixed)) != len([]rune(clean)) {
			t.Errorf("%q is fixed as %q, %q", clean, fixed, again)
		}
		for word := range strings.FieldsSeq(clean) {
			if IsSyllable(word) && (utf8.RuneCountInString(word) > 7 || !IsSyllable(strings.ToUpper(word))) {
				t.Errorf("%q is a syllable", word)
			}
		}
		Guess([]byte(name))
	})
}
