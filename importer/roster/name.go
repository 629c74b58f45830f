package roster

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/spreadsheet"
	"etelecom-import/importer/vietnamese"
)

// A created name cannot be changed by any call that is documented, so a ruined one is for ever: names are looked at as closely as
// ids are.

// damagedNames has the kind of problem of each damage that a program does to names.
var damagedNames = [...]kind{
	vietnamese.Misread:     misreadName,
	vietnamese.Lost:        damagedName,
	vietnamese.Underscored: underscoreName,
	vietnamese.HTML:        htmlName,
	vietnamese.Percent:     percentName,
	vietnamese.Escaped:     escapedName,
	vietnamese.Mail:        mailName,
	vietnamese.Apart:       apartName,
	vietnamese.Control:     controlInName,
	vietnamese.Direction:   directionName,
	vietnamese.TCVN3:       tcvn3Name,
	vietnamese.VNI:         vniName,
	vietnamese.Windows1258: windows1258Name,
	vietnamese.VPS:         vpsName,
	vietnamese.VISCII:      visciiName,
	vietnamese.VIQR:        viqrName,
	vietnamese.Typed:       typedName,
}

// nameCell is a cell that holds a name.
type nameCell struct {
	v    *validator
	text string
}

// read returns the name as it is sent, "" if it cannot be, and notes what is wrong with it or was repaired.
func (c *nameCell) read() string {
	if c.text != "" && vietnamese.IsIntact(c.text) && !vietnamese.MayBeTyped(c.text) {
		return c.text
	}
	if strings.TrimFunc(c.text, isInvisible) == "" {
		c.v.found(finding{kind: noName, ofContent: c.v.roster.Dialect.List}) // somebody who is there needs none
		return ""
	}
	f := vietnamese.Inspect(c.text)
	if f.Damage == vietnamese.Intact {
		f = vietnamese.InspectTyped(c.text)
	}
	// rule: ruined-name
	if f.Damage != vietnamese.Intact {
		c.v.found(finding{kind: damagedNames[f.Damage], arg: uint64(f.Certainty), value: c.mended(f)})
		if f.Certainty == vietnamese.Certain && !c.v.roster.allowNames {
			return "" // whoever was created with a name keeps it in the result
		}
	}
	if strings.ContainsRune(c.text, '\n') {
		c.text = strings.ReplaceAll(c.text, "\n", " ")
		c.v.found(finding{kind: lineBreakInName})
	}
	name, changed := vietnamese.Clean(c.text)
	if changed && name != norm.NFC.String(c.text) { // letters that are composed differently look the same
		c.v.found(finding{kind: cleanedName})
	}
	if fixed, changed := vietnamese.FixEth(name); changed {
		name = fixed
		c.v.found(finding{kind: ethInName})
	}
	return name
}

// mended keeps what a name probably was, if it may be shown: in a column that was taken for the names by mistake, it may be a
// password. One is hardly several words of letters alone, all with capitals and with Vietnamese ones among them. Where marks turned the
// direction of a name, nobody knows in which order its letters were meant.
func (c *nameCell) mended(f vietnamese.Finding) string {
	name := f.Mended
	isOther := func(r rune) bool { return !unicode.IsLetter(r) && r != ' ' }
	isSmall := func(word string) bool { return !isCapital(word) }
	words := strings.Fields(name)
	severalWords := len(words) > 1 && !strings.ContainsFunc(name, isOther) && !slices.ContainsFunc(words, isSmall)
	if !severalWords || f.Damage == vietnamese.Direction || !vietnamese.LooksVietnamese(name) {
		return ""
	}
	if f.Damage == vietnamese.Typed && !isFamilyName(words[0]) {
		return "" // people type passwords so, too
	}
	return c.v.texts.keep(name)
}

// damageOf returns what a program did to a name, by the kind of its finding; Intact if the finding is another one.
func damageOf(k kind) vietnamese.Damage {
	return vietnamese.Damage(max(0, slices.Index(damagedNames[:], k)))
}

// showMended is the detail of damaged names: what the name probably was.
func showMended(p *Problem, w *Words) {
	if w.Value != "" {
		w.Problem = message.Sprintf("%s: probably %s", w.Problem, w.Value)
	}
	w.Value = "" // it is not the cell
}

// isFormula reports whether a name is a formula of a spreadsheet: =A2&B2, +SUM(A1), @VLOOKUP(...). Nobody is called so.
func isFormula(name string) bool {
	if name == "" || !spreadsheet.StartsFormula(name) {
		return false
	}
	if name[0] == '=' {
		return true
	}
	body := strings.TrimLeft(name[1:], "$+-@=")
	n := 0
	for n < len(body) && (classOf[body[n]] == letters || body[n] == '$') {
		n++
	}
	mayBeFunction := name[0] != '-' && isFunction(body[n:]) // -Lan(kho)
	return n > 0 && (mayBeFunction || isCellOfSheet(body[:n], body[n:]))
}

// isFunction reports whether what follows a word makes it a function: SUM(A1).
func isFunction(rest string) bool { return strings.HasPrefix(rest, "(") && strings.Contains(rest, ")") }

// isCellOfSheet reports whether some letters and what follows are a cell of a spreadsheet, alone or with more of a formula: A2, A2&B2.
func isCellOfSheet(column, rest string) bool {
	after := strings.TrimLeft(rest, "$0123456789")
	isPlace := len(strings.Trim(column, "$")) <= 3 && strings.ToUpper(column) == column && len(after) < len(rest)
	return isPlace && (after == "" || strings.IndexByte("+-*/&:^,);", after[0]) >= 0)
}
