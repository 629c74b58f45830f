package roster

import (
	"bytes"
	"strings"
	"testing"
)

// A list of users that went through a spreadsheet is read as well as it can be: the number says which extension an id was of.
func TestListAfterASpreadsheet(t *testing.T) {
	const titles = "name,phone,password,extension_number,extension_id,user_id,state,expires,other_extensions"
	header := titles + "\n"
	for _, c := range []struct {
		name, rows string
		id         int64
		number     string
		problem    string // its beginning; "": there is none
		called     string
	}{
		{"as it was written", "'=An,0901234501,,1001,1400000000000000123,13,valid,,", 1400000000000000123, "1001", "", "=An"},
		{"a name in parts", "An;'=1,0901234501,,1001,1400000000000000123,13,valid,,", 1400000000000000123, "1001", "", "An;=1"},
		{"an id in scientific notation", "An,901234501,,1001,1.4E+18,1.3E+18,valid,,", 0, "1001", "", "An"},
		{"an id that lost its end", "An,901234501,,1001,1400000000000000000,13,valid,,", 0, "1001", "", "An"},
		{"the id alone", "An,901234501,,,1.4E+18,13,valid,,", 0, "", "extension_id", "An"},
		{"a number that is none", "An,901234501,,1.0E+03,1.4E+18,13,valid,,", 0, "", "extension_id", "An"},
		{"no name", ",0901234501,,1001,1400000000000000123,13,valid,,", 1400000000000000123, "1001", "name is missing", ""},
	} {
		r := read(t, header+c.rows+"\n", Options{})
		row, problem := r.Rows[0], ""
		if p := r.Problem(0); p != nil {
			problem = p.Words().Description
			if isName := c.name == "no name"; p.OfContent != isName {
				t.Errorf("%s: %+v", c.name, p)
			}
		}
		isTold := c.problem == "" && problem == "" || c.problem != "" && strings.HasPrefix(problem, c.problem)
		if row.ExtensionID != c.id || row.ExtensionNumber != c.number || row.Name != c.called || !isTold {
			t.Errorf("%s: %+v, %s", c.name, row, problem)
		}
	}
	// Any other file is read as before: nobody knows of what the id was.
	other := strings.Replace(header, "other_extensions", "note", 1)
	if r := read(t, other+"An,901234501,,1001,1.4E+18,13,valid,,\n", Options{}); r.Problem(0) == nil {
		t.Error("an id in scientific notation in another file")
	}
	book := packWorkbook(t, sheetXML{rows: textRow(strings.Split(titles, ",")...) + textRow("=An", "<c><v>901234501</v></c>", "", "<c><v>1001</v></c>", "<c><v>1.4E+18</v></c>", "<c><v>1.3E+18</v></c>", "valid")})
	r, err := Read(bytes.NewReader(book), Options{})
	if err != nil || r.Problem(0) != nil || r.Rows[0].ExtensionNumber != "1001" || r.Rows[0].ExtensionID != 0 || r.Rows[0].Name != "=An" {
		t.Errorf("%v, %+v", err, r)
	}
}
