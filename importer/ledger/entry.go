package ledger

import (
	"slices"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
)

// Intent is one create that was sent, or was about to be, and whose outcome is not known.
type Intent struct {
	// Attempt counts the creates and assigns of the entry, from 1; it names the intent.
	Attempt int `json:"n"`
	// At is the latest time at which it was sent, by the server's clock, in Unix seconds; 0 where that is not known.
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
	// Attempts counts the creates and assigns that were sent.
	Attempts int
	// Updated is the time of the last change by the server's clock, in Unix seconds; 0 for never.
	Updated int64
	// CreatedAt is when this job's create of the user took effect, as far as that is known: when the answer came, or a listing showed
	// the user of an open create. It is by the server's clock, in Unix seconds. It is 0 for users who were there before, and where it
	// is not known; see [Entry.MadeHere].
	CreatedAt int64
	Status    Status
	// Exists says that a create was answered with "already exists", or was refused in another way that does not tell whether
	// the user was there and has another password now: the phone is never created again.
	Exists bool
	// Replaced says that the create found a user who was there before, and set their password.
	Replaced bool
	// Chosen says that the employee file names no extension for this person, and that ExtensionID and ExtensionNumber were chosen for
	// them among the free ones.
	Chosen bool
	// damagedUser says that the entry had a user, whose id a spreadsheet has damaged.
	damagedUser bool
	// unsaved says that the result CSV does not hold this state yet.
	unsaved bool
	// listed says that the result CSV, as it was read, has the entry on a row of the employee file.
	listed bool
	// rare is nil for most entries, since there are as many entries as people. It is replaced, never changed.
	rare *detail
}

// detail holds what few entries have, most of them only while their create is under way.
type detail struct {
	code, why        string   // why the entry is not further, and what to do
	intents          []Intent // the creates with an open outcome, oldest first
	damagedExtension string   // an extension id as a spreadsheet left it, if nothing else is known
	damagedCreated   string   // CreatedAt as a spreadsheet left it, if it is no time that can be read

	settlesFrom time.Time // see [Ledger.SettlesFrom]; zero: when the ledger was read. It is in no file
}

// detail returns a copy of the entry's detail.
func (e *Entry) detail() detail {
	if e.rare == nil {
		return detail{}
	}
	return *e.rare
}

// setDetail replaces the entry's detail.
func (e *Entry) setDetail(d detail) {
	e.rare = &d
	hasReason := d.code != "" || d.why != ""
	hasIntents := len(d.intents) > 0 || !d.settlesFrom.IsZero()
	isDamaged := d.damagedExtension != "" || d.damagedCreated != ""
	if !hasReason && !hasIntents && !isDamaged {
		e.rare = nil
	}
}

// Reason says why the entry is not further, and what to do; both are empty where all is well.
func (e *Entry) Reason() (code, why string) {
	d := e.detail()
	return d.code, d.why
}

// Intents returns the creates with an open outcome, oldest first. An entry that has one is Unknown.
func (e *Entry) Intents() []Intent { return e.detail().intents }

// HasUser reports whether a user was created or found for the entry, so that no create follows. A nil entry has none.
func (e *Entry) HasUser() bool { return e != nil && (e.UserID != 0 || e.Status >= Created) }

// MadeHere reports whether a create of this job made the user. It is false for users who were there before, also if their password
// was replaced, and where nobody knows: older versions did not write it down.
func (e *Entry) MadeHere() bool { return e.CreatedAt != 0 || e.detail().damagedCreated != "" }

// setCreated records when a create of this job made the user. text is what a spreadsheet has left of the time, if at is 0.
func (e *Entry) setCreated(at int64, text string) {
	e.CreatedAt = at
	d := e.detail()
	d.damagedCreated = text
	e.setDetail(d)
}

// mergeCreation takes in what another record of the same user says of their create: neither that the job made them nor that
// it replaced their password is ever taken back.
func (e *Entry) mergeCreation(other *Entry) {
	e.Replaced = e.Replaced || other.Replaced
	switch {
	case e.Replaced:
		e.setCreated(0, "") // a create found them, and did not make them
	case e.CreatedAt == 0 && other.MadeHere():
		e.setCreated(other.CreatedAt, other.detail().damagedCreated)
	}
}

// WithReplaced returns the codes of a line of the result with the one that says that the user's password was replaced, where it was:
// a later run knows it from there alone. Why the row is not done comes first.
func (e *Entry) WithReplaced(code string) string {
	if !e.Replaced || e.Status < Created || HasCode(code, reason.PasswordReplaced) {
		return code
	}
	return JoinCodes(code, reason.PasswordReplaced)
}

// Listed reports whether the result CSV, as it was read, has the entry on a row of the employee file, and not only behind its rows.
func (e *Entry) Listed() bool { return e.listed }

// Open reports whether the outcome of a create is not known.
func (e *Entry) Open() bool { return e.rare != nil && len(e.rare.intents) > 0 }

// DamagedUser reports whether the entry had a user whose id cannot be read any more: this tool made the user, who can be found by
// their phone.
func (e *Entry) DamagedUser() bool { return e.damagedUser && e.UserID == 0 }

// Damaged reports whether a spreadsheet has damaged an id of the entry that was known, so that it must be read again.
func (e *Entry) Damaged() bool {
	extensionDamaged := e.Status == Done && e.ExtensionID == 0 && e.detail().damagedExtension != ""
	return e.DamagedUser() || extensionDamaged
}

// FirstSent returns the latest time at which the oldest open create was sent; the zero time if that is not known.
func (e *Entry) FirstSent() time.Time {
	intents := e.Intents()
	if len(intents) == 0 || intents[0].At == 0 {
		return time.Time{}
	}
	return time.Unix(intents[0].At, 0)
}

