package phone

import "strings"

// meant guesses the number behind a refused cell; 0 if nothing is likely.
func (c *cell) meant(kind Kind) Number {
	switch kind {
	case Several:
		return c.firstOf()
	case Scientific:
		return mantissa(c.text)
	case Decimal:
		return Normalize(decimal(c.text))
	case Letters:
		return Normalize(lookalikes.Replace(c.text))
	case LineBreak:
		return Normalize(strings.TrimSpace(c.text))
	case Characters:
		n, _, _ := c.number()
		return n
	case Old:
		return renewed(value(c.digits[c.n-10 : c.n]))
	case Foreign, Long:
		return c.withoutPrefix()
	case Unassigned:
		return hanoi(value(c.digits[:c.n]))
	}
	return 0
}

var lookalikes = strings.NewReplacer("O", "0", "o", "0", "l", "1", "I", "1")

// firstOf returns the first number of a cell with several, parted by a separator or not at all.
func (c *cell) firstOf() Number {
	if at := strings.IndexFunc(c.text, isSeparator); at >= 0 {
		return Normalize(c.text[:at])
	}
	return c.first()
}

// first returns the first of two numbers that stand one after the other; 0 if they do not.
func (c *cell) first() Number {
	for at := 9; at <= c.n-9 && c.n <= maxDigits; at++ {
		a, b := part(c.digits[:at], c.plus), part(c.digits[at:c.n], false)
		n, _, bad := a.number()
		if _, _, other := b.number(); bad.Kind == 0 && other.Kind == 0 {
			return n
		}
	}
	return 0
}

// withoutPrefix finds the number after a wrong beginning, such as 084, 00 or +0.
func (c *cell) withoutPrefix() Number {
	if c.n > maxDigits {
		return 0
	}
	d := c.digits[:c.n]
	for len(d) > 0 && d[0] == 0 {
		d = d[1:]
	}
	if len(d) == c.n {
		return 0
	}
	rest := part(d, false)
	n, _, _ := rest.number()
	return n
}

func part(digits []byte, plus bool) cell {
	p := cell{n: len(digits), plus: plus}
	copy(p.digits[:], digits)
	return p
}

// hanoi returns the form that a fixed line of Hanoi, once 04, has had since 2017.
func hanoi(n Number) Number {
	if n/1e8 != 4 {
		return 0
	}
	return 2e9 + n
}
