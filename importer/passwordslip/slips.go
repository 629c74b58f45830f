// Package passwordslip makes slips of paper with the first passwords of people, ten to a page, for the command slips: each says how one
// person logs in. Who gets one, and why others do not, is in slips.go ([Make]); the page is slips.html ([WriteHTML]). It reads no file and
// makes no call. The page that it writes holds passwords: that is what it is for.
package passwordslip

import (
	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/vietnamese"
)

// Why says why somebody gets no slip.
type Why uint8

// Why somebody gets no slip.
const (
	NoPhone       Why = iota // the phone of the row cannot be used
	Several                  // rows of one phone have different passwords
	NotInResult              // no run has dealt with the phone
	NotCreated               // nobody was created
	NotKnown                 // the outcome of the create is not known
	Before                   // the user was there before this job, with a password of their own
	OldResult                // an older version has made the result, and did not write down who was created
	NoPassword               // the row has no password that can be used
	OtherName                // the result has another name: the phone may be of somebody else now, and the password never was theirs
	Shifted                  // cells of the row may be in the wrong columns: what is in the column of passwords may be something else
	PerhapsBefore            // an older version may have created the user, before a newer one wrote the result anew
	kindsOfWhy
)

// reasons are the words of each reason.
var reasons = [kindsOfWhy]struct {
	word string       // by which the page knows it
	text message.Text // on the screen
}{
	NoPhone:       {"phone", "the phone in the file cannot be used"},
	Several:       {"several", "several rows have this phone, with different passwords"},
	NotInResult:   {"absent", "not in the result: no run has dealt with them"},
	NotCreated:    {"failed", "not created: the result says why"},
	NotKnown:      {"unknown", "not known yet whether they were created: run again"},
	Before:        {"before", "had a user before, and keep their own password"},
	OldResult:     {"older", "the result of an older version does not say who was created"},
	NoPassword:    {"password", "the file has no password for them"},
	OtherName:     {"name", "the result has another name for this phone, so the password may be of somebody else"},
	Shifted:       {"shifted", "the row in the file has no name, or cells that may be in the wrong columns: correct it"},
	PerhapsBefore: {"perhaps", "had a user before, or an older version has created them: the result does not say"},
}

func (w Why) String() string { return reasons[w].text.String() }

// Word returns the word by which the page knows the reason, which it says in two languages.
func (w Why) Word() string { return reasons[w].word }

// Slip is what one person gets.
type Slip struct {
	Name     string
	Phone    string
	Password secret.Text
	// Extension is the number of their extension; "" if it is not assigned yet.
	Extension string
	// Replaced says that they had a user before, and that their password was replaced.
	Replaced bool
}

// Left is somebody who gets no slip.
type Left struct {
	Line int // in the employee file
	Name string
	Why  Why
}

// Slips are the slips of one employee file.
type Slips struct {
	Slips []Slip
	Left  []Left // in the order of the file
	// Running says that there is a journal: a run is under way, was interrupted, or waits for an answer.
	Running bool
	// Practice says that the users are those of a practice tenant.
	Practice bool
}

// Make makes a slip for everybody in the employee file whom this job has created, or whose password it has replaced.
func Make(r *roster.Roster, l *ledger.Ledger) *Slips {
	s := &Slips{Running: l.HasJournal()}
	differs := severalPasswords(r)
	made := map[phone.Number]bool{}
	for i := range r.Rows {
		row := &r.Rows[i]
		e := l.Lookup(row.Phone)
		name := row.Name
		if name == "" && e != nil && row.Phone != 0 {
			name = e.Name
		}
		if why, left := leaves(row, e, l.TellsCreated(), differs[row.Phone], mayBeShifted(r, i)); left {
			s.Left = append(s.Left, Left{row.Line, name, why})
			continue
		}
		if made[row.Phone] {
			continue
		}
		made[row.Phone] = true
		slip := Slip{Name: name, Phone: row.Phone.String(), Password: row.Password, Replaced: e.Replaced}
		if e.Status == ledger.Done {
			slip.Extension = e.ExtensionNumber
		}
		s.Slips = append(s.Slips, slip)
	}
	return s
}

// severalPasswords returns the phones whose rows have different passwords.
func severalPasswords(r *roster.Roster) map[phone.Number]bool {
	first, differs := map[phone.Number]secret.Text{}, map[phone.Number]bool{}
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.Phone == 0 || row.Password.IsZero() {
			continue
		}
		if other, known := first[row.Phone]; !known {
			first[row.Phone] = row.Password
		} else if other.Reveal() != row.Password.Reveal() {
			differs[row.Phone] = true
		}
	}
	return differs
}

// mayBeShifted reports whether cells of a row may be in the wrong columns: a name that is hidden, or an extension that is none, may be the
// password.
func mayBeShifted(r *roster.Roster, row int) bool {
	if p := r.Problem(row); p != nil && (p.Code == reason.MalformedRow || p.Code == reason.BadExtension) {
		return true
	}
	return r.Rows[row].Name == ""
}

// leaves reports whether a row gets no slip, and why. e is what the result knows of its phone, or nil.
func leaves(row *roster.Row, e *ledger.Entry, tellsCreated, differs, shifted bool) (why Why, left bool) {
	switch {
	case row.Phone == 0:
		return NoPhone, true
	case e == nil:
		return NotInResult, true
	case e.Open():
		return NotKnown, true
	case !e.HasUser():
		return NotCreated, true
	case e.MadeHere() || e.Replaced:
	case !tellsCreated:
		return OldResult, true
	case e.Attempts > 1: // of whom was there before, an assign alone was sent
		return PerhapsBefore, true
	default:
		return Before, true
	}
	switch {
	case row.Password.IsZero():
		return NoPassword, true
	case shifted:
		return Shifted, true
	case e.Name != "" && !vietnamese.SameName(row.Name, e.Name):
		return OtherName, true
	case differs:
		return Several, true
	}
	return 0, false
}
