package check

import "etelecom-import/apiclient/message"

// EmployeesFound is what a look at the employee file alone finds.
type EmployeesFound struct {
	Place    string
	File     *Access // nil: standard input
	Wrong    string  // why it cannot be read; "": it was read
	Hint     string  // what to do about Wrong
	Rows     int
	Problems int    // rows that have one
	Command  string // the command that shows the problems
}

// Access is who can read a file.
type Access struct {
	Everybody bool
	Command   string // the command that changes that
}

// lookAtEmployees tells what a look at the employee file has found. Nil: none is named.
func lookAtEmployees(r *Report, e *EmployeesFound) {
	if e == nil {
		return
	}
	place, rows := capital(e.Place), message.Count(e.Rows, "row", "rows")
	switch {
	case e.Wrong != "":
		r.wrong("employee_file", e.Wrong, e.Hint)
	case e.Rows == 0:
		r.wrong("employee_file", message.Sprintf("%s has a header and no employees.", place), message.T("Check that this is the right file."))
	case e.Problems > 0:
		r.add(Finding{
			Name: "employee_file", Status: Wrong, Found: message.Sprintf("%s has %s, and %d of them cannot be used.", place, rows, e.Problems),
			Hint: message.T("To see why:"), Command: e.Command,
		})
	default:
		r.ok("employee_file", message.Sprintf("%s has %s, and none has a problem.", place, rows))
	}
	lookAtAccess(r, "employee_file_access", e.Place, message.Sprintf("Everyone on this computer can read %s, and it contains passwords.", e.Place), e.File)
}

// lookAtAccess tells who can read a file with secrets. everyone says that everybody can. Nil: its mode does not tell.
func lookAtAccess(r *Report, name, place, everyone string, a *Access) {
	switch {
	case a == nil:
	case a.Everybody:
		r.add(Finding{name, Wrong, everyone, message.T("To change that:"), a.Command})
	default:
		r.ok(name, message.Sprintf("Not everyone on this computer can read %s.", place))
	}
}
