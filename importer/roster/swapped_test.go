package roster

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// blocks are columns of numbers as companies have them.
var (
	dense4     = func(i int, _ *rand.Rand) string { return strconv.Itoa(1001 + i) }
	dense3     = func(i int, _ *rand.Rand) string { return strconv.Itoa(101 + i) }
	dense5     = func(i int, _ *rand.Rand) string { return strconv.Itoa(20101 + i) }
	blocks3    = func(i int, _ *rand.Rand) string { return strconv.Itoa(101 + i/3*100 + i%3) }
	sparse3    = func(i int, _ *rand.Rand) string { return strconv.Itoa(113 + 29*i) }
	sparse4    = func(i int, _ *rand.Rand) string { return strconv.Itoa(1013 + 211*i) }
	birthday   = func(i int, r *rand.Rand) string { return strconv.Itoa(1960 + r.IntN(45)) }
	dense6     = func(i int, _ *rand.Rand) string { return strconv.Itoa(100100 + i) }
	twoBlocks6 = func(i int, _ *rand.Rand) string { return strconv.Itoa(100100 + i/2 + i%2*200_000) }
	pin4       = func(_ int, r *rand.Rand) string { return fmt.Sprintf("%04d", r.IntN(10_000)) }
	pin5       = func(_ int, r *rand.Rand) string { return fmt.Sprintf("%05d", r.IntN(100_000)) }
	pin6       = func(_ int, r *rand.Rand) string { return strconv.Itoa(100_000 + r.IntN(900_000)) }
	same4      = func(int, *rand.Rand) string { return "1234" }
	word       = func(i int, _ *rand.Rand) string { return fmt.Sprintf("Bien-xanh-%d", i) }
)

// TestSwappedExtensions: extensions are given in blocks, PINs by chance.
func TestSwappedExtensions(t *testing.T) {
	type column = func(int, *rand.Rand) string
	for _, c := range []struct {
		name                string
		extension, password column
		rows                []int
		swapped             bool
	}{
		{"swapped", pin6, dense4, []int{1, 2, 3, 4, 10, 100, 1000}, true},
		{"extensions 6, PINs 4", dense6, pin4, []int{2, 3, 4, 10, 100, 1000}, false},
		{"extensions 6, PINs 5", dense6, pin5, []int{2, 3, 10, 100}, false},
		{"extensions 6 in two blocks", twoBlocks6, pin4, []int{4, 10, 100}, false},
		{"extensions 6, one PIN", pin6, same4, []int{5, 10, 100}, false},
		{"extensions by chance, PINs 4", pin6, pin4, []int{10, 100}, false},
		{"extensions 4, PINs 6", dense4, pin6, []int{1, 2, 10, 100}, false},
		{"extensions 4, words", dense4, word, []int{1, 10}, false},
		{"extensions 6, words", pin6, word, []int{1, 10}, false},
		{"extensions 6, PINs 6", pin6, pin6, []int{1, 10}, false},

		{"swapped, PINs 4, extensions 4", pin4, dense4, []int{3, 4, 5, 10, 30, 100, 1000}, true},
		{"swapped, PINs 4, extensions 3", pin4, dense3, []int{3, 4, 5, 10, 100, 300}, true},
		{"swapped, PINs 4, extensions 3 in blocks", pin4, blocks3, []int{3, 6, 12, 24}, true},
		{"swapped, PINs 4, extensions 3 here and there", pin4, sparse3, []int{3, 4, 10, 30}, true},
		{"swapped, PINs 5, extensions 4", pin5, dense4, []int{3, 10, 100, 1000}, true},
		{"swapped, PINs 5, extensions 5", pin5, dense5, []int{3, 10, 100}, true},
		{"too few", pin4, dense4, []int{1, 2}, false},
		{"extensions 4, PINs 4", dense4, pin4, []int{1, 2, 3, 4, 5, 10, 100, 1000}, false},
		{"extensions 3, PINs 4", dense3, pin4, []int{1, 2, 3, 4, 10, 100}, false},
		{"extensions 4 for passwords", dense4, dense4, []int{1, 3, 10, 100}, false},
		{"extensions 3 here and there, PINs 4", sparse3, pin4, []int{3, 4, 10, 30}, false},
		{"extensions 3 here and there, passwords in order", sparse3, dense4, []int{3, 4, 10}, false},
		{"extensions 4 here and there, PINs 4", sparse4, pin4, []int{3, 4, 10, 30}, false},
		{"extensions 4 here and there, one PIN", sparse4, same4, []int{3, 10, 30}, false},
		{"extensions 4 here and there, years", sparse4, birthday, []int{8, 10, 30}, false},
		{"extensions 4 by chance, PINs 4", pin4, pin4, []int{10, 30, 100}, false},
		{"extensions 4, passwords in order", dense4, dense6, []int{3, 10}, false},
		{"extensions 4 by chance, words", pin4, word, []int{3, 10}, false},
	} {
		for _, n := range c.rows {
			for _, validateOnly := range []bool{false, true} {
				random := rand.New(rand.NewPCG(1, uint64(n)))
				var rows [][]string
				for i := range n {
					rows = append(rows, []string{"Nguyễn Văn An", fmt.Sprintf("0903%06d", i), c.password(i, random), c.extension(i, random)})
				}
				r := read(t, cells(rows...), Options{ValidateOnly: validateOnly})
				refused := 0
				for _, f := range r.judged {
					if f.kind == swappedExtension {
						refused++
					}
				}
				if want := map[bool]int{true: n}[c.swapped]; refused != want || c.swapped != (len(r.judgedOfFile) > 0) {
					t.Errorf("%s, %d rows: %d are refused", c.name, n, refused)
				}
				holdsNone(t, r, rows...)
			}
		}
	}
}

