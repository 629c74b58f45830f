package csvtext

import (
	"bytes"
	"strings"

	"etelecom-import/apiclient/message"
)

// A program that divides by another delimiter than the file changes every line when it saves the file: it fills the lines up with
// its own delimiter, or puts each as a whole in quotes. Both can be undone where all lines agree, the header too.

// surplus is another delimiter than the file's that is at the end of every line, n times; n is 0 in most files.
type surplus struct {
	delim byte
	n     int
}

// trimSurplus divides a row into what belongs to it and what is at its end in the way of [surplus]. The row has the other delimiter
// nowhere else.
func trimSurplus(row []byte, delim byte) ([]byte, surplus) {
	if len(row) == 0 {
		return row, surplus{}
	}
	last := row[len(row)-1]
	if last == delim || strings.IndexByte(delimiters, last) < 0 {
		return row, surplus{}
	}
	body := bytes.TrimRight(row, string(last))
	if bytes.IndexByte(body, last) >= 0 {
		return row, surplus{}
	}
	return body, surplus{last, len(row) - len(body)}
}

// surplusInQuotes returns the other delimiter that ends the last cell of a row in quotes; 0 if none does.
func surplusInQuotes(row []byte, delim byte) byte {
	row, inQuotes := bytes.CutSuffix(bytes.TrimRight(row, "\r"), []byte{'"'})
	if !inQuotes || len(row) == 0 {
		return 0
	}
	last := row[len(row)-1]
	if last == delim || strings.IndexByte(delimiters, last) < 0 {
		return 0
	}
	return last
}

// ends reports whether a line of text ends in the other delimiter. It is true if there are no lines.
func (s surplus) ends(text []byte) bool {
	none := true
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) > 0 && line[len(line)-1] == s.delim {
			return true
		}
		none = none && len(bytes.TrimSpace(line)) == 0
	}
	return none
}

// cut removes the other delimiter from the end of a line. It is not ok if the line does not have it in the way of the others. A
// program adds it as often as to the header, or, where it fills the lines up, as often less as the line has it elsewhere.
func (s surplus) cut(line []byte) (_ []byte, ok bool) {
	body := bytes.TrimRight(line, string(s.delim))
	elsewhere := bytes.Count(body, []byte{s.delim})
	switch n := len(line) - len(body); {
	case n == s.n, n < s.n && n+elsewhere == s.n, len(bytes.TrimLeft(body, blanks)) == 0:
		return body, true
	}
	return nil, false
}

// unwrap appends to buf a line without the quotes around the whole of it. It is not ok if the line is not one cell in quotes.
func unwrap(buf, line []byte) (_ []byte, ok bool) {
	inner, opened := bytes.CutPrefix(line, []byte{'"'})
	inner, closed := bytes.CutSuffix(inner, []byte{'"'})
	if !opened || !closed {
		return buf, false
	}
	for len(inner) > 0 {
		i := bytes.IndexByte(inner, '"')
		if i < 0 {
			break
		}
		if i+1 == len(inner) || inner[i+1] != '"' {
			return buf, false
		}
		buf = append(buf, inner[:i+1]...)
		inner = inner[i+2:]
	}
	return append(buf, inner...), true
}

// refuseRewritten refuses a file whose lines do not agree.
func refuseRewritten(line int, problem string) error {
	return Refuse(line, 0, problem, message.T("open the file that it was made from, and save that as CSV UTF-8"))
}
