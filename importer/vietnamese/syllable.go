package vietnamese

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// A syllable is an onset, which may be absent, and a rime: vowels, and a coda that may be absent. Its tone is marked on one of the
// vowels. Words of several syllables are written apart, so that in a name each word is a syllable.

// rimeList has the rimes of the language without their tones.
const rimeList = "a/ac/ach/ai/am/an/ang/anh/ao/ap/at/au/ay/ăc/ăm/ăn/ăng/ăp/ăt/âc/âm/ân/âng/âp/ât/âu/ây/" +
	"e/ec/em/en/eng/eo/ep/et/ê/êch/êm/ên/ênh/êp/êt/êu/" +
	"i/ia/ich/im/in/inh/ip/it/iu/iêc/iêm/iên/iêng/iêp/iêt/iêu/" +
	"o/oc/oi/om/on/ong/op/ot/ooc/oong/ô/ôc/ôi/ôm/ôn/ông/ôp/ôt/ơ/ơi/ơm/ơn/ơp/ơt/" +
	"u/ua/uc/ui/um/un/ung/up/ut/uôc/uôi/uôm/uôn/uông/uôt/ư/ưa/ưc/ưi/ưm/ưng/ưt/ưu/ươc/ươi/ươm/ươn/ương/ươp/ươt/ươu/" +
	"oa/oac/oach/oai/oam/oan/oang/oanh/oao/oap/oat/oay/oăc/oăm/oăn/oăng/oăt/oe/oem/oen/oeo/oet/" +
	"uâc/uân/uâng/uât/uây/uê/uêch/uên/uênh/uêt/uơ/uy/uya/uych/uyn/uynh/uyp/uyt/uyu/uyên/uyêt/" +
	"y/yêm/yên/yêng/yêt/yêu/ych/yn/ynh/yp/yt"

// rime is a rime, ready to be compared.
type rime struct {
	letters [4]letter
	vowels  uint8 // how many of the letters are vowels
	size    uint8
	tones   uint8 // a bit for each letter that the tone may be on
	stop    bool  // the coda is c, ch, p or t: the tone is sharp or heavy
}

// follows reports whether the rime is written so after an onset.
func (r *rime) follows(o onset) bool {
	first, second := r.letters[0], r.letters[1]
	front := first == letterE || first == letterEh || first == letterI
	switch o {
	case absent: // iên is written yên
		if first == letterY {
			return second == 0 || second == letterEh
		}
		return first != letterI || second != letterEh
	case backOnly:
		return !front && first != letterY
	case frontOnly:
		return front
	case beforeI:
		return first == letterI
	case withI:
		return first != letterI && first != letterY
	case round:
		return !isOneOf(first, letterO, letterU, letterUh)
	}
	return first != letterY || second == 0
}

// rimes has the rimes by their letters.
var rimes = makeRimes()

// allRimes has them one after the other.
var allRimes = slices.Collect(maps.Values(rimes))

func makeRimes() map[uint32]rime {
	table := map[uint32]rime{}
	for text := range strings.SplitSeq(rimeList, "/") {
		var r rime
		for _, c := range text {
			l := markOf(c).letter()
			r.letters[r.size] = l
			if l.isVowel() {
				r.vowels++
			}
			r.size++
		}
		r.tones = tonePlaces(text, int(r.vowels))
		r.stop = strings.HasSuffix(text, "ch") || strings.ContainsAny(text[len(text)-1:], "cpt")
		table[key(r.letters[:r.size])] = r
	}
	return table
}

// tonePlaces returns on which letters of a rime the tone may be. Two ways of writing are in use where a rounded vowel comes first:
// hoà and hòa. Typists also put it there if a consonant follows: hòang beside hoàng.
func tonePlaces(text string, vowels int) uint8 {
	for _, glide := range []string{"oa", "oe", "uy", "oo"} {
		if strings.HasPrefix(text, glide) && !strings.HasPrefix(text, "uyê") {
			return 0b11
		}
	}
	second := []rune(text + " ")[1]
	switch {
	case strings.HasPrefix(text, "uyê"):
		return 0b100
	case vowels > 1 && strings.ContainsRune("êơôâă", second): // the letter with a mark has the tone, too
		return 0b10
	}
	return 0b1
}

// key puts the letters of a rime into one number.
func key(letters []letter) (k uint32) {
	for _, l := range letters {
		k = k<<6 | uint32(l)
	}
	return k
}

// syllable is a word of up to eight letters.
type syllable struct {
	letters [maxLetters]letter
	size    int
	tone    tone
	toneAt  int  // the letter with the mark; -1 if there is none
	beyond  bool // it has a letter that ASCII lacks
	odd     bool // a capital that ASCII lacks comes after a small letter
	gaps    int  // how many letters are not known
}

// maxLetters is the most letters that a syllable has, as in nghiêng, and one for a word that goes on.
const maxLetters = 8

