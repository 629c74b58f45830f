package check

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"iter"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
)

// A check finds out whether a run can work, and sends no write: the key, the way to the API, what the key may do, and the
// files. Each thing that it looks at is a finding.

// Input is what a check works on. Only Employees, Account, Found and Progress may be zero, and Client without a key
// that can be sent.
type Input struct {
	Key       KeyFound
	Employees *EmployeesFound // nil: no employee file is named
	BaseURL   string
	Account   string // the id that the key must be of; "": any

	// Resolve returns the addresses of a host.
	Resolve func(ctx context.Context, host string) ([]string, error)
	// Reach connects to the API and sends nothing. It needs no key.
	Reach func(context.Context) (apiclient.Route, error)
	// Client makes the calls. Nil: there is no key that can be sent.
	Client *apiclient.Client

	// Found is called with each finding as soon as it is known. It may be nil.
	Found    func(Finding)
	Progress *importer.Progress
}

// KeyFound is what is in the place of the API key. Nothing in it is secret.
type KeyFound struct {
	Place string   // the file or the variable, as a message names it
	File  *Access  // nil: the key is in no file
	Wrong string   // why there is no key; "": there is one
	Flaws []string // what is there beside the key, or in place of it
	Todo  string   // what to do about either
	Note  string   // what else is good to know
	Shape apiclient.KeyShape
}

// EmployeesFound is what a look at the employee file alone finds.
type EmployeesFound struct {
	Place    string
	File     *Access // nil: standard input
	Wrong    string  // why it cannot be read; "": it was read
	Rows     int
	Problems int // rows that have one
	Todo     string
}

// Access is who can read a file.
type Access struct {
	Everybody bool
	Todo      string // the command that changes that
}

// Status is how a thing was found.
type Status uint8

// The statuses. NotKnown is no failure: a check could not be made, or nothing tells.
const (
	OK Status = iota
	Wrong
	NotKnown
)

// String returns the word in a message.
func (s Status) String() string { return [...]string{"ok", "wrong", "not known"}[s] }

// MarshalText returns the word in JSON.
func (s Status) MarshalText() ([]byte, error) {
	return []byte(strings.ReplaceAll(s.String(), " ", "_")), nil
}

// Finding is one thing that was looked at. Names and JSON form are an interface.
type Finding struct {
	Name   string      `json:"name"`
	Status Status `json:"status"`
	Found  string      `json:"found"`
	Todo   string      `json:"todo"` // empty if there is nothing to do; a line after the first is a command
}

// Report is everything that a check found.
type Report struct {
	OK     bool      `json:"ok"` // nothing is wrong
	Checks []Finding `json:"checks"`
}

// ErrWrong says that a check found something wrong.
var ErrWrong = message.New("the check found something wrong")

// Err returns ErrWrong if anything is wrong.
func (r *Report) Err() error {
	if r.OK {
		return nil
	}
	return ErrWrong
}

// Count returns how many findings have the status.
func (r *Report) Count(s Status) (n int) {
	for _, f := range r.Checks {
		if f.Status == s {
			n++
		}
	}
	return n
}

const (
	resolveWithin = 5 * time.Second
	reachWithin   = 15 * time.Second
	// answerWithin bounds the first page of a listing, with everything that is tried again for it.
	answerWithin = 20 * time.Second
	// clockOff is from when on a clock is wrong. Less does no harm: no wait of a run depends on it.
	clockOff = 5 * time.Minute
	// endsSoon is how long before its end a check mentions a certificate.
	endsSoon = 14 * 24 * time.Hour
)

// Run looks at everything, whatever fails before.
func Run(ctx context.Context, in Input) *Report {
	c := &checker{in: in, report: &Report{OK: true, Checks: []Finding{}}}
	if c.in.Progress == nil {
		c.in.Progress = &importer.Progress{}
	}
	c.key()
	c.way(ctx)
	c.tenant(ctx)
	c.employees()
	return c.report
}

// checker is one check.
type checker struct {
	in     Input
	report *Report
	// barred is why the API cannot be asked; "": it can.
	barred string
}

func (c *checker) add(name string, s Status, found, todo string) {
	f := Finding{name, s, found, todo}
	c.report.Checks = append(c.report.Checks, f)
	c.report.OK = c.report.OK && s != Wrong
	if c.in.Found != nil {
		c.in.Found(f)
	}
}

