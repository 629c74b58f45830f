package importer

import (
	"context"
	"sync"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/tenant"
)

// roleWarnings keeps the warnings of entries that are done: it adds that a user has no role, and takes back what is over.
type roleWarnings struct {
	client *apiclient.Client
	ledger *ledger.Ledger

	mu      sync.Mutex
	created map[apiclient.ID]*ledger.Entry // users whom this run has created, until their roles were looked at
	looked  bool
}

func newRoleWarnings(c *apiclient.Client, l *ledger.Ledger) *roleWarnings {
	return &roleWarnings{client: c, ledger: l, created: map[apiclient.ID]*ledger.Entry{}}
}

// add takes in a user whom this run has created.
func (w *roleWarnings) add(id apiclient.ID, e *ledger.Entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.looked {
		w.created[id] = e
	}
}

// lookAtRoles looks, once in a run, whether the listing shows the users whom it has created without a role. The newest come
// first: it reads on as long as a page has such users. A look that fails says nothing.
func (w *roleWarnings) lookAtRoles(ctx context.Context) {
	if w.looked || len(w.created) == 0 {
		return
	}
	seen, without := 0, 0
	for u, err := range w.client.GetAccountUsers(ctx, apiclient.UserFilter{}) {
		if err != nil {
			break
		}
		if e := w.created[u.UserID]; e != nil && u.NoRole {
			without++
			w.warn(e, plan.NoRole)
		}
		if seen++; seen%tenant.PageSize == 0 {
			if without == 0 { // the users whom this run has created are above
				break
			}
			without = 0
		}
	}
	w.looked, w.created = true, nil
}

// warn adds a warning to an entry that is done. On others it would displace what is to be done about them.
func (w *roleWarnings) warn(e *ledger.Entry, warning plan.Warnings) {
	if known := plan.RecordedWarnings(e); e.Status == ledger.Done && known&warning == 0 {
		w.record(e, known|warning)
	}
}

// takeBack removes the warnings that an observation has shown to be over.
func (w *roleWarnings) takeBack(s *tenant.Snapshot) {
	if len(s.WithRole) == 0 && len(s.Valid) == 0 {
		return
	}
	over := map[apiclient.ID]plan.Warnings{}
	for _, user := range s.WithRole {
		over[user] |= plan.NoRole
	}
	for _, extension := range s.Valid {
		over[extension] |= plan.ExtensionExpired
	}
	for e := range w.ledger.Entries() {
		ofUser, ofExtension := over[apiclient.ID(e.UserID)]&plan.NoRole, over[apiclient.ID(e.ExtensionID)]&plan.ExtensionExpired
		known := plan.RecordedWarnings(e)
		if left := known &^ (ofUser | ofExtension); left != known {
			w.record(e, left)
		}
	}
}

// record puts what there is to tell of an entry that is done into the ledger.
func (w *roleWarnings) record(e *ledger.Entry, warnings plan.Warnings) {
	now, _ := w.client.ServerTime()
	code, why := plan.Notes(e, warnings)
	w.ledger.SetReason(e, code, why, now)
}
