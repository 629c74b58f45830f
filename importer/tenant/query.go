package tenant

import (
	"etelecom-import/apiclient"
	"etelecom-import/importer/phone"
)

// Query says what has to be known of the tenant. The zero value asks for nothing. Something may be named twice.
type Query struct {
	// Phones are those whose users are looked for.
	Phones []phone.Number
	// Users are looked for by their id.
	Users []apiclient.ID
	// Extensions are looked for by their id, Numbers by their number.
	Extensions []apiclient.ID
	Numbers    []string
	// Free are numbers whose extensions are all listed, for a choice among them: see [Snapshot.InRange].
	Free Numbers
	// WithoutRole are users who had no role, and Expired are extensions that had expired, when the tenant was read last. They
	// are not looked for, but if the listing shows that this is over, the snapshot says so.
	WithoutRole []apiclient.ID
	Expired     []apiclient.ID
}

// Empty reports whether nobody is looked for: then no listing has to be read.
func (q *Query) Empty() bool { return len(q.Phones) == 0 }
