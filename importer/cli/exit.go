package cli

import (
	"errors"
	"os"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/check"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/newfile"
	"etelecom-import/importer/sharing"
	"etelecom-import/importer/verify"
)

// ExitCode returns the exit code of a command that ended with a summary, nil if it has none, and an error. It is the one place that
// knows the exit codes: the first case that applies decides. [exitStatuses] and two tables (README, MANUAL) explain them.
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
	case errors.Is(err, newfile.ErrNotWritten), errors.Is(err, errOutput): // a full disk, or a pipe that nobody reads
		return 4
	case errors.Is(err, sharing.ErrInUse): // somebody closes the file, and runs the same command again
		return 4
	case errors.Is(err, verify.ErrUnclear):
		return 3
	case errors.Is(err, verify.ErrDiffers):
		return 1
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

// exitStatus is what an exit code means to people.
type exitStatus struct {
	codes   string
	meaning message.Text
	again   message.Text // whether to run again
}

// exitStatuses explains what [ExitCode] returns. The README has the same table.
var exitStatuses = []exitStatus{
	{"130, 143", "stopped by Ctrl-C; by another signal, SIGQUIT included", "yes, to continue"},
	{"70", "a bug", "after reporting it"},
	{"6", "another run holds this result", "when it has ended"},
	{"5", "refused: key, right, address, certificate, proxy, the result is of another account, or the listing hides people", "after correcting it"},
	{"4", "stopped early: API down, result open in another program, too many errors or replaced passwords, too many people gone from the file, --max-duration, disk full, question answered with no or not at all", "yes, to continue"},
	{"2", "wrong usage, a file that cannot be read, a folder that cannot be written to, or nobody can be asked and --yes is missing; nothing was sent", "after correcting it"},
	{"3", "the outcome of some rows is not known yet, or verify can say nothing of some", "yes, after the settle time"},
	{"1", "some rows failed, are invalid, or have no extension yet; verify: the tenant is not as the result says. With --fail-on new: not if people know all of them", "after correcting them"},
	{"7", "only with --detailed-exitcode: a dry run has found something to send, and nothing else", "no need"},
	{"0", "everything that was asked for is done. A dry run: nothing would be refused", "no need"},
}
