package importer

import (
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// ErrNoChoice says that rows need free extensions, and that nobody can tell which ones are meant.
var ErrNoChoice = message.New("no free extension can be chosen")

// Numbers are ranges of extension numbers, as --free-extensions gives them.
type Numbers = tenant.Numbers

// GivenExtension is a row that names no extension, and the number that the plan gives it.
type GivenExtension struct {
	Line   int    `json:"line"`
	Number string `json:"extension_number"`
}

// givenExtensions returns what a plan gives to rows that name no extension, in their order.
func givenExtensions(r *roster.Roster, p *plan.Plan) []GivenExtension {
	given := []GivenExtension{}
	for i := range p.Steps {
		if s := &p.Steps[i]; s.GivesChosen() {
			given = append(given, GivenExtension{r.Rows[i].Line, s.Extension.Number})
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
