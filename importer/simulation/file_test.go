package simulation

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/cli"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/workbook"
)

// format is how the employee file was saved.
type format struct {
	kind   fileKind
	title  bool // there is a title above the header
	totals bool // there is what forms end with
	hidden int  // the row that a filter hides, from 1; 0: none. Only workbooks have that
	policy workbook.HiddenRows
}

type fileKind uint8

const (
	commas fileKind = iota
	semicolons
	marked // with a byte order mark
	wide   // UTF-16
	xlsx
	ods
)

var fileNames = [...]string{"staff.csv", "staff.txt", "staff.csv", "staff.tsv", "staff.xlsx", "staff.ods"}

// somePhone is as long as every phone that is one. (Passwords are shorter.)
const somePhone = "0900000010"

// fileRow is a row of the employee file as the program is to see it.
type fileRow struct {
	line                  int
	employee              employee
	name, phone, password string
	// refused says that nobody may be created from the row.
	refused bool
}

// save lets the administrator save the file in a format.
func (w *world) save() {
	w.format = format{kind: fileKind(w.paper.IntN(len(fileNames))), title: w.paper.IntN(4) == 0, totals: w.paper.IntN(4) == 0}
	if w.paper.IntN(4) == 0 {
		w.format.hidden, w.format.policy = 1+w.paper.IntN(len(w.staff)), workbook.HiddenRows(w.paper.IntN(3))
	}
	w.note("the employee file is saved as %s, %+v", fileNames[w.format.kind], w.format)
}

// isBook says that the file is a workbook.
func (f *format) isBook() bool { return f.kind == xlsx || f.kind == ods }

// table returns the cells of the employee file, and notes what the program is to make of them.
func (w *world) table() (cells [][]string) {
	add := func(c ...string) { cells = append(cells, append(c, make([]string, 5-len(c))...)) }
	if w.format.title {
		add("DANH SÁCH NHÂN VIÊN")
		add()
	}
	if w.giving != nil && w.giving.noColumn {
		add("name", "phone", "password")
	} else {
		add("name", "phone", "password", "extension_id", "extension_number")
	}
	w.rows = w.rows[:0]
	for i, e := range w.staff {
		id, number := e.extension, ""
		if e.byNumber {
			id, number = "", numberOf(id)
		}
		name, phone, password := w.cells(&e)
		add(name, phone, password, id, number)
		if w.format.isBook() && w.format.hidden == i+1 && w.format.policy == workbook.SkipHidden {
			continue
		}
		w.rows = append(w.rows, fileRow{line: len(cells), employee: e, name: name, phone: phone, password: password})
	}
	if w.format.totals {
		add("Tổng cộng")
		add()
		add("Người lập biểu")
	}
	w.forbid()
	return cells
}

// forbid notes what must never be at the tenant.
func (w *world) forbid() {
	if !w.careless {
		return
	}
	unsure := map[*ruin]int{} // of those who certainly have no user
	ruinOf := func(e *employee) *ruin {
		if e.slip.ruin == nil {
			return w.night
		}
		return e.slip.ruin
	}
	for i := range w.rows {
		_, there := w.tenant.Person(w.rows[i].employee.phone)
		if kind := w.rows[i].employee.slip.kind; !there && kind != nameAndPassword && kind != phoneAndPassword {
			unsure[ruinOf(&w.rows[i].employee)]++
		}
	}
	for i := range w.rows {
		r := &w.rows[i]
		e := &r.employee
		if ruin := ruinOf(e); ruin != nil && e.slip.kind != nameAndPassword {
			n := unsure[ruin]
			enough := ruin.sure || n >= 3 || n == 2 && n*10 >= len(w.rows)
			if r.refused = enough && !w.allowNames; r.refused {
				w.forbidden[r.name] = true
			} else {
				w.tolerated[r.name] = true
			}
		}
		if e.slip.kind != noSlip && e.slip.kind != ruinedName {
			r.refused = true
			w.lost[e.phone] = append(w.lost[e.phone], r.password)
		}
	}
}

// file returns the employee file as its bytes.
func (w *world) file() []byte {
	cells := w.table()
	var b bytes.Buffer
	switch w.format.kind {
	case xlsx:
		w.writeXLSX(&b, cells)
	case ods:
		w.writeODS(&b, cells)
	default:
		if w.format.kind == marked {
			b.WriteString("\uFEFF")
		}
		c := csv.NewWriter(&b)
		if w.format.kind == semicolons {
			c.Comma = ';'
		}
		if err := c.WriteAll(cells); err != nil {
			panic(err)
		}
	}
	if w.format.kind == wide {
		units := utf16.Encode([]rune("\uFEFF" + b.String()))
		b.Reset()
		w.mustWrite(binary.Write(&b, binary.LittleEndian, units))
	}
	return b.Bytes()
}

func (w *world) mustWrite(err error) {
	if err != nil {
		panic(err)
	}
}

