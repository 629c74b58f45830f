package roster

import (
	"slices"
	"strings"

	"etelecom-import/importer/spreadsheet"
)

// Logins and addresses in the column of names. A login is not a name, and one that was created stays for ever. One row may have
// a name that looks so, such as the desk of a team. Where most rows do, the column is another one.

// loginSigns says how much a name looks like a login. c are its classes. Logins have neither spaces nor letters beyond ASCII.
func loginSigns(name string, c classes) signs {
	if c&(spaces|wides|controls) != 0 || !c.has(letters) {
		return 0
	}
	if c.has(marks) {
		if isMailAddress(name) || isDomainLogin(name) {
			return likeLogin
		}
		return 0
	}
	if isCodeOfPerson(name) {
		return likeCode
	}
	isLower := strings.ToLower(name) == name
	if isJoinedName(name) {
		return mayBeLogin
	}
	isGiven := isLower && c == letters && len(name) < leastLogin
	if isGiven || isDesk(name) {
		return 0
	}
	parts := strings.FieldsFunc(name, func(r rune) bool { return classOf[r] == joints })
	isLong := func(part string) bool { return len(part) > 1 && classesOf(part) == letters }
	stems := make([]string, 0, len(parts))
	for _, part := range parts {
		if stem := strings.TrimRight(part, "0123456789"); stem != "" {
			stems = append(stems, stem)
		}
	}
	switch isDotted := len(stems) > 1 && strings.Contains(name, ".") && !strings.Contains(name, "'"); {
	case isDotted && isLower:
		return likeLogin // lan.nt
	case isDotted && !titles[strings.ToLower(parts[0])] && !slices.ContainsFunc(parts, func(part string) bool { return !isLong(part) }):
		return mayBeLogin // Lan.NT
	case !isLower || c.has(joints) && strings.Contains(name, "'"):
		return 0
	case len(stems) > 1 && slices.ContainsFunc(stems, isInitials): // lan_nt
		return mayBeLogin
	case len(stems) != 1:
		return 0
	case hasOddEnds(stems[0]) && c.has(digits): // ntlan01
		return likeLogin
	case hasOddEnds(stems[0]): // ntlan
		return mayBeLogin
	case c.has(digits): // lan01
		return oneWord | numberedWord
	}
	return oneWord
}

// isJoinedName reports whether a name is a full name without spaces: nguyenvanan, TranThiLan.
func isJoinedName(name string) bool {
	lower := strings.ToLower(name)
	return slices.ContainsFunc(familyNames, func(family string) bool {
		rest, ok := strings.CutPrefix(lower, family)
		return ok && len(family) > len("le") && len(strings.TrimRight(rest, "0123456789")) > 1
	})
}

// numberedWords are the words of names such as lan01, to tell logins from desks: those of logins differ. A password may be among them.
type numberedWords struct {
	rows  int
	words map[uint16]bool // their fingerprints
}

// maxWords is enough words to tell that they differ.
const maxWords = 1000

func (n *numberedWords) add(name string) {
	if n.words == nil {
		n.words = map[uint16]bool{}
	}
	if n.rows++; len(n.words) < maxWords {
		n.words[fingerprint(strings.TrimRight(name, "0123456789"))] = true
	}
}

// differ reports whether few words are in several rows.
func (n *numberedWords) differ() bool { return 3*len(n.words) >= 2*min(n.rows, maxWords) }

// isCodeOfPerson reports whether a name is a few capitals and a number with zeros in front, or a long one: NV001, HN-0123.
func isCodeOfPerson(name string) bool {
	const most, least = 4, 3 // letters, digits
	number := strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	n := len(name) - len(number)
	isShort := 0 < n && n <= most
	number = strings.TrimLeft(number, "-_.")
	return isShort && len(number) >= least && spreadsheet.IsDigits(number)
}

// leastLogin is the length of the shortest login that is told from a given name.
const leastLogin = 4

// isMailAddress reports whether a text is an e-mail address.
func isMailAddress(text string) bool {
	user, domain, ok := strings.Cut(text, "@")
	isUser := user != "" && !strings.ContainsAny(user, `"(),:;<>[\]`)
	return ok && isUser && isHost(domain)
}

// isHost reports whether a text is the name of a computer, such as cty.vn.
func isHost(text string) bool {
	c := classesOf(text)
	isPlain := c.has(letters) && c.only(letters|digits|joints)
	return len(text) > 1 && isPlain && classOf[text[0]] != joints
}

// hasMailAddress reports whether a word of a name is an e-mail address, perhaps in brackets.
func hasMailAddress(name string) bool {
	for word := range strings.FieldsSeq(name) {
		if isMailAddress(strings.Trim(word, "<>()[],;")) {
			return true
		}
	}
	return false
}

