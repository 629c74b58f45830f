package console_test

import (
	"bytes"
	"strings"
	"testing"

	"etelecom-import/importer/cli"
)

// TestFlagsOfTheOtherFormat: a flag that a file has no use for is told, and one that asks for what the file does not have ends the run.
func TestFlagsOfTheOtherFormat(t *testing.T) {
	t.Setenv("ETELECOM_ENCODING", "windows-1258")
	run := func(args ...string) (code int, said string) {
		var b bytes.Buffer
		p := &cli.Program{
			Args: append([]string{"etelecom-import", "run", "--dry-run", "--offline"}, args...), Stdin: strings.NewReader("name,phone,password,ext\n"), Stdout: &b, Stderr: &b,
			Exit: func(code int) { t.Fatalf("exit code %d at once", code) },
		}
		code = p.Run(t.Context())
		return code, strings.Join(strings.Fields(b.String()), " ")
	}
	const note = "note --encoding and --delimiter are for a CSV, and were not used for this workbook "
	if code, said := run("../workbook/testdata/merged.xlsx"); code != 1 || !strings.Contains(said, note+"2 problems") {
		t.Errorf("%d: %s", code, said)
	}
	if code, said := run("--sheet", "DS", "-"); code != 2 || !strings.Contains(said, "--sheet is for a workbook") {
		t.Errorf("%d: %s", code, said)
	}
}
