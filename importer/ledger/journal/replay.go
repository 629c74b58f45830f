package journal

import (
	"bufio"
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"strconv"

	"etelecom-import/apiclient/message"
)

// ErrDamaged says that a journal contains something that no crash can have left there.
var ErrDamaged = message.New("the journal is damaged in its middle")

// Replay calls apply with the data of each record of a journal, in order, up to the first bad one, and returns how many there
// were. The data is valid until apply returns; an error of apply ends the replay. The error is [ErrDamaged] if there is no
// record at all, or if the first bad one is not the torn tail of the last group. Who knows how many records the file was made
// with has to compare: fewer are damage too.
func Replay(r io.Reader, apply func(data []byte) error) (records uint64, err error) {
	return replay(newLineReader(r, MaxRecord), apply)
}

func replay(l *lineReader, apply func(data []byte) error) (records uint64, err error) {
	var group uint64 // that the next record belongs to
	for l.next() {
		r, ok := l.record()
		torn := !l.whole || l.padded
		if torn || !ok || r.Sequence != records {
			break
		}
		if l.long {
			return records, ErrDamaged // its checksum is right: no program has written it, and no crash has torn it
		}
		if err := apply(r.Data); err != nil {
			return records, err
		}
		records, group = records+1, r.Group
		if r.Last {
			group++
		}
	}
	if l.err != nil {
		return records, l.err
	}
	if records == 0 {
		return 0, ErrDamaged // a journal has a record before it has a name
	}
	return records, l.checkTail(records, group)
}

// checkTail decides whether what begins with the first bad record is a torn tail. next is the sequence number of that record
// and group is its group.
//
// A group is begun only after the one before it is durable. So a valid record of a later group behind the bad one shows that
// the bad one was durable: something has damaged it since. Valid records that prove nothing are those of the same group, since
// pages reach the disk in any order, and those with a lower sequence number, since a page that was never written may show what
// the disk held there before.
func (l *lineReader) checkTail(next, group uint64) error {
	for more := l.found; more; more = l.next() {
		r, ok := l.record()
		if ok && r.Sequence >= next && r.Group != group {
			return ErrDamaged
		}
	}
	return l.err
}

// lineReader reads a journal line by line. A damaged journal can be a single line as long as the file, so of each line no more
// than max bytes are held in memory. Whether a longer one matches its checksum is still found out: that takes one number.
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
}

func newLineReader(r io.Reader, most int) *lineReader {
	return &lineReader{src: bufio.NewReaderSize(r, 1<<16), max: most}
}

// next reads a line. What follows the last LF is a line, too.
func (l *lineReader) next() (found bool) {
	l.found, l.whole, l.padded, l.long, l.text = false, false, false, false, l.text[:0]
	for {
		part, err := l.src.ReadSlice('\n')
		l.found = l.found || len(part) > 0
		if err == nil {
			l.whole, part = true, part[:len(part)-1]
		}
		l.add(part)
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

// add adds a part to the line.
func (l *lineReader) add(part []byte) {
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

// record reads the line as a record. The data of a long one is cut.
func (l *lineReader) record() (r Record, ok bool) {
	if !l.long {
		return Parse(l.text)
	}
	sum, err := strconv.ParseUint(string(l.text[:checksumLen]), 16, 32)
	if err != nil || uint32(sum) != l.sum {
		return r, false
	}
	return parseHead(l.text)
}
