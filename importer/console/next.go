package console

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// On Windows the mode says nothing of who may read a file.
const readableMatters = runtime.GOOS != "windows"

// Next returns the command line that was given, ready to be pasted into a shell; without what made it a dry run.
func Next(args []string) string {
	words := []string{programName(args[0])}
	if slices.Contains(args, Stdin) && !slices.ContainsFunc(args, namesResult) {
		args = append(slices.Clone(args), "-o", "RESULT.csv") // which standard input cannot do without
	}
	for i, arg := range args[1:] {
		if word := acting(harmless(args[i], arg)); word != "" || arg == "" {
			words = append(words, Quote(word))
		}
	}
	return strings.Join(words, " ")
}

// harmless returns an argument without a secret that somebody has put into it. before is the argument before it.
func harmless(before, arg string) string {
	flag, value, joined := strings.Cut(arg, "=")
	if !joined || !strings.HasPrefix(arg, "--") {
		flag, value = before, arg
	}
	shown := withoutKeys(value)
	switch _, err := os.Stat(value); flag {
	case "--api-key-file":
		if err != nil && resemblesKey(value) {
			shown = "KEY-FILE"
		}
	case "--base-url":
		if at := strings.LastIndex(value, "@"); at >= 0 {
			scheme, _, ok := strings.Cut(value, "://")
			if shown = value[at+1:]; ok && len(scheme) < at {
				shown = scheme + "://" + shown
			}
		}
	}
	return strings.TrimSuffix(arg, value) + shown
}

func namesResult(arg string) bool {
	return strings.HasPrefix(arg, "--result") || len(arg) > 1 && arg[0] == '-' && arg[1] != '-' && strings.Contains(arg, "o")
}

// programName is what to call the program by: "go run" builds it in a place that is gone by then.
func programName(path string) string {
	if dir := filepath.ToSlash(filepath.Dir(path)); strings.Contains(dir, "/go-build") && strings.HasSuffix(dir, "/exe") {
		return "go run ."
	}
	return Quote(path)
}

// acting returns an argument without what makes a dry run of the command; "" if nothing is left.
func acting(arg string) string {
	name, _, _ := strings.Cut(arg, "=")
	if name == "--dry-run" || name == "--offline" {
		return ""
	}
	if len(arg) > 1 && arg[0] == '-' && strings.Trim(arg[1:], "nyq") == "" {
		if arg = strings.ReplaceAll(arg, "n", ""); arg == "-" {
			return ""
		}
	}
	return arg
}

// Quote writes a word so that a POSIX shell reads it back as it is.
func Quote(word string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_"
	if word != "" && strings.Trim(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
