package ledger

import (
	"slices"
	"strings"
	"testing"
)

// A run that changes nothing leaves the result CSV alone; anything else replaces it.
func TestResultThatStands(t *testing.T) {
	settled := strings.Join(slices.DeleteFunc(strings.SplitAfter(saved, "\n"), func(line string) bool {
		return strings.Contains(line, "unknown")
	}), "")
	const id = "1301234567890100001"
	for name, c := range map[string]struct {
		text, journal, account string
		change                 func(all []*Line) []*Line
		untouched              bool
	}{
		"the same":                  {text: settled, untouched: true},
		"the same, with semicolons": {text: columnsOf(settled, ";", same), untouched: true},
		"another account":           {text: settled, account: "1301234567890100002"},
		"a row less":                {text: settled, change: func(all []*Line) []*Line { return all[1:] }},
		"a row more":                {text: settled, change: func(all []*Line) []*Line { return append(all, all[0]) }},
		"another order":             {text: settled, change: func(all []*Line) []*Line { slices.Reverse(all); return all }},
		"a cell moved":              {text: settled, change: func(all []*Line) []*Line { all[0].Name, all[0].Error = "", all[0].Name; return all }},
		"rounded ids":               {text: strings.ReplaceAll(settled, "1301234567890123001", "1.30123456789012E+018")},
		"no escaping of formulas":   {text: strings.ReplaceAll(settled, "Lê C", "=Lê C")},
		"an open create":            {text: saved},
		"a journal":                 {text: settled, journal: string(journalOf(t, id))},
	} {
		disk := newMemory()
		disk.now[resultPath] = &node{data: []byte(c.text)}
		if c.journal != "" {
			disk.now[resultPath+".journal"] = &node{data: []byte(c.journal)}
		}
		l, err := Open(disk, resultPath, named("a test"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all := linesOf(c.text)
		wanted := make([]*Line, len(all))
		for i := range all {
			if wanted[i] = &all[i]; c.account != "" {
				all[i].AccountID = c.account
			}
		}
		if name == "rounded ids" {
			all[0].ExtensionID = "1301234567890123001"
		}
		if c.change != nil {
			wanted = c.change(wanted)
		}
		before := disk.now[resultPath]
		if err := l.Finish(Owner{ID: id}, slices.Values(wanted)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if untouched := disk.now[resultPath] == before; untouched != c.untouched {
			t.Errorf("%s: the file was left alone: %v", name, untouched)
		}
		if got := linesOf(string(disk.now[resultPath].data)); len(got) != len(wanted) || got[0] != *wanted[0] {
			t.Errorf("%s: the result has %d lines, want %d", name, len(got), len(wanted))
		}
		if err := l.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// journalOf returns a journal that says nothing new.
func journalOf(_ *testing.T, account string) []byte {
	return appendRecord(nil, 0, 0, true, record{Run: &headerRecord{Version: journalVersion, Account: account, HasResult: true}})
}
