package ledger

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata anew")

// TestCells pins down how cells of a result are read that spreadsheets and people have changed. The roster reads the same
// ones as phones and extensions.
func TestCells(t *testing.T) {
	const user, extension, of, number, attempts, phone = 5, 3, 11, 4, 9, 2
	var b strings.Builder
	for _, cell := range []string{
		"", " ", "\u00a0", "-", "0", "5", "007", "1301234567890123001", " 1301234567890123001\u00a0", "\t1301234567890123001", "1301234567890123001\n",
		"'1301234567890123001", "''1301234567890123001", "’1301234567890123001", "‘1301234567890123001", "`1301234567890123001", "' 1301234567890123001",
		`="1301234567890123001"`, ` ="1301234567890123001" `, `=" 1301234567890123001 "`, `="'1301234567890123001"`, `'="1301234567890123001"`, `=""`, `="`, `=1301234567890123001`,
		"\u200b1301234567890123001", "1301234567890123001\ufeff", "\u202d1301234567890123001\u202c", "\u200b'1301234567890123001", "\u200b=\"1301234567890123001\"\u200b",
		"１３０１２３４５６７８９０１２３００１", "+101", "-5", "1.5", "1301234567890123001.0", "1301234567890120000.00", "1301234567890123001.000000", "1.301.234",
		"1.3E18", "1.3E+18", "1.3e+18", "1,3E+18", "1.3E+018", "1.E+18", "13E17", "'1.3E+18", `="1.3E+18"`, "1e+2", "-1.3E+18", "+1.3E+18", "1.2.3E+5", "E+18", "1.3E", "1.3E-5", "1.3E+18x",
		"1301234567890120000", `="1301234567890120000"`, "9223372036854775807", "9223372036854775808", "99999999999999999999", "0x1F", "0x1Fp0", "#REF!", "nobody", "1\n2", "1 2", "1_000", "Inf", "1e400",
	} {
		fmt.Fprintf(&b, "%-12s %+q: %s\n", "user id", cell, readCell(user, cell))
		fmt.Fprintf(&b, "%-12s %+q: %s\n", "extension id", cell, readCell(extension, cell))
	}
	for _, cell := range []string{account, "'" + account, "’" + account, `="` + account + `"`, "1.30123456789010E+18", "1.3E18", `="1.3E18"`, "1301234567890100002"} {
		fmt.Fprintf(&b, "%-12s %+q: %s\n", "account", cell, readCell(of, cell))
	}
	for _, cell := range []string{"1001", "'1001", "’1001", `="1001"`, "=1001", "'=1001", "01001", "1002"} {
		fmt.Fprintf(&b, "%-12s %+q: %s\n", "number", cell, readCell(number, cell))
	}
	for _, cell := range []string{"3", "'3", `="3"`, "3.0", "x", "-1", ""} {
		fmt.Fprintf(&b, "%-12s %+q: %s\n", "attempts", cell, readCell(attempts, cell))
	}
	for _, cell := range []string{"'0901234561", `="0901234561"`, "９01234561"} {
		fmt.Fprintf(&b, "%-12s %+q: %s\n", "phone", cell, readCell(phone, cell))
	}
	golden(t, "testdata/cells.txt", b.String())
}

// TestNumbersKeptAsText: what people and programs put around numbers, to keep spreadsheets from rounding them, does not refuse
// a result, in some of its cells or in all.
func TestNumbersKeptAsText(t *testing.T) {
	want := state(mustRead(t, saved))
	const phone, extension, number, user, attempts, of = 2, 3, 4, 5, 9, 11
	for _, around := range []string{`="%s"`, "'%s", "’%s", "\u200b%s", ` ="%s" `} {
		for _, only := range []int{phone, extension, number, user, attempts, of, -1} {
			rows := 0
			text := columnsOf(saved, ",", func(cells []string) []string {
				rows++
				for _, i := range []int{phone, extension, number, user, attempts, of} {
					one := only == i && rows == 3
					if all := only < 0 && rows > 1; cells[i] != "" && (one || all) {
						cells[i] = fmt.Sprintf(around, cells[i])
					}
				}
				return cells
			})
			l := mustRead(t, text)
			if got := state(l); got != want || l.Account() != account {
				t.Errorf("%s, column %d: account %s\n%s\nwant\n%s", around, only, l.Account(), got, want)
			}
		}
	}
}

