package csvtext

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"

	"etelecom-import/importer/hint"
)

// options are those of files with columns called a, b and c.
func options() Options {
	return Options{
		Known:   func(cell string) bool { return slices.Contains([]string{"a", "b", "c"}, strings.Trim(cell, `"`)) },
		MaxCell: 1 << 10, MaxRecord: 4 << 10,
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

func TestRaggedRowsAreKeptApart(t *testing.T) {
	r, records, err := read(strings.NewReader("a,b,c\n1,2\n1,2,3\n\n,,\n1,2,3,4\n"), options())
	if err != nil || len(records) != 2 || r.Blank() != 2 {
		t.Fatalf("%q, %d, %v", records, r.Blank(), err)
	}
	if got := fmt.Sprint(r.Ragged(5), r.Ragged(100), r.Ragged(100)); got != "[{2 2}] [{6 4}] []" {
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

// FuzzReader compares with what a csv.Reader alone reads: whatever is accepted is read in the same way.
func FuzzReader(f *testing.F) {
	for _, s := range []string{
		"a,b,c\n1,\"2\n2\",3\n,,\nx\n", "sep=;\na;b;c\n\"1\";2;\"\"\n", "a,b,c\r\n\"1\"\"\",2,3\r\n", "\"a\",b\n\"1\n2\",\n", "a\n\"\"\n\" \"\n", "\r\r",
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, lenient bool) {
		o := options()
		o.Lenient = lenient
		r, records, err := read(bytes.NewReader(text), o)
		if err != nil || bytes.Contains(text, []byte(`="`)) || strings.HasPrefix(r.Encoding(), "UTF-16") {
			return
		}
		if !lenient && !utf8.Valid(text) {
			t.Fatal("it is not UTF-8")
		}
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
		if line, rest, _ := bytes.Cut(text, []byte("\n")); separatorLine(line) != 0 {
			text = rest
		}
		plain := csv.NewReader(bytes.NewReader(text))
		plain.Comma, plain.FieldsPerRecord = r.Comma(), -1
		want, err := plain.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		ragged := map[int]bool{}
		for _, row := range r.Ragged(1 << 30) {
			ragged[row.Line] = true
		}
		want = slices.DeleteFunc(want, func(cells []string) bool {
			return strings.Trim(strings.Join(cells, ""), " \t\r\n\u00A0") == ""
		})
		if len(want) != len(records)+len(ragged) {
			t.Fatalf("%d rows and %d ragged ones of %d", len(records), len(ragged), len(want))
		}
		if len(ragged) == 0 && !slices.EqualFunc(want, records, slices.Equal) {
			t.Fatalf("%q, want %q", records, want)
		}
	})
}
