package roster

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/vietnamese"
)

// A program that ruins the names of a file ruins its header, too. Such a header is none of a file that can be read, but whoever made
// the file has to know what happened to it.

// mendTitles returns the titles of a header as they were before a program has ruined it, as far as they can be known, and what the
// program did; Intact if it did nothing.
func mendTitles(cells []string, titles []title) (mended []title, damage vietnamese.Damage) {
	var sure [len(damagedNames)]int // of each damage, the sum
	found := make([]vietnamese.Finding, len(cells))
	for i, cell := range cells {
		f := vietnamese.Inspect(cell)
		if f.Damage == vietnamese.Intact || int(f.Damage) >= len(sure) {
			continue
		}
		found[i] = f
		if sure[f.Damage] += int(f.Certainty); sure[f.Damage] > sure[damage] {
			damage = f.Damage
		}
	}
	if sure[damage] < int(vietnamese.Doubtful) {
		return nil, vietnamese.Intact
	}
	mended = slices.Clone(titles)
	for i, cell := range cells {
		if titles[i].meaning != unknown {
			continue
		}
		if found[i].Mended != "" {
			mended[i] = understand(found[i].Mended)
		}
		if mended[i].meaning == unknown {
			mended[i].meaning = outline(cell)
		}
	}
	return mended, damage
}

// ruined says what is wrong with a header because of a damage, and what to do.
func ruined(line int, damage vietnamese.Damage) error {
	if damage == vietnamese.Underscored {
		damage = vietnamese.Lost
	}
	k := &kinds[damagedNames[damage]]
	whatToDo := k.hint
	if whatToDo == enterNameAgain {
		whatToDo = saveUTF8
	}
	return csvtext.Refuse(line, 0, message.Sprintf("the header is ruined: %s", k.problem), whatToDo.String())
}

// outline returns what a ruined title means by the letters that are left of it: "H? t?n", "Há» tÃªn".
func outline(cell string) meaning {
	text, known := outlineOf(cell)
	if !strings.Contains(text, "*") || known < 2 || len(text) > maxTitle {
		return unknown
	}
	gaps := strings.Count(text, "*")
	found := other + 1 // the order of a map is none
	for key, w := range words {
		isLong := len(key) >= known && len(key) <= known+mostInGap*gaps
		if isLong && 2*known >= len(key) && fitsOutline(text, key) {
			found = min(found, w.meaning)
		}
	}
	if found > other {
		return unknown
	}
	return found
}

// mostInGap is how many letters there were in a gap, at most. There was none if it was only an accent.
const mostInGap = 2

// outlineOf returns the letters of ASCII of a title, with a star for what may have been other ones, and how many letters these are.
func outlineOf(cell string) (text string, known int) {
	var b strings.Builder
	isGap := false
	for _, r := range strings.ToLower(norm.NFC.String(strings.TrimSpace(cell))) {
		isLetter := r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
		switch {
		case isLetter:
			b.WriteRune(r)
			known++
		case r >= utf8.RuneSelf || strings.ContainsRune("?_*", r):
			if !isGap {
				b.WriteByte('*')
			}
			isGap = true
			continue
		}
		isGap = false
	}
	return b.String(), known
}

// fitsOutline reports whether a key has the letters of an outline, with nearly none in its gaps.
func fitsOutline(text, key string) bool {
	before, after, isGap := strings.Cut(text, "*")
	rest, ok := strings.CutPrefix(key, before)
	if !ok || !isGap {
		return ok && rest == ""
	}
	for n := 0; n <= min(mostInGap, len(rest)); n++ {
		if fitsOutline(after, rest[n:]) {
			return true
		}
	}
	return false
}
