package csvtext

import (
	"strings"
	"testing"
)

// TestRewrittenFiles: what a program that divides by another delimiter did to a file is undone where all lines agree.
func TestRewrittenFiles(t *testing.T) {
	const again = "; open the file that it was made from, and save that as CSV UTF-8"
	const commas, semicolons = "; the commas at the end of each line were removed: a program had added them ", "; the semicolons at the end of each line were removed: a program had added them "
	const quotes = "; the quotes around each whole line were removed "
	for _, c := range []struct{ name, text, want string }{
		{"filled up", "a;b;c,,,\n1;2;3,,,\n4;5;6,,,\n", `semicolon 2:["1" "2" "3"] 3:["4" "5" "6"]` + commas + "3 [1 2 3]"},
		{"filled up, with commas elsewhere", "a;b;c,,\n1,x;2;3,\n1, x, y;5;6\n7;8;9,,\n", `semicolon 2:["1,x" "2" "3"] 3:["1, x, y" "5" "6"] 4:["7" "8" "9"]` + commas + "3 [1 2 4]"},
		{"filled up, blank rows", "a;b;c,,\n,,\n\n1;2;3,,\n ;;,,\n", `semicolon 4:["1" "2" "3"]` + commas + "4 [1 2 4 5]"},
		{"filled up, several lines", "a;b;c;\"d\nx\",,\n1;2;3;\"4\n5\",,\n", `semicolon 3:["1" "2" "3" "4\n5"]` + commas + "2 [2 4]"},
		{"filled up, title", "x,,\na;b;c,,\n1;2;3,,\n", `semicolon 3:["1" "2" "3"]; above [1]` + commas + "2 [2 3]"},
		{"filled up, CRLF", "a;b;c,\r\n1;2;3,\r\n", `semicolon 2:["1" "2" "3"]` + commas + "2 [1 2]"},
		{"filled up, in quotes", "\"a\";\"b\";\"c\",,\n\"1\";\"2,5\";\"3\",,\n", `semicolon 2:["1" "2,5" "3"]` + commas + "2 [1 2]"},
		{"filled up with tabs", "a,b,c\t\t\n1,2,3\t\t\n", `comma 2:["1" "2" "3"]; the tabs at the end of each line were removed: a program had added them 2 [1 2]`},
		{"one at each end", "a,b,c;\n1,2,3;\n4,x;y,6;\n", `comma 2:["1" "2" "3"] 3:["4" "x;y" "6"]` + semicolons + "3 [1 2 3]"},
		{"last line has none", "a,b,c;\n1,2,3;\n4,5,6\n", "line 3: a program that divides by semicolons has changed this file: the header ends in 1 of them, and this line in another number" + again},
		{"a line has more", "a;b;c,,\n1;2;3,,\n4;5;6,,,\n", "line 3: a program that divides by commas has changed this file: the header ends in 2 of them, and this line in another number" + again},
		{"a line has less", "a;b;c,,\n1;2;3,,\n4;5;6,\n", "line 3: a program that divides by commas has changed this file: the header ends in 2 of them, and this line in another number" + again},
		{"at the header alone", "a;b;c,\n1;2;3\n4;5;6\n", ""},
		{"at rows alone", "a;b;c\n1;2;3,,\n4;5;6,,\n", `semicolon 2:["1" "2" "3,,"] 3:["4" "5" "6,,"]`},
		{"in quotes", "\"a\",\"b\",\"c;\"\n\"1\",\"2\",\"3;\"\n", "line 1: a program that divides by semicolons has changed this file: they are inside the quotes at the end of each line" + again},

		{"whole lines", "\"a;b;c\"\n\"1;2;3\"\n\n\"\"\n\"4;5\"\n", `semicolon 2:["1" "2" "3"] 5:["4" "5" ""]` + quotes + "4 [1 2 4 5]"},
		{"whole lines, comma", "\"a,b,c\"\n\"1,2,3\"\n", `comma 2:["1" "2" "3"]` + quotes + "2 [1 2]"},
		{"whole lines with quotes inside", "\"\"\"a\"\";\"\"b\"\";c\"\r\n\"1;\"\"2;\"\"\"\"x\"\"\"\"\"\";3\"\r\n", `semicolon 2:["1" "2;\"x\"" "3"]` + quotes + "2 [1 2]"},
		{"whole lines, filled up", "\"a;b;c\",,\n\"1;2,5;3\",,\n", `semicolon 2:["1" "2,5" "3"]` + commas + "2 [1 2]" + quotes + "2 [1 2]"},
		{"whole lines below a title", "x\n\"a;b;c\"\n\"1;2;3\"\n", `semicolon 3:["1" "2" "3"]; above [1]` + quotes + "2 [2 3]"},
		{"whole lines, but one", "\"a;b;c\"\n\"1;2;3\"\n4;5;6\n", "line 3: the header as a whole is in quotes, and this line is not" + again},
		{"whole lines, but one in quotes itself", "\"a;b;c\"\n\"1;\"2\";3\"\n", "line 2: the header as a whole is in quotes, and this line is not" + again},
		{"whole lines, open", "\"a;b;c\"\n\"1;2;3\n4;5;6\"\n", "line 2: the header as a whole is in quotes, and this line is not" + again},
		{"one whole line", "a;b;c\n1;2;3\n\"4;\"\"5\"\";6\"\n", "line 3: this line as a whole is in quotes, and the header is not" + again},
		{"a note in quotes", "a;b;c\n1;2;3\n\"4;5\"\n", `semicolon 2:["1" "2" "3"] 3:["4;5" "" ""]`},
		{"other delimiter below", "a;b;c\n1,2,3\n", "line 2: this line is divided by commas, and the header by semicolons" + again},
		{"other delimiter below, tab", "a,b,c\n1\t2\t3\n", "line 2: this line is divided by tabs, and the header by commas" + again},
		{"a note with other delimiters", "a;b;c\n1;2;3\nx, y, z\n", `semicolon 2:["1" "2" "3"] 3:["x, y, z" "" ""]`},
	} {
		got := told(c.text, options())
		switch {
		case c.want == "":
			if strings.Contains(got, "removed") {
				t.Errorf("%s: %s", c.name, got)
			}
		case got != c.want:
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestOtherLineEnds(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"doubled", "a,b,c\r\r\n1,2,3\r\r\n\r\r\n4,5,6\r\n", `comma 2:["1" "2" "3"] 4:["4" "5" "6"]; a doubled carriage return at a line end was read as one line end 3 [1 2 3]`},
		{"doubled in a cell", "a,b,c\n1,2,\"3\r\r\n4\"\n", `comma 2:["1" "2" "3\n4"]; a doubled carriage return at a line end was read as one line end 1 [2]`},
		{"Ctrl-Z", "a,b,c\n1,2,3\r\n\x1a", `comma 2:["1" "2" "3"]; the mark at the end of the file (Ctrl-Z) was removed 1 [3]`},
		{"Ctrl-Z behind a cell", "a,b,c\n1,2,3\x1a\x1a", `comma 2:["1" "2" "3"]; the mark at the end of the file (Ctrl-Z) was removed 1 [2]`},
		{"Ctrl-Z between", "a,b,c\n1,2,3\n\x1a\n4,5,6\n", `comma 2:["1" "2" "3"] 4:["4" "5" "6"]`},
		{"form feed", "\fa,b,c\n1,2,3\n\f\n", `comma, header perhaps on line 1`},
		{"form feed between", "a,b,c\n1,2,3\n\f\n4,5,6\n", `comma 2:["1" "2" "3"] 4:["4" "5" "6"]`},
	} {
		if got := told(c.text, options()); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
