package simulation

import "fmt"

// meddle is what the account's other administrators do: they remove users and move extensions. They create no phone of
// the roster.
func (w *world) meddle() {
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
			e.extension = fmt.Sprint(extensionID(w.dice.IntN(14)))
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
	}
	if len(w.staff) > 1 && w.one(20) {
		w.staff = append(w.staff, w.staff[0]) // a row twice
	}
	if len(w.staff) == 0 {
		w.staff = append(w.staff, w.applicant(30))
	}
}
