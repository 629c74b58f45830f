package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

// bomb returns a workbook with a part that is made of a beginning, n repetitions, and an end.
func bomb(t *testing.T, name, beginning, repeated string, n int, end string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for part, text := range map[string]string{
		"_rels/.rels": rootRels, "xl/_rels/workbook.xml.rels": bookRels, "xl/workbook.xml": bookXML, "xl/sharedStrings.xml": texts, "xl/styles.xml": styles,
		"xl/worksheets/sheet1.xml": data("<row><c><v>1</v></c></row>"),
	} {
		w, err := z.Create(part)
		if err != nil {
			t.Fatal(err)
		}
		if part != name {
			_, _ = io.WriteString(w, text)
			continue
		}
		_, _ = io.WriteString(w, beginning)
		block := strings.Repeat(repeated, max(1, (1<<20)/len(repeated)))
		for written := 0; written < n; written += len(block) {
			_, _ = io.WriteString(w, block)
		}
		_, _ = io.WriteString(w, end)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// memory returns what the process has taken of the system in bytes. It never shrinks.
func memory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys
}

// TestBombs: small files that unpack to something large are refused, or read, without much memory.
func TestBombs(t *testing.T) {
	const mib = 1 << 20
	person := `<row><c t="str"><v>` + strings.Repeat("x", 200) + `</v></c></row>`
	sheet, head := "xl/worksheets/sheet1.xml", "<worksheet><sheetData>"
	const inSheet, inRow = `sheet "Sheet1": `, `sheet "Sheet1", row 1: `
	tooMuch, tooLong := "the workbook unpacks to far more than it should", "the workbook has a text of more than 1024 KiB"
	runtime.GC()
	before := memory()
	for _, c := range []struct {
		name, part, beginning, repeated, end, want string
		most                                       uint64 // bytes of memory; it grows from one to the next
	}{
		{"rows", sheet, head, person, "</sheetData></worksheet>", `sheet "Sheet1", row `, 32 * mib},
		{"one long row", sheet, head + "<row>", "<c/>", "</row></sheetData></worksheet>", inRow + "the row has more than 16384 cells", 32 * mib},
		{"one long text", sheet, head + `<row><c t="str"><v>`, "x", "</v></c></row></sheetData></worksheet>", inRow + tooLong, 32 * mib},
		{"a text in pieces", sheet, head + `<row><c t="inlineStr"><is>`, "<r><t>xxxxxxxxxxxx</t></r>", "</is></c></row></sheetData></worksheet>", inRow + tooLong, 32 * mib},
		{"a text in blocks", sheet, head + `<row><c t="str"><v>`, "<![CDATA[xxxxxxxxxxxxxxxxx]]>", "</v></c></row></sheetData></worksheet>", inRow + tooLong, 32 * mib},
		{"one long tag", sheet, head + `<row r="`, "1", `"/></sheetData></worksheet>`, inSheet + tooLong, 32 * mib},
		{"elements in each other", sheet, "<worksheet>", "<a>", "", inSheet + "the workbook is damaged", 32 * mib},
		{"styles", "xl/styles.xml", "<styleSheet><cellXfs>", `<xf numFmtId="0"/>`, "</cellXfs></styleSheet>", `the workbook is damaged ("xl/styles.xml")`, 32 * mib},
		{"sheets", "xl/workbook.xml", "<workbook><sheets>", `<sheet name="a" r:id="rId1"/>`, "</sheets></workbook>", `the workbook is damaged ("xl/workbook.xml")`, 32 * mib},
		{"relations", "xl/_rels/workbook.xml.rels", "<Relationships>", `<Relationship Id="a" Target="b"/>`, "</Relationships>", `the workbook is damaged ("xl/_rels/workbook.xml.rels")`, 32 * mib},
		{"merged cells", sheet, head + person + "</sheetData><mergeCells>", `<mergeCell ref="A1:B1"/>`, "</mergeCells></worksheet>", inSheet + tooMuch, 160 * mib},
		{"shared texts", "xl/sharedStrings.xml", "<sst>", "<si><t>" + strings.Repeat("x", 100) + "</t></si>", "</sst>", tooMuch, 256 * mib},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := bomb(t, c.part, c.beginning, c.repeated, 24*mib, c.end)
			if len(file) > mib {
				t.Fatalf("%d bytes are no bomb", len(file))
			}
			if got := refusedRows(t, file); !strings.HasPrefix(got, c.want) {
				t.Error(got)
			}
			if took := memory() - before; took > c.most {
				t.Errorf("%d MiB for a file of %d KiB", took/mib, len(file)>>10)
			}
		})
	}
}

// TestManyParts: the list of the parts alone could fill the memory.
func TestManyParts(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range 100_000 {
		if _, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprint("xl/", i), Method: zip.Store}); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if got := refused(t, b.Bytes(), Options{}); !strings.HasPrefix(got, "the workbook has far too many parts; ") {
		t.Error(got)
	}
}

// refusedRows reads a workbook row by row until it is refused, and returns why.
func refusedRows(t *testing.T, file []byte) string {
	t.Helper()
	r, err := Open(bytes.NewReader(file), int64(len(file)), Options{})
	for err == nil {
		_, err = r.Read()
	}
	if refusal := new(Error); !errors.As(err, &refusal) || hint.Of(err) == "" {
		t.Fatalf("not refused: %v; %q", err, hint.Of(err))
	}
	return err.Error() + "; " + hint.Of(err)
}

