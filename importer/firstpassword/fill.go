package firstpassword

import (
	"bytes"
	"crypto/rand"
	"io"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/vietnamese"
)

// fieldPassword is the field of the column of passwords, as package roster calls it.
const fieldPassword = "password"

// Options say what is wanted. Length has to be given.
type Options struct {
	Length  int
	Reading roster.Options // how the file is read
	// HasUser reports whether the person with this phone has a user, or may have one: their password stays empty. It may be nil.
	HasUser func(phone.Number) bool
	// Workbook makes an .xlsx of the file, and otherwise it becomes a CSV.
	Workbook bool
}

// Filled says what was done.
type Filled struct {
	Rows     int   // of people
	Made     int   // rows that got a password
	Kept     int   // rows that had something in the cell, which stays
	Existing int   // rows that stay empty, since their user exists or may exist
	Shared   []int // lines of rows that got the password of another row with the same phone and name
	Shifted  []int // lines of rows that stay empty, since their cells are in the wrong columns
	Refused  []int // lines of rows that have a password now, and that a run refuses all the same
	Column   bool  // the file had no column for passwords, and has one now
	Hidden   int   // hidden rows that were skipped, and are not in the new file
	Sheet    string
}

// Read reads an employee file as [Fill] wants it: also one without a column of passwords, or without one of extensions.
func Read(file []byte, o roster.Options) (*roster.Roster, error) {
	o.WithoutPasswords, o.FreeExtensions = true, true
	return roster.Read(bytes.NewReader(file), o)
}

// Fill returns the employee file with a password in each cell that had none. Every other cell, the order of the rows and their lines
// stay what they were. What is returned has been read again: it says the same of everybody as the file did.
func Fill(file []byte, r *roster.Roster, o Options) ([]byte, *Filled, error) {
	if err := CheckLength(o.Length); err != nil {
		return nil, nil, err
	}
	f := &filler{file: file, roster: r, o: o, generator: generator{rand.Reader, o.Length}, known: map[person]secret.Text{}, given: map[int]secret.Text{}}
	f.filled.Sheet, f.filled.Hidden = r.Dialect.Sheet, len(r.Dialect.Hidden)
	if err := f.give(); err != nil {
		return nil, nil, err
	}
	text, err := f.write()
	if err != nil {
		return nil, nil, err
	}
	if err := f.check(text); err != nil {
		return nil, nil, err
	}
	return text, &f.filled, nil
}

// filler fills one file.
type filler struct {
	file      []byte
	roster    *roster.Roster
	o         Options
	generator generator
	filled    Filled

	known map[person]secret.Text // the first password of each
	given map[int]secret.Text    // by line: the passwords to write
}

// give decides which rows get a password, and which one.
func (f *filler) give() error {
	rows := f.roster.Rows
	f.filled.Rows = len(rows)
	for i := range rows {
		if p := rows[i].Password; rows[i].Phone != 0 && !p.IsZero() && f.known[personOf(&rows[i])].IsZero() {
			f.known[personOf(&rows[i])] = p
		}
	}
	for i := range rows {
		row, problem := &rows[i], f.roster.Problem(i)
		switch {
		case !row.NoPassword:
			f.filled.Kept++
		case row.Phone != 0 && f.o.HasUser != nil && f.o.HasUser(row.Phone):
			f.filled.Existing++
		case problem != nil && problem.Code == reason.MalformedRow && !problem.OfContent:
			f.filled.Shifted = append(f.filled.Shifted, row.Line)
		default:
			if err := f.giveTo(row); err != nil {
				return err
			}
			if problem != nil {
				f.filled.Refused = append(f.filled.Refused, row.Line)
			}
		}
	}
	return nil
}

// person is who rows of one phone and one name are.
type person struct {
	phone phone.Number
	name  string // as [vietnamese.NameKey] has it
}

func personOf(row *roster.Row) person { return person{row.Phone, vietnamese.NameKey(row.Name)} }

