package importer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
)

// A row that the API has refused for its own reason, and whose person was then found to be there, can be created again once they
// have left: nobody has said of a create of ours that they exist.
func TestRefusedOnceAndThereLater(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
		b.faults("error:invalid_argument@create")
		b.must()
		b.faults()
		b.members(phoneOf(0))
		if s := b.must(); s.Errors[0].Code != "user_exists" {
			t.Errorf("%+v", s)
		}
		if l := b.lines()[phoneOf(0)]; l.ErrorCode != "user_exists, invalid_argument" {
			t.Errorf("%+v", l)
		}
		b.must() // read back, and refused again
		if err := b.tenant.RemoveUser(phoneOf(0)); err != nil {
			t.Fatal(err)
		}
		if s := b.must(); s.Status.Done != 1 {
			t.Errorf("%+v, %+v", s, b.lines())
		}
	})
}

// That a create was refused must not be forgotten when the row is refused for another reason. Only the tenant knows whether the
// user exists: no message says that the answer was "already exists".
func TestRefusedCreateIsNotForgotten(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
		b.faults("error:failed_precondition@create")
		b.must()
		b.faults()
		right := b.roster
		b.roster = strings.Replace(right, fmt.Sprint(extension(0)), fmt.Sprint(extension(7)), 1) // which the tenant does not have
		for range 2 {                                                                            // the second run reads it back
			b.must()
			l := b.lines()[phoneOf(0)]
			mentioned := strings.Contains(l.Error, "has refused a create of this phone") && strings.Contains(l.Error, "their password may now be the one in your file")
			if l.ErrorCode != "user_exists" || !mentioned || strings.Contains(l.Error, "exists") {
				t.Errorf("%+v", l)
			}
		}
		b.roster = right
		b.must()
		if l := b.lines()[phoneOf(0)]; l.Status != "failed" || strings.Contains(l.Error, "exists") {
			t.Errorf("%+v", l)
		}
	})
}

// A later version may refuse a name that is in the file, and then it does not read it. Whoever was created with it keeps it in the
// result.
func TestNameOfWhoIsDoneIsKept(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *harness) {
		b.must()
		created := b.lines()[phoneOf(0)].Name
		b.roster = strings.Replace(b.roster, created, "Nguy\uFFFDn", 1)
		if s := b.must(); s.Status.Done != 1 || b.lines()[phoneOf(0)].Name != created {
			t.Errorf("%+v", b.lines())
		}
	})
}
