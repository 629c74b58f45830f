package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

// open opens a workbook that must not be refused.
func open(t *testing.T, file []byte, o Options) *Reader {
	t.Helper()
	r, err := Open(bytes.NewReader(file), int64(len(file)), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// refused opens and reads a workbook that must be refused, and returns why.
func refused(t *testing.T, file []byte, o Options) string {
	t.Helper()
	r, err := Open(bytes.NewReader(file), int64(len(file)), o)
	if err == nil {
		defer r.Close()
		_, err = r.ReadAll()
	}
	if refusal := new(Error); !errors.As(err, &refusal) || hint.Of(err) == "" {
		t.Fatalf("not refused: %v; %q", err, hint.Of(err))
	}
	return err.Error() + "; " + hint.Of(err)
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// isList finds the header of the testdata.
func isList(cells []string) bool { return slices.Contains(cells, "Họ và tên") }

// marks are how dump shows kinds.
var marks = map[Kind]string{
	Text: "", Number: "#", Rounded: "#rounded ", Shaped: "#shaped ", Formatted: "#formatted ", Date: "date ", Boolean: "bool ", Failed: "failed ", Uncalculated: "uncalculated",
}

// dump reads all rows and shows their numbers and cells.
func dump(t *testing.T, r *Reader) string {
	t.Helper()
	var b strings.Builder
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			fmt.Fprintf(&b, "%v\n", err)
			return b.String()
		}
		fmt.Fprint(&b, r.Row(), ":")
		for i, text := range cells {
			switch {
			case r.Formula(i):
				text = "=" + marks[r.Kind(i)] + text
			default:
				text = marks[r.Kind(i)] + text
			}
			b.WriteString(" [" + strings.ReplaceAll(text, "\n", `\n`) + "]")
		}
		b.WriteByte('\n')
	}
}

// TestLibreOffice: what LibreOffice writes is read in the same way from each kind of file.
func TestLibreOffice(t *testing.T) {
	const want = `1: [DANH SÁCH NHÂN VIÊN] [] [] [] [] []
4: [Họ và tên] [SĐT] [Mật khẩu] [Số máy nhánh] [Ghi chú] [Mã]
5: [Nguyễn Thị Lan] [0903551200] [ Bien   xanh & <310>] [#1001] [dòng 1\ndòng 2] [#rounded 1301234567890120000]
6: [Trần Văn Minh] [#shaped 0903551201] [#250919310] [#1002] [#formatted 0.5] [#formatted 250919000000]
7: [Lê Thị Nghỉ] [0903551202] [Bien-xanh-312] [#1003] [] []
8: [Phạm Văn Lọc] [0903551203] [Bien-xanh-313  ] [#1004] [] []
9: [=Hoàng Anh] [=failed #N/A] [date 1990-02-01] [=#1005] [date 2026-02-01 08:30:00] [bool TRUE]
10: [Đặng Thị Hoa] [#shaped 903551205] [#shaped 250919] [#106] [#0.1] [date 08:30:00]
11: [Vũ Bảy] [#903551206] [=] [#123456789012345] [] [=failed #DIV/0!]
`
	for _, name := range []string{"employees.xlsx", "employees.xlsm", "employees.ods"} {
		r := open(t, testdata(t, name), Options{Header: isList, HiddenRows: ReadHidden})
		if got := dump(t, r); got != want {
			t.Errorf("%s:\n%s", name, got)
		}
		if r.Sheet() != "Nhân viên" || r.Header() != 4 || r.Blank() != 2 || !slices.Equal(r.Hidden(), []int{7, 8}) {
			t.Errorf("%s: %q, header %d, %d blank, hidden %v", name, r.Sheet(), r.Header(), r.Blank(), r.Hidden())
		}
		if !r.HiddenColumn(4) || r.HiddenColumn(3) || !slices.Equal(r.Merged(), []Range{{1, 1, 0, 3}}) {
			t.Errorf("%s: merged %v", name, r.Merged())
		}
	}
}

// TestCSVKeepsPace: also where rows are long, and have line breaks and quotes in them.
func TestCSVKeepsPace(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	rows := [][]string{{"a\nb", `"c"`}, {long, "d\n\ne"}, {"", "f"}, {"g", ""}, {"h\r\ni", ",;"}}
	r := open(t, write(t, rows...), Options{Sheet: "Danh sách"})
	c := r.CSV()
	c.ReuseRecord = true
	if _, err := c.Read(); err != nil {
		t.Fatal(err)
	}
	for i, want := range rows {
		want = slices.Clone(want)
		want[0] = strings.ReplaceAll(want[0], "\r\n", "\n")
		got, err := c.Read()
		if err != nil || !slices.Equal(got, want) || r.Row() != i+2 {
			t.Errorf("row %d: %.100q, %v", r.Row(), got, err)
		}
	}
	if got, err := c.Read(); err != io.EOF {
		t.Error(got, err)
	}
}

// TestAhead: how much is still to come shrinks.
func TestAhead(t *testing.T) {
	r := open(t, oneSheet(t, data(strings.Repeat("<row><c><v>1</v></c></row>", 100_000))), Options{})
	last := 1e9
	for n := 0; ; n++ {
		if _, err := r.Read(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if ahead := r.Ahead(); ahead > last {
			t.Fatalf("row %d: %v behind %v", n, ahead, last)
		} else {
			last = ahead
		}
		if n == 50_000 && (last < 0.8 || last > 1.2) {
			t.Errorf("in the middle: %v", last)
		}
	}
	if last > 0.1 {
		t.Error(last)
	}
}