// BoundIntents sets the time of open creates whose time is not known, or is in the future, to the latest at which they can have been
// sent.
func (e *Entry) BoundIntents(latest time.Time) {
	for i, intent := range e.Intents() {
		if intent.At == 0 || intent.At > unix(latest) {
			e.rare.intents[i].At = unix(latest)
		}
	}
}

// HasExtension reports whether the entry's extension is the one that a roster row names by id, number or both (0 and "" where
// the row does not give it). Of an id that a spreadsheet has rounded, the digits that are left must agree.
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
	damaged := e.detail().damagedExtension
	return e.ExtensionID == 0 && damaged != "" && agrees(damaged, id)
}

// HoldsExtension reports whether the entry has an extension for a row that names none: one that was chosen for it, or one that was
// assigned, or may have been, when the row named it. A nil entry has none.
func (e *Entry) HoldsExtension() bool {
	if e == nil {
		return false
	}
	isMeant := e.Chosen || e.HasUser()
	isKnown := e.ExtensionID != 0 || e.ExtensionNumber != "" || e.detail().damagedExtension != ""
	return e.Status == Done || isMeant && isKnown
}

// setExtension records which extension is meant for the entry, or was assigned. Whether it was chosen is kept if it is the same one, also
// if its id was damaged.
func (e *Entry) setExtension(id int64, number string) {
	if !e.HasExtension(id, "") {
		e.Chosen = false
	}
	e.ExtensionID, e.ExtensionNumber = id, number
	if d := e.detail(); d.damagedExtension != "" {
		d.damagedExtension = ""
		e.setDetail(d)
	}
}

// mergeLine takes in another line of the result CSV with the same phone. The line that is further is kept; an id, and an answer
// "already exists", is kept whichever line has it.
func (e *Entry) mergeLine(other Entry) error {
	if e.UserID != 0 && other.UserID != 0 && e.UserID != other.UserID {
		return message.Errorf("phone %s has the user ids %d and %d", e.Phone, e.UserID, other.UserID)
	}
	behind := other
	if e.Status < other.Status {
		behind, *e = *e, other
	}
	e.UserID = max(e.UserID, behind.UserID)
	e.listed = e.listed || behind.listed
	e.Attempts = max(e.Attempts, behind.Attempts)
	e.damagedUser = e.damagedUser || behind.damagedUser
	e.mergeCreation(&behind)
	if behind.Chosen && !e.HoldsExtension() {
		e.setExtension(behind.ExtensionID, behind.ExtensionNumber)
		e.Chosen = true
	}
	hasUser := e.UserID != 0 || e.damagedUser
	e.Exists = (e.Exists || behind.Exists) && !hasUser
	return nil
}

// mergeJournal takes in what the journal says of the phone, which is newer than what the result CSV says. Only if the journal
// had failed, and then could not be removed, is the result the newer of the two. So an id, and an answer "already exists", is
// never taken back.
func (e *Entry) mergeJournal(newer *Entry) error {
	resultIsFurther := e.UserID != 0 && (newer.UserID == 0 || newer.Status < e.Status)
	resultHadUser := e.DamagedUser() && newer.UserID == 0 && !newer.damagedUser
	switch {
	case e.UserID != 0 && newer.UserID != 0 && e.UserID != newer.UserID:
		return message.Errorf("phone %s has the user id %d in the result file and %d in the journal", e.Phone, e.UserID, newer.UserID)
	case resultIsFurther, resultHadUser:
		return nil
	}
	newer.Attempts = max(newer.Attempts, e.Attempts)
	newer.Exists = newer.Exists || e.Exists && newer.UserID == 0
	newer.mergeCreation(e)
	newer.listed = e.listed // the journal is of a run that has written no result
	*e = *newer
	return nil
}

// mergeIntent takes in an intent of the journal, unless the result CSV knows its outcome already.
func (e *Entry) mergeIntent(i Intent) {
	hadUser := e.UserID != 0 || e.damagedUser
	answered := !e.unsaved && e.Attempts >= i.Attempt && e.Status != Unknown
	if hadUser || answered {
		return
	}
	e.Attempts = max(e.Attempts, i.Attempt)
	e.addIntent(i)
	e.Status, e.Updated, e.unsaved = Unknown, i.At, true
}

// addIntent adds an open create.
func (e *Entry) addIntent(i Intent) {
	d := e.detail()
	d.intents = append(slices.Clip(d.intents), i)
	e.setDetail(d)
}

// removeIntent drops the intent of one attempt: its own answer came.
func (e *Entry) removeIntent(attempt int) {
	d := e.detail()
	d.intents = slices.DeleteFunc(slices.Clone(d.intents), func(i Intent) bool { return i.Attempt == attempt })
	e.setDetail(d)
}

// setSettlesFrom sets the moment at which the settle time begins; see [Ledger.SettlesFrom].
func (e *Entry) setSettlesFrom(t time.Time) {
	d := e.detail()
	d.settlesFrom = t
	e.setDetail(d)
}

// reckon works out when the settle time begins: when the newest open create was sent. All of them are of earlier runs.
func (e *Entry) reckon(now Moment) {
	var since time.Time
	for _, i := range e.Intents() {
		since = laterOf(since, now.since(i))
	}
	e.setSettlesFrom(since)
}

// unix returns t in whole Unix seconds, rounded up: an intent must never look older than it is.
func unix(t time.Time) int64 { return t.Add(time.Second - time.Nanosecond).Unix() }
