package roster

import (
	"etelecom-import/apiclient/message"
)

// signs are what reading found odd about the name and the password of a row. None of them is a problem by itself: what they
// mean shows when all rows are known.
type signs uint16

const (
	doubtfulName signs = 1 << iota // the name is in another character set, perhaps
)

// Judge decides which names and passwords are problems. A rule about them must not touch a row that is done: a user was created
// with this name, and a later version of this tool, or a stricter rule, changes nothing about that. done reports whether a row
// is done with the same extension; nil says that none is. [Read] judges so: who knows the result judges again.
func (r *Roster) Judge(done func(row int) bool) {
	j := judge{roster: r, done: done}
	j.count()
	r.judged, r.Doubts = r.judged[:0], nil
	for i := range r.content {
		j.finding(&r.content[i])
	}
}

// judge is one judgement.
type judge struct {
	roster *Roster
	done   func(row int) bool

	rows     int // that are not done
	doubtful int // of them, those with a doubtful name
}

// isDone reports whether a row is done with the same extension.
func (j *judge) isDone(row int) bool { return j.done != nil && j.done(row) }

// count counts the signs of the rows that are not done.
func (j *judge) count() {
	for i := range j.roster.Rows {
		if j.isDone(i) {
			continue
		}
		j.rows++
		if j.roster.Rows[i].signs&doubtfulName != 0 {
			j.doubtful++
		}
	}
}

// agree reports whether so many rows have a sign that it is the file's, and not one person's: 3 rows, or a tenth of them.
func (j *judge) agree(rows int) bool { return rows >= 3 || rows*10 >= j.rows }

// finding takes over a finding of a name or a password, or makes a note of it.
func (j *judge) finding(f *finding) {
	if j.isDone(int(f.row)) {
		return
	}
	if k := &kinds[f.kind]; k.needsOthers && !j.agree(j.doubtful) {
		j.note(f, k.column, k.problem)
		return
	}
	j.roster.judged = append(j.roster.judged, *f)
}

func (j *judge) note(f *finding, column string, text message.Text) {
	j.roster.Doubts = note(j.roster.Doubts, column, text.String(), j.roster.Rows[f.row].Line)
}
