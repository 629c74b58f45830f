package console

import (
	"errors"
	"os"
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

// Hinted is an error that knows what to do about it.
type Hinted struct {
	Err  error
	Hint string
}

func (h *Hinted) Error() string { return h.Err.Error() }

// Unwrap returns the error itself.
func (h *Hinted) Unwrap() error { return h.Err }

// explain says of an error what is wrong and what to do, each in one line.
func explain(err error) (wrong, todo string) {
	text := err.Error()
	if trace := stack(err); trace != "" {
		text = strings.TrimSuffix(text, trace)
	}
	wrong = oneLine(strings.ReplaceAll(strings.TrimSpace(text), "\n", "; "))
	if todo = hintFor(err); todo != "" {
		return wrong, todo
	}
	// Messages of the ledger and of the planner name the way out in the sentences after the first.
	if what, rest, ok := strings.Cut(wrong, ". "); ok {
		return what, rest
	}
	return wrong, lastHint(err)
}

// hintFor returns what to do about errors whose text does not say it.
func hintFor(err error) string {
	var (
		hinted *Hinted
		stop   *importer.Stop
	)
	switch {
	case errors.As(err, &hinted):
		return hinted.Hint
	case errors.Is(err, apiclient.ErrKey):
		return "the key is not valid (any more): get a new one of the same account and run again"
	case errors.Is(err, apiclient.ErrPermission):
		return "use the key of somebody who manages staff; --blind goes on with a key that may not list users, and then overwrites the passwords of those who are there"
	case errors.Is(err, apiclient.ErrAddress):
		return "check --base-url: https://api.etelecom.vn/v1/partner, or .../v1/shop for a shop's own key"
	case errors.Is(err, apiclient.ErrCertificate):
		return "find out who answers at this address: a proxy or a captive portal may stand between; the check cannot be skipped"
	case errors.Is(err, ledger.ErrLocked):
		return "wait until the other run has ended; etelecom-import status shows how far it is"
	case errors.As(err, &stop):
		return stopHints[stop.Kind]
	}
	return ""
}

var stopHints = map[importer.StopKind]string{
	importer.Interrupted:   "nothing is lost: run the same command again to go on",
	importer.Unavailable:   "nothing is lost: run the same command again when the API is back",
	importer.TooManyErrors: "look at the failures below and do what they say; then run the same command again, with a higher --max-errors if they are to be expected",
	importer.TimeBox:       "run the same command again to go on",
	importer.LedgerFailed:  "make room or set the rights of the result's folder; then run the same command again",
	importer.Declined:      "run the same command again and answer with y, or with --yes",
	importer.Strict:        "correct the rows that are named below, or leave --strict out",
	importer.Bug:           "report this with the text above; then run the same command again: what is open is looked up first",
}

// lastHint is for errors that neither say what to do nor are known here.
func lastHint(err error) string {
	var file *roster.Error
	switch {
	case errors.As(err, &file):
		return "correct the employee file and run the same command again; nothing was sent"
	case errors.Is(err, os.ErrNotExist):
		return "check the path"
	case errors.Is(err, os.ErrPermission):
		return "check who may read and write it"
	case errors.Is(err, ledger.ErrNotWritable):
		return stopHints[importer.LedgerFailed]
	}
	return "etelecom-import --help says how it is used"
}

// stack returns what follows the first line in the error of a bug: the stack of the goroutine that had it.
func stack(err error) string {
	var stop *importer.Stop
	if !errors.As(err, &stop) || stop.Kind != importer.Bug {
		return ""
	}
	_, trace, _ := strings.Cut(err.Error(), "\n")
	return trace
}
