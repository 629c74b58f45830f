package ledger

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"slices"
	"sync"

	"etelecom-import/importer/ledger/journal"
	"etelecom-import/importer/phone"
)

// journalVersion is the format of the records that this program writes. It also reads those of all earlier formats, since a newer
// format has more fields and no other meaning for the old ones. A program that would lose the new fields must not read them: it
// refuses a newer format.
//
//   - 1: the first one.
//   - 2: an entry says when this job made the user, and whether its extension was chosen. An older program would choose another one.
const journalVersion = 2

// record is what one record of the journal says, as JSON: exactly one of its fields is set.
type record struct {
	Run      *headerRecord `json:"run,omitempty"`
	Creating *intentRecord `json:"creating,omitempty"`
	Entry    *entryRecord  `json:"entry,omitempty"`
}

// headerRecord is the first record of every journal.
type headerRecord struct {
	Version       int    `json:"version"`
	Account       string `json:"account"`
	HasResult     bool   `json:"has_result"` // there was a result CSV when the journal was made
	Carried       int    `json:"carried"`    // how many records the journal was made with, besides this one
	ResultAccount string `json:"was"`        // the account in that result CSV, which may know it by another name; "" without one

	Others []string          `json:"others,omitempty"` // further ids of the account
	Told   map[string]string `json:"told,omitempty"`   // ids by what told them
	Key    string            `json:"key,omitempty"`    // a fingerprint of the API key
	Input  string            `json:"input,omitempty"`  // the name of the employee file
}

// intentRecord says that the create number Attempt of a phone is about to be sent.
type intentRecord struct {
	Phone phone.Number `json:"phone"`
	Intent
}

// entryRecord is an [Entry] after a step. The last one of a phone counts.
type entryRecord struct {
	Phone           phone.Number `json:"phone"`
	Name            string       `json:"name,omitempty"`
	UserID          int64        `json:"user,omitempty"`
	ExtensionID     int64        `json:"ext,omitempty"`
	ExtensionNumber string       `json:"number,omitempty"`
	Chosen          bool         `json:"chosen,omitempty"`
	Status          string       `json:"status"`
	Code            string       `json:"code,omitempty"`
	Error           string       `json:"error,omitempty"`
	Attempts        int          `json:"attempts,omitempty"`
	Updated         int64        `json:"updated,omitempty"`
	Intents         []Intent     `json:"open,omitempty"`
	Exists          bool         `json:"exists,omitempty"`
	Replaced        bool         `json:"replaced,omitempty"`
	CreatedAt       int64        `json:"created,omitempty"`
	DamagedCreated  string       `json:"damaged_created,omitempty"`
	DamagedUser     bool         `json:"id_lost,omitempty"`
	Damaged         string       `json:"damaged_ext,omitempty"`
}

func recordOf(e *Entry) *entryRecord {
	d := e.detail()
	return &entryRecord{
		e.Phone, e.Name, e.UserID, e.ExtensionID, e.ExtensionNumber, e.Chosen, e.Status.String(), d.code, d.why, e.Attempts,
		e.Updated, d.intents, e.Exists, e.Replaced, e.CreatedAt, d.damagedCreated, e.damagedUser, d.damagedExtension,
	}
}

// entry returns the entry; ok is false for a record without a phone, or with an unknown status.
func (r *entryRecord) entry() (e Entry, ok bool) {
	status, ok := ParseStatus(r.Status)
	e = Entry{
		r.Phone, r.Name, r.UserID, r.ExtensionID, r.ExtensionNumber, r.Attempts, r.Updated, r.CreatedAt,
		status, r.Exists, r.Replaced, r.Chosen, r.DamagedUser, true, false, nil,
	}
	e.setDetail(detail{code: r.Code, why: r.Error, intents: r.Intents, damagedExtension: r.Damaged, damagedCreated: r.DamagedCreated})
	return e, ok && r.Phone != 0
}

// decoder reads records. It reads one after the other into the same place: a journal has several for each phone, and only the
// last one is kept.
type decoder struct {
	intent intentRecord
	entry  entryRecord
}

// decode reads a record, which is valid until the next call.
func (d *decoder) decode(data []byte) (r record, err error) {
	switch { // the two kinds that there are many of
	case bytes.HasPrefix(data, []byte(`{"entry":`)):
		d.entry = entryRecord{}
		r.Entry = &d.entry
	case bytes.HasPrefix(data, []byte(`{"creating":`)):
		d.intent = intentRecord{}
		r.Creating = &d.intent
	}
	return r, json.Unmarshal(data, &r)
}

// unsynced remembers the entries whose newest record is not known to be durable.
type unsynced struct {
	mu      sync.Mutex
	records []numbered
}

type numbered struct {
	n     uint64 // of the record, as the journal counts
	entry *Entry
}

// never is the number of a record that will never be durable.
const never = math.MaxUint64

// add adds the entry of a record. durable is up to which number the records are durable now.
func (u *unsynced) add(n uint64, e *Entry, durable uint64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.records) == cap(u.records) { // before the slice grows, and so not at every call
		u.records = slices.DeleteFunc(u.records, func(r numbered) bool { return r.n <= durable })
	}
	u.records = append(u.records, numbered{n, e})
}

// entries returns the entries of the records that are not durable. An entry can be there more than once.
func (u *unsynced) entries(durable uint64) (all []*Entry) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, r := range u.records {
		if r.n > durable {
			all = append(all, r.entry)
		}
	}
	return all
}

// writeSnapshot writes the records that a new journal is made with: its header, then the given entries.
func writeSnapshot(w io.Writer, header *headerRecord, entries []*Entry) (records uint64, err error) {
	var line []byte
	write := func(r record) error {
		data, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if line, err = journal.First(records, data).AppendTo(line[:0]); err != nil {
			return err
		}
		records++
		_, err = w.Write(line)
		return err
	}
	if err := write(record{Run: header}); err != nil {
		return 0, err
	}
	for _, e := range entries {
		if err := write(record{Entry: recordOf(e)}); err != nil {
			return 0, err
		}
	}
	return records, nil
}

// encoded has buffers for records: there are several a row.
var encoded = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// encode returns a record as JSON, with a line end. The caller puts the buffer back.
func encode(r record) (*bytes.Buffer, error) {
	b := encoded.Get().(*bytes.Buffer)
	b.Reset()
	return b, json.NewEncoder(b).Encode(r)
}
