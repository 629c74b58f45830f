package apiclient

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"time"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
	"etelecom-import/apiclient/secret"
)

// NewUser is a person to create. All three are required, as valid UTF-8.
type NewUser struct {
	FullName string
	Phone    string
	Password secret.Text
}

// User is what a create returned.
type User struct {
	ID        ID
	Phone     string    // as the tenant writes it
	CreatedAt time.Time // by the tenant's clock; zero: not told. If it is older than the call, the person was on the platform before, and has a new password now
}

// UserFilter narrows a listing of users. The zero value lists all.
type UserFilter struct {
	Phone string // the API compares the first 10 characters of a column that some users lack: it may return others, and may miss a match
}

// AccountUser is a user as the listing has them.
type AccountUser struct {
	AccountID string
	UserID    ID     // 0: the tenant does not tell it, but there is a user
	Phone     string // as the tenant writes it
	FullName  string
	Deleted   bool
	NoRole    bool // the listing has the user's roles, and the list is empty
}

type createRequest struct {
	FullName string `json:"full_name"`
	Password string `json:"password"`
	Phone    string `json:"phone"`
}

// CreateAccountUser creates u. The API overwrites the password of an existing user. So the client calls intent before every
// attempt, and sends nothing if that returns an error. The error is always an [*Error].
func (c *Client) CreateAccountUser(ctx context.Context, u NewUser, intent func() error) (User, error) {
	request := createRequest{u.FullName, u.Password.Reveal(), u.Phone}
	if err := request.check(); err != nil {
		return User{}, &Error{Op: OpCreateAccountUser, Outcome: NotApplied, Err: err}
	}
	var user User
	body, hidden := encode(request), 0
	if c.onExchange != nil { // how long the password is, in the body
		hidden = len(body) - len(encode(createRequest{u.FullName, "", u.Phone}))
	}
	err := c.do(ctx, &call{
		op:     createAccountUser,
		body:   body,
		intent: intent,
		secret: u.Password,
		asked:  Asked{FullName: u.FullName, Phone: u.Phone, hidden: hidden},
		decode: func(body []byte) (err error) {
			user, err = createdUser(body, u.Phone)
			return err
		},
	})
	if err != nil {
		return User{}, err
	}
	return user, nil
}

// check refuses what would not be sent as it is: JSON has a replacement character for each bad byte.
func (r createRequest) check() error {
	for _, s := range []string{r.FullName, r.Password, r.Phone} {
		if s == "" {
			return message.New("name, phone and password are all required")
		}
		if !utf8.ValidString(s) {
			return message.New("name, phone or password is not valid UTF-8")
		}
	}
	return nil
}

// createdUser reads the answer to a create for a phone. It accepts only a valid id together with the same phone.
func createdUser(body []byte, phone string) (User, error) {
	var a struct {
		problem
		ID        ID            `json:"id"`
		Phone     lenientString `json:"phone"`
		CreatedAt lenientString `json:"created_at"`
	}
	if err := decode(body, &a); err != nil {
		return User{}, err
	}
	if a.ID <= 0 {
		return User{}, errNoID
	}
	// If an answer was mixed up with that of another call, its id is another person's. Only the phone can show that.
	if a.Phone == "" {
		return User{}, message.New("it does not say whose id it is")
	}
	if national(string(a.Phone)) != national(phone) {
		return User{}, message.New("it is about another phone")
	}
	created, _ := time.Parse(time.RFC3339, string(a.CreatedAt)) // zero: not told
	return User{a.ID, string(a.Phone), created}, nil
}

// national returns the digits of a Vietnamese number without country code and trunk zero, however it is written. A number of
// less than 11 digits that begins with 84 has no country code.
func national(phone string) string {
	digits := make([]byte, 0, 16)
	for i := range len(phone) {
		if c := phone[i]; '0' <= c && c <= '9' {
			digits = append(digits, c)
		}
	}
	if len(digits) > 2 && digits[0] == '0' && digits[1] == '0' {
		digits = digits[2:]
	}
	if len(digits) >= 11 && digits[0] == '8' && digits[1] == '4' {
		digits = digits[2:]
	}
	if len(digits) > 0 && digits[0] == '0' {
		digits = digits[1:]
	}
	return string(digits)
}

type usersRequest struct {
	Filter struct {
		Phone string `json:"phone,omitempty"`
	} `json:"filter"`
	Paging cursor `json:"paging"`
}

// GetAccountUsers lists the users that match f, page by page. An error is the last pair of the sequence; the listing is then
// incomplete.
func (c *Client) GetAccountUsers(ctx context.Context, f UserFilter) iter.Seq2[AccountUser, error] {
	request := func(at cursor) []byte {
		r := usersRequest{Paging: at}
		r.Filter.Phone = f.Phone
		return encode(r)
	}
	return pages(ctx, c, getAccountUsers, Asked{Phone: f.Phone}, request, usersPage, func(u *AccountUser) ID { return u.UserID })
}

// Probe finds out with one short read whether the API answers. [ErrPermission] is an answer, too: Probe returns nil.
func (c *Client) Probe(ctx context.Context) error {
	body := encode(usersRequest{Paging: cursor{firstPage, 1}})
	err := c.do(ctx, &call{op: getAccountUsers, body: body, asked: Asked{After: firstPage, Limit: 1}, decode: func(b []byte) error {
		_, err := usersPage(b)
		return err
	}})
	if errors.Is(err, ErrPermission) {
		return nil
	}
	return err
}

// roles records whether the list of a user's roles is there and empty; null is an empty list.
type roles struct{ none bool }

// UnmarshalJSON implements [json.Unmarshaler].
func (r *roles) UnmarshalJSON(b []byte) error {
	isEmptyList := len(b) > 1 && b[0] == '[' && len(bytes.TrimSpace(b[1:len(b)-1])) == 0
	r.none = isEmptyList || string(b) == "null"
	return nil
}

func usersPage(body []byte) (page[AccountUser], error) {
	var a struct {
		problem
		Users []struct {
			AccountID lenientString `json:"account_id"`
			UserID    ID            `json:"user_id"`
			Phone     lenientString `json:"phone"`
			FullName  lenientString `json:"full_name"`
			Deleted   lenientBool   `json:"deleted"`
			Roles     roles         `json:"roles"`
		} `json:"account_users"`
		Paging *paging `json:"paging"`
	}
	if err := decode(body, &a); err != nil {
		return page[AccountUser]{}, err
	}
	if a.Users == nil && a.Paging == nil && !hasField(body, "account_users") {
		return page[AccountUser]{}, errListing
	}
	users := make([]AccountUser, len(a.Users))
	for i, u := range a.Users {
		users[i] = AccountUser{string(u.AccountID), u.UserID, string(u.Phone), string(u.FullName), bool(u.Deleted), u.Roles.none}
	}
	return page[AccountUser]{users, a.Paging.next(), a.Paging != nil}, nil
}
