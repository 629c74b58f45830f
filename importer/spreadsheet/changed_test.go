package spreadsheet

import (
	"strings"
	"testing"
)

func TestChanges(t *testing.T) {
	for change, cells := range map[Change][]string{
		MadeScientific: {
			"2.50919E+11", "2,50919E+11", "2.5E+11", "1E+10", "9.0E+05", "1.23457E+18", "1.30123E+018", "2.50919e+11", "-2.5E+11", "1.5E-05",
			" 2.50919E+11 ", "2.50919E11", "1.0E7", "1.23456789E8",
		},
		MadeDecimal: {
			"250919.0", "250919.00", "250919,0", "0.0", "1021990.0", "84901234567.0",
			"250.919,00", "250.919,0", "1,021,990.00", "1.021.990,0", "250,919.5", "250.919 ₫", "$1,250.00", "$250,919", "1.021.990 đ", "250,919 VND", "250.919,00 ₫", "1\u00a0021\u00a0990,00", "1\u202f021,00",
		},
		MadeDateTime: {
			"1990-02-01 00:00:00", "1990-02-01T00:00:00", "1990-02-01T00:00:00Z", "1990-02-01T00:00:00.000Z", "1990-02-01 00:00:00+07:00", "1990-02-01 00:00:00.000000",
			"02/01/1990 00:00", "2/1/1990 0:00", "02/01/1990 12:00:00 AM", "02/01/90 0:00", "01.02.1990 00:00:00", "1-2-1990 00:00", "1990/02/01 00:00:00",
			"01/02/1990 12:00:00 SA", "1-Feb-90 0:00", "Thu Feb 01 1990 00:00:00 GMT+0700 (Indochina Time)", "Thu Feb 01 00:00:00 ICT 1990", "00:00.0", "47:30.5",
			"Feb 1, 1990 00:00", "1-Thg2-90 0:00",
		},
		MadeDate: {
			"01/02/1990", "1990-02-01", "1/2/90", "31.12.1999", "1-Feb-90", "01-Feb-1990", "1-Feb", "Feb-90", "Feb 1, 1990", "1-Thg2", "12/31/1988", "0:00", "10:30:00", "7:30 CH",
		},
		MadeGroups: {"1.021.990", "1,021,990", "1\u00a0021\u00a0990", "12.345.678.901"},
		MadeGroup:  {"250,919", "120.987", "250\u202f919", "012.345", "192.168.100.200"},
		Unchanged: {
			"", "a", "12", "250919", "12345e67", "1e5x", "1e5", "1E5", "12E+11", "2.50919E+11x", "x2.50919E+11", "2.50919E+", "2.5E+1", "2..5E+11", "2.50919E+1111", "1.E+11",
			"E+11", "2.50E11", "2.5E1", "2.5E01", "2.5e11", "2,5E11", "10.5E11", "250919.5", "250919.", ".0", "1.02.1990x", "12.34.5678", "1990-13-01", "1990-02-32", "1890-02-01", "32/01/1990", "13/13/1990",
			"1/2/3/4", "1990-02-01x", "1990-02-01 x", "1990-02-01 00", "1990-02-01 0000", "1990-02", "1990/02-01", "1-Fbe-90", "Feb-", "Feb", "1-Feb-", "1-Feb-9", "10:3", "10:30x", "10:30:0", ":30",
			"Bien-xanh-310", "Lan-2001", "Mua-xuan-1990", "1.0219.90", "1.021,990", "1234.567.890", "Thu Feb 01", "Thu Feb 01 1990 x y", "Mai Feb 01 nowhere 1990", "mat khau so 10:30", strings.Repeat("1", 99),
			"250.919,000", "250.919,", "250 919", "1.021,990.00", "1.021.99", "01.021.990", "250.919 x", "$250919", "$", "$$250,919", "250919đ", ".919", "250.919.,0", "250,919.x",
			"Thg2", "99:99 XM", "10:30 +x", "10:30 +",
		},
	} {
		for _, cell := range cells {
			if got := ChangeOf(cell); got != change {
				t.Errorf("%q: %d, want %d", cell, got, change)
			}
		}
	}
}

