package cli

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/roster"
)

// keyVariable is the environment variable that may hold the API key.
const keyVariable = "ETELECOM_API_KEY"

// readKey returns the API key: from the file if one is named, else from the environment. It warns if others can read the file. It
// returns as soon as ctx ends, with the context's cause.
func readKey(ctx context.Context, file string, out *console.Console) (secret.Text, error) {
	return until(ctx, "key", func() (secret.Text, error) { return readKeyNow(file, out) })
}

func readKeyNow(file string, out *console.Console) (secret.Text, error) {
	if file == "" {
		key := strings.TrimSpace(os.Getenv(keyVariable))
		if key == "" {
			return secret.Text{}, hint.New("no API key", "put it into a file and name the file with --api-key-file, or put it into the variable "+keyVariable+". --sandbox needs no key")
		}
		return secret.New(key), nil
	}
	f, err := os.Open(file)
	if err != nil {
		return secret.Text{}, keyFileError(file, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	if err != nil {
		return secret.Text{}, message.Errorf("the key file cannot be read: %w", err)
	}
	key := strings.TrimRight(string(text), "\r\n")
	if key == "" || len(text) > maxKey {
		return secret.Text{}, hint.With(message.Errorf("the file %s holds no key: it has %d bytes", file, len(text)), "write the key alone into the file, on one line")
	}
	warnReadable(out, file, keyReadable)
	return secret.New(key), nil
}

const maxKey = 16 << 10 // bytes

// keyFileError says why a key file cannot be opened. A path that may be the key itself is not repeated.
func keyFileError(file string, err error) error {
	if !resemblesKey(file) {
		return message.Errorf("the key file cannot be read: %w", err)
	}
	why := err
	if failed := new(os.PathError); errors.As(err, &failed) {
		why = failed.Err // without the path
	}
	return hint.With(message.Errorf("--api-key-file wants the name of a file, and what it was given looks like the key itself (%w)", why),
		"write the key alone into a file, and name that file with --api-key-file. Others may have seen the key on this command line: ask eTelecom for a new one")
}

// The least lengths of a path that may be a key, in bytes.
const (
	longWord = 20 // few names of files and folders are as long, and no key is shorter
	longPath = 40 // for a path in a folder that is not there
)

var shopKey = regexp.MustCompile(`(?i)shop[0-9]`)

// resemblesKey reports whether a path that cannot be opened may be a key. If that is not certain, the answer is yes: hiding a path
// does less harm than showing a key.
func resemblesKey(text string) bool {
	if shopKey.MatchString(text) || strings.Contains(text[len(filepath.VolumeName(text)):], ":") {
		return true
	}
	words := text
	_, err := os.Stat(filepath.Dir(text))
	if err == nil {
		words = filepath.Base(text)
	}
	for word := range strings.FieldsFuncSeq(words, func(r rune) bool { return r == '/' || r == '\\' }) {
		if len(word) >= longWord {
			return true
		}
	}
	return len(text) >= longPath && err != nil
}

// inspectKey says what is in the place where readKey looks for the API key. The key is zero if it cannot be used as it is.
func inspectKey(file string) (found check.KeyFound, key secret.Text) {
	text := []byte(strings.TrimSpace(os.Getenv(keyVariable)))
	if file == "" {
		found.Place = message.Sprintf("the variable %s", keyVariable)
		found.Hint = message.T("Set the variable to the key alone.")
		if len(text) == 0 {
			found.Wrong = message.T("There is no API key.")
			found.Hint = message.Sprintf("Write the key into a file, and name that file with --api-key-file. Or set the variable %s.", keyVariable)
			return found, secret.Text{}
		}
	} else {
		if len(text) > 0 {
			found.Note = message.Sprintf("The variable %s is set too, and is not used.", keyVariable)
		}
		found.Place = named(file)
		found.Hint = message.T("Write the key alone into the file: one line, as plain text (UTF-8 without a byte order mark).")
		var err error
		if text, found.File, err = lookAt(file); err != nil {
			found.Wrong, found.Hint = console.ExplainInSentences(keyFileError(file, err))
			return found, secret.Text{}
		}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		found.Wrong = message.Sprintf("%s is empty.", found.Place)
		return found, secret.Text{}
	}
	if found.Flaws = keyFlaws(text); len(found.Flaws) > 0 {
		return found, secret.Text{}
	}
	key = secret.New(strings.TrimRight(string(text), "\r\n"))
	found.Shape = apiclient.ShapeOf(key.Reveal())
	return found, key
}

// lookAt returns the beginning of a file, and who else can read it.
func lookAt(file string) ([]byte, *check.Access, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	info, failed := f.Stat()
	if failed != nil {
		return text, nil, err
	}
	return text, access(f.Name(), info), err
}

// keyFlaws returns what is around a key, or in place of it. It shows nothing of the key. People copy keys out of e-mails, scripts
// and spreadsheets, and an editor does not show most of what they copy with it.
func keyFlaws(text []byte) (flaws []string) {
	flaw := func(found bool, what message.Text) {
		if text := what.String(); found && !slices.Contains(flaws, text) {
			flaws = append(flaws, text)
		}
	}
	switch {
	case len(text) == 0:
		return []string{message.T("no key")}
	case bytes.HasPrefix(text, []byte("PK\x03\x04")):
		return []string{message.T("a workbook (xlsx) or a zip file in place of the key")}
	case isRoster(text):
		return []string{message.T("a list of employees in place of the key")}
	case len(text) > maxKey:
		return []string{message.T("far more text than a key")}
	}
	rest, wide := narrow(text)
	flaw(wide, "the encoding UTF-16, which Windows calls Unicode")
	rest, marked := strings.CutPrefix(rest, "\uFEFF")
	flaw(marked && !wide, "a byte order mark at its beginning")
	if rest = strings.TrimRight(rest, "\r\n"); strings.ContainsAny(rest, "\r\n") {
		flaw(true, "more than one line")
		rest = strings.TrimLeft(rest, "\r\n")
		rest, _, _ = strings.Cut(strings.ReplaceAll(rest, "\r", "\n"), "\n")
	}
	for before := ""; before != rest; { // one may be inside another
		before = rest
		for _, wrapping := range wrappings {
			if bare := wrapping.off(rest); bare != rest {
				flaw(true, wrapping.name)
				rest = bare
			}
		}
	}
	flaw(rest == "", "no key")
	flaw(strings.ContainsFunc(rest, unicode.IsSpace), "a space inside the key")
	if strings.ContainsFunc(rest, func(r rune) bool { return !unicode.IsSpace(r) && layout.Printable(r) < 0 }) {
		flaw(true, "an invisible character inside the key")
	} else {
		flaw(strings.ContainsFunc(rest, func(r rune) bool { return r > '~' && !unicode.IsSpace(r) }), "a letter or sign that no key has")
	}
	return flaws
}

// wrappings are what people leave around a key.
var wrappings = []struct {
	name message.Text
	off  func(string) string
}{
	{"spaces around the key", strings.TrimSpace},
	{"quotes around the key", func(s string) string { return strings.Trim(s, "\"'`“”‘’«»") }},
	{"the word Bearer before the key", func(s string) string { return bearer.ReplaceAllString(s, "") }},
	{"a name before the key (as in NAME=)", func(s string) string { return nameBefore.ReplaceAllString(s, "$1") }},
}

var (
	bearer = regexp.MustCompile(`(?i)^(authorization:\s*)?bearer(\s+|$)`)
	// A key of an unknown shape may end with the = of base64, and a shop_key has a colon behind its first digits.
	nameBefore = regexp.MustCompile(`^(?:(?:export|set)\s+)?[A-Za-z_]\w*(?:\s*=\s*|:\s+)([^=\s].*)$`)
)

// isRoster reports whether text can be read as an employee file.
func isRoster(text []byte) bool {
	_, err := roster.Read(bytes.NewReader(text), roster.Options{ValidateOnly: true})
	return err == nil
}

// narrow returns text as UTF-8, and whether it was UTF-16: it is if it begins with a byte order mark or if every other byte is 0.
func narrow(text []byte) (string, bool) {
	var order binary.ByteOrder = binary.LittleEndian
	switch zeros := bytes.Count(text, []byte{0}); {
	case bytes.HasPrefix(text, []byte("\xFE\xFF")), text[0] == 0:
		order = binary.BigEndian
	case bytes.HasPrefix(text, []byte("\xFF\xFE")), zeros > 0 && zeros >= len(text)/2:
	default:
		return string(text), false
	}
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = order.Uint16(text[2*i:])
	}
	return string(utf16.Decode(units)), true
}
