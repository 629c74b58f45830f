package apiclient

import (
	"strconv"

	"etelecom-import/apiclient/message"
)

// ID names a user or an extension: an int64 above 0. The zero value means that there is no id.
//
// In JSON it is a string of digits. Unmarshalling accepts an integer, too, and takes an empty string, null and 0 as no id. A
// fraction or an exponent (1.2e18), a sign and a leading zero are errors: the digits may have been lost in a float.
type ID int64

var (
	errID   = message.New("an id is not a whole number of up to 19 digits")
	errNoID = message.New("it has no id")
)

// String returns the digits.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// UnmarshalJSON implements [json.Unmarshaler].
func (id *ID) UnmarshalJSON(b []byte) error {
	s := string(b)
	if len(s) > 1 && s[0] == '"' {
		s = s[1 : len(s)-1]
	}
	if s == "" || s == "null" || s == "0" {
		*id = 0
		return nil
	}
	if s[0] < '1' || s[0] > '9' {
		return errID
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return errID // strconv's own error repeats the text
	}
	*id = ID(n)
	return nil
}

// ParseID reads an ID from its digits; ok is false for anything else, and for 0.
func ParseID(s string) (id ID, ok bool) {
	err := id.UnmarshalJSON([]byte(s))
	return id, err == nil && id > 0
}
