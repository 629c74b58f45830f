package sandbox

import (
	"cmp"
	"encoding/base64"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
)

// maxPage is the most entries on a page. A request for more gets that many.
const maxPage = 100

type listRequest struct {
	Filter userFilter `json:"filter"` // only in GetAccountUsers
	Paging paging     `json:"paging"`
}

type paging struct {
	After  string `json:"after"`
	Before string `json:"before"`
	Limit  int    `json:"limit"`
}

// span is the part of a listing from the beginning of a page on. Each entry has a place, its index in the store's list;
// a later entry has a higher place. A place is like the platform's (created_at, id), and also tells apart those who came
// in the same second.
//
// The newest come first, and a page continues after the last entry of the page before, so that newcomers shift nothing. In
// the older picture the oldest come first, and a page begins at a place.
type span struct {
	start       int // newest first: the place before which the page begins; oldest first: the place where it begins
	limit       int // entries on a page
	page        int // the number of the page, from 1
	oldestFirst bool
	overlap     bool // show the last entry of the page before, too
}

// newSpan reads the paging of a request. ok is false if the platform refuses it.
func newSpan(c *call, kind string, p paging) (s span, ok bool) {
	s = span{limit: p.Limit, page: 1, oldestFirst: c.t.config.PagesByPlace}
	if !s.oldestFirst {
		s.start = math.MaxInt
	}
	if s.limit == 0 || s.limit > maxPage {
		s.limit = maxPage
	}
	if p.After != "" && p.After != "." && !s.follow(kind, p.After) {
		return s, false
	}
	c.page = s.page
	s.overlap = s.page > 1 && c.has("list-duplicates")
	if c.has("list-shrinks") {
		s.limit = min(s.limit, c.rule.page)
	}
	return s, s.limit > 0 && p.Before == ""
}

// follow moves the span to where a cursor points. It reports whether the cursor is one of this kind of listing.
func (s *span) follow(kind, cursor string) bool {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.Split(string(text), ":")
	if err != nil || len(parts) != 3 || parts[0] != kind {
		return false
	}
	place, placeErr := strconv.Atoi(parts[1])
	page, pageErr := strconv.Atoi(parts[2])
	if placeErr != nil || pageErr != nil {
		return false
	}
	s.start, s.page = place, page
	return place >= 0 && page > 1
}

// next is the cursor of the page after this one, which continues at place. Clients must not look into it.
func (s span) next(kind string, place int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + strconv.Itoa(place) + ":" + strconv.Itoa(s.page+1)))
}

// contains reports whether the entry at place is on this page or a later one.
func (s span) contains(place int) bool {
	if s.oldestFirst {
		return place >= s.start
	}
	return place < s.start
}

// reaches reports whether the page may show the entry at place: those that the span contains, and with overlap the one
// before them.
func (s span) reaches(place int) bool {
	before := s.start
	if s.oldestFirst {
		before--
	}
	return s.contains(place) || s.overlap && place == before
}

// walk yields the places that the span reaches and their entries, in the order of the listing. It skips nil entries.
func walk[T any](list []*T, s span) iter.Seq2[int, *T] {
	first, step := min(s.start, len(list))-1, -1
	if s.oldestFirst {
		first, step = s.start, 1
	}
	if s.overlap {
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

// page is the answer to a listing while it is written.
type page[T any] struct {
	c      *call
	b      []byte
	n      int // entries written
	append func(b []byte, entry *T) []byte
}

// newPage begins the answer, whose list has the given name.
func newPage[T any](c *call, name string, appendEntry func(b []byte, entry *T) []byte) *page[T] {
	return &page[T]{c: c, b: append(make([]byte, 0, 1<<12), `{"`+name+`":[`...), append: appendEntry}
}

func (p *page[T]) add(entry *T) {
	if p.n > 0 {
		p.b = append(p.b, ',')
	}
	p.b = p.append(p.b, entry)
	p.n++
}

// fill writes the matching entries of the page. It returns the place at which the next page continues, if there is one.
// Newest first, every page with an entry has a next one, even if that turns out empty. Oldest first, the last page has
// none.
func (p *page[T]) fill(s span, entries iter.Seq2[int, *T], match func(*T) bool) (place int, more bool) {
	var before, first *T // the last entry of the page before; the first of this page
	shown := 0
	// The fault list-similar has written people who do not match. A page with nobody else continues at place 0, after
	// which nothing is older.
	more = p.n > 0 && !s.oldestFirst
	for i, e := range entries {
		if !match(e) {
			continue
		}
		if !s.contains(i) { // only with overlap
			before = e
			continue
		}
		if shown == s.limit { // only oldest first: one entry more shows that another page is needed
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
	if first != nil && p.c.has("list-duplicates") {
		p.add(first)
	}
	return place, more
}

// finish ends the answer with the cursor of the next page.
func (p *page[T]) finish(kind string, asked paging, s span, place int, more bool) reply {
	if p.n == 0 && p.c.t.config.EmptyList == "null" {
		p.b = append(p.b[:len(p.b)-1], "null"...)
	} else {
		p.b = append(p.b, ']')
	}
	p.b = append(p.b, `,"paging":{"prev":"","next":`...)
	switch {
	case p.c.has("list-repeats-cursor"):
		p.b = appendString(p.b, cmp.Or(asked.After, "."))
	case !more:
		p.b = append(p.b, `""`...)
	default:
		p.b = appendString(p.b, s.next(kind, place))
	}
	p.b = strconv.AppendInt(append(p.b, `,"limit":`...), int64(s.limit), 10)
	return ok(append(p.b, `}}`...))
}

func badPaging() reply { return fail("invalid_argument", "Thông tin phân trang không hợp lệ") }

func listExtensions(c *call, in *listRequest) reply {
	span, valid := newSpan(c, "extensions", in.Paging)
	if !valid {
		return badPaging()
	}
	s, profile := c.t.store, c.t.identity.get()
	account := profile.shownID(profile.listedID)
	s.mu.Lock()
	defer s.mu.Unlock()
	p := newPage(c, "extensions", func(b []byte, ext *extension) []byte {
		return appendExtension(b, account, ext, s.sipSecret(ext.id))
	})
	place, more := p.fill(span, walk(s.inOrder, span), func(*extension) bool { return true })
	return p.finish("extensions", in.Paging, span, place, more)
}

func listUsers(c *call, in *listRequest) reply {
	span, valid := newSpan(c, "users", in.Paging)
	if !valid {
		return badPaging()
	}
	s, profile := c.t.store, c.t.identity.get()
	account := profile.shownID(profile.listedID)
	s.mu.Lock()
	defer s.mu.Unlock()
	p := newPage(c, "account_users", func(b []byte, m *person) []byte { return appendMember(b, account, m) })
	match, now := in.Filter.matcher(), time.Now().UnixMilli()
	listed := func(m *person) bool { return m.listed <= now && (m.member || c.t.config.ListDeleted) }
	if c.has("list-similar") {
		c.notApplicable = in.Filter.empty() || span.page > 1 ||
			!addOthers(p, s.members, func(m *person) bool { return listed(m) && !match(m) })
	}
	place, more := p.fill(span, in.Filter.candidates(s, span), func(m *person) bool { return listed(m) && match(m) })
	return p.finish("users", in.Paging, span, place, more)
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
