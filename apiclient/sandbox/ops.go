package sandbox

import (
	"fmt"
	"math/bits"
	"strings"
)

// Ops is a call of the API, or a set of them.
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

// index is the place of a single call in an array of opCount.
func (o Ops) index() int { return bits.TrailingZeros8(uint8(o)) }

// String gives the name of a call or set; of other sets, the names of their calls; "" for none.
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

// MarshalText gives what String gives.
func (o Ops) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText takes names, several of them joined by "+".
func (o *Ops) UnmarshalText(text []byte) error {
	*o = 0
	for name := range strings.SplitSeq(string(text), "+") {
		ops := opsNamed(name)
		if ops == 0 {
			return fmt.Errorf("no call %q; there are %s", name, opList())
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

// calls are the paths that are the same for every brand, below the base.
var calls = map[string]Ops{
	"Shop/CreateAccountUser": Create,
	"Shop/GetAccountUsers":   Users,
	"Shop/CurrentShop":       Shop,
	"Misc/CurrentAccount":    Account,
}

// serviceCalls are the paths below the service that every brand names in its own way.
var serviceCalls = map[string]Ops{
	"GetExtensions":         Extensions,
	"AssignUserToExtension": Assign,
	"GetTenant":             PBX,
}

// route finds the call that a path names; 0: none.
func route(path, service string) Ops {
	method, ok := strings.CutPrefix(path, BasePath+".")
	if !ok {
		return 0
	}
	if call, ok := strings.CutPrefix(method, service+"/"); ok && serviceCalls[call] != 0 {
		return serviceCalls[call]
	}
	return calls[method]
}
