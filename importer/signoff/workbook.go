package signoff

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"etelecom-import/importer/reason"
)

// WriteWorkbook writes the document as an Excel workbook: a sheet for the summary with the signatures, and one for each list. Every cell is
// a text but the numbers of people, so that no program changes a phone or an id. The same document gives the same bytes.
func WriteWorkbook(w io.Writer, d *Document) error {
	b := &book{file: excelize.NewFile(), words: wordsOf(d.Language), document: d}
	defer func() { _ = b.file.Close() }()
	b.makeStyles()
	b.summary()
	b.causes(b.words.T("sheet.notdone"), d.NotDone, d.By)
	if len(d.Warned) > 0 {
		b.causes(b.words.T("sheet.warned"), d.Warned, "")
	}
	if len(d.Replaced) > 0 {
		b.replaced()
	}
	if len(d.Gone) > 0 {
		b.gone()
	}
	if len(d.Findings) > 0 {
		b.findings()
	}
	b.everybody()
	title := b.words.T("title")
	if d.Interim() {
		title = b.words.T("title.interim")
	}
	properties := &excelize.DocProperties{Title: title, Creator: "etelecom-import", Language: d.Language}
	if !d.AsOf.IsZero() {
		properties.Created, properties.Modified = d.AsOf.UTC().Format(time.RFC3339), d.AsOf.UTC().Format(time.RFC3339)
	}
	b.fail(b.file.SetDocProps(properties))
	if b.err != nil {
		return b.err
	}
	return b.file.Write(w)
}

// book is a workbook that is written. The first error is kept, and nothing is done after it.
type book struct {
	file     *excelize.File
	words    words
	document *Document
	styles   struct{ text, wrap, head, title, bold, number, strong, alarm, line int }
	sheet    string // that is written
	sheets   int
	row      int // that was written last
	err      error
}

// fail keeps the first error.
func (b *book) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// column is a column of a sheet.
type column struct {
	title string
	width float64
	wrap  bool
}

// textFormat is the format of a cell whose content stays as it is.
const textFormat = 49

func (b *book) makeStyles() {
	style := func(s excelize.Style) int {
		if s.Font == nil {
			s.Font = &excelize.Font{}
		}
		s.Font.Family = "Calibri"
		if s.Font.Size == 0 {
			s.Font.Size = 11
		}
		if s.Alignment == nil {
			s.Alignment = &excelize.Alignment{}
		}
		if s.Alignment.Vertical == "" {
			s.Alignment.Vertical = "top"
		}
		id, err := b.file.NewStyle(&s)
		b.fail(err)
		return id
	}
	thin := []excelize.Border{{Type: "bottom", Style: 1, Color: "BFBFBF"}}
	b.styles.text = style(excelize.Style{NumFmt: textFormat, Border: thin})
	b.styles.wrap = style(excelize.Style{NumFmt: textFormat, Border: thin, Alignment: &excelize.Alignment{WrapText: true}})
	b.styles.head = style(excelize.Style{
		NumFmt: textFormat, Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true},
		Border: []excelize.Border{{Type: "bottom", Style: 2, Color: "000000"}}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEDED"}},
	})
	b.styles.title = style(excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true, Size: 16}})
	b.styles.bold = style(excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true, Size: 12}, Alignment: &excelize.Alignment{WrapText: true}})
	b.styles.number = style(excelize.Style{NumFmt: 3, Border: thin})
	b.styles.strong = style(excelize.Style{NumFmt: 3, Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "top", Style: 2, Color: "000000"}}})
	b.styles.alarm = style(excelize.Style{
		NumFmt: textFormat, Font: &excelize.Font{Bold: true, Size: 13}, Alignment: &excelize.Alignment{WrapText: true},
		Border: []excelize.Border{{Type: "top", Style: 5, Color: "000000"}, {Type: "bottom", Style: 5, Color: "000000"}, {Type: "left", Style: 5, Color: "000000"}, {Type: "right", Style: 5, Color: "000000"}},
	})
	b.styles.line = style(excelize.Style{NumFmt: textFormat, Border: []excelize.Border{{Type: "bottom", Style: 3, Color: "000000"}}})
}

