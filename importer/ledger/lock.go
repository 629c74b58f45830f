package ledger

import (
	"fmt"
	"os"
	"strings"
	"time"
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
