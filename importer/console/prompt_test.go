package console

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
)

// memoryTerminal is a terminal without a person.
type memoryTerminal struct {
	typed      io.Reader
	shown      io.Writer
	background bool
	streams    []io.Writer // what the terminal shows
	resumed    chan os.Signal
	prepared   int
	busy       int // how many more times another run has it
	open       int
}

func (t *memoryTerminal) Read(p []byte) (int, error)  { return t.typed.Read(p) }
func (t *memoryTerminal) Write(p []byte) (int, error) { return t.shown.Write(p) }
func (t *memoryTerminal) Close() error                { t.open--; return nil }
func (t *memoryTerminal) foreground() bool            { return !t.background }
func (t *memoryTerminal) prepare()                    { t.prepared++ }
func (t *memoryTerminal) colors() bool                { return false }
func (t *memoryTerminal) width() int                  { return 80 }

func (t *memoryTerminal) claim() bool { t.busy--; return t.busy < 0 }

func (t *memoryTerminal) begin() (<-chan os.Signal, func()) {
	return t.resumed, func() {}
}

func (t *memoryTerminal) shows(stream io.Writer) bool {
	for _, s := range t.streams {
		if s == stream {
			return true
		}
	}
	return false
}

// asked is one question of a run that would create somebody.
type asked struct {
	*testing.T
	console  *Console
	terminal *memoryTerminal
	out, err bytes.Buffer // the streams of the program
	shown    bytes.Buffer // what the terminal shows
	type_    *io.PipeWriter
	waited   []bool
}

func newAsked(t *testing.T, o Options) *asked {
	a := &asked{T: t}
	in, type_ := io.Pipe()
	a.type_ = type_
	a.console = New(o, &a.out, &a.err)
	a.terminal = &memoryTerminal{typed: in, shown: &a.shown, resumed: make(chan os.Signal)}
	a.console.open = func() (terminal, error) { a.terminal.open++; return a.terminal, nil }
	return a
}

func (a *asked) confirm(ctx context.Context) error {
	p := &importer.Plan{Plan: &plan.Plan{Steps: []plan.Step{{Action: plan.Create}}}}
	err := a.console.Confirm(ctx, &roster.Roster{Rows: make([]roster.Row, 1)}, p, "https://api.example.com", func(on bool) { a.waited = append(a.waited, on) })
	if a.terminal.open != 0 {
		a.Errorf("the terminal is open %d times", a.terminal.open)
	}
	return err
}

// TestNobodyAnswers: a question waits 10 minutes, and the answer is no then.
func TestNobodyAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAsked(t, Options{})
		defer a.type_.Close()
		began := time.Now()
		err := a.confirm(t.Context())
		if err == nil || err.Error() != "nobody has answered in 10 minutes; nothing was sent" || time.Since(began) != 10*time.Minute {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if !strings.HasSuffix(a.shown.String(), "\nnobody has answered in 10 minutes; nothing was sent\n") {
			t.Errorf("the terminal shows %q", a.shown.String())
		}
		if len(a.waited) != 2 || !a.waited[0] || a.waited[1] {
			t.Errorf("waiting: %v", a.waited)
		}
	})
}

// TestOneQuestionAtATime: while another run asks at the same terminal, nothing is asked there.
func TestOneQuestionAtATime(t *testing.T) {
	for busy, want := range map[int]string{0: "", 10: "", 1 << 30: "nobody has answered in 10 minutes; nothing was sent"} {
		synctest.Test(t, func(t *testing.T) {
			a := newAsked(t, Options{})
			defer a.type_.Close()
			a.terminal.busy = busy
			go a.type_.Write([]byte("y\n"))
			err := a.confirm(t.Context())
			if (want == "") != (err == nil) || err != nil && err.Error() != want {
				t.Errorf("busy %d times: %v", busy, err)
			}
			if told := strings.Contains(a.shown.String(), "Another run has asked a question"); told != (busy > 0) {
				t.Errorf("busy %d times: the terminal shows %q", busy, a.shown.String())
			}
			if asked := strings.Contains(a.shown.String(), "Type y"); asked != (want == "") {
				t.Errorf("busy %d times: the terminal shows %q", busy, a.shown.String())
			}
		})
	}
}

