package vietnamese

import (
	"encoding/base64"
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// coded finds names that are written in the code of another kind of text: HTML, web addresses, programs, mail.
func coded(name string) Finding {
	for _, c := range []struct {
		signs  string // one of them is in each such name
		damage Damage
		decode func(string) (text string, found bool)
	}{
		{"&", HTML, fromEntities},
		{"<", HTML, withoutTags},
		{"=", Mail, fromMailWords},
		{"%", Percent, fromPercent},
		{"\\uU", Escaped, fromEscapes},
		{"=", Mail, fromQuotedPrintable},
		{"+", Mail, fromUTF7},
		{"", Mail, fromBase64},
	} {
		if c.signs != "" && !strings.ContainsAny(name, c.signs) {
			continue
		}
		text, found := c.decode(name)
		if !found {
			continue
		}
		if !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
			text = ""
		}
		return Finding{c.damage, Certain, text}
	}
	return Finding{}
}

// replaceAll replaces each place of a text where parse finds something: it gets the rest of the text, and what is before it, and
// returns how much of the rest it replaces; 0 for nothing.
func replaceAll(text string, parse func(before, rest string) (with string, n int)) (replaced string, found bool) {
	var b strings.Builder
	for i := 0; i < len(text); {
		with, n := parse(text[:i], text[i:])
		if n == 0 {
			b.WriteByte(text[i])
			i++
			continue
		}
		b.WriteString(with)
		found = true
		i += n
	}
	return b.String(), found
}

// fromEntities decodes the entities of HTML: &#7877; &#x1EC5; &ecirc;
func fromEntities(name string) (string, bool) {
	text, found := replaceAll(name, entity)
	if again, more := replaceAll(text, entity); more { // &amp;#7877;
		text = again
	}
	return text, found
}

// entity decodes one. The semicolon may be lost after a number.
func entity(_, rest string) (string, int) {
	if rest[0] != '&' || len(rest) < 3 {
		return "", 0
	}
	digits, end := isAlphanumeric, 1
	switch {
	case rest[1] == '#' && rest[2]|0x20 == 'x':
		digits, end = isHexDigit, 3
	case rest[1] == '#':
		digits, end = isDigit, 2
	}
	for end < len(rest) && digits(rest[end]) {
		end++
	}
	body := rest[:end]
	if end < len(rest) && rest[end] == ';' {
		end++
	} else if rest[1] != '#' || end < 5 {
		return "", 0
	}
	text := html.UnescapeString(body + ";")
	if text == body+";" {
		return "", 0
	}
	return text, end
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isHexDigit(b byte) bool { return isDigit(b) || b|0x20 >= 'a' && b|0x20 <= 'f' }

func isAlphanumeric(b byte) bool { return isDigit(b) || b|0x20 >= 'a' && b|0x20 <= 'z' }

// tags are the elements of HTML that come with texts of editors, mail and spreadsheets.
const tags = "/a/abbr/b/big/body/br/center/code/div/em/font/h1/h2/h3/h4/h5/h6/head/hr/html/i/img/input/label/li/mark/o:p/ol/p/pre/s/script/small/span/" +
	"strike/strong/style/sub/sup/table/tbody/td/th/thead/title/tr/tt/u/ul/"

// withoutTags takes the tags of HTML away. A line break is a space.
func withoutTags(name string) (string, bool) {
	text, found := replaceAll(name, func(_, rest string) (string, int) {
		if rest[0] != '<' {
			return "", 0
		}
		end := strings.IndexByte(rest, '>')
		if end < 2 {
			return "", 0
		}
		if strings.HasPrefix(rest, "<!--") {
			return "", end + 1
		}
		fields := strings.Fields(strings.ToLower(strings.Trim(rest[1:end], "/ ")))
		if len(fields) == 0 || !strings.Contains(tags, "/"+fields[0]+"/") {
			return "", 0
		}
		if fields[0] == "br" || fields[0] == "p" {
			return " ", end + 1
		}
		return "", end + 1
	})
	if found {
		text, _ = fromEntities(text)
	}
	return text, found
}

// hexByte returns the byte that two digits write.
func hexByte(digits string) (byte, bool) {
	if len(digits) < 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits[:2], 16, 8)
	return byte(n), err == nil
}

