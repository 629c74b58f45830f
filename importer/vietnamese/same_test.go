package vietnamese_test

import (
	"testing"

	"etelecom-import/importer/vietnamese"
)

func TestSameName(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"", "", true},
		{"Nguyễn Thị Hoà", "Nguyễn Thị Hòa", true},
		{"NGUYỄN THỊ HÒA", "Nguyễn Thị Hoà", true},
		{"Nguyễn Văn Thuý", "nguyễn  văn\u00a0thúy ", true},
		{"Nguye\u0302\u0303n Va\u0306n Ba\u0323\u0302u", "Nguyễn Văn Bậu", true}, // decomposed, and marks in another order
		{"\u200bLê Văn An", "Lê Văn An", true},
		{"Ðặng Văn An", "Đặng Văn An", true}, // eth
		{"Lê Văn An", "Lê Văn Ân", false},
		{"Lê Văn Ân", "Lê Văn Ấn", false},
		{"Lê Văn Hoa", "Lê Văn Hòa", false},
		{"Lê Văn Dung", "Lê Văn Dũng", false},
		{"Lê Dung Đăng", "Lê Dung Dăng", false},
		{"Lê Vănà n", "Lê Văn àn", false}, // a space is a difference, wherever the tone goes
		{"LêVăn An", "Lê Văn An", false},
		{"Lê Văn", "Lê Văn An", false},
		{"Straße K", "straße \u212a", true}, // the sign of Kelvin
		{"à b", "a ̀b", false},
	} {
		if vietnamese.SameName(test.a, test.b) != test.same || vietnamese.SameName(test.b, test.a) != test.same {
			t.Errorf("SameName(%q, %q) is %v", test.a, test.b, !test.same)
		}
	}
}
