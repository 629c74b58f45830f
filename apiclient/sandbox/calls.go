package sandbox

import (
	"context"
	"encoding/json"
	"runtime"
	"time"
)

// handlers execute the calls. Each of them looks at the store or changes it, and returns the true answer.
var handlers = map[Ops]func(*call) reply{
	Create:     decoded(create),
	Assign:     decoded(assign),
	Users:      decoded(listUsers),
	Extensions: decoded(listExtensions),
	Account:    decoded(currentAccount),
	Shop:       decoded(currentShop),
	PBX:        decoded(getTenant),
}

// decoded makes a handler of one that takes the request as T. A body that is not a T gets the error malformed.
func decoded[T any](handle func(*call, *T) reply) func(*call) reply {
	return func(c *call) reply {
		var in T
		if json.Unmarshal(c.body, &in) != nil {
			return fail("malformed", "the json request could not be decoded")
		}
		return handle(c, &in)
	}
}

// empty is a request without fields.
type empty struct{}

// currentAccount answers who the partner is. In the older picture it answers who the shop is.
func currentAccount(c *call, _ *empty) reply {
	p := c.t.identity.get()
	who, kind := p.partner, "partner"
	if c.t.keyring.any {
		who, kind = p.shop, "shop"
	}
	b := appendString([]byte(`{"id":`), who.id)
	b = appendString(append(b, `,"name":`...), who.name)
	b = appendString(append(b, `,"type":`...), kind)
	return ok(append(b, '}'))
}

func currentShop(c *call, _ *empty) reply {
	p := c.t.identity.get()
	b := []byte{'{'}
	if id := p.shownID(p.shopID); id != "" {
		b = append(appendString(append(b, `"id":`...), id), ',')
	}
	b = appendString(append(b, `"name":`...), p.shop.name)
	return ok(append(b, `,"status":"P","is_test":false,"phone":"","email":""}`...))
}

// getTenant answers what the PBX is. Its ids are the PBX's own and its owner's. Neither of them is the account's.
func getTenant(c *call, _ *empty) reply {
	p := c.t.identity.get()
	b := appendID([]byte(`{"id":`), makeID(hash64(0, p.shop.id+"pbx")))
	b = appendString(append(b, `,"name":`...), p.shop.name)
	b = appendString(append(b, `,"domain":`...), domain)
	b = appendID(append(b, `,"owner_id":`...), makeID(hash64(0, p.shop.id+"owner")))
	b = appendString(append(b, `,"status":`...), p.pbxStatus)
	return ok(append(b, '}'))
}

type createRequest struct {
	FullName string `json:"full_name"`
	Phone    string `json:"phone"`
	Password string `json:"password"`
}

// missing names the first required field that is empty; "" if none is.
func (in *createRequest) missing() string {
	switch {
	case in.FullName == "":
		return "full_name"
	case in.Phone == "":
		return "phone"
	case in.Password == "":
		return "password"
	}
	return ""
}

// create sets the password of the person who has the phone, and then looks whether they are in the shop already. So an
// error can mean that a password was overwritten. The platform does it in this order.
func create(c *call, in *createRequest) reply {
	if field := in.missing(); field != "" {
		return fail("invalid_argument", "Thiếu thông tin bắt buộc: %s", field)
	}
	phone := parsePhone(in.Phone)
	if phone == 0 {
		return fail("invalid_argument", "Số điện thoại không hợp lệ")
	}
	s := c.t.store
	digest := s.digest(phone, in.Password)
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[phone]
	wasMember := p != nil && p.member
	e := effect{Do: doCreate, Phone: phone.String(), Name: in.FullName, Digest: digest, NoRoles: c.t.config.NoRoles}
	if p == nil {
		e.ID = s.newID(e.Phone)
	}
	e.Listed = time.Now().Add(c.t.config.Lag + c.delayOf("lag")).UnixMilli()
	if err := s.commit(e); err != nil {
		return fail("internal", "%v", err)
	}
	if wasMember {
		return fail("failed_precondition", "Người dùng đã tồn tại.").
			with("cause", "account_user: already exists", "orig", "Người dùng đã tồn tại.")
	}
	return ok(appendUser(make([]byte, 0, 320), s.people[phone]))
}

type assignRequest struct {
	Extension string `json:"extension_id"`
	User      string `json:"user_id"`
}

// assign checks and then writes, without a lock that covers both: two assigns at the same time can both succeed. The
// platform has this race.
func assign(c *call, in *assignRequest) reply {
	extension, user := parseID(in.Extension), parseID(in.User)
	if extension == 0 || user == 0 {
		return fail("invalid_argument", "Thiếu thông tin bắt buộc: extension_id, user_id")
	}
	s := c.t.store
	if r, ok := checkAssign(s, extension, user); !ok {
		return r
	}
	if c.t.config.Latency == 0 {
		runtime.Gosched()
	} else {
		c.t.scheduler.wait(context.Background(), c.t.config.Latency/4)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.commit(effect{Do: doAssign, ID: extension, User: user}); err != nil {
		return fail("internal", "%v", err)
	}
	return ok([]byte(`{"updated":1}`))
}

// checkAssign makes the platform's checks, in its order.
func checkAssign(s *store, extension, user int64) (refusal reply, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ext := s.byID[user], s.extensions[extension]
	switch {
	case p != nil && len(p.extensions) > 0:
		return fail("invalid_argument", "Nhân viên này đã có máy nhánh"), false
	case ext == nil:
		return fail("not_found", "Không tìm thấy máy nhánh"), false
	case ext.holder != nil:
		return fail("invalid_argument", "Máy nhánh đã được gán với người dùng khác"), false
	case p == nil || !p.member:
		return fail("not_found", "Không tìm thấy nhân viên"), false
	}
	return reply{}, true
}
