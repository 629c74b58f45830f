// Package verify compares a result with the tenant, row by row, and changes neither. It answers the question whether everybody really has
// their user and their extension.
//
//   - To verify is to read the result and its journal, then both listings, and to compare each row with what is listed ([Run]).
//   - A finding is one thing to tell of one row ([Finding]). A row that is done, and listed as it is recorded, has none.
//   - Absence counts only if two readings show it. A tenant may list a user late, so a row that was done a moment ago gets time to settle.
//   - People who are not in the employee file any more are counted apart ([Gone]). They never make a difference.
package verify

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/tenant"
)

// Input is what a verification works on. Progress may be nil.
type Input struct {
	// Client is of the tenant. Only listings are read with it, and who the account is.
	Client *apiclient.Client
	// BaseURL is the client's. It names the account if the tenant does not tell its id.
	BaseURL string
	// FS is where the result is, and Result is its path.
	FS     ledger.FS
	Result string
	// Account is the account that the key must be of; "" for the one that the result is of.
	Account importer.WantedAccount
	// OnlyDone leaves rows that are not done out of the findings.
	OnlyDone bool
	// Settle is how long the tenant may take to list what was done.
	Settle   time.Duration
	Progress *importer.Progress
}

// Run compares the result with the tenant. The error is a [importer.Stop] if the tenant could not be read, or if the key is not shown to
// be of the result's account; then nothing is known of the rows. It is another one if the result cannot be read. It takes no lock and
// writes nothing, so a run may be on at the same time.
func Run(ctx context.Context, in Input) (*Verification, error) {
	l, err := ledger.Read(in.FS, in.Result)
	if err != nil {
		return nil, err
	}
	if !l.HasResult() && !l.HasJournal() {
		return nil, hint.With(message.Errorf("there is no result %s", in.Result), message.T("name the result CSV of a run, such as employees.result.csv"))
	}
	v := &verifier{in: &in, ledger: l}
	v.OnlyDone = in.OnlyDone
	v.Holder, v.RunOn = l.LockHolder()
	v.Interrupted = l.CutOff()
	v.Unfinished = l.HasJournal() && (v.RunOn || v.Interrupted)
	v.owner = importer.AskOwnership(ctx, in.Client, in.BaseURL, l, in.Account)
	if err := v.read(ctx); err != nil {
		return nil, importer.EndedReading(ctx, err)
	}
	if v.Account, err = v.owner.Check(); err != nil {
		return nil, err
	}
	v.At, v.Doubts = v.listed.Begun, v.owner.Doubts()
	if err := v.compare(ctx); err != nil {
		return nil, err
	}
	return &v.Verification, nil
}

// verifier is a verification under way.
type verifier struct {
	Verification
	in     *Input
	ledger *ledger.Ledger
	owner  *importer.Ownership
	listed *listed
}

// read reads the tenant.
func (v *verifier) read(ctx context.Context) error {
	progress := v.in.Progress
	if progress == nil {
		progress = &importer.Progress{}
	}
	defer progress.Reading()()
	d, err := tenant.ReadDirectory(ctx, v.in.Client, tenant.DirectoryOptions{
		Partly: true,
		OnUser: func(u apiclient.AccountUser, seen int) {
			v.owner.SawUser(&u)
			progress.SawUsers(seen)
		},
		OnExtension: func(x apiclient.Extension, seen int) {
			v.owner.SawExtension(&x)
			progress.SawExtensions(seen)
		},
	})
	if err != nil {
		return err
	}
	if d.ExtensionsDenied {
		v.owner.ExtensionsDenied()
	}
	now, _ := v.in.Client.ServerTime()
	v.listed = newListed(d, now)
	return nil
}

// compare compares all rows. Rows that differ are compared again with another reading, unless there were several: one answer can be wrong.
// Those that were done a moment ago get time first, so that the tenant can list them.
func (v *verifier) compare(ctx context.Context) error {
	var again []ledger.Row
	var settled time.Time
	err := ledger.ReadRows(v.ledger, func(row *ledger.Row) error {
		if !row.Listed {
			v.Gone.add(row, v.listed)
			return nil
		}
		v.Status.Add(row.Status)
		findings := findingsOf(row, v.listed)
		until := v.settles(row)
		if isYoung := until.After(v.listed.now); differs(findings) && (isYoung || v.listed.Readings == 1) {
			again = append(again, *row)
			settled = later(settled, until)
			return nil
		}
		v.add(row, findings)
		return nil
	})
	if err != nil || len(again) == 0 {
		return err
	}
	if err := v.settle(ctx, settled.Sub(v.listed.now)); err != nil {
		return err
	}
	for i := range again {
		v.add(&again[i], findingsOf(&again[i], v.listed))
	}
	slices.SortStableFunc(v.Findings, func(a, b Finding) int { return cmp.Compare(place(a.Number), place(b.Number)) })
	return nil
}

// settles returns until when the tenant may not list what the row says, by the tenant's clock. A time in the future is not believed.
func (v *verifier) settles(row *ledger.Row) time.Time {
	updated := time.Unix(row.Entry.Updated, 0)
	if row.Entry.Updated == 0 || updated.After(v.listed.now.Add(v.in.Settle)) {
		return time.Time{}
	}
	return updated.Add(v.in.Settle)
}

