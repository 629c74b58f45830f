package vietnamese

// Damage is what a program did to a name.
type Damage uint8

// The kinds of damage.
const (
	Intact       Damage = iota
	Misread             // UTF-8 that was read as windows-1252, windows-1258, ISO 8859-1 or the like, once or more often
	LostLetters         // letters became "?", "_" or U+FFFD
	HTML                // entities or tags
	PercentCoded        // %E1%BB%85
	Escaped             // \u1ec5, \xe1\xbb\x85
	MailCoded           // quoted-printable, =?UTF-8?B?...?=
	Controls            // control characters
	Directions          // characters that change the direction of the text
	TCVN3               // text in TCVN3 (ABC) that was read as another encoding
	VNI
	VPS
	VISCII
	Windows1258
	VIQR       // Nguye^~n
	Underscore // a "_" that may stand for a lost letter
)

// Certainty is how sure a finding is.
type Certainty uint8

// The certainties, from the least to the most.
const (
	Remark   Certainty = iota + 1 // it is told, and no more
	Suspect                       // it is told; the name is refused where others are refused for the same damage, but is no evidence for that
	Doubtful                      // like Suspect, and it is evidence: 3 rows or 10 % of the file with the same damage are refused
	Certain                       // the name is refused
)

// Finding is what is wrong with a name. The zero value means: nothing.
type Finding struct {
	Damage    Damage
	Certainty Certainty
	Mended    string // the name as it probably was; "" if that cannot be known
}

// Inspect looks at a name as it was read, before [Clean]: what Clean removes can be a part of a ruined letter.
func Inspect(name string) Finding { return Finding{} }
