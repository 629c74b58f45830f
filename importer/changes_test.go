package importer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

const (
	resultHeader = "line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id,told_at\n"
	aResult      = resultHeader +
		"2,Nguyễn Hòa,0903112351,1133188855605049201,1001,1298509829533836701,done,,,2,2026-11-26T16:15:41Z,1345586089050336767,\n" +
		"3,Trần Bình,0903112352,1133188855605049202,1002,1298509829533836702,done,,,2,2026-11-26T16:15:41Z,1345586089050336767,\n" +
		"4,Lê Cúc,0903112353,,1003,,pending,,,0,,1345586089050336767,\n" +
		",Bùi Dung,0903112354,1133188855605049204,1004,1298509829533836704,done,,,2,2026-11-26T16:15:41Z,1345586089050336767,\n"
	aHeader = "name,phone,password,extension_number\n"
	others  = "Trần Bình,0903112352,,1002\nLê Cúc,0903112353,p4ssw0rd-1,1003\n"
	hoa     = "Nguyễn Hòa,0903112351,,1001\n"
)

// told says in a few words what has changed.
func told(d importer.Changes) string {
	var b strings.Builder
	for _, p := range d.Added {
		fmt.Fprintf(&b, "+%d %s %s; ", p.Line, p.Name, p.Phone)
	}
	for _, c := range d.Changed {
		fmt.Fprintf(&b, "~%d %s %s", c.Line, c.Name, c.Phone)
		if c.OldName != "" {
			fmt.Fprintf(&b, " was %s", c.OldName)
		}
		if c.OldExtension != "" {
			fmt.Fprintf(&b, " has %s, had %s", c.Extension, c.OldExtension)
		}
		fmt.Fprintf(&b, " user %v; ", c.HasUser)
	}
	for _, m := range d.NewPhones {
		fmt.Fprintf(&b, ">%d %s from %s; ", m.Line, m.Phone, m.OldPhone)
	}
	for _, p := range d.Gone.Everybody {
		fmt.Fprintf(&b, "-%s %s; ", p.Name, p.Phone)
	}
	return strings.TrimSuffix(b.String(), "; ")
}