// TestFiles pins down how whole results are read that programs and people have changed.
func TestFiles(t *testing.T) {
	crlf := func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
	bare := strings.NewReplacer(",1301234567890123001,", `,="1301234567890123001",`, ",0901234561,", `,="0901234561",`)
	var b strings.Builder
	for _, file := range []struct{ name, text string }{
		{"as it was written", saved},
		{"a byte order mark", "\ufeff" + saved},
		{"Unicode text", unicodeText(columnsOf(saved, "\t", same))},
		{"Unicode text, reversed", swapped(unicodeText(columnsOf(saved, "\t", same)))},
		{"UTF-16 without a mark", unicodeText(saved)[2:]},
		{"half a pair", unicodeText(strings.Replace(saved, "Phạm D", "Phạm X", 1)[:strings.Index(saved, "Phạm")]) + "\x00\xd8" + unicodeText(saved[strings.Index(saved, "Phạm"):])[2:]},
		{"not UTF-8", strings.ReplaceAll(saved, "Phạm", "Ph\xf2m")},
		{"a NUL in a name", strings.ReplaceAll(saved, "Phạm", "Ph\x00m")},
		{"a CR in a name", strings.ReplaceAll(saved, "Phạm", "Ph\rm")},
		{"CR at the end", crlf(saved)[:len(crlf(saved))-1]},
		{"a CR at the end, in quotes", strings.TrimSuffix(columnsOf(saved, ",", same), "\n")},
		{"blank lines", "\n" + strings.ReplaceAll(saved, "\n", "\n\n,,,,,,,,,,,\n")},
		{"a blank line above semicolons", "\n" + columnsOf(saved, ";", same)},
		{"short blank rows", saved + ",,,\n"},
		{"rows of spaces", saved + " , ,,,,,,,,,,\n"},
		{"sep=", "sep=;\n" + columnsOf(saved, ";", same)},
		{"other columns first", columnsOf(saved, ";", func(c []string) []string { return append([]string{"a, remark, b, c"}, c...) })},
		{"bare formulas", bare.Replace(saved)},
		{"a stray quote", strings.ReplaceAll(saved, "Phạm D", `Phạm "D"`)},
		{"a quote that swallows a row", strings.NewReplacer("Lê C", `"Lê C`, "Phạm D", `Phạm" D`).Replace(saved)},
		{"quotes that swallow a row", strings.NewReplacer("Lê C", `"Lê C`, "Phạm D", `Phạm D"`).Replace(saved)},
		{"a quote that is never closed", strings.ReplaceAll(saved, "Phạm D", `"Phạm D`)},
		{"line breaks in cells", strings.NewReplacer("Lê C", "\"Lê\nC\"", "Phạm D", "\"Phạm\r\nD\"").Replace(saved)},
		{"a short row", saved + "7,A,0901234565\n"},
		{"a long row", saved + "7,A,0901234565,,,,pending,,,,," + account + ",\n"},
		{"a long name", strings.ReplaceAll(saved, "Phạm D", strings.Repeat("Phạm ", 40_000))},
		{"semicolons in an unquoted header", strings.ReplaceAll(head, ",", ";")},
		{"the roster", "name,phone,password\n"},
	} {
		l, err := read(file.text)
		if err != nil {
			fmt.Fprintf(&b, "%s: %s\n", file.name, strings.TrimPrefix(err.Error(), resultPath+": "))
			continue
		}
		fmt.Fprintf(&b, "%s:\n", file.name)
		for line := range lines(l) {
			if name := []rune(line.Name); len(name) > 40 {
				line.Name = fmt.Sprintf("%s... (%d)", string(name[:20]), len(name))
			}
			fmt.Fprintf(&b, "\t%q\n", *line)
		}
	}
	golden(t, "testdata/files.txt", b.String())
}

// golden compares a text with a file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || got != string(want) {
		t.Errorf("%s: %v; got\n%s", path, err, got)
	}
}

// readCell reads a line that is sound but for one cell, and says what became of it, and of the line when it is written
// again.
func readCell(at int, cell string) string {
	row := []string{
		"2", "A", "0901234561", "1301234567890123001", "1001", "1301234567890120301", "done", "", "", "2", "2026-07-01T12:00:00Z", account, "", "2026-07-01T12:00:00Z", "",
	}
	row[at] = cell
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	_ = w.Write(columns)
	_ = w.Write(row)
	w.Flush()
	l, err := read(text.String())
	if err != nil {
		return strings.TrimPrefix(err.Error(), resultPath+": ")
	}
	e := l.Lookup(person(1))
	text.Reset()
	_ = WriteLines(&text, lines(l))
	_, again, _ := strings.Cut(text.String(), "\n")
	return fmt.Sprintf("user %d, lost %v; extension %d %q, has it %v; account %v; %d attempts\n\t%s", e.UserID, e.DamagedUser(), e.ExtensionID, e.ExtensionNumber,
		e.HasExtension(1301234567890123001, "1001"), l.Origins()[0].Is(account), e.Attempts, strings.TrimSpace(again))
}
