// Package journal is a write-ahead log: records are appended to a file, a record that must be durable is so when Append
// returns, and after a crash everything that was durable is read back. It knows bytes only, and not what they mean.
//
// # Format
//
// A journal is text, one record a line:
//
//	checksum SP sequence SP group SP mark SP data LF
//
// The parts are:
//
//   - checksum: the CRC-32C of everything behind it up to the LF, as eight hexadecimal digits.
//   - sequence: counts the records of the file from 0.
//   - group: counts the fsyncs of the file, since the records of one group became durable together. Group 0 holds the records
//     that the file was made with; it was durable before the file had its name.
//   - mark: "." on the last record of a group and "+" on the others. In group 0, every record has the mark ".".
//   - data: whatever the caller appends. It contains no LF.
//
// An example, of a file that was made with one record and in which one fsync made the two others durable:
//
//	51127c81 0 0 . {"run":{"version":1}}
//	a6757b4f 1 1 + {"creating":{"phone":901234561}}
//	08018938 2 1 . {"creating":{"phone":901234562}}
//
// # Torn tail and damage
//
// A crash can spoil the last group alone, since a group is begun only when the one before it is durable. Of the last group
// it leaves any pages: some new, some zero, some with what the disk held there before. That is normal, nobody was told that
// these records are durable, and the journal ends before the first bad one. Any other bad record means that something else
// has changed the file: then nothing in it can be relied on. [Replay] tells the two apart by sequence and group.
//
// [Writer] ends a group with each fsync. Records that nobody waits for are written at once, so that they outlive the process,
// and belong to the group of the next fsync.
package journal

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"strconv"

	"etelecom-import/apiclient/message"
)

// MaxRecord is how many bytes a line may have, without its LF. The longest record that an employee file can lead to has
// 1.5 MiB: a row of at most 256 KiB, each byte of it written as six.
const MaxRecord = 4 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const checksumLen = 8

// Record is one line of a journal.
type Record struct {
	Sequence, Group uint64
	// Last says that the record is the last of its group.
	Last bool
	Data []byte
}

// First returns the record of a sequence number among those that a new file is made with.
func First(sequence uint64, data []byte) Record { return Record{sequence, 0, true, data} }

// AppendTo appends the line of the record to dst. It fails if the record is longer than [MaxRecord] or contains a LF, and
// then it returns dst as it was.
func (r Record) AppendTo(dst []byte) ([]byte, error) {
	if bytes.IndexByte(r.Data, '\n') >= 0 {
		return dst, message.Errorf("a record of %d bytes contains a line break", len(r.Data))
	}
	start := len(dst)
	dst = append(dst, "00000000 "...)
	dst = strconv.AppendUint(dst, r.Sequence, 10)
	dst = append(dst, ' ')
	dst = strconv.AppendUint(dst, r.Group, 10)
	if r.Last {
		dst = append(dst, " . "...)
	} else {
		dst = append(dst, " + "...)
	}
	dst = append(dst, r.Data...)
	if size := len(dst) - start; size > MaxRecord {
		return dst[:start], message.Errorf("a record of %d bytes is too long: the journal takes %d", size, MaxRecord)
	}
	sum := crc32.Checksum(dst[start+checksumLen:], castagnoli)
	hex.Encode(dst[start:], binary.BigEndian.AppendUint32(nil, sum))
	return append(dst, '\n'), nil
}

// Parse reads a line without its LF. ok is false for a line that is incomplete or does not match its checksum. The data is a
// part of the line.
func Parse(line []byte) (r Record, ok bool) {
	if len(line) < checksumLen {
		return r, false
	}
	sum, err := strconv.ParseUint(string(line[:checksumLen]), 16, 32)
	// rule: torn-line
	if err != nil || uint32(sum) != crc32.Checksum(line[checksumLen:], castagnoli) {
		return r, false
	}
	return parseHead(line)
}

// parseHead reads a line whose checksum has been checked.
func parseHead(line []byte) (r Record, ok bool) {
	parts := bytes.SplitN(line, []byte{' '}, 5)
	if len(parts) != 5 {
		return r, false
	}
	sequence, err := strconv.ParseUint(string(parts[1]), 10, 64)
	group, err2 := strconv.ParseUint(string(parts[2]), 10, 64)
	return Record{sequence, group, string(parts[3]) == ".", parts[4]}, err == nil && err2 == nil
}
