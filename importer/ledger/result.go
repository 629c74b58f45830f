package ledger

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"strconv"
	"strings"
	"time"

	"etelecom-import/importer/hint"
	"etelecom-import/importer/phone"
)

// Line is one line of the result CSV, as text. Every field is a string, so that no parser can round an id.
type Line struct {
	Line            string `csv:"line"`
	Name            string `csv:"name"`
	Phone           string `csv:"phone"`
	ExtensionID     string `csv:"extension_id"`
	ExtensionNumber string `csv:"extension_number"`
	UserID          string `csv:"user_id"`
	Status          string `csv:"status"`
	ErrorCode       string `csv:"error_code"`
	Error           string `csv:"error"`
	Attempts        string `csv:"attempts"`
	UpdatedAt       string `csv:"updated_at"`
	AccountID       string `csv:"account_id"`
}

// columns are what a result CSV must have to be read as one.
var columns = []string{"line", "name", "phone", "extension_id", "extension_number", "user_id", "status", "error_code", "error", "attempts", "updated_at", "account_id"}

// cells returns the line's cells in the order of columns.
func (line *Line) cells() [12]*string {
	return [...]*string{
		&line.Line, &line.Name, &line.Phone, &line.ExtensionID, &line.ExtensionNumber, &line.UserID, &line.Status, &line.ErrorCode,
		&line.Error, &line.Attempts, &line.UpdatedAt, &line.AccountID,
	}
}

// fingerprint tells results with other lines, or in another order, apart.
type fingerprint struct{ maphash.Hash }

func (f *fingerprint) add(l *Line) {
	for _, cell := range l.cells() {
		_, _ = f.WriteString(*cell)
		_ = f.WriteByte(0xff) // stands in no text
	}
}

// ReadLines calls line with every line of a result CSV, in order, as this tool or a spreadsheet wrote it. number is where
// the line stands in the file. The line is good until the next call.
func ReadLines(r io.Reader, line func(number int, l *Line) error) error {
	return readRaw(r, func(number int, l *Line) error {
		restoreFormulas(l)
		return line(number, l)
	})
}

// readRaw calls line with every line as it stands in the file.
func readRaw(r io.Reader, line func(number int, l *Line) error) error {
	reader, at, err := openCSV(r)
	if err != nil {
		return err
	}
	l := &Line{}
	cells := l.cells()
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return hint.With(fmt.Errorf("%w: %w", ErrRefused, err), resultHint)
		}
		for i, cell := range cells {
			*cell = record[at[i]]
		}
		if *l == (Line{}) {
			continue // a blank row of a spreadsheet
		}
		number, _ := reader.FieldPos(0)
		if err := line(number, l); err != nil {
			return hint.With(fmt.Errorf("%w: line %d: %w", ErrRefused, number, err), resultHint)
		}
	}
}

// reading collects the entries of a result CSV.
type reading struct {
	ledger *Ledger
	known  interner
}

// readResult takes a result CSV into the state.
func (l *Ledger) readResult(r io.Reader) error {
	in := &reading{ledger: l, known: interner{}}
	return readRaw(r, func(_ int, line *Line) error {
		l.stands.add(line)
		restoreFormulas(line)
		return in.line(line)
	})
}

func (in *reading) line(line *Line) error {
	l := in.ledger
	of := plainDigits(line.AccountID)
	if l.account == "" {
		l.account = strings.Clone(of)
	}
	if of == "" || of != l.account {
		return fmt.Errorf("account_id is %q, and %q above: two results, or half a file", line.AccountID, l.account)
	}
	e, err := line.entry()
	if err != nil || e.Phone == 0 {
		return err
	}
	return in.merge(e)
}

// keep gives an entry a place of its own. Its texts are copied, since they are parts of the whole line.
func (in *reading) keep(e Entry) *Entry {
	e.Name, e.ExtensionNumber = strings.Clone(e.Name), strings.Clone(e.ExtensionNumber)
	t := e.told()
	e.tell(trouble{code: in.known.one(t.code), why: in.known.one(t.why), damagedExtension: strings.Clone(t.damagedExtension)})
	kept := in.ledger.place()
	*kept = e
	return kept
}

// merge takes in the entry of one line. Of several lines of one phone, the furthest holds.
func (in *reading) merge(e Entry) error {
	old := in.ledger.entries[e.Phone]
	if old == nil {
		in.ledger.entries[e.Phone] = in.keep(e)
		return nil
	}
	if old.UserID != 0 && e.UserID != 0 && old.UserID != e.UserID {
		return fmt.Errorf("phone %s has the user ids %d and %d", e.Phone, old.UserID, e.UserID)
	}
	behind := e
	if old.Status < e.Status {
		behind = *old
		*old = *in.keep(e)
	}
	old.UserID = max(old.UserID, behind.UserID)
	old.Attempts = max(old.Attempts, behind.Attempts)
	old.idLost = old.idLost || behind.idLost
	old.Exists = (old.Exists || behind.Exists) && old.UserID == 0 && !old.idLost
	return nil
}

// entry reads one line. Its Phone is 0 for a row that has no identity, since its phone was never usable.
func (line *Line) entry() (Entry, error) {
	status, ok := ParseStatus(strings.TrimSpace(line.Status))
	if !ok {
		return Entry{}, fmt.Errorf("status is %q", line.Status)
	}
	e := Entry{Phone: phone.Normalize(line.Phone), Name: line.Name, Status: status, ExtensionNumber: plainDigits(line.ExtensionNumber)}
	e.tell(trouble{code: line.ErrorCode, why: line.Error})
	if err := line.numbers(&e); err != nil {
		return Entry{}, err
	}
	if e.Phone == 0 && (strings.TrimSpace(line.Phone) != "" || e.Status > Failed) {
		return Entry{}, fmt.Errorf("phone is %q, which is none, on a line that is %s", line.Phone, status)
	}
	if t, err := time.Parse(time.RFC3339, strings.TrimSpace(line.UpdatedAt)); err == nil {
		e.Updated = t.Unix()
	}
	e.Exists = e.UserID == 0 && !e.idLost && e.Attempts > 0 && saysExists(line.ErrorCode)
	e.Replaced = HasCode(line.ErrorCode, CodePasswordReplaced)
	return e, nil
}

// saysExists reports whether a row that was sent and has no id was answered with "already exists". A row that was answered
// otherwise, and that the plan refuses since the person is there, has the other answer's code beside user_exists.
func saysExists(code string) bool {
	return code == CodeUserExists || HasCode(code, "already_exists") || HasCode(code, "failed_precondition")
}

// numbers reads the ids and the count of a line. Who has an id, be it a spoiled one, is there: whatever the status says.
func (line *Line) numbers(e *Entry) error {
	user, damaged, ok := parseID(line.UserID)
	if !ok {
		return fmt.Errorf("user_id is %q", line.UserID)
	}
	e.UserID = user
	if user != 0 || damaged {
		e.Status = max(e.Status, Created)
	}
	e.idLost = user == 0 && e.Status >= Created
	e.ExtensionID, damaged, ok = parseID(line.ExtensionID)
	if !ok {
		return fmt.Errorf("extension_id is %q", line.ExtensionID)
	}
	if damaged {
		e.ExtensionID = 0
		t := e.told()
		t.damagedExtension = plainNumber(line.ExtensionID)
		e.tell(t)
	}
	attempts := plainNumber(line.Attempts)
	if attempts == "" {
		return nil
	}
	n, err := strconv.ParseInt(attempts, 10, 32)
	if err != nil || n < 0 {
		return fmt.Errorf("attempts is %q", line.Attempts)
	}
	e.Attempts = int(n)
	return nil
}
