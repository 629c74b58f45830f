package passwordslip

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"unicode/utf8"
)

// perPage is how many slips a page has: two columns of five.
const perPage = 10

// Options say what the slips say beside what is known of each person.
type Options struct {
	// Company is the company's name; "" for none.
	Company string
	// Login says where people log in; "" for what is true of every company: the app.
	Login string
}

//go:embed slips.html
var page string

var pageTemplate = template.Must(template.New("slips").Funcs(template.FuncMap{"size": size}).Parse(page))

// WriteHTML writes the slips as one HTML page without scripts and without parts from elsewhere. The same slips give the same bytes.
func WriteHTML(w io.Writer, s *Slips, o Options) error {
	return pageTemplate.Execute(w, struct {
		Options
		Pages    [][]Slip
		Left     []Left
		Count    int
		Practice bool
	}{o, slices.Collect(slices.Chunk(s.Slips, perPage)), s.Left, len(s.Slips), s.Practice})
}

// size returns the class of a text that is written smaller the longer it is: whatever it is, it stays in its slip.
func size(text string) string {
	switch n := utf8.RuneCountInString(text); {
	case n <= 14:
		return "short"
	case n <= 28:
		return "medium"
	case n <= 56:
		return "long"
	}
	return "longest"
}
