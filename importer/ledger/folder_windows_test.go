package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Result and journal get their names while they are open; a result that another program has open is found out before the
// first intent.
func TestReplacingOpenFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "staff.result.csv")
	for range 2 { // from nothing, and over a result and a journal
		l, err := Open(OS{}, path, named("a test"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := job(l, func() {}); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer elsewhere.Close()
	l, err := Open(OS{}, path, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := l.Begin(Owner{ID: account}); !errors.Is(err, ErrNotWritable) || !strings.Contains(err.Error(), "cannot be replaced") {
		t.Errorf("while it is open elsewhere: %v", err)
	}
	_ = elsewhere.Close()
	if err := l.Begin(Owner{ID: account}); err != nil {
		t.Errorf("once it is closed: %v", err)
	}
}
