package roster

import (
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"etelecom-import/apiclient/message"

	"golang.org/x/text/unicode/norm"
)

// The fields of a roster, as its columns are called here, in problems, and by the API.
const (
	fieldName      = "name"
	fieldPhone     = "phone"
	fieldPassword  = "password"
	fieldID        = "extension_id"
	fieldExtension = "extension_number"
)

const wanted = "wanted is a first line with the columns name, phone, password, and extension_id or extension_number"

// headerNames are what columns are called, apart from case, accents, spaces and punctuation.
var headerNames = map[string][]string{
	fieldName: {
		"name", "full name", "employee name", "employee", "staff name", "user name",
		"tên", "họ tên", "họ và tên", "tên nhân viên", "họ tên nhân viên", "họ và tên nhân viên", "nhân viên",
	},
	fieldPhone: {
		"phone", "phone number", "phone no", "mobile", "mobile phone", "mobile number", "mobile no", "telephone", "tel",
		"cell phone", "điện thoại", "số điện thoại", "sđt", "số đt", "đt", "di động", "số di động", "điện thoại di động",
	},
	fieldPassword: {"password", "pass", "passwd", "pwd", "mật khẩu", "mk"},
	fieldID: {
		"extension id", "ext id", "id extension", "id ext", "mã máy nhánh", "id máy nhánh", "mã extension", "mã số máy nhánh",
	},
	fieldExtension: {
		"extension number", "extension no", "extension", "ext", "ext no", "ext number", "số máy nhánh", "máy nhánh",
		"số nội bộ", "số extension", "số máy lẻ", "máy lẻ",
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
			return nil, &Error{Line: line, Message: message.Sprintf(
				"the columns %d (%q) and %d (%q) are both the %s; keep one of them",
				other+1, columns[other].Header, i+1, columns[i].Header, field)}
		}
		at[field] = i
	}
	message := checkMissing(columns, at)
	if message == "" {
		message = checkSplitName(columns)
	}
	if message != "" {
		return nil, &Error{Line: line, Message: message}
	}
	return columns, nil
}

// If there is a column with one of restNames, a column with one of givenNames holds the given name alone. All are normalized.
var (
	restNames  = []string{"ho", "hodem", "hovadem", "holot", "hovalot", "tendem", "hotendem", "hovatendem", "surname", "lastname", "familyname", "middlename", "firstname"}
	givenNames = []string{"ten", "name"}
)

// checkSplitName says that the name is divided between two columns; "" if it is not. Half of the name would be taken for all
// of it.
func checkSplitName(columns []Column) string {
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
		return ""
	}
	return message.Sprintf("the name is in two columns, %q and %q; join them into one, and remove the other", rest, given)
}

// checkMissing says which columns are missing; "" if none is.
func checkMissing(columns []Column, at map[string]int) string {
	var missing []string
	for _, field := range []string{fieldName, fieldPhone, fieldPassword} {
		if _, ok := at[field]; !ok {
			missing = append(missing, field)
		}
	}
	_, id := at[fieldID]
	if _, number := at[fieldExtension]; !id && !number {
		missing = append(missing, fieldID+" or "+fieldExtension)
	}
	if missing == nil {
		return ""
	}
	if len(missing) > 2 {
		// Hardly a header at all: perhaps the first employee, whose password must not be shown.
		return message.Sprintf("this line has %s and is not a header; %s", cells(len(columns)), wanted)
	}
	return message.Sprintf("no column for %s; seen: %s; %s%s", strings.Join(missing, " and "), listHeaders(columns), wanted, suggest(columns, missing))
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

// suggest names an unknown column whose name is nearly that of a missing one.
func suggest(columns []Column, missing []string) string {
	for _, c := range columns {
		if c.Field != "" {
			continue
		}
		if field := nearest(normalize(c.Header), missing); field != "" {
			return message.Sprintf("; %q is probably meant to be %q", c.Header, field)
		}
	}
	return ""
}

// nearest returns the missing field one of whose names differs from a normalized header in the fewest letters, one or two; ""
// if there is none. Short names are nearly the same anyway.
func nearest(header string, missing []string) (field string) {
	least := math.MaxInt
	for _, word := range slices.Sorted(maps.Keys(fieldOf)) {
		isMissing := slices.ContainsFunc(missing, func(l string) bool { return strings.Contains(l, fieldOf[word]) })
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
