package workbook

import (
	"bytes"
	"encoding/binary"
	"io"

	"etelecom-import/apiclient/message"
)

// sharedTexts are the texts that the cells of an .xlsx point to. They are kept in blocks that never move: a million of them must
// fit in memory, and a slice of strings takes three times as much.
type sharedTexts struct {
	blocks [][]byte
	begins []uint32 // where each text begins: its block and, in the last 20 bits, its place in it
	size   int      // bytes in all
}

const (
	blockBits = 20
	blockSize = 1 << blockBits
)

// read reads the part that holds the texts.
func (t *sharedTexts) read(a *archive, name string) error {
	p, err := a.open(name)
	if err != nil {
		return err
	}
	defer p.Close()
	var one []byte
	for {
		err := p.next()
		if err == io.EOF {
			return nil
		}
		if err == nil && p.tag == opens && string(p.name) == "si" {
			one, err = richText(p.scanner, one[:0])
			if err == nil {
				err = t.add(one)
			}
		}
		if err != nil {
			return p.readable(err)
		}
	}
}

// add adds a text behind the others.
func (t *sharedTexts) add(text []byte) error {
	t.size += len(text)
	if t.size > maxShared || len(t.begins) == maxTexts {
		return refuse(message.T("the workbook has more text than this program reads"),
			message.T("copy the columns that are needed into a new workbook, and save that"))
	}
	var length [binary.MaxVarintLen32]byte
	n := binary.PutUvarint(length[:], uint64(len(text)))
	last := len(t.blocks) - 1
	if last < 0 || len(t.blocks[last])+n+len(text) > blockSize {
		t.blocks = append(t.blocks, make([]byte, 0, max(blockSize, n+len(text))))
		last++
	}
	t.begins = append(t.begins, uint32(last<<blockBits+len(t.blocks[last])))
	t.blocks[last] = append(append(t.blocks[last], length[:n]...), text...)
	return nil
}

// get returns the text of a number.
func (t *sharedTexts) get(number int) ([]byte, bool) {
	if number < 0 || number >= len(t.begins) {
		return nil, false
	}
	begin := t.begins[number]
	block := t.blocks[begin>>blockBits][begin%blockSize:]
	length, n := binary.Uvarint(block)
	return block[n : n+int(length)], true
}

// richText appends the text of the element that was just opened, and goes behind its end. The element is a shared text or one of
// a cell: plain, or in pieces of several fonts. How it is pronounced (rPh) is not a part of it.
func richText(s *scanner, out []byte) ([]byte, error) {
	inside := s.depth()
	for {
		if err := s.next(); err != nil {
			return out, err
		}
		switch {
		case s.tag == closes && s.depth() < inside:
			return out, nil
		case s.tag != opens:
		case string(s.name) == "rPh":
			if err := s.leave(); err != nil {
				return out, err
			}
		case string(s.name) == "t":
			var err error
			if out, err = plainText(s, out); err != nil {
				return out, err
			}
			if len(out) > maxText {
				return out, errTooLarge
			}
		}
	}
}

// plainText appends the text of the element that was just opened, which has nothing but text in it. Excel drops the spaces around
// a text unless the element says that they belong to it.
func plainText(s *scanner, out []byte) ([]byte, error) {
	inside := s.depth()
	keep := string(s.attribute("xml:space")) == "preserve"
	pieces := s.pieces[:0] // comments and CDATA may divide the text
	for {
		if err := s.next(); err != nil {
			return out, err
		}
		switch {
		case s.tag == characters && s.depth() == inside:
			pieces = append(pieces, s.text...)
			if s.pieces = pieces; len(pieces) > maxText {
				return out, errTooLarge
			}
		case s.tag == closes && s.depth() < inside:
			if !keep {
				pieces = bytes.Trim(pieces, " \t\r\n")
			}
			return unescape(out, pieces), nil
		}
	}
}
