package workbook

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"etelecom-import/apiclient/message"
)

// xlsx is an Excel workbook (.xlsx, .xlsm), as ECMA-376 describes it, in the transitional or the strict form: the two differ in
// namespaces, which are not looked at.
type xlsx struct {
	archive  *archive
	list     []*xlsxSheet
	texts    sharedTexts
	formats  []numberFormat // by the number of a cell's style
	from1904 bool
	noValues bool // Excel is to calculate all formulas: some programs write 0 for each of them
}

// xlsxSheet is a sheet and where it is.
type xlsxSheet struct {
	sheet
	part string
}

// openXLSX reads what is common to all sheets of a workbook.
func openXLSX(a *archive, workbook string) (*xlsx, error) {
	x := &xlsx{archive: a}
	relations, err := relationsOf(a, workbook)
	if err != nil {
		return nil, err
	}
	if err := x.readWorkbook(workbook, relations); err != nil {
		return nil, err
	}
	if len(x.list) == 0 {
		return nil, damaged(workbook)
	}
	// Some programs name these although there are none.
	if texts := relations.first("sharedStrings"); a.has(texts) {
		err = x.texts.read(a, texts)
	}
	if styles := relations.first("styles"); a.has(styles) && err == nil {
		err = x.readStyles(styles)
	}
	return x, err
}

// mainPart returns the part of an Office document that all others are found from; "" if there is none.
func mainPart(a *archive) (string, error) {
	relations, err := relationsOf(a, "")
	if err != nil {
		return "", err
	}
	const usual = "xl/workbook.xml"
	main := relations.first("officeDocument")
	if main == "" && a.has(usual) {
		main = usual
	}
	return main, nil
}

// relation is what a part of an .xlsx says of another part.
type relation struct{ id, kind, target string }

// relations are those of one part.
type relations []relation

// relationsOf returns the relations of a part; those of the whole document if the part is "".
func relationsOf(a *archive, of string) (list relations, err error) {
	folder, base := path.Split(of)
	name := folder + "_rels/" + base + ".rels"
	if !a.has(name) {
		return nil, nil
	}
	err = a.each(name, func(p *part) error {
		if string(p.name) != "Relationship" || strings.EqualFold(string(p.attribute("TargetMode")), "External") {
			return nil
		}
		if len(list) == maxRelations {
			return damaged(name)
		}
		target := string(p.attribute("Target"))
		if !strings.HasPrefix(target, "/") {
			target = folder + target
		}
		list = append(list, relation{string(p.attribute("Id")), path.Base(string(p.attribute("Type"))), partKey(target)})
		return nil
	})
	return list, err
}

// first returns the target of the first relation of a kind; "" if there is none.
func (r relations) first(kind string) string {
	i := slices.IndexFunc(r, func(one relation) bool { return one.kind == kind })
	if i < 0 {
		return ""
	}
	return r[i].target
}

// sheet returns where the sheet with an id is; "" if it is a chart or a dialog.
func (r relations) sheet(id string) string {
	i := slices.IndexFunc(r, func(one relation) bool { return one.id == id && one.kind == "worksheet" })
	if i < 0 {
		return ""
	}
	return r[i].target
}

// readWorkbook reads the list of the sheets.
func (x *xlsx) readWorkbook(name string, relations relations) error {
	return x.archive.each(name, func(p *part) error {
		switch string(p.name) {
		case "workbookPr":
			x.from1904 = p.is("date1904")
		case "calcPr":
			x.noValues = p.is("fullCalcOnLoad")
		case "sheet":
			if p.depth() != 3 { // what an extension calls so
				return nil
			}
			target := relations.sheet(string(p.attribute(":id")))
			if target == "" {
				return nil
			}
			if len(x.list) == maxSheets {
				return damaged(name)
			}
			state := string(p.attribute("state"))
			x.list = append(x.list, &xlsxSheet{sheet{string(p.attribute("name")), state == "hidden" || state == "veryHidden"}, target})
		}
		return nil
	})
}

// readStyles reads how the cells of each style show a number.
func (x *xlsx) readStyles(name string) error {
	described := map[int]numberFormat{}
	var in string // the list that is read; the same elements are in others, too
	return x.archive.each(name, func(p *part) error {
		if p.depth() == 2 {
			in = string(p.name)
		}
		switch {
		case len(described) > maxStyles:
			return damaged(name)
		case in == "numFmts" && string(p.name) == "numFmt":
			described[p.number("numFmtId", -1)] = readFormat(string(p.attribute("formatCode")))
		case in == "cellXfs" && string(p.name) == "xf":
			id := p.number("numFmtId", 0)
			f, ok := described[id]
			if !ok {
				f = builtInFormat(id)
			}
			if x.formats = append(x.formats, f); len(x.formats) > maxStyles {
				return damaged(name)
			}
		}
		return nil
	})
}

