package tenant_test

import (
	"slices"
	"strings"
	"testing"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/tenant"
)

func TestNumbers(t *testing.T) {
	for _, test := range []struct {
		text, shown string
		has, hasNot string
	}{
		{"1000-1999", "1000-1999", "1000 1500 1999", "999 2000 01500 0999 15OO 1000.0 +1000 100000"},
		{" 1000 – 1999 , 2500-2509 ", "1000-1999,2500-2509", "1000 2509", "2499 2510"},
		{"1000‑1009,1010−1019,1020－1029", "1000-1009,1010-1019,1020-1029", "1000 1019 1029", "1030"},
		{"0100-0199", "0100-0199", "0100 0199", "100 199 0200"},
		{"2005", "2005", "2005", "2004 2006"},
		{"1-1", "1", "1", "01 2"},
		{"0000000000-0000099999", "0000000000-0000099999", "0000000000", "0"},
	} {
		var n tenant.Numbers
		if err := n.UnmarshalText([]byte(test.text)); err != nil || n.String() != test.shown || n.Empty() {
			t.Errorf("%q: %v, %q", test.text, err, n)
		}
		for number := range strings.FieldsSeq(test.has) {
			if !n.Has(number) {
				t.Errorf("%q has %s not", test.text, number)
			}
		}
		for number := range strings.FieldsSeq(test.hasNot) {
			if n.Has(number) {
				t.Errorf("%q has %s", test.text, number)
			}
		}
		if n.Has("") {
			t.Errorf("%q has nothing", test.text)
		}
	}
}

func TestNumbersThatAreRefused(t *testing.T) {
	for text, why := range map[string]string{
		"":                    "the range is empty",
		" ":                   "the range is empty",
		"1000-1999,":          "the range is empty",
		"1999-1000":           "write 1000-1999",
		"999-1999":            "write one range for each length",
		"-1999":               "is not a range",
		"-5--1":               "is not a range",
		"1000-":               "is not a range",
		"1000-1999-2999":      "is not a range",
		"e.csv":               "is not a range",
		"all":                 "is not a range",
		"1.000-1.999":         "is not a range",
		"１０００-１９９９":           "is not a range",
		"00000000000-1":       "write one range for each length",
		"00000000000":         "has 11 digits",
		"000000-999999":       "more than 100000 numbers",
		"00000-99999,000-000": "more than 100000 numbers",
	} {
		var n tenant.Numbers
		if err := n.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), why) || !n.Empty() {
			t.Errorf("%q: %v, want %q", text, err, why)
		}
	}
}

func TestFirstNumbers(t *testing.T) {
	var n tenant.Numbers
	if err := n.UnmarshalText([]byte("098-101,7-8")); err != nil {
		t.Fatal(err)
	}
	if got := n.First(5); !slices.Equal(got, []string{"098", "099", "100", "101", "7"}) {
		t.Error(got)
	}
	if got := n.First(50); len(got) != 6 {
		t.Error(got)
	}
}

// All extensions with the numbers are known, free or not, in the order of the numbers.
func TestInRange(t *testing.T) {
	q := &tenant.Query{}
	if err := q.Free.UnmarshalText([]byte("0099-0102,99,100-101")); err != nil {
		t.Fatal(err)
	}
	s := tenant.New(q)
	for _, x := range []tenant.Extension{
		{ID: 1, Number: "101"},
		{ID: 2, Number: "100"},
		{ID: 3, Number: "0100"},
		{ID: 4, Number: "99", User: 7},
		{ID: 5, Number: "102"},
		{ID: 6, Number: "101"},
		{ID: 4, Number: "99"}, // it changes hands while it is listed
	} {
		s.AddExtension(x)
	}
	var got []int
	for _, x := range s.InRange() {
		got = append(got, int(x.ID))
		if x.ID == 4 && x.User != 7 {
			t.Errorf("%+v counts as free", x)
		}
	}
	if !slices.Equal(got, []int{4, 2, 3, 1, 6}) {
		t.Error(got)
	}
}

// An extension that may be given is looked for to the end of the listing: nobody can tell before whether its number is its own.
//
// rule: free-complete
func TestFreeExtensionsAreListedToTheEnd(t *testing.T) {
	with(t, sandbox.Config{Extensions: 350}, func(t *testing.T, s *shop) {
		q := query([]apiclient.ID{x1}, nil, absent)
		if err := q.Free.UnmarshalText([]byte("1000-1999")); err != nil {
			t.Fatal(err)
		}
		got, err := tenant.Observe(t.Context(), s.client, q, tenant.Options{})
		if n := len(got.InRange()); err != nil || n != 352 {
			t.Errorf("%v: %d of 352 extensions are known", err, n)
		}
	})
}
