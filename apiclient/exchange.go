package apiclient

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"time"
)

// Exchange is one attempt of a call and its answer, for a trace. It is made from a list of fields that may be seen, and nothing is
// ever copied as a whole: no header, no body. Its JSON form is an interface; the manual lists every field.
//
// Texts go through the hiding of secrets that the texts of an [Error] go through. What has a shape, such as an id, a phone or a
// time, is shown only if it has that shape, since a tenant may answer anything anywhere.
type Exchange struct {
	Time     time.Time `json:"time"` // when the request was sent, in UTC
	Call     int64     `json:"call"` // the number of the call; its attempts have the same
	Attempt  int       `json:"attempt"`
	Op       string    `json:"op"`
	Path     string    `json:"path"`
	Request  Asked     `json:"request"`
	Sent     bool      `json:"sent"` // a byte of it may have been sent
	Reused   bool      `json:"connection_reused"`
	Duration float64   `json:"milliseconds"`
	Error    string    `json:"error,omitempty"` // why no whole answer came
	Answer   *Answer   `json:"answer,omitempty"`
}

// Asked is what a trace has of a request. Each call fills in what it asks for; a password is no part of it.
type Asked struct {
	Bytes       int    `json:"bytes"` // of the body, without a password: nobody needs to know how long that is
	FullName    string `json:"full_name,omitempty"`
	Phone       string `json:"phone,omitempty"`
	ExtensionID ID     `json:"extension_id,omitempty,string"`
	UserID      ID     `json:"user_id,omitempty,string"`
	After       string `json:"after,omitempty"`
	Limit       int    `json:"limit,omitempty"`

	hidden int // bytes of the body that Bytes does not count
}

// Answer is what a trace has of an answer.
type Answer struct {
	Status     int               `json:"status"`
	Bytes      int               `json:"bytes"` // of the body, as far as it was read
	Form       string            `json:"form"`  // of the body: json, page, empty, broken or other
	Date       string            `json:"date,omitempty"`
	RetryAfter *float64          `json:"retry_after,omitempty"` // in seconds, as it was understood
	RequestIDs map[string]string `json:"request_ids,omitempty"`
	Code       string            `json:"code,omitempty"`
	Msg        string            `json:"msg,omitempty"`
	XCode      string            `json:"xcode,omitempty"`

	ID        string `json:"id,omitempty"`
	Name      string `json:"name,omitempty"`
	Phone     string `json:"phone,omitempty"`
	CreatedAt string `json:"created_at,omitempty"`
	Updated   string `json:"updated,omitempty"`

	Next       *string          `json:"next,omitempty"` // the next cursor of a listing; "" at its end
	Entries    *int             `json:"entries,omitempty"`
	Users      []ShownUser      `json:"users,omitempty"`
	Extensions []ShownExtension `json:"extensions,omitempty"`
}

// ShownUser is what a trace has of a user in a listing.
type ShownUser struct {
	UserID    string   `json:"user_id"`
	AccountID string   `json:"account_id,omitempty"`
	Phone     string   `json:"phone,omitempty"`
	FullName  string   `json:"full_name,omitempty"`
	Deleted   bool     `json:"deleted,omitempty"`
	Roles     []string `json:"roles"` // null: the tenant does not tell them
	CreatedAt string   `json:"created_at,omitempty"`
}

// ShownExtension is what a trace has of an extension in a listing.
type ShownExtension struct {
	ID        string `json:"id"`
	AccountID string `json:"account_id,omitempty"`
	UserID    string `json:"user_id,omitempty"`
	Number    string `json:"extension_number,omitempty"`
	State     string `json:"state,omitempty"`
	ExpiresAt string `json:"expires_at,omitempty"`
	CreatedAt string `json:"created_at,omitempty"`
}

// formNames are the forms of a body as a trace has them.
var formNames = map[form]string{formOther: "other", formEmpty: "empty", formBroken: "broken", formObject: "json", formPage: "page"}

// requestIDs are the headers by which a server, or something in front of it, can find a request in its own log.
var requestIDs = []string{
	"X-Request-Id", "X-Correlation-Id", "X-Trace-Id", "X-B3-Traceid", "Traceparent", "X-Amzn-Trace-Id", "X-Amz-Cf-Id", "X-Cloud-Trace-Context", "Cf-Ray",
}

// notShown stands for a value that does not have the shape that its field has.
const notShown = "[not shown]"

// The shapes of values.
var (
	idShape        = regexp.MustCompile(`^[0-9]{1,20}$`)
	phoneShape     = regexp.MustCompile(`^[0-9+*xX .()-]{1,25}$`)
	numberShape    = regexp.MustCompile(`^[0-9*#+]{1,20}$`)
	wordShape      = regexp.MustCompile(`^[A-Za-z_]{1,30}$`)
	cursorShape    = regexp.MustCompile(`^[0-9A-Za-z_.:=+/-]{1,200}$`)
	requestIDShape = regexp.MustCompile(`^[0-9A-Za-z_.:;=/@+-]{1,128}$`)
)

// shower returns how the texts of a call are shown.
func shower(k *call) func(string) string {
	hide := k.client.redactor(k.secret)
	return func(text string) string {
		if text == "" {
			return ""
		}
		return sanitize(text, hide)
	}
}

// shaped returns a value that has its shape, as far as no secret is in it.
func shaped(value lenientString, shape *regexp.Regexp, show func(string) string) string {
	switch {
	case value == "":
		return ""
	case !shape.MatchString(string(value)):
		return notShown
	}
	return show(string(value))
}

