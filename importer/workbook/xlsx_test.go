package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// pack returns a zip file with parts, which are named in pairs of a name and a content.
func pack(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	ecma     = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	rootRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + ecma +
		`/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + ecma +
		`/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + ecma + `/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="` +
		ecma + `/styles" Target="styles.xml"/></Relationships>`
	bookXML = `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + ecma + `"><workbookPr/><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`
	texts   = `<sst xmlns="` + spreadsheetML + `"><si><t>zero</t></si><si><r><t xml:space="preserve">o </t></r><rPh sb="0" eb="1"><t>no</t></rPh><r><t>ne</t></r><phoneticPr/></si><si/></sst>`
	styles  = `<styleSheet xmlns="` + spreadsheetML + `"><numFmts count="2"><numFmt numFmtId="164" formatCode="0000"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="49"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/>` +
		`<xf numFmtId="9"/><xf numFmtId="1"/><xf numFmtId="3"/></cellXfs><dxfs><dxf><numFmt numFmtId="164" formatCode="yyyy"/></dxf></dxfs></styleSheet>`
)

// oneSheet returns a workbook with one sheet.
func oneSheet(t testing.TB, sheet string) []byte {
	return pack(t, "_rels/.rels", rootRels, "xl/_rels/workbook.xml.rels", bookRels, "xl/workbook.xml", bookXML,
		"xl/sharedStrings.xml", texts, "xl/styles.xml", styles, "xl/worksheets/sheet1.xml", sheet)
}

// data returns a sheet with rows.
func data(rows string) string {
	return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`
}

// TestCells: what a cell is, as programs write it.
func TestCells(t *testing.T) {
	for _, c := range []struct{ cell, want string }{
		{`<c t="s"><v>0</v></c>`, "zero"},
		{`<c t="s"><v>1</v></c>`, "o ne"},
		{"<c t=\"s\">\n  <v>\n0</v>\n</c>", "zero"},
		{`<c t="inlineStr"><is><t> x </t></is></c>`, "x"},
		{`<c t="inlineStr"><is><t xml:space="preserve"> x </t></is></c>`, " x "},
		{`<c t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></is></c>`, "a b"},
		{`<c t="inlineStr"><is><t>a<!-- c --><![CDATA[<b>&amp;]]>&amp;</t></is></c>`, "a<b>&amp;&"},
		{`<c t="inlineStr"><is><t>a_x000D_b_x005F_x0041__x00e9__X0041_ _x00_x0041__xD83D__xDE00__xD83D_</t></is></c>`, "a\rb_x0041_é_X0041_ _x00A😀\uFFFD"},
		{`<c t="str"><v> a </v></c>`, " a "},
		{`<c t="str"><f>A2</f><v>a</v></c>`, "=a"},
		{`<c t="str"><f>""</f><v></v></c>`, "="},
		{`<c><f>A2</f></c>`, "=uncalculated"},
		{`<c><f>A2</f><v/></c>`, "=uncalculated"},
		{`<c><f t="shared" si="0"/><v>5</v></c>`, "=#5"},
		{`<c t="b"><v>1</v></c>`, "bool TRUE"},
		{`<c t="b"><f>1=2</f><v>0</v></c>`, "=bool FALSE"},
		{`<c t="e"><v>#REF!</v></c>`, "failed #REF!"},
		{`<c t="d"><v>2026-02-01</v></c>`, "date 2026-02-01"},
		{`<c><v>0</v></c>`, "#0"},
		{`<c t="n"><v>903551200</v></c>`, "#903551200"},
		{`<c><v>903551200.0</v></c>`, "#903551200"},
		{`<c><v>9.035512E8</v></c>`, "#903551200"},
		{`<c><v>007</v></c>`, "#7"},
		{`<c><v>-5</v></c>`, "#-5"},
		{`<c><v>123456789012345</v></c>`, "#123456789012345"},
		{`<c><v>1234567890123456</v></c>`, "#rounded 1234567890123456"},
		{`<c><v>1301234567890123001</v></c>`, "#rounded 1301234567890123001"},
		{`<c><v>1.3012345678901199E+18</v></c>`, "#rounded 1301234567890120000"},
		{`<c><v>0.30000000000000004</v></c>`, "#0.3"},
		{`<c><v>4.0199999999999996</v></c>`, "#4.02"},
		{`<c><v>1.5E-7</v></c>`, "#1.5E-07"},
		{`<c><v>1E+300</v></c>`, "#1E+300"},
		{`<c s="1"><v>903551200</v></c>`, "#903551200"},
		{`<c s="2"><v>12</v></c>`, "#shaped 0012"},
		{`<c s="5"><v>0.5</v></c>`, "#formatted 0.5"},
		{`<c s="6"><v>12</v></c>`, "#12"},
		{`<c s="6"><v>12.5</v></c>`, "#formatted 12.5"},
		{`<c s="7"><v>999</v></c>`, "#999"},
		{`<c s="7"><v>1000</v></c>`, "#shaped 1000"},
		{`<c s="3"><v>32905</v></c>`, "date 1990-02-01"},
		{`<c s="4"><v>32905.25</v></c>`, "date 1990-02-01 06:00:00"},
		{`<c s="4"><v>-1</v></c>`, "#formatted -1"},
		{`<c s="3" t="s"><v>0</v></c>`, "zero"},
		{`<c s="3" t="s"><v>2</v></c>`, ""},
		{`<c s="3"/>`, ""},
		{`<c><extLst><ext><v>1</v></ext></extLst><v>2</v></c>`, "#2"},
		{`<x:c xmlns:x="y" r="A1" t="inlineStr"><x:is><x:t>x</x:t></x:is></x:c>`, "x"},
	} {
		want := "1: [" + c.want + "] [last]\n"
		if got := dump(t, open(t, oneSheet(t, data(`<row>`+c.cell+`<c t="str"><v>last</v></c></row>`)), Options{})); got != want {
			t.Errorf("%s: %q", c.cell, got)
		}
	}
}

