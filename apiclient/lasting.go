package apiclient

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"reflect"
	"slices"
)

// lasting is an error met while connecting that would be met again, as long as nobody changes a setting. Where calls have
// got through before, somebody has changed one, and may change it back.
type lasting struct {
	reason error // one of the package's
	err    error
}

func (l *lasting) Error() string { return l.err.Error() }

// Unwrap returns the error itself.
func (l *lasting) Unwrap() error { return l.err }

// refusal returns the reason if err, met while connecting, would be met again. early says that no call has got through yet.
func refusal(err error, early bool) error {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
		record       tls.RecordHeaderError
		known        *lasting
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ErrExpired
	case errors.As(err, &verification), errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &invalid):
		return ErrCertificate
	case errors.As(err, &known) && early:
		return known.reason
	case errors.As(err, &known):
		return nil
	case errors.As(err, &record):
		return ErrAddress
	}
	return nil
}

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
