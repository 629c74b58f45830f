package workbook

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// numberFormat says how a format of a spreadsheet shows what is in a cell.
type numberFormat struct {
	class formatClass
	// shape is how the digits of a whole number are shown, if that is known: each 0, # and ? stands for a digit, or for a zero, for
	// nothing and for a space if there is none. A backslash is before every other character.
	shape     string
	zeroApart bool // a zero is shown in another way
	textApart bool // a text is shown with something else

	hidesNumbers, hidesTexts bool // nothing is shown

	only      condition // on the number; for another one, the next two are class and shape
	elseClass formatClass
	elseShape string
}

// condition is a condition on a number; the zero value is none.
type condition struct {
	operator string
	than     float64
}

// formatClass is a class of formats.
type formatClass uint8

const (
	general formatClass = iota // as they are kept
	shaped                     // whole numbers in a shape, and others rounded
	grouped                    // as shaped, and in groups of three digits from 1,000 on
	pointed                    // as shaped or grouped, and with decimals
	other                      // some other way
	dated                      // as a date or a time
)

// builtIn are the formats that a workbook uses by number and does not describe (ECMA-376 part 1, 18.8.30). Those that are missing
// are dates in some country, or are not used.
var builtIn = map[int]string{
	0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "$", 6: "$", 7: "$", 8: "$", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "$", 43: "#,##0.00", 44: "$", 48: "##0.0E+0", 49: "@",
}

// builtInFormat returns a format that the workbook does not describe.
func builtInFormat(id int) numberFormat {
	if code, ok := builtIn[id]; ok {
		return readFormat(code)
	}
	if id >= 14 && id <= 58 {
		return numberFormat{class: dated}
	}
	return numberFormat{class: other}
}

// maxFormat is how many characters a format may have in Excel.
const maxFormat = 255

// readFormat reads the code of a format, such as #,##0 or yyyy-mm-dd (ECMA-376 part 1, 18.8.31).
func readFormat(code string) numberFormat {
	if utf8.RuneCountInString(code) > maxFormat {
		return numberFormat{class: other, zeroApart: true, textApart: true}
	}
	sections := readSections(code)
	f := sections[0].format()
	if f.only = sections[0].only; f.only != (condition{}) {
		if len(sections) != 2 || sections[1].only != (condition{}) {
			return numberFormat{class: other}
		}
		otherwise := sections[1].format()
		f.elseClass, f.elseShape = otherwise.class, otherwise.shape
	}
	const zeros, texts = 2, 3
	f.zeroApart = len(sections) > zeros
	last := sections[len(sections)-1]
	isPlain := last == (section{}) || last == (section{bare: "@"})
	isOfTexts := len(sections) > texts || strings.Contains(last.bare, "@")
	f.hidesNumbers = len(sections) > 1 && sections[0] == (section{})
	f.hidesTexts = len(sections) > texts && last == (section{})
	f.textApart = isOfTexts && !isPlain
	return f
}

// section is a part of a format: of positive numbers, of negative ones, of zero, or of texts.
type section struct {
	// bare is what it does to digits, without colors and the spaces that it leaves. What stands for itself has a backslash before it.
	bare    string
	dated   bool // it shows a date
	unknown bool // it has something else, such as a currency
	only    condition
}

// readSections divides a format into its sections. There is at least one.
func readSections(code string) []section {
	list := make([]section, 1)
	s := &list[0]
	runes := []rune(code)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == ';':
			list = append(list, section{})
			s = &list[len(list)-1]
		case r == '"':
			for i++; i < len(runes) && runes[i] != '"'; i++ {
				s.literal(runes[i])
			}
		case r == '\\':
			if i++; i < len(runes) {
				s.literal(runes[i])
			}
		case r == '_':
			i++
		case r == '*': // fills the cell with a character
			if i++; i < len(runes) && runes[i] != ' ' {
				s.unknown = true
			}
		case r == '[':
			begin := i + 1
			for i++; i < len(runes) && runes[i] != ']'; i++ {
			}
			s.bracket(strings.ToLower(string(runes[begin:i])))
		case isGeneral(runes[i:]):
			s.bare += "General"
			i += len("General") - 1
		case isExponent(runes[i:]):
			s.unknown = true
			i++
		case strings.ContainsRune("dmyhsDMYHSeEgGbB", r):
			s.dated = true
		case strings.ContainsRune("0#?.,@", r):
			s.bare += string(r)
		case strings.ContainsRune(" -+()", r): // stand for themselves without a backslash
			s.literal(r)
		default:
			s.unknown = true
		}
	}
	return list
}

