package roster

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"etelecom-import/importer/hint"
)

// isSecret reports whether a text may be a password that no output may have: it is no word of a header.
func isSecret(text string) bool {
	if utf8.RuneCountInString(text) < 6 || !utf8.ValidString(text) || strings.TrimSpace(text) != text || strings.ContainsFunc(text, unicode.IsControl) {
		return false
	}
	_, isWord := lookUp(text)
	for _, list := range around {
		isWord = isWord || slices.Contains(list, normalize(text))
	}
	isWord = isWord || slices.Contains(fillers, normalize(text))
	return !isWord && (readTitle(text).text == "" || hasDigit(text))
}

// shownOf returns all that a reading may show of a file: the roster with everything in it, what is told of it, or the error.
func shownOf(text string, o Options) string {
	r, err := Read(strings.NewReader(text), o)
	if err != nil {
		return err.Error() + hint.Of(err) + fmt.Sprintf("%+v %#v", err, err)
	}
	d := &r.Dialect
	for i := range r.Rows { // what the rows have is shown elsewhere, by other rules
		r.Rows[i].Name = ""
	}
	return fmt.Sprintf("%+v %q %s %+v", d, d.Ignored(), told(r), r)
}

// FuzzHeaderShowsNoPassword puts a password into a header, in many ways: a cell of its own, behind and before titles, and in place
// of one.
func FuzzHeaderShowsNoPassword(f *testing.F) {
	for i, password := range []string{
		"Bien-xanh-310", "Matkhau@123", "P@ssword", "Passw0rd", "Password1", "Phone2024!", "Email@123", "Ghichu#1", "Họ và tên 99", "mat khau 12", "name!!name", "phongban1",
		"ext-1001-pw", "Lan;0903551200", "(name) 7x", "name: s3cret", "s3cret/name", "STT-2026", "user:pass12", "0903551200", "hoten_1990", "TEN-123456", "số 1 Việt Nam 9", "mậtkhẩu1",
	} {
		f.Add(password, uint(i))
	}
	f.Fuzz(func(t *testing.T, password string, how uint) {
		lan := []string{"Lan", "0903551200", "Xuan-9182", "1001"}
		if !isSecret(password) || strings.Contains(strings.Join(lan, " "), password) {
			t.Skip()
		}
		cell := strings.NewReplacer("\"", "\"\"").Replace(password)
		titles := []string{"Họ tên", "SĐT", "Mật khẩu", "Máy nhánh"}
		forms := []string{
			"%s", "%s*", "Họ tên %s", "Mật khẩu: %s", "Mật khẩu (VD: %s)", "Mật khẩu VD %s", "%s (Mật khẩu)", "Ghi chú / %s", "%s / Ghi chú", "Mật khẩu\n%s", "SĐT - %s", "1. %s", "%s 1",
			"Máy nhánh%s", "%sMáy nhánh", "%s Ghi chú", "[%s] SĐT", "SĐT [%s]", "=%s", "'%s'", "<br>%s", `Email\n%s`, "Email=%s", "%s|Email", "Email;%s",
		}
		form := fmt.Sprintf(forms[how%uint(len(forms))], cell)
		how /= uint(len(forms))
		at := int(how % 6)
		how /= 6
		if at < 4 && how%2 == 0 {
			titles[at] = form
		} else {
			titles = append(titles, form)
		}
		delimiter := []string{",", ";", "\t", "|"}[how/2%4]
		text := "\"" + strings.Join(titles, "\""+delimiter+"\"") + "\"\n"
		if how/8%2 == 0 {
			text = "CÔNG TY\n" + text
		}
		people := text + strings.Join(lan, delimiter) + "\n"
		for _, text := range []string{text, people} {
			for _, join := range []bool{false, true} {
				if shown := shownOf(text, Options{JoinNames: join}); strings.Contains(shown, password) {
					t.Fatalf("%q is shown of %q: %s", password, text, shown)
				}
			}
		}
	})
}
