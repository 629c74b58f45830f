package csvtext

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/unicode"

	"etelecom-import/importer/hint"
)

// options are those of files with columns called a, b and c.
func options() Options {
	return Options{
		Header: func(cells []string) (n int) {
			for _, c := range cells {
				if slices.Contains([]string{"a", "b", "c"}, strings.TrimRight(c, ",;")) {
					n++
				}
			}
			return n
		},
		Enough: 3, Least: 3, MaxCell: 1 << 10, MaxRecord: 4 << 10,
	}
}

// read reads a file as a program does that gets its text from here.
func read(in io.Reader, o Options) (*Reader, [][]string, error) {
	text, err := NewReader(in, o)
	if err != nil {
		return nil, nil, err
	}
	r := csv.NewReader(text)
	r.Comma = text.Comma()
	records, err := r.ReadAll()
	return text, records, err
}

// row is a row that was passed on.
type row struct {
	line  int
	cells []string
}

// readRows is read, with the lines of the rows.
func readRows(in io.Reader, o Options) (*Reader, []row, error) {
	text, err := NewReader(in, o)
	if err != nil {
		return nil, nil, err
	}
	r := csv.NewReader(text)
	r.Comma = text.Comma()
	var rows []row
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return text, rows, nil
		}
		if err != nil {
			return text, rows, err
		}
		line, _ := r.FieldPos(0)
		rows = append(rows, row{line, cells})
	}
}

