package apiclient

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/transport"
)

// Outcome is what a failed call may have done.
type Outcome uint8

const (
	Unknown    Outcome = iota // it may have been carried out, now or later
	NotApplied                // it has had no effect and will have none
	// Precondition: the tenant refused a create by a check that it makes after it has set the password. Nobody was created, and
	// an existing user may have this call's password now. Only a complete listing shows who that is.
	Precondition
)

// String returns the name of the constant.
func (o Outcome) String() string {
	switch o {
	case NotApplied:
		return "NotApplied"
	case Precondition:
		return "Precondition"
	}
	return "Unknown"
}

// blame is who or what is to blame for a failure.
type blame uint8

const (
	blameCall      blame = iota // this call: what it asked for, or its caller, who stopped it
	blameThrottled              // the tenant's rate limit
	blameDown                   // the network or the server
	blameHTML                   // whoever answers with a web page
	blameAnswer                 // an answer that is not what the API promises
	blameRefused                // key, permission, address or certificate: every other call would fail, too
)

// Why a call was refused for a reason that holds for all calls of a run. Use them with [errors.Is] on an [*Error] that is
// Refused.
var (
	ErrKey         = message.New("the API key was refused")
	ErrPermission  = message.New("the API key may not do this")
	ErrAddress     = message.New("this is not the API's address")
	ErrCertificate = message.New("the server's certificate was refused")
	ErrClosed      = message.New("the account is closed")
	// ErrExpired is an ErrCertificate, too. Often the clock of this computer is wrong.
	ErrExpired = message.Errorf("%w: it is not valid at the date and time of this computer", ErrCertificate)
	// ErrProxy and ErrTLS are reasons only until a call has reached the API. Later the same failure is an outage.
	ErrProxy = message.New("the proxy cannot be used")
	ErrTLS   = message.New("the server does not accept the TLS of this computer")
)

// evidence is what is known of an attempt that did not succeed.
type evidence struct {
	early  bool  // no call has reached the API yet
	sent   bool  // a byte of the request may have been sent
	err    error // no answer came, or it broke off
	status int   // 0: no answer
	form   form  // of a body that did not break off
	code   string
	xcode  string // the platform's finer code
	exists bool   // an error object that says, in words or by a code, that somebody is there already
}

// verdict is what evidence means.
type verdict struct {
	outcome Outcome
	blame   blame
	reason  error // of blameRefused
}

// codes are the API's error codes, and what each means in answer to a create. A code that is not here proves nothing. Which
// answers slow the client down is not decided here, but in reportToPacer (call.go).
var codes = map[string]verdict{
	"invalid_argument":    {NotApplied, blameCall, nil},
	"malformed":           {NotApplied, blameCall, nil},
	"not_found":           {NotApplied, blameCall, nil},
	"out_of_range":        {NotApplied, blameCall, nil},
	"unimplemented":       {NotApplied, blameCall, nil},
	"failed_precondition": {Precondition, blameCall, nil},
	"already_exists":      {Precondition, blameCall, nil},
	"unauthenticated":     {NotApplied, blameRefused, ErrKey},
	"permission_denied":   {NotApplied, blameRefused, ErrPermission},
	"bad_route":           {NotApplied, blameRefused, ErrAddress},
	"resource_exhausted":  {NotApplied, blameThrottled, nil},
	"canceled":            {Unknown, blameDown, nil},
	"unknown":             {Unknown, blameDown, nil},
	"deadline_exceeded":   {Unknown, blameDown, nil},
	"aborted":             {Unknown, blameDown, nil},
	"internal":            {Unknown, blameDown, nil},
	"unavailable":         {Unknown, blameDown, nil},
	"dataloss":            {Unknown, blameDown, nil},
	"data_loss":           {Unknown, blameDown, nil},
}

// classify says what an attempt that did not succeed may have done. It never says NotApplied of a write without a proof: nothing
// was sent, or the API itself says so.
func classify(k kind, e evidence) verdict {
	v := classifyStatus(e)
	if k == create && e.exists { // whatever the code: another create would overwrite the password again
		v = verdict{Precondition, blameCall, nil}
	}
	if reason := wrongWay(e); k == read && reason != nil {
		v = verdict{NotApplied, blameRefused, reason}
	}
	if k == read || k == assign && v.outcome == Precondition {
		v.outcome = NotApplied
	}
	return v
}

