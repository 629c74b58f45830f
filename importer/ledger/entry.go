package ledger

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"etelecom-import/importer/phone"
)

// Status is how far an employee has got. The zero value is Pending.
type Status uint8

// The statuses, in the order in which one is further than another when lines of one phone are merged.
const (
	Pending Status = iota // not reached yet
	Invalid               // refused before any call
	Failed                // nothing was created
	Unknown               // a create was sent, or was about to be, and its outcome is not known
	Created               // the user exists and its id is known; the extension is not assigned yet
	Done                  // created and assigned
)

var statusNames = [...]string{"pending", "invalid", "failed", "unknown", "created", "done"}

// String returns the word that stands in the result CSV.
func (s Status) String() string { return statusNames[s] }

// ParseStatus returns the status that a word of the result CSV is; false if it is none.
func ParseStatus(s string) (Status, bool) {
	for i, name := range statusNames {
		if s == name {
			return Status(i), true
		}
	}
	return 0, false
}

// Error codes that are this tool's own and that the ledger itself has to know; every other code is its callers'.
const (
	// CodeUserExists stands on a row whose phone is, or once was said to be, there already.
	CodeUserExists = "user_exists"
	// CodePasswordReplaced stands on a done row whose user was on the platform before.
	CodePasswordReplaced = "password_replaced"
)

// codeSeparator stands between several codes in one cell of the result.
const codeSeparator = ", "

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

// JoinCodes puts codes into one cell of the result; empty ones are left out.
func JoinCodes(codes ...string) string {
	return strings.Join(slices.DeleteFunc(codes, func(c string) bool { return c == "" }), codeSeparator)
}

// Intent is one create that was sent, or was about to be, and whose outcome is not known.
type Intent struct {
	// Attempt counts the creates and assigns of the entry, from 1; it names the intent.
	Attempt int `json:"n"`
	// At is when it was sent at the latest, by the server's clock, in Unix seconds; 0 where that is not known.
	At int64 `json:"at"`
	// Boot and Up say the same by the machine's own clock: the boot, and the milliseconds since then; "" and 0 where that is
	// not known.
	Boot string `json:"boot,omitempty"`
	Up   int64  `json:"up,omitempty"`
}

// Entry is what is known of one phone over all runs.
type Entry struct {
	Phone phone.Number
	// Name is the employee's name when the entry was last written.
	Name string
	// UserID is the tenant's id of the user; 0 while it is not known.
	UserID int64
	// ExtensionID and ExtensionNumber name the extension that was assigned (status Done) or is meant to be.
	// Zero where unknown.
	ExtensionID     int64
	ExtensionNumber string
	// Attempts counts the creates and assigns sent.
	Attempts int
	// Updated is the time of the last change by the server's clock, in Unix seconds; 0 for never.
	Updated int64
	Status  Status
	// Exists says that a create was answered with "already exists", or refused in another way that does not tell whether the
	// user was there and has another password now: the phone is never created again.
	Exists bool
	// Replaced says that the create found a user who was there before and set their password.
	Replaced bool
	// idLost says that the entry had a user, whose id a spreadsheet has spoiled.
	idLost bool
	// unsaved says that the result CSV does not hold this state yet.
	unsaved bool
	trouble *trouble // nil: none
}

// trouble is what most entries have only while their create is on its way. There are as many entries as people, so it
// takes no room in those that have none. It is replaced, not changed.
type trouble struct {
	code, why        string   // why the entry is not further, and what to do
	intents          []Intent // the creates with an open outcome, oldest first
	damagedExtension string   // an extension id as a spreadsheet left it, when that is all there is

	since time.Time // see [Ledger.Since]; zero: when the ledger was read. No file has it
}

func (e *Entry) told() trouble {
	if e.trouble == nil {
		return trouble{}
	}
	return *e.trouble
}

func (e *Entry) tell(t trouble) {
	e.trouble = nil
	if t.code != "" || t.why != "" || len(t.intents) > 0 || t.damagedExtension != "" || !t.since.IsZero() {
		e.trouble = &t
	}
}