func (c *checker) ok(name, found string)             { c.add(name, OK, found, "") }
func (c *checker) wrong(name, found, todo string)    { c.add(name, Wrong, found, todo) }
func (c *checker) notKnown(name, found, todo string) { c.add(name, NotKnown, found, todo) }

// key tells what the key is like without asking anybody.
func (c *checker) key() {
	k := &c.in.Key
	switch {
	case k.Wrong != "":
		c.wrong("key_file", k.Wrong, k.Todo)
	case len(k.Flaws) > 0:
		c.wrong("key_file", capital(k.Place)+" has "+strings.Join(k.Flaws, ", and ")+".", k.Todo)
	default:
		c.ok("key_file", sentences("The key is in "+k.Place+", and is clean.", k.Note))
	}
	c.access("key_file_access", k.Place, "the API key", k.File)
	if c.in.Client == nil {
		c.barred = "There is no key that can be used."
		c.notKnown("key_shape", c.barred, "")
		return
	}
	size := count(k.Shape.Length, "byte")
	switch k.Shape.Kind {
	case apiclient.ShopKey:
		c.ok("key_shape", "This is a shop_key ("+size+"), as the calls want it.")
	case apiclient.PartnerKey:
		c.wrong("key_shape", "This is a partner's api_key ("+size+"); the calls want the shop_key of the company.",
			`Ask the partner or eTelecom for the shop_key of this company. It begins with "shop".`)
	default:
		c.notKnown("key_shape", "This key ("+size+") looks neither like a shop_key nor like a partner's api_key.",
			`A shop_key is the word "shop", 19 digits, a colon and a secret. Check that the whole key was copied.`)
	}
}

func (c *checker) access(name, place, holds string, a *Access) {
	switch {
	case a == nil:
	case a.Everybody:
		c.wrong(name, "Everyone on this computer can read "+place+", and it contains "+holds+".", a.Todo)
	default:
		c.ok(name, "Not everyone on this computer can read "+place+".")
	}
}

// way tells how the API's host is reached.
func (c *checker) way(ctx context.Context) {
	host, secured := "", true
	if base, err := url.Parse(strings.TrimSpace(c.in.BaseURL)); err == nil {
		host, secured = base.Hostname(), base.Scheme == "https"
	}
	bounded, cancel := context.WithTimeout(ctx, reachWithin)
	route, err := c.in.Reach(bounded)
	cancel()
	resolved := c.name(ctx, host, route, err)
	switch {
	case route.Proxy != "":
		c.ok("proxy", "The proxy "+route.Proxy+" is in use.")
	case errors.Is(err, apiclient.ErrProxy):
		c.wrong("proxy", "The proxy cannot be used: "+causeOf(err)+".", "Check the variable HTTPS_PROXY.")
	default:
		c.ok("proxy", "No proxy is in use.")
	}
	if err != nil && !resolved {
		c.notKnown("connection", "No connection: "+causeOf(err)+".", "")
	} else {
		c.connection(host, route, err)
	}
	c.encryption(secured, route, err)
	if err != nil && c.barred == "" {
		c.barred = "There is no connection to the API."
	}
}

// name reports whether there is an address to connect to.
func (c *checker) name(ctx context.Context, host string, route apiclient.Route, failed error) bool {
	switch {
	case route.Proxy != "" && failed == nil:
		c.ok("name", "The proxy resolves "+host+", not this computer.")
		return true
	case route.Proxy != "":
		c.notKnown("name", "The proxy resolves "+host+", not this computer.", "")
		return true
	case net.ParseIP(host) != nil:
		c.ok("name", host+" is an address already.")
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, resolveWithin)
	defer cancel()
	addresses, err := c.in.Resolve(ctx, host)
	if err != nil {
		why := err.Error()
		if dns := new(net.DNSError); errors.As(err, &dns) {
			why = dns.Err
		}
		c.wrong("name", "The address of "+host+" is not found: "+why+".",
			"Check --base-url. Then check the network and the DNS server of this computer.")
		return false
	}
	const most = 4
	list := strings.Join(addresses[:min(len(addresses), most)], ", ")
	if more := len(addresses) - most; more > 0 {
		list += message.Sprintf(" and %d more", more)
	}
	c.ok("name", host+" has the address "+list+".")
	return true
}

