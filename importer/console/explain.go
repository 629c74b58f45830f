package console

import (
	"errors"
	"fmt"
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
	wrong = withoutKeys(oneLine(strings.ReplaceAll(strings.TrimSpace(text), "\n", "; ")))
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
	case errors.As(err, &stop) && stop.Todo != "":
		return stop.Todo
	case errors.Is(err, apiclient.ErrKey):
		return keyHint(err)
	case errors.Is(err, apiclient.ErrListing):
		return "the API answers, and its listing goes round in circles: nothing was concluded from it. Run again later; if it says the same, tell eTelecom"
	case errors.Is(err, apiclient.ErrPermission) && !ofListing(err):
		return "ask eTelecom to give this key the right to create users and to assign extensions"
	case errors.Is(err, apiclient.ErrPermission):
		return "use the shop_key of the company; --blind goes on with a key that may not list users, and then overwrites the passwords of those who are there"
	case errors.Is(err, apiclient.ErrAddress):
		return "check --base-url: it is https://api.etelecom.vn/v1/partner, unless your company uses another brand of the platform; that brand may have its own --service, too"
	case errors.Is(err, apiclient.ErrClosed):
		return "ask eTelecom why the account is closed; running again does not help until it is open"
	case errors.Is(err, apiclient.ErrProxy):
		return "check the proxy in the variable HTTPS_PROXY: its address (http, https or socks5), its user and its password. Then ask who runs the proxy if it lets this computer reach the API"
	case errors.Is(err, apiclient.ErrTLS):
		return "check --base-url. Then ask who runs this network if a proxy or a firewall answers in place of the API, and wants another version of TLS or a certificate of this computer"
	case errors.Is(err, apiclient.ErrExpired):
		return "check the date and time of this computer first. If they are right, a proxy or a captive portal may answer in place of the API: ask who runs this network. The check cannot be skipped"
	case errors.Is(err, apiclient.ErrCertificate):
		return "find out who answers at this address: a proxy or a captive portal may stand between; the check cannot be skipped"
	case errors.Is(err, ledger.ErrLocked):
		return "wait until the other run has ended; etelecom-import status shows how far it is"
	case errors.As(err, &stop):
		return stopHints[stop.Kind]
	}
	return ""
}

// ofListing reports whether the call that failed was the listing of users.
func ofListing(err error) bool {
	var api *apiclient.Error
	return errors.As(err, &api) && api.Op == apiclient.OpGetAccountUsers
}

// keyHint names the likely reasons why a key is refused, the likeliest first. It shows the key's length and shape alone.
func keyHint(err error) string {
	var api *apiclient.Error
	if !errors.As(err, &api) {
		return "check that it is the shop_key of the company, copied whole, and not withdrawn"
	}
	length := count(api.Key.Length, "byte")
	switch api.Key.Kind {
	case apiclient.PartnerKey:
		return fmt.Sprintf("it is of the wrong kind: it has the shape of a partner's api_key (%s), and these calls want the shop_key of the company. "+
			"If it is a shop_key after all: was it copied whole, and was it withdrawn?", length)
	case apiclient.ShopKey:
		return fmt.Sprintf("it has the shape of a shop_key (%s). Check in this order: is --base-url the one that this key is for (https://api.etelecom.vn/v1/partner)? "+
			"Was the key copied whole? Was it withdrawn? Then get a new one of the same company", length)
	}
	return fmt.Sprintf("check in this order: is it the shop_key of the company? It does not have the shape of one (shop, 19 digits, a colon, the secret). "+
		"Was it copied whole? It has %s. Was it withdrawn? Then get a new one of the same company", length)
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
