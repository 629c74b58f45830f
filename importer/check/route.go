package check

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
)

const (
	resolveWithin = 5 * time.Second
	reachWithin   = 15 * time.Second
	// endsSoon is how long before its end a check mentions a certificate.
	endsSoon = 14 * 24 * time.Hour
)

// routeCheck looks at the route to the API's host, as an attempt to connect has found it.
type routeCheck struct {
	report  *Report
	resolve func(ctx context.Context, host string) ([]string, error)
	host    string
	secured bool            // the address begins with https
	route   apiclient.Route // that was taken
	err     error           // why there is no connection
}

// lookAtRoute tells how the API's host is reached. It returns why the API cannot be asked; "" if it can.
func lookAtRoute(ctx context.Context, r *Report, in *Input) (barred string) {
	c := &routeCheck{report: r, resolve: in.Resolve, secured: true}
	if base, err := url.Parse(strings.TrimSpace(in.BaseURL)); err == nil {
		c.host, c.secured = base.Hostname(), base.Scheme == "https"
	}
	bounded, cancel := context.WithTimeout(ctx, reachWithin)
	c.route, c.err = in.Reach(bounded)
	cancel()
	resolved := c.name(ctx)
	c.proxy()
	c.connection(resolved)
	c.encryption()
	if c.err != nil {
		return noConnection.String()
	}
	return ""
}

const noConnection message.Text = "There is no connection to the API."

// name reports whether there is an address to connect to.
func (c *routeCheck) name(ctx context.Context) (resolved bool) {
	byProxy := message.Sprintf("The proxy resolves %s, not this computer.", c.host)
	switch {
	case c.route.Proxy != "" && c.err == nil:
		c.report.ok("name", byProxy)
		return true
	case c.route.Proxy != "":
		c.report.notKnown("name", byProxy, "")
		return true
	case net.ParseIP(c.host) != nil:
		c.report.ok("name", message.Sprintf("%s is an address already.", c.host))
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, resolveWithin)
	defer cancel()
	addresses, err := c.resolve(ctx, c.host)
	if err != nil {
		why, trouble := err.Error(), apiclient.NoNameServer
		if dns := new(net.DNSError); errors.As(err, &dns) {
			why = dns.Err
			if dns.IsNotFound {
				trouble = apiclient.UnknownName
			}
		}
		c.report.wrong("name", message.Sprintf("The address of %s is not found: %s.", c.host, why), advise(&apiclient.Error{Trouble: trouble}))
		return false
	}
	const most = 4
	list := strings.Join(addresses[:min(len(addresses), most)], ", ")
	if more := len(addresses) - most; more > 0 {
		list = message.Sprintf("%s and %d more", list, more)
	}
	c.report.ok("name", message.Sprintf("%s has the address %s.", c.host, list))
	return true
}

func (c *routeCheck) proxy() {
	switch {
	case c.route.Proxy != "":
		c.report.ok("proxy", message.Sprintf("The proxy %s is in use.", c.route.Proxy))
	case errors.Is(c.err, apiclient.ErrProxy):
		c.report.wrong("proxy", message.Sprintf("The proxy cannot be used: %s.", causeOf(c.err)), advise(&apiclient.Error{Trouble: apiclient.ProxyFails}))
	default:
		c.report.ok("proxy", message.T("No proxy is in use."))
	}
}

func (c *routeCheck) connection(resolved bool) {
	throughProxy := c.route.Proxy != "" || errors.Is(c.err, apiclient.ErrProxy)
	// At these errors somebody answered at the address, although no call can be sent there.
	answered := errors.Is(c.err, apiclient.ErrCertificate) || errors.Is(c.err, apiclient.ErrAddress)
	switch {
	case c.err == nil && c.route.Proxy != "":
		c.report.ok("connection", message.Sprintf("Connected to %s through the proxy.", c.host))
	case c.err == nil:
		c.report.ok("connection", message.Sprintf("Connected to %s.", c.route.Address))
	case !resolved: // the name is what is wrong
		c.report.notKnown("connection", message.Sprintf("No connection: %s.", causeOf(c.err)), "")
	case answered:
		c.report.ok("connection", message.T("A server answers."))
	case throughProxy:
		c.report.wrong("connection", message.Sprintf("No connection through the proxy: %s.", causeOf(c.err)), advise(&apiclient.Error{Trouble: apiclient.ProxyFails}))
	default:
		c.report.wrong("connection", message.Sprintf("No connection: %s.", causeOf(c.err)), advise(c.err))
	}
}

func (c *routeCheck) encryption() {
	about := certificate(c.route, time.Now())
	switch {
	case errors.Is(c.err, apiclient.ErrCertificate):
		c.report.wrong("tls", sentences(notTrusted(c.err), about), advise(c.err))
	case errors.Is(c.err, apiclient.ErrTLS):
		c.report.wrong("tls", message.Sprintf("The server does not accept this connection: %s.", causeOf(c.err)), advise(c.err))
	case errors.Is(c.err, apiclient.ErrAddress):
		c.report.wrong("tls", message.T("The server does not speak TLS."), message.T("Check host and port in --base-url."))
	case c.err != nil:
		c.report.notKnown("tls", noConnection.String(), "")
	case !c.secured:
		c.report.ok("tls", message.T("There is no TLS: the connection stays on this computer."))
	default:
		c.report.ok("tls", sentences(tls.VersionName(c.route.Version)+".", about))
	}
}

func notTrusted(err error) string {
	return message.Sprintf("The certificate is not trusted: %s.", causeOf(err))
}

// certificate describes a server's certificate; "" if there is none.
func certificate(route apiclient.Route, now time.Time) string {
	x := route.Certificate
	if x == nil {
		return ""
	}
	issuer := cmp.Or(x.Issuer.CommonName, x.Issuer.String())
	if by := x.Issuer.Organization; len(by) > 0 {
		issuer = by[0] + " (" + issuer + ")" // the name alone can be as short as R11
	}
	nameless := message.T("(no name)")
	about := message.Sprintf("The certificate of %s is from %s, and is valid from %s to %s.", cmp.Or(subject(x), nameless), cmp.Or(issuer, nameless),
		message.Time(x.NotBefore), message.Time(x.NotAfter))
	if left := x.NotAfter.Sub(now); left > 0 && left < endsSoon {
		return sentences(about, message.Sprintf("It ends in %s: tell eTelecom.", span(left)))
	}
	return about
}

func subject(x *x509.Certificate) string {
	if len(x.DNSNames) > 0 {
		return x.DNSNames[0]
	}
	return cmp.Or(x.Subject.CommonName, x.Subject.String())
}

// causeOf returns why a connection failed, without the name of the step.
func causeOf(err error) string {
	if api := new(apiclient.Error); errors.As(err, &api) && api.Err != nil {
		return api.Err.Error()
	}
	return err.Error()
}
