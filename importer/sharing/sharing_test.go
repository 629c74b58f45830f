package sharing

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestPatiently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inUse, other := &InUseError{Name: "x", Err: os.ErrPermission}, errors.New("another")
		for name, test := range map[string]struct {
			err    error // until enough
			enough int
			last   error // from then on
			calls  int   // 0: so many as the patience allows
		}{
			"nothing wrong":        {nil, 0, nil, 1},
			"another error":        {other, 9, nil, 1},
			"in use for a moment":  {inUse, 3, nil, 4},
			"then another error":   {inUse, 3, other, 4},
			"in use for ever":      {inUse, 1 << 30, nil, 0},
			"wrapped, for a while": {errors.Join(inUse), 2, nil, 3},
		} {
			calls, began := 0, time.Now()
			err := Patiently(func() error {
				if calls++; calls <= test.enough {
					return test.err
				}
				return test.last
			})
			if test.calls > 0 && calls != test.calls {
				t.Errorf("%s: %d calls, %v", name, calls, err)
			}
			if test.calls == 0 && (!errors.Is(err, ErrInUse) || time.Since(began) > patience+mostPause) {
				t.Errorf("%s: %v after %v", name, err, time.Since(began))
			}
		}
	})
}

func TestReadLibreOfficeLock(t *testing.T) {
	for text, want := range map[string][2]string{
		",anna,office-pc,26.11.2026 10:00,file:///home/anna/.config/libreoffice/4;":       {"anna", "office-pc"},
		`Nguyễn\, Anna,anna,pc,26.11.2026 10:00,file:///home/anna/.config/libreoffice/4;`: {"anna", "pc"},
		`Nguyễn\, Anna,,pc,26.11.2026 10:00,;`:                                            {"Nguyễn, Anna", "pc"},
		`a,b\\c,pc,26.11.2026 10:00,;`:                                                    {`b\c`, "pc"},
		"":                                                                                {"", ""},
		"anna":                                                                            {"", ""},
		strings.Repeat("a", 1<<20):                                                        {"", ""},
	} {
		if user, host := ReadLibreOfficeLock(strings.NewReader(text)); user != want[0] || host != want[1] {
			t.Errorf("%.60q: %q on %q", text, user, host)
		}
	}
	if got, want := LibreOfficeLock(filepath.Join("a b", "ă.csv")), filepath.Join("a b", ".~lock.ă.csv#"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Files are opened, renamed and removed as package os does it, the errors included.
func TestAsPackageOSDoes(t *testing.T) {
	dir := t.TempDir()
	a, b, none := filepath.Join(dir, "a ă"), filepath.Join(dir, "b"), filepath.Join(dir, "none", "x")
	for _, name := range []string{a, b} {
		f, err := OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(name); err != nil || f.Sync() != nil || f.Close() != nil {
			t.Error(err)
		}
	}
	_, exists := OpenFile(a, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	_, missing := OpenFile(none, os.O_RDONLY, 0)
	if !errors.Is(exists, os.ErrExist) || !errors.Is(missing, os.ErrNotExist) || !errors.Is(Rename(none, b), os.ErrNotExist) || !errors.Is(Remove(none), os.ErrNotExist) {
		t.Errorf("%v; %v; %v", exists, missing, Remove(none))
	}
	if err := errors.Join(Check(a), Check(none), Rename(a, b), Check(b)); err != nil {
		t.Error(err)
	}
	f, err := OpenFile(b, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	text := make([]byte, len(a))
	if _, err := f.Read(text); err != nil || string(text) != a {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := f.WriteString("!"); err != nil || f.Close() != nil { // behind what was read
		t.Error(err)
	}
	if text, err := os.ReadFile(b); err != nil || string(text) != a+"!" {
		t.Errorf("%q, %v", text, err)
	}
	if err := Remove(b); err != nil {
		t.Error(err)
	}
}
