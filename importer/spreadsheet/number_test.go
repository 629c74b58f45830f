package spreadsheet

import (
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// TestReadNumber is the one table of what is a number and what is not, for every file and column.
func TestReadNumber(t *testing.T) {
	const id = "1301234567890123001"
	for _, c := range []struct {
		cell, text string
		form       Form
		repairs    Repairs
	}{
		{"", "", Empty, 0},
		{" \t\u00a0", "", Empty, 0},
		{"\u200b", "", Empty, DroppedInvisible},
		{`=""`, "", Empty, DroppedFormula},
		{"'", "", Empty, DroppedApostrophe},

		{id, id, Digits, 0},
		{" " + id + "\u00a0", id, Digits, 0},
		{`="` + id + `"`, id, Digits, DroppedFormula},
		{` =" ` + id + ` " `, id, Digits, DroppedFormula},
		{"'" + id, id, Digits, DroppedApostrophe},
		{"’" + id, id, Digits, DroppedApostrophe},
		{"‘" + id, id, Digits, DroppedApostrophe},
		{"`" + id, id, Digits, DroppedApostrophe},
		{"''" + id, id, Digits, DroppedApostrophe},
		{"' " + id, id, Digits, DroppedApostrophe},
		{`="'` + id + `"`, id, Digits, DroppedFormula | DroppedApostrophe},
		{"\u202d" + id + "\u202c", id, Digits, DroppedInvisible},
		{"\ufeff='" + id, "='" + id, Other, DroppedInvisible},
		{"１０１", "101", Digits, ReadFullWidth},
		{`'="` + id + `"`, `="` + id + `"`, Other, DroppedApostrophe},

		{"1.3E18", "1.3E18", Scientific, 0},
		{"1.3E+18", "1.3E+18", Scientific, 0},
		{"1,3e+018", "1,3e+018", Scientific, 0},
		{"1.E+18", "1.E+18", Scientific, 0},
		{"13E17", "13E17", Scientific, 0},
		{`="1.3E+18"`, "1.3E+18", Scientific, DroppedFormula},
		{"1.2.3E+5", "1.2.3E+5", Other, 0},
		{"1.3E", "1.3E", Other, 0},
		{"E+18", "E+18", Other, 0},
		{"1.3E+18x", "1.3E+18x", Other, 0},

		{id + ".0", id + ".0", Decimal, 0},
		{"101,00", "101,00", Decimal, 0},
		{"１０１.0", "101.0", Decimal, ReadFullWidth},
		{"1.5", "1.5", Other, 0},
		{"1.301.000", "1.301.000", Other, 0},
		{"101.", "101.", Other, 0},

		{"12\n", "12\n", Broken, 0},
		{"1\u20282", "1\u20282", Broken, 0},
		{"-5", "-5", Other, 0},
		{"+5", "+5", Other, 0},
		{"=5", "=5", Other, 0},
		{"0x1F", "0x1F", Other, 0},
		{"1 2", "1 2", Other, 0},
	} {
		want := Number{c.text, c.form, c.repairs}
		if got := ReadNumber(c.cell); got != want {
			t.Errorf("%q: %+v, want %+v", c.cell, got, want)
		}
	}
}

func TestParseID(t *testing.T) {
	for cell, want := range map[string]int64{
		"1": 1, "9223372036854775807": 1<<63 - 1, "9223372036854775808": 0, "18446744073709551617": 0, "": 0, "0": 0, "01": 0, "1x": 0,
	} {
		if got, ok := ParseID(cell); ok != (want != 0) || ok && got != want {
			t.Errorf("%q: %d, %v", cell, got, ok)
		}
	}
}

// TestExactDigits: only a number that has kept its last digit is known.
func TestExactDigits(t *testing.T) {
	for cell, want := range map[string]string{
		"8.4901234567E+10": "84901234567", "8.49012345670E10": "84901234567", "84901234567E+00": "84901234567",
		"8.490123456E+10": "", "8.49E+10": "", "8.49012345671E+10": "", "8.4E-1": "", "84901234567": "", "x": "",
	} {
		if got := ExactDigits(cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

func TestRounded(t *testing.T) {
	const id = 1301234567890123001
	for _, text := range []string{
		"1301234567890120000", "1.30123E+18", "1,30123E18", "1.30123456789012E+018", "1301234567890120000.00", "1301234567890120000,0",
		"0.130123E+19", "130123E13", "1300000000000000000",
	} {
		left, ok := ParseRounded(text)
		if !ok || !left.Of(id) {
			t.Errorf("%s: %+v, %v", text, left, ok)
		}
		for _, other := range []int64{1401234567890123001, 130123456789012300, 13, 1} {
			if left.Of(other) {
				t.Errorf("%s agrees with %d", text, other)
			}
		}
	}
	for _, text := range []string{"", "0", "0.5", "-1.3E+18", "+1.3E+18", "1.3E-5", "1.3E+19", "99999999999999999999", "1.301.234", "0x1F", "x", "1e400", "1e4000", "1_000"} {
		if left, ok := ParseRounded(text); ok {
			t.Errorf("%s: %+v", text, left)
		}
	}
}

// TestRoundedAgrees: whatever a spreadsheet makes of an id, the id agrees with it.
func TestRoundedAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Int64Range(1, 9_000_000_000_000_000_000).Draw(t, "id")
		if rapid.Bool().Draw(t, "small") {
			id = id%1e6 + 1
		}
		form := rapid.SampledFrom([]string{"%.0f", "%.5E", "%.14E", "%.2f", "%g", "%.9e"}).Draw(t, "form")
		text := fmt.Sprintf(form, float64(id))
		left, ok := ParseRounded(text)
		if !ok || !left.Of(id) && id < 1<<53 {
			t.Fatalf("%d as %s: %+v, %v", id, text, left, ok)
		}
	})
}

func TestTrailingZeros(t *testing.T) {
	for id, want := range map[int64]struct {
		beyond int
		zeros  bool
	}{
		1: {0, false}, 100: {0, false}, 999_999_999_999_999: {0, false}, 1_000_000_000_000_000: {1, true}, 1_000_000_000_000_001: {1, false},
		1301234567890120000: {4, true}, 1301234567890123000: {4, false}, 0: {0, false},
	} {
		if beyond, zeros := TrailingZeros(id); beyond != want.beyond || zeros != want.zeros {
			t.Errorf("%s: %d, %v", strconv.FormatInt(id, 10), beyond, zeros)
		}
	}
}

func TestNumbersAllocateNothing(t *testing.T) {
	for _, cell := range []string{"1301234567890123001", " 101 ", "'101", `="101"`, "1.3E+18", "101.0", "Nguyễn Văn A", ""} {
		if n := testing.AllocsPerRun(100, func() { ReadNumber(cell) }); n != 0 {
			t.Errorf("%q: %v allocations", cell, n)
		}
	}
}