// TestRows: where rows and cells are, as programs write it.
func TestRows(t *testing.T) {
	for _, c := range []struct{ rows, want string }{
		{`<row r="2"><c r="B2"><v>1</v></c></row><row r="5"><c r="A5"><v>2</v></c></row>`, "2: [] [#1]\n5: [#2] []\n"},
		{`<row><c><v>1</v></c><c r="C1"><v>2</v></c><c><v>3</v></c></row><row/><row><c><v>4</v></c></row>`, "1: [#1] [] [#2] [#3]\n3: [#4] [] [] []\n"},
		{`<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>`, "1: [#1] [] [#3]\n"},
		{`<row r="1"><c r="a1"><v>1</v></c><c r="XFD1" s="3"/></row>`, "1: [#1]\n"},
		{`<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>3</v></c><c r="D2" s="1"/></row>`, "1: [#1]\n2: [#2] [#3]\n"},
		{`<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" t="str"><v> </v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row>`, "1: [#1]\n1048576: [#2]\n"},
	} {
		// The dimension is what a program thought before it wrote the rows.
		sheet := strings.Replace(data(c.rows), "<sheetData>", `<dimension ref="A1"/><sheetData>`, 1)
		if got := dump(t, open(t, oneSheet(t, sheet), Options{})); got != c.want {
			t.Errorf("%s: %q", c.rows, got)
		}
	}
}