// literal adds a character that stands for itself.
func (s *section) literal(r rune) {
	s.bare += `\` + string(r)
	if !strings.ContainsRune("0123456789 .-+()\u00A0\u202F", r) {
		s.unknown = true // no part of a phone
	}
}

// bracket reads what is in brackets: a color, a time of more than a day, a country, a currency or a condition.
func (s *section) bracket(inside string) {
	colors := []string{"black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"}
	switch {
	case inside != "" && strings.Trim(inside, "hms") == "":
		s.dated = true
	case strings.HasPrefix(inside, "$-"), strings.HasPrefix(inside, "color"), slices.Contains(colors, inside):
	default:
		number := strings.TrimLeft(inside, "<>=")
		than, err := strconv.ParseFloat(number, 64)
		if err != nil || number == inside {
			s.unknown = true
			return
		}
		s.only = condition{strings.TrimSuffix(inside, number), than}
	}
}

// holds reports whether the condition holds for a number.
func (c condition) holds(n float64) bool {
	switch c.operator {
	case "<":
		return n < c.than
	case "<=":
		return n <= c.than
	case ">":
		return n > c.than
	case ">=":
		return n >= c.than
	case "<>":
		return n != c.than
	}
	return n == c.than
}

// of returns the format for a number. Of one with a condition, that is one of two.
func (f numberFormat) of(n float64) numberFormat {
	if f.only == (condition{}) {
		return f
	}
	if !f.only.holds(n) {
		f.class, f.shape = f.elseClass, f.elseShape
	}
	f.only = condition{}
	return f
}

// format returns how the section shows numbers.
func (s *section) format() numberFormat {
	switch {
	case s.dated:
		return numberFormat{class: dated}
	case s.unknown:
		return numberFormat{class: other}
	case s.bare == "", s.bare == "General", s.bare == "@":
		return numberFormat{class: general}
	}
	return readShape(s.bare)
}

// isGeneral reports whether a format continues with what says that numbers are shown as they are kept.
func isGeneral(format []rune) bool {
	const length = len("general")
	return len(format) >= length && strings.EqualFold(string(format[:length]), "general")
}

// isExponent reports whether a format continues with an exponent, as in 0.00E+00. An E alone is a year.
func isExponent(format []rune) bool {
	return len(format) > 1 && strings.ContainsRune("Ee", format[0]) && strings.ContainsRune("+-", format[1])
}

// readShape returns how a section shows the digits of a whole number. If it does more, or if spreadsheets differ in how they do it, that
// is some other way.
func readShape(bare string) numberFormat {
	strange := numberFormat{class: other}
	const places = "0#?"
	for _, space := range []string{`\ `, "\\\u00A0", "\\\u202F"} { // at the ends, nobody sees them
		bare = strings.TrimPrefix(strings.TrimSuffix(bare, space), space)
	}
	bare, decimals := cutPoint(bare)
	zeros := strings.TrimRight(decimals, "#")
	if strings.Trim(zeros, "0") != "" {
		return strange
	}
	var b strings.Builder
	groups, literals, digits := false, false, 0
	for i := 0; i < len(bare); i++ {
		switch c := bare[i]; {
		case c == '\\':
			_, size := utf8.DecodeRuneInString(bare[i+1:])
			b.WriteString(bare[i : i+1+size])
			i += size
			literals = true
		case c == ',':
			before, after := bare[:i], bare[i+1:]
			isBetween := strings.TrimRight(before, places) != before && strings.TrimLeft(after, places) != after
			if groups = true; !isBetween { // it divides by 1,000
				return strange
			}
		case strings.IndexByte(places, c) < 0:
			return strange
		default:
			digits++
			b.WriteByte(c)
		}
	}
	f := numberFormat{class: shaped, shape: b.String()}
	switch {
	case digits == 0, groups && literals:
		return strange
	case zeros != "":
		f.class = pointed
	case groups:
		f.class = grouped
	}
	return f
}

// cutPoint divides a section at its decimal point. A point behind a backslash is none.
func cutPoint(bare string) (whole, decimals string) {
	for i := 0; i < len(bare); i++ {
		switch bare[i] {
		case '\\':
			i++
		case '.':
			return bare[:i], bare[i+1:]
		}
	}
	return bare, ""
}

// appendShown appends a whole number as the format shows it, without the signs between groups of digits and without decimals: each
// country has other signs.
// ok is false if that is not known.
func (f numberFormat) appendShown(out, digits []byte) (_ []byte, ok bool) {
	isZero := string(digits) == "0"
	switch {
	case isZero && f.zeroApart:
		return out, false
	case f.class == general, f.class == shaped && f.shape == "0":
		return append(out, digits...), true
	case f.shape == "" || digits[0] == '-':
		return out, false
	case isZero:
		digits = nil
	}
	places := f.places()
	first := true
	for i := 0; i < len(f.shape); i++ {
		c := f.shape[i]
		if c == '\\' {
			_, size := utf8.DecodeRuneInString(f.shape[i+1:])
			out = append(out, f.shape[i+1:i+1+size]...)
			i += size
			continue
		}
		switch n := len(digits); {
		case first && n > places: // those that have no place are before the first one
			out = append(out, digits[:n-places+1]...)
		case n >= places:
			out = append(out, digits[n-places])
		case c == '0':
			out = append(out, '0')
		case c == '?':
			out = append(out, ' ')
		}
		first = false
		places--
	}
	return out, true
}

// places returns how many digits have a place in the shape.
func (f numberFormat) places() (n int) {
	literal := false
	for _, r := range f.shape {
		switch {
		case literal:
			literal = false
		case r == '\\':
			literal = true
		default:
			n++
		}
	}
	return n
}