// holdsNone fails if what can be told of a roster has a number of 6 digits of the rows.
func holdsNone(t *testing.T, r *Roster, rows ...[]string) {
	t.Helper()
	text := told(r)
	for _, row := range rows {
		for _, cell := range row[2:] {
			if len(cell) >= 6 && strings.Contains(text, cell) {
				t.Fatalf("%q is shown: %s", cell, text)
			}
		}
	}
}

// TestFewPINs: one or two rows that may be exchanged are told.
func TestFewPINs(t *testing.T) {
	for _, c := range []struct {
		pairs [][2]string // password and extension
		told  bool
	}{
		{[][2]string{{"101", "7391"}}, true},
		{[][2]string{{"1001", "7391"}, {"1002", "2846"}}, true},
		{[][2]string{{"101", "7391"}, {"104", "2846"}}, true},
		{[][2]string{{"1001", "7391"}}, false},
		{[][2]string{{"7391", "1001"}, {"2846", "1002"}}, false},
		{[][2]string{{"1001", "1001"}, {"1002", "1002"}}, false},
		{[][2]string{{"1234", "101"}, {"1234", "205"}}, false},
		{[][2]string{{"123456", "1001"}}, false},
	} {
		var rows [][]string
		for i, p := range c.pairs {
			rows = append(rows, []string{"An", fmt.Sprintf("090355120%d", i), p[0], p[1]})
		}
		r := read(t, cells(rows...), Options{})
		isTold := strings.Contains(told(r), "make sure that it is not the extension")
		if isTold != c.told || len(kindsOf(r)) > 0 {
			t.Errorf("%v: %s", c.pairs, told(r))
		}
	}
}

// TestPINsAreTakenOut: a PIN in the column of extensions is in no row, and in no problem of it.
func TestPINsAreTakenOut(t *testing.T) {
	r := read(t, cells(
		[]string{"Lan", "0903551200", "1001", "7391"}, []string{"Minh", "0903551201", "1002", "2846"}, []string{"Hoa", "0903551202", "1003", "7391"},
		[]string{"Hùng", "0903551203", "1004", "6614"},
	), Options{})
	shown := func() string { return fmt.Sprintf("%+v %s", *r, told(r)) }
	for range 2 {
		for _, pin := range []string{"7391", "2846", "6614"} {
			if text := shown(); strings.Contains(text, pin) || len(r.judgedOfFile) != 1 {
				t.Errorf("%s: %s", pin, text)
			}
		}
		r.Judge(func(row int) bool { return row == 1 })
		if r.Rows[1].ExtensionNumber != "2846" || r.Problem(1) != nil || r.Rows[0].ExtensionNumber != "" {
			t.Error(shown())
		}
		r.Judge(func(int) bool { return true })
		if r.Rows[0].ExtensionNumber != "7391" || len(r.judged) > 0 {
			t.Error(shown())
		}
		r.Judge(nil)
	}
}