func utf16(t testing.TB, order unicode.Endianness, s string) string {
	out, err := unicode.UTF16(order, unicode.IgnoreBOM).NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestHowAFileWasSaved(t *testing.T) {
	const text = "a,b,c\nĐào,2,3\n"
	for _, c := range []struct{ name, text, encoding, delimiter string }{
		{"plain", text, "UTF-8", "comma"},
		{"byte order mark", "\ufeff" + text, "UTF-8 with a byte order mark", "comma"},
		{"UTF-16LE", "\xff\xfe" + utf16(t, unicode.LittleEndian, text), "UTF-16LE with a byte order mark", "comma"},
		{"UTF-16BE", "\xfe\xff" + utf16(t, unicode.BigEndian, text), "UTF-16BE with a byte order mark", "comma"},
		{"semicolons", "a;b;c\nĐào;2;3\n", "UTF-8", "semicolon"},
		{"tabs, quotes", "\"a\"\t\"b\"\t\"c\"\r\n\"Đào\"\t\"2\"\t\"3\"\r\n", "UTF-8", "tab"},
		{"pipes", "a|b|c\nĐào|2|3", "UTF-8", "pipe"},
		{"sep=", "sep=;\r\na;b;c\r\nĐào;2;3\r\n", "UTF-8", "semicolon"},
		{"blank rows", ";;\n\na;b;c\n; ;\nĐào;2;3\n\n", "UTF-8", "semicolon"},
		{"most known columns", "a;b;\"c,d,e,f,g\"\nĐào;2;3\n", "UTF-8", "semicolon"},
		{"line breaks in the header", "\"a\nx\"|\"b\r\n(x, y, z)\"|c\nĐào|2|3\n", "UTF-8", "pipe"},
	} {
		for _, lenient := range []bool{false, true} {
			for _, in := range []io.Reader{strings.NewReader(c.text), iotest.OneByteReader(strings.NewReader(c.text)), iotest.DataErrReader(strings.NewReader(c.text))} {
				o := options()
				o.Lenient = lenient
				r, records, err := read(in, o)
				if err != nil {
					t.Errorf("%s: %v", c.name, err)
					continue
				}
				if r.Encoding() != c.encoding || r.Delimiter() != c.delimiter || len(records) != 2 || fmt.Sprint(records[1]) != "[Đào 2 3]" {
					t.Errorf("%s: %s, %s, %q", c.name, r.Encoding(), r.Delimiter(), records)
				}
			}
		}
	}
}

// TestRefused: what refuses a file, and what refuses it if the reader is lenient; "" if nothing does.
func TestRefused(t *testing.T) {
	const head = "a,b,c\n"
	for _, c := range []struct{ name, text, strict, lenient string }{
		{"not UTF-8", head + "1,\xf2,3\n", "line 2, column 3: the file is not UTF-8", ""},
		{"NUL", head + "1,\x00,3\n" + strings.Repeat("1,2,3\n", 9), "line 2, column 3: a NUL byte", ""},
		{"lone CR", head + "1,2\r2,3\n", "line 2, column 4: a carriage return", ""},
		{"CR at the end", head + "1,2,3\r", "line 2, column 6: a carriage return", ""},
		{"CR behind a quote at the end", head + "1,2,\"3\"\r", "line 2, column 8: a carriage return", ""},
		{"half a pair", "\xff\xfe" + utf16(t, unicode.LittleEndian, head+"1,") + "\x00\xd8" + utf16(t, unicode.LittleEndian, ",3\n"), "line 2, column 3: a character that does not exist", ""},
		{"half a character", "\xff\xfe" + utf16(t, unicode.LittleEndian, head+"1,2,3\n") + "x", "after line 2: the file ends within a character", "after line 2: the file ends within a character"},
		{"UTF-16 without a mark", utf16(t, unicode.LittleEndian, head), "looks like UTF-16 without a byte order mark", "wrong number of fields"},
		{"stray quote", head + "1,2\"2,3\n", "line 2, column 4: a stray quote", "line 2, column 4: a stray quote"},
		{"open quote", head + "1,\"2,3\n", "line 2, column 3: a quote is opened here and never closed", "line 2, column 3: a quote is opened here and never closed"},
		{"swallowed row", head + "1,\"2,3\n1,2\",3\n", "line 2, column 3: a quote is opened here and closed on line 3", "line 2, column 3: a quote is opened here and closed on line 3"},
		{"note of two lines", head + "1,\"2, 3\n4\",3\n", "", ""},
		{"large cell", head + "1," + strings.Repeat("2", 1100) + ",3\n", "line 2, column 3: the cell is larger than 1 KiB", "line 2, column 3: the cell is larger than 1 KiB"},
		{"large quoted cell", head + "1,\"" + strings.Repeat("2", 1100) + "\",3\n", "line 2, column 3: the quote that is opened here is not closed within 1 KiB", "not closed within 1 KiB"},
		{"long row", head + strings.Repeat("1,", 2100) + "\n", "line 2: the row is longer than 4 KiB", "line 2: the row is longer than 4 KiB"},
		{"very long row", head + strings.Repeat("Đ", 100_000) + "\n", "line 2: the row is longer than 4 KiB", "line 2: the row is longer than 4 KiB"},
		{"formula", head + "1,=\"2\",=\"\"\n", "", ""},
		{"short row", head + "1,2\n", "", "wrong number of fields"},
	} {
		for lenient, want := range map[bool]string{false: c.strict, true: c.lenient} {
			o := options()
			o.Lenient = lenient
			_, _, err := read(strings.NewReader(c.text), o)
			var bad *Error
			if errors.As(err, &bad) && hint.Of(err) == "" {
				t.Errorf("%s: %v, and no hint", c.name, err)
			}
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s (lenient: %v): %v, want %q", c.name, lenient, err, want)
			}
		}
	}
}

// shown returns rows as their line, their cells and whether they are cut.
func shown(rows []Ragged) string {
	all := []string{}
	for _, r := range rows {
		all = append(all, fmt.Sprintf("{%d %d %v}", r.Line, r.Cells, r.Cut))
	}
	return fmt.Sprint(all)
}

