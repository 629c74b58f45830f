package simulation

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// slip is what has become of the cells of a row, unnoticed by whoever keeps the employee file. The zero value is nothing.
type slip struct {
	kind  slipKind
	ruin  *ruin  // of the name
	value string // in place of the password
}

type slipKind uint8

const (
	noSlip           slipKind = iota
	ruinedName                // a program has ruined the name
	lostPassword              // a program has written something in place of the password
	phoneAndPassword          // are in each other's cells
	nameAndPassword           // are in each other's cells
)

// ruin is a way in which programs ruin names. Nothing of the program under test is asked for it.
type ruin struct {
	name string
	// sure says that such a name is refused wherever it is; else those of a file are if there are enough.
	sure bool
	of   func(name string) string
}

var ruins = []*ruin{
	{"UTF-8 that was read as windows-1252", true, misread},
	{"the same twice", true, func(name string) string { return misread(misread(name)) }},
	{"letters became question marks", true, everyLetter("?")},
	{"letters became U+FFFD", true, everyLetter("\uFFFD")},
	{"HTML", true, everyLetter("&#%d;")},
	{"hexadecimal HTML", true, everyLetter("&#x%X;")},
	{"codes of a program", true, everyLetter(`\u%04x`)},
	{"codes of a web address", true, everyByte("%%%02X")},
	{"codes of a mail", true, everyByte("=%02X")},
	{"a control character", true, before("\a")},
	{"a control character of the second kind", true, before("\u0092")},
	{"the mark of a direction", true, func(name string) string { return "\u202e" + name }},
	{"TCVN3", false, strings.NewReplacer(letters("©", "ª", "Ô", "Þ", "»", "Ç", "¨", "ò", "Ò", "§", "ç", "¹", "ø", "¾", "ö")...).Replace},
	{"VNI", false, strings.NewReplacer(letters("aâ", "eâ", "eã", "ò", "aè", "aà", "aê", "uõ", "eà", "Ñ", "oã", "aï", "öù", "aé", "öû")...).Replace},
	{"VIQR", false, strings.NewReplacer(letters("a^", "e^", "e^~", "i.", "a(`", "a^`", "a(", "u~", "e^`", "DD", "o^~", "a.", "u+'", "a('", "u+?")...).Replace},
}

// realNames have, beside the names that the world invents, all letters that letters has.
var realNames = []string{"Nguyễn Thị Hằng", "Trần Văn Dũng", "Đỗ Văn Mạnh", "Phạm Đức Thắng"}

// letters puts what stands in another encoding for each Vietnamese letter of the world's names beside it.
func letters(others ...string) (pairs []string) {
	for i, r := range []rune("âêễịằầăũềĐỗạứắử") {
		pairs = append(pairs, string(r), others[i])
	}
	return pairs
}

// misread reads a text as windows-1252.
func misread(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		r := charmap.Windows1252.DecodeByte(c)
		if r == '\uFFFD' { // programs take the byte as it is
			r = rune(c)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// everyLetter replaces the letters that ASCII does not have.
func everyLetter(format string) func(string) string {
	return everyRune(func(r rune) string {
		if strings.Contains(format, "%") {
			return fmt.Sprintf(format, r)
		}
		return format
	})
}

// everyByte replaces the bytes of these letters.
func everyByte(format string) func(string) string {
	return everyRune(func(r rune) (text string) {
		for _, c := range []byte(string(r)) {
			text += fmt.Sprintf(format, c)
		}
		return text
	})
}

func everyRune(replace func(rune) string) func(string) string {
	return func(name string) string {
		var b strings.Builder
		for _, r := range name {
			if r < 0x80 {
				b.WriteRune(r)
			} else {
				b.WriteString(replace(r))
			}
		}
		return b.String()
	}
}

// before puts something before the second letter.
func before(what string) func(string) string {
	return func(name string) string {
		first := []rune(name)[:1]
		return string(first) + what + name[len(string(first)):]
	}
}

// stumble lets something happen to a row.
func (w *world) stumble(e *employee) {
	kinds := []slipKind{ruinedName, ruinedName, ruinedName, ruinedName, lostPassword, lostPassword, phoneAndPassword, nameAndPassword}
	e.slip = slip{kind: kinds[w.paper.IntN(len(kinds))]}
	switch e.slip.kind {
	case ruinedName:
		e.slip.ruin = ruins[w.paper.IntN(len(ruins))]
		if w.paper.IntN(2) == 0 {
			e.name = realNames[w.paper.IntN(len(realNames))]
		}
	case lostPassword:
		values := []string{
			"#N/A", "********", "#REF!", "null", "••••••••", "[object Object]", fmt.Sprintf("%d.%05dE+11", 1+w.paper.IntN(9), 10001+w.paper.IntN(80000)),
			fmt.Sprintf("%d.0", 10_000_001+w.paper.IntN(80_000_000)),
		}
		e.slip.value = values[w.paper.IntN(len(values))]
		if strings.ContainsAny(e.slip.value[:1], "123456789") { // something of a password is left in it
			w.secrets = append(w.secrets, e.slip.value)
		}
	case nameAndPassword:
		e.name, e.password = realNames[w.paper.IntN(len(realNames))], fmt.Sprintf("S3cret-%d", 100+w.paper.IntN(900))
		w.secrets = append(w.secrets, e.password)
	}
	w.note("the row of %s: %+v, %q", e.phone, e.slip.kind, e.name)
}

// cells returns the name, the phone and the password as they are in the employee file.
func (w *world) cells(e *employee) (name, phone, password string) {
	name, phone, password = e.name, e.phone, e.password
	if e.slip.kind == nameAndPassword { // a full name shows by its capitals
		name = strings.ReplaceAll(name, " sửa", "")
	}
	switch {
	case e.slip.ruin != nil:
		name = e.slip.ruin.of(name)
	case w.night != nil:
		name = w.night.of(name)
	}
	switch e.slip.kind {
	case lostPassword:
		password = e.slip.value
	case phoneAndPassword:
		phone, password = password, phone
	case nameAndPassword:
		name, password = password, name
	}
	return name, phone, password
}

// neglect is what happens to an employee file beside what its administrator wants: programs ruin cells of it, or all of its names,
// and somebody notices sooner or later.
func (w *world) neglect() {
	if !w.careless {
		return
	}
	for i := range w.staff {
		switch e := &w.staff[i]; {
		case e.slip.kind != noSlip && w.paper.IntN(2) == 0:
			e.slip = slip{}
			w.note("the row of %s is mended", e.phone)
		case e.slip.kind == noSlip && w.paper.IntN(6) == 0:
			w.stumble(e)
		}
	}
	switch {
	case w.night != nil && w.paper.IntN(2) == 0:
		w.night = nil
		w.note("the names are mended")
	case w.night == nil && w.paper.IntN(8) == 0:
		w.night = ruins[w.paper.IntN(len(ruins))]
		w.note("all names are saved wrongly: %s", w.night.name)
	}
}
