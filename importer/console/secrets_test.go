package console_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/sandbox"
)

// careless is a tenant that answers every create with an error that quotes passwords as quote says.
func careless(t *testing.T, c sandbox.Config, quote func(number int, password string) string) (baseURL, key string) {
	t.Helper()
	c.Addr = "127.0.0.1:0"
	tenant, stop, err := sandbox.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	to, err := url.Parse(tenant.BaseURL())
	if err != nil {
		t.Fatal(err)
	}
	base := to.Path
	to.Path = ""
	behind := httputil.NewSingleHostReverseProxy(to)
	creates := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/CreateAccountUser") {
			behind.ServeHTTP(w, r)
			return
		}
		var in struct{ Password string }
		body, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(body, &in)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"code": "invalid_argument", "msg": quote(creates, in.Password)})
		creates++
	}))
	t.Cleanup(server.Close)
	return server.URL + base, tenant.Key()
}

// runs runs the program in a folder and returns what it printed, and what stands in the files that it has written.
func runs(t *testing.T, dir, baseURL, key string, want int, args ...string) string {
	t.Helper()
	before := files(t, dir)
	cmd := exec.Command(program(t), append([]string{"run", "--yes"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "ETELECOM_RATE=0", "ETELECOM_BASE_URL="+baseURL, "ETELECOM_API_KEY="+key)
	said, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != want {
		t.Errorf("exit code %d, want %d:\n%s", code, want, said)
	}
	all := bytes.NewBuffer(said)
	for name, text := range files(t, dir) {
		if _, old := before[name]; !old {
			fmt.Fprintf(all, "\n== %s\n%s", name, text)
		}
	}
	return all.String()
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if text, err := os.ReadFile(filepath.Join(dir, f.Name())); err == nil {
			found[f.Name()] = string(text)
		}
	}
	return found
}

// TestQuotedPasswords: a tenant quotes passwords in other forms than they were sent in, in parts, or those of other rows.
func TestQuotedPasswords(t *testing.T) {
	t.Parallel()
	passwords := []string{
		norm.NFD.String("Mật-khẩu-Đỏ-1"), norm.NFC.String("Hoa-sữa-thơm-2"), "Sen-Trang-4471", "Sen-Trang-4472", "Lua-Vang-8815", "Tre-Xanh-5561",
	}
	baseURL, key := careless(t, sandbox.Config{Extensions: len(passwords)}, func(i int, password string) string {
		switch i {
		case 0:
			return "mật khẩu " + norm.NFC.String(password) + " không hợp lệ"
		case 1:
			return "mật khẩu " + norm.NFD.String(password) + " không hợp lệ"
		case 2:
			return "mật khẩu " + strings.ToUpper(password) + " không hợp lệ"
		case 3:
			return "mật khẩu không hợp lệ: " + password[:9]
		case 4:
			return "mật khẩu …" + password[4:] + " không hợp lệ"
		}
		return "mật khẩu " + passwords[2] + " không hợp lệ" // the answer to another call
	})
	dir := t.TempDir()
	roster := "name,phone,password,extension_number\n"
	for i, p := range passwords {
		roster += fmt.Sprintf("Nguyễn Văn A,09031123%02d,%s,%d\n", i+10, p, 1001+i)
	}
	write(t, filepath.Join(dir, "e.csv"), []byte(roster))
	all := runs(t, dir, baseURL, key, 1, "-j", "1", "--max-errors", "100%", "e.csv")
	if n := strings.Count(all, "[secret]"); n < len(passwords) {
		t.Errorf("%d secrets are hidden:\n%s", n, all)
	}
	plain := strings.ToLower(norm.NFC.String(all))
	for _, part := range []string{"đỏ-1", "sữa-th", "sen-tr", "vang-88", "-8815"} {
		if strings.Contains(plain, part) {
			t.Errorf("the output has %q:\n%s", part, all)
		}
	}
}

// TestTraceHoldsNoSecret: a tenant plants the key, the passwords of all rows and the SIP secrets of its extensions in all that it can
// answer to a create. No line of a trace, and nothing else that is printed or written, has one of them.
func TestTraceHoldsNoSecret(t *testing.T) {
	t.Parallel()
	passwords := []string{"Sen-Trang-4471", "Hoa-Sua-9912", "Lua-Vang-8815", "Tre-Xanh-5561", "Mai-Vang-7710", "Cuc-Tim-3327", "Dao-Hong-6642"}
	tenant, stop, err := sandbox.Start(sandbox.Config{Addr: "127.0.0.1:0", Extensions: len(passwords)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	to, err := url.Parse(tenant.BaseURL())
	if err != nil {
		t.Fatal(err)
	}
	_, keySecret, _ := strings.Cut(tenant.Key(), ":")
	secrets := append(slices.Clone(passwords), keySecret)
	sipPassword := regexp.MustCompile(`"extension_password":"([^"]+)"`)
	creates := 0
	behind := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: to.Scheme, Host: to.Host})
	behind.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		for _, found := range sipPassword.FindAllSubmatch(body, -1) {
			secrets = append(secrets, string(found[1]))
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		return err
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/CreateAccountUser") {
			behind.ServeHTTP(w, r)
			return
		}
		all := strings.Join(secrets, " ")
		text, _ := json.Marshal(all)
		w.Header().Set("X-Request-Id", strings.ReplaceAll(all, " ", "/"))
		w.Header().Set("Cf-Ray", secrets[creates%len(secrets)])
		w.Header().Set("Server", all)
		w.Header().Set("Content-Type", "application/json")
		switch creates++; creates {
		case 1:
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"code":"invalid_argument","msg":%s,"meta":{"xcode":%s,"cause":%s},"detail":%s}`, text, text, text, text)
		case 2:
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"code":%s,"msg":"x","meta":%s}`, text, text)
		case 3:
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadGateway)
			fmt.Fprintf(w, "<html><title>%s</title><body>%s</body></html>", all, html.EscapeString(all))
		case 4:
			fmt.Fprintf(w, `{"id":%s,"phone":%s,"created_at":%s,"full_name":%s}`, text, text, text, text)
		case 5:
			fmt.Fprint(w, all)
		case 6:
			fmt.Fprintf(w, `{"code":"internal","msg":%s`, text) // it breaks off
		default:
			w.Header().Set("Location", "https://example.com/?"+url.QueryEscape(all))
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	roster := "name,phone,password,extension_number\n"
	for i, p := range passwords {
		roster += fmt.Sprintf("Nguyễn Văn A,09031123%02d,%s,%d\n", i+10, p, 1001+i)
	}
	write(t, filepath.Join(dir, "e.csv"), []byte(roster))
	all := runs(t, dir, server.URL+to.Path, tenant.Key(), 5, "--yes", "-j", "1", "--settle", "0", "--max-errors", "100%", "--trace", "t.jsonl", "e.csv")
	if creates < 7 || len(secrets) < 2*len(passwords) || strings.Count(all, `"op":"CreateAccountUser"`) != creates {
		t.Errorf("%d creates, %d secrets:\n%s", creates, len(secrets), all)
	}
	for i, s := range secrets {
		if strings.Contains(all, s) || strings.Contains(all, url.QueryEscape(s)) || strings.Contains(all, html.EscapeString(s)) {
			t.Errorf("secret %d, %s, is in\n%s", i, s, all)
		}
	}
}

