package cli

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/secret"
)

const opaqueKey = "b3BhcXVlIGtleQ=="

// Each form in which people save a key: the key comes out, and what was around it is told.
func TestReadKeyText(t *testing.T) {
	const (
		bom, wide, quoted, bearer, name = "a byte order mark at its beginning", "the encoding UTF-16, which Windows calls Unicode",
			"quotes around the key", "the word Bearer before the key", "a name before the key (as in NAME=)"
		spaces, invisible, before, twice = "spaces around the key", "invisible characters around the key", "empty lines before the key", "the same line more than once"
	)
	for _, key := range []string{testKey, opaqueKey, "1149528912345678902:s3cret", "not-the-key", "shop1149528912345678901:a=b'c\"d=="} {
		for _, c := range []struct {
			text string
			want []string
		}{
			{key, nil},
			{key + "\n", nil},
			{key + "\r\n\r\n\n", nil},
			{"\n\r\n" + key, []string{before}},
			{"\uFEFF" + key + "\n", []string{bom}},
			{string(inUTF16(binary.LittleEndian, "\uFEFF"+key+"\r\n")), []string{wide}},
			{string(inUTF16(binary.BigEndian, "\uFEFF"+key)), []string{wide}},
			{string(inUTF16(binary.LittleEndian, key+"\r\n")), []string{wide}},
			{string(inUTF16(binary.BigEndian, `"`+key+`"`)), []string{wide, quoted}},
			{string(inUTF16(binary.LittleEndian, "“"+key+"”")), []string{wide, quoted}},
			{"'" + key + "'", []string{quoted}},
			{"`" + key + "`", []string{quoted}},
			{"“" + key + "”\n", []string{quoted}},
			{"«\u00a0" + key + "\u00a0»", []string{quoted, spaces}},
			{"'\"" + key + "\"'", []string{quoted}},
			{"Bearer " + key, []string{bearer}},
			{"bearer\t" + key, []string{bearer}},
			{"Authorization: Bearer " + key, []string{bearer}},
			{`"Authorization: Bearer ` + key + `"`, []string{quoted, bearer}},
			{"Authorization: " + key, []string{name}},
			{"ETELECOM_API_KEY=" + key, []string{name}},
			{"export ETELECOM_API_KEY='" + key + "'\n", []string{name, quoted}},
			{"set X=" + key + "\r\n", []string{name}},
			{`set "ETELECOM_API_KEY=` + key + `"`, []string{name}},
			{`$env:ETELECOM_API_KEY = "` + key + `"`, []string{name, quoted}},
			{`setx ETELECOM_API_KEY "` + key + `"`, []string{name, quoted}},
			{"set -gx ETELECOM_API_KEY " + key + "\n", []string{name}},
			{"setenv X '" + key + "'", []string{name, quoted}},
			{`declare -x ETELECOM_API_KEY="` + key + `"`, []string{name, quoted}},
			{"$Env:X='Bearer " + key + "'", []string{name, quoted, bearer}},
			{"shop_key: " + key, []string{name}},
			{" " + key + "\t\n", []string{spaces}},
			{key + "\u00a0", []string{spaces}},
			{"\u2028" + key + "\u3000\v", []string{spaces}},
			{"\u200b" + key + "\u2060", []string{invisible}},
			{key + "\x1a", []string{invisible}}, // the end of a file of DOS
			{key + "\x00", []string{invisible}},
			{key + "\n" + key + "\n", []string{twice}},
			{"\uFEFFAPI_KEY = \"Bearer " + key + "\"\r\n\r\n", []string{bom, name, quoted, bearer}},
		} {
			got := readKeyText([]byte(c.text))
			if got.key.Reveal() != key || !slices.Equal(got.taken, c.want) {
				t.Errorf("%q: %q, %q %q %q; want %q", c.text, got.key.Reveal(), got.taken, got.flaws, got.instead, c.want)
			}
		}
	}
	for text, key := range map[string]string{"FOO=" + testKey: testKey, "foo:" + testKey: testKey, "FOO=Bearer '" + testKey + "'": testKey, "abc:def": "abc:def"} {
		if got := readKeyText([]byte(text)); got.key.Reveal() != key {
			t.Errorf("%q: %q, %q", text, got.key.Reveal(), got.flaws)
		}
	}
}

