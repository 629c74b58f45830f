package programtest

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/ledger"
)

// Until waits for something that another goroutine or process does.
func Until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// Unharmed checks what must hold at any time: nobody is created twice or overwritten, and nobody has lost an extension.
func Unharmed(t testing.TB, r sandbox.Record) {
	t.Helper()
	for _, p := range r.People {
		if p.Creates > 1 || p.Before && p.Creates > 0 {
			t.Errorf("%s: %d creates took effect (there before: %v)", p.Phone, p.Creates, p.Before)
		}
	}
	if r.Overwrites != 0 || r.Taken != 0 {
		t.Errorf("%d passwords overwritten, %d extensions taken away", r.Overwrites, r.Taken)
	}
}

// NoSecret checks that a text that left the program holds none of the passwords, nor the key.
func NoSecret(t testing.TB, where, text string, passwords *regexp.Regexp, key string) {
	t.Helper()
	if at := passwords.FindStringIndex(text); at != nil {
		t.Errorf("a password in %s: %s", where, text[max(0, at[0]-80):min(len(text), at[1]+80)])
	}
	if strings.Contains(text, key) {
		t.Errorf("the key in %s", where)
	}
}

// Lines returns the lines of a result by phone.
func Lines(t testing.TB, result string) map[string]ledger.Line {
	t.Helper()
	f, err := os.Open(result)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := map[string]ledger.Line{}
	if err := ledger.ReadLines(f, func(_ int, l *ledger.Line) error { lines[l.Phone] = *l; return nil }); err != nil {
		t.Fatal(err)
	}
	return lines
}
