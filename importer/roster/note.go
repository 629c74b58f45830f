package roster

import "slices"

// Note is something that happened in one row or many.
type Note struct {
	Text  string // such as "phone: the missing 0 at the front was put back"
	Count int    // rows; 0 if it is about the whole file
	Lines []int  // the first of them

	column, event string // Text without the other
}

// noteLines is how many lines a note names.
const noteLines = 5

// note counts an event in a column, or in none if that is "". There are few different ones.
func note(notes []Note, column, event string, line int) []Note {
	i := slices.IndexFunc(notes, func(n Note) bool { return n.event == event && n.column == column })
	if i < 0 {
		i = len(notes)
		text := event
		if column != "" {
			text = column + ": " + event
		}
		notes = append(notes, Note{Text: text, column: column, event: event})
	}
	n := &notes[i]
	n.Count++
	if len(n.Lines) < noteLines {
		n.Lines = append(n.Lines, line)
	}
	return notes
}
