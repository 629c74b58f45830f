package csvtext

import "etelecom-import/apiclient/message"

// Repair is something that was put right in the text, on one line or many.
type Repair struct {
	Text  string // what
	Count int    // lines
	Lines []int  // the first of them
}

// repairLines is how many lines a repair names.
const repairLines = 5

const (
	surplusCut = iota
	unwrappedLine
	doubledReturn
	endMark
	repairKinds
)

// repairs counts what was put right.
type repairs [repairKinds]Repair

func (r *repairs) note(kind, line int) {
	n := &r[kind]
	n.Count++
	if len(n.Lines) < repairLines {
		n.Lines = append(n.Lines, line)
	}
}

// told puts the repairs in words. surplus is the delimiter that was removed from line ends.
func (r *repairs) told(surplus byte) (all []Repair) {
	for kind, repair := range r {
		if repair.Count == 0 {
			continue
		}
		switch kind {
		case surplusCut:
			repair.Text = message.Sprintf("the %s at the end of each line were removed: a program had added them", lineOf[surplus])
		case unwrappedLine:
			repair.Text = message.T("the quotes around each whole line were removed")
		case doubledReturn:
			repair.Text = message.T("a doubled carriage return at a line end was read as one line end")
		case endMark:
			repair.Text = message.T("the mark at the end of the file (Ctrl-Z) was removed")
		}
		all = append(all, repair)
	}
	return all
}
