package csvtext

import (
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"

	"etelecom-import/importer/hint"
	"etelecom-import/importer/vietnamese"
)

var names = []string{
	"Nguyễn Thị Hằng", "Trần Văn Dũng", "Lê Đức Thắng", "Phạm Thị Mỹ Hạnh", "Võ Hoàng Phương", "Đặng Bảo Châu", "Huỳnh Ngọc Ẩn", "Vũ Quốc Khánh",
	"Bùi Thị Thu Hường", "Đỗ Mạnh Cường", "Ngô Thị Tuyết", "Dương Quỳnh Như", "Lý Hải Yến",
}

// tables are files with the names, in English and in Vietnamese.
func tables() []string {
	one, other := "a,b,c\n", "a,b,c,Mật khẩu,Điện thoại\n"
	for i, name := range names {
		one += fmt.Sprintf("%s,09035512%02d,Bien-xanh-%d\n", name, i, i)
		other += fmt.Sprintf("%d,09035512%02d,%s,Bien-xanh,\n", i, i, name)
	}
	return []string{one, other}
}

// marksOf1258 divides letters into those of windows-1258 and the tones.
var marksOf1258 = strings.NewReplacer(vietnamesePairs()...)

func vietnamesePairs() (pairs []string) {
	for base, letters := range map[string]string{
		"a": "àáảãạ", "ă": "ằắẳẵặ", "â": "ầấẩẫậ", "e": "èéẻẽẹ", "ê": "ềếểễệ", "i": "ìíỉĩị", "o": "òóỏõọ", "ô": "ồốổỗộ", "ơ": "ờớởỡợ", "u": "ùúủũụ", "ư": "ừứửữự", "y": "ỳýỷỹỵ",
	} {
		for i, letter := range []rune(letters) {
			tone := string([]rune("\u0300\u0301\u0309\u0303\u0323")[i])
			pairs = append(pairs, string(letter), base+tone, strings.ToUpper(string(letter)), strings.ToUpper(base)+tone)
		}
	}
	return pairs
}

