package hint

import (
	"errors"
	"fmt"
	"testing"

	"etelecom-import/apiclient/message"
)

// silent is an error of a kind that may have a hint, and has none.
type silent struct{ error }

func (silent) Hint() string    { return "" }
func (s silent) Unwrap() error { return s.error }

func TestOf(t *testing.T) {
	inner := New("no key", "name one")
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("plain. Not a hint: at all"), ""},
		{inner, "name one"},
		{fmt.Errorf("read it: %w", inner), "name one"},
		{errors.Join(errors.New("plain"), inner), "name one"},
		{With(inner, "do another thing"), "do another thing"},
		{silent{inner}, "name one"},
		{silent{errors.New("plain")}, ""},
	} {
		if got := Of(c.err); got != c.want {
			t.Errorf("of %v: %q, want %q", c.err, got, c.want)
		}
	}
	if text := With(fmt.Errorf("a: %w", inner), "x").Error(); text != "a: no key" {
		t.Errorf("the text is %q", text)
	}
}

// TestTranslation: an error that is made before the language is known is shown in that language.
func TestTranslation(t *testing.T) {
	early := New("no key", "name one")
	message.Use(func(english string) string {
		return map[string]string{"no key": "không có khóa", "name one": "hãy nêu tên"}[english]
	})
	defer message.Use(nil)
	if text, way := early.Error(), Of(fmt.Errorf("%w", early)); text != "không có khóa" || way != "hãy nêu tên" {
		t.Errorf("the error is %q, its hint %q", text, way)
	}
}
