package secret

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"testing"
)

// spelled returns the ways in which an answer may repeat s.
func spelled(s string) map[string]string {
	quoted, _ := json.Marshal(s)
	twice, _ := json.Marshal(string(quoted))
	ascii := strings.Builder{}
	for _, r := range s {
		b, _ := json.Marshal(string(r))
		if r > '~' && r < 0x10000 {
			b = []byte(`"\u` + hex4(r) + `"`)
		}
		ascii.Write(b[1 : len(b)-1])
	}
	return map[string]string{
		"plain":           s,
		"JSON":            string(quoted[1 : len(quoted)-1]),
		"JSON in JSON":    strings.Trim(string(twice), `"`),
		"ASCII JSON":      ascii.String(),
		"HTML":            html.EscapeString(s),
		"HTML twice":      html.EscapeString(html.EscapeString(s)),
		"query":           url.QueryEscape(s),
		"query twice":     url.QueryEscape(url.QueryEscape(s)),
		"path":            url.PathEscape(s),
		"lower case path": lowerEscapes(url.PathEscape(s)),
		"base64":          base64.StdEncoding.EncodeToString([]byte(s)),
		"URL base64":      base64.RawURLEncoding.EncodeToString([]byte(s)),
		"base64 inside":   base64.StdEncoding.EncodeToString([]byte("user:" + s + ":realm")),
		"base64 inside 2": base64.StdEncoding.EncodeToString([]byte("user1:" + s + ":realm")),
		"base64 inside 3": base64.StdEncoding.EncodeToString([]byte("user12:" + s + ":realm")),
	}
}

func hex4(r rune) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]})
}

func lowerEscapes(s string) string {
	parts := strings.Split(s, "%")
	for i := 1; i < len(parts); i++ {
		parts[i] = strings.ToLower(parts[i][:2]) + parts[i][2:]
	}
	return strings.Join(parts, "%")
}

func TestRedactEverySpelling(t *testing.T) {
	for _, s := range []string{
		"hunter2!", `p"a\ss`, `\\\\`, "a&b<c>'d", "100% + more", "Mật khẩu 1", "emoji 😀 pass", "%25%", "&amp;", `\u0041`, "+/+/+/",
	} {
		for name, spelling := range spelled(s) {
			for _, frame := range []string{"%", "mật khẩu '%' không hợp lệ", "x=%&y", `{"password":"%"}`} {
				got := Redact(strings.Replace(frame, "%", spelling, 1), New("another"), New(s))
				if strings.Contains(got, spelling) || !strings.Contains(got, Redacted) {
					t.Errorf("%s of %q in %q: %q", name, s, frame, got)
				}
			}
		}
	}
}

func TestRedact(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"Số điện thoại không hợp lệ", "Số điện thoại không hợp lệ"},
		{"abcab", "[secret]"},            // overlapping
		{"abcabc", "[secret]"},           // touching
		{"abc abc", "[secret] [secret]"}, //
		{"xyzzab", "[secret]ab"},         // of two secrets
		{"ABC", "ABC"},                   //
		{"ab c", "ab c"},                 //
		{`\u0061b\c`, "[secret]"},
		{"&#97;&#x62;&#X63", "[secret]"},
		{"%61b%63", "[secret]"},                //
		{"dTphYmM6", "dTphYmM6"},               // three letters in base64 are too few to tell
		{"100 % & more \\", "100 % & more \\"}, // broken escapes
		{"%", "%"},
		{"&", "&"},
		{`\`, `\`},
		{`\u`, `\u`},
		{"&#", "&#"},
		{"%2", "%2"},
		{"%25", "%25"},
	} {
		if got := Redact(c.text, New("abc"), Text{}, New("xyzz"), New("cab")); got != c.want {
			t.Errorf("Redact(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("mật khẩu ", "hunter2", " sai")
	f.Add(`{"a":"`, `p"\q`, `"}`)
	f.Add("%2", "5%25", "25")
	f.Add("&amp", ";amp;&", "&#")
	f.Fuzz(func(t *testing.T, before, s, after string) {
		if len(before)+len(s)+len(after) > 100 {
			return
		}
		for name, spelling := range spelled(s) {
			if len(s) < 4 && strings.HasPrefix(name, "base64 inside") || len(s) < 3 && name == "URL base64" || s != strings.ToValidUTF8(s, "") {
				continue
			}
			text := before + " " + spelling + " " + after // a stray half of an escape would take the next character with it
			got := Redact(text, New(s))
			// What begins before a marker and ends behind it was not in the text.
			for _, part := range strings.Split(got, Redacted) {
				if s != "" && strings.Contains(part, s) {
					t.Errorf("%s: %q still has %q", name, got, s)
				}
			}
			if s != "" && !strings.Contains(got, Redacted) {
				t.Errorf("%s of %q: nothing found in %q", name, s, text)
			}
			if s == "" && got != text {
				t.Errorf("%q changed without a secret to %q", text, got)
			}
		}
	})
}
