package sandbox

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
)

// request is what came in, by a socket or without one.
type request struct {
	method, path, mime, auth string
	body                     []byte
}

// exchange is one call of the API, from its admission to its answer.
type exchange struct {
	t             *Tenant
	op            Ops
	body          []byte
	fault         *activeRule // nil: none
	notApplicable bool        // the fault turned out not to fit this call
	page          int         // of a listing, from 1
}

// exchange answers q.
func (t *Tenant) exchange(ctx context.Context, q request) reply {
	op := route(q.path, t.service)
	x := exchange{t: t, op: op, body: q.body}
	r, admitted := t.admit(&x, q)
	if admitted {
		r = x.respond(ctx)
	}
	status := r.status
	if !r.form.answered() {
		status = 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.traffic.count(op, status)
	if x.fault != nil && !x.notApplicable {
		t.traffic.fire(x.fault.Fault, op)
	}
	return r
}

// admit lets the call in and picks its fault, or answers it: the path, the rate limit, the key, the account and its
// rights, in this order.
func (t *Tenant) admit(x *exchange, q request) (reply, bool) {
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.traffic.arrive(now, x.op, q.path)
	switch {
	case t.dead:
		return reply{form: refused}, false
	case x.op == 0:
		return noRoute(q.path), false
	case q.method != http.MethodPost:
		return fail("bad_route", fmt.Sprintf("unsupported method %q (only POST is allowed)", q.method)), false
	case !isJSON(q.mime):
		return fail("bad_route", fmt.Sprintf("unexpected Content-Type: %q", q.mime)), false
	}
	if wait, ok := t.limit.take(now); !ok {
		return tooMany(retryAfter(t.limit.retryAfter, t.now(), wait)), false
	}
	switch {
	case !t.keys.authorized(x.op, q.auth):
		return fail("unauthenticated", "Mã xác thực không hợp lệ hoặc đã bị thu hồi"), false
	case t.shut:
		return accountClosed(), false
	case t.denied&x.op != 0:
		return fail("permission_denied", "Bạn không có quyền thực hiện thao tác này"), false
	}
	x.fault = t.faults.pick(t.seed, x.op, x.body)
	return reply{}, true
}

func isJSON(header string) bool {
	if header == mimeJSON {
		return true
	}
	kind, _, err := mime.ParseMediaType(header)
	return err == nil && kind == mimeJSON
}

func noRoute(path string) reply {
	if path == BasePath || strings.HasPrefix(path, BasePath+".") || strings.HasPrefix(path, BasePath+"/") {
		return fail("bad_route", fmt.Sprintf("no handler for path %q", path))
	}
	return webReply(http.StatusNotFound)
}

func webReply(status int) reply {
	text := http.StatusText(status)
	return reply{status: status, mime: mimeHTML, body: fmt.Appendf(nil, webPage, status, text, status, text)}
}

func tooMany(after string) reply {
	r := fail("resource_exhausted", "Quá nhiều yêu cầu, vui lòng thử lại sau")
	if after != "" {
		r.header = map[string]string{"Retry-After": after}
	}
	return r
}

// respond carries the call out and makes of its answer what the fault does with it.
func (x *exchange) respond(ctx context.Context) reply {
	r := x.execute(ctx)
	if x.fault == nil || x.fault.fault.mutate == nil || r.form == gone {
		return r
	}
	r, fits := x.fault.fault.mutate(x, r)
	x.notApplicable = x.notApplicable || !fits
	return r
}

// execute lets the effect happen when it should, and returns the proper answer after the latency. The effect does not
// depend on the client's patience.
func (x *exchange) execute(ctx context.Context) reply {
	delay := x.t.latency + x.added("slow")
	if delay == 0 && x.effect() == done {
		return x.run()
	}
	end := time.Now().Add(delay)
	answer := make(chan reply, 1)
	switch x.effect() {
	case done:
		x.t.later(delay/2, func() { answer <- x.run() })
	case late:
		answer <- reply{}
		x.t.later(x.lateBy(), func() { x.run() })
	case never:
		answer <- reply{}
	}
	var r reply
	select {
	case r = <-answer:
	case <-ctx.Done():
		return reply{form: gone}
	case <-x.t.closed:
		return reply{form: gone}
	}
	if left := time.Until(end); left > 0 && !x.t.wait(ctx, left) {
		return reply{form: gone}
	}
	return r
}

func (x *exchange) effect() when {
	if x.fault == nil {
		return done
	}
	return x.fault.fault.effect
}

// is reports whether the call has this fault.
func (x *exchange) is(fault string) bool { return x.fault != nil && x.fault.Fault == fault }

// added is the time that a fault of this name adds.
func (x *exchange) added(fault string) time.Duration {
	if x.is(fault) {
		return x.fault.delay
	}
	return 0
}

func (x *exchange) lateBy() time.Duration {
	if x.fault.Arg == "" {
		return x.t.lateBy
	}
	return x.fault.delay
}

func (x *exchange) run() reply {
	switch x.op {
	case Create:
		return x.create()
	case Assign:
		return x.assign()
	case Users:
		return x.listUsers()
	case Extensions:
		return x.listExtensions()
	case Shop:
		return x.currentShop()
	case PBX:
		return x.pbx()
	}
	return x.currentAccount()
}
