package roster

import (
	"fmt"
	"strings"
	"testing"

	"etelecom-import/importer/vietnamese"
)

// named writes a file of people with some names.
func named(names ...string) string {
	var rows [][]string
	for i, name := range names {
		rows = append(rows, []string{name, fmt.Sprintf("09035512%02d", i)})
	}
	return cells(rows...)
}

// TestLogins: a file of logins is refused, and one login is told. The names of people and of desks are neither.
func TestLogins(t *testing.T) {
	for _, c := range []struct {
		names         string // with | between
		refused, told int
	}{
		{"lan.nt@cty.vn|minh.tv@cty.vn|hoa.lt@cty.vn", 3, 0},
		{"Lan.NT@cty.vn|Trần Văn Minh|hoa.lt@cty.vn|hung@mail.cty.vn", 3, 0},
		{"lan.nt|minh.tv|hoa.lt", 3, 0},
		{"lan.nt|minh.tv2|hoa.lt|hoa|An", 3, 0},
		{"lan.nt|minh.tv|hoa.lt|hungbq|thanh", 5, 0},
		{"Lan.NT|Minh.TV|Hoa.LT", 3, 0},
		{"ntlan01|tvminh02|lthoa03", 3, 0},
		{"ntlan|tvminh|lthoa", 3, 0},
		{"lannt|minhtv1|hungnv", 3, 0},
		{" lan.nt|minh.tv |mailto:hoa@cty.vn", 3, 0},
		{"lan_nt|minh_tv|hoa_pt", 3, 0},
		{"nguyenvanan|tranthilan|lehoa|phamvanba", 4, 0},
		{"NguyenVanAn|TranThiLan|PhamVanBa", 3, 0},
		{"ntlan01|minh02|hoa03", 3, 0},
		{"lan01|minh02|hoa03|lan02", 0, 4},
		{`CTY\lan|CTY\minh|CTY\hoa.nt`, 3, 0},

		{"lan.nt@cty.vn|minh.tv@cty.vn", 0, 2}, // too few to tell
		{"lan.nt@cty.vn|An|Bình|Chi", 0, 1},
		{"lan.nt|minh.tv|hoa.lt|An|Bình|Chi", 0, 3},
		{"ntlan01|An", 0, 1},
		{"ntlan|An", 0, 0},

		{"Sale_01|Sale_02|Sale_03", 0, 0},
		{"sale01|sale02|sale03", 0, 0},
		{"quay1|quay2|quay3|tang1", 0, 0},
		{"tranh|tranq|pham", 0, 0},
		{"lan01|An|Bình|Chi", 0, 0},
		{"sale.hn|sale.hcm|kho.hn", 0, 0},
		{"letan1|ketoan1|kho2|kd01|kt02|cskh3", 0, 0},
		{"le-tan-1|le-tan-2|ke-toan-1", 0, 0},
		{"Lễ tân 1|Lễ tân 2|Lễ tân 3", 0, 0},
		{"Lan|Minh|Hoa|Hùng", 0, 0},
		{"lan|minh|hoa|hung", 0, 0},
		{"john|mark|frank|christopher|schmidt|hans|albrecht", 0, 0},
		{"LAN|MINH|HOA", 0, 0},
		{"J.A.Smith|O'Brien|N.V.An", 0, 0},
		{"Ms.Lan|Mr.Minh|Anh.Hung", 0, 0},
		{"NV001|NV002|NV003", 0, 0},
		{"101|102|103", 0, 0},
		{"Anna-Maria|Jean-Pierre|H'Hen", 0, 0},
		{"nguyen van an|tran thi lan|le hoa", 0, 0},
		{"Nguyễn|Trần|Lê", 0, 0},
	} {
		names := strings.Split(c.names, "|")
		r := read(t, named(names...), Options{})
		refused, noted := 0, 0
		for _, kind := range kindsOf(r) {
			if kind == "login in place of a name" {
				refused++
			}
		}
		for _, n := range r.Doubts {
			if strings.Contains(n.Text, "looks like a login") {
				noted += n.Count
			}
		}
		if refused != c.refused || noted != c.told {
			t.Errorf("%s: %d are refused, %d told", c.names, refused, noted)
		}
		if r = read(t, named(names...), Options{AllowNames: true}); len(kindsOf(r)) > 0 || r.Rows[0].Name != strings.TrimSpace(names[0]) {
			t.Errorf("%s, allowed: %s", c.names, told(r))
		}
	}
	r := read(t, named("Nguyễn Lan <lan@cty.vn>"), Options{AllowNames: true})
	if !strings.Contains(told(r), "it has an e-mail address in it") {
		t.Error(told(r))
	}
	r = read(t, named("lan.nt", "minh.tv", "hoa.lt", "An"), Options{})
	r.Judge(func(row int) bool { return row == 0 })
	if r.Problem(0) != nil || r.Problem(1) != nil {
		t.Error(told(r)) // two are left
	}
}

