package sandbox

import (
	"context"
	"encoding/json"
	"runtime"
	"time"
)

func malformed() reply {
	return fail("malformed", "the json request could not be decoded")
}

func (x *exchange) currentAccount() reply {
	var in struct{}
	if json.Unmarshal(x.body, &in) != nil {
		return malformed()
	}
	t := x.t
	t.mu.Lock()
	defer t.mu.Unlock()
	who, kind := t.partner, "partner"
	if t.keys.any {
		who, kind = t.account, "shop"
	}
	b := appendString([]byte(`{"id":`), who.id)
	b = appendString(append(b, `,"name":`...), who.name)
	b = appendString(append(b, `,"type":`...), kind)
	return ok(append(b, '}'))
}

func (x *exchange) currentShop() reply {
	var in struct{}
	if json.Unmarshal(x.body, &in) != nil {
		return malformed()
	}
	t := x.t
	t.mu.Lock()
	defer t.mu.Unlock()
	b := []byte{'{'}
	if id := t.told(t.shopID); id != "" {
		b = append(appendString(append(b, `"id":`...), id), ',')
	}
	b = appendString(append(b, `"name":`...), t.account.name)
	return ok(append(b, `,"status":"P","is_test":false,"phone":"","email":""}`...))
}

// pbx answers GetTenant. Its ids are the PBX's own and its owner's: neither is the account's.
func (x *exchange) pbx() reply {
	var in struct{}
	if json.Unmarshal(x.body, &in) != nil {
		return malformed()
	}
	t := x.t
	t.mu.Lock()
	defer t.mu.Unlock()
	b := appendID([]byte(`{"id":`), makeID(hash64(0, t.account.id+"pbx")))
	b = appendString(append(b, `,"name":`...), t.account.name)
	b = appendString(append(b, `,"domain":`...), domain)
	b = appendID(append(b, `,"owner_id":`...), makeID(hash64(0, t.account.id+"owner")))
	b = appendString(append(b, `,"status":`...), t.pbxStatus)
	return ok(append(b, '}'))
}

type createRequest struct {
	FullName string `json:"full_name"`
	Phone    string `json:"phone"`
	Password string `json:"password"`
}

// missing names the first field that is required and not there.
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

// create sets the password of whoever has the phone before it looks whether they are in the shop: the platform's order.
func (x *exchange) create() reply {
	var in createRequest
	if json.Unmarshal(x.body, &in) != nil {
		return malformed()
	}
	if field := in.missing(); field != "" {
		return fail("invalid_argument", "Thiếu thông tin bắt buộc: "+field)
	}
	phone := parsePhone(in.Phone)
	if phone == 0 {
		return fail("invalid_argument", "Số điện thoại không hợp lệ")
	}
	t := x.t
	digest := t.digest(phone, in.Password)
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.store.people[phone]
	wasMember := p != nil && p.member
	e := effect{Do: doCreate, Phone: phone.String(), Name: in.FullName, Digest: digest, NoRoles: t.noRoles}
	if p == nil {
		e.ID = t.freshID(e.Phone)
	}
	e.Listed = time.Now().Add(t.lag + x.added("lag")).UnixMilli()
	if err := t.commit(e); err != nil {
		return fail("internal", err.Error())
	}
	if wasMember {
		return fail("failed_precondition", "Người dùng đã tồn tại.").
			with("cause", "account_user: already exists", "orig", "Người dùng đã tồn tại.")
	}
	return ok(appendUser(make([]byte, 0, 320), t.store.people[phone]))
}

type assignRequest struct {
	Extension string `json:"extension_id"`
	User      string `json:"user_id"`
}

// assign checks, and then writes, without a lock over both: two of them at one moment can both succeed.
func (x *exchange) assign() reply {
	var in assignRequest
	if json.Unmarshal(x.body, &in) != nil {
		return malformed()
	}
	extension, user := parseID(in.Extension), parseID(in.User)
	if extension == 0 || user == 0 {
		return fail("invalid_argument", "Thiếu thông tin bắt buộc: extension_id, user_id")
	}
	if r, ok := x.t.mayAssign(extension, user); !ok {
		return r
	}
	x.t.pause()
	x.t.mu.Lock()
	defer x.t.mu.Unlock()
	if err := x.t.commit(effect{Do: doAssign, ID: extension, User: user}); err != nil {
		return fail("internal", err.Error())
	}
	return ok([]byte(`{"updated":1}`))
}

// mayAssign makes the platform's checks, in its order.
func (t *Tenant) mayAssign(extension, user int64) (reply, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p, ext := t.store.byID[user], t.store.extensions[extension]
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

// pause is the moment between an assign's look and its write.
func (t *Tenant) pause() {
	if t.latency == 0 {
		runtime.Gosched()
		return
	}
	t.wait(context.Background(), t.latency/4)
}
