package cli

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console/layout"
)

// translateHelp translates the help of all commands, arguments and flags. Their texts are in struct tags, where no function can be
// called. It is called before the library sets variables such as ${default}, so that a translation may have them too.
func translateHelp(k *kong.Kong) error {
	const helpOfHelp message.Text = "Show this help."
	k.Model.HelpFlag.Help = string(helpOfHelp)
	return kong.Visit(k.Model.Node, func(node kong.Visitable, next kong.Next) error {
		switch node := node.(type) {
		case *kong.Node:
			node.Help, node.Detail = message.T(node.Help), message.T(node.Detail)
		case *kong.Value:
			node.Help = message.T(node.Help)
		}
		return next(nil)
	})
}

// section is a group of flags in the help of run, in the order in which people need them. The help shows the first alone. A name of
// no flag is passed over.
type section struct {
	title message.Text
	flags []string
}

var sections = []section{
	{"Often:", []string{"api-key-file", "dry-run", "offline", "sandbox", "yes", "result", "problems", "limit", "strict", "adopt", "details", "help-all"}},
	{"Users and extensions:", []string{"blind", "trust-listing", "free-extensions", "hotline"}},
	{"The API:", []string{"api-key-command", "account", "base-url", "service", "rate", "burst", "workers", "timeout"}},
	{"When to wait and when to stop:", []string{"settle", "fresh", "rounds", "max-errors", "max-replaced", "max-gone", "fail-on", "remind", "detailed-exitcode", "max-duration"}},
	{"Files and output:", []string{"encoding", "delimiter", "sheet", "hidden-rows", "join-names", "allow-names", "metrics", "trace", "quiet", "json", "log-format", "color"}},
}

// inSections yields the flags of a command by the titles of their sections. Those of no section come last, without a title, and so do
// those of any other command than run.
func inSections(command *kong.Node) iter.Seq2[string, []*kong.Flag] {
	return func(yield func(string, []*kong.Flag) bool) {
		rest := slices.Clone(command.Flags)
		for _, s := range sections {
			if command.Name != "run" {
				break
			}
			var flags []*kong.Flag
			for _, name := range s.flags {
				if i := slices.IndexFunc(rest, func(f *kong.Flag) bool { return f.Name == name }); i >= 0 {
					flags = append(flags, rest[i])
					rest = slices.Delete(rest, i, i+1)
				}
			}
			if !yield(s.title.String(), flags) {
				return
			}
		}
		if len(rest) > 0 {
			yield("", rest)
		}
	}
}

// example is a command line, and what it is for; "" if the command says it.
type example struct {
	args string // without the program's name
	why  message.Text
}

// examples end the help of each command; "" is the program itself.
var examples = map[string][]example{
	"": {
		{"template employees.xlsx", "begin with a file to fill in"},
		{"employees.csv", "check the file, without a call"},
		{"run --sandbox employees.csv", "practise, without a key"},
		{"run --dry-run employees.csv", "see what would be done"},
		{"run employees.csv", "do it; run again to continue"},
	},
	"run": {
		{"run -n --offline employees.csv", "check only the file"},
		{"run -n --api-key-file key employees.csv", "show the plan"},
		{"run --limit 3 employees.csv", "try with three people"},
	},
	"check": {
		{"check --api-key-file key employees.csv", ""},
		{"check --account 1149000000000000077 --json", ""},
	},
	"list": {
		{"list --api-key-file key -o tenant.xlsx", ""},
		{"list --api-key-file key --free", ""},
	},
	"verify": {
		{"verify --api-key-file key employees.result.csv", ""},
		{"verify --only-done employees.result.csv", ""},
	},
	"report": {
		{"report employees.result.csv -o sign-off.html", ""},
		{"report --roster a.xlsx --by 'Phòng ban' a.result.csv -o a.html", ""},
		{"report --verify --lang en a.result.csv -o sign-off.xlsx", ""},
	},
	"passwords": {
		{"passwords employees.csv -o filled.csv", ""},
		{"passwords a.xlsx --result a.result.csv -o filled.xlsx", ""},
	},
	"slips": {
		{"slips filled.csv --result filled.result.csv -o slips.html", ""},
	},
	"status": {
		{"status employees.result.csv", ""},
		{"status --json employees.result.csv | jq .status", ""},
	},
	"template": {
		{"template employees.xlsx", ""},
		{"template > employees.csv", ""},
	},
	"sandbox": {
		{"sandbox --extensions 500 --latency 50ms --limit 20", ""},
		{"sandbox --fault cut-after=0.05 --fault '429:5@create=#3'", ""},
	},
}

