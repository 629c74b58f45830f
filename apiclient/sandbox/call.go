package sandbox

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"time"
)

// request is what came in, over a socket or without one.
type request struct {
	method, path, contentType, authorization string
	body                                     []byte
}

// call is one call of the API, from its arrival to its answer.
type call struct {
	t    *Tenant
	op   Ops // 0: the path names no call
	body []byte

	rule          *activeRule // the rule whose fault happens to the call; nil: none
	notApplicable bool        // the fault found nothing to change in this call
	page          int         // the number of the page, from 1; 0: the call is not a listing
}

// answer gives q its answer, and counts both.
func answer(ctx context.Context, t *Tenant, q request) reply {
	c := &call{t: t, op: route(q.path, t.config.Service), body: q.body}
	r, admitted := c.admit(q)
	if admitted {
		r = c.respond(ctx)
	}
	status, fired := 0, ""
	if r.delivery.hasStatus() {
		status = r.status
	}
	if c.rule != nil && !c.notApplicable {
		fired = c.rule.Fault
	}
	t.traffic.answer(c.op, status, fired)
	return r
}

// admit lets the call in and picks its fault, or returns the answer that refuses it. The order of the checks is the
// platform's: path, rate limit, key, account, rights.
func (c *call) admit(q request) (refusal reply, admitted bool) {
	t := c.t
	now := time.Now()
	t.traffic.request(now, c.op, q.path)
	switch {
	case t.scheduler.closed():
		return reply{delivery: refused}, false
	case c.op == 0:
		return noRoute(q.path), false
	case q.method != http.MethodPost:
		return fail("bad_route", "unsupported method %q (only POST is allowed)", q.method), false
	case !isJSON(q.contentType):
		return fail("bad_route", "unexpected Content-Type: %q", q.contentType), false
	}
	if wait, ok := t.limiter.take(now); !ok {
		return tooMany(retryAfter(t.limiter.retryAfter, t.clock.now(), wait)), false
	}
	switch {
	case !t.keyring.authorized(c.op, q.authorization):
		return fail("unauthenticated", "Mã xác thực không hợp lệ hoặc đã bị thu hồi"), false
	case t.config.Closed:
		return accountClosed(), false
	case t.denied&c.op != 0:
		return fail("permission_denied", "Bạn không có quyền thực hiện thao tác này"), false
	}
	c.rule = t.injector.pick(c.op, c.body)
	return reply{}, true
}

func isJSON(contentType string) bool {
	if contentType == mimeJSON {
		return true
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && mediaType == mimeJSON
}

// noRoute is the API's error for an unknown call, and the web server's page for a path outside of the API.
func noRoute(path string) reply {
	rest, below := strings.CutPrefix(path, BasePath)
	if ends := rest == "" || rest[0] == '.' || rest[0] == '/'; below && ends {
		return fail("bad_route", "no handler for path %q", path)
	}
	return webPage(http.StatusNotFound)
}

// respond executes the call and returns its answer as the fault changes it.
func (c *call) respond(ctx context.Context) reply {
	r := c.execute(ctx)
	if c.rule == nil || c.rule.fault.mutate == nil || r.delivery == abandoned {
		return r
	}
	changed, applicable := c.rule.fault.mutate(c, r)
	if applicable {
		return changed
	}
	c.notApplicable = true
	if c.effectTime() == never { // the fault was to replace the call, so nothing has made the true answer yet
		return handlers[c.op](c)
	}
	return r
}

// execute runs the handler at its time, and returns the true answer when the latency is over. If the client leaves
// meanwhile, the effect still happens, as on a real server.
func (c *call) execute(ctx context.Context) reply {
	t := c.t
	latency := t.config.Latency + c.delayOf("slow")
	if latency == 0 && c.effectTime() == onTime {
		return handlers[c.op](c)
	}
	end := time.Now().Add(latency)
	answered := make(chan reply, 1)
	switch c.effectTime() {
	case onTime:
		t.scheduler.after(latency/2, func() { answered <- handlers[c.op](c) })
	case late: // the fault's mutator makes the answer, and it must not wait for the effect
		answered <- reply{}
		t.scheduler.after(c.lateBy(), func() { handlers[c.op](c) })
	case never:
		answered <- reply{}
	}
	var r reply
	select {
	case r = <-answered:
	case <-ctx.Done():
		return reply{delivery: abandoned}
	case <-t.scheduler.done:
		return reply{delivery: abandoned}
	}
	if left := time.Until(end); left > 0 && !t.scheduler.wait(ctx, left) {
		return reply{delivery: abandoned}
	}
	return r
}

func (c *call) effectTime() effectTime {
	if c.rule == nil {
		return onTime
	}
	return c.rule.fault.effect
}

// has reports whether the fault with this name happens to the call.
func (c *call) has(fault string) bool { return c.rule != nil && c.rule.Fault == fault }

// delayOf is the argument of a fault with this name that takes a time; 0 if it does not happen to the call.
func (c *call) delayOf(fault string) time.Duration {
	if c.has(fault) {
		return c.rule.delay
	}
	return 0
}

func (c *call) lateBy() time.Duration {
	if c.rule.Arg == "" {
		return c.t.config.LateBy
	}
	return c.rule.delay
}
