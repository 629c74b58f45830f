package ledger

import (
	"bufio"
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"strconv"
)

// maxRecord is how many bytes of a line are held in memory, and the most that a record may have. The longest that an employee
// file can lead to has 1.5 MiB: a row of at most 256 KiB, each byte of it written as six. So a longer line is damage. It is
// still found out whether it is true to its checksum, which needs no more than a number.
const maxRecord = 4 << 20

// lineReader reads a journal line by line. A damaged one can be a single line as long as the file.
type lineReader struct {
	src *bufio.Reader
	max int
	err error // that ended the reading; nil at the end of the file

	// Of the line that was read last:
	found  bool   // there is one
	text   []byte // without its LF, without NULs at its start, cut to max bytes
	whole  bool   // it has a LF
	padded bool   // it began with NULs
	long   bool   // it has more than max bytes
	sum    uint32 // if it is long: the checksum that it should have

	room room
}

func newLineReader(r io.Reader, most int) *lineReader {
	return &lineReader{src: bufio.NewReaderSize(r, 1<<16), max: most}
}

// next reads a line. What follows the last LF is one, too.
func (l *lineReader) next() (found bool) {
	l.found, l.whole, l.padded, l.long, l.text = false, false, false, false, l.text[:0]
	for {
		part, err := l.src.ReadSlice('\n')
		l.found = l.found || len(part) > 0
		if err == nil {
			l.whole, part = true, part[:len(part)-1]
		}
		l.take(part)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil && !errors.Is(err, io.EOF):
			l.err, l.found = err, false
			return false
		default:
			return l.found
		}
	}
}

// take adds a part to the line.
func (l *lineReader) take(part []byte) {
	if len(l.text) == 0 {
		trimmed := bytes.TrimLeft(part, "\x00")
		l.padded = l.padded || len(trimmed) < len(part)
		part = trimmed
	}
	kept := min(len(part), l.max-len(l.text))
	l.text = append(l.text, part[:kept]...)
	if part = part[kept:]; len(part) == 0 {
		return
	}
	if !l.long {
		l.long, l.sum = true, crc32.Checksum(l.text[checksumLen:], castagnoli)
	}
	l.sum = crc32.Update(l.sum, castagnoli, part)
}

// record reads the line as a record. Of a long one, the event is left out.
func (l *lineReader) record() (r record, ok bool) {
	if !l.long {
		return parseRecord(l.text, &l.room)
	}
	sum, err := strconv.ParseUint(string(l.text[:checksumLen]), 16, 32)
	if err != nil || uint32(sum) != l.sum {
		return r, false
	}
	r, _, ok = parseHead(l.text)
	return r, ok
}
