package ledger

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

const (
	other   = "1401234567890100009"
	address = "https://api.etelecom.vn/v1/partner"
)

// ledgerOf reads a ledger of a result, of a journal's header and of the file beside the result; "" and nil are none.
func ledgerOf(t *testing.T, result string, h *headerRecord, beside string) (*Ledger, *memory) {
	t.Helper()
	disk := newMemory()
	if result != "" {
		disk.now[resultPath] = &node{data: []byte(result)}
	}
	if h != nil {
		h.Version, h.HasResult = journalVersion, result != ""
		data, _ := written([]record{{Run: h}})
		disk.now[resultPath+".journal"] = &node{data: data}
	}
	if beside != "" {
		disk.now[resultPath+".account"] = &node{data: []byte(beside)}
	}
	l, err := Read(disk, resultPath)
	if err != nil {
		t.Fatal(err)
	}
	return l, disk
}

func TestWhoseALedgerIs(t *testing.T) {
	byAddress := strings.ReplaceAll(saved, account, address)
	for name, test := range map[string]struct {
		result string
		header *headerRecord
		beside string
		want   []Owner
	}{
		"new":                               {"", nil, "", nil},
		"a result":                          {saved, nil, "", []Owner{{ID: account}}},
		"a journal":                         {"", &headerRecord{Account: account, Others: []string{other}, Key: "k"}, "", []Owner{{ID: account, Others: []string{other}, Key: "k"}}},
		"a journal of an employee file":     {"", &headerRecord{Account: account, Input: "x.csv"}, "", []Owner{{ID: account, Input: "x.csv"}}},
		"a newer employee file":             {saved, &headerRecord{Account: account, Input: "x.xlsx"}, `{"account":"` + account + `","input":"x.csv"}`, []Owner{{ID: account, Input: "x.xlsx"}}},
		"both of one account":               {saved, &headerRecord{Account: account, Key: "k"}, "", []Owner{{ID: account, Key: "k"}}},
		"one that has learnt another id":    {saved, &headerRecord{Account: other, ResultAccount: account}, "", []Owner{{ID: account, Others: []string{other}}}},
		"one that has learnt an id":         {byAddress, &headerRecord{Account: account, ResultAccount: address}, "", []Owner{{ID: address, Others: []string{account}}}},
		"a shared other id":                 {saved, &headerRecord{Account: other, Others: []string{account}}, "", []Owner{{ID: account, Others: []string{other}}}},
		"of two accounts":                   {saved, &headerRecord{Account: other}, "", []Owner{{ID: account}, {ID: other}}},
		"a journal that knows the address":  {saved, &headerRecord{Account: address}, "", []Owner{{ID: account}, {ID: address}}},
		"beside: another id and a key":      {saved, nil, `{"account":"` + account + `","others":["` + other + `"],"key":"k"}`, []Owner{{ID: account, Others: []string{other}, Key: "k"}}},
		"beside: written before the result": {byAddress, nil, `{"account":"` + account + `","others":["` + address + `"],"key":"k"}`, []Owner{{ID: address, Others: []string{account}, Key: "k"}}},
		"beside: of another result":         {saved, nil, `{"account":"` + other + `","key":"k"}`, []Owner{{ID: account}}},
		"beside: torn":                      {saved, nil, `{"account":"` + account, []Owner{{ID: account}}},
		"beside: without a result":          {"", nil, `{"account":"` + account + `"}`, nil},
		"the same key":                      {byAddress, &headerRecord{Account: other, Key: "k"}, `{"account":"` + address + `","key":"k"}`, []Owner{{ID: address, Others: []string{other}, Key: "k"}}},
	} {
		l, _ := ledgerOf(t, test.result, test.header, test.beside)
		var got []Owner
		for _, o := range l.Origins() {
			got = append(got, o.Owner)
		}
		if !slices.EqualFunc(got, test.want, func(a, b Owner) bool { return a.equal(b) }) {
			t.Errorf("%s: %+v, want %+v", name, got, test.want)
		}
	}
}

