package cli

import (
	"embed"
	"io"
	"strings"
	"text/template"
	"unicode"

	"github.com/alecthomas/kong"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console"
)

// completionCommand prints a script with which a shell completes command lines. The script knows everything: the program does not run
// at each press of the key.
type completionCommand struct {
	Shell string `arg:"" name:"SHELL" enum:"bash,zsh,fish,powershell" help:"bash, zsh, fish or powershell."`
}

// scripts are the templates of the scripts. What they say is for shells.
//
//go:embed shell
var scripts embed.FS

// scriptFiles are the templates by shell.
var scriptFiles = map[string]string{
	"bash": "shell/completion.bash", "zsh": "shell/completion.zsh", "fish": "shell/completion.fish", "powershell": "shell/completion.ps1",
}

// completionHelp is shown below the flags.
const completionHelp message.Text = "To install it, write the line that the script begins with into the file that it names. Then open a new terminal."

// Help returns what is shown below the flags, in English: the help of all commands is translated later.
func (completionCommand) Help() string { return string(completionHelp) }

// run prints the script.
func (c *completionCommand) run(p *Program, model *kong.Application) error {
	return writeCompletion(p.Stdout, model, c.Shell)
}

// writeCompletion writes the script for a shell.
func writeCompletion(w io.Writer, model *kong.Application, shell string) error {
	data := shellModelOf(model)
	functions := template.FuncMap{
		"function": func() string { return data.Function },
		"inc":      func(n int) int { return n + 1 },
		"noDot":    func(ending string) string { return strings.TrimPrefix(ending, ".") },
		"anyCase":  anyCase,
		"quote":    console.SingleQuoted,
		"escape":   strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace,
		"fish":     func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'" },
		"power":    console.SingleQuotedPowerShell,
	}
	text, err := scripts.ReadFile(scriptFiles[shell])
	if err != nil {
		return err
	}
	t, err := template.New(shell).Funcs(functions).Parse(strings.ReplaceAll(string(text), "\r\n", "\n")) // as git writes them on Windows
	if err != nil {
		return err
	}
	return t.Execute(w, data)
}

// anyCase returns a pattern for an ending in capitals and small letters.
func anyCase(ending string) string {
	var b strings.Builder
	for _, r := range ending {
		if unicode.IsLetter(r) {
			b.WriteString("[" + string(unicode.ToLower(r)) + string(unicode.ToUpper(r)) + "]")
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// shellModel is the command line as the scripts need it.
type shellModel struct {
	Program, Function string
	Help              string // of the flag --help
	Commands          []shellCommand
}

type shellCommand struct {
	Name, Help string
	Flags      []shellFlag
	Arguments  []shellValue
}

type shellFlag struct {
	Long, Short, Help string
	Takes             bool // a value follows
	Repeats           bool
	Value             shellValue
}

// shellValue is what the value of a flag, or an argument, can be.
type shellValue struct {
	Name    string
	Words   []string
	Files   bool
	Endings []string // of files; none: any file
}

// shellModelOf returns the model for the scripts. The first command is run.
func shellModelOf(model *kong.Application) shellModel {
	m := shellModel{Program: model.Name, Function: strings.ReplaceAll(model.Name, "-", "_"), Help: model.HelpFlag.Help}
	for _, node := range model.Children {
		c := shellCommand{Name: node.Name, Help: node.Help}
		for _, f := range node.Flags {
			flag := shellFlag{Long: f.Name, Help: f.Help, Takes: !f.IsBool(), Repeats: f.IsCumulative(), Value: shellValueOf(f.Value)}
			if f.Short != 0 {
				flag.Short = string(f.Short)
			}
			c.Flags = append(c.Flags, flag)
		}
		for _, arg := range node.Positional {
			c.Arguments = append(c.Arguments, shellValueOf(arg))
		}
		m.Commands = append(m.Commands, c)
	}
	return m
}

// shellValueOf returns what a value can be: the tag "complete" has words, or endings of files with their dots.
func shellValueOf(v *kong.Value) shellValue {
	s := shellValue{Name: v.Name}
	if v.Flag != nil && v.Flag.PlaceHolder != "" {
		s.Name = v.Flag.PlaceHolder
	}
	s.Name = strings.ReplaceAll(s.Name, ":", " ")
	s.Files = s.Name == "FILE"
	if v.Enum != "" {
		s.Words = choices(v)
	}
	for word := range strings.FieldsSeq(v.Tag.Get("complete")) {
		if strings.HasPrefix(word, ".") {
			s.Files = true
			s.Endings = append(s.Endings, word)
		} else {
			s.Words = append(s.Words, word)
		}
	}
	return s
}