// begin begins a sheet. It prints on A4, as wide as a page.
func (b *book) begin(name string, widths []float64, landscape bool) {
	if b.sheets++; b.sheets == 1 {
		b.fail(b.file.SetSheetName("Sheet1", name))
	} else {
		_, err := b.file.NewSheet(name)
		b.fail(err)
	}
	b.sheet, b.row = name, 0
	for i, width := range widths {
		letter := columnLetter(i)
		b.fail(b.file.SetColWidth(name, letter, letter, width))
	}
	orientation := "portrait"
	if landscape {
		orientation = "landscape"
	}
	a4, one, all, yes := 9, 1, 0, true
	b.fail(b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &yes}))
	b.fail(b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: &one, FitToHeight: &all}))
	b.fail(b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&L&8SHA-256 " + b.document.SHA256[:min(16, len(b.document.SHA256))] + "…&R&8&A  &P/&N"}))
}

// table begins a sheet that is a table: its titles stay in sight, and are on every page. What is above the table is written first, a
// sentence a row.
func (b *book) table(name string, columns []column, above ...string) {
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = c.width
	}
	b.begin(name, widths, len(columns) > 6)
	last := columnLetter(len(columns) - 1)
	for _, text := range above {
		b.row++
		b.fail(b.file.MergeCell(name, b.cell(0), last+strconv.Itoa(b.row)))
		b.text(0, text, b.styles.bold)
		b.fail(b.file.SetRowHeight(name, b.row, 34))
	}
	b.row++
	for i, c := range columns {
		b.text(i, c.title, b.styles.head)
	}
	head := b.row
	b.fail(b.file.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: "A" + strconv.Itoa(head+1), ActivePane: "bottomLeft"}))
	b.fail(b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", name, head, head), Scope: name}))
}

// end ends a table: phones and numbers of extensions are no mistakes.
func (b *book) end(columns int) {
	b.fail(b.file.AddIgnoredErrors(b.sheet, "A1:"+columnLetter(columns-1)+strconv.Itoa(max(b.row, 1)), excelize.IgnoredErrorsNumberStoredAsText))
}

func columnLetter(i int) string { return string(rune('A' + i)) }

func (b *book) cell(column int) string { return columnLetter(column) + strconv.Itoa(b.row) }

// text writes a text into a cell of the row.
func (b *book) text(column int, text string, style int) {
	if b.err != nil {
		return
	}
	if text != "" {
		b.fail(b.file.SetCellStr(b.sheet, b.cell(column), text))
	}
	b.fail(b.file.SetCellStyle(b.sheet, b.cell(column), b.cell(column), style))
}

// number writes a number of people.
func (b *book) number(column, n, style int) {
	b.fail(b.file.SetCellInt(b.sheet, b.cell(column), int64(n)))
	b.fail(b.file.SetCellStyle(b.sheet, b.cell(column), b.cell(column), style))
}

// write writes a row of a table.
func (b *book) write(columns []column, cells ...string) {
	b.row++
	lines := 1
	for i, text := range cells {
		style := b.styles.text
		if columns[i].wrap {
			style = b.styles.wrap
			lines = max(lines, linesOf(text, columns[i].width))
		}
		b.text(i, text, style)
	}
	if lines > 1 {
		b.fail(b.file.SetRowHeight(b.sheet, b.row, float64(lines)*lineHeight))
	}
}

// lineHeight is how high a line of a text is, in points.
const lineHeight = 15

// linesOf returns how many lines a text probably has in a column: not every program works that out when it opens a workbook.
func linesOf(text string, width float64) int {
	lines, used := 1, 0.0
	for word := range strings.FieldsSeq(text) {
		length := 1.1 * float64(utf8.RuneCountInString(word)+1) // letters are a little wider than digits
		if used > 0 && used+length > width {
			lines, used = lines+1, 0
		}
		used += length
		for ; used > width; used -= width {
			lines++
		}
	}
	return lines
}

// wide writes a text over all columns of the summary.
func (b *book) wide(text string, style int, height float64) {
	b.row++
	for column := range summaryColumns {
		b.text(column, "", style)
	}
	b.fail(b.file.MergeCell(b.sheet, b.cell(0), b.cell(summaryColumns-1)))
	b.text(0, text, style)
	if height > 0 {
		b.fail(b.file.SetRowHeight(b.sheet, b.row, height))
	}
}

// fact writes a row of the facts. A fact that is not known leaves a line to fill in.
func (b *book) fact(label, value string) {
	b.row++
	b.text(0, label, b.styles.text)
	style := b.styles.text
	if value == "" {
		style = b.styles.line
	}
	for column := 1; column < summaryColumns; column++ {
		b.text(column, "", style)
	}
	b.fail(b.file.MergeCell(b.sheet, b.cell(1), b.cell(summaryColumns-1)))
	b.text(1, value, style)
}

