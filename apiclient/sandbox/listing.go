package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxPage is the most entries of a page; a higher limit is cut to it.
const maxPage = 100

type paging struct {
	After  string `json:"after"`
	Before string `json:"before"`
	Limit  int    `json:"limit"`
}

type listRequest struct {
	Filter userFilter `json:"filter"`
	Paging paging     `json:"paging"`
}

type userFilter struct {
	Phone        string   `json:"phone"`
	Name         string   `json:"name"`
	Number       string   `json:"extension_number"`
	HasExtension *bool    `json:"has_extension"`
	IDs          []string `json:"user_ids"`
}

func (f *userFilter) empty() bool {
	return f.Phone == "" && f.Name == "" && f.Number == "" && f.HasExtension == nil && len(f.IDs) == 0
}

// span is the part of a list that a page shows.
type span struct{ start, limit int }

// span reads the paging. A cursor is the place in the list where a page begins, not meant to be read.
func (x *exchange) span(kind string, p paging) (span, bool) {
	s := span{limit: p.Limit}
	if s.limit == 0 || s.limit > maxPage {
		s.limit = maxPage
	}
	if p.After != "" && p.After != "." {
		text, err := base64.RawURLEncoding.DecodeString(p.After)
		place, ours := strings.CutPrefix(string(text), kind+":")
		s.start, _ = strconv.Atoi(place)
		if err != nil || !ours || s.start <= 0 {
			return s, false
		}
	}
	x.page = s.start/s.limit + 1
	if x.is("list-shrinks") {
		s.limit = min(s.limit, x.fault.page)
	}
	return s, s.limit > 0 && p.Before == ""
}

func cursor(kind string, place int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + strconv.Itoa(place)))
}

func badPaging() reply { return fail("invalid_argument", "Thông tin phân trang không hợp lệ") }

// page is an answer of a listing that is being written.
type page[T any] struct {
	x      *exchange
	b      []byte
	n      int
	append func(b []byte, entry T) []byte
}

func (p *page[T]) add(entry T) {
	if p.n > 0 {
		p.b = append(p.b, ',')
	}
	p.b = p.append(p.b, entry)
	p.n++
}

// fill writes the entries of list that stand in the span and match. It returns where the next page begins; 0: there is
// none.
func (p *page[T]) fill(list []T, s span, match func(T) bool) (next int) {
	i := s.start
	if p.x.is("list-duplicates") && i > 0 {
		i--
		s.limit++
	}
	var first *T
	for ; i < len(list) && p.n < s.limit; i++ {
		if match(list[i]) {
			p.add(list[i])
			if first == nil {
				first = &list[i]
			}
		}
	}
	if first != nil && p.x.is("list-duplicates") {
		p.add(*first)
	}
	for ; i < len(list); i++ {
		if match(list[i]) {
			return i
		}
	}
	return 0
}

func (p *page[T]) finish(kind string, asked paging, s span, next int) reply {
	p.b = append(p.b, `],"paging":{"prev":"","next":`...)
	switch {
	case p.x.is("list-repeats-cursor"):
		p.b = appendString(p.b, asked.After)
	case next == 0:
		p.b = append(p.b, `""`...)
	default:
		p.b = appendString(p.b, cursor(kind, next))
	}
	p.b = strconv.AppendInt(append(p.b, `,"limit":`...), int64(s.limit), 10)
	return ok(append(p.b, `}}`...))
}

func (x *exchange) listLines() reply {
	var in listRequest
	if json.Unmarshal(x.body, &in) != nil {
		return malformed()
	}
	s, valid := x.span("extensions", in.Paging)
	if !valid {
		return badPaging()
	}
	t := x.t
	p := page[*line]{x: x, b: append(make([]byte, 0, 1<<12), `{"extensions":[`...)}
	p.append = func(b []byte, l *line) []byte { return appendLine(b, l, t.sipSecret(l.id)) }
	t.mu.Lock()
	defer t.mu.Unlock()
	next := p.fill(t.store.order, s, func(*line) bool { return true })
	return p.finish("extensions", in.Paging, s, next)
}

func (x *exchange) listUsers() reply {
	var in listRequest
	if json.Unmarshal(x.body, &in) != nil {
		return malformed()
	}
	s, valid := x.span("users", in.Paging)
	if !valid {
		return badPaging()
	}
	t := x.t
	p := page[*person]{x: x, b: append(make([]byte, 0, 1<<12), `{"account_users":[`...)}
	t.mu.Lock()
	defer t.mu.Unlock()
	p.append = func(b []byte, m *person) []byte { return appendMember(b, t.account.id, m) }
	match := in.Filter.matcher(time.Now().UnixMilli())
	if x.is("list-similar") {
		x.unfit = in.Filter.empty() || !addOthers(&p, t.store.members, match)
	}
	next := p.fill(t.store.candidates(&in.Filter), s, match)
	return p.finish("users", in.Paging, s, next)
}

// addOthers begins the page with up to three people who don't match. It reports whether there was one.
func addOthers(p *page[*person], members []*person, match func(*person) bool) bool {
	for _, m := range members {
		if m != nil && !match(m) {
			p.add(m)
		}
		if p.n == 3 {
			break
		}
	}
	return p.n > 0
}

// candidates narrows the members down to those who can match, by the strictest filter that has an index.
func (s *store) candidates(f *userFilter) []*person {
	switch {
	case len(f.IDs) > 0:
		var people []*person
		for _, id := range f.IDs {
			if p := s.byID[parseID(id)]; p != nil && p.slot >= 0 {
				people = append(people, p)
			}
		}
		return people
	case f.Number != "":
		if l := s.numbers[f.Number]; l != nil && l.holder != nil {
			return []*person{l.holder}
		}
		return nil
	case f.Phone != "":
		if n := parsePhone(f.Phone); n != 0 && f.Phone[0] == '0' {
			return s.tails[n.tail()]
		}
	}
	return s.members
}

// matcher decides whether the listing shows a member. The phone is a full-text match: the whole number finds those who
// end alike, too, and a part of a number all who have it; a number in the form +84 is found by nobody.
func (f *userFilter) matcher(now int64) func(*person) bool {
	full := f.Phone != "" && f.Phone[0] == '0' && parsePhone(f.Phone) != 0
	tail := parsePhone(f.Phone).tail()
	name := strings.ToLower(f.Name)
	return func(p *person) bool {
		switch {
		case p == nil || p.slot < 0 || p.listed > now:
			return false
		case full && p.phone.tail() != tail:
			return false
		case !full && f.Phone != "" && !strings.Contains(p.phone.String(), f.Phone):
			return false
		case f.Number != "" && !p.hasLine(f.Number):
			return false
		case f.HasExtension != nil && *f.HasExtension != (len(p.lines) > 0):
			return false
		}
		return name == "" || strings.Contains(strings.ToLower(p.name), name)
	}
}

func (p *person) hasLine(number string) bool {
	return slices.ContainsFunc(p.lines, func(l *line) bool { return l.number == number })
}