// TestSwappedPhones gives phones and passwords.
func TestSwappedPhones(t *testing.T) {
	type pair = [2]string
	for _, c := range []struct {
		name    string
		pairs   []pair
		refused int
	}{
		{"swapped", []pair{{"0987654321", "0903551200"}, {"0355667788", "0903551201"}, {"0912123123", "0903551202"}}, 3},
		{"swapped, one password twice", []pair{{"0987654321", "0903551200"}, {"0987654321", "0903551201"}, {"0912123123", "+84903551202"}, {"0355667788", "84903551203"}}, 4},
		{"swapped, some are no phones", []pair{{"1234567890", "0903551200"}, {"0355667788", "0903551201"}}, 2},
		{"swapped, among others", []pair{{"0987654321", "0903551200"}, {"0355667788", "0903551201"}, {"0912123123", "0903551202"}, {"0903551203", "Bien-xanh"}}, 3},
		{"two", []pair{{"0987654321", "0903551200"}, {"0355667788", "0903551201"}}, 0},
		{"one of several", []pair{{"0987654321", "0903551200"}, {"0355667788", "Bien"}, {"0912123123", "Hoa-sen"}, {"0903551203", "Xuan-9182"}}, 0},
		{"their own", []pair{{"0903551200", "0903551200"}, {"0903551201", "0903551201"}, {"0903551202", "0903551202"}}, 0},
		{"the company's", []pair{{"0903551200", "0987654321"}, {"0903551201", "0987654321"}, {"0903551202", "0987654321"}}, 0},
		{"10 digits", []pair{{"0903551200", "1987654321"}, {"0903551201", "2987654321"}, {"0903551202", "0087654321"}}, 0},
		{"9 digits", []pair{{"0903551200", "987654321"}, {"0903551201", "912654321"}, {"0903551202", "355654321"}}, 0},
	} {
		var rows [][]string
		for _, p := range c.pairs {
			rows = append(rows, []string{"An", p[0], p[1]})
		}
		r := read(t, cells(rows...), Options{})
		for range 2 { // the second time it is known who is done
			refused := 0
			for i := range r.Rows {
				if p := r.Problem(i); p != nil {
					refused++
				}
			}
			if refused != c.refused {
				t.Errorf("%s: %d are refused; %s", c.name, refused, told(r))
			}
			for i, p := range c.pairs {
				if r.Problem(i) != nil && strings.Contains(told(r), p[0]) {
					t.Errorf("%s: %q is shown; %s", c.name, p[0], told(r))
				}
			}
			r.Judge(func(int) bool { return false })
		}
		for i := range r.Rows {
			if isHidden := r.Rows[i].Phone == 0; isHidden != (r.Problem(i) != nil) {
				t.Errorf("%s: %+v", c.name, r.Rows[i])
			}
		}
		if r.Judge(func(int) bool { return true }); len(r.judged) > 0 || r.Rows[len(r.Rows)-1].Phone == 0 {
			t.Errorf("%s: %s", c.name, told(r))
		}
	}
}

// TestOneMoreInABlock: who adds one person to a file of extensions in a block has not exchanged anything.
func TestOneMoreInABlock(t *testing.T) {
	var rows [][]string
	for i := range 5 {
		rows = append(rows, []string{"An", fmt.Sprintf("0903%06d", i), fmt.Sprint(4711 * (i + 1)), strconv.Itoa(100100 + i)})
	}
	r := read(t, cells(rows...), Options{})
	r.Judge(func(row int) bool { return row < 4 })
	if got := kindsOf(r); len(got) > 0 {
		t.Error(told(r))
	}
}

