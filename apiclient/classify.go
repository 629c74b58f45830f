package apiclient

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/transport"
)

// Outcome is what a failed call may have done.
type Outcome uint8

const (
	Unknown    Outcome = iota // it may have been carried out, now or later
	NotApplied                // it has had no effect and will have none
	// Precondition is a create that the tenant refused by a check that comes after it sets the password: nobody was
	// created, and somebody who was there may have this call's password now. Only a complete listing shows who it is.
	Precondition
)

// String returns the outcome in words.
func (o Outcome) String() string {
	switch o {
	case NotApplied:
		return "not applied"
	case Precondition:
		return "precondition"
	}
	return "unknown"
}

// fault is who or what is to blame for a failure.
type fault uint8

const (
	faultCall      fault = iota // this call: what it asked for, or its caller who stopped it
	faultThrottled              // the tenant's rate limit
	faultDown                   // the network or the server
	faultPage                   // whoever answers with a web page
	faultAnswer                 // an answer that is not what the API promises
	faultRefused                // key, permission, address or certificate: no other call would fare better
)

// Why a call was refused in a way that holds for the whole run; for [errors.Is] on an [*Error] that is Refused.
var (
	ErrKey         = errors.New("the API key was refused")
	ErrPermission  = errors.New("the API key may not do this")
	ErrAddress     = errors.New("this is not the API's address")
	ErrCertificate = errors.New("the server's certificate was refused")
	ErrClosed      = errors.New("the account is closed")
	// ErrExpired is an ErrCertificate, too. A wrong clock of this computer is the likelier cause.
	ErrExpired = fmt.Errorf("%w: it is not valid at the date and time of this computer", ErrCertificate)
	// ErrProxy and ErrTLS are reasons only until a call has got through. Later they are an outage.
	ErrProxy = errors.New("the proxy cannot be used")
	ErrTLS   = errors.New("the server does not accept the TLS of this computer")
)

// reply is what is known of an attempt that did not succeed.
type reply struct {
	early  bool  // no call has got through yet
	sent   bool  // a byte of the request may have been sent
	err    error // no answer came, or it broke off
	status int   // 0: no answer
	form   form  // of a body that did not break off
	code   string
	xcode  string // the platform's finer code
	exists bool   // an error object that says, in words or by a code, that somebody is there already
}

// verdict is what a reply means.
type verdict struct {
	outcome Outcome
	fault   fault
	reason  error // of faultRefused
}

// codes are the API's error codes and what they mean as the answer to a create. A code that is not here proves nothing.
var codes = map[string]verdict{
	"invalid_argument":    {NotApplied, faultCall, nil},
	"malformed":           {NotApplied, faultCall, nil},
	"not_found":           {NotApplied, faultCall, nil},
	"out_of_range":        {NotApplied, faultCall, nil},
	"unimplemented":       {NotApplied, faultCall, nil},
	"failed_precondition": {Precondition, faultCall, nil},
	"already_exists":      {Precondition, faultCall, nil},
	"unauthenticated":     {NotApplied, faultRefused, ErrKey},
	"permission_denied":   {NotApplied, faultRefused, ErrPermission},
	"bad_route":           {NotApplied, faultRefused, ErrAddress},
	"resource_exhausted":  {NotApplied, faultThrottled, nil},
	"canceled":            {Unknown, faultDown, nil},
	"unknown":             {Unknown, faultDown, nil},
	"deadline_exceeded":   {Unknown, faultDown, nil},
	"aborted":             {Unknown, faultDown, nil},
	"internal":            {Unknown, faultDown, nil},
	"unavailable":         {Unknown, faultDown, nil},
	"dataloss":            {Unknown, faultDown, nil},
	"data_loss":           {Unknown, faultDown, nil},
}

// classify says what an attempt may have done that did not succeed. It never says NotApplied of a write without a
// proof: nothing sent, or the API's own word.
func classify(k kind, r reply) verdict {
	v := judge(r)
	if k == create && r.exists { // whatever the code: sent again, it would overwrite the password again
		v = verdict{Precondition, faultCall, nil}
	}
	if reason := misled(r); k == read && reason != nil {
		v = verdict{NotApplied, faultRefused, reason}
	}
	if k == read || k == assign && v.outcome == Precondition {
		v.outcome = NotApplied
	}
	return v
}

