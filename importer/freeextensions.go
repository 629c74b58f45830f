package importer

import (
	"strings"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/tenant"
)

// ErrNoChoice says that rows need free extensions, and that nobody can tell which ones are meant.
var ErrNoChoice = message.New("no free extension can be chosen")

// Numbers are ranges of extension numbers, as --free-extensions gives them.
type Numbers = tenant.Numbers

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
