package vietnamese

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Parts of common names.
const (
	families = `Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý An Âu Bạch Cao Châu Chu Chử Cù Đàm Đào Đậu Điền Đinh Đoàn Đồng Đới
		Giang Hà Hàn Hứa Khổng Khúc Kiều Kim La Lã Lại Lâm Liêu Lò Lục Lương Lưu Mã Mạc Mai Nghiêm Nghị Ngụy Nhan Nông Ông Phí Phó Phùng Quách Sầm
		Tạ Tăng Thái Thân Thạch Thiều Tiêu Tô Tôn Tống Trang Triệu Trịnh Trương Từ Ưng Văn Vi Viên Vương Xa Yên`
	middles = `Văn Thị Hữu Đức Minh Ngọc Thanh Công Quang Thành Xuân Kim Thu Hồng Bảo Gia Anh Đình Quốc Tuấn Mạnh Phương Thùy Thuỳ Mỹ Bích Diệu Khánh Như Hoài
		Trọng Duy Nhật Trung Viết Bá Thế Tiến Việt Hải Đăng Cẩm Tường Uyên Nguyệt Ánh`
	givens = `An Anh Ánh Ân Bảo Bích Bình Ca Cẩm Châu Chi Chiến Chính Chung Công Cúc Cường Danh Diễm Diệp Diệu Dung Duy Duyên Dũng Dương Đào Đạt Đăng Điệp Đoan Đông
		Đức Giang Giàu Hà Hạ Hải Hạnh Hảo Hằng Hân Hậu Hiên Hiền Hiếu Hiệp Hoa Hòa Hoà Hoài Hoan Hoàng Học Hồng Huân Huế Huệ Hùng Huy Huyền Huỳnh Hưng Hương
		Hường Hữu Kha Khải Khang Khánh Khiêm Khoa Khôi Khuê Kiên Kiệt Kiều Kỳ Lai Lam Lan Lâm Lân Lập Lệ Liêm Liên Linh Loan Long Lộc Lợi Luân Luật Lực Lượng Ly
		Lý Mai Mạnh Mẫn Mây Mến Minh Muội Mỹ My Nam Nga Ngà Ngân Nghi Nghĩa Ngọc Nguyên Nguyệt Nhã Nhàn Nhân Nhật Nhi Nhiên Như Nhung Nhuần Niệm Nữ Oanh Phát
		Phong Phú Phúc Phước Phượng Phương Quân Quang Quế Quốc Quý Quyên Quyết Quyền Quỳnh Sang Sáng Sinh Sĩ Sơn Sương Tài Tâm Tân Tấn Thạch Thái Thanh Thành Thảo
		Thắm Thăng Thắng Thể Thi Thiên Thiện Thịnh Thọ Thoa Thoại Thông Thơ Thu Thuần Thuận Thúy Thuý Thủy Thuỷ Thùy Thuỳ Thư Thức Thương Tiên Tiến Tín Tình Toàn
		Toản Trà Trâm Trân Trang Trí Triết Triều Trinh Trọng Trung Trúc Trường Tú Tuân Tuấn Tuệ Tùng Tuyền Tuyết Tươi Tường Uyên Út Vân Văn Vi Viễn Việt Vinh Vĩnh
		Vũ Vui Vượng Vy Xuân Xuyến Ý Yên Yến`
)

