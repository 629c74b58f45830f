package secret

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Arena makes many Texts with few allocations. Its memory is freed when neither it nor any Text of it is in use. The zero
// value is ready. Like a Text, it shows nothing. It is not safe for concurrent use.
type Arena struct{ slab *slab }

// slab is memory for many Texts: their values one after another, and what the Texts point to.
type slab struct {
	texts  []string
	values *strings.Builder
}

const (
	slabTexts = 1024
	slabBytes = 32 << 10
)

// New returns a copy of s as a Text. An empty s gives the zero value.
func (a *Arena) New(s string) Text {
	if s == "" {
		return Text{}
	}
	b := a.slab
	if b == nil || len(b.texts) == cap(b.texts) || b.values.Len()+len(s) > b.values.Cap() {
		b = &slab{make([]string, 0, slabTexts), &strings.Builder{}}
		b.values.Grow(max(slabBytes, len(s)))
		a.slab = b
	}
	from := b.values.Len()
	b.values.WriteString(s)
	b.texts = append(b.texts, b.values.String()[from:])
	return Text{&b.texts[len(b.texts)-1]}
}

// String implements [fmt.Stringer].
func (Arena) String() string { return Redacted }

// GoString implements [fmt.GoStringer].
func (Arena) GoString() string { return Redacted }

// Format implements [fmt.Formatter], for every verb, width and flag.
func (Arena) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, Redacted) }

// LogValue implements [slog.LogValuer].
func (Arena) LogValue() slog.Value { return slog.StringValue(Redacted) }
