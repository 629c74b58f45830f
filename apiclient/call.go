package apiclient

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/apiclient/transport"
	"etelecom-import/apiclient/wait"
)

const (
	maxBody       = 1 << 20
	maxThrottled  = 10 // attempts that the tenant may throttle
	maxUnsent     = 4  // attempts of a write, of which nothing was sent
	maxReads      = 6  // attempts of a read
	maxReadsShort = 4  // the same, if the caller repeats the read
)

// IntentTTL is how long an intent is good for: the first byte of a write is sent within this time after the intent was
// asked for. A write that is not sent by then needs a new intent.
const IntentTTL = 5 * time.Second

var errTooLarge = message.New("it has more than 1 MiB")

// call is one call of the API: what to send, and what to make of the answer. Its method do is the one door to the API.
type call struct {
	client *Client
	op     operation
	once   bool // any answer is enough, whatever it says, and all attempts together take at most identityTimeout
	body   []byte
	intent func() error            // called before every attempt; nil: the call needs none
	secret secret.Text             // that the body holds
	decode func(body []byte) error // reads a 2xx answer; its error says what is wrong with the answer
	asked  Asked                   // what a trace may have of the request

	number   int64 // of the call
	attempts int   // that were made
}

// setup is what an attempt starts with.
type setup struct {
	lease   *transport.Lease // of the connection; nil: the transport is not ours and makes its own
	failed  error            // why connecting failed; nil: it did not
	intent  time.Time        // when the intent was asked for; zero: not yet
	granted time.Time        // when the attempt got its slot
	spent   time.Duration    // on connecting, and on the attempts before
}

// isStale reports whether the intent is too old, or has not been asked for.
func (s *setup) isStale() bool { return transport.Passed(s.intent.Add(IntentTTL)) }

// attemptResult is what an attempt yields: success, or the evidence to classify and the rest of what an Error shows.
type attemptResult struct {
	evidence
	done          bool
	bodyErr       error // what is wrong with a body that has arrived whole
	msg           string
	location      string
	took          time.Duration
	retryAfter    time.Duration
	hasRetryAfter bool // the answer has a header Retry-After that can be read
}

// metClose reports whether the request seems to have met the close of its connection on the way: it broke soon.
func (a *attemptResult) metClose() bool {
	return a.sent && a.status == 0 && a.took < identityTimeout/5
}

// do makes attempts until one succeeds, or fails in a way that another attempt would not repair. Each one gets its connection,
// takes the intent, waits for its slot, and is sent once.
func (k *call) do(ctx context.Context) error {
	var spent time.Duration
	for failed, throttled := 0, 0; ; {
		s, err := k.prepare(ctx)
		if err != nil {
			return &Error{Op: k.op.name, Outcome: NotApplied, Err: err}
		}
		connecting := s.spent
		s.spent += spent
		a := k.attempt(ctx, s)
		k.reportToPacer(s.granted, a, isProbe(ctx))
		if a.done {
			return nil
		}
		spent = s.spent + a.took
		v := classify(k.op.kind, a.evidence)
		// A broken connection says nothing about what the call asks: even a call that is made once gets another attempt.
		enough := k.once && (failed > 0 || !a.metClose())
		isThrottled := v.blame == blameThrottled
		made, most := &failed, maxAttempts(ctx, k.op.kind)
		switch {
		case isThrottled:
			made, most = &throttled, maxThrottled
		case k.once:
			most = 2
		}
		if *made++; enough || !retryable(k.op.kind, v) || *made == most {
			err := k.failure(a, v)
			k.tellSetback(Setback{Err: err, Took: connecting + a.took})
			return err
		}
		if k.client.onSetback != nil {
			k.tellSetback(Setback{Err: k.failure(a, v), Next: *made + 1, Of: most, Took: connecting + a.took})
		}
		if isThrottled { // the pacer makes the next attempt wait
			continue
		}
		if err := wait.For(ctx, backoff(k.op.kind, failed, k.client.jitter())); err != nil {
			return &Error{Op: k.op.name, Outcome: NotApplied, Err: err}
		}
	}
}

// tellSetback tells those who wait that an attempt has failed, if another attempt of this call or of a later one may succeed. Of a
// write without an answer another follows only after its caller has looked what became of it, and the caller says so.
func (k *call) tellSetback(s Setback) {
	mayPass := s.Err.blame != blameCall && s.Err.blame != blameRefused
	isLost := k.isWrite() && s.Next == 0
	if k.client.onSetback == nil || !mayPass || isLost {
		return
	}
	s.Host = s.Err.Host
	k.client.onSetback(s)
}

