package importer_test

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var mutants = flag.Bool("mutations", false, "TestMutations: change one place after the other, and see that its test notices")

// mutation is a change of one place of the program: in a file, a text is replaced by another. The test that is named, in the
// package that is named, must fail then.
type mutation struct{ file, old, new, pkg, test string }

var mutations = []mutation{
	{"plan.go", "p.tenant.Listed && !p.tenant.Begun.Before(p.settles(e))", "p.tenant.Listed", ".", "TestPlanningTable"},
	{"plan.go", "return user != 0 && x.ID != 0 && x.User == user", "return user != 0 && x.ID != 0", ".", "TestPlanningTable"},
	{"plan.go", "case p.tenant.nameless[row.Phone]:", "case false:", ".", "TestListedWithoutAnID"},
	{"plan.go", `case !p.trust && p.tenant.masked.fits(row.Phone) != "":`, "case false:", ".", "TestMaskedPhones"},
	{"observe.go", "if o.enough(seen, o.missing > 0) {", "if seen > 1 {", ".", "TestInvisibleToTheFilter"},
	{"observe.go", "if o.job.plan == nil && o.missing > 0 && seen > pageSize {", "if seen < 0 {", ".", "TestRemovedBetweenTwoPages"},
	{"observe.go", "if !u.Deleted && phone.Normalize(u.Phone) == p {", "if !u.Deleted {", ".", "TestOthersThatTheFilterFinds"},
	{"observe.go", "if o.job.identity.answered || o.job.plan != nil {", "if true {", ".", "TestNothingToDoWithABadKey"},
	{"apply.go", "		if id != 0 {", "		if id < 0 {", ".", "TestFoundBeforeTheSecondCreate"},
	{"attempt.go", "a.job.moment().Later(apiclient.IntentLasts)", "a.job.moment()", ".", "TestSettleCountsFromTheLatestSending"},
	{"attempt.go", "	if a.job.old() {", "	if false {", ".", "TestSomebodyJoinsMeanwhile"},
	{"attempt.go", "code = codeAlreadyExists // the", "code = codePrecondition // the", ".", "TestListingThatHidesPeople"},
	{"doubt.go", "const maxHidden = 3", "const maxHidden = 300", ".", "TestListingThatHidesPeople"},
	{"doubt.go", "if !j.opts.TrustListing && (j.met >= maxHidden || j.met > 0 && !j.shownBefore) {", "if false {", ".", "TestFirstCreateMeetsSomebody"},
	{"doubt.go", "return m.people >= 3 && m.people*20 > listed", "return false", ".", "TestMaskedPhones"},
	{"doubt.go", "return j.replacedNow > j.maxReplaced", "return false", ".", "TestOrdinaryShopsAreNotDoubted"},
	{"ramp.go", "if r.underWay < r.width {", "if true {", ".", "TestListingThatHidesPeople"},
	{"fresh.go", "if u.UserID == stop && stop != 0 && ownAbove {", "if u.UserID == stop && stop != 0 {", ".", "TestSomebodyJoinsMeanwhile"},
	{"fresh.go", "if t.user != 0 && !t.begun.After(v.last.Add(-settle)) {", "if false {", ".", "TestRefreshReadsTheTop"},
	{"account.go", "return before == told[at].ID", "return true", ".", "TestKeysSwapped"},
	{"account.go", "if worked && !j.noEvidence.Load() {", "if worked && false {", ".", "TestKeysSwapped"},
	{"account.go", `if listed && account != "" && !j.identity.Is(account) {`, `if listed && account == "-" {`, ".", "TestExtensionOfAnotherAccount"},
	{"account.go", "case !isAccountID(id):", `case id == "":`, ".", "TestKeysSwapped"},
	{"ledger/moment.go", `if i.Boot == "" || i.Boot != m.Boot {`, `if i.Boot == "" {`, ".", "TestWaitOfALaterRun"},
	{"ledger/moment.go", "if age < 0 {", "if false {", ".", "TestWaitOfALaterRun"},
	{"ledger/moment.go", "return m.Here.Add(-age)", "return m.Here", ".", "TestWaitOfALaterRun"},
	{"ledger/owner.go", "if owner.names(resultAccount) {", "if true {", "./ledger", "TestWhoseALedgerIs"},
	{"ledger/ledger.go", "intent}}, nil, true)", "intent}}, nil, false)", "./ledger", "Test"},
	{"ledger/entry.go", "if hadUser || answered {", "if (hadUser || answered) && false {", "./ledger", "Test"},
	{"../apiclient/classify.go", `"unavailable":         {Unknown,`, `"unavailable":         {NotApplied,`, "../apiclient", "TestCodesThatProveNothing"},
	{"../apiclient/classify.go", "if k == create && r.exists {", "if false {", "../apiclient", "TestClassify"},
	{"../apiclient/classify.go", "return verdict{Unknown, faultDown, nil}\n\t}\n\tif v, ok", "return verdict{NotApplied, faultDown, nil}\n\t}\n\tif v, ok", "../apiclient", "TestClassify"},
	{"../apiclient/clock.go", "r.least = earlier(r.least,", "r.least = later(r.least,", "../apiclient", "TestServerTimeOfSeveralClocks"},
	{"../apiclient/clock.go", "r.most = later(r.most,", "r.most = earlier(r.most,", "../apiclient", "TestServerTimeOfSeveralClocks"},
	{"../apiclient/paging.go", "case asked[p.next]:", "case false:", "../apiclient", "TestPages"},
	{"../apiclient/paging.go", `case p.next != "" && barren == maxBarren:`, "case false:", "../apiclient", "TestPages"},
	{"../apiclient/users.go", "if national(string(a.Phone)) != national(phone) {", "if false {", "../apiclient", "TestCreatedUser"},
}

