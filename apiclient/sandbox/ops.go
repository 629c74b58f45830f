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

	List   = Users | Extensions
	Writes = Create | Assign
	All    = List | Writes | Account
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
	{"list", List},
	{"writes", Writes},
	{"all", All},
}

const opCount = 5

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
			return fmt.Errorf("no call %q; there are create, assign, users, extensions, account, list, writes, all", name)
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

// route finds the call that a path names.
func route(path string) Ops {
	method, ok := strings.CutPrefix(path, BasePath+".")
	if !ok {
		return 0
	}
	switch method {
	case "Shop/CreateAccountUser":
		return Create
	case "Shop/GetAccountUsers":
		return Users
	case "Etelecom/GetExtensions":
		return Extensions
	case "Etelecom/AssignUserToExtension":
		return Assign
	case "Misc/CurrentAccount":
		return Account
	}
	return 0
}
