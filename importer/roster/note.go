package roster

import "slices"

// Note is something that happened in one row or many.
type Note struct {
	Text  string // such as "phone: the missing 0 at the front was put back"
	Count int    // rows
	Lines []int  // the first of them
}

// noteLines is how many lines a note names.
const noteLines = 5

// note counts a text, of which there are few.
func note(notes []Note, column, text string, line int) []Note {
	i := slices.IndexFunc(notes, func(n Note) bool {
		return len(n.Text) == len(column)+2+len(text) && n.Text[len(column)+2:] == text && n.Text[:len(column)] == column
	})
	if i < 0 {
		i = len(notes)
		notes = append(notes, Note{Text: column + ": " + text})
	}
	n := &notes[i]
	n.Count++
	if len(n.Lines) < noteLines {
		n.Lines = append(n.Lines, line)
	}
	return notes
}
