package simulation

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"etelecom-import/importer/programtest"
)

var (
	rules  = flag.Bool("rules", false, "remove one rule after the other, and count the histories that notice")
	ruleID = flag.String("rule", "", "with -rules: remove the rule with this id alone")
)

// A removal takes one rule out of the program: in a file, a text is replaced by another. The build's overlay sees the
// mutilated file; the file itself is never touched.
//
// A rule is called by its id in four places: here; in the code and at the test that fails without it, as "rule: id"; and in the
// protocol's table.
type removal struct {
	id, rule, test, file, old, new string
}

var removals = []removal{
	{"intent-first", "intent before send", "TestAfterAFailedFsync", "../ledger/ledger.go", "intent}}, nil, true)", "intent}}, nil, false)"},
	{"intent-fsync", "the intent's fsync", "TestNumbersSayWhatIsDurable", "../ledger/journal/writer.go", "if err := w.file.Sync(); err != nil {", "if err := error(nil); err != nil {"},
	{"settle", "settling", "TestPlanningTable", "../plan/settle.go", "s.tenant.UsersKnown && !s.tenant.AsOf.Before(s.end(e))", "s.tenant.UsersKnown"},
	{"exact-phone", "exact phone match", "TestOthersThatTheFilterFinds", "../tenant/observe.go", "if !u.Deleted && phone.Normalize(u.Phone) == p {", "if !u.Deleted {"},
	{"complete-listing", "absence only from a complete listing", "TestInvisibleToTheFilter", "../tenant/observe.go", "if o.mayStop(seen, o.missing > 0) {", "if seen > 1 {"},
	{"own-account", "one company's result for its own key", "TestKeysSwapped", "../account.go", "if !a.belongs(&o) {\n\t\t\treturn a.refuse", "if false {\n\t\t\treturn a.refuse"},
	{"no-wall-clock", "no wall clock shortens a wait", "TestReckon", "../ledger/moment.go", "return m.Here.Add(-age)", "return time.Unix(i.At, 0)"},
	{"list-first", "listing before creating", "TestInvisibleToTheFilter", "../tenant/observe.go", "if byPhone && known == 0 {", "if byPhone && known < 0 {"},
	{"5xx-unknown", "5xx as unknown", "TestClassify", "../../apiclient/classify.go", "return verdict{Unknown, blameDown, nil}\n\t}\n\tif v, ok", "return verdict{NotApplied, blameDown, nil}\n\t}\n\tif v, ok"},
	{"fsync-fatal", "fsync errors fatal", "TestFailuresAreFinal", "../ledger/journal/writer.go", "if err := w.file.Sync(); err != nil {", "if err := w.file.Sync(); false {"},
	{"torn-line", "torn line rejected", "TestDamageInTheMiddleIsRefused", "../ledger/journal/record.go", "if err != nil || uint32(sum) != crc32.Checksum(line[checksumLen:], castagnoli) {", "if err != nil || sum > 1<<33 {"},
	{"folder-fsync", "folder fsync", "TestReplaceTakesEveryStepInOrder", "../ledger/durable/replace.go", "return fs.SyncDir(filepath.Dir(path))", "return error(nil)\n}\n\nfunc dir(path string) string { return filepath.Dir(path)"},
	{"rename", "rename", "TestReplaceTakesEveryStepInOrder", "../ledger/durable/replace.go", "tmp := path + TmpSuffix", "tmp := path"},
	{"found-durable", "what is found is made durable", "TestLockSpeaksOfDurableJournalsOnly", "../ledger/ledger.go", "if l.result.exists || l.hasJournal {", "if false {"},
	{"look-first", "look before a settled create", "TestFoundBeforeTheSecondCreate", "../apply.go", "if e.Open() {\n\t\tid, err", "if false {\n\t\tid, err"},
	{"keep-open", "open intents kept", "TestJournalAfterTheEnd", "../ledger/entries.go", "if e.unsaved || e.Open() {", "if e.unsaved {"},
	{"exists-final", "already exists is final", "TestPlanningTable", "../plan/decide.go", "case e.Exists:", "case false:"},
	{"slot-at-first-byte", "the slot is charged at the first byte", "TestStallsKeepTheRate", "../../apiclient/call.go", "s.granted, ok, err = k.client.pacer.Slot(ctx, isProbe(ctx), func() bool { return k.isReady(&s) })", "s.granted, ok = time.Now(), k.isReady(&s)"},
	{"own-ids", "ids of other users refused", "TestFaultMatrix", "../apply.go", "if a.ids.isListed(u.ID) || !a.ids.claim(u.ID, e.Phone) {", "if false {"},
	{"ruined-name", "no ruined name is sent", "TestRuinedNamesAreNotSent", "../roster/name.go", "if f.Damage != vietnamese.Intact {", "if f.Damage > 100 {"},
	{"done-not-judged", "who has a user is not judged", "TestWhoHasAUserIsNotJudged", "../run.go", "return func(row int) bool { return", "return func(row int) bool { return false &&"},
	{"found-not-judged", "who is found is not judged", "TestWhoHasAUserIsNotJudged", "../plan/make.go", "f.problem.OfContent && m.isFound(row, e) {", "false {"},
	{"lost-password", "no lost password is sent", "TestLostPasswordsAreNotSent", "../roster/password.go", "if p := refusePassword(cell, c, hashes); p.kind != 0 {", "if p := refusePassword(cell, c, hashes); p.kind > absent {"},
	{"same-list", "one list of people for one result", "TestAnotherList", "../otherlist.go", "if known*2 >= people {", "if known*2 >= people || true {"},
	{"max-gone", "no half-empty file is carried out", "TestTooManyGone", "../gone.go", "if g.People <= allowed && !emptied || in.Options.MaxGone.All() {", "if g.People <= allowed || !emptied || in.Options.MaxGone.All() {"},
	{"known-exactly", "only what is exactly as it was told is known", "TestKnownFailures", "../ledger/reported.go", "plainDigits(line.ExtensionNumber), status, line.ErrorCode, why)", "status, why[:0])"},
	{"remind", "what is known is told again", "TestKnownFailures", "../news.go", "case age < 0 || age >= remind:", "case age < 0 && remind < 0:"},
	{"free-complete", "free ones only from a complete listing", "TestFreeExtensionsAreListedToTheEnd", "../tenant/observe.go", "len(s.numbers) > 0 || !s.free.Empty())", "len(s.numbers) > 0)"},
	{"free-only", "only free extensions are given", "TestChoosing", "../plan/free.go", "isFree := x.User == 0 && !x.Expired && !taken.has(x)", "isFree := !taken.has(x)"},
	{"keep-chosen", "a row keeps what was chosen for it", "TestChoosing", "../plan/free.go", "case ok && x.User != 0:", "case ok:"},
	{"choice-first", "choice before assign", "TestChoiceIsDurable", "../ledger/ledger.go", "return l.append(record{Entry: recordOf(e)}, e, true)", "return l.Err()"},
	{"confirm-chosen", "what was chosen is looked at once more", "TestFreeExtensionIsLost", "../apply.go", "if a.plan.Steps[i].Chosen {", "if false {"},
	{"told-once", "the result says of nothing that it was told that was not", "TestKnownFailures", "../news.go", "case n.tell:", "case n.tell || !n.tell:"},
}

