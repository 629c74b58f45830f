package phone

import (
	"strconv"

	"etelecom-import/apiclient/message"
)

// Kind says why a cell is not a phone number. The zero value means that it is one.
type Kind uint8

// The kinds of cells that are refused.
const (
	Empty      Kind = iota + 1 // nothing visible
	LineBreak                  // a line break in the cell
	Scientific                 // 8.49E+10
	Decimal                    // 84901234567.0
	Letters                    // O901234567
	Characters                 // characters that no phone number has
	Several                    // 0901234567 / 0912345678
	Hotline                    // 1800 and 1900 numbers
	Old                        // the 11-digit mobile numbers that were replaced in 2018
	Foreign                    // another country's
	Short                      // too few digits
	Long                       // too many digits
	Unassigned                 // the right length, but no Vietnamese number begins like this
)

// kinds says of each kind what it is called, what is wrong, and what to do. Of [Short] and [Long], the problem depends on the cell.
var kinds = [...]struct{ name, problem, hint message.Text }{
	Empty:      {"phone is empty", "the cell is empty", "enter the number"},
	LineBreak:  {"phone with a line break", "there is a line break in the cell", "keep one number on one line"},
	Scientific: {"phone in scientific notation", "a spreadsheet turned this number into scientific notation", "format the column as text and enter it again"},
	Decimal:    {"phone as a decimal number", "a spreadsheet or a program turned it into a decimal number", "format the column as text and enter it again"},
	Letters:    {"phone with letters", "there are letters among the digits", "write digits only"},
	Characters: {"phone with odd characters", "it has characters that no phone number has", "write digits only"},
	Several:    {"more than one phone", "there is more than one number in the cell", "keep one"},
	Hotline:    {"phone is a hotline", "1800 and 1900 numbers are hotlines", "enter the employee's own number"},
	Old:        {"old 11-digit phone", "it is an old mobile number of 11 digits, replaced in 2018", "enter today's number of 10 digits"},
	Foreign:    {"phone of another country", "it is not a Vietnamese number", "enter a Vietnamese number"},
	Short:      {"phone too short", "", "enter the whole number"},
	Long:       {"phone too long", "", "enter one number"},
	Unassigned: {"no such phone prefix", "no Vietnamese number begins like this", "compare it with the employee's papers"},
}

// String names the kind in a few words.
func (k Kind) String() string {
	if int(k) >= len(kinds) {
		return "Kind(" + strconv.Itoa(int(k)) + ")"
	}
	return kinds[k].name.String()
}

// Error says why a cell is not a phone number. It holds nothing of the cell but, in Suggestion, the digits of a number.
type Error struct {
	Kind       Kind
	Digits     int    // how many digits the cell has
	Want       int    // how many there should be, if Kind is Short or Long
	Suggestion Number // what was probably meant; 0 if that is not known
}

// Error says what is wrong, without the hint.
func (e *Error) Error() string {
	if e.Kind == Short || e.Kind == Long {
		return message.Sprintf("it has %s, and %d are needed", message.Count(e.Digits, "digit", "digits"), e.Want)
	}
	return kinds[e.Kind].problem.String()
}

// Hint says what to do, with the number that was probably meant if there is one.
func (e *Error) Hint() string {
	if e.Suggestion == 0 {
		return kinds[e.Kind].hint.String()
	}
	return message.Sprintf("%s (probably %s)", kinds[e.Kind].hint, e.Suggestion)
}
