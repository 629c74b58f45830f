// Package importer gives every employee of a roster an eTelecom user and a phone extension: observe, plan, apply,
// record, in rounds, until there is nothing more to do.
//
// The words, which mean the same in names, columns, flags, messages and the README:
//
//   - The roster is the employee file. It is read once.
//   - The ledger is what is known of earlier work: the result CSV, and beside it, during a run, the journal.
//   - The tenant is the company's account at eTelecom: its users and extensions, as the two list calls show them.
//   - To observe is to read the tenant (package tenant). To plan is to derive one action for each row from roster, ledger and
//     tenant (package plan); the plan depends on nothing else. To apply is to do what the plan says; to record is to put each
//     step in the ledger before the next one depends on it.
//   - An intent announces one create. It is durable before the first byte of the create is sent, and stays open until
//     the outcome is known.
//   - A round is one pass of observe, plan and apply. What a round did not finish is observed and planned again.
//   - To settle is to wait until a create whose answer was lost can no longer take effect.
//   - A reason is an error code with its problem and its hint (package reason). A hint says what to do about a problem.
//   - A stop ends a run before its work is done ([Stop]).
//   - Who is gone had a row in the last result and has none in the roster any more ([Gone]). Who was added has a row and had none. Who
//     changed has another name or extension. Together these are the changes ([Changes]).
//   - A row that is not well is news until people were told of it as it is; then it is known, until it is due again (type news).
//   - An extension is free if no user has it. Package plan may choose a free one for a row that names none; then the row holds it.
//   - To verify is to compare a result with the tenant; a finding is one thing that this shows (package verify).
//   - A listing is all that a list call of the API answers. A directory has both listings, whole ([tenant.Directory]). A list is the
//     file that is made of them (package listing). It is an employee file, too.
//   - A report is what programs are told of a run (package report). What people sign is a sign-off (package signoff), although the
//     command that writes it is called report.
//   - A first password is made by this tool, for a person who changes it (package firstpassword). A slip is a piece of paper with it
//     (package passwordslip).
//
// What is where:
//
//   - A run, from its beginning to its end, is in run.go. It reads the tenant in observer.go and carries the plan out in apply.go; what
//     became of one create is in attempt.go. Rows whose turn it is: selection.go.
//   - What makes it wait or stop: breaker.go, ramp.go, fresh.go, confirmation.go, killswitch.go, replaced.go, hiddenpeople.go; the kinds of
//     stops: stop.go.
//   - Whose the key is: identity.go. Whether the result is of the same account: account.go, for commands that only read: ownership.go.
//   - The employee file beside the last result: otherlist.go (is it of the same people?), gone.go (are too many gone?), changes.go.
//   - What is told in the end: rowstates.go, tally.go, summary.go, news.go; while it is on: progress.go.
//
// Who knows what: roster, ledger and tenant know nothing of each other, and plan alone puts them together. Packages of commands that
// change nothing on the tenant (verify, signoff, listing, firstpassword, passwordslip) return values, and of these verify alone makes
// calls. Package console says to people what they return, and package cli names the files.
//
// # Promises
//
//  1. At most one create of a phone takes effect, and none if the phone was there when the tenant was observed.
//  2. No id is lost: the result CSV holds the id of every user that this job made, or the next run finds it.
//  3. The result has every row of the roster exactly once, with its status and, if it is not done, a reason.
//  4. No password, API key or SIP secret is written anywhere. Two commands are for first passwords, and write them into the one new
//     file that is named: passwords and slips.
//  5. This process never exceeds the configured rate.
//  6. Nobody is created with a name that a program has certainly ruined, or with what a program wrote in place of a password.
//
// They assume that fsync is honest; that the server applies a call or drops it within the settle time, and lists a user
// within that time; that result, journal and lock file are not removed one by one during or after a crash; that nobody
// else creates the same phones between observation and create; and one result file for one set of people.
package importer

import (
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
)

