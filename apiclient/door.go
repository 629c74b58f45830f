package apiclient

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"etelecom-import/apiclient/secret"
	"etelecom-import/apiclient/transport"
	"etelecom-import/apiclient/wait"
)

const (
	maxBody      = 1 << 20
	maxThrottled = 10 // attempts that may be throttled
	maxUnsent    = 4  // attempts of a write that may not get through
	maxReads     = 6  // attempts of a read that may fail
	fewReads     = 4  // the same, where the caller repeats it
)

// IntentLasts is how long after its intent was asked for the first byte of a write is sent at the latest. What is not sent
// by then needs a new one.
const IntentLasts = 5 * time.Second

var errTooLarge = errors.New("more than 1 MiB")

// call is one call of the API: what to send, and what to make of the answer.
type call struct {
	op     operation
	once   bool // one answer is enough, whatever it says; all takes no longer than identityTimeout
	body   []byte
	intent func() error            // before every attempt; nil: none
	secret secret.Text             // that the body holds
	decode func(body []byte) error // reads a 2xx answer; an error says what is wrong with it
}

// answer is what an attempt yields: done, or a reply to classify and the rest of what an Error shows.
type answer struct {
	reply
	done       bool
	flaw       error // of a body that has arrived to its end
	msg        string
	location   string
	took       time.Duration
	retryAfter time.Duration
	asked      bool // retryAfter was there and understood
}

// start is what an attempt starts with.
type start struct {
	lease   *transport.Lease // of the connection; nil: the transport sees to it
	spent   time.Duration    // how long it took to connect, and the attempt before
	failed  error            // why there is no connection
	intent  time.Time        // when the intent was asked for
	granted time.Time        // the slot
}

// do is the one door to the API: each attempt gets its connection, takes the intent, waits for its slot, and is sent once.
func (c *Client) do(ctx context.Context, k *call) error {
	var spent time.Duration
	for failed, throttled := 0, 0; ; {
		s, err := c.begin(ctx, k)
		if err != nil {
			return &Error{Op: k.op.name, Outcome: NotApplied, Err: err}
		}
		s.spent += spent // by the attempt before
		a := c.attempt(ctx, k, s)
		c.tell(s.granted, a, probing(ctx))
		if a.done {
			return nil
		}
		v := classify(k.op.kind, a.reply)
		if spent = s.spent + a.took; k.once && (failed > 0 || !a.crossed()) || !mayRepeat(k.op.kind, v) {
			return c.failure(k, a, v)
		}
		if v.fault == faultThrottled { // the pacer makes it wait
			if throttled++; throttled == maxThrottled {
				return c.failure(k, a, v)
			}
			continue
		}
		if failed++; failed == tries(ctx, k.op.kind) {
			return c.failure(k, a, v)
		}
		if err := wait.For(ctx, backoff(k.op.kind, failed, c.jitter())); err != nil {
			return &Error{Op: k.op.name, Outcome: NotApplied, Err: err}
		}
	}
}

