package ledger

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger/durable"
)

// Process names a process for those who find that it has a lock. The zero value is a process of which nothing is known.
type Process struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"` // name of the machine; "" where the system does not tell
	Since time.Time `json:"since"`
}

// DescribeProcess names this process. now is when it took the lock.
func DescribeProcess(now time.Time) Process {
	host, _ := os.Hostname()
	return Process{os.Getpid(), host, now.UTC().Truncate(time.Second)}
}

// String returns the name as people read it.
func (p Process) String() string { return p.describe(message.Time(p.Since)) }

// describe names the process with the time since when it has the lock.
func (p Process) describe(since string) string {
	if p.PID == 0 {
		return message.T("an unknown process")
	}
	if p.Host == "" {
		return message.Sprintf("process %d on this machine since %s", p.PID, since)
	}
	return message.Sprintf("process %d on %s since %s", p.PID, p.Host, since)
}

// running reports whether a process of this number is there. Of a process on another machine that cannot be told: then it is
// false.
func (p Process) running() bool {
	here, err := os.Hostname()
	if p.PID == 0 || err != nil || p.Host != here {
		return false
	}
	return isRunning(p.PID)
}

// lockText is what a lock file says, as one line of JSON. A run writes it when it takes the lock, and again, with Journal,
// once it has a journal; a run that ends normally empties the file. So a text in it names a run that was interrupted.
// The zero value is that of an empty file.
type lockText struct {
	Process
	// Journal says that there is a journal: if it is missing, somebody has removed it.
	Journal bool `json:"journal,omitempty"`
	// Waiting says that the run waits for a person to answer its question.
	Waiting bool `json:"waiting,omitempty"`

	held     bool   // the file says something, whether it is understood or not
	sentence string // in place of Process: what an earlier version wrote
}

// parseLockText reads the text of a lock file. Only its first line counts: a crash may leave the rest of a longer text behind
// it. A text that is not understood names an unknown process.
func parseLockText(text string) lockText {
	if text == "" {
		return lockText{}
	}
	first, rest, _ := strings.Cut(text, "\n")
	t := lockText{held: true}
	if json.Unmarshal([]byte(first), &t) == nil {
		return t
	}
	// Earlier versions wrote a sentence in the first line, and this word in the second if there was a journal.
	const journalMark = "journal"
	second, _, _ := strings.Cut(rest, "\n")
	t = lockText{held: true, Journal: second == journalMark}
	if strings.HasPrefix(first, "process ") {
		t.sentence = first
	}
	return t
}

// String returns the text as it is written.
func (t lockText) String() string {
	line, err := json.Marshal(t)
	if err != nil {
		return "\n" // a time that is no time: the holder is not known
	}
	return string(line) + "\n"
}

// by names the holder as people read it.
func (t lockText) by() string {
	if t.sentence != "" {
		return t.sentence
	}
	return t.Process.String()
}

// doing names the holder, and says if it waits for an answer. That is so only while it has the lock.
func (t lockText) doing() string {
	if t.Waiting {
		return message.Sprintf("%s is waiting for an answer", t.by())
	}
	return t.by()
}

// Holder names who has a lock, or had it. The zero value names nobody.
type Holder struct{ text lockText }

// String returns the name as people read it, and if it waits for an answer; "" for nobody.
func (h Holder) String() string {
	if !h.text.held {
		return ""
	}
	return h.text.doing()
}

// Waiting reports whether it waits for a person to answer its question.
func (h Holder) Waiting() bool { return h.text.Waiting }

// UTC returns the name as programs read it: with the time in UTC.
func (h Holder) UTC() string {
	if !h.text.held || h.text.sentence != "" {
		return h.String()
	}
	return h.text.describe(h.text.Since.UTC().Format(time.RFC3339))
}

// HoldFile takes the lock on a file that does not belong to a ledger, and writes into it who has it. release releases it.
func HoldFile(fs durable.FS, name string, holder Process) (release func() error, err error) {
	lock, err := fs.Lock(name)
	if err != nil {
		return nil, refusal(err)
	}
	_ = lock.SetText(lockText{Process: holder}.String()) // only for those who find it locked
	return lock.Unlock, nil
}

// waitForIt says what to do about another run.
const waitForIt message.Text = "wait until the other run has ended. To see how far it is, use etelecom-import status"

// refusal makes an [ErrRefused] of an error that says that the file system refuses a file, and lets an [ErrLocked] say who
// has the lock. It returns any other error as it is.
func refusal(err error) error {
	switch {
	case errors.Is(err, ErrLocked):
		locked, ok := errors.AsType[*durable.LockedError](err)
		if !ok {
			return hint.With(&lockedError{message.T("another run holds this result")}, waitForIt.String())
		}
		holder, whatToDo := parseLockText(locked.Text), waitForIt
		if holder.Waiting {
			whatToDo = "answer its question in the terminal where it runs, or stop it there with Ctrl-C"
		}
		return hint.With(&lockedError{message.Sprintf("another run holds this result: %s", holder.doing())}, whatToDo.String())
	case errors.Is(err, durable.ErrRefused) && !errors.Is(err, ErrRefused):
		return &refusedError{err}
	}
	return err
}

// lockedError is an [ErrLocked] with a text of its own.
type lockedError struct{ text string }

func (e *lockedError) Error() string { return e.text }
func (e *lockedError) Unwrap() error { return ErrLocked }

// refusedError is an [ErrRefused] with the text of the error that it holds.
type refusedError struct{ error }

func (e *refusedError) Unwrap() []error { return []error{ErrRefused, e.error} }
