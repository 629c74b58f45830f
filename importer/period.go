package importer

import (
	"math"
	"strconv"
	"strings"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
)

// Period is a time of days or hours, as --remind gives it: 7d, 36h, 1d12h.
type Period time.Duration

const day = 24 * time.Hour

// UnmarshalText reads days, what [time.ParseDuration] reads, or both. 0 is refused: it could mean always as well as never.
func (p *Period) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	wrong := hint.With(message.Errorf("%q is not a time", s), message.T("write 7d or 36h"))
	var d time.Duration
	rest := s
	if days, after, ok := strings.Cut(s, "d"); ok {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || !(n >= 0 && n*float64(day) < math.MaxInt64/2) {
			return wrong
		}
		d, rest = time.Duration(n*float64(day)), after
	}
	if rest != "" {
		more, err := time.ParseDuration(rest)
		if err != nil || more < 0 || more > math.MaxInt64/2 {
			return wrong
		}
		d += more
	}
	switch {
	case s == "":
		return wrong
	case d == 0:
		return hint.With(message.Errorf("%q could mean always or never", s), message.T("--fail-on any tells every failure each time. A long time such as 3650d tells it once"))
	}
	*p = Period(d)
	return nil
}