// answers reports whether somebody answered at the address, although no call can be sent there.
func answers(err error) bool {
	return errors.Is(err, apiclient.ErrCertificate) || errors.Is(err, apiclient.ErrAddress)
}

func (c *checker) connection(host string, route apiclient.Route, err error) {
	switch {
	case err == nil && route.Proxy != "":
		c.ok("connection", "Connected to "+host+" through the proxy.")
	case err == nil:
		c.ok("connection", "Connected to "+route.Address+".")
	case answers(err):
		c.ok("connection", "A server answers.")
	case route.Proxy != "", errors.Is(err, apiclient.ErrProxy):
		c.wrong("connection", "No connection through the proxy: "+causeOf(err)+".",
			"Check the proxy in the variable HTTPS_PROXY: its address, its user and its password.")
	default:
		c.wrong("connection", "No connection: "+causeOf(err)+".",
			"Check --base-url, the network and the firewall. If this network needs a proxy, check the variable HTTPS_PROXY.")
	}
}

// distrusted is what to do about a certificate.
const distrusted = "Check the date of this computer. A proxy or a login page of the network can answer in place of eTelecom: " +
	"ask who runs the network. This check cannot be skipped."

func (c *checker) encryption(secured bool, route apiclient.Route, err error) {
	about := certificate(route, time.Now())
	switch {
	case errors.Is(err, apiclient.ErrCertificate):
		c.wrong("tls", sentences("The certificate is not trusted: "+causeOf(err)+".", about), distrusted)
	case errors.Is(err, apiclient.ErrTLS):
		c.wrong("tls", "The server does not accept this connection: "+causeOf(err)+".", "Ask who runs the network, or eTelecom: a proxy may want a certificate, or speak an old version of TLS.")
	case errors.Is(err, apiclient.ErrAddress):
		c.wrong("tls", "The server does not speak TLS.", "Check host and port in --base-url.")
	case err != nil:
		c.notKnown("tls", "There is no connection to the API.", "")
	case !secured:
		c.ok("tls", "There is no TLS: the connection stays on this computer.")
	default:
		c.ok("tls", sentences(tls.VersionName(route.Version)+".", about))
	}
}

// certificate describes a server's certificate; "" if there is none.
func certificate(route apiclient.Route, now time.Time) string {
	x := route.Certificate
	if x == nil {
		return ""
	}
	issuer := cmp.Or(x.Issuer.CommonName, x.Issuer.String())
	if by := x.Issuer.Organization; len(by) > 0 {
		issuer = by[0] + " (" + issuer + ")" // the name alone can be as short as R11
	}
	text := message.Sprintf("The certificate of %s is from %s, and is valid from %s to %s.", cmp.Or(subject(x), "a host that it does not name"),
		cmp.Or(issuer, "an issuer that it does not name"), x.NotBefore.Format(time.DateOnly), x.NotAfter.Format(time.DateOnly))
	if left := x.NotAfter.Sub(now); left > 0 && left < endsSoon {
		text += " It ends in " + span(left) + ": tell eTelecom."
	}
	return text
}

func subject(x *x509.Certificate) string {
	if len(x.DNSNames) > 0 {
		return x.DNSNames[0]
	}
	return cmp.Or(x.Subject.CommonName, x.Subject.String())
}

// The names of the findings that need an answer of the API.
var needAnswer = []string{"clock", "account", "switchboard", "users", "extensions"}

// tenant asks the API what it tells of the key's tenant, and tells what the answers show.
func (c *checker) tenant(ctx context.Context) {
	if c.barred != "" {
		for _, name := range needAnswer {
			c.notKnown(name, c.barred, "")
		}
	} else {
		defer c.in.Progress.Reading()()
		identity, pbx, silent := c.identify(ctx)
		users := c.listUsers(ctx, identity)
		extensions := c.listExtensions(ctx, identity, users.err)
		c.clock()
		c.account(identity, users.err == nil || extensions.err == nil)
		c.switchboard(pbx, silent)
		users.tell(c)
		extensions.tell(c)
	}
	c.notKnown("right_to_create", "Not tested: only a create shows it.", "Import one person first: add --limit 1 to the run.")
}