// settle waits, and reads the tenant again.
func (v *verifier) settle(ctx context.Context, d time.Duration) error {
	if p := v.in.Progress; p != nil && d > 0 {
		p.Wait(message.T("what was done a moment ago may not be listed yet"), time.Now().Add(d))
		defer p.Wait("", time.Time{})
	}
	v.listed = nil // it is large
	select {
	case <-ctx.Done():
		return importer.EndedReading(ctx, ctx.Err())
	case <-time.After(d):
	}
	if err := v.read(apiclient.Repeated(ctx)); err != nil {
		return importer.EndedReading(ctx, err)
	}
	return nil
}

// add takes in the findings of a row of the employee file.
func (v *verifier) add(row *ledger.Row, findings []Finding) {
	worst := Told
	if len(findings) > 0 {
		worst = findings[0].Kind
	}
	isLeftOut := v.in.OnlyDone && row.Status != ledger.Done
	switch {
	case isLeftOut, worst == NotDone:
		v.NotDone++
	case worst == Difference:
		v.Differing++
	case worst == CannotTell:
		v.CannotTell++
	default:
		v.Confirmed++
	}
	if !isLeftOut {
		v.Findings = append(v.Findings, findings...)
	}
}

// differs reports whether the tenant is not as the result says.
func differs(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Kind == Difference })
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Verification is what a comparison has found.
type Verification struct {
	Account importer.AccountSummary
	// At is when the first listing was begun, by this computer's clock.
	At time.Time
	// RunOn says that a run is on, and Interrupted that the last one was cut off; Holder is its process. Then the journal knows more than
	// the result file, and rows can change after they were compared.
	RunOn, Interrupted bool
	Holder             ledger.Holder
	// Unfinished says that such a run has a journal. Then only the run itself knows whether its employee file has rows that are in
	// neither.
	Unfinished bool
	// Doubts are what does not fit together in what the tenant tells of the account, a sentence each.
	Doubts []string

	// OnlyDone is the input's.
	OnlyDone bool
	Status   importer.StatusCounts // of the rows of the employee file, as result and journal have them
	Counts
	Gone Gone
	// Findings are in the order of the result file. The findings of one row are beside each other, the most serious first.
	Findings []Finding
}

// Counts are rows of the employee file. Each is in one of them, by its most serious finding.
type Counts struct {
	Confirmed  int `json:"confirmed"`   // done, and the tenant shows the user and the extension as they are recorded
	Differing  int `json:"differing"`   // done, and the tenant shows something else
	NotDone    int `json:"not_done"`    // not done by the result, whatever the tenant shows
	CannotTell int `json:"cannot_tell"` // nothing certain can be said
}

// Rows returns how many rows there are.
func (c *Counts) Rows() int { return c.Confirmed + c.Differing + c.NotDone + c.CannotTell }

// Gone are the people of the result who are not in the employee file any more.
type Gone struct {
	People     int `json:"people"`
	Users      int `json:"users"`      // of these, whose user is still on the tenant
	Extensions int `json:"extensions"` // of these, who still have an extension
}

// add counts a person who is not in the employee file any more.
func (g *Gone) add(row *ledger.Row, on *listed) {
	g.People++
	c := &comparison{row: row, entry: &row.Entry, on: on}
	c.findUser()
	user := cmp.Or(c.user, c.holder)
	if user == nil {
		return
	}
	g.Users++
	if len(on.ExtensionsOf(user.UserID)) > 0 {
		g.Extensions++
	}
}

// Kind says what a finding means. A higher one is more serious.
type Kind uint8

// The kinds.
const (
	Told       Kind = iota // something that people should know; it changes no exit code
	CannotTell             // the tenant does not show enough, or the result does not know
	NotDone                // the result does not have the row as done
	Difference             // the tenant is not as the result says
)

// String returns the word of the JSON form.
func (k Kind) String() string { return [...]string{"told", "cannot_tell", "not_done", "difference"}[k] }

// Row is what a finding is about, as result and journal have it.
type Row struct {
	Number int // line in the result file; 0: only the journal has the row
	Line   int // line in the employee file; 0: not known
	Name   string
	Phone  phone.Number // 0: the row has none that can be used
	Status ledger.Status

	UserID          apiclient.ID // 0: not known
	ExtensionID     apiclient.ID // likewise
	ExtensionNumber string       // "": not known
}

// Finding is one thing to tell of one row.
type Finding struct {
	Row
	Kind Kind
	// Code is a reason of package reason, which has what to do and whether a person must do it. Of a NotDone row it is the first code
	// of the row in the result, and [reason.NotDone] if it has none.
	Code string
	// Why is a sentence on this row.
	Why string
}

// The errors of a command that has compared a result, by which its exit code is decided.
var (
	ErrDiffers = message.New("the tenant is not as the result says, or rows are not done")
	ErrUnclear = message.New("of some rows it cannot be said whether the tenant is as the result says")
)

// MayMissRows reports whether the employee file may have rows that were not compared, and that count.
func (v *Verification) MayMissRows() bool { return v.Unfinished && !v.OnlyDone }

// Err returns [ErrUnclear] or [ErrDiffers]; nil if all rows that count are done, and as they are recorded.
func (v *Verification) Err() error {
	switch {
	case v.CannotTell > 0 || v.MayMissRows():
		return ErrUnclear
	case v.Differing > 0 || v.NotDone > 0 && !v.OnlyDone:
		return ErrDiffers
	}
	return nil
}

// place puts rows in the order of the result file; those that only the journal has come last.
func place(number int) uint { return uint(number - 1) }

// OfKind yields the findings of a kind.
func (v *Verification) OfKind(k Kind) iter.Seq[*Finding] {
	return func(yield func(*Finding) bool) {
		for i := range v.Findings {
			if v.Findings[i].Kind == k && !yield(&v.Findings[i]) {
				return
			}
		}
	}
}
