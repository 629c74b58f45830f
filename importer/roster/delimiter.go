package roster

import (
	"bytes"
	"strings"
)

// delimiterNames holds the delimiters that are detected. Another one can only be given.
var delimiterNames = map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "pipe"}

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
	return 0, refuse("the delimiter %q is not known; give comma, semicolon, tab or pipe", s)
}

// detect returns the delimiter that gives the first record with anything in it the most known columns, or else the
// most columns.
func detect(head []byte) byte {
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
			if aliases[fold(c)] != "" {
				score += maxRecord
			}
		}
		if score > most {
			best, most = delimiters[i], score
		}
	}
	return best
}

// firstRecord returns the bytes up to the first line end that stands in no quotes; where no quote ends, up to the first.
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

// separatorLine returns the delimiter that a first line such as "sep=;" names, which Excel writes and obeys; 0 if the
// line is none.
func separatorLine(line []byte) byte {
	line = bytes.Trim(bytes.TrimRight(line, "\r\n"), `"`)
	if len(line) < 5 || !bytes.EqualFold(line[:4], []byte("sep=")) || !strings.Contains(delimiters, string(line[4:5])) {
		return 0
	}
	if len(bytes.Trim(line[5:], string(line[4:5])+`"`)) > 0 {
		return 0
	}
	return line[4]
}
