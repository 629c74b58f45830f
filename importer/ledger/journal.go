package ledger

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"

	"etelecom-import/importer/phone"
)

// journalVersion is the format that this program writes, and the only one that it reads.
const journalVersion = 1

// A record is one line of the journal:
//
//	checksum SP sequence SP group SP mark SP json LF
//
// The checksum (CRC-32C, eight hex digits) covers all that follows it. Sequence counts the records of the file from 0.
// A group is what one fsync made durable; its last record has the mark ".", the others "+". So a reader can tell the
// torn tail of a group that never became durable from damage to one that did.
type record struct {
	sequence, group uint64
	last            bool
	event           event
}

// event is what a record says: exactly one of its fields is set.
type event struct {
	Run      *header   `json:"run,omitempty"`
	Creating *creating `json:"creating,omitempty"`
	Entry    *entry    `json:"entry,omitempty"`
}

// header opens every journal.
type header struct {
	Version   int    `json:"version"`
	Account   string `json:"account"`
	HasResult bool   `json:"has_result"` // a result CSV stood there when the journal was made
	Carried   int    `json:"carried"`    // how many records were made durable with this one
	Was       string `json:"was"`        // the account in that result CSV, which may know it by another name; "" without one

	Others []string          `json:"others,omitempty"` // further ids of the account
	Told   map[string]string `json:"told,omitempty"`   // ids by what told them
	Key    string            `json:"key,omitempty"`    // a fingerprint of the API key
}

// creating is an intent: the create number Attempt of a phone is about to be sent.
type creating struct {
	Phone phone.Number `json:"phone"`
	Intent
}

// entry is all that is known of a phone after a step; the newest one holds.
type entry struct {
	Phone           phone.Number `json:"phone"`
	Name            string       `json:"name,omitempty"`
	UserID          int64        `json:"user,omitempty"`
	ExtensionID     int64        `json:"ext,omitempty"`
	ExtensionNumber string       `json:"number,omitempty"`
	Status          string       `json:"status"`
	Code            string       `json:"code,omitempty"`
	Error           string       `json:"error,omitempty"`
	Attempts        int          `json:"attempts,omitempty"`
	Updated         int64        `json:"updated,omitempty"`
	Intents         []Intent     `json:"open,omitempty"`
	Exists          bool         `json:"exists,omitempty"`
	Replaced        bool         `json:"replaced,omitempty"`
	IDLost          bool         `json:"id_lost,omitempty"`
	Damaged         string       `json:"damaged_ext,omitempty"`
}

func recordOf(e *Entry) *entry {
	t := e.told()
	return &entry{
		e.Phone, e.Name, e.UserID, e.ExtensionID, e.ExtensionNumber, e.Status.String(), t.code, t.why, e.Attempts,
		e.Updated, t.intents, e.Exists, e.Replaced, e.idLost, t.damagedExtension,
	}
}

