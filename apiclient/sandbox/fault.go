package sandbox

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"html"
	"strconv"
	"strings"
	"sync"

	"etelecom-import/apiclient/message"
)

// fault is a way in which a call goes wrong.
type fault struct {
	name   string
	help   message.Text
	on     Ops // the calls that it fits
	takes  takes
	arg    string // the default argument
	effect effectTime
	mutate mutator // nil: the fault is built into the handlers, which ask call.has
}

// effectTime says when the call's effect happens.
type effectTime uint8

const (
	onTime effectTime = iota
	never             // the call is not carried out
	late              // after a delay, and the answer does not wait for it
)

// takes says what a fault's argument is.
type takes uint8

const (
	takesNothing takes = iota
	takesTime
	takesNumber
	takesCode
	takesText
)

// noRole is a cause of failed_precondition other than that the user exists.
const noRole = "Require at least 1 role"

// faults has every fault, in the order of the help.
var faults = []*fault{
	{name: "refuse", on: All, effect: never, mutate: delivered(refused), help: "no connection (over a socket: the connection closes without an answer)"},
	{name: "cut-unsent", on: All, effect: never, mutate: delivered(unsent), help: "a connection that breaks before a byte is written (over a socket: as refuse)"},
	{name: "cut-before", on: All, effect: never, mutate: delivered(cut), help: "the connection breaks, no effect"},
	{name: "cut-after", on: All, mutate: delivered(cut), help: "effect, then the connection breaks"},
	{name: "hang-up", on: All, mutate: delivered(hangUp), help: "a whole answer, then the idle connection is closed without notice"},
	{name: "silent", on: All, effect: never, mutate: delivered(silent), help: "no effect and no answer until the client gives up"},

	{name: "500-before", on: All, effect: never, mutate: failWith("internal"), help: "internal, no effect"},
	{name: "500-after", on: All, mutate: failWith("internal"), help: "effect, then internal"},
	{name: "503-before", on: All, effect: never, mutate: failWith("unavailable"), help: "unavailable, no effect"},
	{name: "503-after", on: All, mutate: failWith("unavailable"), help: "effect, then unavailable"},
	{name: "error", on: All, takes: takesCode, arg: "aborted", effect: never, mutate: failWithArg, help: "the error :CODE (aborted), no effect"},
	{name: "error-after", on: All, takes: takesCode, arg: "aborted", mutate: failWithArg, help: "effect, then the error :CODE (aborted)"},
	{name: "revoked", on: All, effect: never, mutate: failWith("unauthenticated"), help: "the key is refused this once; --revoke-after refuses it for good"},
	{name: "denied", on: All, effect: never, mutate: failWith("permission_denied"), help: "permission_denied"},
	{name: "closed", on: All, effect: never, mutate: closeAccount, help: "unavailable, but xcode says account_closed; --closed closes it for good"},
	{name: "429", on: All, takes: takesText, arg: "1", effect: never, mutate: throttle, help: "resource_exhausted, Retry-After :WHEN (1): seconds, date, past, years, garbage, none"},
	{name: "502-html", on: All, effect: never, mutate: webPageWith(502), help: "a proxy's web page, no effect"},
	{name: "502-html-after", on: All, mutate: webPageWith(502), help: "effect, then a proxy's web page"},
	{name: "504-html-after", on: All, mutate: webPageWith(504), help: "effect, then a proxy's web page"},
	{name: "html-200", on: All, effect: never, mutate: webPageWith(200), help: "200 with a web page, no effect"},
	{name: "error-200", on: All, effect: never, mutate: errorAs200, help: "200 with an error object, no effect"},
	{name: "redirect", on: All, takes: takesText, arg: movedPath, effect: never, mutate: redirect, help: "307 to :URL (another path here), no effect"},
	{name: "precondition", on: Create, takes: takesText, arg: noRole, effect: never, mutate: failPrecondition, help: "failed_precondition that says :TEXT (Require at least 1 role), no effect"},
	{name: "precondition-after", on: Create, takes: takesText, arg: noRole, mutate: failPrecondition, help: "effect, then failed_precondition that says :TEXT (Require at least 1 role)"},
	{name: "echo", on: Create, takes: takesCode, arg: "invalid_argument", effect: never, mutate: echoSecret, help: "the error :CODE (invalid_argument) that repeats the password, raw and escaped"},
	{name: "echo-html", on: Create, effect: never, mutate: echoSecretHTML, help: "a web page with status 500 that repeats the password"},

	{name: "half-body", on: All, mutate: delivered(halfLength), help: "effect, then half an answer with a Content-Length"},
	{name: "half-chunked", on: All, mutate: delivered(halfChunked), help: "effect, then half an answer in chunks"},
	{name: "half-close", on: All, mutate: delivered(halfClose), help: "effect, then half an answer that ends with the connection"},
	{name: "empty-200", on: All, mutate: withBody(""), help: "effect, then 200 with nothing"},
	{name: "empty-object", on: All, mutate: withBody("{}"), help: "effect, then 200 with {}"},
	{name: "trailing", on: All, mutate: trailingData, help: "effect, then the answer and something more"},
	{name: "slow-header", on: All, takes: takesTime, arg: "10m", mutate: delayHeader, help: "effect, then no answer for :TIME (10m)"},
	{name: "slow-body", on: All, mutate: delivered(drip), help: "effect, then an answer of a byte a second"},
	{name: "endless-body", on: All, mutate: delivered(endless), help: "effect, then an answer that never ends"},
	{name: "huge-body", on: All, mutate: oversize, help: "effect, then an answer of 8 MiB"},
	{name: "gzip-bomb", on: All, mutate: gzipBomb, help: "effect, then 32 KiB that unpack to 32 MiB"},

	{name: "updated-0", on: Assign, effect: never, mutate: withBody(`{"updated":0}`), help: `no effect, {"updated":0}`},
	{name: "updated-0-after", on: Assign, mutate: withBody(`{"updated":0}`), help: `effect, then {"updated":0}`},
	{name: "updated-missing", on: Assign, mutate: withBody(`{"ok":true}`), help: "effect, then an answer without updated"},
	{name: "id-number", on: Create | List, mutate: replaceID(unquoted), help: "the first id as a JSON number (a right answer)"},
	{name: "id-rounded", on: Create | List, mutate: replaceID(constant("1.2e18")), help: "the first id is 1.2e18"},
	{name: "id-zero", on: Create | List, mutate: replaceID(constant(`"0"`)), help: `the first id is "0"`},
	{name: "id-negative", on: Create | List, mutate: replaceID(constant(`"-5"`)), help: `the first id is "-5"`},
	{name: "id-null", on: Create | List, mutate: replaceID(constant("null")), help: "the first id is null"},
	{name: "id-missing", on: Create | List, mutate: replaceID(omitted), help: "the first id is missing"},
	{name: "id-other", on: Create, mutate: otherID, help: "effect, then the answer with another user's id"},
	{name: "answer-other", on: Create, mutate: otherAnswer, help: "effect, then the whole answer to another user's create"},

	{name: "late", on: Writes, takes: takesTime, effect: late, mutate: delivered(cut), help: "the connection breaks, effect after :TIME (--late-by)"},
	{name: "late-504", on: Writes, takes: takesTime, effect: late, mutate: webPageWith(504), help: "504 with a web page, effect after :TIME (--late-by)"},
	{name: "late-silent", on: Writes, takes: takesTime, effect: late, mutate: delivered(silent), help: "no answer, effect after :TIME (--late-by)"},
	{name: "slow", on: All, takes: takesTime, arg: "1s", help: "slower by :TIME (1s); the effect comes half-way"},
	{name: "lag", on: Create, takes: takesTime, arg: "30s", help: "the new user is listed only after :TIME (30s)"},

	{name: "list-cut", on: List, takes: takesNumber, arg: "1", mutate: cutPage, help: "page :N (1) of a listing stops half-way"},
	{name: "list-fails", on: List, takes: takesNumber, arg: "1", mutate: failPage, help: "page :N (1) of a listing is an internal error"},
	{name: "list-repeats-cursor", on: List, help: "a page's next cursor is the one that was asked for"},
	{name: "list-duplicates", on: List, help: "a page begins with the last entry of the page before, and ends with its own first again"},
	{name: "list-shrinks", on: List, takes: takesNumber, arg: "3", help: "a page has :N (3) entries, and the next one continues after them"},
	{name: "list-similar", on: Users, help: "an answer to a filter begins with up to 3 people who do not match it"},
}

