package roster

import (
	"io"
	"io/fs"
	"slices"
)

// counter counts what is read of an input whose size may be known. It repeats an error for ever: whoever peeks would
// swallow it.
type counter struct {
	r    io.Reader
	n    int64
	size int64 // 0: not known
	err  error
}

func (c *counter) Read(p []byte) (n int, err error) {
	if c.err == nil {
		n, c.err = c.r.Read(p)
		c.n += int64(n)
	}
	return n, c.err
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

// grow makes room for the rows that are still to come, estimated from those that have been, which stood in the first
// so many bytes of the text: rows are the largest thing in memory, and growing them by and by would take it twice.
func (j *judge) grow(in *counter, l *lines, read int64) {
	have := len(j.roster.Rows)
	if have < cap(j.roster.Rows) || have < 5000 || read == 0 {
		return
	}
	// A byte of text may be more or less than one of the file.
	read = int64(float64(read) * float64(in.n) / float64(l.taken+int64(l.src.Buffered())))
	if more := float64(have) * float64(in.size-read) / float64(read); more > 0 {
		j.roster.Rows = slices.Grow(j.roster.Rows, int(more*1.03)+100)
	}
}
