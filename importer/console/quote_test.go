package console

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A shell reads the word back.
func TestQuote(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no POSIX shell")
	}
	for _, word := range []string{"", "plain.csv", "a b", "it's", `$HOME "x" \`, "*?[a]", "nhân viên", "a\nb", "~", "!x", "#x", "=ls"} {
		got, err := exec.Command(sh, "-c", "printf %s "+quotePOSIX(word)).Output()
		if err != nil || string(got) != word {
			t.Errorf("%q became %q (%v)", word, got, err)
		}
	}
}

// TestCommandLineOnWindows: which words both shells read, and what is said where they do not.
func TestCommandLineOnWindows(t *testing.T) {
	for _, c := range []struct {
		words       []string
		want, shell string
	}{
		{[]string{"run", "--limit=0", "employees.csv"}, "run --limit=0 employees.csv", ""},
		{[]string{"run", "nhân viên.csv"}, `run "nhân viên.csv"`, ""},
		{[]string{`D:\Nhân sự\a.csv`}, `"D:\Nhân sự\a.csv"`, ""},
		{[]string{`\\server\share\a.csv`}, `\\server\share\a.csv`, ""},
		{[]string{"it's & co;(1).csv"}, `"it's & co;(1).csv"`, ""},
		{[]string{"--max-errors", "20%"}, `--max-errors "20%"`, ""},
		{[]string{"-o", "-x.csv"}, `-o "-x.csv"`, ""},
		{[]string{"cost $5.csv"}, `'cost $5.csv'`, "PowerShell"},
		{[]string{"it's $5.csv"}, `'it''s $5.csv'`, "PowerShell"},
		{[]string{"%TEMP%.csv"}, `'%TEMP%.csv'`, "PowerShell"},
		{[]string{"--service", `a "b"`}, `--service "a \"b\""`, "cmd.exe"},
		{[]string{`my dir\`}, `"my dir\\"`, "cmd.exe"},
	} {
		if got, shell := CommandLine(true, c.words...); got != c.want || shell != c.shell {
			t.Errorf("%q: %s for %q, want %s for %q", c.words, got, shell, c.want, c.shell)
		}
	}
}

// TestQuotesOfBothShells: what is said to be for both is read by both as the same words.
func TestQuotesOfBothShells(t *testing.T) {
	word := rapid.StringMatching(`[a-zA-Z0-9 .,;:&()'’“\x60$%"\\/@#={}^!~ăẤ-]{0,12}`)
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.SliceOfN(word, 1, 4).Draw(rt, "words")
		text, shell := CommandLine(true, words...)
		if shell != powerShell {
			if got := splitCmd(text); !slices.Equal(got, words) {
				rt.Errorf("cmd.exe reads %s as %q, and not as %q", text, got, words)
			}
		}
		if shell != cmdExe {
			if got := splitPowerShell(text); !slices.Equal(got, words) {
				rt.Errorf("PowerShell reads %s as %q, and not as %q", text, got, words)
			}
		}
	})
}

// splitCmd divides what cmd.exe passes on, as Microsoft's C library does. Outside of quotes, nothing may be special for cmd.exe.
func splitCmd(text string) (words []string) {
	for rest := text; rest != ""; {
		var word strings.Builder
		quoted := false
		for rest != "" && (quoted || rest[0] != ' ') {
			backslashes := len(rest) - len(strings.TrimLeft(rest, `\`))
			if rest = rest[backslashes:]; strings.HasPrefix(rest, `"`) {
				word.WriteString(strings.Repeat(`\`, backslashes/2))
				if backslashes%2 == 1 {
					word.WriteByte('"')
				} else {
					quoted = !quoted
				}
				rest = rest[1:]
				continue
			}
			word.WriteString(strings.Repeat(`\`, backslashes))
			if rest == "" {
				break
			}
			if rest[0] == ' ' && !quoted {
				break
			}
			if !quoted && strings.IndexByte("&|<>^()", rest[0]) >= 0 {
				return []string{"special for cmd.exe: " + rest}
			}
			word.WriteByte(rest[0])
			rest = rest[1:]
		}
		words, rest = append(words, word.String()), strings.TrimPrefix(rest, " ")
	}
	return words
}

// splitPowerShell divides a command line as PowerShell does. Outside of quotes, nothing may be special for it.
func splitPowerShell(text string) (words []string) {
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		var word strings.Builder
		switch {
		case runes[i] == '"':
			for i++; runes[i] != '"'; i++ {
				if strings.ContainsRune("$`“”„", runes[i]) {
					return []string{"special in double quotes: " + string(runes[i:])}
				}
				word.WriteRune(runes[i])
			}
			i++
		case runes[i] == '\'':
			for i++; ; i++ {
				if strings.ContainsRune(singleQuotes, runes[i]) {
					if i+1 == len(runes) || !strings.ContainsRune(singleQuotes, runes[i+1]) {
						break
					}
					i++
				}
				word.WriteRune(runes[i])
			}
			i++
		default:
			for begin := i; i < len(runes) && runes[i] != ' '; i++ {
				if strings.ContainsRune("$`'\"’“,;&|<>(){}@#%!~^", runes[i]) || i == begin && runes[i] == '=' {
					return []string{"special for PowerShell: " + string(runes[i:])}
				}
				word.WriteRune(runes[i])
			}
		}
		words = append(words, word.String())
	}
	return words
}
