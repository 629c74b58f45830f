package apiclient

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/transport"
)

const (
	maxMsg  = 300      // runes
	maxRead = 32 << 10 // bytes of a text that are looked at
	tail    = 4 << 10  // bytes at their end that are not shown, since a secret may be cut in two there
)

// Error is a call that failed. Nothing in it shows the key, the call's password, the passwords of other rows, or a body:
// failure (call.go) redacts what the tenant says. The passwords of other rows are those in [Config.Hidden].
type Error struct {
	Op         string        // the call: OpCreateAccountUser, ...
	Host       string        // of the API, with its port if that is not the usual one; empty: nothing was sent there
	Status     int           // of HTTP; 0: no answer
	Code       string        // the API's code, or "not_updated"; empty: none
	XCode      string        // the platform's finer code (meta.xcode); empty: none
	Msg        string        // the tenant's message, for people: one line of at most 300 runes
	RetryAfter time.Duration // how long the answer asked to wait; 0: it did not
	Outcome    Outcome       // what the call may have done
	SaysExists bool          // the tenant says that what was to be created is there already
	Key        KeyShape      // the shape of the refused key, if the error is ErrKey
	Trouble    Trouble       // why the API cannot be reached, or does not work
	Err        error         // the cause; nil: the other fields say all that is known

	blame blame
}

// Error returns the call, the answer's codes, the tenant's message and the cause in one line.
func (e *Error) Error() string {
	parts := []string{e.Op, e.Codes(), e.Msg, e.why()}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ": ")
}

// Codes returns what the answer says to programs, such as "HTTP 412 failed_precondition (no_role)"; "" if none came.
func (e *Error) Codes() string {
	var codes []string
	if e.Status != 0 {
		codes = append(codes, "HTTP", strconv.Itoa(e.Status))
	}
	if e.Code != "" {
		codes = append(codes, e.Code)
	}
	if e.XCode != "" {
		codes = append(codes, "("+e.XCode+")")
	}
	return strings.Join(codes, " ")
}

// why returns the cause, or what is wrong with an answer that has none.
func (e *Error) why() string {
	switch {
	case e.Err != nil:
		return e.Err.Error()
	case e.blame == blameHTML:
		return message.T("a web page came in place of an answer of the API")
	case e.blame == blameAnswer && e.Msg == "":
		return message.T("this is not an answer of the API")
	}
	return ""
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Refused reports whether every other call would fail for the same reason: errors.Is says whether it is [ErrKey], [ErrPermission],
// [ErrAddress], [ErrCertificate], [ErrExpired], [ErrClosed], [ErrProxy] or [ErrTLS].
func (e *Error) Refused() bool { return e.blame == blameRefused }

// Unavailable reports whether the network or the server is to blame: no answer, a 5xx, or throttled again and again.
func (e *Error) Unavailable() bool { return e.blame == blameDown || e.blame == blameThrottled }

// WebPage reports whether the answer was a web page, as from a captive portal.
func (e *Error) WebPage() bool { return e.blame == blameHTML }

// cause is a reason and the error that led to it. The text of that error may quote what the server sent, so nobody gets the
// error itself: text is its sanitized form.
type cause struct {
	text   string
	reason error // an error of this package; nil: no special one
	detail error // nil: no detail
}

func (c *cause) Error() string { return c.text }

// Is implements errors.Is for both. Unwrap is missing on purpose: it would give the text away.
func (c *cause) Is(target error) bool {
	return errors.Is(c.reason, target) || errors.Is(c.detail, target)
}

// newCause returns nil if there is nothing to say.
func newCause(reason, detail error, hide func(string) string) error {
	switch {
	case detail == nil && reason == nil:
		return nil
	case detail == nil:
		return reason
	}
	text := sanitize(detail.Error(), hide)
	if reason != nil {
		text = strings.Join([]string{reason.Error(), text}, ": ")
	}
	return &cause{text, reason, detail}
}

// sanitize returns text in one line, short, without control characters and without what hide takes out.
func sanitize(text string, hide func(string) string) string {
	if len(text) > maxRead {
		text = hide(text[:maxRead])
		text = text[:max(0, len(text)-tail)]
	}
	// A control character can be part of a secret, or can split one. So the secrets go before the control characters and again
	// after them.
	text = hide(text)
	if printed := strings.Map(printable, text); printed != text {
		text = hide(printed)
	}
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxMsg {
		text = string(runes[:maxMsg-1]) + "…"
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// printable makes a space of all white space and drops what cannot be seen.
func printable(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// describeTransport puts an error of the transport into words, if the request may have been sent. An error of net/http about an
// answer that it cannot read quotes the answer, and redaction does not find a part of a password. So its text is not used.
func describeTransport(err error, sent bool, timeout time.Duration) error {
	var network *net.OpError
	switch {
	case !sent:
		return err
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return &cause{message.Sprintf("no complete answer within %v", timeout), nil, err}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &cause{message.T("the connection was closed before the answer was complete"), nil, err}
	case errors.Is(err, transport.ErrHeader):
		return err
	case !errors.As(err, &network):
		return &cause{message.T("the answer is not valid HTTP"), nil, err}
	}
	return err
}
