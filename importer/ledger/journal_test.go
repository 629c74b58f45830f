package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger/journal"
)

// story is a journal with everything in it: carried entries, groups of one and of several records.
func story() []record {
	return []record{
		{Run: &headerRecord{Version: journalVersion, Account: account, HasResult: false, Carried: 2}},
		{Entry: recordOf(&Entry{Phone: person(1), Name: "Đào", Status: Unknown, Attempts: 2, rare: &detail{intents: []Intent{{Attempt: 1, At: 100}, {Attempt: 2, At: 200}}}})},
		{Entry: recordOf(&Entry{Phone: person(2), Status: Created, UserID: 1301234567890120302, Attempts: 1})},
		{Creating: &intentRecord{person(3), Intent{Attempt: 1, At: 300}}},
		{Entry: recordOf(&Entry{Phone: person(1), Name: "Đào", Status: Created, UserID: 1301234567890120301, Attempts: 2})},
		{Entry: recordOf(&Entry{Phone: person(2), Status: Done, UserID: 1301234567890120302, ExtensionID: 77, Attempts: 2})},
		{Creating: &intentRecord{person(4), Intent{Attempt: 1, At: 400}}},
		{Entry: recordOf(&Entry{Phone: person(3), Status: Created, UserID: 1301234567890120303, Attempts: 1})},
		{Creating: &intentRecord{person(5), Intent{Attempt: 1, At: 500}}},
		{Creating: &intentRecord{person(6), Intent{Attempt: 1, At: 600}}},
	}
}

// storyGroups says to which group each record of the story belongs, and whether it is its last.
var storyGroups = []struct {
	group uint64
	last  bool
}{{0, true}, {0, true}, {0, true}, {1, true}, {2, false}, {2, false}, {2, true}, {3, false}, {3, false}, {3, true}}

// written returns the journal of a story and where each of its records ends.
func written(records []record) (data []byte, ends []int) {
	for i, r := range records {
		g := storyGroups[min(i, len(storyGroups)-1)]
		data = appendRecord(data, uint64(i), g.group, g.last, r)
		ends = append(ends, len(data))
	}
	return data, ends
}

func appendRecord(dst []byte, sequence, group uint64, last bool, r record) []byte {
	text, err := json.Marshal(r)
	if err == nil {
		dst, err = journal.Record{Sequence: sequence, Group: group, Last: last, Data: text}.AppendTo(dst)
	}
	if err != nil {
		panic(err)
	}
	return dst
}

// rawRecord is a line of the journal with a true checksum.
func rawRecord(sequence uint64, text string) []byte {
	line, err := journal.Record{Sequence: sequence, Group: 1, Last: true, Data: []byte(text)}.AppendTo(nil)
	if err != nil {
		panic(err)
	}
	return line
}

func readJournalOf(data []byte) (*Ledger, error) {
	disk := newMemory()
	disk.now[resultPath+".journal"] = &node{data: data}
	return Read(disk, resultPath)
}

// prefixes are the states after each number of records.
func prefixes(t *testing.T) []string {
	events := story()
	var states []string
	for n := range len(events) + 1 {
		data, _ := written(events[:n])
		l, err := readJournalOf(data)
		if err != nil && n > 2 {
			t.Fatal(err)
		}
		states = append(states, state(l))
	}
	return states
}

func TestJournalTornAtEveryByte(t *testing.T) {
	data, ends := written(story())
	states := prefixes(t)
	carried := ends[2] // was durable before the journal had its name
	for n := range len(data) + 1 {
		whole := 0
		for whole < len(ends) && ends[whole] <= n {
			whole++
		}
		for _, tail := range []string{"", "\x00", strings.Repeat("\x00", 5000)} {
			l, err := readJournalOf([]byte(string(data[:n]) + tail))
			if n < carried {
				if !errors.Is(err, ErrRefused) {
					t.Fatalf("cut after %d bytes: %v", n, err)
				}
				continue
			}
			if err != nil || state(l) != states[whole] {
				t.Fatalf("cut after %d bytes, %d NULs: %v, %d whole records\n%s", n, len(tail), err, whole, state(l))
			}
		}
	}
}

// A crash leaves any pages of the last group. Whatever they are, the state is that of the records before the first gap.
func TestPagesOfTheLastGroupAreLost(t *testing.T) {
	data, ends := written(story())
	states := prefixes(t)
	durable := ends[6]
	for from := durable; from < len(data); from++ {
		for _, size := range []int{1, 16, 100, len(data)} {
			lost := slices.Clone(data)
			clear(lost[from:min(from+size, len(lost))])
			l, err := readJournalOf(lost)
			if err != nil || !slices.Contains(states[7:], state(l)) {
				t.Fatalf("%d bytes lost from %d: %v\n%s", size, from, err, state(l))
			}
		}
	}
}