// TestNoProgressAtTheQuestion: no line of the progress appears below a question, for example through 2>&1 | tee.
func TestNoProgressAtTheQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAsked(t, Options{})
		client, err := apiclient.New(apiclient.Config{BaseURL: "https://api.example.com/v1", Key: secret.New("none")})
		if err != nil {
			t.Fatal(err)
		}
		logged := func() int { // bytes
			synctest.Wait()
			a.console.screen.mu.Lock()
			defer a.console.screen.mu.Unlock()
			return a.err.Len()
		}
		stop := a.console.Watch(&importer.Progress{}, client)
		time.Sleep(logEvery + time.Second)
		before := logged()
		go func() {
			time.Sleep(logEvery + time.Second)
			_, _ = a.type_.Write([]byte("y\n"))
		}()
		err = a.confirm(t.Context())
		atQuestion := logged() - before
		time.Sleep(logEvery)
		after := logged() - before
		stop()
		client.CloseIdleConnections()
		if err != nil || before == 0 || atQuestion != 0 || after == 0 {
			t.Errorf("%v; bytes of progress: %d before, %d at the question, %d after", err, before, atQuestion, after)
		}
	})
}

// TestResumed: a run that was stopped at the question asks again, and what was typed before does not count. One that goes on in the
// background is declined.
func TestResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAsked(t, Options{})
		var err error
		go func() { err = a.confirm(t.Context()) }()
		synctest.Wait()
		a.terminal.resumed <- os.Interrupt
		synctest.Wait()
		if n := strings.Count(a.shown.String(), "Type y"); n != 2 || a.terminal.prepared != 2 {
			t.Errorf("asked %d times, prepared %d times", n, a.terminal.prepared)
		}
		a.terminal.background = true
		a.terminal.resumed <- os.Interrupt
		synctest.Wait()
		if err == nil || err.Error() != "the run is in the background now, where nobody can answer; nothing was sent" {
			t.Error(err)
		}
		a.type_.Close()
	})
}