// Options say how a run goes. The tags are those of the command line that fills them in; the zero values are given there
// as defaults.
type Options struct {
	DryRun      bool          `short:"n" help:"Show the plan; write nothing, send no write."`
	Offline     bool          `help:"With --dry-run: check the file alone, without a call."`
	Workers     int           `short:"j" default:"8" placeholder:"N" help:"Rows worked on at the same time (${default})."`
	Settle      time.Duration `default:"2m" placeholder:"D" help:"Wait before a create without answer is retried (${default})."`
	Rounds      int           `default:"3" placeholder:"N" help:"How many times to retry unfinished rows (${default})."`
	Limit       int           `placeholder:"N" help:"Work on N rows only, to try it out."`
	MaxErrors   Threshold     `default:"20%" placeholder:"N|P%" help:"Stop if more rows fail or stay unknown (${default})."`
	MaxDuration time.Duration `placeholder:"D" help:"Start no rows after D; run again to continue."`
	Strict      bool          `help:"Send nothing if any row would be refused."`
	Fresh       time.Duration `default:"1m" placeholder:"D" help:"How old the list of users may be at a create (${default})."`
	MaxReplaced Threshold     `default:"20%" placeholder:"N|P%" help:"Stop if more passwords were replaced (${default})."`
	Adopt       bool          `help:"Accept existing users; only assign their extension."`
	Account     WantedAccount `placeholder:"ID" help:"Send nothing unless the key is of this account."`
	// TrustListing continues, one create at a time, although the listing of users is known not to show everybody.
	TrustListing bool `help:"Create even if the list hides people; one at a time."`
	// FreeExtensions gives rows that name no extension the next free one with such a number.
	FreeExtensions Numbers   `placeholder:"1000-1999" help:"Give rows without extension a free one."`
	Hotline        HotlineID `placeholder:"ID" help:"With --free-extensions: only of this hotline."`
	FailOn         FailOn    `default:"any" enum:"new,any" placeholder:"W" help:"new: fail only on rows not told before (${default})."`
	Remind         Period    `default:"7d" placeholder:"D" help:"With --fail-on new: tell old failures again (${default})."`
	MaxGone        Threshold `default:"20%" placeholder:"N|P%" help:"Stop if more people are gone from the file (${default})."`
	// DetailedExitcode makes a dry run say by its exit code that something would be sent.
	DetailedExitcode bool `help:"With -n: exit code 7 if something would be sent."`
	Blind            bool `help:"DANGER: run without the list; can replace passwords."`
}

// Plan is a plan together with whose tenant it is for, as far as that is known.
type Plan struct {
	*plan.Plan
	Account apiclient.Account
	// Doubts are what does not fit together in what the tenant tells of the account, a sentence each.
	Doubts []string
	// Listed is how many users the tenant lists; Fresh is how old that listing may get before it is read again.
	Listed int
	Fresh  time.Duration
	// Blind says that the users are not listed: creates overwrite the passwords of people who are there already.
	Blind bool
	// Changes is how the employee file differs from the last result.
	Changes Changes
}

// MayWrite reports whether the run may create or assign. A row that waits may be created later: its create has no answer yet.
func (p *Plan) MayWrite() bool { return p.Counts().Writes() > 0 || !p.RetryAt.IsZero() }

// Warnings groups the rows that have warnings, by cause.
func (p *Plan) Warnings(r *roster.Roster) []Group {
	var groups Groups
	for i := range p.Steps {
		for w := range p.Steps[i].Warnings.Each() {
			groups.Add(w.Code(), r.Rows[i].Line, false, w.Why())
		}
	}
	return groups.List()
}

// Hooks let the caller take part in a run. Nil functions are not called.
type Hooks struct {
	// OnJudged is called before the first call of the API, when it is known which rows are done, and so which names and
	// passwords the roster refuses.
	OnJudged func(*roster.Roster)
	// OnPlan is called with the first plan. An error ends the run: nothing is sent, and the result stays as it is.
	OnPlan func(*Plan) error
	// Confirm is called before the first write. An error ends the run before that, and says why. While it asks a person, it calls
	// waiting with true, and with false once they have answered: others who want the result are told that it waits.
	Confirm func(p *Plan, waiting func(bool)) error
	// ConfirmReplaced is called when more passwords of people who were on the platform before have been replaced than
	// --max-replaced allows. False, or nil, ends the run. waiting is as in Confirm.
	ConfirmReplaced func(people int, waiting func(bool)) bool
	// OnWarning is called with what people should know, and the run continues.
	OnWarning func(string)
}
