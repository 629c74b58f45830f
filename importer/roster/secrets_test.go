package roster

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

// secrets are passwords of all sorts, each with a part that is nowhere else.
var secrets = []string{
	"Hoa$en-4711", "739155", "284610", "20111989", "Mùa xuân 7788!", "'@Bien310xanh", `="tim.8844"`, "=SUM(5566)", "tim-9021-vàng", "5519 0037 2214", "8-4413-7", "Xuan.2277", "(0)61-7743", "P@5561", "a&amp;6612",
	"{SSHA}b3JlbUlwc3VtRG9sb3JTaXRBbWV0Q29uc2U=", "$2y$10$abcdefghijklmnopqrstuv0123456789ABCDEFGHIJKLMNOPQRSTU", "5f4dcc3b5aa765d61d8327deb882cf99", "2.50913E+11", "250913.0", "1990-02-17 00:00:00", "17/02/1993",
	"'771845", `"6655-x"`, "“6677-y”", " 88-z ", "\t99-w", "77\u200b66v", "#NA12x-1", "null-7781", "Lan-Anh-9", "matkhaudaynhe", "Bí mật quốc gia", "khong.co.gi",
}

// holdsSecret returns the secret that a text holds; "" if it holds none. What a spreadsheet or a person puts around a secret does not count.
func holdsSecret(text string, used []string) string {
	for _, secret := range used {
		core := strings.Trim(secret, "'\"=“” \t")
		if strings.Contains(text, core) {
			return secret
		}
	}
	return ""
}

// saidOf returns all that a reading says to people: problems, notes, what was understood, an error.
func saidOf(r *Roster, err error) string {
	if err != nil {
		return err.Error() + " " + hint.Of(err)
	}
	var b strings.Builder
	b.WriteString(told(r))
	for p := range r.Problems() {
		fmt.Fprintf(&b, "%s %s %+v\n", p.Code, p.Kind, p.Words())
	}
	fmt.Fprintf(&b, "%+v %q", r.Dialect, r.Dialect.Ignored())
	return b.String()
}

// TestNoSecretIsSaid puts each secret into each column, the other cells into all others, and looks at what is said.
func TestNoSecretIsSaid(t *testing.T) {
	header := []string{"name", "phone", "password", "extension_number"}
	orders := [][]int{{}}
	for len(orders[0]) < 4 {
		var longer [][]int
		for _, order := range orders {
			for k := range 4 {
				if !slices.Contains(order, k) {
					longer = append(longer, append(slices.Clone(order), k))
				}
			}
		}
		orders = longer
	}
	wraps := []string{"%s", "'%s", `="%s"`, `"%s"`, " %s", "“%s”"}
	for n, secret := range secrets {
		for _, order := range orders {
			for missing := range 4 {
				var text bytes.Buffer
				w := csv.NewWriter(&text)
				_ = w.Write(header)
				for i := range 2 {
					row := []string{"Nguyễn Thị Lan", fmt.Sprintf("090355120%d", i), secret, fmt.Sprint(1001 + i)}
					if missing != 2 { // the secret is never missing: then none is
						row[missing] = ""
					}
					for k := range row {
						if row[k] != "" && n%2 == 1 {
							row[k] = fmt.Sprintf(wraps[(n/2+order[0]+missing)%len(wraps)], row[k])
						}
					}
					_ = w.Write(pick(row, order))
				}
				w.Flush()
				r, err := Read(bytes.NewReader(text.Bytes()), Options{ValidateOnly: missing%2 == 0})
				if found := holdsSecret(saidOf(r, err), []string{secret}); found != "" {
					t.Fatalf("%q is said of\n%s\n%s", found, text.String(), saidOf(r, err))
				}
			}
		}
	}
}

// FuzzSecrets makes a file of secrets and of what programs and people do to it: instructions decide what each cell is.
func FuzzSecrets(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7}, "", uint8(0))
	f.Add([]byte{255, 17, 2, 33, 4, 250, 6, 71, 9, 9, 9, 40, 41, 42}, "\"", uint8(3))
	f.Add([]byte("swapped columns, shifted cells, lost quotes and all that"), ",", uint8(9))
	f.Fuzz(func(t *testing.T, instructions []byte, noise string, how uint8) {
		next := func(n int) int {
			if len(instructions) == 0 {
				return 0
			}
			b := int(instructions[0])
			instructions = instructions[1:]
			return b % n
		}
		headers := [][]string{
			{"name", "phone", "password", "extension_number"},
			{"password", "phone", "name", "extension_number"},
			{"name", "phone", "extension_number", "password"},
			{"Họ tên", "SĐT", "Mật khẩu", "Mã máy nhánh"},
			{"phone", "extension_id", "extension_number", "name", "password"},
			{"name", "phone", "password (md5)", "ext", "Ghi chú"},
		}
		header := headers[next(len(headers))]
		delimiter := []string{",", ";", "\t", "|"}[next(4)]
		text := strings.Join(header, delimiter) + "\n"
		var used []string
		for row := 0; len(instructions) > 0 && row < 20; row++ {
			secret := secrets[next(len(secrets))]
			used = append(used, secret)
			cells := []string{"Nguyễn Thị Lan", fmt.Sprintf("09035512%02d", row), secret, fmt.Sprint(1001 + row)}
			for range next(3) { // cells change places
				i, k := next(len(cells)), next(len(cells))
				cells[i], cells[k] = cells[k], cells[i]
			}
			wrap := []string{"%s", "%s", "'%s", `="%s"`, `"%s"`, "'%s'", " %s", "“%s”"}[next(8)]
			for i := range cells {
				switch next(12) {
				case 0:
					cells[i] = []string{"", "null", "-", "#N/A", "********", "x", "Trần Văn Minh", "1301234567890123457"}[next(8)]
				case 1:
				case 2:
					cells[i] = `"` + strings.ReplaceAll(cells[i], `"`, `""`) + `"`
				default:
					if cells[i] = fmt.Sprintf(wrap, cells[i]); strings.ContainsAny(cells[i], `"`+delimiter) {
						cells[i] = `"` + strings.ReplaceAll(cells[i], `"`, `""`) + `"`
					}
				}
			}
			for range next(2) {
				cells = slices.Insert(cells, next(len(cells)), "")
			}
			text += strings.Join(cells, delimiter) + []string{"\n", "\r\n", "\n\n"}[next(3)]
		}
		if at := int(how); at > 0 && len(header) > 0 {
			at = len(strings.Join(header, delimiter)) + 1 + at*len(text)/256 // behind the header, which is shown
			if at < len(text) {
				text = text[:at] + noise + text[at:]
			}
		}
		o := Options{ValidateOnly: how%2 == 0}
		r, err := Read(strings.NewReader(text), o)
		said := saidOf(r, err)
		if found := holdsSecret(said, used); found != "" && !strings.Contains(noise, strings.Trim(found, "'\"=“” \t")) {
			t.Fatalf("%q is said of\n%s\n%s", found, text, said)
		}
	})
}