// beginsLetter reports whether a byte, and the one that digits write, are the first two of a letter in UTF-8.
func beginsLetter(first byte, digits string) bool {
	second, ok := hexByte(digits)
	follows := ok && second >= 0x80 && second < 0xC0
	return follows && first >= 0xC2 && first < 0xF5
}

// fromPercent decodes what a web address has for letters: %E1%BB%85, or %u1EC5 of old scripts.
func fromPercent(name string) (string, bool) {
	proven := false
	text, _ := replaceAll(name, func(before, rest string) (string, int) {
		if rest[0] != '%' {
			return "", 0
		}
		if len(rest) > 5 && rest[1]|0x20 == 'u' {
			if r, ok := hexRune(rest[2:6]); ok {
				proven = true
				return r, 6
			}
		}
		b, ok := hexByte(rest[1:])
		if !ok {
			return "", 0
		}
		switch {
		case b == ' ' && before != "" && len(rest) > 3:
			proven = true
		case len(rest) > 5 && rest[3] == '%' && beginsLetter(b, rest[4:]):
			proven = true
		}
		return string([]byte{b}), 3
	})
	if !proven {
		return "", false
	}
	if !strings.Contains(name, " ") {
		text = strings.ReplaceAll(text, "+", " ")
	}
	return text, true
}

// hexRune returns the character that digits write.
func hexRune(digits string) (string, bool) {
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || n > unicode.MaxRune || utf16.IsSurrogate(rune(n)) {
		return "", false
	}
	return string(rune(n)), true
}