// giveTo gives a row a password. Rows of one phone and one name are one person: whichever is kept, the password is the same. If the names
// differ, one of the phones is a mistake: once it is corrected, these people must not know each other's password.
func (f *filler) giveTo(row *roster.Row) error {
	f.filled.Made++
	if known := f.known[personOf(row)]; row.Phone != 0 && !known.IsZero() {
		f.given[row.Line] = known
		f.filled.Shared = append(f.filled.Shared, row.Line)
		return nil
	}
	made, err := f.generator.next()
	if err != nil {
		return err
	}
	f.given[row.Line] = made
	if row.Phone != 0 {
		f.known[personOf(row)] = made
	}
	return nil
}

// write returns the new file.
func (f *filler) write() ([]byte, error) {
	width, column := 0, f.column()
	for row, err := range roster.RawRows(f.file, &f.roster.Dialect, f.o.Reading) {
		if err != nil {
			return nil, f.cannotWrite(err)
		}
		width = max(width, len(row.Cells))
	}
	if column < 0 {
		column, f.filled.Column = width, true
		width++
	}
	var text bytes.Buffer
	out := f.output(&text, width, column)
	cells := make([]string, width)
	for row, err := range roster.RawRows(f.file, &f.roster.Dialect, f.o.Reading) {
		if err != nil {
			return nil, f.cannotWrite(err)
		}
		clear(cells[copy(cells, row.Cells):])
		if given, ok := f.given[row.Line]; ok {
			cells[column] = given.Reveal()
		} else if f.filled.Column && row.Line == f.roster.Dialect.Header {
			cells[column] = f.title()
		}
		if err := out.write(row.Line, cells, len(row.Cells)); err != nil {
			return nil, err
		}
	}
	err := out.close()
	return text.Bytes(), err
}

// output returns what writes the new file.
func (f *filler) output(w io.Writer, width, column int) output {
	if f.o.Workbook {
		return &workbookOutput{w: w, sheet: f.filled.Sheet, width: width}
	}
	return newTextOutput(w, f.roster.Dialect.Delimiter, column)
}

// column returns which column has the passwords, from 0; -1 if none has.
func (f *filler) column() int {
	for i, c := range f.roster.Dialect.Columns {
		if c.Field == fieldPassword {
			return i
		}
	}
	return -1
}

// title returns the title of a new column: in Vietnamese, if any other title is.
func (f *filler) title() string {
	for _, c := range f.roster.Dialect.Columns {
		if utf8.RuneCountInString(c.Header) < len(c.Header) {
			return "Mật khẩu"
		}
	}
	return fieldPassword
}

// cannotWrite says that the rows of the file cannot be taken as they are.
func (f *filler) cannotWrite(err error) error {
	return hint.With(message.Errorf("the rows of the file cannot be copied as they are: %w", err), message.T("open the file in Excel, save it as a workbook (.xlsx), and name that"))
}

// check reads the new file, and compares it with the old one. What a run would read in another way must not be written: somebody would be
// created with another name, or with a password that nobody has meant.
func (f *filler) check(text []byte) error {
	o := f.o.Reading
	o.Encoding, o.Delimiter, o.Sheet, o.HiddenRows = "", "", "", 0
	again, err := Read(text, o)
	if err != nil {
		return f.cannotWrite(err)
	}
	if len(again.Rows) != len(f.roster.Rows) {
		return f.cannotWrite(message.Errorf("%d rows would become %d", len(f.roster.Rows), len(again.Rows)))
	}
	for i := range again.Rows {
		before, after := &f.roster.Rows[i], &again.Rows[i]
		old, now := f.roster.Problem(i), again.Problem(i)
		if old != nil && now == nil {
			words := old.Words()
			return hint.With(message.Errorf("line %d: %s. The new file would not show that any more", before.Line, words.Message), message.T("correct the line in the file first"))
		}
		want, filled := f.given[before.Line]
		if !filled {
			want = before.Password
		}
		mayLack := filled || old != nil || before.NoPassword == after.NoPassword
		samePassword := mayLack && want.Reveal() == after.Password.Reveal()
		if !samePassword || !samePerson(before, after) || (old == nil) != (now == nil) {
			return f.cannotWrite(message.Errorf("line %d would be read in another way", before.Line))
		}
	}
	return nil
}

// samePerson reports whether two rows say the same, but for the password.
func samePerson(a, b *roster.Row) bool {
	same := a.Line == b.Line && a.Phone == b.Phone && a.Name == b.Name
	return same && a.ExtensionID == b.ExtensionID && a.ExtensionNumber == b.ExtensionNumber
}
