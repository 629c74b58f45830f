package roster

import (
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/vietnamese"
)

// judge is one judgement.
type judge struct {
	roster *Roster
	done   func(row int) bool

	rows     int             // whose user is still to be created
	evidence [len(kinds)]int // of them, those that are evidence for a kind of problem that one row alone does not show
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

// count counts the rows whose user is still to be created, and what is evidence among them.
func (j *judge) count() {
	for i := range j.roster.Rows {
		if !j.isDone(i) {
			j.rows++
		}
	}
	for _, f := range j.roster.content {
		if f.isOfName() && f.arg >= uint64(vietnamese.Doubtful) && !j.isDone(int(f.row)) {
			j.evidence[f.kind]++
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
	sure := vietnamese.Certain // what is wrong with a password is certain
	if f.isOfName() {
		sure = vietnamese.Certainty(f.arg)
	}
	fromOthers := sure != vietnamese.Remark && j.agree(j.evidence[f.kind])
	switch refused := sure == vietnamese.Certain || fromOthers; {
	case refused && f.isOfName() && j.roster.allowNames:
		j.accepted(f)
	case refused:
		j.roster.judged = append(j.roster.judged, *f)
	case sure != vietnamese.Possible:
		k := &kinds[f.kind]
		j.roster.Doubts = note(j.roster.Doubts, k.column, k.problem.String(), j.roster.Rows[f.row].Line)
	}
}

// accepted tells of one name that --allow-names accepts.
func (j *judge) accepted(f *finding) {
	line := j.roster.Rows[f.row].Line
	event := message.Sprintf("line %d is accepted with --allow-names: %s", line, kinds[f.kind].problem)
	j.roster.Doubts = note(j.roster.Doubts, fieldName, event, line)
}
