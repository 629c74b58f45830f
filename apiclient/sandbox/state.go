package sandbox

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// stateFile keeps the tenant: a line that says who it is, and a line for each effect, written as it happens. A process
// that is killed loses nothing that was answered. A nil stateFile keeps nothing.
type stateFile struct {
	file   *os.File
	size   int64
	loaded bool // the file held a tenant when it was opened
}

// magic begin a state file. A file that begins otherwise is somebody's, and stays as it is.
const magic = `{"practice_tenant":`

// identity is the first line.
type identity struct {
	Version int    `json:"practice_tenant"`
	Account string `json:"account_id"`
	Name    string `json:"account_name"`
	Salt    string `json:"salt"`
	Partner string `json:"partner_id,omitempty"`
}

func (t *Tenant) openState(path string) error {
	if path == "" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no regular file", path)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	t.state = &stateFile{file: f}
	if err := t.replay(); err != nil {
		t.state.close()
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// replay reads the file. What stands after the last line's end was torn by a crash and goes.
func (t *Tenant) replay() error {
	s := t.state
	r := bufio.NewReaderSize(s.file, 1<<16)
	for n := 1; ; n++ {
		text, err := r.ReadBytes('\n')
		if err == io.EOF && (n > 1 || bytes.HasPrefix([]byte(magic), text[:min(len(text), len(magic))])) {
			break
		}
		if err == nil {
			err = t.replayLine(n, text)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		s.size += int64(len(text))
	}
	s.loaded = s.size > 0
	if err := s.truncate(); err != nil || s.loaded {
		return err
	}
	return s.append(identity{1, t.account.id, t.account.name, t.salt, t.partner.id})
}

func (t *Tenant) replayLine(n int, text []byte) error {
	if n > 1 {
		var e effect
		if err := decodeStrictly(text, &e); err != nil {
			return err
		}
		return t.store.apply(e)
	}
	var who identity
	if err := decodeStrictly(text, &who); err != nil || who.Version != 1 {
		return errors.New("this is not the state of a practice tenant")
	}
	t.account, t.salt = account{who.Account, who.Name}, who.Salt
	t.partner.id = cmp.Or(who.Partner, t.partner.id)
	return nil
}

func decodeStrictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// append writes one line in one write. A line that could not be written whole is taken back.
func (s *stateFile) append(line any) error {
	if s == nil {
		return nil
	}
	text, err := json.Marshal(line)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if _, err := s.file.Write(text); err != nil {
		return errors.Join(err, s.truncate())
	}
	s.size += int64(len(text))
	return nil
}

func (s *stateFile) truncate() error {
	if err := s.file.Truncate(s.size); err != nil {
		return err
	}
	_, err := s.file.Seek(s.size, io.SeekStart)
	return err
}

// old reports whether the tenant was there before this process.
func (s *stateFile) old() bool { return s != nil && s.loaded }

func (s *stateFile) close() {
	if s != nil {
		_ = s.file.Close()
	}
}
