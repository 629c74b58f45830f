package apiclient

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// form is what a body turned out to be.
type form uint8

const (
	formOther  form = iota // neither of the below
	formEmpty              // nothing
	formBroken             // begins as a JSON object and does not end as one
	formObject             // one whole JSON object and nothing else
	formPage               // a web page
)

// formOf looks at a body that has arrived to its end.
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

// text is a JSON string. Where the API has something else in its place, it is the number's digits, or empty.
type text string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	switch c := b[0]; {
	case c == '"' && bytes.IndexByte(b, '\\') < 0:
		*t = text(strings.ToValidUTF8(string(b[1:len(b)-1]), "\uFFFD"))
	case c == '"':
		return json.Unmarshal(b, (*string)(t))
	case c == '-' || '0' <= c && c <= '9':
		*t = text(b)
	}
	return nil
}

// flag is a JSON true; everything else is no.
type flag bool

// UnmarshalJSON implements [json.Unmarshaler].
func (f *flag) UnmarshalJSON(b []byte) error {
	s := string(bytes.Trim(b, `"`))
	*f = s == "true" || s == "1"
	return nil
}

var (
	errProblem = errors.New("an error with a status that means success")
	errType    = errors.New("a field has another type than promised")
)

// problem is the error object of the API. Every answer is looked at for one, whatever its status says.
type problem struct {
	Code text `json:"code"`
	Msg  text `json:"msg"`
	Meta meta `json:"meta"`
}

// meta is what an error says beside code and message. A "meta" of another form is none.
type meta struct {
	XCode text // the platform's own, finer code
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *meta) UnmarshalJSON(b []byte) error {
	var fields struct {
		XCode text `json:"xcode"`
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
		panic("apiclient: a request that is no JSON")
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
