package apiclient

import (
	"bytes"
	"encoding/json"
	"strings"

	"etelecom-import/apiclient/message"
)

// form is the form of a body.
type form uint8

const (
	formOther  form = iota // none of those below
	formEmpty              // nothing
	formBroken             // the beginning of a JSON object
	formObject             // one whole JSON object and nothing else
	formPage               // a web page
)

// formOf returns the form of a body that has arrived whole.
func formOf(contentType string, body []byte) form {
	b := trim(body)
	switch {
	case len(b) == 0:
		return formEmpty
	case b[0] == '{' && json.Valid(b):
		return formObject
	case b[0] == '<' || strings.Contains(strings.ToLower(contentType), "html"):
		return formPage
	case b[0] == '{':
		return formBroken
	}
	return formOther
}

func trim(body []byte) []byte { return bytes.TrimLeft(body, " \t\r\n") }

// lenientString is a JSON string. It takes a number, too, as its digits, and is empty for every other value.
type lenientString string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *lenientString) UnmarshalJSON(b []byte) error {
	*t = ""
	switch c := b[0]; {
	case c == '"' && bytes.IndexByte(b, '\\') < 0:
		*t = lenientString(strings.ToValidUTF8(string(b[1:len(b)-1]), "\uFFFD"))
	case c == '"':
		return json.Unmarshal(b, (*string)(t))
	case c == '-' || '0' <= c && c <= '9':
		*t = lenientString(b)
	}
	return nil
}

// lenientBool is true for a JSON true or 1, also as a string, and false for every other value.
type lenientBool bool

// UnmarshalJSON implements [json.Unmarshaler].
func (f *lenientBool) UnmarshalJSON(b []byte) error {
	s := string(bytes.Trim(b, `"`))
	*f = s == "true" || s == "1"
	return nil
}

var (
	errProblem = message.New("it is an error, but its status means success")
	errType    = message.New("a field has another type than promised")
)

// problem is the error object of the API. Any answer can have one, whatever its status.
type problem struct {
	Code lenientString `json:"code"`
	Msg  lenientString `json:"msg"`
	Meta meta          `json:"meta"`
}

// meta is what an error says beside code and message. It is empty if "meta" is not an object.
type meta struct {
	XCode lenientString // the platform's own, finer code
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *meta) UnmarshalJSON(b []byte) error {
	var fields struct {
		XCode lenientString `json:"xcode"`
	}
	if b[0] == '{' && json.Unmarshal(b, &fields) == nil {
		m.XCode = fields.XCode
	}
	return nil
}

func (p *problem) found() bool { return p.Code != "" && p.Msg != "" }

// decode reads an answer into v. The error does not quote the body.
func decode(body []byte, v interface{ found() bool }) error {
	if json.Unmarshal(body, v) != nil {
		return errType
	}
	if v.found() {
		return errProblem
	}
	return nil
}

// encode writes a request. It cannot fail: requests are strings, bools and ids.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("apiclient: a request cannot be written as JSON")
	}
	return b
}

// hasField reports whether a JSON object has a field of this name, be it null.
func hasField(body []byte, name string) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return false
	}
	_, ok := fields[name]
	return ok
}