// minorities are names of the Êđê, Ba Na, K'ho, Chăm, Khmer, Hmông, Thái, Tày, Mường, Gia Rai, Bru, Ra Glai, Dao and Cơ Tu.
const minorities = `Y Moan Êban; H'Hen Niê; K'Brếu; Y Bhăm Êñuôl; H'Linh Niê Kdăm; Y Thông Mlô; H'Zuôn Byă; Y Ngông Niê Kdăm; H'Yao Knul; Y Khút Niê; Y Bliă; H'Bia Buôn Yă;
	Ksor H'Bơ Khăp; Rơ Châm H'Yéo; Siu Y Ngâo; Rơ Mah Del; Kpă Klơng; Nay H'Bân; Rơ Ô H'Krih; Ksor Phước; Siu Bơn; Rahlan Beo; Đinh Núp; Đinh K'Rể; Đinh Văn Nhưỡng;
	K'Tâm; K'Sor Nham; Ka Să Hà Chương; Cil Múp Ha Krong; Lơ Mu Ha Póh; Bon Tô Ha Đoan; K'Wăn; Kơ Să Ha Thắng; Dương Tấn Sở; Bá Trung Phụ; Đàng Năng Thọ; Quảng Đại Cường;
	Thạch Sà Rây; Kiên Sóc Kha; Sơn Thị Sà Mết; Danh Út; Thạch Thị Sa Thi; Kim Sô Phia; Lâm Chanh Tha; Châu Ôn; Néang Sa Vên; Chau Sóc Kha; Lý Rotha; Sơn Phước Hoan;
	Giàng A Pháo; Vàng A Tủa; Sùng Thị Mỷ; Mùa A Sấu; Thào Xuân Sùng; Lý A Dơ; Hạng Thị Xía; Cứ A Lử; Lầu Bá Thò; Giàng Seo Phử; Vừ Chông Pao; Má A Lềnh; Sổng A Nủ; Thò Bá Rê;
	Lò Thị Mai; Quàng Văn Phượng; Cầm Bá Thước; Lường Văn Ngơi; Tòng Thị Phóng; Cà Thị Én; Bạc Cầm Quý; Vi Văn Định; Hoàng Văn Thụ; Nông Đức Mạnh; Ma Thị Nguyệt; Lục Văn Pảo;
	Bế Văn Đàn; Hà Thị Khiết; Bùi Văn Kín; Quách Thị Lam; Hồ Văn Hưởng; Hồ Kan Lịch; Chamaléa Thị Út; Pinăng Thị Xuân; Katơr Y; Phàn Phù Chìu; Chảo Láo Lở; Triệu Mùi Nái; Tẩn Tả Mẩy;
	A Tuấn; Y Vêng; A Đeng; Alăng Đàn; Bríu Liếc; Zơrâm Bươch; Pơloong Bhing; Coor Xuân Mai; Rah Lan Chơn; Điểu K'Ré; Thị Xi Rêl; Điểu Ong; Lâu Văn Hía; Tơ Ngôl Thị Lanh; Lương Ý`

// foreigners are names of people from elsewhere, as they stand in Vietnamese files.
const foreigners = `O'Brien; J. A. Smith; Reddy; Anaïs; Raphaël; João; Øystein; Jürgen; Łukasz; François; Zoë; José María Núñez; Björn Åkesson; Søren Kjærgaard; Müller, Hans; Gül Yılmaz;
	Ömer Şahin; Dvořák; Žofie; Ngô Bảo-Châu Dupré; Loïc; Maëlle; D'Angelo; McDonald; Van der Berg; Nguyễn-Phước; Trần Lê, Anna; Sean O’Connor; Al-Rashid; Mary-Jane; L'Oréal; 阮文安;
	김민준; สมชาย; Иван Петров; 山田 太郎; Мария; Αλέξανδρος; محمد; דוד; Đỗ Thị Kim (Kim); Mª José; Inês Conceição; Guðrún; Davíð Þór; Hélène Lefèvre; Noël; Thérèse; Ælfric; Œdipe; Ñandú;
	Nguyen Hoàng Michael; Peter Trần; Lê Jean-Pierre; Park Ji-sung; Xu Wei; Wang Lì; Lü Bù; Chloé Đặng; Phùng Élodie; Nguyễn Ánh-Tuyết Nicole; Dr. Hồ; Ms. Lan; TS. Lê Văn Bình; Th.S Nguyễn An;
	Bs. Hoa; Cô Ba; Anh Tư (Sài Gòn); Vũ Như Tô Jr.; Ng. V. An; N.T.Lan; Lan N.; Hoàng H.; P.V. Đồng; Đ. T. Hà; T. Ân; Lê T. Á; Christine Hà; Hà Kiều Anh; A. Ê. Yersin`