// writeXLSX writes cells as the program itself writes workbooks. What is hidden is marked in what it has written.
func (w *world) writeXLSX(to io.Writer, cells [][]string) {
	var b bytes.Buffer
	sheet := workbook.Sheet{Name: "Nhân viên"}
	for _, title := range cells[0] {
		sheet.Columns = append(sheet.Columns, workbook.Column{Title: title, Width: 20})
	}
	book := workbook.NewWriter(&b, sheet)
	for _, row := range cells[1:] {
		w.mustWrite(book.Write(row...))
	}
	w.mustWrite(book.Close())
	if w.format.hidden == 0 {
		_, err := to.Write(b.Bytes())
		w.mustWrite(err)
		return
	}
	parts, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	w.mustWrite(err)
	z := zip.NewWriter(to)
	row := fmt.Sprintf(`<row r="%d"`, w.hiddenLine())
	for _, part := range parts.File {
		f, err := part.Open()
		w.mustWrite(err)
		text, err := io.ReadAll(f)
		w.mustWrite(err)
		out, err := z.Create(part.Name)
		w.mustWrite(err)
		_, err = out.Write(bytes.Replace(text, []byte(row), []byte(row+` hidden="1"`), 1))
		w.mustWrite(err)
	}
	w.mustWrite(z.Close())
}

// hiddenLine is the number of the hidden row; 0 if there is none.
func (w *world) hiddenLine() int {
	switch {
	case w.format.hidden == 0 || w.format.hidden > len(w.staff):
		return 0
	case w.format.title:
		return w.format.hidden + 3
	}
	return w.format.hidden + 1
}

// writeODS writes cells as LibreOffice does, but for what nobody reads.
func (w *world) writeODS(to io.Writer, cells [][]string) {
	z := zip.NewWriter(to)
	for _, part := range []string{"mimetype", "content.xml"} {
		out, err := z.Create(part)
		w.mustWrite(err)
		if part == "mimetype" {
			_, err = io.WriteString(out, "application/vnd.oasis.opendocument.spreadsheet")
			w.mustWrite(err)
			continue
		}
		fmt.Fprint(out, `<office:document-content><office:body><office:spreadsheet><table:table table:name="Nhân viên">`)
		for i, row := range cells {
			hidden := ""
			if i+1 == w.hiddenLine() {
				hidden = ` table:visibility="filter"`
			}
			fmt.Fprintf(out, `<table:table-row%s>`, hidden)
			for _, cell := range row {
				fmt.Fprint(out, `<table:table-cell office:value-type="string"><text:p>`)
				w.mustWrite(xml.EscapeText(out, []byte(cell)))
				fmt.Fprint(out, `</text:p></table:table-cell>`)
			}
			fmt.Fprint(out, `</table:table-row>`)
		}
		fmt.Fprint(out, `</table:table></office:spreadsheet></office:body></office:document-content>`)
	}
	w.mustWrite(z.Close())
}

// read reads the employee file. It returns nil if the program refuses it, as it must.
func (w *world) read() *roster.Roster {
	hides := w.format.isBook() && w.hiddenLine() > 0
	r, err := roster.Read(bytes.NewReader(w.file()), roster.Options{AllowNames: w.allowNames, HiddenRows: w.format.policy, FreeExtensions: w.giving != nil})
	if err != nil {
		w.inspect([]byte(err.Error()), "in an error")
		w.note("the employee file is refused: %v", err)
		lost := w.format.kind == wide && slices.ContainsFunc(w.rows, func(r fileRow) bool { return strings.ContainsRune(r.name, '\uFFFD') })
		switch {
		case lost: // in UTF-16, the whole file is refused
			w.format.kind = marked
			return nil
		case !w.format.isBook() && w.format.policy == workbook.SkipHidden: // a CSV hides nothing
			w.format.policy = workbook.RefuseHidden
			return nil
		case !hides || w.format.policy != workbook.RefuseHidden:
			w.broke("the employee file is refused: %v", err)
		}
		w.format.policy = workbook.HiddenRows(1 + w.paper.IntN(2)) // somebody decides
		return nil
	}
	if hides && w.format.policy == workbook.RefuseHidden {
		w.broke("a hidden row is read")
	}
	if !w.format.isBook() && w.format.policy == workbook.SkipHidden {
		w.broke("rows of a CSV are to be skipped by what it does not say, and it is read")
	}
	w.compare(r)
	w.listen(r)
	return r
}

// compare checks that the rows are those that were written.
func (w *world) compare(r *roster.Roster) {
	if len(r.Rows) != len(w.rows) {
		w.broke("%d of %d rows were read", len(r.Rows), len(w.rows))
		return
	}
	for i := range r.Rows {
		got, want := &r.Rows[i], &w.rows[i]
		if got.Line != want.line {
			w.broke("the row of line %d was read as that of line %d", want.line, got.Line)
		}
		if r.Problem(i) != nil {
			continue // it may be dropped, and the result says why
		}
		if want.employee.slip.kind == noSlip && w.night == nil && got.Name != want.name || got.Phone.String() != want.phone {
			w.broke("line %d: the name was read as %q, the phone as %v", want.line, got.Name, got.Phone)
		}
		if want.employee.slip.kind == noSlip && got.Password.Reveal() != want.password {
			w.broke("line %d: the password was read as another one", want.line)
		}
		if got.NoExtension != (want.employee.extension == "") {
			w.broke("line %d: no extension was read: %v", want.line, got.NoExtension)
		}
		if got.NoExtension {
			continue
		}
		if id := fmt.Sprint(got.ExtensionID); id != want.employee.extension && got.ExtensionNumber != numberOf(want.employee.extension) {
			w.broke("line %d: the extension was read as %s, %s", want.line, id, got.ExtensionNumber)
		}
	}
}

