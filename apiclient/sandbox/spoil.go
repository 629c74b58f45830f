package sandbox

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"html"
	"strconv"
	"strings"
	"sync"
)

// movedPath is where a redirect points unless its rule says: requests that arrive there are in the record.
const movedPath = "/moved"

// mutator makes of a proper answer what a fault does with it.
type mutator = func(x *exchange, r reply) (reply, bool)

func delivered(f form) mutator {
	return func(_ *exchange, r reply) (reply, bool) {
		r.form = f
		return r, true
	}
}

func failWith(code string) mutator {
	return func(*exchange, reply) (reply, bool) {
		return fail(code, "Đã có lỗi xảy ra, vui lòng thử lại"), true
	}
}

func failWithArg(x *exchange, _ reply) (reply, bool) {
	return fail(x.fault.Arg, "Đã có lỗi xảy ra, vui lòng thử lại"), true
}

func failPrecondition(x *exchange, _ reply) (reply, bool) {
	return fail("failed_precondition", x.fault.Arg), true
}

func closeAccount(*exchange, reply) (reply, bool) { return accountClosed(), true }

func webPageWith(status int) mutator {
	return func(*exchange, reply) (reply, bool) { return webReply(status), true }
}

func withBody(text string) mutator {
	return func(*exchange, reply) (reply, bool) { return ok([]byte(text)), true }
}

func throttle(x *exchange, _ reply) (reply, bool) {
	return tooMany(retryAfter(x.fault.Arg, x.t.now(), 0)), true
}

func errorAs200(*exchange, reply) (reply, bool) {
	r := fail("internal", "Đã có lỗi xảy ra, vui lòng thử lại")
	r.status = 200
	return r, true
}

func redirect(x *exchange, _ reply) (reply, bool) {
	r := webReply(307)
	r.header = map[string]string{"Location": x.fault.Arg}
	return r, true
}

// echoSecret repeats the password as careless servers do: as it is, as HTML, as Go and JSON quote it, and in a meta field.
func echoSecret(x *exchange, _ reply) (reply, bool) {
	var in createRequest
	if json.Unmarshal(x.body, &in) != nil || in.Password == "" {
		return reply{}, false
	}
	quoted, _ := json.Marshal(in.Password)
	r := fail(x.fault.Arg, fmt.Sprintf("Mật khẩu %s không hợp lệ (%s, %q, %s)",
		in.Password, html.EscapeString(in.Password), in.Password, quoted))
	return r.with("password", in.Password), true
}

func echoSecretHTML(x *exchange, _ reply) (reply, bool) {
	var in createRequest
	if json.Unmarshal(x.body, &in) != nil || in.Password == "" {
		return reply{}, false
	}
	r := webReply(500)
	r.body = fmt.Appendf(r.body, "<pre>bad value: %s (%s)</pre>\n", html.EscapeString(in.Password), in.Password)
	return r, true
}

func trailingData(_ *exchange, r reply) (reply, bool) {
	r.body = append(bytes.Clone(r.body), "\n{}"...)
	return r, true
}

func delayHeader(x *exchange, r reply) (reply, bool) {
	r.hold = x.fault.delay
	return r, true
}

func oversize(_ *exchange, r reply) (reply, bool) {
	r.body = append(bytes.Clone(r.body), bytes.Repeat([]byte(" "), 8<<20)...)
	return r, true
}

var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(bytes.Repeat([]byte(" "), 1<<20))
	_ = w.Close()
	return bytes.Repeat(b.Bytes(), 32) // a file of several members is one of their contents in a row
})

func gzipBomb(_ *exchange, r reply) (reply, bool) {
	r.body, r.zipped = bomb(), true
	return r, true
}

func cutPage(x *exchange, r reply) (reply, bool) {
	if x.page == x.fault.page {
		r.form = halfLength
		return r, true
	}
	return r, false
}

func failPage(x *exchange, r reply) (reply, bool) {
	if x.page == x.fault.page {
		return fail("internal", "Đã có lỗi xảy ra, vui lòng thử lại"), true
	}
	return r, false
}

// replaceID replaces the first id of a good answer, the user's where the answer has one.
func replaceID(replace func(digits string) string) mutator {
	return func(x *exchange, r reply) (reply, bool) {
		key := `"id":`
		if x.op == Users {
			key = `"user_id":`
		}
		before, rest, found := strings.Cut(string(r.body), key+`"`)
		digits, after, closed := strings.Cut(rest, `"`)
		if r.status != 200 || !found || !closed {
			return r, false
		}
		value := replace(digits)
		if value == "" {
			return ok([]byte(before + strings.TrimPrefix(after, ","))), true
		}
		return ok([]byte(before + key + value + after)), true
	}
}

func constant(value string) func(string) string { return func(string) string { return value } }

func unquoted(digits string) string { return digits }

func omitted(string) string { return "" }

// other finds another member than the one whom a good create answered with.
func (x *exchange) other(r reply) *person {
	var in createRequest
	if r.status != 200 || json.Unmarshal(x.body, &in) != nil {
		return nil
	}
	phone := parsePhone(in.Phone)
	for _, p := range x.t.store.members {
		if p != nil && p.member && p.phone != phone {
			return p
		}
	}
	return nil
}

func otherID(x *exchange, r reply) (reply, bool) {
	x.t.mu.Lock()
	defer x.t.mu.Unlock()
	p := x.other(r)
	if p == nil {
		return r, false
	}
	return replaceID(constant(strconv.Quote(strconv.FormatInt(p.id, 10))))(x, r)
}

func otherAnswer(x *exchange, r reply) (reply, bool) {
	x.t.mu.Lock()
	defer x.t.mu.Unlock()
	p := x.other(r)
	if p == nil {
		return r, false
	}
	return ok(appendUser(nil, p)), true
}
