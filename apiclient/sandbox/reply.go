package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"
)

// reply is an answer on its way to the client.
type reply struct {
	status   int
	mime     string
	body     []byte
	header   map[string]string // besides the usual header fields
	delivery delivery
	hold     time.Duration // time to wait before the header
	gzipped  bool          // the body is compressed
}

// delivery says how a reply gets to the client, or in which way it does not.
type delivery uint8

const (
	whole       delivery = iota
	refused              // no connection
	unsent               // the connection breaks before a byte of the request is written
	cut                  // the connection breaks before the answer
	abandoned            // the client left, or the tenant was closed
	silent               // no answer, on a connection that stays open
	hangUp               // a whole answer; then the connection closes although nothing said so
	halfLength           // half of the body; the header has the length of the whole
	halfChunked          // half of the body in chunks, without the last one
	halfClose            // half of the body, and the end of the connection seems to be the end of the body
	drip                 // a byte a second
	endless              // the body, and white space without end
)

// hasStatus reports whether the client sees a status.
func (d delivery) hasStatus() bool { return d == whole || d >= hangUp }

const (
	mimeJSON = "application/json"
	mimeHTML = "text/html; charset=utf-8"
)

// statusOf has the HTTP status of each Twirp error code. Data loss is spelled in two ways.
var statusOf = map[string]int{
	"canceled": 408, "unknown": 500, "invalid_argument": 400, "malformed": 400, "deadline_exceeded": 408,
	"not_found": 404, "bad_route": 404, "already_exists": 409, "permission_denied": 403, "unauthenticated": 401,
	"resource_exhausted": 429, "failed_precondition": 412, "aborted": 409, "out_of_range": 400,
	"unimplemented": 501, "internal": 500, "unavailable": 503, "data_loss": 500, "dataloss": 500,
}

func ok(body []byte) reply { return reply{status: 200, mime: mimeJSON, body: body} }

// fail is an error of the API. What it says is data of the imitation: the API says it in its own language, whatever language
// the tool speaks.
func fail(code, format string, args ...any) reply {
	msg := format
	if len(args) > 0 {
		msg = fmt.Sprintf(format, args...)
	}
	b := append([]byte(`{"code":"`), code...)
	b = append(b, `","msg":`...)
	b = appendString(b, msg)
	return reply{status: statusOf[code], mime: mimeJSON, body: append(b, '}')}
}

// with adds a meta object to an error: what the platform says about it beyond code and message. It takes names and texts
// in turn.
func (r reply) with(meta ...string) reply {
	b := append(bytes.TrimSuffix(r.body, []byte("}")), `,"meta":{`...)
	for i := 0; i < len(meta); i += 2 {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, meta[i]), ':')
		b = appendString(b, meta[i+1])
	}
	r.body = append(b, "}}"...)
	return r
}

// accountClosed is the answer to every call for a closed account. Its code says that a later attempt may succeed; only
// xcode says that it will not.
func accountClosed() reply {
	return fail("unavailable", "Tài khoản đã đóng").with("xcode", "account_closed")
}

func tooMany(retryAfter string) reply {
	r := fail("resource_exhausted", "Quá nhiều yêu cầu, vui lòng thử lại sau")
	if retryAfter != "" {
		r.header = map[string]string{"Retry-After": retryAfter}
	}
	return r
}

// webPage is what a web server or proxy in front of the API answers by itself.
func webPage(status int) reply {
	const page = `<!DOCTYPE html>
<html><head><title>%d %s</title></head>
<body><center><h1>%d %s</h1></center><hr><center>nginx</center></body></html>
`
	text := http.StatusText(status)
	return reply{status: status, mime: mimeHTML, body: fmt.Appendf(nil, page, status, text, status, text)}
}

// appendString appends s as JSON. A text without escapes, as nearly all are, is copied.
func appendString(b []byte, s string) []byte {
	plain := utf8.ValidString(s)
	for i := range len(s) {
		escaped := s[i] < 0x20 || s[i] == '"' || s[i] == '\\'
		plain = plain && !escaped
	}
	if !plain {
		text, _ := json.Marshal(s) // a string never fails
		return append(b, text...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func appendID(b []byte, id int64) []byte {
	b = append(b, '"')
	b = strconv.AppendInt(b, id, 10)
	return append(b, '"')
}

func appendTime(b []byte, unix int64) []byte {
	b = append(b, '"')
	b = time.Unix(unix, 0).UTC().AppendFormat(b, time.RFC3339)
	return append(b, '"')
}

// appendUser appends the answer to a create.
func appendUser(b []byte, p *person) []byte {
	b = appendID(append(b, `{"id":`...), p.id)
	b = appendString(append(b, `,"full_name":`...), p.name)
	b = appendString(append(b, `,"short_name":"","phone":`...), p.phone.String())
	b = appendTime(append(b, `,"email":"","source":"etelecom","total_shop":1,"created_at":`...), p.created)
	b = appendTime(append(b, `,"updated_at":`...), p.created)
	return append(b, `,"is_blocked":false,"block_reason":"","blocked_at":null}`...)
}

// appendMember appends an entry of the user listing. Without an account it has no account_id.
func appendMember(b []byte, account string, p *person) []byte {
	b = append(b, '{')
	if account != "" {
		b = append(appendString(append(b, `"account_id":`...), account), ',')
	}
	b = appendID(append(b, `"user_id":`...), p.id)
	b = appendString(append(b, `,"phone":`...), p.phone.String())
	b = appendString(append(b, `,"full_name":`...), p.name)
	b = append(b, `,"short_name":"","email":"","position":"","roles":[`...)
	for i, role := range p.roles {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, role)
	}
	b = append(b, `],"permissions":[],"deleted":`...)
	b = strconv.AppendBool(b, p.deleted)
	return append(b, '}')
}

// appendExtension appends an entry of the extension listing. A free extension has the user "0" or "": the real platform
// answers both.
func appendExtension(b []byte, account string, ext *extension, secret string) []byte {
	b = appendID(append(b, `{"id":`...), ext.id)
	if account != "" {
		b = appendString(append(b, `,"account_id":`...), account)
	}
	b = append(b, `,"user_id":`...)
	switch {
	case ext.holder != nil:
		b = appendID(b, ext.holder.id)
	case ext.id%2 == 0:
		b = append(b, `""`...)
	default:
		b = append(b, `"0"`...)
	}
	b = appendString(append(b, `,"extension_number":`...), ext.number)
	b = appendString(append(b, `,"extension_password":`...), secret)
	b = appendString(append(b, `,"tenant_domain":`...), domain)
	b = appendID(append(b, `,"hotline_id":`...), ext.hotline)
	b = appendString(append(b, `,"state":`...), ext.state)
	b = append(b, `,"expires_at":"`...)
	if ext.expires.IsZero() {
		return append(b, `0001-01-01T00:00:00Z"}`...)
	}
	b = ext.expires.In(hanoi).AppendFormat(b, "2006-01-02T15:04:05.000000Z07:00")
	return append(b, `"}`...)
}

// domain is the SIP domain in which the extensions register.
const domain = "practice.invalid"

// hanoi is the time zone in which the PBX writes times.
var hanoi = time.FixedZone("", 7*60*60)