var faultsByName = func() map[string]*fault {
	byName := make(map[string]*fault, len(faults))
	for _, f := range faults {
		byName[f.name] = f
	}
	return byName
}()

// FaultNames are the faults' names, in the order of [FaultTable].
func FaultNames() []string {
	names := make([]string, len(faults))
	for i, f := range faults {
		names[i] = f.name
	}
	return names
}

// FaultTable is one line for each fault: its name, its calls unless it fits all, and what it does.
func FaultTable() string {
	var b strings.Builder
	for _, f := range faults {
		help := f.help.String()
		if f.on != All {
			help = f.on.String() + ": " + help
		}
		fmt.Fprintf(&b, "  %-20s %s\n", f.name, help)
	}
	return b.String()
}

// movedPath is where a redirect points by default. The record counts the requests that arrive there.
const movedPath = "/moved"

// mutator changes the true answer r to what the fault makes of it. If the call was not carried out, r is empty. It
// returns false if the fault finds nothing to change in this call: then the call gets its true answer, and the fault does
// not count as fired.
type mutator = func(c *call, r reply) (reply, bool)

func delivered(d delivery) mutator {
	return func(_ *call, r reply) (reply, bool) {
		r.delivery = d
		return r, true
	}
}

func failWith(code string) mutator {
	return func(*call, reply) (reply, bool) {
		return fail(code, "Đã có lỗi xảy ra, vui lòng thử lại"), true
	}
}

func failWithArg(c *call, _ reply) (reply, bool) {
	return fail(c.rule.Arg, "Đã có lỗi xảy ra, vui lòng thử lại"), true
}

