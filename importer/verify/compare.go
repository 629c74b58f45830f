package verify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/tenant"
	"etelecom-import/importer/vietnamese"
)

// listed is what the tenant shows.
type listed struct {
	*tenant.Directory
	// now is the tenant's time, by which extensions expire.
	now time.Time

	byNumber map[string][]*apiclient.Extension // made when somebody asks: most rows name an id
	partly   []*apiclient.AccountUser          // users whose phone is not shown, or only in part
}

// newListed makes the lookups of what the tenant shows.
func newListed(d *tenant.Directory, now time.Time) *listed {
	l := &listed{Directory: d, now: now}
	for i := range d.Users {
		if u := &d.Users[i]; u.UserID != 0 && phone.Normalize(u.Phone) == 0 {
			l.partly = append(l.partly, u)
		}
	}
	return l
}

// numbered returns the extensions that have a number.
func (l *listed) numbered(number string) []*apiclient.Extension {
	if l.byNumber == nil {
		l.byNumber = make(map[string][]*apiclient.Extension, len(l.Extensions))
		for i := range l.Extensions {
			if x := &l.Extensions[i]; x.Number != "" {
				l.byNumber[sameNumber(x.Number)] = append(l.byNumber[sameNumber(x.Number)], x)
			}
		}
	}
	return l.byNumber[sameNumber(number)]
}

// sameNumber returns what is the same for two extension numbers of which a spreadsheet may have shortened one: leading zeros.
func sameNumber(number string) string { return strings.TrimLeft(strings.TrimSpace(number), "0") }

// findingsOf returns what there is to tell of a row, the most serious first; nothing if it is done and the tenant shows it as it is recorded.
func findingsOf(row *ledger.Row, on *listed) []Finding {
	c := &comparison{row: row, entry: &row.Entry, on: on}
	if row.Status == ledger.Done {
		c.done()
	} else {
		c.notDone()
	}
	slices.SortStableFunc(c.findings, func(a, b Finding) int { return cmp.Compare(b.Kind, a.Kind) })
	return c.findings
}

// comparison is that of one row.
type comparison struct {
	row      *ledger.Row
	entry    *ledger.Entry
	on       *listed
	findings []Finding

	user   *apiclient.AccountUser // whose row it is; nil: not listed, or not known
	userID apiclient.ID           // the same, also if the key may not list users; 0: not known
	holder *apiclient.AccountUser // another user who has the phone; nil: nobody
}

// tell adds a finding. why is translated.
func (c *comparison) tell(kind Kind, code, why string) {
	e := c.entry
	c.findings = append(c.findings, Finding{Kind: kind, Code: code, Why: why, Row: Row{
		Number: c.row.Number, Line: c.row.Line, Name: e.Name, Phone: e.Phone, Status: c.row.Status,
		UserID: apiclient.ID(e.UserID), ExtensionID: apiclient.ID(e.ExtensionID), ExtensionNumber: e.ExtensionNumber,
	}})
}

// done compares a row that is done. A run has told if the employee file wants another extension for it by now.
func (c *comparison) done() {
	if code := ledger.FirstCode(c.row.Code); code != "" && reason.Of(code).Kind == reason.Failure {
		c.tell(Told, code, c.row.Why)
	}
	c.findUser()
	if c.user != nil {
		c.comparePerson()
	}
	c.compareExtension()
}

// findUser finds out whether the user of the row is listed.
func (c *comparison) findUser() {
	e := c.entry
	c.userID = apiclient.ID(e.UserID)
	if c.on.UsersDenied {
		c.tell(CannotTell, reason.CannotCompare, message.T("the key may not list users: nobody can tell whether the user is there with this phone"))
		return
	}
	if c.user = c.on.User(c.userID); c.user != nil {
		return
	}
	var nameless bool
	for _, u := range c.on.UsersOf(e.Phone) {
		if nameless = nameless || u.UserID == 0; u.UserID == 0 {
			continue
		}
		if c.holder == nil || c.hasNamed(u.UserID) { // of several, whoever has the row's extension
			c.holder = u
		}
	}
	switch {
	// A spreadsheet has damaged the id. This tool made the user, who is found by their phone.
	case c.userID == 0 && c.holder != nil:
		c.user, c.userID, c.holder = c.holder, c.holder.UserID, nil
	case nameless:
		c.tell(CannotTell, reason.CannotCompare, message.T("the tenant lists a user with this phone and without an id"))
	case c.userID == 0 && c.mayBeHidden():
		c.tell(CannotTell, reason.CannotCompare, message.T("a spreadsheet has damaged the user's id, and the tenant does not show all phones"))
	case c.userID == 0:
		c.tell(Difference, reason.UserGone, message.T("no user on the tenant has this phone, and a spreadsheet has damaged the user's id"))
	case c.holder != nil:
		c.tell(Difference, reason.PhoneTaken, message.Sprintf("user %s is no longer on the tenant. User %s (%s) has the phone now", c.userID, c.holder.UserID, c.holder.FullName)+c.extensionsOf(c.holder.UserID))
	default:
		c.tell(Difference, reason.UserGone, message.Sprintf("user %s is no longer on the tenant", c.userID))
	}
}

