package csvtext

import (
	"fmt"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

// told returns all that a reader says of the rows behind the header, or why it refuses the file.
func told(text string, o Options) string {
	r, rows, err := readRows(strings.NewReader(text), o)
	if err != nil {
		return fmt.Sprintf("%v; %s", err, hint.Of(err))
	}
	out := r.Delimiter()
	if h := r.Header(); !h.Found {
		return fmt.Sprintf("%s, header perhaps on line %d", out, h.Line)
	}
	for _, row := range rows[1:] {
		out += fmt.Sprintf(" %d:%q", row.line, row.cells)
	}
	if above := r.Above(); len(above) > 0 {
		out += fmt.Sprint("; above ", above)
	}
	if ragged := r.Ragged(1 << 30); len(ragged) > 0 {
		out += fmt.Sprint("; ragged ", ragged)
	}
	for _, repair := range r.Repaired() {
		out += fmt.Sprintf("; %s %d %v", repair.Text, repair.Count, repair.Lines)
	}
	return out
}

func TestHeaderIsFound(t *testing.T) {
	const title, table = "CÔNG TY HOA SEN", "a;b;c\n1;2;3\n"
	for _, c := range []struct{ name, text, want string }{
		{"first", table, `semicolon 2:["1" "2" "3"]`},
		{"below a title", title + "\n" + table, `semicolon 3:["1" "2" "3"]; above [1]`},
		{"below a merged title", title + ";;\n;;\nTháng 11;;\n" + table, `semicolon 5:["1" "2" "3"]; above [1 3]`},
		{"below a title of two cells, comma", title + ", 2026\na,b,c,d\n1,2,3\n1,2,3,4\n", `comma 3:["1" "2" "3" ""] 4:["1" "2" "3" "4"]; above [1]`},
		{"below a version", "version:v1.0,,,\na,b,c,\n1,2,3,\n", `comma 3:["1" "2" "3" ""]; above [1]`},
		{"below comments", "# created by, a, program\n#\n// x\n" + table, `semicolon 5:["1" "2" "3"]; above [1 2 3]`},
		{"below a title in another delimiter", "x, y, z, and more, and more\n" + table, `semicolon 3:["1" "2" "3"]; above [1]`},
		{"below a title with stray quotes", "DANH SÁCH \"NHÂN VIÊN\"\n\"x\n" + table, `semicolon 4:["1" "2" "3"]; above [1 2]`},
		{"below a title of two lines", "\"x\ny\";;\n" + table, `semicolon 4:["1" "2" "3"]; above [1 2]`},
		{"below sep=", "sep=;\n" + title + "\n" + table, `semicolon 4:["1" "2" "3"]; above [2]`},
		{"of two lines", "x\n\"a\";\"b\";\"c\";\"d\n(e, f)\"\n1;2;3;4\n", `semicolon 4:["1" "2" "3" "4"]; above [1]`},
		{"twice below a title", title + "\n" + table + table, `semicolon 3:["1" "2" "3"] 4:["a" "b" "c"] 5:["1" "2" "3"]; above [1]`},
		{"twice below a title, in another delimiter", title + "\n" + table + "a,b,c\n", "semicolon, header perhaps on line 2"},
		{"below half a header", title + "\na;b;c;d\na;b;c;a\n1;2;3;4\n", "semicolon, header perhaps on line 3"},
		{"first and again", table + table, `semicolon 2:["1" "2" "3"] 3:["a" "b" "c"] 4:["1" "2" "3"]`},
		{"below a row", "1;2;3\n" + table, "semicolon, header perhaps on line 2"},
		{"below a row that the caller knows", "-;;\n" + table, "semicolon, header perhaps on line 2"},
		{"below a row that the caller knows, in quotes", "\"-;x\"\n\"a;b;c;d;e\"\n\"1;2;3;4;5\"\n", "semicolon, header perhaps on line 2"},
		{"half a header", title + "\n\na;b;x\n1;2;3\n", "semicolon, header perhaps on line 3"},
		{"none", "1;2;3\n4;5;6\n", "semicolon, header perhaps on line 0"},
		{"nothing", "", "the file is empty"},
		{"on line 20", strings.Repeat("x\n", 19) + table, `semicolon 21:["1" "2" "3"]; above [1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19]`},
		{"on line 21", strings.Repeat("x\n", 20) + table, "comma, header perhaps on line 21"},
		{"below sep= that was filled up", "sep=;,,\na;b;c\n1;2;3\n", `semicolon 3:["1" "2" "3"]`},
		{"CRLF", "x\r\n\r\na;b;c\r\n1;2;3\r\n", `semicolon 4:["1" "2" "3"]; above [1]`},
		{"without quotes for the tab", "a\tb\tc\n1\t2\t3\n", `tab 2:["1" "2" "3"]`},
	} {
		o := options()
		count := o.Header
		o.Header = func(cells []string) int {
			if cells[0] == "-" {
				return -1
			}
			return count(cells)
		}
		if c.text == "" {
			if r, rows, err := readRows(strings.NewReader(c.text), o); err != nil || len(rows) > 0 || r.Header() != (Header{}) {
				t.Errorf("%s: %v, %v", c.name, rows, err)
			}
			continue
		}
		if got := told(c.text, o); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestLenientReaderTakesTheFirstRow: a result has its header on the first line.
func TestLenientReaderTakesTheFirstRow(t *testing.T) {
	o := options()
	o.Lenient = true
	if got := told("x;y\na;b;c\n1;2\n", o); !strings.Contains(got, "wrong number of fields") {
		t.Error(got)
	}
	if got := told("a;b;c,,\n1;2;3,,\n", o); got != `semicolon 2:["1" "2" "3,,"]` {
		t.Error(got)
	}
	o.Header = nil
	if got := told("x;y\n1;2\n", o); got != `semicolon 2:["1" "2"]` {
		t.Error(got)
	}
}

// TestLineBreaksThatAreNone: several rows on one line are refused.
func TestLineBreaksThatAreNone(t *testing.T) {
	for by, name := range map[string]string{
		"\u2028": "the character U+2028", "\u2029": "the character U+2029", "\u0085": "the character U+0085", "\v": "the character U+000B",
		"<br>": "<br>", "<BR />": "<BR />", `\n`: `\n`, `\r\n`: `\r\n`, "&#10;": "&#10;",
	} {
		want := fmt.Sprintf("line 1, column 6: several rows are on this line, with %s between them in place of a line break; put each row on a line of its own", name)
		for _, text := range []string{"a,b,c" + by + "1,2,3", "a,b,c" + by + "1,2,3" + by + "4,5,6" + by} {
			if got := told(text, options()); got != want {
				t.Errorf("%q: %s", text, got)
			}
		}
		if got := told("a,b,c\n"+"1,2,3"+by+"4,5,6", options()); got != strings.Replace(want, "line 1", "line 2", 1) {
			t.Error(got)
		}
		if got := told("x"+by+"a,b,c\n"+"1,2"+by+",3\n", options()); strings.Contains(got, "several rows") {
			t.Error(got)
		}
	}
}
