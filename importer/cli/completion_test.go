package cli

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"etelecom-import/importer/console"
)

var update = flag.Bool("update", false, "write the golden files of this package anew")

// small is a command line with each kind of flag and argument. The golden files are made from it, so that they change only if the
// scripts do.
type small struct {
	Run struct {
		Employees string   `arg:"" name:"EMPLOYEES" complete:".csv .xlsx" help:"The file."`
		Result    string   `short:"o" placeholder:"FILE" complete:".csv" help:"The result's file."`
		Metrics   string   `placeholder:"FILE" help:"Numbers [of the run]: $HOME."`
		DryRun    bool     `short:"n" help:"Only look."`
		Limit     int      `placeholder:"N" help:"At most N."`
		Color     string   `default:"auto" enum:"auto,always,never" placeholder:"C" help:"When to use colors."`
		Fault     []string `placeholder:"F=WHEN" help:"What fails."`
	} `cmd:"" help:"Do it."`
	Completion completionCommand `cmd:"" help:"Print a script."`
}

// golden compares a text with a file of testdata, or writes it there.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n")); !bytes.Equal(got, want) {
		t.Errorf("this is not %s any more; look at it, then: go test ./importer/cli -update\n%s", path, got)
	}
}

func TestCompletionGolden(t *testing.T) {
	model := kong.Must(&small{}, kong.Name("etelecom-import")).Model
	for shell, file := range scriptFiles {
		var script bytes.Buffer
		if err := writeCompletion(&script, model, shell); err != nil {
			t.Fatal(err)
		}
		golden(t, strings.TrimPrefix(file, "shell/"), script.Bytes())
	}
}

// completionScript writes the script of the real command line for a shell.
func completionScript(t *testing.T, shell string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), shell)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := writeCompletion(f, newParser(&commands{}).Model, shell); err != nil {
		t.Fatal(err)
	}
	return path
}

// filesToComplete makes a folder with employee files and others, and goes there.
func filesToComplete(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, dir := range []string{"data", "my dir"} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"employees.csv", "nhân viên.xlsx", "KH.CSV", "notes.txt", "data/more.ods"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// shellOutput runs a shell, and returns the lines that it prints.
func shellOutput(t *testing.T, shell string, args ...string) (lines []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, shell, args...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "LC_") || strings.HasPrefix(v, "LANG") }), "LC_ALL="+utf8Locale(), "HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", shell, err, out)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// utf8Locale returns a locale in which a shell reads names as UTF-8.
func utf8Locale() string {
	if runtime.GOOS == "darwin" {
		return "en_US.UTF-8"
	}
	return "C.UTF-8"
}

// needs skips a test where a shell is not installed.
func needs(t *testing.T, shell string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("what has this name on Windows has other paths")
	}
	path, err := exec.LookPath(shell)
	if err != nil {
		t.Skipf("%s is not installed", shell)
	}
	return path
}

const (
	allCommands  = "check completion list man passwords report run sandbox slips status template verify version"
	allEmployees = "KH.CSV data employees.csv my~dir nhân~viên.xlsx"
	allFiles     = "KH.CSV data employees.csv my~dir nhân~viên.xlsx notes.txt"
)

// TestCompletionBash asks the script in bash, as bash does when Tab is pressed. Words are divided by spaces; ~ stands for a space in
// a name. The last word is the one to complete, and _ is an empty one.
func TestCompletionBash(t *testing.T) {
	bash := needs(t, "bash")
	script := completionScript(t, "bash")
	filesToComplete(t)
	for _, c := range []struct{ line, want string }{
		{"_", allCommands},
		{"ru", "run"},
		{"emp", "employees.csv"},
		{"h", "help"},
		{"help st", "status"},
		{"--", "--help --version"},
		{"run _", allEmployees},
		{`run "nhân~v`, "nhân~viên.xlsx"},
		{"run data/", "data/more.ods"},
		{"run employees.csv _", ""},
		{"employees.csv _", ""},
		{"employees.csv --dry", "--dry-run"},
		{"run --dry", "--dry-run"},
		{"run --color _", "always auto never"},
		{"run --color = _", "always auto never"},
		{"run --color =", "always auto never"},
		{"run --color = al", "always"},
		{"run --limit _", ""},
		{"run --limit 3 --encoding win", "windows-1258"},
		{"run -n emp", "employees.csv"},
		{"run -o e", "employees.csv"},
		{"run --metrics _", allFiles},
		{"run --metrics = n", "nhân~viên.xlsx notes.txt"},
		{"completion _", "bash fish powershell zsh"},
		{"status e", "employees.csv"},
	} {
		words := strings.Fields(strings.ReplaceAll(c.line, "_", "''"))
		for i := range words {
			if words[i] != "''" {
				words[i] = console.SingleQuoted(strings.ReplaceAll(words[i], "~", " "))
			}
		}
		program := "source " + console.SingleQuoted(script) + "; COMP_WORDS=(etelecom-import " + strings.Join(words, " ") +
			`); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _etelecom_import; ((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"`
		if got := offered(shellOutput(t, bash, "--norc", "--noprofile", "-c", program)); got != c.want {
			t.Errorf("%s: %s is offered, want %s", c.line, got, c.want)
		}
	}
}

