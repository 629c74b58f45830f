package workbook

import (
	"strings"
	"testing"
)

// TestOtherFiles: a file that is no workbook is named as what it is, with how to save it.
func TestOtherFiles(t *testing.T) {
	for name, want := range map[string]string{
		"employees.xls":  "this is an old Excel file (.xls); in Excel: File, Save As, Excel Workbook (.xlsx)",
		"employees.html": "this is a web page (HTML), whatever its name is; open it in Excel; then File, Save As, Excel Workbook (.xlsx)",
		"employees.fods": "this is a flat XML spreadsheet (.fods); in LibreOffice: File, Save As, Excel 2007-365 (.xlsx)",
	} {
		if got := refused(t, testdata(t, name), Options{}); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestSniff: what a file is, by its beginning.
func TestSniff(t *testing.T) {
	ole := func(stream string) string {
		return oleMark + strings.Repeat("\x00", 504) + string(streamName("Root Entry")) + string(streamName(stream))
	}
	for head, want := range map[string]Format{
		"":                                       PlainText,
		"name,phone\n":                           PlainText,
		"\uFEFFHọ và tên;SĐT\n":                  PlainText,
		"\xFF\xFEn\x00a\x00m\x00e\x00":           PlainText,
		"[Họ tên],phone\n":                       PlainText,
		"{name},phone\n":                         PlainText,
		"<b>name</b>,phone\n":                    PlainText,
		"<name>;<phone>\n":                       PlainText,
		"From,To\nMIME,x\n":                      PlainText,
		"PK,name,phone\n":                        PlainText,
		"sep=;\nname;phone\n":                    PlainText,
		"RIFF,name\n":                            PlainText,
		"BZh,name\n":                             PlainText,
		"%PDF-1.7\n":                             PDF,
		"\r\n%PDF-1.4":                           PDF,
		"<html>":                                 HTML,
		"\uFEFF <!DOCTYPE html>\n<html>":         HTML,
		"<HTML xmlns:x='y'>":                     HTML,
		"<!-- a table -->\n<table border='1'>":   HTML,
		"\xFF\xFE<\x00h\x00t\x00m\x00l\x00>\x00": HTML,
		"<meta charset='utf-8'><table>":          HTML,
		"<?xml version='1.0'?><!DOCTYPE html><html xmlns='x'>":                                 HTML,
		"<?xml version='1.0'?>\n<?mso-application progid=\"Excel.Sheet\"?>":                    ExcelXML,
		"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>": ExcelXML,
		"<?xml version='1.0'?><office:document xmlns:office='x'>":                              FlatODS,
		"<?xml version='1.0'?><rows/>":                                                         OtherXML,
		`{"name":"a"}`:                                                                         JSON,
		"[\n  {\"name\": 1}]":                                                                  JSON,
		"{}":                                                                                   JSON,
		`{\rtf1\ansi`:                                                                          RTF,
		"MIME-Version: 1.0\r\nContent-Type: multipart/related":                                 WebArchive,
		"From: <x>\r\nSubject: y\r\nMIME-Version: 1.0\r\n":                                     WebArchive,
		"\x1F\x8B\x08":                                                                         Gzip,
		"7z\xBC\xAF\x27\x1C":                                                                   OtherArchive,
		"Rar!\x1A\x07\x01":                                                                     OtherArchive,
		"BZh91AY&SY":                                                                           OtherArchive,
		"\xFD7zXZ\x00":                                                                         OtherArchive,
		"\x89PNG\r\n\x1A\n":                                                                    Picture,
		"\xFF\xD8\xFF\xE0":                                                                     Picture,
		ole("Workbook"):                                                                        ExcelOld,
		ole("Book"):                                                                            ExcelOld,
		ole("EncryptedPackage"):                                                                Encrypted,
		ole("WordDocument"):                                                                    OtherOLE,
		"\x09\x02\x06\x00":                                                                     ExcelOld,
	} {
		if got := Sniff([]byte(head)); got != want {
			t.Errorf("%q is %d, want %d", head, got, want)
		}
		refusal := Sniff([]byte(head)).Refusal()
		if isRefused := refusal != nil; isRefused != (want != PlainText && want != ExcelOld && want != Encrypted && want != OtherOLE) {
			t.Errorf("%q: %v", head, refusal)
		}
	}
}

// TestZipFiles: what begins as a workbook may be another thing that is a zip file.
func TestZipFiles(t *testing.T) {
	main := func(part string) string { return strings.ReplaceAll(rootRels, "xl/workbook.xml", part) }
	for want, file := range map[string][]byte{
		"this is a text document, and not a workbook; copy the table":      pack(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", main("word/document.xml"), "word/document.xml", "<a/>"),
		"these are slides, and not a workbook; copy":                       pack(t, "_rels/.rels", main("ppt/presentation.xml"), "ppt/presentation.xml", "<a/>"),
		"this is a binary Excel workbook (.xlsb); in Excel: File, Save As": pack(t, "_rels/.rels", main("xl/workbook.bin"), "xl/workbook.bin", "x"),
		"this is a Numbers document; in Numbers: File, Export To, Excel":   pack(t, "Index/Document.iwa", "x", "Metadata/Properties.plist", "x"),
		"this is a zip file, and not a workbook; unpack it":                pack(t, "employees.csv", "name,phone"),
		`the workbook is damaged ("xl/workbook.xml")`:                      pack(t, "xl/worksheets/sheet1.xml", "<worksheet/>"),
		`the workbook is damaged ("content.xml")`:                          pack(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
		"the file is damaged: it begins like a workbook, and its end":      oneSheet(t, data(""))[:500],
	} {
		if got := refused(t, file, Options{}); !strings.HasPrefix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
	odt := pack(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<a/>", "META-INF/manifest.xml", "<a/>")
	if got := refused(t, odt, Options{}); !strings.HasPrefix(got, "this is a text document") {
		t.Error(got)
	}
	if got := refused(t, []byte("name,phone\n"), Options{}); !strings.HasPrefix(got, "this is not a workbook") {
		t.Error(got)
	}
	doubled := pack(t, "_rels/.rels", rootRels, "xl/workbook.xml", bookXML, "XL/Workbook.xml", bookXML)
	if got := refused(t, doubled, Options{}); !strings.HasPrefix(got, "the workbook is damaged") {
		t.Error(got)
	}
}

func TestHiddenRows(t *testing.T) {
	for _, name := range []string{"employees.xlsx", "employees.ods"} {
		file := testdata(t, name)
		if got := refused(t, file, Options{Header: isList}); !strings.Contains(got, "the sheet has 2 hidden rows, perhaps by a filter: 7, 8; add --hidden-rows skip") {
			t.Errorf("%s: %s", name, got)
		}
		r := open(t, file, Options{Header: isList, HiddenRows: SkipHidden})
		rows, err := r.ReadAll()
		if len(rows) != 7 || err != nil || len(r.Hidden()) != 2 || r.Blank() != 2 {
			t.Errorf("%s: %d rows, %v, hidden %v, %d blank", name, len(rows), err, r.Hidden(), r.Blank())
		}
	}
}
