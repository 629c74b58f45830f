package secondtenant

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

type object = map[string]any

// refusal is an error that the API answers.
type refusal struct{ code, msg, xcode string }

// statuses has the HTTP status of each code. All other codes have 500.
var statuses = map[string]int{
	"canceled": 408, "invalid_argument": 400, "malformed": 400, "deadline_exceeded": 408, "not_found": 404,
	"bad_route": 404, "already_exists": 409, "permission_denied": 403, "unauthenticated": 401, "resource_exhausted": 429,
	"failed_precondition": 412, "aborted": 409, "out_of_range": 400, "unimplemented": 501, "unavailable": 503,
}

// shortNames has the calls that do the work, as rules and the record name them.
var shortNames = map[string]string{
	"Shop/CreateAccountUser": "create", "Shop/GetAccountUsers": "users", "Etelecom/GetExtensions": "extensions",
	"Etelecom/AssignUserToExtension": "assign",
}

func webPage(status int) (int, []byte) {
	return status, fmt.Appendf(nil, "<html><head><title>%d %s</title></head><body><h1>nginx</h1></body></html>", status, http.StatusText(status))
}

func (e *refusal) answer() (int, []byte) {
	o := object{"code": e.code, "msg": e.msg}
	if e.xcode != "" {
		o["meta"] = object{"xcode": e.xcode, "cause": e.msg, "orig": e.msg}
	}
	b, _ := json.Marshal(o)
	return cmp.Or(statuses[e.code], 500), b
}

// named returns the answer that Rule.Answer describes.
func named(name string) (int, []byte) {
	if name == "html" {
		return webPage(200)
	}
	if n, err := strconv.Atoi(name); err == nil {
		return webPage(n)
	}
	parts := append(strings.Split(name, "|"), "", "")
	return (&refusal{parts[0], cmp.Or(parts[1], "Có lỗi xảy ra."), parts[2]}).answer()
}

// ServeHTTP answers one call.
func (t *Tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	base, path, _ := strings.Cut(r.URL.Path, ".")
	t.mu.Lock()
	cfg := t.cfg
	service := cmp.Or(cfg.Service, "Etelecom")
	if rest, ok := strings.CutPrefix(path, service+"/"); ok {
		path = "Etelecom/" + rest
	} else if strings.HasPrefix(path, "Etelecom/") {
		path = "gone/" + path
	}
	call := cmp.Or(shortNames[path], path)
	var in input
	wrong := json.Unmarshal(body, &in) != nil
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	shop, partner := t.whose(key)
	q := Request{At: at, Call: call, Phone: Normalize(in.Phone), After: in.Paging.After, Page: in.Paging.Limit, Write: call == "create" || call == "assign"}
	if shop != nil {
		q.Shop = shop.Name
	}
	n := len(t.requests)
	t.requests = append(t.requests, q)
	rule := t.rule(q)
	t.mu.Unlock()

	time.Sleep(cfg.Latency / 2)
	var status int
	var out []byte
	run := func() (int, []byte) {
		t.mu.Lock()
		defer t.mu.Unlock()
		return t.carryOut(base, path, call, shop, partner, &in)
	}
	switch {
	case r.Method != "POST" || wrong || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		status, out = (&refusal{"bad_route", "no handler for path " + r.URL.Path, ""}).answer()
	case rule.Effect == "late":
		t.mu.Lock()
		t.pending++
		t.mu.Unlock()
		time.AfterFunc(rule.Late, func() {
			run()
			t.mu.Lock()
			t.pending--
			t.mu.Unlock()
		})
	case rule.Effect == "none":
	default:
		status, out = run()
	}
	reply := out
	t.mu.Lock()
	switch rule.Answer {
	case "":
		if t.last[call] = out; rule.Effect == "none" || rule.Effect == "late" {
			rule.Answer = "cut"
		}
	case "cut", "half":
	case "hang":
	case "previous":
		reply, t.last[call] = t.last[call], out
		if reply == nil {
			reply = out
		}
	default:
		status, reply = named(rule.Answer)
	}
	t.requests[n].Effect = rule.Effect
	if rule.Answer != "cut" && rule.Answer != "hang" {
		t.requests[n].Status = status
	}
	t.mu.Unlock()
	time.Sleep(cfg.Latency - cfg.Latency/2)
	if rule.Answer == "hang" {
		<-r.Context().Done()
		return
	}
	t.send(w, cfg, status, reply, rule.Answer)
}

