package console

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
)

// The marks around every text that comes through package message.
const begin, end = '⟦', '⟧'

// verb is a verb of a format. What it prints is no part of the text, and has marks of its own if it is a text.
var verb = regexp.MustCompile(`%[-+#0]*(?:\[\d+\])?[0-9.]*(?:\[\d+\])?[a-zA-Z]`)

// MarkTexts puts marks around every text that comes through package message, until the test ends.
func MarkTexts(t *testing.T) {
	message.Use(func(english string) string {
		if strings.ContainsRune(english, begin) { // it came through before
			return english
		}
		text := strings.TrimSpace(english)
		marked := string(begin) + verb.ReplaceAllString(text, string(end)+"$0"+string(begin)) + string(end)
		return strings.Replace(english, text, marked, 1)
	})
	t.Cleanup(func() { message.Use(nil) })
}

// values are words that are no texts: names of commands, fields, calls, faults and people, and what the tenant has said.
var values = func() map[string]bool {
	words := strings.Fields(`run check verify report passwords slips status template sandbox version go chmod export etelecom-import name phone password note
		Lan Minh Hoa Practice tenant Etelecom key employees jq devel auto always never text json read skip vi en
		completion man bash zsh fish powershell limit state expires new valid expired
		create assign list users extensions identity writes unavailable
		CreateAccountUser GetAccountUsers GetExtensions`)
	set := map[string]bool{}
	for _, word := range append(words, sandbox.FaultNames()...) {
		set[word] = true
	}
	return set
}()

// fromOthers are texts of the operating system, of Go and of the tenant, and quoted values.
var fromOthers = regexp.MustCompile(strings.ReplaceAll(`no such file or directory|is a directory|not a directory|permission denied|no such host|`+
	`open \S+:|dial tcp \S+: connect: connection refused|listen tcp4?: lookup \S+:|`+
	`bad_route: no handler for path|Đã có lỗi xảy ra, vui lòng thử lại|Bạn không có quyền thực hiện thao tác này|Tài khoản đã đóng|Require at least 1 role|`+
	// Windows:
	`The system cannot find the (?:file|path) specified|Access is denied|dial tcp \S+: connectex: No connection could be made because the target machine actively refused it|`+
	`"[^"⟦⟧]*"|'[^'⟦⟧]*'`, " ", `\s+`))

// english is a word. The texts of this program have no other letters, and the tenant's have.
var english = regexp.MustCompile(`^[A-Za-z][A-Za-z'-]+$`)

// Unmarked returns the words of an output that no text has, each with its line. Values are no words: what has a digit, a dot, an
// underscore or another sign in it, and what is written in capitals.
func Unmarked(output string) (found []string) {
	outside, ok := outsideOfMarks(output)
	if !ok {
		return []string{"the marks do not match"}
	}
	outside = fromOthers.ReplaceAllStringFunc(outside, func(text string) string { // a line break in it stays
		return strings.Repeat("\n", strings.Count(text, "\n")) + " "
	})
	lines := strings.Split(output, "\n")
	for i, line := range strings.Split(outside, "\n") {
		for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("()[],;", r) }) {
			word = strings.TrimRight(word, ".:?!…")
			if english.MatchString(word) && strings.ToUpper(word) != word && !values[word] {
				found = append(found, fmt.Sprintf("%q in %q", word, lines[i]))
			}
		}
	}
	return found
}

// outsideOfMarks returns what is between the marked texts, with spaces and line breaks in their place. ok says that each mark has
// its other one.
func outsideOfMarks(output string) (outside string, ok bool) {
	depth := 0
	outside = strings.Map(func(r rune) rune {
		switch {
		case r == begin:
			depth++
		case r == end:
			depth--
		case r == '\n' || depth == 0:
			return r
		}
		return ' '
	}, output)
	return outside, depth == 0
}

// TestUnmarked: the proof that all texts are marked would find one that is not.
func TestUnmarked(t *testing.T) {
	MarkTexts(t)
	for text, want := range map[string]int{
		message.Sprintf("%s is on %d of %.1f lines", "e.csv", 7, 2.5):    0,
		message.Sprintf("this is %s", "bare"):                            1,
		message.Sprintf("this is %s", message.T("5% or 7")):              0,
		"two words --flag a_code 12:30 " + message.T("more"):             2,
		"\n" + message.T("a text that\n   is wrapped") + "\n":            0,
		message.Errorf("read it: %w", message.New("no \"key\"")).Error(): 0,
	} {
		if got := Unmarked(text); len(got) != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestTextsOnTerminal: what only a terminal shows comes through package message, too.
func TestTextsOnTerminal(t *testing.T) {
	MarkTexts(t)
	var all bytes.Buffer
	standing := importer.Standing{Total: 300, Done: 62, Failed: 2, Unknown: 1}
	for _, f := range []frame{
		{Requests: 1},
		{Standing: importer.Standing{Listing: true, Users: 2301}},
		{Standing: importer.Standing{Listing: true, Users: 2301, Extensions: 9}},
		{Standing: standing, Rate: 9.8, Limit: 10, Left: time.Minute},
		{Standing: standing, Rate: 9.8},
		{Standing: standing, Waiting: message.T("the API asks for a pause"), Until: time.Now().Add(time.Minute), At: time.Now()},
	} {
		fmt.Fprintln(&all, f.line(500))
	}
	c := New(Options{}, &all, &all)
	c.terminal = true
	var noTerminal error
	create, assign, wait := plan.Step{Action: plan.Create}, plan.Step{Action: plan.Assign}, plan.Step{Action: plan.Wait}
	for _, steps := range [][]plan.Step{{create}, {assign}, {create, assign}, {create, wait}, {assign, wait}} {
		p := &importer.Plan{Plan: &plan.Plan{Steps: steps}, Blind: len(steps) == 1}
		if slices.Contains(steps, wait) {
			p.RetryAt = time.Now()
		}
		fmt.Fprintln(&all, question(p, "T"))
		for _, here := range []*memoryTerminal{{shown: &all}, {shown: &all, background: true}, nil} {
			c.open = func() (terminal, error) {
				if here == nil {
					return nil, errors.ErrUnsupported
				}
				here.typed = strings.NewReader("n\n")
				return here, nil
			}
			noTerminal = c.CheckAsking()
			fmt.Fprintln(&all, noTerminal, c.Confirm(t.Context(), &roster.Roster{Rows: make([]roster.Row, len(steps))}, p, "T", func(bool) {}))
			c.ConfirmReplaced(t.Context(), p, "T", 3, func(bool) {})
		}
	}
	c.Fail(noTerminal)
	fmt.Fprintln(&all, errBackground, errNoAnswer())
	c.ShowStopping()
	c.ShowCheckStopped()
	c.Warn(message.T("a warning"))
	c.ShowSandboxEnd(nil)
	for trouble := apiclient.UnknownName; trouble <= apiclient.OtherTrouble; trouble++ {
		e := &apiclient.Error{Host: "api.etelecom.vn", Trouble: trouble, Status: 503, RetryAfter: time.Second * time.Duration(trouble%2)}
		c.ShowSetback(apiclient.Setback{Host: "api.etelecom.vn", Err: e, Next: int(trouble % 3), Of: 4, Took: time.Second})
		c.Fail(&importer.Stop{Kind: importer.Unavailable, Cause: e})
	}
	for _, found := range Unmarked(all.String()) {
		t.Error(found)
	}
}