// TestBrokenRows: where it is not certain which row or column a cell is in, the workbook is refused.
func TestBrokenRows(t *testing.T) {
	for rows, want := range map[string]string{
		`<row r="2"/><row r="1"><c r="A1"><v>1</v></c></row>`:                                                  `row 1: the rows of the sheet are not in their order`,
		`<row r="1"><c><v>1</v></c></row><row r="1"><c><v>2</v></c></row>`:                                     `row 1: the rows of the sheet are not in their order`,
		`<row r="1"><c r="A2"><v>1</v></c></row>`:                                                              `row 1: a cell is not where its row is`,
		`<row r="1"><c r="1"><v>1</v></c></row>`:                                                               `row 1: a cell is not where its row is`,
		`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>`:                                        `row 1: two cells are in the same place`,
		`<row r="1"><c r="XFE1"><v>1</v></c></row>`:                                                            `row 1: the row has more than 16384 cells`,
		`<row r="1048577"><c><v>1</v></c></row>`:                                                               `row 1048577: the sheet has more than 1048576 rows, which is the limit`,
		`<row r="1"><c t="s"><v>3</v></c></row>`:                                                               `row 1: the workbook is damaged (cell A1)`,
		`<row r="1"><c t="s"><v>-1</v></c></row>`:                                                              `row 1: the workbook is damaged (cell A1)`,
		`<row r="1"><c t="q"><v>1</v></c></row>`:                                                               `row 1: the workbook is damaged (cell A1)`,
		`<row r="1"><c s="99"><v>1</v></c></row>`:                                                              `row 1: the workbook is damaged (cell A1)`,
		`<row r="1"><c><v>one</v></c></row>`:                                                                   `row 1: the workbook is damaged (cell A1)`,
		`<row r="1"><c><v>1</v></c><c r="C1"><v>one</v></c>`:                                                   `row 1: the workbook is damaged (cell C1)`,
		`<row r="1"><c><v>1</v></c>`:                                                                           `row 1: the workbook is damaged ("xl/worksheets/sheet1.xml")`,
		`<row r="1"><c t="str"><v>` + strings.Repeat("x", maxCell+1) + `</v></c></row>`:                        `row 1: a cell is larger than 128 KiB, which is the limit`,
		`<row r="1">` + strings.Repeat(`<c t="str"><v>`+strings.Repeat("x", maxCell)+`</v></c>`, 3) + `</row>`: `row 1: the row is longer than 256 KiB, which is the limit`,
	} {
		if got := refused(t, oneSheet(t, data(rows)), Options{}); !strings.HasPrefix(got, `sheet "Sheet1", `+want+"; ") {
			t.Errorf("%.100s: %s", rows, got)
		}
	}
}

