package sandbox

import (
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"etelecom-import/apiclient/message"
)

// Rule says which fault happens when. The zero value is not a rule.
type Rule struct {
	Fault  string  // a name that [FaultTable] lists
	Arg    string  // the argument of the fault; "": its default
	On     Ops     // the calls that are matched; 0: every call that the fault fits
	Chance float64 // the probability for each matching call; 0: always, negative: never
	First  int     // the first matching call to which it happens, counted from 1; 0: Chance decides
	Last   int     // the last such call; 0: as First
}

// ParseRule reads a rule in the form of the command line: name[:arg][@call][=when], where when is a probability (0.05, 5%),
// the nth matching call (#3), several calls (#3-7), or all from one on (#3-). Without when the fault always happens.
func ParseRule(text string) (Rule, error) {
	var r Rule
	err := r.UnmarshalText([]byte(text))
	return r, err
}

// MustParseRules is ParseRule for texts that are known to be right, as in tests. It panics where ParseRule returns an error.
func MustParseRules(texts ...string) []Rule {
	rules := make([]Rule, len(texts))
	for i, text := range texts {
		if err := rules[i].UnmarshalText([]byte(text)); err != nil {
			panic(err)
		}
	}
	return rules
}

// UnmarshalText reads what [ParseRule] describes.
func (r *Rule) UnmarshalText(text []byte) error {
	*r = Rule{}
	what, when := string(text), ""
	// The argument can be a URL that contains "=" and "@": only the last of each is a separator.
	if i := strings.LastIndexByte(what, '='); i >= 0 {
		what, when = what[:i], what[i+1:]
		if err := r.parseWhen(when); err != nil {
			return message.Errorf("the fault %q cannot be used: %w", text, err)
		}
	}
	if i := strings.LastIndexByte(what, '@'); i >= 0 {
		if err := r.On.UnmarshalText([]byte(what[i+1:])); err != nil {
			return message.Errorf("the fault %q cannot be used: %w", text, err)
		}
		what = what[:i]
	}
	r.Fault, r.Arg, _ = strings.Cut(what, ":")
	_, err := activate(*r)
	return err
}

func (r *Rule) parseWhen(when string) error {
	if nth, ok := strings.CutPrefix(when, "#"); ok {
		return r.parseRange(nth)
	}
	number, percent := strings.CutSuffix(when, "%")
	chance, err := strconv.ParseFloat(number, 64)
	if percent {
		chance /= 100
	}
	if err != nil || !(chance >= 0 && chance <= 1) {
		return message.Errorf("%q is neither a probability such as 0.05 or 5%%, nor a call such as #3", when)
	}
	r.Chance = chance
	if chance == 0 {
		r.Chance = -1
	}
	return nil
}

func (r *Rule) parseRange(nth string) error {
	from, to, several := strings.Cut(nth, "-")
	first, err := strconv.Atoi(from)
	last := first
	switch {
	case several && to == "":
		last = math.MaxInt
	case several && err == nil:
		last, err = strconv.Atoi(to)
	}
	if err != nil || first < 1 || last < first {
		return message.Errorf("#%s does not say which calls: use #3, #3-7 or #3-", nth)
	}
	r.First, r.Last = first, last
	return nil
}

// activeRule is a rule at work: checked, its argument read, its calls counted.
type activeRule struct {
	Rule
	fault *fault
	delay time.Duration // the argument of a fault that takes a time
	page  int           // the argument of a fault that takes a number
	calls int           // matching calls so far
}

// activate checks a rule and fills in its defaults.
func activate(r Rule) (*activeRule, error) {
	f := faultsByName[r.Fault]
	if f == nil {
		return nil, message.Errorf("there is no fault %q: sandbox --explain-faults lists all faults", r.Fault)
	}
	if r.On == 0 {
		r.On = f.on
	}
	r.On &= f.on
	if r.On == 0 {
		return nil, message.Errorf("the fault %s can happen only to the calls %s", r.Fault, f.on)
	}
	if r.Arg != "" && f.takes == takesNothing {
		return nil, message.Errorf("the fault %s takes no argument", r.Fault)
	}
	if r.Arg == "" {
		r.Arg = f.arg
	}
	a := &activeRule{Rule: r, fault: f}
	a.Last = max(a.First, a.Last)
	return a, a.readArg()
}

func (a *activeRule) readArg() (err error) {
	switch a.fault.takes {
	case takesTime:
		if a.Arg == "" { // Config.LateBy is used instead
			return nil
		}
		if a.delay, err = time.ParseDuration(a.Arg); err != nil || a.delay < 0 {
			return message.Errorf("the fault %s takes a time such as 90s, not %q", a.Fault, a.Arg)
		}
	case takesNumber:
		if a.page, err = strconv.Atoi(a.Arg); err != nil || a.page < 1 {
			return message.Errorf("the fault %s takes a number from 1, not %q", a.Fault, a.Arg)
		}
	case takesCode:
		if statusOf[a.Arg] == 0 {
			return message.Errorf("the fault %s takes an error code of the API, not %q", a.Fault, a.Arg)
		}
	}
	return nil
}

// hit reports whether the fault happens to the call that was counted last. The dice are 64 random bits.
func (a *activeRule) hit(dice uint64) bool {
	switch {
	case a.First > 0:
		return a.calls >= a.First && a.calls <= a.Last
	case a.Chance == 0:
		return true
	}
	return float64(dice>>11)/(1<<53) < a.Chance
}

// injector picks the fault of each call.
type injector struct {
	seed uint64

	mu    sync.Mutex // guards what follows
	rules []*activeRule
	dice  bool              // a rule has a probability
	seen  map[uint64]uint32 // hash of a call's content -> how often it came; counted only if dice is set
}

// SetFaults replaces all rules, and counts matching calls from 0 again. Without rules no fault happens. An error names the
// rule that is wrong; then nothing has changed.
func (j *injector) SetFaults(rules ...Rule) error {
	var active []*activeRule
	dice := false
	for _, r := range rules {
		a, err := activate(r)
		if err != nil {
			return err
		}
		active = append(active, a)
		dice = dice || a.First == 0 && a.Chance != 0
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.rules, j.dice, j.seen = active, dice, map[uint64]uint32{}
	return nil
}

// pick returns the first rule whose fault happens to the call, or nil. The dice depend on the call's content and on how
// often this content came, not on the order of calls: if goroutines run in another order, the same calls get the same
// faults.
func (j *injector) pick(op Ops, body []byte) (picked *activeRule) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.rules) == 0 {
		return nil
	}
	dice := j.roll(op, body)
	for i, a := range j.rules {
		if a.On&op == 0 {
			continue
		}
		a.calls++ // also after a rule was picked: the nth call is the nth for every rule
		if picked == nil && a.hit(splitmix64(dice+uint64(i))) {
			picked = a
		}
	}
	return picked
}

func (j *injector) roll(op Ops, body []byte) uint64 {
	if !j.dice {
		return 0
	}
	content := hash64(j.seed^uint64(op), body)
	j.seen[content]++
	return splitmix64(content + uint64(j.seen[content])<<32)
}