// TestSwappedColumns: the password column holds the numbers of extensions, and the other way round.
func TestSwappedColumns(t *testing.T) {
	t.Parallel()
	baseURL, key := careless(t, sandbox.Config{Extensions: 3}, func(int, string) string { return "" })
	dir := t.TempDir()
	pins := []string{"482913", "7719204", "55120493", "90311477"}
	roster := "name,phone,password,extension_number\n"
	for i, pin := range append(pins, pins[0]) {
		roster += fmt.Sprintf("Nguyễn Văn A,09031123%02d,100%d00,%s\n", i+10, i, pin)
	}
	write(t, filepath.Join(dir, "e.csv"), []byte(roster))
	all := runs(t, dir, baseURL, key, 1, "--problems", "p.csv", "e.csv")
	all += runs(t, dir, baseURL, key, 1, "--dry-run", "e.csv")
	all += runs(t, dir, baseURL, key, 1, "--dry-run", "--offline", "--problems", "p2.csv", "e.csv")
	for _, pin := range pins {
		if strings.Contains(all, pin) {
			t.Errorf("the output has %s:\n%s", pin, all)
		}
	}
	if !strings.Contains(all, "the tenant has no extension number *******3. Check it") {
		t.Errorf("which one is wrong is not told:\n%s", all)
	}
}

// TestNoCore: the program's memory, with key and passwords, goes to no core file.
func TestNoCore(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/limits"); err != nil {
		t.Skip("nothing tells a process's limits here")
	}
	cmd := exec.Command("sh", "-c", "ulimit -S -c unlimited; exec "+program(t)+" run --yes -o r.csv -")
	cmd.Dir = t.TempDir()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	limit := ""
	for range 200 {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/limits", cmd.Process.Pid))
		_, limit, _ = strings.Cut(string(text), "Max core file size")
		if limit, _, _ = strings.Cut(limit, "bytes"); strings.Join(strings.Fields(limit), " ") == "0 0" {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if strings.Join(strings.Fields(limit), " ") != "0 0" {
		t.Errorf("core files may have %s", limit)
	}
	_ = in.Close()
	_ = cmd.Wait()
}