// changes compares an employee file with a result that is on the disk.
func changes(t *testing.T, result, employees string, o roster.Options) importer.Changes {
	t.Helper()
	r, err := roster.Read(strings.NewReader(employees), o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Read(ledger.OS{}, result)
	if err != nil {
		t.Fatal(err)
	}
	return importer.FindChanges(r, l)
}

func TestChanges(t *testing.T) {
	for _, test := range []struct{ name, result, employees, want string }{
		{"nothing", aResult, aHeader + hoa + others, ""},
		{"as another program writes a name", aResult, aHeader + "NGUYỄN  HOÀ,0903112351,,1001\n" + others, ""},
		{"in another order", aResult, aHeader + others + hoa, ""},
		{"added", aResult, aHeader + hoa + others + "Vũ Em,0903112355,p4ssw0rd-2,1005\n", "+5 Vũ Em 0903112355"},
		{"back again", aResult, aHeader + hoa + others + "Bùi Dung,0903112354,,1004\n", "+5 Bùi Dung 0903112354"},
		{"another name", aResult, aHeader + "Nguyễn Thị Hòa,0903112351,,1001\n" + others, "~2 Nguyễn Thị Hòa 0903112351 was Nguyễn Hòa user true"},
		{"another tone", aResult, aHeader + "Nguyễn Hỏa,0903112351,,1001\n" + others, "~2 Nguyễn Hỏa 0903112351 was Nguyễn Hòa user true"},
		{
			"without a user yet", aResult, aHeader + hoa + "Trần Bình,0903112352,,1002\nLê Thị Cúc,0903112353,p4ssw0rd-1,1013\n",
			"~4 Lê Thị Cúc 0903112353 was Lê Cúc has 1013, had 1003 user false",
		},
		{"another extension", aResult, aHeader + "Nguyễn Hòa,0903112351,,1011\n" + others, "~2 Nguyễn Hòa 0903112351 has 1011, had 1001 user true"},
		{
			"another extension, by its id", aResult, "name,phone,password,extension_id\nNguyễn Hòa,0903112351,,1133188855605049209\nTrần Bình,0903112352,,1133188855605049202\nLê Cúc,0903112353,p4ssw0rd-1,1133188855605049203\n",
			"~2 Nguyễn Hòa 0903112351 has 1133188855605049209, had 1133188855605049201 user true", // that of the third is not known
		},
		{"a password in its place", aResult, aHeader + "Nguyễn Hòa,0903112351,,25091987\n" + others, "~2 Nguyễn Hòa 0903112351 has *******7, had 1001 user true"},
		{"gone", aResult, aHeader + others, "-Nguyễn Hòa 0903112351"},
		{"everybody is gone", aResult, aHeader, "-Nguyễn Hòa 0903112351; -Trần Bình 0903112352; -Lê Cúc 0903112353"},
		{
			"another phone", aResult, aHeader + "Nguyễn Hoà,0903112399,p4ssw0rd-2,1001\n" + others,
			"+2 Nguyễn Hoà 0903112399; >2 0903112399 from 0903112351; -Nguyễn Hòa 0903112351",
		},
		{
			"another phone of somebody without a user", aResult, aHeader + hoa + "Trần Bình,0903112352,,1002\nLê Cúc,0903112399,p4ssw0rd-1,1003\n",
			"+4 Lê Cúc 0903112399; -Lê Cúc 0903112353",
		},
		{
			"another of the same name", aResult, aHeader + "Nguyễn Hòa,0903112399,p4ssw0rd-2,1011\n" + others,
			"+2 Nguyễn Hòa 0903112399; -Nguyễn Hòa 0903112351",
		},
		{
			"the extension has a new owner", aResult, aHeader + "Vũ Em,0903112399,p4ssw0rd-2,1001\n" + others,
			"+2 Vũ Em 0903112399; -Nguyễn Hòa 0903112351",
		},
		{
			"two of one name, and one of the extension", aResult,
			aHeader + "Nguyễn Hòa,0903112398,p4ssw0rd-2,1008\nNguyễn Hòa,0903112399,p4ssw0rd-2,1001\n" + others,
			"+2 Nguyễn Hòa 0903112398; +3 Nguyễn Hòa 0903112399; >3 0903112399 from 0903112351; -Nguyễn Hòa 0903112351",
		},
		{
			"a phone that cannot be read", aResult, aHeader + "Nguyễn Hòa,9.03E+08,,1001\n" + others + "Vũ Em,12,p4ssw0rd-2,1005\n",
			"-Nguyễn Hòa 0903112351",
		},
		{
			"a new phone in two rows", aResult, aHeader + hoa + others + "Vũ Em,0903112355,p4ssw0rd-2,1005\nVũ Anh,0903112355,p4ssw0rd-2,1006\n",
			"+5 Vũ Em 0903112355",
		},
		{
			"a known phone in two rows", aResult, aHeader + hoa + "Nguyễn Hân,0903112351,,1009\n" + others, "",
		},
		{
			"one phone in two rows, and one is gone", aResult, aHeader + hoa + hoa + "Trần Bình,0903112352,,1002\n", "-Lê Cúc 0903112353",
		},
		{
			"a phone that was in two rows", resultHeader +
				"2,Nguyễn Hòa,0903112351,,1001,,invalid,duplicate_phone,the phone is on line 3 as well,0,,1345586089050336767,\n" +
				"3,Nguyễn Hân,0903112351,,1002,,invalid,duplicate_phone,the phone is on line 2 as well,0,,1345586089050336767,\n",
			aHeader + "Nguyễn Hân,0903112351,p4ssw0rd-2,1002\n", "",
		},
		{
			"an extension that was refused before", strings.Replace(aResult, "1298509829533836701,done,,,",
				"1298509829533836701,done,extension_changed,\"the employee file has extension 1133188855605049211 (1011) now, but user 1298509829533836701 was given extension 1133188855605049201 (1001)\",", 1),
			aHeader + "Nguyễn Hòa,0903112351,,1011\n" + others, "",
		},
		{
			"an extension of which another was refused before", strings.Replace(aResult, "1298509829533836701,done,,,",
				"1298509829533836701,done,extension_changed,\"the employee file has extension 1133188855605049211 (1011) now, but user 1298509829533836701 was given extension 1133188855605049201 (1001)\",", 1),
			aHeader + "Nguyễn Hòa,0903112351,,1012\n" + others, "~2 Nguyễn Hòa 0903112351 has 1012, had 1001 user true",
		},
		{
			"a result of an older version, that a spreadsheet has saved", strings.NewReplacer(",told_at", "", "767,\n", "767\n", "1133188855605049201", "1.13318885560505E+18", ",0903", ",903").Replace(aResult),
			aHeader + hoa + others, "",
		},
		{"a name that a program has ruined", aResult, aHeader + "Tráº§n VÄƒn,0903112351,,1001\n" + others, ""},
		{
			"names and passwords in each other's column", aResult,
			"password,phone,name,extension_number\nNguyễn Hòa,0903112351,Sen-trang-4471,1001\nTrần Bình,0903112352,Sen-trang-4472,1002\nLê Cúc,0903112353,Sen-trang-4473,1003\n", "",
		},
		{"nobody was in the file", strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(aResult, "\n2,", "\n,"), "\n3,", "\n,"), "\n4,", "\n,"), aHeader + hoa, "+2 Nguyễn Hòa 0903112351"},
		{"no result", "", aHeader + hoa + others, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := filepath.Join(t.TempDir(), "r.csv")
			if test.result != "" {
				if err := os.WriteFile(result, []byte(test.result), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			d := changes(t, result, test.employees, roster.Options{})
			if got := told(d); got != test.want || d.IsEmpty() != (test.want == "") {
				t.Errorf("%s\nand not\n%s", got, test.want)
			}
			offline := changes(t, result, test.employees, roster.Options{ValidateOnly: true, KeepNames: true})
			if got := told(offline); got != test.want {
				t.Errorf("offline: %s", got)
			}
		})
	}
}

