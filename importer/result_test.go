package importer_test

import (
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