// accountClosed is the finer code with which the platform answers every call of a closed account.
const accountClosed = "account_closed"

// saysExists reports whether an error says that somebody is there already, by its code or in words. The code
// failed_precondition alone does not say so: a missing role is answered with it, too.
func saysExists(r reply, msg string) bool {
	if r.code == "already_exists" {
		return true
	}
	for _, said := range []string{r.xcode, msg} {
		said = strings.ToLower(norm.NFC.String(said))
		if strings.Contains(said, "đã tồn tại") || strings.Contains(said, "already exist") || strings.Contains(said, "already_exist") ||
			strings.HasSuffix(said, "_exists") || strings.HasSuffix(strings.TrimRight(said, ". "), " exists") {
			return true
		}
	}
	return false
}

func judge(r reply) verdict {
	switch {
	case r.status == 0:
		return unanswered(r)
	case r.status < 300: // an error object in it is no promise of anything
		return verdict{Unknown, unpromised(r), nil}
	case r.status < 400:
		return verdict{Unknown, faultRefused, ErrAddress}
	case r.xcode == accountClosed: // with "unavailable", and waiting does not help
		return verdict{Unknown, faultRefused, ErrClosed}
	case r.status == http.StatusNotImplemented && r.code == "unimplemented":
		return codes[r.code]
	case r.status == http.StatusRequestTimeout || r.status >= 500:
		return verdict{Unknown, faultDown, nil}
	}
	if v, ok := codes[r.code]; ok {
		return v
	}
	return byStatus(r)
}

// misled returns the reason why the answer to a first read shows that this is no way to the API. A write gets no such
// judgment: it may have taken effect, whatever the answer looks like.
func misled(r reply) error {
	switch {
	case !r.early || !r.sent:
		return nil
	case r.status == 0 && errors.Is(r.err, transport.ErrTLS):
		return ErrTLS
	case r.status == http.StatusBadRequest && r.err == nil && (r.form == formPage || r.form == formOther): // as of HTTP to a port of HTTPS
		return ErrAddress
	}
	return nil
}

// unanswered judges an attempt to which no answer came.
func unanswered(r reply) verdict {
	if r.sent {
		return verdict{Unknown, faultDown, nil}
	}
	if reason := refusal(r.err, r.early); reason != nil {
		return verdict{NotApplied, faultRefused, reason}
	}
	return verdict{NotApplied, faultDown, nil}
}

// refusal returns the reason if err, met while connecting, would be met again. early says that no call has got through yet.
func refusal(err error, early bool) error {
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
	case errors.As(err, &verification), errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &invalid):
		return ErrCertificate
	case errors.Is(err, transport.ErrProxy):
		return ifEarly(ErrProxy, early)
	case errors.Is(err, transport.ErrTLS):
		return ifEarly(ErrTLS, early)
	case errors.As(err, &record):
		return ErrAddress
	}
	return nil
}

// ifEarly returns the reason if no call has got through yet. Where calls have, somebody has changed a setting, and may change
// it back.
func ifEarly(reason error, early bool) error {
	if early {
		return reason
	}
	return nil
}

// byStatus judges a 4xx without a code of the API. A body that broke off may have had one.
func byStatus(r reply) verdict {
	whole := r.err == nil && r.form != formBroken
	switch {
	case r.status == http.StatusTooManyRequests:
		return verdict{NotApplied, faultThrottled, nil}
	case r.status == http.StatusUnauthorized:
		return verdict{outcomeIf(r.code == ""), faultRefused, ErrKey}
	case r.status == http.StatusForbidden: // a filter in between may refuse an answer, too
		return verdict{outcomeIf(r.code == "" && r.form == formObject), faultRefused, ErrPermission}
	case r.status == http.StatusNotFound && r.code == "" && whole:
		return verdict{NotApplied, faultRefused, ErrAddress}
	}
	return verdict{Unknown, unpromised(r), nil}
}

func outcomeIf(notApplied bool) Outcome {
	if notApplied {
		return NotApplied
	}
	return Unknown
}

// unpromised names the fault of an answer that the API does not promise.
func unpromised(r reply) fault {
	switch {
	case r.err != nil:
		return faultDown
	case r.form == formPage:
		return faultPage
	}
	return faultAnswer
}
