package ledger

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Creating takes the intent of one create: when it returns without an error, the intent is durable, and the create may be
// sent once. sent is the latest moment at which that can be, and server the latest that the server's clock can show then. The
// attempt that it returns names the intent.
func (l *Ledger) Creating(e *Entry, sent Moment, server time.Time) (attempt int, err error) {
	intent := Intent{Attempt: e.Attempts + 1, At: unix(server)}
	if sent.Boot != "" {
		intent.Boot, intent.Up = sent.Boot, (sent.Up + time.Millisecond - 1).Milliseconds()
	}
	if err := l.append(record{Creating: &intentRecord{e.Phone, intent}}, nil, true); err != nil {
		return 0, fmt.Errorf("%w: journal: %w", ErrNotWritable, err)
	}
	e.Attempts++
	e.open(intent)
	e.trouble.since = laterOf(l.Since(e), sent.Here)
	e.Status, e.Updated, e.unsaved = Unknown, intent.At, true
	return e.Attempts, nil
}

// Assigning counts one assign that is about to be sent.
func (l *Ledger) Assigning(e *Entry) error {
	e.Attempts++
	return l.Err()
}

// Created records the id of the entry's user. It settles every open create of the phone.
func (l *Ledger) Created(e *Entry, user int64, replaced bool, now time.Time) {
	e.UserID, e.idLost = user, false
	t := e.told()
	t.intents, t.since = nil, time.Now()
	e.tell(t)
	e.Exists = false
	e.Replaced = e.Replaced || replaced
	e.Status = max(e.Status, Created)
	l.explain(e, "", "", now)
}

// Done records that the user has the extension. code and why are what there is to tell of it all the same; empty for nothing.
func (l *Ledger) Done(e *Entry, extension int64, number, code, why string, now time.Time) {
	e.ExtensionID, e.ExtensionNumber = extension, number
	t := e.told()
	t.damagedExtension, t.since = "", time.Time{}
	e.tell(t)
	e.Status = Done
	l.explain(e, code, why, now)
}

// Replaced records that the user, who is in the ledger as created or done, was there before and has another password now.
func (l *Ledger) Replaced(e *Entry, now time.Time) {
	e.Replaced = true
	code, why := e.Reason()
	l.explain(e, code, why, now)
}

// NotApplied records that the create of one attempt was answered, and did nothing. An earlier one may still be open.
func (l *Ledger) NotApplied(e *Entry, attempt int, status Status, code, why string, now time.Time) {
	e.clear(attempt)
	e.Status = status
	if e.Open() {
		e.Status = Unknown
	}
	l.explain(e, code, why, now)
}

// Precondition records that the create of one attempt was refused by a check that comes after the password is set. It
// returns when that is durable: lost, a later run would take the user for one that this job made, or send the create again.
func (l *Ledger) Precondition(e *Entry, attempt int, code, why string, now time.Time) error {
	e.clear(attempt)
	t := e.told()
	t.since = time.Now() // an earlier create that is still open must have had its time since this answer
	e.tell(t)
	e.Exists = true
	e.Status = Failed
	if e.Open() {
		e.Status = Unknown
	}
	if err := l.save(e, code, why, now, true); err != nil {
		return fmt.Errorf("%w: journal: %w", ErrNotWritable, err)
	}
	return nil
}

// Explain records why the entry is where it is, without moving it.
func (l *Ledger) Explain(e *Entry, code, why string, now time.Time) { l.explain(e, code, why, now) }

func (l *Ledger) explain(e *Entry, code, why string, now time.Time) {
	_ = l.save(e, code, why, now, false) // it waits for nothing; whether the journal has failed is what Err says
}

// save changes the entry's reason and appends its state to the journal, if there is one: a run that sends nothing has
// none, and its findings are in the result CSV alone.
func (l *Ledger) save(e *Entry, code, why string, now time.Time, sync bool) error {
	if e.Status == Done && e.Replaced && !HasCode(code, CodePasswordReplaced) {
		code = JoinCodes(CodePasswordReplaced, code) // a later run reads the fact from it
	}
	t := e.told()
	t.code, t.why = code, why
	e.tell(t)
	e.Updated, e.unsaved = now.Unix(), true
	if n := len(t.intents); n > 0 { // should the journal be lost, this must do for the time of the intent
		e.Updated = max(e.Updated, t.intents[n-1].At)
	}
	if l.journal == nil {
		return nil
	}
	return l.append(record{Entry: recordOf(e)}, e, sync)
}

// append appends a record to the journal; with sync, it returns when that is durable. e is the entry whose state the record
// holds, nil for an intent.
func (l *Ledger) append(r record, e *Entry, sync bool) error {
	data, err := json.Marshal(r)
	var n uint64
	if err == nil {
		n, err = l.journal.Append(data, sync)
	}
	if err != nil {
		n = never
	}
	if e != nil {
		l.unsynced.add(n, e, l.journal.Durable())
	}
	return err
}

// Unrecorded returns the entries whose last state is in no file because the journal failed, by phone. It is of use only
// once Finish has failed too: a result CSV that was written holds them.
func (l *Ledger) Unrecorded() []*Entry {
	if l.Err() == nil {
		return nil
	}
	lost := slices.DeleteFunc(l.unsynced.entries(l.journal.Durable()), func(e *Entry) bool { return !e.unsaved })
	slices.SortFunc(lost, func(a, b *Entry) int { return cmp.Compare(a.Phone, b.Phone) })
	return slices.Compact(lost)
}
