package workbook

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
)

// Sheet is a sheet of a workbook that is written.
type Sheet struct {
	Name    string // up to 31 letters, none of []:*?/\
	Columns []Column
}

// Column is a column of a sheet that is written.
type Column struct {
	Title string
	Width int  // in digits of the usual size
	Wrap  bool // long texts are broken into lines
}

// Writer writes an Excel workbook (.xlsx) whose cells are texts, also those that look like a number, a date or a formula, so that no
// program changes them. Columns are formatted as text, too: what a person types into an empty cell stays what it is. The
// first row of each sheet has the titles of its columns, and stays in sight.
//
// Rows are written as they come, and nothing is kept in a file or in memory. The same rows give the same bytes.
type Writer struct {
	zip    *zip.Writer
	sheets []Sheet
	number int           // of the sheet that is written, from 1; 0 before the first
	out    *bufio.Writer // of its part
	row    int           // the row written last
	err    error
}

// NewWriter returns a Writer of a workbook with the given sheets, at the first of them.
func NewWriter(w io.Writer, sheets ...Sheet) *Writer {
	wb := &Writer{zip: zip.NewWriter(w), sheets: sheets}
	wb.begin()
	wb.Next()
	return wb
}

// Next goes to the next sheet. Errors are returned by the calls that follow.
func (w *Writer) Next() {
	w.endSheet()
	w.number++
	if w.err != nil || w.number > len(w.sheets) {
		return
	}
	s := w.sheets[w.number-1]
	w.part(fmt.Sprintf("xl/worksheets/sheet%d.xml", w.number))
	selected := 0
	if w.number == 1 {
		selected = 1
	}
	w.printf(`<worksheet xmlns="%s"><sheetViews><sheetView tabSelected="%d" workbookViewId="0">`, spreadsheetML, selected)
	w.printf(`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	var titles []string
	for i, c := range s.Columns {
		w.printf(`<col min="%d" max="%d" width="%d" style="%d" customWidth="1"/>`, i+1, i+1, c.Width, c.style())
		titles = append(titles, c.Title)
	}
	w.printf(`</cols><sheetData>`)
	w.row = 0
	w.writeRow(titles, func(int) int { return titleStyle })
}

// Write writes a row of the sheet, with at most as many cells as it has columns.
func (w *Writer) Write(cells ...string) error {
	columns := w.sheets[w.number-1].Columns
	w.writeRow(cells, func(i int) int { return columns[i].style() })
	return w.err
}

// Close ends the workbook. Sheets that were not begun have their titles alone.
func (w *Writer) Close() error {
	for w.number <= len(w.sheets) {
		w.Next()
	}
	w.flush()
	w.fail(w.zip.Close())
	return w.err
}

const (
	spreadsheetML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageRels   = "http://schemas.openxmlformats.org/package/2006/relationships"
	contentTypes  = "http://schemas.openxmlformats.org/package/2006/content-types"
	relsType      = "application/vnd.openxmlformats-package.relationships+xml"
	mainType      = "application/vnd.openxmlformats-officedocument.spreadsheetml"
)

// The styles of cells, as styleSheet lists them. Format 49 is text.
const (
	textStyle = 1 + iota
	titleStyle
	wrappedStyle
)

const styleSheet = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="4">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>`

// style is the style of a cell of the column.
func (c Column) style() int {
	if c.Wrap {
		return wrappedStyle
	}
	return textStyle
}

// begin writes all parts but the sheets.
func (w *Writer) begin() {
	w.part("[Content_Types].xml")
	w.printf(`<Types xmlns="%s"><Default Extension="rels" ContentType="%s"/><Default Extension="xml" ContentType="application/xml"/>`, contentTypes, relsType)
	w.printf(`<Override PartName="/xl/workbook.xml" ContentType="%s.sheet.main+xml"/>`, mainType)
	w.printf(`<Override PartName="/xl/styles.xml" ContentType="%s.styles+xml"/>`, mainType)
	for i := range w.sheets {
		w.printf(`<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%s.worksheet+xml"/>`, i+1, mainType)
	}
	w.printf(`</Types>`)

	w.part("_rels/.rels")
	w.printf(`<Relationships xmlns="%s"><Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>`, packageRels, relationships)

	w.part("xl/workbook.xml")
	w.printf(`<workbook xmlns="%s" xmlns:r="%s"><sheets>`, spreadsheetML, relationships)
	for i, s := range w.sheets {
		w.printf(`<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, appendEscaped(nil, s.Name), i+1, i+1)
	}
	w.printf(`</sheets></workbook>`)

	w.part("xl/_rels/workbook.xml.rels")
	w.printf(`<Relationships xmlns="%s">`, packageRels)
	for i := range w.sheets {
		w.printf(`<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, relationships, i+1)
	}
	w.printf(`<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, len(w.sheets)+1, relationships)

	w.part("xl/styles.xml")
	w.printf(styleSheet)
}

// endSheet writes the end of the sheet.
func (w *Writer) endSheet() {
	if w.number == 0 || w.number > len(w.sheets) {
		return
	}
	// Excel would mark every phone as a number that is stored as text.
	last := columnName(len(w.sheets[w.number-1].Columns) - 1)
	w.printf(`</sheetData><ignoredErrors><ignoredError sqref="A1:%s%d" numberStoredAsText="1"/></ignoredErrors></worksheet>`, last, maxRows)
}

// writeRow writes a row of cells with their styles.
func (w *Writer) writeRow(cells []string, style func(column int) int) {
	if w.row++; w.row > maxRows {
		w.fail(message.Errorf("a sheet of a workbook has at most %d rows", maxRows))
	}
	w.printf(`<row r="%d">`, w.row)
	var text []byte
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		text = appendEscaped(text[:0], cell)
		w.printf(`<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, columnName(i), w.row, style(i), text)
	}
	w.printf(`</row>`)
}

// part ends the part that is written, and begins another.
func (w *Writer) part(name string) {
	w.flush()
	out, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate}) // without a time: the bytes would change with it
	w.fail(err)
	w.out = bufio.NewWriter(out)
	w.printf(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
}

