package ledger

import (
	"iter"
	"slices"
	"strings"
)

// Status is how far an employee has got. The zero value is Pending.
type Status uint8

// The statuses, in the order in which one is further than another when lines of one phone are merged.
const (
	Pending Status = iota // nothing was done yet
	Invalid               // refused before any call
	Failed                // nothing was created
	Unknown               // a create was sent, or was about to be, and its outcome is not known
	Created               // the user exists and its id is known; the extension is not assigned yet
	Done                  // created and assigned
)

var statusNames = [...]string{"pending", "invalid", "failed", "unknown", "created", "done"}

// String returns the word for it in the result CSV.
func (s Status) String() string { return statusNames[s] }

// ParseStatus returns the status that a word of the result CSV means; false if it means none.
func ParseStatus(s string) (Status, bool) {
	for i, name := range statusNames {
		if s == name {
			return Status(i), true
		}
	}
	return 0, false
}

// codeSeparator separates several codes in one cell of the result.
const codeSeparator = ", "

// Codes yields the codes of one cell of the result.
func Codes(cell string) iter.Seq[string] { return strings.SplitSeq(cell, codeSeparator) }

// HasCode reports whether a code is among those of one cell of the result.
func HasCode(cell, code string) bool {
	return slices.Contains(strings.Split(cell, codeSeparator), code)
}

// FirstCode returns the first code of one cell of the result, which says why a row is not done.
func FirstCode(cell string) string {
	first, _, _ := strings.Cut(cell, codeSeparator)
	return first
}

// LastCode returns the last code of one cell of the result.
func LastCode(cell string) string { return cell[strings.LastIndex(cell, " ")+1:] }

// JoinCodes puts codes into one cell of the result; empty ones are skipped.
func JoinCodes(codes ...string) string {
	return strings.Join(slices.DeleteFunc(codes, func(c string) bool { return c == "" }), codeSeparator)
}
