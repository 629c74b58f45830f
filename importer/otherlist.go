package importer

import (
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

// checkSameList refuses an employee file whose result belongs to another list of people. x.csv and x.xlsx have the same result,
// because people continue with another format of one list. If the list is another one, each would take the other's rows out of the
// result. A file of the same name is always accepted: it may hold the new people of a month alone.
func checkSameList(in *Input, l *ledger.Ledger) error {
	before := l.Input()
	if before == "" || in.EmployeeFile == "" || before == in.EmployeeFile {
		return nil
	}
	if people, known := commonPhones(in.Roster, l); known*2 >= people {
		return nil
	}
	return hint.With(
		message.Errorf("%s belongs to the employee file %q, and fewer than half of the people of %q are in it", in.Result, before, in.EmployeeFile),
		message.T("name another result with -o FILE"))
}

// commonPhones counts the rows with a phone, and those whose phone the ledger knows.
func commonPhones(r *roster.Roster, l *ledger.Ledger) (people, known int) {
	for i := range r.Rows {
		phone := r.Rows[i].Phone
		if phone == 0 {
			continue
		}
		people++
		if l.Lookup(phone) != nil {
			known++
		}
	}
	return people, known
}
