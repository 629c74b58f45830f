package verify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/verify"
)

// crowd is a tenant with many people, whose pages are made when they are asked for.
type crowd int

func (n crowd) RoundTrip(req *http.Request) (*http.Response, error) {
	var in struct{ Paging struct{ After string } }
	if err := json.NewDecoder(req.Body).Decode(&in); err != nil {
		return nil, err
	}
	from, _ := strconv.Atoi(in.Paging.After)
	to := min(from+100, int(n))
	next := ""
	if to < int(n) {
		next = fmt.Sprint(to)
	}
	answer := map[string]any{"paging": map[string]string{"next": next}}
	switch path := req.URL.Path; {
	case strings.HasSuffix(path, "GetAccountUsers"):
		page := make([]user, 0, 100)
		for i := from; i < to; i++ {
			page = append(page, user{account, userID(i), phoneOf(i), "Nguyễn Thị Người Dùng " + fmt.Sprint(i), false, []string{"staff"}})
		}
		answer["account_users"] = page
	case strings.HasSuffix(path, "GetExtensions"):
		page := make([]extension, 0, 100)
		for i := from; i < to; i++ {
			page = append(page, extension{AccountID: account, ID: extensionID(i), UserID: userID(i), Number: fmt.Sprint(1001 + i), State: "P", Password: fmt.Sprint("secret", i)})
		}
		answer["extensions"] = page
	default:
		answer = map[string]any{"id": account, "name": "Hoa Sen"}
	}
	body, err := json.Marshal(answer)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: req}, err
}

func BenchmarkRun(b *testing.B) {
	for _, n := range []int{20_000, 200_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "r.csv")
			f, err := os.Create(path)
			if err != nil {
				b.Fatal(err)
			}
			updated := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
			err = ledger.WriteLines(f, func(yield func(*ledger.Line) bool) {
				for i := range n {
					line := ledger.Line{
						Line: fmt.Sprint(2 + i), Name: "Nguyễn Thị Người Dùng " + fmt.Sprint(i), Phone: phoneOf(i), ExtensionID: extensionID(i), ExtensionNumber: fmt.Sprint(1001 + i),
						UserID: userID(i), Status: "done", Attempts: "2", UpdatedAt: updated, AccountID: account,
					}
					if !yield(&line) {
						return
					}
				}
			})
			if err != nil || f.Close() != nil {
				b.Fatal(err)
			}
			client, err := apiclient.New(apiclient.Config{BaseURL: "http://127.0.0.1/v1", Key: secret.New("shop" + account + ":0123456789abcdef"), Transport: crowd(n)})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				runtime.GC()
				v, err := verify.Run(b.Context(), verify.Input{Client: client, BaseURL: "http://127.0.0.1/v1", FS: ledger.OS{}, Result: path})
				if err != nil || v.Confirmed != n {
					b.Fatalf("%+v, %v", v, err)
				}
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				b.ReportMetric(float64(m.HeapSys-m.HeapReleased)/1e6, "MB-heap")
			}
		})
	}
}
