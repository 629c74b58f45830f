package secret

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// needles are what a search looks for.
type needles struct {
	forms  []string      // in the text as it is
	folded []string      // in the folded text
	cut    []string      // in the folded text, also a part of it at a place where the text was cut
	set    *fingerprints // in the folded text; nil: nothing
}

func newNeedles(secrets []Text, set *fingerprints) *needles {
	n := &needles{set: set}
	for _, s := range secrets {
		n.add(s.Reveal())
	}
	// The first part of a key, "shop123:", is public. Callers pass the secret part as a secret of its own; a key that ends
	// with another secret is therefore not looked for in parts.
	n.cut = slices.DeleteFunc(slices.Clone(n.folded), func(whole string) bool {
		return slices.ContainsFunc(n.folded, func(part string) bool { return part != whole && strings.HasSuffix(whole, part) })
	})
	return n
}

func (n *needles) add(secret string) {
	if secret == "" {
		return
	}
	for _, form := range []string{secret, norm.NFC.String(secret), norm.NFD.String(secret)} {
		if !slices.Contains(n.forms, form) {
			n.forms = append(append(n.forms, form), inBase64(form)...)
		}
	}
	if f := folded(secret); longEnough(f) {
		n.folded = append(n.folded, f)
	}
}

func (n *needles) empty() bool { return len(n.forms) == 0 && n.set == nil }

// search appends the places of all needles in d to found, and those in d with up to depth more kinds of escapes decoded.
func (n *needles) search(d decoded, depth int, found []span) []span {
	found = searchAll(d, n.forms, found)
	if len(n.folded) > 0 || n.set != nil {
		f := d.fold()
		found = searchCut(f, n.cut, searchAll(f, n.folded, found))
		if n.set != nil {
			found = n.set.search(f, found)
		}
	}
	if depth == 0 {
		return found
	}
	for _, e := range escapes {
		if plain, ok := d.unescape(e); ok {
			found = n.search(plain, depth-1, found)
		}
	}
	return found
}

func searchAll(d decoded, forms []string, found []span) []span {
	for _, form := range forms {
		for at := 0; ; {
			i := strings.Index(d.text[at:], form)
			if i < 0 {
				break
			}
			found = append(found, d.span(at+i, at+i+len(form)))
			at += i + 1
		}
	}
	return found
}

// searchCut appends the places in a folded text where a cut left the beginning of a secret, or the end of one. A part that
// is inside of a longer word is not a secret.
func searchCut(d decoded, secrets []string, found []span) []span {
	ends, begins := cutPoints(d.text)
	for _, s := range secrets {
		for _, at := range ends {
			for n := min(len(s)-1, at); n > 0 && longEnough(s[:n]); n-- {
				if d.text[at-n:at] == s[:n] && !letterBefore(d.text, at-n) {
					found = append(found, d.span(at-n, at))
					break
				}
			}
		}
		for _, at := range begins {
			for n := min(len(s)-1, len(d.text)-at); n > 0 && longEnough(s[len(s)-n:]); n-- {
				if d.text[at:at+n] == s[len(s)-n:] && !letterAt(d.text, at+n) {
					found = append(found, d.span(at, at+n))
					break
				}
			}
		}
	}
	return found
}

// cutMarks are what servers write where they cut a text or drop a part of it.
var cutMarks = []string{"...", "…", "**", "••"}

// cutPoints returns where in a folded text a value can end because it was cut there, and where one can begin: the ends of
// the text and of each cut mark, with and without the punctuation beside them.
func cutPoints(text string) (ends, begins []int) {
	const around = " \t\r\n\"'`“”‘’«»()[]{}<>,;:!?."
	end := func(at int) { ends = append(ends, at, len(strings.TrimRight(text[:at], around))) }
	begin := func(at int) { begins = append(begins, at, len(text)-len(strings.TrimLeft(text[at:], around))) }
	begin(0)
	end(len(text))
	for _, mark := range cutMarks {
		for at := 0; ; {
			i := strings.Index(text[at:], mark)
			if i < 0 {
				break
			}
			end(at + i)
			at += i + len(mark)
			begin(at)
		}
	}
	return ends, begins
}

// minFolded is how many characters a secret or a part of one needs to be looked for in a folded text. Shorter ones would be
// found in any text.
const minFolded = 4

func longEnough(s string) bool { return len(s) >= minFolded && utf8.RuneCountInString(s) >= minFolded }

func letterBefore(text string, at int) bool { return at > 0 && letter(text[at-1]) }

func letterAt(text string, at int) bool { return at < len(text) && letter(text[at]) }

// letter reports whether a byte is a letter, a digit or a part of one.
func letter(c byte) bool { return alphanumeric(c) || c >= utf8.RuneSelf }

// minBase64 is how many characters of base64 are looked for at least. Fewer would be found in any text.
const minBase64 = 4

// inBase64 returns what is found in the base64 of any text that contains the secret. It drops the characters at both
// ends that depend on the bytes beside the secret; they have only a few of its bits.
func inBase64(secret string) (forms []string) {
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		for before := range 3 { // base64 looks different at each of three offsets
			s := e.EncodeToString([]byte("\x00\x00"[:before] + secret))
			from, to := (before*8+5)/6, (before+len(secret))*8/6
			if to-from >= minBase64 {
				forms = append(forms, s[from:to])
			}
		}
		if alone := e.EncodeToString([]byte(secret)); strings.HasSuffix(alone, "=") {
			forms = append(forms, alone)
		}
	}
	return forms
}