const summaryColumns = 5

// summary writes the sheet with the facts, the totals and the signatures.
func (b *book) summary() {
	d, w := b.document, b.words
	b.begin(w.T("sheet.summary"), []float64{30, 12, 12, 12, 34}, false)
	title := w.T("title")
	if d.Interim() {
		title = w.T("title.interim")
	}
	b.wide(title, b.styles.title, 26)
	b.wide(w.T("subtitle"), b.styles.bold, 20)
	if d.Interim() {
		b.wide(w.T("interim.head")+" "+w.Interim(d.State), b.styles.alarm, 40)
	}
	if d.Practice {
		b.wide(w.T("practice.head"), b.styles.alarm, 40)
	}
	company := d.Company
	if company == "" {
		company = d.TenantName
	}
	b.fact(w.T("company"), company)
	if d.Company != "" && d.TenantName != "" {
		b.fact(w.T("company.tenant"), d.TenantName)
	}
	b.fact(w.T("account"), d.Account)
	b.fact(w.T("date"), w.Day(d.Date))
	asOf := w.Moment(d.AsOf)
	if asOf == "" {
		asOf = w.T("asof.unknown")
	}
	b.fact(w.T("asof"), asOf)
	compared := w.T("compared.not")
	if d.Compared() {
		compared = w.T("compared.on", w.Moment(d.ComparedAt))
	}
	b.fact(w.T("compared"), compared)
	if d.RosterName != "" {
		b.fact(w.T("roster"), d.RosterName)
	}
	b.fact(w.T("result"), d.ResultName)
	b.fact(w.T("hash"), d.SHA256)
	b.fact(w.T("version"), "etelecom-import "+d.Version)
	b.row++
	b.wide(w.Statement(d), b.styles.bold, 50)
	b.row++
	for i, title := range []string{d.By, w.T("total"), w.T("done"), w.T("notdone"), w.T("col.share")} {
		b.text(i, title, b.styles.head)
	}
	counts := func(name string, c Counts, style int) {
		b.row++
		b.text(0, name, style)
		b.number(1, c.Total, style)
		b.number(2, c.Done, style)
		b.number(3, c.NotDone(), style)
		b.text(4, bar(c), style)
	}
	for _, g := range d.Groups {
		counts(w.Group(g.Name), g.Counts, b.styles.number)
	}
	counts(w.T("everyone"), d.All, b.styles.strong)
	if d.Compared() {
		b.row++
		v := &d.Verified
		b.wide(w.T("verify.counts", v.Confirmed, v.Differing, v.NotDone, v.CannotTell), b.styles.bold, 34)
		if d.OtherList {
			b.wide(w.T("verify.other"), b.styles.wrap, 34)
		}
	}
	b.signatures()
	b.end(summaryColumns)
}

// bar returns a plain bar: a share of done in twentieths, readable without colors, and the numbers beside it say the same.
func bar(c Counts) string {
	const length = 20
	full := (c.Permille()*length + 500) / 1000
	text := make([]rune, length)
	for i := range text {
		if text[i] = '░'; i < full {
			text[i] = '█'
		}
	}
	return string(text)
}

// signatures writes where both parties sign, unless the document is interim.
func (b *book) signatures() {
	w := b.words
	b.row++
	if b.document.Interim() {
		b.wide(w.T("sign.interim"), b.styles.bold, 34)
		return
	}
	text := w.T("sign.text.done")
	if b.document.All.NotDone() > 0 || b.document.Disagrees() {
		text = w.T("sign.text")
	}
	b.wide(text, b.styles.bold, 50)
	for _, party := range []string{"sign.company", "sign.integrator"} {
		b.row++
		b.wide(w.T(party), b.styles.bold, 20)
		b.fact(w.T("sign.name"), "")
		b.fact(w.T("sign.position"), "")
		b.fact(w.T("sign.date"), "")
		b.fact(w.T("sign.signature"), "")
		b.fail(b.file.SetRowHeight(b.sheet, b.row, 56))
	}
}

