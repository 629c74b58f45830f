package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
)

// keyVariable is the environment variable that may hold the API key.
const keyVariable = "ETELECOM_API_KEY"

// keyFlags say where the API key is, if it is not in the variable.
type keyFlags struct {
	File    string `name:"api-key-file" placeholder:"FILE" help:"The API key; or put it into $$ETELECOM_API_KEY."`
	Command string `name:"api-key-command" placeholder:"CMD" help:"Run CMD, which prints the API key."`
}

// keySource is the one place of the API key. A file and a command are empty if it is not in them.
type keySource struct {
	place   string // as a message names it; "" if there is no key
	file    string
	command *keyCommand
}

// source returns the place of the key. Of two places nobody knows which is meant: one may be of another company.
func (f *keyFlags) source(p *Program) (s keySource, err error) {
	var places []string
	if f.File != "" {
		s.place, s.file = named(f.File), f.File
		places = append(places, flagOrVariable("--api-key-file", f.File))
	}
	if f.Command != "" {
		s.place = message.T("the output of --api-key-command")
		if s.command, err = newKeyCommand(f.Command, p.Stdin, p.othersStderr()); err != nil {
			return keySource{}, err
		}
		places = append(places, flagOrVariable("--api-key-command", f.Command))
	}
	if strings.TrimSpace(os.Getenv(keyVariable)) != "" {
		s.place = message.Sprintf("the variable %s", keyVariable)
		places = append(places, s.place)
	}
	if len(places) > 1 {
		return keySource{}, hint.With(message.Errorf("the API key is in two places: %s and %s", places[0], places[1]),
			"keep the one that is of this company. To remove a variable, use unset NAME (in PowerShell Remove-Item Env:NAME)")
	}
	return s, nil
}

// flagOrVariable names a flag, or the variable that its value comes from.
func flagOrVariable(flag, value string) string {
	variable := variableOf(strings.TrimPrefix(flag, "--"))
	if os.Getenv(variable) == value {
		return message.Sprintf("the variable %s", variable)
	}
	return flag
}

// read reads what is in the place of the key. It returns as soon as ctx ends, with the context's cause.
func (s keySource) read(ctx context.Context) (k keyText, file *check.Access, err error) {
	var text []byte
	switch {
	case s.place == "":
		return k, nil, hint.New("there is no API key",
			"write it into a file and name the file with --api-key-file, or put it into the variable "+keyVariable+". --sandbox needs no key")
	case s.command != nil:
		text, err = s.command.run(ctx)
	case s.file != "":
		var seen keyFile
		seen, err = until(ctx, "key", func() (keyFile, error) { return lookAt(s.file) })
		text, file = seen.text, seen.access
	default:
		text = []byte(os.Getenv(keyVariable))
	}
	if err != nil {
		return k, file, err
	}
	k = readKeyText(text[:min(len(text), maxKey+1)])
	if k.key.IsZero() {
		return k, file, s.refused(k.refused(s.place))
	}
	return k, file, nil
}

// refused adds what to do to why there is no key.
func (s keySource) refused(why error) error {
	const alone, set message.Text = "write the key alone into the file, on one line", "set the variable to the key alone"
	switch {
	case s.command != nil:
		return s.command.refused(hint.With(why, string(printKey)))
	case s.file == "":
		return hint.With(why, string(set))
	case hint.Of(why) != "":
		return why
	}
	return hint.With(why, string(alone))
}

// readKey returns the API key for a run. It tells what was around the key, and warns if others can read its file.
func readKey(ctx context.Context, s keySource, out *console.Console) (secret.Text, error) {
	k, _, err := s.read(ctx)
	if err != nil {
		return secret.Text{}, err
	}
	if s.file != "" {
		warnReadable(out, s.file, keyReadable)
	}
	if len(k.taken) > 0 {
		out.Note(k.told(s.place))
	}
	return k.key, nil
}

// keyFileError says why a key file cannot be opened. A path that may be the key itself is not repeated.
func keyFileError(file string, err error) error {
	if !resemblesKey(file) {
		return unreadableKeyFile(file, err)
	}
	why := err
	if failed := new(os.PathError); errors.As(err, &failed) {
		why = failed.Err // without the path
	}
	return hint.With(message.Errorf("--api-key-file wants the name of a file, and what it was given looks like the key itself (%w)", why),
		"write the key alone into a file, and name that file with --api-key-file. Others may have seen the key on this command line: ask eTelecom for a new one")
}

// unreadableKeyFile says why a key file cannot be read, and which file may be meant. Editors add an ending to the name that was typed:
// key.txt.
func unreadableKeyFile(file string, err error) error {
	info, failed := os.Stat(file)
	switch {
	case failed == nil && info.IsDir():
		return hint.With(message.Errorf("%s is a folder, and the key is in a file", file), "name the file that holds the key")
	case errors.Is(failed, fs.ErrNotExist):
		return missingError(file, keyWanted)
	}
	return message.Errorf("the key file cannot be read: %w", err)
}

// inspectKey says what is in the place of the API key. The key is zero if there is none that can be used.
func inspectKey(ctx context.Context, s keySource) (found check.KeyFound, key secret.Text) {
	k, file, err := s.read(ctx)
	found = check.KeyFound{Place: s.place, File: file}
	if err != nil {
		found.Wrong, found.Hint = console.ExplainInSentences(err)
		return found, secret.Text{}
	}
	if len(k.taken) > 0 {
		found.Note, _ = console.ExplainInSentences(errors.New(k.told(s.place)))
	}
	found.Shape = apiclient.ShapeOf(k.key.Reveal())
	return found, k.key
}

// keyFile is the beginning of a file, and who else can read it.
type keyFile struct {
	text   []byte
	access *check.Access
}

// lookAt reads the beginning of a key file, which may be a named pipe: it is opened once.
func lookAt(path string) (seen keyFile, err error) {
	f, err := os.Open(path)
	if err != nil {
		return seen, keyFileError(path, err)
	}
	defer f.Close()
	if seen.text, err = io.ReadAll(io.LimitReader(f, maxKey+1)); err != nil {
		return seen, unreadableKeyFile(path, err)
	}
	if info, err := f.Stat(); err == nil {
		seen.access = access(path, info)
	}
	return seen, nil
}
