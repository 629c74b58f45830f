package roster

import "etelecom-import/importer/spreadsheet"

// roundingStats counts how many ids end in zeros, to tell ids that a spreadsheet rounded from those that end so by chance: of
// the ids with one digit more than a spreadsheet keeps one in 10, with two digits more one in 100, and so on.
type roundingStats struct {
	lengths [5]int // ids by the number of digits that a spreadsheet would not keep
	zeros   int    // ids in which all of those are zeros
}

func (r *roundingStats) add(id int64) {
	beyond, zeros := spreadsheet.TrailingZeros(id)
	r.lengths[beyond]++
	if zeros {
		r.zeros++
	}
}

// rounded reports whether there are more zeros than chance explains.
func (r *roundingStats) rounded() bool {
	total, chance, likelihood := 0, 0.0, 0.1
	for _, ids := range r.lengths[1:] {
		total += ids
		chance += float64(ids) * likelihood
		likelihood /= 10
	}
	return r.zeros >= 2 && (2*r.zeros >= total || float64(r.zeros) > 4*chance+2)
}
