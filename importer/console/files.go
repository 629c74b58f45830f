package console

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

// Stdin is the name that stands for standard input.
const Stdin = "-"

// ReadRoster reads an employee file, or standard input for [Stdin]. The end of ctx ends it at once; the error is the context's
// cause then.
func ReadRoster(ctx context.Context, path string, stdin io.Reader, o roster.Options) (*roster.Roster, error) {
	return until(ctx, "the employee file", func() (*roster.Roster, error) {
		if path == Stdin {
			return roster.Read(stdin, o)
		}
		return roster.ReadFile(path, o)
	})
}

// until reads until ctx ends. Nothing calls a read back from a pipe that nobody writes to, so it may be left behind.
func until[T any](ctx context.Context, what string, read func() (T, error)) (value T, err error) {
	type reading struct {
		value T
		err   error
	}
	over := make(chan reading, 1)
	go func() {
		var r reading
		defer func() {
			if v := recover(); v != nil {
				r.err = importer.Panicked(what, v)
			}
			over <- r
		}()
		r.value, r.err = read()
	}()
	select {
	case r := <-over:
		return r.value, r.err
	case <-ctx.Done():
		return value, context.Cause(ctx)
	}
}

// ResultPath returns the path of the result CSV where none is given: the employee file's name with another ending.
func ResultPath(employees string, practice bool) (string, error) {
	if employees == Stdin {
		return "", &Hinted{errors.New("standard input has no name to derive the result's from"), "name the result CSV with -o FILE"}
	}
	if dir := filepath.ToSlash(filepath.Dir(employees)); dir == "/dev/fd" || strings.HasPrefix(dir, "/proc/") {
		return "", &Hinted{fmt.Errorf("%s has no name to derive the result's from", employees), "name the result CSV with -o FILE"}
	}
	ending := ".result.csv"
	if practice {
		ending = ".sandbox.result.csv"
	}
	return strings.TrimSuffix(employees, filepath.Ext(employees)) + ending, nil
}

// Apart refuses files of which two are the same, by whatever path: each would overwrite the other, or what belongs to the
// result. What is left out is "".
func Apart(employees, key, result string, reports ...string) error {
	kept := []string{employees, key}
	for i, path := range append([]string{result}, reports...) {
		for _, other := range kept {
			if path != "" && other != "" && other != Stdin && same(path, other) {
				return &Hinted{fmt.Errorf("%s would overwrite %s", path, other), "name another file"}
			}
		}
		if kept = append(kept, path); i == 0 {
			kept = append(kept, besides(result)...)
		}
	}
	return nil
}

// besides returns what belongs to a result CSV, whatever link it is reached by.
func besides(result string) (files []string) {
	if result == "" {
		return nil
	}
	paths := []string{result}
	if target, err := filepath.EvalSymlinks(result); err == nil {
		paths = append(paths, target)
	}
	for _, path := range paths {
		files = append(files, ledger.Beside(path)...)
		files = append(files, StateOf(path), StateOf(path)+".lock")
	}
	return files
}

func same(a, b string) bool {
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	infoA, err := os.Stat(a)
	if err != nil {
		return false
	}
	infoB, err := os.Stat(b)
	return err == nil && os.SameFile(infoA, infoB)
}

// KeyVariable is the environment variable that may hold the API key.
const KeyVariable = "ETELECOM_API_KEY"

// ReadKey returns the API key: from the file if one is named, else from the environment. The end of ctx ends it as it ends
// [ReadRoster].
func (c *Console) ReadKey(ctx context.Context, file string) (secret.Text, error) {
	return until(ctx, "the key", func() (secret.Text, error) { return c.readKey(file) })
}