// fromEscapes decodes what programs write for letters: \u1ec5, \xe1\xbb\x85, \341\273\205. The backslash may be there twice, or
// be gone.
func fromEscapes(name string) (string, bool) {
	text, found := replaceAll(strings.ReplaceAll(name, `\\`, `\`), func(_, rest string) (string, int) {
		if rest[0]|0x20 == 'u' && len(rest) > 4 {
			return bareEscape(rest)
		}
		if rest[0] != '\\' || len(rest) < 4 {
			return "", 0
		}
		switch kind := rest[1]; {
		case kind == 'u' && rest[2] == '{':
			if end := strings.IndexByte(rest, '}'); end > 3 {
				if r, ok := hexRune(rest[3:end]); ok {
					return r, end + 1
				}
			}
		case kind == 'u' && len(rest) > 5:
			if r, ok := hexRune(rest[2:6]); ok {
				return r, 6
			}
		case kind == 'U' && len(rest) > 9:
			if r, ok := hexRune(rest[2:10]); ok {
				return r, 10
			}
		case kind|0x20 == 'x':
			if b, ok := hexByte(rest[2:]); ok {
				return string([]byte{b}), 4
			}
		case kind >= '0' && kind <= '3':
			if n, err := strconv.ParseUint(rest[1:4], 8, 8); err == nil {
				return string([]byte{byte(n)}), 4
			}
		}
		return "", 0
	})
	if found && !utf8.ValidString(text) { // \xea, a letter of ISO 8859-1
		text = latin1(text)
	}
	return text, found
}

// bareEscape decodes u1ec5, of a letter of Vietnamese.
func bareEscape(rest string) (string, int) {
	r, ok := hexRune(rest[1:5])
	if first, _ := utf8.DecodeRuneInString(r); !ok || !isVietnamese(first) {
		return "", 0
	}
	return r, 5
}

// latin1 reads the bytes of a text that are not UTF-8 as ISO 8859-1.
func latin1(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 {
			r = rune(text[i])
		}
		b.WriteRune(r)
		i += n
	}
	return b.String()
}

// fromQuotedPrintable decodes =E1=BB=85, of the quoted-printable encoding (RFC 2045).
func fromQuotedPrintable(name string) (string, bool) {
	proven := false
	text, _ := replaceAll(name, func(_, rest string) (string, int) {
		b, ok := hexByte(rest[1:])
		if rest[0] != '=' || !ok {
			return "", 0
		}
		followed := len(rest) > 5 && rest[3] == '='
		proven = proven || followed && beginsLetter(b, rest[4:])
		return string([]byte{b}), 3
	})
	return text, proven
}

// fromMailWords decodes =?UTF-8?B?...?=, the words of mail headers (RFC 2047).
func fromMailWords(name string) (string, bool) {
	known := true
	name = strings.ReplaceAll(name, "?= =?", "?==?") // a space between two words is none of the text
	text, found := replaceAll(name, func(_, rest string) (string, int) {
		if !strings.HasPrefix(rest, "=?") {
			return "", 0
		}
		parts := strings.SplitN(rest, "?", 5)
		if len(parts) < 5 || !strings.HasPrefix(parts[4], "=") {
			return "", 0
		}
		n := len(rest) - len(parts[4]) + 1
		word, ok := mailWord(parts[1], parts[2], parts[3])
		known = known && ok
		return word, n
	})
	if !known {
		text = ""
	}
	return text, found
}

// mailWord decodes one word.
func mailWord(charset, encoding, body string) (text string, ok bool) {
	var raw []byte
	switch strings.ToLower(encoding) {
	case "b":
		var err error
		if raw, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(body, "=")); err != nil {
			return "", false
		}
	case "q":
		coded, _ := replaceAll(body, func(_, rest string) (string, int) {
			if rest[0] == '_' {
				return " ", 1
			}
			if b, ok := hexByte(rest[1:]); ok && rest[0] == '=' {
				return string([]byte{b}), 3
			}
			return "", 0
		})
		raw = []byte(coded)
	default:
		return "", false
	}
	e, err := htmlindex.Get(charset)
	if err != nil {
		return "", false
	}
	decoded, err := e.NewDecoder().Bytes(raw)
	return string(decoded), err == nil
}

// fromUTF7 decodes +HsU-, of UTF-7 (RFC 2152), if it is letters of Vietnamese.
func fromUTF7(name string) (string, bool) {
	return replaceAll(name, func(_, rest string) (string, int) {
		if rest[0] != '+' {
			return "", 0
		}
		end := 1
		for end < len(rest) && (isAlphanumeric(rest[end]) || rest[end] == '/' || rest[end] == '+') {
			end++
		}
		raw, err := base64.RawStdEncoding.DecodeString(rest[1:end])
		if err != nil || len(raw) < 2 {
			return "", 0
		}
		var b strings.Builder
		for i := 0; i+1 < len(raw); i += 2 {
			r := rune(raw[i])<<8 | rune(raw[i+1])
			if !isVietnamese(r) {
				return "", 0
			}
			b.WriteRune(r)
		}
		if end < len(rest) && rest[end] == '-' {
			end++
		}
		return b.String(), end
	})
}

// minBase64 is the shortest name that is looked at as base64: a syllable and a letter beyond ASCII.
const minBase64 = 8

// fromBase64 decodes a whole name that is base64 of Vietnamese, as directories export names with letters beyond ASCII.
func fromBase64(name string) (string, bool) {
	name = strings.TrimSpace(name)
	if len(name) < minBase64 || strings.Contains(name, " ") {
		return "", false
	}
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(name, "="))
	if err != nil || !utf8.Valid(raw) {
		return "", false
	}
	text := string(raw)
	if isASCII(text) { // two words at least, and nothing else
		words := strings.Fields(text)
		return text, len(words) > 1 && strings.ContainsAny(name, "=0123456789") && !strings.ContainsFunc(text, isNoName)
	}
	return text, LooksVietnamese(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

func isNoName(r rune) bool { return r != ' ' && markOf(r) == 0 }
