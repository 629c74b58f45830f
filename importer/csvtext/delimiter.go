package csvtext

import (
	"bytes"
	"strings"

	"etelecom-import/apiclient/message"
)

// delimiterNames holds the delimiters with their names. They are values of a flag, the same in every language.
var delimiterNames = map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "pipe"}

// delimiters are tried in this order. [NewReader] asks for the delimiter first that the user names, then for the one of a line such
// as "sep=;", and detects it last, together with the header: see [layout].
const delimiters = Delimiters

// Delimiters are those that a file can have. A cell that ends in another one than the file's may have got it from a program that
// divides by that, or may be meant so.
const Delimiters = ",;\t|"

// lineOf names what a line is divided or ended by, for a message.
var lineOf = map[byte]message.Text{',': "commas", ';': "semicolons", '\t': "tabs", '|': "pipes"}

// DividedBy names what a delimiter divides lines by, such as "commas".
func DividedBy(delimiter byte) string { return lineOf[delimiter].String() }

// namedDelimiter reads [Options.Delimiter]; 0 for "".
func namedDelimiter(s string) (byte, error) {
	switch s {
	case "":
		return 0, nil
	case `\t`:
		return '\t', nil
	}
	for d, name := range delimiterNames {
		if strings.EqualFold(s, name) || s == string(d) {
			return d, nil
		}
	}
	return 0, refuse(message.Sprintf("the delimiter %q is not known", s), message.T("give comma, semicolon, tab or pipe"))
}

// separatorLine returns the delimiter that a first line such as "sep=;" names, which Excel writes and obeys; 0 if the line
// is another.
func separatorLine(line []byte) byte {
	line = bytes.Trim(bytes.TrimRight(line, "\r\n"), `"`)
	if len(line) < 5 || !bytes.EqualFold(line[:4], []byte("sep=")) || !strings.Contains(delimiters, string(line[4:5])) {
		return 0
	}
	if len(bytes.Trim(line[5:], delimiters+`"`)) > 0 { // programs fill the line up with empty cells
		return 0
	}
	return line[4]
}
