package apiclient

import (
	"cmp"
	"net"
	"net/url"
	"strings"

	"etelecom-import/apiclient/message"
)

// The names of the calls, as [Error].Op has them.
const (
	OpCurrentAccount        = "CurrentAccount"
	OpCurrentShop           = "CurrentShop"
	OpGetTenant             = "GetTenant"
	OpCreateAccountUser     = "CreateAccountUser"
	OpGetAccountUsers       = "GetAccountUsers"
	OpGetExtensions         = "GetExtensions"
	OpAssignUserToExtension = "AssignUserToExtension"
)

// kind is what a call does to the tenant.
type kind uint8

const (
	read kind = iota
	create
	assign
)

// DefaultService is eTelecom's own name of the service that manages extensions. Other brands on the same platform have another
// name for it.
const DefaultService = "Etelecom"

// operation is a call of the API.
type operation struct {
	service, name string // a service of "" has the name that [Config].Service gives it
	kind          kind
}

var (
	currentAccount        = operation{"Misc", OpCurrentAccount, read}
	currentShop           = operation{"Shop", OpCurrentShop, read}
	getTenant             = operation{"", OpGetTenant, read}
	createAccountUser     = operation{"Shop", OpCreateAccountUser, create}
	getAccountUsers       = operation{"Shop", OpGetAccountUsers, read}
	getExtensions         = operation{"", OpGetExtensions, read}
	assignUserToExtension = operation{"", OpAssignUserToExtension, assign}
)

var operations = []operation{
	currentAccount, currentShop, getTenant, createAccountUser, getAccountUsers, getExtensions, assignUserToExtension,
}

// endpoints returns each call's address. A dot joins the path of the base and the name of the service, so the base needs a path:
// without one, the dot and the service would become part of the host name.
func endpoints(base, service string) (map[operation]*url.URL, error) {
	if strings.Contains(base, "@") { // anywhere: without a scheme nobody can tell where the user ends
		return nil, message.New("the base URL has a user or a password (an @): use only scheme, host and path")
	}
	u, err := url.Parse(strings.TrimSpace(base))
	if err != nil {
		return nil, message.New("the base URL is not a URL") // the cause would repeat it, with a password in it
	}
	hasQuery, hasFragment := u.RawQuery != "" || u.ForceQuery, strings.Contains(base, "#")
	if u.User != nil || hasQuery || hasFragment {
		return nil, message.New("the base URL has a user, a query or a fragment: use only scheme, host and path")
	}
	if u.Host == "" || u.Hostname() == "" {
		return nil, message.Errorf("the base URL %q has no host: use one like https://api.etelecom.vn/v1/partner", base)
	}
	staysHere := u.Scheme == "http" && loopback(u.Hostname())
	if u.Scheme != "https" && !staysHere { // the key and the passwords would be readable on the way
		return nil, message.Errorf("the base URL %q does not begin with https: use https (http is only for this computer itself)", base)
	}
	path := strings.TrimRight(u.EscapedPath(), "/.")
	if path == "" {
		return nil, message.Errorf("the base URL %q has no path: use one like https://api.etelecom.vn/v1/partner", base)
	}
	if strings.Trim(strings.ToLower(service), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return nil, message.Errorf("the service %q is not a name: use only letters and digits, such as %s", service, DefaultService)
	}
	urls := make(map[operation]*url.URL)
	for _, op := range operations {
		if urls[op], err = url.Parse(u.Scheme + "://" + u.Host + path + "." + cmp.Or(op.service, service) + "/" + op.name); err != nil {
			return nil, message.New("the base URL is not a URL")
		}
	}
	return urls, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
