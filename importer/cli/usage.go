package cli

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
)

// errUsage is said of a command line that the flag library refuses, and in which nothing wrong was found. The library's own text is in
// English, and may repeat a key.
var errUsage = message.New("the command line cannot be understood")

// usage finds out what is wrong with a command line, and what to type in its place.
type usage struct{ *commandLine }

// check returns the first thing that is wrong; nil if the flag library will understand the command line. What was typed is repeated
// only where it cannot be a key.
func (u usage) check() error {
	if u.command == nil {
		return u.noCommand()
	}
	for _, p := range u.parts {
		var err error
		switch {
		case p.isWord() && p.early:
			err = u.unknownCommand(p.value)
		case p.isUnknown():
			err = u.unknownFlag(p)
		case p.lacksValue():
			err = missingValue(p)
		case p.flag != nil && p.hasValue:
			err = u.value(p)
		}
		if err != nil {
			return err
		}
	}
	for _, check := range []func() error{u.words, u.twice, u.variables} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// noCommand is said if no command is named.
func (u usage) noCommand() error {
	for _, p := range u.parts {
		switch {
		case p.isUnknown():
			return u.unknownFlag(p)
		case p.isWord():
			return u.unknownCommand(p.value)
		}
	}
	return hint.New("no command is named", "begin with: etelecom-import template employees.xlsx")
}

// unknownCommand is said of a word in the place of the command.
func (u usage) unknownCommand(word string) error {
	if word == "" {
		return hint.With(message.New("the command is an empty word"), u.listHint())
	}
	if err := u.culprit(word); err != nil {
		return err
	}
	if err := u.fileAlone(word); err != nil {
		return err
	}
	if !speakable(word) {
		return hint.With(message.New("no command has this name"), u.listHint())
	}
	wrong := message.Errorf("there is no command %q", word)
	names := []string{"help"}
	for _, command := range u.model.Children {
		names = append(names, command.Name)
	}
	meant := similar(word, names)
	for _, name := range names {
		if slices.Contains(otherCommandNames[name], strings.ToLower(word)) {
			meant = name
		}
	}
	if meant != "" {
		return hint.With(wrong, message.Sprintf("did you mean %s?", meant))
	}
	return hint.With(wrong, u.listHint())
}

// fileAlone is said of a word in the place of the command that begins the name of a file, or is one without its ending: Windows shows
// names so. It is nil for any other word.
func (u usage) fileAlone(word string) error {
	words := u.commandLine.words()
	nearlyCommand := u.isNearlyCommand(word)
	for i, last := range words {
		joined := strings.Join(words[:i+1], " ")
		isNewFile := hasFileEnding(last) && !exists(last)
		looksSo := i > 1 && isNewFile && !nearlyCommand
		isOneName := i > 0 && (exists(joined) || looksSo)
		if isOneName && words[0] == word && speakable(joined) {
			return spacesError(joined)
		}
	}
	dir, name := filepath.Split(word)
	named := filesIn(filepath.Clean(dir+"."), func(file string) bool {
		return isEmployeeName(file) && strings.EqualFold(strings.TrimSuffix(file, filepath.Ext(file)), name)
	})
	if len(named) != 1 {
		return nil
	}
	return hint.With(message.Errorf("there is no command and no file %q", word), message.Sprintf("did you mean %s?", console.Quote(dir+named[0])))
}

// isNearlyCommand reports whether a word is a command but for capitals or one slip, or is what other programs call one.
func (u usage) isNearlyCommand(word string) bool {
	return slices.ContainsFunc(u.model.Children, func(command *kong.Node) bool {
		return edits(bare(word), command.Name) <= 1 || slices.Contains(otherCommandNames[command.Name], strings.ToLower(word))
	})
}

// spacesError is said of a name whose words came one by one.
func spacesError(name string) error {
	return hint.With(message.Errorf("the name %q has spaces", name), message.Sprintf("put it in quotes: %s", console.Quote(name)))
}

func (u usage) listHint() string {
	return message.Sprintf("%s --help lists the commands", u.model.Name)
}

// otherCommandNames are what other programs call the commands, and what people expect.
var otherCommandNames = map[string][]string{
	"run":       {"import", "create", "start", "apply", "execute", "sync", "assign", "add", "go"},
	"check":     {"test", "validate", "doctor", "ping", "lint"},
	"verify":    {"compare", "diff", "audit", "drift"},
	"list":      {"export", "users", "download", "dump", "ls"},
	"status":    {"show", "progress", "state", "result", "info"},
	"template":  {"init", "new", "example", "sample"},
	"sandbox":   {"serve", "server", "mock", "demo", "practice", "practise"},
	"passwords": {"password", "generate", "pwgen", "fill"},
	"slips":     {"slip", "print", "letters", "cards"},
}

// otherFlagNames are what other programs call the flags, and what people expect.
var otherFlagNames = map[string][]string{
	"api-key-file": {"keyfile", "key-file", "token-file", "credentials"},
	"dry-run":      {"plan", "simulate", "preview", "what-if", "whatif", "noop"},
	"offline":      {"validate", "check-only", "lint", "local"},
	"yes":          {"force", "assume-yes", "non-interactive", "no-prompt", "batch", "no-confirm"},
	"result":       {"output", "out", "report", "state"},
	"output":       {"out", "result", "file"},
	"limit":        {"max", "count", "head", "first", "rows"},
	"workers":      {"threads", "concurrency", "parallel", "parallelism", "jobs"},
	"base-url":     {"url", "host", "endpoint", "server", "api", "api-url"},
	"quiet":        {"silent"},
	"details":      {"verbose", "debug", "all", "full"},
	"sandbox":      {"practice", "practise", "test", "demo", "fake"},
	"delimiter":    {"separator", "sep"},
	"encoding":     {"charset"},
	"adopt":        {"existing", "keep-existing"},
	"problems":     {"errors", "error-file"},
	"timeout":      {"request-timeout"},
	"rate":         {"rps", "qps", "rate-limit"},
}

// unknownFlag is said of a flag that the command does not have.
func (u usage) unknownFlag(p part) error {
	name, _, _ := strings.Cut(p.name, ":")
	if resemblesKeyFlag(name) {
		return hint.New("there is no flag for the key itself",
			"write the key alone into a file, and name that file with --api-key-file: everyone on this computer can see a command line")
	}
	if !speakable(name) {
		return hint.With(message.New("there is no such flag"), u.flagsHint())
	}
	plain := strings.TrimLeft(name, "-")
	if plain == "version" {
		return hint.With(message.New("--version is no flag of a command"), message.Sprintf("to see the version: %s version", u.model.Name))
	}
	if u.command == nil || p.early {
		if run := commandNamed(u.model, "run"); u.command == nil && hasFlag(run, name) {
			return hint.With(message.Errorf("%s is a flag of run, and no command is named", name),
				message.Sprintf("write the command first: %s", u.withRun(name)))
		}
		if u.command != nil && hasFlag(u.command, name) {
			return hint.With(message.Errorf("%s is before the command", name), message.Sprintf("write the command first: %s %s", u.programName(), name))
		}
		if meant := u.meant(commandNamed(u.model, "run"), plain); meant != "" && u.command == nil {
			return hint.With(message.Errorf("there is no flag %s", name), message.Sprintf("did you mean %s run %s?", u.model.Name, meant))
		}
		return hint.With(message.Errorf("there is no flag %s", name), u.listHint())
	}
	wrong := message.Errorf("%s has no flag %s", u.command.Name, name)
	if positive, isNegated := strings.CutPrefix(plain, "no-"); isNegated && hasFlag(u.command, "--"+positive) {
		return hint.With(wrong, message.Sprintf("did you mean %s?", "--"+positive+"=false"))
	}
	if meant := u.meant(u.command, plain); meant != "" {
		return hint.With(wrong, message.Sprintf("did you mean %s?", meant))
	}
	if isFile := []string{"file", "input", "csv", "employees", "f", "i"}; slices.Contains(isFile, plain) && len(u.command.Positional) > 0 {
		return hint.With(wrong, message.Sprintf("name the file without a flag: %s", u.example()))
	}
	for _, other := range u.model.Children {
		if hasFlag(other, name) {
			return hint.With(wrong, message.Sprintf("it is a flag of %s", other.Name))
		}
	}
	return hint.With(wrong, u.flagsHint())
}

// withRun returns the command line with the command run before it, if it can be repeated; or else only with one flag.
func (u usage) withRun(name string) string {
	words := []string{"run"}
	for _, p := range u.parts {
		word := p.name + p.value
		if p.joined {
			word = p.name + "=" + p.value
		}
		isBehindDashes := p.isWord() && strings.HasPrefix(word, "-") && word != stdinName
		if isBehindDashes || !speakable(p.name) || !speakable(p.value) {
			return u.model.Name + " run " + name
		}
		words = append(words, word)
	}
	text, _ := console.CommandLine(runtime.GOOS == "windows", words...)
	return u.model.Name + " " + text
}

// meant returns the flag of a command that somebody probably means by a name without hyphens; "" if none.
func (u usage) meant(command *kong.Node, plain string) string {
	var names []string
	for _, f := range command.Flags {
		if bare(plain) == bare(f.Name) || slices.Contains(otherFlagNames[f.Name], strings.ToLower(plain)) {
			return "--" + f.Name
		}
		names = append(names, f.Name)
	}
	if meant := similar(plain, names); meant != "" {
		return "--" + meant
	}
	return ""
}

func hasFlag(command *kong.Node, name string) bool {
	return slices.ContainsFunc(command.Flags, func(f *kong.Flag) bool { return isNamed(f, name) })
}

// flagsHint says where all flags are explained.
func (u usage) flagsHint() string {
	if u.command != nil && u.command.Name == "run" {
		return message.Sprintf("%s run --help-all explains every flag", u.model.Name)
	}
	return message.Sprintf("%s --help shows how to use it", u.programName())
}

// missingValue is said of a flag without the value that it needs.
func missingValue(p part) error {
	if p.flag.Name == "free-extensions" {
		return hint.With(message.Errorf("%s needs the range of numbers that may be given", p.name), whyRange.String())
	}
	if number := regexp.MustCompile(`^-[0-9.]+$`); number.MatchString(p.next) {
		return hint.With(message.Errorf("%s cannot be less than 0, and it is %s", p.name, p.next), exampleOf(p.name, p.flag.Value))
	}
	if p.next != "" && speakable(p.next) {
		return hint.With(message.Errorf("%s needs a value, and the flag %s follows it", p.name, flagName(p.next)), exampleOf(p.name, p.flag.Value))
	}
	return hint.With(message.Errorf("%s needs a value", p.name), exampleOf(p.name, p.flag.Value))
}

// whyRange says why the range of --free-extensions is no default.
const whyRange message.Text = "for example: --free-extensions 1000-1999. An extension without a user may be in use all the same, by a desk phone, a fax or the reception: " +
	"name only numbers that are for people"

// flagName returns a flag without the value that is joined to it.
func flagName(word string) string {
	name, _, _ := strings.Cut(word, "=")
	return name
}

// value checks the value of a flag on the command line.
func (u usage) value(p part) error {
	isShort := !strings.HasPrefix(p.name, "--")
	if isShort && strings.HasPrefix(p.value, "=") {
		return hint.With(message.Errorf("%s takes its value after a space, not after an equals sign", p.name), exampleOf(p.name, p.flag.Value))
	}
	isText := p.flag.Target.Kind() == reflect.String && u.command.Name != "sandbox" // a practice tenant may want nothing in a place
	if p.value == "" && isText {
		return hint.With(message.Errorf("the value of %s is empty", p.name), "give it a value, or remove the flag. A variable of the shell may be empty")
	}
	if err := valueError(p.name, p.flag.Value, p.value); err != nil {
		return err
	}
	if u.command.Name != "sandbox" {
		return negative(p.name, p.flag.Value, p.value)
	}
	return nil
}

// words checks what belongs to no flag: there is one word for each argument.
func (u usage) words() error {
	words, wanted := u.commandLine.words(), u.command.Positional
	for _, word := range words {
		if err := u.culprit(word); err != nil {
			return err
		}
	}
	if i := slices.Index(words, ""); i >= 0 {
		return hint.With(message.New("the name of a file is empty"), message.Sprintf("write it, such as: %s. A variable of the shell may be empty", u.example()))
	}
	for i := range min(len(words), len(wanted)) {
		if wanted[i].Enum == "" {
			continue
		}
		if err := valueError(wanted[i].Name, wanted[i], words[i]); err != nil {
			return err
		}
	}
	switch {
	case len(words) > len(wanted):
		return u.tooMany(words, len(wanted))
	case len(words) < len(wanted) && wanted[len(words)].Required:
		return u.tooFew()
	}
	return nil
}

// tooFew is said if the file is missing.
func (u usage) tooFew() error {
	way := message.Sprintf("for example: %s", u.example())
	switch u.command.Name {
	case "run":
		return hint.With(message.New("run needs the employee file"), way)
	case "status", "verify":
		return hint.With(message.Errorf("%s needs the result of a run", u.command.Name), way)
	}
	return hint.With(message.Errorf("%s needs %s", u.command.Name, u.command.Positional[0].Name), way)
}

// example returns a command line with the command that is named, and with the file that is probably meant.
func (u usage) example() string {
	file := ""
	if len(u.command.Positional) > 0 {
		file = u.command.Positional[0].Name
		if u.command.Positional[0].Enum != "" {
			file = exampleValue(u.command.Positional[0])
		}
	}
	switch u.command.Name {
	case "run", "check":
		file = "employees.csv"
		if here := filesIn(".", isEmployeeName); len(here) == 1 {
			file = here[0]
		}
	case "status", "verify":
		file = "employees.result.csv"
		if here := filesIn(".", isResultName); len(here) == 1 {
			file = here[0]
		}
	}
	return strings.TrimSpace(u.programName() + " " + console.Quote(file))
}

// tooMany is said of more words than the command has arguments.
func (u usage) tooMany(words []string, wanted int) error {
	joined := strings.Join(words, " ")
	last := words[len(words)-1]
	endsAsOne := hasFileEnding(last) && !exists(last) && !slices.ContainsFunc(words[:len(words)-1], hasFileEnding)
	isOneName := exists(joined) || wanted == 1 && endsAsOne
	isNoFile := func(word string) bool { return !hasFileEnding(word) }
	areSpeakable := !slices.ContainsFunc(words, func(word string) bool { return !speakable(word) })
	excess := words[wanted]
	if i := slices.IndexFunc(words, isNoFile); i >= 0 && exists(last) {
		excess = words[i]
	}
	switch {
	case isOneName && areSpeakable:
		return spacesError(joined)
	case !slices.ContainsFunc(words, isNoFile) && wanted == 1:
		return hint.With(message.Errorf("%s takes one file, and here are %d", u.command.Name, len(words)), "run it once for each file")
	case speakable(excess) && hasFileEnding(excess) && hasFlag(u.command, "--output"):
		return hint.With(message.Errorf("%q is one word too many for %s", excess, u.command.Name),
			message.Sprintf("to write a file: %s -o %s", u.programName(), console.Quote(excess)))
	case !speakable(excess):
		return hint.With(message.Errorf("%s takes fewer words", u.command.Name), u.flagsHint())
	}
	return hint.With(message.Errorf("%q is one word too many for %s", excess, u.command.Name), u.flagsHint())
}

// otherHyphens are what programs for letters make of the hyphens of a flag.
const otherHyphens = "‐‑–—−"

// culprit says what a word is that was meant for something else than a file: a flag of Windows, a flag with other hyphens or with none, a
// variable, a value of a flag that has none. It is nil for any other word, and for the name of a file that is there.
func (u usage) culprit(word string) error {
	if word == "" || strings.IndexAny(word, "=:") == 0 || exists(word) {
		return nil
	}
	command := u.command
	if command == nil {
		command = commandNamed(u.model, "run")
	}
	end := strings.IndexAny(word, "=:")
	if end < 0 {
		end = len(word)
	}
	head := word[:end]
	if variable, isVariable := strings.CutPrefix(head, variablePrefix); isVariable {
		flag := "--" + strings.ToLower(strings.ReplaceAll(variable, "_", "-"))
		if hasFlag(command, flag) {
			return hint.With(message.Errorf("%s is a variable, and here is no place for it", head),
				message.Sprintf("set the variable before you start the program, or use the flag %s", flag))
		}
		return hint.New("a variable has its place before the program, not behind it", "set the variable before you start the program")
	}
	if !speakable(word) {
		return nil
	}
	for _, f := range command.Flags {
		name := "--" + f.Name
		isOfWindows := strings.EqualFold(head, "/"+f.Name)
		isBehindDashes := head == name
		hasOtherHyphens := bare(head) == bare(f.Name) && strings.IndexAny(head, otherHyphens) == 0
		isClear := len(f.Name) > 5 || end < len(word) // a short one may be a name
		hasNone := isClear && bare(head) == bare(f.Name) && filepath.Ext(word) == ""
		switch {
		case isBehindDashes:
			return hint.With(message.Errorf("%s is behind --, where every word is the name of a file", name), "write the flags before --")
		case isOfWindows:
			return hint.With(message.Errorf("%s is not how this program's flags begin", head), message.Sprintf("write %s", name))
		case hasOtherHyphens:
			return hint.With(message.Errorf("the hyphens of %s are not those of the keyboard", head), message.Sprintf("write %s", name))
		case hasNone:
			return hint.With(message.Errorf("%s has no hyphens", head), message.Sprintf("did you mean %s?", name))
		}
	}
	if isOfBool := regexp.MustCompile(`(?i)^(true|false|yes|no|on|off)$`); isOfBool.MatchString(word) {
		for i, p := range u.parts {
			before := i > 0 && u.parts[i-1].flag != nil && u.parts[i-1].flag.IsBool()
			if p.isWord() && p.value == word && before {
				name := "--" + u.parts[i-1].flag.Name
				return hint.With(message.Errorf("%s takes no value after a space", name), message.Sprintf("write %s, or %s=false", name, name))
			}
		}
	}
	return nil
}

// twice refuses a flag with two values: which of them counts cannot be seen.
func (u usage) twice() error {
	given := map[*kong.Flag]part{}
	for _, p := range u.parts {
		if p.flag == nil || p.flag.IsCumulative() {
			continue
		}
		if p.flag.IsBool() {
			p.value = strconv.FormatBool(!p.hasValue || !isNo(p.value))
		}
		before, isGiven := given[p.flag]
		name := "--" + p.flag.Name
		switch {
		case !isGiven || before.value == p.value:
		case speakable(before.value) && speakable(p.value):
			return hint.With(message.Errorf("%s is given twice: %q and %q", name, before.value, p.value), "give it once")
		default:
			return hint.With(message.Errorf("%s is given twice, with two values", name), "give it once")
		}
		given[p.flag] = p
	}
	return nil
}

// variables checks the values of flags that are in the environment.
func (u usage) variables() error {
	for _, f := range u.flags() {
		for _, name := range f.Tag.Envs {
			value, isSet := os.LookupEnv(name)
			if !isSet || value == "" && f.Target.Kind() == reflect.String {
				continue
			}
			err := valueError(name, f.Value, value)
			if err == nil && u.command.Name != "sandbox" {
				err = negative(name, f.Value, value)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