// moment returns a time in UTC; "" for what is none.
func moment(text lenientString) string {
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil || t.Year() <= 1 {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// newExchange makes the exchange of an attempt. resp is nil if no answer came; body is what was read of it.
func newExchange(k *call, a *attemptResult, sent time.Time, reused bool, resp *http.Response, body []byte) *Exchange {
	show := shower(k)
	x := &Exchange{
		Time: sent.UTC(), Call: k.number, Attempt: k.attempts, Op: k.op.name, Path: show(k.url().Path), Request: k.asked,
		Sent: a.sent, Reused: reused, Duration: float64(time.Since(sent).Microseconds()) / 1000,
	}
	x.Request.Bytes = len(k.body) - k.asked.hidden
	x.Request.FullName, x.Request.Phone = show(k.asked.FullName), show(k.asked.Phone)
	x.Request.After = shaped(lenientString(k.asked.After), cursorShape, show)
	if a.err != nil {
		x.Error = show(a.err.Error())
	} else if a.bodyErr != nil {
		x.Error = show(a.bodyErr.Error())
	}
	if resp != nil {
		x.Answer = newAnswer(k.op, a, resp.Header, body, show)
	}
	return x
}

// newAnswer returns what may be seen of an answer.
func newAnswer(op operation, a *attemptResult, header http.Header, body []byte, show func(string) string) *Answer {
	w := &Answer{Status: a.status, Bytes: len(body), Form: formNames[a.form]}
	if a.err != nil || len(body) > maxBody {
		w.Form = formNames[formBroken]
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		w.Date = date.UTC().Format(time.RFC3339)
	}
	if a.hasRetryAfter {
		seconds := a.retryAfter.Seconds()
		w.RetryAfter = &seconds
	}
	for _, name := range requestIDs {
		if id := header.Get(name); id != "" {
			if w.RequestIDs == nil {
				w.RequestIDs = map[string]string{}
			}
			w.RequestIDs[name] = shaped(lenientString(id), requestIDShape, show)
		}
	}
	if w.Form == formNames[formObject] {
		w.addObject(op, body, show)
	}
	return w
}

// addObject takes from a JSON object what may be seen.
func (w *Answer) addObject(op operation, body []byte, show func(string) string) {
	var o struct {
		problem
		ID         lenientString `json:"id"`
		Name       lenientString `json:"name"`
		Phone      lenientString `json:"phone"`
		CreatedAt  lenientString `json:"created_at"`
		Updated    lenientString `json:"updated"`
		Paging     *paging       `json:"paging"`
		Users      []tracedEntry `json:"account_users"`
		Extensions []tracedEntry `json:"extensions"`
	}
	if json.Unmarshal(body, &o) != nil { // a field of another type: the sizes and the status have to do
		return
	}
	w.Code, w.Msg, w.XCode = shownCode(string(o.Code), show), show(string(o.Msg)), show(string(o.Meta.XCode))
	switch op {
	case createAccountUser:
		w.ID, w.Phone, w.CreatedAt = shaped(o.ID, idShape, show), shaped(o.Phone, phoneShape, show), moment(o.CreatedAt)
	case assignUserToExtension:
		w.Updated = shaped(o.Updated, idShape, show)
	case currentAccount, currentShop, getTenant:
		w.ID, w.Name = shaped(o.ID, idShape, show), show(string(o.Name))
	case getAccountUsers, getExtensions:
		n := len(o.Users) + len(o.Extensions)
		w.Entries = &n
		if o.Paging != nil {
			next := shaped(o.Paging.Next, cursorShape, show)
			w.Next = &next
		}
		for _, e := range o.Users {
			w.Users = append(w.Users, ShownUser{
				shaped(e.UserID, idShape, show), shaped(e.AccountID, idShape, show), shaped(e.Phone, phoneShape, show), show(string(e.FullName)),
				bool(e.Deleted), e.Roles.shown(show), moment(e.CreatedAt),
			})
		}
		for _, e := range o.Extensions {
			w.Extensions = append(w.Extensions, ShownExtension{
				shaped(e.ID, idShape, show), shaped(e.AccountID, idShape, show), shaped(e.UserID, idShape, show), shaped(e.Number, numberShape, show),
				shaped(e.State, wordShape, show), moment(e.ExpiresAt), moment(e.CreatedAt),
			})
		}
	}
}

// tracedEntry is an entry of a listing, with the fields that may be seen.
type tracedEntry struct {
	ID        lenientString `json:"id"`
	AccountID lenientString `json:"account_id"`
	UserID    lenientString `json:"user_id"`
	Phone     lenientString `json:"phone"`
	FullName  lenientString `json:"full_name"`
	Deleted   lenientBool   `json:"deleted"`
	Roles     tracedRoles   `json:"roles"`
	Number    lenientString `json:"extension_number"`
	State     lenientString `json:"state"`
	ExpiresAt lenientString `json:"expires_at"`
	CreatedAt lenientString `json:"created_at"`
}

// tracedRoles are the roles of a user: words, or anything else that a tenant answers.
type tracedRoles struct{ list []lenientString }

// UnmarshalJSON implements [json.Unmarshaler].
func (r *tracedRoles) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &r.list) != nil {
		r.list = nil
	}
	return nil
}

// shown returns the roles that are words.
func (r tracedRoles) shown(show func(string) string) []string {
	if r.list == nil {
		return nil
	}
	words := make([]string, len(r.list))
	for i, role := range r.list {
		words[i] = shaped(role, wordShape, show)
	}
	slices.Sort(words)
	return slices.Compact(words)
}
