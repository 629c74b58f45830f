package ledger

import (
	"cmp"
	"iter"
	"slices"
	"strconv"

	"etelecom-import/importer/phone"
)

// lines yields a result CSV's lines of all entries, by phone.
func lines(l *Ledger) iter.Seq[*Line] {
	return func(yield func(*Line) bool) {
		all := slices.SortedFunc(l.Entries(), func(a, b *Entry) int { return cmp.Compare(a.Phone, b.Phone) })
		for i, e := range all {
			line := l.Line(e)
			line.Line = strconv.Itoa(i + 2)
			if !yield(&line) {
				return
			}
		}
	}
}

// named is a process for messages.
func named(s string) Process { return Process{PID: 1, Host: s} }

func mustPhone(s string) phone.Number { return phone.Normalize(s) }
