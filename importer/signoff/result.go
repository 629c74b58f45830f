package signoff

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
)

// State says whether a result is final.
type State uint8

// The states. All but the first make a document interim.
const (
	Final       State = iota
	Open              // it is not known what some creates did
	Interrupted       // the last run was cut off
	RunOn             // a run is on
)

// Result is what a result file and its journal say.
type Result struct {
	Name    string // of the file, without its folder
	SHA256  string // of its bytes
	Account string // the id of the account, or an address where the tenant did not tell any
	State   State
	Newest  time.Time // the last change of anybody; zero if nothing was changed
	People  []Person  // in the order of the file
}

// tries is how many times a result is read that changes meanwhile.
const tries = 3

// ReadResult reads a result file and its journal, without a lock.
func ReadResult(path string) (*Result, error) {
	for range tries {
		before, err := readFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, hint.With(err, "name the result CSV of a run, such as employees.result.csv")
		}
		if err != nil {
			return nil, err
		}
		l, err := ledger.Read(ledger.OS{}, path)
		if err != nil {
			return nil, err
		}
		if after, err := readFile(path); err != nil || !bytes.Equal(before, after) {
			continue
		}
		sum := sha256.Sum256(before)
		r := &Result{Name: filepath.Base(path), SHA256: hex.EncodeToString(sum[:]), Account: l.Account()}
		return r, r.read(l)
	}
	return nil, hint.New("the result changes while it is read", "wait until the run has ended, then run the same command again")
}

// readFile reads a file as the ledger does, so that a run can replace it meanwhile, also on Windows.
func readFile(path string) ([]byte, error) {
	f, err := ledger.OS{}.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// read takes in the rows, and says whether they are final.
func (r *Result) read(l *ledger.Ledger) error {
	err := ledger.ReadRows(l, func(row *ledger.Row) error {
		e := &row.Entry
		p := Person{
			Line: row.Line, Name: e.Name, Extension: e.ExtensionNumber, ExtensionID: ledger.FormatID(e.ExtensionID), UserID: ledger.FormatID(e.UserID),
			Phone: phoneText(e.Phone), Status: row.Status, Code: row.Code, Why: row.Why, Gone: !row.Listed,
		}
		r.People = append(r.People, p)
		if updated := time.Unix(e.Updated, 0); e.Updated > 0 && updated.After(r.Newest) {
			r.Newest = updated
		}
		return nil
	})
	if err != nil {
		return err
	}
	switch _, isRunning := l.LockHolder(); {
	case isRunning:
		r.State = RunOn
	case l.CutOff():
		r.State = Interrupted
	case l.OpenCreates() > 0:
		r.State = Open
	}
	return nil
}