func failPrecondition(c *call, _ reply) (reply, bool) {
	return fail("failed_precondition", "%s", c.rule.Arg), true
}

func closeAccount(*call, reply) (reply, bool) { return accountClosed(), true }

func webPageWith(status int) mutator {
	return func(*call, reply) (reply, bool) { return webPage(status), true }
}

func withBody(text string) mutator {
	return func(*call, reply) (reply, bool) { return ok([]byte(text)), true }
}

func throttle(c *call, _ reply) (reply, bool) {
	return tooMany(retryAfter(c.rule.Arg, c.t.clock.now(), 0)), true
}

func errorAs200(*call, reply) (reply, bool) {
	r := fail("internal", "Đã có lỗi xảy ra, vui lòng thử lại")
	r.status = 200
	return r, true
}

func redirect(c *call, _ reply) (reply, bool) {
	r := webPage(307)
	r.header = map[string]string{"Location": c.rule.Arg}
	return r, true
}

// echoSecret repeats the password as careless servers do: raw, escaped for HTML, quoted by Go, quoted by JSON, and in a
// meta field.
func echoSecret(c *call, _ reply) (reply, bool) {
	var in createRequest
	if json.Unmarshal(c.body, &in) != nil || in.Password == "" {
		return reply{}, false
	}
	quoted, _ := json.Marshal(in.Password)
	r := fail(c.rule.Arg, "Mật khẩu %s không hợp lệ (%s, %q, %s)", in.Password, html.EscapeString(in.Password), in.Password, quoted)
	return r.with("password", in.Password), true
}

func echoSecretHTML(c *call, _ reply) (reply, bool) {
	var in createRequest
	if json.Unmarshal(c.body, &in) != nil || in.Password == "" {
		return reply{}, false
	}
	r := webPage(500)
	r.body = fmt.Appendf(r.body, "<pre>bad value: %s (%s)</pre>\n", html.EscapeString(in.Password), in.Password)
	return r, true
}

func trailingData(_ *call, r reply) (reply, bool) {
	r.body = append(bytes.Clone(r.body), "\n{}"...)
	return r, true
}

func delayHeader(c *call, r reply) (reply, bool) {
	r.hold = c.rule.delay
	return r, true
}

func oversize(_ *call, r reply) (reply, bool) {
	r.body = append(bytes.Clone(r.body), bytes.Repeat([]byte(" "), 8<<20)...)
	return r, true
}

var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(bytes.Repeat([]byte(" "), 1<<20))
	_ = w.Close()
	return bytes.Repeat(b.Bytes(), 32) // gzip members in a row unpack to their contents in a row
})

func gzipBomb(_ *call, r reply) (reply, bool) {
	r.body, r.gzipped = bomb(), true
	return r, true
}

func cutPage(c *call, r reply) (reply, bool) {
	if c.page == c.rule.page {
		r.delivery = halfLength
		return r, true
	}
	return r, false
}

func failPage(c *call, r reply) (reply, bool) {
	if c.page == c.rule.page {
		return fail("internal", "Đã có lỗi xảy ra, vui lòng thử lại"), true
	}
	return r, false
}

// replaceID replaces the first id of a successful answer: the user's in the user listing, else that of the entry. An empty
// replacement removes the field.
func replaceID(replace func(digits string) string) mutator {
	return func(c *call, r reply) (reply, bool) {
		key := `"id":`
		if c.op == Users {
			key = `"user_id":`
		}
		before, rest, found := strings.Cut(string(r.body), key+`"`)
		digits, after, closed := strings.Cut(rest, `"`)
		if r.status != 200 || !found || !closed {
			return r, false
		}
		value := replace(digits)
		if value == "" {
			return ok([]byte(before + strings.TrimPrefix(after, ","))), true
		}
		return ok([]byte(before + key + value + after)), true
	}
}

func constant(value string) func(string) string { return func(string) string { return value } }

func unquoted(digits string) string { return digits }

func omitted(string) string { return "" }

func otherID(c *call, r reply) (reply, bool) {
	s := c.t.store
	s.mu.Lock()
	defer s.mu.Unlock()
	p := anotherMember(c, r)
	if p == nil {
		return r, false
	}
	return replaceID(constant(strconv.Quote(strconv.FormatInt(p.id, 10))))(c, r)
}

func otherAnswer(c *call, r reply) (reply, bool) {
	s := c.t.store
	s.mu.Lock()
	defer s.mu.Unlock()
	p := anotherMember(c, r)
	if p == nil {
		return r, false
	}
	return ok(appendUser(nil, p)), true
}

// anotherMember returns a member other than the one whom a successful create made; or nil. The caller holds
// the store's lock.
func anotherMember(c *call, r reply) *person {
	var in createRequest
	if r.status != 200 || json.Unmarshal(c.body, &in) != nil {
		return nil
	}
	phone := parsePhone(in.Phone)
	for _, p := range c.t.store.members {
		if p != nil && p.member && p.phone != phone {
			return p
		}
	}
	return nil
}
