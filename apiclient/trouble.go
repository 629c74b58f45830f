package apiclient

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"syscall"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/transport"
)

// Trouble is why the API cannot be reached, or does not work, by what a person can do about it. The zero value is none of this: the
// API has answered, and what it says is about the call.
type Trouble uint8

// The kinds of trouble.
const (
	NoTrouble         Trouble = iota
	UnknownName               // the host's name has no address
	NoNameServer              // nobody answers for names
	ConnectionRefused         // nobody listens at the address
	Unreachable               // there is no way to the address
	Forbidden                 // this computer does not let the program connect
	TooSlow                   // the time for a connection or an answer was over
	Disconnected              // the connection ended before the answer was complete
	ProxyFails                // the proxy is not there, or refuses
	TLSFails                  // the server does not accept the TLS of this computer
	BadCertificate            // the server's certificate is not trusted
	BadDate                   // nor is it valid at the date of this computer
	WrongServer               // what answers is not the API
	ServerFails               // HTTP 5xx
	Throttled                 // HTTP 429
	OtherTrouble              // another failure of the network
)

var troubleTexts = map[Trouble]message.Text{
	UnknownName:       "no such host",
	NoNameServer:      "the DNS server does not answer",
	ConnectionRefused: "connection refused",
	Unreachable:       "no way to this address",
	Forbidden:         "this computer does not allow the connection",
	TooSlow:           "no answer in time",
	Disconnected:      "the connection was closed",
	ProxyFails:        "the proxy fails",
	TLSFails:          "the server does not accept the TLS of this computer",
	BadCertificate:    "the certificate of the server is not trusted",
	BadDate:           "the certificate of the server is not valid today",
	WrongServer:       "this is not an answer of the API",
	ServerFails:       "the server has an error",
	Throttled:         "too many requests",
	OtherTrouble:      "the network fails",
}

// String returns a few words.
func (t Trouble) String() string { return troubleTexts[t].String() }

// Setback is an attempt of a call that has failed for a reason that may pass.
type Setback struct {
	Host string // of the API, with its port if that is not the usual one
	Err  *Error
	// Next is the number of the attempt that follows, of at most Of; 0 if none follows, and the caller decides how to continue.
	Next, Of int
	Took     time.Duration // from the beginning of the attempt
}

// troubleOf returns what the trouble is, by the evidence and by what was made of it.
func troubleOf(e evidence, v verdict) Trouble {
	isDown := v.blame == blameDown
	switch {
	case v.blame == blameThrottled:
		return Throttled
	case v.blame == blameHTML, v.blame == blameAnswer:
		return WrongServer
	case v.reason == ErrExpired:
		return BadDate
	case v.reason == ErrCertificate:
		return BadCertificate
	case v.reason == ErrProxy:
		return ProxyFails
	case v.reason == ErrTLS:
		return TLSFails
	case isDown && e.status != 0 && e.err == nil:
		return ServerFails
	case isDown:
		return networkTrouble(e.err)
	}
	return NoTrouble
}

// The numbers that Windows has for what other systems call ECONNREFUSED and so on. No other system has numbers as high.
const (
	windowsForbidden   = syscall.Errno(10013) // WSAEACCES
	windowsNetDown     = syscall.Errno(10050)
	windowsNetNoWay    = syscall.Errno(10051)
	windowsAborted     = syscall.Errno(10053)
	windowsReset       = syscall.Errno(10054)
	windowsTimeout     = syscall.Errno(10060)
	windowsRefused     = syscall.Errno(10061)
	windowsHostDown    = syscall.Errno(10064)
	windowsHostNoWay   = syscall.Errno(10065)
	windowsNoDataOfDNS = syscall.Errno(11004)
)

var systemTroubles = []struct {
	errors  []error
	trouble Trouble
}{
	{[]error{syscall.ECONNREFUSED, windowsRefused}, ConnectionRefused},
	{[]error{
		syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ENETDOWN, syscall.EHOSTDOWN, syscall.EADDRNOTAVAIL,
		windowsNetDown, windowsNetNoWay, windowsHostDown, windowsHostNoWay,
	}, Unreachable},
	{[]error{syscall.EACCES, syscall.EPERM, windowsForbidden}, Forbidden},
	{[]error{os.ErrDeadlineExceeded, context.DeadlineExceeded, syscall.ETIMEDOUT, windowsTimeout}, TooSlow},
	{[]error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, windowsReset, windowsAborted}, Disconnected},
	{[]error{windowsNoDataOfDNS}, UnknownName},
}

// networkTrouble returns what an error of the network means.
func networkTrouble(err error) Trouble {
	if c := new(cause); errors.As(err, &c) { // its detail is hidden from others
		err = c.detail
	}
	var name *net.DNSError
	switch {
	case errors.Is(err, transport.ErrProxy), errors.Is(err, transport.ErrProxyFailed):
		return ProxyFails
	case errors.Is(err, transport.ErrTLS):
		return TLSFails
	case errors.As(err, &name) && name.IsNotFound:
		return UnknownName
	case errors.As(err, &name):
		return NoNameServer
	}
	for _, s := range systemTroubles {
		if slices.ContainsFunc(s.errors, func(known error) bool { return errors.Is(err, known) }) {
			return s.trouble
		}
	}
	if slow := net.Error(nil); errors.As(err, &slow) && slow.Timeout() {
		return TooSlow
	}
	return OtherTrouble
}
