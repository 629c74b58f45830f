package roster

import (
	"fmt"
	"strconv"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
)

// kind is a kind of problem.
type kind uint8

const (
	wrongCells kind = iota + 1
	wrongColumns
	noName
	noPhone
	noExtension
	damagedName
	controlInName
	badPhone // phone.Error says more
	brokenID
	scientificID
	decimalID
	notDigitsID
	zeroID
	largeID
	brokenNumber
	scientificNumber
	decimalNumber
	notDigitsNumber
	longNumber
	longPassword
	controlInPassword
	damagedPassword
	roundedID
	samePhone
	sameID
	sameNumber
	absent // the cell is empty, which is no problem by itself
)

const (
	asText      = "format the column as text and enter it again"
	lineBreak   = "there is a line break in the cell"
	scientific  = "a spreadsheet turned this number into "
	decimal     = "a spreadsheet or a program turned it into a decimal number"
	controls    = "it has control characters"
	enterIt     = "enter it"
	oneOfThem   = "keep one of the rows"
	oneLine     = "keep it on one line"
	digitsAlone = "it is not digits alone"
)

// kinds says of each kind which code and column it has, what it is called, what is wrong, and what to do. [Problem.Words] adds
// what depends on the row.
var kinds = [...]struct{ code, column, name, wrong, fix string }{
	wrongCells:        {reason.MalformedRow, "", "wrong number of cells", "", "put cells that hold the delimiter in quotes, and fill the row up to the header's columns"},
	wrongColumns:      {reason.MalformedRow, "", "cells in the wrong columns", "cells are in the wrong columns: the phone or the extension is where the name or the password belongs", "move them back"},
	noName:            {reason.MissingValue, fieldName, "name is missing", "is missing", enterIt},
	noPhone:           {reason.MissingValue, fieldPhone, "phone is missing", "is missing", enterIt},
	noExtension:       {reason.MissingValue, fieldID, "extension is missing", "", enterIt},
	damagedName:       {reason.MalformedRow, fieldName, "damaged name", "letters were lost when the file was converted", "enter the name again"},
	controlInName:     {reason.MalformedRow, fieldName, "name with control characters", controls, "enter the name again"},
	badPhone:          {reason.BadPhone, fieldPhone, "", "", ""},
	brokenID:          {reason.BadExtension, fieldID, "extension id with a line break", lineBreak, oneLine},
	scientificID:      {reason.BadExtension, fieldID, "extension id in scientific notation", scientific, asText},
	decimalID:         {reason.BadExtension, fieldID, "extension id as a decimal number", decimal, asText},
	notDigitsID:       {reason.BadExtension, fieldID, "extension id is not digits", digitsAlone, "copy the id from the list of extensions"},
	zeroID:            {reason.BadExtension, fieldID, "extension id begins with 0", "no id begins with 0", "copy the id from the list of extensions, or name the column extension_number"},
	largeID:           {reason.BadExtension, fieldID, "extension id too large", "it is larger than any id", "copy the id from the list of extensions"},
	brokenNumber:      {reason.BadExtension, fieldExtension, "extension number with a line break", lineBreak, oneLine},
	scientificNumber:  {reason.BadExtension, fieldExtension, "extension number in scientific notation", scientific, asText},
	decimalNumber:     {reason.BadExtension, fieldExtension, "extension number as a decimal number", decimal, asText},
	notDigitsNumber:   {reason.BadExtension, fieldExtension, "extension number is not digits", digitsAlone, "enter the number that is dialled, such as 101"},
	longNumber:        {reason.BadExtension, fieldExtension, "extension number too long", "it is too long for a number that is dialled", "if it is an id, name the column extension_id"},
	longPassword:      {reason.MalformedRow, fieldPassword, "password too long", "", "choose one of at most 128 bytes"},
	controlInPassword: {reason.MalformedRow, fieldPassword, "password with control characters", controls + ", such as a tab or a line break", "enter it again"},
	damagedPassword:   {reason.MalformedRow, fieldPassword, "damaged password", "letters were lost when the file was converted", "enter it again"},
	roundedID:         {reason.BadExtension, fieldID, "extension ids rounded by a spreadsheet", "a spreadsheet rounded this id", "export the ids again as text"},
	samePhone:         {reason.DuplicatePhone, fieldPhone, "phone in several rows", "", oneOfThem},
	sameID:            {reason.DuplicateExtension, fieldID, "extension in several rows", "", oneOfThem},
	sameNumber:        {reason.DuplicateExtension, fieldExtension, "extension in several rows", "", oneOfThem},
}