// classifyStatus says what an attempt may have done if it was a create.
func classifyStatus(e evidence) verdict {
	switch {
	case e.status == 0:
		return classifyNoAnswer(e)
	case e.status < 300: // success, but not the answer to it; an error object in it promises nothing
		return verdict{Unknown, blameFor(e), nil}
	case e.status < 400: // the API redirects nobody
		return verdict{Unknown, blameRefused, ErrAddress}
	case e.xcode == accountClosed: // the code is "unavailable", but waiting does not help
		return verdict{Unknown, blameRefused, ErrClosed}
	case e.status == http.StatusNotImplemented && e.code == "unimplemented": // the one 5xx that proves something
		return codes[e.code]
	case e.status == http.StatusRequestTimeout || e.status >= 500: // also with a code: the server may have failed half-way
		// rule: 5xx-unknown
		return verdict{Unknown, blameDown, nil}
	}
	if v, ok := codes[e.code]; ok {
		return v
	}
	return classifyNoCode(e)
}

// classifyNoAnswer says what an attempt without an answer may have done. The proof that no byte was sent is the transport's: see
// [transport.Unsent], and send in transport/transport.go, which counts the bytes.
func classifyNoAnswer(e evidence) verdict {
	if e.sent {
		return verdict{Unknown, blameDown, nil}
	}
	if reason := lastingReason(e.err, e.early); reason != nil {
		return verdict{NotApplied, blameRefused, reason}
	}
	return verdict{NotApplied, blameDown, nil}
}

// classifyNoCode says what a 4xx without a code of the API means. A body that broke off may have had a code.
func classifyNoCode(e evidence) verdict {
	isWhole := e.err == nil && e.form != formBroken
	switch {
	case e.status == http.StatusTooManyRequests:
		return verdict{NotApplied, blameThrottled, nil}
	case e.status == http.StatusUnauthorized:
		return verdict{outcomeIf(e.code == ""), blameRefused, ErrKey}
	case e.status == http.StatusForbidden: // a filter in between may refuse the answer instead of the request
		return verdict{outcomeIf(e.code == "" && e.form == formObject), blameRefused, ErrPermission}
	case e.status == http.StatusNotFound && e.code == "" && isWhole:
		return verdict{NotApplied, blameRefused, ErrAddress}
	}
	return verdict{Unknown, blameFor(e), nil}
}

func outcomeIf(notApplied bool) Outcome {
	if notApplied {
		return NotApplied
	}
	return Unknown
}

// blameFor returns who is to blame for an answer that the API does not promise.
func blameFor(e evidence) blame {
	switch {
	case e.err != nil:
		return blameDown
	case e.form == formPage:
		return blameHTML
	}
	return blameAnswer
}

// wrongWay returns the reason if the answer to a read shows that requests do not reach the API; else nil. It is for reads only: a
// write may have taken effect, whatever the answer looks like. After one call has reached the API, it returns nil.
func wrongWay(e evidence) error {
	if !e.early || !e.sent {
		return nil
	}
	noObject := e.form == formPage || e.form == formOther
	switch {
	case e.status == 0 && errors.Is(e.err, transport.ErrTLS):
		return ErrTLS
	case e.status == http.StatusBadRequest && e.err == nil && noObject: // a port of HTTPS answers HTTP like this
		return ErrAddress
	}
	return nil
}

// lastingReason returns the reason if connecting has failed in a way that would happen again; else nil. early says that no call
// has reached the API yet.
func lastingReason(err error, early bool) error {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
		record       tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ErrExpired
	case errors.As(err, &verification), errors.As(err, &invalid):
		return ErrCertificate
	case errors.As(err, &authority), errors.As(err, &hostname):
		return ErrCertificate
	case errors.Is(err, transport.ErrProxy):
		return ifEarly(ErrProxy, early)
	case errors.Is(err, transport.ErrTLS):
		return ifEarly(ErrTLS, early)
	case errors.As(err, &record): // the server does not speak TLS
		return ErrAddress
	}
	return nil
}

// ifEarly returns the reason if no call has reached the API yet. After one has, the settings were right: somebody has changed
// one, and may change it back. That is an outage.
func ifEarly(reason error, early bool) error {
	if early {
		return reason
	}
	return nil
}

// accountClosed is the finer code with which the platform answers every call of a closed account.
const accountClosed = "account_closed"

// saysExists reports whether an error says that somebody is there already, by its code or in words. The code
// failed_precondition alone does not: the API has it for a missing role, too.
func saysExists(e evidence, msg string) bool {
	if e.code == "already_exists" {
		return true
	}
	for _, said := range []string{e.xcode, msg} {
		said = strings.ToLower(norm.NFC.String(said))
		hasPhrase := slices.ContainsFunc(existsPhrases, func(phrase string) bool { return strings.Contains(said, phrase) })
		if hasPhrase || strings.HasSuffix(said, "_exists") || strings.HasSuffix(strings.TrimRight(said, ". "), " exists") {
			return true
		}
	}
	return false
}

var existsPhrases = []string{"đã tồn tại", "already exist", "already_exist"}
