package roster

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// marks are the byte order marks that a file may begin with.
var marks = []struct{ bytes, name string }{
	{"\xEF\xBB\xBF", "utf-8"},
	{"\xFF\xFE", "utf-16le"},
	{"\xFE\xFF", "utf-16be"},
}

// source is a file as UTF-8.
type source struct {
	*bufio.Reader
	decoded bool // from another encoding, so that U+FFFD stands for what could not be decoded
}

// decode finds out the encoding, or takes the one that was named.
func decode(r io.Reader, name string) (source, Dialect, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	name = strings.ToLower(strings.TrimSpace(name))
	marked, err := mark(in, name)
	if err != nil {
		return source{}, Dialect{}, err
	}
	switch {
	case marked != "":
		name = marked
	case name == "":
		if err := suspectUTF16(in); err != nil {
			return source{}, Dialect{}, err
		}
		name = "utf-8"
	}
	return open(in, name, marked != "")
}

// mark takes a byte order mark off and returns the encoding that it stands for. One that contradicts name is refused.
func mark(in *bufio.Reader, name string) (string, error) {
	for _, m := range marks {
		head, _ := in.Peek(len(m.bytes))
		if string(head) != m.bytes {
			continue
		}
		if name != "" && name != m.name && name != "utf8" && !strings.HasPrefix(m.name, name) {
			return "", refuse("the file begins with the byte order mark of %s, so it is not %s; leave --encoding away",
				strings.ToUpper(m.name), name)
		}
		_, _ = in.Discard(len(m.bytes))
		return m.name, nil
	}
	return "", nil
}

// suspectUTF16 refuses text in which many bytes are 0, but only every other one.
func suspectUTF16(in *bufio.Reader) error {
	head, _ := in.Peek(512)
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	most, name := zeros[1], "utf-16le"
	if zeros[0] > most {
		most, name = zeros[0], "utf-16be"
	}
	if most == 0 || most < len(head)/8 || zeros[0]*zeros[1] > 0 {
		return nil
	}
	return refuse("the file looks like UTF-16 without a byte order mark; save it as UTF-8, or run again with --encoding %s", name)
}

// open makes UTF-8 of the encoding called name.
func open(in *bufio.Reader, name string, marked bool) (source, Dialect, error) {
	var told string
	var t transform.Transformer
	switch name {
	case "utf-8", "utf8":
		told = "UTF-8"
	case "utf-16le":
		told, t = "UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
	case "utf-16be":
		told, t = "UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
	case "utf-16":
		return source{}, Dialect{}, refuse("the file has no byte order mark; give --encoding utf-16le or utf-16be")
	default:
		e, err := lookUp(name)
		if err != nil {
			return source{}, Dialect{}, err
		}
		// windows-1258 and its like decode to letters with combining marks.
		told, t = name, transform.Chain(e.NewDecoder(), norm.NFC)
	}
	if marked {
		told += " with a byte order mark"
	}
	if t == nil {
		return source{Reader: bufio.NewReaderSize(in, maxRecord)}, Dialect{Encoding: told}, nil
	}
	text := bufio.NewReaderSize(transform.NewReader(in, t), maxRecord)
	return source{Reader: text, decoded: true}, Dialect{Encoding: told}, nil
}

func lookUp(name string) (encoding.Encoding, error) {
	if e, err := ianaindex.IANA.Encoding(name); err == nil && e != nil {
		return e, nil
	}
	if e, err := htmlindex.Get(name); err == nil {
		return e, nil
	}
	return nil, refuse("the encoding %q is not known; Vietnamese files are utf-8, utf-16le or windows-1258", name)
}

var replacement = []byte("\uFFFD")

// undecodable returns where the first character stands that could not be decoded; -1 if there is none.
func (s source) undecodable(line []byte) int {
	if !s.decoded {
		return invalidUTF8(line)
	}
	return bytes.Index(line, replacement)
}
