package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"etelecom-import/importer"
	"etelecom-import/importer/hint"
)

// The test binary is the command, so that the tests need no shell: its first argument is this word, the second says what it does.
const asKeyCommand = "as-key-command"

func init() {
	if len(os.Args) < 3 || os.Args[1] != asKeyCommand {
		_ = os.Setenv("GORACE", "atexit_sleep_ms=100") // instead of a whole second at the end of each command
		return
	}
	switch args := os.Args[3:]; os.Args[2] {
	case "print":
		fmt.Print(strings.Join(args, "\n"))
	case "show":
		text, _ := os.ReadFile(args[0])
		_, _ = os.Stdout.Write(text)
	case "fail":
		fmt.Println(testKey) // it does not count
		fmt.Fprintln(os.Stderr, "the store is locked")
		code, _ := strconv.Atoi(args[0])
		os.Exit(code)
	case "flood":
		for err := error(nil); err == nil; {
			_, err = os.Stdout.WriteString(strings.Repeat(testKey, 100))
		}
	case "input":
		text, err := io.ReadAll(os.Stdin)
		fmt.Printf("read-%d-bytes-%t", len(text), err == nil)
	case "hang": // with its output open, and a connection by which the test sees that it lives
		conn, err := net.Dial("tcp", args[0])
		if err == nil {
			_, _ = conn.Write([]byte("x"))
			_, _ = conn.Read(make([]byte, 1)) // until the test has ended
		}
	case "parent": // starts a child and hangs
		child := exec.Command(os.Args[0], asKeyCommand, "hang", args[0])
		child.Stdout = os.Stdout
		_ = child.Start()
		_ = child.Wait()
	case "agent": // leaves a child behind that has its output open
		child := exec.Command(os.Args[0], asKeyCommand, "hang", args[0])
		child.Stdout = os.Stdout
		_ = child.Start()
		fmt.Println(testKey)
	case "ask-terminal", "ask-input", "ask-stubborn": // the last one makes an exit code of Ctrl-C
		from := os.Stdin
		if os.Args[2] != "ask-input" {
			from, _ = os.OpenFile("/dev/tty", os.O_RDWR, 0)
		}
		if os.Args[2] == "ask-stubborn" {
			signals := make(chan os.Signal, 1)
			signal.Notify(signals, os.Interrupt)
			go func() { <-signals; os.Exit(3) }()
		}
		fmt.Fprintln(os.Stderr, "passphrase?")
		line, _ := bufio.NewReader(from).ReadString('\n')
		fmt.Print(line)
	case "program":
		p := &Program{Args: append([]string{"etelecom-import"}, args...), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Exit: os.Exit}
		os.Exit(p.Run(context.Background()))
	case "interrupted":
		interruptItself()
	}
	os.Exit(0)
}

// command returns a key command that does what the words say.
func command(words ...string) *keyCommand {
	return &keyCommand{append([]string{os.Args[0], asKeyCommand}, words...), strings.NewReader("the employee file"), io.Discard, time.Minute}
}

// lives listens for a child. connected returns once it runs, and gone waits until it does not any more.
func lives(t *testing.T) (address string, connected chan net.Conn, gone func(net.Conn)) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	connected = make(chan net.Conn, 1)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := conn.Read(make([]byte, 1)); err == nil {
				connected <- conn
			}
		}
	}()
	return l.Addr().String(), connected, func(conn net.Conn) {
		t.Helper()
		_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		if _, err := conn.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Error("the child of the command lives on")
		}
		conn.Close()
	}
}

func TestKeyCommand(t *testing.T) {
	for _, c := range []struct {
		do        []string
		key, says string
	}{
		{[]string{"print", testKey}, testKey, ""},
		{[]string{"print", "\"" + testKey + "\"\r\n"}, testKey, ""},
		{[]string{"print", "user: x", testKey}, "", "several lines that differ"},
		{[]string{"input"}, "read-0-bytes-true", ""}, // the employee file is not the command's
		{[]string{"print"}, "", "has printed nothing"},
		{[]string{"print", " \n"}, "", "has printed nothing"},
		{[]string{"fail", "3"}, "", "has failed with exit code 3"},
		{[]string{"flood"}, "", "far more than a key"},
		{[]string{"print", "name,phone,password,extension_number\nLan,0903112351,s3cret-4471,1001"}, "", "the output of --api-key-command is an employee file, not the API key"},
	} {
		var talk strings.Builder
		run := command(c.do...)
		run.stderr = &talk
		k, _, err := keySource{place: "the output of --api-key-command", command: run}.read(t.Context())
		if k.key.Reveal() != c.key || (err == nil) != (c.key != "") {
			t.Errorf("%q: %q, %v", c.do, k.key.Reveal(), err)
		}
		if err == nil {
			continue
		}
		if ExitCode(nil, err) != 5 || !strings.Contains(err.Error(), c.says) || hint.Of(err) == "" || strings.Contains(err.Error()+hint.Of(err), "s3cret") {
			t.Errorf("%q: code %d, %v; %s", c.do, ExitCode(nil, err), err, hint.Of(err))
		}
		if c.do[0] == "fail" && talk.String() != "the store is locked\n" {
			t.Errorf("its standard error is %q", talk.String())
		}
	}
}

