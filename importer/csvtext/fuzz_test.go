package csvtext

import (
	"bytes"
	"encoding/csv"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"etelecom-import/importer/hint"
)

// FuzzReader holds what is passed on against the file, with an oracle for its lines and one for its cells.
func FuzzReader(f *testing.F) {
	for _, s := range []string{
		"a,b,c\n1,\"2\n2\",3\n,,\nx\n", "sep=;\na;b;c\n\"1\";2;\"\"\n", "a,b,c\r\n\"1\"\"\",2,3\r\n", "\"a\",b\n\"1\n2\",\n", "a\n\"\"\n\" \"\n", "\r\r",
		"x,,\n\na,b,c\n1,2\n1,2,3,,\n1,2,3,4\n1", "a;b;c,,\n1;2;3,,\n1;\"2\n2\";3,,\n,,\n", "\"a;b;c\"\n\"1;2;\"\"3\"\"\"\n\"\"\n", "\"a\nx\",\"b\n\",c\n1,2,\"3\n\n3\"\n\n",
		"a,b,\"c\n1,2,3\n\"\n", "a,b,c,d\n1,2,\"3\n4\"\n1,2,\"3,4\n5,6,7,8\n9\"\n", "a,b,c\r\r\n1,2,3\r\r\n\x1a", "a,b,c\n1,2,3,\"\n\"\n4,5,=\"6\",\n", "t\na,b,c\n1,2,3\n\nt\na,b,c\n",
		"a,b,c,d,e,f\n9,2,3\n1,2,\"9;5;6\n9;8;7\"\n1;9;3\n9,2,3\\n9,5,6\n9,2,3,9,5,6\n1,2,3,4,5,9|1|2\n", "9;2\na,b,c\n1,2,3\n",
		"a|b|c\u20281|2|3\n", "a,b,c\n\"1,2,3\"\n", "a,b,c\n1;2;3\n", "\"a,b,c\";;\n\"1,2,3\";;\n",
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, lenient bool) {
		o := options()
		o.Lenient = lenient
		o.HasKey = func(cells []string) bool { return slices.Contains(cells, "9") }
		o.IsRow = func(cells []string) bool { return len(cells) >= 3 && o.HasKey(cells) }
		r, rows, err := readRows(bytes.NewReader(text), o)
		if err != nil {
			if refused, ok := errors.AsType[*Error](err); ok && (hint.Of(err) == "" || refused.Line < 0) {
				t.Fatalf("%v has no hint", err)
			}
			return
		}
		if strings.HasPrefix(r.Encoding(), "UTF-16") {
			return
		}
		if !lenient && !utf8.Valid(text) {
			t.Fatal("it is not UTF-8")
		}
		for bytes.HasPrefix(text, []byte("\ufeff")) {
			text = text[len("\ufeff"):]
		}
		if !lenient {
			text = bytes.TrimRight(text, "\x1a")
		}
		ragged := r.Ragged(1 << 30)
		checkLines(t, r, text, rows, ragged)
		if !bytes.Contains(text, []byte(`="`)) && !r.isRewritten() {
			checkRows(t, r, text, rows, ragged)
		}
	})
}

// checkLines: every line of the file is in a row that was passed on, in one that is told, above the header, or blank.
func checkLines(t *testing.T, r *Reader, text []byte, rows []row, ragged []Ragged) {
	t.Helper()
	lines := bytes.Split(text, []byte("\n"))
	known := map[int]bool{}
	for i, row := range rows {
		n := 0
		for _, cell := range row.cells {
			n += strings.Count(cell, "\n")
		}
		for k := range n + 1 {
			known[row.line+k] = true
		}
		if i > 0 && row.line <= rows[i-1].line {
			t.Fatalf("line %d after line %d", row.line, rows[i-1].line)
		}
	}
	for _, row := range ragged {
		at := row.Line
		known[at] = true
		for quotes := bytes.Count(lines[at-1], []byte{'"'}); quotes%2 == 1; at++ {
			known[at+1] = true
			quotes += bytes.Count(lines[at], []byte{'"'})
		}
	}
	for _, above := range r.Above() {
		known[above] = true
	}
	if separatorLine(lines[0]) != 0 {
		known[1] = true
	}
	nothing := blanks + "\r\"" + string(r.delim)
	if r.surplus.n > 0 {
		nothing += string(r.surplus.delim)
	}
	for i, line := range lines {
		if !known[i+1] && len(bytes.Trim(line, nothing)) > 0 {
			t.Fatalf("line %d is lost: %q", i+1, line)
		}
	}
}

