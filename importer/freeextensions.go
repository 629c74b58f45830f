package importer

import (
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// ErrNoChoice says that rows need free extensions, and that nobody can tell which ones are meant.
var ErrNoChoice = message.New("no free extension can be chosen")

// Numbers are ranges of extension numbers, as --free-extensions gives them.
type Numbers = tenant.Numbers

// GivenExtension is a row that names no extension, and the number that the first plan gives it.
type GivenExtension struct {
	Line   int    `json:"line"`
	Number string `json:"extension_number"`
	// Instead is the number that the row has in place of it; "" if it has that one. Somebody else has it, or it was changed.
	Instead string `json:"instead"`
	// Name is whose row it is.
	Name string `json:"-"`

	row     int
	hotline apiclient.ID // of the extension when the plan was made; 0: not told, or not asked for
}

// givenExtensions returns what a plan gives to rows that name no extension, in their order.
func givenExtensions(r *roster.Roster, p *plan.Plan, on *tenant.Snapshot) []GivenExtension {
	given := []GivenExtension{}
	for i := range p.Steps {
		if s := &p.Steps[i]; s.GivesChosen() {
			given = append(given, GivenExtension{
				Line: r.Rows[i].Line, Number: s.Extension.Number, Name: r.Rows[i].Name, row: i, hotline: on.HotlineOf(s.Extension.ID),
			})
		}
	}
	return given
}

// compare fills in which rows have another number by now.
func compare(given []GivenExtension, r *roster.Roster, l *ledger.Ledger) []GivenExtension {
	for i := range given {
		g := &given[i]
		if e := l.Lookup(r.Rows[g.row].Phone); e.HoldsExtension() && e.ExtensionNumber != g.Number {
			g.Instead = e.ExtensionNumber
		}
	}
	return given
}

// HotlineID is the id of a hotline, as --hotline gives it. The zero value is none.
type HotlineID apiclient.ID

// UnmarshalText reads an id.
func (h *HotlineID) UnmarshalText(text []byte) error {
	id, ok := apiclient.ParseID(strings.TrimSpace(string(text)))
	if !ok {
		return message.New("this is not the id of a hotline: it has up to 19 digits, and etelecom-import run --free-extensions names those of a range")
	}
	*h = HotlineID(id)
	return nil
}