// rule: torn-line
func TestDamageInTheMiddleIsRefused(t *testing.T) {
	data, ends := written(story())
	durable := ends[6] // the group after it is whole
	refused := func(how string, b []byte) {
		t.Helper()
		l, err := readJournalOf(b)
		if !errors.Is(err, ErrRefused) || !strings.Contains(hint.Of(err), "restore it") {
			t.Errorf("%s: %v, %v", how, err, l)
		}
	}
	for at := range durable {
		flipped := slices.Clone(data)
		flipped[at] ^= 1 << (at % 8)
		if data[at]^flipped[at] == ' ' && bytes.EqualFold(data, flipped) {
			continue // a checksum in capitals is the same checksum
		}
		refused(fmt.Sprint("a flipped bit at ", at), flipped)
	}
	for i := 0; i < 6; i++ {
		from := 0
		if i > 0 {
			from = ends[i-1]
		}
		refused(fmt.Sprint("without record ", i), slices.Concat(data[:from], data[ends[i]:]))
		refused(fmt.Sprint("zeros in record ", i), slices.Concat(data[:from], make([]byte, ends[i]-from), data[ends[i]:]))
		refused(fmt.Sprint("record twice ", i), slices.Concat(data[:ends[i]], data[from:]))
	}
	refused("empty", nil)
	refused("NULs", make([]byte, 4096))
	refused("a CSV", []byte(saved))
	refused("another's end", slices.Concat(data[:ends[3]], data[ends[6]:]))
}

func TestDamageInTheLastGroupYieldsNoWrongID(t *testing.T) {
	data, ends := written(story())
	states := prefixes(t)
	for at := ends[6]; at < len(data); at++ {
		flipped := slices.Clone(data)
		flipped[at] ^= 1 << (at % 8)
		l, err := readJournalOf(flipped)
		if err != nil && !errors.Is(err, ErrRefused) || err == nil && !slices.Contains(states, state(l)) {
			t.Fatalf("bit of byte %d: %v\n%s", at, err, state(l))
		}
	}
}

func TestJournalRefused(t *testing.T) {
	first := func(h headerRecord) []byte {
		data, _ := written([]record{{Run: &h}})
		return data
	}
	created := func(p int, id int64) record {
		return record{Entry: recordOf(&Entry{Phone: person(p), Status: Created, UserID: id})}
	}
	whole := func(events ...record) []byte {
		data, _ := written(append([]record{{Run: &headerRecord{Version: journalVersion, Account: account, HasResult: true, Carried: 0}}}, events...))
		return data
	}
	tests := map[string]struct {
		result  string
		journal []byte
		why     string
	}{
		"another version":              {"", first(headerRecord{Version: journalVersion + 1, Account: account, HasResult: false, Carried: 0}), "use the version that wrote it"},
		"no version":                   {"", first(headerRecord{Account: account}), "use the version that wrote it"},
		"its result is gone":           {"", first(headerRecord{Version: 1, Account: account, HasResult: true, Carried: 0}), "put it back"},
		"another id":                   {saved, whole(created(1, 5)), "restore one of the two"},
		"one id on two phones":         {saved, whole(created(7, 1301234567890120301)), "is on the phones"},
		"an unknown event":             {saved, whole(record{}), "is damaged"},
		"a second header":              {saved, whole(record{Run: &headerRecord{Version: 1, Account: account, HasResult: true, Carried: 0}}), "is damaged"},
		"no header":                    {saved, func() []byte { d, _ := written([]record{created(1, 5)}); return d }(), "is damaged"},
		"an entry of no phone":         {saved, whole(record{Entry: recordOf(&Entry{Status: Done})}), "is damaged"},
		"what no program writes":       {saved, append(whole(), rawRecord(1, "not JSON")...), "is damaged"},
		"fewer records than it begins": {saved, first(headerRecord{Version: 1, Account: account, HasResult: true, Carried: 3}), "is damaged"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			disk := newMemory()
			if test.result != "" {
				disk.now[resultPath] = &node{data: []byte(test.result)}
			}
			disk.now[resultPath+".journal"] = &node{data: test.journal}
			for _, open := range []func() (*Ledger, error){
				func() (*Ledger, error) { return Read(disk, resultPath) },
				func() (*Ledger, error) { return Open(disk, resultPath, named("a test")) },
			} {
				if _, err := open(); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error()+". "+hint.Of(err), test.why) {
					t.Errorf("got %v, want %q", err, test.why)
				}
			}
			if !bytes.Equal(disk.now[resultPath+".journal"].data, test.journal) || disk.locked {
				t.Error("the journal was changed, or the lock is held")
			}
		})
	}
}

