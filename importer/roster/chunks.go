package roster

import "strings"

// chunks keeps strings one beside the other, so that a short one costs no allocation of its own and does not hold on
// to the record that it came in, password and all.
type chunks struct{ last *strings.Builder }

const chunkSize = 64 << 10

func (c *chunks) keep(s string) string {
	if c.last == nil || c.last.Len()+len(s) > c.last.Cap() {
		c.last = &strings.Builder{}
		c.last.Grow(max(chunkSize, len(s)))
	}
	from := c.last.Len()
	c.last.WriteString(s)
	return c.last.String()[from:]
}