// What is refused, and how it is named. Nothing of the text is shown.
func TestRefusedKeyText(t *testing.T) {
	const (
		lines, space, invisible, sign = "several lines that differ", "a space inside the key", "an invisible character inside the key", "a letter or sign that no key has"
		oneEnd, inside, which         = "a quote at one end of the key only", "a quote inside the key", "nothing tells which"
	)
	for text, want := range map[string]string{
		"":                         "is empty",
		"\n\n":                     "is empty",
		`""`:                       "is empty",
		"\uFEFF \r\n":              "is empty",
		"Bearer ":                  "is empty",
		testKey + "\n" + opaqueKey: lines,
		"# the key\n" + testKey:    lines,
		"ETELECOM_API_KEY=" + testKey + "\nETELECOM_RATE=5\n":       lines,
		"shop1149528912345678901:\ns3cret":                          lines,
		"\"\n" + testKey + "\n\"":                                   lines,
		"shop1149 528912345678901:s3cret":                           space,
		"shop1149528912345678901: s3cret":                           space,
		"shop1149528912345678901 = s3cret":                          space,
		"shop1149528912345678901:s3cret # the key":                  space,
		"export " + testKey:                                         space,
		"foo = s3cret":                                              space,
		"shop1149\u200b528912345678901:s3cret":                      invisible,
		"shop1149\x00528912345678901:s3cret":                        invisible,
		"shop1149528912345678901:s3crét":                            sign,
		"shop1149528912345678901:s3cret\x93":                        sign, // windows-1252
		`"` + testKey:                                               oneEnd,
		testKey + "”":                                               oneEnd,
		`"` + testKey + `'`:                                         oneEnd,
		`"s3cret";`:                                                 oneEnd,
		`"api_key": "` + testKey + `"`:                              space,
		`"api_key":"s3cret"`:                                        inside,
		"foo=s3cret":                                                which,
		"key:s3cret":                                                which,
		string(inUTF16(binary.LittleEndian, "\uFEFFs3cret")) + "\n": "an encoding that changes within it",
		"name,phone,password,extension_number\nLan,0903112351,s3cret-4471,1001\n":                                        "an employee file",
		"\uFEFFHọ tên;Số điện thoại;Mật khẩu;Số máy nhánh\r\n":                                                           "an employee file",
		"line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id\n": "a result file",
		"PK\x03\x04\x14\x00s3cret":            "a workbook (xlsx) or a zip file",
		"\xD0\xCF\x11\xE0s3cret":              "an old file of Office (such as xls)",
		"%PDF-1.7\ns3cret":                    "a PDF",
		`{"api_key": "s3cret"}`:               "JSON",
		"\uFEFF[\"s3cret\"]":                  "JSON",
		"[etelecom]\r\nkey=s3cret\n":          "a file with settings (INI)",
		"{\\rtf1\\ansi s3cret}":               "a document of a word processor (RTF)",
		"\x1b[32m" + testKey + "\x1b[0m\n":    "text with the colors of a terminal",
		"<html>s3cret</html>":                 "a web page or XML",
		"age-encryption.org/v1\ns3cret":       "an encrypted file",
		"-----BEGIN PGP MESSAGE-----\ns3cret": "an encrypted file",
		"-----BEGIN PRIVATE KEY-----\ns3cret": "a key or a certificate of another kind",
		strings.Repeat("s3cret ", maxKey):     "far more text than a key",
	} {
		got := readKeyText([]byte(text)[:min(len(text), maxKey+1)])
		if !got.key.IsZero() {
			t.Errorf("%.60q is taken for the key %q", text, got.key.Reveal())
			continue
		}
		why := got.refused("the place")
		if !strings.Contains(why.Error(), want) || strings.Contains(why.Error(), "s3cr") || strings.Contains(fmt.Sprint(got, why), "s3cr") {
			t.Errorf("%.60q: %v, want %q", text, why, want)
		}
	}
}