// printHelp prints the help of a command, or of the program for nil: with the flags that are often needed, so that it fits on one
// screen, or with all.
func printHelp(w io.Writer, model *kong.Application, node *kong.Node, all bool) {
	name := ""
	if node == nil {
		node = model.Node
	} else {
		name = node.Name
	}
	message.Fprintf(w, "Usage: %s\n", synopsis(model, node))
	fmt.Fprintln(w, node.Help)
	for _, child := range node.Children {
		if !child.Hidden {
			fmt.Fprintf(w, "  %-10s %s\n", child.Name, child.Help)
		}
	}
	for _, arg := range node.Positional {
		fmt.Fprintf(w, "  %-24s %s\n", arg.Name, arg.Help)
	}
	printFlags(w, node, all)
	if node.Detail != "" {
		fmt.Fprintln(w)
		fmt.Fprintln(w, layout.WrapIndented("", node.Detail, helpColumns))
	}
	printExamples(w, model.Name, examples[name])
}

// printExamples prints examples, with what they are for in a column.
func printExamples(w io.Writer, program string, list []example) {
	if len(list) == 0 {
		return
	}
	message.Fprintf(w, "\nExamples:\n")
	columns := 0
	for _, e := range list {
		columns = max(columns, layout.Width(e.args)+2)
	}
	for _, e := range list {
		line := "  " + program + " " + layout.PadRight(e.args, columns) + e.why.String()
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// synopsis returns the command with its arguments.
func synopsis(model *kong.Application, node *kong.Node) string {
	if node == model.Node {
		return model.Name + " " + message.T("COMMAND")
	}
	text := model.Name + " " + node.Name
	if len(node.Flags) > 0 {
		text += " [" + message.T("flags") + "]"
	}
	for _, arg := range node.Positional {
		if name := arg.Name; arg.Required {
			text += " " + name
		} else {
			text += " [" + name + "]"
		}
	}
	return text
}

// printFlags prints the flags of a command; of run only those of the first section if not all are wanted.
func printFlags(w io.Writer, node *kong.Node, all bool) {
	if len(node.Flags) == 0 {
		return
	}
	for title, flags := range inSections(node) {
		if node.Name != "run" || title != "" {
			fmt.Fprintln(w, title)
		}
		for _, f := range flags {
			if !f.Hidden {
				printFlag(w, f)
			}
		}
		if !all {
			break
		}
	}
	f := node.Flags[0]
	if len(f.Envs) > 0 {
		message.Fprintf(w, "Each is an environment variable too: %s is %s.\n", "--"+f.Name, f.Envs[0])
	}
}

const (
	flagColumns = 24
	helpColumns = 80
)

// printFlag prints one flag, in one line if it fits.
func printFlag(w io.Writer, f *kong.Flag) {
	name := synopsisOf(f)
	if f.Short == 0 {
		name = "    " + name
	}
	fmt.Fprintln(w, layout.WrapIndented("  "+layout.PadRight(name, flagColumns)+" ", f.Help, helpColumns))
}

// synopsisOf returns how a flag is given, such as "-o, --result FILE".
func synopsisOf(f *kong.Flag) string {
	text := "--" + f.Name
	if f.Short != 0 {
		text = "-" + string(f.Short) + ", " + text
	}
	if !f.IsBool() && f.PlaceHolder != "" {
		text += " " + f.PlaceHolder
	}
	return text
}
