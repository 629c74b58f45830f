// Package roster reads the employee file, a CSV or a workbook. The roster is the list of the people who are to get a user and an extension;
// a row is one of them. What spreadsheets and people do to such a file is repaired where it is certain what was meant.
// Everything else is refused, with what is wrong and a hint. The problems of rows are in kinds.go. No password is shown anywhere.
//
// The users of a tenant, as package listing writes them, are an employee file, too: list.go knows what is special about it. A column that
// nobody else reads, by which people are grouped, is in groupcolumn.go. Who copies a file gets its rows as they are from rawrow.go.
package roster

import (
	"cmp"
	"iter"
	"slices"
	"strconv"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/workbook"
)

// Options say how to read a roster. The zero value detects everything and keeps everything.
type Options struct {
	Encoding     string              // IANA name, such as "windows-1258"; "" for UTF-8, and UTF-16 with a byte order mark
	Delimiter    string              // "comma", "semicolon", "tab", "pipe" or the character itself; "" to detect it from the header
	Sheet        string              // of a workbook: the sheet to read; "" for the one that has a header
	HiddenRows   workbook.HiddenRows // of a workbook
	JoinNames    bool                // a name that is in several columns is put together; without this, such a file is refused
	AllowNames   bool                // accept names that look ruined, and tell of each
	ValidateOnly bool                // keep no passwords and no names: nothing will be sent
	KeepNames    bool                // with ValidateOnly: keep the names, to compare them
	GroupBy      string              // the title of a column that is not needed, whose cells [Roster.Group] returns; "" for none
	// FreeExtensions accepts a file without any column for extensions, and rows without an extension: they are to get a free one.
	FreeExtensions bool

	WithoutPasswords bool // accept a file without a column of passwords
}

// refuseForText refuses options that ask for what a CSV does not have.
func (o *Options) refuseForText() error {
	switch {
	case o.Sheet != "":
		return csvtext.Refuse(0, 0, message.T("--sheet is for a workbook, and this file is not one"), message.T("name the workbook, or remove --sheet and ETELECOM_SHEET"))
	case o.HiddenRows == workbook.SkipHidden:
		return csvtext.Refuse(0, 0, message.T("a CSV does not say which rows were hidden, so --hidden-rows skip cannot leave them out"),
			message.T("name the workbook itself; or delete the rows from the CSV, and remove --hidden-rows and ETELECOM_HIDDEN_ROWS"))
	}
	return nil
}

// noteUnused tells of options that are for another format than that of the file. They may come from the environment, for other files.
func (o *Options) noteUnused(r *Roster) {
	isWorkbook := r.Dialect.Sheet != ""
	switch {
	case isWorkbook && (o.Encoding != "" || o.Delimiter != ""):
		r.Warnings = append(r.Warnings, Note{Text: message.T("--encoding and --delimiter are for a CSV, and were not used for this workbook")})
	case !isWorkbook && o.HiddenRows != workbook.RefuseHidden:
		r.Warnings = append(r.Warnings, Note{Text: message.T("--hidden-rows is for a workbook, and was not used: a CSV does not say which rows were hidden")})
	}
}

// Roster is what was read.
type Roster struct {
	Rows     []Row // every row of the file in its order, valid or not; blank rows are skipped
	Dialect  Dialect
	Repaired []Note // what was repaired
	Warnings []Note // what is odd, but was accepted
	Doubts   []Note // the same of names and passwords, and only of rows that are still to be done: see Judge

	findings []finding // of rows on their own, in the order of the rows
	crossRow []finding // of rows with others, in the order of the rows
	content  []finding // of names and passwords, in the order of the rows
	judged   []finding // those of content that count, and what only all rows together show, in the order of the rows
	lacking  []finding // of rows without an extension, in the order of the rows
	refused  []finding // those of lacking that count: see GiveExtensions
	sharing  []uint32  // rows that share something, one group after the other; findings point here
	ofFile   []finding

	allowNames   bool           // [Options.AllowNames]
	numbered     numberedWords  // among the names
	judgedOfFile []finding      // what only all rows together show of names and passwords
	pins         []aside        // passwords that may be numbers that are dialled
	names        []aside        // names that may be passwords. Judge puts those that are into Rows, and takes the others out
	numbers      []numbersAside // of rows of which one may be a password. Judge puts them back, and takes them out
	hidden       []uint32       // rows of names that are not to be shown, since cells of the row are in the wrong columns
	groups       []string       // of the rows; those at the end may be missing
	groupTitle   string         // of their column
}

