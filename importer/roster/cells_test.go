package roster

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"
)

// oddCells are cells as spreadsheets and people leave them. The ledger reads the same ones in its result.
var oddCells = []string{
	"", " ", "\u00a0", "-", "0", "5", "007", "101", "0101", "1301234567890123001", " 1301234567890123001\u00a0", "\t1301234567890123001",
	"'1301234567890123001", "''1301234567890123001", "’1301234567890123001", "‘1301234567890123001", "`1301234567890123001", "' 1301234567890123001",
	`="1301234567890123001"`, ` ="1301234567890123001" `, `=" 1301234567890123001 "`, `="'1301234567890123001"`, `'="1301234567890123001"`, `=""`, `="`, `=1301234567890123001`,
	"\u200b1301234567890123001", "1301234567890123001\ufeff", "\u202d1301234567890123001\u202c", "\u200b'1301234567890123001", "\u200b=\"1301234567890123001\"\u200b",
	"１３０１２３４５６７８９０１２３００１", "１０１", "+101", "-5", "1.5", "101.0", "101,00", "101.000", "1301234567890123001.0", "1301234567890120000.00", "1301234567890123001.000000", "1.301.234",
	"1.3E18", "1.3E+18", "1.3e+18", "1,3E+18", "1.3E+018", "1.E+18", "13E17", "1e5", "1e+2", "1.30123456789012E+18", "-1.3E+18", "+1.3E+18", "1.2.3E+5", "E+18", "1.3E", "1.3E+", "1.3E-5", "1.3E+18x",
	"1301234567890120000", "1300000000000000000", "9223372036854775807", "9223372036854775808", "99999999999999999999", "0x1F", "#REF!", "nobody", "12\n", "1\n2", "1 2", "1_000",
	"0901234567", "901234567", "'0901234567", "’0901234567", `="0901234567"`, `'="0901234567"`, "０９０１２３４５６７", "\u200b0901234567", "9.01E8", "9.01E+08", "9.01234567E+08", "9.01234567E8", "8.4901234567E+10",
	"8.49012345E+10", "84901234567.0", "+84901234567.00", "901234567,000", "84901234567.000000", "0901234.000",
}

// TestCells pins down how a cell is read as each of the numbers of a row.
func TestCells(t *testing.T) {
	var b strings.Builder
	for _, cell := range oddCells {
		for at, column := range []string{"phone", "extension_id", "extension_number"} {
			fmt.Fprintf(&b, "%-16s %+q: %s\n", column, cell, readCell(t, at, cell))
		}
	}
	const golden = "testdata/cells.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(golden); err != nil || b.String() != string(want) {
		t.Errorf("%v; got\n%s", err, b.String())
	}
}

// readCell reads a row that is sound but for one cell, and says what became of that.
func readCell(t *testing.T, at int, cell string) string {
	t.Helper()
	row := []string{"0901234568", "1301234567890123002", "", "An", "pw"}
	row[at] = cell
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	_ = w.Write([]string{"phone", "extension_id", "extension_number", "name", "password"})
	_ = w.Write(row)
	w.Flush()
	r, err := Read(&text, Options{})
	if err != nil || len(r.Rows) != 1 {
		t.Fatalf("%q: %v", cell, err)
	}
	got := r.Rows[0]
	words := []string{got.Phone.String(), fmt.Sprint(got.ExtensionID), got.ExtensionNumber}[at]
	if said := strings.TrimSpace(told(r)); said != "" {
		words += "\n\t" + strings.ReplaceAll(said, "\n", "\n\t")
	}
	return words
}
