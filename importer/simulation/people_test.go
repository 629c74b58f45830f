package simulation

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"
)

var listedUser = regexp.MustCompile(`\{"account_id"[^}]*\}|\{"user_id"[^}]*\}`)

// conceal takes the people whom the listing does not show out of an answer of it, and masks the phones that it shows in part.
func (w *world) conceal(r *http.Response) {
	if len(w.hidden)+len(w.masked) == 0 {
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		r.Body = &broken{bytes.NewReader(body), err} // it breaks off: the program has to meet that
		return
	}
	body = listedUser.ReplaceAllFunc(body, func(user []byte) []byte {
		for phone := range w.hidden {
			if bytes.Contains(user, []byte(phone)) {
				return []byte(`{"deleted":true}`)
			}
		}
		for phone := range w.masked {
			user = bytes.ReplaceAll(user, []byte(phone), []byte(phone[:4]+"***"+phone[7:]))
		}
		return user
	})
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Del("Content-Length")
}

// broken is a body that ends with an error.
type broken struct {
	io.Reader
	err error
}

func (b *broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = b.err
	}
	return n, err
}

func (*broken) Close() error { return nil }

// meddle is what the account's other administrators do: they remove users and move extensions. They create no phone of
// the roster. The server's clock may be set, too.
func (w *world) meddle() {
	if w.air.IntN(4) == 0 {
		w.undated = true
		w.tenant.SetSkew(time.Duration(w.air.IntN(1200)-600) * time.Second)
		w.note("administrator: sets the server's clock")
	}
	w.meddleFree()
	for _, e := range w.staff {
		p, ok := w.tenant.Person(e.phone)
		switch {
		case ok && p.Member && w.one(15):
			w.note("administrator: removes %s", e.phone)
			if w.tenant.RemoveUser(e.phone) == nil {
				w.oracle.removed[e.phone]++
			}
		case w.one(20):
			line := extensionID(w.dice.IntN(4))
			var to int64
			if ok && p.Member && w.one(2) {
				to = p.ID
			}
			w.touch(line)
			w.note("administrator: gives %d to %d", line, to)
			if w.tenant.MoveExtension(line, to) == nil {
				w.oracle.moved(line, to)
			}
		}
	}
}

// edit is what the administrator of the roster does to it between runs.
func (w *world) edit() {
	for i := 0; i < len(w.staff); i++ {
		e := &w.staff[i]
		switch w.dice.IntN(40) {
		case 0:
			e.name += " sửa"
		case 1:
			e.password = fmt.Sprintf("%s-new-%d", mark, i)
		case 2:
			if e.extension = fmt.Sprint(extensionID(w.dice.IntN(14))); w.giving != nil {
				w.forget(e)
			}
		case 3:
			e.password = ""
		case 4:
			e.phone, w.former = "0123", append(w.former, *e) // until somebody notices
		case 5, 6:
			w.former = append(w.former, *e)
			w.staff = append(w.staff[:i:i], w.staff[i+1:]...)
			i--
		}
	}
	if len(w.former) > 0 && w.one(3) {
		w.staff = append(w.staff, w.former[0])
		w.former = w.former[1:]
	}
	if w.one(6) {
		w.staff = append(w.staff, w.applicant(20+w.dice.IntN(5)))
		w.forget(&w.staff[len(w.staff)-1])
	}
	if len(w.staff) > 1 && w.one(20) {
		w.staff = append(w.staff, w.staff[0]) // a row twice
	}
	if len(w.staff) == 0 {
		w.staff = append(w.staff, w.applicant(30))
		w.forget(&w.staff[0])
	}
}