// TestDialects: the same workbook in the forms that programs write.
func TestDialects(t *testing.T) {
	const sheet = `<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" s="3"><v>32905</v></c></row>`
	const want = "1: [o ne] [date 1990-02-01]\n"
	strict := strings.NewReplacer("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships",
		"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main").Replace
	prefixed := func(part string) string {
		part = strings.ReplaceAll(part, "</", "\x00")
		return strings.ReplaceAll(strings.ReplaceAll(part, "<", "<x:"), "\x00", "</x:")
	}
	wide := func(part string) string {
		var b strings.Builder
		b.WriteString("\xFE\xFF")
		for _, r := range part {
			b.WriteString(string([]byte{byte(r >> 8), byte(r)}))
		}
		return b.String()
	}
	for name, file := range map[string][]byte{
		"strict": pack(t, "_rels/.rels", strict(rootRels), "xl/_rels/workbook.xml.rels", strict(bookRels), "xl/workbook.xml", strict(bookXML),
			"xl/sharedStrings.xml", strict(texts), "xl/styles.xml", strict(styles), "xl/worksheets/sheet1.xml", strict(data(sheet))),
		"prefixes": pack(t, "_rels/.rels", rootRels, "xl/_rels/workbook.xml.rels", bookRels,
			"xl/workbook.xml", strings.ReplaceAll(prefixed(bookXML), " r:id", " d3p1:id"),
			"xl/sharedStrings.xml", prefixed(texts), "xl/styles.xml", prefixed(styles), "xl/worksheets/sheet1.xml", prefixed(data(sheet))),
		"UTF-16": pack(t, "_rels/.rels", wide(rootRels), "xl/_rels/workbook.xml.rels", wide(bookRels), "xl/workbook.xml", wide(bookXML),
			"xl/sharedStrings.xml", wide(texts), "xl/styles.xml", wide(styles), "xl/worksheets/sheet1.xml", wide(data(sheet))),
		"absolute targets, other folders and capitals": pack(t, "_rels/.rels", strings.ReplaceAll(rootRels, "xl/workbook.xml", "/Book/Main.XML"),
			"Book/_rels/Main.xml.rels", strings.NewReplacer("worksheets/", "/xl/../data/", "styles.xml", "./x/../Styles.xml").Replace(bookRels),
			"Book/main.xml", bookXML, "book/SharedStrings.xml", texts, "Book/styles.xml", styles, "data/Sheet1.xml", data(sheet)),
		"backslashes": pack(t, `_rels\.rels`, rootRels, `xl\_rels\workbook.xml.rels`, bookRels, `xl\workbook.xml`, bookXML,
			`xl\sharedStrings.xml`, texts, `xl\styles.xml`, styles, `xl\worksheets\sheet1.xml`, data(sheet)),
		"no relations of the package": pack(t, "xl/_rels/workbook.xml.rels", bookRels, "xl/workbook.xml", bookXML,
			"xl/sharedStrings.xml", texts, "xl/styles.xml", styles, "xl/worksheets/sheet1.xml", data(sheet)),
		"a chart above": pack(t, "_rels/.rels", rootRels, "xl/_rels/workbook.xml.rels",
			strings.Replace(bookRels, "</R", `<Relationship Id="rId9" Type="`+ecma+`/chartsheet" Target="chartsheets/sheet1.xml"/></R`, 1),
			"xl/workbook.xml", strings.Replace(bookXML, "<sheets>", `<sheets><sheet name="Chart" sheetId="9" r:id="rId9"/>`, 1),
			"xl/chartsheets/sheet1.xml", "<chartsheet/>",
			"xl/sharedStrings.xml", texts, "xl/styles.xml", styles, "xl/worksheets/sheet1.xml", data(sheet)),
	} {
		r, err := Open(bytes.NewReader(file), int64(len(file)), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := dump(t, r); got != want {
			t.Errorf("%s: %q", name, got)
		}
		r.Close()
	}
}

// TestWithoutStylesAndTexts: small programs write no styles and no shared texts.
func TestWithoutStylesAndTexts(t *testing.T) {
	file := pack(t, "_rels/.rels", rootRels, "xl/_rels/workbook.xml.rels", bookRels, "xl/workbook.xml", bookXML,
		"xl/worksheets/sheet1.xml", data(`<row><c t="inlineStr"><is><t>a</t></is></c><c><v>1</v></c></row>`))
	if got := dump(t, open(t, file, Options{})); got != "1: [a] [#1]\n" {
		t.Error(got)
	}
	file = pack(t, "_rels/.rels", rootRels, "xl/workbook.xml", bookXML)
	if got := refused(t, file, Options{}); !strings.HasPrefix(got, "the workbook is damaged") {
		t.Error(got)
	}
}

// TestDates counts days as Excel does, from 1900 and from 1904.
func TestDates(t *testing.T) {
	for _, c := range []struct {
		days     string
		from1904 bool
		want     string
	}{
		{"0", false, "00:00:00"},
		{"0.5", false, "12:00:00"},
		{"1", false, "1900-01-01"},
		{"59", false, "1900-02-28"},
		{"61", false, "1900-03-01"},
		{"25569", false, "1970-01-01"},
		{"36585", false, "2000-02-29"},
		{"46054.3541666667", false, "2026-02-01 08:30:00"},
		{"46054.999999999", false, "2026-02-02"},
		{"73110", false, "2100-03-01"},
		{"2958465", false, "9999-12-31"},
		{"0.25", true, "06:00:00"},
		{"1", true, "1904-01-02"},
		{"44592", true, "2026-02-01"},
	} {
		if got, ok := appendDate(nil, []byte(c.days), c.from1904); string(got) != c.want || !ok {
			t.Errorf("%s (1904: %v) is %s, want %s", c.days, c.from1904, got, c.want)
		}
	}
	for _, days := range []string{"-1", "2958466", "NaN", "1E+300", "x", ""} {
		if got, ok := appendDate(nil, []byte(days), false); ok {
			t.Errorf("%s is %s", days, got)
		}
	}
}

func TestNumberFormats(t *testing.T) {
	is := func(class formatClass, shape string) numberFormat { return numberFormat{class: class, shape: shape} }
	whole, kept, strange, day := is(shaped, "0"), is(general, ""), is(other, ""), is(dated, "")
	for code, want := range map[string]numberFormat{
		"": kept, "General": kept, "general": kept, "@": kept, "[Red]General": kept, "General;-General": kept, `General_)`: kept,
		"0": whole, "#": is(shaped, "#"), "0_ ": whole, "0_);(0)": whole, "0;[Red]0": whole, `[Blue]0`: whole, "[$-409]0": whole, "* 0": whole, "[Color 12]0": whole,
		"#,##0": is(grouped, "###0"), "#,##0_);(#,##0)": is(grouped, "###0"), "#,##0.00": is(pointed, "###0"), "000,000": is(grouped, "000000"),
		"0000": is(shaped, "0000"), "0000000000": is(shaped, "0000000000"), "00000 00000": is(shaped, `00000\ 00000`), `000\ 000\ 0000`: is(shaped, `000\ 000\ 0000`),
		"0.00": is(pointed, "0"), "0.#?": strange, "0.##": whole, "0.0#": is(pointed, "0"), `0\.`: is(shaped, `0\.`), `0."0"`: strange, `#,##0" "`: is(grouped, "###0"), `"0"#,##0`: strange, `"+84"0`: is(shaped, `\+\8\40`), `\00`: is(shaped, `\00`), `"0"#`: is(shaped, `\0#`), "???": is(shaped, "???"), "(000) 000-0000": is(shaped, `\(000\)\ 000\-0000`),
		`""0`: whole, ";;;": {zeroApart: true, hidesNumbers: true, hidesTexts: true}, ";;": {zeroApart: true, hidesNumbers: true}, "0;0;0;": {class: shaped, shape: "0", zeroApart: true, hidesTexts: true}, "0;-0;": {class: shaped, shape: "0", zeroApart: true},
		"0%": strange, "0.00E+00": strange, "##0.0E+0": strange, "# ?/?": strange, `#,##0\ "₫"`: strange, `[$₫-42A]0`: strange, "0,": strange, "0,.0": strange,
		"[<1000]0;0,": {class: shaped, shape: "0", only: condition{"<", 1000}, elseClass: other}, "[<1000]0;[<9]0;0": strange, "[<1000]0": strange, "[<x]0;0": strange, "[>5][<9]0;0": {class: shaped, shape: "0", only: condition{"<", 9}, elseClass: shaped, elseShape: "0"}, `0\ `: whole, `_-* #,##0.00\ _₫_-;\-* #,##0.00\ _₫_-;_-* "-"??\ _₫_-;_-@_-`: {class: pointed, shape: "###0", zeroApart: true}, "*00": strange, `"NV"0`: strange, "[DBNum1]0": strange, `"0"`: strange, "0.0.0": strange, "0@": {class: other, textApart: true}, `0\`: whole,
		`"0"@`: {class: other, textApart: true}, `0;0;0;"Anh "@`: {class: shaped, shape: "0", zeroApart: true, textApart: true}, "0;0;0;@": {class: shaped, shape: "0", zeroApart: true}, "@@": {class: other, textApart: true},
		"dd/mm/yyyy": day, "d": day, "[$-F800]dddd\\, mmmm dd\\, yyyy": day, "hh:mm": day, "[h]:mm": day, "[mm]": day, "m/d/yy h:mm;@": day, "yyyy\"年\"": day,
		"h:mm AM/PM": day, "[$-42A]dd mmmm yyyy": day, "ggge": day, "B2yyyy": day, strings.Repeat("0", 256): {class: other, zeroApart: true, textApart: true},
	} {
		if got := readFormat(code); got != want {
			t.Errorf("%q: %+v, want %+v", code, got, want)
		}
	}
	for id, want := range map[int]numberFormat{
		0: kept, 1: whole, 2: is(pointed, "0"), 5: strange, 9: strange, 11: strange, 12: strange, 14: day, 22: day, 27: day, 38: is(grouped, "###0"), 45: day, 49: kept, 58: day, 163: strange,
	} {
		if got := builtInFormat(id); got != want {
			t.Errorf("%d: %+v, want %+v", id, got, want)
		}
	}
}

// TestShownNumbers: what is read of a number is what a person sees, or that is not known.
func TestShownNumbers(t *testing.T) {
	for _, c := range []struct{ code, number, want string }{
		{"0", "903551200", "#903551200"},
		{"0", "-5", "#-5"},
		{"0000000000", "903551200", "#shaped 0903551200"},
		{"0000000000", "84903551200", "#84903551200"},
		{`"0"0`, "903551200", "#shaped 0903551200"},
		{`"0"#`, "903551200", "#shaped 0903551200"},
		{`"+84"0`, "903551200", "#shaped +84903551200"},
		{`"1"0`, "903551200", "#shaped 1903551200"},
		{`000\ 000\ 0000`, "903551200", "#shaped 090 355 1200"},
		{"0000 000 000", "903551200", "#shaped 0903 551 200"},
		{"0### ### ###", "903551200", "#shaped 0903 551 200"},
		{"(000) 000-0000", "903551200", "#shaped (090) 355-1200"},
		{"00 00", "903551200", "#shaped 9035512 00"},
		{"??????????", "903551200", "#shaped  903551200"},
		{"#", "903551200", "#903551200"},
		{"#,##0", "999", "#999"},
		{"[<=9999999]###-####;(###) ###-####", "5551200", "#shaped 555-1200"},
		{"[<=9999999]###-####;(###) ###-####", "903551200", "#shaped (90) 355-1200"},
		{"[<=9999999]###-####;(###) ###-####", "5551200.5", "#formatted 5551200.5"},
		{"[=5]0%;General", "5", "#formatted 5"},
		{"[=5]0%;General", "6", "#6"},
		{`_-* #,##0\ _₫_-`, "903551200", "#shaped 903551200"},
		{"#,##0", "903551200", "#shaped 903551200"},
		{"0,000,000,000", "903551200", "#shaped 0903551200"},
		{"0.00", "903551200", "#shaped 903551200"},
		{"0.#", "903551200", "#903551200"},
		{"0", "903551200.4", "#formatted 903551200.4"},
		{"0000", "-5", "#formatted -5"},
		{"#", "0", "#formatted 0"},
		{"0;0;", "0", "#formatted 0"},
		{"General;General;", "0", "#formatted 0"},
		{"General;General;", "903551200.5", "#903551200.5"},
		{"0,", "903551200000", "#formatted 903551200000"},
		{";;;", "903551200", "#903551200"},
		{`"NV"0`, "12", "#formatted 12"},
		{"0%", "9035512", "#formatted 9035512"},
		{"0000", "1234567890123456", "#rounded 1234567890123456"},
	} {
		out, kind, ok := appendNumber([]byte("before"), []byte(c.number), readFormat(c.code))
		if got := marks[kind] + string(out[len("before"):]); got != c.want || !ok {
			t.Errorf("%q of %s: %q, want %q", c.code, c.number, got, c.want)
		}
	}
}

// TestSheets: which sheet is read.
func TestSheets(t *testing.T) {
	const head, title, person = `<row><c t="str"><v>head</v></c></row>`, `<row><c t="str"><v>title</v></c></row>`, `<row><c t="str"><v>person</v></c></row>`
	many := func(sheets ...string) []byte { // of a name, which "!" hides, and rows
		var list, relations strings.Builder
		parts := []string{"_rels/.rels", rootRels}
		for i := 0; i < len(sheets); i += 2 {
			name, state := sheets[i], "visible"
			if hidden, ok := strings.CutPrefix(name, "!"); ok {
				name, state = hidden, "veryHidden"
			}
			fmt.Fprintf(&list, `<sheet name="%s" state="%s" r:id="s%d"/>`, name, state, i)
			fmt.Fprintf(&relations, `<Relationship Id="s%d" Type="x/worksheet" Target="s%d.xml"/>`, i, i)
			parts = append(parts, fmt.Sprintf("xl/s%d.xml", i), data(sheets[i+1]))
		}
		parts = append(parts, "xl/workbook.xml", "<workbook><sheets>"+list.String()+"</sheets></workbook>",
			"xl/_rels/workbook.xml.rels", "<Relationships>"+relations.String()+"</Relationships>")
		return pack(t, parts...)
	}
	isHead := func(cells []string) bool { return cells[0] == "head" }
	for _, c := range []struct {
		name   string
		file   []byte
		sheet  string
		header func([]string) bool
		want   string // the sheet, or why not
	}{
		{"one", many("A", head), "", isHead, "A"},
		{"one without a header", many("A", person), "", isHead, "A"},
		{"one that is hidden", many("!A", head), "", isHead, `no sheet that is shown has a header that is understood; hidden sheets with one: "A"; correct the header`},
		{"a guide above", many("A", title+person, "B", title+head), "", isHead, "B"},
		{"a hidden copy", many("!A", head, "B", head), "", isHead, "B"},
		{"empty sheets", many("A", "", "B", person, "C", "<row/>"), "", isHead, "B"},
		{"a header too far down", many("A", strings.Repeat(title, HeaderRows)+head, "B", person), "", isHead, "no sheet of the workbook has a header that is understood; its sheets are \"A\", \"B\"; name the sheet"},
		{"a header on row 20", many("A", strings.Repeat(title, HeaderRows-1)+head, "B", person), "", isHead, "A"},
		{"two", many("Q1 &amp; &quot;Q2&quot;", head, "B", head), "", isHead, `several sheets of the workbook may be the one to read; its sheets are "Q1 & \"Q2\"", "B"; name the sheet`},
		{"two without a function", many("A", head, "B", person), "", nil, "no sheet of the workbook has a header"},
		{"nothing", many("A", ""), "", isHead, `the workbook is empty; its sheets are "A"; write the list`},
		{"named", many("A", head, "B", person), "B", isHead, "B"},
		{"named in other letters", many("A", head, "Nhân  viên", person), "NHÂN VIÊN ", isHead, "Nhân  viên"},
		{"named in capitals, and both are there", many("b", head, "B", person), "B", isHead, "B"},
		{"named, and hidden", many("A", head, "!B", head), "B", isHead, "B"},
		{"named wrongly", many("A", head, "!B", person), "C", isHead, `the workbook has no sheet "C"; its sheets are "A", "B" (hidden); name the sheet`},
		{"a broken sheet beside it", many("A", `<row><c t="s"><v>9</v></c></row>`, "B", head), "", isHead, "B"},
		{"a broken sheet alone", many("A", `<row><c t="s"><v>9</v></c></row>`, "B", person), "", isHead, `sheet "A", row 1: the workbook is damaged (cell A1)`},
		{"hidden ones with a header", many("A", person, "!B", head, "!C", person, "!D", head), "", isHead, `no sheet that is shown has a header that is understood; hidden sheets with one: "B", "D"; correct the header`},
		{"a hidden one without a header", many("A", person, "!B", person), "", isHead, "A"},
	} {
		r, err := Open(bytes.NewReader(c.file), int64(len(c.file)), Options{Sheet: c.sheet, Header: c.header})
		if err != nil {
			got := refused(t, c.file, Options{Sheet: c.sheet, Header: c.header})
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("%s: %s", c.name, got)
			}
			continue
		}
		if r.Sheet() != c.want {
			t.Errorf("%s: the sheet %s", c.name, r.Sheet())
		}
		r.Close()
	}
}

