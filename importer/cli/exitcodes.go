package cli

import "etelecom-import/apiclient/message"

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
	{"3", "the outcome of some rows is not known yet", "yes, after the settle time"},
	{"1", "some rows failed, are invalid, or have no extension yet. With --fail-on new: not if people know all of them", "after correcting them"},
	{"7", "only with --detailed-exitcode: a dry run has found something to send, and nothing else", "no need"},
	{"0", "everything that was asked for is done. A dry run: nothing would be refused", "no need"},
}
