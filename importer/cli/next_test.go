package cli

import "testing"

func TestNextCommand(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"etelecom-import", "run", "-n", "a b.csv"}, "etelecom-import run 'a b.csv'"},
		{[]string{"./ei", "run", "-nq", "--dry-run=true", "--offline", "-o", "x", "nhân viên.csv"}, "./ei run -q -o x 'nhân viên.csv'"},
		{[]string{"/tmp/go-build123/b001/exe/etelecom-import", "run", "-"}, "go run . run - -o RESULT.csv"},
		{[]string{"ei", "run", "--trace", "t", "-y", "--trace=t", "x.csv"}, "ei run -y x.csv"},
		{[]string{"ei", "run", "-n", "--api-key-command", "pass show etelecom/key", "e.csv"}, "ei run --api-key-command 'pass show etelecom/key' e.csv"},
		{[]string{"ei", "run", "-n", "--api-key-command=echo s3cret", "e.csv"}, "ei run --api-key-command=KEY-COMMAND e.csv"},
		{[]string{"ei", "run", "-n", "--api-key-command", "curl https://lan:hunter2@keys.example/key", "e.csv"}, "ei run --api-key-command KEY-COMMAND e.csv"},
		{[]string{"ei", "run", "-", "-n", "-o", "x.csv"}, "ei run - -o x.csv"},
	} {
		if got := nextCommand(c.args); got != c.want {
			t.Errorf("nextCommand(%q) = %q, want %q", c.args, got, c.want)
		}
	}
}
