package sandbox

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"iter"
	"math"
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

// span is the part of a listing that a page shows. Each entry has a place, and a later one has a higher place: it stands
// for (created_at, id), and also tells apart those who came in the same second. The newest come first, and a page goes on
// after the last entry of the page before, so that newcomers shift nothing. In the older picture the oldest come first,
// and a page begins at a place.
type span struct {
	start       int // newest first: the place before which the page begins; oldest first: the place where it begins
	limit       int
	page        int // from 1
	oldestFirst bool
	again       bool // show the last entry of the page before, too
}

// span reads the paging. A cursor is a place and the number of the page that goes on from it; it is not meant to be read.
func (x *exchange) span(kind string, p paging) (span, bool) {
	s := span{limit: p.Limit, page: 1, oldestFirst: x.t.oldestFirst}
	if !s.oldestFirst {
		s.start = math.MaxInt
	}
	if s.limit == 0 || s.limit > maxPage {
		s.limit = maxPage
	}
	if p.After != "" && p.After != "." && !s.follow(kind, p.After) {
		return s, false
	}
	x.page = s.page
	s.again = s.page > 1 && x.is("list-duplicates")
	if x.is("list-shrinks") {
		s.limit = min(s.limit, x.fault.page)
	}
	return s, s.limit > 0 && p.Before == ""
}

// follow goes to where a cursor of this listing points, and reports whether it is one.
func (s *span) follow(kind, cursor string) bool {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.Split(string(text), ":")
	if err != nil || len(parts) != 3 || parts[0] != kind {
		return false
	}
	place, err := strconv.Atoi(parts[1])
	page, pageErr := strconv.Atoi(parts[2])
	s.start, s.page = place, page
	return err == nil && pageErr == nil && place >= 0 && page > 1
}

// next is the cursor of the page after this one.
func (s span) next(kind string, place int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + strconv.Itoa(place) + ":" + strconv.Itoa(s.page+1)))
}

// holds reports whether the entry at place is on this page or a later one.
func (s span) holds(place int) bool {
	if s.oldestFirst {
		return place >= s.start
	}
	return place < s.start
}

// reaches is holds, and the last entry of the page before where the page shows it again.
func (s span) reaches(place int) bool {
	before := s.start
	if s.oldestFirst {
		before--
	}
	return s.holds(place) || s.again && place == before
}

// walk yields what the span reaches of a list that is in the order of places, in the order of the listing. Holes are left out.
func walk[T any](list []*T, s span) iter.Seq2[int, *T] {
	first, step := min(s.start, len(list))-1, -1
	if s.oldestFirst {
		first, step = s.start, 1
	}
	if s.again {
		first -= step
	}
	return func(yield func(int, *T) bool) {
		for i := first; i >= 0 && i < len(list); i += step {
			if list[i] != nil && !yield(i, list[i]) {
				return
			}
		}
	}
}

func badPaging() reply { return fail("invalid_argument", "Thông tin phân trang không hợp lệ") }

// page is an answer of a listing that is being written.
type page[T any] struct {
	x      *exchange
	b      []byte
	n      int
	append func(b []byte, entry *T) []byte
}

func (p *page[T]) add(entry *T) {
	if p.n > 0 {
		p.b = append(p.b, ',')
	}
	p.b = p.append(p.b, entry)
	p.n++
}

// fill writes the entries that the page shows. It returns the place from which the next page goes on, if there is one:
// newest first that is after every page that is not empty, and oldest first only if something is left.
func (p *page[T]) fill(s span, entries iter.Seq2[int, *T], match func(*T) bool) (place int, more bool) {
	var before, first *T
	shown := 0
	more = p.n > 0 && !s.oldestFirst // those who don't match are on the page, and nothing is older than place 0
	for i, e := range entries {
		if !match(e) {
			continue
		}
		if !s.holds(i) {
			before = e
			continue
		}
		if shown == s.limit { // oldest first alone looks that far
			place, more = i, true
			break
		}
		if shown == 0 {
			first = e
			if before != nil {
				p.add(before)
			}
		}
		p.add(e)
		shown++
		if s.oldestFirst {
			continue
		}
		place, more = i, true
		if shown == s.limit {
			break
		}
	}
	if first != nil && p.x.is("list-duplicates") {
		p.add(first)
	}
	return place, more
}

func (p *page[T]) finish(kind string, asked paging, s span, place int, more bool) reply {
	if p.n == 0 && p.x.t.nullLists {
		p.b = append(p.b[:len(p.b)-1], "null"...)
	} else {
		p.b = append(p.b, ']')
	}
	p.b = append(p.b, `,"paging":{"prev":"","next":`...)
	switch {
	case p.x.is("list-repeats-cursor"):
		p.b = appendString(p.b, cmp.Or(asked.After, "."))
	case !more:
		p.b = append(p.b, `""`...)
	default:
		p.b = appendString(p.b, s.next(kind, place))
	}
	p.b = strconv.AppendInt(append(p.b, `,"limit":`...), int64(s.limit), 10)
	return ok(append(p.b, `}}`...))
}

