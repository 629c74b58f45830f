package importer_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"etelecom-import/importer/programtest"
)

var mutants = flag.Bool("mutations", false, "TestMutations: change one place after the other, and see that its test notices")

// mutation is a change of one place of the program: in a file, a text is replaced by another. The test that is named, in the
// package that is named, must fail then.
type mutation struct{ file, old, new, pkg, test string }

var mutations = []mutation{
	{"roster/name.go", "if f.Damage != vietnamese.Intact {", "if f.Damage > 100 {", ".", "TestRuinedNamesAreNotSent"},
	{"roster/password.go", "if p := refusePassword(cell, c, hashes); p.kind != 0 {", "if p := refusePassword(cell, c, hashes); p.kind > absent {", ".", "TestLostPasswordsAreNotSent"},
	{"roster/roster.go", "row.signs&likePassword != 0 && isDone(int(name.row))", "row.signs&likePassword != 0 && false", "./roster", "TestNamesComeBack"},
	{"roster/swapped.go", "if f.Certainty < vietnamese.Doubtful {", "if true {", "./roster", "TestSwappedNames"},
	{"run.go", "return func(row int) bool { return", "return func(row int) bool { return false &&", ".", "TestWhoHasAUserIsNotJudged"},
	{"plan/make.go", "f.problem.OfContent && m.isFound(row, e) {", "false {", "./plan", "TestPlanningTable"},
	{"plan/needs.go", "p != nil && !p.OfContent", "p != nil", "./plan", "TestNeeds"},
	{"otherlist.go", "if known*2 >= people {", "if known*2 >= people || true {", ".", "TestAnotherList"},
	{"otherlist.go", "!l.HasResult() && known*2 >= all {", "all < 0 {", ".", "TestAnotherList"},
	{"otherlist.go", "all == 0 || ", "", ".", "TestListOfNobody"},
	{"otherlist.go", "slices.Compact(sortedPhones(r))", "slices.Clip(sortedPhones(r))", ".", "TestAnotherList"},
	{"ledger/ledger.go", "Key: l.owner.Key, Input: l.owner.Input,", "Key: l.owner.Key,", ".", "TestAnotherList"},
	{"plan/settle.go", "s.tenant.UsersKnown && !s.tenant.AsOf.Before(s.end(e))", "s.tenant.UsersKnown", "./plan", "TestPlanningTable"},
	{"gone.go", "emptied := len(in.Roster.Rows) == 0 && g.Listed > 0", "emptied := false && g.Listed > 0", ".", "TestTooManyGone"},
	{"changes.go", "there || !e.Listed()", "there", ".", "TestChanges"},
	{"ledger/entry.go", "newer.listed = e.listed", "newer.listed = true", "./ledger", "TestListed"},
	{"ledger/reported.go", " && !hasFailure(line.ErrorCode) {", " {", "./ledger", "TestReported"},
	{"ledger/reported.go", "if r.taken[i] {", "if false {", "./ledger", "TestReported"},
	{"ledger/reported.go", "case n <= maxSmallNumber && !quoted:", "case false:", ".", "TestRowsThatMove"},
	{"ledger/reported.go", "case n <= maxSmallNumber && !quoted:", "case n <= maxSmallNumber:", "./ledger", "TestReported"},
	{"ledger/reported.go", "if status != Done.String() ||", "if true ||", ".", "TestDoneWithAnotherExtension"},
	{"news.go", "case !found || told.IsZero():", "case !found:", ".", "TestResultWithoutTimes"},
	{"news.go", "case replaced && !told.IsZero():", "case false:", ".", "TestReplacedIsToldOnce"},
	{"rowstates.go", "line.ToldAt = r.toldOfGone(&line)", "", ".", "TestReplacedIsToldOnce"},
	{"rowstates.go", "if r.observed && isWell && refusedBefore {", "if false && isWell && refusedBefore {", ".", "TestPutBack"},
	{"run.go", "j.untold = true", "", ".", "TestPlanThatCannotBeTaken"},
	{"plan/make.go", "return user != 0 && x.ID != 0 && x.User == user", "return user != 0 && x.ID != 0", "./plan", "TestPlanningTable"},
	{"plan/decide.go", "case f.nameless:", "case false:", ".", "TestListedWithoutAnID"},
	{"plan/decide.go", `case f.masked != "":`, "case false:", ".", "TestMaskedPhones"},
	{"tenant/observe.go", "if o.mayStop(seen, o.missing > 0) {", "if seen > 1 {", ".", "TestInvisibleToTheFilter"},
	{"tenant/observe.go", "if o.opts.Twice && o.missing > 0 && seen > PageSize {", "if seen < 0 {", ".", "TestRemovedBetweenTwoPages"},
	{"tenant/observe.go", "if !u.Deleted && phone.Normalize(u.Phone) == p {", "if !u.Deleted {", ".", "TestOthersThatTheFilterFinds"},
	{"tenant/observe.go", "if !o.opts.Probe {", "if true {", ".", "TestNothingToDoWithABadKey"},
	{"apply.go", "		if id != 0 {", "		if id < 0 {", ".", "TestFoundBeforeTheSecondCreate"},
	{"attempt.go", "a.moment().Later(apiclient.IntentTTL)", "a.moment()", ".", "TestSettleCountsFromTheLatestSending"},
	{"attempt.go", "	if a.freshness.tooOld() {", "	if false {", ".", "TestSomebodyJoinsMeanwhile"},
	{"attempt.go", "code = reason.AlreadyExists // the", "code = reason.Precondition // the", ".", "TestListingThatHidesPeople"},
	{"hiddenpeople.go", "	maxHidden = 3", "	maxHidden = 300", ".", "TestListingThatHidesPeople"},
	{"hiddenpeople.go", "if h.met >= maxHidden || h.met > 0 && !h.shownBefore {", "if false {", ".", "TestFirstCreateMeetsSomebody"},
	{"tenant/masks.go", "return m.People >= 3 && m.People*20 > users", "return false", ".", "TestMaskedPhones"},
	{"plan/free.go", "isFree := x.User == 0 && !x.Expired && !taken.has(x)", "isFree := x.User == 0 && !x.Expired", "./plan", "TestChoosing"},
	{"plan/free.go", "isFree := x.User == 0 && !x.Expired && !taken.has(x)", "isFree := x.User == 0 && !taken.has(x)", "./plan", "TestChoosing"},
	{"plan/free.go", "if isFree && isOurs && several[x.Number] == 1 {", "if isFree && isOurs && several[x.Number] > 0 {", "./plan", "TestChoosing"},
	{"plan/free.go", "if isFree && isOurs && several[x.Number] == 1 {", "if isFree && (isOurs || true) && several[x.Number] == 1 {", "./plan", "TestChoosing"},
	{"plan/free.go", "	if len(hotlines) < 2 {", "	if true {", "./plan", "TestNoChoice"},
	{"plan/free.go", "	if !c.tenant.ExtensionsKnown {", "	if false {", "./plan", "TestNoChoice"},
	{"plan/free.go", "mayChoose := !e.HasUser() && ", "mayChoose := ", "./plan", "TestChoosing"},
	{"plan/free.go", "case mayChoose && (!ok || isUnfit):", "case mayChoose && (!ok || isUnfit && false):", "./plan", "TestChoosing"},
	{"plan/free.go", "	case ok && x.User != 0:", "	case false:", "./plan", "TestChoosing"},
	{"plan/free.go", "case f.has.ID != 0:", "case false:", "./plan", "TestChoosing"},
	{"plan/plan.go", "s.Action == Wait && !p.RetryAt.IsZero()\n\treturn s.choose && mayAct", "s.Action == Wait\n\treturn s.choose && mayAct", "./plan", "TestChoosing"},
	{"run.go", "	j.recordChosen() // before", "	// before", ".", "TestFreeExtensionWithoutAnAnswer"},
	{"run.go", "		if behind.IsZero() {\n			j.recordChosen()", "		if behind.IsZero() {", ".", "TestFreeExtensionIsTakenMeanwhile"},
	{"run.go", "		if behind.IsZero() {", "		if true {", ".", "TestListingIsBehind"},
	{"run.go", "if s.ExtensionsKnown && !isSame && !isTheirs {", "if false && !isSame && !isTheirs {", ".", "TestFreeExtensionIsTakenBeforeTheAnswer"},
	{"run.go", " && s.HotlineOf(x.ID) == g.hotline", "", ".", "TestFreeExtensionIsTakenBeforeTheAnswer"},
	{"confirmation.go", "return at.Add(min(confirmPause, c.settle))", "return at", ".", "TestListingWaitsForOtherAssigns"},
	{"run.go", "			j.selection.final[i] = false", "			j.tally.set(i, notRun)", ".", "TestFreeExtensionIsTakenMeanwhile"},
	{"apply.go", "	if a.plan.Steps[i].Chosen {", "	if false {", ".", "TestFreeExtensionIsLost"},
	{"rowstates.go", "case e.Status == ledger.Done, row.NoExtension && e.HoldsExtension():", "case e.Status == ledger.Done:", ".", "TestFreeExtensionIsNotConfirmed"},
	{"ledger/entry.go", "if !e.HasExtension(id, \"\") {", "if true {", ".", "TestFreeExtensions"},
	{"tenant/snapshot.go", "	if known := s.inRange[x.ID]; x.User == 0 {", "	if known := s.inRange[x.ID]; false {", "./tenant", "TestInRange"},
	{"replaced.go", "return r.count > r.max", "return false", ".", "TestOrdinaryShopsAreNotDoubted"},
	{"ramp.go", "if r.underWay < r.width {", "if true {", ".", "TestListingThatHidesPeople"},
	{"fresh.go", "if u.UserID == stop && stop != 0 && ownAbove {", "if u.UserID == stop && stop != 0 {", ".", "TestSomebodyJoinsMeanwhile"},
	{"fresh.go", "if r.Newest != 0 && !r.Begun.After(f.begun.Add(-f.settle)) {", "if false {", ".", "TestRefreshReadsTheTop"},
	{"account.go", "return before == told[at].ID", "return true", ".", "TestKeysSwapped"},
	{"account.go", "if worked && !a.extensionsDenied.Load() {", "if worked && false {", ".", "TestKeysSwapped"},
	{"account.go", `if listed && of != "" && !a.identity.Is(of) {`, `if listed && of == "-" {`, ".", "TestExtensionOfAnotherAccount"},
	{"identity.go", "case !isAccountID(id):", `case id == "":`, ".", "TestKeysSwapped"},
	{"report/metrics.go", "if m.success = unixSeconds(r); !r.succeeded() {", "if m.success = unixSeconds(r); r.ExitCode != 0 {", "./report", "TestLastSuccess"},
	{"report/metrics.go", "if !r.begun || account == \"\" {", "if false {", "./report", "TestMetricsOfNoRun"},
	{"report/metrics.go", "cmp.Or(account, m.oldLabel(accountLabel, result))", "account", "./report", "TestMetricsOfNoRun"},
	{"report/metrics.go", "labelEscapes.Replace(", "(", "./report", "TestMetrics"},
	{"ledger/moment.go", `if i.Boot == "" || i.Boot != m.Boot {`, `if i.Boot == "" {`, ".", "TestWaitOfALaterRun"},
	{"ledger/moment.go", "if age < 0 {", "if false {", ".", "TestWaitOfALaterRun"},
	{"ledger/moment.go", "return m.Here.Add(-age)", "return m.Here", ".", "TestWaitOfALaterRun"},
	{"ledger/owner.go", "if owner.names(resultAccount) {", "if true {", "./ledger", "TestWhoseALedgerIs"},
	{"ledger/ledger.go", "intent}}, nil, true)", "intent}}, nil, false)", "./ledger", "Test"},
	{"ledger/entry.go", "if hadUser || answered {", "if (hadUser || answered) && false {", "./ledger", "Test"},
	{"../apiclient/classify.go", `"unavailable":         {Unknown,`, `"unavailable":         {NotApplied,`, "../apiclient", "TestCodesThatProveNothing"},
	{"../apiclient/classify.go", "if k == create && e.exists {", "if false {", "../apiclient", "TestClassify"},
	{"../apiclient/classify.go", "return verdict{Unknown, blameDown, nil}\n\t}\n\tif v, ok", "return verdict{NotApplied, blameDown, nil}\n\t}\n\tif v, ok", "../apiclient", "TestClassify"},
	{"../apiclient/clock.go", "r.least = minTime(r.least,", "r.least = maxTime(r.least,", "../apiclient", "TestServerTimeOfSeveralClocks"},
	{"../apiclient/clock.go", "r.most = maxTime(r.most,", "r.most = minTime(r.most,", "../apiclient", "TestServerTimeOfSeveralClocks"},
	{"../apiclient/paging.go", "case asked[p.next]:", "case false:", "../apiclient", "TestPages"},
	{"../apiclient/paging.go", `case p.next != "" && barren == maxBarren:`, "case false:", "../apiclient", "TestPages"},
	{"../apiclient/users.go", "if national(string(a.Phone)) != national(phone) {", "if false {", "../apiclient", "TestCreatedUser"},
	{"../apiclient/transport/transport.go", "if by, ok := deadlineOf(r.Context()); ok && Passed(by) {", "if by, ok := deadlineOf(r.Context()); ok && by.IsZero() {", "../apiclient/transport", "TestDeadlineToSend"},
	{"../apiclient/transport/transport.go", "case c.raw.written == before:", "case before == 0:", "../apiclient/transport", "TestUnsentIsProven"},
	{"../apiclient/transport/transport.go", "case c.expired(t.limit.of(write)):", "case false:", "../apiclient/transport", "TestWriteWantsAYoungConnection"},
	{"../apiclient/transport/transport.go", "case !c.usable():", "case false:", "../apiclient/transport", "TestIdleConnections"},
	{"../apiclient/transport/conn.go", "case b.last, !c.drained():", "case b.last:", "../apiclient/transport", "TestSurplusInsideTLS"},
	{"../apiclient/transport/conn.go", "_ = tcp.SetLinger(0)", "_ = tcp", "../apiclient/transport", "TestUnansweredIsReset"},
}

// TestMutationsStand shows that each mutation would still change something, and that its test is there.
func TestMutationsStand(t *testing.T) {
	for _, m := range mutations {
		source, err := os.ReadFile(m.file)
		if n := strings.Count(string(source), m.old); err != nil || n != 1 {
			t.Errorf("%q is %d times in %s (%v)", m.old, n, m.file, err)
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
	overlay := programtest.Overlay(t, map[string][]byte{m.file: programtest.Changed(t, m.file, m.old, m.new)})
	return exec.Command("go", "test", "-vet=off", "-count=1", "-timeout=120s", "-overlay", overlay, "-run", m.test, m.pkg).CombinedOutput()
}
