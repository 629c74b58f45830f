// Package apiclient speaks the eTelecom API. All calls go through one door, the method do of call: it keeps the rate, takes the
// caller's intent, sends once, and says of every failure what the call may have done.
//
// An intent is the caller's durable note that a write is about to be sent. A write is sent at most once per intent.
// The client tries a write again, with a new intent, only if the last attempt provably had no effect: no byte of it
// was sent, or the tenant throttled it. After every other failure that proves nothing, the outcome is [Unknown], and the
// caller gets the error at once. Reads change nothing, so the client repeats them after any failure that may pass.
package apiclient

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/pacer"
	"etelecom-import/apiclient/secret"
	"etelecom-import/apiclient/transport"
)

const defaultTimeout = 30 * time.Second

// Config says where the API is and how hard it may be used.
type Config struct {
	// BaseURL is https, or http to this machine itself, with a path. One slash or dot at its end is dropped.
	BaseURL string
	// Service is the brand's name of the service that manages extensions; empty: [DefaultService].
	Service string
	// Key is the API key, of visible ASCII; required.
	Key secret.Text
	// Hidden has the passwords of all rows: no error shows them, as none shows the key and the call's own password. See
	// Client.redactor.
	Hidden secret.Set
	// Rate is in requests per second, retries included; 0: no limit.
	Rate float64
	// Burst is how many requests may go at once after idling; below 1 counts as 1.
	Burst int
	// Timeout is that of one attempt, from its intent to the end of its answer; 0: 30 s.
	Timeout time.Duration
	// Workers is how many idle connections are kept; below 1 counts as 1.
	Workers int
	// Transport sends the requests; nil: a [transport.Transport]. The errors of another one must show whether nothing was sent;
	// see [transport.IsUnsent]. If it ignores [transport.WithDeadlineToSend], it may send a write whose intent is too old.
	Transport http.RoundTripper
	// Jitter spreads waiting times, with numbers in [0, 1); nil: chance. Tests that repeat a run set it.
	Jitter func() float64
	// OnSetback is called with each attempt that fails for a reason that may pass, before the call waits for its next attempt. The
	// calls of several goroutines call it at the same time. Nil: nobody wants to know.
	OnSetback func(Setback)
	// OnExchange is called with each attempt, for a trace. The calls of several goroutines call it at the same time. Nil: nobody
	// traces.
	OnExchange func(*Exchange)
}

// Client is an account's access to the API. It is safe for concurrent use.
type Client struct {
	key        secret.Text
	hidden     []secret.Text  // the key, and its part behind the public prefix: no message shows them
	others     secret.Set     // [Config.Hidden]
	sip        secret.Growing // the SIP passwords that listings of extensions have shown
	header     *http.Header   // behind a pointer, since fmt would print the key in it
	urls       map[operation]*url.URL
	transport  http.RoundTripper
	own        *transport.Transport // the transport, if it is of this type; else nil
	timeout    time.Duration
	pacer      *pacer.Pacer
	jitter     func() float64
	onSetback  func(Setback)
	onExchange func(*Exchange)
	clock      clock
	calls      atomic.Int64
	requests   atomic.Int64
	throttled  atomic.Int64
	reached    atomic.Bool // the API has answered
}

// New returns a client, or an error that names the wrong setting. It sends nothing.
func New(cfg Config) (*Client, error) {
	urls, err := endpoints(cfg.BaseURL, cmp.Or(cfg.Service, DefaultService))
	if err != nil {
		return nil, err
	}
	if err := checkKey(cfg.Key.Reveal()); err != nil {
		return nil, err
	}
	if !(cfg.Rate >= 0 && cfg.Rate <= pacer.MaxRate) { // NaN is wrong, too
		return nil, message.Errorf("the rate %v is not possible: use 0 (no limit) to %v requests per second", cfg.Rate, float64(pacer.MaxRate))
	}
	c := &Client{
		key:        cfg.Key,
		hidden:     []secret.Text{cfg.Key},
		others:     cfg.Hidden,
		header:     header(cfg.Key),
		urls:       urls,
		transport:  cfg.Transport,
		timeout:    cfg.Timeout,
		pacer:      pacer.New(cfg.Rate, max(cfg.Burst, 1), cfg.Jitter),
		jitter:     cfg.Jitter,
		onSetback:  cfg.OnSetback,
		onExchange: cfg.OnExchange,
	}
	if c.Key().Kind != OtherKey {
		_, rest, _ := strings.Cut(cfg.Key.Reveal(), ":")
		c.hidden = append(c.hidden, secret.New(rest))
	}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	if c.jitter == nil {
		c.jitter = rand.Float64
	}
	if c.transport == nil {
		c.transport = &transport.Transport{Idle: max(cfg.Workers, 1)}
	}
	c.own, _ = c.transport.(*transport.Transport)
	return c, nil
}

