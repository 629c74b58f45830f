package transport

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"reflect"
	"slices"
)

// Why no connection can be made, now or later, until somebody changes a setting; for [errors.Is] on an error of this package.
var (
	ErrProxy = errors.New("the proxy cannot be used")
	ErrTLS   = errors.New("the server does not accept this client's TLS")
)

// ErrHeader says that an answer has more header than is read.
var ErrHeader = errors.New("the answer's header is larger than 256 KiB")

var (
	errTooLate = errors.New("the connection came too late")
	errDropped = errors.New("the server closes new connections")
)

// Unsent is an error of a transport which proves that no byte of the request was sent, or will be.
type Unsent struct{ Err error }

// Error returns the cause.
func (u *Unsent) Error() string { return u.Err.Error() }

// Unwrap returns the cause.
func (u *Unsent) Unwrap() error { return u.Err }

// Unsent returns true. The errors of any transport may have this method.
func (u *Unsent) Unsent() bool { return true }

// IsUnsent reports whether the error of a transport, which need not be one of this package, proves that nothing was sent.
func IsUnsent(err error) bool {
	var proof interface{ Unsent() bool }
	return errors.As(err, &proof) && proof.Unsent()
}

// lasting is an error that would be met again for a reason, [ErrProxy] or [ErrTLS].
type lasting struct {
	reason error
	err    error
}

func (l *lasting) Error() string { return l.err.Error() }

// Is reports whether target is the reason.
func (l *lasting) Is(target error) bool { return target == l.reason }

// Unwrap returns the error itself.
func (l *lasting) Unwrap() error { return l.err }

// disagreed reports whether a TLS handshake failed because the two ends do not fit together: the other end says so in an
// alert, or crypto/tls does not take what it offers.
func disagreed(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		network      net.Error
	)
	switch {
	case err == nil, errors.As(err, &verification), errors.As(err, &record):
		return false
	case alerted(err):
		return true
	}
	return !errors.As(err, &network) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF)
}

// lastingAlerts are those with which a server refuses what this client is, and not what has just gone wrong (RFC 8446,
// 6.2): no common version or cipher, a client certificate is wanted, another server name.
var lastingAlerts = []uint64{40, 42, 43, 44, 45, 46, 48, 49, 70, 71, 86, 109, 110, 112, 116, 120}

// alerted reports whether the other end has sent a TLS alert that it would send again. A server that speaks TLS 1.3 sends
// it after the handshake, in answer to a request. crypto/tls hides its type of an alert, but not the number.
func alerted(err error) bool {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" {
		return false
	}
	v := reflect.ValueOf(op.Err)
	return v.Kind() == reflect.Uint8 && slices.Contains(lastingAlerts, v.Uint())
}
