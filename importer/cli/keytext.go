package cli

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/roster"
)

// keyText is what a text holds that should be the API key: a file, a variable, or what a command prints. People copy keys out of
// e-mails, scripts and spreadsheets, and an editor does not show most of what they copy with it. What is around the key is taken off
// and told. Nothing is guessed: where more than one key could be meant, there is none. No field but key shows anything of the text.
type keyText struct {
	key     secret.Text  // zero if there is none that can be used
	taken   []string     // what was around the key
	instead message.Text // what the text is in place of a key
	hint    message.Text // what to do about instead
	flaws   []string     // why the key cannot be used
}

// maxKey is the most that is read of a text that should be a key, in bytes.
const maxKey = 16 << 10

// readKeyText reads the key out of a text of at most maxKey+1 bytes.
func readKeyText(text []byte) (k keyText) {
	if k.instead, k.hint = foreignFile(text); k.instead != "" {
		return k
	}
	plain, ok := k.decode(text)
	if !ok {
		return k
	}
	if k.instead, k.hint = foreignText(plain); k.instead != "" {
		return k
	}
	if plain != "" && isLineEnd(rune(plain[0])) {
		k.take("empty lines before the key")
	}
	found := ""
	for line := range strings.FieldsFuncSeq(plain, isLineEnd) {
		switch bare := k.unwrap(line); {
		case bare == "":
		case found == "":
			found = bare
		case bare == found:
			k.take("the same line more than once")
		default:
			k.flaw("several lines that differ")
		}
	}
	k.inspect(found)
	if len(k.flaws) == 0 && found != "" {
		k.key = secret.New(found)
	}
	return k
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

// refused returns why there is no key in a place; also what to do, if that depends on what is there.
func (k *keyText) refused(place string) error {
	switch {
	case k.instead != "":
		return hint.With(message.Errorf("%s is %s, not the API key", place, k.instead), string(k.hint))
	case len(k.flaws) > 0:
		return message.Errorf("%s cannot be used as the API key: it has %s", place, check.Listed(k.flaws))
	}
	return message.Errorf("%s is empty", place)
}

// told returns what was taken off the key in a place.
func (k *keyText) told(place string) string {
	return message.Sprintf("the key in %s is used without what is around it: %s", place, check.Listed(k.taken))
}

func (k *keyText) take(what message.Text) { k.taken = appendNew(k.taken, what) }
func (k *keyText) flaw(what message.Text) { k.flaws = appendNew(k.flaws, what) }

func appendNew(list []string, what message.Text) []string {
	if text := what.String(); !slices.Contains(list, text) {
		return append(list, text)
	}
	return list
}

// decode returns the text as UTF-8 without a byte order mark.
func (k *keyText) decode(text []byte) (plain string, ok bool) {
	order := wideOrder(text)
	if order == nil {
		plain, marked := strings.CutPrefix(string(text), "\uFEFF")
		if marked {
			k.take("a byte order mark at its beginning")
		}
		return plain, true
	}
	k.take("the encoding UTF-16, which Windows calls Unicode")
	if len(text)%2 > 0 {
		k.flaw("an encoding that changes within it")
		return "", false
	}
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = order.Uint16(text[2*i:])
	}
	return strings.TrimPrefix(string(utf16.Decode(units)), "\uFEFF"), true
}