// The file names no extensions, so the name has to be enough, if nobody else has it.
func TestNewPhoneWithoutExtensions(t *testing.T) {
	result := filepath.Join(t.TempDir(), "r.csv")
	if err := os.WriteFile(result, []byte(aResult), 0o600); err != nil {
		t.Fatal(err)
	}
	row := func(name, phone string) string { return name + "," + phone + ",p4ssw0rd-1,\n" }
	rest := row("Trần Bình", "0903112352") + row("Lê Cúc", "0903112353")
	for employees, want := range map[string]string{
		row("Nguyễn Hoà", "0903112399"):                                   "+2 Nguyễn Hoà 0903112399; >2 0903112399 from 0903112351; -Nguyễn Hòa 0903112351",
		row("Nguyễn Hoà", "0903112399") + row("NGUYỄN HÒA", "0903112398"): "+2 Nguyễn Hoà 0903112399; +3 NGUYỄN HÒA 0903112398; -Nguyễn Hòa 0903112351",
		row("Nguyễn Hân", "0903112399"):                                   "+2 Nguyễn Hân 0903112399; -Nguyễn Hòa 0903112351",
	} {
		if got := told(changes(t, result, aHeader+employees+rest, roster.Options{})); got != want {
			t.Errorf("%s\nand not\n%s", got, want)
		}
	}
}

// What an interrupted run has left in the journal was shown to nobody: the last result counts.
func TestChangesAfterAnInterruptedRun(t *testing.T) {
	result := filepath.Join(t.TempDir(), "r.csv")
	if err := os.WriteFile(result, []byte(aResult), 0o600); err != nil {
		t.Fatal(err)
	}
	renamed := aHeader + hoa + "Trần Bình,0903112352,,1002\nLê Thị Cúc,0903112353,p4ssw0rd-1,1003\nVũ Em,0903112355,p4ssw0rd-2,1005\n"
	want := "+5 Vũ Em 0903112355; ~4 Lê Thị Cúc 0903112353 was Lê Cúc user %v"
	if got := told(changes(t, result, renamed, roster.Options{})); got != fmt.Sprintf(want, false) {
		t.Error(got)
	}
	l, err := ledger.Open(ledger.OS{}, result, ledger.DescribeProcess(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Begin(ledger.Owner{ID: "1345586089050336767"}); err != nil {
		t.Fatal(err)
	}
	for number, name := range map[int]string{1: "Lê Thị Cúc", 2: "Vũ Em"} {
		e := l.GetOrAdd(changes(t, result, renamed, roster.Options{}).Added[0].Phone)
		if number == 1 {
			e = l.GetOrAdd(changes(t, result, renamed, roster.Options{}).Changed[0].Phone)
		}
		e.Name = name
		l.RecordCreated(e, int64(1298509829533836800+number), false, time.Now())
		l.RecordDone(e, int64(1133188855605049300+number), "", "", "", time.Now())
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if got := told(changes(t, result, renamed, roster.Options{})); got != fmt.Sprintf(want, true) {
		t.Error(got)
	}
}

// A run says what is different, the next one says nothing, and what a dry run says changes nothing. The first run has no result to
// compare with, also if it was interrupted.
func TestChangesOfRuns(t *testing.T) {
	in(t, 4, sandbox.Config{}, func(b *harness) {
		all := b.roster
		b.options.Limit = 2
		if s := b.must(); !s.Changes.IsEmpty() || s.Added != 0 || s.Status.Pending != 2 {
			t.Errorf("%+v", s.Changes)
		}
		b.options.Limit = 0
		if s := b.must(); !s.Changes.IsEmpty() { // --limit has put two off: the result has their lines
			t.Errorf("%+v", s.Changes)
		}
		b.roster = strings.Replace(only(all, 3), "Nguyễn Văn 1", "Nguyễn Thị 1", 1)
		b.options.DryRun = true
		for range 2 {
			if s := b.must(); s.Added != 0 || s.Changed != 1 || s.Gone != 1 || len(s.ChangedRows) != 1 || s.ChangedRows[0].Code != "other_name" {
				t.Errorf("%+v", s)
			}
		}
		b.options.DryRun = false
		if s := b.must(); s.Changed != 1 || s.Gone != 1 || s.Status.Done != 3 {
			t.Errorf("%+v", s)
		}
		if name := b.lines()[phoneOf(1)].Name; name != "Nguyễn Thị 1" {
			t.Errorf("the result has the name %s", name)
		}
		if s := b.must(); !s.Changes.IsEmpty() {
			t.Errorf("%+v", s.Changes)
		}
		b.roster = strings.Replace(all, "Nguyễn Văn 1", "Nguyễn Thị 1", 1)
		if s := b.must(); s.Added != 1 || s.Changed+s.Gone != 0 || s.ChangedRows[0].Lines[0] != 5 {
			t.Errorf("%+v", s)
		}
	})
}
