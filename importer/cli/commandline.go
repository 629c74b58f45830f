package cli

import (
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"etelecom-import/importer/console"
)

// commandLine is what somebody typed, word by word. The flag library parses it in the end; this is what help, usage errors and the
// next command are made from, since the library says what is wrong in its own words, and in English.
type commandLine struct {
	model   *kong.Application
	args    []string   // as the library gets them, without the program's name
	command *kong.Node // nil: none is named
	parts   []part
	help    bool // help is asked for
	helpAll bool // with all flags
}

// part is a flag with its value, or a word that belongs to no flag.
type part struct {
	flag     *kong.Flag // nil: a word, or a flag that the command does not have
	name     string     // the flag as it was typed, such as --limit or -o; "" for a word
	value    string     // of the flag; or the word
	hasValue bool       // of a flag: a value was given
	joined   bool       // the value was behind an equals sign
	next     string     // of a flag that needs a value and has none: the word that follows; "" at the end
	early    bool       // it is before the command
}

// isWord reports whether a part belongs to no flag.
func (p part) isWord() bool { return p.name == "" }

// isUnknown reports whether a part is a flag that the command does not have.
func (p part) isUnknown() bool { return p.flag == nil && p.name != "" }

// lacksValue reports whether a part is a flag that needs a value and has none.
func (p part) lacksValue() bool { return p.flag != nil && !p.flag.IsBool() && !p.hasValue }

// args returns the part as the words of a command line.
func (p part) args() []string {
	switch {
	case p.isWord():
		return []string{p.value}
	case !p.hasValue:
		return []string{p.name}
	case p.joined || strings.HasPrefix(p.value, "-") && p.value != stdinName:
		return []string{"--" + p.flag.Name + "=" + p.value}
	}
	return []string{p.name, p.value}
}

// withoutSecrets returns the part without a key or a password that somebody may have put into it.
func (p part) withoutSecrets() part {
	shown := console.WithoutKeys(p.value)
	name := ""
	if p.flag != nil {
		name = p.flag.Name
	}
	switch name {
	case "api-key-file":
		if !exists(p.value) && resemblesKey(p.value) {
			shown = "KEY-FILE"
		}
	case "api-key-command":
		if showsSecret(p.value) {
			shown = "KEY-COMMAND"
		}
	case "base-url":
		if at := strings.LastIndex(p.value, "@"); at >= 0 {
			scheme, _, ok := strings.Cut(p.value, "://")
			if shown = p.value[at+1:]; ok && len(scheme) < at {
				shown = scheme + "://" + shown
			}
		}
	}
	p.value = shown
	return p
}

// readCommandLine takes a command line apart. args come without the program's name.
func readCommandLine(model *kong.Application, args []string) *commandLine {
	l := &commandLine{model: model, args: familiar(model, args)}
	l.read()
	return l
}

// familiar returns a command line in the library's own form: help and the version can be asked for as in other programs, and a file
// alone is checked without a call.
func familiar(model *kong.Application, args []string) []string {
	if len(args) == 0 {
		return nil
	}
	args = slices.Clone(args)
	for i, arg := range args {
		if slices.Contains(helpOfWindows, arg) {
			args[i] = "--help"
		}
	}
	first, rest := args[0], args[1:]
	isCommand := commandNamed(model, first) != nil
	isHelpAfter := isCommand && slices.Equal(rest, []string{"help"}) && !exists("help")
	switch {
	case first == "help":
		return append(slices.Clone(rest), "--help")
	case first == "--version", first == "-V":
		return []string{"version"}
	case first == "--help-all":
		return []string{"run", "--help-all"}
	case isHelpAfter:
		return []string{first, "--help"}
	case !isCommand && isEmployeeFile(first):
		return append([]string{"run", "--dry-run", "--offline"}, args...)
	}
	return args
}

// helpOfWindows are how programs of Windows are asked for help.
var helpOfWindows = []string{"/?", "-?", "/help", "/h"}

// isEmployeeFile reports whether a word is a file or a folder that is there, or the name of an employee file.
func isEmployeeFile(word string) bool {
	return word == stdinName || !strings.HasPrefix(word, "-") && (exists(word) || hasFileEnding(word))
}

// commandNamed returns a command of the program; nil if there is none of that name.
func commandNamed(model *kong.Application, name string) *kong.Node {
	for _, command := range model.Children {
		if command.Name == name {
			return command
		}
	}
	return nil
}

// read finds the command, and goes through the words as the library does.
func (l *commandLine) read() {
	onlyWords := false
	for i := 0; i < len(l.args); i++ {
		arg := l.args[i]
		isFlag := strings.HasPrefix(arg, "-") && arg != stdinName && !onlyWords
		switch {
		case arg == "--" && !onlyWords:
			onlyWords = true
		case isFlag && strings.HasPrefix(arg, "--"):
			name, value, joined := strings.Cut(arg, "=")
			p := part{flag: l.flag(name), name: name, value: value, hasValue: joined, joined: joined}
			i += l.add(p, l.args[i+1:])
		case isFlag:
			i += l.addShort(arg, l.args[i+1:])
		case l.command == nil && commandNamed(l.model, arg) != nil:
			l.command = commandNamed(l.model, arg)
			for i := range l.parts {
				l.parts[i].early = true
			}
		default:
			l.parts = append(l.parts, part{value: arg})
		}
	}
}

