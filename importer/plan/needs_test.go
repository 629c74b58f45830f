package plan

import (
	"slices"
	"testing"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
)

func TestNeeds(t *testing.T) {
	for _, test := range []struct {
		name       string
		rows       []string
		ledger     func(l *ledger.Ledger)
		phones     []int // people
		users      []apiclient.ID
		extensions []apiclient.ID
		numbers    []string
	}{
		{name: "a new row", rows: []string{row1}, phones: []int{1}, extensions: []apiclient.ID{x1}},
		{name: "a new row, named by number", rows: []string{row1num}, phones: []int{1}, numbers: []string{"1001"}},
		{name: "a row that is done", rows: []string{row1}, ledger: done1},
		{name: "a row that is done with another extension", rows: []string{row1on2}, ledger: done1, phones: []int{1}, users: []apiclient.ID{u1}, extensions: []apiclient.ID{x2}},
		{name: "an invalid row", rows: []string{badRow1}},
		{name: "an invalid row whose create is open", rows: []string{badRow1}, ledger: open1(0), phones: []int{1}},
		{name: "a ruined name", rows: []string{ruined1}, phones: []int{1}, extensions: []apiclient.ID{x1}}, // they may be there already
		{name: "a ruined name whose create is open", rows: []string{ruined1}, ledger: open1(0), phones: []int{1}, extensions: []apiclient.ID{x1}},
		{name: "rows that are refused together", rows: []string{row1, row1on2}},
		{name: "a row whose user is known", rows: []string{row1}, ledger: made1, phones: []int{1}, users: []apiclient.ID{u1}, extensions: []apiclient.ID{x1}},
		{name: "an open create without a row", ledger: open1(0), phones: []int{1}},
		{name: "a user without a row", ledger: made1},
	} {
		l := opened(t)
		if test.ledger != nil {
			test.ledger(l)
		}
		q := Needs(parsed(t, test.rows...), l, Free{})
		var phones []phone.Number
		for _, i := range test.phones {
			phones = append(phones, numberOf(i))
		}
		same := slices.Equal(q.Phones, phones) && slices.Equal(q.Users, test.users)
		if !same || !slices.Equal(q.Extensions, test.extensions) || !slices.Equal(q.Numbers, test.numbers) {
			t.Errorf("%s: %+v", test.name, q)
		}
		if q.Empty() != (len(phones) == 0) {
			t.Errorf("%s: empty: %v", test.name, q.Empty())
		}
	}
}

// What was warned of is asked along, so that it can be taken back.
func TestNeedsOfWarnings(t *testing.T) {
	l := opened(t)
	e := finished(l, 1, u1, x1, "1001")
	code, why := Notes(e, NoRole|ExtensionExpired)
	l.SetReason(e, code, why, asked)
	q := Needs(parsed(t, row1), l, Free{})
	if !q.Empty() || !slices.Equal(q.WithoutRole, []apiclient.ID{u1}) || !slices.Equal(q.Expired, []apiclient.ID{x1}) {
		t.Errorf("%+v", q)
	}
}

func TestDefer(t *testing.T) {
	p := &Plan{Steps: []Step{{Action: Create}, {Action: Assign}, {Action: Create}, {Action: Wait}, {Action: Refuse, Refusal: &Refusal{}}, {Action: NoOp}}}
	p.Defer(func(row int) bool { return row == 2 })
	var got []Action
	for i := range p.Steps {
		got = append(got, p.Steps[i].Action)
	}
	if want := []Action{Deferred, Deferred, Create, Wait, Refuse, NoOp}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if c := p.Counts(); c != (Counts{Create: 1, None: 3, Wait: 1, Refuse: 1}) {
		t.Errorf("%+v", c)
	}
}

func TestUnobserved(t *testing.T) {
	p := Unobserved(3)
	if c := p.Counts(); c.None != 3 || c.Writes() != 0 || !p.Steps[2].Primary {
		t.Errorf("%+v", p)
	}
}

func TestWhyOfARefusal(t *testing.T) {
	if why := (&Refusal{Problem: "it is so", Hint: "do that"}).Why(); why != "it is so. Do that" {
		t.Error(why)
	}
	if why := (&Refusal{Problem: "it is so"}).Why(); why != "it is so" {
		t.Error(why)
	}
}
