package apiclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
	"unicode"

	"etelecom-import/apiclient/transport"
)

const (
	maxMsg  = 300      // runes
	maxRead = 32 << 10 // bytes of a text that are looked at
	tail    = 4 << 10  // bytes at the end of these, where a secret may be cut in two, that are not shown
)

// Error is a call that failed. Nothing in it shows the key, the call's password, or a body.
type Error struct {
	Op         string        // the call: OpCreateAccountUser, ...
	Status     int           // of HTTP; 0: no answer
	Code       string        // the API's code, or "not_updated"; empty: none
	XCode      string        // the platform's finer code (meta.xcode); empty: none
	Msg        string        // the tenant's message, for people: one line of at most 300 runes
	RetryAfter time.Duration // how long the answer asked to wait; 0: it did not
	Outcome    Outcome       // what the call may have done
	SaysExists bool          // the tenant says that what was to be created is there already
	Key        KeyShape      // of an error that is ErrKey: what can be told of the key that was refused
	Err        error         // what else is known of the cause; nil: nothing

	fault fault
}

// Error returns the call, the answer and the cause in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": HTTP %d", e.Status)
	}
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.XCode != "" {
		b.WriteString(" (" + e.XCode + ")")
	}
	if e.Msg != "" {
		b.WriteString(": " + e.Msg)
	}
	switch {
	case e.Err != nil:
		b.WriteString(": " + e.Err.Error())
	case e.fault == faultPage:
		b.WriteString(": a web page, and no answer of the API")
	case e.fault == faultAnswer && e.Msg == "":
		b.WriteString(": no answer of the API")
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Refused reports whether no other call would fare better: errors.Is says whether it is [ErrKey], [ErrPermission],
// [ErrAddress], [ErrCertificate], [ErrExpired], [ErrClosed], [ErrProxy] or [ErrTLS].
func (e *Error) Refused() bool { return e.fault == faultRefused }

// Unavailable reports whether network or server are to blame: no answer, a 5xx, or throttled again and again.
func (e *Error) Unavailable() bool { return e.fault == faultDown || e.fault == faultThrottled }

// WebPage reports whether the answer was a web page, as from a captive portal.
func (e *Error) WebPage() bool { return e.fault == faultPage }

// cause is a reason and an error from below, whose own text, which may quote what the server sent, is only shown
// when it was made fit to be.
type cause struct {
	text   string
	reason error // one of the package's; nil: none
	below  error // nil: none
}

func (c *cause) Error() string { return c.text }

// Is implements errors.Is for both, and hands out neither.
func (c *cause) Is(target error) bool {
	return errors.Is(c.reason, target) || errors.Is(c.below, target)
}

// newCause returns nil if there is nothing to say.
func newCause(reason, below error, hide func(string) string) error {
	switch {
	case below == nil && reason == nil:
		return nil
	case below == nil:
		return reason
	}
	text := presentable(below.Error(), hide)
	if reason != nil {
		text = reason.Error() + ": " + text
	}
	return &cause{text, reason, below}
}

// presentable returns text in one line, short, without control characters and without what hide takes out. What a control
// character split only shows once it is gone, and what holds one only while it is there: hence twice.
func presentable(text string, hide func(string) string) string {
	if len(text) > maxRead {
		text = hide(text[:maxRead])
		text = text[:max(0, len(text)-tail)]
	}
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

func printable(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// plain puts an error of the transport in words. What net/http says of an answer that it cannot read quotes it, and a
// part of a password cannot be recognized.
func (c *Client) plain(err error, sent bool) error {
	var network *net.OpError
	switch {
	case !sent:
		return err
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return &cause{fmt.Sprintf("no complete answer within %v", c.timeout), nil, err}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &cause{"the connection was closed before the answer was complete", nil, err}
	case errors.Is(err, transport.ErrHeader):
		return err
	case !errors.As(err, &network):
		return &cause{"the answer is not proper HTTP", nil, err}
	}
	return err
}
