package sandbox

import (
	"fmt"
	"strings"
)

// kind is a fault that the tenant knows.
type kind struct {
	name   string
	help   string
	on     Ops // the calls that it fits
	takes  takes
	arg    string // the default argument
	effect when
	spoil  func(x *exchange, r reply) (reply, bool) // what becomes of the answer; false: the fault doesn't fit this one
}

// when says when the call's effect happens.
type when uint8

const (
	done  when = iota // as it should
	never             // the call is not carried out
	late              // after a delay, without the answer's waiting for it
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

// noRole is a cause of failed_precondition other than that the user is there.
const noRole = "Require at least 1 role"

// kindList is every fault, in the order in which the help lists them.
var kindList = []*kind{
	{name: "refuse", on: All, effect: never, spoil: sent(refused), help: "no connection (over a socket: closed without an answer)"},
	{name: "cut-unsent", on: All, effect: never, spoil: sent(unsent), help: "a connection that dies before a byte is written (over a socket: as refuse)"},
	{name: "cut-before", on: All, effect: never, spoil: sent(cut), help: "connection dropped, no effect"},
	{name: "cut-after", on: All, spoil: sent(cut), help: "effect, then connection dropped"},
	{name: "hang-up", on: All, spoil: sent(hangUp), help: "a whole answer, then the idle connection is closed without a word"},
	{name: "silent", on: All, effect: never, spoil: sent(silent), help: "no effect and no answer until the client gives up"},

	{name: "500-before", on: All, effect: never, spoil: fails("internal"), help: "internal, no effect"},
	{name: "500-after", on: All, spoil: fails("internal"), help: "effect, then internal"},
	{name: "503-before", on: All, effect: never, spoil: fails("unavailable"), help: "unavailable, no effect"},
	{name: "503-after", on: All, spoil: fails("unavailable"), help: "effect, then unavailable"},
	{name: "error", on: All, takes: takesCode, arg: "aborted", effect: never, spoil: failsAsAsked, help: "the error :CODE (aborted), no effect"},
	{name: "error-after", on: All, takes: takesCode, arg: "aborted", spoil: failsAsAsked, help: "effect, then the error :CODE (aborted)"},
	{name: "revoked", on: All, effect: never, spoil: fails("unauthenticated"), help: "the key is refused this once; --revoke-after refuses it for good"},
	{name: "denied", on: All, effect: never, spoil: fails("permission_denied"), help: "permission_denied"},
	{name: "closed", on: All, effect: never, spoil: closes, help: "unavailable, but xcode says account_closed; --closed closes it for good"},
	{name: "429", on: All, takes: takesText, arg: "1", effect: never, spoil: throttles, help: "resource_exhausted, Retry-After :WHEN (1): seconds, date, past, years, garbage, none"},
	{name: "502-html", on: All, effect: never, spoil: web(502), help: "a proxy's web page, no effect"},
	{name: "502-html-after", on: All, spoil: web(502), help: "effect, then a proxy's web page"},
	{name: "504-html-after", on: All, spoil: web(504), help: "effect, then a proxy's web page"},
	{name: "html-200", on: All, effect: never, spoil: web(200), help: "200 with a web page, no effect"},
	{name: "error-200", on: All, effect: never, spoil: errorAs200, help: "200 with an error object, no effect"},
	{name: "redirect", on: All, takes: takesText, arg: movedPath, effect: never, spoil: redirects, help: "307 to :URL (another path here), no effect"},
	{name: "precondition", on: Create, takes: takesText, arg: noRole, effect: never, spoil: failsPrecondition, help: "failed_precondition that says :TEXT (" + noRole + "), no effect"},
	{name: "precondition-after", on: Create, takes: takesText, arg: noRole, spoil: failsPrecondition, help: "effect, then failed_precondition that says :TEXT (" + noRole + ")"},
	{name: "echo", on: Create, takes: takesCode, arg: "invalid_argument", effect: never, spoil: echoes, help: "the error :CODE (invalid_argument) that repeats the password, raw and escaped"},
	{name: "echo-html", on: Create, effect: never, spoil: echoesHTML, help: "a web page with status 500 that repeats the password"},

	{name: "half-body", on: All, spoil: sent(halfLength), help: "effect, then half an answer with a Content-Length"},
	{name: "half-chunked", on: All, spoil: sent(halfChunked), help: "effect, then half an answer in chunks"},
	{name: "half-close", on: All, spoil: sent(halfClose), help: "effect, then half an answer that ends with the connection"},
	{name: "empty-200", on: All, spoil: body(""), help: "effect, then 200 with nothing"},
	{name: "empty-object", on: All, spoil: body("{}"), help: "effect, then 200 with {}"},
	{name: "trailing", on: All, spoil: trails, help: "effect, then the answer and something more"},
	{name: "slow-header", on: All, takes: takesTime, arg: "10m", spoil: holds, help: "effect, then no answer for :TIME (10m)"},
	{name: "slow-body", on: All, spoil: sent(drip), help: "effect, then an answer of a byte a second"},
	{name: "endless-body", on: All, spoil: sent(endless), help: "effect, then an answer that never ends"},
	{name: "huge-body", on: All, spoil: swells, help: "effect, then an answer of 8 MiB"},
	{name: "gzip-bomb", on: All, spoil: bombs, help: "effect, then 32 KiB that unpack to 32 MiB"},

	{name: "updated-0", on: Assign, effect: never, spoil: body(`{"updated":0}`), help: `no effect, {"updated":0}`},
	{name: "updated-0-after", on: Assign, spoil: body(`{"updated":0}`), help: `effect, then {"updated":0}`},
	{name: "updated-missing", on: Assign, spoil: body(`{"ok":true}`), help: "effect, then an answer without updated"},
	{name: "id-number", on: Create | List, spoil: id(asNumber), help: "the first id as a JSON number (a right answer)"},
	{name: "id-rounded", on: Create | List, spoil: id(as("1.2e18")), help: "the first id is 1.2e18"},
	{name: "id-zero", on: Create | List, spoil: id(as(`"0"`)), help: `the first id is "0"`},
	{name: "id-negative", on: Create | List, spoil: id(as(`"-5"`)), help: `the first id is "-5"`},
	{name: "id-null", on: Create | List, spoil: id(as("null")), help: "the first id is null"},
	{name: "id-missing", on: Create | List, spoil: id(asNothing), help: "the first id is missing"},
	{name: "id-other", on: Create, spoil: otherID, help: "effect, then the answer with another user's id"},
	{name: "answer-other", on: Create, spoil: otherAnswer, help: "effect, then the whole answer to another user's create"},

	{name: "late", on: Writes, takes: takesTime, effect: late, spoil: sent(cut), help: "connection dropped, effect after :TIME (--late-by)"},
	{name: "late-504", on: Writes, takes: takesTime, effect: late, spoil: web(504), help: "504 with a web page, effect after :TIME (--late-by)"},
	{name: "late-silent", on: Writes, takes: takesTime, effect: late, spoil: sent(silent), help: "no answer, effect after :TIME (--late-by)"},
	{name: "slow", on: All, takes: takesTime, arg: "1s", help: "slower by :TIME (1s); the effect comes half-way"},
	{name: "lag", on: Create, takes: takesTime, arg: "30s", help: "the new user is listed only after :TIME (30s)"},

	{name: "list-cut", on: List, takes: takesNumber, arg: "1", spoil: cutsPage, help: "page :N (1) of a listing stops half-way"},
	{name: "list-fails", on: List, takes: takesNumber, arg: "1", spoil: failsPage, help: "page :N (1) of a listing is an internal error"},
	{name: "list-repeats-cursor", on: List, help: "a page's next cursor is the one that was asked for"},
	{name: "list-duplicates", on: List, help: "a page begins with the last entry of the page before, and ends with its own first again"},
	{name: "list-shrinks", on: List, takes: takesNumber, arg: "3", help: "a page has :N (3) entries and goes on after them"},
	{name: "list-similar", on: Users, help: "an answer to a filter begins with up to 3 people whom it doesn't match"},
}

var kinds = func() map[string]*kind {
	byName := make(map[string]*kind, len(kindList))
	for _, k := range kindList {
		byName[k.name] = k
	}
	return byName
}()

// FaultNames are the faults' names, in the order of [FaultTable].
func FaultNames() []string {
	names := make([]string, len(kindList))
	for i, k := range kindList {
		names[i] = k.name
	}
	return names
}

// FaultTable is one line for each fault: its name, its calls unless it fits all, and what it does.
func FaultTable() string {
	var b strings.Builder
	for _, k := range kindList {
		help := k.help
		if k.on != All {
			help = k.on.String() + ": " + help
		}
		fmt.Fprintf(&b, "  %-20s %s\n", k.name, help)
	}
	return b.String()
}
