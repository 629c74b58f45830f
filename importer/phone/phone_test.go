package phone

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
)

func TestParse(t *testing.T) {
	const n = "0901234567"
	for _, c := range []struct{ cell, want, repaired string }{
		{n, n, ""},
		{" 0901 234 567 ", n, ""},
		{"0901.234.567", n, ""},
		{"0901-234-567", n, ""},
		{"(090) 123\u20114567", n, ""},
		{"0901\u00a0234\u202f567", n, ""},
		{"+84901234567", n, ""},
		{"＋84 901 234 567", n, ""},
		{"84901234567", n, ""},
		{"0084 901 234 567", n, ""},
		{"(+84) 0901 234 567", n, "the 0 after the country code was removed"},
		{"+84 (0)901 234 567", n, "the 0 after the country code was removed"},
		{"840901234567", n, "the 0 after the country code was removed"},
		{"901234567", n, "the missing 0 at the front was put back"},
		{"'0901234567", n, "the apostrophe at the front was removed"},
		{"’901234567", n, "the apostrophe at the front was removed, the missing 0 at the front was put back"},
		{`="0901234567"`, n, `the ="..." around it was removed`},
		{"\u200b0901234567\ufeff", n, "invisible characters were removed"},
		{"\u202d0901234567\u202c", n, "invisible characters were removed"},
		{"０９０１２３４５６７", n, "full-width digits were read as digits"},
		{"02838123456", "02838123456", ""},
		{"+84 28 3812 3456", "02838123456", ""},
		{"2838123456", "02838123456", "the missing 0 at the front was put back"},
		{"0551234567", "0551234567", ""},
	} {
		r, err := Parse(c.cell)
		if err != nil || r.Number.String() != c.want || r.Repaired != c.repaired || r.Warning != "" {
			t.Errorf("Parse(%q) = %v %q %q, %v", c.cell, r.Number, r.Repaired, r.Warning, err)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		cell  string
		kind  Kind
		meant string
	}{
		{"", Empty, ""},
		{" \u00a0", Empty, ""},
		{"-", Empty, ""},
		{"0901234567\n", LineBreak, "0901234567"},
		{"0901234567\n0912345678", LineBreak, ""},
		{"8.49E+10", Scientific, ""},
		{"8,49e+10", Scientific, ""},
		{"8.4901234567E+10", Scientific, "0901234567"},
		{"84901234567.0", Decimal, "0901234567"},
		{"901234567,00", Decimal, "0901234567"},
		{"90123456.0", Decimal, ""},
		{`="90123456.0"`, Decimal, ""},
		{"O901234567", Letters, "0901234567"},
		{"09o123456l", Letters, "0901234561"},
		{"0901234567x", Letters, ""},
		{"SĐT 0901234567", Letters, ""},
		{"mười", Letters, ""},
		{"0901234567#", Characters, "0901234567"},
		{"0901,234,567", Characters, "0901234567"},
		{"=0901234567", Characters, "0901234567"},
		{"0901234567 / 0912345678", Several, "0901234567"},
		{"0901234567, 0912345678", Several, "0901234567"},
		{"0901234567 0912345678", Several, "0901234567"},
		{"0901234567/68", Several, "0901234567"},
		{"1800 1234", Hotline, ""},
		{"1900123456", Hotline, ""},
		{"01201234567", Old, "0701234567"},
		{"1201234567", Old, "0701234567"},
		{"+84 120 1234567", Old, "0701234567"},
		{"+1 415 555 2671", Foreign, ""},
		{"0014155552671", Foreign, ""},
		{"+0901234567", Foreign, "0901234567"},
		{"00901234567", Foreign, "0901234567"},
		{"+", Foreign, ""},
		{"0901 234", Short, ""},
		{"1", Short, ""},
		{"0281234567", Short, ""},
		{"+84 90123456", Short, ""},
		{"09012345678", Long, ""},
		{"084901234567", Long, "0901234567"},
		{strings.Repeat("0", 40) + "901234567", Long, ""},
		{"0438123456", Unassigned, "02438123456"},
		{"0612345678", Unassigned, ""},
		{"8490123456", Unassigned, ""},
		{"01301234567", Long, ""},
		{"0000000000", Foreign, ""},
	} {
		r, err := Parse(c.cell)
		e, ok := err.(*Error)
		if !ok || e.Kind != c.kind || e.Suggestion.String() != c.meant {
			t.Errorf("Parse(%q) = %v, %v (%+v)", c.cell, r, err, e)
		}
	}
}

func TestMessages(t *testing.T) {
	for cell, want := range map[string]string{
		"1":             "it has 1 digit, and 10 are needed; enter the whole number",
		"0901 234":      "it has 7 digits, and 10 are needed; enter the whole number",
		"+84 90123456":  "it has 10 digits, and 11 are needed; enter the whole number",
		"0281234567":    "it has 10 digits, and 11 are needed; enter the whole number",
		"09012345678":   "it has 11 digits, and 10 are needed; enter one number",
		"-":             "the cell is empty; enter the number",
		"01261234567":   "it is an old mobile number of 11 digits, replaced in 2018; enter today's number of 10 digits (probably 0761234567)",
		"84901234567.0": "a spreadsheet or a program turned it into a decimal number; format the column as text and enter it again (probably 0901234567)",
	} {
		_, err := Parse(cell)
		if e, ok := err.(*Error); !ok || e.Error()+"; "+e.Hint() != want {
			t.Errorf("%q: %v", cell, err)
		}
	}
}

// TestKinds: each kind has a name, a problem and a hint.
func TestKinds(t *testing.T) {
	for k := Empty; k <= Unassigned; k++ {
		if e := (&Error{Kind: k}); k.String() == "" || e.Error() == "" || e.Hint() == "" {
			t.Errorf("%d: %q, %q, %q", k, k, e, e.Hint())
		}
	}
	if k := Unassigned + 1; int(k) != len(kinds) || k.String() != "Kind(14)" {
		t.Errorf("%v of %d", k, len(kinds))
	}
}

func TestUnknownPrefixIsAWarning(t *testing.T) {
	r, err := Parse("0951234567")
	if err != nil || r.Warning != "no mobile operator is known for the prefix 095" {
		t.Error(r, err)
	}
}

// TestOldNumbers holds the whole table of the change of 2018.
func TestOldNumbers(t *testing.T) {
	table := strings.Fields(`0120:070 0121:079 0122:077 0126:076 0128:078 0123:083 0124:084 0125:085 0127:081 0129:082
		0162:032 0163:033 0164:034 0165:035 0166:036 0167:037 0168:038 0169:039 0186:056 0188:058 0199:059`)
	for _, line := range table {
		before, now, _ := strings.Cut(line, ":")
		_, err := Parse(before + "7654321")
		if e, ok := err.(*Error); !ok || e.Kind != Old || e.Suggestion.String() != now+"7654321" {
			t.Errorf("%s: %v", before, err)
		}
	}
	if len(newPrefixes) != len(table) {
		t.Errorf("%d prefixes, want %d", len(newPrefixes), len(table))
	}
}

func TestNormalizeAllocatesNothing(t *testing.T) {
	for _, s := range []string{"0901234567", "+84 901 234 567", "８４901234567", "Nguyễn Văn A", "0901.23", "8.49E+10", "12/34"} {
		if n := testing.AllocsPerRun(100, func() { Normalize(s) }); n != 0 {
			t.Errorf("%q: %v allocations", s, n)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0901234567", "(+84) 901.234.567", "8.4901234567E+10", "901234567.0", `="0901234567"`, "0120 1234567/8", "O901234567", "０９０１"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := Parse(s)
		if (err == nil) != (r.Number != 0) || Normalize(s) != r.Number {
			t.Fatalf("%q: %v, %v; Normalize: %v", s, r, err, Normalize(s))
		}
		if err != nil {
			_ = err.Error()
			return
		}
		if again, err := Parse(r.Number.String()); err != nil || again.Number != r.Number || again.Repaired != "" {
			t.Fatalf("%q: %v is read as %v, %v", s, r.Number, again, err)
		}
		if digits := onlyDigits(s); !strings.HasSuffix(digits, fmt.Sprint(uint64(r.Number))) {
			t.Fatalf("%q has the digits %s, read as %v", s, digits, r.Number)
		}
	})
}

// onlyDigits returns the digits of s in ASCII.
func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '０' <= r && r <= '９':
			return r - '０' + '0'
		case r < 0x80 && unicode.IsDigit(r):
			return r
		}
		return -1
	}, s)
}
