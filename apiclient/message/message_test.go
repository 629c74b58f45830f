package message

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// vietnamese is a small catalog, with a change of order.
func vietnamese(english string) string {
	return cmp.Or(map[string]string{
		"line %d: %s":              "dòng %d: %s",
		"%d of %s are not there":   "%[2]s: thiếu %[1]d",
		"the file is empty":        "tệp trống",
		"%s cannot be read: %w":    "không đọc được %s: %w",
		"row":                      "dòng",
		"rows":                     "dòng",
		"only an untranslated one": "",
	}[english], english)
}

func TestLanguages(t *testing.T) {
	const made Text = "the file is empty"
	broken := New("the file is empty") // before the language is known, as package variables are
	wrapped := Errorf("%s cannot be read: %w", "a.csv", errors.Join(broken, io.EOF))
	for _, c := range []struct {
		name                string
		say                 func() string
		english, vietnamese string
	}{
		{"T", func() string { return T("the file is empty") }, "the file is empty", "tệp trống"},
		{"no translation", func() string { return T("only an untranslated one") }, "only an untranslated one", "only an untranslated one"},
		{"Text", made.String, "the file is empty", "tệp trống"},
		{"Text by a verb", func() string { return fmt.Sprint(made) }, "the file is empty", "tệp trống"},
		{"Sprintf", func() string { return Sprintf("line %d: %s", 7, made) }, "line 7: the file is empty", "dòng 7: tệp trống"},
		{"another order", func() string { return Sprintf("%d of %s are not there", 2, "A") }, "2 of A are not there", "A: thiếu 2"},
		{"Fprintf", func() string { var b strings.Builder; Fprintf(&b, "line %d: %s", 7, "x"); return b.String() }, "line 7: x", "dòng 7: x"},
		{"New", broken.Error, "the file is empty", "tệp trống"},
		{"Errorf", wrapped.Error, "a.csv cannot be read: the file is empty\nEOF", "không đọc được a.csv: tệp trống\nEOF"},
		{"one", func() string { return Count(1, "row", "rows") }, "1 row", "1 dòng"},
		{"many", func() string { return Count(int64(20), "row", "rows") }, "20 rows", "20 dòng"},
	} {
		if got := c.say(); got != c.english {
			t.Errorf("%s: %q, want %q", c.name, got, c.english)
		}
		Use(vietnamese)
		if got := c.say(); got != c.vietnamese {
			t.Errorf("%s: %q, want %q", c.name, got, c.vietnamese)
		}
		Use(nil)
	}
	if !errors.Is(wrapped, broken) || !errors.Is(wrapped, io.EOF) {
		t.Error("a cause is lost")
	}
}
