package vietnamese

import "unicode"

// letter is a letter of the Vietnamese alphabet without its tone, or one of f, j, w and z, which only names from elsewhere have.
// The zero value is no letter of theirs.
type letter uint8

// alphabet has the letters in their order: the first is letter 1.
const alphabet = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"

// lost stands for a letter that is not known.
const lost letter = 63

// tone is what a syllable is sung with. Its mark is on one of the vowels.
type tone uint8

// The tones.
const (
	level   tone = iota // ngang, without a mark
	sharp               // sắc
	falling             // huyền
	asking              // hỏi
	broken              // ngã
	heavy               // nặng
)

// toned has each vowel with its tones, in the order of the constants.
var toned = []string{
	"aáàảãạ", "ăắằẳẵặ", "âấầẩẫậ", "eéèẻẽẹ", "êếềểễệ", "iíìỉĩị", "oóòỏõọ", "ôốồổỗộ", "ơớờởỡợ", "uúùủũụ", "ưứừửữự", "yýỳỷỹỵ",
}

// mark is a letter with its tone and case, in one number.
type mark uint16

func (m mark) letter() letter { return letter(m & 63) }
func (m mark) tone() tone     { return tone(m >> 6 & 7) }
func (m mark) upper() bool    { return m>>9 != 0 }

// Letters of Vietnamese are in two places of Unicode: up to ư, and the letters with two marks or the rarer tones.
const (
	latinEnd     = 'ư' + 1
	extendedFrom = 'Ạ'
	extendedEnd  = 'ỹ' + 1
)

// marks has what is known of each character of the two places.
var marks = makeMarks()

func makeMarks() (table [latinEnd + extendedEnd - extendedFrom]mark) {
	set := func(r rune, l letter, t tone) {
		m := mark(l) | mark(t)<<6
		table[place(r)] = m
		table[place(unicode.ToUpper(r))] = m | 1<<9
	}
	number := map[rune]letter{}
	for _, r := range alphabet {
		number[r] = letter(len(number) + 1)
		set(r, number[r], level)
	}
	for _, vowel := range toned {
		var of letter
		t := level
		for _, r := range vowel {
			if t == level {
				of = number[r]
			}
			set(r, of, t)
			t++
		}
	}
	return table
}

// place returns where a character is in marks, or -1.
func place(r rune) int {
	switch {
	case r < latinEnd:
		return int(r)
	case r >= extendedFrom && r < extendedEnd:
		return int(r - extendedFrom + latinEnd)
	}
	return -1
}

// markOf returns what is known of a character; 0 if it is no letter of Vietnamese, nor of ASCII.
func markOf(r rune) mark {
	if at := place(r); at >= 0 {
		return marks[at]
	}
	return 0
}

// isVietnamese reports whether a character is a letter that Vietnamese has and ASCII lacks.
func isVietnamese(r rune) bool { return r >= 0x80 && markOf(r) != 0 }

// isVowel reports whether a letter is one of the twelve vowels.
func (l letter) isVowel() bool { return vowels>>l&1 != 0 }

// Vowels, and those of them that ASCII lacks, with a bit for each letter.
var (
	vowels       = bitsOf("aăâeêioôơuưy")
	markedVowels = bitsOf("ăâêôơư")
)

func bitsOf(letters string) (bits uint64) {
	for _, r := range letters {
		bits |= 1 << markOf(r).letter()
	}
	return bits
}
