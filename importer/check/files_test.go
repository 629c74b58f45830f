package check_test

import (
	"testing"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/check"
)

// Employees and files are told as they were found.
func TestEmployees(t *testing.T) {
	tenant := sandbox.New(sandbox.Config{Seed: 1})
	defer tenant.Close()
	for _, c := range []struct {
		e    check.EmployeesFound
		want string
	}{
		{check.EmployeesFound{Rows: 1}, `ok|"e.csv" has 1 row, and none has a problem.|`},
		{check.EmployeesFound{Rows: 30, Problems: 2, Command: "see"}, `wrong|"e.csv" has 30 rows, and 2 of them cannot be used.|To see why:|see`},
		{check.EmployeesFound{}, `wrong|"e.csv" has a header and no employees.|`},
		{check.EmployeesFound{Wrong: "It cannot be read.", Hint: "Look."}, `wrong|It cannot be read.|Look.`},
	} {
		c.e.Place, c.e.File = `"e.csv"`, &check.Access{Everybody: true, Command: "chmod"}
		in := checking(t, tenant, tenant.Key())
		in.Employees = &c.e
		r := check.Run(t.Context(), in)
		says(t, r, "employee_file", c.want)
		says(t, r, "employee_file_access", `wrong|Everyone on this computer can read "e.csv", and it contains passwords.|To change that:|chmod`)
	}
}