// finding is a problem as it is kept: a million of them must fit in memory.
type finding struct {
	row       uint32
	kind      kind
	described bool   // value is a description of the cell
	arg       uint64 // what else the words need, depending on the kind
	value     string
}

// Problem is something that keeps a row from being imported. It holds no password. To put it in words takes longer than to
// find it, so that is done when it is asked for.
type Problem struct {
	Line int    // where the row begins; 0 if the problem is the whole file's
	Code string // [reason.MalformedRow] and so on
	Kind string // groups equal problems, such as "phone in scientific notation"

	roster  *Roster
	finding *finding // nil if the problem is the whole file's
	words   Words    // of the whole file
}

// Words are a problem in words.
type Words struct {
	Column  string // the field, such as "phone"; "" if the problem is not one field's
	Value   string // the cell, or a description of it if it may hold a password; "" if it is empty or not shown at all
	Wrong   string // what is wrong
	Fix     string // what to do
	Message string // all of it in a sentence, without the line

	Description string // Message without the fix
}

// Words puts the problem in words.
func (p *Problem) Words() Words {
	f := p.finding
	if f == nil {
		return p.words
	}
	row, k := &p.roster.Rows[f.row], &kinds[f.kind]
	w := Words{Column: k.column, Value: f.value, Wrong: k.wrong, Fix: k.fix}
	switch f.kind {
	case wrongCells:
		w.Wrong = message.Sprintf("the row has %s, the header has %d", cells(int(f.arg)), len(p.roster.Dialect.Columns))
	case longPassword:
		w.Wrong = message.Sprintf("it has %d bytes", f.arg)
	case badPhone:
		e := unpack(f.arg)
		w.Wrong, w.Fix = e.Error(), e.Hint()
		if e.Kind == phone.Scientific && !f.described {
			w.Wrong = scientific + f.value
		}
	case scientificID, scientificNumber:
		w.Wrong = scientific + f.value
		if f.described {
			w.Wrong = scientific + "scientific notation"
		}
	case roundedID:
		w.Value = strconv.FormatUint(f.arg, 10)
	case noExtension:
		w.Column, w.Wrong = p.roster.Dialect.missingExtension()
	case samePhone:
		w.Value, w.Wrong = row.Phone.String(), p.others()
	case sameID:
		w.Value, w.Wrong = Masked(strconv.FormatInt(row.ExtensionID, 10)), p.others()
	case sameNumber:
		w.Value, w.Wrong = Masked(row.ExtensionNumber), p.others()
	}
	w.describe(p.Code, f.described)
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
	word := "line "
	if n > 2 {
		word = "lines "
	}
	text := "it is also on " + word + strings.Join(lines, ", ")
	if more := int(n) - 1 - len(lines); more > 0 {
		text += message.Sprintf(" and %d more", more)
	}
	return text
}

// describe sets Description and Message. described says that the value is a description of the cell.
func (w *Words) describe(code string, described bool) {
	switch {
	case w.Column == "":
		w.Description = w.Wrong
	case code == reason.MissingValue:
		w.Description = w.Column + " " + w.Wrong
	case w.Value == "":
		w.Description = w.Column + ": " + w.Wrong
	case described:
		w.Description = fmt.Sprintf("%s (%s): %s", w.Column, w.Value, w.Wrong)
	default:
		w.Description = fmt.Sprintf("%s %q: %s", w.Column, w.Value, w.Wrong)
	}
	w.Message = w.Description + "; " + w.Fix
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

func cells(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return strconv.Itoa(n) + " cells"
}
