package listing_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"etelecom-import/importer/listing"
	"etelecom-import/importer/tenant"
)

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// office is a tenant with everything that is odd, in an order that nobody expects.
func office() *shop {
	return &shop{
		Users: []user{
			{"1300000000000000009", "0901234509", "Vũ"},
			{"1300000000000000008", "0901234508", "An"},
			{"1300000000000000001", "+84 901 234 501", "Trần Thị Đào"},
			{"1300000000000000002", "0901***502", "Masked"},
			{"1300000000000000003", "0901234503", "=1+1\r\nB"},
			{"0", "0901234504", "No id"},
			{"1300000000000000005", "0901234505", ""},
			{"1300000000000000006", "0901234506", "Two"},
			{"1300000000000000007", "0901234506", "Two as well"},
			{"1300000000000000010", "+855 12 345 678", "Foreign"},
			{"1300000000000000011", "0901234511", "Letters"},
		},
		Extensions: []extension{
			{ID: "1400000000000000012", User: "1300000000000000011", Number: "A12"},
			{ID: "1400000000000000011", User: "0", Number: "1011", State: "P", Expires: "2020-01-01T00:00:00Z", Hotline: "1500000000000000001"},
			{ID: "1400000000000000010", User: "", Number: "99", State: "Z", Expires: "0001-01-01T00:00:00Z"},
			{ID: "1400000000000000009", User: "1300000000000000001", Number: "1001", State: "P", Expires: "2030-01-02T03:04:05+07:00"},
			{ID: "1400000000000000008", User: "1300000000000000001", Number: "101", State: "N"},
			{ID: "1400000000000000007", User: "1300000000000000002", Number: "1002", State: "Z"},
			{ID: "1400000000000000006", User: "1300000000000000003", Number: "099", State: "X"},
			{ID: "1400000000000000005", User: "7777", Number: "1005"},
			{ID: "1400000000000000004", User: "1300000000000000005", Number: "500"},
			{ID: "1400000000000000003", User: "1300000000000000006", Number: "500"},
		},
	}
}

func (s *shop) directory(t *testing.T) *tenant.Directory {
	t.Helper()
	c := s.client(t)
	defer c.CloseIdleConnections()
	d, err := tenant.ReadDirectory(t.Context(), c, tenant.DirectoryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func written(t *testing.T, table *listing.Table) string {
	t.Helper()
	var b bytes.Buffer
	if err := table.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPeople(t *testing.T) {
	const want = "\uFEFF" + `name,phone,password,extension_number,extension_id,user_id,state,expires,other_extensions
'=1+1  B,0901234503,,099,1400000000000000006,1300000000000000003,X,,
Trần Thị Đào,0901234501,,101,1400000000000000008,1300000000000000001,expired,,1001
Two,0901234506,,,1400000000000000003,1300000000000000006,,,
,0901234505,,,1400000000000000004,1300000000000000005,,,
Masked,0901***502,,1002,1400000000000000007,1300000000000000002,new,,
Letters,0901234511,,,1400000000000000012,1300000000000000011,,,
An,0901234508,,,,1300000000000000008,,,
Foreign,'+855 12 345 678,,,,1300000000000000010,,,
No id,0901234504,,,,,,,
Two as well,0901234506,,,,1300000000000000007,,,
Vũ,0901234509,,,,1300000000000000009,,,
`
	s := office()
	if got := written(t, listing.People(s.directory(t), now)); got != want {
		t.Errorf("%s", got)
	}
	slices.Reverse(s.Users)
	slices.Reverse(s.Extensions)
	if got := written(t, listing.People(s.directory(t), now)); got != want {
		t.Errorf("in another order of the tenant:\n%s", got)
	}
}

func TestFree(t *testing.T) {
	const want = "\uFEFF" + `extension_number,extension_id,state,expires,hotline_id
99,1400000000000000010,new,,
1011,1400000000000000011,expired,2020-01-01T00:00:00Z,1500000000000000001
`
	if got := written(t, listing.Free(office().directory(t), now)); got != want {
		t.Errorf("%s", got)
	}
}

func TestFacts(t *testing.T) {
	f := listing.Look(office().directory(t), now)
	if f.Users != 11 || f.WithExtension != 6 || f.Free != 2 || f.FreeExpired != 1 {
		t.Errorf("%+v", f)
	}
	told := strings.Join(slices.Concat(f.Warnings(), f.Notes()), "\n")
	for _, want := range []string{
		`without an id: "No id" 0901234504.`, `hides digits of phones: "Masked" 0901***502.`, `no Vietnamese phone number: "Foreign" +855 12 345 678.`,
		`several users have one phone: "Two" 0901234506, "Two as well" 0901234506.`, `not listed: 1005 (7777).`, `no name: 0901234505 1300000000000000005`,
		`several extensions: "Trần Thị Đào".`, `have one number: 500.`, `not 1 to 10 digits: "A12" 1400000000000000012.`,
	} {
		if !strings.Contains(told, want) {
			t.Errorf("it is not said: %s", want)
		}
	}
	if lines := strings.Count(told, "\n") + 1; lines != 9 {
		t.Errorf("%d lines:\n%s", lines, told)
	}
	d := office().directory(t)
	d.Moving, d.Readings = true, 4
	if w := listing.Look(d, now).Warnings(); !strings.Contains(w[len(w)-1], "it was read 4 times") {
		t.Error(w)
	}
	if f := listing.Look((&shop{}).directory(t), now); len(f.Warnings())+len(f.Notes()) > 0 {
		t.Errorf("of an empty tenant: %v", f)
	}
}

// The same tenant gives the same bytes.
func TestWorkbookIsTheSame(t *testing.T) {
	var a, b bytes.Buffer
	d := office().directory(t)
	if err := listing.People(d, now).WriteWorkbook(&a); err != nil {
		t.Fatal(err)
	}
	if err := listing.People(d, now).WriteWorkbook(&b); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error(err)
	}
}
