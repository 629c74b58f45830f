package importer

import (
	"slices"

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
	people, known := commonPhones(in.Roster, l)
	// rule: same-list
	if known*2 >= people {
		return nil
	}
	// Nobody is in a result of rows without a phone. An interrupted run that has left no result is known by its journal alone, which has
	// those whom it had begun with.
	if all := countEntries(l); all == 0 || !l.HasResult() && known*2 >= all {
		return nil
	}
	return hint.With(
		message.Errorf("%s belongs to the employee file %q, and fewer than half of the people of %q are in it", in.Result, before, in.EmployeeFile),
		message.T("name another result with -o FILE"))
}

func countEntries(l *ledger.Ledger) (n int) {
	for range l.Entries() {
		n++
	}
	return n
}

// commonPhones counts the phones of the rows, each once, and those of them that the ledger knows.
func commonPhones(r *roster.Roster, l *ledger.Ledger) (people, known int) {
	phones := slices.Compact(sortedPhones(r))
	for _, number := range phones {
		if l.Lookup(number) != nil {
			known++
		}
	}
	return len(phones), known
}
