package apiclient

import (
	"context"
	"iter"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
)

// codeNotUpdated is the [Error].Code of an assign that the API answered with "updated: 0".
const codeNotUpdated = "not_updated"

var errNotUpdated = message.New("the tenant says that nothing was updated")

// Extension is a phone extension as the listing has it, without its SIP password.
type Extension struct {
	ID        ID
	AccountID string // empty: not told
	UserID    ID     // 0: free
	Number    string
	State     string    // "Z" (new), "P" (valid) or "N" (expired); empty: not told
	ExpiresAt time.Time // zero: never, or not told
	HotlineID ID        // 0: not told
}

// Expired reports whether nobody can call with the extension at that time. The API assigns it all the same.
func (x *Extension) Expired(now time.Time) bool {
	return x.State == "N" || !x.ExpiresAt.IsZero() && x.ExpiresAt.Before(now)
}

type extensionsRequest struct {
	Paging cursor `json:"paging"`
}

// GetExtensions lists the extensions, page by page. An error is the last pair of the sequence; the listing is then
// incomplete.
func (c *Client) GetExtensions(ctx context.Context) iter.Seq2[Extension, error] {
	request := func(at cursor) []byte { return encode(extensionsRequest{at}) }
	read := func(body []byte) (page[Extension], error) { return extensionsPage(body, &c.sip) }
	return pages(ctx, c, getExtensions, Asked{}, request, read, func(x *Extension) ID { return x.ID })
}

// extensionsPage reads a page of the listing. Of the SIP passwords on it only fingerprints are kept, so that no error shows one.
func extensionsPage(body []byte, seen *secret.Growing) (page[Extension], error) {
	var a struct {
		problem
		Extensions []struct {
			ID        ID            `json:"id"`
			AccountID lenientString `json:"account_id"`
			UserID    ID            `json:"user_id"`
			Number    lenientString `json:"extension_number"`
			State     lenientString `json:"state"`
			ExpiresAt lenientString `json:"expires_at"`
			HotlineID lenientString `json:"hotline_id"`
			Password  lenientString `json:"extension_password"`
		} `json:"extensions"`
		Paging *paging `json:"paging"`
	}
	if err := decode(body, &a); err != nil {
		return page[Extension]{}, err
	}
	if a.Extensions == nil && a.Paging == nil && !hasField(body, "extensions") {
		return page[Extension]{}, errListing
	}
	extensions := make([]Extension, len(a.Extensions))
	for i, e := range a.Extensions {
		seen.Add(secret.New(string(e.Password)))
		if e.ID == 0 {
			return page[Extension]{}, errNoID
		}
		expires, _ := time.Parse(time.RFC3339, string(e.ExpiresAt)) // zero: not told
		if expires.Year() <= 1 {                                    // 0001-01-01 is "never", with any offset
			expires = time.Time{}
		}
		hotline, _ := ParseID(string(e.HotlineID)) // 0: not told
		extensions[i] = Extension{e.ID, string(e.AccountID), e.UserID, string(e.Number), string(e.State), expires, hotline}
	}
	return page[Extension]{extensions, a.Paging.next(), a.Paging != nil}, nil
}

type assignRequest struct {
	ExtensionID int64 `json:"extension_id,string"`
	UserID      int64 `json:"user_id,string"`
}

// AssignUserToExtension gives the extension to the user. The API checks and updates without a lock, and refuses an assign that
// has been done already. The client calls intent, which may be nil, before every attempt. The error is always an [*Error].
func (c *Client) AssignUserToExtension(ctx context.Context, extension, user ID, intent func() error) error {
	if extension <= 0 || user <= 0 {
		return &Error{Op: OpAssignUserToExtension, Outcome: NotApplied, Err: errID}
	}
	return c.do(ctx, &call{
		op:     assignUserToExtension,
		body:   encode(assignRequest{int64(extension), int64(user)}),
		intent: intent,
		asked:  Asked{ExtensionID: extension, UserID: user},
		decode: checkUpdated,
	})
}

func checkUpdated(body []byte) error {
	var a struct {
		problem
		Updated lenientString `json:"updated"`
	}
	if err := decode(body, &a); err != nil {
		return err
	}
	switch a.Updated {
	case "1":
		return nil
	case "0":
		return errNotUpdated
	}
	return message.New("it does not say whether it updated")
}
