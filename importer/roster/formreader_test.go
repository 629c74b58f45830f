package roster

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"etelecom-import/importer/hint"
)

// TestFormsHaveMoreThanPeople gives what forms have besides people: the lines that are told to be none, and those with a problem.
func TestFormsHaveMoreThanPeople(t *testing.T) {
	const (
		full = "STT,Họ và tên,Ngày sinh,SĐT,Mật khẩu,Máy nhánh,Ghi chú\n"
		lan  = "1,Nguyễn Thị Lan,02/01/1990,0903551200,Bien-xanh-310,1001,\n"
		minh = "2,Trần Văn Minh,03/01/1990,0903551201,Bien-xanh-311,1002,\n"
		few  = "name,phone,password,ext\nLan,0903551200,Bien-xanh-310,1001\n"
	)
	for name, c := range map[string]struct{ text, notPeople, problems string }{
		"nothing":                         {full + lan + minh, "[]", "[]"},
		"sum":                             {full + lan + minh + "Tổng cộng: 2,,,,,,\n", "[4]", "[]"},
		"sum in the place of the name":    {full + lan + minh + ",Tổng cộng,,2,,,\n", "[4]", "[]"},
		"sum of all":                      {full + lan + minh + "Tổng số,2,,2,2,2,\n", "[4]", "[]"},
		"sum without a word":              {full + lan + minh + ",,,2,,,\n", "[4]", "[]"},
		"sum, short row":                  {full + lan + minh + "Tổng cộng: 2 người\n", "[4]", "[]"},
		"note":                            {full + lan + minh + "Ghi chú: mật khẩu đổi sau lần đăng nhập đầu; mọi thắc mắc gọi 1001,,,,,,\n", "[4]", "[]"},
		"note with a name before":         {full + lan + minh + ",* Nhân viên mới được bôi vàng,,,,,\n", "[4]", "[]"},
		"date and signature":              {full + lan + minh + ",,,,,\"Hà Nội, ngày 20 tháng 11 năm 2026\",\n,,,,,Người lập biểu,\n,,,,,\"(Ký, ghi rõ họ tên)\",\n\n,,,,,Nguyễn Văn Hùng,\n", "[4 5 6 8]", "[]"},
		"signature under phone":           {full + lan + minh + ",,,Giám đốc,,,\n,,,Nguyễn Văn Hùng,,,\n", "[4 5]", "[]"},
		"signature under password":        {full + lan + minh + ",,,,Kế toán trưởng,,\n,,,,Nguyễn Văn Hùng,,\n", "[4 5]", "[]"},
		"signature under the name":        {full + lan + minh + ",Người lập biểu,,,,,\n,Nguyễn Văn Hùng,,,,,\n", "[4 5]", "[]"},
		"two signatures":                  {full + lan + minh + ",Người lập biểu,,Giám đốc,,,\n,(Đã ký),,(Đã ký),,,\n,Nguyễn Văn Hùng,,Trần Hoa,,,\n", "[4 5 6]", "[]"},
		"text in an ignored column":       {full + lan + minh + ",,,,,,Hết danh sách\n", "[4]", "[]"},
		"blank rows between":              {full + lan + minh + ",,,,,,\n\nTổng cộng: 2,,,,,,\n,,,,,,\n", "[6]", "[]"},
		"page number":                     {full + lan + minh + ",Trang 1/2,,,,,\n", "[4]", "[]"},
		"English":                         {few + "Total: 1,,,\nPrepared by,,,\nJohn Smith,,,\n", "[3 4 5]", "[]"},
		"end":                             {few + "--- END ---,,,\n", "[3]", "[]"},
		"a name without a number":         {full + lan + minh + ",Lê Hoa,,,,,\n", "[4]", "[]"},
		"a name with a number":            {full + lan + minh + "3,Lê Hoa,,,,,\n", "[]", "[4]"},
		"a name with a number, then sums": {full + lan + minh + "3,Lê Hoa,,,,,\nTổng cộng,,,3,,,\n", "[5]", "[4]"},
		"a name, and no numbers":          {few + "Lê Hoa,,,\n", "[]", "[3]"},
		"a name, no numbers, then sums":   {few + "Lê Hoa,,,\nTổng cộng: 2,,,\n", "[4]", "[3]"},
		"a name and a password":           {few + "Lê Hoa,,matkhau,\n", "[]", "[3]"},
		"a name and a phone":              {few + "Lê Hoa,0903551201,,\n", "[]", "[3]"},
		"a name and a short phone":        {few + "Lê Hoa,0903,,\n", "[]", "[3]"},
		"a name and an extension":         {few + "Lê Hoa,,,1002\n", "[]", "[3]"},
		"an extension alone":              {few + ",,,1002\n", "[]", "[3]"},
		"a word for a phone":              {few + "Lê Hoa,chưa có,,\n", "[]", "[3]"},
		"a sum among people":              {full + lan + "Tổng cộng: 1,,,,,,\n" + minh, "[3]", "[]"},
		"a name among people":             {full + lan + ",Lê Hoa,,,,,\n" + minh, "[]", "[3]"},
		"a department among people":       {full + lan + "Phòng kinh doanh,,,,,,\n" + minh, "[3]", "[]"},
		"departments":                     {full + "I,PHÒNG KINH DOANH,,,,,\n" + lan + ",Bộ phận Kho,,,,,\n" + minh + "\"Chi nhánh Hà Nội, tầng 2\",,,,,,\n", "[2 4 6]", "[]"},
		"departments, no numbers":         {few + "Tổ 1,,,\n\nSales Department,,,\nMinh,0903551201,Bien-xanh-311,1002\n", "[3 5]", "[]"},
		"departments, in their column":    {"Phòng ban,name,phone,password,ext\nPhòng Kinh doanh,,,,\n,Lan,0903551200,Bien-xanh-310,1001\nBan Giám đốc,,,,\n,Minh,0903551201,Bien-xanh-311,1002\n", "[2 4]", "[]"},
		"a name in the department column": {"Phòng ban,name,phone,password,ext\nKho,Lan,0903551200,Bien-xanh-310,1001\nMinh,,,,\nKho,Hoa,0903551201,Bien-xanh-311,1002\n", "[3]", "[]"},
		"no departments":                  {few + "Ban,,,\nNguyễn Ban,,,\nTô Thị Lan,,,\nBan Thị Hoa,,,\nPhong Vũ,,,\nPhòng,,,\nTrung Tâm,,,\nTổ trưởng Lan,,,\nTố Nga,,,\n", "[]", "[3 4 5 6 7 8 9 10 11]"},
		"a department with a number":      {full + lan + "2,Phòng kinh doanh,,,,,\n" + minh, "[]", "[3]"},
		"a department with a password":    {few + "Phòng kinh doanh,,matkhau,\nMinh,0903551201,Bien-xanh-311,1002\n", "[]", "[3]"},
		"a department with a phone":       {few + "Phòng kinh doanh,0903551201,Bien-xanh-311,1002\n", "[]", "[]"},
		"a department and a person":       {few + "Lê Hoa,,,\nPhòng kinh doanh,,,\nMinh,0903551201,Bien-xanh-311,1002\n", "[4]", "[3]"},
		"job under phone":                 {full + lan + minh + ",,,Kế toán,,,\n,,,\"(Ký, ghi rõ họ tên)\",,,\n,,,Nguyễn Văn Hùng,,,\n", "[4 5 6]", "[]"},
		"three signatures":                {full + lan + minh + ",,,Người lập biểu,Kế toán,Giám đốc,\n,,,(Ký),(Ký),\"(Ký, đóng dấu)\",\n,,,Nguyễn Văn Hùng,Trần Hoa,Lê Tú,\n", "[4 5 6]", "[]"},
		"signatures under a date":         {full + lan + minh + ",,,,\"Hà Nội, ngày 1 tháng 11 năm 2026\",,\n,Người lập,,,Thủ quỹ,,\n,Nguyễn Văn Hùng,,,Trần Hoa,,\n", "[4 5 6]", "[]"},
		"date without quotes":             {full + lan + minh + ",,,Hà Nội, ngày 1 tháng 11 năm 2026,,\n,,,Giám đốc,,,\n", "[4 5]", "[]"},
		"place and date":                  {full + lan + minh + ",,,\"TP. HCM, 01/11/2026\",,,\n,,,Hà Nội ngày 1/11/2026,,,\n,,,Duyệt,,,\n", "[4 5 6]", "[]"},
		"a date for the password":         {few + "Lê Hoa,,02/01/1990,\n", "[]", "[3]"},
		"departments with ornaments":      {full + "I. Phòng Kinh doanh (2 người),,,,,,\n" + lan + "*** BỘ PHẬN KHO ***,,,,,,\n" + minh + ",- Nhóm Hà Nội,,,,,\n", "[2 4 6]", "[]"},
		"a person below a signature":      {full + lan + ",,,Giám đốc,,,\n" + minh, "[]", "[3]"},
		"a phone below a signature":       {full + lan + minh + ",,,Giám đốc,,,\n,Lê Hoa,,0903,matkhau,,\n", "[]", "[4 5]"},
		"a job in place of the phone":     {few + "Lê Hoa,Kế toán,,\n", "[]", "[3]"},
		"no phone, words for the rest":    {few + "Lê Hoa,chưa có,matkhau,không\n", "[]", "[3]"},
		"names like totals":               {few + "Tống Công Minh,,,\nChu Kỳ Anh,,,\nThu Quý,,,\nLưu Ý Nhi,,,\nCông,,,\n", "[]", "[3 4 5 6 7]"},
		"totals in capitals":              {few + "TỔNG CỘNG,,,\n", "[3]", "[]"},
		"totals without accents":          {few + "tong cong: 12,,,\n", "[3]", "[]"},
		"a given name":                    {few + "Trang,,,\n", "[]", "[3]"},
		"a given name, page":              {few + "Page,,,\n", "[]", "[3]"},
		"pages":                           {few + "Page 1 of 2,,,\nTrang 1,,,\n", "[3 4]", "[]"},
		"numbers of the columns":          {full + "(1),(2),(3),(4),(5),(6),(7)\n" + lan + minh, "[2]", "[]"},
		"numbers of the columns, plain":   {full + "1,2,3,4,5,6,7\n" + lan + minh, "[2]", "[]"},
		"letters of the columns":          {full + "A,B,C,D,E,F,G\n" + lan + minh, "[2]", "[]"},
		"letters and numbers":             {full + "A,B,C,1,2,3,4\n" + lan + minh, "[2]", "[]"},
		"numbers with a sum":              {full + "1,2,,3,4,5=3+4,\n" + lan + minh, "[2]", "[]"},
		"numbers of few columns":          {"name,phone,password,ext\n[1],[2],[3],[4]\nLan,0903551200,Bien-xanh-310,1001\n", "[2]", "[]"},
		"numbers, but not below":          {full + lan + "(1),(2),(3),(4),(5),(6),(7)\n" + minh, "[]", "[3]"},
		"no numbers: not in order":        {full + "3,2,,1,7,4,\n" + lan + minh, "[]", "[2]"},
		"header again":                    {full + lan + full + minh, "[3]", "[]"},
		"header again, in capitals":       {full + lan + strings.ToUpper(full) + minh, "[3]", "[]"},
		"header again at once":            {full + full + lan + minh, "[2]", "[]"},
		"sum and header again":            {full + lan + "Tổng cộng,,,1,,,\n" + full + minh, "[3 4]", "[]"},
		"titles in another language":      {full + "No.,Full name,Date of birth,Phone,Password,Ext,Note\n" + lan + minh, "[2]", "[]"},
		"titles of a divided column":      {"STT,Họ và tên,,SĐT,Mật khẩu,Máy nhánh\n,Họ đệm,Tên,,,\n1,Lan,,0903551200,Bien-xanh-310,1001\n", "[2]", "[]"},
		"titles the other way round":      {"STT,Họ và tên,,SĐT,Mật khẩu,Máy nhánh\n,Tên,Họ đệm,,,\n1,Lan,,0903551200,Bien-xanh-310,1001\n", "[]", "[2]"},
		"a name in small letters":         {few + "hoa,,,\n", "[]", "[3]"},
		"header again, in other words":    {few + "Họ và tên,SĐT,Mật khẩu,Máy nhánh\n", "[3]", "[]"},
		"no people":                       {full + "Tổng cộng: 0,,,,,,\n", "[2]", "[]"},
		"no people, no form":              {full, "[]", "[]"},
	} {
		r := read(t, c.text, Options{})
		var problems []int
		for i, row := range r.Rows {
			if r.Problem(i) != nil {
				problems = append(problems, row.Line)
			}
		}
		if got := fmt.Sprint(r.Dialect.NotPeople); got != c.notPeople {
			t.Errorf("%s: lines %s are not people, want %s", name, got, c.notPeople)
		}
		if got := fmt.Sprint(problems); got != c.problems {
			t.Errorf("%s: lines %s have problems, want %s", name, got, c.problems)
		}
		if text := told(r); strings.Contains(text, "Bien-xanh") || strings.Contains(text, "Hùng") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestDoubtfulRows: what is below the people and may be one of them is told apart from what is certainly none.
func TestDoubtfulRows(t *testing.T) {
	const head = "STT,name,phone,password,ext\n1,Lan,0903551200,Bien-xanh-310,1001\n"
	for row, doubtful := range map[string]bool{
		",Lê Hoa,,,": true, ",Hoa 2,,,": true, ",Nguy?n Hoa,,,": true, ",nguyễn hoa,,,": true, ",Kế toán,,,": true,
		",* Nhân viên mới được bôi vàng,,,": false, ",Ghi chú: không,,,": false, "Tổng cộng: 1,,,,": false, ",,1,,": false, ",,,,,,x": false, "x,,,,": false,
		",Phòng Kinh doanh,,,": false, ",Mật khẩu được đổi sau lần đăng nhập đầu tiên,,,": false, ",Giám đốc,,,\n,Lê Hoa,,,": false, ",,Giám đốc,,\n,,Lê Hoa,,": false,
	} {
		r := read(t, head+row+"\n", Options{})
		if got := len(r.Dialect.Doubtful) > 0; got != doubtful || len(r.Rows) != 1 && row != ",,,,,,x" {
			t.Errorf("%s: %v", row, told(r))
		}
	}
}

// TestMuchBelowThePeopleIsPeople: a form does not end with a hundred rows.
func TestMuchBelowThePeopleIsPeople(t *testing.T) {
	r := read(t, "stt,name,phone,password,ext\n1,Lan,0903551200,Bien-xanh-310,1001\n"+strings.Repeat(",Hoa,,,\n", 2*maxPending), Options{})
	if people, rest := len(r.Rows), len(r.Dialect.NotPeople); people+rest != 2*maxPending+1 || people < maxPending {
		t.Errorf("%d people, and %d others", people, rest)
	}
}

// TestNoLineVanishes: every line of a file is the header, above it, a row, blank, or told to be none.
func TestNoLineVanishes(t *testing.T) {
	rows := []string{
		"1,Nguyễn Thị Lan,0903551%03d,Bien-xanh-310,1%03d", ",Lê Hoa,,,", "7,Lê Hoa,,,", "Tổng cộng: 12,,,,", ",,,Người lập biểu,", ",,,,", "", ",,12,,", "(1),(2),(3),(4),(5)",
		"STT,Họ và tên,SĐT,Mật khẩu,Máy nhánh", "Ghi chú: không", ",Trần Văn Minh,0903", "a,b,c,d,e,f,g", ",Phòng kinh doanh,,,", ",,,,1001", ",,,secret,", " , ,", "1,2,3,4,5",
		"Kho,,,,", "II,Kho,,,", "III,Lê Hoa,0903551997,,", "8,,,,", "*,*,*,*,*", ",Cộng: 1 người,,,", "Hỗ trợ: 0903551999,,,,", ",Hotline:,0903551998,,", "Lan 0903551996,,,,", ",Hoa 0903551995,,,",
	}
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom(rows), 0, 30).Draw(t, "lines")
		var b bytes.Buffer
		above := rapid.SampledFrom([]string{"", "CÔNG TY HOA SEN\n", "DANH SÁCH NHÂN VIÊN,,,,\n\n"}).Draw(t, "above")
		b.WriteString(above + "STT,Họ và tên,SĐT,Mật khẩu,Máy nhánh\n")
		for i, line := range lines {
			if strings.Contains(line, "%") {
				line = fmt.Sprintf(line, i, i)
			}
			b.WriteString(line + "\n")
		}
		r, err := Read(bytes.NewReader(b.Bytes()), Options{})
		if err != nil {
			t.Fatal(err)
		}
		isOfAll := func(line int) bool { return slices.Contains(r.Dialect.NotPeople, line) }
		if d := &r.Dialect; !slices.IsSorted(d.NotPeople) || slices.ContainsFunc(d.Doubtful, func(line int) bool { return !isOfAll(line) }) {
			t.Fatalf("%v, of which %v are doubtful", d.NotPeople, d.Doubtful)
		}
		for i, line := range strings.Split(b.String(), "\n") {
			isTold := slices.Contains(r.Dialect.Doubtful, i+1) || !slices.Contains(r.Dialect.NotPeople, i+1)
			isSomebody := strings.Contains(line, "0903551") || strings.HasSuffix(line, ",1001")
			if isSomebody && !isTold {
				t.Fatalf("line %d has a phone or an extension, and is told to be nobody: %s", i+1, b.Bytes())
			}
		}
		told := 0
		for _, s := range r.Dialect.Skipped() {
			told += s.Rows
		}
		skipped := strings.Count(strings.ReplaceAll(above, "\n\n", "\n"), "\n")
		if want := skipped + len(r.Dialect.NotPeople); told != want {
			t.Fatalf("%d lines are told, want %d", told, want)
		}
		if got, want := 1+skipped+len(r.Rows)+r.Dialect.Blank+len(r.Dialect.NotPeople), bytes.Count(b.Bytes(), []byte("\n")); got != want {
			t.Fatalf("%d lines, want %d: %d rows, %d blank, %v\n%s", got, want, len(r.Rows), r.Dialect.Blank, r.Dialect.NotPeople, b.Bytes())
		}
	})
}

