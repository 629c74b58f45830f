package console

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer"
	"etelecom-import/importer/check"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
)

// failure is an error as it is told.
type failure struct {
	wrong, hint string // each in one line
	stack       []byte // of the goroutine that panicked; nil if none did
	cause       string // what led to it, for those who know the program; "": wrong says it
}

// Explain returns what [Console.Fail] says of an error: what is wrong, and the hint.
func Explain(err error) (wrong, hint string) {
	f := explain(err)
	return f.wrong, f.hint
}

// explain returns an error as it is told.
func explain(err error) failure {
	text := strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ") // errors.Join puts each error in a line
	f := failure{wrong: WithoutKeys(layout.OneLine(text)), hint: WithoutKeys(hintFor(err)), stack: stack(err)}
	if plain := unreachable(err); plain != "" {
		f.wrong, f.cause = WithoutKeys(layout.OneLine(plain)), f.wrong
	}
	return f
}

// unreachable says in one sentence that the API could not be reached, or did not work, if that has ended a run; else "".
func unreachable(err error) string {
	api := troubled(err)
	if api == nil {
		return ""
	}
	switch api.Trouble {
	case apiclient.ServerFails:
		return message.Sprintf("the API %s does not work now (%s)", api.Host, check.Answer(api))
	case apiclient.Throttled:
		return message.Sprintf("the API %s does not accept so many requests (%s)", api.Host, check.Answer(api))
	case apiclient.WrongServer:
		return message.Sprintf("what answers at %s is not the API (%s)", api.Host, check.Answer(api))
	case apiclient.ProxyFails, apiclient.TLSFails, apiclient.BadCertificate, apiclient.BadDate, apiclient.OtherTrouble:
		return message.Sprintf("the API %s could not be reached (%s)", api.Host, check.Answer(api)) // the error says more than its kind
	}
	return message.Sprintf("the API %s could not be reached (%s)", api.Host, api.Trouble)
}

// troubled returns the failed call that has ended a run because the API could not be reached, or did not work; else nil.
func troubled(err error) *apiclient.Error {
	var (
		stop *importer.Stop
		api  *apiclient.Error
	)
	if !errors.As(err, &stop) || stop.Kind != importer.Unavailable && stop.Kind != importer.Refused {
		return nil
	}
	if !errors.As(stop, &api) || api.Trouble == apiclient.NoTrouble || api.Host == "" {
		return nil
	}
	return api
}

// hintFor returns the hint of an error. The one that the error itself carries comes first, since it knows the case best. What the
// API has answered says more than how the run ended.
func hintFor(err error) string {
	return cmp.Or(hint.Of(err), apiHint(err), stopHint(err), systemHint(err), message.T("etelecom-import --help shows how to use it"))
}

// stopHint returns the hint of a run that ended early; "" for any other error, and if only the cause has one.
func stopHint(err error) string {
	var stop *importer.Stop
	if !errors.As(err, &stop) {
		return ""
	}
	if api := troubled(err); api != nil && stop.Kind == importer.Unavailable {
		return stop.Kind.Hint() + ". " + check.Sentence(check.Advice(api.Trouble))
	}
	return stop.Kind.Hint()
}

// systemHint returns the hint of an error of a file; "" for any other error.
func systemHint(err error) string {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return message.T("check the path")
	case errors.Is(err, os.ErrPermission):
		return message.T("check who may read and write it")
	case errors.Is(err, ledger.ErrNotWritable):
		return importer.LedgerFailed.Hint()
	case errors.As(err, new(*fs.PathError)): // such as a folder in place of a file, or a file system that is read-only
		return message.T("name another file, or correct what the message says of this one")
	}
	return ""
}

// redirects reports whether the server has sent the call elsewhere, as the login page of a network does.
func redirects(err error) bool {
	api := new(apiclient.Error)
	return errors.As(err, &api) && api.Status/100 == 3
}