func (r *entry) restore() (Entry, bool) {
	status, ok := ParseStatus(r.Status)
	e := Entry{
		r.Phone, r.Name, r.UserID, r.ExtensionID, r.ExtensionNumber, r.Attempts, r.Updated,
		status, r.Exists, r.Replaced, r.IDLost, true, nil,
	}
	e.tell(trouble{code: r.Code, why: r.Error, intents: r.Intents, damagedExtension: r.Damaged})
	return e, ok && r.Phone != 0
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const checksumLen = 8

// recorder writes records. It keeps what it needs for that from one to the next.
type recorder struct {
	text bytes.Buffer
	json *json.Encoder // to text
}

func newRecorder() *recorder {
	r := &recorder{}
	r.json = json.NewEncoder(&r.text)
	return r
}

// append appends the line of one record to dst.
func (r *recorder) append(dst []byte, sequence, group uint64, last bool, e event) ([]byte, error) {
	r.text.Reset()
	if err := r.json.Encode(e); err != nil {
		return dst, err
	}
	start := len(dst)
	dst = append(dst, "00000000 "...)
	dst = strconv.AppendUint(dst, sequence, 10)
	dst = append(dst, ' ')
	dst = strconv.AppendUint(dst, group, 10)
	if last {
		dst = append(dst, " . "...)
	} else {
		dst = append(dst, " + "...)
	}
	dst = append(dst, r.text.Bytes()...) // with a LF at its end
	if size := len(dst) - start - 1; size > maxRecord {
		return dst[:start], fmt.Errorf("a record of %d bytes is too long: the journal takes %d", size, maxRecord)
	}
	sum := crc32.Checksum(dst[start+checksumLen:len(dst)-1], castagnoli)
	hex.Encode(dst[start:], binary.BigEndian.AppendUint32(nil, sum))
	return dst, nil
}

// room is what one record after the other is read into: a journal has several for each phone, of which the last holds.
type room struct {
	creating creating
	entry    entry
}

// parseRecord reads one line without its LF. ok is false for a line that is not whole and true to its checksum. The event is
// good until the next record is read into the same room.
func parseRecord(line []byte, into *room) (r record, ok bool) {
	if len(line) < checksumLen {
		return r, false
	}
	sum, err := strconv.ParseUint(string(line[:checksumLen]), 16, 32)
	if err != nil || uint32(sum) != crc32.Checksum(line[checksumLen:], castagnoli) {
		return r, false
	}
	r, text, ok := parseHead(line)
	if !ok {
		return r, false
	}
	r.event, err = into.read(text)
	return r, err == nil
}

// parseHead reads what stands before the event.
func parseHead(line []byte) (r record, event []byte, ok bool) {
	parts := bytes.SplitN(line, []byte{' '}, 5)
	if len(parts) != 5 {
		return r, nil, false
	}
	var err, err2 error
	r.sequence, err = strconv.ParseUint(string(parts[1]), 10, 64)
	r.group, err2 = strconv.ParseUint(string(parts[2]), 10, 64)
	r.last = string(parts[3]) == "."
	return r, parts[4], err == nil && err2 == nil
}

// read reads an event. One that is of the two common kinds is put in its place.
func (into *room) read(text []byte) (e event, err error) {
	switch {
	case bytes.HasPrefix(text, []byte(`{"entry":`)):
		into.entry = entry{}
		e.Entry = &into.entry
	case bytes.HasPrefix(text, []byte(`{"creating":`)):
		into.creating = creating{}
		e.Creating = &into.creating
	}
	return e, json.Unmarshal(text, &e)
}

// errDamaged says that a journal holds something that no crash can have left there.
var errDamaged = errors.New("is damaged in its middle")

// replay calls apply with the events of a journal that are whole, in order, up to the first bad record. A bad record is
// the torn end of the last group unless it was there from the start, or something that was written after that group
// stands behind it: then the journal is damaged, and nothing can be concluded from it.
func replay(r io.Reader, apply func(event) error) error {
	return replayLines(newLineReader(r, maxRecord), apply)
}

func replayLines(l *lineReader, apply func(event) error) error {
	var next, group, first uint64
	for l.next() {
		r, ok := l.record()
		if !l.whole || l.padded || !ok || r.sequence != next {
			break
		}
		if l.long || (next == 0) != (r.event.Run != nil) {
			return errDamaged
		}
		if next == 0 {
			first = 1 + uint64(r.event.Run.Carried)
		}
		if err := apply(r.event); err != nil {
			return err
		}
		next, group = next+1, r.group
		if r.last {
			group++
		}
	}
	if l.err != nil {
		return l.err
	}
	if next == 0 || next < first {
		return errDamaged
	}
	return l.tail(next, group)
}

// tail judges what stands from the first bad record on, which belongs to the given group: no whole record of another
// group may follow, since that group was begun after this one was durable. A record whose turn was before is none that
// follows: where a page was never written, the medium may show what such a page held before.
func (l *lineReader) tail(next, group uint64) error {
	for more := l.found; more; more = l.next() {
		r, ok := l.record()
		if ok && r.sequence >= next && r.group != group {
			return errDamaged
		}
	}
	return l.err
}
