package apiclient

import (
	"context"
	"iter"
	"net/http"

	"etelecom-import/apiclient/message"
)

const (
	pageLimit = 100 // the API cuts more down to this
	firstPage = "." // the cursor of a listing's beginning
	maxBarren = 3   // pages in a row without anybody new that end a listing
)

// ErrListing means that the API answers, but its pages never reach the end of the listing.
var ErrListing = message.New("the listing has no end")

var (
	errCursor  = message.Errorf("%w: it returns to a page that it has shown before", ErrListing)
	errBarren  = message.Errorf("%w: three pages in a row show nobody new", ErrListing)
	errListing = message.New("it has no list")
	errPaging  = message.New("the page is full and does not say whether there is more")
)

// cursor is the part of a request that says which page to return.
type cursor struct {
	After string `json:"after"`
	Limit int    `json:"limit"`
}

// paging is the part of an answer that has the next cursor; it is empty at the end of the listing. The platform's published
// source makes it from the last entry of a page, so it is empty only after an empty page.
type paging struct {
	Next lenientString `json:"next"`
}

// page is one answer of a listing.
type page[T any] struct {
	items []T
	next  string
	paged bool // it says whether there is more
}

// pages yields the entries of a listing. An error is the last pair; the listing is then incomplete. If the API shows an entry
// twice, pages yields it twice. Only a listing without progress is an error.
func pages[T any](ctx context.Context, c *Client, op operation, traced Asked, request func(cursor) []byte,
	decode func([]byte) (page[T], error), id func(*T) ID,
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		asked, shown := map[string]bool{}, map[ID]bool{}
		barren := 0
		for after := firstPage; after != ""; {
			asked[after] = true
			var p page[T]
			traced.After, traced.Limit = after, pageLimit
			err := c.do(ctx, &call{op: op, body: request(cursor{after, pageLimit}), asked: traced, decode: func(b []byte) (err error) {
				p, err = decode(b)
				if mayHaveMore := p.next == "" && !p.paged && len(p.items) >= pageLimit; err == nil && mayHaveMore {
					err = errPaging
				}
				return err
			}})
			before := len(shown)
			for i := range p.items {
				shown[id(&p.items[i])] = true
			}
			if barren++; len(shown) > before {
				barren = 0
			}
			switch {
			case err != nil:
			case asked[p.next]:
				err = &Error{Op: op.name, Status: http.StatusOK, Outcome: NotApplied, Err: errCursor}
			case p.next != "" && barren == maxBarren:
				err = &Error{Op: op.name, Status: http.StatusOK, Outcome: NotApplied, Err: errBarren}
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range p.items {
				if !yield(item, nil) {
					return
				}
			}
			after = p.next
		}
	}
}

func (p *paging) next() string {
	if p == nil {
		return ""
	}
	return string(p.Next)
}
