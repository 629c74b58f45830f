package importer_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"etelecom-import/apiclient/sandbox"
	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
)

// serve puts the tenant behind a real socket, until the test or the returned function ends it.
func (b *bench) serve() (stop func()) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.t.Fatal(err)
	}
	b.api.BaseURL, b.api.Transport = "http://"+l.Addr().String()+sandbox.BasePath, nil
	return b.serveOn(l)
}

func (b *bench) serveOn(l net.Listener) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	serving.Go(func() { _ = b.tenant.Serve(ctx, l) })
	stop = sync.OnceFunc(func() { cancel(); serving.Wait() })
	b.t.Cleanup(stop)
	return stop
}

// spy is the machine's file system; it keeps what is written.
type spy struct {
	ledger.OS
	mu      sync.Mutex
	written []byte
}

// Create implements [ledger.FS].
func (s *spy) Create(name string) (ledger.File, error) {
	f, err := s.OS.Create(name)
	if err != nil {
		return nil, err
	}
	return spied{f, s}, nil
}

type spied struct {
	ledger.File
	by *spy
}

func (f spied) Write(b []byte) (int, error) {
	f.by.mu.Lock()
	defer f.by.mu.Unlock()
	f.by.written = append(f.by.written, b...)
	return f.File.Write(b)
}

// passwords finds one of the roster's passwords, also where it stands escaped or in part.
var passwords = regexp.MustCompile(`pässw|ssw\\u00f6rd|wörd-|rd-\d+-x`)

// secretive checks that nothing that left the program holds a password or the key.
func (b *bench) secretive(s *importer.Summary, err error) {
	b.t.Helper()
	texts := append([]string{fmt.Sprintf("%+v %v", s, err)}, b.warned...)
	if f, ok := b.fs.(*spy); ok {
		texts = append(texts, string(f.written))
	}
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(b.result), "*"))
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			b.t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	for _, text := range texts {
		if at := passwords.FindStringIndex(text); at != nil {
			b.t.Errorf("a password in: %s", text[max(0, at[0]-80):min(len(text), at[1]+80)])
		}
		if strings.Contains(text, b.api.Key.Reveal()) {
			b.t.Error("the key in what was written or said")
		}
	}
}

// kept checks the promises against the tenant's own record and the result, however the run ended.
func (b *bench) kept() {
	b.t.Helper()
	r := b.tenant.Record()
	for _, p := range r.People {
		if p.Creates > 1 || p.Before && p.Creates > 0 {
			b.t.Errorf("%s: %d creates took effect (there before: %v)", p.Phone, p.Creates, p.Before)
		}
	}
	if r.Overwrites != 0 || r.Taken != 0 {
		b.t.Errorf("%d passwords overwritten, %d extensions taken away", r.Overwrites, r.Taken)
	}
	if _, err := os.Stat(b.result); err != nil {
		return // the run ended before it had anything to say
	}
	lines := b.lines()
	if want := strings.Count(b.roster, "\n") - 1; len(lines) != want {
		b.t.Errorf("%d of %d rows in the result", len(lines), want)
	}
	for number, l := range lines {
		b.lineTrue(number, l)
	}
}

// lineTrue checks one line of the result.
func (b *bench) lineTrue(number string, l ledger.Line) {
	b.t.Helper()
	p, there := b.tenant.Person(number)
	if l.UserID != "" && (!there || l.UserID != fmt.Sprint(p.ID)) {
		b.t.Errorf("%s has the id %s in the result, and is %d", number, l.UserID, p.ID)
	}
	if l.Status == "done" && (len(p.Extensions) != 1 || p.Extensions[0] != l.ExtensionID) {
		b.t.Errorf("%s is done with extension %s, and has %v", number, l.ExtensionID, p.Extensions)
	}
	refused := l.ErrorCode == "failed_precondition" || l.ErrorCode == "user_exists" && strings.Contains(l.Error, "refused to create them")
	if p.Creates > 0 && l.UserID == "" && l.Status != "unknown" && !refused { // who was created in spite of a refusal, nobody can know
		b.t.Errorf("%s was created, and its id is lost: %+v", number, l)
	}
	if l.Status != "done" && l.Error == "" || (l.Status == "failed" || l.Status == "invalid") && l.ErrorCode == "" {
		b.t.Errorf("%s is %s without a reason", number, l.Status)
	}
}

// settled makes the machine run an hour longer: whatever was sent before is over by its clock. Effects that are still to
// come come first, as the promises assume.
func (b *bench) settled() {
	b.until("the late effects are there", func() bool { return b.tenant.Pending() == 0 })
	b.booted = b.booted.Add(-time.Hour)
}

// until waits for something that another goroutine does.
func (b *bench) until(what string, holds func() bool) {
	b.t.Helper()
	deadline := time.NewTimer(20 * time.Second)
	defer deadline.Stop()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-again.C:
		case <-deadline.C:
			b.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// stopped wants the run to have been stopped for this reason, and the promises to be kept.
func (b *bench) stopped(kind importer.StopKind, s *importer.Summary, err error) {
	b.t.Helper()
	var stop *importer.Stop
	if !errors.As(err, &stop) || stop.Kind != kind {
		b.t.Errorf("the run ended with %v, want %v", err, kind)
	}
	b.kept()
	b.secretive(s, err)
}

// finish runs again, without faults and once all is settled, and wants everybody done.
func (b *bench) finish(rows int) {
	b.t.Helper()
	if err := b.tenant.SetFaults(); err != nil {
		b.t.Fatal(err)
	}
	b.settled()
	b.options.Settle = time.Minute
	s, err := b.run(context.Background())
	if err != nil || s.Status.Done != rows {
		b.t.Errorf("the run that was to finish: %v, %+v", err, s)
	}
	if r := b.tenant.Totals(); r.Creates != int64(rows) || r.Assigns != int64(rows) {
		b.t.Errorf("%d creates and %d assigns took effect", r.Creates, r.Assigns)
	}
	b.kept()
	b.secretive(s, err)
}