// TestHiddenInXLSX: rows above the header may be hidden, and blank rows, too.
func TestHiddenInXLSX(t *testing.T) {
	const sheet = `<cols><col min="2" max="3" hidden="1"/><col min="5" max="5" width="0"/></cols><sheetData>` +
		`<row r="1" hidden="1"><c t="str"><v>title</v></c></row><row r="2" hidden="true"><c t="str"><v>head</v></c></row><row r="3" hidden="1"/>` +
		`<row r="4" hidden="1"><c t="str"><v>a</v></c></row><row r="5" ht="0" customHeight="1"><c t="str"><v>b</v></c></row>` +
		`<row r="6" hidden="0"><c t="str"><v>c</v></c></row></sheetData><mergeCells><mergeCell ref="A1:C2"/></mergeCells>`
	file := oneSheet(t, "<worksheet>"+sheet+"</worksheet>")
	isHead := func(cells []string) bool { return cells[0] == "head" }
	r := open(t, file, Options{Header: isHead, HiddenRows: SkipHidden})
	if got := dump(t, r); got != "1: [title]\n2: [head]\n6: [c]\n" {
		t.Error(got)
	}
	if got := fmt.Sprint(r.Hidden(), r.Blank(), r.HiddenColumn(0), r.HiddenColumn(1), r.HiddenColumn(2), r.HiddenColumn(4), r.Merged()); got != "[4 5] 1 false true true true [{1 2 0 2}]" {
		t.Error(got)
	}
	if got := refused(t, file, Options{Header: isHead}); !strings.HasPrefix(got, "the sheet has 2 hidden rows, perhaps by a filter: 4, 5; ") {
		t.Error(got)
	}
	if got := dump(t, open(t, file, Options{Header: isHead, HiddenRows: ReadHidden})); !strings.Contains(got, "4: [a]\n5: [b]\n6: [c]\n") {
		t.Error(got)
	}
}