func TestKeyCommandThatCannotStart(t *testing.T) {
	folder := t.TempDir()
	for word, says := range map[string]string{
		"no-such-program":                   `"no-such-program" was not found`,
		filepath.Join(folder, "none"):       "was not found",
		"~/bin/key":                         "~ and variables are not replaced here",
		"$HOME/bin/key":                     "~ and variables are not replaced here",
		"shop1149528912345678901:s3cret":    "its program was not found",
		"aB3dE6gH9jK2mN5pQ8rS1tU4-s3cret-x": "its program was not found",
	} {
		_, err := (&keyCommand{[]string{word}, nil, io.Discard, time.Minute}).run(t.Context())
		if err == nil || ExitCode(nil, err) != 5 || !strings.Contains(err.Error()+" "+hint.Of(err), says) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v; %s", word, err, hint.Of(err))
		}
	}
}

// When the time is over, the command is killed with what it has started. How soon a child runs depends on the machine.
func TestKeyCommandOverTime(t *testing.T) {
	for limit := 100 * time.Millisecond; ; limit *= 2 {
		address, connected, gone := lives(t)
		c := command("parent", address)
		c.limit = limit
		_, err := c.run(t.Context())
		if ExitCode(nil, err) != 5 || !strings.Contains(err.Error(), "did not end within "+limit.String()) {
			t.Fatal(err)
		}
		select {
		case conn := <-connected:
			gone(conn)
			return
		default: // killed before the child ran
		}
	}
}

