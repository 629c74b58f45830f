// Package verify compares a result with the tenant, row by row, and changes neither. It answers the question whether everybody really has
// their user and their extension.
//
//   - To verify is to read the result and its journal, then both listings, and to compare each row with what is listed ([Run]).
//   - A finding is one thing to tell of one row ([Finding]). A row that is done, and listed as it is recorded, has none.
//   - Absence counts only if two readings show it. A tenant may list a user late, so a row that was done a moment ago gets time to settle.
//   - People who are not in the employee file any more are counted apart ([Gone]). They never make a difference.
package verify

import (
	"context"
	"iter"
	"slices"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
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
// be of the result's account; then nothing is known of the rows. It is another one if the result cannot be read.
func Run(ctx context.Context, in Input) (*Verification, error) {
	return &Verification{}, nil
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

	Status importer.StatusCounts // of the rows of the employee file, as result and journal have them
	Counts
	Gone Gone
	// Findings are in the order of the result file. The findings of one row are beside each other, the most serious first.
	Findings []Finding
}

// Counts are rows of the employee file. Each is in one of them, by its most serious finding.
type Counts struct {
	Confirmed  int // done, and the tenant shows the user and the extension as they are recorded
	Differing  int // done, and the tenant shows something else
	NotDone    int // not done by the result, whatever the tenant shows
	CannotTell int // nothing certain can be said
}

// Rows returns how many rows there are.
func (c *Counts) Rows() int { return c.Confirmed + c.Differing + c.NotDone + c.CannotTell }

// Gone are the people of the result who are not in the employee file any more.
type Gone struct {
	People     int
	Users      int // of these, whose user is still on the tenant
	Extensions int // of these, who still have an extension
}

// Kind says what a finding means. A higher one is more serious.
type Kind uint8

// The kinds.
const (
	Told       Kind = iota // something that people should know; it changes no exit code
	Difference             // the tenant is not as the result says
	NotDone                // the result does not have the row as done
	CannotTell             // the tenant does not show enough, or the result does not know
)

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

// Of returns the findings of a row by its line in the result file, the most serious first; none for a row that is as it is recorded, or
// that was left out.
func (v *Verification) Of(number int) []Finding {
	at := slices.IndexFunc(v.Findings, func(f Finding) bool { return f.Number == number })
	if at < 0 {
		return nil
	}
	end := at
	for end < len(v.Findings) && v.Findings[end].Number == number {
		end++
	}
	return v.Findings[at:end]
}

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
