package ledger

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"etelecom-import/importer/hint"
)

const resultHint = "If it is no result of this tool, name another file with -o; if it is one, restore a copy of it, " +
	"or move it away: then employees who are on the tenant already are refused as user_exists"

// openCSV finds out how the file was saved, and where in its records each of the columns is.
func openCSV(r io.Reader) (reader *csv.Reader, at []int, err error) {
	text := bufio.NewReaderSize(decoded(r), 1<<16)
	head, err := text.Peek(1 << 12)
	if err != nil && err != io.EOF {
		return nil, nil, err
	}
	first, _, _ := bytes.Cut(head, []byte{'\n'})
	reader = csv.NewReader(text)
	reader.Comma = delimiter(string(first))
	reader.ReuseRecord = true
	header, err := reader.Read()
	if err == io.EOF {
		return nil, nil, hint.With(fmt.Errorf("%w: the file is empty", ErrRefused), resultHint)
	}
	if err == nil {
		at, err = find(columnNames(header))
	}
	if err != nil {
		return nil, nil, hint.With(fmt.Errorf("%w: this is no result CSV: %w", ErrRefused, err), resultHint)
	}
	return reader, at, nil
}

// find returns where each of the columns is.
func find(names []string) (at []int, err error) {
	for _, c := range columns {
		i := slices.Index(names, c)
		if i < 0 {
			return nil, fmt.Errorf("its first line has no column %q", c)
		}
		if slices.Contains(names[i+1:], c) {
			return nil, fmt.Errorf("its first line has the column %q twice", c)
		}
		at = append(at, i)
	}
	return at, nil
}

// columnNames brings the cells of a header into the form of columns, in place.
func columnNames(header []string) []string {
	for i, name := range header {
		header[i] = strings.ToLower(strings.Trim(name, " \"\u00a0"))
	}
	return header
}

// delimiter returns the one that finds most of the columns in the first line.
func delimiter(first string) rune {
	best, most := ',', 0
	for _, d := range ",;\t|" {
		names := columnNames(strings.Split(strings.TrimRight(first, "\r"), string(d)))
		found := 0
		for _, c := range columns {
			if slices.Contains(names, c) {
				found++
			}
		}
		if found > most {
			best, most = d, found
		}
	}
	return best
}

// decoded returns the text without its byte order mark, as UTF-8 if the mark says that it is UTF-16: a spreadsheet's
// "Unicode text".
func decoded(r io.Reader) io.Reader {
	src := bufio.NewReaderSize(r, 1<<16)
	mark, _ := src.Peek(3)
	switch {
	case bytes.HasPrefix(mark, []byte("\xef\xbb\xbf")):
		_, _ = src.Discard(3)
	case bytes.HasPrefix(mark, []byte("\xff\xfe")):
		_, _ = src.Discard(2)
		return &wide{src: src, order: binary.LittleEndian}
	case bytes.HasPrefix(mark, []byte("\xfe\xff")):
		_, _ = src.Discard(2)
		return &wide{src: src, order: binary.BigEndian}
	}
	return src
}

// wide reads UTF-16 as UTF-8.
type wide struct {
	src   *bufio.Reader
	order binary.ByteOrder
	char  [utf8.UTFMax]byte
	rest  []byte // of char
}

// Read implements [io.Reader].
func (w *wide) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(w.rest) == 0 {
			r, err := w.next()
			if err != nil {
				return n, err
			}
			w.rest = utf8.AppendRune(w.char[:0], r)
		}
		copied := copy(p[n:], w.rest)
		w.rest = w.rest[copied:]
		n += copied
	}
	return n, nil
}

// next reads a character. Half of a pair becomes U+FFFD; half a unit at the end is an error.
func (w *wide) next() (rune, error) {
	var unit [2]byte
	if _, err := io.ReadFull(w.src, unit[:]); err != nil {
		return 0, err
	}
	r := rune(w.order.Uint16(unit[:]))
	if !utf16.IsSurrogate(r) {
		return r, nil
	}
	second, err := w.src.Peek(2)
	if err != nil {
		return utf8.RuneError, nil
	}
	pair := utf16.DecodeRune(r, rune(w.order.Uint16(second)))
	if pair != utf8.RuneError {
		_, _ = w.src.Discard(2)
	}
	return pair, nil
}
