package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"etelecom-import/importer/console"
)

// nextCommand returns the command that continues after this one, ready to be pasted into a shell: the same command line without the
// flags of a dry run, and without secrets. args are those of the process; the first is the program's name.
func nextCommand(args []string) string {
	args = withoutTrace(args)
	words := []string{programName(args[0])}
	if slices.Contains(args, stdinName) && !slices.ContainsFunc(args, namesResult) {
		args = append(slices.Clone(args), "-o", "RESULT.csv") // required with standard input, which has no name to derive it from
	}
	for i, arg := range args[1:] {
		if word := withoutDryRun(harmless(args[i], arg)); word != "" || arg == "" {
			words = append(words, console.Quote(word))
		}
	}
	return strings.Join(words, " ")
}

// harmless returns an argument without a key or a password that somebody may have put into it. before is the argument before it.
func harmless(before, arg string) string {
	flag, value, joined := strings.Cut(arg, "=")
	if !joined || !strings.HasPrefix(arg, "--") {
		flag, value = before, arg
	}
	shown := console.WithoutKeys(value)
	switch _, err := os.Stat(value); flag {
	case "--api-key-file":
		if err != nil && resemblesKey(value) {
			shown = "KEY-FILE"
		}
	case "--api-key-command":
		if showsSecret(value) {
			shown = "KEY-COMMAND"
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

// namesResult reports whether an argument is the flag --result, or short flags with -o among them.
func namesResult(arg string) bool {
	shortFlags := len(arg) > 1 && arg[0] == '-' && arg[1] != '-'
	return strings.HasPrefix(arg, "--result") || shortFlags && strings.Contains(arg, "o")
}

// programName returns how to call the program again. What "go run" has built is deleted by then.
func programName(path string) string {
	if dir := filepath.ToSlash(filepath.Dir(path)); strings.Contains(dir, "/go-build") && strings.HasSuffix(dir, "/exe") {
		return "go run ."
	}
	return console.Quote(path)
}

// withoutDryRun returns an argument without the flags of a dry run; "" if nothing else is in it.
func withoutDryRun(arg string) string {
	name, _, _ := strings.Cut(arg, "=")
	if name == "--dry-run" || name == "--offline" {
		return ""
	}
	if len(arg) > 1 && arg[0] == '-' && strings.Trim(arg[1:], "nyq") == "" { // short flags in one word, none of which has a value
		if arg = strings.ReplaceAll(arg, "n", ""); arg == "-" {
			return ""
		}
	}
	return arg
}
