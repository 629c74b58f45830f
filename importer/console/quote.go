package console

import (
	"runtime"
	"strings"
	"unicode"
)

// Quote writes a word so that a shell of this system reads it back as it is.
func Quote(word string) string {
	text, _ := CommandLine(runtime.GOOS == "windows", word)
	return text
}

// CommandLine writes a command line that a shell reads back as these words: that of POSIX systems, or on Windows both cmd.exe and
// PowerShell. Where those two differ, it is for the one that shell names; "" if every shell of the system reads it.
func CommandLine(windows bool, words ...string) (text, shell string) {
	quote := quotePOSIX
	if windows {
		quote, shell = quoteWindows, onlyShell(words)
	}
	if shell == powerShell {
		quote = quotePowerShell
	}
	var quoted []string
	for _, word := range words {
		quoted = append(quoted, quote(word))
	}
	return strings.Join(quoted, " "), shell
}

// The shells of Windows.
const (
	powerShell = "PowerShell"
	cmdExe     = "cmd.exe"
)

func quotePOSIX(word string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_"
	isPlain := word != "" && strings.Trim(word, plain) == "" && word[0] != '=' // zsh takes =ls for a program
	if isPlain {
		return word
	}
	return SingleQuoted(word)
}

// SingleQuoted writes a text between single quotes, for a shell of POSIX systems.
func SingleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// singleQuotes are the quotes that PowerShell takes for the straight one.
const singleQuotes = "'‘’‚‛"

// onlyShell names the shell of Windows that can read all of the words, if the other one cannot. In double quotes, both take most signs
// as they are. PowerShell has $, the backtick and typographic quotes there, and cmd.exe has variables between two %. No program gets a
// straight double quote, or a backslash before the last one, in the same way from both.
func onlyShell(words []string) (shell string) {
	for _, word := range words {
		straight := strings.Contains(word, `"`) || strings.HasSuffix(word, `\`) && !isPlainOnWindows(word)
		switch {
		case strings.ContainsAny(word, "$`“”„"), strings.Count(word, "%") > 1:
			return powerShell
		case straight:
			shell = cmdExe
		}
	}
	return shell
}

// isPlainOnWindows reports whether both shells of Windows take a word as it is without quotes.
func isPlainOnWindows(word string) bool {
	isSpecial := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(`-_./\:+=`, r)
	}
	// PowerShell divides -o.csv and -o:x, and takes -1 for a number.
	isDivided := strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--") && strings.ContainsAny(word, ".:")
	if word == "" || word[0] == '=' {
		return false
	}
	return !isDivided && !strings.ContainsFunc(word, isSpecial)
}

// quoteWindows writes a word for cmd.exe and PowerShell. What onlyShell finds is written for cmd.exe, as Microsoft's C library reads it.
func quoteWindows(word string) string {
	if isPlainOnWindows(word) {
		return word
	}
	var b strings.Builder
	b.WriteByte('"')
	backslashes := 0
	for _, r := range word {
		switch r {
		case '\\':
			backslashes++
		case '"':
			b.WriteString(strings.Repeat(`\`, backslashes+1)) // those before a quote count twice
			backslashes = 0
		default:
			backslashes = 0
		}
		b.WriteRune(r)
	}
	b.WriteString(strings.Repeat(`\`, backslashes))
	b.WriteByte('"')
	return b.String()
}

// quotePowerShell writes a word for PowerShell alone.
func quotePowerShell(word string) string {
	if isPlainOnWindows(word) {
		return word
	}
	return SingleQuotedPowerShell(word)
}

// SingleQuotedPowerShell writes a text between single quotes for PowerShell, where nothing but a quote is special.
func SingleQuotedPowerShell(text string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range text {
		if strings.ContainsRune(singleQuotes, r) {
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	b.WriteByte('\'')
	return b.String()
}
