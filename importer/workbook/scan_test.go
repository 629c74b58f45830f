package workbook

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// elements lists what a scanner finds: <name>, </name>, and texts. Texts that follow each other are one.
func elements(s *scanner, attributes []string) (list []string, err error) {
	var texts strings.Builder
	flush := func() {
		if texts.Len() > 0 {
			list = append(list, "text "+texts.String())
			texts.Reset()
		}
	}
	for {
		if err = s.next(); err != nil {
			flush()
			return list, err
		}
		switch s.tag {
		case characters:
			texts.Write(s.text)
			continue
		case opens:
			flush()
			list = append(list, "open "+string(s.prefixed))
			for _, name := range attributes {
				if value := s.attribute(name); value != nil {
					list = append(list, name+"="+string(value))
				}
			}
		case closes:
			flush()
			list = append(list, "close "+string(s.name))
		}
	}
}

// TestScanner reads each document byte by byte, too, so that every tag and text is divided.
func TestScanner(t *testing.T) {
	for _, c := range []struct{ document, want string }{
		{`<?xml version="1.0"?><a><b r="1" s = '2'/>x</a>`, "open a, open b, r=1, s=2, close b, text x, close a"},
		{"\uFEFF<!-- <no> -->\n<x:a>a&amp;b&#x1EC5;&#10;<!-- --><![CDATA[<&lt;]]></x:a>\n", "open x:a, text a&bễ\n<&lt;, close a"},
		{`<a r="&quot;>&lt;" s=">"></a >`, `open a, r=">< , s=>, close a`},
		{"<a r='1\r\n2'>x\r\ny\rz</a>", "open a, r=1\n2, text x\ny\nz, close a"},
		{"\xFF\xFE<\x00a\x00>\x00\x01\x1e<\x00/\x00a\x00>\x00", "open a, text ḁ, close a"},
	} {
		want := strings.ReplaceAll(c.want, "< ,", "<,")
		for _, r := range []io.Reader{strings.NewReader(c.document), iotest.OneByteReader(strings.NewReader(c.document))} {
			list, err := elements(newScanner(r), []string{"r", "s"})
			if got := strings.Join(list, ", "); got != want || err != io.EOF {
				t.Errorf("%q: %q, %v", c.document, got, err)
			}
		}
	}
}

// TestScannerRefuses: what is no XML of a workbook is an error, and not another document.
func TestScannerRefuses(t *testing.T) {
	for _, document := range []string{
		"<a>", "<a", "<a b='", "<a></b>", "</a>", "</>", "<a/></>", "<a>&", "<a>&nbsp;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#1114112;</a>", "<a>\x01</a>", "<a>\xff</a>",
		"<a><!--", "<a><![CDATA[", "<a/>x", "x<a/>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a><b</a>", "<></>", "< a/>", "<a>\uFFFE</a>",
		strings.Repeat("<a>", maxDepth+1) + strings.Repeat("</a>", maxDepth+1),
		"<a>" + strings.Repeat("x", maxText+1) + "</a>", "<a b='" + strings.Repeat("x", maxText+1) + "'/>",
	} {
		if list, err := elements(newScanner(strings.NewReader(document)), nil); err == nil || err == io.EOF {
			t.Errorf("%.100q is read as %.100q", document, list)
		}
	}
	endless := io.MultiReader(strings.NewReader("<a><!--"), io.LimitReader(zeros{}, 1<<30), strings.NewReader("-->x</a>"))
	if list, err := elements(newScanner(endless), nil); err != io.EOF || len(list) != 3 {
		t.Errorf("a long comment: %q, %v", list, err)
	}
}

// zeros is a file of zeros that has no end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// FuzzScanner compares the scanner with encoding/xml: a document that the latter reads is read in the same way.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{
		`<?xml version="1.0" encoding="UTF-8"?><x:a r="1" s='&lt;"'><b/>t&amp;&#13;` + "\r\n" + `<!-- c --><![CDATA[]]></x:a>`, "<a><b></b ></a>", "\uFEFF<a/>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		var want []string
		var texts strings.Builder
		flush := func() {
			if texts.Len() > 0 {
				want = append(want, "text "+texts.String())
				texts.Reset()
			}
		}
		name := func(n xml.Name) string {
			if n.Space != "" {
				return n.Space + ":" + n.Local
			}
			return n.Local
		}
		d := xml.NewDecoder(bytes.NewReader(document))
		var open []string
		for {
			before := d.InputOffset()
			token, err := d.RawToken()
			if err == io.EOF && len(open) == 0 {
				break
			}
			if err != nil {
				return
			}
			switch token := token.(type) {
			case xml.StartElement:
				flush()
				open = append(open, name(token.Name))
				want = append(want, "open "+open[len(open)-1])
				seen := map[string]bool{}
				for _, a := range token.Attr {
					if seen[name(a.Name)] || name(a.Name)[0] == ':' {
						return
					}
					seen[name(a.Name)] = true
				}
			case xml.EndElement:
				flush()
				if len(open) == 0 || open[len(open)-1] != name(token.Name) {
					return
				}
				last := open[len(open)-1]
				open = open[:len(open)-1]
				want = append(want, "close "+string(withoutPrefix([]byte(last))))
			case xml.CharData:
				if len(open) == 0 {
					if raw := bytes.TrimPrefix(document[before:d.InputOffset()], []byte("\uFEFF")); len(bytes.TrimLeft(raw, " \t\r\n")) > 0 {
						return // a text, or an entity of a space, which no document may have there
					}
					continue
				}
				texts.Write(token)
			case xml.Directive:
				return // a document type
			}
			if len(open) > maxDepth {
				return
			}
		}
		got, err := elements(newScanner(bytes.NewReader(document)), nil)
		if err != io.EOF || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Fatalf("%q: %q, %v, want %q", document, got, err, want)
		}
		compareAttributes(t, document)
	})
}

// compareAttributes compares the attributes of all elements.
func compareAttributes(t *testing.T, document []byte) {
	d := xml.NewDecoder(bytes.NewReader(document))
	s := newScanner(bytes.NewReader(document))
	for {
		token, err := d.RawToken()
		if err != nil {
			return
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for s.next() == nil && s.tag != opens {
		}
		for _, a := range start.Attr {
			name := a.Name.Local
			if a.Name.Space != "" {
				name = a.Name.Space + ":" + name
			}
			if got := s.attribute(name); got == nil || string(got) != a.Value {
				t.Fatalf("%q: attribute %s of <%s> is %q, want %q", document, name, s.prefixed, got, a.Value)
			}
		}
	}
}
