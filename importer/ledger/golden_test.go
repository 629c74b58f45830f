package ledger

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

var rewrite = flag.Bool("rewrite", false, "TestGolden: write the files under testdata/golden anew")

// TestGolden keeps the formats as they are, byte for byte: people have results and journals of earlier versions. The files
// are those of a run that was killed and of a second one that ended, with a create whose outcome is open.
func TestGolden(t *testing.T) { synctest.Test(t, goldenRuns) }

func goldenRuns(t *testing.T) {
	disk := newMemory()
	l, err := Open(disk, resultPath, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	owner := Owner{ID: account, Others: []string{other, address}, Told: map[string]string{"user": account, "shop <1>": other}, Key: "f1"}
	killedRun(t, l, owner)
	disk = disk.killed()
	_ = l.Close()
	same := func(name, file string) {
		t.Helper()
		name = filepath.Join("testdata", "golden", name)
		got := disk.now[file].data
		if *rewrite {
			if err := os.WriteFile(name, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(name); err != nil || string(want) != string(got) {
			t.Errorf("%s: %v\ngot\n%s\nwant\n%s", name, err, got, want)
		}
	}
	same("killed.journal", resultPath+".journal")
	if l, err = Open(disk, resultPath, named("the second run")); err == nil {
		l.Reckon(Moment{Boot: "a boot", Here: noon})
		err = l.Begin(owner)
	}
	if err != nil {
		t.Fatal(err)
	}
	same("begun.journal", resultPath+".journal")
	if err := errors.Join(l.Finish(owner, lines(l)), l.Close()); err != nil {
		t.Fatal(err)
	}
	same("result.csv", resultPath)
	same("account", resultPath+".account")
	same("ended.journal", resultPath+".journal")
}

// killedRun takes steps of every kind; they are written, and the last ones are not durable.
func killedRun(t *testing.T, l *Ledger, owner Owner) {
	t.Helper()
	if err := l.Begin(owner); err != nil {
		t.Fatal(err)
	}
	start := Moment{Boot: "3c0a1f4e-0c5e-4b0a-9d55-0d6f2b8f1a77", Up: 1234567, Here: noon}
	create := func(i int, name string, m Moment) *Entry {
		e := l.GetOrAdd(person(i))
		e.Name, e.ExtensionID, e.ExtensionNumber = name, int64(1301234567890123000+i), "100"+string(rune('0'+i))
		if _, err := l.BeginCreate(e, m, noon); err != nil {
			t.Fatal(err)
		}
		return e
	}
	done := create(1, "Nguyễn Thị <Đào> & \"con\"", start)
	l.RecordCreated(done, 1301234567890120301, true, noon)
	if err := l.BeginAssign(done); err != nil {
		t.Fatal(err)
	}
	l.RecordDone(done, 1301234567890123001, "1001", "", "", noon)
	created := create(2, "=Lê; +C\u2028", start)
	l.RecordCreated(created, 1301234567890120302, false, noon)
	l.SetReason(created, "unavailable", "\"later\", 'then'\n@again", noon)
	exists := create(3, "Trần", Moment{Here: noon})
	if err := l.RecordExists(exists, 1, "failed_precondition", "Người dùng đã tồn tại.", noon); err != nil {
		t.Fatal(err)
	}
	refused := create(4, "Vũ", start)
	l.RecordNotApplied(refused, 1, Failed, "invalid_argument", "Số điện thoại không hợp lệ", noon)
	twice := create(5, "Phạm", start)
	create(5, "Phạm", start.Later(90_000_000_000))
	l.SetReason(twice, "", "no answer\tyet", noon)
	create(6, "Hồ", Moment{Here: noon})
	l.SetReason(l.GetOrAdd(person(7)), "no_extension", strings.Repeat("ă", 10), noon)
	synctest.Wait()
}

// The files of earlier versions are read. Of them, nobody knows who was created by this job, but for those whose create is found out
// later.
func TestGoldenFilesAreRead(t *testing.T) {
	read := func(names map[string]string) string {
		t.Helper()
		disk := newMemory()
		for ending, name := range names {
			text, err := os.ReadFile(filepath.Join("testdata", "golden", name))
			if err != nil {
				t.Fatal(err)
			}
			disk.now[resultPath+ending] = &node{data: text}
		}
		l, err := Read(disk, resultPath)
		if err != nil {
			t.Fatal(err)
		}
		if o := l.Origins(); len(o) != 1 || o[0].ID != account || o[0].Key != "f1" || len(o[0].Others) != 2 || len(o[0].Told) != 2 {
			t.Errorf("%v: %+v", names, o)
		}
		return state(l)
	}
	want := read(map[string]string{".journal": "killed.journal"})
	if !strings.Contains(want, "CreatedAt:1782907200") {
		t.Errorf("nobody is created:\n%s", want)
	}
	unknown := strings.ReplaceAll(want, "CreatedAt:1782907200", "CreatedAt:0")
	for _, test := range []struct {
		names map[string]string
		want  string
	}{
		{map[string]string{".journal": "begun.journal"}, want},
		{map[string]string{"": "result.csv", ".account": "account", ".journal": "ended.journal"}, want},
		{map[string]string{"": "result.csv", ".account": "account", ".journal": "ended-1.journal"}, want},
		{map[string]string{".journal": "killed-1.journal"}, unknown},
		{map[string]string{".journal": "begun-1.journal"}, unknown},
		{map[string]string{"": "result-without-created-at.csv", ".account": "account", ".journal": "ended-1.journal"}, unknown},
		{map[string]string{"": "result-without-created-at.csv", ".account": "account", ".journal": "ended.journal"}, unknown},
		{map[string]string{"": "result-without-extension-from.csv", ".account": "account", ".journal": "ended.journal"}, want},
		{map[string]string{"": "result-without-told-at.csv", ".account": "account", ".journal": "ended-1.journal"}, unknown},
	} {
		if got := read(test.names); got != test.want {
			t.Errorf("%v: got\n%s\nwant\n%s", test.names, got, test.want)
		}
	}
}
