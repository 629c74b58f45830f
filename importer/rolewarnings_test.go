package importer_test

import (
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
)

// A warning is told as long as it holds: where the tenant is read anyway, what was mended goes.
func TestMendedWarnings(t *testing.T) {
	in(t, 3, sandbox.Config{NoRoles: true}, func(b *harness) {
		all := b.roster
		b.roster = rows(2)
		if err := b.tenant.SetExtensionState(extension(1), "N", time.Time{}); err != nil {
			t.Fatal(err)
		}
		b.must()
		if l := b.lines()[phoneOf(1)]; l.ErrorCode != "extension_expired, no_role" {
			t.Fatalf("%+v", l)
		}
		if err := b.tenant.SetRoles(phoneOf(0), "telecom_customerservice"); err != nil {
			t.Fatal(err)
		}
		if err := b.tenant.SetExtensionState(extension(1), "P", time.Time{}); err != nil {
			t.Fatal(err)
		}
		b.roster = all
		s := b.must()
		if first, second := b.lines()[phoneOf(0)], b.lines()[phoneOf(1)]; first.ErrorCode != "" || first.Error != "" || second.ErrorCode != "no_role" {
			t.Errorf("%+v\n%+v\n%+v", first, second, s.Warnings)
		}
	})
}
