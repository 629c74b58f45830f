package console_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"reflect"
	"strings"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/secondtenant"
)

// practice is a practice tenant that a script uses.
type practice interface {
	BaseURL() string
	Key() string
	// Counts returns what the tenant has counted, by the names that scripts use.
	Counts() map[string]any
	// Meddle changes the tenant as somebody does who works on it by hand.
	Meddle(what string, args []string) error
}

// errNoEquivalent says that the second tenant cannot do what a flag of the sandbox asks for.
var errNoEquivalent = errors.New("the second tenant has no equivalent of")

// secondPractice is the second tenant with one shop, behind a real socket.
type secondPractice struct {
	tenant *secondtenant.Tenant
	shop   *secondtenant.Shop
	url    string
}

func (p *secondPractice) BaseURL() string { return p.url }

func (p *secondPractice) Key() string { return p.shop.Key }

func (p *secondPractice) Counts() map[string]any {
	r := p.tenant.Record()
	creates, overwrites, assigns := 0, 0, 0
	for _, phone := range r.Phones {
		creates += phone.Made + phone.Overwritten
		overwrites += phone.Overwritten
		assigns += phone.Assigned
	}
	counts := map[string]any{}
	for name, n := range map[string]int{
		"requests": len(r.Requests), "writes": r.Writes, "creates": creates, "overwrites": overwrites, "assigns": assigns,
	} {
		counts[name] = float64(n) // as in what JSON is read into
	}
	return counts
}

// Meddle implements [practice].
func (p *secondPractice) Meddle(what string, args []string) error {
	done := true
	switch what {
	case "remove":
		done = p.tenant.Remove(p.shop, args[0])
	case "add":
		p.tenant.AddUser(p.shop, args[0], args[1], "their own", time.Hour)
	case "move":
		done = p.tenant.Move(p.shop, args[0], p.tenant.User(args[1]).ID)
	case "free":
		done = p.tenant.Move(p.shop, args[0], "")
	case "line":
		p.tenant.AddExtension(p.shop, args[0], nil, "", "", 0)
	case "roles":
		done = p.tenant.SetRoles(p.shop, args[0], args[1:]...)
	default:
		return fmt.Errorf("%w meddle %s", errNoEquivalent, what)
	}
	if !done {
		return fmt.Errorf("nobody and nothing to %s: %q", what, args)
	}
	return nil
}

// startSecond serves a second tenant that is like the sandbox of this configuration. The number sets it apart from the
// script's other tenants. An error that is errNoEquivalent names what there is no equivalent of.
func startSecond(c sandbox.Config, number int) (*secondPractice, func(), error) {
	like, err := secondConfig(c)
	if err != nil {
		return nil, nil, err
	}
	like.Seed = int64(100 + number)
	p := &secondPractice{tenant: secondtenant.New(like), shop: secondShop(c)}
	p.tenant.AddShop(p.shop)
	p.populate(c)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	p.url = "http://" + l.Addr().String() + sandbox.BasePath
	server := &http.Server{Handler: p.tenant, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.Serve(l) }()
	return p, func() { _ = server.Close() }, nil
}

func secondShop(c sandbox.Config) *secondtenant.Shop {
	s := &secondtenant.Shop{Name: "Practice tenant", Account: c.AccountID, Key: c.Key, Closed: c.Closed}
	if c.AccountName != "" {
		s.Name = c.AccountName
	}
	if s.Account == "" {
		s.Account = apiclient.ShapeOf(c.Key).AccountID
	}
	if c.ShopID != "-" {
		s.ShopID = c.ShopID
	}
	for call, ops := range secondCalls {
		for _, denied := range c.Deny {
			if denied&ops != 0 {
				s.Deny = append(s.Deny, call)
			}
		}
	}
	return s
}

// firstHotline is that of every extension but those that are of another one.
const firstHotline = 1101234567890123457

// populate makes the people and extensions that the sandbox of this configuration has.
func (p *secondPractice) populate(c sandbox.Config) {
	const year = 365 * 24 * time.Hour
	for i, phone := range c.UserPhones {
		p.tenant.AddUser(p.shop, phone, fmt.Sprintf("Người Có Sẵn %d", i+1), "their own", year)
	}
	for i := range c.Users {
		phone := fmt.Sprintf("0911%06d", i)
		p.tenant.AddUser(p.shop, phone, fmt.Sprintf("Người Có Sẵn %d", i+1), "their own", year)
		p.tenant.Unfindable(p.shop, phone, i < c.Unsearchable)
	}
	for _, phone := range c.StrangerPhones {
		p.tenant.AddUser(nil, phone, "Người Lạ", "their own", year)
	}
	for i := range c.Strangers {
		p.tenant.AddUser(nil, fmt.Sprintf("0912%06d", i), "Người Lạ", "their own", year)
	}
	for i := range c.Extensions {
		state, expires := "P", ""
		switch {
		case i < c.Expired && i%2 == 0:
			state = "N"
		case i < c.Expired:
			expires = time.Now().AddDate(0, -1, 0).UTC().Format(time.RFC3339)
		}
		e := p.tenant.AddExtension(p.shop, fmt.Sprint(1001+i), nil, state, expires, time.Duration(c.Extensions-i)*time.Hour)
		if c.Hotlines > 1 && i%c.Hotlines > 0 {
			e.Hotline = fmt.Sprint(firstHotline + i%c.Hotlines)
		}
	}
	if c.PartnerKey != "" {
		p.tenant.Partner = c.PartnerKey
	}
}

