//go:build !race

package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"etelecom-import/importer/programtest"
)

// mostListMemory is how much memory a list of 20,000 users may take at the most, in bytes.
const mostListMemory = 40e6

// TestListPeak measures the largest memory of the program while it lists 20,000 users who all have an extension. A process is charged with
// the memory of the one that starts it, so this test starts itself anew, without what other tests have left, to start the program.
func TestListPeak(t *testing.T) {
	const people, starter = 20_000, "TEST_LIST_PEAK"
	if program := os.Getenv(starter); program != "" {
		c := exec.Command(program, os.Args[len(os.Args)-6:]...)
		c.Stdout, c.Stderr = os.Stdout, os.Stderr
		err := c.Run()
		fmt.Println("peak", c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss, err)
		return
	}
	programtest.Folder = t.TempDir()
	program, err := programtest.Build("etelecom-import")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(largeTenant(people))
	defer server.Close()
	for _, name := range []string{"tenant.csv", "tenant.xlsx"} {
		file := filepath.Join(t.TempDir(), name)
		c := exec.Command(os.Args[0], "-test.run", "^TestListPeak$", "list", "--quiet", "--rate=0", "--base-url="+server.URL+"/v1/partner", "-o", file)
		c.Env = append(os.Environ(), starter+"="+program, keyVariable+"=shop1140475056164655225:secret")
		out, err := c.CombinedOutput()
		_, text, _ := strings.Cut(string(out), "peak ")
		var (
			peak float64 // KiB
			end  string
		)
		if _, scanned := fmt.Sscan(text, &peak, &end); err != nil || scanned != nil || end != "<nil>" {
			t.Fatalf("%v: %s", err, out)
		}
		if peak *= 1024; peak > mostListMemory {
			t.Errorf("%s: %.1f MB", name, peak/1e6)
		}
		t.Logf("%s: %.1f MB at the most", name, peak/1e6)
		if info, err := os.Stat(file); err != nil || info.Size() < people*20 {
			t.Error(info, err)
		}
	}
}

// largeTenant answers the two listings, in pages.
func largeTenant(people int) http.Handler {
	const size = 100
	pageOf := func(list string, from int, entry func(i int) string) []byte {
		var b bytes.Buffer
		fmt.Fprintf(&b, `{"%s":[`, list)
		to := min(from+size, people)
		for i := from; i < to; i++ {
			if i > from {
				b.WriteByte(',')
			}
			b.WriteString(entry(i))
		}
		next := ""
		if to > from {
			next = fmt.Sprint(to)
		}
		fmt.Fprintf(&b, `],"paging":{"next":"%s","prev":""}}`, next)
		return b.Bytes()
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Paging struct{ After string } }
		_ = json.NewDecoder(r.Body).Decode(&in)
		from, _ := strconv.Atoi(in.Paging.After)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "GetAccountUsers"):
			_, _ = w.Write(pageOf("account_users", from, func(i int) string {
				return fmt.Sprintf(`{"account_id":"1140475056164655225","user_id":"%d","full_name":"Nguyễn Thị Thu Hương %d","phone":"09%08d","email":"","deleted":false,"roles":["staff_management"],"created_at":"2025-01-02T03:04:05Z"}`,
					1300000000000000017+int64(i)*7919, i, i)
			}))
		case strings.HasSuffix(r.URL.Path, "GetExtensions"):
			_, _ = w.Write(pageOf("extensions", from, func(i int) string {
				return fmt.Sprintf(`{"id":"%d","account_id":"1140475056164655225","user_id":"%d","hotline_id":"1240475056164655225","extension_number":"%d","extension_password":"sip-%032d","tenant_domain":"pbx.etelecom.example","state":"P","expires_at":"2030-01-02T03:04:05Z"}`,
					1400000000000000019+int64(i)*7919, 1300000000000000017+int64(i)*7919, 10000+i, i)
			}))
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"code":"bad_route","msg":"no such call"}`))
		}
	})
}
