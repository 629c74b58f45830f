package signoff

import (
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
)

// causeOther is the cause for a code that this version does not know.
const causeOther = "other"

// causeNotInResult is the cause for those who are in the employee file and not in the result.
const causeNotInResult = "not_in_result"

// causeRenamed is the cause for those whose phone has another name in the employee file than in the result: it may be somebody else, who cannot
// log in.
const causeRenamed = "renamed"

// Person is somebody of the result, or of the employee file.
type Person struct {
	Line                int // in the employee file; 0: not known
	Name, Phone         string
	Extension           string // its number
	ExtensionID, UserID string
	Status              ledger.Status
	Code, Why           string // the result's: codes, and a text in English
	Renamed             bool   // the employee file has another name for their phone
	Gone                bool   // they are not in the employee file any more
	Group               string
	Message             string // what is shown of Why
}

// order is by the line in the employee file, and behind it for those who are not there.
func (p *Person) order() int {
	if p.Line == 0 || p.Gone {
		return math.MaxInt
	}
	return p.Line
}

// Replaced reports whether the password of somebody who was there before was replaced.
func (p *Person) Replaced() bool { return ledger.HasCode(p.Code, reason.PasswordReplaced) }

// cause returns the code in reasons.csv that says why they are not done.
func (p *Person) cause() string {
	code := ledger.FirstCode(p.Code)
	switch {
	case code == "", p.Status == ledger.Unknown && code != reason.CannotLook:
		if name := "status_" + p.Status.String(); isKnownCause(name) {
			return name
		}
		return causeOther
	case !isKnownCause(code):
		return causeOther
	}
	return code
}

// saysMore reports whether the result's text on somebody has what the words of their cause cannot say.
func saysMore(p *Person) bool {
	cause := p.cause()
	return cause == causeOther || cause == reason.InvalidArgument
}

var longNumber = regexp.MustCompile(`[0-9]{15,}`)

// message returns the result's text on somebody as it is shown, with or without its ids.
func (p *Person) message(ids bool) string {
	const most = 400 // letters
	text := strings.Join(strings.Fields(p.Why), " ")
	if !ids {
		text = longNumber.ReplaceAllString(text, "…")
	}
	if p.Code != "" && text == "" && p.cause() == causeOther {
		text = p.Code
	}
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "…"
	}
	return text
}

// phoneText returns a phone as people read it; "" for none.
func phoneText(n phone.Number) string {
	if n == 0 {
		return ""
	}
	return n.String()
}
