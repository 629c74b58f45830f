package workbook

import (
	"cmp"
	"slices"
)

// ranges are the merged cells of a sheet.
type ranges []Range

// add adds a range, whose corners may be in any order.
func (r *ranges) add(one Range) error {
	if len(*r) == maxMerged {
		return damaged("mergeCells")
	}
	one.FirstRow, one.LastRow = min(one.FirstRow, one.LastRow), max(one.FirstRow, one.LastRow)
	one.FirstColumn, one.LastColumn = min(one.FirstColumn, one.LastColumn), max(one.FirstColumn, one.LastColumn)
	*r = append(*r, one)
	return nil
}

// last returns the last row that has merged cells; 0 if there are none.
func (r ranges) last() (row int) {
	for _, one := range r {
		row = max(row, one.LastRow)
	}
	return row
}

// sweep finds merged cells from row to row.
type sweep struct {
	ahead []Range // that begin in later rows, in their order
	here  []Range // that have cells in the row
	work  int     // how many ranges were compared
}

// maxWork bounds how many ranges are compared. A sheet has few in one row, since they do not overlap.
const maxWork = 1 << 30

func newSweep(merged []Range) *sweep {
	merged = slices.Clone(merged)
	slices.SortFunc(merged, func(a, b Range) int { return cmp.Compare(a.FirstRow, b.FirstRow) })
	return &sweep{ahead: merged}
}

// to goes to a row.
func (s *sweep) to(row int) {
	s.here = slices.DeleteFunc(s.here, func(r Range) bool { return r.LastRow < row })
	for len(s.ahead) > 0 && s.ahead[0].FirstRow <= row {
		if s.ahead[0].LastRow >= row {
			s.here = append(s.here, s.ahead[0])
		}
		s.ahead = s.ahead[1:]
	}
	s.work += len(s.here)
}

// cover reports whether a cell of the row is below another one that it is merged with.
func (s *sweep) cover(row, column int) bool {
	s.work += len(s.here)
	return slices.ContainsFunc(s.here, func(r Range) bool {
		isFirst := row == r.FirstRow && column == r.FirstColumn
		return !isFirst && r.FirstColumn <= column && column <= r.LastColumn
	})
}
