package roster

import (
	"fmt"
	"slices"

	"etelecom-import/apiclient/message"
)

// Dialect is what was understood of a file.
type Dialect struct {
	Encoding  string   // such as "UTF-8 with a byte order mark"
	Delimiter string   // "comma", "semicolon", "tab" or "pipe"; "" for a workbook
	Sheet     string   // of a workbook; "" for a CSV
	Columns   []Column // of the file, in its order
	Header    int      // the line of their titles
	List      bool     // they are those of a list of users, as [ListTitles] has them
	Blank     int      // blank rows, which were skipped
	Joined    []string // the columns of which names were put together, in that order
	NotPeople []int    // lines of rows that are not people, which were skipped: the header again, departments, totals, signatures
	Doubtful  []int    // those of NotPeople that do not say so themselves: they have a text, and nothing else of a person
	Above     []int    // lines above the header that are not blank, which were skipped
	Hidden    []int    // rows of a workbook that were skipped since they are hidden
}

// Skipped are rows that are in no count: a file has more than people.
type Skipped struct {
	Code  string `json:"code"`
	Rows  int    `json:"rows"`
	Lines []int  `json:"lines"` // the first of them
}

// Skipped returns the rows that were skipped, by reason; never nil.
func (d *Dialect) Skipped() []Skipped {
	const most = 100
	all := []Skipped{}
	for _, s := range []struct {
		code  string
		lines []int
	}{
		{"above_header", d.Above},
		{"not_people", d.certain()},
		{"perhaps_people", d.Doubtful},
		{"hidden", d.Hidden},
	} {
		if len(s.lines) > 0 {
			all = append(all, Skipped{s.code, len(s.lines), s.lines[:min(len(s.lines), most)]})
		}
	}
	return all
}

// certain returns NotPeople without Doubtful.
func (d *Dialect) certain() []int {
	isDoubtful := func(line int) bool {
		_, found := slices.BinarySearch(d.Doubtful, line)
		return found
	}
	return slices.DeleteFunc(slices.Clone(d.NotPeople), isDoubtful)
}

// Ignored names the columns that are not read.
func (d *Dialect) Ignored() []string {
	var names []string
	for i, c := range d.Columns {
		if c.Field == "" {
			names = append(names, c.name(i))
		}
	}
	return names
}

// has reports whether the file has a column for a field.
func (d *Dialect) has(field string) bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool { return c.Field == field })
}

// Column is a column of the file.
type Column struct {
	Header string // its title, if that may be shown; "" if there is none, or if it is no known word: see readTitle
	Field  string // "name", "phone", "password", "extension_id" or "extension_number"; "" if it is ignored

	key      string // what the record calls it; "" if it is ignored
	untitled bool
	hashed   bool // the title says that it has hashes of passwords
}

// What a record calls columns that are more than a field, or less.
const (
	keyFamily     = "family_name"
	keyMiddle     = "middle_name"
	keyGiven      = "given_name"
	keyBehind     = "behind_name"
	keyRowNumber  = "row_number"
	keyRest       = "rest"
	keyOtherPhone = "other_phone"
)

// name is what the column is called in a message.
func (c Column) name(i int) string {
	switch {
	case c.untitled:
		return message.Sprintf("column %d (no name)", i+1)
	case c.Header == "":
		return message.Sprintf("column %d", i+1)
	}
	return fmt.Sprintf("%q", c.Header)
}
