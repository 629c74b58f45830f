package tenant_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/tenant"
)

// byPlace is a tenant whose pages go by position, so that a removal moves what comes behind it.
type byPlace struct {
	users      []listedUser
	extensions []listedExtension
	requests   int
	before     func(request int) // others work on the tenant before the answer
}

type listedUser struct {
	AccountID string `json:"account_id"`
	UserID    string `json:"user_id"`
	Phone     string `json:"phone"`
	FullName  string `json:"full_name"`
	Deleted   bool   `json:"deleted"`
}

type listedExtension struct {
	AccountID string `json:"account_id"`
	ID        string `json:"id"`
	UserID    string `json:"user_id"`
	Number    string `json:"extension_number"`
}

func (s *byPlace) RoundTrip(req *http.Request) (*http.Response, error) {
	s.requests++
	if s.before != nil {
		s.before(s.requests)
	}
	var in struct{ Paging struct{ After string } }
	if err := json.NewDecoder(req.Body).Decode(&in); err != nil {
		return nil, err
	}
	from, _ := strconv.Atoi(in.Paging.After)
	answer := map[string]any{}
	next := ""
	if strings.HasSuffix(req.URL.Path, "GetAccountUsers") {
		answer["account_users"], next = page(s.users, from)
	} else {
		answer["extensions"], next = page(s.extensions, from)
	}
	answer["paging"] = map[string]string{"next": next}
	body, err := json.Marshal(answer)
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: req}, err
}

func page[T any](all []T, from int) (entries []T, next string) {
	from = min(from, len(all))
	to := min(from+tenant.PageSize, len(all))
	if to < len(all) {
		next = fmt.Sprint(to)
	}
	return all[from:to], next
}

func (s *byPlace) fill(people int) {
	for i := range people {
		user := fmt.Sprint(1300000000000000001 + i)
		s.users = append(s.users, listedUser{AccountID: "77", UserID: user, Phone: fmt.Sprintf("09%08d", i), FullName: fmt.Sprint("Người ", i)})
		s.extensions = append(s.extensions, listedExtension{AccountID: "77", ID: fmt.Sprint(1400000000000000001 + i), UserID: user, Number: fmt.Sprint(1001 + i)})
	}
}