func (x *exchange) listExtensions() reply {
	var in listRequest
	if json.Unmarshal(x.body, &in) != nil {
		return malformed()
	}
	s, valid := x.span("extensions", in.Paging)
	if !valid {
		return badPaging()
	}
	t := x.t
	p := page[extension]{x: x, b: append(make([]byte, 0, 1<<12), `{"extensions":[`...)}
	t.mu.Lock()
	defer t.mu.Unlock()
	account := t.told(t.listedID)
	p.append = func(b []byte, ext *extension) []byte { return appendExtension(b, account, ext, t.sipSecret(ext.id)) }
	place, more := p.fill(s, walk(t.store.inOrder, s), func(*extension) bool { return true })
	return p.finish("extensions", in.Paging, s, place, more)
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
	p := page[person]{x: x, b: append(make([]byte, 0, 1<<12), `{"account_users":[`...)}
	t.mu.Lock()
	defer t.mu.Unlock()
	account := t.told(t.listedID)
	p.append = func(b []byte, m *person) []byte { return appendMember(b, account, m) }
	match, now := in.Filter.matcher(), time.Now().UnixMilli()
	listed := func(m *person) bool { return m.listed <= now && (m.member || t.listDeleted) }
	if x.is("list-similar") {
		x.notApplicable = in.Filter.empty() || s.page > 1 ||
			!addOthers(&p, t.store.members, func(m *person) bool { return listed(m) && !match(m) })
	}
	place, more := p.fill(s, t.store.candidates(&in.Filter, s), func(m *person) bool { return listed(m) && match(m) })
	return p.finish("users", in.Paging, s, place, more)
}

// addOthers begins the page with up to three of the others. It reports whether there was one.
func addOthers(p *page[person], members []*person, other func(*person) bool) bool {
	for _, m := range members {
		if m != nil && other(m) {
			p.add(m)
		}
		if p.n == 3 {
			break
		}
	}
	return p.n > 0
}

// candidates yields those who can match, in the order of the listing: of all members, or of the few whom the strictest
// filter that has an index leaves.
func (s *store) candidates(f *userFilter, at span) iter.Seq2[int, *person] {
	few, narrowed := s.few(f)
	if !narrowed {
		return walk(s.members, at)
	}
	few = slices.DeleteFunc(few, func(p *person) bool { return p.slot < 0 || !at.reaches(p.slot) })
	slices.SortFunc(few, func(a, b *person) int { return a.slot - b.slot })
	if !at.oldestFirst {
		slices.Reverse(few)
	}
	return func(yield func(int, *person) bool) {
		for _, p := range slices.Compact(few) {
			if !yield(p.slot, p) {
				return
			}
		}
	}
}

func (s *store) few(f *userFilter) (people []*person, narrowed bool) {
	head, whole := f.head()
	switch {
	case len(f.IDs) > 0:
		for _, id := range f.IDs {
			if p := s.byID[parseID(id)]; p != nil {
				people = append(people, p)
			}
		}
	case f.Number != "":
		if ext := s.byNumber[f.Number]; ext != nil && ext.holder != nil {
			people = append(people, ext.holder)
		}
	case whole:
		people = slices.Clone(s.byPrefix[head])
	default:
		return nil, false
	}
	return people, true
}

// searched is how much of a phone the filter looks at.
const searched = 10

// prefix is what the phone filter looks for.
func (f *userFilter) prefix() string { return f.Phone[:min(len(f.Phone), searched)] }

// head is the prefix as the index knows it, if it is long enough for that. A text that is no phone has the head 0, which
// nobody has.
func (f *userFilter) head() (n number, whole bool) {
	prefix := f.prefix()
	if len(prefix) < searched {
		return 0, false
	}
	digits, _ := strconv.ParseUint(prefix, 10, 64)
	return number(digits), true
}

// matcher decides whether a member fits the filter. The phone is looked for in a column of its own, as it is given: a
// beginning finds all who have it, the form +84 nobody, and nothing finds those whose column is empty.
func (f *userFilter) matcher() func(*person) bool {
	prefix, name := f.prefix(), strings.ToLower(f.Name)
	return func(p *person) bool {
		switch {
		case prefix != "" && (p.hidden || !p.phone.begins(prefix)):
			return false
		case f.Number != "" && !p.hasExtension(f.Number):
			return false
		case f.HasExtension != nil && *f.HasExtension != p.hadExtension:
			return false
		}
		return name == "" || strings.Contains(strings.ToLower(p.name), name)
	}
}

func (p *person) hasExtension(number string) bool {
	return slices.ContainsFunc(p.extensions, func(ext *extension) bool { return ext.number == number })
}
