package importer_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
)

// An intent names the latest moment at which its create can be sent, by both clocks, however long it takes to make the
// intent durable.
func TestIntentIsNoOlderThanItsCreate(t *testing.T) {
	in(t, 1, sandbox.Config{Latency: 10 * time.Millisecond}, func(b *bench) {
		b.fs = &slowIntent{takes: 4 * time.Second} // a create is still sent after that
		var sent time.Time
		b.between().instead = func(call, _ string) *http.Response {
			if call != "CreateAccountUser" {
				return nil
			}
			sent = time.Now()
			return problem(http.StatusInternalServerError, "internal")
		}
		b.options.Rounds = 0
		if s, err := b.run(context.Background()); err != nil || s.Status.Unknown != 1 || sent.IsZero() {
			t.Fatalf("%v, %+v", err, s)
		}
		l, err := ledger.Read(ledger.OS{}, b.result)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range l.Entry(phone.Normalize(phoneOf(0))).Intents() {
			if up := time.Duration(i.Up) * time.Millisecond; i.Boot != b.boot || up < sent.Sub(b.booted) || up > sent.Sub(b.booted)+5*time.Second {
				t.Errorf("sent %v after the boot, and the intent says %v", sent.Sub(b.booted), up)
			}
			if i.At < sent.Unix() || i.At > sent.Unix()+10 {
				t.Errorf("sent at %v, and the intent says %v", sent, time.Unix(i.At, 0))
			}
		}
	})
}
