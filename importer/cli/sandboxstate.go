package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

// startSandbox starts a practice tenant that has the roster's extensions. Its state is in a file beside the result, where the next
// run finds it. A dry run works on a copy. stop ends the tenant.
func startSandbox(result string, r *roster.Roster, dryRun bool, free importer.Numbers) (t *sandbox.Tenant, stop func(), err error) {
	if _, err := (ledger.OS{}).Resolve(result); err != nil { // before files beside it are made: NUL.tenant, for example
		return nil, nil, message.Errorf("result: %w", err)
	}
	state, unlock, err := lockSandboxState(result, dryRun)
	if err != nil {
		return nil, nil, err
	}
	t, stopTenant, err := sandbox.Start(sandbox.Config{State: state, Addr: "127.0.0.1:0"})
	if err != nil {
		unlock()
		return nil, nil, err
	}
	stop = func() { stopTenant(); unlock() }
	if err := errors.Join(seedExtensions(r, t.AddExtension), seedFree(r, free, t.AddExtension)); err != nil {
		stop()
		return nil, nil, err
	}
	return t, stop, nil
}

// seedFree gives a practice tenant enough free extensions for the rows that name none: the first numbers that may be given.
func seedFree(r *roster.Roster, free importer.Numbers, add func(id int64, number string) (int64, error)) error {
	rows := 0
	for i := range r.Rows {
		if r.Rows[i].NoExtension {
			rows++
		}
	}
	if rows == 0 {
		return nil
	}
	// Rows may name some of these numbers, so that there have to be more than are given.
	for _, number := range free.First(2 * len(r.Rows)) {
		if _, err := add(0, number); err != nil {
			return message.Errorf("practice tenant: %w", err)
		}
	}
	return nil
}

// seedExtensions gives a practice tenant the extensions that the rows without a problem name. Those with a number come first,
// since the others are given numbers that are free.
func seedExtensions(r *roster.Roster, add func(id int64, number string) (int64, error)) error {
	for _, numbered := range []bool{true, false} {
		for i := range r.Rows {
			row := &r.Rows[i]
			if (row.ExtensionNumber != "") != numbered || r.Problem(i) != nil {
				continue
			}
			if _, err := add(row.ExtensionID, row.ExtensionNumber); err != nil {
				return message.Errorf("practice tenant: line %d: %w", row.Line, err)
			}
		}
	}
	return nil
}

// sandboxState returns where the state of the practice tenant of a result CSV is kept.
func sandboxState(result string) string { return result + ".tenant" }

// sandboxLock returns the lock file of that state.
func sandboxLock(result string) string { return sandboxState(result) + ".lock" }

// lockSandboxState returns the path of the state of a practice tenant; "" if there is no state. Other runs cannot use the state until
// unlock is called. The result's own lock comes too late: a practice tenant writes before it. A dry run gets a copy of the state.
func lockSandboxState(result string, dryRun bool) (path string, unlock func(), err error) {
	state := sandboxState(result)
	if dryRun {
		return copySandboxState(state)
	}
	release, err := ledger.HoldFile(ledger.OS{}, sandboxLock(result), ledger.DescribeProcess(time.Now()))
	if errors.Is(err, ledger.ErrLocked) {
		return "", nil, fmt.Errorf("%s: %w", state, err)
	}
	if err != nil {
		return "", nil, fmt.Errorf("%w: %w", ledger.ErrNotWritable, err)
	}
	return state, func() { _ = release() }, nil
}

// copySandboxState copies a state to a temporary folder, which remove deletes. Without a state the path is "": the tenant is kept
// in memory.
func copySandboxState(state string) (path string, remove func(), err error) {
	text, err := os.ReadFile(state)
	if errors.Is(err, os.ErrNotExist) {
		return "", func() {}, nil
	}
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "etelecom-import-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { _ = os.RemoveAll(dir) }
	path = filepath.Join(dir, "tenant")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		remove()
		return "", nil, err
	}
	return path, remove, nil
}
