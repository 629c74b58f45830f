package check

import (
	"encoding/json"

	"etelecom-import/apiclient/message"
)

// Status says how a thing was found.
type Status uint8

// The statuses. NotKnown is no failure: the thing could not be looked at, or nothing tells. A Warning is none either: a run can work.
const (
	OK Status = iota
	Wrong
	NotKnown
	Warning
)

var statusNames = [...]message.Text{"ok", "wrong", "not known", "warning"}

// String returns the word that people read.
func (s Status) String() string { return statusNames[s].String() }

// MarshalText returns the word in JSON, which is an interface.
func (s Status) MarshalText() ([]byte, error) {
	return []byte([...]string{"ok", "wrong", "not_known", "warning"}[s]), nil
}

// Finding is one thing that was looked at.
type Finding struct {
	Name    string // an interface, as is the whole JSON form
	Status  Status
	Found   string
	Hint    string // what to do; "" if nothing is to be done
	Command string // what to paste into a shell for it; "": the hint needs no command
}

// MarshalJSON returns the JSON form. Its "todo" holds the hint, and the command on a line of its own.
func (f Finding) MarshalJSON() ([]byte, error) {
	todo := f.Hint
	if f.Command != "" {
		todo += "\n" + f.Command
	}
	return json.Marshal(struct {
		Name   string `json:"name"`
		Status Status `json:"status"`
		Found  string `json:"found"`
		Todo   string `json:"todo"`
	}{f.Name, f.Status, f.Found, todo})
}

// Report is everything that a check found.
type Report struct {
	OK     bool      `json:"ok"` // nothing is wrong
	Checks []Finding `json:"checks"`

	tell func(Finding) // nil: nobody listens
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

func (r *Report) add(f Finding) {
	r.Checks = append(r.Checks, f)
	r.OK = r.OK && f.Status != Wrong
	if r.tell != nil {
		r.tell(f)
	}
}

func (r *Report) ok(name, found string)             { r.add(Finding{Name: name, Status: OK, Found: found}) }
func (r *Report) wrong(name, found, hint string)    { r.add(Finding{name, Wrong, found, hint, ""}) }
func (r *Report) notKnown(name, found, hint string) { r.add(Finding{name, NotKnown, found, hint, ""}) }
