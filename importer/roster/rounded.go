package roster

import "fmt"

// rounding counts how many ids end in zeros. A spreadsheet keeps 15 digits of a number and makes zeros of the rest.
// By chance, an id of 19 digits ends so once in 10,000.
type rounding struct {
	lengths [5]int // ids by the number of digits after the 15th
	zeros   int    // ids with zeros after the 15th digit
}

func (r *rounding) add(id int64) {
	extra, rounded := measure(id)
	r.lengths[extra]++
	if rounded {
		r.zeros++
	}
}

// measure returns how many digits id has after the 15th, and whether all of them are zeros.
func measure(id int64) (extra int, zeros bool) {
	tail := int64(1)
	for id/tail >= 1e15 {
		tail *= 10
		extra++
	}
	return extra, extra > 0 && id%10 == 0 && id%tail == 0
}

// rounded reports whether there are more zeros than chance explains.
func (r *rounding) rounded() bool {
	total, chance, likelihood := 0, 0.0, 0.1
	for _, ids := range r.lengths[1:] {
		total += ids
		chance += float64(ids) * likelihood
		likelihood /= 10
	}
	return r.zeros >= 2 && (2*r.zeros >= total || float64(r.zeros) > 4*chance+2)
}

// dropRounded refuses the rounded ids, and says why once for the file.
func (j *judge) dropRounded() {
	r := j.roster
	for i := range r.Rows {
		id := &r.Rows[i].ExtensionID
		if _, zeros := measure(*id); zeros {
			r.late = append(r.late, finding{row: uint32(i), kind: roundedID, arg: uint64(*id)})
			*id = 0
		}
	}
	p := Problem{
		Code: BadExtension, Column: fieldID, Kind: kinds[roundedID].name,
		Wrong: fmt.Sprintf("a spreadsheet rounded this column: %d ids end in zeros after the 15th digit, and their true ends are gone from this file", j.ids.zeros),
		Fix:   "export the ids again, and do not open the CSV with a double click: import it (Excel: Data, From Text/CSV) with this column as Text",
	}
	p.Description = p.Column + ": " + p.Wrong
	p.Message = p.Description + "; " + p.Fix
	r.fileLevel = append(r.fileLevel, p)
}