// apiHint returns the hint of an error after which no call can succeed; "" for any other error.
func apiHint(err error) string {
	switch {
	case errors.Is(err, apiclient.ErrKey):
		return keyHint(err)
	case errors.Is(err, apiclient.ErrListing):
		return message.T("the API's list of users repeats its pages, so nothing can be concluded from it. Run again later. If it says the same, tell eTelecom")
	case errors.Is(err, apiclient.ErrPermission) && !ofListing(err):
		return message.T("ask eTelecom to give this key the right to create users and to assign extensions")
	case errors.Is(err, apiclient.ErrPermission):
		return message.T("use the shop_key of the company. --blind runs with a key that may not list users, but replaces the passwords of existing users")
	case errors.Is(err, apiclient.ErrAddress) && redirects(err):
		return check.Advice(apiclient.WrongServer)
	case errors.Is(err, apiclient.ErrAddress):
		return message.T("check --base-url: it is https://api.etelecom.vn/v1/partner unless your company uses another brand of the platform. " +
			"That brand may have its own --service, too")
	case errors.Is(err, apiclient.ErrClosed):
		return message.T("ask eTelecom why the account is closed. Running again does not help until it is open")
	case errors.Is(err, apiclient.ErrProxy):
		return check.Advice(apiclient.ProxyFails)
	case errors.Is(err, apiclient.ErrTLS):
		return check.Advice(apiclient.TLSFails)
	case errors.Is(err, apiclient.ErrExpired):
		return check.Advice(apiclient.BadDate)
	case errors.Is(err, apiclient.ErrCertificate):
		return check.Advice(apiclient.BadCertificate)
	}
	return ""
}

// ofListing reports whether the call that failed was the listing of users.
func ofListing(err error) bool {
	var api *apiclient.Error
	return errors.As(err, &api) && api.Op == apiclient.OpGetAccountUsers
}

// keyHint names the likely reasons why a key is refused, the likeliest first. Of the key it shows only the length and the shape.
func keyHint(err error) string {
	var api *apiclient.Error
	if !errors.As(err, &api) {
		return message.T("check that it is the shop_key of the company, copied whole, and not withdrawn")
	}
	length := message.Count(api.Key.Length, "byte", "bytes")
	switch api.Key.Kind {
	case apiclient.PartnerKey:
		return message.Sprintf("it is of the wrong kind: it has the shape of a partner's api_key (%s), and these calls want the shop_key of the company. "+
			"If it is a shop_key after all: was it copied whole, and was it withdrawn?", length)
	case apiclient.ShopKey:
		return message.Sprintf("it has the shape of a shop_key (%s). Check in this order: is --base-url the one that this key is for (https://api.etelecom.vn/v1/partner)? "+
			"Was the key copied whole? Was it withdrawn? Then get a new one of the same company", length)
	}
	return message.Sprintf("check in this order: is it the shop_key of the company? It does not have the shape of one (shop, 19 digits, a colon, the secret). "+
		"Was it copied whole? It has %s. Was it withdrawn? Then get a new one of the same company", length)
}

// stack returns the stack of the goroutine that panicked; nil if err has none.
func stack(err error) []byte {
	var bug interface {
		error
		Stack() []byte
	}
	if !errors.As(err, &bug) {
		return nil
	}
	return bug.Stack()
}

// ExplainInSentences returns what [Console.Fail] says of an error, as sentences.
func ExplainInSentences(err error) (wrong, hint string) {
	f := explain(err)
	return check.Sentence(f.wrong), check.Sentence(f.hint)
}

// keyLike is a key of one of the known shapes, anywhere in a text.
var keyLike = regexp.MustCompile(`(?i)(?:shop)?[0-9]{15,20}:[^\s"']+|shop[0-9]+:[^\s"']+`)

// WithoutKeys returns a message without what looks like a key. Messages quote what the program does not understand, and people
// put keys where a file or a value belongs.
func WithoutKeys(text string) string { return keyLike.ReplaceAllString(text, secret.Redacted) }
