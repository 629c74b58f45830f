package cli

import (
	"slices"
	"strings"
	"unicode"
)

// similar returns the name that somebody probably meant by a word: the only closest one, which differs in capitals, in separators, by
// a slip or two, or in its end. It is "" if there is none, or if two are as close.
func similar(word string, names []string) string {
	const slips = 2
	best, closest, many := "", slips+1, false
	for _, name := range names {
		switch d := distance(bare(word), bare(name)); {
		case d < closest:
			best, closest, many = name, d, false
		case d == closest:
			many = true
		}
	}
	short := closest > 0 && len([]rune(bare(word))) <= closest+1 // half of the word would be another one
	if best != "" && !many && !short {
		return best
	}
	if begins := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return len(bare(word)) < 3 || !strings.HasPrefix(bare(name), bare(word))
	}); len(begins) == 1 {
		return begins[0]
	}
	return ""
}

// bare returns a word in small letters, without hyphens and what people write in their place.
func bare(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-_‐‑–—−", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, word)
}

// distance counts the slips between two words: a letter that is missing, too many, another one, or two that have changed places.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			changed := rows[i-1][j-1]
			if x[i-1] != y[j-1] {
				changed++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, changed)
			haveTwo := i > 1 && j > 1
			if haveTwo && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
