package secret

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestArenaKeepsTextsApart(t *testing.T) {
	var a Arena
	var texts []Text
	values := []string{"", "một", strings.Repeat("x", 3*slabBytes), "hai"}
	for i := range 3 * slabTexts {
		texts = append(texts, a.New(fmt.Sprint(values[i%len(values)], i)))
	}
	for i, text := range texts {
		if got := text.Reveal(); got != fmt.Sprint(values[i%len(values)], i) {
			t.Fatalf("text %d is %.20q", i, got)
		}
	}
	if !a.New("").IsZero() {
		t.Error("the empty text is not zero")
	}
}

func TestArenaShowsNothing(t *testing.T) {
	var a Arena
	a.New("hunter2")
	holder := struct {
		Arena Arena
		inner *Arena
	}{a, &a}
	encoded, _ := json.Marshal(holder)
	shown := fmt.Sprintf("%v %+v %#v %s %q %x %d", a, a, a, a, a, a, a) + fmt.Sprintf("%v %+v %#v %v", holder, holder, holder, &a) + string(encoded)
	if strings.Contains(shown, "hunter") {
		t.Error(shown)
	}
}