// Each part of a ledger that may be of two accounts speaks for its own extensions.
func TestExtensionsOfEachPart(t *testing.T) {
	disk := newMemory()
	disk.now[resultPath] = &node{data: []byte(saved)}
	data, _ := written([]record{
		{Run: &headerRecord{Version: journalVersion, Account: other, HasResult: true}},
		{Entry: recordOf(&Entry{Phone: person(8), Status: Created, UserID: 88, ExtensionID: 808})},
		{Entry: recordOf(&Entry{Phone: person(9), Status: Pending, ExtensionID: 909})}, // no call about it was sent
	})
	disk.now[resultPath+".journal"] = &node{data: data}
	l, err := Read(disk, resultPath)
	if err != nil || len(l.Origins()) != 2 {
		t.Fatal(err, l)
	}
	of := func(i int) (ids []int64) {
		o := l.Origins()[i]
		for id, assigned := range o.Extensions() {
			if ids = append(ids, id); assigned != (id == 1301234567890123001) {
				t.Errorf("%d: assigned %v", id, assigned)
			}
		}
		slices.Sort(ids)
		return ids
	}
	if got, want := of(0), []int64{1301234567890123001, 1301234567890123002, 1301234567890123003, 1301234567890123004}; !slices.Equal(got, want) {
		t.Errorf("the result's: %v", got)
	}
	if got := of(1); !slices.Equal(got, []int64{808}) {
		t.Errorf("the journal's: %v", got)
	}
}

// What the column account_id has no room for outlives the journal, and a crash between the two files.
func TestOtherIDsAreKept(t *testing.T) {
	owner := Owner{ID: account, Others: []string{other, address}, Key: "k"}
	for stop := 1; ; stop++ {
		disk := newMemory()
		disk.now[resultPath] = &node{data: []byte(strings.ReplaceAll(saved, account, address))}
		disk.failAt = stop
		l, err := Open(disk, resultPath, named("me"))
		if err == nil {
			if err = l.Begin(owner); err == nil {
				err = l.Finish(owner, lines(l))
			}
			_ = l.Close()
		}
		disk.failAt = 0
		again, failed := Read(disk, resultPath)
		if failed != nil {
			t.Fatalf("stopped at %d: %v", stop, failed)
		}
		origins := again.Origins()
		if len(origins) != 1 || !origins[0].names(address) && !origins[0].names(account) {
			t.Fatalf("stopped at %d: %+v", stop, origins)
		}
		if err == nil {
			if o := origins[0]; !o.Is(account) || !o.Is(other) || o.Key != "k" || o.ID != account {
				t.Errorf("%+v", o)
			}
			return
		}
	}
}

// What a run learns of its account while it is on, and what an address alone leaves open, is kept beside the result.
func TestWhatIsKeptBeside(t *testing.T) {
	for name, test := range map[string]struct{ begins, ends Owner }{
		"an id that was learnt on the way": {Owner{ID: account}, Owner{ID: account, Others: []string{other}, Key: "k"}},
		"one more":                         {Owner{ID: account, Others: []string{address}, Key: "k"}, Owner{ID: account, Others: []string{address, other}, Key: "k"}},
		"an address, and the key":          {Owner{ID: address}, Owner{ID: address, Key: "k"}},
	} {
		disk := newMemory()
		l, err := Open(disk, resultPath, named("me"))
		if err == nil {
			l.GetOrAdd(person(1))
			err = errors.Join(l.Begin(test.begins), l.Finish(test.ends, lines(l)), l.Close())
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := Read(disk, resultPath)
		if err != nil || len(again.Origins()) != 1 || !again.Origins()[0].equal(test.ends) {
			t.Errorf("%s: %v, %+v", name, err, again.Origins())
		}
	}
}

// A journal that alone has the account's other ids stays until they have another place.
func TestJournalStaysForItsIDs(t *testing.T) {
	_, disk := ledgerOf(t, saved, &headerRecord{Account: account, Others: []string{other}, Key: "k"}, `{"account":"`+account+`"}`)
	owner := Owner{ID: account, Others: []string{other}, Key: "k"}
	l, err := Open(stubborn{disk, []string{resultPath + ".account"}}, resultPath, named("me"))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Finish(owner, lines(l)); !errors.Is(err, ErrNotWritable) {
		t.Errorf("Finish: %v", err)
	}
	_ = l.Close()
	again, err := Read(disk, resultPath)
	if err != nil || len(again.Origins()) != 1 || !again.Origins()[0].equal(owner) {
		t.Errorf("%v, %+v", err, again.Origins())
	}
}
