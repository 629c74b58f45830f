// Package apiclient speaks the eTelecom API, through one door that keeps the rate, takes the caller's
// intent, sends once, and says of every failure what the call may have done.
//
// An intent is the caller's durable note that a write is about to be sent. A write is sent at most once per intent.
// The client tries a write again, with a new intent, only if the last attempt provably had no effect: no byte of it
// was sent, or the tenant throttled it. Everything else that is not a plain answer is [Unknown] and goes to the
// caller at once. Reads change nothing and are tried again on anything that may pass.
package apiclient

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"etelecom-import/apiclient/pacer"
	"etelecom-import/apiclient/secret"
	"etelecom-import/apiclient/transport"
)

const defaultTimeout = 30 * time.Second

// Config says where the API is and how hard it may be used.
type Config struct {
	BaseURL   string            // https, or http to loopback, with a path; one slash or dot at its end is dropped
	Service   string            // the brand's name of the service that manages extensions; empty: [DefaultService]
	Key       secret.Text       // the API key, of visible ASCII; required
	Hidden    secret.Set        // what no error may show beside the key and the call's own password: the passwords of all rows
	Rate      float64           // requests per second at most, retries included; 0: no limit
	Burst     int               // requests that may go at once after idling; below 1 counts as 1
	Timeout   time.Duration     // of one attempt, from its intent to the end of its answer; 0: 30 s
	Workers   int               // idle connections kept; below 1 counts as 1
	Transport http.RoundTripper // nil: a [transport.Transport] that keeps a connection for each worker. Another one's error that proves that nothing was sent has the method Unsent, as that of [transport.Unsent]; it does not know how old an intent is
	Jitter    func() float64    // spreads waiting times, with numbers in [0, 1); nil: chance. Tests that repeat a run set it
}

// Client is an account's access to the API. It is safe for concurrent use.
type Client struct {
	key       secret.Text
	hidden    []secret.Text // the key, and what of it is no public prefix: no message shows them
	others    secret.Set    // [Config.Hidden]
	header    *http.Header  // behind a pointer, since fmt would print the key in it
	urls      map[operation]*url.URL
	transport http.RoundTripper
	own       *transport.Transport // the transport, if it is one; it gets connections ready before they are needed
	timeout   time.Duration
	pace      *pacer.Pacer
	jitter    func() float64
	clock     clock
	requests  atomic.Int64
	throttled atomic.Int64
	reached   atomic.Bool // the API has answered
}

// New returns a client, or an error that names the setting that cannot be. It sends nothing.
func New(cfg Config) (*Client, error) {
	urls, err := endpoints(cfg.BaseURL, cmp.Or(cfg.Service, DefaultService))
	if err != nil {
		return nil, err
	}
	if err := checkKey(cfg.Key.Reveal()); err != nil {
		return nil, err
	}
	if !(cfg.Rate >= 0 && cfg.Rate <= pacer.MaxRate) {
		return nil, fmt.Errorf("rate %v: want 0 (no limit) to %v requests per second", cfg.Rate, float64(pacer.MaxRate))
	}
	c := &Client{
		key:       cfg.Key,
		hidden:    []secret.Text{cfg.Key},
		others:    cfg.Hidden,
		header:    header(cfg.Key),
		urls:      urls,
		transport: cfg.Transport,
		timeout:   cfg.Timeout,
		pace:      pacer.New(cfg.Rate, max(cfg.Burst, 1), cfg.Jitter),
		jitter:    cfg.Jitter,
	}
	if shape := ShapeOf(cfg.Key.Reveal()); shape.Kind != OtherKey {
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

// Stats are the counts since the client was made, and the pacer's state now.
type Stats struct {
	Requests    int64     // attempts handed to the transport, reads and retries included
	Throttled   int64     // of these, answered with 429 or resource_exhausted
	Rate        float64   // the rate that holds now, in requests per second; 0: none
	PausedUntil time.Time // nothing is sent before; in the past or zero: no pause
}

// Stats returns the counts and the pacer's state.
func (c *Client) Stats() Stats {
	s := Stats{Requests: c.requests.Load(), Throttled: c.throttled.Load()}
	s.Rate, s.PausedUntil = c.pace.State()
	return s
}

// CloseIdleConnections closes the connections that no request is using.
func (c *Client) CloseIdleConnections() {
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
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

func checkKey(key string) error {
	if key == "" {
		return errors.New("no API key")
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return fmt.Errorf("the API key has a character at position %d that cannot stand in a key (only visible ASCII can)", i+1)
		}
	}
	return nil
}

// endpoints returns each call's address. The path is glued to the base with a dot, so the base needs a path of its own:
// the dot would else go to the host name.
func endpoints(base, service string) (map[operation]*url.URL, error) {
	if strings.Contains(base, "@") { // not only where the URL has a user: without a scheme, nothing tells what is what
		return nil, errors.New("the base URL has a user or a password (an @): want scheme, host and path alone")
	}
	u, err := url.Parse(strings.TrimSpace(base))
	if err != nil {
		return nil, errors.New("the base URL is not a URL") // the cause would repeat it, with a password in it
	}
	if u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(base, "#") {
		return nil, errors.New("the base URL has a user, a query or a fragment: want scheme, host and path alone")
	}
	if u.Host == "" || u.Hostname() == "" {
		return nil, fmt.Errorf("base URL %q has no host: want one like https://api.etelecom.vn/v1/partner", base)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("base URL %q: want https (http only to this machine itself)", base)
	}
	path := strings.TrimRight(u.EscapedPath(), "/.")
	if path == "" {
		return nil, fmt.Errorf("base URL %q has no path: want one like https://api.etelecom.vn/v1/partner", base)
	}
	if strings.Trim(strings.ToLower(service), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return nil, fmt.Errorf("service %q: want letters and digits alone, such as %s", service, DefaultService)
	}
	urls := make(map[operation]*url.URL)
	for _, op := range operations {
		if urls[op], err = url.Parse(u.Scheme + "://" + u.Host + path + "." + cmp.Or(op.service, service) + "/" + op.name); err != nil {
			return nil, errors.New("the base URL is not a URL")
		}
	}
	return urls, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
