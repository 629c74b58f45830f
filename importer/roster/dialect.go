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
	Blank     int      // blank rows, which were skipped
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
	Header string // as the file has it
	Field  string // "name", "phone", "password", "extension_id" or "extension_number"; "" if it is ignored
}

// name is what the column is called in a message.
func (c Column) name(i int) string {
	if c.Header == "" {
		return message.Sprintf("column %d (no name)", i+1)
	}
	if r := []rune(c.Header); len(r) > 40 {
		return fmt.Sprintf("%q", string(r[:40])+"...")
	}
	return fmt.Sprintf("%q", c.Header)
}
