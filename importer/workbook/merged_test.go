package workbook

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// covered reads a workbook to its end and names the cells that nobody sees, below others that they are merged with.
func covered(t *testing.T, file []byte) (cells string) {
	t.Helper()
	r := open(t, file, Options{})
	if _, err := r.ReadAll(); err != nil {
		t.Fatal(err)
	}
	err := r.Covered(func(row, column int) { cells += fmt.Sprint(columnName(column), row, " ") })
	if err != nil {
		t.Fatal(err)
	}
	return cells
}

// TestCovered: merging empties the cells that it covers. In the files of some programs they keep what they had.
func TestCovered(t *testing.T) {
	rows := ""
	for i := 1; i <= 6; i++ {
		rows += fmt.Sprintf(`<row r="%d"><c r="A%[1]d"><v>1</v></c><c r="B%[1]d" t="str"><v>b</v></c><c r="C%[1]d" t="str"><v> </v></c><c r="D%[1]d"><f>A1</f></c><c r="E%[1]d" s="1"/></row>`, i)
	}
	for merged, want := range map[string]string{
		"":                                 "",
		`<mergeCell ref="A2:A2"/>`:         "",
		`<mergeCell ref="A2"/>`:            "",
		`<mergeCell ref="A2:E2"/>`:         "B2 D2 ",
		`<mergeCell ref="A2:A4"/>`:         "A3 A4 ",
		`<mergeCell ref="B4:A2"/>`:         "B2 A3 B3 A4 B4 ",
		`<mergeCell ref="C2:E3"/>`:         "D2 D3 ",
		`<mergeCell ref="D5:XFD1048576"/>`: "D6 ",
		`<mergeCell ref="A5:A6"/><mergeCell ref="A1:B1"/><mergeCell ref="B5:B6"/>`: "B1 A6 B6 ",
	} {
		sheet := strings.Replace(data(rows), "</worksheet>", "<mergeCells>"+merged+"</mergeCells></worksheet>", 1)
		if got := covered(t, oneSheet(t, sheet)); got != want {
			t.Errorf("%s: %q, want %q", merged, got, want)
		}
	}
}

func TestCoveredInODS(t *testing.T) {
	cell := func(element, attributes string) string {
		return `<table:` + element + ` office:value-type="string" ` + attributes + `><text:p>a</text:p></table:` + element + `>`
	}
	row := func(attributes string, cells ...string) string {
		return `<table:table-row ` + attributes + `>` + strings.Join(cells, "") + `</table:table-row>`
	}
	plain, below := cell("table-cell", ""), cell("covered-table-cell", "")
	for _, c := range []struct{ rows, want string }{
		{row("", plain, plain), ""},
		{row("", cell("table-cell", `table:number-columns-spanned="2"`), "<table:covered-table-cell/>"), ""},
		{row("", cell("table-cell", `table:number-columns-spanned="2"`), below), "B1 "},
		{row("", cell("table-cell", `table:number-rows-spanned="2"`), plain) + row("", below, plain), "A2 "},
		{row("", cell("table-cell", `table:number-columns-spanned="2"`), plain), "B1 "}, // it is merged, whatever it is called
		{row("", plain) + row(`table:number-rows-repeated="2"`, below, plain) + row("", plain), "A2 A3 "},
		{row("", plain, cell("covered-table-cell", `table:number-columns-repeated="2"`)), "B1 C1 "},
	} {
		if got := covered(t, odsBook(t, c.rows)); got != c.want {
			t.Errorf("%s: %q, want %q", c.rows, got, c.want)
		}
	}
}

// TestManyMerged: merged cells that overlap, which no program writes, take no time without end.
func TestManyMerged(t *testing.T) {
	rows := strings.Repeat(`<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c><c t="str"><v>c</v></c></row>`, 20_000)
	many := strings.Repeat(`<mergeCell ref="E1:F1048576"/>`, 20_000)
	sheet := strings.Replace(data(rows), "</worksheet>", "<mergeCells>"+many+"</mergeCells></worksheet>", 1)
	r := open(t, oneSheet(t, sheet), Options{})
	if _, err := r.ReadAll(); err != nil {
		t.Fatal(err)
	}
	if err := r.Covered(func(int, int) {}); err == nil || !strings.Contains(err.Error(), "mergeCells") {
		t.Error(err)
	}
}

// TestUnseenAndOutside: what a person does not see, or does not look at.
func TestUnseenAndOutside(t *testing.T) {
	hidden := strings.Replace(styles, `formatCode="0000"`, `formatCode=";;;"`, 1)
	file := pack(t, "_rels/.rels", rootRels, "xl/_rels/workbook.xml.rels", bookRels, "xl/workbook.xml", bookXML, "xl/sharedStrings.xml", texts, "xl/styles.xml", hidden,
		"xl/worksheets/sheet1.xml", data(`<row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>`+
			`<row><c s="2" t="str"><v>a</v></c><c s="2"><v>5</v></c></row><row><c><v>1</v></c><c/><c t="str"><v> </v></c></row>`+
			`<row><c t="str"><v>a</v></c><c/><c/><c><v>1</v></c></row>`))
	ods := odsBook(t, `<table:table-row>`+odsPerson+odsPerson+`</table:table-row><table:table-row>`+
		`<table:table-cell office:value-type="string" office:string-value="a"><text:p/></table:table-cell><table:table-cell office:value-type="float" office:value="5"><text:p/></table:table-cell>`+
		`</table:table-row><table:table-row>`+odsPerson+`</table:table-row><table:table-row>`+strings.Repeat(odsPerson, 3)+`</table:table-row>`)
	for name, file := range map[string][]byte{"xlsx": file, "ods": ods} {
		r := open(t, file, Options{})
		got := ""
		for {
			if _, err := r.Read(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			got += fmt.Sprint(r.Row(), r.Unseen(0), r.Unseen(1), r.Unseen(9), len(r.Outside()) > 0, "\n")
		}
		if want := "1 false false false false\n2 true true false false\n3 false false false false\n4 false false false true\n"; got != want {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}