// desks are what extensions of a company are called that belong to nobody.
const desks = `Lễ tân 1; Sale_01; Kho #2; Phòng Kế toán & Tài chính; R&D; CSKH (ca 1); Bảo vệ?; Kho_Hà Nội; P. Kinh doanh; Hotline 1900; Tổng đài - Nhánh 101; IT/Helpdesk; Giám đốc; Q.7;
	Sale Online + Zalo; Fax; Phòng họp A1; Kho: Bình Dương; Bếp [tầng 2]; Cửa hàng 24/7; Shop @ Quận 1; Trưởng phòng*; ~Dự phòng; Máy "số 3"; “Trực ban”; Chi nhánh Đà Nẵng – 2; Test_user; Test1;
	sale01; nv.lan; user-07; BHXH; KCS; QA/QC; HCNS; P.KHĐT; Trạm xăng số 5; Đội xe (10 chỗ); Văn phòng 100%; Ca 1&2; Kế toán; kế toán trưởng; ĐẶT HÀNG; Ext 1001; 101 - Lan; Lan 101; 1001; Ca đêm...;
	Phòng KD?; Ai trực hôm nay?; Hà Nội_2; Zalo OA; Mr.Hùng; Ms Lan; A.Tuấn - IT; c Hoa kế toán; VP Q1 <dự phòng>; Đại lý 3 (Mỹ Tho); Tiếp tân/Lobby; Đón tiếp & CSKH; Kho hàng (cũ) #3; Hỗ trợ kỹ thuật 24h`

func items(list string) (names []string) {
	for _, name := range strings.Split(list, ";") {
		names = append(names, strings.Join(strings.Fields(name), " "))
	}
	return names
}

// plainPeople returns names of Vietnamese people in their usual form.
func plainPeople(t testing.TB) (names []string) {
	family, middle, given := strings.Fields(families), strings.Fields(middles), strings.Fields(givens)
	for i := range 1600 {
		f, m, g := family[i*7%len(family)], middle[i*5%len(middle)], given[i*11%len(given)]
		switch i % 4 {
		case 0:
			names = append(names, f+" "+g)
		case 1:
			names = append(names, f+" "+m+" "+given[i*3%len(given)]+" "+g)
		default:
			names = append(names, f+" "+m+" "+g)
		}
	}
	fakerFamily := lines(t, "faker-vi-family.txt")
	for i, g := range lines(t, "faker-vi-given.txt") {
		names = append(names, fakerFamily[i%len(fakerFamily)]+" "+g)
	}
	return names
}

