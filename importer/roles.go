package importer

import (
	"context"

	"etelecom-import/apiclient"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/plan"
	"etelecom-import/importer/tenant"
)

func (j *job) noteMade(id apiclient.ID, e *ledger.Entry, isNew bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.madeNew = j.madeNew || isNew
	if !j.rolesSeen {
		j.made[id] = e
	}
}

// lookAtRoles looks, once in a run, whether the listing shows the users whom it has made without a role. The newest come
// first: it reads on as long as it finds such users. A look that fails says nothing.
func (j *job) lookAtRoles(ctx context.Context) {
	if j.rolesSeen || len(j.made) == 0 {
		return
	}
	seen, without := 0, 0
	for u, err := range j.client.GetAccountUsers(ctx, apiclient.UserFilter{}) {
		if err != nil {
			break
		}
		if e := j.made[u.UserID]; e != nil && u.NoRole {
			without++
			j.warnOf(e, plan.NoRole)
		}
		if seen++; seen%tenant.PageSize == 0 {
			if without == 0 {
				break
			}
			without = 0
		}
	}
	j.rolesSeen, j.made = true, nil
}

// warnOf adds a warning to an entry that is done. On others it would displace what is to be done about them.
func (j *job) warnOf(e *ledger.Entry, w plan.Warnings) {
	code, _ := e.Reason()
	if e.Status != ledger.Done || plan.WarningsOf(code)&w != 0 {
		return
	}
	j.tellNotes(e, w|plan.WarningsOf(code))
}

// tellNotes records what there is to tell of an entry that is done.
func (j *job) tellNotes(e *ledger.Entry, w plan.Warnings) {
	now, _ := j.client.ServerTime()
	code, why := plan.Notes(e, w)
	j.ledger.Explain(e, code, why, now)
}

// recordMended takes back warnings that the observation has shown to be over.
func (j *job) recordMended(s *tenant.Snapshot) {
	if len(s.WithRole) == 0 && len(s.Valid) == 0 {
		return
	}
	mended := map[apiclient.ID]plan.Warnings{}
	for _, user := range s.WithRole {
		mended[user] |= plan.NoRole
	}
	for _, extension := range s.Valid {
		mended[extension] |= plan.ExtensionExpired
	}
	for e := range j.ledger.Entries() {
		old := plan.RecordedWarnings(e)
		now := old &^ (mended[apiclient.ID(e.UserID)]&plan.NoRole | mended[apiclient.ID(e.ExtensionID)]&plan.ExtensionExpired)
		if now != old {
			j.tellNotes(e, now)
		}
	}
}