func TestVanishedJournalIsNoticed(t *testing.T) {
	disk := newMemory()
	l, err := Open(disk, resultPath, named("the first run"))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Begin(Owner{ID: account}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.BeginCreate(l.GetOrAdd(person(1)), Moment{Here: noon}, noon); err != nil {
		t.Fatal(err)
	}
	disk = disk.killed()
	_ = l.Close()
	journal := disk.now[resultPath+".journal"]
	delete(disk.now, resultPath+".journal")
	for range 2 { // the refusal changes nothing
		_, err = Open(disk, resultPath, named("the second run"))
		if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "the first run") || !strings.Contains(hint.Of(err), "delete "+resultPath+".lock") {
			t.Fatalf("got %v", err)
		}
	}
	disk.now[resultPath+".journal"] = journal
	if l, err = Open(disk, resultPath, named("the third run")); err != nil || !l.GetOrAdd(person(1)).Open() {
		t.Fatalf("with the journal back: %v", err)
	}
	if err := l.Finish(Owner{ID: account}, lines(l)); err != nil || l.Close() != nil {
		t.Fatal(err)
	}
	// Now the run has ended: the result CSV says "unknown", and that is enough.
	delete(disk.now, resultPath+".journal")
	if l, err = Open(disk, resultPath, named("the fourth run")); err != nil {
		t.Fatal(err)
	}
	if e := l.GetOrAdd(person(1)); !e.Open() || e.Intents()[0].At != noon.Unix() {
		t.Errorf("without the journal: %+v", e)
	}
	_ = l.Close()
}

// A journal that failed, and that could not be removed when the result CSV was written, is older than the result.
func TestAnOldJournalTakesNothingBack(t *testing.T) {
	const of = account + "\n"
	result := head +
		"2,A,0901234561,77,1001,1301234567890120301,done,,,3,2026-07-01T12:00:00Z," + of +
		"3,B,0901234562,,,,failed,failed_precondition,exists,1,2026-07-01T12:00:00Z," + of +
		"4,C,0901234563,,,,failed,invalid_argument,no,2,2026-07-01T12:00:00Z," + of +
		"5,D,0901234564,,,1.3E+18,done,,,2,2026-07-01T12:00:00Z," + of
	data, _ := written([]record{
		{Run: &headerRecord{Version: journalVersion, Account: account, HasResult: false, Carried: 0}},
		{Entry: recordOf(&Entry{Phone: person(1), Status: Failed, Attempts: 1})},
		{Creating: &intentRecord{person(1), Intent{Attempt: 2, At: 100}}},
		{Creating: &intentRecord{person(2), Intent{Attempt: 1, At: 100}}},
		{Creating: &intentRecord{person(3), Intent{Attempt: 2, At: 100}}},
		{Creating: &intentRecord{person(4), Intent{Attempt: 1, At: 100}}},
		{Entry: recordOf(&Entry{Phone: person(4), Status: Pending, Attempts: 1})},
	})
	disk := newMemory()
	disk.now[resultPath] = &node{data: []byte(result)}
	disk.now[resultPath+".journal"] = &node{data: data}
	l, err := Read(disk, resultPath)
	if err != nil {
		t.Fatal(err)
	}
	want := state(mustRead(t, result))
	if got := state(l); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Thousands of entries with the same trouble share its text, and no text keeps the line that it stood in.
func TestTroubleIsKeptOnce(t *testing.T) {
	failed := func(p int) record {
		e := &Entry{Phone: person(p), Status: Failed, Attempts: 1}
		e.setDetail(detail{code: "invalid_argument", why: "Số điện thoại không hợp lệ"})
		return record{Entry: recordOf(e)}
	}
	data, _ := written([]record{{Run: &headerRecord{Version: journalVersion, Account: account}}, failed(1), failed(2)})
	l, err := readJournalOf(data)
	if err != nil {
		t.Fatal(err)
	}
	code, why := l.GetOrAdd(person(1)).Reason()
	code2, why2 := l.GetOrAdd(person(2)).Reason()
	if unsafe.StringData(code) != unsafe.StringData(code2) || unsafe.StringData(why) != unsafe.StringData(why2) || code != "invalid_argument" {
		t.Errorf("%q and %q are there twice", code, why)
	}
}

// A record whose parts stand elsewhere than this program writes them is read all the same.
func TestRecordsByOtherHands(t *testing.T) {
	for text, want := range map[string]string{
		`{"creating":null,"entry":{"phone":901234561,"status":"done"}}`: `{"entry":{"phone":901234561,"status":"done"}}`,
		`{"entry":null}`: `{}`,
		`{ "ENTRY" : {"phone":901234561,"status":"done"}}`: `{"entry":{"phone":901234561,"status":"done"}}`,
	} {
		into := &decoder{entry: entryRecord{Name: "of the record before"}, intent: intentRecord{Intent: Intent{Boot: "of the record before"}}}
		e, err := into.decode([]byte(text))
		got, err2 := json.Marshal(e)
		if err != nil || err2 != nil || string(got) != want {
			t.Errorf("%s: %s, %v, %v", text, got, err, err2)
		}
	}
}
