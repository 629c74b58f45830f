// Package check finds out whether a run can work, and sends no write. It looks at the key, at the way to the API, at what the key
// may do, and at the files. Each thing that it looks at is a finding.
package check

import (
	"context"

	"etelecom-import/apiclient"
	"etelecom-import/importer"
)

// Input is what a check works on. Only Employees, Client, Account, Found and Progress may be zero.
type Input struct {
	Key       KeyFound
	Employees *EmployeesFound // nil: no employee file is named
	BaseURL   string
	Account   string // the id of the account that the key must be of; "": any

	// Resolve returns the addresses of a host.
	Resolve func(ctx context.Context, host string) ([]string, error)
	// Reach connects to the API and sends nothing. It needs no key.
	Reach func(context.Context) (apiclient.Route, error)
	// Client makes the calls. Nil: there is no key that can be sent.
	Client *apiclient.Client

	// Found is called with each finding as soon as it is known.
	Found    func(Finding)
	Progress *importer.Progress
}

// Run looks at everything, whatever fails before.
func Run(ctx context.Context, in Input) *Report {
	if in.Progress == nil {
		in.Progress = &importer.Progress{}
	}
	r := &Report{OK: true, Checks: []Finding{}, tell: in.Found}
	barred := lookAtKey(r, &in)
	unreachable := lookAtRoute(ctx, r, &in)
	if barred == "" {
		barred = unreachable
	}
	lookAtTenant(ctx, r, &in, barred)
	lookAtEmployees(r, in.Employees)
	return r
}