// plausible returns a key as eTelecom may make it: of the known shapes, or of another one.
func plausible(kind uint8, secretPart string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/"
	var b strings.Builder
	for i := range len(secretPart) {
		b.WriteByte(letters[int(secretPart[i])%len(letters)])
	}
	text := b.String()
	switch {
	case text == "":
		return testKey
	case kind%4 == 0:
		return "shop1149528912345678901:" + text + "="
	case kind%4 == 1:
		return "1149528912345678901:" + text
	case kind%4 == 2:
		return text + "=="
	}
	return text
}

// around are what people leave around a key, as formats.
var around = []string{
	"%s\n", "%s\r\n", "\n\n%s", " %s", "%s\t", "\u00a0%s", "%s\u200b", "\uFEFF%s", "%s\n\n \n", `"%s"`, "'%s'", "`%s`", "“%s”", "‘%s’", "«%s»", "„%s“", "Bearer %s", "bearer  %s", "Authorization: Bearer %s",
	"ETELECOM_API_KEY=%s", "KEY = %s", "shop_key: %s", "export X=%s", "set TOKEN=%s", "set \"X=%s\"", `$env:NAME = "%s"`, "%s\n%[1]s", "%s # key", "NAME=%s",
}

// Whatever people put around a key, the same key comes out, or none: never another one. Nothing that is said shows it.
func FuzzKeyText(f *testing.F) {
	f.Add(uint8(0), "s3cret-of-the-shop", []byte{9, 16, 19}, uint8(0))
	f.Add(uint8(2), "opaque-secret-part", []byte{13, 0}, uint8(3))
	f.Add(uint8(3), "another", []byte{29, 5, 26}, uint8(4))
	f.Fuzz(func(t *testing.T, kind uint8, secretPart string, layers []byte, encoding uint8) {
		if len(secretPart) < 4 || len(secretPart) > 200 || len(layers) > 5 {
			return
		}
		key := plausible(kind, secretPart)
		text := key
		for _, layer := range layers {
			text = fmt.Sprintf(around[int(layer)%len(around)], text)
		}
		switch encoding % 5 {
		case 1:
			text = string(inUTF16(binary.LittleEndian, "\uFEFF"+text))
		case 2:
			text = string(inUTF16(binary.BigEndian, "\uFEFF"+text))
		case 3:
			text = string(inUTF16(binary.LittleEndian, text))
		case 4:
			text = string(inUTF16(binary.BigEndian, text))
		}
		got := readKeyText([]byte(text)[:min(len(text), maxKey+1)])
		if found := got.key.Reveal(); found != "" && found != key {
			t.Errorf("%q: the key %q, want %q", text, found, key)
		}
		said := fmt.Sprint(got)
		if got.key.IsZero() {
			said += got.refused("it").Error()
		} else {
			said += strings.Join(got.taken, " ")
		}
		if strings.Contains(said, key) {
			t.Errorf("%q is shown: %s", key, said)
		}
	})
}

// Of any bytes: a key that comes out can be sent, is in the text, and is read as itself.
func FuzzAnyKeyText(f *testing.F) {
	f.Add([]byte("\xff\xfes\x00"))
	f.Add([]byte("\x00"))
	f.Add([]byte("KEY=\"'Bearer x'\"\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		got := readKeyText(text[:min(len(text), maxKey+1)])
		key := got.key.Reveal()
		if key == "" {
			if got.refused("it").Error() == "" {
				t.Errorf("%q has no key, and nobody says why", text)
			}
			return
		}
		if _, err := apiclient.New(apiclient.Config{BaseURL: "https://api.invalid/v1", Key: secret.New(key)}); err != nil {
			t.Errorf("%q has no flaw, and the client does not take it: %v", text, err)
		}
		if again := readKeyText([]byte(key)); again.key.Reveal() != key || len(again.taken) > 0 {
			t.Errorf("%q: the key %q is read as %q", text, key, again.key.Reveal())
		}
	})
}
