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

// judge is one judgement.
type judge struct {
	roster *Roster
	done   func(row int) bool

	rows     int // whose user is still to be created
	doubtful int // of them, those with a doubtful name
}

// judge looks at all rows, and then at what was found in each.
func (j *judge) judge() {
	j.count()
	for i := range j.roster.content {
		j.finding(&j.roster.content[i])
	}
}

// isDone reports whether the user of a row was created.
func (j *judge) isDone(row int) bool { return j.done != nil && j.done(row) }

// count counts the signs of the rows whose user is still to be created.
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

// agree reports whether so many rows have a sign that it is the file's and not one person's: 3 rows, or 2 if they are a tenth of
// all.
func (j *judge) agree(rows int) bool { return rows >= 3 || rows == 2 && rows*10 >= j.rows }

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
