package apiclient

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/wiretest"
)

// No error shows the key or the password, however an answer repeats them.
func TestErrorShowsNoSecret(t *testing.T) {
	quoted, _ := json.Marshal(testPassword)
	for _, echo := range []string{testPassword, string(quoted), url.QueryEscape(testPassword), testKey, "p\"ss<&>\x00wörd\u200b 1", strings.Repeat(testPassword, 9000)} {
		body, _ := json.Marshal(map[string]string{"code": "invalid_argument", "msg": "Mật khẩu " + echo + " không\nhợp lệ"})
		for _, resp := range []*http.Response{say(400, string(body)), say(400, `{"code":`+string(quoted)+`,"msg":"x"}`), say(302, "", "Location: https://"+testKey+"/x")} {
			w := &wire{answer: func(*http.Request, string) *http.Response { return resp }}
			c := newTestClient(t, Config{Transport: w})
			_, _, err := create1(t, c)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			all := fmt.Sprintf("%v %+v %#v %s %s %+v %#v", err, e, *e, e.Msg, e.Code, c, c)
			if strings.Contains(all, testPassword) || strings.Contains(all, testKey) || strings.Contains(all, "wörd") || len([]rune(e.Msg)) > maxMsg || strings.Contains(e.Error(), "\n") {
				t.Errorf("%q shows %q", echo[:min(len(echo), 50)], all)
			}
		}
	}
	w := &wire{answer: func(*http.Request, string) *http.Response {
		return say(400, `{"code":"invalid_argument","msg":"Số điện thoại không hợp lệ"}`)
	}}
	_, _, err := create1(t, newTestClient(t, Config{Transport: w}))
	if got := err.Error(); got != "CreateAccountUser: HTTP 400 invalid_argument: Số điện thoại không hợp lệ" {
		t.Error(got)
	}
}

// The error says why an answer ended too early, wherever it ended.
func TestWhyAnAnswerEnds(t *testing.T) {
	for _, got := range []string{
		"", "HT", "HTTP/1.1 200 OK\r\nContent-Ty", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 X\r\n\r\nHTTP/1.1 20",
		"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"id", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"id",
	} {
		for end, why := range map[string]string{"late": "no complete answer within 150ms", "closed": "the connection was closed before the answer was complete"} {
			t.Run(fmt.Sprintf("%s, %q", end, got), func(t *testing.T) {
				t.Parallel()
				c := newTestClient(t, Config{Timeout: 150 * time.Millisecond, BaseURL: wiretest.Start(t, func(conn net.Conn) {
					wiretest.Read(conn)
					wiretest.Write(conn, got)
					if end == "late" {
						_, _ = conn.Read(make([]byte, 1))
					}
				}) + "/v1/partner"})
				_, _, err := create1(t, c)
				if e := want(t, err, Unknown, true, false, false); !strings.Contains(e.Error(), why) {
					t.Errorf("%v", e)
				}
			})
		}
	}
}

// The error says where a redirect leads to, also if its address is relative.
func TestRedirectIsTold(t *testing.T) {
	for location, told := range map[string]string{
		"https://other.test/x": "the server redirects to https://other.test", "//other.test/x": "the server redirects to http://other.test",
		"/login": "the server redirects to another path of its own", "login": "the server redirects to another path of its own", "": "",
	} {
		w := &wire{answer: func(*http.Request, string) *http.Response { return say(302, "", "Location: "+location) }}
		_, err := newTestClient(t, Config{Transport: w}).CurrentShop(t.Context())
		if !errors.Is(err, ErrAddress) || strings.Contains(err.Error(), "the server redirects") != (told != "") || !strings.Contains(err.Error(), told) {
			t.Errorf("%q: %v", location, err)
		}
	}
}