// TestMutationsStand shows that each mutation would still change something, and that its test is there.
func TestMutationsStand(t *testing.T) {
	for _, m := range mutations {
		source, err := os.ReadFile(m.file)
		if n := strings.Count(string(source), m.old); err != nil || n != 1 {
			t.Errorf("%q stands %d times in %s (%v)", m.old, n, m.file, err)
		}
		tests, _ := filepath.Glob(filepath.Join(m.pkg, "*_test.go"))
		found := m.test == "Test"
		for _, name := range tests {
			text, _ := os.ReadFile(name)
			found = found || strings.Contains(string(text), "func "+m.test+"(")
		}
		if !found {
			t.Errorf("no test %s in %s", m.test, m.pkg)
		}
	}
}

// TestMutations shows that the test which is named for each place notices when it is changed.
func TestMutations(t *testing.T) {
	if !*mutants {
		t.Skip("takes minutes; see -mutations")
	}
	for _, m := range mutations {
		if out, err := m.run(t); err == nil {
			t.Errorf("%s: %q is not noticed by %s\n%s", m.file, m.old, m.test, out)
		} else if strings.Contains(string(out), "[build failed]") || strings.Contains(string(out), "[setup failed]") {
			t.Errorf("%s: %q does not compile\n%s", m.file, m.old, out)
		}
	}
	t.Logf("%d mutations", len(mutations))
}

// run runs the test of a mutation on a mutated source. The build's overlay sees that; the file itself is never touched.
func (m mutation) run(t *testing.T) ([]byte, error) {
	t.Helper()
	path, err := filepath.Abs(m.file)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mutated, overlay := filepath.Join(dir, "m.go"), filepath.Join(dir, "overlay.json")
	index, err := json.Marshal(map[string]any{"Replace": map[string]string{path: mutated}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{mutated: []byte(strings.Replace(string(source), m.old, m.new, 1)), overlay: index} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return exec.Command("go", "test", "-vet=off", "-count=1", "-timeout=120s", "-overlay", overlay, "-run", m.test, m.pkg).CombinedOutput()
}