// carriageReturns are what is in front of a line feed.
var carriageReturns = regexp.MustCompile(`\r+\n`)

// checkRows: the cells are those that a csv.Reader reads alone.
func checkRows(t *testing.T, r *Reader, text []byte, rows []row, ragged []Ragged) {
	t.Helper()
	lines := bytes.SplitAfter(text, []byte("\n"))
	if separatorLine(bytes.TrimRight(lines[0], "\n")) != 0 {
		lines[0] = []byte("\n")
	}
	for _, above := range r.Above() {
		lines[above-1] = []byte("\n")
	}
	text = bytes.Join(lines, nil)
	if r.o.Lenient { // a carriage return is removed here, and another by the csv.Reader
		text = bytes.ReplaceAll(text, []byte("\r\r\n"), []byte("\r\n"))
		text = bytes.TrimSuffix(text, []byte("\r"))
	} else {
		text = carriageReturns.ReplaceAll(text, []byte("\n"))
	}
	plain := csv.NewReader(bytes.NewReader(text))
	plain.Comma, plain.FieldsPerRecord = r.Comma(), -1
	want, err := plain.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want = slices.DeleteFunc(want, allBlank)
	if len(want) != len(rows)+len(ragged) {
		t.Fatalf("%d rows and %d ragged ones of %d", len(rows), len(ragged), len(want))
	}
	if len(ragged) > 0 {
		return
	}
	for i, row := range rows {
		cells := row.cells
		for len(cells) > len(want[i]) && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		if !slices.Equal(cells, want[i][:len(cells)]) || !allBlank(want[i][len(cells):]) {
			t.Fatalf("%q, want %q", row.cells, want[i])
		}
	}
}

func allBlank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.Trim(c, blanks+"\n") != "" })
}

// FuzzEncoding follows the advice that is given for an encoding: it is never a guess.
func FuzzEncoding(f *testing.F) {
	for i, name := range encodings {
		text := encode(f, name, tables()[i%2])
		f.Add([]byte(text), uint8(0))
		f.Add([]byte(text[:len(text)/2]), uint8(i))
		f.Add([]byte(text+"Nguyễn\n"), uint8(i+1))
	}
	f.Add([]byte("a,b,c\nNguyễn,2,3\n"), uint8(3))
	f.Fuzz(func(t *testing.T, text []byte, which uint8) {
		o := options()
		o.Encoding = append(encodings, "", "utf-8", "windows-1252")[int(which)%(len(encodings)+3)]
		_, _, err := readRows(bytes.NewReader(text), o)
		good, _ := letters(text)
		isUTF8 := o.Encoding == "" || o.Encoding == "utf-8"
		switch {
		case err == nil && !isUTF8 && utf8.Valid(text) && good > 0:
			t.Fatalf("UTF-8 is read as %s", o.Encoding)
		case err == nil:
			return
		}
		_, better, isAdvised := strings.Cut(hint.Of(err), "--encoding ")
		if !isAdvised || strings.HasPrefix(better, "utf-16") {
			return
		}
		o.Encoding, _, _ = strings.Cut(better, ",")
		_, _, again := readRows(bytes.NewReader(text), o)
		if strings.Contains(hint.Of(again), "--encoding") {
			t.Fatalf("%v: %s\nand then %v: %s", err, hint.Of(err), again, hint.Of(again))
		}
	})
}
