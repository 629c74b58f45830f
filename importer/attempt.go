package importer

import (
	"errors"
	"fmt"
	"time"
	"unique"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
)

// clockSlack is how long before the call a user may have been created and still count as new: the clocks of the tenant's
// database and of its web server may differ by some seconds.
const clockSlack = 10*time.Second + apiclient.IntentTTL

// attempt carries one create from its intent to its answer. The client may send the create several times, and takes a new
// intent each time. It does so only if the last request is proven to have had no effect.
type attempt struct {
	applier *applier
	entry   *ledger.Entry
	row     int
	number  int       // of the open intent; 0: none was taken yet
	sent    time.Time // when the intent was asked for, by this process's clock
}

// intent is called by the client when the request has its slot. It returns when the intent is durable.
func (t *attempt) intent() (err error) {
	a := t.applier
	earliest, latest := a.client.ServerTime()
	if t.number != 0 {
		a.ledger.RecordNotApplied(t.entry, t.number, ledger.Pending, "", "", earliest)
		t.number = 0
	}
	if a.freshness.tooOld() {
		a.freshness.stale.Store(true)
		return errOld
	}
	t.sent = time.Now()
	// The request may be sent until the intent expires, so the intent names that moment, by both clocks.
	t.number, err = a.ledger.BeginCreate(t.entry, a.moment().Later(apiclient.IntentTTL), latest.Add(apiclient.IntentTTL))
	return err
}

// failed records what the failed create may have done, and returns the error.
func (t *attempt) failed(err error) error {
	a, e := t.applier, t.entry
	now, _ := a.client.ServerTime()
	api := apiError(err)
	code, why := codeOf(api), describe(api)
	switch {
	case t.number == 0 && (a.end.pullIfFatal(err) || heldBack(err)): // nothing was announced, so nothing was sent
	case api.Outcome == apiclient.Precondition: // refused, perhaps after the password was set
		return errors.Join(err, t.precondition(api, now))
	case api.Outcome != apiclient.NotApplied: // the intent stays open
		a.end.pullIfFatal(err)
		a.tally.set(t.row, unknown)
		a.ledger.SetReason(e, code, why, now)
	case a.end.pullIfFatal(err), notSent(err): // the row is where it was
		a.ledger.RecordNotApplied(e, t.number, ledger.Pending, "", "", now)
	default: // refused without effect, by the tenant or by the client
		a.selection.final[t.row] = true
		a.tally.fail(t.row, e.Phone, code)
		a.ledger.RecordNotApplied(e, t.number, ledger.Failed, code, why, now)
	}
	return err
}

// precondition records a refusal by a check that comes after the password is set. While an earlier create of this phone is
// open, the existing user may come from that create. Then the row is unknown, not failed.
func (t *attempt) precondition(api *apiclient.Error, now time.Time) error {
	a, code := t.applier, reason.Precondition
	if api.SaysExists {
		code = reason.AlreadyExists // the API has one code for both; later runs must tell them apart, and send neither again
	}
	said := fmt.Sprintf("%q", api.Msg)
	if api.XCode != "" {
		said = fmt.Sprintf("%s (%s)", said, api.XCode)
	}
	why := message.Sprintf("the tenant refuses to create this user: %s. If the user existed before, their password may now be the one in this row: ask them. "+
		"This row is not sent again automatically. Delete its line from the result only if you are sure that the user does not exist", said)
	if api.SaysExists {
		why = message.Sprintf("the tenant says that this user exists already: %s. Their password may now be the one in this row: ask them. "+
			"This row is not sent again. Delete its line from the result only if you are sure that the user does not exist", said)
	}
	err := a.ledger.RecordExists(t.entry, t.number, code, why, now)
	if t.entry.Open() {
		a.tally.set(t.row, unknown)
		return err
	}
	a.selection.final[t.row] = true
	a.tally.fail(t.row, t.entry.Phone, code)
	if api.SaysExists {
		a.hidden.meet()
	} else {
		a.hidden.countAlike(api.Msg)
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

// describe says in one line what went wrong with a call, and what to do about it.
func describe(e *apiclient.Error) string {
	text := e.Error()
	if e.Msg != "" && e.Outcome != apiclient.Unknown {
		text = e.Msg
	}
	return unique.Make(text + hintAfter(codeOf(e))).Value() // many rows fail for one reason, and each keeps it
}

// hintAfter returns what the result has behind the text of a failed call: what to do about its code. Text and hint are whole, so
// they are listed one after the other.
func hintAfter(code string) string { return "; " + reason.Hint(code) }
