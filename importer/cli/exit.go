package cli

import (
	"errors"
	"os"

	"etelecom-import/importer"
	"etelecom-import/importer/check"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/sharing"
)

// ExitCode returns the exit code of a command that ended with a summary, nil if it has none, and an error. It is the one place that
// knows the exit codes: the first case that applies decides.
func ExitCode(s *importer.Summary, err error) int {
	var (
		stop *importer.Stop
		by   SignalError
		kind importer.StopKind // 0: the run was not stopped
	)
	if errors.As(err, &stop) {
		kind = stop.Kind
	}
	switch {
	case errors.As(err, &by) && by.Signal == os.Interrupt:
		return 130
	case kind == importer.Interrupted:
		return 143
	case kind == importer.Bug:
		return 70
	case errors.Is(err, ledger.ErrLocked):
		return 6
	case kind == importer.Refused, kind == importer.ListingDoubted, errors.Is(err, check.ErrWrong):
		return 5
	case errors.Is(err, ledger.ErrWrongPlace): // found before the first call, and running again finds it again
		return 2
	case errors.Is(err, ledger.ErrNotWritable), kind != 0 && kind != importer.Strict:
		return 4
	case errors.Is(err, sharing.ErrInUse): // somebody closes the file, and runs the same command again
		return 4
	case err != nil && kind == 0:
		return 2
	case s == nil:
		return 0
	case s.Status.Unknown > 0 || s.GoneUnknown > 0:
		return 3
	case kind == importer.Strict || s.Failures() > 0:
		return 1
	case s.DetailedExitcode && s.DryRun && s.Plan.Writes()+s.Plan.Wait > 0:
		return 7
	}
	return 0
}
