package signoff

import (
	_ "embed"
	"html/template"
	"io"
	"strconv"
)

//go:embed document.html
var pageHTML string

// page is the document as a web page. It has no scripts and no outside parts.
var page = template.Must(template.New("document").Funcs(template.FuncMap{
	"inc":   func(i int) int { return i + 1 },
	"short": func(hash string) string { return hash[:min(len(hash), 16)] },
	"line":  lineText,
	"table": func(w words, label string, people []*Person, by string) peopleTable {
		return peopleTable{w, label, people, by}
	},
	"cause": func(w words, code string) any { return shownCause{w, code} },
}).Parse(pageHTML))

// peopleTable is a table of people.
type peopleTable struct {
	W      words
	Label  string // for those who hear it
	People []*Person
	By     string // the title of the column of the groups; "" to leave it out
}

// shownCause is what is said of a cause.
type shownCause struct {
	W    words
	Code string
}

// lineText returns the line of somebody in the employee file; "" for none.
func lineText(p *Person) string {
	if p.Line == 0 || p.Gone {
		return ""
	}
	return strconv.Itoa(p.Line)
}

// WriteHTML writes the document as a web page: on paper (A4), on a screen and on a phone, without scripts and outside parts.
func WriteHTML(w io.Writer, d *Document) error {
	return page.Execute(w, struct {
		*Document
		W words
	}{d, wordsOf(d.Language)})
}