// listen looks for secrets in what is told of the employee file.
func (w *world) listen(r *roster.Roster) {
	if !w.careless {
		return
	}
	for p := range r.Problems() {
		words := p.Words()
		w.inspect(fmt.Appendf(nil, "%s %+v", p.Kind, words), "in a problem of the employee file")
	}
	for _, notes := range [][]roster.Note{r.Repaired, r.Warnings, r.Doubts} {
		w.inspect(fmt.Appendf(nil, "%+v", notes), "in a note on the employee file")
	}
}

var (
	fileInResult   = regexp.MustCompile(`belongs to the employee file "([^"]*)"`)
	phoneInJournal = regexp.MustCompile(`"phone":"?\d+`)
	phoneInResult  = regexp.MustCompile(`(?m)^\d*,[^,\n]*,0\d{9},`)
)

// text is what the result has, or a file beside it; "" if there is none.
func (w *world) text(suffix string) string {
	if n := w.disk.cached["staff.result.csv"+suffix]; n != nil {
		return string(n.data)
	}
	return ""
}

// listedName is the name of the employee file by which the result knows its list; "" if it does not, or has nobody.
func (w *world) listedName() string {
	result, journal, account := w.text(""), w.text(".journal"), w.text(".account")
	of := journal
	if result != "" {
		id := "" // of the account
		_ = ledger.ReadLines(strings.NewReader(result), func(_ int, l *ledger.Line) error {
			id = cmp.Or(id, l.AccountID)
			return nil
		})
		if id == "" || !strings.Contains(account, id) {
			return ""
		}
		of = account
	}
	created := func(p sandbox.Person) bool { return p.Creates > 0 }
	someone := phoneInResult.MatchString(result) || result == "" && slices.ContainsFunc(w.tenant.Record().People, created) // a journal may be torn
	if !someone {
		return ""
	}
	for _, name := range fileNames {
		if strings.Contains(of, strconv.Quote(name)) {
			return name
		}
	}
	return ""
}

// otherList judges that a run was refused because the result is said to be of another list. It is, if too few of the people are in
// it. The administrator goes back to the format that was taken.
func (w *world) otherList(err error) {
	var people, known int
	seen := map[string]bool{}
	journal := w.text(".journal")
	for i := range w.rows {
		if p := w.rows[i].phone; len(p) == len(somePhone) && !seen[p] {
			seen[p] = true
			people++
			if strings.Contains(w.text(""), p) || strings.Contains(journal, p[1:]) {
				known++
			}
		}
	}
	was := fileInResult.FindStringSubmatch(err.Error())[1]
	w.note("another list? %d of %d are known under %q: %v", known, people, was, err)
	begun := map[string]bool{} // by a run that has left a journal alone
	if w.text("") == "" {
		for _, p := range phoneInJournal.FindAllString(journal, -1) {
			begun[p] = true
		}
	}
	nobody := !phoneInResult.MatchString(w.text("")) && !phoneInJournal.MatchString(journal)
	if nobody || known*2 >= people || len(begun) > 0 && known*2 >= len(begun) {
		w.broke("the result is said to be of another list, but has %d of %d people: %v", known, people, err)
	}
	if at := slices.Index(fileNames[:], was); at >= 0 {
		w.format = format{kind: fileKind(at)}
	}
	w.oracle.lines = nil
}

// wrongList is a run with the list of another company under a name that leads to the same result. Nothing may come of it.
func (w *world) wrongList() {
	if was := w.listedName(); was == "" {
		return
	}
	text := "name,phone,password,extension_number\n"
	for i := range 1 + w.paper.IntN(4) {
		text += fmt.Sprintf("Người khác %d,091100000%d,%s-other-%d,%d\n", i, i, mark, i, 101+i)
	}
	r, err := roster.Read(strings.NewReader(text), roster.Options{})
	w.mustWrite(err)
	w.note("another list is run under the name other.csv")
	w.must(0, w.tenant.SetFaults())
	p := &process{world: w, disk: w.disk, open: map[*inode]int{}, kill: func() {}, tenant: w.tenant}
	in := w.input(p, p, r)
	in.EmployeeFile = "other.csv"
	writes, before := w.tenant.Totals().Writes, w.kept()
	s, err := importer.Run(context.Background(), in)
	w.report(s, err)
	if code := cli.ExitCode(s, err); code != 2 {
		w.broke("another list is taken for the result's: exit code %d, %v", code, err)
	}
	if w.tenant.Totals().Writes != writes || w.kept() != before {
		w.broke("another list has changed something")
	}
}

// kept is what is known of earlier work.
func (w *world) kept() string {
	return w.text("") + "\n" + w.text(".journal") + "\n" + w.text(".account")
}
