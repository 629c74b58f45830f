// Package firstpassword makes the first passwords of people, and writes them into a copy of their employee file, for the command passwords.
//
//   - What a password looks like is in generate.go.
//   - Who gets one is in fill.go ([Fill]). The copy is read again, and must say the same of everybody as the file did.
//   - How a copy is written, row for row, as a CSV or as a workbook, is in output.go.
//
// It reads bytes and gives bytes, and makes no call. Apart from those bytes, no password leaves it but as a [secret.Text].
package firstpassword

import (
	"io"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
)

// People type a first password once, on a phone, from a slip of paper. So it is letters, then digits, and all small: a phone shows
// letters and digits on two keyboards, and capitals on a third. A slip is read in whatever font it is printed in, so nothing is in it
// that looks like something else: no i, l, o, q, g, b, s, z, no m beside n and r, and no 0, 1, 2, 5, 6, 8, 9. There are no vowels, no w and no d either. With
// them, a Vietnamese keyboard makes other letters of the ones that are typed (aa, dd, w), and a password could be a word.
const (
	letters = "cfhjknprtvx"
	digits  = "347"
)

// The lengths of a password. The platform wants 8 characters when people register themselves; longer ones than 32, nobody types.
const (
	MinLength     = 8
	MaxLength     = 32
	DefaultLength = 12
)

// digitsOf returns how many of the characters of a password are digits. There are fewer digits than letters that can be told from
// everything else, so a letter is worth more: 12 characters are one of 230 thousand million passwords.
func digitsOf(length int) int { return max(1, length/6) }

// CheckLength refuses a length that no password should have.
func CheckLength(length int) error {
	if length < MinLength || length > MaxLength {
		return message.Errorf("a first password has %d to %d characters, and not %d", MinLength, MaxLength, length)
	}
	return nil
}

// generator makes passwords.
type generator struct {
	random io.Reader // of crypto/rand
	length int
}

// next returns a new password. One that has a character three times in a row is thrown away as a whole: people lose count.
func (g *generator) next() (secret.Text, error) {
	for {
		text, err := g.any()
		if err != nil {
			return secret.Text{}, err
		}
		if !repeats(text) {
			return secret.New(string(text)), nil
		}
	}
}

// repeats reports whether a text has a character three times in a row.
func repeats(text []byte) bool {
	for i := 2; i < len(text); i++ {
		if text[i] == text[i-1] && text[i] == text[i-2] {
			return true
		}
	}
	return false
}

// any returns as many letters and digits as a password has.
func (g *generator) any() ([]byte, error) {
	text := make([]byte, 0, MaxLength)
	for len(text) < g.length {
		alphabet := letters
		if len(text) >= g.length-digitsOf(g.length) {
			alphabet = digits
		}
		c, err := g.one(alphabet)
		if err != nil {
			return nil, err
		}
		text = append(text, c)
	}
	return text, nil
}

// one chooses a character. The numbers at the end of a byte's range that would make some characters likelier than others are thrown
// away.
func (g *generator) one(alphabet string) (byte, error) {
	n := len(alphabet)
	usable := 256 - 256%n
	var b [1]byte
	for {
		if _, err := io.ReadFull(g.random, b[:]); err != nil {
			return 0, message.Errorf("this computer gives no random numbers: %w", err)
		}
		if int(b[0]) < usable {
			return alphabet[int(b[0])%n], nil
		}
	}
}
