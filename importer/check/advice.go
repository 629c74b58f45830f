package check

import (
	"errors"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
)

// advice is what to look at when the API cannot be reached, or does not work.
var advice = map[apiclient.Trouble]message.Text{
	apiclient.UnknownName: "check: is this computer online? Does this network need a proxy (HTTPS_PROXY)? Is --base-url right (https://api.etelecom.vn/v1/partner)?",
	apiclient.NoNameServer: "check: is this computer online? Does its DNS server work (try another address in a browser)? Does this network need a proxy " +
		"(HTTPS_PROXY)?",
	apiclient.ConnectionRefused: "check: is --base-url right (https://api.etelecom.vn/v1/partner)? Does this network need a proxy (HTTPS_PROXY)? " +
		"Does a firewall refuse the connection?",
	apiclient.Unreachable: "check: is this computer online, with its cable, Wi-Fi or VPN? Does this network need a proxy (HTTPS_PROXY)? Is --base-url right?",
	apiclient.Forbidden:   "check: does a firewall or a virus scanner of this computer stop this program? Ask who runs this computer",
	apiclient.TooSlow: "check: is this computer online? Does this network need a proxy (HTTPS_PROXY)? Does a firewall drop the connection? " +
		"If the network is slow, use a longer --timeout",
	apiclient.Disconnected: "check: does a proxy or a firewall of this network close connections? Is this computer's network stable? " +
		"If it is, ask eTelecom",
	apiclient.ProxyFails: "check the proxy in the variable HTTPS_PROXY: its address (http, https or socks5), its user and its password. " +
		"Then ask who runs the proxy if it lets this computer reach the API",
	apiclient.TLSFails: "check --base-url. A proxy or a firewall may answer in place of the API. " +
		"It may want another version of TLS or a certificate of this computer: ask who runs this network",
	apiclient.BadCertificate: "find out who answers at this address: a proxy or a login page of the network may be in between. The check cannot be skipped",
	apiclient.BadDate: "check the date and time of this computer first. If they are right, a proxy or a login page of the network may answer in place of the API: " +
		"ask who runs this network. The check cannot be skipped",
	apiclient.WrongServer:  "open a browser on this computer: the network may want a login. Then check --base-url (https://api.etelecom.vn/v1/partner)",
	apiclient.ServerFails:  "if it says the same in an hour, ask eTelecom",
	apiclient.Throttled:    "use a lower --rate. Other programs with the same key may send requests, too",
	apiclient.OtherTrouble: "check --base-url, the network and the firewall. If this network needs a proxy, check the variable HTTPS_PROXY",
}

// Advice returns what to look at when the API cannot be reached, or does not work; "" for [apiclient.NoTrouble]. It begins as a hint
// does, with a small letter and without a full stop at its end.
func Advice(t apiclient.Trouble) string { return advice[t].String() }

// advise returns the advice for an error, as sentences.
func advise(err error) string {
	trouble := apiclient.OtherTrouble
	if api := new(apiclient.Error); errors.As(err, &api) && api.Trouble != apiclient.NoTrouble {
		trouble = api.Trouble
	}
	return Sentence(Advice(trouble))
}