// isDomainLogin reports whether a text is a login in a domain of Windows: CTY\lan.
func isDomainLogin(text string) bool {
	domain, user, ok := strings.Cut(text, `\`)
	return ok && isHost(domain) && isHost(user)
}

// isInitials reports whether a part of a login has no vowel: nt.
func isInitials(part string) bool { return !strings.ContainsAny(part, vowelLetters) }

const vowelLetters = "aeiouyAEIOUY"

// hasOddEnds reports whether a word in small letters begins, or ends, with consonants that no word does: with initials, such as ntlan
// and lannv. What has no vowel is an abbreviation.
func hasOddEnds(word string) bool {
	first, last := strings.IndexAny(word, vowelLetters), strings.LastIndexAny(word, vowelLetters)
	if first < 0 {
		return false
	}
	begins, ends := word[:first], word[last+1:]
	oddStart := len(begins) > 1 && !wordStarts[begins]
	oddEnd := len(ends) > 1 && !wordEnds[ends]
	return oddStart || oddEnd
}

// wordStarts are the consonants, several together, that words begin with, in Vietnamese and in the languages of people who work in
// Vietnam. wordEnds are those that they end with.
var (
	wordStarts = setOf("bh/bj/bl/br/ch/chr/cl/cr/dh/dj/dm/dr/dw/dz/fj/fl/fr/gh/gj/gl/gm/gn/gr/gw/hl/hm/hr/hw/kh/khl/khm/khr/kj/kl/km/kn/kr/kv/kw/ll/mc/mb/mn/my/ng/ngh/ngw/nh/nk/ph/phl/phr/pl/pn/pr/ps/qu/rh/" +
		"sc/sch/schl/schm/schn/schr/schw/scr/sh/shr/sk/skr/sl/sm/sn/sp/spl/spr/sq/sr/st/str/sv/sw/szcz/th/thr/tj/tk/tr/ts/tsch/tw/tz/vl/wh/wl/wr/zh/zw")
	wordEnds = setOf("bb/bbs/ch/cht/chs/ck/cks/ckt/cs/ct/cts/dd/ds/dt/ff/ffs/fs/ft/fts/gg/gh/ghs/ght/ghts/gn/gs/hl/hm/hn/hns/hr/hrs/hs/ht/kh/ks/kt/ld/lds/lf/lfs/lk/lks/ll/lls/lm/lms/ln/lp/lps/ls/lsh/lst/lt/lth/" +
		"lts/lz/mb/mbs/mm/mms/mn/mp/mps/ms/mph/mpt/nc/nch/nck/nct/nd/nds/nes/ng/ngh/ngs/ngst/ngth/nh/nk/nks/nn/nns/ns/nsch/nst/nt/nth/nts/ntz/nx/nz/ph/phs/pp/pps/ps/pt/pts/rb/rbs/rc/rch/rck/rcks/rd/rds/rf/rfs/rg/rgh/" +
		"rgs/rk/rks/rl/rld/rlds/rls/rm/rms/rn/rns/rnst/rp/rps/rr/rrs/rs/rsch/rsh/rst/rt/rth/rths/rts/rtz/rv/rz/sch/sh/shs/sk/sks/sm/sms/sp/sps/ss/sst/st/sth/sts/tch/th/ths/ts/tsch/tt/tts/tz/vs/wd/wk/wl/wls/wn/wns/ws/wt/" +
		"xt/xx/zz")
)

func setOf(words string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.SplitSeq(words, "/") {
		all[word] = true
	}
	return all
}

// isDesk reports whether a name is that of a desk, a team or a place: kho.hn.
func isDesk(name string) bool {
	lower := strings.ToLower(name)
	for part := range strings.FieldsFuncSeq(lower, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if deskParts[part] {
			return true
		}
	}
	joined := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-.'_", r) {
			return -1
		}
		return r
	}, lower)
	return slices.ContainsFunc(deskWords, func(word string) bool { return strings.Contains(joined, word) })
}

// titles are what people put before a name: Ms.Lan.
var titles = setOf("mr/mrs/ms/miss/dr/prof/sir/madam/anh/chi/co/chu/ba/ong/em/bac/cau/di/bs/ths/ts/ks/gs/pgs/cn/ns/ds/ls/sep/ke/tp/gd/pgd/pp")

// deskParts are parts of such names, and deskWords what they contain.
var (
	deskParts = setOf("kho/cskh/hcns/kd/kt/ktv/it/hr/hc/nvkd/nvkt/pgd/pkd/pkt/pos/vp/vpdd/xnk/qc/qa/fax/tel/ext/line/dev/team/hn/hcm/sg/vip/lab/cn")
	deskWords = []string{
		"sale", "letan", "ketoan", "support", "hotline", "admin", "reception", "tongdai", "baove", "kinhdoanh", "kythuat", "nhansu", "hanhchinh", "giamdoc", "marketing", "office", "desk", "agent", "user",
		"test", "demo", "phone", "extension", "chinhanh", "shop", "store", "cuahang", "nhanvien", "callcenter", "dieuhanh", "dieuphoi", "vanphong", "vanthu", "thukho", "thungan", "giaonhan", "giaohang", "laixe", "taixe",
		"service", "operator", "counter", "cashier", "manager", "director", "account", "finance", "warehouse", "logistic", "security", "guard", "room", "lobby", "kitchen", "spa", "camera", "server", "fax", "tiepnhan",
		"chamsoc", "khachhang", "benhvien", "phongkham", "nhathuoc", "bophan", "capcuu", "tuvan", "telesale", "muahang", "banhang", "xuong", "sanxuat", "baohanh", "thietke", "duan", "contact", "info", "helpdesk",
	}
)