func (w *Writer) printf(format string, args ...any) {
	if w.err == nil {
		_, err := fmt.Fprintf(w.out, format, args...)
		w.fail(err)
	}
}

func (w *Writer) flush() {
	if w.err == nil && w.out != nil {
		w.fail(w.out.Flush())
	}
}

// fail keeps the first error.
func (w *Writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// columnName returns what a spreadsheet calls a column, which counts from 0: A, B, and AA behind Z.
func columnName(column int) string {
	if column < 26 {
		return string(rune('A' + column))
	}
	return columnName(column/26-1) + string(rune('A'+column%26))
}

// longestCell is how long a text may be that Excel reads, in UTF-16 units.
const longestCell = 32767

// appendEscaped appends a text as XML has it, and what XML cannot have as Excel writes it: see unescape. A text that is too long
// for Excel is cut.
func appendEscaped(out []byte, text string) []byte {
	units := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if units += utf16.RuneLen(r); units > longestCell {
			return out
		}
		switch {
		case r == '&':
			out = append(out, "&amp;"...)
		case r == '<':
			out = append(out, "&lt;"...)
		case r == '>':
			out = append(out, "&gt;"...)
		case r == '"':
			out = append(out, "&quot;"...)
		case r == '\r' || notInXML(r):
			out = fmt.Appendf(out, "_x%04X_", r)
		case r == '_' && isEscape(text[i:]):
			out = append(out, "_x005F_"...)
		default:
			out = utf8.AppendRune(out, r)
		}
		i += size
	}
	return out
}

// isEscape reports whether a text begins with what would be read as an escape.
func isEscape(text string) bool {
	_, ok := escaped([]byte(text[:min(len(text), escapeSize)]))
	return ok
}
