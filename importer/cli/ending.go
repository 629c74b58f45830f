package cli

import (
	"errors"
	"sync/atomic"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
	"etelecom-import/importer/console"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/report"
	"etelecom-import/importer/sharing"
)

// ending is how a command ends: once, with one exit code. The process, the JSON object of a run and its metrics have the same.
type ending struct {
	p     *Program
	began time.Time
	out   *console.Console // tells how it ended; nil before there is one
	run   *runCommand      // has the flags; nil before a run has begun
	// verify is a verification, which has a JSON object and metrics of its own; nil before it has begun.
	verify *verifyCommand
	line   *commandLine // what was typed, as far as it was understood
	json   bool         // standard output gets a JSON object

	claimed atomic.Bool   // it ends: whoever comes later waits for what the first one does
	over    chan struct{} // closed when it has ended
	code    atomic.Int64  // the exit code, once it is decided; undecided before
}

const undecided = -1

func newEnding(p *Program) *ending {
	e := &ending{p: p, began: time.Now(), line: &commandLine{}, over: make(chan struct{})}
	e.code.Store(undecided)
	return e
}

// read says what was typed.
func (e *ending) read(line *commandLine) { e.line, e.json = line, line.wantsJSON() }

// begin says that a run begins, with these flags.
func (e *ending) begin(c *runCommand) { e.run, e.json = c, c.Output.JSON }

// speak says on which console the command tells something from now on.
func (e *ending) speak(out *console.Console) {
	if e.out != nil {
		out.TakeOver(e.out)
	}
	e.out = out
}

// end ends the command with what it returned: it writes the metrics of a run, and then its JSON object. It returns the exit code. If
// it has ended before, it returns the exit code that it ended with.
func (e *ending) end(s *importer.Summary, err error) int {
	if !e.claimed.CompareAndSwap(false, true) {
		<-e.over
		return int(e.code.Load())
	}
	defer close(e.over)
	if e.verify != nil || e.line.names("verify") {
		e.endVerify(err)
		return int(e.code.Load())
	}
	e.endRun(s, err)
	return int(e.code.Load())
}

// endRun ends a run, or a command that has neither metrics nor a JSON object that is printed here.
func (e *ending) endRun(s *importer.Summary, err error) {
	r := e.report(s, err)
	if c := e.run; c != nil {
		write := func() error { return report.WriteMetrics(c.Metrics, r) }
		if bug := e.writeMetrics(c.Metrics, r.Result, c.writesMetrics, write, &r.Notices); bug != nil {
			r = e.report(s, errors.Join(bug, err))
		}
	}
	e.code.Store(int64(r.ExitCode))                 // before it is told
	if isRun := e.run != nil || err != nil; isRun { // else it was asked for help
		e.printJSON(r, r.ExitCode, &r.Notices)
	}
}

// endVerify ends a verification.
func (e *ending) endVerify(err error) {
	r := e.verification(err)
	if c := e.verify; c != nil {
		wanted := func() bool { return c.usable }
		write := func() error { return report.WriteVerifyMetrics(c.Metrics, r) }
		if bug := e.writeMetrics(c.Metrics, r.Result, wanted, write, &r.Notices); bug != nil {
			r = e.verification(errors.Join(bug, err))
		}
	}
	e.code.Store(int64(r.ExitCode))
	if e.verify != nil || err != nil {
		e.printJSON(r, r.ExitCode, &r.Notices)
	}
}

// printJSON prints the JSON object of a command, if one is wanted. It has the notices, to which those are added that were on standard
// error.
func (e *ending) printJSON(object any, code int, notices *[]string) {
	if !e.json {
		return
	}
	*notices = append(*notices, e.out.Warned()...)
	if err := e.out.PrintJSON(object); err != nil {
		e.out.Fail(err)
		e.code.Store(int64(untold(code)))
	}
}

// writeMetrics writes the metrics of a result, if they are wanted. If they cannot be written, that is told, is one of the notices, and
// changes no exit code. A panic is returned.
func (e *ending) writeMetrics(path, result string, wanted func() bool, write func() error, notices *[]string) (bug error) {
	defer func() {
		if v := recover(); v != nil {
			bug = importer.Panicked("metrics", v)
			e.out.Fail(bug)
		}
	}()
	if !wanted() {
		return nil
	}
	if other := report.OtherJob(path, result); other != "" {
		e.out.Warn(message.Sprintf("%s held the metrics of %s. Give each job a --metrics file of its own", path, other))
	}
	if err := write(); err != nil {
		e.out.Fail(err)
		wrong, _ := console.Explain(err)
		*notices = append(*notices, wrong)
	}
	return nil
}