// begin gets everything ready that a request needs, and then waits for the moment at which it may be sent. What has grown
// too old by then is renewed. With an error, nothing may be sent.
func (c *Client) begin(ctx context.Context, k *call) (s start, err error) {
	if err = c.pace.Enter(ctx, probing(ctx)); err != nil {
		return s, err
	}
	if c.own != nil {
		s.lease = c.own.Lease(c.urls[k.op], k.intent != nil)
	}
	for ok := false; !ok; {
		if err := c.connect(ctx, k, &s); err != nil || s.failed != nil {
			return s, err
		}
		if k.intent != nil && s.stale() {
			s.intent = time.Now()
			err = k.intent()
		}
		if err == nil {
			s.granted, ok, err = c.pace.Slot(ctx, probing(ctx), func() bool { return usable(k, &s) })
		}
		if err != nil && s.lease != nil {
			s.lease.Release()
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

// crossed reports whether the request seems to have met the end of its connection on the way.
func (a *answer) crossed() bool { return a.sent && a.status == 0 && a.took < identityTimeout/5 }

// stale reports whether the intent, if there is one, is too old.
func (s *start) stale() bool { return transport.Passed(s.intent.Add(IntentLasts)) }

// connect gets a connection ready, unless the transport is not ours. An error is that of ctx.
func (c *Client) connect(ctx context.Context, k *call, s *start) error {
	if s.lease == nil {
		return nil
	}
	began := time.Now()
	s.failed = s.lease.Prepare(ctx, c.timeoutOf(k))
	s.spent += time.Since(began)
	if s.failed != nil {
		return wait.Err(ctx)
	}
	return nil
}

// usable reports whether a request can be sent with what was made ready for it.
func usable(k *call, s *start) bool {
	if k.intent != nil && s.stale() {
		return false
	}
	return s.lease == nil || s.lease.Ready()
}

func (c *Client) timeoutOf(k *call) time.Duration {
	if k.once {
		return min(c.timeout, identityTimeout)
	}
	return c.timeout
}

// mayRepeat reports whether the call can be tried again without harm, and with hope.
func mayRepeat(k kind, v verdict) bool {
	switch v.fault {
	case faultThrottled, faultDown:
		return v.outcome == NotApplied
	case faultPage, faultAnswer:
		return k == read
	}
	return false
}

func tries(ctx context.Context, k kind) int {
	switch {
	case k != read:
		return maxUnsent
	case repeated(ctx):
		return fewReads
	}
	return maxReads
}

// repeatedKey is the context key of reads that their caller repeats.
type repeatedKey struct{}

// Repeated returns a context for reads that their caller repeats if the API is down. The client soon lets such a caller know.
func Repeated(ctx context.Context) context.Context {
	return context.WithValue(ctx, repeatedKey{}, true)
}

func repeated(ctx context.Context) bool { return ctx.Value(repeatedKey{}) != nil || probing(ctx) }

// probeKey is the context key of a probe.
type probeKey struct{}

// Probing returns a context for calls that find out whether the API is back. Their caller decides how often to make them.
// So what HTTP 503 says of one of them does not change the pace, a pause for which an earlier 503 asked does not hold
// them up, and they are [Repeated].
func Probing(ctx context.Context) context.Context { return context.WithValue(ctx, probeKey{}, true) }

func probing(ctx context.Context) bool { return ctx.Value(probeKey{}) != nil }

// backoff returns the wait after so many failures: anything up to a bound that doubles each time.
func backoff(k kind, failed int, jitter float64) time.Duration {
	least, most := 100*time.Millisecond, 2*time.Second
	if k == read {
		least, most = 250*time.Millisecond, 8*time.Second
	}
	return time.Duration(jitter * float64(min(least<<failed, most)))
}

// attempt sends the call once. What ctx ends is only what has not begun, so a request under way has its own deadline.
func (c *Client) attempt(ctx context.Context, k *call, s start) (a answer) {
	c.requests.Add(1)
	a.early = !c.reached.Load()
	if s.failed != nil {
		a.err = s.failed
		return a
	}
	ctx = context.WithoutCancel(ctx)
	if k.intent != nil {
		ctx = transport.WithDeadlineToSend(ctx, s.intent.Add(IntentLasts))
	}
	timeout := c.timeoutOf(k)
	if k.once {
		timeout -= s.spent
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	sent := time.Now()
	over := c.transport
	if s.lease != nil {
		over = s.lease
	}
	resp, err := over.RoundTrip(c.request(ctx, k))
	a.took = time.Since(sent)
	if err != nil {
		a.sent = !transport.IsUnsent(err)
		a.err = c.plain(err, a.sent)
		return a
	}
	defer resp.Body.Close()
	a.sent, a.status = true, resp.StatusCode
	buf := buffers.Get().(*bytes.Buffer)
	defer release(buf)
	if _, err := buf.ReadFrom(io.LimitReader(resp.Body, maxBody+1)); err != nil {
		a.err = c.plain(err, true)
	} else if buf.Len() > maxBody {
		a.flaw = errTooLarge
	}
	c.understand(&a, k, resp, buf.Bytes())
	if a.form == formObject {
		c.reached.Store(true)
		c.clock.observe(resp.Header, sent, time.Now())
	}
	return a
}

// request builds the request by hand: parsing its address each time would be the most expensive part. Without GetBody no
// transport can send it again by itself.
func (c *Client) request(ctx context.Context, k *call) *http.Request {
	u := c.urls[k.op]
	r := &http.Request{
		Method: http.MethodPost, URL: u, Host: u.Host, Header: *c.header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(bytes.NewReader(k.body)), ContentLength: int64(len(k.body)),
	}
	return r.WithContext(ctx)
}

// understand reads an answer's body and headers into a.
func (c *Client) understand(a *answer, k *call, resp *http.Response, b []byte) {
	if a.err == nil && a.flaw == nil {
		// Decoding proves the form too: what goes well is looked at once.
		if a.status/100 == 2 && bytes.HasPrefix(trim(b), []byte{'{'}) && k.decode(b) == nil {
			a.form, a.done = formObject, true
			return
		}
		a.form = formOf(resp.Header.Get("Content-Type"), b)
	}
	if a.form == formObject && a.status/100 == 2 {
		a.flaw = k.decode(b)
	}
	if a.form == formObject {
		var p problem
		_ = decode(b, &p)
		a.code, a.msg, a.xcode = string(p.Code), string(p.Msg), string(p.Meta.XCode)
		a.exists = a.status >= 400 && saysExists(a.reply, a.msg)
	}
	a.location = resp.Header.Get("Location")
	a.retryAfter, a.asked = retryAfter(resp.Header, time.Now())
}

// tell lets the pacer know how the tenant took the attempt. A server that limits with a 503, as nginx does unless told
// otherwise, wants less, too; of what the request did, that proves nothing.
func (c *Client) tell(granted time.Time, a answer, probe bool) {
	switch {
	case a.status == http.StatusTooManyRequests || a.code == "resource_exhausted":
		c.throttled.Add(1)
		c.pace.Throttled(granted, time.Now(), a.retryAfter, a.asked)
	case a.status == http.StatusServiceUnavailable && a.xcode != accountClosed && !probe:
		c.pace.Unavailable(granted, time.Now(), a.retryAfter, a.asked)
	case a.status != 0 && a.status < 500:
		c.pace.Succeeded(granted, time.Now())
	}
}

// failure builds the Error of a call that has failed for good.
func (c *Client) failure(k *call, a answer, v verdict) *Error {
	hide := c.hide(k.secret)
	show := func(s string) string { return presentable(s, hide) }
	below := a.err
	if a.flaw != nil {
		below = fmt.Errorf("the answer is not what the API promises: %w", a.flaw)
	}
	if to, err := url.Parse(a.location); a.location != "" && v.fault == faultRefused && a.status/100 == 3 && err == nil {
		below = errors.New("it redirects to another path of the same server")
		if to.Host != "" {
			below = fmt.Errorf("it redirects to %s://%s", cmp.Or(to.Scheme, c.urls[k.op].Scheme), to.Host)
		}
	}
	code := a.code
	if _, known := codes[code]; !known { // what is known is no secret, also where somebody has it for a password
		code = show(code)
	}
	e := &Error{
		Op: k.op.name, Status: a.status, Code: code, XCode: show(a.xcode), Msg: show(a.msg), RetryAfter: a.retryAfter,
		Outcome: v.outcome, SaysExists: a.exists, Err: newCause(v.reason, below, hide), fault: v.fault,
	}
	if v.reason == ErrKey {
		e.Key = c.Key()
	}
	if errors.Is(a.flaw, errNotUpdated) {
		e.Code = codeNotUpdated
	}
	return e
}

// hide returns what takes the secrets of a call out of a text: the key, the call's own password, and those of all others,
// since an answer may be another call's.
func (c *Client) hide(own ...secret.Text) func(string) string {
	return c.others.Redactor(append(slices.Clip(c.hidden), own...)...)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// release returns a buffer to the pool without what it held, which may have been a SIP password.
func release(b *bytes.Buffer) {
	if b.Cap() > 64<<10 {
		return
	}
	clear(b.Bytes())
	b.Reset()
	buffers.Put(b)
}