// wideOrder returns the byte order of a text in UTF-16; nil for one that is not. PowerShell writes it with a byte order mark, other
// programs without one; every other byte of a key is 0 then, and no other encoding has a 0.
func wideOrder(text []byte) binary.ByteOrder {
	var zeros [2]int // at even and at odd places
	for i, b := range text {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case bytes.HasPrefix(text, []byte("\xFE\xFF")):
		return binary.BigEndian
	case bytes.HasPrefix(text, []byte("\xFF\xFE")):
		return binary.LittleEndian
	case zeros == [2]int{}, 4*max(zeros[0], zeros[1]) < len(text): // typographic quotes have no 0
		return nil
	case zeros[0] > zeros[1]:
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// unwrap takes off what is around the key in a line. One thing may be inside another.
func (k *keyText) unwrap(line string) string {
	for rest := line; ; {
		before := rest
		for _, step := range []func(string) string{k.trim, k.unquote, k.withoutBearer, k.withoutName} {
			rest = step(rest)
		}
		if rest == before {
			return rest
		}
	}
}

func (k *keyText) trim(s string) string {
	bare := strings.TrimFunc(s, isInvisible)
	left := strings.TrimLeftFunc(s, isInvisible)
	if around := s[:len(s)-len(left)] + left[len(strings.TrimRightFunc(left, isInvisible)):]; around != "" {
		if strings.ContainsFunc(around, unicode.IsSpace) {
			k.take("spaces around the key")
		}
		if strings.ContainsFunc(around, func(r rune) bool { return !unicode.IsSpace(r) }) {
			k.take("invisible characters around the key")
		}
	}
	return bare
}

func isInvisible(r rune) bool { return unicode.IsSpace(r) || layout.Printable(r) < 0 }

// quotes are the quotation marks that belong together, of keyboards and of word processors.
var quotes = []string{"\"“”„‟«»″", "'`´‘’‚‛′"}

// unquote takes off quotes that are at both ends.
func (k *keyText) unquote(s string) string {
	first, begin := utf8.DecodeRuneInString(s)
	last, end := utf8.DecodeLastRuneInString(s)
	if len(s) < begin+end {
		return s
	}
	for _, pair := range quotes {
		if strings.ContainsRune(pair, first) && strings.ContainsRune(pair, last) {
			k.take("quotes around the key")
			return s[begin : len(s)-end]
		}
	}
	return s
}

var bearer = regexp.MustCompile(`(?i)^(authorization\s*:\s*)?bearer(\s+|$)`)

func (k *keyText) withoutBearer(s string) string {
	bare := bearer.ReplaceAllString(s, "")
	if bare != s {
		k.take("the word Bearer before the key")
	}
	return bare
}

var (
	// assignment sets a variable, in a shell of Unix or of Windows.
	assignment = regexp.MustCompile(`(?i)^(?:(?:export|set|(?:declare|typeset)\s+-\w+)\s+|\$env:)(.*=.*)$`)
	// assignmentByWords has no equals sign: setx of Windows, set of fish, setenv of csh.
	assignmentByWords = regexp.MustCompile(`(?i)^(?:setx|set\s+-\w+|setenv)\s+[a-z_]\w*\s+(\S.*)$`)
	// A key of an unknown shape may end with the = of base64.
	nameBefore = regexp.MustCompile(`^([A-Za-z_][\w.-]*)(\s*=\s*|\s*:\s*)([^=\s].*)$`)
	ofKey      = regexp.MustCompile(`(?i)key|token|secret|authorization|etelecom`)
	// A space behind the colon of a shop_key makes no name of what is before it.
	shopNumber = regexp.MustCompile(`(?i)^shop[0-9]+$`)
)

// withoutName takes off the name of what the key is the value of, where it is certain that it is a name: it is set as a variable, it
// says that a key follows, or what follows has the shape of one.
func (k *keyText) withoutName(s string) string {
	if set := assignmentByWords.FindStringSubmatch(s); set != nil {
		k.take("a name before the key (as in NAME=)")
		return set[1]
	}
	rest := s
	set := assignment.FindStringSubmatch(s)
	if set != nil {
		rest = new(keyText).unquote(strings.TrimSpace(set[1])) // set "NAME=VALUE"
	}
	named := nameBefore.FindStringSubmatch(rest)
	if named == nil || shopNumber.MatchString(named[1]) {
		return s
	}
	name, between, value := named[1], named[2], named[3]
	isName := set != nil || ofKey.MatchString(name) && between != ":"
	if !isName && !hasShape(new(keyText).unwrap(value)) {
		return s
	}
	k.take("a name before the key (as in NAME=)")
	return value
}

// hasShape reports whether a text has the shape of a key.
func hasShape(text string) bool { return apiclient.ShapeOf(text).Kind != apiclient.OtherKey }

// inspect says what is wrong with a key itself.
func (k *keyText) inspect(key string) {
	for _, r := range key {
		switch {
		case unicode.IsSpace(r):
			k.flaw("a space inside the key")
		case layout.Printable(r) < 0:
			k.flaw("an invisible character inside the key")
		case r > '~':
			k.flaw("a letter or sign that no key has")
		}
	}
	first, _ := utf8.DecodeRuneInString(key)
	last, _ := utf8.DecodeLastRuneInString(key)
	if isQuote(first) || isQuote(last) {
		k.flaw("a quote at one end of the key only")
	}
	if hasShape(key) {
		return
	}
	if named := nameBefore.FindStringSubmatch(key); named != nil && (strings.Contains(named[2], "=") || ofKey.MatchString(named[1])) {
		k.flaw("a name before the key, or an equals sign or a colon inside the key, and nothing tells which")
	}
	if strings.ContainsFunc(key, isQuote) {
		k.flaw("a quote inside the key")
	}
}

func isQuote(r rune) bool { return strings.ContainsRune(quotes[0]+quotes[1], r) }

// The hints about files that are no key.
const (
	nameTheKey message.Text = "name the file that holds the key"
	takeItOut  message.Text = "write the shop_key alone into a file. Or let a command print it, as in --api-key-command 'jq -r .shop_key FILE'"
	saveAsText message.Text = "save it as plain text, with the key alone"
	withoutInk message.Text = "write the key alone into the file, on one line. A command has to print it without colors"
	aloneInIt  message.Text = "write the shop_key alone into a file"
	decryptIt  message.Text = "let a command decrypt it, as in --api-key-command 'gpg -d FILE'"
	askForShop message.Text = "the API key is the shop_key of the company: ask eTelecom for it"
)

// foreignFile says what the bytes of a file are that is no key; "" if they may be one.
func foreignFile(text []byte) (what, todo message.Text) {
	for _, kind := range []struct {
		begin      string
		what, todo message.Text
	}{
		{"PK\x03\x04", "a workbook (xlsx) or a zip file", nameTheKey},
		{"\xD0\xCF\x11\xE0", "an old file of Office (such as xls)", nameTheKey},
		{"%PDF-", "a PDF", nameTheKey},
		{"{\\rtf", "a document of a word processor (RTF)", saveAsText},
		{"age-encryption.org/", "an encrypted file", decryptIt},
		{"-----BEGIN AGE ENCRYPTED", "an encrypted file", decryptIt},
		{"-----BEGIN PGP MESSAGE", "an encrypted file", decryptIt},
		{"-----BEGIN ", "a key or a certificate of another kind", askForShop},
	} {
		if bytes.HasPrefix(text, []byte(kind.begin)) {
			return kind.what, kind.todo
		}
	}
	if _, err := roster.Read(bytes.NewReader(text), roster.Options{ValidateOnly: true}); err == nil && !ofResult.Match(text) {
		return "an employee file", nameTheKey
	}
	return "", ""
}

// ofResult finds the header of a result file, also of one that a spreadsheet has saved.
var ofResult = regexp.MustCompile(`^\x{FEFF}?"?line"?[,;\t]"?name"?[,;\t]`)

// settingsSection begins a part of a file with settings.
var settingsSection = regexp.MustCompile(`^\[[\w .-]+\][ \t]*[\r\n]`)

// foreignText says what a text is that is no key; "" if it may be one.
func foreignText(plain string) (what, todo message.Text) {
	start := strings.TrimLeftFunc(plain, isInvisible)
	switch {
	case ofResult.MatchString(start):
		return "a result file", nameTheKey
	case strings.Contains(plain, "\x1b["):
		return "text with the colors of a terminal", withoutInk
	case settingsSection.MatchString(start):
		return "a file with settings (INI)", aloneInIt
	case strings.HasPrefix(start, "{"), strings.HasPrefix(start, "["):
		return "JSON", takeItOut
	case strings.HasPrefix(start, "<"):
		return "a web page or XML", nameTheKey
	case len(plain) > maxKey:
		return "far more text than a key", nameTheKey
	}
	return "", ""
}