// prepare gets the connection and the intent ready, and then waits for the slot. What has grown too old by then is renewed,
// and the slot is left to others meanwhile. After an error nothing may be sent.
func (k *call) prepare(ctx context.Context) (s setup, err error) {
	if err = k.client.pacer.Enter(ctx, isProbe(ctx)); err != nil {
		return s, err
	}
	if own := k.client.own; own != nil {
		s.lease = own.Lease(k.url(), k.isWrite())
	}
	for ok := false; !ok; {
		// First the connection: without one, there is nothing to announce by an intent.
		if err := k.connect(ctx, &s); err != nil || s.failed != nil {
			return s, err
		}
		if k.isWrite() && s.isStale() {
			s.intent = time.Now()
			err = k.intent()
		}
		if err == nil {
			// rule: slot-at-first-byte
			s.granted, ok, err = k.client.pacer.Slot(ctx, isProbe(ctx), func() bool { return k.isReady(&s) })
		}
		if err != nil {
			if s.lease != nil {
				s.lease.Release()
			}
			return s, err
		}
	}
	return s, nil
}

// connect gets a connection ready. A failure to connect is in s; an error is that of ctx.
func (k *call) connect(ctx context.Context, s *setup) error {
	if s.lease == nil {
		return nil
	}
	began := time.Now()
	s.failed = s.lease.Prepare(ctx, k.timeout())
	s.spent += time.Since(began)
	if s.failed != nil {
		return wait.Err(ctx)
	}
	return nil
}

// isReady reports whether the request can be sent now with the intent and the connection that it has.
func (k *call) isReady(s *setup) bool {
	if k.isWrite() && s.isStale() {
		return false
	}
	return s.lease == nil || s.lease.Ready()
}

// isWrite reports whether the call needs an intent: it changes the tenant, and may be lost only once.
func (k *call) isWrite() bool { return k.intent != nil }

func (k *call) url() *url.URL { return k.client.urls[k.op] }

// timeout returns how long one attempt may take.
func (k *call) timeout() time.Duration {
	if k.once {
		return min(k.client.timeout, identityTimeout)
	}
	return k.client.timeout
}

