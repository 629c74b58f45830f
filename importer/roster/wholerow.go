package roster

import (
	"strings"

	"etelecom-import/importer/phone"
)

// A program that divides a file by another delimiter leaves a whole row in one cell, password and all. Such a cell is no name and no
// password, and is shown nowhere.

// leastInRow is how many parts a row has at least: a name, a phone, and one more.
const leastInRow = 3

// holdsRow reports whether a cell holds a whole row: a phone between delimiters.
func holdsRow(cell string) bool {
	if longestNumber(cell) < leastPhone || !strings.ContainsAny(cell, ",;|\t") {
		return false
	}
	for _, delimiter := range []string{",", ";", "|", "\t"} {
		parts := strings.Split(cell, delimiter)
		if len(parts) < leastInRow {
			continue
		}
		for _, part := range parts {
			if phone.Normalize(strings.TrimSpace(part)) != 0 {
				return true
			}
		}
	}
	return false
}

// leastPhone is how many digits a phone has at least, without its 0.
const leastPhone = 9

// longestNumber returns how many digits the longest number of a text has. Spaces and points between digits do not end it.
func longestNumber(text string) (longest int) {
	n := 0
	for i := range len(text) {
		switch b := text[i]; {
		case '0' <= b && b <= '9':
			n++
			longest = max(longest, n)
		case b == ' ' || b == '.':
		default:
			n = 0
		}
	}
	return longest
}

// holdsPassword reports whether a name has the row's own password in it, which is then shown with the name. A short password, or one of
// letters alone, may be a part of a name.
func holdsPassword(name, password string) bool {
	const least = 6
	if len(password) < least || len(name) < len(password) || !strings.Contains(name, password) {
		return false
	}
	return classesOf(password)&^(letters|wides|spaces) != 0
}