// header is shared by all requests: a RoundTripper must not change what it is given.
func header(key secret.Text) *http.Header {
	return &http.Header{
		"Accept":          {"application/json"},
		"Accept-Encoding": {"identity"}, // nobody here could decode another one
		"Authorization":   {"Bearer " + key.Reveal()},
		"Content-Type":    {"application/json"},
		"User-Agent":      {"etelecom-import"},
	}
}

// do makes a call of the API.
func (c *Client) do(ctx context.Context, k *call) error {
	k.client, k.number = c, c.calls.Add(1)
	return k.do(ctx)
}

// redactor returns a function that takes the secrets of a call out of a text: the key, the call's own password, and those of
// all others, since an answer may be another call's; and the SIP passwords that the tenant has shown.
func (c *Client) redactor(own ...secret.Text) func(string) string {
	hide, sip := c.others.Redactor(append(slices.Clip(c.hidden), own...)...), c.sip.Set().Redactor()
	return func(text string) string { return sip(hide(text)) }
}

// shown returns a text of the tenant as people may see it. An id is left as it is: the digits of a password may be in it by chance,
// and whoever takes an id takes nothing but digits.
func (c *Client) shown(text lenientString) string { return sanitize(string(text), c.redactor()) }

// Key returns the shape of the client's key.
func (c *Client) Key() KeyShape { return ShapeOf(c.key.Reveal()) }

// Fingerprint returns a text by which [Client.HasFingerprint] recognizes the client's key and address, and from which nobody
// can read them. It differs each time.
func (c *Client) Fingerprint() string { return c.fingerprint(newSalt()) }

// HasFingerprint reports whether f was made by a client with the same key and address.
func (c *Client) HasFingerprint(f string) bool {
	salt, _, ok := strings.Cut(f, ".")
	return ok && f == c.fingerprint(salt)
}

func (c *Client) fingerprint(salt string) string {
	return fingerprint(salt, c.urls[createAccountUser].String(), c.key.Reveal())
}

// ServerTime returns bounds of the server's clock now, from the Dates of its answers. Before the first answer both are the
// time of the local clock.
func (c *Client) ServerTime() (earliest, latest time.Time) { return c.clock.bounds(time.Now()) }

// Skew returns how far the server's clock is ahead of this machine's, to about a second. known is false before the first
// answer with a Date.
func (c *Client) Skew() (ahead time.Duration, known bool) { return c.clock.skew() }

// Stats are the counts since the client was made, and the pacer's state now.
type Stats struct {
	Requests    int64     // attempts handed to the transport, reads and retries included
	Throttled   int64     // of these, answered with 429 or resource_exhausted
	Rate        float64   // the current rate in requests per second; 0: no limit
	PausedUntil time.Time // nothing is sent before; in the past or zero: no pause
}

// Stats returns the counts and the pacer's state.
func (c *Client) Stats() Stats {
	s := Stats{Requests: c.requests.Load(), Throttled: c.throttled.Load()}
	s.Rate, s.PausedUntil = c.pacer.State()
	return s
}

// Route is how the API's host is reached.
type Route = transport.Route

// Reach connects to the API's host as a call would, and sends nothing. The error is an [*Error]. The route has what was found
// out before it.
func (c *Client) Reach(ctx context.Context) (Route, error) {
	const op = "Connect"
	if c.own == nil {
		return Route{}, &Error{Op: op, Outcome: NotApplied, Err: message.New("this client makes no connections of its own")}
	}
	route, err := c.own.Reach(ctx, c.urls[getAccountUsers])
	if err != nil {
		e := evidence{early: !c.reached.Load(), err: err}
		v := classify(read, e)
		return route, &Error{
			Op: op, Host: c.urls[getAccountUsers].Host, Outcome: NotApplied, Trouble: troubleOf(e, v),
			Err: newCause(v.reason, err, c.redactor()), blame: v.blame,
		}
	}
	return route, nil
}

// CloseIdleConnections closes the connections that no request is using.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}