// attempt sends the call once. The end of ctx does not end a request that is under way; its timeout does.
func (k *call) attempt(ctx context.Context, s setup) (a attemptResult) {
	c := k.client
	c.requests.Add(1)
	k.attempts++
	a.early = !c.reached.Load()
	if s.failed != nil {
		a.err = s.failed
		if c.onExchange != nil {
			c.onExchange(newExchange(k, &a, time.Now(), false, nil, nil))
		}
		return a
	}
	ctx = context.WithoutCancel(ctx)
	if k.isWrite() {
		ctx = transport.WithDeadlineToSend(ctx, s.intent.Add(IntentTTL))
	}
	timeout := k.timeout()
	if k.once {
		timeout -= s.spent
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	over := c.transport
	if s.lease != nil {
		over = s.lease
	}
	reused := s.lease != nil && s.lease.IsReused()
	sent := time.Now()
	resp, err := over.RoundTrip(k.request(ctx))
	a.took = time.Since(sent)
	if err != nil {
		a.sent = !transport.IsUnsent(err)
		a.err = describeTransport(err, a.sent, c.timeout)
		if c.onExchange != nil {
			c.onExchange(newExchange(k, &a, sent, reused, nil, nil))
		}
		return a
	}
	defer resp.Body.Close()
	a.sent, a.status = true, resp.StatusCode
	buf := buffers.Get().(*bytes.Buffer)
	defer release(buf)
	if _, err := buf.ReadFrom(io.LimitReader(resp.Body, maxBody+1)); err != nil {
		a.err = describeTransport(err, true, c.timeout)
	} else if buf.Len() > maxBody {
		a.bodyErr = errTooLarge
	}
	k.readAnswer(&a, resp, buf.Bytes())
	if c.onExchange != nil {
		c.onExchange(newExchange(k, &a, sent, reused, resp, buf.Bytes()))
	}
	if a.form == formObject { // the API itself has answered
		c.reached.Store(true)
		c.clock.observe(resp.Header, sent, time.Now())
	}
	return a
}

// request builds the request by hand: to parse its address each time would be the most expensive part. Without GetBody no
// transport can send it again by itself.
func (k *call) request(ctx context.Context) *http.Request {
	u := k.url()
	r := &http.Request{
		Method: http.MethodPost, URL: u, Host: u.Host, Header: *k.client.header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(bytes.NewReader(k.body)), ContentLength: int64(len(k.body)),
	}
	return r.WithContext(ctx)
}

// readAnswer reads the body and the header of an answer into a.
func (k *call) readAnswer(a *attemptResult, resp *http.Response, b []byte) {
	isWhole := a.err == nil && a.bodyErr == nil
	if isWhole {
		// A body that can be decoded has the right form: an answer that means success is read once only.
		if a.status/100 == 2 && bytes.HasPrefix(trim(b), []byte{'{'}) && k.decode(b) == nil {
			a.form, a.done = formObject, true
			return
		}
		a.form = formOf(resp.Header.Get("Content-Type"), b)
	}
	if a.form == formObject && a.status/100 == 2 {
		a.bodyErr = k.decode(b)
	}
	if a.form == formObject {
		var p problem
		_ = decode(b, &p)
		a.code, a.msg, a.xcode = string(p.Code), string(p.Msg), string(p.Meta.XCode)
		a.exists = a.status >= 400 && saysExists(a.evidence, a.msg)
	}
	a.location = resp.Header.Get("Location")
	a.retryAfter, a.hasRetryAfter = retryAfter(resp.Header, time.Now())
}

// reportToPacer tells the pacer how the tenant took an attempt. It alone decides which answers slow the client down, which is
// another question than what the request has done: see classify.
func (k *call) reportToPacer(granted time.Time, a attemptResult, probe bool) {
	c := k.client
	switch {
	case a.status == http.StatusTooManyRequests || a.code == "resource_exhausted":
		c.throttled.Add(1)
		c.pacer.Throttled(granted, time.Now(), a.retryAfter, a.hasRetryAfter)
	case a.status == http.StatusServiceUnavailable && a.xcode != accountClosed && !probe:
		// nginx answers its rate limit with 503 unless told otherwise. About what the request did, that proves nothing.
		c.pacer.MaybeThrottled(granted, time.Now(), a.retryAfter, a.hasRetryAfter)
	case a.status != 0 && a.status < 500:
		c.pacer.Succeeded(granted, time.Now())
	}
}

// failure builds the Error of a call that has failed for good.
func (k *call) failure(a attemptResult, v verdict) *Error {
	hide := k.client.redactor(k.secret)
	show := func(s string) string { return sanitize(s, hide) }
	detail := a.err
	if a.bodyErr != nil {
		detail = message.Errorf("the answer is not what the API promises: %w", a.bodyErr)
	}
	isRedirect := v.blame == blameRefused && a.status/100 == 3 && a.location != ""
	if to, err := url.Parse(a.location); isRedirect && err == nil {
		detail = message.New("the server redirects to another path of its own")
		if to.Host != "" {
			detail = message.Errorf("the server redirects to %s://%s", cmp.Or(to.Scheme, k.url().Scheme), to.Host)
		}
	}
	e := &Error{
		Op: k.op.name, Status: a.status, Code: shownCode(a.code, show), XCode: show(a.xcode), Msg: show(a.msg), RetryAfter: a.retryAfter,
		Outcome: v.outcome, SaysExists: a.exists, Err: newCause(v.reason, detail, hide), blame: v.blame,
		Host: k.url().Host, Trouble: troubleOf(a.evidence, v),
	}
	if v.reason == ErrKey {
		e.Key = k.client.Key()
	}
	if errors.Is(a.bodyErr, errNotUpdated) {
		e.Code = codeNotUpdated
	}
	return e
}

// shownCode returns a code of the API. A known one is public, even if somebody has it for a password.
func shownCode(code string, show func(string) string) string {
	if _, known := codes[code]; known {
		return code
	}
	return show(code)
}

// retryable reports whether another attempt does no harm and may succeed.
func retryable(k kind, v verdict) bool {
	switch v.blame {
	case blameThrottled, blameDown:
		return v.outcome == NotApplied
	case blameHTML, blameAnswer:
		return k == read
	}
	return false
}

// maxAttempts returns how many attempts may fail, without those that were throttled.
func maxAttempts(ctx context.Context, k kind) int {
	switch {
	case k != read:
		return maxUnsent
	case isRepeated(ctx):
		return maxReadsShort
	}
	return maxReads
}

// backoff returns the wait after so many failures: full jitter below a bound that doubles each time.
func backoff(k kind, failed int, jitter float64) time.Duration {
	least, most := 100*time.Millisecond, 2*time.Second
	if k == read {
		least, most = 250*time.Millisecond, 8*time.Second
	}
	return time.Duration(jitter * float64(min(least<<failed, most)))
}

// repeatedKey is the context key of [Repeated].
type repeatedKey struct{}

// Repeated returns a context for reads that their caller repeats if the API is down. The client makes fewer attempts for such
// a caller.
func Repeated(ctx context.Context) context.Context {
	return context.WithValue(ctx, repeatedKey{}, true)
}

func isRepeated(ctx context.Context) bool { return ctx.Value(repeatedKey{}) != nil || isProbe(ctx) }

// probeKey is the context key of [Probing].
type probeKey struct{}

// Probing returns a context for calls that find out whether the API is back. Their caller decides how often to make them, so
// they are [Repeated], HTTP 503 in answer to one does not change the pace, and a pause that an earlier 503 asked for does
// not hold them up.
func Probing(ctx context.Context) context.Context { return context.WithValue(ctx, probeKey{}, true) }

func isProbe(ctx context.Context) bool { return ctx.Value(probeKey{}) != nil }

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
