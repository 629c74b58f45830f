//go:build linux

// Readme checks that what a README shows is what happens: it runs the commands of its console blocks, one after the other, in
// a copy of samples/, and compares what they print with what the README says. It also follows the links to other files.
//
// In a ```console block, "$ " begins a command, run by bash on a terminal of 80 columns; what follows is its output. In that,
//
//   - "..." alone on a line stands for any lines;
//   - "anything else to cancel: y" is where a person types y;
//   - "^C" alone on a line is where a person presses Ctrl-C, two seconds after what stands above it;
//   - ids, times, durations and rates may be others; after <!-- counts may differ --> also the counts of rows.
//
// With -write it puts what the commands print into the file, where that has no "...".
//
// <!-- run: COMMAND --> runs a command that readers need not see; one that ends in & runs until the end.
package main

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	bin := flag.String("bin", "", "the folder that holds etelecom-import")
	show := flag.Bool("show", false, "print what the commands print")
	write := flag.Bool("write", false, "write what the commands print into the file")
	flag.Parse()
	code := 0
	for _, path := range flag.Args() {
		commands, failed, err := check(path, *bin, *show, *write)
		if err != nil {
			failed++
			fmt.Println(err)
		}
		fmt.Printf("   %s: %d commands, %d failed\n", path, commands, failed)
		code = max(code, min(failed, 1))
	}
	os.Exit(code)
}

// check runs the commands of one file in a folder of their own.
func check(path, bin string, show, write bool) (commands, failed int, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, err
	}
	session, err := newSession(bin)
	if err != nil {
		return 0, 0, err
	}
	defer session.close()
	for _, to := range broken(path, string(text)) {
		failed++
		fmt.Printf("%s: the link %s leads nowhere\n", path, to)
	}
	list := parse(string(text))
	for i, c := range list {
		got, err := session.run(c)
		commands++
		list[i].got = strings.Trim(got, "\n")
		if show {
			fmt.Printf("$ %s\n%s", c.line, got)
		}
		if err == nil && !c.matches(got) && !c.hidden {
			err = fmt.Errorf("it printed\n%s\ninstead of\n%s", got, c.want)
		}
		if err != nil {
			failed++
			fmt.Printf("%s:%d: $ %s: %v\n", path, c.number, c.line, err)
		}
	}
	if write {
		return commands, failed, os.WriteFile(path, []byte(rewritten(string(text), list)), 0o644)
	}
	return commands, failed, nil
}

var link = regexp.MustCompile(`\]\(([^)#:]*)(#[^)]*)?\)`)

// broken returns the links of a file to files or headings that do not exist.
func broken(path, text string) (links []string) {
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		to, heading, target := filepath.Join(filepath.Dir(path), m[1]), m[2], text
		if m[1] != "" {
			if _, err := os.Stat(to); err != nil {
				links = append(links, m[1])
				continue
			}
			b, _ := os.ReadFile(to) // a folder has no headings
			target = string(b)
		}
		if heading != "" && !slices.Contains(anchors(target), heading) {
			links = append(links, m[1]+heading)
		}
	}
	return links
}

var (
	headline   = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInLinks = regexp.MustCompile(`[^\pL\pN _-]`)
)