// A signal ends the command at once, with what it has started.
func TestKeyCommandIsInterrupted(t *testing.T) {
	address, connected, gone := lives(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	var child net.Conn
	go func() {
		child = <-connected
		cancel(&importer.Stop{Kind: importer.Interrupted, Cause: SignalError{os.Interrupt}})
	}()
	_, err := command("parent", address).run(ctx)
	if ExitCode(nil, err) != 130 {
		t.Errorf("code %d: %v", ExitCode(nil, err), err)
	}
	gone(child)
}

// What a command leaves running, such as an agent, is not waited for, and is not killed.
func TestKeyCommandLeavesAgent(t *testing.T) {
	address, connected, _ := lives(t)
	text, err := command("agent", address).run(t.Context())
	if err != nil || strings.TrimSpace(string(text)) != testKey {
		t.Errorf("%q, %v", text, err)
	}
	conn := <-connected // it lives
	_, _ = conn.Write([]byte("x"))
	conn.Close()
}

// A command that works at a shell, and not without one, is told apart from one that never works.
func TestNoShell(t *testing.T) {
	for line, want := range map[string]bool{
		"cat ~/key": true, "cat $HOME/key": true, "cat k*": true, "cat key&&true": true, "cat key": false, "pass show a/b": false,
		"sh -c 'cat ~/key'": false, "/bin/bash -c 'cat $KEY'": false, `C:\x\PowerShell.exe -c $x`: false,
	} {
		words, err := splitWords(line, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string((&keyCommand{words: words}).whatToDo()), "no shell runs it"); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

func TestSplitWords(t *testing.T) {
	const noShell, quoted = "and no shell runs it", "has a quote"
	for _, c := range []struct {
		line    string
		posix   []string // nil: refused
		windows []string
		says    string
	}{
		{"pass show etelecom/key", []string{"pass", "show", "etelecom/key"}, []string{"pass", "show", "etelecom/key"}, ""},
		{"  a\t b \n", []string{"a", "b"}, []string{"a", "b"}, ""},
		{`'a b' "c d" e'f'"g"`, []string{"a b", "c d", "efg"}, []string{"a b", "c d", "efg"}, ""},
		{`a '' ""`, []string{"a", "", ""}, []string{"a", "", ""}, ""},
		{`a\ b "c\"d" 'e\f'`, []string{"a b", `c"d`, `e\f`}, []string{`a\`, "b", `c"d`, `e\f`}, ""},
		{`"C:\Program Files\x.exe" C:\y\z`, []string{`C:\Program Files\x.exe`, "C:yz"}, []string{`C:\Program Files\x.exe`, `C:\y\z`}, ""},
		{`"a\\b\$c\d"`, []string{`a\b$c\d`}, []string{`a\\b\$c\d`}, ""},
		{"$HOME/x ~ * $(y)z", nil, nil, noShell},
		{"$HOME/x ~ * %Y%", []string{"$HOME/x", "~", "*", "%Y%"}, []string{"$HOME/x", "~", "*", "%Y%"}, ""}, // nothing is replaced
		{"a | b", nil, nil, noShell},
		{"a '|' b", []string{"a", "|", "b"}, []string{"a", "|", "b"}, ""},
		{"a && b", nil, nil, noShell},
		{"a b; c", nil, nil, "has ; in it, " + noShell},
		{"a 'b;' c", []string{"a", "b;", "c"}, []string{"a", "b;", "c"}, ""},
		{"a 2>/dev/null", nil, nil, noShell},
		{"a `b`", nil, nil, noShell},
		{"sh -c 'a | b'", []string{"sh", "-c", "a | b"}, []string{"sh", "-c", "a | b"}, ""},
		{"a 'b", nil, nil, quoted},
		{`a "b`, nil, nil, quoted},
		{" ", nil, nil, "is empty"},
		{"họ 'tên ă'", []string{"họ", "tên ă"}, []string{"họ", "tên ă"}, ""},
	} {
		for _, posix := range []bool{true, false} {
			want := c.windows
			if posix {
				want = c.posix
			}
			got, err := splitWords(c.line, posix)
			if want == nil {
				if err == nil || !strings.Contains(err.Error(), c.says) || ExitCode(nil, err) != 2 {
					t.Errorf("%q: %q, %v", c.line, got, err)
				}
			} else if err != nil || !slices.Equal(got, want) {
				t.Errorf("%q (posix %t): %q, %v; want %q", c.line, posix, got, err, want)
			}
		}
	}
	if _, err := splitWords(`a\`, true); err == nil {
		t.Error("a backslash at the end")
	}
	if got, err := splitWords(`C:\x\`, false); err != nil || !slices.Equal(got, []string{`C:\x\`}) {
		t.Errorf("%q, %v", got, err)
	}
}

// What is quoted for a shell is split as it was.
func FuzzSplitWords(f *testing.F) {
	f.Add("a b", "it's", `\"$x`)
	f.Fuzz(func(t *testing.T, a, b, c string) {
		words := []string{a, b, c}
		var quoted []string
		for _, word := range words {
			quoted = append(quoted, "'"+strings.ReplaceAll(word, "'", `'\''`)+"'")
		}
		line := strings.ToValidUTF8(strings.Join(quoted, " "), "?")
		for i := range words {
			words[i] = strings.ToValidUTF8(words[i], "?")
		}
		if got, err := splitWords(line, true); err != nil || !slices.Equal(got, words) {
			t.Errorf("%q: %q, %v; want %q", line, got, err, words)
		}
		_, _ = splitWords(a+b+c, runtime.GOOS != "windows")
	})
}

func TestShowsSecret(t *testing.T) {
	for line, want := range map[string]bool{
		"pass show etelecom/key":                                   false,
		"vault kv get -field=key secret/etelecom/hoa-sen":          false,
		"systemd-creds decrypt /etc/etelecom-import/key.cred -":    false,
		"op read op://Private/etelecom/key":                        false,
		`"C:\Program Files\Keys\show.exe" etelecom`:                false,
		"gpg -d /home/lan/keys/etelecom.gpg":                       false,
		"echo abc":                                                 true,
		"/bin/sh -c 'printf abc'":                                  true,
		"sh -c 'echo shop1149528912345678901:s3cret'":              true,
		"vault kv get -token=abc secret/etelecom":                  true,
		"curl -H 'Authorization: Bearer abc' https://keys.example": true,
		"curl https://lan:hunter2@keys.example/etelecom":           true,
		"getkey --password hunter2":                                true,
		"getkey aB3dE6gH9jK2mN5pQ8rS1tU4":                          true,
	} {
		if got := showsSecret(line); got != want {
			t.Errorf("%s: %t", line, got)
		}
	}
}