func encode(t testing.TB, name, text string) string {
	t.Helper()
	e, ok := vietnamese.Encoding(name)
	if !ok {
		e, text = charmap.Windows1258, marksOf1258.Replace(text)
	}
	out, err := encoding.ReplaceUnsupported(e.NewEncoder()).String(text)
	if err != nil || strings.Contains(out, "\x1a") {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

var encodings = []string{"windows-1258", "tcvn3", "vni", "viscii", "vps"}

// TestEncodingIsRecommended: the one that makes Vietnamese of a file, and no other is accepted.
func TestEncodingIsRecommended(t *testing.T) {
	for _, real := range encodings {
		for _, table := range tables() {
			text := encode(t, real, table)
			for _, named := range append(encodings, "", "utf-8", "windows-1252", "latin1") {
				o := options()
				o.Encoding = named
				_, rows, err := readRows(iotest.HalfReader(strings.NewReader(text)), o)
				if named == real {
					if err != nil || len(rows) != len(names)+1 || !strings.Contains(fmt.Sprint(rows), names[0]) {
						t.Errorf("%s: %v, %v", real, rows, err)
					}
					continue
				}
				if err == nil || !strings.Contains(hint.Of(err), "--encoding "+real) {
					t.Errorf("%s as %s: %v; %s", real, named, err, hint.Of(err))
				}
			}
		}
	}
}

// TestSmallFilesInAnEncoding: of one name alone.
func TestSmallFilesInAnEncoding(t *testing.T) {
	for _, real := range encodings {
		for _, name := range names {
			text := encode(t, real, "a,b,c\n"+name+",2,3\n")
			for _, named := range append(encodings, "", "windows-1252") {
				o := options()
				o.Encoding = named
				_, rows, err := readRows(strings.NewReader(text), o)
				switch {
				case named == real:
					if err != nil || rows[1].cells[0] != name {
						t.Errorf("%s in %s: %v, %v", name, real, rows, err)
					}
				case err == nil && rows[1].cells[0] != name && vietnamese.LooksVietnamese(rows[1].cells[0]): // nobody can know
				case err == nil && rows[1].cells[0] != name && named != "windows-1252":
					t.Errorf("%s in %s is read as %s: %v", name, real, named, rows)
				}
				if _, other, _ := strings.Cut(hint.Of(err), "--encoding "); err != nil && other != "" && !strings.HasPrefix(other, real) {
					t.Logf("%s in %s, as %q: %s", name, real, named, hint.Of(err))
				}
			}
		}
	}
}

func TestWrongEncodings(t *testing.T) {
	const utf8 = "a,b,c\nNguyễn Thị Lan,2,3\nLê Văn Tú,5,6\n"
	ascii := "a,b,c\n" + strings.Repeat("Nguyen Thi Lan,2,3\n", 100_000)
	for _, c := range []struct{ name, text, encoding, want string }{
		{"UTF-8", utf8, "windows-1258", "the file is UTF-8, and not windows-1258; run again without --encoding"},
		{"UTF-8, two bytes alone", "a,b,c\nLê Tú,2,3\n", "tcvn3", "the file is UTF-8, and not tcvn3; run again without --encoding"},
		{"UTF-8 behind a megabyte", ascii + "Lê Tú,2,3\n", "windows-1258", "the file is UTF-8, and not windows-1258; run again without --encoding"},
		{"UTF-8 in the header", "\"a\",b,c,Họ tên\n1,2,3,4\n", "vni", "the file is UTF-8, and not vni; run again without --encoding"},
		{"UTF-8 as UTF-16", utf8, "utf-16le", "the file is not UTF-16LE; run again without --encoding"},
		{"UTF-16 as another", "a\x00,\x00b\x00,\x00c\x00", "windows-1258", "the file looks like UTF-16 without a byte order mark; save it as UTF-8, or run again with --encoding utf-16le"},
		{"ASCII", ascii, "windows-1258", ""},
		{"ASCII and a dash", "a,b,c\n1,2 \x96 3,4\n", "windows-1252", ""},
		{"ASCII and a dash in the encoding of Vietnam", "a,b,c\n1,2 \x96 3,4\n", "windows-1258", ""},
		{"a foreign name", "a,b,c\nJo\xe3o,2,3\n", "windows-1252", ""},
		{"not Vietnamese", "a,b,c\n1,2,3\nx\xbf\xa1y,2\xd0\xd8,3\n", "windows-1258", "line 3: the text is not Vietnamese in the encoding windows-1258; save the file again as CSV UTF-8"},
		{"a byte that is none", ascii + "L\xea T\xfa,2\x8a,3\n", "windows-1258", "line 100002, column 8: a character that does not exist in this encoding; check --encoding, or save the file again as CSV UTF-8"},
		{"mixed, as another", utf8 + "V\xe3n H\xf9ng H\xe3 B\xf9i Ch\xe2u,2,3\n", "windows-1258", "line 4: the file mixes encodings: this line has bytes that are not UTF-8, and other lines are UTF-8; correct the line, or save again as CSV UTF-8 the file that it came from"},
		{"mixed", utf8 + "V\xe3n H\xf9ng,2,3\n", "", "line 4: the file mixes encodings: this line has bytes that are not UTF-8, and other lines are UTF-8; correct the line, or save again as CSV UTF-8 the file that it came from"},
		{"mixed, the other way round", "a,b,c\nV\xe3n H\xf9ng,2,3\n" + utf8, "", "line 2: the file mixes encodings: this line has bytes that are not UTF-8, and other lines are UTF-8; correct the line, or save again as CSV UTF-8 the file that it came from"},
		{"mixed, one byte in many lines", strings.Repeat(utf8, 5000) + "H\xf9ng,2,3\n", "utf-8", "line 15001: the file mixes encodings: this line has bytes that are not UTF-8, and other lines are UTF-8; correct the line, or save again as CSV UTF-8 the file that it came from"},
		{"marked as UTF-8", "\ufeffa,b,c\nV\xe3n H\xf9ng,2,3\n", "", "line 2: the file mixes encodings: this line has bytes that are not UTF-8, and other lines are UTF-8; correct the line, or save again as CSV UTF-8 the file that it came from"},
		{"cut in a letter", utf8 + "Nguy\xe1\xbb", "", "line 4, column 5: the file ends within a letter: its end is missing; get the whole file, or save it again"},
		{"cut in a letter, no other", "a,b,c\nNguy\xe1\xbb", "", "line 2, column 5: the file ends within a letter: its end is missing; get the whole file, or save it again"},
		{"letters are lost", "a,b,c\nNguy?n Th? \xc1nh,2,3\nL? H?ng,2,3\n", "", "line 2, column 12: the file is not UTF-8, and letters are lost: a program has written ? in their place; save again as CSV UTF-8 the file that it was made from"},
		{"below a title", "TITLE\nLe,Nguyen\n\nNguy\xea\xden V\xe3n H\xf9ng,b,c\n1,2,3\n", "", "line 4, column 5: the file is not UTF-8; its text is Vietnamese in the encoding windows-1258; run again with --encoding windows-1258, or save the file again as CSV UTF-8"},
		{"nothing known", "a,b,c\n\xfe\xff\xbf\xa1,2,3\n", "", "line 2, column 1: the file is not UTF-8; save the file again as CSV UTF-8"},
		{"misread mark", "ï»¿a,b,c\n1,2,3\n", "", "line 1: the file begins with \"ï»¿\", a byte order mark that was read in the wrong encoding: a program has ruined its letters; save again as CSV UTF-8 the file that it was made from"},
		{"misread mark in quotes", "\ufeff\"ï»¿a\",b,c\n1,2,3\n", "", "line 1: the file begins with \"ï»¿\", a byte order mark that was read in the wrong encoding: a program has ruined its letters; save again as CSV UTF-8 the file that it was made from"},
		{"unknown", utf8, "klingon", "the encoding \"klingon\" is not known; Vietnamese files are utf-8, utf-16le, windows-1258, tcvn3, vni, viscii or vps"},
	} {
		for _, in := range []func(string) string{func(s string) string { return s }, func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }} {
			o := options()
			o.Encoding = c.encoding
			_, _, err := readRows(iotest.HalfReader(strings.NewReader(in(c.text))), o)
			got := ""
			if err != nil {
				got = err.Error() + "; " + hint.Of(err)
			}
			if got != c.want {
				t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
			}
		}
	}
}

// TestTwoMarks: programs add a byte order mark to a file that has one.
func TestTwoMarks(t *testing.T) {
	if got := told("\ufeff\ufeff\"a\",b,c\n1,2,3\n", options()); got != `comma 2:["1" "2" "3"]` {
		t.Error(got)
	}
}

// TestShortFilesInTheWrongEncoding: of a few names, most may be Vietnamese in the wrong encoding, too.
func TestShortFilesInTheWrongEncoding(t *testing.T) {
	for _, some := range [][]string{names[:2], names[:3], names[2:4], names[4:6], names[6:8], names[8:10], names[10:], {"Müller", names[0], names[1]}} {
		text := "a,b,c,extension_number\n"
		for i, name := range some {
			text += fmt.Sprintf("%s,09035512%02d,Bien-xanh-%d,%d\n", name, i, i, 1001+i)
		}
		for _, real := range encodings {
			raw := text
			if real != "windows-1258" {
				raw = strings.Replace(text, "Müller,0903551200,Bien-xanh-0,1001\n", "", 1)
			}
			raw = encode(t, real, raw)
			for _, named := range encodings {
				o := options()
				o.Encoding = named
				_, _, err := readRows(strings.NewReader(raw), o)
				if named == real && err != nil || named != real && (err == nil || !strings.Contains(hint.Of(err), "--encoding "+real)) {
					t.Errorf("%s, %s as %s: %v; %s", some, real, named, err, hint.Of(err))
				}
			}
		}
	}
}
