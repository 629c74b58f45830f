package signoff

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
)

// letters are of Vietnamese alone.
var letters = regexp.MustCompile(`[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]`)

// TestCauses: each code that a row can have is said in plain words, in both languages, with who does it.
func TestCauses(t *testing.T) {
	var codes []string
	for _, r := range reason.All() {
		codes = append(codes, r.Code)
	}
	codes = append(codes, causeOther, causeNotInResult, causeRenamed, "status_pending", "status_created", "status_unknown")
	for _, code := range codes {
		c, ok := causes[code]
		if !ok {
			t.Errorf("reasons.csv has no words for %s", code)
			continue
		}
		if !slices.Contains([]string{"company", "etelecom", "integrator"}, c.who) {
			t.Errorf("%s: who does it: %q", code, c.who)
		}
		for _, said := range []text{c.why, c.do} {
			for at, words := range said {
				if !strings.HasSuffix(words, ".") || letters.MatchString(words) != (Languages[at] == "vi") {
					t.Errorf("%s: in %s: %q", code, Languages[at], words)
				}
			}
		}
	}
	for code := range causes {
		if !slices.Contains(codes, code) {
			t.Errorf("reasons.csv has words for %s, which no row can have", code)
		}
	}
	for status := ledger.Pending; status <= ledger.Done; status++ {
		p := &Person{Status: status}
		if c := p.cause(); !isKnownCause(c) {
			t.Errorf("%s: %s", status, c)
		}
	}
}

var (
	verb    = regexp.MustCompile(`%[a-z]`)
	textKey = regexp.MustCompile(`\.?T\(?\s*\(?"([a-z_.]+)"`)
)

// TestTexts: each text is in both languages with the same verbs, is used, and is there.
func TestTexts(t *testing.T) {
	used := map[string]bool{}
	for _, name := range []string{"document.html", "words.go", "workbook.go"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range textKey.FindAllStringSubmatch(string(source), -1) {
			used[found[1]] = true
		}
	}
	for _, party := range []string{"sign.company", "sign.integrator"} {
		used[party] = true
	}
	for key, said := range texts {
		isMade := strings.HasPrefix(key, "status.") || strings.HasPrefix(key, "who.")
		if !used[key] && !isMade {
			t.Errorf("%s is not used", key)
		}
		if a, b := verb.FindAllString(said[0], -1), verb.FindAllString(said[1], -1); !slices.Equal(a, b) || said[0] == "" || said[1] == "" {
			t.Errorf("%s: %q and %q", key, said[0], said[1])
		}
	}
	for key := range used {
		if _, ok := texts[key]; !ok && key != "status." && key != "who." {
			t.Errorf("%s is missing", key)
		}
	}
}