// mayBeHidden reports whether one of the users whose phones are not shown as a whole may have the row's phone.
func (c *comparison) mayBeHidden() bool {
	return slices.ContainsFunc(c.on.partly, func(u *apiclient.AccountUser) bool {
		return tenant.Compare(u.Phone, c.entry.Phone) == tenant.HiddenPhone
	})
}

// mayBe reports whether a user may have the row's phone, as far as the tenant shows it.
func (c *comparison) mayBe(id apiclient.ID) bool {
	u := c.on.User(id)
	return u == nil || tenant.Compare(u.Phone, c.entry.Phone) != tenant.OtherPhone
}

// comparePerson compares phone and name with those of the listed user.
func (c *comparison) comparePerson() {
	e, u := c.entry, c.user
	switch shown := tenant.Compare(u.Phone, e.Phone); {
	case c.on.Doubled(u.UserID):
		c.tell(CannotTell, reason.CannotCompare, message.Sprintf("the tenant lists user %s twice, with different phones", u.UserID))
	case shown == tenant.SamePhone:
		c.compareHolders()
	case shown == tenant.HiddenPhone:
		c.tell(CannotTell, reason.CannotCompare, message.Sprintf("the tenant shows the phone of user %s as %q", u.UserID, u.Phone))
	case shown == tenant.OtherPhone:
		why := message.Sprintf("user %s has the phone %s now", u.UserID, u.Phone)
		for _, other := range c.on.UsersOf(e.Phone) {
			why += "; " + message.Sprintf("user %s (%s) has %s", other.UserID, other.FullName, e.Phone)
		}
		c.tell(Difference, reason.PhoneChanged, why)
	}
	// The names of users are the platform's: whoever had a login before keeps the name that they gave themselves.
	if u.FullName != "" && e.Name != "" && !vietnamese.SameName(u.FullName, e.Name) {
		c.tell(Told, reason.NameDiffers, message.Sprintf("%q in the employee file, %q on the tenant", e.Name, u.FullName))
	}
	if u.NoRole {
		c.tell(Told, reason.NoRole, reason.Of(reason.NoRole).Problem.String())
	}
}

// compareHolders tells that somebody else is listed with the phone of the row, too: nobody can tell who logs in with it.
func (c *comparison) compareHolders() {
	for _, other := range c.on.UsersOf(c.entry.Phone) {
		if other.UserID != c.user.UserID {
			c.tell(CannotTell, reason.CannotCompare, message.Sprintf("the tenant lists another user with this phone, too: %s", label(other)))
			return
		}
	}
}

// label names a user.
func label(u *apiclient.AccountUser) string {
	if u.UserID == 0 {
		return message.T("(id not known)")
	}
	return fmt.Sprintf("%s (%s)", u.UserID, u.FullName)
}

// compareExtension compares the extension with what the tenant lists.
func (c *comparison) compareExtension() {
	if c.on.ExtensionsDenied {
		c.tell(CannotTell, reason.CannotCompare, message.T("the key may not list extensions: nobody can tell whose the extension is"))
		return
	}
	x := c.extension()
	isUserHere := c.userID != 0 && (c.user != nil || c.on.UsersDenied)
	switch {
	case x == nil && !c.namesExtension():
		if isUserHere {
			c.tell(CannotTell, reason.CannotCompare, message.T("a spreadsheet has damaged the id of the extension, and no extension of the user fits")+c.extensionsOf(c.userID))
		}
	case x == nil:
		c.tell(Difference, reason.ExtensionMissing, message.Sprintf("%s is no longer on the tenant", c.label())+c.extensionsOf(c.userID))
	case c.on.Doubled(x.ID):
		c.tell(CannotTell, reason.CannotCompare, message.Sprintf("the tenant lists %s twice, with different users", c.label()))
	case x.UserID == 0 && isUserHere:
		c.tell(Difference, reason.ExtensionFree, message.Sprintf("nobody has %s any more", c.label())+c.extensionsOf(c.userID))
	case x.UserID == 0: // that is so because the user is gone, and was told
	case isUserHere && x.UserID == c.userID:
		c.compareOwn(x)
	case c.holder != nil && x.UserID == c.holder.UserID: // told with the phone
	case x.UserID == c.userID: // the listing of users does not show them: told
	case c.userID == 0 && c.mayBe(x.UserID): // told with the user
	default:
		c.tell(Difference, reason.ExtensionMoved, message.Sprintf("%s belongs to %s now", c.label(), c.userLabel(x.UserID))+c.extensionsOf(c.userID))
	}
}