// TestLoginsUnderTheirTitle: where the header says that the column has logins, the names are refused once.
func TestLoginsUnderTheirTitle(t *testing.T) {
	for _, title := range []string{"username", "Nhân viên"} {
		r := read(t, title+strings.TrimPrefix(named("lan.nt", "minh.tv", "hoa.lt"), "name"), Options{})
		if len(kindsOf(r)) != 3 {
			t.Errorf("%s: %s", title, told(r))
		}
	}
}

// TestCodesAsNames: a file of codes is told, and one code among names is not.
func TestCodesAsNames(t *testing.T) {
	for names, told := range map[string]int{"NV001|NV002|NV003": 3, "HN-0123|HN-0124|HN-0125|An": 3, "NV001|NV002": 0, "NV001|An|Bình|Chi": 0, "P301|P302|P303": 3, "KD1|KD2|KD3": 0, "Sale001|Sale002|Sale003": 0} {
		r := read(t, named(strings.Split(names, "|")...), Options{})
		count := 0
		for _, n := range r.Doubts {
			if strings.Contains(n.Text, "code of a person") {
				count = n.Count
			}
		}
		if count != told || len(kindsOf(r)) > 0 {
			t.Errorf("%s: %d are told", names, count)
		}
	}
}

// TestFormulasAsNames: a formula is refused, and a name after a sign is not.
func TestFormulasAsNames(t *testing.T) {
	for _, name := range []string{"=1+1", `=A2&" "&B2`, "=A2", "=CONCATENATE(A2,B2)", "@SUM(A1)", "+A2&B2", "-A2", "+$A$2", "=cmd|' /C calc'!A0", "=+A2", "@A2"} {
		for _, phone := range []string{"0903551200", "+84903551200"} {
			r := read(t, cells([]string{name, phone}), Options{})
			if got := fmt.Sprint(kindsOf(r)); got != "[formula in place of a name]" {
				t.Errorf("%q: %s", name, told(r))
			}
		}
		if r := read(t, cells([]string{name}), Options{AllowNames: true}); r.Problem(0) != nil || len(r.Doubts) != 1 {
			t.Errorf("%q, allowed: %s", name, told(r))
		}
	}
	for _, name := range []string{"+An", "-An", "@An", "+84", "-Nguyễn Văn An", "@Lan (Sale)", "+ An", "- An (A2)"} {
		if r := read(t, cells([]string{name}), Options{}); r.Problem(0) != nil {
			t.Errorf("%q: %s", name, told(r))
		}
	}
}

// TestEachDamageHasAKind: whatever is found of a name has words.
func TestEachDamageHasAKind(t *testing.T) {
	for damage := vietnamese.Intact + 1; damage <= vietnamese.Typed; damage++ {
		if int(damage) >= len(damagedNames) || damagedNames[damage] == 0 {
			t.Errorf("damage %d has no kind", damage)
		}
	}
}

// TestRuinedByHand: names whose letters were dropped, typed without a keyboard program, or whose accents stand elsewhere.
func TestRuinedByHand(t *testing.T) {
	for kind, files := range map[string][]string{
		"damaged name":                         {"Nguyn Th Lan|Trn Vn Minh|Phm Quc Anh"},
		"name typed in Telex or VNI":           {"Nguyeenx Vawn An|Traanf Thij Lan|Phamj Thij Hoa", "Nguye6n4 Va8n An|Tra6n2 Thi5 Lan|Le6 Hu7u4 D9a5t"},
		"name with accents in the wrong place": {"Nguyêñ Thị Lan|Trâǹ Văn Hằng|Nguyêñ An", "Nguyê ̃n Lan|Nguyê ̃n Hoa|Nguyê ̃n An"},
	} {
		for _, file := range files {
			names := strings.Split(file, "|")
			r := read(t, named(names...), Options{})
			if got := kindsOf(r); len(got) != len(names) || got[0] != kind || got[len(got)-1] != kind {
				t.Errorf("%s: %s", file, told(r))
			}
			if r = read(t, named(names[0]), Options{}); len(r.Doubts)+len(kindsOf(r)) != 1 {
				t.Errorf("%s: %s", names[0], told(r))
			}
		}
	}
	if r := read(t, named("Maatj khaaur", "Matj khaaur mowis"), Options{}); strings.Contains(told(r), "ật") || len(r.Doubts)+len(kindsOf(r)) == 0 {
		t.Error(told(r)) // a password, perhaps
	}
	for _, file := range []string{"Max Lee|Lee Moon|Luis Bass|Ross", "Sale1|Kho1|Ban2|May3", "Thy|Smith|Ng|Lynn"} {
		if r := read(t, named(strings.Split(file, "|")...), Options{}); len(kindsOf(r))+len(r.Doubts) > 0 {
			t.Errorf("%s: %s", file, told(r))
		}
	}
}