func TestFailures(t *testing.T) {
	for cell, want := range map[string]string{
		"#N/A": "#N/A", "#n/a": "#N/A", " #REF! ": "#REF!", "\u200b#VALUE!\u00a0": "#VALUE!", "#Name?": "#NAME?", "#Error": "#ERROR", "#DIV/0!": "#DIV/0!", "#NV": "#NV",
		"#BEZUG!": "#BEZUG!", "#¡VALOR!": "#¡VALOR!", "#ДЕЛ/0!": "#ДЕЛ/0!", "#Н/Д": "#Н/Д", "#ССЫЛКА!": "#ССЫЛКА!", "#VALEUR!": "#VALEUR!", "#NOM?": "#NOM?", "#ADR!": "#ADR!", "#N/D": "#N/D",
		"#TRÀN!": "#TRÀN!", "#GETTING_DATA": "#GETTING_DATA", "#SPILL!": "#SPILL!", "#CALC!": "#CALC!", "#UNKNOWN!": "#UNKNOWN!", "#BLOCKED!": "#BLOCKED!", "#FIELD!": "#FIELD!", "#CONNECT!": "#CONNECT!",
		"#NULL!": "#NULL!", "#NUM!": "#NUM!", "########": TooNarrow, "###": TooNarrow,
		"Err:502": "Err:502", "err:508": "Err:508", "Err :522": "Err:522", "Fehler:502": "Err:502", "Lỗi:504": "Err:504", "Loading...": "Loading...", "ĐANG TẢI…": "Loading...",

		"#NA12x": "", "#N/Ab": "", "#": "", "##": "", "##a": "", "#1": "", "#Matkhau!": "", "#REF": "", "#HANOI2024!": "", "Err:50": "", "Err:602": "", "Err:5022": "", "Erx:502": "", "mk:502": "", "Lan...": "", "": "",
		"Bien-xanh-310": "", "#" + strings.Repeat("x", 50): "",
	} {
		if got := Failure(cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

func TestWrappings(t *testing.T) {
	for _, c := range []struct {
		cell        string
		has, begins Wrappings
		first       string // what is in the first wrapping
	}{
		{"", 0, 0, ""},
		{"Lan", 0, 0, ""},
		{"O'Brien", 0, 0, ""},
		{`="Lan"`, InFormula, InFormula, "Lan"},
		{`="a""b"`, InFormula, InFormula, `a"b`},
		{`=""`, InFormula, InFormula, ""},
		{`="a"&"b"`, 0, InFormula, ""},
		{`="Lan`, 0, InFormula, ""},
		{`=Lan`, 0, 0, ""},
		{"'Lan'", InSingleQuotes | AfterApostrophe, InSingleQuotes | AfterApostrophe, "Lan"},
		{"'O''Brien'", InSingleQuotes | AfterApostrophe, InSingleQuotes | AfterApostrophe, "O'Brien"},
		{"'Lan", AfterApostrophe, InSingleQuotes | AfterApostrophe, "Lan"},
		{"'", AfterApostrophe, InSingleQuotes | AfterApostrophe, ""},
		{"’Lan", AfterApostrophe, InTypographicQuotes | AfterApostrophe, "Lan"},
		{`"Lan"`, InDoubleQuotes, InDoubleQuotes, "Lan"},
		{`"La""n"`, InDoubleQuotes, InDoubleQuotes, `La"n`},
		{`"An" và "Bi"`, 0, InDoubleQuotes, ""},
		{`"Lan`, 0, InDoubleQuotes, ""},
		{"“Lan”", InTypographicQuotes, InTypographicQuotes, "Lan"},
		{"„Lan“", InTypographicQuotes, InTypographicQuotes, "Lan"},
		{"«Lan»", InTypographicQuotes, InTypographicQuotes, "Lan"},
		{"“Lan", 0, InTypographicQuotes, ""},
		{" Lan", AfterSpace, AfterSpace, "Lan"},
		{"\tLan", AfterSpace, AfterSpace, "Lan"},
		{" ", 0, 0, ""},
	} {
		if has, begins := WrappingsOf(c.cell), Openings(c.cell); has != c.has || begins != c.begins {
			t.Errorf("%q has %b, want %b, and begins with %b, want %b", c.cell, has, c.has, begins, c.begins)
		} else if has != 0 && has.First().Strip(c.cell) != c.first {
			t.Errorf("%q: %q", c.cell, has.First().Strip(c.cell))
		}
	}
}

// TestOthersAreEscaped: a program puts an apostrophe before formulas alone.
func TestOthersAreEscaped(t *testing.T) {
	for cell, want := range map[string]bool{"'=1": true, "'@Bien": true, "'+84": true, "'-An": true, "'": false, "''=1": false, "'An": false, "=1": false, "": false} {
		if IsEscaped(cell) != want {
			t.Errorf("%q: %v", cell, !want)
		}
	}
}

func FuzzLooks(f *testing.F) {
	for _, s := range []string{"", "'", `="`, "“", "1-Feb-", "Feb-", "1.E", "10:30 +", "#", "Err:", "Thg", "Thu Feb 1 2 :", "1/", "1/2/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		_, _ = ChangeOf(cell), Failure(cell)
		for has := WrappingsOf(cell); has != 0; has &^= has.First() {
			if inner := has.First().Strip(cell); len(inner) >= len(cell) {
				t.Errorf("%q: %q", cell, inner)
			}
		}
	})
}