// TestDatesFrom1904: old workbooks of the Macintosh count from another year.
func TestDatesFrom1904(t *testing.T) {
	file := pack(t, "_rels/.rels", rootRels, "xl/_rels/workbook.xml.rels", bookRels, "xl/workbook.xml", strings.Replace(bookXML, "<workbookPr/>", `<workbookPr date1904="1"/>`, 1),
		"xl/styles.xml", styles, "xl/worksheets/sheet1.xml", data(`<row><c s="3"><v>44592</v></c></row>`))
	if got := dump(t, open(t, file, Options{})); got != "1: [date 2026-02-01]\n" {
		t.Error(got)
	}
}

// TestFormulasToCalculate: a program that cannot calculate writes 0 for every formula, and tells Excel to calculate them all.
func TestFormulasToCalculate(t *testing.T) {
	file := pack(t, "_rels/.rels", rootRels, "xl/_rels/workbook.xml.rels", bookRels,
		"xl/workbook.xml", strings.Replace(bookXML, "</workbook>", `<calcPr calcId="124519" fullCalcOnLoad="1"/></workbook>`, 1),
		"xl/worksheets/sheet1.xml", data(`<row><c><f>A2</f><v>0</v></c><c><v>0</v></c><c><f>A2</f><v>5</v></c></row>`))
	if got := dump(t, open(t, file, Options{})); got != "1: [=uncalculated] [#0] [=#5]\n" {
		t.Error(got)
	}
}