// TestManyTexts: a large workbook that is no bomb is read. Its shared texts take little more memory than they have letters.
func TestManyTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("<sst>")
	const n = 400_000
	for range n {
		b.WriteString("<si><t>")
		for range 5 {
			b.WriteString(string(rune('a' + random.IntN(26))))
			b.WriteString(string(rune(0x1EA0 + random.IntN(80))))
		}
		b.WriteString(strings.Repeat("x", 30) + "</t></si>")
	}
	b.WriteString("</sst>")
	if b.Len() < 20<<20 {
		t.Fatal(b.Len())
	}
	file := pack(t, "_rels/.rels", rootRels, "xl/_rels/workbook.xml.rels", bookRels, "xl/workbook.xml", bookXML,
		"xl/sharedStrings.xml", b.String(), "xl/worksheets/sheet1.xml", data(`<row><c t="s"><v>399999</v></c></row>`))
	b.Reset()
	runtime.GC()
	before := memory()
	if rows, err := open(t, file, Options{}).ReadAll(); err != nil || len(rows) != 1 || !strings.HasSuffix(rows[0][0], "x") {
		t.Error(rows, err)
	}
	if took := memory() - before; took > 64<<20 {
		t.Errorf("%d MiB", took>>20)
	}
}

// TestCutAndChanged: a workbook that is cut anywhere is refused; one with a byte changed anywhere is refused, or read without an
// error. Neither is anything but an answer.
func TestCutAndChanged(t *testing.T) {
	for _, name := range []string{"employees.xlsx", "employees.ods"} {
		whole := testdata(t, name)
		o := Options{Header: isList, HiddenRows: ReadHidden}
		for n := 4; n < len(whole); n += 7 {
			if got := refused(t, whole[:n], o); !strings.Contains(got, "damaged") && !strings.Contains(got, "not a workbook") {
				t.Fatalf("%s cut after %d bytes: %s", name, n, got)
			}
		}
		for n := 4; n < len(whole); n += 5 {
			changed := bytes.Clone(whole)
			changed[n] ^= 0x55
			r, err := Open(bytes.NewReader(changed), int64(len(changed)), o)
			if err == nil {
				_, err = r.ReadAll()
			}
			if refusal := new(Error); err != nil && (!errors.As(err, &refusal) || hint.Of(err) == "") {
				t.Fatalf("%s changed at byte %d: %v", name, n, err)
			}
		}
	}
}

// TestReadingFails: an error of reading the file is told as what it is, and not as damage.
func TestReadingFails(t *testing.T) {
	whole := testdata(t, "employees.xlsx")
	for n := range 3 {
		r, err := Open(&failing{bytes.NewReader(whole), n}, int64(len(whole)), Options{Header: isList})
		if err == nil {
			_, err = r.ReadAll()
		}
		if !errors.Is(err, errFull) || hint.Of(err) != "" {
			t.Errorf("after %d reads: %v", n, err)
		}
	}
}

// failing is a file that cannot be read after a few reads.
type failing struct {
	io.ReaderAt
	left int
}

func (f *failing) ReadAt(p []byte, at int64) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errFull
	}
	return f.ReaderAt.ReadAt(p, at)
}

// FuzzParts: whatever the parts of a workbook are, the answer is rows in their order, or an error with a hint.
func FuzzParts(f *testing.F) {
	f.Add([]byte(bookXML), []byte(texts), []byte(styles), []byte(data(`<row><c t="s"><v>1</v></c><c s="3"><f>1</f><v>1</v></c></row>`)), []byte(nil))
	f.Add([]byte(bookXML), []byte("<sst/>"), []byte("<styleSheet/>"), []byte(data(`<row r="3" hidden="1"><c r="B3" t="inlineStr"><is><t>_x0041_</t></is></c></row>`)), []byte(nil))
	f.Add([]byte(bookXML), []byte("<sst/>"), []byte(`<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0.00&quot;+&quot;##\0;;;@"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>`),
		[]byte(strings.Replace(data(`<row><c s="0"><v>1</v></c><c t="str"><v>1</v></c></row>`), "</worksheet>", `<mergeCells><mergeCell ref="A1:C3"/></mergeCells></worksheet>`, 1)), []byte(nil))
	f.Add([]byte(nil), []byte(nil), []byte(nil), []byte(nil), []byte(odsDocument(`<table:table table:name="A"><table:table-row table:number-rows-repeated="2">`+odsPerson+`</table:table-row></table:table>`)))
	f.Fuzz(func(t *testing.T, book, texts, styles, sheet, content []byte) {
		file := pack(t, "content.xml", string(content), "META-INF/manifest.xml", "<a/>")
		if len(content) == 0 {
			file = pack(t, "_rels/.rels", rootRels, "xl/_rels/workbook.xml.rels", bookRels, "xl/workbook.xml", string(book), "xl/sharedStrings.xml", string(texts),
				"xl/styles.xml", string(styles), "xl/worksheets/sheet1.xml", string(sheet))
		}
		r, err := Open(bytes.NewReader(file), int64(len(file)), Options{Header: isList})
		for last, n := 0, 0; err == nil && n < 10_000; n++ {
			if _, err = r.Read(); err != nil {
				break
			}
			if r.Row() <= last {
				t.Fatalf("row %d behind row %d", r.Row(), last)
			}
			last = r.Row()
		}
		if err == io.EOF {
			last := 0
			err = r.Covered(func(row, _ int) {
				if row < last || row > maxRows {
					t.Fatalf("a covered cell in row %d behind row %d", row, last)
				}
				last = row
			})
		}
		if refusal := new(Error); err != nil && err != io.EOF && (!errors.As(err, &refusal) || hint.Of(err) == "") {
			t.Fatalf("%v", err)
		}
	})
}
