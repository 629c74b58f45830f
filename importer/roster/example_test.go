package roster

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// TestTemplateIsRead: the reader knows the titles of a template, and nothing is wrong with its example but that it is one.
func TestTemplateIsRead(t *testing.T) {
	r := read(t, templateCSV, Options{})
	p := r.Problem(0)
	if len(r.Rows) != 1 || p == nil || p.Kind != "example of the template" || strings.Count(told(r), "\n") != 1 || len(r.Dialect.Ignored()) != 0 {
		t.Errorf("%d rows; %s; ignored %v", len(r.Rows), told(r), r.Dialect.Ignored())
	}
	row := r.Rows[0]
	if !IsExample(row.Name, row.Phone.String()) || row.Password.IsZero() || row.ExtensionNumber == "" {
		t.Errorf("%+v", row)
	}
}

func TestIsExample(t *testing.T) {
	for _, c := range []struct {
		name, phone string
		want        bool
	}{
		{"Nguyễn Văn Ví Dụ", "0900000000", true},
		{"Nguyễn Văn Ví Dụ", "0903551200", true},
		{norm.NFD.String(" nguyễn  văn VÍ DỤ\u00a0"), "", true},
		{"Trần Thị Lan", "0900000000", true},
		{"", "900000000", true},
		{"", "+84 90 000 00 00", true},
		{"", "9.0E+08", false},
		{"Nguyễn Văn Vĩ", "0900000001", false},
		{"", "", false},
	} {
		if got := IsExample(c.name, c.phone); got != c.want {
			t.Errorf("%q, %q: %v", c.name, c.phone, got)
		}
	}
}

// BenchmarkIsExample: every row of a file is asked.
func BenchmarkIsExample(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		IsExample("Nguyễn Thị Thu Hà", "0903551200")
	}
}
