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
)

const (
	maxBody      = 1 << 20
	maxThrottled = 10 // attempts that may be throttled
	maxUnsent    = 4  // attempts of a write that may not get through
	maxReads     = 6  // attempts of a read that may fail
)

var errTooLarge = errors.New("more than 1 MiB")

// call is one call of the API: what to send, and what to make of the answer.
type call struct {
	op     operation
	once   bool // one attempt, that takes no longer than identityTimeout
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
	retryAfter time.Duration
	asked      bool // retryAfter was there and understood
}

// do is the one door to the API: each attempt waits for its slot, takes the intent, and is sent once.
func (c *Client) do(ctx context.Context, k *call) error {
	for failed, throttled := 0, 0; ; {
		granted, intent, err := c.begin(ctx, k)
		if err != nil {
			return &Error{Op: k.op.name, Outcome: NotApplied, Err: err}
		}
		a := c.attempt(ctx, k, intent)
		c.tell(granted, a, probing(ctx))
		if a.done {
			return nil
		}
		v := classify(k.op.kind, a.reply)
		if k.once || !mayRepeat(k.op.kind, v) {
			return c.failure(k, a, v)
		}
		if v.fault == faultThrottled { // the pacer makes it wait
			if throttled++; throttled == maxThrottled {
				return c.failure(k, a, v)
			}
			continue
		}
		if failed++; failed == tries(k.op.kind) {
			return c.failure(k, a, v)
		}
		if err := sleep(ctx, backoff(k.op.kind, failed, c.pace.jitter())); err != nil {
			return &Error{Op: k.op.name, Outcome: NotApplied, Err: err}
		}
	}
}

// begin waits for a slot and takes the intent, anew if that took longer than an intent lasts. With an error, nothing may
// be sent.
func (c *Client) begin(ctx context.Context, k *call) (granted, intent time.Time, err error) {
	if granted, err = c.pace.slot(ctx); err != nil || k.intent == nil {
		return granted, intent, err
	}
	for {
		intent = time.Now()
		if err := k.intent(); err != nil {
			return granted, intent, err
		}
		if c.pace.missed(granted) {
			if granted, err = c.pace.slot(ctx); err != nil {
				return granted, intent, err
			}
		}
		if _, age := elapsed(intent, time.Now()); age <= IntentLasts {
			return granted, intent, stopped(ctx)
		}
	}
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

func tries(k kind) int {
	if k == read {
		return maxReads
	}
	return maxUnsent
}

// backoff returns the wait after so many failures: anything up to a bound that doubles each time.
func backoff(k kind, failed int, jitter float64) time.Duration {
	least, most := 100*time.Millisecond, 2*time.Second
	if k == read {
		least, most = 250*time.Millisecond, 8*time.Second
	}
	return time.Duration(jitter * float64(min(least<<failed, most)))
}

// attempt sends the call once. What ctx ends is only what has not begun, so a request under way has its own deadline.
func (c *Client) attempt(ctx context.Context, k *call, intent time.Time) (a answer) {
	ctx = context.WithoutCancel(ctx)
	if k.intent != nil {
		ctx = context.WithValue(ctx, intentKey{}, intent)
	}
	timeout := c.timeout
	if k.once {
		timeout = min(timeout, identityTimeout)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	sent := time.Now()
	c.requests.Add(1)
	a.early = !c.reached.Load()
	resp, err := c.transport.RoundTrip(c.request(ctx, k))
	if err != nil {
		a.sent = !unsent(err)
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
		c.pace.throttled(granted, time.Now(), a.retryAfter, a.asked)
	case a.status == http.StatusServiceUnavailable && a.xcode != accountClosed && !probe:
		c.pace.unavailable(granted, time.Now(), a.retryAfter, a.asked)
	case a.status != 0 && a.status < 500:
		c.pace.succeeded(granted, time.Now())
	}
}

// failure builds the Error of a call that has failed for good.
func (c *Client) failure(k *call, a answer, v verdict) *Error {
	hidden := append(slices.Clip(c.hidden), k.secret)
	show := func(s string) string { return presentable(s, hidden...) }
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
	e := &Error{
		Op: k.op.name, Status: a.status, Code: show(a.code), XCode: show(a.xcode), Msg: show(a.msg), RetryAfter: a.retryAfter,
		Outcome: v.outcome, SaysExists: saysExists(a.reply, a.msg), Err: newCause(v.reason, below, hidden...), fault: v.fault,
	}
	if v.reason == ErrKey {
		e.Key = c.Key()
	}
	if errors.Is(a.flaw, errNotUpdated) {
		e.Code = codeNotUpdated
	}
	return e
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

// stopped returns nil until ctx is done, and then an error that is both ctx.Err() and its cause.
func stopped(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		return nil
	}
	if why := context.Cause(ctx); why != err {
		return fmt.Errorf("%w: %w", err, why)
	}
	return err
}

// sleep waits for d, or until ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return stopped(ctx)
	}
}
