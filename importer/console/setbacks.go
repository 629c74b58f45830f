package console

import (
	"cmp"
	"sync"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/check"
)

const (
	// tellAgain is how long the same trouble is not told again: the progress says that the run still waits.
	tellAgain = 30 * time.Second
	// throttledAgain is the same for a tenant that has too many requests. A run slows down by itself then, and meets the limit again and
	// again when it tries to be faster.
	throttledAgain = 5 * time.Minute
	// patience is how long a person waits without a word. A call that ends sooner without another attempt is followed by one that says more.
	patience = time.Second
)

// setbacks decides which failed attempts are told. Several calls fail at the same time, for the same reason.
type setbacks struct {
	mu   sync.Mutex
	told map[trouble]time.Time
}

// trouble is what makes two setbacks the same.
type trouble struct {
	kind   apiclient.Trouble
	status int
}

// isNews reports whether a setback is to be told, and remembers that it was.
func (s *setbacks) isNews(b apiclient.Setback, now time.Time) bool {
	if b.Next == 0 && b.Took < patience {
		return false
	}
	again := tellAgain
	if b.Err.Trouble == apiclient.Throttled {
		again = throttledAgain
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	this := trouble{b.Err.Trouble, b.Err.Status}
	if at, told := s.told[this]; told && now.Sub(at) < again {
		return false
	}
	if s.told == nil {
		s.told = map[trouble]time.Time{}
	}
	s.told[this] = now
	return true
}

// setbackText says what has failed and what follows.
func setbackText(b apiclient.Setback, now time.Time) string {
	failed := setbackReason(b)
	pause := b.Err.RetryAfter
	switch {
	case pause > 0:
		return message.Sprintf("%s; trying again in %s, at %s", failed, clock(pause), message.Clock(now.Add(pause)))
	case b.Next == 0, b.Err.Trouble == apiclient.Throttled: // the number of a throttled attempt tells nothing: there are many, and no hurry
		return message.Sprintf("%s; trying again", failed)
	case b.Of <= 2: // a call that the run can do without has one more attempt; the calls behind it have more
		return message.Sprintf("%s; trying again", failed)
	}
	return message.Sprintf("%s; trying again (%d of %d)", failed, b.Next, b.Of)
}

// setbackReason says what has failed.
func setbackReason(b apiclient.Setback) string {
	switch b.Err.Trouble {
	case apiclient.Throttled:
		return message.Sprintf("%s has too many requests (%s)", b.Host, answered(b.Err))
	case apiclient.ServerFails:
		return message.Sprintf("%s does not work now (%s)", b.Host, answered(b.Err))
	case apiclient.WrongServer:
		return message.Sprintf("%s does not answer as the API does (%s)", b.Host, answered(b.Err))
	case apiclient.ProxyFails, apiclient.OtherTrouble:
		return message.Sprintf("cannot reach %s: %s", b.Host, check.Answer(b.Err)) // the error says more than its kind
	}
	return message.Sprintf("cannot reach %s: %s", b.Host, b.Err.Trouble)
}

// answered returns the status and the code of an answer.
func answered(e *apiclient.Error) string {
	return cmp.Or(e.Codes(), e.Trouble.String())
}