// TestSwappedNames gives pairs of name and password, and how many rows are refused.
func TestSwappedNames(t *testing.T) {
	for _, c := range []struct {
		pairs   [][2]string
		refused int
		ofFile  bool
	}{
		{[][2]string{{"Bien-xanh-310", "Nguyễn Thị Lan"}}, 1, false},
		{[][2]string{{"Bien-xanh-310", "Nguyễn Thị Lan"}, {"Bien-xanh-311", "Trần Văn Minh"}}, 2, true},
		{[][2]string{{"Bien-xanh-310", "Lan"}, {"Bien-xanh-311", "Minh"}}, 2, true},
		{[][2]string{{"Bien310", "nguyen thi lan"}, {"P@ssword", "tran van minh"}, {"matkhau", "Hoa"}}, 3, true},
		{[][2]string{{"Bien310!", "NGUYỄN THỊ LAN"}, {"Hoa$en99", "TRẦN VĂN MINH"}, {"hoasen", "LÊ HOA"}}, 3, true},
		{[][2]string{{"739155", "Nguyễn Thị Lan"}, {"284610", "Trần Văn Minh"}}, 2, true},
		{[][2]string{{"7391", "Lan"}, {"2846", "Minh"}, {"5511", "Hoa"}}, 3, true},
		// What was ruined besides is still a name, and a password can have any letters.
		{[][2]string{{"Bien-xanh-310", "\u202eNguyễn Thị Lan"}}, 1, false},
		{[][2]string{{"Bien-xanh-310", "N\aguyễn Thị Lan"}}, 1, false},
		{[][2]string{{"Bien-xanh-310", "Nguy\uFFFDn Th\uFFFD Lan"}}, 1, false},
		{[][2]string{{"Bien-xanh-310", "Nguy?n Th? Lan"}}, 1, false},
		{[][2]string{{"Bien-xanh-310", "Nguy&#7877;n Th&#7883; Lan"}}, 1, false},
		{[][2]string{{"Bien-xanh-310", "Nguyá»…n Thá»‹ Lan"}}, 1, false},
		{[][2]string{{"Bien-xanh-310", "§ç V¨n M¹nh"}}, 1, false},
		{[][2]string{{"Bien-xanh-310", "Nguye^~n Thi. Ha(`ng"}}, 1, false},
		{[][2]string{{"Biển-xanh-310", "Nguyễn Thị Lan"}}, 1, false},
		{[][2]string{{"Lễ-tân-1", "hoasentrang"}, {"Lễ-tân-2", "Lan"}, {"Lễ-tân-3", "Minh"}}, 0, false},
		{[][2]string{{"Sale_01", "! ?Q7"}, {"Sale_02", "my_pass word"}}, 0, false},
		// One row among others.
		{[][2]string{{"Bien-xanh-310", "Nguyễn Thị Lan"}, {"An", "Bien-xanh-311"}, {"Bình", "Bien-xanh-312"}}, 1, false},

		// Two rows among others, whose passwords are hardly names.
		{[][2]string{{"Sale_01", "Lan"}, {"Sale_02", "Minh"}, {"An", "Bien-xanh-311"}, {"Bình", "Bien-xanh-312"}, {"Chi", "Bien-xanh-313"}}, 0, false},

		// Passwords of letters alone.
		{[][2]string{{"hoasentrang", "Nguyễn Thị Lan"}}, 1, false},
		{[][2]string{{"hoasentrang", "Nguyễn Thị Lan"}, {"bienxanh", "Trần Văn Minh"}, {"Matkhaumoi", "Lê Thị Hoa"}, {"hoa", "Vũ Minh"}}, 4, true},
		{[][2]string{{"hoa sen trang", "Nguyễn Thị Lan"}, {"bien xanh", "Trần Văn Minh"}}, 2, true},
		{[][2]string{{"hoasentrang", "NGUYEN THI LAN"}, {"bienxanh", "TRAN VAN MINH"}}, 2, true},
		{[][2]string{{"nguyen thi lan", "Nguyễn Thị Lan"}, {"Reddy", "Nguyen Lan"}, {"thi lan", "Trần Thị Lan"}, {"Anna", "Le Tam"}}, 0, false},
		{[][2]string{{"Stephen", "Correct Horse"}, {"Anthony", "Hoa Sen Trang"}}, 0, false},

		// Desks and logins with bad passwords.
		{[][2]string{{"Sale_01", "Matkhau"}}, 0, false},
		{[][2]string{{"Sale_01", "Matkhau"}, {"Sale_02", "Matkhau"}, {"Sale_03", "Matkhau"}}, 0, false},
		{[][2]string{{"Sale_01", "matkhaumoi"}, {"Sale_02", "hoasentrang"}}, 0, false},
		{[][2]string{{"Sale_01", "Bien-xanh-310"}, {"Sale_02", "Bien-xanh-311"}}, 0, false},
		{[][2]string{{"Lễ tân 1", "Nguyen An"}, {"Lễ tân 2", "Tran Binh"}}, 0, false},
		{[][2]string{{"Lan", "Nguyễn Thị Lan"}, {"Minh", "Trần Văn Minh"}}, 0, false},
		{[][2]string{{"101", "Nguyen An"}, {"102", "Tran Binh"}}, 0, false},
		{[][2]string{{"O'Brien", "Correct Horse Battery"}}, 0, false},
		{[][2]string{{"J.A.Smith", "Correct Horse Battery"}}, 0, false},
		{[][2]string{{"NV00123", ""}, {"NV00124", ""}}, 0, false},
	} {
		for _, validateOnly := range []bool{false, true} {
			var rows [][]string
			for i, pair := range c.pairs {
				rows = append(rows, []string{pair[0], fmt.Sprintf("09035512%02d", i), pair[1]})
			}
			r := read(t, cells(rows...), Options{ValidateOnly: validateOnly})
			refused := 0
			for i, row := range r.Rows {
				switch p := r.Problem(i); {
				case p != nil:
					refused++
					if row.Name != "" {
						t.Errorf("%q: the name is %q", c.pairs, row.Name)
					}
				case !validateOnly && row.Name != c.pairs[i][0]:
					t.Errorf("%q: the name is %q", c.pairs, row.Name)
				}
			}
			if refused != c.refused || c.ofFile != (len(r.judgedOfFile) > 0) {
				t.Errorf("%q: %d are refused; %s", c.pairs, refused, told(r))
			}
			for i, pair := range c.pairs {
				if shown := fmt.Sprintf("%+v %s", *r, told(r)); r.Problem(i) != nil && strings.Contains(shown, pair[0]) {
					t.Errorf("%q is shown: %s", pair[0], shown)
				}
			}
		}
	}
}