// identify makes the calls that only tell whose the key is. Each is sent once, but a tenant that asks for pauses could hold
// them up for long.
func (c *checker) identify(ctx context.Context) (*importer.Identity, apiclient.PBX, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, answerWithin, errSlow)
	defer cancel()
	identity := importer.Identify(ctx, c.in.Client)
	pbx, err := c.in.Client.GetTenant(ctx)
	return identity, pbx, err
}

func (c *checker) clock() {
	ahead, known := c.in.Client.Skew()
	switch {
	case !known:
		c.notKnown("clock", "No answer of the API tells the time.", "")
	case ahead.Abs() >= clockOff:
		c.wrong("clock", compared(ahead), "Set the clock of this computer. The best is to let the system set it from the network.")
	default:
		c.ok("clock", compared(ahead))
	}
}

// compared says how the local clock is beside the server's, which is ahead by that much.
func compared(ahead time.Duration) string {
	switch {
	case ahead.Abs() < 2*time.Second: // it is not known better
		return "This computer's clock agrees with the server's."
	case ahead < 0:
		return "This computer's clock is " + span(-ahead) + " ahead of the server's."
	}
	return "This computer's clock is " + span(ahead) + " behind the server's."
}

// account tells by which ids the account is known. A listing that was read proves that the tenant takes the key.
func (c *checker) account(known *importer.Identity, listed bool) {
	var (
		wanted = c.in.Account
		ids    = known.IDs()
		told   = named(known)
		doubts = contradictions(known)
	)
	switch {
	case c.in.Key.Shape.Kind == apiclient.PartnerKey:
		c.notKnown("account", "This is a partner's key. It is of no company.", "Use the shop_key of the company; this check then tells its account.")
	case wanted != "" && len(ids) == 0:
		c.wrong("account", "Whether the key is of account "+wanted+" cannot be checked: the tenant does not tell its id.",
			"Leave --account out. Before you run, make sure that this is the key of the right company.")
	case wanted != "" && !known.Is(wanted):
		c.wrong("account", sentences("This key is not of account "+wanted+".", told, doubts), "Use the key of that company, or correct --account.")
	case len(ids) == 0 && !listed:
		c.notKnown("account", "No answer of the API tells it.", "")
	case len(ids) == 0:
		c.notKnown("account", "The tenant does not tell its id.", "Before you run, make sure that this is the key of the right company.")
	case !listed && ids[0].From == importer.FromKey:
		c.notKnown("account", sentences(told, "The tenant did not confirm it."), "")
	case doubts != "" && wanted == "":
		c.notKnown("account", sentences(told, doubts), "Ask eTelecom which id is the company's. Then add it as --account=ID.")
	default:
		c.ok("account", sentences(told, doubts))
	}
}

// named names the account with every id, in a form to copy, and with all that tell it.
func named(known *importer.Identity) string {
	all := known.Told()
	if len(all) == 0 {
		return ""
	}
	var parts []string
	for _, id := range known.IDs() {
		var from []string
		for _, t := range all {
			if t.ID == id.ID {
				from = append(from, t.From.String())
			}
		}
		parts = append(parts, "--account="+id.ID+" (told by "+strings.Join(from, ", ")+")")
	}
	text := strings.Join(parts, " and ") + "."
	if known.Name == "" {
		return "The key's account: " + text
	}
	return message.Sprintf("The key is of %q: ", known.Name) + text
}

// contradictions tells what does not fit together; "" if all does.
func contradictions(known *importer.Identity) string {
	var texts []string
	if len(known.IDs()) > 1 {
		texts = append(texts, "These ids should be one.")
	}
	extensions, users := known.Mixed()
	if extensions {
		texts = append(texts, "The listed extensions belong to more than one account.")
	}
	if users {
		texts = append(texts, "The listed users belong to more than one account.")
	}
	return strings.Join(texts, " ")
}

func (c *checker) switchboard(pbx apiclient.PBX, err error) {
	if err != nil { // a run does not need this call
		c.notKnown("switchboard", "The tenant does not tell it"+quoted(err)+". A run does not need it.", "")
		return
	}
	name := cmp.Or(pbx.Name, "without a name")
	if pbx.Name != "" {
		name = fmt.Sprintf("%q", pbx.Name)
	}
	about := "The switchboard " + name
	if pbx.Domain != "" {
		about += " (" + pbx.Domain + ")"
	}
	switch pbx.Status {
	case "P":
		c.ok("switchboard", about+" is enabled.")
	case "N":
		c.wrong("switchboard", about+" is disabled: nobody can call.", "Ask eTelecom to enable it.")
	case "Z":
		c.notKnown("switchboard", about+" is new, and not enabled yet.", "Ask eTelecom whether it is ready.")
	case "":
		c.notKnown("switchboard", about+" does not tell its status.", "")
	default:
		c.notKnown("switchboard", message.Sprintf("%s has the status %q, which this program does not know.", about, pbx.Status), "Ask eTelecom what it means.")
	}
}

