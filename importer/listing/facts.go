package listing

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/tenant"
)

// Facts are what is to be said of a list beside its rows.
type Facts struct {
	Users, WithExtension            int
	Free, FreeExpired               int    // extensions that no user has, and how many of these have expired
	withoutID, masked, unreadable   sample // users
	withoutName, sharing, several   sample // users
	strangers, sameNumber, noDigits sample // extensions
	readings                        int    // 0: the last two readings agree
}

// Look returns the facts of a directory. now is the tenant's time.
func Look(d *tenant.Directory, now time.Time) *Facts {
	f := &Facts{Users: len(d.Users)}
	if d.Moving {
		f.readings = d.Readings
	}
	for i := range d.Users {
		f.user(d, &d.Users[i])
	}
	twice := sharedNumbers(d)
	for i := range d.Extensions {
		x := &d.Extensions[i]
		switch {
		case x.UserID == 0:
			f.Free++
			if x.Expired(now) {
				f.FreeExpired++
			}
			continue
		case d.User(x.UserID) == nil:
			f.strangers.add(x.Number, fmt.Sprintf("(%s)", x.UserID))
			continue
		}
		if twice[x.Number] {
			f.sameNumber.add(x.Number)
		} else if !isNumber(x.Number) {
			f.noDigits.add(fmt.Sprintf("%q", x.Number), x.ID.String())
		}
	}
	return f
}

// user takes in one user.
func (f *Facts) user(d *tenant.Directory, u *apiclient.AccountUser) {
	name := fmt.Sprintf("%q", u.FullName)
	if u.UserID == 0 {
		f.withoutID.add(name, u.Phone)
	}
	if strings.TrimSpace(u.FullName) == "" {
		f.withoutName.add(u.Phone, idOf(u.UserID))
	}
	number := phone.Normalize(u.Phone)
	switch {
	case number == 0 && tenant.IsMasked(u.Phone):
		f.masked.add(name, u.Phone)
	case number == 0:
		f.unreadable.add(name, u.Phone)
	case len(d.UsersOf(number)) > 1:
		f.sharing.add(name, number.String())
	}
	switch n := len(d.ExtensionsOf(u.UserID)); {
	case n > 1:
		f.several.add(name)
		fallthrough
	case n == 1:
		f.WithExtension++
	}
}

// sample counts what is alike, and keeps the first ones as examples.
type sample struct {
	n        int
	examples []string
}

const mostExamples = 3

func (s *sample) add(words ...string) {
	example := strings.TrimSpace(strings.Join(words, " "))
	if slices.Contains(s.examples, example) { // a number that several have
		return
	}
	if s.n++; s.n <= mostExamples {
		s.examples = append(s.examples, example)
	}
}

// String lists the examples.
func (s *sample) String() string {
	list := strings.Join(s.examples, ", ")
	if more := s.n - len(s.examples); more > 0 {
		return message.Sprintf("%s and %d more", list, more)
	}
	return list
}

// Warnings returns what somebody has to do something about, a text each.
func (f *Facts) Warnings() (texts []string) {
	for _, w := range []struct {
		sample
		format message.Text
	}{
		{f.withoutID, "the tenant lists users without an id: %s. Ask eTelecom to correct that"},
		{f.masked, "the tenant hides digits of phones: %s. A run cannot read these rows, and cannot tell who is there"},
		{f.unreadable, "these users have no Vietnamese phone number: %s. A run refuses their rows"},
		{f.sharing, "several users have one phone: %s. A run refuses their rows"},
		{f.strangers, "these extensions belong to users who are not listed: %s. They are neither in the list nor free"},
	} {
		if w.n > 0 {
			texts = append(texts, fmt.Sprintf(w.format.String(), &w.sample))
		}
	}
	if f.readings > 0 {
		texts = append(texts, message.Sprintf("others are changing the tenant: it was read %d times, and the last two readings differ. List it again later", f.readings))
	}
	return texts
}

// Notes returns what is good to know about the rows, a text each.
func (f *Facts) Notes() (texts []string) {
	for _, w := range []struct {
		sample
		format message.Text
	}{
		{f.withoutName, "these users have no name: %s"},
		{f.several, "these users have several extensions: %s. The one that counts in a run is in extension_number, the others are in other_extensions"},
		{f.sameNumber, "several extensions have one number: %s. Rows with it have the extension_id alone"},
		{f.noDigits, "these extensions have a number that is not 1 to 10 digits: %s. Their rows have the extension_id alone"},
	} {
		if w.n > 0 {
			texts = append(texts, fmt.Sprintf(w.format.String(), &w.sample))
		}
	}
	return texts
}
