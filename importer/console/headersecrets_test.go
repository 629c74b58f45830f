package console_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"etelecom-import/importer/cli"
)

// TestNoPasswordInAHeaderIsShown puts a password into a header in many ways: it is in nothing that any command prints or writes.
func TestNoPasswordInAHeaderIsShown(t *testing.T) {
	t.Setenv("ETELECOM_API_KEY", "")
	commands := [][]string{
		{"run", "--dry-run", "--offline"},
		{"run", "--dry-run", "--offline", "--json", "--log-format", "json", "--problems", "problems.csv", "--join-names"},
		{"run", "--sandbox", "--yes", "--log-format", "json"},
		{"check", "--json", "--base-url", "http://127.0.0.1:1/v1"},
		{"check", "--base-url", "http://127.0.0.1:1/v1"},
	}
	rapid.Check(t, func(rt *rapid.T) {
		password := rapid.StringMatching(`[A-Z][a-z]{2,5}[-!@# ]?[a-z]{0,4}[689]{3,6}[!?]?`).Draw(rt, "password")
		lan := "Lan,0903551200," + password + ",1001"
		head := "name,phone,password,extension_number"
		text := rapid.SampledFrom([]string{
			head + "," + lan, head + " " + lan, head + "\u2028" + lan + "\u2028" + lan, head + `\n` + lan, head + "<br>" + lan, head + ",ghi chú " + lan + ",mới",
			head + ",\"ghi chú\n" + lan + "\n\"\nMinh,0903551201,Xuan-9182,1002,", lan + "\n" + lan, "CÔNG TY\n" + lan, head + "," + password, head + ",Mật khẩu: " + password,
			"name,phone," + password + ",ext", "name," + password + ",password,ext", password + ",phone,password", head + ",(" + password + ") ghi chú", head + "," + password + " email",
			"name,phone,Mật khẩu (VD " + password + "),ext", "Họ,Tên " + password + ",phone,password,ext", "Họ đệm,Tên,phone,password: " + password + ",ext",
			"Họ tên: Lan,SĐT: 0903551200,Mật khẩu: " + password + ",Máy nhánh: 1001", "name,phone,phone " + password + ",password,ext", head + ";" + password,
		}).Draw(rt, "header")
		if rapid.Bool().Draw(rt, "row") {
			text += "\nHoa,0903551202,Xuan-9183,1003" + strings.Repeat(",", max(0, strings.Count(strings.Split(text, "\n")[0], ",")-3))
		}
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		file := filepath.Join(dir, "e.csv")
		if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
			rt.Fatal(err)
		}
		var said bytes.Buffer
		for _, command := range commands {
			fmt.Fprintf(&said, "\n%q:\n", command)
			args := strings.Split(strings.ReplaceAll(strings.Join(command, "\n"), "problems.csv", filepath.Join(dir, "problems.csv")), "\n")
			p := &cli.Program{
				Args: append(append([]string{"etelecom-import"}, args...), file), Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said,
				Exit: func(code int) { rt.Fatalf("exit code %d at once", code) },
			}
			p.Run(t.Context())
		}
		files, _ := os.ReadDir(dir)
		for _, f := range files {
			if f.Name() != "e.csv" {
				content, _ := os.ReadFile(filepath.Join(dir, f.Name()))
				said.Write(content)
			}
		}
		if strings.Contains(said.String(), password) {
			rt.Fatalf("%q is shown of\n%s\n%s", password, text, said.String())
		}
	})
}
