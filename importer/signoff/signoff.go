// Package signoff makes the document that a customer signs and an auditor keeps, from a result. The command that writes it is called
// report.
//
//   - A [Result] is what result and journal say of everybody ([ReadResult]). The employee file is compared with it in roster.go.
//   - A [Document] is what is told of it ([Make]): totals, who is not done and why, whose password was replaced, who is gone, how the tenant
//     compares, and everybody. It is made from values alone: the same input gives the same document, whenever and wherever.
//   - A cause is why people are not done, with what to do and who does it. Its words are in reasons.csv, in each language, by the codes
//     of package reason. The texts of the document are in texts.csv.
//   - The document is written as a web page without outside parts ([WriteHTML], document.html) or as a workbook ([WriteWorkbook]). Both say
//     the same with the same words (words.go).
//
// A document is interim while the result can still change without a new run: nobody shall sign it.
package signoff

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/verify"
)

// Input is what a document is made from.
type Input struct {
	Language string // of [Languages]
	Result   *Result
	// Roster is the employee file, with its groups if it was read with [roster.Options.GroupBy]; nil if none was given. RosterName is what
	// it is called.
	Roster     *roster.Roster
	RosterName string
	// Verification is a comparison with the tenant; nil if there was none.
	Verification *verify.Verification
	Company      string    // as the document names it; "" to take the tenant's, or leave a line
	Date         time.Time // of the document, a day; zero to leave a line
	Version      string    // of the program
	Practice     bool      // the result is of a practice tenant
	IDs          bool      // show ids
	Messages     bool      // show the messages of the result, which are English
}

// Document is what is told.
type Document struct {
	Language                     string
	Company, TenantName, Account string
	ResultName, SHA256           string
	RosterName, By, Version      string
	AsOf, Date, ComparedAt       time.Time // zero: not known, not given, not compared
	Practice, IDs                bool
	State                        State
	All                          Counts
	Groups                       []Group // none if people are not grouped
	NotDone                      []Cause
	Warned                       []Cause   // done, and still to be looked at: perhaps they cannot call
	Replaced                     []*Person // whose password was replaced
	Gone                         []*Person
	People                       []*Person // everybody, and those who are gone last
	Findings                     []FindingGroup
	Verified                     verify.Counts // of the comparison
	VerifiedGone                 verify.Gone   // likewise
	OtherList                    bool          // the employee file has other people than the result, of which the comparison is
}

// Compared reports whether the result was compared with the tenant.
func (d *Document) Compared() bool { return !d.ComparedAt.IsZero() }

// Disagrees reports whether the tenant does not show, or not certainly, that those who are done have what the result says.
func (d *Document) Disagrees() bool { return d.Compared() && d.Unlike() > 0 }

// Unlike returns how many people the tenant does not show, or not certainly, as the result says.
func (d *Document) Unlike() int { return d.Verified.Differing + d.Verified.CannotTell }

// Interim reports whether the document is not final.
func (d *Document) Interim() bool { return d.State != Final }

// Counts are numbers of people.
type Counts struct{ Total, Done int }

// NotDone returns how many are not done.
func (c Counts) NotDone() int { return c.Total - c.Done }

// Permille returns how many of a thousand are done. It is 0 or 1000 only if nobody or everybody is.
func (c Counts) Permille() int {
	switch {
	case c.Done == 0:
		return 0
	case c.Done == c.Total:
		return 1000
	}
	return min(max(1000*c.Done/c.Total, 10), 990)
}

func (c *Counts) add(p *Person) {
	c.Total++
	if p.Status == ledger.Done {
		c.Done++
	}
}

// Group is a group of people, such as a department; Name is "" for those of none.
type Group struct {
	Name string
	Counts
}

// Cause is why some people are not done, or not able to call.
type Cause struct {
	Code   string // as reasons.csv has it
	People []*Person
}

// FindingGroup is findings of the comparison that say the same.
type FindingGroup struct {
	Kind verify.Kind
	Cause
}