// causes writes a table of people with why they are not done.
func (b *book) causes(name string, list []Cause, by string) {
	w := b.words
	hasMessages := slices.ContainsFunc(list, func(c Cause) bool {
		return slices.ContainsFunc(c.People, func(p *Person) bool { return p.Message != "" })
	})
	columns := []column{
		{w.T("col.line"), 7, false},
		{w.T("col.name"), 26, true},
		{w.T("col.phone"), 15, false},
		{w.T("col.extension"), 11, false},
		{w.T("why"), 34, true},
		{w.T("do"), 34, true},
		{w.T("who"), 16, true},
	}
	if by != "" {
		columns = append(columns, column{by, 20, true})
	}
	if hasMessages {
		columns = append(columns, column{w.T("message"), 34, true})
	}
	b.table(name, columns)
	for _, c := range list {
		for _, p := range c.People {
			cells := []string{lineText(p), p.Name, p.Phone, p.Extension, w.Why(c.Code), w.Do(c.Code), w.Who(c.Code)}
			if by != "" {
				cells = append(cells, w.Group(p.Group))
			}
			if hasMessages {
				cells = append(cells, p.Message)
			}
			b.write(columns, cells...)
		}
	}
	if len(list) == 0 {
		b.row++
		nobody := w.T("notdone.nobody")
		if b.document.Disagrees() {
			nobody = w.T("notdone.compared")
		}
		b.text(1, nobody, b.styles.text)
	}
	b.end(len(columns))
}

// replaced writes the table of those whose password was replaced.
func (b *book) replaced() {
	const code = reason.PasswordReplaced
	w := b.words
	b.people(w.T("sheet.replaced"), b.document.Replaced, w.Why(code), w.Do(code)+" ("+w.Who(code)+")")
}

// gone writes the table of those who are not in the employee file any more.
func (b *book) gone() {
	w, d := b.words, b.document
	what := w.T("gone.text")
	if d.Compared() {
		what += " " + w.T("verify.gone", d.VerifiedGone.Users, d.VerifiedGone.Extensions)
	}
	b.people(w.T("sheet.gone"), d.Gone, what, w.T("gone.do")+" ("+w.T("who.company")+")")
}

// people writes a table of people of whom the same is to be said: the texts above it.
func (b *book) people(name string, list []*Person, above ...string) {
	w := b.words
	columns := []column{{w.T("col.line"), 8, false}, {w.T("col.name"), 32, false}, {w.T("col.phone"), 16, false}, {w.T("col.extension"), 14, false}, {w.T("col.status"), 34, true}}
	b.table(name, columns, above...)
	for _, p := range list {
		b.write(columns, lineText(p), p.Name, p.Phone, p.Extension, w.Status(p))
	}
	b.end(len(columns))
}

// findings writes a table of what the comparison with the tenant has found.
func (b *book) findings() {
	w := b.words
	columns := []column{
		{w.T("col.line"), 7, false},
		{w.T("col.name"), 26, true},
		{w.T("col.phone"), 15, false},
		{w.T("col.extension"), 11, false},
		{w.T("col.status"), 16, true},
		{w.T("why"), 34, true},
		{w.T("do"), 34, true},
		{w.T("who"), 16, true},
	}
	b.table(w.T("sheet.verify"), columns)
	for _, f := range b.document.Findings {
		for _, p := range f.People {
			b.write(columns, lineText(p), p.Name, p.Phone, p.Extension, w.Kind(f.Kind), w.Why(f.Code), w.Do(f.Code), w.Who(f.Code))
		}
	}
	b.end(len(columns))
}

// everybody writes the table of all people.
func (b *book) everybody() {
	d, w := b.document, b.words
	columns := []column{{w.T("col.no"), 8, false}, {w.T("col.name"), 30, true}, {w.T("col.phone"), 16, false}, {w.T("col.extension"), 12, false}, {w.T("col.status"), 24, true}}
	if d.By != "" {
		columns = append(columns, column{d.By, 24, true})
	}
	if d.IDs {
		columns = append(columns, column{w.T("col.user_id"), 22, false}, column{w.T("col.extension_id"), 22, false})
	}
	b.table(w.T("sheet.people"), columns)
	for i, p := range d.People {
		cells := []string{strconv.Itoa(i + 1), p.Name, p.Phone, p.Extension, w.Status(p)}
		if d.By != "" {
			cells = append(cells, p.Group)
		}
		if d.IDs {
			cells = append(cells, p.UserID, p.ExtensionID)
		}
		b.write(columns, cells...)
	}
	b.end(len(columns))
}