// TestEndOfTyping: the signal of a terminal that hangs up may come after the end of what is read.
func TestEndOfTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAsked(t, Options{})
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(hangUpTime/2, stop)
		a.type_.Close()
		began := time.Now()
		if err := a.confirm(ctx); err == nil || time.Since(began) != hangUpTime/2 {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// TestPlanIsSeen: what does not appear on the terminal is shown there before the question.
func TestPlanIsSeen(t *testing.T) {
	for name, test := range map[string]struct {
		options  Options
		out, err bool // the terminal shows the stream
		plan     bool
		warning  bool
	}{
		"nothing is redirected": {Options{}, true, true, false, false},
		">file":                 {Options{}, false, true, true, false},
		"2>file":                {Options{}, true, false, false, true},
		"--json":                {Options{JSON: true}, true, true, true, false},
		"--quiet >file 2>file":  {Options{Quiet: true}, false, false, true, true},
	} {
		a := newAsked(t, test.options)
		a.terminal.typed = strings.NewReader("n\n")
		if test.out {
			a.terminal.streams = append(a.terminal.streams, &a.out)
		}
		if test.err {
			a.terminal.streams = append(a.terminal.streams, &a.err)
		}
		before := New(Options{}, io.Discard, io.Discard) // as the one that reads the environment
		before.Warn("there is no such variable")
		a.console.TakeOver(before)
		a.console.Warn("the listing hides people")
		if err := a.confirm(t.Context()); err == nil || err.Error() != "nothing was sent" {
			t.Errorf("%s: %v", name, err)
		}
		shown := a.shown.String()
		if got := strings.Contains(shown, "Plan for"); got != test.plan {
			t.Errorf("%s: plan %v:\n%s", name, got, shown)
		}
		for _, warning := range []string{"hides people", "no such variable"} {
			if got := strings.Contains(shown, warning); got != test.warning {
				t.Errorf("%s: warning %v:\n%s", name, got, shown)
			}
		}
	}
}

// TestCheckAsking: who may be asked, and where a run starts without a question.
func TestCheckAsking(t *testing.T) {
	for name, test := range map[string]struct {
		options              Options
		practice, background bool
		none                 bool // no terminal
		refused              bool
		asks                 bool
	}{
		"a terminal":                  {},
		"no terminal":                 {none: true, refused: true},
		"in the background":           {background: true, refused: true},
		"no terminal, --yes":          {options: Options{Yes: true}, none: true},
		"a terminal, --yes":           {options: Options{Yes: true}},
		"no terminal, practice":       {practice: true, none: true},
		"in the background, practice": {practice: true, background: true},
		"a terminal, practice":        {practice: true},
	} {
		a := newAsked(t, test.options)
		a.console.Practice, a.terminal.background, a.terminal.typed = test.practice, test.background, strings.NewReader("y\n")
		if test.none {
			a.console.open = func() (terminal, error) { return nil, os.ErrNotExist }
		}
		if err := a.console.CheckAsking(); (err != nil) != test.refused {
			t.Errorf("%s: %v", name, err)
		}
		if err := a.confirm(t.Context()); (err != nil) != test.refused {
			t.Errorf("%s: %v", name, err)
		}
		asks := !test.options.Yes && !test.none && !test.background
		if got := a.shown.Len() > 0; got != asks {
			t.Errorf("%s: a question is asked: %v", name, got)
		}
	}
}

func TestIsYes(t *testing.T) {
	const asks message.Text = "Type y and press Enter to start:"
	catalogs := map[string]message.Catalog{
		"English": nil,
		"Vietnamese": func(english string) string {
			return map[string]string{string(asks): "Gõ c rồi Enter để bắt đầu:", "y yes": "c có co"}[english]
		},
		"words only": func(english string) string {
			return map[string]string{string(asks): english, "y yes": "c có co"}[english]
		},
	}
	t.Cleanup(func() { message.Use(nil) })
	for language, catalog := range catalogs {
		message.Use(catalog)
		for answer, want := range map[string]bool{
			"y": true, " YES ": true, "Y\r": true, "": false, "n": false, "yep": false, "y y": false, "q": false,
			"c": language == "Vietnamese", "Có": language == "Vietnamese", "CO": language == "Vietnamese",
		} {
			if isYes(answer, asks) != want {
				t.Errorf("%s: isYes(%q) = %v", language, answer, !want)
			}
		}
	}
}

// TestQuestion: the question says what will happen, and on whose tenant.
func TestQuestion(t *testing.T) {
	const id = "1140475056164655225"
	step := map[rune]plan.Step{'c': {Action: plan.Create}, 'a': {Action: plan.Assign}, 'w': {Action: plan.Wait}, 'n': {}, 'r': {Action: plan.Refuse}}
	for _, test := range []struct {
		steps    string
		name, id string
		want     string
	}{
		{"ccnr", "Hoa Sen", id, `Create and assign 2 users on "Hoa Sen" (account 1140475056164655225)?`},
		{"c", "", id, "Create and assign 1 user on account 1140475056164655225?"},
		{"aa", "", "https://b", "Assign an extension to 2 existing users on https://b?"},
		{"ca", "Hoa Sen", "https://b", `Create and assign 1 user and assign an extension to 1 existing user on "Hoa Sen" (https://b)?`},
		{"w", "", id, "Create and assign up to 1 user on account 1140475056164655225?"},
		{"cw", "", id, "Create and assign up to 2 users on account 1140475056164655225?"},
		{"caw", "", id, "Create and assign up to 2 users and assign an extension to 1 existing user on account 1140475056164655225?"},
		{"cb", "", id, "Passwords of people who are there already will be replaced. Create and assign 1 user on account 1140475056164655225?"},
		{"ab", "", id, "Assign an extension to 1 existing user on account 1140475056164655225?"},
	} {
		p := &importer.Plan{Plan: &plan.Plan{}, Blind: strings.Contains(test.steps, "b")}
		p.Account.Name, p.Account.ID = test.name, test.id
		for _, action := range test.steps {
			p.Steps = append(p.Steps, step[action])
		}
		if strings.Contains(test.steps, "w") {
			p.RetryAt = time.Now()
		}
		if got := question(p, "https://b"); got != test.want {
			t.Errorf("%s: %s", test.steps, got)
		}
	}
}