func lines(t testing.TB, file string) []string {
	t.Helper()
	b, err := os.ReadFile("testdata/names/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

// corpus returns names that are right.
func corpus(t testing.TB) []string {
	people := plainPeople(t)
	names := slices.Concat(people, items(minorities), items(foreigners), items(desks))
	for i, name := range people {
		switch i % 6 {
		case 0:
			names = append(names, strings.ToUpper(name))
		case 1:
			names = append(names, strings.ToLower(name))
		case 2:
			names = append(names, withoutMarks(name), strings.ToUpper(withoutMarks(name)))
		case 3:
			words := strings.Fields(name)
			names = append(names, words[len(words)-1], string([]rune(words[0])[:1])+". "+words[len(words)-1])
		case 4:
			words := strings.Fields(name)
			names = append(names, strings.ToUpper(words[0])+" "+strings.Join(words[1:], " "), strings.Join(words[1:], " ")+" (KD)")
		case 5:
			names = append(names, norm.NFD.String(name), strings.ReplaceAll(name, " ", "\u00A0"), name+" ")
		}
	}
	for _, name := range slices.Concat(items(minorities), items(foreigners)) {
		names = append(names, strings.ToUpper(name), strings.ToLower(name))
	}
	for i, sign := range []rune("’‘“”–—…•·°®™©«»'\"-.,:;!@()[]{}/|") {
		for j := i; j < len(people); j += 97 {
			name, s := people[j], string(sign)
			names = append(names, name+s, s+name, s+name+s, strings.ToUpper(name+s), strings.ReplaceAll(name, " ", s+" "), strings.ReplaceAll(name, " ", " "+s), name+" "+s+" Sale")
		}
	}
	elsewhere := lines(t, "faker-elsewhere.txt")
	for i, name := range elsewhere {
		names = append(names, name, name+" "+elsewhere[(i*7+1)%len(elsewhere)], "Nguyễn "+name, strings.ToUpper(name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func withoutMarks(name string) string {
	name = strings.NewReplacer("đ", "d", "Đ", "D").Replace(norm.NFD.String(name))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, name)
}

// TestCorpus: no name that is right is refused, and few are told of.
func TestCorpus(t *testing.T) {
	names := corpus(t)
	var count [Certain + 1]int
	for _, name := range names {
		f := Inspect(name)
		count[f.Certainty]++
		if f.Certainty >= Doubtful {
			t.Errorf("%q: %+v", name, f)
		} else if f.Certainty > Possible {
			t.Logf("%q: %+v", name, f)
		}
	}
	share := func(n int) float64 { return 100 * float64(n) / float64(len(names)) }
	told := count[Remark] + count[Suspect]
	t.Logf("%d names: %d told (%.2f %%), %d only with others (%.2f %%)", len(names), told, share(told), count[Possible], share(count[Possible]))
	if len(names) < 2000 || share(told) > 0.2 || share(count[Possible]) > 0.5 {
		t.Error("too many are told of")
	}
}

// misreadAs reads UTF-8 as a code page. Its undefined bytes become control characters, or are dropped.
func misreadAs(page *charmap.Charmap, drop bool) func(string) string {
	return func(name string) string {
		var b strings.Builder
		for i := range len(name) {
			r := page.DecodeByte(name[i])
			switch {
			case r != utf8.RuneError:
			case drop:
				continue
			default:
				r = rune(name[i])
			}
			b.WriteRune(r)
		}
		return norm.NFC.String(b.String())
	}
}

// writtenIn writes a name in an encoding from before Unicode and reads it as a code page.
func writtenIn(name string, page *charmap.Charmap) func(string) string {
	return func(text string) string {
		var raw []byte
		if name == "windows-1258" {
			for _, r := range text {
				letter, tone := takeTone(r)
				if b, ok := charmap.Windows1258.EncodeRune(r); ok {
					raw = append(raw, b)
				} else {
					b, _ := charmap.Windows1258.EncodeRune(letter)
					t, _ := charmap.Windows1258.EncodeRune(tone)
					raw = append(raw, b, t)
				}
			}
		} else {
			e, _ := Encoding(name)
			var err error
			if raw, err = e.NewEncoder().Bytes([]byte(text)); err != nil {
				return ""
			}
		}
		var b strings.Builder
		for _, c := range raw {
			r := page.DecodeByte(c)
			if r == utf8.RuneError {
				r = rune(c)
			}
			b.WriteRune(r)
		}
		return norm.NFC.String(b.String())
	}
}

// smallCapitals writes capitals with tones small, as one types them for the fonts of TCVN3.
func smallCapitals(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("ĂÂÊÔƠƯĐ", r) || r < 0x80 {
			return r
		}
		return unicode.ToLower(r)
	}, name)
}

// without puts a sign in the place of what a code page lacks.
func without(page *charmap.Charmap, sign string) func(string) string {
	return func(name string) string {
		var b strings.Builder
		for _, r := range name {
			ok := r < 0x80
			if page != nil {
				_, ok = page.EncodeRune(r)
			}
			if ok {
				b.WriteRune(r)
			} else {
				b.WriteString(sign)
			}
		}
		return b.String()
	}
}

func eachBeyondASCII(form func(r rune) string) func(string) string {
	return func(name string) string {
		var b strings.Builder
		for _, r := range name {
			if r < 0x80 {
				b.WriteRune(r)
			} else {
				b.WriteString(form(r))
			}
		}
		return b.String()
	}
}

func eachByte(format string) func(rune) string {
	return func(r rune) (s string) {
		for _, c := range []byte(string(r)) {
			s += fmt.Sprintf(format, c)
		}
		return s
	}
}

func asVIQR(name string) string {
	signs := strings.NewReplacer("\u0301", "'", "\u0300", "`", "\u0309", "?", "\u0303", "~", "\u0323", ".", "\u0302", "^", "\u0306", "(", "\u031B", "+", "đ", "dd", "Đ", "DD")
	var b strings.Builder
	for _, r := range name {
		letter, tone := takeTone(r)
		b.WriteString(norm.NFD.String(string(letter)))
		if tone != 0 {
			b.WriteRune(tone)
		}
	}
	return signs.Replace(b.String())
}

// TestRuined ruins names in each way, and says how many are found: refused, refused if others are, and mended.
func TestRuined(t *testing.T) {
	const stride = 3 // no divisor of the forms of names that plainPeople has
	people := plainPeople(t)
	twice := func(name string) string {
		return misreadAs(charmap.Windows1252, false)(misreadAs(charmap.Windows1252, false)(name))
	}
	for _, c := range []struct {
		way      string
		ruin     func(string) string
		damage   Damage
		refused  float64 // at least so many are Certain or Doubtful, in percent
		together float64 // or are refused where others are
		mended   float64 // of those that are refused
	}{
		{"UTF-8 as windows-1252", misreadAs(charmap.Windows1252, false), Misread, 100, 100, 100},
		{"UTF-8 as windows-1252, undefined bytes dropped", misreadAs(charmap.Windows1252, true), Misread, 99, 99, 95},
		{"UTF-8 as ISO 8859-1", misreadAs(charmap.ISO8859_1, false), Misread, 100, 100, 100},
		{"UTF-8 as windows-1258", misreadAs(charmap.Windows1258, false), Misread, 100, 100, 100},
		{"UTF-8 as windows-1252, twice", twice, Misread, 100, 100, 100},
		{"UTF-8 as Macintosh", misreadAs(charmap.Macintosh, false), Misread, 100, 100, 100},
		{"UTF-8 as code page 437", misreadAs(charmap.CodePage437, false), Misread, 100, 100, 100},
		{"UTF-8 as windows-1250", misreadAs(charmap.Windows1250, false), Misread, 99.5, 100, 100},
		{"decomposed UTF-8 as windows-1252", func(s string) string { return misreadAs(charmap.Windows1252, false)(norm.NFD.String(s)) }, Misread, 100, 100, 100},
		{"? for what ASCII lacks", without(nil, "?"), Lost, 99, 99, 0},
		{"? for what windows-1252 lacks", without(charmap.Windows1252, "?"), Lost, 98, 99, 0},
		{"? for what windows-1258 lacks", without(charmap.Windows1258, "?"), Lost, 98, 100, 0},
		{"U+FFFD for what ASCII lacks", without(nil, "\uFFFD"), Lost, 100, 100, 0},
		{"_ for what windows-1252 lacks", without(charmap.Windows1252, "_"), Underscored, 55, 90, 0},
		{"nothing for what ASCII lacks", without(nil, ""), Lost, 36, 74, 0},
		{"a space for what ASCII lacks", without(nil, " "), Lost, 66, 90, 0},
		{"decimal entities", eachBeyondASCII(func(r rune) string { return fmt.Sprintf("&#%d;", r) }), HTML, 100, 100, 100},
		{"decimal entities, twice", eachBeyondASCII(func(r rune) string { return fmt.Sprintf("&amp;#%d;", r) }), HTML, 100, 100, 100},
		{"hexadecimal entities", eachBeyondASCII(func(r rune) string { return fmt.Sprintf("&#x%x;", r) }), HTML, 100, 100, 100},
		{"percent", url.QueryEscape, Percent, 99, 99, 99},
		{"percent, without spaces", url.PathEscape, Percent, 100, 100, 100},
		{"percent u", eachBeyondASCII(func(r rune) string { return fmt.Sprintf("%%u%04X", r) }), Percent, 100, 100, 100},
		{"JSON", eachBeyondASCII(func(r rune) string { return fmt.Sprintf(`\u%04x`, r) }), Escaped, 100, 100, 100},
		{"JSON without backslashes", eachBeyondASCII(func(r rune) string { return fmt.Sprintf(`u%04x`, r) }), Escaped, 100, 100, 100},
		{"C", eachBeyondASCII(eachByte(`\x%02x`)), Escaped, 100, 100, 100},
		{"octal", eachBeyondASCII(eachByte(`\%03o`)), Escaped, 100, 100, 100},
		{"quoted-printable", eachBeyondASCII(eachByte("=%02X")), Mail, 100, 100, 100},
		{"mail, B", func(s string) string { return "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?=" }, Mail, 100, 100, 100},
		{"mail, Q", func(s string) string {
			return "=?utf-8?q?" + strings.ReplaceAll(eachBeyondASCII(eachByte("=%02X"))(s), " ", "_") + "?="
		}, Mail, 100, 100, 100},
		{"base64", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }, Mail, 99, 99, 99},
		{"UTF-7", eachBeyondASCII(func(r rune) string {
			u := utf16.Encode([]rune{r})[0]
			return "+" + base64.RawStdEncoding.EncodeToString([]byte{byte(u >> 8), byte(u)}) + "-"
		}), Mail, 100, 100, 100},
		{"zero bytes between, of UTF-16", func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") }, Control, 100, 100, 99},
		{"TCVN3 as windows-1252", func(s string) string { return writtenIn("tcvn3", charmap.Windows1252)(smallCapitals(s)) }, TCVN3, 70, 98, 98},
		{"TCVN3 as windows-1258", func(s string) string { return writtenIn("tcvn3", charmap.Windows1258)(smallCapitals(s)) }, TCVN3, 70, 98, 98},
		{"VNI as windows-1252", writtenIn("vni", charmap.Windows1252), VNI, 70, 99, 99},
		{"VNI as windows-1258", writtenIn("vni", charmap.Windows1258), VNI, 70, 98, 98},
		{"windows-1258 as windows-1252", writtenIn("windows-1258", charmap.Windows1252), Windows1258, 26, 95, 95},
		{"VISCII as windows-1252", writtenIn("viscii", charmap.Windows1252), VISCII, 27, 97, 97},
		{"VPS as windows-1252", writtenIn("vps", charmap.Windows1252), VPS, 26, 95, 96},
		{"VIQR", asVIQR, VIQR, 85, 99, 98},
	} {
		t.Run(c.way, func(t *testing.T) {
			all, refused, together, mended := 0, 0, 0, 0
			var missed, wrong []string
			var census Census
			var names [][2]string // as they were, and ruined
			for i := 0; i < len(people); i += stride {
				name, ruined := people[i], c.ruin(people[i])
				if ruined == "" || ruined == name || norm.NFC.String(ruined) == name {
					continue
				}
				names = append(names, [2]string{name, ruined})
				census.Add(Inspect(ruined))
			}
			for _, n := range names {
				name, ruined := n[0], n[1]
				all++
				f := Inspect(ruined)
				if f.Certainty >= Doubtful && f.Damage.fault() == c.damage.fault() {
					refused++
				}
				if census.Refuses(f) {
					together++
				} else {
					missed = append(missed, ruined)
				}
				if f = census.Likely(ruined, f); f.Damage == c.damage && strings.EqualFold(f.Mended, name) {
					mended++
				} else {
					wrong = append(wrong, fmt.Sprintf("%s: %+v", ruined, f))
				}
			}
			share := func(n int) float64 { return 100 * float64(n) / float64(all) }
			t.Logf("%d names: %.1f %% refused, %.1f %% with others, %.1f %% mended", all, share(refused), share(together), share(mended))
			if share(refused) < c.refused || share(together) < c.together || share(mended) < c.mended {
				t.Errorf("too few; want %.0f, %.0f, %.0f; such as %q; %q", c.refused, c.together, c.mended, missed[:min(20, len(missed))], wrong[:min(10, len(wrong))])
			}
		})
	}
}