func (x *xlsx) sheets() []sheet {
	var list []sheet
	for _, s := range x.list {
		list = append(list, s.sheet)
	}
	return list
}

func (x *xlsx) rows(number int) (rows, error) {
	p, err := x.archive.open(x.list[number].part)
	if err != nil {
		return nil, err
	}
	return &xlsxRows{x: x, p: p}, nil
}

// xlsxRows reads the rows of a sheet.
type xlsxRows struct {
	x      *xlsx
	p      *part
	number int  // of the row read last
	below  bool // all rows were read
	hidden columnSet
	merged ranges
	value  []byte // of the cell that is read
}

func (r *xlsxRows) hiddenColumns() columnSet { return r.hidden }
func (r *xlsxRows) mergedCells() []Range     { return r.merged }
func (r *xlsxRows) lastCovered() int         { return r.merged.last() }
func (r *xlsxRows) ahead() float64           { return r.p.ahead() }
func (r *xlsxRows) close()                   { r.p.Close() }

func (r *xlsxRows) last() int {
	if r.below {
		return 0
	}
	return r.number
}

// next reads the next row. The error is [io.EOF] at the end of the sheet.
func (r *xlsxRows) next(to *row) error {
	err := r.read(to)
	if err != nil && err != io.EOF {
		return r.p.readable(err)
	}
	return err
}

func (r *xlsxRows) read(to *row) error {
	for {
		if err := r.p.next(); err != nil {
			return err
		}
		if r.p.tag != opens {
			r.below = r.below || r.p.tag == closes && string(r.p.name) == "sheetData"
			continue
		}
		switch string(r.p.name) {
		case "row":
			return r.row(to)
		case "col":
			if r.p.is("hidden") || string(r.p.attribute("width")) == "0" {
				r.hidden.add(r.p.number("min", 0)-1, r.p.number("max", 0)-1)
			}
		case "mergeCell":
			if m, ok := readRange(string(r.p.attribute("ref"))); ok {
				if err := r.merged.add(m); err != nil {
					return err
				}
			}
		case "extLst", "AlternateContent", "oleObjects", "controls": // what other programs and versions add
			if err := r.p.leave(); err != nil {
				return err
			}
		}
	}
}

// row reads the row whose tag was just opened.
func (r *xlsxRows) row(to *row) error {
	p := r.p
	number := p.number("r", r.number+1)
	if number <= r.number {
		return refuseRow(number, message.T("the rows of the sheet are not in their order"), saveAgain.String())
	}
	if number > maxRows {
		return tooManyRows(number)
	}
	r.number = number
	to.reset(number)
	to.hidden = p.is("hidden") || p.is("customHeight") && string(p.attribute("ht")) == "0"
	column := 0
	for inside := p.depth(); ; {
		if err := p.next(); err != nil {
			return err
		}
		switch {
		case p.tag == closes && p.depth() < inside:
			to.trim()
			return nil
		case p.tag != opens:
		case string(p.name) != "c":
			if err := p.leave(); err != nil {
				return err
			}
		default:
			if ref := p.attribute("r"); ref != nil {
				at, line, ok := readReference(ref)
				if !ok || line != number {
					return refuseRow(number, message.T("a cell is not where its row is"), saveAgain.String())
				}
				column = at
			}
			c, known, err := r.cell(to)
			if err == nil && !known {
				err = damagedCell(number, column)
			}
			if err == nil {
				err = to.put(c, column)
			}
			if err != nil {
				return err
			}
			column++
		}
	}
}

// cell reads the cell whose tag was just opened, to its end, and puts its text behind those of the row. It reports whether it is
// known what the cell is.
func (r *xlsxRows) cell(to *row) (_ cell, known bool, err error) {
	p := r.p
	kind, style := cellTypes[string(p.attribute("t"))], p.number("s", 0)
	r.value = r.value[:0]
	formula := false
	for inside := p.depth(); ; {
		err := p.next()
		switch {
		case err != nil:
			return cell{}, false, err
		case p.tag == closes && p.depth() < inside:
			c, known := r.finish(to, kind, style, formula)
			return c, known, nil
		case p.tag != opens:
			continue
		}
		switch string(p.name) {
		case "v":
			err = r.readValue()
		case "is":
			kind = inlineText
			r.value, err = richText(p.scanner, r.value)
		case "f":
			formula = true
			err = p.leave()
		default:
			err = p.leave()
		}
		if err != nil {
			return cell{}, false, err
		}
	}
}

// readValue reads the value whose tag was just opened.
func (r *xlsxRows) readValue() error {
	for inside := r.p.depth(); r.p.depth() >= inside; {
		if err := r.p.next(); err != nil {
			return err
		}
		if r.p.tag == characters {
			r.value = append(r.value, r.p.text...)
		}
		if len(r.value) > maxText {
			return errTooLarge
		}
	}
	return nil
}

