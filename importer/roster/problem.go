package roster

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"etelecom-import/importer/phone"
)

// Problem is something that keeps a row from being imported. No field of it holds a password.
type Problem struct {
	Line    int    // where the row begins; 0 if the problem is the whole file's
	Code    string // [MalformedRow] and so on
	Column  string // the field, such as "phone"; "" if it is none or unknown
	Value   string // the cell, or a description of it if it may hold a password; "" if it is empty or not shown at all
	Kind    string // groups equal causes, such as "phone in scientific notation"
	Wrong   string // what is wrong
	Fix     string // what to do
	Message string // all of it in a sentence, without the line

	Description string // Message without the fix
}

// finding is a problem at rest: a million of them must fit in memory.
type finding struct {
	row   uint32
	kind  kind
	shape bool   // value is a description
	arg   uint64 // as the kind wants it
	value string
}

// Problem returns what keeps Rows[i] from being imported, on its own or with other rows; nil if nothing does. Of
// several problems it is the first. A missing password is none.
func (r *Roster) Problem(i int) *Problem {
	for _, list := range [][]finding{r.findings, r.late} {
		at, ok := slices.BinarySearchFunc(list, uint32(i), func(f finding, row uint32) int { return int(f.row) - int(row) })
		if ok {
			p := r.problem(&list[at])
			return &p
		}
	}
	return nil
}

// Cause is a problem that has not been put in words yet, which takes longer than finding it.
type Cause struct {
	Line int    // as in Problem
	Code string // as in Problem
	Kind string // as in Problem

	of   *Roster
	at   *finding // nil: it is the whole file's
	file *Problem
}

// Problem puts the cause in words.
func (c *Cause) Problem() Problem {
	if c.at == nil {
		return *c.file
	}
	return c.of.problem(c.at)
}

// Problems returns every problem: those of the file, then those of the rows in their order.
func (r *Roster) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for c := range r.Causes() {
			if !yield(c.Problem()) {
				return
			}
		}
	}
}

// Causes returns the causes of all problems, in the order of Problems.
func (r *Roster) Causes() iter.Seq[Cause] {
	return func(yield func(Cause) bool) {
		for i := range r.fileLevel {
			p := &r.fileLevel[i]
			if !yield(Cause{Line: p.Line, Code: p.Code, Kind: p.Kind, file: p}) {
				return
			}
		}
		a, b := r.findings, r.late
		for len(a)+len(b) > 0 {
			next := &a
			if len(a) == 0 || len(b) > 0 && b[0].row < a[0].row {
				next = &b
			}
			if !yield(r.cause(&(*next)[0])) {
				return
			}
			*next = (*next)[1:]
		}
	}
}

func (r *Roster) cause(f *finding) Cause {
	k := &kinds[f.kind]
	c := Cause{Line: r.Rows[f.row].Line, Code: k.code, Kind: k.name, of: r, at: f}
	if f.kind == badPhone {
		c.Kind = unpack(f.arg).Kind.String()
	}
	return c
}

// problem puts a finding in words.
func (r *Roster) problem(f *finding) Problem {
	k := &kinds[f.kind]
	p := Problem{
		Line: r.Rows[f.row].Line, Code: k.code, Column: k.column, Value: f.value,
		Kind: k.name, Wrong: k.wrong, Fix: k.fix,
	}
	r.details(&p, f)
	p.Description = p.describe(f.shape)
	p.Message = p.Description + "; " + p.Fix
	return p
}

// details adds what depends on the row.
func (r *Roster) details(p *Problem, f *finding) {
	row := &r.Rows[f.row]
	switch f.kind {
	case wrongCells:
		p.Wrong = fmt.Sprintf("the row has %s, the header has %d", cells(int(f.arg)), len(r.Dialect.Columns))
	case longPassword:
		p.Wrong = fmt.Sprintf("it has %d bytes", f.arg)
	case badPhone:
		e := unpack(f.arg)
		p.Kind, p.Wrong, p.Fix = e.Kind.String(), e.Wrong(), e.Fix()
		if e.Kind == phone.Scientific && !f.shape {
			p.Wrong = scientific + f.value
		}
	case scientificID, scientificNumber:
		p.Wrong += f.value
	case roundedID:
		p.Value = strconv.FormatUint(f.arg, 10)
	case noExtension:
		p.Column, p.Wrong = r.Dialect.extension()
	case samePhone:
		p.Value, p.Wrong = row.Phone.String(), r.others(f)
	case sameID:
		p.Value, p.Wrong = Masked(strconv.FormatInt(row.ExtensionID, 10)), r.others(f)
	case sameNumber:
		p.Value, p.Wrong = Masked(row.ExtensionNumber), r.others(f)
	}
}

// describe says what is wrong, and where. described says that the value is a description of the cell.
func (p *Problem) describe(described bool) string {
	text := p.Wrong
	switch {
	case p.Column == "":
		return text
	case p.Code == MissingValue:
		return p.Column + " " + text
	case p.Value == "":
		return p.Column + ": " + text
	case described:
		return fmt.Sprintf("%s (%s): %s", p.Column, p.Value, text)
	}
	return fmt.Sprintf("%s %q: %s", p.Column, p.Value, text)
}

// others names the lines of the other rows of a group.
func (r *Roster) others(f *finding) string {
	from, n := f.arg>>32, f.arg&0xFFFFFFFF
	const most = 5
	var lines []string
	for _, row := range r.shared[from : from+n] {
		if len(lines) == most {
			break
		}
		if row != f.row {
			lines = append(lines, strconv.Itoa(r.Rows[row].Line))
		}
	}
	word := "line "
	if n > 2 {
		word = "lines "
	}
	text := "it also stands on " + word + strings.Join(lines, ", ")
	if more := int(n) - 1 - len(lines); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// pack puts a phone's error into a number.
func pack(e *phone.Error) uint64 {
	digits, want := min(e.Digits, 0xFFFF), min(e.Want, 0x3F)
	return uint64(e.Meant)<<28 | uint64(digits)<<12 | uint64(want)<<6 | uint64(e.Kind)
}

func unpack(arg uint64) *phone.Error {
	return &phone.Error{
		Kind: phone.Kind(arg & 0x3F), Want: int(arg >> 6 & 0x3F), Digits: int(arg >> 12 & 0xFFFF),
		Meant: phone.Number(arg >> 28),
	}
}

func cells(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return strconv.Itoa(n) + " cells"
}
