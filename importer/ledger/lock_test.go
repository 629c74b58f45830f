package ledger

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger/durable"
)

func TestLockText(t *testing.T) {
	us := Process{4711, "a host with spaces", noon}
	const sentence = "process 7 on office since 2026-07-01T12:00:00Z"
	for text, want := range map[string]struct {
		by      string
		journal bool
	}{
		lockText{Process: us}.String():                     {us.String(), false},
		lockText{Process: us, Journal: true}.String():      {us.String(), true},
		lockText{us, true, true, true, ""}.String():        {us.String(), true},
		lockText{Process: us}.String() + "l\":true}\n":     {us.String(), false}, // the end of a longer text is left
		strings.TrimSpace(lockText{Process: us}.String()):  {us.String(), false},
		lockText{Process: us, Journal: true}.String()[:40]: {"an unknown process", false}, // torn
		lockText{}.String():                                {"an unknown process", false},
		"\n":                                               {"an unknown process", false},
		"\x00\x00\x00":                                     {"an unknown process", false},
		// As earlier versions wrote it:
		sentence + "\n":                       {sentence, false},
		sentence + "\njournal\n":              {sentence, true},
		sentence + "\njournal\ner\njournal\n": {sentence, true},
		sentence + "\njournalist\n":           {sentence, false},
		"journal\n":                           {"an unknown process", false},
	} {
		got := parseLockText(text)
		if got.by() != want.by || got.Journal != want.journal || !got.held {
			t.Errorf("%q: %q, journal %v", text, got.by(), got.Journal)
		}
	}
	if parseLockText("").held {
		t.Error("an empty text names somebody")
	}
	if line := (lockText{Process: us, Journal: true}).String(); line != `{"pid":4711,"host":"a host with spaces","since":"2026-07-01T12:00:00Z","journal":true}`+"\n" {
		t.Errorf("%q", line)
	}
}

// status tells whether the run that has the lock is still there.
func TestHeld(t *testing.T) {
	us := DescribeProcess(time.Now())
	gone, elsewhere := us, us
	gone.PID, elsewhere.Host = 1<<30, "another machine"
	for name, test := range map[string]struct {
		text, by string
		running  bool
	}{
		"no lock file":              {"", "", false},
		"nobody":                    {"", "", false},
		"this process":              {lockText{Process: us}.String(), us.String(), true},
		"this one, and it waits":    {lockText{Process: us, Waiting: true}.String(), us.String() + " is waiting for an answer", true},
		"one that waited, and died": {lockText{Process: gone, Waiting: true}.String(), gone.String(), false},
		"a process that is gone":    {lockText{Process: gone}.String(), gone.String(), false},
		"one on another machine":    {lockText{Process: elsewhere}.String(), elsewhere.String(), false},
		"one of an earlier version": {us.String() + "\n", us.String(), false},
		"somebody":                  {"{", "an unknown process", false},
	} {
		disk := newMemory()
		if name != "no lock file" {
			disk.now[resultPath+".lock"] = &node{data: []byte(test.text)}
		}
		l, err := Read(disk, resultPath)
		if err != nil {
			t.Fatal(err)
		}
		if by, running := l.LockHolder(); by.String() != test.by || running != test.running {
			t.Errorf("%s: %q, %v", name, by, running)
		}
	}
	if us.PID != os.Getpid() {
		t.Errorf("%+v", us)
	}
}

// A journal that is missing is noticed, whichever version of this program has named it.
func TestJournalOfAnEarlierVersionIsMissed(t *testing.T) {
	disk := newMemory()
	n := &node{data: []byte("process 7 on office since 2026-07-01T12:00:00Z\njournal\n")}
	disk.now[resultPath+".lock"], disk.durable[resultPath+".lock"] = n, n
	_, err := Open(disk, resultPath, named("a test"))
	if err == nil || !strings.Contains(err.Error(), "(process 7 on office since 2026-07-01T12:00:00Z) has left a journal") {
		t.Error(err)
	}
}

// People read the local time; programs read UTC.
func TestHolderTimes(t *testing.T) {
	message.UseZone(time.FixedZone("ICT", 7*3600))
	defer message.UseZone(nil)
	h := Holder{parseLockText(lockText{Process: Process{7, "office", time.Date(2026, 11, 26, 18, 15, 0, 0, time.UTC)}}.String())}
	if h.String() != "process 7 on office since 2026-11-27 01:15 +07:00" || h.UTC() != "process 7 on office since 2026-11-26T18:15:00Z" {
		t.Errorf("%q, %q", h, h.UTC())
	}
	if none := (Holder{}); none.String()+none.UTC() != "" {
		t.Errorf("nobody is named %q, %q", none, none.UTC())
	}
}

// A run that waits for an answer says so in the lock file, and takes it back. What the file says of its journal stays.
func TestWaiting(t *testing.T) {
	disk := newMemory()
	l, err := Open(disk, resultPath, named("a test"))
	if err != nil {
		t.Fatal(err)
	}
	says := func() lockText { return parseLockText(string(disk.now[resultPath+".lock"].data)) }
	for _, journal := range []bool{false, true} {
		l.SetWaiting(true)
		if text := says(); !text.Waiting || text.Journal != journal {
			t.Errorf("%+v", text)
		}
		err := refusal(&durable.LockedError{Text: says().String()})
		if !errors.Is(err, ErrLocked) || !strings.HasSuffix(err.Error(), "is waiting for an answer") || !strings.HasPrefix(hint.Of(err), "answer its question") {
			t.Error(err, hint.Of(err))
		}
		l.SetWaiting(false)
		if text := says(); text.Waiting || text.Journal != journal {
			t.Errorf("%+v", text)
		}
		if err := l.Begin(Owner{}); err != nil {
			t.Fatal(err)
		}
	}
}