// Row is one employee. What could not be read is zero; [Roster.Problem] says why.
type Row struct {
	Line            int          // where the row begins in the file; the first line is 1
	Name            string       // "" if [Options.ValidateOnly] without KeepNames
	Phone           phone.Number // 0: no usable phone
	Password        secret.Text  // zero if the cell is empty, or if [Options.ValidateOnly]
	ExtensionID     int64        // 0: not given, or not usable
	ExtensionNumber string       // "": not given, or not usable
	NoPassword      bool         // the password cell is empty: no problem unless the row is to be created
	NoExtension     bool         // the row names no extension: its cells are empty, or there is no column for them

	passwordLength uint8  // if it is digits alone
	fingerprint    uint16 // of the password, if the name looks like a password
	signs          signs
}

// Error says why a file is refused as a whole. The error around it has the hint.
type Error = csvtext.Error

// Group returns the cell of a row in the column of [Options.GroupBy], without odd spaces; "" if it is empty or not to be shown. No password
// of the file is in it.
func (r *Roster) Group(row int) string {
	if row >= len(r.groups) {
		return ""
	}
	return r.groups[row]
}

// GroupTitle returns the title of the column of [Options.GroupBy], as the file has it; "" for none.
func (r *Roster) GroupTitle() string { return r.groupTitle }

// Passwords yields the passwords of all rows that have one.
func (r *Roster) Passwords() iter.Seq[secret.Text] {
	return func(yield func(secret.Text) bool) {
		for i := range r.Rows {
			if p := r.Rows[i].Password; !p.IsZero() && !yield(p) {
				return
			}
		}
	}
}

// grow makes room for the rows that are still to come: about ahead times as many as there are. Rows are the largest thing in
// memory, and append would hold them twice while it copies them.
func (r *Roster) grow(ahead float64) {
	have := len(r.Rows)
	if have < cap(r.Rows) || have < 5000 { // too few to estimate from
		return
	}
	if more := float64(have) * ahead; more > 0 {
		r.Rows = slices.Grow(r.Rows, int(more*1.03)+100)
	}
}

// Problem returns what keeps Rows[i] from being imported, on its own or with other rows; nil if nothing does. Of several
// problems it is the first. A missing password is not a problem here.
func (r *Roster) Problem(i int) *Problem {
	for _, list := range r.ofRows() {
		at, ok := slices.BinarySearchFunc(list, uint32(i), func(f finding, row uint32) int { return int(f.row) - int(row) })
		if ok {
			p := r.problem(&list[at])
			return &p
		}
	}
	return nil
}

// ofRows returns what was found of rows, in lists in the order of the rows. What comes first counts first.
func (r *Roster) ofRows() [][]finding {
	return [][]finding{r.findings, r.refused, r.crossRow, r.judged}
}

// GiveExtensions decides which rows without an extension are problems. given reports whether a row gets one otherwise: a free one, or the
// one that the result holds for it. Nil says that none does. [Read] decides so, by [Options.FreeExtensions], and who knows the result
// decides again.
func (r *Roster) GiveExtensions(given func(row int) bool) {
	r.refused = nil
	for _, f := range r.lacking {
		if given == nil || !given(int(f.row)) {
			r.refused = append(r.refused, f)
		}
	}
}

// Problems returns every problem: those of the file, then those of the rows in their order.
func (r *Roster) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for _, list := range [][]finding{r.ofFile, r.judgedOfFile} {
			for i := range list {
				if !yield(r.problem(&list[i])) {
					return
				}
			}
		}
		// The lists are in the order of the rows. Of one row, they come one after the other.
		lists := r.ofRows()
		for {
			next := -1
			for i, list := range lists {
				if len(list) > 0 && (next < 0 || list[0].row < lists[next][0].row) {
					next = i
				}
			}
			if next < 0 || !yield(r.problem(&lists[next][0])) {
				return
			}
			lists[next] = lists[next][1:]
		}
	}
}

// problem returns a finding as a problem.
func (r *Roster) problem(f *finding) Problem {
	k := &kinds[f.kind]
	p := Problem{Code: k.code, Kind: kindName(f), OfContent: k.content || f.ofContent, roster: r, finding: f}
	if !k.ofFile {
		p.Line = p.row().Line
	}
	return p
}