// add adds a flag, with the value that follows if it needs one. It returns how many of the words behind it belong to it.
func (l *commandLine) add(p part, behind []string) (taken int) {
	if p.lacksValue() && len(behind) > 0 {
		if strings.HasPrefix(behind[0], "-") && behind[0] != stdinName {
			p.next = behind[0]
		} else {
			p.value, p.hasValue, taken = behind[0], true, 1
		}
	}
	if p.flag != nil { // also --help=false, at which the library would end the process
		l.help = l.help || p.flag.Name == "help" || p.flag.Name == "help-all"
		l.helpAll = l.helpAll || p.flag.Name == "help-all"
	}
	l.parts = append(l.parts, p)
	return taken
}

// addShort adds what a word with one hyphen holds: several flags without a value, or one with a value.
func (l *commandLine) addShort(word string, behind []string) (taken int) {
	if name := l.longName(word); name != "" { // -dry-run is a slip, and no -d
		l.parts = append(l.parts, part{name: word})
		return 0
	}
	for rest := word[1:]; rest != ""; {
		_, size := utf8.DecodeRuneInString(rest)
		p := part{name: "-" + rest[:size]}
		p.flag, rest = l.flag(p.name), rest[size:]
		switch {
		case p.flag == nil: // the rest says nothing
			p.name, rest = word, ""
		case !p.flag.IsBool() && rest != "":
			p.value, p.hasValue, rest = rest, true, ""
		}
		taken += l.add(p, behind[taken:])
	}
	return taken
}

// longName returns the flag that a word with one hyphen has the whole name of; "" for none.
func (l *commandLine) longName(word string) string {
	name, _, _ := strings.Cut("-"+word, "=")
	if f := l.flag(name); f != nil && utf8.RuneCountInString(f.Name) > 1 {
		return name
	}
	return ""
}

// flag returns the flag of a name with its hyphens; nil if the command has none.
func (l *commandLine) flag(name string) *kong.Flag {
	for _, f := range l.flags() {
		if isNamed(f, name) {
			return f
		}
	}
	return nil
}

// isNamed reports whether a name with its hyphens is that of a flag.
func isNamed(f *kong.Flag, name string) bool {
	return name == "--"+f.Name || f.Short != 0 && name == "-"+string(f.Short)
}

// flags returns the flags that can be given: those of the program, and those of the command.
func (l *commandLine) flags() []*kong.Flag {
	if l.command == nil {
		return l.model.Flags
	}
	return append(slices.Clone(l.model.Flags), l.command.Flags...)
}

// words returns the words that belong to no flag.
func (l *commandLine) words() (list []string) {
	for _, p := range l.parts {
		if p.isWord() {
			list = append(list, p.value)
		}
	}
	return list
}

// programName returns how to call the program, in a sentence.
func (l *commandLine) programName() string {
	if l.command == nil {
		return l.model.Name
	}
	return l.model.Name + " " + l.command.Name
}

// logFormat returns the --log-format of a command line that may be wrong otherwise, or else that of the environment: what is wrong is
// told in the form that was asked for.
func (l *commandLine) logFormat() (format string) {
	format = os.Getenv(variableOf("log-format"))
	for i, p := range l.parts {
		if p.name != "--log-format" {
			continue
		}
		format = p.value
		isOpen := p.isUnknown() && !p.hasValue // without a command nobody knows that a value follows
		if isOpen && i+1 < len(l.parts) && l.parts[i+1].isWord() {
			format = l.parts[i+1].value
		}
	}
	return format
}

// names reports whether a command is named.
func (l *commandLine) names(command string) bool {
	return l.command != nil && l.command.Name == command
}

// wantsJSON reports whether a run or a verification with --json is asked for, also by a command line that is wrong otherwise: who reads standard output as
// JSON must get it. What names no command is taken for a run: its file is named alone, or the command is misspelt.
func (l *commandLine) wantsJSON() bool {
	if l.command != nil && !l.names("run") && !l.names("verify") {
		return false
	}
	wants := isTrue(os.Getenv(variableOf("json")))
	for _, p := range l.parts {
		if p.name == "--json" {
			wants = !p.joined || isTrue(p.value)
		}
	}
	return wants
}

// files returns the employee file and the result that the command line of a run or a verification names; "" for what it does not. Where somebody may have
// put a secret in its place, it is not shown.
func (l *commandLine) files() (employees, result string) {
	if !l.names("run") && !l.names("verify") {
		return "", ""
	}
	for _, p := range l.parts {
		p = p.withoutSecrets()
		isPath := exists(p.value) || !resemblesKey(p.value)
		switch {
		case p.isWord() && l.names("verify"):
			if result == "" && isPath {
				result = p.value
			}
		case p.isWord() && employees == "" && isPath:
			employees = p.value
		case p.flag != nil && p.flag.Name == "result":
			result = p.value
		}
	}
	return employees, result
}
