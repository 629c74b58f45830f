package roster

import (
	"fmt"
	"strconv"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
)

// finding is a problem as it is kept: a million of them must fit in memory.
type finding struct {
	row       uint32 // 0 if the problem is the whole file's
	kind      kind
	described bool   // value is a description of the cell
	ofContent bool   // it is about a name or a password, although not all of its kind are: see Judge
	arg       uint64 // what else the words need, depending on the kind
	value     string
}

// Problem is something that keeps a row from being imported. It holds no password. To put it in words takes longer than to
// find it, so that is done when it is asked for.
type Problem struct {
	Line int    // where the row begins; 0 if the problem is the whole file's
	Code string // [reason.MalformedRow] and so on
	Kind string // groups equal problems, such as "phone in scientific notation"
	// OfContent says that the problem is in what the name or the password says, which only a create needs.
	OfContent bool

	roster  *Roster
	finding *finding
}

// Words are a problem in words.
type Words struct {
	Column  string // the field, such as "phone"; "" if the problem is not one field's
	Value   string // the cell, or a description of it if it may hold a password; "" if it is empty or not shown at all
	Problem string // what is wrong
	Hint    string // what to do

	Description string // Column, Value and Problem in a sentence
	Message     string // Description and Hint
}

// row returns the row that has the problem, if it is not the whole file's.
func (p *Problem) row() *Row { return &p.roster.Rows[p.finding.row] }

// Words puts the problem in words.
func (p *Problem) Words() Words {
	k := &kinds[p.finding.kind]
	w := Words{Column: k.column, Value: p.finding.value, Problem: k.problem.String(), Hint: k.hint.String()}
	if k.detail != nil {
		k.detail(p, &w)
	}
	switch {
	case w.Column == "" || k.namesColumn:
		w.Description = w.Problem
	case w.Value == "":
		w.Description = w.Column + ": " + w.Problem
	case p.finding.described:
		w.Description = fmt.Sprintf("%s (%s): %s", w.Column, w.Value, w.Problem)
	default:
		w.Description = fmt.Sprintf("%s %q: %s", w.Column, w.Value, w.Problem)
	}
	w.Message = w.Description + "; " + w.Hint
	return w
}

// others names the lines of the other rows that share something with the row.
func (p *Problem) others() string {
	from, n := p.finding.arg>>32, p.finding.arg&0xFFFFFFFF
	const most = 5
	var lines []string
	for _, row := range p.roster.sharing[from : from+n] {
		if len(lines) == most {
			break
		}
		if row != p.finding.row {
			lines = append(lines, strconv.Itoa(p.roster.Rows[row].Line))
		}
	}
	list := strings.Join(lines, ", ")
	switch more := int(n) - 1 - len(lines); {
	case more > 0:
		return message.Sprintf("it is also on lines %s and %d more", list, more)
	case n > 2:
		return message.Sprintf("it is also on lines %s", list)
	}
	return message.Sprintf("it is also on line %s", list)
}

// pack puts a phone's error into a number.
func pack(e *phone.Error) uint64 {
	digits, want := min(e.Digits, 0xFFFF), min(e.Want, 0x3F)
	return uint64(e.Suggestion)<<28 | uint64(digits)<<12 | uint64(want)<<6 | uint64(e.Kind)
}

func unpack(arg uint64) *phone.Error {
	return &phone.Error{
		Kind: phone.Kind(arg & 0x3F), Want: int(arg >> 6 & 0x3F), Digits: int(arg >> 12 & 0xFFFF),
		Suggestion: phone.Number(arg >> 28),
	}
}