// Judge decides which names and passwords are problems. A rule about them must not touch a row whose user was created before:
// a stricter rule of a later version changes nothing about their name, and must not keep them from their extension. done
// reports whether the user of a row was created; nil says that none was. [Read] judges so, and who knows the result judges again.
func (r *Roster) Judge(done func(row int) bool) {
	r.judged, r.judgedOfFile, r.Doubts = r.judged[:0], nil, nil
	j := judge{roster: r, done: done}
	j.judge()
}

// foundAll adds the same finding, about names or passwords, of some rows.
func (r *Roster) foundAll(k kind, rows []uint32) {
	for _, row := range rows {
		r.content = append(r.content, finding{row: row, kind: k})
	}
	slices.SortStableFunc(r.content, func(a, b finding) int { return cmp.Compare(a.row, b.row) })
}

// showNames puts the names that may be passwords into the rows.
func (r *Roster) showNames() {
	for _, name := range r.names {
		r.Rows[name.row].Name = name.text.Reveal()
	}
}

// hideNames takes the names that are probably passwords out of the rows. Of a row that is done, nobody needs the name: the result has
// the one with which the user was created.
func (r *Roster) hideNames(isDone func(row int) bool) {
	for _, row := range r.hidden {
		r.Rows[row].Name = ""
	}
	isAside := map[uint32]bool{}
	for _, name := range r.names {
		isAside[name.row] = true
		if row := &r.Rows[name.row]; row.signs&likePassword != 0 && isDone(int(name.row)) {
			row.Name = ""
		}
	}
	for _, f := range r.judged {
		row := &r.Rows[f.row]
		if f.kind != swappedName || row.Name == "" {
			continue
		}
		if !isAside[f.row] { // another judgement may put it back
			r.names = append(r.names, aside{f.row, secret.New(row.Name)})
		}
		row.Name = ""
	}
}

// phonesExchanged reports whether the phones of the file are probably passwords.
func (r *Roster) phonesExchanged() bool {
	return slices.ContainsFunc(r.judgedOfFile, func(f finding) bool { return f.kind == swappedPhones })
}

// showNumbers puts the numbers that may be passwords into the rows.
func (r *Roster) showNumbers() {
	for _, n := range slices.Backward(r.numbers) { // the first of a row has all of them
		row := &r.Rows[n.row]
		row.Phone, row.ExtensionNumber = phone.Normalize(n.phone.Reveal()), n.number.Reveal()
		row.ExtensionID, _ = strconv.ParseInt(n.id.Reveal(), 10, 64)
	}
	r.numbers = nil
}

// hideNumbers takes the numbers that are probably passwords out of the rows. Before it is known who is done, the phones stay: they tell who
// that is.
func (r *Roster) hideNumbers(isKnown bool) {
	for _, f := range r.judged {
		isPhone, isExtension := f.kind == swappedPhone && isKnown, f.kind == swappedExtension
		if !isPhone && !isExtension {
			continue
		}
		row := &r.Rows[f.row]
		r.numbers = append(r.numbers, numbersAside{
			f.row, secret.New(row.Phone.String()), secret.New(row.ExtensionNumber), secret.New(strconv.FormatInt(row.ExtensionID, 10)),
		})
		if isPhone {
			row.Phone = 0
		} else {
			row.ExtensionNumber, row.ExtensionID = "", 0
		}
	}
}

// dropRounded refuses the rows whose ids a spreadsheet has rounded, and says why once for the file.
func (r *Roster) dropRounded(ids int) {
	for i := range r.Rows {
		id := &r.Rows[i].ExtensionID
		if _, zeros := spreadsheet.TrailingZeros(*id); zeros {
			r.crossRow = append(r.crossRow, finding{row: uint32(i), kind: roundedID, arg: uint64(*id)})
			*id = 0
		}
	}
	r.ofFile = append(r.ofFile, finding{kind: roundedColumn, arg: uint64(ids)})
}

// dropDuplicates refuses the rows that share a phone or an extension.
func (r *Roster) dropDuplicates() {
	d := findDuplicates(r.Rows)
	r.sharing = d.rows
	r.crossRow = append(r.crossRow, d.findings...)
	slices.SortFunc(r.crossRow, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.kind, b.kind))
	})
}