func TestRaggedRows(t *testing.T) {
	for _, c := range []struct{ text, rows, ragged string }{
		{"a,b,c\n1,2\n1,2,3\n\n,,\n1,2,3,4\n", "[1 2 ] [1 2 3]", "[{6 4 false}]"},
		{"a,b,c\n1\n1,2,3,,,\n1,2,3,\n,2, ,\u00a0, \n", "[1  ] [1 2 3] [1 2 3] [ 2  ]", "[]"},
		{"a,b,c\n\"1\"\n\"1\",2,3,\"\n\"\n1,2,\"3\",\"\"\n\"1\",,\"\",\n", "[1  ] [1 2 3] [1 2 3] [1  ]", "[]"},
		{"a,b,c\n1,2,3,,5,\n\"1\",2,3,,5,\"\"\n", "", "[{2 5 false} {3 5 false}]"},
		// A comma between words moves cells.
		{"a,b,c\nx, y,2,\n1,2,3,\n", "[1 2 3]", "[{2 4 false}]"},
		{"a, b, c\nx, y, 2,\n", "[x  y  2]", "[]"},
		// A file that is cut.
		{"a,b,c\n1,2,3\n1,2", "[1 2 3]", "[{3 2 true}]"},
		{"a,b,c\n1,2,3\n1,\"2\"", "[1 2 3]", "[{3 2 true}]"},
		{"a,b,c\n1,2,3\n1,2\n1,2", "[1 2 3] [1 2 ] [1 2 ]", "[]"},
		{"a,b,c\n1,2", "[1 2 ]", "[]"},
		{"a,b,c\n1,2,3\n1,2\n", "[1 2 3] [1 2 ]", "[]"},
		// Notes of several lines at the end of a row.
		{"a,b,c,d\n1,\"2\n3, 4\"\n1,2,\"3\n4\",,,\n", "[1 2\n3, 4  ] [1 2 3\n4 ]", "[]"},
	} {
		r, rows, err := readRows(strings.NewReader(c.text), options())
		var got []string
		for _, row := range rows[min(1, len(rows)):] {
			got = append(got, fmt.Sprint(row.cells))
		}
		ragged := "[]"
		if err == nil {
			ragged = shown(r.Ragged(1 << 30))
		}
		if err != nil || strings.Join(got, " ") != c.rows || ragged != c.ragged {
			t.Errorf("%q: %s %s, %v", c.text, strings.Join(got, " "), ragged, err)
		}
	}
}

func TestRowsInTheFile(t *testing.T) {
	r, records, err := read(strings.NewReader("a,b,c\n1,2\n1,2,3\n\n,,\n1,2,3,4\n1,2,3,,\n"), options())
	if err != nil || len(records) != 4 || r.Blank() != 2 {
		t.Fatalf("%q, %d, %v", records, r.Blank(), err)
	}
	if got := shown(r.Ragged(6)) + shown(r.Ragged(100)) + shown(r.Ragged(100)); got != "[][{6 4 false}][]" {
		t.Error(got)
	}
	if got := fmt.Sprint(r.Cells(1), r.Cells(2), r.Cells(3), r.Cells(7), r.Cells(8)); got != "3 2 3 5 3" {
		t.Error(got)
	}
}

func TestReadingErrorsAreRepeated(t *testing.T) {
	broken := errors.New("the disk is broken")
	once := io.MultiReader(strings.NewReader("a,b,c\n1,2,3\n"), iotest.ErrReader(broken), strings.NewReader("4,5,6\n"))
	if _, records, err := read(once, options()); !errors.Is(err, broken) {
		t.Errorf("%q, %v", records, err)
	}
}

func TestAhead(t *testing.T) {
	text := "a,b,c\n" + strings.Repeat("1,2,3\n", 99_999)
	o := options()
	o.Size = int64(len(text))
	r, err := NewReader(strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	half := make([]byte, len(text)/2)
	if _, err := io.ReadFull(r, half); err != nil {
		t.Fatal(err)
	}
	if got := r.Ahead(int64(len(half))); got < 0.95 || got > 1.05 {
		t.Errorf("%v of the first half is ahead", got)
	}
}
