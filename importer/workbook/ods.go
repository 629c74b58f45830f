package workbook

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"etelecom-import/apiclient/message"
)

// ods is a spreadsheet of LibreOffice or OpenOffice (.ods), as ODF 1.3 part 3 describes it. All its sheets are in one part. The
// prefixes of names are those that all programs write.
type ods struct {
	archive *archive
	list    []sheet
}

// The parts of an .ods.
const (
	odsContent  = "content.xml"
	odsManifest = "META-INF/manifest.xml"
)

// openODS reads the list of the sheets.
func openODS(a *archive) (*ods, error) {
	if a.has("encrypted-package") {
		return nil, odsPassword()
	}
	if a.has(odsManifest) {
		err := a.each(odsManifest, func(p *part) error {
			if string(p.name) == "encryption-data" {
				return odsPassword()
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	o := &ods{archive: a}
	hidden := map[string]bool{} // styles, and whether they hide a sheet
	var style string
	err := a.each(odsContent, func(p *part) error {
		switch string(p.prefixed) {
		case "style:style":
			style = string(p.attribute("style:name"))
		case "style:table-properties":
			if hidden[style] = string(p.attribute("table:display")) == "false"; len(hidden) > maxStyles {
				return damaged(odsContent)
			}
		case "table:table":
			if !isSheet(p) {
				return nil
			}
			if len(o.list) == maxSheets {
				return damaged(odsContent)
			}
			o.list = append(o.list, sheet{string(p.attribute("table:name")), hidden[string(p.attribute("table:style-name"))]})
		}
		return nil
	})
	if err == nil && len(o.list) == 0 {
		err = damaged(odsContent)
	}
	return o, err
}

func odsPassword() error {
	return refuse(message.T("this spreadsheet has a password"), message.T("in LibreOffice: File, Save As, and save it without a password"))
}

// isSheet reports whether the table that was just opened is a sheet, and not one within a cell or of another file.
func isSheet(p *part) bool { return p.depth() == 4 }

func (o *ods) sheets() []sheet { return o.list }

func (o *ods) rows(number int) (rows, error) {
	p, err := o.archive.open(odsContent)
	if err != nil {
		return nil, err
	}
	r := &odsRows{p: p}
	for n := -1; n < number; {
		if err := p.next(); err != nil {
			p.Close()
			return nil, p.readable(err)
		}
		if p.tag == opens && string(p.prefixed) == "table:table" && isSheet(p) {
			n++
		}
	}
	return r, nil
}

// odsRows reads the rows of a sheet.
type odsRows struct {
	p       *part
	number  int // of the row read last
	again   int // how often that row is still to come
	columns int // how many columns were described
	hidden  columnSet
	merged  ranges
	covered int    // the last row that has a filled cell below another one
	group   int    // the depth of the group of rows or columns that is hidden; 0 if none is
	value   []byte // of the cell that is read
	done    bool
}

func (r *odsRows) hiddenColumns() columnSet { return r.hidden }
func (r *odsRows) mergedCells() []Range     { return r.merged }
func (r *odsRows) lastCovered() int         { return max(r.covered, r.merged.last()) }
func (r *odsRows) last() int                { return r.number }
func (r *odsRows) ahead() float64           { return r.p.ahead() }
func (r *odsRows) close()                   { r.p.Close() }

// next reads the next row. The error is [io.EOF] at the end of the sheet.
func (r *odsRows) next(to *row) error {
	err := r.read(to)
	if err != nil && err != io.EOF {
		return r.p.readable(err)
	}
	return err
}

func (r *odsRows) read(to *row) error {
	if r.again > 0 {
		r.again--
		r.number++
		to.number = r.number
		return nil
	}
	if r.done {
		return io.EOF
	}
	p := r.p
	for {
		if err := p.next(); err != nil {
			return err
		}
		if p.tag == closes && string(p.name) == "table" && p.depth() == 3 {
			r.done = true
			if err := p.toEnd(); err != nil {
				return err
			}
			return io.EOF
		}
		if p.tag != opens {
			if p.tag == closes && p.depth() < r.group {
				r.group = 0
			}
			continue
		}
		var err error
		switch string(p.prefixed) {
		case "table:table-row-group", "table:table-column-group":
			if r.group == 0 && string(p.attribute("table:display")) == "false" {
				r.group = p.depth()
			}
		case "table:table-row":
			var found bool
			if found, err = r.row(to); found {
				return err
			}
		case "table:table-column":
			n := r.repeated("table:number-columns-repeated", maxColumns)
			if hides(p) || r.group > 0 {
				r.hidden.add(r.columns, r.columns+n-1)
			}
			r.columns = min(r.columns+n, maxColumns)
		case "table:shapes", "office:forms":
			err = p.leave()
		}
		if err != nil {
			return err
		}
	}
}

// repeated returns how often the element that was just opened counts.
func (r *odsRows) repeated(attribute string, most int) int {
	return max(1, min(r.p.number(attribute, 1), most))
}

// hides reports whether the row or column that was just opened is hidden, by a person or by a filter.
func hides(p *part) bool {
	visibility := string(p.attribute("table:visibility"))
	return visibility == "collapse" || visibility == "filter"
}

// row reads the row whose tag was just opened. It reports whether there is anything in it: blank rows come in millions.
func (r *odsRows) row(to *row) (found bool, err error) {
	p := r.p
	again := r.repeated("table:number-rows-repeated", 1<<30)
	r.number++
	to.reset(r.number)
	to.hidden = hides(p) || r.group > 0
	column := 0
	for inside := p.depth(); ; {
		if err := p.next(); err != nil {
			return true, err
		}
		if p.tag == closes && p.depth() < inside {
			break
		}
		if p.tag != opens {
			continue
		}
		if string(p.name) != "table-cell" && string(p.name) != "covered-table-cell" {
			if err := p.leave(); err != nil {
				return true, err
			}
			continue
		}
		n := r.repeated("table:number-columns-repeated", maxColumns)
		covered := string(p.name) == "covered-table-cell"
		if err := r.merge(column); err != nil {
			return true, err
		}
		c, known, err := r.cell(to)
		if err == nil && !known {
			err = damagedCell(r.number, column)
		}
		if err != nil {
			return true, err
		}
		if c.covered = covered; covered && to.isFilled(c) {
			r.covered = r.number
		}
		if column, err = to.repeat(c, column, n); err != nil {
			return true, err
		}
	}
	to.trim()
	if to.blank() {
		r.number = min(r.number+again-1, 1<<31)
		return false, nil
	}
	if r.number+again-1 > maxRows {
		return true, tooManyRows(r.number)
	}
	if r.covered == r.number {
		r.covered += again - 1
	}
	r.again = again - 1
	return true, nil
}

// merge notes that the cell that was just opened covers others.
func (r *odsRows) merge(column int) error {
	across, down := r.p.number("table:number-columns-spanned", 1), r.p.number("table:number-rows-spanned", 1)
	if across <= 1 && down <= 1 {
		return nil
	}
	across, down = max(1, min(across, maxColumns)), max(1, min(down, maxRows))
	return r.merged.add(Range{FirstRow: r.number, LastRow: r.number + down - 1, FirstColumn: column, LastColumn: column + across - 1})
}

// cell reads the cell whose tag was just opened, to its end, and puts its text behind those of the row. It reports whether it is
// known what the cell is.
func (r *odsRows) cell(to *row) (c cell, known bool, err error) {
	p := r.p
	c = cell{begin: len(to.text), formula: p.attribute("table:formula") != nil}
	kind := odsKind(p)
	r.value = append(r.value[:0], odsValue(p)...)
	shown, err := r.paragraphs(to, p.depth())
	if err != nil {
		return c, false, err
	}
	text := to.text[c.begin:]
	c.unseen = shown && len(text) == 0 && len(r.value) > 0
	ok := true
	switch {
	case kind == Number:
		to.text, c.kind, ok = appendShown(to.text[:c.begin], r.value, text)
	case kind == Text && differ(r.value, text):
		c.kind = Formatted
	case kind == Formatted:
		to.text, _, ok = appendNumber(to.text[:c.begin], r.value, numberFormat{class: other})
		c.kind = Formatted
	case kind == Boolean:
		to.text, c.kind = appendBool(to.text[:c.begin], r.value), Boolean
	case kind == Date:
		to.text, c.kind = appendODSDate(to.text[:c.begin], r.value), Date
	case c.formula && !shown && kind == Empty:
		c.kind = Uncalculated
	case len(text) == 0 && len(r.value) > 0:
		to.text, c.kind = append(to.text, r.value...), kind
	case len(text) > 0:
		c.kind = max(kind, Text)
	}
	c.end = len(to.text)
	return c, ok, nil
}

// differ reports whether a cell shows another text than it keeps. White space does not count: an attribute cannot have all of it.
func differ(kept, shown []byte) bool {
	if len(kept) == 0 || len(shown) == 0 {
		return false
	}
	return !bytes.Equal(bytes.Join(bytes.Fields(kept), nil), bytes.Join(bytes.Fields(shown), nil))
}

// odsKind returns what the cell that was just opened is.
func odsKind(p *part) Kind {
	if string(p.attribute("calcext:value-type")) == "error" {
		return Failed
	}
	switch string(p.attribute("office:value-type")) {
	case "float":
		return Number
	case "percentage", "currency":
		return Formatted
	case "date", "time":
		return Date
	case "boolean":
		return Boolean
	case "string":
		return Text
	}
	return Empty // or a text, in some programs' files
}

// odsValue returns the value of the cell that was just opened, apart from the text that it shows.
func odsValue(p *part) []byte {
	for _, name := range []string{"office:value", "office:date-value", "office:time-value", "office:boolean-value", "office:string-value"} {
		if value := p.attribute(name); value != nil {
			return value
		}
	}
	return nil
}

// appendShown appends a number. text is what the spreadsheet shows of it, or empty: the format is not looked at.
func appendShown(out, value, text []byte) (_ []byte, kind Kind, ok bool) {
	text = bytes.Trim(bytes.Clone(text), " \u00A0\u202F") // nobody sees these at the ends
	begin := len(out)
	out, kind, ok = appendNumber(out, value, numberFormat{})
	if !ok || kind != Number || len(text) == 0 {
		return out, kind, ok
	}
	digits := out[begin:]
	isDecimal := bytes.Equal(bytes.Replace(text, []byte(","), []byte("."), 1), digits) // with a comma for a point
	switch {
	case bytes.Equal(text, digits), isDecimal && !isDigits(digits):
		return out, Number, true
	case !isDigits(digits) || bytes.ContainsFunc(text, isOddInNumber):
		return out, Formatted, true
	}
	if bytes.Equal(withoutGroups(withoutDecimals(text)), digits) {
		return out, Shaped, true
	}
	return append(out[:begin], text...), Shaped, true
}

// isOddInNumber reports whether a number that is shown with a character is more than its digits.
func isOddInNumber(r rune) bool {
	return (r < '0' || r > '9') && !strings.ContainsRune(" .,-+()\u00A0\u202F", r)
}

// withoutDecimals returns a number without decimals that are all zeros.
func withoutDecimals(text []byte) []byte {
	at := bytes.LastIndexAny(text, ".,")
	if at < 0 {
		return text
	}
	const group = 3 // zeros behind a point may be a group of digits
	if zeros := text[at+1:]; len(zeros) >= group || len(bytes.Trim(zeros, "0")) > 0 {
		return text
	}
	return text[:at]
}

// withoutGroups returns a number without the signs between groups of three digits; nil if they are other groups.
func withoutGroups(text []byte) (digits []byte) {
	groups := bytes.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(".,' \u00A0\u202F", r) })
	if len(groups) == 1 {
		return groups[0]
	}
	for i, group := range groups {
		if len(group) > 3 || i > 0 && len(group) < 3 {
			return nil
		}
		digits = append(digits, group...)
	}
	return digits
}

// appendODSDate appends a date or a time, which is written as 2026-02-01T08:30:00 or PT08H30M00S.
func appendODSDate(out, value []byte) []byte {
	if time, ok := bytes.CutPrefix(value, []byte("PT")); ok {
		value = bytes.TrimRight(bytes.Map(func(r rune) rune {
			if r == 'H' || r == 'M' || r == 'S' {
				return ':'
			}
			return r
		}, time), ":")
	}
	return append(out, bytes.Replace(value, []byte("T"), []byte(" "), 1)...)
}

// paragraphs appends what the cell shows that was just opened at a depth, to the end of the cell. It reports whether there is
// anything. Notes and pictures are not a part of it.
func (r *odsRows) paragraphs(to *row, inside int) (shown bool, err error) {
	p := r.p
	for {
		err := p.next()
		switch {
		case err != nil:
			return shown, err
		case p.tag == closes && p.depth() < inside:
			return shown, nil
		case p.tag != opens:
			continue
		}
		switch string(p.prefixed) {
		default: // a note, a picture
			err = p.leave()
		case "text:list", "text:list-item", "text:section", "text:numbered-paragraph": // have paragraphs
		case "table:table":
			err = refuseRow(r.number, message.T("a cell has a table of its own in it"), message.T("put its rows below the others"))
		case "text:p", "text:h":
			if shown {
				to.text = append(to.text, '\n')
			}
			shown = true
			err = r.paragraph(to, p.depth())
		}
		if err != nil {
			return shown, err
		}
	}
}

// paragraph appends the text of a paragraph that was just opened at a depth. White space is one space, unless an element stands
// for it (ODF 1.3 part 3, 6.1.2).
func (r *odsRows) paragraph(to *row, inside int) error {
	p := r.p
	space := true // the last character was white space, or none came
	for {
		if err := p.next(); err != nil {
			return err
		}
		switch {
		case p.tag == closes && p.depth() < inside:
			return nil
		case p.tag == characters:
			for _, c := range p.text {
				if c == '\t' || c == '\n' {
					c = ' '
				}
				if c != ' ' || !space {
					to.text = append(to.text, c)
				}
				space = c == ' '
			}
		case p.tag == closes: // or what has a part of the text in it: a link, a field, letters of another font
		case string(p.prefixed) == "text:s":
			to.text = append(to.text, bytes.Repeat([]byte{' '}, r.repeated("text:c", maxCell))...)
			space = false
		case string(p.prefixed) == "text:tab":
			to.text = append(to.text, '\t')
			space = false
		case string(p.prefixed) == "text:line-break":
			to.text = append(to.text, '\n')
			space = false
		case isBeside(string(p.prefixed)):
			if err := p.leave(); err != nil {
				return err
			}
		}
		if len(to.text) > maxText {
			return errTooLarge
		}
	}
}

// isBeside reports whether an element in a paragraph is not a part of its text: a note, a picture, or how a word is pronounced.
func isBeside(name string) bool {
	switch name {
	case "text:note", "text:ruby-text", "text:script", "text:bibliography-mark", "presentation:notes":
		return true
	}
	prefix, _, _ := strings.Cut(name, ":")
	return slices.Contains([]string{"office", "draw", "dr3d", "svg", "script"}, prefix)
}
