package secret

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

func TestRedactOtherForms(t *testing.T) {
	const password = "Mật-khẩu-Đỏ-9"
	for _, c := range []struct{ text, want string }{
		{"sai: " + norm.NFD.String(password) + ".", "sai: [secret]."},
		{"sai: " + norm.NFC.String(password) + ".", "sai: [secret]."},
		{"sai: " + strings.ToUpper(password) + ".", "sai: [secret]."},
		{"sai: mat-khau-do-9.", "sai: [secret]."},
		{"sai: Mật-khẩu-\u200bĐỏ-9.", "sai: [secret]."},
		{"sai: " + norm.NFD.String("Mật-khẩu"), "sai: [secret]"},                   // cut by the end of the text
		{"sai: " + norm.NFC.String("Mật-khẩu") + `"`, `sai: [secret]"`},            // and quoted
		{"sai: Mật-kh…", "sai: [secret]…"},                                         //
		{"sai: Mật-kh... (13)", "sai: [secret]... (13)"},                           //
		{"sai: Mật-kh\xe1\xba", "sai: [secret]"},                                   // within a letter
		{"khẩu-Đỏ-9 sai", "[secret] sai"},                                          // the beginning is gone
		{"sai: …đỏ-9 của ai", "sai: …[secret] của ai"},                             //
		{"sai: Mật", "sai: Mật"},                                                   // three characters are too few
		{"Mật-khẩu không đúng", "Mật-khẩu không đúng"},                             // nothing is cut here
		{"sai: xMật-khẩu", "sai: xMật-khẩu"},                                       // another word
		{"%4D%E1%BA%ADt-kh%E1%BA%A9u-%C4%90%E1%BB%8F-9", "[secret]"},               //
		{`sai: M\u1EACT-KH\u1EA8U-\u0110\u1ECE-9`, `sai: [secret]`},                // escaped, and in other case
		{"sai: TeG6rXQta2jhuqlMdS3EkOG7jy05", "sai: TeG6rXQta2jhuqlMdS3EkOG7jy05"}, // some other base64
	} {
		for _, file := range []string{norm.NFC.String(password), norm.NFD.String(password)} {
			if got := Redact(c.text, New(file)); got != c.want {
				t.Errorf("Redact(%q) = %q, want %q", c.text, got, c.want)
			}
		}
	}
}

// TestRedactPublicPart: the beginning of a key says whose it is, and is an ordinary word.
func TestRedactPublicPart(t *testing.T) {
	got := Redact("there is no such shop", New("shop1234567890123456789:Kq7hTz"), New("Kq7hTz"))
	if got != "there is no such shop" {
		t.Error(got)
	}
	if got := Redact("no such key: shop1234567890123456789:Kq7hT", New("shop1234567890123456789:Kq7hTz"), New("Kq7hTz")); strings.Contains(got, "Kq7h") {
		t.Error(got)
	}
}

func TestSet(t *testing.T) {
	s := NewSet(slices.Values([]Text{New("Sen-trang-4471"), New(norm.NFD.String("Đỏ-thắm-99")), New("short"), New("482913"), {}}))
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Mật khẩu Sen-trang-4471 không hợp lệ", "Mật khẩu [secret] không hợp lệ"},
		{"SEN-TRANG-4471/đỏ-thắm-99", "[secret]/[secret]"},
		{"x=Sen%2Dtrang%2D4471", "x=[secret]"},
		{"short", "short"},
		{"482913", "[secret]"},
		{"id 1348291300000000000", "id 1348291300000000000"}, // digits within a number
		{"Sen-trang-4472", "Sen-trang-4472"},
	} {
		if got := s.Redact(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	if shown := fmt.Sprintf("%v %+v %#v %x", s, s, struct{ S Set }{s}, s); strings.Contains(shown, "0x") || !strings.Contains(shown, Redacted) {
		t.Error(shown)
	}
}

// TestSetIsSmall: at most 16 bytes a secret, and a message costs little.
func TestSetIsSmall(t *testing.T) {
	const many = 200_000
	passwords := func(yield func(Text) bool) {
		for i := range many {
			if !yield(New(fmt.Sprintf("Sen-trang-%0*d", 6+i%5, i))) {
				return
			}
		}
	}
	before := heap()
	s := NewSet(passwords)
	if size := (heap() - before) / many; size > 16 {
		t.Errorf("%d bytes a secret", size)
	}
	text := strings.Repeat("Mật khẩu không hợp lệ, xin thử lại. ", 8)
	if n := testing.AllocsPerRun(10, func() { s.Redact(text, New("Sen-trang-4471")) }); n > 60 {
		t.Errorf("a message takes %v allocations", n)
	}
	began := time.Now()
	const times = 100
	for range times {
		if s.Redact(text) != text {
			t.Fatal("found something")
		}
	}
	if each := time.Since(began) / times; each > 20*time.Millisecond {
		t.Errorf("a message of %d bytes takes %v", len(text), each)
	}
	runtime.KeepAlive(s)
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkSet(b *testing.B) {
	s := NewSet(func(yield func(Text) bool) {
		for i := range 100_000 {
			if !yield(New(fmt.Sprintf("Sen-trang-%0*d", 6+i%5, i))) {
				return
			}
		}
	})
	text := strings.Repeat("Mật khẩu không hợp lệ, xin thử lại. ", 8)
	own := New("Sen-trang-4471")
	for b.Loop() {
		s.Redact(text, own)
	}
}
