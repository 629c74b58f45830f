package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"etelecom-import/apiclient/message"
)

// manCommand prints the manual page.
type manCommand struct{}

// run prints the page.
func (manCommand) run(p *Program, model *kong.Application) error {
	m := &manPage{model: model}
	m.page()
	_, err := io.WriteString(p.Stdout, m.text.String())
	return err
}

// manPage writes a page in the language of man(7). All that it says of commands and flags comes from the model of the command line.
type manPage struct {
	model *kong.Application
	text  strings.Builder
}

// The texts of the page.
var (
	manDescription = []message.Text{
		"It reads a list of employees, an Excel workbook or a CSV, and gives each of them an eTelecom user and a phone extension. " +
			"You can stop it and run it again at any time: it creates nobody twice, and it says of every row what happened.",
		"A file alone, without a command, is checked without a call. After each run the tool says what to do next.",
		"The usual order is: check the file (run --dry-run --offline), see the plan (run --dry-run), do it (run).",
	}
	manVariables = []struct {
		name message.Text
		help message.Text
	}{
		{"ETELECOM_...", "Each flag is a variable, too: --max-errors is ETELECOM_MAX_ERRORS, and --dry-run is ETELECOM_DRY_RUN=true. A flag wins over the variable. " +
			"Those of the command sandbox are ETELECOM_SANDBOX_..."},
		{"ETELECOM_API_KEY", "The API key, where no file with it is named. There is no flag for it: everyone on the computer can see a command line."},
		{"HTTPS_PROXY, NO_PROXY", "The proxy, and what is reached without it."},
		{"NO_COLOR", "If it is set, nothing is printed in colors."},
	}
	manFiles = []struct {
		name string
		help message.Text
	}{
		{"EMPLOYEES.result.csv", "The result: each row of the employee file with its status. The next run continues from it."},
		{"EMPLOYEES.result.csv.journal", "What a run is doing. It is there while a run is on, or while an outcome is not known: never delete it."},
		{"EMPLOYEES.result.csv.lock", "Keeps two runs from using one result. It stays, and is empty between runs."},
		{"EMPLOYEES.result.csv.account", "Of which account the result is, and of which employee file."},
		{"EMPLOYEES.sandbox.result.csv", "The result with --sandbox. The file beside it that ends in .tenant is the practice tenant."},
	}
)

func (m *manPage) page() {
	name := strings.ToUpper(m.model.Name)
	date, _, _ := strings.Cut(setting("vcs.time"), "T")
	m.macro("TH", name, "1", date, m.model.Name+" "+strings.Trim(shortVersion(), "()"), "")
	m.macro("SH", message.T("NAME"))
	fmt.Fprintf(&m.text, "%s \\- %s\n", literal(m.model.Name), roff(strings.TrimSuffix(description.String(), ".")))
	m.macro("SH", message.T("SYNOPSIS"))
	m.lines(m.synopses())
	m.macro("SH", message.T("DESCRIPTION"))
	for i, text := range manDescription {
		if i > 0 {
			m.macro("PP")
		}
		m.line(text.String())
	}
	m.macro("SH", message.T("COMMANDS"))
	for _, command := range m.model.Children {
		m.item(command.Name, command.Help)
		if command.Detail != "" {
			m.macro("sp")
			m.line(command.Detail)
		}
	}
	m.macro("SH", message.T("OPTIONS"))
	for _, command := range m.model.Children {
		m.options(command)
	}
	m.macro("SH", message.T("EXIT STATUS"))
	m.line(message.T("The first code that applies counts."))
	for _, s := range exitStatuses {
		m.item(s.codes, s.meaning.String())
		m.line(message.Sprintf("Run again: %s.", s.again))
	}
	m.macro("SH", message.T("ENVIRONMENT"))
	for _, v := range manVariables {
		m.item(string(v.name), v.help.String())
	}
	m.macro("SH", message.T("FILES"))
	for _, f := range manFiles {
		m.item(f.name, f.help.String())
	}
	m.macro("SH", message.T("EXAMPLES"))
	for _, command := range append([]string{""}, m.names()...) {
		for _, e := range examples[command] {
			m.macro("PP")
			if e.why != "" {
				m.line(e.why.String() + ":")
			}
			m.lines([]string{m.model.Name + " " + e.args})
		}
	}
	m.macro("SH", message.T("SEE ALSO"))
	m.line("crontab(5), systemd.timer(5)")
}

func (m *manPage) names() (names []string) {
	for _, command := range m.model.Children {
		names = append(names, command.Name)
	}
	return names
}

// synopses returns how each command is called.
func (m *manPage) synopses() (list []string) {
	for _, command := range m.model.Children {
		list = append(list, synopsis(m.model, command))
	}
	return append(list, m.model.Name+" EMPLOYEES", m.model.Name+" help ["+message.T("COMMAND")+"]")
}

// options explains the flags of a command; those of run in their sections.
func (m *manPage) options(command *kong.Node) {
	if len(command.Flags) == 0 {
		return
	}
	m.macro("SS", message.Sprintf("Flags of %s", command.Name))
	for title, flags := range inSections(command) {
		if title != "" {
			m.macro("PP")
			m.line(title)
		}
		for _, f := range flags {
			m.item(synopsisOf(f), f.Help)
		}
	}
}

// item is a name and what it is.
func (m *manPage) item(name, text string) {
	m.macro("TP")
	fmt.Fprintf(&m.text, "\\fB%s\\fR\n", literal(name))
	m.line(text)
}

// lines are lines that stay as they are, such as commands.
func (m *manPage) lines(list []string) {
	m.macro("nf")
	for _, line := range list {
		fmt.Fprintf(&m.text, "\\fB%s\\fR\n", literal(line))
	}
	m.macro("fi")
}

// line is a line of a paragraph.
func (m *manPage) line(text string) {
	text = roff(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	m.text.WriteString(text + "\n")
}

// macro is a line for roff.
func (m *manPage) macro(name string, args ...string) {
	m.text.WriteString("." + name)
	for _, arg := range args {
		m.text.WriteString(` "` + strings.ReplaceAll(literal(arg), `"`, `\(dq`) + `"`)
	}
	m.text.WriteString("\n")
}

// roff writes a text for roff, which reads ASCII, and takes a backslash and some signs of ASCII for others.
func roff(text string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(text, "\n", " ") {
		switch {
		case r == '\\':
			b.WriteString(`\e`)
		case r == '\'':
			b.WriteString(`\(aq`)
		case r == '`':
			b.WriteString(`\(ga`)
		case r == '^':
			b.WriteString(`\(ha`)
		case r == '~':
			b.WriteString(`\(ti`)
		case r > '~':
			fmt.Fprintf(&b, `\[u%04X]`, r)
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "--", `\-\-`)
}

// literal writes what is typed as it is: its hyphens are no ends of lines.
func literal(text string) string {
	text = roff(text)
	return strings.ReplaceAll(strings.ReplaceAll(text, `\-`, "-"), "-", `\-`)
}