// anchors returns the links that lead to the headings of a text.
func anchors(text string) (links []string) {
	for _, m := range headline.FindAllStringSubmatch(text, -1) {
		links = append(links, "#"+strings.ReplaceAll(notInLinks.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return links
}

// rewritten returns the file with what the commands have printed.
func rewritten(text string, list []command) string {
	lines := strings.Split(text, "\n")
	for _, c := range slices.Backward(list) {
		first := c.number + strings.Count(c.line, "\n")
		last := first + strings.Count(c.want, "\n")
		if !c.hidden && !slices.Contains(lines[first:last], "...") && c.got != "" {
			lines = slices.Replace(lines, first, last, strings.Split(c.got, "\n")...)
		}
	}
	return strings.Join(lines, "\n")
}

// command is one line to run, and what it is said to print.
type command struct {
	number int // of its line in the file
	line   string
	want   string
	got    string // for -write
	loose  bool   // counts may differ
	hidden bool
}

var hiddenRun = regexp.MustCompile(`^<!-- run: (.*) -->$`)

func parse(text string) (list []command) {
	inside, loose := false, false
	for i, line := range strings.Split(text, "\n") {
		hidden := hiddenRun.FindStringSubmatch(line)
		rest, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case hidden != nil:
			list = append(list, command{number: i + 1, line: hidden[1], hidden: true})
		case line == "<!-- counts may differ -->":
			loose = true
		case strings.HasPrefix(line, "```"):
			loose = loose && !inside
			inside = line == "```console"
		case !inside:
		case isCommand:
			list = append(list, command{number: i + 1, line: rest, loose: loose})
		case strings.HasSuffix(list[len(list)-1].line, "\\"):
			list[len(list)-1].line += "\n" + line
		default:
			list[len(list)-1].want += line + "\n"
		}
	}
	return list
}

// session is a shell as a reader has it: folder and variables stay from one command to the next.
type session struct {
	root       string
	env        []string
	background []*exec.Cmd
}

func newSession(bin string) (*session, error) {
	root, err := os.MkdirTemp("", "readme")
	if err != nil {
		return nil, err
	}
	s := &session{root: root, env: append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "HOME="+root, "NO_COLOR=1", "TERM=xterm", "ROOT="+root)}
	work := filepath.Join(root, "work")
	if err := os.CopyFS(filepath.Join(work, "samples"), os.DirFS("samples")); err != nil {
		return nil, err
	}
	left, err := filepath.Glob(filepath.Join(work, "samples", "*.result.csv*")) // of somebody who has tried the README
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	return s, errors.Join(err, os.WriteFile(filepath.Join(root, "state"), []byte("cd "+work+"\n"), 0o600))
}

func (s *session) close() {
	for _, cmd := range s.background {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		_ = cmd.Wait()
	}
	_ = os.RemoveAll(s.root)
}

// run runs one command and returns what it printed, with the end of its lines as in a file.
func (s *session) run(c command) (string, error) {
	if line, ok := strings.CutSuffix(c.line, " &"); ok {
		return "", s.start(line)
	}
	cmd := s.shell(c.line + "\ncode=$?; { export -p; echo cd \"$PWD\"; echo \"(exit $code)\"; } >$ROOT/state; exit $code")
	t, err := openTerminal()
	if err != nil {
		return "", err
	}
	defer t.close()
	cmd.Stdin, cmd.Stdout, cmd.Stderr = t.slave, t.slave, t.slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = cmd.Start()
	_ = t.slave.Close()
	if err != nil {
		return "", err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	got, err := t.follow(c.want, done)
	if err != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	if c.hidden && !cmd.ProcessState.Success() {
		err = cmp.Or(err, fmt.Errorf("%v: %s", cmd.ProcessState, got))
	}
	return got, err
}

func (s *session) shell(line string) *exec.Cmd {
	cmd := exec.Command("bash", "-c", "source $ROOT/state >/dev/null; "+line)
	cmd.Env = s.env
	return cmd
}

// start runs a command until the session ends. What it prints goes to a file that a later command can wait for.
func (s *session) start(line string) error {
	cmd := s.shell("exec " + line)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.background = append(s.background, cmd)
	return nil
}

const (
	question = "anything else to cancel: " // how it ends
	patience = time.Minute
	answerIn = 100 * time.Millisecond // after the question
	stopIn   = 2 * time.Second        // after what stands above the ^C
)

// follow plays the person in front of the terminal until the command ends.
func (t *terminal) follow(want string, done <-chan error) (string, error) {
	deadline := time.After(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	answers := strings.Count(want, question+"y\n")
	var stopAt time.Time
	before, _, stops := strings.Cut(want, "^C")
	for {
		select {
		case <-done:
			return t.rest(), nil
		case <-deadline:
			return t.rest(), fmt.Errorf("still not over after %v", patience)
		case now := <-tick.C:
			text := t.text()
			if answers > 0 && strings.HasSuffix(text, question) {
				answers--
				time.Sleep(answerIn)
				_, _ = t.master.WriteString("y\n")
			}
			if stops && stopAt.IsZero() && strings.Count(text, "\n") >= strings.Count(before, "\n") {
				stopAt = now.Add(stopIn)
			}
			if stops && !stopAt.IsZero() && now.After(stopAt) {
				stops = false
				_, _ = t.master.WriteString("\x03")
			}
		}
	}
}

// masks make equal what may differ from one run to the next.
var masks = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`\b1[0-9]{18}\b`), "<id>"},
	{regexp.MustCompile(`\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`), "<time>"},
	{regexp.MustCompile(`\b\d+\.\d s\b`), "<seconds>"},
	{regexp.MustCompile(`"seconds":[0-9.]+`), "<seconds>"},
	{regexp.MustCompile(`"requests":[0-9]+`), "<requests>"},
	{regexp.MustCompile(`"version":"[^"]*"`), "<version>"},
	{regexp.MustCompile(`\b\d+ requests? in`), "<requests> in"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "<address>"},
	{regexp.MustCompile(`process \d+ on \S+`), "<process>"},
}

// counts are masked where they may differ.
var counts = regexp.MustCompile(`\b\d+ (done|created|failed|unknown|invalid|not started)(, \d+ (done|created|failed|unknown|invalid|not started))*`)

func masked(text string) []string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "^C\n", ""), "^C", "")
	for _, m := range masks {
		text = m.from.ReplaceAllString(text, m.to)
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

// matches reports whether the command printed what it should.
func (c *command) matches(got string) bool {
	want := c.want
	if c.loose {
		want, got = counts.ReplaceAllString(want, "<counts>"), counts.ReplaceAllString(got, "<counts>")
	}
	return fits(masked(want), masked(got))
}

func fits(want, got []string) bool {
	if len(want) == 0 {
		return len(got) == 0
	}
	if want[0] != "..." {
		return len(got) > 0 && want[0] == got[0] && fits(want[1:], got[1:])
	}
	for skip := range len(got) + 1 {
		if fits(want[1:], got[skip:]) {
			return true
		}
	}
	return false
}

// screen is what a terminal shows of what was written to it: a carriage return goes back to the start of the line.
func screen(written []byte) string {
	var lines []string
	for line := range bytes.SplitSeq(bytes.ReplaceAll(written, []byte("\r\n"), []byte("\n")), []byte("\n")) {
		if i := bytes.LastIndexByte(line, '\r'); i >= 0 {
			line = line[i+1:]
		}
		lines = append(lines, strings.ReplaceAll(string(line), "\x1b[2K", ""))
	}
	return strings.Join(lines, "\n")
}