// listing is what reading one listing to its end has shown.
type listing struct {
	name, what string // of the finding, of its entries
	read       int
	rest       string // what is told beside how many there are
	err        error
	skipped    bool // it was not asked for
}

func (l *listing) tell(c *checker) {
	switch {
	case l.skipped:
		c.notKnown(l.name, "Not asked, since the API did not answer the call before.", "Run this check again later.")
	case l.err == nil && l.read == 0:
		c.ok(l.name, message.Sprintf("This key may list %ss. There are none.", l.what))
	case l.err == nil:
		c.ok(l.name, message.Sprintf("This key may list %ss. There are %d%s.", l.what, l.read, l.rest))
	case errors.Is(l.err, errSlow) && c.in.Client.Stats().Throttled > 0:
		c.wrong(l.name, "The API has too many requests and asks to wait (HTTP 429).", "Run this check again later.")
	default:
		s, found, todo := explain(l.err, l.what+"s")
		if l.read > 0 {
			found = "After " + count(l.read, l.what) + " the listing failed. " + found
		}
		if before := c.report.Checks[len(c.report.Checks)-1]; found == before.Found && todo == before.Todo {
			todo = "Do the same as for " + before.Name + "."
		}
		c.add(l.name, s, found, todo)
	}
}

func (c *checker) listUsers(ctx context.Context, known *importer.Identity) listing {
	l := listing{name: "users", what: "user"}
	seen := map[apiclient.ID]bool{}
	noRole := 0
	all := func(ctx context.Context) iter.Seq2[apiclient.AccountUser, error] {
		return c.in.Client.GetAccountUsers(ctx, apiclient.UserFilter{})
	}
	l.err = whole(ctx, all, func(u apiclient.AccountUser) {
		if u.Deleted || seen[u.UserID] {
			return
		}
		seen[u.UserID] = true
		known.ListedUser(u.AccountID)
		if u.NoRole {
			noRole++
		}
		c.in.Progress.SawUsers(len(seen))
	})
	l.read = len(seen)
	if noRole > 0 {
		l.rest = message.Sprintf(", of whom %d without a role: they may not see their extension", noRole)
	}
	return l
}

// listExtensions is not tried where the listing of users got no answer at all: it would take as long.
func (c *checker) listExtensions(ctx context.Context, known *importer.Identity, before error) listing {
	l := listing{name: "extensions", what: "extension"}
	if _, answered := c.in.Client.Skew(); before != nil && (!answered || errors.Is(before, errSlow)) {
		l.skipped, l.err = true, before
		return l
	}
	now, _ := c.in.Client.ServerTime()
	seen := map[apiclient.ID]bool{}
	free, inUse, expired := 0, 0, 0
	l.err = whole(ctx, c.in.Client.GetExtensions, func(x apiclient.Extension) {
		if seen[x.ID] {
			return
		}
		seen[x.ID] = true
		known.ListedExtension(x.AccountID)
		switch {
		case x.Expired(now):
			expired++
		case x.UserID == 0:
			free++
		default:
			inUse++
		}
		c.in.Progress.SawExtensions(len(seen))
	})
	l.read = len(seen)
	l.rest = message.Sprintf(": %d free, %d in use, %d expired", free, inUse, expired)
	return l
}

// errSlow ends what has waited for an answer long enough.
var errSlow = message.Errorf("no usable answer came within %.0f seconds", answerWithin.Seconds())

// whole reads a listing to its end. Only its first page is bounded: a large listing takes its time, and a tenant that asks
// for pauses gets them.
func whole[T any](ctx context.Context, pages func(context.Context) iter.Seq2[T, error], take func(T)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	slow := time.AfterFunc(answerWithin, func() { cancel(errSlow) })
	defer slow.Stop()
	for item, err := range pages(ctx) {
		if err != nil {
			return err
		}
		slow.Stop()
		take(item)
	}
	return nil
}