// TestAnotherHeader: what is below a header with other columns would be read into the wrong fields.
func TestAnotherHeader(t *testing.T) {
	const full = "STT,Họ và tên,Ngày sinh,SĐT,Mật khẩu,Máy nhánh,Ghi chú\n1,Lan,,0903551200,Bien-xanh-310,1001,\n"
	for _, header := range []string{
		"STT,Họ và tên,Ngày sinh,Mật khẩu,SĐT,Máy nhánh,Ghi chú\n",
		"STT,Họ và tên,Ngày sinh,SĐT,Máy nhánh,Mật khẩu,Ghi chú\n",
		"Phòng,STT,Họ và tên,Họ và tên,SĐT,Mật khẩu,Máy nhánh\n",
		"Name,Full name,,Phone,Ext,Password,\n",
	} {
		_, err := Read(strings.NewReader(full+header+"2,Minh,,0903551201,123456,1002,\n"), Options{})
		if err == nil || !strings.Contains(err.Error(), "line 3: this is another header") || hint.Of(err) == "" {
			t.Errorf("%s: %v", header, err)
		}
	}
	const people = "name,phone,password,extension\nLan,0903551200,Bien-xanh-310,1001\n"
	for _, row := range []string{"Mật Khẩu,chưa có,phone,1002\n"} { // one of strange names, not of titles
		if _, err := Read(strings.NewReader(people+row), Options{}); err != nil {
			t.Errorf("%s: %v", row, err)
		}
	}
}
