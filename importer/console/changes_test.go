package console

import (
	"bytes"
	"testing"

	"etelecom-import/importer"
)

// With --quiet, who is gone and who may have a second user is told, and nobody else of the changes.
func TestChangesQuietly(t *testing.T) {
	an := importer.Person{Line: 3, Name: "Nguyễn An", Phone: 903112351}
	gone := importer.Gone{People: 1, Users: 1, Everybody: []importer.Person{{Name: "Nguyễn An", Phone: 903112350}}}
	for _, test := range []struct {
		changes importer.Changes
		want    string
	}{
		{importer.Changes{}, ""},
		{importer.Changes{Added: []importer.Person{an}, Changed: []importer.Change{{Person: an, OldName: "An", HasUser: true}}}, ""},
		{
			importer.Changes{Added: []importer.Person{an}, Gone: gone, NewPhones: []importer.NewPhone{{Person: an, OldPhone: 903112350}}},
			"1 person of the result is not in this file any more: Nguyễn An. Whoever has a user at eTelecom can still log in.\n" +
				"1 person may have a new phone, such as line 3 (0903112351, before 0903112350). Another phone counts as another person, " +
				"who gets a second user. The first one stays. If it is the same person, put the old phone back.\n",
		},
	} {
		var out, err bytes.Buffer
		s := &importer.Summary{Rows: 1, Status: importer.StatusCounts{Done: 1}}
		s.SetChanges(test.changes)
		New(Options{Quiet: true}, &out, &err).ShowEnd(s, nil, Next{})
		if out.String() != test.want || err.Len() > 0 {
			t.Errorf("%s\nand not\n%s%s", out.String(), test.want, err.String())
		}
	}
}
