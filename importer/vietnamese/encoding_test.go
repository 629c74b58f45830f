package vietnamese

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

func TestEncodings(t *testing.T) {
	for _, c := range []struct{ name, bytes, text string }{
		{"tcvn3", "Nguy\xD4n Th\xDE H\xBBng", "Nguyễn Thị Hằng"},
		{"ABC", "L\xAA \xA7\xF8c Th\xBEng", "Lê Đức Thắng"},
		{"tcvn3", "NGUY\xD4N TH\xDE M\xFC", "NGUYễN THị Mỹ"}, // the font shows capitals
		{"tcvn3", "\x83nh Ho\xB5 a\xB3n", "Ánh Hoà án"},
		{"vni", "Nguye\xE3n Th\xF2 Ha\xE8ng", "Nguyễn Thị Hằng"},
		{"vni", "Le\xE2 \xD1\xF6\xF9c Tha\xE9ng", "Lê Đức Thắng"},
		{"vni", "TRA\xC0N D\xD6\xD4NG LY\xD9", "TRẦN DƯƠNG LÝ"},
		{"vni-windows", "O\xE2n \x93A\x94 \xE2", "Ôn “A” \uFFFD"},
		{"viscii", "Nguy\xADn Th\xB8 H\xA2ng", "Nguyễn Thị Hằng"},
		{"viscii", "\x02 \x1E \xD0\xD1c", "Ẳ Ỵ Đức"},
		{"vps", "Nguy\xCDn Th\xCE H\xA2ng", "Nguyễn Thị Hằng"},
		{"vps", "\x02 \xF1\xD9c \xE7", "Ạ Đức \uFFFD"},
	} {
		e, ok := Encoding(c.name)
		if !ok {
			t.Fatalf("%s is not known", c.name)
		}
		got, err := e.NewDecoder().String(c.bytes)
		if err != nil || got != c.text {
			t.Errorf("%s: %q is decoded as %q; %v", c.name, c.bytes, got, err)
		}
		slow := transform.NewReader(iotest.OneByteReader(strings.NewReader(c.bytes)), e.NewDecoder())
		if got, err := io.ReadAll(slow); err != nil || string(got) != c.text {
			t.Errorf("%s: %q is read as %q; %v", c.name, c.bytes, got, err)
		}
	}
	if _, ok := Encoding("utf-8"); ok {
		t.Error("utf-8 is here")
	}
}

// TestEncodingsAreComplete encodes and decodes each letter of Vietnamese.
func TestEncodingsAreComplete(t *testing.T) {
	for _, name := range []string{"tcvn3", "vni", "viscii", "vps"} {
		e, _ := Encoding(name)
		for r := range rune(0x2000) {
			m := markOf(r)
			upperInControls := name == "tcvn3" && m.upper() && strings.ContainsRune("ÚỤỪỬỮỨỰỲỶỸÝỴ", r) // not decoded: control characters
			if m == 0 || upperInControls {
				continue
			}
			b, err := e.NewEncoder().Bytes([]byte(string(r)))
			if err != nil {
				t.Errorf("%s lacks %c", name, r)
				continue
			}
			if got, err := e.NewDecoder().Bytes(b); err != nil || string(got) != string(r) {
				t.Errorf("%s: %c is % X, and that is %s; %v", name, r, b, got, err)
			}
		}
		long := strings.Repeat("Nguyễn Thị Hằng; ", 10_000)
		b, err := e.NewEncoder().Bytes([]byte(long))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(transform.NewReader(bytes.NewReader(b), e.NewDecoder())); err != nil || string(got) != long {
			t.Errorf("%s: a long text is another; %v", name, err)
		}
		if got, err := encoding.ReplaceUnsupported(e.NewEncoder()).String("Lan 阮"); err != nil || got != "Lan \x1a" {
			t.Errorf("%s: %q; %v", name, got, err)
		}
	}
}

func FuzzEncodings(f *testing.F) {
	f.Add([]byte("Nguye\xE3n Th\xF2 a\xB3"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, name := range []string{"tcvn3", "vni", "viscii", "vps"} {
			e, _ := Encoding(name)
			whole, err := e.NewDecoder().Bytes(b)
			if err != nil || !norm.NFC.IsNormal(whole) {
				t.Fatalf("%s: %q; %v", name, whole, err)
			}
			parts, err := io.ReadAll(transform.NewReader(iotest.OneByteReader(bytes.NewReader(b)), e.NewDecoder()))
			if err != nil || !bytes.Equal(parts, whole) {
				t.Fatalf("%s: %q is read as %q by parts; %v", name, whole, parts, err)
			}
		}
	})
}