// offered joins what a shell offers, in order, with ~ for the spaces in a name.
func offered(lines []string) string {
	slices.Sort(lines)
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], " ", "~")
	}
	return strings.Join(lines, " ")
}

// TestCompletionFish asks fish what it would offer.
func TestCompletionFish(t *testing.T) {
	fish := needs(t, "fish")
	script := completionScript(t, "fish")
	filesToComplete(t)
	for _, c := range []struct{ line, want string }{
		{"", allCommands},
		{"ru", "run"},
		{"emp", "employees.csv"},
		{"help st", "status"},
		{"run ", "KH.CSV data/ employees.csv my~dir/ nhân~viên.xlsx"},
		{"run nh", "nhân~viên.xlsx"},
		{"run data/", "data/more.ods"},
		{"employees.csv --dry", "--dry-run"},
		{"run --color ", "always auto never"},
		{"run --color=al", "--color=always"},
		{"run --limit ", ""},
		{"run -o e", "employees.csv"},
		{"run --metrics n", "nhân~viên.xlsx notes.txt"},
		{"run --problems=emp", "--problems=employees.csv"},
		{"completion ", "bash fish powershell zsh"},
	} {
		lines := shellOutput(t, fish, "--no-config", "-c", "source "+console.SingleQuoted(script)+`; complete -C "etelecom-import $argv[1]"`, c.line)
		for i, line := range lines {
			lines[i], _, _ = strings.Cut(line, "\t") // what follows says what it is
		}
		if got := offered(lines); got != c.want {
			t.Errorf("%s: %s is offered, want %s", c.line, got, c.want)
		}
	}
}

// TestCompletionZsh presses Tab in zsh, on a terminal of its own, and looks at the line afterwards.
func TestCompletionZsh(t *testing.T) {
	zsh := needs(t, "zsh")
	script := completionScript(t, "zsh")
	filesToComplete(t)
	cases := []struct{ line, want string }{
		{"ru", "run "},
		{"empl", "employees.csv "},
		{"help sta", "help status "},
		{"run empl", "run employees.csv "},
		{"run KH", "run KH.CSV "},
		{"run nhân", `run nhân\ viên.xlsx `},
		{"run my", `run my\ dir/`},
		{"run n", `run nhân\ viên.xlsx `}, // and no notes.txt
		{"run --dry", "run --dry-run "},
		{"run --color al", "run --color always "},
		{"run --color=al", "run --color=always "},
		{"run --metrics note", "run --metrics notes.txt "},
		{"run -o empl", "run -o employees.csv "},
		{"run --limit 3 --encoding win", "run --limit 3 --encoding windows-1258 "},
		{"employees.csv --dry", "employees.csv --dry-run "},
		{"completion f", "completion fish "},
		{"sandbox --fault x --faul", "sandbox --fault x --fault="},
	}
	args := []string{"-f", "-c", `
		zmodload zsh/zpty zsh/zselect || exit
		export OUT=$PWD/.out
		: >$OUT
		zpty -b z "zsh -f -i"
		zpty -w z "autoload -Uz compinit; compinit -u -D; source ${(q)1}; zstyle ':completion:*' insert-tab false"
		zpty -w z 'dump() { print -r -- "$BUFFER" >>$OUT; BUFFER= }; zle -N dump; bindkey "^T" dump; bindkey "^I" expand-or-complete; setopt no_beep'
		integer said=0
		for line in "${@:2}"; do
			zpty -w -n z "etelecom-import $line"$'\t\x14'
			while (( $(wc -l <$OUT) == said )); do zpty -r z chunk || zselect -t 1; done
			((said++))
		done
		zpty -d z
		cat $OUT`, "zsh", script}
	for _, c := range cases {
		args = append(args, c.line)
	}
	lines := shellOutput(t, zsh, args...)
	if len(lines) != len(cases) {
		t.Fatalf("%d lines of %d:\n%s", len(lines), len(cases), strings.Join(lines, "\n"))
	}
	for i, c := range cases {
		if got := strings.TrimPrefix(lines[i], "etelecom-import "); got != c.want {
			t.Errorf("%s becomes %q, want %q", c.line, got, c.want)
		}
	}
}

// TestCompletionIsComplete: every command, flag and choice of the real command line is in every script.
func TestCompletionIsComplete(t *testing.T) {
	model := newParser(&commands{}).Model
	for shell := range scriptFiles {
		var script bytes.Buffer
		if err := writeCompletion(&script, model, shell); err != nil {
			t.Fatal(err)
		}
		for _, command := range model.Children {
			for _, f := range command.Flags {
				flag := "--" + f.Name
				if shell == "fish" {
					flag = "-l " + f.Name
				}
				if !strings.Contains(script.String(), flag) {
					t.Errorf("%s: no %s of %s", shell, flag, command.Name)
				}
			}
			if !strings.Contains(script.String(), command.Name) {
				t.Errorf("%s: no %s", shell, command.Name)
			}
		}
	}
}