// compareOwn looks at an extension that the user has.
func (c *comparison) compareOwn(x *apiclient.Extension) {
	e := c.entry
	if e.ExtensionNumber != "" && x.Number != "" && sameNumber(x.Number) != sameNumber(e.ExtensionNumber) {
		c.tell(Difference, reason.NumberChanged, message.Sprintf("%s has the number %s now", c.label(), x.Number))
	}
	if x.Expired(c.on.now) {
		kind := Difference
		if ledger.HasCode(c.row.Code, reason.ExtensionExpired) { // as it is recorded
			kind = Told
		}
		c.tell(kind, reason.ExtensionExpired, reason.Of(reason.ExtensionExpired).Problem.String())
	}
	if all := c.on.ExtensionsOf(c.userID); len(all) > 1 {
		c.tell(Told, reason.SeveralExtensions, message.Sprintf("the user has the extensions %s", numbers(all)))
	}
}

// namesExtension reports whether the row names an extension by an id or a number that can be used.
func (c *comparison) namesExtension() bool {
	return c.entry.ExtensionID != 0 || c.entry.ExtensionNumber != ""
}

// extension returns the extension that the row names, as it is listed; nil if it is not. A number can be that of several hotlines: then
// the user's counts.
func (c *comparison) extension() *apiclient.Extension {
	e := c.entry
	if e.ExtensionID != 0 {
		return c.on.Extension(apiclient.ID(e.ExtensionID))
	}
	own := c.on.ExtensionsOf(c.userID)
	for _, x := range own {
		isNamed := e.HasExtension(int64(x.ID), "") || e.ExtensionNumber != "" && sameNumber(x.Number) == sameNumber(e.ExtensionNumber)
		if c.userID != 0 && isNamed {
			return x
		}
	}
	if e.ExtensionNumber == "" {
		return nil
	}
	if all := c.on.numbered(e.ExtensionNumber); len(all) > 0 {
		return all[0]
	}
	return nil
}

// notDone tells that a row is not done, and whether the tenant shows all the same that the person has what the row names.
func (c *comparison) notDone() {
	row, e := c.row, c.entry
	kind := NotDone
	if row.Status == ledger.Unknown {
		kind = CannotTell
	}
	code, why := cmp.Or(ledger.FirstCode(row.Code), reason.NotDone), row.Why
	if why == "" {
		why = reason.Of(reason.NotDone).Problem.String()
	}
	c.tell(kind, code, why)
	isListed := !c.on.UsersDenied && !c.on.ExtensionsDenied
	if e.Phone == 0 || !c.namesExtension() || !isListed {
		return
	}
	for _, u := range c.on.UsersOf(e.Phone) {
		for _, x := range c.on.ExtensionsOf(u.UserID) {
			if u.UserID != 0 && namedBy(e, x) {
				c.tell(Told, reason.DoneByHand, message.Sprintf("user %s has this phone and extension %s", u.UserID, cmp.Or(x.Number, x.ID.String())))
				return
			}
		}
	}
}

// hasNamed reports whether a user has the extension that the row names.
func (c *comparison) hasNamed(user apiclient.ID) bool {
	return c.namesExtension() && slices.ContainsFunc(c.on.ExtensionsOf(user), func(x *apiclient.Extension) bool { return namedBy(c.entry, x) })
}

// namedBy reports whether an entry names an extension by id, or by number if it has no id.
func namedBy(e *ledger.Entry, x *apiclient.Extension) bool {
	if e.ExtensionID != 0 {
		return apiclient.ID(e.ExtensionID) == x.ID
	}
	return sameNumber(x.Number) == sameNumber(e.ExtensionNumber)
}

// label names the row's extension.
func (c *comparison) label() string {
	if e := c.entry; e.ExtensionNumber != "" {
		return message.Sprintf("extension %s", e.ExtensionNumber)
	}
	return message.Sprintf("the extension with id %d", c.entry.ExtensionID)
}

// userLabel names another user.
func (c *comparison) userLabel(id apiclient.ID) string {
	if u := c.on.User(id); u != nil && u.FullName != "" {
		return message.Sprintf("user %s (%s)", id, u.FullName)
	}
	return message.Sprintf("user %s", id)
}

// extensionsOf returns, to follow a sentence, which extensions a user has; "" for one of whom nothing is known.
func (c *comparison) extensionsOf(user apiclient.ID) string {
	all := c.on.ExtensionsOf(user)
	switch {
	case user == 0 || c.on.ExtensionsDenied:
		return ""
	case len(all) == 0 && c.on.User(user) == nil:
		return ""
	case len(all) == 0:
		return "; " + message.T("the user has no extension")
	}
	return "; " + message.Sprintf("user %s has extension %s", user, numbers(all))
}

// numbers lists the numbers of extensions, or their ids where they have none.
func numbers(extensions []*apiclient.Extension) string {
	var all []string
	for _, x := range extensions {
		all = append(all, cmp.Or(x.Number, x.ID.String()))
	}
	return strings.Join(all, ", ")
}