// cellType says what the value of a cell is, as the file has it (ECMA-376 part 1, 18.18.11).
type cellType uint8

const (
	unknownType cellType = iota
	numeric              // a date, too
	sharedText           // the number of a shared text
	inlineText           // a text, taken apart already
	formulaText
	boolean
	failure
	isoDate
)

var cellTypes = map[string]cellType{
	"": numeric, "n": numeric, "s": sharedText, "inlineStr": inlineText, "str": formulaText, "b": boolean, "e": failure, "d": isoDate,
}

// finish puts the value of a cell behind the texts of the row, and says what the cell is, if it is known.
func (r *xlsxRows) finish(to *row, kind cellType, style int, formula bool) (c cell, known bool) {
	c = cell{begin: len(to.text), end: len(to.text), formula: formula}
	value := r.value
	if kind != inlineText && kind != formulaText { // a program that indents its XML adds spaces
		value = bytes.TrimSpace(value)
	}
	if formula && !r.isCalculated(value, kind) {
		c.kind = Uncalculated
		return c, true
	}
	if len(value) == 0 {
		return c, true
	}
	ok := true
	switch kind {
	case numeric:
		to.text, c.kind, ok = r.x.appendNumber(to.text, value, style)
	case sharedText:
		n, isNumber := wholeNumber(value)
		var shared []byte
		shared, ok = r.x.texts.get(n)
		ok = ok && isNumber
		to.text, c.kind = append(to.text, shared...), Text
	case inlineText:
		to.text, c.kind = append(to.text, value...), Text
	case formulaText:
		to.text, c.kind = unescape(to.text, value), Text
	case boolean:
		to.text, c.kind = appendBool(to.text, value), Boolean
	case failure:
		to.text, c.kind = append(to.text, value...), Failed
	case isoDate:
		to.text, c.kind = append(to.text, value...), Date
	default:
		ok = false
	}
	if !ok {
		return c, false
	}
	if c.end = len(to.text); c.end == c.begin {
		c.kind = Empty
	}
	f, _ := r.x.format(style)
	switch {
	case c.kind == Text && f.textApart:
		c.kind = Formatted
	case c.kind == Text:
		c.unseen = f.hidesTexts
	default:
		c.unseen = f.hidesNumbers
	}
	return c, true
}

// isCalculated reports whether the value of a formula is the result of it.
func (r *xlsxRows) isCalculated(value []byte, kind cellType) bool {
	if r.x.noValues && string(value) == "0" {
		return false
	}
	return len(value) > 0 || kind == formulaText // a text may be empty
}

// appendNumber appends a number or a date, and says what it is.
func (x *xlsx) appendNumber(out, value []byte, style int) (_ []byte, kind Kind, ok bool) {
	f, ok := x.format(style)
	if !ok {
		return out, 0, false
	}
	if f.class == dated {
		if date, ok := appendDate(out, value, x.from1904); ok {
			return date, Date, true
		}
	}
	return appendNumber(out, value, f)
}

// format returns how the cells of a style show what is in them. A workbook may have no styles.
func (x *xlsx) format(style int) (f numberFormat, ok bool) {
	if len(x.formats) == 0 && style == 0 {
		return f, true
	}
	if style < 0 || style >= len(x.formats) {
		return f, false
	}
	return x.formats[style], true
}

// wholeNumber reads a number of digits alone.
func wholeNumber(digits []byte) (int, bool) {
	if len(digits) > 9 || !isDigits(digits) {
		return 0, false
	}
	n := 0
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n, true
}

// appendBool appends a value that is true or false as spreadsheets show it in English.
func appendBool(out, value []byte) []byte {
	if string(value) == "1" || string(value) == "true" {
		return append(out, "TRUE"...)
	}
	return append(out, "FALSE"...)
}

// readReference reads where a cell is, such as C12: its column, from 0, and its row, from 1.
func readReference(ref []byte) (column, row int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 3; i++ {
		letter := ref[i] &^ 0x20 // as a capital
		if letter < 'A' || letter > 'Z' {
			break
		}
		column = column*26 + int(letter-'A') + 1
	}
	row, ok = wholeNumber(ref[i:])
	return column - 1, row, ok && column > 0 && row > 0
}

// readRange reads a range of cells, such as A1:C1.
func readRange(ref string) (m Range, ok bool) {
	from, to, _ := strings.Cut(ref, ":")
	m.FirstColumn, m.FirstRow, ok = readReference([]byte(from))
	if !ok {
		return m, false
	}
	m.LastColumn, m.LastRow, ok = readReference([]byte(to))
	return m, ok
}
