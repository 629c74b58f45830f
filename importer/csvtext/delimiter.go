package csvtext

import (
	"bytes"
	"strings"

	"etelecom-import/apiclient/message"
)

// delimiterNames holds the delimiters with their names. They are values of a flag, the same in every language.
var delimiterNames = map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "pipe"}

// delimiters are tried in this order. [NewReader] asks for the delimiter first that the user names, then for the one of a line such
// as "sep=;", and detects it last.
const delimiters = ",;\t|"

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

// detect returns the delimiter that divides the first row with anything in it into the most known columns. If no column is known,
// it is the one that divides it into the most columns.
func detect(head []byte, known func(cell string) bool) byte {
	first := firstRecord(head)
	for len(first) < len(head) && len(bytes.Trim(first, delimiters+"\" \r")) == 0 {
		head = head[len(first)+1:]
		first = firstRecord(head)
	}
	best, most := byte(','), -1
	for i := range len(delimiters) {
		cells := strings.Split(string(first), delimiters[i:i+1])
		score := len(cells)
		for _, c := range cells {
			if known(c) {
				score += bufferSize // more than there are cells
			}
		}
		if score > most {
			best, most = delimiters[i], score
		}
	}
	return best
}

// firstRecord returns the bytes up to the first line end outside quotes; if a quote is not closed, up to the first line end.
func firstRecord(head []byte) []byte {
	quotes := 0
	for i, c := range head {
		switch {
		case c == '"':
			quotes++
		case c == '\n' && quotes%2 == 0:
			return head[:i]
		}
	}
	line, _, _ := bytes.Cut(head, []byte{'\n'})
	return line
}

// separatorLine returns the delimiter that a first line such as "sep=;" names, which Excel writes and obeys; 0 if the line
// is another.
func separatorLine(line []byte) byte {
	line = bytes.Trim(bytes.TrimRight(line, "\r\n"), `"`)
	if len(line) < 5 || !bytes.EqualFold(line[:4], []byte("sep=")) || !strings.Contains(delimiters, string(line[4:5])) {
		return 0
	}
	if len(bytes.Trim(line[5:], string(line[4:5])+`"`)) > 0 { // programs fill the line up with empty cells
		return 0
	}
	return line[4]
}
