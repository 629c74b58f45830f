package roster

import (
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
)

// otherPhones are columns whose titles say as surely as that of the phone that they have it. Address books have several, of which only
// one is filled. If they are empty or equal in every row, nothing is to be chosen; else the file is refused.
type otherPhones struct {
	header  *titleRow
	columns []int
}

// newOtherPhones returns those of a header.
func newOtherPhones(h *titleRow) *otherPhones {
	o := &otherPhones{header: h}
	for i, c := range h.columns {
		if c.key == keyOtherPhone {
			o.columns = append(o.columns, i)
		}
	}
	return o
}

// compare refuses the file if a person has another phone in such a column.
func (o *otherPhones) compare(rec *record) error {
	if rec.OtherPhones == "" { // nearly every row
		return nil
	}
	for _, cell := range rec.OtherPhones.cells() {
		cell = strings.TrimFunc(cell, isInvisible)
		number := phone.Normalize(cell)
		isSame := cell == strings.TrimFunc(rec.Phone, isInvisible) || number != 0 && number == phone.Normalize(rec.Phone)
		if hasDigit(cell) && !isSame { // "-" says that there is none
			return o.header.refuseTwice(o.first(), o.columns[0], fieldPhone)
		}
	}
	return nil
}

// first returns the column that is read.
func (o *otherPhones) first() int {
	for i, c := range o.header.columns {
		if c.Field == fieldPhone {
			return i
		}
	}
	return none
}

// finish tells of the columns that were not needed. It refuses a file without people: nothing shows which one it is.
func (o *otherPhones) finish(r *Roster) error {
	if len(o.columns) > 0 && len(r.Rows) == 0 {
		return o.header.refuseTwice(o.first(), o.columns[0], fieldPhone)
	}
	for _, at := range o.columns {
		text := message.Sprintf("%s has no other phone than %s in any row, and was not read", o.header.columns[at].name(at), o.header.columns[o.first()].name(o.first()))
		r.Warnings = append(r.Warnings, Note{Text: text})
	}
	return nil
}
