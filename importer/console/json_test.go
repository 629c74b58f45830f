package console_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"etelecom-import/importer/programtest"
)

// schemas are the JSON Schemas of the samples, by command.
var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	byCommand := map[string]*jsonschema.Schema{}
	for _, command := range []string{"run", "status", "check", "verify"} {
		text, err := os.ReadFile(filepath.Join("../../samples", command+".schema.json"))
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return nil, err
		}
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		url := "https://example.com/" + command
		if err := c.AddResource(url, doc); err != nil {
			return nil, err
		}
		if byCommand[command], err = c.Compile(url); err != nil {
			return nil, err
		}
	}
	return byCommand, nil
})

// checkJSON checks what a command with --json has printed: exactly one object in one line, which its schema allows. Those of a run
// and of a verification have the exit code of the process, and are printed whatever happens.
func checkJSON(command, stdout string, code int) error {
	name := ""
	for _, n := range []string{"run", "status", "check", "verify"} {
		before, _, _ := strings.Cut(command, " -- ")
		if strings.Contains(command, "etelecom-import "+n+" ") && strings.Contains(strings.ReplaceAll(before, "--json=false", ""), "--json") {
			name = n
		}
	}
	if name == "" || name != "run" && name != "verify" && stdout == "" || strings.Contains(command, "--help") {
		return nil
	}
	all, err := schemas()
	if err != nil {
		return err
	}
	line, ok := strings.CutSuffix(stdout, "\n")
	if !ok || strings.Contains(line, "\n") {
		return fmt.Errorf("not one object in one line: %q", stdout)
	}
	object, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
	if err != nil {
		return fmt.Errorf("%w: %q", err, stdout)
	}
	if err := all[name].Validate(object); err != nil {
		return fmt.Errorf("%w: %s", err, stdout)
	}
	if name != "run" && name != "verify" {
		return nil
	}
	var told struct {
		ExitCode int              `json:"exit_code"`
		Error    *json.RawMessage `json:"error"`
		Stopped  string           `json:"stopped"`
	}
	if err := json.Unmarshal([]byte(line), &told); err != nil {
		return err
	}
	switch {
	case told.ExitCode != code:
		return fmt.Errorf("it says exit code %d, and the process has %d: %s", told.ExitCode, code, stdout)
	case told.Error == nil && (code > 3 && code != 7 || told.Stopped != ""), told.Error != nil && code == 0:
		return fmt.Errorf("exit code %d, and the error does not fit it: %s", code, stdout)
	}
	return nil
}

// TestJSONOfPanics: a panic of the command itself ends with an object, too, wherever it happens.
func TestJSONOfPanics(t *testing.T) {
	t.Parallel()
	for name, place := range map[string]string{"reading": "r, err := readWithoutColumn(", "telling": "out.ShowEnd(s, err, ", "metrics": "if c.Metrics == \"\" || c.Import.DryRun {"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const file = "../cli/run.go"
			binary := buildChanged(t, "json-"+name, map[string][]byte{
				file: programtest.Changed(t, file, place, `if c != nil { panic("the password is Sen-trang-4471") }; `+place),
			})
			cmd := exec.Command(binary, "run", "--dry-run", "--offline", "--json", "-")
			cmd.Stdin = strings.NewReader("name,phone,password,extension_number\nA,0903112301,Sen-trang-4401,1001\n")
			var said bytes.Buffer
			cmd.Stderr = &said
			stdout, err := cmd.Output()
			exit := new(exec.ExitError)
			if !errors.As(err, &exit) || exit.ExitCode() != 70 {
				t.Errorf("%v, and:\n%s", err, said.Bytes())
			}
			if err := checkJSON("etelecom-import run --json", string(stdout), 70); err != nil {
				t.Error(err)
			}
			if text := said.String() + string(stdout); strings.Contains(text, "Sen-trang") || strings.Count(text, "panic of type string\n") != 1 {
				t.Errorf("it says:\n%s", text)
			}
		})
	}
}