// parse reads a word. It fails if the word has other characters than letters of Vietnamese, too many, or two tones. Where a
// letter may be lost, "?" and "_" are a letter that is not known.
func parse(word string, mayBeLost bool) (s syllable, ok bool) {
	s.toneAt = -1
	small := false
	for i := 0; i < len(word); {
		r, n := rune(word[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(word[i:])
		}
		i += n
		if s.size == maxLetters {
			return s, false
		}
		if mayBeLost && (r == '?' || r == '_') {
			s.letters[s.size] = lost
			s.size++
			s.gaps++
			continue
		}
		m := markOf(r)
		if m == 0 {
			return s, false
		}
		if m.tone() != level {
			if s.toneAt >= 0 {
				return s, false
			}
			s.tone, s.toneAt = m.tone(), s.size
		}
		if n > 1 {
			s.beyond = true
			s.odd = s.odd || small && m.upper()
		}
		small = !m.upper()
		s.letters[s.size] = m.letter()
		s.size++
	}
	return s, s.size > 0
}

// IsSyllable reports whether a word is a syllable of Vietnamese: letters in NFC, in any case. The tone may be at either of its
// places (hoà, hòa), and i or y be written where both are in use (lý, lí).
func IsSyllable(word string) bool {
	s, ok := parse(word, false)
	return ok && s.valid(false)
}

// hasVowel reports whether a word has a vowel: abbreviations have none.
func (s *syllable) hasVowel() bool {
	for _, l := range s.letters[:s.size] {
		if l.isVowel() {
			return true
		}
	}
	return false
}

// Letters by which onsets are told apart.
var (
	letterC, letterD, letterE, letterEh = markOf('c').letter(), markOf('đ').letter(), markOf('e').letter(), markOf('ê').letter()
	letterG, letterH, letterI, letterK  = markOf('g').letter(), markOf('h').letter(), markOf('i').letter(), markOf('k').letter()
	letterN, letterO, letterP, letterQ  = markOf('n').letter(), markOf('o').letter(), markOf('p').letter(), markOf('q').letter()
	letterR, letterT, letterU, letterUh = markOf('r').letter(), markOf('t').letter(), markOf('u').letter(), markOf('ư').letter()
	letterY, letterF                    = markOf('y').letter(), markOf('f').letter()
)

// onset is how a syllable begins, as far as it matters for what can follow.
type onset uint8

const (
	absent    onset = iota
	backOnly        // c, g, ng: before e, ê and i it is written in another way
	frontOnly       // gh, ngh
	beforeI         // gi, of which the i is a part of the rime: gì, giếng
	withI           // gi before another rime: gia
	round           // qu
	plain           // all others
)

// splitOnset returns the onset and how many letters it has; ok is false if the word begins as no syllable does.
func (s *syllable) splitOnset() (o onset, size int, ok bool) {
	first, second, third := s.letters[0], s.letters[1], s.letters[2]
	switch {
	case first.isVowel():
		return absent, 0, true
	case first == letterN && second == letterG && third == letterH:
		return frontOnly, 3, true
	case first == letterN && second == letterG:
		return backOnly, 2, true
	case first == letterG && second == letterH:
		return frontOnly, 2, true
	case first == letterG && second == letterI:
		return withI, 2, true
	case first == letterG:
		return backOnly, 1, true
	case first == letterC && second != letterH:
		return backOnly, 1, true
	case first == letterQ:
		return round, 2, second == letterU
	case second == letterH && isOneOf(first, letterC, letterK, letterN, letterP, letterT):
		return plain, 2, true
	case first == letterT && second == letterR:
		return plain, 2, true
	}
	return plain, 1, first != lost && first < letterF
}

func isOneOf(l letter, of ...letter) bool {
	for _, o := range of {
		if l == o {
			return true
		}
	}
	return false
}

// valid reports whether the syllable is one of Vietnamese. If bare, one without any mark of its tone is enough where the
// language demands one: "dat" for "đạt".
func (s *syllable) valid(bare bool) bool {
	o, size, ok := s.splitOnset()
	if !ok {
		return false
	}
	return s.fits(o, size, bare) || o == withI && s.fits(beforeI, 1, bare)
}

// fits reports whether the letters from a given one on are a rime that can follow the onset.
func (s *syllable) fits(o onset, from int, bare bool) bool {
	size := s.size - from
	if size < 1 || size > len(rime{}.letters) {
		return false
	}
	r, ok := rimes[key(s.letters[from:s.size])]
	return ok && s.carries(&r, o, from, bare) && r.follows(o)
}

// carries reports whether the tone is one that the rime can have, and on a letter that can have it.
func (s *syllable) carries(r *rime, o onset, from int, bare bool) bool {
	switch {
	case s.toneAt < 0:
		return !r.stop || bare || s.gaps > 0
	case r.stop && s.tone != sharp && s.tone != heavy:
		return false
	case s.toneAt < from:
		return o == round && s.toneAt == 1 // qúy, as typists write
	}
	return r.tones>>(s.toneAt-from)&1 != 0
}

// mayBeSyllable reports whether a word in which letters are lost, "?" or "_", can have been a syllable. What programs lose is a
// vowel with a mark, or đ.
func mayBeSyllable(word string) bool {
	s, ok := parse(word, true)
	if !ok {
		return false
	}
	if s.letters[0] == lost {
		if s.completes(absent, 0) {
			return true
		}
		s.letters[0] = letterD
	}
	o, size, ok := s.splitOnset()
	if !ok {
		return false
	}
	return s.completes(o, size) || s.letters[0] == letterG && s.completes(beforeI, 1)
}

// completes is like fits, with letters that are not known.
func (s *syllable) completes(o onset, from int) bool {
	for _, r := range allRimes {
		if s.agrees(&r, from) && s.carries(&r, o, from, false) && r.follows(o) {
			return true
		}
	}
	return false
}

// agrees reports whether the letters that are known are those of the rime, and the others can have been lost: ASCII lacks them, or
// they had the tone.
func (s *syllable) agrees(r *rime, from int) bool {
	if int(r.size) != s.size-from {
		return false
	}
	for i := range int(r.size) {
		is, known := r.letters[i], s.letters[from+i]
		mayBeLost := markedVowels>>is&1 != 0 || s.toneAt < 0 && r.tones>>i&1 != 0
		if known != is && (known != lost || !mayBeLost) {
			return false
		}
	}
	return true
}
