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
		switch d := edits(bare(word), bare(name)); {
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

// edits returns how many letters have to be changed, added, dropped or exchanged with their neighbour to make one word of another.
func edits(from, to string) int {
	a, b := []rune(from), []rune(to)
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for k := range row {
		row[k] = k
	}
	for i := range len(a) {
		next[0] = i + 1
		for k := range len(b) {
			cost := row[k]
			if a[i] != b[k] {
				cost++
			}
			next[k+1] = min(cost, row[k+1]+1, next[k]+1)
			if exchanged := i > 0 && k > 0 && a[i] == b[k-1]; exchanged && a[i-1] == b[k] {
				next[k+1] = min(next[k+1], before[k-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}
