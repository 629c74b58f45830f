package transport

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"reflect"
	"slices"

	"etelecom-import/apiclient/message"
)

// Why a connection cannot be made, however often it is tried, until somebody changes a setting. Use them with [errors.Is].
var (
	ErrProxy = message.New("the proxy cannot be used")
	ErrTLS   = message.New("the server does not accept the TLS of this computer")
)

// ErrProxyFailed means that the proxy is not there, or did not do its work. Unlike after [ErrProxy], another attempt may succeed.
var ErrProxyFailed = message.New("the proxy fails")

// viaProxy says that an error is of the connection to the proxy.
func viaProxy(err error) error { return &reasoned{ErrProxyFailed, message.Errorf("proxy: %w", err)} }

// ErrHeader means that an answer has a larger header than the transport reads.
var ErrHeader = message.New("the answer's header is larger than 256 KiB")

var (
	errTooLate      = message.New("the connection was ready too late")
	errClosedUnused = message.New("the server closes new connections")
)

// Unsent is an error of a transport which proves that no byte of the request was sent, or will be. [Transport.RoundTrip] makes it
// if there is no connection, and Transport.send if countingConn has counted nothing. What follows from it is decided by
// classifyNoAnswer in apiclient/classify.go: the call was not applied, and even a write may be sent again.
type Unsent struct{ Err error }

// Error returns the text of the cause.
func (u *Unsent) Error() string { return u.Err.Error() }

// Unwrap returns the cause.
func (u *Unsent) Unwrap() error { return u.Err }

// Unsent returns true. The errors of any transport may have this method; see [IsUnsent].
func (u *Unsent) Unsent() bool { return true }

// IsUnsent reports whether the error of any transport proves that nothing was sent: it, or an error that it wraps, has a
// method Unsent that returns true.
func IsUnsent(err error) bool {
	var proof interface{ Unsent() bool }
	return errors.As(err, &proof) && proof.Unsent()
}

// reasoned is an error whose reason is [ErrProxy], [ErrProxyFailed] or [ErrTLS].
type reasoned struct {
	reason error
	err    error
}

func (r *reasoned) Error() string { return r.err.Error() }

func (r *reasoned) Is(target error) bool { return target == r.reason }

func (r *reasoned) Unwrap() error { return r.err }

// isMismatch reports whether a TLS handshake failed because the two ends have no settings in common: the server says so in an
// alert, or crypto/tls does not accept what the server offers. Refused certificates are none of these, and neither is a
// server that speaks no TLS, or a network that fails.
func isMismatch(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		network      net.Error
	)
	switch {
	case err == nil, errors.As(err, &verification), errors.As(err, &record):
		return false
	case isLastingAlert(err):
		return true
	}
	return !errors.As(err, &network) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF)
}

// lastingAlerts are the TLS alerts about what the client is, not about what has just gone wrong (RFC 8446, 6.2): no common
// version or cipher, a client certificate is wanted, another server name.
var lastingAlerts = []uint64{40, 42, 43, 44, 45, 46, 48, 49, 70, 71, 86, 109, 110, 112, 116, 120}

// isLastingAlert reports whether the server has sent a TLS alert that it would send again. A server of TLS 1.3 sends it after
// the handshake, as its answer to a request. The type of an alert is internal to crypto/tls, but its number can be read.
func isLastingAlert(err error) bool {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" {
		return false
	}
	v := reflect.ValueOf(op.Err)
	return v.Kind() == reflect.Uint8 && slices.Contains(lastingAlerts, v.Uint())
}