func (t *Tenant) send(w http.ResponseWriter, cfg Config, status int, body []byte, how string) {
	html := strings.HasPrefix(string(body), "<")
	w.Header()["Date"] = nil
	if cfg.Date == "" || cfg.Date == "pages" && html || cfg.Date == "json" && !html {
		w.Header().Set("Date", time.Now().Add(cfg.Skew+cfg.DateSkew).UTC().Format(http.TimeFormat))
	}
	w.Header().Set("Content-Type", "application/json")
	if html {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	switch how {
	case "cut":
		panic(http.ErrAbortHandler)
	case "half":
		w.WriteHeader(status)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// whose returns the shop of a key, nil if there is none, and whether the key is good for the partner's own calls.
func (t *Tenant) whose(key string) (*Shop, bool) {
	for _, s := range t.shops {
		if s.Key == key && !s.Gone {
			return s, t.cfg.AnyKey
		}
	}
	if key == t.Partner && t.cfg.AnyKey {
		return t.Shop(""), true
	}
	return nil, key == t.Partner
}

// rule returns the rule for a call, or the zero Rule. The rules before it count the call, too.
func (t *Tenant) rule(q Request) Rule {
	for i := range t.cfg.Rules {
		r := &t.cfg.Rules[i]
		if r.Call != "" && r.Call != q.Call || r.Shop != "" && r.Shop != q.Shop || r.Phone != "" && r.Phone != q.Phone {
			continue
		}
		r.seen++
		if r.First == 0 || r.seen >= r.First && r.seen <= max(r.First, r.Last) {
			return *r
		}
	}
	return Rule{}
}

// idText is an id in a request.
type idText string

// UnmarshalJSON takes a string or a number.
func (s *idText) UnmarshalJSON(b []byte) error {
	*s = idText(strings.Trim(string(b), `"`))
	return nil
}

// input has the fields of all requests.
type input struct {
	FullName    string `json:"full_name"`
	Password    string `json:"password"`
	Phone       string `json:"phone"`
	ExtensionID idText `json:"extension_id"`
	UserID      idText `json:"user_id"`
	Filter      struct {
		ExtensionNumber idText   `json:"extension_number"`
		HasExtension    *bool    `json:"has_extension"`
		Name            string   `json:"name"`
		Phone           string   `json:"phone"`
		UserIDs         []idText `json:"user_ids"`
	} `json:"filter"`
	Paging struct {
		After string `json:"after"`
		Limit int    `json:"limit"`
	} `json:"paging"`
}

// carryOut executes a call and returns its answer.
func (t *Tenant) carryOut(base, path, call string, s *Shop, partner bool, in *input) (int, []byte) {
	var o object
	err := t.refused(base, path, call, s, partner)
	if err == nil {
		switch call {
		case "create":
			o, err = t.create(s, in)
		case "assign":
			o, err = t.assign(s, in)
		case "users":
			o = t.listUsers(s, in)
		case "extensions":
			o = t.listExtensions(s, in)
		case "Misc/CurrentAccount":
			id, _, _ := strings.Cut(t.Partner, ":")
			o = object{"id": id, "name": "Đối tác"}
		case "Shop/CurrentShop":
			o = object{"id": cmp.Or(s.ShopID, s.Account), "name": s.Name}
		case "Etelecom/GetTenant":
			o = object{"id": "7" + s.OwnerID[1:], "name": "pbx", "domain": "pbx.etelecom.example", "owner_id": s.OwnerID, "status": "P"}
		}
	}
	if how := t.cfg.Identity[path]; how != "" && shortNames[path] == "" {
		if how != "null" && how[0] != '{' {
			return named(how)
		}
		return 200, []byte(how)
	}
	if err != nil {
		return err.answer()
	}
	b, _ := json.Marshal(o)
	return 200, b
}

// refused returns the error of a call that the key may not make; nil if it may.
func (t *Tenant) refused(base, path, call string, s *Shop, partner bool) *refusal {
	known := shortNames[path] != "" || path == "Misc/CurrentAccount" || path == "Shop/CurrentShop" || path == "Etelecom/GetTenant"
	if !known || base != "/v1/partner" && !(base == "/v1/shop" && call == "extensions") {
		return &refusal{"bad_route", "no handler for path " + path, ""}
	}
	if path == "Misc/CurrentAccount" && !partner || path != "Misc/CurrentAccount" && s == nil {
		return &refusal{"unauthenticated", "Yêu cầu xác thực.", ""}
	}
	if s == nil {
		return nil
	}
	if s.Closed {
		return &refusal{"unavailable", "Tài khoản đã bị đóng.", "account_closed"}
	}
	if slices.Contains(s.Deny, call) {
		return &refusal{"permission_denied", "Không có quyền.", ""}
	}
	return nil
}

func (t *Tenant) create(s *Shop, in *input) (object, *refusal) {
	phone := Normalize(in.Phone)
	if phone == "" {
		return nil, &refusal{"invalid_argument", "Số điện thoại không hợp lệ", ""}
	}
	if in.FullName == "" || in.Password == "" {
		return nil, &refusal{"invalid_argument", "Thiếu thông tin", ""}
	}
	p := t.phone(phone)
	p.Asked++
	there := slices.ContainsFunc(s.members, func(m *member) bool { return m.user.Phone == phone && !m.removed })
	exists := &refusal{cmp.Or(t.cfg.ExistsCode, "failed_precondition"), cmp.Or(t.cfg.ExistsMessage, "Người dùng đã tồn tại."), t.cfg.ExistsXcode}
	u := t.users[phone]
	if u == nil {
		u = &User{t.id(), phone, in.FullName, in.Password, t.now()}
		t.users[phone] = u
		p.Made++
	} else {
		p.Overwritten++
		if u.Password != in.Password {
			p.Changed++
		}
		u.Password = in.Password
	}
	if there {
		return nil, exists
	}
	m := &member{user: u, joined: t.now(), created: time.Now()}
	if !t.cfg.NoRoles {
		m.roles = []string{"staff"}
	}
	s.members = append(s.members, m)
	p.Joined[s.Name]++
	o := object{
		"id": t.number(u.ID), "full_name": u.Name, "phone": u.Phone, "created_at": t.time(u.Created), "is_blocked": false,
		"block_reason": "", "email": "", "short_name": "", "source": "partner", "total_shop": 1, "updated_at": t.time(t.now()),
	}
	if t.cfg.AnswerNoPhone {
		delete(o, "phone")
	}
	return o, nil
}

func (t *Tenant) assign(s *Shop, in *input) (object, *refusal) {
	var e *Extension
	for _, x := range s.extensions {
		if x.UserID == string(in.UserID) && x.UserID != "" && !t.cfg.Several {
			return nil, &refusal{"invalid_argument", "Nhân viên này đã có máy nhánh", ""}
		}
		if x.ID == string(in.ExtensionID) {
			e = x
		}
	}
	if e == nil {
		return nil, &refusal{"not_found", "Không tìm thấy máy nhánh", ""}
	}
	if e.UserID != "" && e.UserID != "0" && e.UserID != string(in.UserID) {
		return nil, &refusal{"invalid_argument", "Máy nhánh đã được gán với người dùng khác", ""}
	}
	for _, m := range s.members {
		if m.user.ID == string(in.UserID) && !m.removed {
			e.UserID, m.hadExtension = m.user.ID, true
			t.phone(m.user.Phone).Assigned++
			return object{"updated": 1}, nil
		}
	}
	return nil, &refusal{"not_found", "Không tìm thấy nhân viên", ""}
}

func (t *Tenant) listUsers(s *Shop, in *input) object {
	f := in.Filter
	var rows []row
	for _, m := range s.members {
		number := ""
		for _, e := range s.extensions {
			if e.UserID == m.user.ID {
				number, m.hadExtension = e.Number, true
			}
		}
		prefix := f.Phone[:min(10, len(f.Phone))]
		match := strings.HasPrefix(m.user.Phone, prefix) && !m.unfindable && !t.cfg.FilterDeaf
		if m.removed || m.hidden || time.Since(m.created) < t.cfg.ListLag || f.Phone != "" && !match ||
			f.ExtensionNumber != "" && number != string(f.ExtensionNumber) || f.HasExtension != nil && *f.HasExtension != m.hadExtension ||
			!strings.Contains(m.user.Name, f.Name) || len(f.UserIDs) > 0 && !slices.Contains(f.UserIDs, idText(m.user.ID)) {
			continue
		}
		o := object{
			"account_id": t.number(s.Account), "user_id": t.number(m.user.ID), "phone": m.user.Phone, "full_name": m.user.Name,
			"deleted": false, "email": "", "roles": m.roles, "created_at": t.time(m.joined),
		}
		if m.masked {
			o["phone"] = masked(m.user.Phone)
		}
		if t.cfg.NoPhones {
			o["phone"] = ""
		}
		t.account(o, t.cfg.UsersAccount)
		rows = append(rows, row{m.joined, m.user.ID, o})
	}
	return t.page("account_users", rows, in)
}

func (t *Tenant) listExtensions(s *Shop, in *input) object {
	var rows []row
	for _, e := range s.extensions {
		o := object{
			"id": t.number(e.ID), "account_id": t.number(s.Account), "user_id": t.number(cmp.Or(e.UserID, "0")), "extension_number": e.Number,
			"extension_password": "SIPSECRET" + e.ID, "tenant_domain": "pbx.etelecom.example", "hotline_id": t.number(e.Hotline),
			"state": e.State, "expires_at": e.Expires, "created_at": t.time(e.Created),
		}
		t.account(o, t.cfg.ExtensionsAccount)
		rows = append(rows, row{e.Created, e.ID, o})
	}
	return t.page("extensions", rows, in)
}

// account replaces the account_id of a listed entry by another; "" keeps it, and "-" removes it.
func (t *Tenant) account(o object, other string) {
	if other == "-" {
		delete(o, "account_id")
	} else if other != "" {
		o["account_id"] = t.number(other)
	}
}

// row is an entry of a listing, with what it is sorted by.
type row struct {
	at    time.Time
	id    string
	entry object
}

func (r row) cursor() string { return fmt.Sprintf("%d/%s", r.at.UnixMicro(), r.id) }

// page returns the page of a listing that the request asks for.
func (t *Tenant) page(name string, rows []row, in *input) object {
	slices.SortFunc(rows, func(a, b row) int {
		c := cmp.Or(cmp.Compare(b.at.UnixMicro(), a.at.UnixMicro()), cmp.Compare(b.id, a.id)) // the platform keeps no nanoseconds
		if t.cfg.OldestFirst {
			c = -c
		}
		return c
	})
	raw, _ := base64.RawURLEncoding.DecodeString(in.Paging.After)
	after, place, _ := strings.Cut(string(raw), "#")
	number, _ := strconv.Atoi(place)
	from := 0
	if in.Paging.After != "" && in.Paging.After != "." && after != "@0" {
		if t.cfg.ByPlace {
			from, _ = strconv.Atoi(strings.Split(after, "@")[1])
		} else {
			micro, id, _ := strings.Cut(strings.Split(after, "@")[0], "/")
			us, _ := strconv.ParseInt(micro, 10, 64)
			edge := row{at: time.UnixMicro(us), id: id}
			for from < len(rows) {
				c := cmp.Or(cmp.Compare(rows[from].at.UnixMicro(), edge.at.UnixMicro()), cmp.Compare(rows[from].id, edge.id))
				if t.cfg.OldestFirst && c > 0 || !t.cfg.OldestFirst && c < 0 {
					break
				}
				from++
			}
		}
	}
	limit := in.Paging.Limit
	if limit < 1 || limit > 100 {
		limit = 100
	}
	from = min(from, len(rows))
	to := min(from+limit, len(rows))
	list := []object{} // an empty list is [], not null
	for _, r := range rows[from:to] {
		list = append(list, r.entry)
	}
	next := ""
	if len(list) > 0 && !(t.cfg.LastPage && to == len(rows)) {
		next = fmt.Sprintf("%s@%d#%d", rows[to-1].cursor(), to, number+1)
		if t.cfg.StuckAfter > 0 && number >= t.cfg.StuckAfter {
			next = string(raw)
		}
		if t.cfg.LoopAfter > 0 && (number+1)%t.cfg.LoopAfter == 0 {
			next = fmt.Sprintf("@0#%d", number+1)
		}
		next = base64.RawURLEncoding.EncodeToString([]byte(next))
	}
	o := object{name: list, "paging": object{"next": next, "prev": "", "limit": limit}}
	if t.cfg.NullLists && len(list) == 0 {
		o[name] = nil
	}
	return o
}

func (t *Tenant) time(at time.Time) string {
	if t.cfg.East {
		return at.In(time.FixedZone("", 7*3600)).Format("2006-01-02T15:04:05.000000-07:00")
	}
	return at.UTC().Format(time.RFC3339)
}

func (t *Tenant) number(id string) any {
	if t.cfg.NumberIDs {
		return json.Number(id)
	}
	return id
}
