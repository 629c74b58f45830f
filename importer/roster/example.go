package roster

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/importer/phone"
)

//go:embed template.csv
var templateCSV string

// template is what a new employee file has in it: the titles of its columns, and an example of a row.
var template = func() [][]string {
	rows, err := csv.NewReader(strings.NewReader(templateCSV)).ReadAll()
	if err != nil {
		panic(err) // it is a part of the program
	}
	return rows
}()

// Template returns the titles of the columns of a new employee file, and a row that shows how to fill them in. No person has the
// name and the phone of that row: see [IsExample].
func Template() (titles, example []string) { return template[0], template[1] }

// examplePhone is the phone of the example.
var examplePhone = phone.Normalize(template[1][1])

// IsExample reports whether a row is the example of a [Template], or what is left of it: somebody has entered another phone, and not
// another name, or the other way round. The cells may be as a spreadsheet has changed them.
func IsExample(name, number string) bool {
	return phone.Normalize(number) == examplePhone || isExampleName(name)
}

// isExampleName compares a name with that of the example. Case, spaces and the form of its accents do not matter.
func isExampleName(name string) bool {
	name = strings.TrimSpace(name)
	switch last, _ := utf8.DecodeLastRuneInString(name); last {
	case 'ụ', 'Ụ', '\u0323': // nearly all names end in another letter, and are done with
		return strings.EqualFold(strings.Join(strings.Fields(norm.NFC.String(name)), " "), template[1][0])
	}
	return false
}