// Reason says why the entry is not further, and what to do; both are empty where all is well.
func (e *Entry) Reason() (code, why string) {
	t := e.told()
	return t.code, t.why
}

// Intents returns the creates with an open outcome, oldest first. An entry that has one is Unknown.
func (e *Entry) Intents() []Intent { return e.told().intents }

// Open reports whether the outcome of a create is not known.
func (e *Entry) Open() bool { return e.trouble != nil && len(e.trouble.intents) > 0 }

// IDLost reports whether the entry had a user whose id cannot be read any more: it is ours, and is found by its phone.
func (e *Entry) IDLost() bool { return e.idLost && e.UserID == 0 }

// Spoiled reports whether a spreadsheet has spoiled an id of the entry that was known, so that it must be read again.
func (e *Entry) Spoiled() bool {
	return e.IDLost() || e.Status == Done && e.ExtensionID == 0 && e.told().damagedExtension != ""
}

// FirstSent returns when the oldest open create was sent at the latest; the zero time if that is not known.
func (e *Entry) FirstSent() time.Time {
	intents := e.Intents()
	if len(intents) == 0 || intents[0].At == 0 {
		return time.Time{}
	}
	return time.Unix(intents[0].At, 0)
}

// Date gives open creates whose time is not known, or lies ahead, the latest time that they can have been sent at.
func (e *Entry) Date(latest time.Time) {
	for i, intent := range e.Intents() {
		if intent.At == 0 || intent.At > unix(latest) {
			e.trouble.intents[i].At = unix(latest)
		}
	}
}

// HasExtension reports whether the entry's extension is the one that a roster row names by id, number or both
// (0 and "" where the row does not give it). Of an id that a spreadsheet has rounded, what is left must agree.
func (e *Entry) HasExtension(id int64, number string) bool {
	if id == 0 && number == "" {
		return false
	}
	if number != "" && number != e.ExtensionNumber {
		return false
	}
	if id == 0 || id == e.ExtensionID {
		return true
	}
	damaged := e.told().damagedExtension
	return e.ExtensionID == 0 && damaged != "" && agrees(damaged, id)
}

// overtake takes what a journal says of a phone over what the result CSV says of it. The result is the newer of the two
// if the journal had failed, and could not be removed: an id, or the news of an "already exists", is never taken back.
func (e *Entry) overtake(newer *Entry) error {
	switch {
	case e.UserID != 0 && newer.UserID != 0 && e.UserID != newer.UserID:
		return fmt.Errorf("phone %s has the user id %d in the result CSV and %d in the journal", e.Phone, e.UserID, newer.UserID)
	case e.UserID != 0 && (newer.UserID == 0 || newer.Status < e.Status), e.IDLost() && newer.UserID == 0 && !newer.idLost:
		return nil
	}
	newer.Attempts = max(newer.Attempts, e.Attempts)
	newer.Exists = newer.Exists || e.Exists && newer.UserID == 0
	*e = *newer
	return nil
}

// announced takes in the intent of an attempt. One whose outcome the result CSV knows already is over.
func (e *Entry) announced(i Intent) {
	if e.UserID != 0 || e.idLost || !e.unsaved && e.Attempts >= i.Attempt && e.Status != Unknown {
		return
	}
	e.Attempts = max(e.Attempts, i.Attempt)
	e.open(i)
	e.Status, e.Updated, e.unsaved = Unknown, i.At, true
}

func (e *Entry) open(i Intent) {
	t := e.told()
	t.intents = append(slices.Clip(t.intents), i)
	e.tell(t)
}

// clear drops the intent of one attempt: its own answer came.
func (e *Entry) clear(attempt int) {
	t := e.told()
	t.intents = slices.DeleteFunc(slices.Clone(t.intents), func(i Intent) bool { return i.Attempt == attempt })
	e.tell(t)
}
