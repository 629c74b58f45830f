package phone

// read makes a number of the cell. What was meant by one that is refused is not guessed here.
func (c *cell) read() (Number, repair, Error) {
	if kind := c.unreadable(); kind != 0 {
		return 0, 0, Error{Kind: kind, Digits: c.n}
	}
	return c.number()
}

// unreadable says what keeps the cell from being one number, before its digits are looked at; 0 for nothing.
func (c *cell) unreadable() Kind {
	switch {
	case c.n == 0 && c.oddities == 0 && !c.plus:
		return Empty
	case c.oddities&lineBreaks != 0:
		return LineBreak
	case c.oddities&letters != 0 && isScientific(c.text):
		return Scientific
	case decimal(c.text) != "":
		return Decimal
	case c.oddities&letters != 0:
		return Letters
	case c.oddities&characters != 0:
		return Characters
	case c.oddities&separators != 0 && c.n > 11, c.oddities == 0 && c.first() != 0:
		return Several
	case c.oddities != 0:
		return Characters
	}
	return 0
}

// number makes a number of the digits alone.
func (c *cell) number() (Number, repair, Error) {
	if c.n > maxDigits {
		return 0, 0, Error{Kind: Long, Digits: c.n, Want: 10}
	}
	d, how, kind := c.significant()
	if kind != 0 {
		return 0, 0, Error{Kind: kind, Digits: c.n}
	}
	n := value(d)
	if len(d) > 0 && d[0] != 0 && n.valid() {
		return n, how, Error{}
	}
	return 0, 0, c.misfit(d, how)
}

// significant returns the digits after the 0 or the country code, and what was repaired to get at them.
func (c *cell) significant() ([]byte, repair, Kind) {
	d := c.digits[:c.n]
	rest, abroad := c.afterCountry()
	switch {
	case isHotline(d):
		return nil, 0, Hotline
	case abroad && len(rest) > 0 && rest[0] == 0:
		return rest[1:], surplusZero, 0
	case abroad:
		return rest, 0, 0
	case c.plus, len(d) > 1 && d[0] == 0 && d[1] == 0:
		return nil, 0, Foreign
	case len(d) > 0 && d[0] == 0:
		return d[1:], 0, 0
	}
	return d, missingZero, 0
}

// afterCountry returns the digits after 84, +84 or 0084; false if there is no country code.
func (c *cell) afterCountry() ([]byte, bool) {
	d, abroad := c.digits[:c.n], c.plus
	if !abroad && len(d) > 4 && d[0] == 0 && d[1] == 0 {
		d, abroad = d[2:], true
	}
	if len(d) < 2 || d[0] != 8 || d[1] != 4 {
		return nil, false
	}
	return d[2:], abroad || len(d) >= 11
}

// misfit says what is wrong with significant digits that are no number.
func (c *cell) misfit(d []byte, how repair) Error {
	want := 9
	if len(d) > 0 && d[0] == 2 {
		want = 10
	}
	bad := Error{Kind: Unassigned, Digits: c.n, Want: c.n - len(d) + want}
	if how == missingZero {
		bad.Want++
	}
	switch {
	case len(d) == 10 && renewed(value(d)) != 0:
		bad.Kind = Old
	case bad.Digits < bad.Want && len(d) < want:
		bad.Kind = Short
	case bad.Digits > bad.Want:
		bad.Kind = Long
	}
	return bad
}

func value(d []byte) Number {
	var n Number
	for _, v := range d[:min(len(d), 11)] {
		n = n*10 + Number(v)
	}
	return n
}

func isHotline(d []byte) bool {
	return len(d) >= 8 && len(d) <= 10 && d[0] == 1 && (d[1] == 8 || d[1] == 9) && d[2] == 0 && d[3] == 0
}
