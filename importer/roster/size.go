package roster

import (
	"io"
	"io/fs"
	"slices"
)

// counter counts what is read of an input whose size may be known.
type counter struct {
	r    io.Reader
	n    int64
	size int64 // 0: not known
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// sizeOf asks r for its size; 0 if it does not know.
func sizeOf(r io.Reader) int64 {
	switch r := r.(type) {
	case interface{ Len() int }:
		return int64(r.Len())
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}

// grow makes room for the rows that are still to come, estimated from those that have been: rows are the largest
// thing in memory, and growing them by and by would need twice the room.
func (j *judge) grow(in *counter) {
	have := len(j.roster.Rows)
	if have < cap(j.roster.Rows) || have < 1000 || in.n == 0 {
		return
	}
	more := int64(float64(have) / float64(in.n) * float64(in.size-in.n) * 1.05)
	if more > 0 {
		j.roster.Rows = slices.Grow(j.roster.Rows, int(more)+1000)
	}
}
