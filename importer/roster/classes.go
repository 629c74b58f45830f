package roster

// classes are the kinds of bytes that a cell has. One look at each byte decides whether a cell needs a closer look.
type classes uint8

const (
	digits     classes = 1 << iota // 0 to 9
	letters                        // a to z, A to Z
	spaces                         // the space
	joints                         // - . ' _ which names have, too
	marks                          // other visible ASCII
	ampersands                     // &, which is a mark, too
	controls                       // what nobody sees
	wides                          // beyond ASCII
)

var classOf = func() (all [256]classes) {
	for b := range all {
		all[b] = classOfByte(byte(b))
	}
	return all
}()

func classOfByte(b byte) classes {
	switch b {
	case ' ':
		return spaces
	case '-', '.', '\'', '_':
		return joints
	case '&':
		return marks | ampersands
	}
	switch {
	case b >= 0x80:
		return wides
	case '0' <= b && b <= '9':
		return digits
	case 'a' <= b|0x20 && b|0x20 <= 'z':
		return letters
	case b < ' ' || b == 0x7F:
		return controls
	}
	return marks
}

func classesOf(cell string) (all classes) {
	for i := range len(cell) {
		all |= classOf[cell[i]]
	}
	return all
}

// has reports whether all of some classes are there.
func (c classes) has(some classes) bool { return c&some == some }

// only reports whether there is nothing but some classes.
func (c classes) only(some classes) bool { return c&^some == 0 }
