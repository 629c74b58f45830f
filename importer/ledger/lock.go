package ledger

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"etelecom-import/importer/ledger/durable"
)

// The lock file says in its first line which run holds it, and in its second, once there is a journal, that there is one.
// It is emptied when a run ends in order.
const journalMark = "journal"

// Holder describes this process for those who find the lock taken.
func Holder(now time.Time) string {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	return fmt.Sprintf("process %d on %s since %s", os.Getpid(), host, now.UTC().Format(time.RFC3339))
}

func holder(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return first
}

func holderName(text string) string {
	if name := holder(text); name != "" && name != journalMark {
		return name
	}
	return "an unknown process"
}

func withJournal(text string) string { return holderName(text) + "\n" + journalMark + "\n" }

// journaled reports whether the run that wrote the text had a journal.
func journaled(text string) bool {
	_, rest, _ := strings.Cut(text, "\n")
	second, _, _ := strings.Cut(rest, "\n")
	return second == journalMark
}

// refusal makes an [ErrRefused] of a file that the file system refuses, and gives an [ErrLocked] its text. Other errors stay.
func refusal(err error) error {
	var locked *durable.LockedError
	switch {
	case errors.As(err, &locked):
		return &fileError{ErrLocked, errors.New("another run holds this result: " + holder(locked.Text))}
	case errors.Is(err, ErrLocked):
		return &fileError{ErrLocked, errors.New("another run holds this result")}
	case errors.Is(err, durable.ErrRefused):
		return &fileError{ErrRefused, err}
	}
	return err
}

// fileError is an error of one kind with the text of another.
type fileError struct{ kind, text error }

func (e *fileError) Error() string   { return e.text.Error() }
func (e *fileError) Unwrap() []error { return []error{e.kind, e.text} }

// HoldFile takes the lock on a file that is none of a ledger's, and writes into it who has it. release releases the lock.
func HoldFile(fs FS, name, holder string) (release func() error, err error) {
	lock, err := fs.Lock(name)
	if err != nil {
		return nil, refusal(err)
	}
	_ = lock.SetText(holder + "\n") // only for those who find it locked
	return lock.Unlock, nil
}