// TestRulesStand shows that each removal would still remove something (a rule that has moved goes unnoticed otherwise), and
// that each rule can be found by its id.
func TestRulesStand(t *testing.T) {
	protocol, err := os.ReadFile("../PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testSources(t)
	for _, r := range removals {
		source, err := os.ReadFile(r.file)
		if n := strings.Count(string(source), r.old); err != nil || n != 1 {
			t.Errorf("%s: %q is %d times in %s (%v)", r.rule, r.old, n, r.file, err)
		}
		named := regexp.MustCompile(`(?m)^\s*// rule: (.*, )?` + r.id + `(,.*)?$`)
		if !named.Match(source) {
			t.Errorf("%s: %s does not say // rule: %s", r.rule, r.file, r.id)
		}
		atTest := regexp.MustCompile(`(?m)^// rule: (.*, )?` + r.id + `(,.*)?\nfunc ` + r.test + `\(`)
		if len(atTest.FindAllString(tests, -1)) != 1 {
			t.Errorf("%s: no test %s says // rule: %s", r.rule, r.test, r.id)
		}
		if row := fmt.Sprintf("| `%s` | %s | `%s` |", r.id, r.rule, r.test); !strings.Contains(string(protocol), row) {
			t.Errorf("PROTOCOL.md has no row %s", row)
		}
	}
}

// testSources returns all test files of the program, one after the other.
func testSources(t *testing.T) string {
	var all strings.Builder
	for _, dir := range []string{"../../apiclient", ".."} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := os.ReadFile(name)
			all.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// TestRules shows that the simulation would notice if a rule were missing.
func TestRules(t *testing.T) {
	only := func(r removal) bool { return *ruleID == "" || *ruleID == r.id }
	if !*rules {
		t.Skip("takes minutes; see -rules")
	}
	t.Logf("%-30s histories of %d that notice", "rule removed", *seeds)
	for _, r := range removals {
		if only(r) {
			t.Logf("%-40s %s", r.rule, r.noticed(t))
		}
	}
}

// noticed returns how many histories break a promise without the rule.
func (r removal) noticed(t *testing.T) string {
	program := r.build(t)
	cmd := exec.Command(program, "-test.run=TestSimulation", "-test.v", "-all", fmt.Sprint("-seeds=", *seeds), fmt.Sprint("-first=", *first))
	out, _ := cmd.CombinedOutput() // it fails, that is the point
	if all := brokeSome.FindAllSubmatch(out, -1); all != nil {
		m := all[len(all)-1] // each process has its own line before
		return string(m[1])
	}
	return "all, by " + lastLine(out)
}

func lastLine(out []byte) string {
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") {
			return strings.TrimSpace(line)
		}
	}
	return "a failure to run"
}

// build compiles this test with the rule removed.
func (r removal) build(t *testing.T) string {
	t.Helper()
	overlay := programtest.Overlay(t, map[string][]byte{r.file: programtest.Changed(t, r.file, r.old, r.new)})
	program := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", r.rule, err, out)
	}
	return program
}