// verification returns how a verification ended.
func (e *ending) verification(err error) *report.Verification {
	r := &report.Verification{
		Head: report.Head{Schema: report.Schema, Version: shortVersion()}, StartedAt: inJSON(e.began), EndedAt: inJSON(time.Now()), ExitCode: ExitCode(nil, err),
	}
	_, r.Result = e.line.files()
	var found *verified
	if e.verify != nil {
		r.Result, r.OnlyDone = e.verify.Result, e.verify.OnlyDone
		found = e.verify.found.Load()
	}
	if found == nil {
		r.SetVerification(nil)
	} else {
		r.SetVerification(found.Verification)
		r.Requests = found.requests
	}
	if e.verify == nil { // it has not come so far as to compare anything
		err = coded(report.Usage, err)
	}
	if isAnswer := found != nil && err == found.Err(); err != nil && !isAnswer {
		wrong, hint := console.Explain(err)
		r.Error = &report.Failure{Code: errorCode(err), Message: wrong, Hint: hint}
	}
	return r
}

// untold returns the exit code of a run whose JSON object nobody got, in place of one that says that all is well.
func untold(code int) int {
	if code == 0 || code == 7 {
		return 4
	}
	return code
}

// report returns how a run ended.
func (e *ending) report(s *importer.Summary, err error) *report.Run {
	r := &report.Run{
		Head: report.Head{Schema: report.Schema, Version: shortVersion()}, StartedAt: inJSON(e.began), EndedAt: inJSON(time.Now()), ExitCode: ExitCode(s, err),
	}
	if e.run != nil {
		r.Input, r.Result, r.DryRun = e.run.Employees, e.run.Result, e.run.Import.DryRun
	} else {
		r.Input, r.Result = e.line.files()
	}
	r.SetSummary(s, err)
	if err != nil {
		wrong, hint := console.Explain(err)
		if e.run == nil { // it has not come so far as to be a run
			err = coded(report.Usage, err)
		}
		r.Error = &report.Failure{Code: errorCode(err), Message: wrong, Hint: hint}
	}
	return r
}

// impatience is how long a process waits for what it still has to write when a second signal comes. A pipe that nobody reads must not
// keep it.
const impatience = time.Second

// now ends the process at once, because of a second signal or a bug of what waits for signals.
func (e *ending) now(stop error) {
	if s := new(importer.Stop); errors.As(stop, &s) && s.Kind == importer.Bug {
		e.out.Fail(stop)
	}
	go e.end(nil, stop)
	select {
	case <-e.over:
	case <-time.After(impatience):
	}
	code := int(e.code.Load())
	if code == undecided {
		code = ExitCode(nil, stop)
	}
	e.p.Exit(code)
}

// inJSON returns a time as JSON has it.
func inJSON(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// codedError is an error with its word in the JSON object.
type codedError struct {
	error
	code report.ErrorCode
}

func (e codedError) Unwrap() error { return e.error }

// coded gives an error its word, unless it has one; nil stays nil.
func coded(code report.ErrorCode, err error) error {
	if err == nil || errors.As(err, new(codedError)) {
		return err
	}
	return codedError{err, code}
}

// errorCode returns the word for the error that ended a run.
func errorCode(err error) report.ErrorCode {
	var (
		stop  *importer.Stop
		known codedError
	)
	switch isStop := errors.As(err, &stop); {
	case isStop && stop.Kind != importer.LedgerFailed:
		return report.ErrorCode(stop.Kind.String())
	case errors.Is(err, ledger.ErrWrongPlace):
		return report.UnusableResult
	case errors.Is(err, ledger.ErrLocked):
		return report.Locked
	case !isStop && errors.Is(err, sharing.ErrInUse):
		return report.InUse
	case isStop, errors.Is(err, ledger.ErrNotWritable):
		return report.ErrorCode(importer.LedgerFailed.String())
	case errors.As(err, &known):
		return known.code
	}
	return report.NotBegun
}