// TestNamesComeBack: who is refused as exchanged in one judgement keeps the name in another.
func TestNamesComeBack(t *testing.T) {
	r := read(t, cells(
		[]string{"Bien-xanh-310", "0903551200", "Lan"}, []string{"Bien-xanh-311", "0903551201", "Minh"}, []string{"matkhau", "0903551202", "Hoa"},
		[]string{"An", "0903551203", "Bien-xanh-312"},
	), Options{})
	names := func() (all string) {
		for _, row := range r.Rows {
			all += row.Name + ","
		}
		return all
	}
	if got := names(); got != ",,,," {
		t.Error(got, told(r))
	}
	r.Judge(func(row int) bool { return row < 2 })
	if got := names(); got != ",,matkhau,An," || len(kindsOf(r)) > 0 { // those who are done have theirs in the result
		t.Error(got, told(r))
	}
	r.Judge(nil)
	if got := names(); got != ",,,," {
		t.Error(got, told(r))
	}
	if len(r.names) != 4 {
		t.Errorf("%d names are kept for 4 rows", len(r.names))
	}
	r.Judge(func(int) bool { return true })
	if got := names(); got != ",,matkhau,An," || len(kindsOf(r)) > 0 {
		t.Error(got, told(r))
	}
}

// TestShiftedCells: where a word is in the place of a number, a name that looks like a password is not kept for anybody to see.
func TestShiftedCells(t *testing.T) {
	for _, row := range [][]string{
		{"Bien-xanh-310", "0903551200", "1001", "Nguyễn Thị Lan"},
		{"Bien-xanh-310", "Nguyễn Thị Lan", "1001", "1002"},
		{"Bien-xanh-310", "Nguyễn Thị Lan", "1001", "0903551200"},
		{"Nguyễn Thị Lan", "739155", "1001", "0903551200"},
		{"Nguyễn Thị Lan", "739155", "100101", "0903551200"},
		{"Nguyễn Thị Lan", "Bien-xanh-310", "1001", "0903551200"},
		{"1001", "Bien-xanh-310", "0903551200", "Nguyễn Thị Lan"},
	} {
		r := read(t, cells(row), Options{})
		if shown := fmt.Sprintf("%+v %s", *r, told(r)); r.Problem(0) == nil || strings.Contains(shown, "Bien-xanh-310") || strings.Contains(shown, "739155") {
			t.Errorf("%q: %s", row, shown)
		}
	}
}

// TestLongExtensionsAreMasked: an extension with as many digits as a PIN is shown in no form.
func TestLongExtensionsAreMasked(t *testing.T) {
	for _, cell := range []string{"739 155", "739-155", "-739155", "739155.0", "7.39155E+05", "7.39155E+110", "73\n9155", "739155/739156", "+739155", "739.155.739.155.1"} {
		for _, column := range []string{"extension_number", "extension_id"} {
			r := read(t, "name,phone,password,"+column+"\nLan,0903551200,Bien-xanh-310,\""+cell+"\"\n", Options{})
			if text := told(r); r.Problem(0) == nil || strings.Contains(text, "739") || strings.Contains(text, "39155") {
				t.Errorf("%s %q: %s", column, cell, text)
			}
		}
	}
}

// TestShiftedCellsOfWhoIsDone: their name is in the result, and what stands in its cell now may be a password.
func TestShiftedCellsOfWhoIsDone(t *testing.T) {
	r := read(t, header+"Sale-HN-01,0903551200,Bien-xanh-310,1301234567890123457,phòng 3\n", Options{})
	if name := r.Rows[0].Name; name != "" {
		t.Errorf("%q", name)
	}
	r.Judge(func(int) bool { return true })
	if name := r.Rows[0].Name; name != "" {
		t.Errorf("%q", name)
	}
}

// TestFingerprintsAreOfThisProcess: they cannot be compared with anything.
func TestFingerprintsAreOfThisProcess(t *testing.T) {
	first, again := fingerprint("a"), fingerprint("a")
	if first != again || fingerprint("a") == fingerprint("b") && fingerprint("c") == fingerprint("d") && fingerprint("e") == fingerprint("f") {
		t.Error("they do not tell passwords apart")
	}
}
