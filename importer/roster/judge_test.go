package roster

import (
	"fmt"
	"strings"
	"testing"
)

// refusable are rows that a rule about names or passwords refuses, or tells of: name, phone, password and extension number.
var refusable = [][]string{
	{"#N/A"},
	{"null"},
	{"Null"},
	{"-"},
	{"Lan #REF!"},
	{"Lan undefined"},
	{"#Lan"},
	{"!!"},
	{`"Lan"`},
	{"101"},
	{"Lan (đã nghỉ)"},
	{"Lan\nAnh"},
	{"Ngu\uFFFDn"},
	{"A\x01n"},
	{"'Lan"},
	{"'=1 Lan"},
	{"'Lan", "'0903551200", "pw-310", "1120"},
	{"Lan", "'0903551201", "'pw-310", "1121"},
	{"'Lan", "'0903551202", "'pw-310", "'1122"},
	{"Lan", "0903551203", "#N/A"},
	{"Lan", "0903551204", "null"},
	{"Lan", "0903551205", "2.50919E+11"},
	{"Lan", "0903551206", "250919.0"},
	{"Lan", "0903551207", "1990-02-01 00:00:00"},
	{"Lan", "0903551208", "{MD5}X03MO1qnZdYdgyfeuILPmQ=="},
	{"Lan", "0903551209", "'@Bien"},
	{"Lan", "0903551210", "'Bien"},
	{"Lan", "0903551211", "=Bien"},
	{"Lan", "0903551212", " Bien"},
	{"Lan", "0903551213", "a\u200bb"},
	{"Lan", "0903551214", "a&amp;b"},
	{"Lan", "0903551215", "5f4dcc3b5aa765d61d8327deb882cf99"},
	{"Lan", "0903551216", "01/02/1990"},
	{"Lan", "0903551217", "1.021.990"},
	{"Lan", "0903551218", "a\tb"},
	{"Lan", "0903551219", strings.Repeat("x", 200)},
	{"Lan", "0903551220", "m\uFFFDt"},
	{"Lan", "903551221", "120987"},
	{"Bien-xanh-310", "0903551222", "Nguyễn Thị Lan"},
	{"Lan", "0903551224", "1001", "739155"},
	{"Lan", "0903551225", "1002", "284610"},
}

// TestWhoIsDoneIsNotJudged: no rule about names and passwords says anything of a row whose user was created.
func TestWhoIsDoneIsNotJudged(t *testing.T) {
	r := read(t, cells(refusable...), Options{})
	said := map[int]bool{}
	for p := range r.Problems() {
		said[p.Line] = true
	}
	for _, n := range r.Doubts {
		for _, line := range n.Lines {
			said[line] = true
		}
	}
	for i, row := range r.Rows {
		if !said[row.Line] {
			t.Errorf("nothing is said of %q", refusable[i])
		}
	}
	r.Judge(func(int) bool { return true })
	if got := kindsOf(r); len(got) > 0 || len(r.Doubts) > 0 {
		t.Error(got, r.Doubts)
	}
	r.Judge(nil)
	if again := read(t, cells(refusable...), Options{}); told(again) != told(r) {
		t.Errorf("another judgement says\n%s\nand the first\n%s", told(r), told(again))
	}

	// Each row alone is judged, if the others are done.
	for i := range r.Rows {
		r.Judge(func(row int) bool { return row != i })
		for p := range r.Problems() {
			if p.Line != 0 && p.Line != r.Rows[i].Line {
				t.Errorf("%q is done: %s", refusable[i], p.Words().Message)
			}
		}
		for _, n := range r.Doubts {
			if n.Count != 1 || n.Lines[0] != r.Rows[i].Line {
				t.Errorf("%q alone: %+v", refusable[i], n)
			}
		}
	}
}

// TestWholeFilesAreOfWhoIsLeft: rows that are done do not count for a rule about the whole file.
func TestWholeFilesAreOfWhoIsLeft(t *testing.T) {
	r := read(t, cells([]string{"null"}, []string{"None"}, []string{"An"}), Options{})
	if got := len(kindsOf(r)); got != 2 {
		t.Error(told(r))
	}
	r.Judge(func(row int) bool { return row == 0 })
	if r.Problem(1) != nil || len(r.Doubts) != 1 || fmt.Sprint(r.Doubts[0].Lines) != "[3]" {
		t.Error(told(r))
	}
}

// TestJudgedAreInOrder: [Roster.Problem] looks for the row in a sorted list.
func TestJudgedAreInOrder(t *testing.T) {
	r := read(t, cells([]string{"Bien-xanh-310", "0903551200", "Nguyễn Thị Lan"}, []string{"#N/A"}, []string{"Bien-xanh-311", "0903551201", "Trần Văn Minh"}, []string{"#N/A"}, []string{"An"}), Options{})
	line := 0
	for p := range r.Problems() {
		if p.Line < line {
			t.Error(told(r))
		}
		line = p.Line
	}
	for i := range 4 {
		if r.Problem(i) == nil {
			t.Errorf("row %d: %s", i, told(r))
		}
	}
}