func (s *byPlace) read(t *testing.T, o tenant.DirectoryOptions) *tenant.Directory {
	t.Helper()
	c, err := apiclient.New(apiclient.Config{BaseURL: "http://127.0.0.1:1/v1/partner", Key: secret.New("shop77:x"), Timeout: 30 * time.Second, Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseIdleConnections()
	d, err := tenant.ReadDirectory(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDirectory(t *testing.T) {
	s := &byPlace{}
	s.fill(3)
	s.extensions[2].UserID = "0"
	s.extensions = append(s.extensions, listedExtension{ID: "5", UserID: s.users[0].UserID, Number: "2001"})
	s.users = append(s.users, listedUser{Phone: "0901111111", FullName: "No id"}, listedUser{UserID: "9", Phone: "0901111111"}, listedUser{UserID: "10", Deleted: true})
	accounts := map[string]int{}
	d := s.read(t, tenant.DirectoryOptions{
		OnUser:      func(u apiclient.AccountUser, seen int) { accounts[u.AccountID] = seen },
		OnExtension: func(x apiclient.Extension, seen int) { accounts["x"+x.AccountID] = seen },
	})
	if s.requests != 2 || d.Readings != 1 || d.Moving || len(d.Users) != 5 || d.Users[4].FullName != "No id" || len(d.Extensions) != 4 {
		t.Errorf("%d requests: %+v", s.requests, d)
	}
	if accounts["77"] != 3 || accounts["x77"] != 3 || d.Users[0].AccountID+d.Extensions[0].AccountID != "" {
		t.Errorf("accounts: %v", accounts)
	}
	first := d.User(1300000000000000001)
	if first == nil || first.FullName != "Người 0" || d.User(0) != nil || d.User(10) != nil || len(d.UsersOf(phone.Normalize("0901111111"))) != 2 {
		t.Errorf("users: %+v", d)
	}
	if has := d.ExtensionsOf(first.UserID); len(has) != 2 || has[0].ID != 5 || has[1].Number != "1001" || d.Extension(5) != has[0] || d.Extension(6) != nil {
		t.Errorf("extensions: %+v", d)
	}
}

// Whoever is missing is missing from two readings, however the pages move.
func TestDirectoryOfMovingPages(t *testing.T) {
	const people, gone = 250, 1300000000000000001
	for _, test := range []struct {
		name             string
		requests         int // before which the first person is removed
		readings, listed int
		moving           bool
	}{
		{"nobody", 0, 2, people, false},
		{"in the first reading", 2, 3, people - 1, false},
		{"in the second reading", 8, 4, people - 1, false},
		{"between them", 7, 3, people - 1, false},
	} {
		s := &byPlace{}
		s.fill(people)
		s.before = func(request int) {
			if request == test.requests {
				s.users = s.users[1:]
			}
		}
		d := s.read(t, tenant.DirectoryOptions{})
		if d.Readings != test.readings || len(d.Users) != test.listed || d.Moving != test.moving || len(d.Extensions) != people {
			t.Errorf("%s: %d readings, %d users, moving %v", test.name, d.Readings, len(d.Users), d.Moving)
		}
		for i := range s.users {
			if id, _ := strconv.ParseInt(s.users[i].UserID, 10, 64); d.User(apiclient.ID(id)) == nil {
				t.Errorf("%s: %d is missed", test.name, i)
			}
		}
		if (d.User(gone) == nil) != (test.requests > 0) {
			t.Errorf("%s: the person who was removed: %v", test.name, d.User(gone))
		}
	}
}

// A tenant that never rests is not read for ever, and is told.
func TestDirectoryOfRestlessTenant(t *testing.T) {
	s := &byPlace{}
	s.fill(250)
	s.before = func(request int) {
		if request%3 == 0 {
			s.users = s.users[1:]
		}
	}
	d := s.read(t, tenant.DirectoryOptions{})
	if d.Readings != tenant.MostReadings || !d.Moving || s.requests > 6*tenant.MostReadings {
		t.Errorf("%d readings, %d requests, moving %v", d.Readings, s.requests, d.Moving)
	}
	for i := range s.users {
		if id, _ := strconv.ParseInt(s.users[i].UserID, 10, 64); d.User(apiclient.ID(id)) == nil {
			t.Errorf("%s is missed", s.users[i].FullName)
		}
	}
}

// Somebody who was created between the two listings has an extension, and is listed by then.
func TestDirectoryOfNewcomer(t *testing.T) {
	s := &byPlace{}
	s.fill(2)
	s.before = func(request int) {
		if request == 2 {
			s.fill(1)
			s.users[2].UserID, s.extensions[2].ID, s.extensions[2].UserID = "9", "8", "9"
		}
	}
	d := s.read(t, tenant.DirectoryOptions{})
	if d.User(9) == nil || len(d.ExtensionsOf(9)) != 1 || s.requests > 6 {
		t.Errorf("%d requests: %+v", s.requests, d)
	}
	// One who stays away is asked for twice.
	s = &byPlace{}
	s.fill(2)
	s.users = slices.Delete(s.users, 0, 1)
	if d := s.read(t, tenant.DirectoryOptions{}); len(d.Users) != 1 || len(d.Extensions) != 2 || d.Moving || d.Readings != 2 {
		t.Errorf("%+v", d)
	}
}

// The sandbox makes pages in both ways, and neither loses anybody.
func TestDirectoryOfSandbox(t *testing.T) {
	for _, byPlace := range []bool{false, true} {
		with(t, sandbox.Config{Users: 320, Extensions: 210, PagesByPlace: byPlace}, func(t *testing.T, s *shop) {
			d, err := tenant.ReadDirectory(t.Context(), s.client, tenant.DirectoryOptions{})
			if err != nil || len(d.Users) != 321 || len(d.Extensions) != 212 || d.Readings != 2 || d.Moving {
				t.Fatalf("%v, %+v", err, d)
			}
		})
	}
}
