package roster

import (
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
)

// The fields of a roster, as its columns are called here, in problems, and by the API.
const (
	fieldName      = "name"
	fieldPhone     = "phone"
	fieldPassword  = "password"
	fieldID        = "extension_id"
	fieldExtension = "extension_number"
)

const neededColumns message.Text = "the first line must have the columns name, phone, password, and extension_id or extension_number"

// headerNames are what columns are called. Case, accents, spaces and punctuation do not matter: see normalize. An underscore is a
// space here.
var headerNames = map[string][]string{
	fieldName: {
		"name", "full_name", "employee_name", "employee", "staff_name", "user_name",
		"tên", "họ_tên", "họ_và_tên", "tên_nhân_viên", "họ_tên_nhân_viên", "họ_và_tên_nhân_viên", "nhân_viên",
	},
	fieldPhone: {
		"phone", "phone_number", "phone_no", "mobile", "mobile_phone", "mobile_number", "mobile_no", "telephone", "tel",
		"cell_phone", "điện_thoại", "số_điện_thoại", "sđt", "số_đt", "đt", "di_động", "số_di_động", "điện_thoại_di_động",
	},
	fieldPassword: {"password", "pass", "passwd", "pwd", "mật_khẩu", "mk"},
	fieldID: {
		"extension_id", "ext_id", "id_extension", "id_ext", "mã_máy_nhánh", "id_máy_nhánh", "mã_extension", "mã_số_máy_nhánh",
	},
	fieldExtension: {
		"extension_number", "extension_no", "extension", "ext", "ext_no", "ext_number", "số_máy_nhánh", "máy_nhánh",
		"số_nội_bộ", "số_extension", "số_máy_lẻ", "máy_lẻ",
	},
}

// fieldOf maps a normalized header name to its field.
var fieldOf = func() map[string]string {
	all := map[string]string{}
	for field, names := range headerNames {
		for _, name := range names {
			all[normalize(name)] = field
		}
	}
	return all
}()

// normalize reduces a header to its letters and digits, without accents and without what is in parentheses.
func normalize(header string) string {
	if before, _, ok := strings.Cut(header, "("); ok && strings.TrimSpace(before) != "" {
		header = before
	}
	return strings.Map(func(r rune) rune {
		switch r = unicode.ToLower(r); {
		case r == 'đ':
			return 'd'
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		}
		return -1
	}, norm.NFKD.String(header))
}

// mapColumns finds the field of every column.
func mapColumns(headers []string, line int) ([]Column, error) {
	columns := make([]Column, len(headers))
	at := map[string]int{}
	for i, h := range headers {
		field := fieldOf[normalize(h)]
		columns[i] = Column{Header: strings.Join(strings.Fields(norm.NFC.String(h)), " "), Field: field}
		if other, twice := at[field]; twice && field != "" {
			return nil, csvtext.Refuse(line, 0,
				message.Sprintf("the columns %d (%q) and %d (%q) are both the %s", other+1, columns[other].Header, i+1, columns[i].Header, field),
				message.T("keep one of them"))
		}
		at[field] = i
	}
	problem, hint := checkMissing(columns, at)
	if problem == "" {
		problem, hint = checkSplitName(columns)
	}
	if problem != "" {
		return nil, csvtext.Refuse(line, 0, problem, hint)
	}
	return columns, nil
}

// If there is a column with one of restNames, a column with one of givenNames holds the given name alone. All are normalized.
var (
	restNames  = []string{"ho", "hodem", "hovadem", "holot", "hovalot", "tendem", "hotendem", "hovatendem", "surname", "lastname", "familyname", "middlename", "firstname"}
	givenNames = []string{"ten", "name"}
)

// checkSplitName says that the name is divided between two columns, and what to do; "" if it is not. Half of the name would be
// taken for all of it.
func checkSplitName(columns []Column) (problem, hint string) {
	var given, rest string
	for _, c := range columns {
		switch name := normalize(c.Header); {
		case c.Field == fieldName && slices.Contains(givenNames, name):
			given = c.Header
		case c.Field == "" && slices.Contains(restNames, name):
			rest = c.Header
		}
	}
	if given == "" || rest == "" {
		return "", ""
	}
	return message.Sprintf("the name is in two columns, %q and %q", rest, given), message.T("join them into one, and remove the other")
}

// checkMissing says which columns are missing, and what to do; "" if all are there. At least one column of the extension has to
// be there: fieldID is missing if neither is.
func checkMissing(columns []Column, at map[string]int) (problem, hint string) {
	var missing []string
	for _, field := range []string{fieldName, fieldPhone, fieldPassword} {
		if _, ok := at[field]; !ok {
			missing = append(missing, field)
		}
	}
	_, id := at[fieldID]
	if _, number := at[fieldExtension]; !id && !number {
		missing = append(missing, fieldID)
	}
	switch len(missing) {
	case 0:
		return "", ""
	case 1:
		problem = message.Sprintf("there is no column for %s; the columns are %s", needed(missing[0]), listHeaders(columns))
	case 2:
		problem = message.Sprintf("there are no columns for %s and %s; the columns are %s", needed(missing[0]), needed(missing[1]), listHeaders(columns))
	default:
		// Hardly a header at all: perhaps the first employee, whose password must not be shown.
		return message.Sprintf("this line has %s and is not a header", message.Count(len(columns), "cell", "cells")), neededColumns.String()
	}
	return problem, missingHint(columns, missing)
}

// needed names a column that has to be there.
func needed(field string) string {
	if field == fieldID {
		return message.T("extension_id or extension_number")
	}
	return field
}

// listHeaders lists what the columns are called.
func listHeaders(columns []Column) string {
	names := make([]string, 0, len(columns))
	for i, c := range columns {
		names = append(names, c.name(i))
	}
	const most = 20
	if len(names) > most {
		names = append(names[:most], message.Sprintf("and %d more", len(names)-most))
	}
	return strings.Join(names, ", ")
}

// missingHint says which columns a file must have, and names an unknown column whose name is nearly that of a missing one.
func missingHint(columns []Column, missing []string) string {
	for _, c := range columns {
		if c.Field != "" {
			continue
		}
		if field := nearest(normalize(c.Header), missing); field != "" {
			return message.Sprintf("the column %q is probably meant to be %q; the first line must have the columns name, phone, password, "+
				"and extension_id or extension_number", c.Header, field)
		}
	}
	return neededColumns.String()
}

// nearest returns the missing field whose name is most like a normalized header: it differs in one or two letters. It is "" if no
// name is so like it. Short names do not count: they are nearly the same anyway.
func nearest(header string, missing []string) (field string) {
	least := math.MaxInt
	for _, word := range slices.Sorted(maps.Keys(fieldOf)) {
		missingField := fieldOf[word]
		if missingField == fieldExtension { // either column of the extension will do
			missingField = fieldID
		}
		isMissing := slices.Contains(missing, missingField)
		d := distance(header, word)
		isNear := len(word) >= 5 && d <= 1+len(word)/8
		if isMissing && isNear && d < least {
			field, least = fieldOf[word], d
		}
	}
	return field
}

// distance returns how many letters have to be changed, added or dropped to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for k := range len(b) {
			cost := diagonal
			if a[i] != b[k] {
				cost++
			}
			diagonal = row[k+1]
			row[k+1] = min(cost, diagonal+1, row[k]+1)
		}
	}
	return row[len(b)]
}
