package roster

import "unicode/utf8"

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

// lookAt returns the classes of a cell, and whether it is plain.
func lookAt(cell string) (all classes, isPlain bool) {
	isPlain = cell != "" && cell[0] > ' ' && cell[0] != 0xC2
	for i := 0; i < len(cell); {
		b := cell[i]
		c := classOf[b]
		all |= c
		switch {
		case c == controls:
			isPlain = false
			i++
		case b < utf8.RuneSelf:
			i++
		case b >= 0xC3 && b <= 0xCB: // Latin letters: U+00C0 to U+02FF
			i += 2
		case b == 0xE1 && isLatinAdditional(cell[i:]):
			i += 3
		default:
			r, n := utf8.DecodeRuneInString(cell[i:])
			isPlain = isPlain && plainRune(r)
			i += n
		}
	}
	return all, isPlain
}

// isLatinAdditional reports whether a text that begins with the byte E1 begins with one of U+1E00 to U+1EFF: Latin letters with two
// marks.
func isLatinAdditional(text string) bool { return len(text) > 2 && text[1] >= 0xB8 && text[1] <= 0xBB }

// has reports whether all of some classes are there.
func (c classes) has(some classes) bool { return c&some == some }

// only reports whether there is nothing but some classes.
func (c classes) only(some classes) bool { return c&^some == 0 }