// employees tells what a look at the employee file has found.
func (c *checker) employees() {
	e := c.in.Employees
	switch {
	case e == nil:
		return
	case e.Wrong != "":
		c.wrong("employee_file", e.Wrong, e.Todo)
	case e.Rows == 0:
		c.wrong("employee_file", capital(e.Place)+" has a header and no employees.", "Check that this is the right file.")
	case e.Problems > 0:
		c.wrong("employee_file", message.Sprintf("%s has %s, and %d of them cannot be used.", capital(e.Place), count(e.Rows, "row"), e.Problems), e.Todo)
	default:
		c.ok("employee_file", message.Sprintf("%s has %s, and none has a problem.", capital(e.Place), count(e.Rows, "row")))
	}
	c.access("employee_file_access", e.Place, "passwords", e.File)
}

// explain says of a failed call what it means for a run. what names the entries of a listing.
func explain(err error, what string) (s Status, found, todo string) {
	api := new(apiclient.Error)
	errors.As(err, &api)
	answer := quoted(err)
	switch {
	case errors.Is(err, apiclient.ErrKey) && api.Key.Kind == apiclient.PartnerKey:
		return Wrong, "The API does not take this key" + answer + ".", "Use the shop_key of the company in place of the partner's api_key."
	case errors.Is(err, apiclient.ErrKey):
		return Wrong, "The API does not take this key" + answer + ".",
			"Check that the whole key was copied, and that --base-url is the address that the key is for. Otherwise ask eTelecom for a new shop_key."
	case errors.Is(err, apiclient.ErrPermission):
		return Wrong, "This key may not list " + what + answer + ".", "Ask eTelecom to give this key the right to list " + what + "."
	case errors.Is(err, apiclient.ErrClosed):
		return Wrong, "The account is closed" + answer + ".", "Ask eTelecom to open the account. Waiting does not help."
	case errors.Is(err, apiclient.ErrAddress) && api.Status/100 == 3:
		return Wrong, "The server sends the call to another address" + answer + ".", "Check --base-url (https://api.etelecom.vn/v1/partner)."
	case errors.Is(err, apiclient.ErrAddress):
		return Wrong, "This address has no such call" + answer + ".",
			"Check --base-url (https://api.etelecom.vn/v1/partner). For another brand than eTelecom, check --service too."
	case errors.Is(err, apiclient.ErrCertificate):
		return Wrong, "The certificate is not trusted: " + causeOf(err) + ".", distrusted
	case api.WebPage():
		return Wrong, "A web page came in place of an answer of the API" + answer + ".",
			"Open a browser on this computer: the network may want a login. Then check --base-url."
	case errors.Is(err, errSlow):
		return Wrong, capital(errSlow.Error()) + ".", "Run this check again later."
	case api.Unavailable():
		return Wrong, "The API does not answer properly now" + answer + ".", "Run this check again later."
	}
	return Wrong, "The answer cannot be used" + answer + ".", "Run this check again. If it says the same, ask eTelecom."
}

// quoted quotes an answer, or what came in its place, in brackets.
func quoted(err error) string {
	e := new(apiclient.Error)
	switch {
	case errors.Is(err, errSlow):
		return " (" + errSlow.Error() + ")"
	case !errors.As(err, &e):
		return " (" + err.Error() + ")"
	}
	var parts []string
	if e.Status != 0 {
		parts = append(parts, strings.TrimSpace(message.Sprintf("HTTP %d %s", e.Status, e.Code)))
	}
	switch {
	case e.Msg != "":
		parts = append(parts, e.Msg)
	case e.Err != nil:
		parts = append(parts, e.Err.Error())
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ": ") + ")"
}

// causeOf returns why a connection failed, without the name of the step.
func causeOf(err error) string {
	if api := new(apiclient.Error); errors.As(err, &api) && api.Err != nil {
		return api.Err.Error()
	}
	return err.Error()
}

// sentences puts together those that are there.
func sentences(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// span writes a duration as people say it, in its largest unit that leaves at least 2.
func span(d time.Duration) string {
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "days"}, {time.Hour, "hours"}, {time.Minute, "minutes"}} {
		if d >= 2*unit.size {
			return fmt.Sprintf("%d %s", d/unit.size, unit.name)
		}
	}
	return count(int(d/time.Second), "second")
}
