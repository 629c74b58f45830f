package importer

import (
	"errors"
	"fmt"
	"time"
	"unique"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
)

// clockSlack is how much older than the call a created user may be without having been there before: the time stamps of
// the tenant's database and of its web server need not agree to the second.
const clockSlack = 10*time.Second + apiclient.IntentLasts

// attempt carries one create from its intent to its answer. The client may take several intents for it, one for each
// time that it sends; it takes another only if the last provably did nothing.
type attempt struct {
	job    *job
	entry  *ledger.Entry
	row    int
	number int // of the open intent; 0: none was taken yet

	sent time.Time // when the intent was asked for, by this process's clock
}

// intent is called by the client when the request has its slot. It returns when the intent is durable.
func (a *attempt) intent() (err error) {
	earliest, latest := a.job.client.ServerTime()
	if a.number != 0 {
		a.job.ledger.NotApplied(a.entry, a.number, ledger.Pending, "", "", earliest)
		a.number = 0
	}
	if a.job.old() {
		a.job.stale.Store(true)
		return errOld
	}
	a.sent = time.Now()
	a.number, err = a.job.ledger.Creating(a.entry, a.job.moment().Later(apiclient.IntentLasts), latest.Add(apiclient.IntentLasts))
	return err
}

// failed records what the failed create may have done, and returns the error.
func (a *attempt) failed(err error) error {
	j, e := a.job, a.entry
	now, _ := j.client.ServerTime()
	api := apiError(err)
	code, why := codeOf(api), sentence(api)
	switch {
	case a.number == 0: // nothing was announced, so nothing was sent
		j.stops(err)
	case api.Outcome == apiclient.Precondition:
		return errors.Join(err, a.precondition(api, now))
	case api.Outcome != apiclient.NotApplied:
		j.stops(err)
		j.mark(a.row, uncertain)
		j.ledger.Explain(e, code, why, now)
	case j.stops(err), notSent(err): // the row is where it was
		j.ledger.NotApplied(e, a.number, ledger.Pending, "", "", now)
	default:
		j.answered[a.row] = true
		j.fail(a.row, e, code)
		j.ledger.NotApplied(e, a.number, ledger.Failed, code, why, now)
	}
	return err
}

// precondition records a refusal that comes after the password is set. While an earlier create of this phone is open, a
// user who is there may be its.
func (a *attempt) precondition(api *apiclient.Error, now time.Time) error {
	j, code := a.job, reason.Precondition
	if api.SaysExists {
		code = reason.AlreadyExists // the API has one code for both; later runs must tell them apart, and send neither again
	}
	said := fmt.Sprintf("%q", api.Msg)
	if api.XCode != "" {
		said += " (" + api.XCode + ")"
	}
	why := "the tenant refuses to create this user: " + said + ". If they were there before, their password may be the one in this row now: check with them. " +
		"The row is not sent again by itself: delete its line from the result only if you are sure that they are not there"
	if api.SaysExists {
		why = "the tenant says that this user exists already: " + said + ". Their password may be the one in this row now: check with them. " +
			"The row is not sent again: delete its line from the result only if you are sure that they are not there"
	}
	err := j.ledger.Precondition(a.entry, a.number, code, why, now)
	if a.entry.Open() {
		j.mark(a.row, uncertain)
		return err
	}
	j.answered[a.row] = true
	j.fail(a.row, a.entry, code)
	if api.SaysExists {
		j.meet()
	} else {
		j.countAlike(api.Msg)
	}
	return err
}

// apiError returns the client's error in err; every error of its calls has one.
func apiError(err error) *apiclient.Error {
	var api *apiclient.Error
	if errors.As(err, &api) {
		return api
	}
	return &apiclient.Error{Err: err}
}

// codeOf returns the error code for the result.
func codeOf(e *apiclient.Error) string {
	if e.Code != "" {
		return e.Code
	}
	return reason.Unavailable
}

// sentence says in one line what went wrong with a call, and what to do.
func sentence(e *apiclient.Error) string {
	text := e.Error()
	if e.Msg != "" && e.Outcome != apiclient.Unknown {
		text = e.Msg
	}
	return unique.Make(text + "; " + reason.Todo(codeOf(e))).Value() // many rows fail for one reason, and each keeps it
}