func (c *Console) readKey(file string) (secret.Text, error) {
	if file == "" {
		key := strings.TrimSpace(os.Getenv(KeyVariable))
		if key == "" {
			return secret.Text{}, &Hinted{errors.New("no API key"), "put it into a file and name that with --api-key-file, or into the variable " + KeyVariable + "; --sandbox needs none"}
		}
		return secret.New(key), nil
	}
	f, err := os.Open(file)
	if err != nil {
		return secret.Text{}, keyFileError("API key", file, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	if err != nil {
		return secret.Text{}, fmt.Errorf("API key: %w", err)
	}
	key := strings.TrimRight(string(text), "\r\n")
	if key == "" || len(text) > maxKey {
		return secret.Text{}, &Hinted{fmt.Errorf("API key: %s holds no key: it has %d bytes", file, len(text)), "the file holds the key alone, on one line"}
	}
	c.WarnReadable(file, "the API key")
	return secret.New(key), nil
}

const maxKey = 16 << 10

// keyFileError says why a key file cannot be opened. Where it looks as if the key itself stood in the place of the file, it
// is not repeated.
func keyFileError(what, file string, err error) error {
	if !resemblesKey(file) {
		return fmt.Errorf("%s: %w", what, err)
	}
	why := err
	if failed := new(os.PathError); errors.As(err, &failed) {
		why = failed.Err // without the path
	}
	return &Hinted{
		fmt.Errorf("--api-key-file wants the name of a file, and what stands there looks like the key itself (%w)", why),
		"write the key alone into a file, and name that file with --api-key-file. Others may have seen the key on this command line: ask eTelecom for a new one",
	}
}

const (
	longWord = 20 // bytes: few names of files and folders are as long, and no key is shorter
	longPath = 40
)

var shopKey = regexp.MustCompile(`(?i)shop[0-9]`)

// resemblesKey reports whether a text that is no file that can be opened may be a key. It rather takes a strange path for a
// key than a key for a path.
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

// keyLike is a key of one of the known shapes, wherever it stands.
var keyLike = regexp.MustCompile(`(?i)(?:shop)?[0-9]{15,20}:[^\s"']+|shop[0-9]+:[^\s"']+`)

// withoutKeys returns a text of this program's own without what looks like a key. People put keys where a file or a value
// belongs, and messages name what they do not understand.
func withoutKeys(text string) string { return keyLike.ReplaceAllString(text, secret.Hidden) }

// LookAtKey tells what is found where ReadKey looks for the API key. The key is zero if it cannot be used as it is.
func LookAtKey(file string) (found importer.KeyFound, key secret.Text) {
	text := []byte(strings.TrimSpace(os.Getenv(KeyVariable)))
	if file == "" {
		found.Place = "the variable " + KeyVariable
		found.Todo = "Set the variable to the key alone."
		if len(text) == 0 {
			found.Wrong = "There is no API key."
			found.Todo = "Write the key into a file, and name that file with --api-key-file. Or set the variable " + KeyVariable + "."
			return found, secret.Text{}
		}
	} else {
		if len(text) > 0 {
			found.Note = "The variable " + KeyVariable + " is set too, and is not used."
		}
		found.Place = named(file)
		found.Todo = "Write the key alone into the file: one line, as plain text (UTF-8 without a byte order mark)."
		var err error
		if text, found.File, err = lookAt(file); err != nil {
			found.Wrong, found.Todo = explainSentences(keyFileError("the key file cannot be read", file, err))
			return found, secret.Text{}
		}
	}
	if len(bytes.TrimSpace(text)) == 0 {
		found.Wrong = named(file) + " is empty."
		return found, secret.Text{}
	}
	if found.Flaws = KeyFlaws(text); len(found.Flaws) > 0 {
		return found, secret.Text{}
	}
	key = secret.New(strings.TrimRight(string(text), "\r\n"))
	found.Shape = apiclient.ShapeOf(key.Reveal())
	return found, key
}

// lookAt reads the beginning of a file, and who else can.
func lookAt(file string) ([]byte, *importer.Access, error) {
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

// access returns who can read a file; nil where its mode does not tell.
func access(path string, info os.FileInfo) *importer.Access {
	if !info.Mode().IsRegular() || !readableMatters {
		return nil
	}
	return &importer.Access{Everybody: info.Mode().Perm()&others != 0, Todo: "To change that:\nchmod 600 " + Quote(path)}
}

// LookAtEmployees tells what is found in an employee file, as a dry run without the tenant finds it.
func LookAtEmployees(ctx context.Context, path string, stdin io.Reader, o roster.Options) *importer.EmployeesFound {
	found := &importer.EmployeesFound{Place: named(path)}
	if path == Stdin {
		found.Place = "standard input"
	} else if info, err := os.Stat(path); err == nil { // a pipe can be opened once
		found.File = access(path, info)
	}
	r, err := ReadRoster(ctx, path, stdin, o)
	if err != nil {
		found.Wrong, found.Todo = explainSentences(fmt.Errorf("the employee file cannot be read: %w", err))
		return found
	}
	s := Offline(r)
	found.Rows, found.Problems = s.Rows, s.Plan.Refuse
	found.Todo = "To see why:\netelecom-import run --dry-run --offline " + Quote(path)
	return found
}

// named names a file in a sentence.
func named(path string) string { return strconv.Quote(oneLine(path)) }

// explainSentences says in sentences what explain says.
func explainSentences(err error) (wrong, todo string) {
	wrong, todo = explain(err)
	return sentence(wrong), sentence(todo)
}

func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + strings.TrimRight(text[size:], ".") + "."
}

// KeyFlaws says what is in the place of a key beside the key, or instead of it. It shows nothing of the key. People copy
// keys out of e-mails, scripts and spreadsheets, and what came along is mostly what an editor does not show.
func KeyFlaws(text []byte) (flaws []string) {
	flaw := func(found bool, what string) {
		if found && !slices.Contains(flaws, what) {
			flaws = append(flaws, what)
		}
	}
	switch {
	case len(text) == 0:
		return []string{"no key"}
	case bytes.HasPrefix(text, []byte("PK\x03\x04")):
		return []string{"a workbook (xlsx) or a zip file in place of the key"}
	case isRoster(text):
		return []string{"a list of employees in place of the key"}
	case len(text) > maxKey:
		return []string{"far more text than a key"}
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
	for before := ""; before != rest; { // one can be inside the other
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
	if strings.ContainsFunc(rest, func(r rune) bool { return !unicode.IsSpace(r) && visible(r) < 0 }) {
		flaw(true, "an invisible character inside the key")
	} else {
		flaw(strings.ContainsFunc(rest, func(r rune) bool { return r > '~' && !unicode.IsSpace(r) }), "a letter or sign that no key has")
	}
	return flaws
}

// wrappings are what is put around a key.
var wrappings = []struct {
	name string
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

// narrow returns text as UTF-8, and whether it was UTF-16: then it begins with a byte order mark, or every other byte is 0.
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

// WarnReadable warns where others on this machine can read a file with secrets.
func (c *Console) WarnReadable(path, what string) {
	info, err := os.Stat(path) // without opening it: a pipe can be opened once
	if err == nil && info.Mode().IsRegular() && readableMatters && info.Mode().Perm()&others != 0 {
		c.Warn(fmt.Sprintf("everybody on this machine can read %s, which holds %s: chmod 600 %s", path, what, Quote(path)))
	}
}

// others is the bit of a file's mode that lets everybody on this computer read it.
const others = 0o004
