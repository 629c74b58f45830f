package ledger

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gocarina/gocsv"

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

const resultHint = "If it is no result of this tool, name another file with -o; if it is one, restore a copy of it " +
	"or move it away: then employees who are on the tenant already are refused as user_exists"

// ReadLines calls line with every line of a result CSV, in order, as this tool or a spreadsheet wrote it. number is where
// the line stands in the file.
func ReadLines(r io.Reader, line func(number int, l *Line) error) error {
	reader, err := openCSV(r)
	if err != nil {
		return err
	}
	u, err := gocsv.NewUnmarshaller(reader, Line{})
	if err != nil {
		return fmt.Errorf("%w: %w. %s", ErrRefused, err, resultHint)
	}
	for {
		v, err := u.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		number, _ := reader.FieldPos(0)
		if err != nil {
			return fmt.Errorf("%w: %w. %s", ErrRefused, err, resultHint)
		}
		l := v.(Line)
		restoreFormulas(&l)
		if err := line(number, &l); err != nil {
			return fmt.Errorf("%w: line %d: %w. %s", ErrRefused, number, err, resultHint)
		}
	}
}

// openCSV finds out the delimiter from the header and checks that every column is there.
func openCSV(r io.Reader) (*csv.Reader, error) {
	br := bufio.NewReaderSize(r, 1<<16)
	if bom, _ := br.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = br.Discard(3)
	}
	head, _ := br.Peek(1 << 12)
	header, _, _ := bytes.Cut(head, []byte{'\n'})
	names := strings.TrimSpace(string(header))
	reader := csv.NewReader(br)
	for _, delimiter := range ",;\t|" {
		if strings.ContainsRune(names, delimiter) {
			reader.Comma = delimiter
			break
		}
	}
	for _, c := range columns {
		if !hasColumn(names, reader.Comma, c) {
			return nil, fmt.Errorf("%w: this is no result CSV: its first line has no column %q. %s", ErrRefused, c, resultHint)
		}
	}
	return reader, nil
}

func hasColumn(header string, delimiter rune, column string) bool {
	for name := range strings.SplitSeq(header, string(delimiter)) {
		if strings.Trim(name, ` "`) == column {
			return true
		}
	}
	return false
}

// readResult takes a result CSV into the state.
func (l *Ledger) readResult(r io.Reader) error {
	return ReadLines(r, func(_ int, line *Line) error {
		if l.account == "" {
			l.account = line.AccountID
		}
		if line.AccountID != l.account {
			return fmt.Errorf("account_id is %q, and %q above: two results, or half a file", line.AccountID, l.account)
		}
		e, err := line.entry()
		if err != nil || e == nil {
			return err
		}
		return l.merge(e)
	})
}

// merge takes in the entry of one line. Of several lines of one phone, the furthest holds.
func (l *Ledger) merge(e *Entry) error {
	old := l.entries[e.Phone]
	switch {
	case old == nil:
		l.entries[e.Phone] = e
		return nil
	case old.UserID != 0 && e.UserID != 0 && old.UserID != e.UserID:
		return fmt.Errorf("phone %s has the user ids %d and %d", e.Phone, old.UserID, e.UserID)
	}
	if old.Status >= e.Status {
		old, e = e, old
	}
	if e.UserID == 0 {
		e.UserID = old.UserID
	}
	e.Exists = e.Exists || old.Exists
	e.Attempts = max(e.Attempts, old.Attempts)
	l.entries[e.Phone] = e
	return nil
}

// entry reads one line. It is nil for a row that has no identity, since its phone was never usable.
func (line *Line) entry() (*Entry, error) {
	status, ok := parseStatus(line.Status)
	if !ok {
		return nil, fmt.Errorf("status is %q", line.Status)
	}
	e := &Entry{Phone: phone.Normalize(line.Phone), Name: line.Name, Status: status, Code: line.ErrorCode, Error: line.Error, ExtensionNumber: line.ExtensionNumber}
	if err := line.ids(e); err != nil {
		return nil, err
	}
	if e.Phone == 0 {
		if status > Failed || e.UserID != 0 {
			return nil, fmt.Errorf("phone is %q on a line that is %s", line.Phone, status)
		}
		return nil, nil
	}
	e.Attempts, _ = strconv.Atoi(line.Attempts)
	if t, err := time.Parse(time.RFC3339, line.UpdatedAt); err == nil {
		e.Updated = t.Unix()
	}
	e.Exists = e.UserID == 0 && !e.idLost && e.Attempts > 0 && saysExists(e.Code)
	e.Replaced = e.Code == CodePasswordReplaced
	return e, nil
}

// saysExists reports whether a row that was sent and has no id was answered with "already exists".
func saysExists(code string) bool {
	return code == CodeUserExists || code == "already_exists" || code == "failed_precondition"
}

func (line *Line) ids(e *Entry) error {
	user, damaged, ok := parseID(line.UserID)
	if !ok {
		return fmt.Errorf("user_id is %q", line.UserID)
	}
	e.UserID = user
	e.idLost = damaged || user == 0 && e.Status >= Created
	e.ExtensionID, damaged, ok = parseID(line.ExtensionID)
	if !ok {
		return fmt.Errorf("extension_id is %q", line.ExtensionID)
	}
	if damaged {
		e.damagedExtension, e.ExtensionID = line.ExtensionID, 0
	}
	return nil
}
