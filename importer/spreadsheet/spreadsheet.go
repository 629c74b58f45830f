// Package spreadsheet knows what spreadsheets, and the programs that people copy from, do to a cell of a CSV file, and undoes
// what can be undone with certainty. They take digits for a number: leading zeros go, digits after the fifteenth become zeros,
// and long numbers become 1.30123E+18. What people and programs put around a number to prevent that, such as ="..." or an
// apostrophe, stays in the cell. And they carry out a text that begins like a formula.
//
// The employee file and the result are read with the same rules. [Unwrap] is the place where an apostrophe, ="..." and invisible
// characters around a value are dropped, for the ids and extension numbers of both files. Only phones are read character by
// character, with the same rules: see cell.add in importer/phone/parse.go. The apostrophes that this tool writes itself are put
// before a cell and dropped again in escape.go.
//
// Whether a form such as [Scientific] refuses a row or makes an id be read again from the tenant is for the reader to decide:
// importer/roster/extension.go, importer/phone/parse.go and importer/ledger/cells.go.
package spreadsheet
