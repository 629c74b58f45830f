package workbook

import (
	"strings"
	"testing"
)

// odsBook returns an .ods with one sheet.
func odsBook(t testing.TB, rows string) []byte {
	return pack(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", odsDocument(`<table:table table:name="A">`+rows+`</table:table>`))
}

func odsDocument(tables string) string {
	return `<office:document-content><office:automatic-styles><style:style style:name="h"><style:table-properties table:display="false"/></style:style>` +
		`</office:automatic-styles><office:body><office:spreadsheet>` + tables + `</office:spreadsheet></office:body></office:document-content>`
}

func TestODSCells(t *testing.T) {
	for _, c := range []struct{ cell, want string }{
		{`<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>`, "a"},
		{`<table:table-cell><text:p>a</text:p></table:table-cell>`, "a"},
		{`<table:table-cell office:value-type="string" office:string-value="a"/>`, "a"},
		{`<table:table-cell office:value-type="string"><text:p> a  b` + "\n\t" + `c </text:p></table:table-cell>`, "a b c "},
		{`<table:table-cell office:value-type="string"><text:p><text:s text:c="2"/>a <text:s/>b<text:tab/>c<text:line-break/>d</text:p><text:p/><text:p>e</text:p></table:table-cell>`, "  a  b\tc\\nd\\n\\ne"},
		{`<table:table-cell office:value-type="string"><text:p>a<text:span>b<text:a>c</text:a></text:span><text:note><text:p>n</text:p></text:note></text:p></table:table-cell>`, "abc"},
		{`<table:table-cell office:value-type="string"><office:annotation><text:p>n</text:p></office:annotation><text:p>a</text:p><draw:frame><text:p>n</text:p></draw:frame></table:table-cell>`, "a"},
		{`<table:table-cell office:value-type="string"><text:p>a<text:ruby><text:ruby-base>b<text:span>c</text:span></text:ruby-base><text:ruby-text>n</text:ruby-text></text:ruby>d<office:annotation><text:p>n</text:p></office:annotation></text:p></table:table-cell>`, "abcd"},
		{`<table:table-cell office:value-type="string"><text:p>a<text:date>b</text:date><draw:frame><text:p>n</text:p></draw:frame><text:meta>c</text:meta><text:bookmark/></text:p></table:table-cell>`, "abc"},
		{`<table:table-cell office:value-type="string"><text:list><text:list-item><text:p>a</text:p></text:list-item></text:list><text:h>b</text:h></table:table-cell>`, "a\\nb"},
		{`<table:table-cell office:value-type="string" office:string-value="a  b"><text:p>a<text:s text:c="2"/>b</text:p></table:table-cell>`, "a  b"},
		{`<table:table-cell office:value-type="string" office:string-value="a"><text:p>b</text:p></table:table-cell>`, "#formatted b"},
		{`<table:table-cell office:value-type="float" office:value="901234501"><text:p>+84 901 234 501</text:p></table:table-cell>`, "#shaped +84 901 234 501"},
		{`<table:table-cell office:value-type="float" office:value="901234501"><text:p>NV901234501</text:p></table:table-cell>`, "#formatted 901234501"},
		{`<table:table-cell office:value-type="float" office:value="901234501"><text:p>9.01E+08</text:p></table:table-cell>`, "#formatted 901234501"},
		{`<table:table-cell office:value-type="float" office:value="901234501"><text:p/></table:table-cell>`, "#901234501"},
		{`<table:table-cell office:value-type="float" office:value="901234501"><text:p>901.234.501,00 </text:p></table:table-cell>`, "#shaped 901234501"},
		{`<table:table-cell office:value-type="float" office:value="901234501"><text:p>90.1234.501</text:p></table:table-cell>`, "#shaped 90.1234.501"},
		{`<table:table-cell office:value-type="float" office:value="901234500"><text:p>90123450.0</text:p></table:table-cell>`, "#shaped 90123450.0"},
		{`<table:table-cell office:value-type="float" office:value="901234501"><text:p> 901234501 </text:p></table:table-cell>`, "#901234501"},
		{`<table:table-cell office:value-type="float" office:value="901234501"><text:p>901234501.00</text:p></table:table-cell>`, "#shaped 901234501"},
		{`<table:table-cell office:value-type="float" office:value="901234501"><text:p>901,234.5</text:p></table:table-cell>`, "#shaped 901,234.5"},
		{`<table:covered-table-cell office:value-type="string"><text:p>a</text:p></table:covered-table-cell>`, "a"},
		{`<table:table-cell office:value-type="string"><text:p></text:p></table:table-cell>`, ""},
		{`<table:table-cell office:value-type="float" office:value="903551200"><text:p>903551200</text:p></table:table-cell>`, "#903551200"},
		{`<table:table-cell office:value-type="float" office:value="903551200"/>`, "#903551200"},
		{`<table:table-cell office:value-type="float" office:value="903551200"><text:p>0903551200</text:p></table:table-cell>`, "#shaped 0903551200"},
		{`<table:table-cell office:value-type="float" office:value="1000"><text:p>1.000</text:p></table:table-cell>`, "#shaped 1000"},
		{`<table:table-cell office:value-type="float" office:value="1.5"><text:p>1,5</text:p></table:table-cell>`, "#1.5"},
		{`<table:table-cell office:value-type="float" office:value="0.30000000000000004"><text:p>0.3</text:p></table:table-cell>`, "#0.3"},
		{`<table:table-cell office:value-type="float" office:value="1.30123456789012E+18"><text:p>1.30123456789012E+18</text:p></table:table-cell>`, "#rounded 1301234567890120000"},
		{`<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50%</text:p></table:table-cell>`, "#formatted 0.5"},
		{`<table:table-cell office:value-type="currency" office:value="5"><text:p>5 ₫</text:p></table:table-cell>`, "#formatted 5"},
		{`<table:table-cell office:value-type="date" office:date-value="1990-02-01"><text:p>01/02/90</text:p></table:table-cell>`, "date 1990-02-01"},
		{`<table:table-cell office:value-type="time" office:time-value="PT08H30M00.5S"><text:p>x</text:p></table:table-cell>`, "date 08:30:00.5"},
		{`<table:table-cell office:value-type="boolean" office:boolean-value="false"><text:p>SAI</text:p></table:table-cell>`, "bool FALSE"},
		{`<table:table-cell table:formula="of:=A1" office:value-type="string"><text:p>a</text:p></table:table-cell>`, "=a"},
		{`<table:table-cell table:formula="of:=A1"/>`, "=uncalculated"},
		{`<table:table-cell table:formula="of:=A1" calcext:value-type="error" office:value-type="string"><text:p>#N/A</text:p></table:table-cell>`, "=failed #N/A"},
		{`<table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string"><text:p/></table:table-cell>`, "="},
		{`<table:table-cell office:value-type="string" table:number-columns-repeated="3"><text:p>a</text:p></table:table-cell>`, "a] [a] [a"},
		{`<table:table-cell table:number-columns-repeated="2"/>`, "] ["},
	} {
		want := "1: [" + c.want + "] [last]\n"
		row := `<table:table-row>` + c.cell + `<table:table-cell office:value-type="string"><text:p>last</text:p></table:table-cell></table:table-row>`
		if got := dump(t, open(t, odsBook(t, row), Options{})); got != want {
			t.Errorf("%s: %q", c.cell, got)
		}
	}
}

const odsPerson = `<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>`

func TestODSRows(t *testing.T) {
	r := open(t, odsBook(t, `<table:table-header-columns><table:table-column/></table:table-header-columns><table:table-column table:visibility="collapse" table:number-columns-repeated="16383"/>`+
		`<table:shapes><draw:frame/></table:shapes><table:table-header-rows><table:table-row>`+odsPerson+`</table:table-row></table:table-header-rows>`+
		`<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`+
		`<table:table-row-group><table:table-row table:number-rows-repeated="2">`+odsPerson+`</table:table-row></table:table-row-group>`+
		`<table:table-row table:visibility="filter" table:number-rows-repeated="2">`+odsPerson+`</table:table-row>`+
		`<table:table-row-group table:display="false"><table:table-row>`+odsPerson+`</table:table-row><table:table-row-group><table:table-row>`+odsPerson+`</table:table-row></table:table-row-group></table:table-row-group>`+
		`<table:table-row>`+odsPerson+`</table:table-row>`+
		`<table:table-row table:number-rows-repeated="9000000000000000000"/>`), Options{HiddenRows: SkipHidden})
	if got := dump(t, r); got != "1: [a]\n5: [a]\n6: [a]\n11: [a]\n" || len(r.Hidden()) != 4 || r.Blank() != 3 || r.HiddenColumn(0) || !r.HiddenColumn(1) {
		t.Errorf("%s hidden %v, blank %d", got, r.Hidden(), r.Blank())
	}
}

// TestODSBounds: what is repeated does not fill the memory.
func TestODSBounds(t *testing.T) {
	row := func(repeated, cells string) string {
		return `<table:table-row table:number-rows-repeated="` + repeated + `">` + cells + `</table:table-row>`
	}
	long := `<table:table-cell table:number-columns-repeated="16384"><text:p>` + strings.Repeat("x", 1000) + `</text:p></table:table-cell>`
	for rows, want := range map[string]string{
		row("1048577", odsPerson):                  "sheet \"A\", row 1: the sheet has more than 1048576 rows",
		row("1048576", "") + row("1", odsPerson):   "sheet \"A\", row 1048577: the sheet has more than 1048576 rows",
		row("9000000000000000000", "") + odsPerson: "the workbook is empty",
		row("1", long):                             "sheet \"A\", row 1: the row is longer than 256 KiB",
		row("1", `<table:table-cell><table:table table:is-sub-table="true">`+row("1", odsPerson)+`</table:table></table:table-cell>`): "sheet \"A\", row 1: a cell has a table of its own in it; put its rows below",
		row("1", strings.Repeat(odsPerson, 16385)): "sheet \"A\", row 1: the row has more than 16384 cells",
		row("1", `<table:table-cell><text:p><text:s text:c="2000000000"/></text:p></table:table-cell>`+strings.Repeat(odsPerson, 3)): "",
	} {
		if want == "" {
			open(t, odsBook(t, rows), Options{})
			continue
		}
		if got := refused(t, odsBook(t, rows), Options{}); !strings.HasPrefix(got, want) {
			t.Errorf("%.100s: %s", rows, got)
		}
	}
	wide := strings.Replace(odsPerson, "<table:table-cell", `<table:table-cell table:number-columns-repeated="16384"`, 1)
	r := open(t, odsBook(t, row("100000", wide)), Options{})
	for range maxCells / maxColumns {
		if _, err := r.Read(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Read(); err == nil || !strings.HasPrefix(err.Error(), "sheet \"A\", row 2049: the sheet has more than 33554432 cells") {
		t.Errorf("many cells: %v", err)
	}
	rows, err := open(t, odsBook(t, row("1048576", odsPerson)), Options{}).ReadAll()
	if len(rows) != 1<<20 || err != nil {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestODSSheets(t *testing.T) {
	sheet := func(name, style string) string {
		return `<table:table table:name="` + name + `" table:style-name="` + style + `"><table:table-row>` + odsPerson + `</table:table-row></table:table>`
	}
	file := pack(t, "content.xml", odsDocument(`<table:tracked-changes><table:table-row>`+odsPerson+`</table:table-row></table:tracked-changes>`+
		sheet("Ẩn", "h")+sheet("Thấy", "")+`<table:dde-links><table:dde-link>`+sheet("dde", "")+`</table:dde-link></table:dde-links>`), "META-INF/manifest.xml", "<manifest/>")
	r := open(t, file, Options{})
	if r.Sheet() != "Thấy" {
		t.Error(r.Sheet())
	}
	if got := refused(t, file, Options{Sheet: "dde"}); !strings.HasPrefix(got, `the workbook has no sheet "dde"; its sheets are "Ẩn" (hidden), "Thấy"; `) {
		t.Error(got)
	}
	file = pack(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "\x01\x02",
		"META-INF/manifest.xml", `<manifest><file-entry><encryption-data/></file-entry></manifest>`)
	if got := refused(t, file, Options{}); !strings.HasPrefix(got, "this spreadsheet has a password; ") {
		t.Error(got)
	}
}
