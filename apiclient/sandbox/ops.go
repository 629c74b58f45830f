package sandbox

import (
	"math/bits"
	"strings"

	"etelecom-import/apiclient/message"
)

// Ops is a call of the API, or a set of calls. The zero value is the empty set.
type Ops uint8

// The calls, and the sets that have a name.
const (
	Create     Ops = 1 << iota // CreateAccountUser
	Assign                     // AssignUserToExtension
	Users                      // GetAccountUsers
	Extensions                 // GetExtensions
	Account                    // CurrentAccount
	Shop                       // CurrentShop
	PBX                        // GetTenant

	List     = Users | Extensions
	Writes   = Create | Assign
	Identity = Account | Shop | PBX
	All      = List | Writes | Identity
)

var opNames = []struct {
	name string
	ops  Ops
}{
	{"create", Create},
	{"assign", Assign},
	{"users", Users},
	{"extensions", Extensions},
	{"account", Account},
	{"shop", Shop},
	{"pbx", PBX},
	{"list", List},
	{"writes", Writes},
	{"identity", Identity},
	{"all", All},
}

const opCount = 7

// index is the index of a single call in an array of opCount elements.
func (o Ops) index() int { return bits.TrailingZeros8(uint8(o)) }

// String returns the name of a call or a named set, and the names of the calls of any other set, joined by "+".
func (o Ops) String() string {
	var calls []string
	for _, n := range opNames {
		if n.ops == o {
			return n.name
		}
		if n.ops&o != 0 && bits.OnesCount8(uint8(n.ops)) == 1 {
			calls = append(calls, n.name)
		}
	}
	return strings.Join(calls, "+")
}

// MarshalText returns what String does.
func (o Ops) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads names of calls and sets, joined by "+". An unknown name is an error.
func (o *Ops) UnmarshalText(text []byte) error {
	*o = 0
	for name := range strings.SplitSeq(string(text), "+") {
		ops := opsNamed(name)
		if ops == 0 {
			return message.Errorf("there is no call %q: use %s", name, opList())
		}
		*o |= ops
	}
	return nil
}

func opsNamed(name string) Ops {
	for _, n := range opNames {
		if n.name == name {
			return n.ops
		}
	}
	return 0
}

func opList() string {
	names := make([]string, len(opNames))
	for i, n := range opNames {
		names[i] = n.name
	}
	return strings.Join(names, ", ")
}

// commonCalls are the calls whose paths are the same for every brand.
var commonCalls = map[string]Ops{
	"Shop/CreateAccountUser": Create,
	"Shop/GetAccountUsers":   Users,
	"Shop/CurrentShop":       Shop,
	"Misc/CurrentAccount":    Account,
}

// serviceCalls are the calls below the service, which each brand gives a name of its own.
var serviceCalls = map[string]Ops{
	"GetExtensions":         Extensions,
	"AssignUserToExtension": Assign,
	"GetTenant":             PBX,
}

// route returns the call that a path names; 0 if it names none.
func route(path, service string) Ops {
	method, ok := strings.CutPrefix(path, BasePath+".")
	if !ok {
		return 0
	}
	if call, ok := strings.CutPrefix(method, service+"/"); ok && serviceCalls[call] != 0 {
		return serviceCalls[call]
	}
	return commonCalls[method]
}