// secondCalls are the second tenant's names of the calls.
var secondCalls = map[string]sandbox.Ops{
	"create": sandbox.Create, "assign": sandbox.Assign, "users": sandbox.Users, "extensions": sandbox.Extensions,
	"Misc/CurrentAccount": sandbox.Account, "Shop/CurrentShop": sandbox.Shop, "Etelecom/GetTenant": sandbox.PBX,
}

// secondConfig returns how the second tenant behaves as the sandbox of this configuration.
func secondConfig(c sandbox.Config) (secondtenant.Config, error) {
	like := secondtenant.Config{
		Service: c.Service, Skew: c.Skew, AnyKey: c.AnyKey, UsersAccount: c.ListedID, ExtensionsAccount: c.ListedID,
		NullLists: c.EmptyList == "null", OldestFirst: c.PagesByPlace, ByPlace: c.PagesByPlace, LastPage: c.PagesByPlace,
		ListLag: c.Lag, NoRoles: c.NoRoles, Latency: c.Latency, Identity: map[string]string{},
	}
	var denied sandbox.Ops
	for _, ops := range c.Deny {
		denied |= ops
	}
	if c.ShopID == "-" && denied&sandbox.Shop == 0 {
		like.Identity["Shop/CurrentShop"] = `{"name":"Practice tenant"}`
	}
	if c.AccountName != "" && denied&sandbox.PBX == 0 {
		like.Identity["Etelecom/GetTenant"] = fmt.Sprintf(`{"id":"1234567890123456789","name":%q,"domain":"pbx.etelecom.example","status":"P"}`, c.AccountName)
	}
	for _, r := range c.Faults {
		rules, err := secondRules(r, c.LateBy)
		if err != nil {
			return like, err
		}
		like.Rules = append(like.Rules, rules...)
	}
	return like, unlike(c)
}

// unlike names the fields that the second tenant has no equivalent of.
func unlike(c sandbox.Config) error {
	known := []string{
		"Addr", "Extensions", "Expired", "Hotlines", "Users", "UserPhones", "Unsearchable", "Strangers", "StrangerPhones", "NoRoles", "Latency", "Lag", "Faults",
		"LateBy", "Deny", "Closed", "PagesByPlace", "EmptyList", "AnyKey", "Service", "Seed", "Key", "PartnerKey", "AccountID", "AccountName",
		"ShopID", "ListedID", "Skew",
	}
	v := reflect.ValueOf(&c).Elem()
	for _, name := range known {
		v.FieldByName(name).SetZero()
	}
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			return fmt.Errorf("%w %s", errNoEquivalent, v.Type().Field(i).Name)
		}
	}
	return nil
}

// secondFaults has the effect and the answer that make each fault. ARG is the fault's argument, or what follows "ARG=".
var secondFaults = map[string]struct{ effect, answer string }{
	"refuse":         {"none", "cut"}, // as over a socket
	"cut-unsent":     {"none", "cut"}, // as over a socket
	"cut-before":     {"none", "cut"},
	"cut-after":      {"now", "cut"},
	"silent":         {"none", "hang"},
	"500-before":     {"none", "internal"},
	"500-after":      {"now", "internal"},
	"503-before":     {"none", "unavailable"},
	"503-after":      {"now", "unavailable"},
	"error":          {"none", "ARG=aborted"},
	"error-after":    {"now", "ARG=aborted"},
	"revoked":        {"none", "unauthenticated"},
	"denied":         {"none", "permission_denied"},
	"closed":         {"none", "unavailable|Tài khoản đã bị đóng.|account_closed"},
	"502-html":       {"none", "502"},
	"502-html-after": {"now", "502"},
	"504-html-after": {"now", "504"},
	"html-200":       {"none", "html"},
	"precondition":   {"none", "failed_precondition|ARG=Require at least 1 role"},
	"half-body":      {"now", "half"},
	"slow-header":    {"now", "hang"}, // no caller waits so long
	"late":           {"late", "cut"},
	"late-504":       {"late", "504"},
	"late-silent":    {"late", "hang"},

	"precondition-after": {"now", "failed_precondition|ARG=Require at least 1 role"},
}

// secondRules returns the rules that are like one of the sandbox's.
func secondRules(r sandbox.Rule, lateBy time.Duration) ([]secondtenant.Rule, error) {
	fault, ok := secondFaults[r.Fault]
	if !ok || r.Chance != 0 && r.Chance != 1 || r.Fault == "slow-header" && r.Arg != "" {
		return nil, fmt.Errorf("%w fault %s", errNoEquivalent, r.Fault)
	}
	like := secondtenant.Rule{First: r.First, Last: r.Last, Effect: fault.effect, Answer: fault.answer}
	if before, usual, takes := strings.Cut(fault.answer, "ARG="); takes {
		if r.Arg != "" {
			usual = r.Arg
		}
		like.Answer = before + usual
	}
	if like.Late = lateBy; like.Late == 0 {
		like.Late = time.Minute
	}
	if fault.effect == "late" && r.Arg != "" {
		var err error
		if like.Late, err = time.ParseDuration(r.Arg); err != nil {
			return nil, err
		}
	}
	switch {
	case strings.HasPrefix(r.Fault, "precondition"):
		r.On = sandbox.Create
	case fault.effect == "late" && r.On == 0:
		r.On = sandbox.Writes
	}
	if r.On == 0 || r.On == sandbox.All {
		return []secondtenant.Rule{like}, nil
	}
	var rules []secondtenant.Rule
	for call, ops := range secondCalls {
		if r.On&ops != 0 {
			like.Call = call
			rules = append(rules, like)
		}
	}
	if len(rules) > 1 && r.First > 0 { // they would count each call on its own
		return nil, fmt.Errorf("%w fault %s, counted over several calls", errNoEquivalent, r.Fault)
	}
	return rules, nil
}
