package secondtenant

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// ask sends one call with a key and reads the answer.
func ask(t *testing.T, url, key, call, body string) (int, map[string]any, http.Header) {
	t.Helper()
	req, err := http.NewRequest("POST", url+"/v1/partner."+call, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, nil
	}
	defer res.Body.Close()
	var o map[string]any
	_ = json.NewDecoder(res.Body).Decode(&o)
	return res.StatusCode, o, res.Header
}

func create(phone, password string) string {
	return fmt.Sprintf(`{"full_name":"An","phone":%q,"password":%q}`, phone, password)
}

func TestCreate(t *testing.T) {
	p := New(Config{})
	a, b := p.AddShop(&Shop{Name: "A"}), p.AddShop(&Shop{Name: "B"})
	p.AddUser(a, "0901000001", "Bình", "hers", time.Hour)
	s := httptest.NewServer(p)
	defer s.Close()
	for _, c := range []struct {
		shop   *Shop
		phone  string
		status int
	}{{a, "+84 901 000 000", 200}, {a, "0901000000", 412}, {b, "0901000000", 200}, {a, "0901000001", 412}, {a, "12", 400}} {
		if status, o, _ := ask(t, s.URL, c.shop.Key, "Shop/CreateAccountUser", create(c.phone, "pw")); status != c.status {
			t.Errorf("%s: got %d %v, want %d", c.phone, status, o, c.status)
		}
	}
	r := p.Record()
	if x := r.Phones["0901000000"]; x.Made != 1 || x.Overwritten != 2 || x.Changed != 0 || x.Before {
		t.Errorf("got %+v", x)
	}
	if x := r.Phones["0901000001"]; x.Made != 0 || x.Changed != 1 || !x.Before || p.User("0901000001").Password != "pw" {
		t.Errorf("got %+v", x)
	}
	if got := r.Twice(); len(got) != 2 {
		t.Errorf("got %v", got)
	}
}

func TestKeys(t *testing.T) {
	p := New(Config{})
	a := p.AddShop(&Shop{Name: "A"})
	s := httptest.NewServer(p)
	defer s.Close()
	for _, c := range []struct {
		key, call string
		status    int
	}{
		{a.Key, "Misc/CurrentAccount", 401},
		{p.Partner, "Misc/CurrentAccount", 200},
		{a.Key, "Shop/CurrentShop", 200},
		{p.Partner, "Shop/GetAccountUsers", 401},
		{a.Key, "Etelecom/GetTenant", 200},
		{a.Key + "x", "Etelecom/GetExtensions", 401},
		{a.Key, "Shop/No", 404},
	} {
		if status, o, _ := ask(t, s.URL, c.key, c.call, "{}"); status != c.status {
			t.Errorf("%s: got %d %v, want %d", c.call, status, o, c.status)
		}
	}
}

func TestPages(t *testing.T) {
	for _, cfg := range []Config{{}, {LastPage: true}, {OldestFirst: true}, {ByPlace: true}, {NumberIDs: true, NullLists: true, East: true}} {
		p := New(cfg)
		a := p.AddShop(&Shop{Name: "A"})
		for i := range 250 {
			p.AddUser(a, fmt.Sprintf("0901%06d", i), "An", "pw", time.Duration(i/2)*time.Hour)
		}
		p.Hide(a, "0901000003", true)
		p.Mask(a, "0901000004", true)
		p.Unfindable(a, "0901000005", true)
		s := httptest.NewServer(p)
		seen, after, pages := map[string]bool{}, ".", 0
		for after != "" && pages < 9 {
			_, o, _ := ask(t, s.URL, a.Key, "Shop/GetAccountUsers", fmt.Sprintf(`{"paging":{"after":%q,"limit":500}}`, after))
			list, _ := o["account_users"].([]any)
			for _, u := range list {
				seen[u.(map[string]any)["phone"].(string)] = true
			}
			after, pages = o["paging"].(map[string]any)["next"].(string), pages+1
		}
		want := 4
		if cfg.LastPage {
			want = 3
		}
		if len(seen) != 249 || seen["0901000003"] || seen["0901000004"] || !seen["0901***004"] || pages != want {
			t.Errorf("%+v: got %d people on %d pages", cfg, len(seen), pages)
		}
		for phone, want := range map[string]int{"0901000005": 0, "0901000006": 1, "09010000067": 1} {
			_, o, _ := ask(t, s.URL, a.Key, "Shop/GetAccountUsers", fmt.Sprintf(`{"filter":{"phone":%q}}`, phone))
			if list, _ := o["account_users"].([]any); len(list) != want {
				t.Errorf("filter %s: got %d, want %d", phone, len(list), want)
			}
		}
		s.Close()
	}
}

func TestRulesAndDates(t *testing.T) {
	p := New(Config{Skew: -time.Hour, Rules: []Rule{{Call: "create", First: 1, Effect: "late", Late: 50 * time.Millisecond}, {Call: "create", First: 1, Answer: "502"}}})
	a := p.AddShop(&Shop{Name: "A"})
	s := httptest.NewServer(p)
	defer s.Close()
	if status, _, _ := ask(t, s.URL, a.Key, "Shop/CreateAccountUser", create("0901000000", "pw")); status != 0 {
		t.Errorf("the lost answer came: %d", status)
	}
	if r := p.Record(); r.Pending != 1 || r.Phones["0901000000"].Made != 0 {
		t.Errorf("got %+v", r)
	}
	for range 100 {
		if p.Record().Pending == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	status, _, h := ask(t, s.URL, a.Key, "Shop/CreateAccountUser", create("0901000000", "pw"))
	at, err := http.ParseTime(h.Get("Date"))
	if status != 502 || err != nil || time.Since(at) < 59*time.Minute {
		t.Errorf("got %d, %v, %v", status, at, err)
	}
	if x := p.Record().Phones["0901000000"]; x.Made != 1 || x.Overwritten != 1 {
		t.Errorf("got %+v", x)
	}
	p.Configure(func(c *Config) { c.Date, c.Identity = "none", map[string]string{"Shop/CurrentShop": `{"id":"5"}`} })
	if _, o, h := ask(t, s.URL, a.Key, "Shop/CurrentShop", "{}"); o["id"] != "5" || h.Get("Date") != "" {
		t.Errorf("got %v, %v", o, h)
	}
}

func TestAssign(t *testing.T) {
	p := New(Config{})
	a := p.AddShop(&Shop{Name: "A"})
	u, v := p.AddUser(a, "0901000000", "An", "pw", time.Hour), p.AddUser(a, "0901000001", "Bình", "pw", time.Hour)
	e, f := p.AddExtension(a, "101", nil, "", "", time.Hour), p.AddExtension(a, "102", v, "N", "", time.Hour)
	s := httptest.NewServer(p)
	defer s.Close()
	for _, c := range []struct {
		extension, user string
		status          int
	}{{e.ID, v.ID, 400}, {f.ID, u.ID, 400}, {"5", u.ID, 404}, {e.ID, "5", 404}, {e.ID, u.ID, 200}, {e.ID, u.ID, 400}} {
		status, o, _ := ask(t, s.URL, a.Key, "Etelecom/AssignUserToExtension", fmt.Sprintf(`{"extension_id":%q,"user_id":%q}`, c.extension, c.user))
		if status != c.status {
			t.Errorf("%v: got %d %v", c, status, o)
		}
	}
	if p.Extensions(a)[0].UserID != u.ID || !p.Remove(a, "0901000000") || p.Extensions(a)[0].UserID != "" {
		t.Errorf("got %+v", p.Extensions(a))
	}
}
