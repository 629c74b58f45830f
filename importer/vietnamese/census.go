package vietnamese

// Census counts the findings of all names of a file, to decide about those that are not certain by themselves: a program that
// ruined one name has ruined others.
type Census struct {
	names  int
	faults [damages]int // findings that are evidence, by the first damage of their fault
	each   [damages]int // the same, by their damage
	odd    int          // names that are at least Suspect to be in an old encoding
}

// Add counts a name by what [Inspect] found.
func (c *Census) Add(f Finding) {
	c.names++
	if f.Certainty >= Suspect && f.Damage.fault() == TCVN3 {
		c.odd++
	}
	if f.Certainty >= Doubtful {
		c.faults[f.Damage.fault()]++
		c.each[f.Damage]++
	}
}

// Refuses reports whether a name of the file is refused, once all are counted. Doubtful names are if at least 3 of the file have the
// same fault, or 2 that are 10 % of it. Those that are less sure are refused with them. A lone one is not. Of an old encoding, names
// that are Suspect are enough if they are most of the file's.
func (c *Census) Refuses(f Finding) bool {
	switch f.Certainty {
	case 0, Remark:
		return false
	case Certain:
		return true
	}
	const several = 3
	same := c.faults[f.Damage.fault()]
	isTenth := same == several-1 && same*10 >= c.names
	if f.Damage.fault() == TCVN3 && c.odd >= several && c.odd*2 > c.names {
		return true
	}
	return same >= several || isTenth
}

// Likely returns the finding of a name with the damage that most names of the file have, of those with the same fault: a short name
// may be Vietnamese in two old encodings.
func (c *Census) Likely(name string, f Finding) Finding {
	most := f.Damage
	for d := range damages {
		if d.fault() == f.Damage.fault() && c.each[d] > c.each[most] {
			most = d
		}
	}
	if most == f.Damage || most.fault() != TCVN3 {
		return f
	}
	if mended, ok := readAs(name, most); ok {
		f.Damage, f.Mended = most, mended
	}
	return f
}
