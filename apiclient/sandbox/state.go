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

	"etelecom-import/apiclient/message"
)

// stateFile keeps a tenant on disk: a header line that says which tenant it is, and a line for each effect, written as it
// happens. If the process is killed, every effect that was answered is in the file. A nil stateFile keeps nothing.
type stateFile struct {
	file *os.File
	size int64 // of the whole lines
}

// magic begins every state file. A file that begins otherwise belongs to somebody else and is not changed.
const magic = `{"practice_tenant":`

// header is the first line.
type header struct {
	Version int    `json:"practice_tenant"`
	Account string `json:"account_id"`
	Name    string `json:"account_name"`
	Salt    string `json:"salt"`
	Partner string `json:"partner_id,omitempty"`
}

// openState opens the state file at path and passes each of its effects to apply. If the file has a tenant, it replaces
// h by the tenant's header and returns existed = true; if the file is new or empty, it writes h. An empty path gives nil.
func openState(path string, h *header, apply func(effect) error) (s *stateFile, existed bool, err error) {
	if path == "" {
		return nil, false, nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, false, message.Errorf("%s is not a regular file", path)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, false, err
	}
	s = &stateFile{file: f}
	err = s.replay(h, apply)
	existed = s.size > 0
	if err == nil {
		err = s.truncate()
	}
	if err == nil && !existed {
		err = s.append(h)
	}
	if err != nil {
		s.close()
		return nil, false, fmt.Errorf("%s: %w", path, err)
	}
	return s, existed, nil
}

// replay reads all whole lines. What follows the last of them is the rest of a write that a crash interrupted.
func (s *stateFile) replay(h *header, apply func(effect) error) error {
	r := bufio.NewReaderSize(s.file, 1<<16)
	for n := 1; ; n++ {
		text, err := r.ReadBytes('\n')
		switch {
		case err == io.EOF && (n > 1 || bytes.HasPrefix([]byte(magic), text[:min(len(text), len(magic))])):
			return nil
		case err == nil && n == 1:
			err = h.replaceBy(text)
		case err == nil:
			var e effect
			if err = decodeStrictly(text, &e); err == nil {
				err = apply(e)
			}
		}
		if err != nil {
			return message.Errorf("line %d: %w", n, err)
		}
		s.size += int64(len(text))
	}
}

// replaceBy takes over the header in text. A file of an older version has no partner: h keeps its own.
func (h *header) replaceBy(text []byte) error {
	var read header
	if err := decodeStrictly(text, &read); err != nil || read.Version != 1 {
		return message.New("this is not the state of a practice tenant")
	}
	read.Partner = cmp.Or(read.Partner, h.Partner)
	*h = read
	return nil
}

func decodeStrictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// append writes one line in one write. If it fails, it removes what was written of the line.
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

// truncate removes what follows the whole lines.
func (s *stateFile) truncate() error {
	if err := s.file.Truncate(s.size); err != nil {
		return err
	}
	_, err := s.file.Seek(s.size, io.SeekStart)
	return err
}

func (s *stateFile) close() {
	if s != nil {
		_ = s.file.Close()
	}
}