// Make makes the document.
func Make(in Input) *Document {
	d := &Document{
		Language: in.Language, Company: in.Company, Account: in.Result.Account, ResultName: in.Result.Name, SHA256: in.Result.SHA256,
		RosterName: in.RosterName, Version: in.Version, AsOf: in.Result.Newest, Date: in.Date,
		Practice: in.Practice, IDs: in.IDs, State: in.Result.State,
	}
	people := make([]*Person, 0, len(in.Result.People))
	for i := range in.Result.People {
		p := in.Result.People[i]
		people = append(people, &p)
	}
	if in.Roster != nil {
		people, d.OtherList = join(people, in.Roster)
		d.By = in.Roster.GroupTitle()
	}
	for _, p := range people {
		if in.Messages || saysMore(p) {
			p.Message = p.message(in.IDs)
		}
	}
	d.sort(people)
	d.compare(in)
	return d
}

// sort puts people where they are told of.
func (d *Document) sort(people []*Person) {
	groups := map[string]int{}
	causes, warned := causesInOrder{}, causesInOrder{}
	for _, p := range people {
		if p.Gone {
			d.Gone = append(d.Gone, p)
			continue
		}
		d.People = append(d.People, p)
		d.All.add(p)
		if d.By != "" {
			d.group(groups, p)
		}
		if p.Status != ledger.Done {
			causes.add(p.cause(), p)
			continue
		}
		if p.Renamed {
			warned.add(causeRenamed, p)
		}
		for code := range ledger.Codes(p.Code) {
			if reason.Of(code).Kind == reason.Warning {
				warned.add(code, p)
			}
		}
	}
	for _, p := range people {
		if p.Replaced() {
			d.Replaced = append(d.Replaced, p)
		}
	}
	isNone := func(g Group) bool { return g.Name == "" }
	if at := slices.IndexFunc(d.Groups, isNone); at >= 0 { // last
		none := d.Groups[at]
		d.Groups = append(slices.Delete(d.Groups, at, at+1), none)
	}
	d.People = append(d.People, d.Gone...)
	d.NotDone, d.Warned = causes.sorted(), warned.sorted()
}

// group counts somebody in their group. Groups whose names differ in case are one, with the name that came first.
func (d *Document) group(known map[string]int, p *Person) {
	key := strings.ToLower(norm.NFC.String(p.Group))
	at, ok := known[key]
	if !ok {
		at = len(d.Groups)
		known[key] = at
		d.Groups = append(d.Groups, Group{Name: p.Group})
	}
	d.Groups[at].add(p)
	p.Group = d.Groups[at].Name
}

// causesInOrder are causes in the order in which they were found.
type causesInOrder struct{ list []Cause }

func (c *causesInOrder) add(code string, p *Person) {
	at := slices.IndexFunc(c.list, func(c Cause) bool { return c.Code == code })
	if at < 0 {
		at = len(c.list)
		c.list = append(c.list, Cause{Code: code})
	}
	c.list[at].People = append(c.list[at].People, p)
}

// sorted returns the causes, the one with the most people first.
func (c *causesInOrder) sorted() []Cause {
	slices.SortStableFunc(c.list, func(a, b Cause) int { return cmp.Compare(len(b.People), len(a.People)) })
	return c.list
}

// compare adds what a comparison with the tenant has found. Rows that are not done have been told of.
func (d *Document) compare(in Input) {
	v := in.Verification
	if v == nil {
		return
	}
	d.TenantName, d.ComparedAt = v.Account.Name, v.At
	d.Verified, d.VerifiedGone = v.Counts, v.Gone
	byPhone := map[string]*Person{}
	for _, p := range d.People { // of rows that share a phone, one can be done
		if byPhone[p.Phone] == nil || p.Status == ledger.Done {
			byPhone[p.Phone] = p
		}
	}
	for _, kind := range []verify.Kind{verify.Difference, verify.CannotTell, verify.Told} {
		found := causesInOrder{}
		for f := range v.OfKind(kind) {
			p := &Person{Line: f.Line, Name: f.Name, Phone: phoneText(f.Phone), Extension: f.ExtensionNumber, Status: f.Status, Code: f.Code, Why: f.Why}
			if known := byPhone[p.Phone]; known != nil && in.Roster != nil {
				p.Line = known.Line // in this employee file
			}
			if in.IDs {
				p.UserID, p.ExtensionID = ledger.FormatID(int64(f.UserID)), ledger.FormatID(int64(f.ExtensionID))
			}
			if in.Messages || saysMore(p) {
				p.Message = p.message(in.IDs)
			}
			found.add(p.cause(), p)
		}
		for _, c := range found.sorted() {
			d.Findings = append(d.Findings, FindingGroup{kind, c})
		}
	}
}
