package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"etelecom-import/apiclient/sandbox"
)

// nowhere is a ResponseWriter without a socket.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n nowhere) WriteHeader(int)             {}

// BenchmarkCreate is what a create costs besides net/http.
func BenchmarkCreate(b *testing.B) {
	tenant := newTenant(b, sandbox.Config{})
	req := request(b, tenant, createPath, "")
	for i := 0; b.Loop(); i++ {
		body := create(fmt.Sprintf("09%08d", i), "p")
		r := *req
		r.Body, r.ContentLength = http.NoBody, int64(len(body))
		r.Body = readCloser{strings.NewReader(body)}
		tenant.ServeHTTP(nowhere{http.Header{}}, &r)
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// BenchmarkPage is a page of 100 out of 200,000 extensions.
func BenchmarkPage(b *testing.B) {
	tenant := newTenant(b, sandbox.Config{Extensions: 200_000})
	next := list(b, tenant, extensionsPath, `{"paging":{"after":"."}}`).Paging.Next
	for b.Loop() {
		call(b, tenant, extensionsPath, `{"paging":{"after":"`+next+`"}}`)
	}
}

// BenchmarkPhoneFilter looks for one of 200,000 people.
func BenchmarkPhoneFilter(b *testing.B) {
	tenant := newTenant(b, sandbox.Config{Users: 200_000})
	phone := list(b, tenant, usersPath, `{"paging":{"limit":1}}`).Users[0].Phone
	for b.Loop() {
		call(b, tenant, usersPath, `{"filter":{"phone":"`+phone+`"}}`)
	}
}
