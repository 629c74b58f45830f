// Package listing makes files of what a tenant lists ([tenant.Directory]): its users, as an employee file that a run reads ([People]), and
// its free extensions ([Free]). What is to be said beside the rows are the [Facts]. The titles of the columns are those of package roster,
// which undoes what a spreadsheet may do to such a file. Package listing makes no call. Nothing in it is secret: a listing has no password,
// and the SIP passwords of extensions are not kept.
package listing

import (
	"cmp"
	"encoding/csv"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/tenant"
	"etelecom-import/importer/workbook"
)

// Table is a list that can be written. Its rows are texts as the tenant has them, in an order that does not depend on the tenant's: by the
// number of the extension, and people without one behind the others, by name.
type Table struct {
	sheet  string
	titles []string
	widths []int
	rows   iter.Seq[[]string]
}

// People returns the table of everybody who is listed, one row each. now is the tenant's time, which tells what has expired.
func People(d *tenant.Directory, now time.Time) *Table {
	p := people{directory: d, now: now, twice: sharedNumbers(d)}
	return &Table{
		sheet: message.T("Employees"), titles: roster.ListTitles(), widths: []int{32, 16, 20, 18, 24, 24, 10, 24, 20}, rows: p.rows,
	}
}

// freeTitles are the columns of the free extensions. They have no name and no phone, so that nobody takes the list for an employee file.
var freeTitles = []string{"extension_number", "extension_id", "state", "expires", "hotline_id"}

// Free returns the table of the extensions that no user has, also of those that have expired.
func Free(d *tenant.Directory, now time.Time) *Table {
	return &Table{
		sheet: message.T("Free extensions"), titles: slices.Clone(freeTitles), widths: []int{18, 24, 10, 24, 24},
		rows: func(yield func([]string) bool) {
			var free []*apiclient.Extension
			for i := range d.Extensions {
				if x := &d.Extensions[i]; x.UserID == 0 {
					free = append(free, x)
				}
			}
			slices.SortFunc(free, compareExtensions)
			for _, x := range free {
				if !yield([]string{x.Number, x.ID.String(), stateOf(x, now), expiryOf(x), idOf(x.HotlineID)}) {
					return
				}
			}
		},
	}
}

// WriteCSV writes the table for Excel, which needs a byte order mark. No cell is a formula there: an apostrophe is before what looks like
// one. A run takes it off again.
func (t *Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(t.titles); err != nil {
		return err
	}
	for cells := range t.rows {
		for i := range cells {
			cells[i] = spreadsheet.EscapeFormulas(oneLine(cells[i]))
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteWorkbook writes the table as an Excel workbook. Its cells are texts, so that no spreadsheet rounds an id.
func (t *Table) WriteWorkbook(w io.Writer) error {
	sheet := workbook.Sheet{Name: t.sheet}
	for i, title := range t.titles {
		sheet.Columns = append(sheet.Columns, workbook.Column{Title: title, Width: t.widths[i]})
	}
	out := workbook.NewWriter(w, sheet)
	for cells := range t.rows {
		for i := range cells {
			cells[i] = oneLine(cells[i])
		}
		if err := out.Write(cells...); err != nil {
			return err
		}
	}
	return out.Close()
}

// oneLine has spaces in place of line breaks and other control characters: a reader may refuse a whole file for them, and a terminal may do
// what they say.
func oneLine(cell string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, cell)
}

// people makes the rows of the users.
type people struct {
	directory *tenant.Directory
	now       time.Time
	twice     map[string]bool // see sharedNumbers
}

func (p *people) rows(yield func([]string) bool) {
	order := make([]person, 0, len(p.directory.Users))
	for i := range p.directory.Users {
		u := &p.directory.Users[i]
		one := person{AccountUser: u}
		if all := p.directory.ExtensionsOf(u.UserID); len(all) > 0 {
			one.extension = all[0]
		}
		order = append(order, one)
	}
	slices.SortStableFunc(order, comparePeople)
	for i := range order {
		if !yield(p.row(&order[i])) {
			return
		}
	}
}

// person is a user with the extension that counts; nil if they have none.
type person struct {
	*apiclient.AccountUser
	extension *apiclient.Extension
}

// row returns the cells of one user.
func (p *people) row(u *person) []string {
	var number, id, state, expires string
	var others []string
	for i, x := range p.directory.ExtensionsOf(u.UserID) {
		if i > 0 {
			others = append(others, cmp.Or(x.Number, x.ID.String()))
			continue
		}
		if isNumber(x.Number) && !p.twice[x.Number] {
			number = x.Number
		}
		id, state, expires = x.ID.String(), stateOf(x, p.now), expiryOf(x)
	}
	const noPassword = ""
	return []string{ // as roster.ListTitles
		u.FullName, phoneOf(u.AccountUser), noPassword, number, id, idOf(u.UserID), state, expires,
		strings.Join(others, " "), // a comma would make one large number of two small ones
	}
}

// comparePeople orders users by their extensions, and those without one behind the others, by name.
func comparePeople(a, b person) int {
	switch {
	case a.extension == nil && b.extension != nil:
		return 1
	case a.extension != nil && b.extension == nil:
		return -1
	case a.extension != nil && a.extension != b.extension:
		return compareExtensions(a.extension, b.extension)
	}
	return cmp.Or(cmp.Compare(a.FullName, b.FullName), cmp.Compare(phoneOf(a.AccountUser), phoneOf(b.AccountUser)), cmp.Compare(a.UserID, b.UserID))
}

// compareExtensions orders extensions by number, and those whose number is none behind the others.
func compareExtensions(a, b *apiclient.Extension) int {
	switch isA, isB := isNumber(a.Number), isNumber(b.Number); {
	case isA && !isB:
		return -1
	case !isA && isB:
		return 1
	}
	return cmp.Or(tenant.CompareNumbers(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
}

// sharedNumbers returns the numbers that several listed extensions have. Rows with one of these would be refused, since they say the same;
// the id tells them apart.
func sharedNumbers(d *tenant.Directory) map[string]bool {
	seen, twice := make(map[string]bool, len(d.Extensions)), map[string]bool{}
	for i := range d.Extensions {
		number := d.Extensions[i].Number
		if seen[number] {
			twice[number] = true
		}
		seen[number] = true
	}
	return twice
}

// isNumber reports whether a run reads an extension's number: digits, and not so many that they are an id.
func isNumber(number string) bool {
	return spreadsheet.IsDigits(number) && len(number) <= roster.MaxExtension
}

// phoneOf returns the phone of a user as people dial it, and else as the tenant lists it.
func phoneOf(u *apiclient.AccountUser) string {
	if number := phone.Normalize(u.Phone); number != 0 {
		return number.String()
	}
	return u.Phone
}

func idOf(id apiclient.ID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// The states of an extension, in words that people can filter for.
const (
	stateNew     = "new"
	stateValid   = "valid"
	stateExpired = "expired"
)

// stateOf returns the state in a word; a letter that nobody knows is told as it is.
func stateOf(x *apiclient.Extension, now time.Time) string {
	switch {
	case x.Expired(now):
		return stateExpired
	case x.State == "Z":
		return stateNew
	case x.State == "P":
		return stateValid
	}
	return x.State
}

// expiryOf returns when an extension expires, as the result has times; "" if it never does.
func expiryOf(x *apiclient.Extension) string {
	if x.ExpiresAt.IsZero() {
		return ""
	}
	return x.ExpiresAt.UTC().Format(time.RFC3339)
}
