package workbook

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var twoSheets = []Sheet{
	{"Danh sách", []Column{{Title: "Họ và tên", Width: 30}, {Title: "SĐT <&>", Width: 14}}},
	{"Hướng dẫn & \"Guide\"", []Column{{Title: "Cột", Width: 20, Wrap: true}}},
}

// write returns a workbook with rows in its first sheet.
func write(t testing.TB, rows ...[]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, twoSheets...)
	for _, cells := range rows {
		if err := w.Write(cells...); err != nil {
			t.Fatal(err)
		}
	}
	w.Next()
	if err := w.Write("dòng 1\ndòng 2"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWriter(t *testing.T) {
	rows := [][]string{{"Nguyễn Thị Lan", "0903551200"}, {"=1+1", "1.30E+18"}, {"", " 01/02/1990 "}, {"_x000D_", "a\r\nb\x01"}, {"#N/A"}}
	file := write(t, rows...)
	if !bytes.Equal(file, write(t, rows...)) {
		t.Error("the same rows give other bytes")
	}
	const want = `1: [Họ và tên] [SĐT <&>]
2: [Nguyễn Thị Lan] [0903551200]
3: [=1+1] [1.30E+18]
4: [] [ 01/02/1990 ]
5: [_x000D_] [a` + "\r" + `\nb` + "\x01" + `]
6: [#N/A] []
`
	if got := dump(t, open(t, file, Options{Sheet: "Danh sách"})); got != want {
		t.Errorf("%q", got)
	}
	if got := dump(t, open(t, file, Options{Sheet: `Hướng dẫn & "Guide"`})); got != "1: [Cột]\n2: [dòng 1\\ndòng 2]\n" {
		t.Errorf("%q", got)
	}
	if f := Sniff(file); f != ExcelXLSX {
		t.Errorf("the format %d", f)
	}
}

func TestWriterErrors(t *testing.T) {
	w := NewWriter(brokenWriter{}, twoSheets...)
	for range 100_000 {
		_ = w.Write("a")
	}
	if err := w.Close(); err == nil {
		t.Error("the file cannot be written, and nothing is said of it")
	}
	w = NewWriter(&bytes.Buffer{}, twoSheets...)
	w.row = maxRows - 1
	if w.Write("a") != nil || w.Write("a") == nil || w.Close() == nil {
		t.Error("a sheet has more rows than Excel reads")
	}
	long := strings.Repeat("😀", 20000)
	cells, _ := open(t, write(t, []string{long}), Options{Sheet: "Danh sách"}).ReadAll()
	if got := cells[1][0]; utf8.RuneCountInString(got) != longestCell/2 {
		t.Errorf("%d letters", utf8.RuneCountInString(got))
	}
}

// TestWrittenIsRead: every text is read as it was written.
func TestWrittenIsRead(t *testing.T) {
	texts := rapid.OneOf(rapid.String(), rapid.StringMatching(`( |_x[0-9A-Fa-f]{3,4}_|_x005F_|[\r\n\t]|[\x00-\x1F]|&lt;|]]>|<|_){0,6}`))
	rapid.Check(t, func(rt *rapid.T) {
		want := []string{"a", strings.ToValidUTF8(texts.Draw(rt, "text"), "\uFFFD")}
		rows, err := open(t, write(t, want), Options{Sheet: "Danh sách"}).ReadAll()
		if err != nil || strings.Join(rows[1], "|") != strings.Join(want, "|") {
			rt.Fatalf("%q, %v, want %q", rows[1], err, want)
		}
	})
}

func TestColumnNames(t *testing.T) {
	for column, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA", 16383: "XFD"} {
		if got := columnName(column); got != want {
			t.Errorf("%d is %s, want %s", column, got, want)
		}
		if got, _, ok := readReference([]byte(want + "1")); got != column || !ok {
			t.Errorf("%s is read as %d", want, got)
		}
	}
}

// brokenWriter is a disk that is full.
type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errFull }

var errFull = strings.NewReader("").UnreadByte()
