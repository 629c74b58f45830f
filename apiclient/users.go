package apiclient

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"time"
	"unicode/utf8"

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
	CreatedAt time.Time // by the tenant's clock; zero if it did not tell. Older than the call: the person was on the platform before, and has a new password now
}

// UserFilter narrows a listing of users. The zero value lists all.
type UserFilter struct {
	Phone string // matches the first 10 characters of a column that some people lack: others can be in the answer, and a match can be missing
}

// AccountUser is a user as the listing has them.
type AccountUser struct {
	AccountID string
	UserID    ID     // 0: the tenant does not tell it; somebody is there all the same
	Phone     string // as the tenant writes it
	FullName  string
	Deleted   bool
	NoRole    bool // the listing tells the user's roles, and there is none
}

type createRequest struct {
	FullName string `json:"full_name"`
	Password string `json:"password"`
	Phone    string `json:"phone"`
}

// CreateAccountUser creates u. The API overwrites the password of a user who is there already, so intent is called
// before every attempt, and an error of it means that nothing is sent. The error is an [*Error] in every case.
func (c *Client) CreateAccountUser(ctx context.Context, u NewUser, intent func() error) (User, error) {
	request := createRequest{u.FullName, u.Password.Reveal(), u.Phone}
	if err := request.check(); err != nil {
		return User{}, &Error{Op: OpCreateAccountUser, Outcome: NotApplied, Err: err}
	}
	var user User
	err := c.do(ctx, &call{
		op:     createAccountUser,
		body:   encode(request),
		intent: intent,
		secret: u.Password,
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

// check keeps what would be sent as something else: JSON would put a replacement character for a bad byte.
func (r createRequest) check() error {
	for _, s := range []string{r.FullName, r.Password, r.Phone} {
		if s == "" {
			return errors.New("name, phone and password are all required")
		}
		if !utf8.ValidString(s) {
			return errors.New("name, phone or password is not valid UTF-8")
		}
	}
	return nil
}

// createdUser reads the answer of a create for phone. Only an id that can be one, beside no other phone, is taken.
func createdUser(body []byte, phone string) (User, error) {
	var a struct {
		problem
		ID        ID   `json:"id"`
		Phone     text `json:"phone"`
		CreatedAt text `json:"created_at"`
	}
	if err := decode(body, &a); err != nil {
		return User{}, err
	}
	if a.ID <= 0 {
		return User{}, errNoID
	}
	// An answer that was mixed up with another has the id of another person: without the phone nothing would show it.
	if a.Phone == "" {
		return User{}, errors.New("it does not say whose id it is")
	}
	if national(string(a.Phone)) != national(phone) {
		return User{}, errors.New("it speaks of another phone")
	}
	created, _ := time.Parse(time.RFC3339, string(a.CreatedAt)) // zero: not told
	return User{a.ID, string(a.Phone), created}, nil
}

// national returns a Vietnamese number's digits without country code and trunk zero, however it is written. The
// length tells the country code from a number that begins with 84.
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

// GetAccountUsers lists the users that match f, page by page. An error is the last pair of the sequence; what came
// before it is then not the whole answer.
func (c *Client) GetAccountUsers(ctx context.Context, f UserFilter) iter.Seq2[AccountUser, error] {
	request := func(at cursor) []byte {
		r := usersRequest{Paging: at}
		r.Filter.Phone = f.Phone
		return encode(r)
	}
	return pages(ctx, c, getAccountUsers, request, usersPage, func(u *AccountUser) ID { return u.UserID })
}

// Probe finds out with one short read whether the API answers. That the key may not list users is an answer, too.
func (c *Client) Probe(ctx context.Context) error {
	body := encode(usersRequest{Paging: cursor{firstPage, 1}})
	err := c.do(ctx, &call{op: getAccountUsers, body: body, decode: func(b []byte) error {
		_, err := usersPage(b)
		return err
	}})
	if errors.Is(err, ErrPermission) {
		return nil
	}
	return err
}

// roles is the list of a user's roles, of which only matters whether it is there and empty. It may be null.
type roles struct{ none bool }

// UnmarshalJSON implements [json.Unmarshaler].
func (r *roles) UnmarshalJSON(b []byte) error {
	r.none = string(b) == "null" || len(b) > 1 && b[0] == '[' && len(bytes.TrimSpace(b[1:len(b)-1])) == 0
	return nil
}

func usersPage(body []byte) (page[AccountUser], error) {
	var a struct {
		problem
		Users []struct {
			AccountID text  `json:"account_id"`
			UserID    ID    `json:"user_id"`
			Phone     text  `json:"phone"`
			FullName  text  `json:"full_name"`
			Deleted   flag  `json:"deleted"`
			Roles     roles `json:"roles"`
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
