package console

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"etelecom-import/importer/ledger"
)

// StateOf returns where the state of the practice tenant of a result CSV is.
func StateOf(result string) string { return result + ".tenant" }

// HoldState keeps other runs off the state of a practice tenant: they would write to it before they ask for the result's
// lock. A dry run gets a copy. path is where the state is, "" for nowhere.
func HoldState(state string, dryRun bool) (path string, release func(), err error) {
	if dryRun {
		return copyState(state)
	}
	unlock, err := ledger.HoldFile(ledger.OS{}, state+".lock", ledger.Holder(time.Now()))
	if errors.Is(err, ledger.ErrLocked) {
		return "", nil, fmt.Errorf("%s: %w", state, err)
	}
	if err != nil {
		return "", nil, fmt.Errorf("%w: %w", ledger.ErrNotWritable, err)
	}
	return state, func() { _ = unlock() }, nil
}

func copyState(state string) (path string, release func(), err error) {
	text, err := os.ReadFile(state)
	if errors.Is(err, os.ErrNotExist) {
		return "", func() {}, nil // a tenant in memory
	}
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "etelecom-import-")
	if err != nil {
		return "", nil, err
	}
	path = filepath.Join(dir, "tenant")
	return path, func() { _ = os.RemoveAll(dir) }, os.WriteFile(path, text, 0o600)
}
