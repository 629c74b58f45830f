package cli

import (
	"errors"
	"maps"
	"os"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/alecthomas/kong"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
)

// variablePrefix begins the name of every variable of the program.
const variablePrefix = "ETELECOM_"

// variableOf returns the variable of a flag. Those of the command sandbox have "sandbox-" before their names.
func variableOf(flag string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// caseMatters is false on Windows, where the names of variables have no case.
const caseMatters = runtime.GOOS != "windows"

// environment is what is wrong with the program's variables. A misspelt one is not what somebody wanted: ETELECOM_DRYRUN=true would
// create users. No value is ever shown, since it may be a key.
type environment struct {
	known    map[string][]*kong.Flag // by variable; none for one that is no flag
	ofRun    []string                // those of flags of run
	commands []string                // in capitals; people put them into the names of variables
	misspelt []misspelling
	unknown  []string
	unusable map[string]*hint.Error // by variable
}

// misspelling is a variable that is none, and the one that is probably meant.
type misspelling struct{ name, meant string }

// readEnvironment looks at the variables of the process. Those of flags get the form that the flag library understands: a switch is
// "true" or "false" afterwards, and a variable that is empty, or whose value cannot be used, is not set.
func readEnvironment(model *kong.Application) *environment {
	e := &environment{known: map[string][]*kong.Flag{keyVariable: nil}, unusable: map[string]*hint.Error{}}
	for _, command := range model.Children {
		if command.Name != "sandbox" { // ETELECOM_SANDBOX is a flag
			e.commands = append(e.commands, strings.ToUpper(command.Name))
		}
		for _, f := range command.Flags {
			for _, name := range f.Envs {
				e.known[name] = append(e.known[name], f)
				if command.Name == "run" {
					e.ofRun = append(e.ofRun, name)
				}
			}
		}
	}
	all := os.Environ()
	slices.Sort(all)
	for _, variable := range all {
		name, value, _ := strings.Cut(variable, "=")
		e.look(name, value)
	}
	return e
}

// look notes what is wrong with one variable.
func (e *environment) look(name, value string) {
	own := name
	if !caseMatters {
		own = strings.ToUpper(name)
	}
	if flags, ok := e.known[own]; ok {
		if len(flags) > 0 {
			e.lookAtValue(own, value, flags)
		}
		return
	}
	if meant := e.meant(name); meant != "" {
		e.misspelt = append(e.misspelt, misspelling{name, meant})
	} else if hasPrefix(name) && !isOfKubernetes(name) {
		e.unknown = append(e.unknown, name)
	}
}

// lookAtValue brings the value of a variable into the form that the flag library understands. flags are those that have the variable,
// of several commands.
func (e *environment) lookAtValue(name, value string, flags []*kong.Flag) {
	bare := strings.TrimSpace(value) // "set NAME=true && program" of Windows has the space in the value
	on, isSwitchValue := switchValue(bare)
	isSwitch := slices.ContainsFunc(flags, func(f *kong.Flag) bool { return f.IsBool() })
	isText := !slices.ContainsFunc(flags, func(f *kong.Flag) bool { return f.Target.Type() != reflect.TypeFor[string]() && !f.IsSlice() })
	switch {
	case isSwitch && isSwitchValue:
		_ = os.Setenv(name, on)
		return
	case isSwitch && bare != "":
		e.unusable[name] = hint.With(message.Errorf("the variable %s is neither true nor false", name), "set it to true or to false, or remove it")
	case !isText && bare == "":
		// An empty text is a text, but nobody knows what an empty switch, number or id was meant to be: $UNSET in a script?
		e.unusable[name] = hint.With(message.Errorf("the variable %s is empty", name), "give it a value, or remove it")
	case isText && value != "":
		return
	case !isText:
		_ = os.Setenv(name, bare)
		return
	}
	_ = os.Unsetenv(name)
}

// switchValue returns the value of a switch as "true" or "false", from the spellings that other programs take.
func switchValue(text string) (value string, ok bool) {
	for _, quote := range []string{`"`, "'"} { // cmd.exe and Docker keep them
		if bare, ok := strings.CutPrefix(text, quote); ok {
			text = strings.TrimSpace(strings.TrimSuffix(bare, quote))
		}
	}
	switch strings.ToLower(text) {
	case "true", "1", "yes", "on", "t", "y":
		return "true", true
	case "false", "0", "no", "off", "f", "n":
		return "false", true
	}
	return "", false
}

// isTrue reports whether the value of a switch is yes.
func isTrue(text string) bool {
	value, _ := switchValue(strings.TrimSpace(text))
	return value == "true"
}

// isNo reports whether a value is that of a switch, and no.
func isNo(text string) bool {
	value, _ := switchValue(strings.TrimSpace(text))
	return value == "false"
}

// silentCommands tell about the program. They do nothing that a variable could change.
var silentCommands = []string{"version", "completion", "man"}

// givenFlags returns the names of the flags that the command line gives. Each wins over its variable.
func givenFlags(parsed *kong.Context) (names []string) {
	for _, step := range parsed.Path {
		if step.Flag != nil {
			names = append(names, step.Flag.Name)
		}
	}
	return names
}

// check refuses a command whose variables are not what somebody wanted. It warns of variables that are not known, with --quiet, too:
// somebody wanted something with ETELECOM_NO_CREATE=true, and it is not what happens.
func (e *environment) check(parsed *kong.Context, out *console.Console) error {
	command, given := parsed.Selected(), givenFlags(parsed)
	if slices.Contains(silentCommands, command.Name) {
		return nil
	}
	var wrong []error
	for _, m := range e.misspelt {
		wrong = append(wrong, message.Errorf("there is no variable %s: did you mean %s?", shortened(m.name), m.meant))
	}
	if len(wrong) > 0 {
		return hint.With(errors.Join(wrong...), "rename the variable, or remove it. Nothing was done")
	}
	for _, f := range command.Flags {
		for _, name := range f.Envs {
			if err := e.unusable[name]; err != nil && !slices.Contains(given, f.Name) {
				return err
			}
		}
	}
	for _, name := range e.unknown {
		out.Warn(message.Sprintf("There is no variable %s, so it has no effect. Rename it, or remove it.", shortened(name)))
	}
	return nil
}

// shortened returns the name of a variable as it is shown. Where somebody has put the key into the name, by export ETELECOM_$KEY, only
// its beginning is. A space in it is made to be seen.
func shortened(name string) string {
	const most = 60
	isKeyPart := func(run string) bool { return strings.ContainsAny(run, "0123456789") }
	if shopKey.MatchString(name) || strings.Contains(name, ":") || slices.ContainsFunc(longRun.FindAllString(name, -1), isKeyPart) {
		return name[:min(len(name), len(variablePrefix))] + "..."
	}
	if len(name) > most {
		name = name[:most] + "..."
	}
	if strings.ContainsFunc(name, unicode.IsSpace) {
		return strconv.Quote(name)
	}
	return name
}

// longRun finds what may be a part of a key, if a digit is in it: the names of variables have shorter words.
var longRun = regexp.MustCompile(`[A-Za-z0-9]{20,}`)

// isOfKubernetes reports whether a variable may be one that Kubernetes sets in every container for a service called etelecom, or
// etelecom-import: ETELECOM_IMPORT_SERVICE_HOST, ETELECOM_PORT_80_TCP and more.
func isOfKubernetes(name string) bool {
	name = strings.ToUpper(name)
	return strings.Contains(name, "_PORT") || strings.Contains(name, "_SERVICE_")
}

// hasPrefix reports whether a name begins as those of the program's variables do.
func hasPrefix(name string) bool { return strings.HasPrefix(strings.ToUpper(name), variablePrefix) }

// meant returns the variable that a name is probably a misspelling of; "" if it is of none.
func (e *environment) meant(name string) string {
	whole := squeezed(name)
	for _, known := range slices.Sorted(maps.Keys(e.known)) { // the same answer each time
		if squeezed(known) == whole {
			return known
		}
	}
	if !hasPrefix(name) {
		if !strings.HasPrefix(whole, "E") { // other people's variables, such as TELECOM_API_KEY
			return ""
		}
		return e.nearest(whole, variablePrefix)
	}
	if isOfKubernetes(name) {
		return ""
	}
	rest := strings.ToUpper(name[len(variablePrefix):])
	if meant := otherWords[squeezed(rest)]; meant != "" { // KEY is only two edits from YES
		return meant
	}
	if meant := e.nearest(squeezed(rest), ""); meant != "" {
		return meant
	}
	if strings.Contains(squeezed(rest), "DRYRUN") { // ETELECOM_DRYRUN_MODE, ETELECOM_SANDBOX_DRY_RUN
		return "ETELECOM_DRY_RUN"
	}
	for _, command := range append([]string{"IMPORT"}, e.commands...) { // ETELECOM_IMPORT_DRY_RUN, ETELECOM_RUN_LIMIT
		if after, ok := strings.CutPrefix(rest, command+"_"); ok {
			if _, ok := e.known[variablePrefix+after]; ok {
				return variablePrefix + after
			}
			return e.meant(variablePrefix + after)
		}
	}
	return ""
}

// nearest returns the variable whose name, behind the prefix, takes the fewest edits to become the given one; "" if all take more
// than two. Every short word is two edits from BY: such a name may take one, unless it is that of a flag of run. before is what else belongs to the names that are compared.
func (e *environment) nearest(word, before string) (nearest string) {
	const most = 2
	const leastAlike = 5
	least := most + 1
	for _, known := range slices.Sorted(maps.Keys(e.known)) {
		name := squeezed(known[len(variablePrefix):])
		isShort := len(name) < leastAlike && !slices.Contains(e.ofRun, known)
		n := edits(word, squeezed(before)+name)
		isByChance := isShort && n > 1
		if n < least && !isByChance {
			least, nearest = n, known
		}
	}
	return nearest
}

// squeezed returns the name of a variable without separators, in capitals.
func squeezed(name string) string {
	return strings.ToUpper(bare(strings.ReplaceAll(name, ".", "")))
}

// otherWords are what people call a flag when they do not remember its name, and where a real run, or a call to the wrong place, would
// come of it. The names are without separators.
var otherWords = map[string]string{
	"KEY": keyVariable, "SHOPKEY": keyVariable, "TOKEN": keyVariable, "SHOPTOKEN": keyVariable, "APITOKEN": keyVariable, "SECRET": keyVariable,
	"APISECRET": keyVariable, "ACCESSTOKEN": keyVariable, "AUTHTOKEN": keyVariable, "BEARER": keyVariable, "BEARERTOKEN": keyVariable,
	"KEYFILE": "ETELECOM_API_KEY_FILE", "TOKENFILE": "ETELECOM_API_KEY_FILE", "SHOPKEYFILE": "ETELECOM_API_KEY_FILE", "APIKEYPATH": "ETELECOM_API_KEY_FILE",
	"DRY": "ETELECOM_DRY_RUN", "DRYMODE": "ETELECOM_DRY_RUN", "NOWRITE": "ETELECOM_DRY_RUN", "READONLY": "ETELECOM_DRY_RUN", "SIMULATE": "ETELECOM_DRY_RUN",
	"SIMULATION": "ETELECOM_DRY_RUN", "NOOP": "ETELECOM_DRY_RUN", "PREVIEW": "ETELECOM_DRY_RUN", "WHATIF": "ETELECOM_DRY_RUN", "PRETEND": "ETELECOM_DRY_RUN",
	"TEST": "ETELECOM_DRY_RUN", "TESTMODE": "ETELECOM_DRY_RUN", "PLANONLY": "ETELECOM_DRY_RUN", "CHECKONLY": "ETELECOM_DRY_RUN",
	"PRACTICE": "ETELECOM_SANDBOX", "SANDBOXMODE": "ETELECOM_SANDBOX",
	"URL": "ETELECOM_BASE_URL", "APIURL": "ETELECOM_BASE_URL", "APIBASEURL": "ETELECOM_BASE_URL", "ENDPOINT": "ETELECOM_BASE_URL", "APIBASE": "ETELECOM_BASE_URL",
	"ACCOUNTID": "ETELECOM_ACCOUNT", "SHOPID": "ETELECOM_ACCOUNT", "TENANTID": "ETELECOM_ACCOUNT",
}
