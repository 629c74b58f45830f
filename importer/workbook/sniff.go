package workbook

import (
	"bytes"
	"encoding/binary"
	"io"
	"regexp"
	"unicode/utf16"

	"etelecom-import/apiclient/message"
)

// Format is what a file is, by its contents: names of files say little, since people and programs give any name to any file.
type Format uint8

// What a file is.
const (
	PlainText    Format = iota // perhaps a CSV, and everything that is not known
	ExcelXLSX                  // an Excel workbook: .xlsx, .xlsm, .xltx
	OpenDocument               // a spreadsheet of LibreOffice or OpenOffice: .ods
	ExcelBinary                // .xlsb
	Document                   // a text document: .docx, .odt
	Slides                     // .pptx
	Numbers                    // of Apple
	OtherZip                   // any other zip file
	ExcelOld                   // .xls
	Encrypted                  // an Excel workbook with a password
	OtherOLE                   // an old Word document, and others
	ExcelXML                   // XML Spreadsheet 2003
	FlatODS                    // .fods
	OtherXML
	HTML
	WebArchive // .mht
	JSON
	RTF
	PDF
	Gzip
	OtherArchive // .7z, .rar, .bz2, .xz, .zst
	Picture
)

// SniffLength is how much of the beginning of a file [Sniff] wants to see.
const SniffLength = 4096

// Sniff says what a file is from its beginning. The parts of a zip file or of an old Office file may be anywhere in it, so that
// [Open] may find another kind than Sniff. Only text is certain to be text: give everything else to Open, which reads
// it or says what it is.
func Sniff(head []byte) Format {
	switch {
	case hasAny(head, "PK\x03\x04", "PK\x05\x06", "PK\x07\x08"):
		return sniffZip(head)
	case hasAny(head, oleMark):
		return sniffOLE(head)
	case hasAny(head, "\x09\x00\x04\x00", "\x09\x02\x06\x00", "\x09\x04\x06\x00"): // Excel 2, 3 and 4
		return ExcelOld
	case hasAny(head, "\x1F\x8B"):
		return Gzip
	case hasAny(head, "7z\xBC\xAF\x27\x1C", "Rar!\x1A\x07", "BZh91AY&SY", "\xFD7zXZ\x00", "\x28\xB5\x2F\xFD"):
		return OtherArchive
	case hasAny(head, "\x89PNG\r\n", "\xFF\xD8\xFF", "GIF87a", "GIF89a"):
		return Picture
	}
	return sniffText(narrowed(head))
}

// Text reports whether a file of this kind is read as text, and not by [Open].
func (f Format) Text() bool { return f == PlainText }

func hasAny(head []byte, beginnings ...string) bool {
	for _, b := range beginnings {
		if bytes.HasPrefix(head, []byte(b)) {
			return true
		}
	}
	return false
}

// sniffZip says what a zip file is by the names of its first parts.
func sniffZip(head []byte) Format {
	for _, of := range []struct {
		name   string
		format Format
	}{
		{"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", OpenDocument},
		{"xl/workbook.bin", ExcelBinary},
		{"xl/", ExcelXLSX},
		{"word/", Document},
		{"ppt/", Slides},
		{"Index/", Numbers},
		{"[Content_Types].xml", ExcelXLSX},
	} {
		if bytes.Contains(head, []byte(of.name)) {
			return of.format
		}
	}
	return OtherZip
}

// oleMark begins a compound file, which holds streams with names as a folder holds files ([MS-CFB] 2.2).
const oleMark = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// sniffOLE says what a compound file is by the names of its streams.
func sniffOLE(head []byte) Format {
	switch {
	case bytes.Contains(head, streamName("EncryptedPackage")):
		return Encrypted
	case bytes.Contains(head, streamName("Workbook")), bytes.Contains(head, streamName("Book")):
		return ExcelOld
	}
	return OtherOLE
}

// streamName returns a name as the directory of a compound file has it.
func streamName(name string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(name + "\x00")) {
		b = binary.LittleEndian.AppendUint16(b, unit)
	}
	return b
}

// oleDirectory returns the sectors of a compound file that hold the names of its streams, or as many of them as are found
// ([MS-CFB] 2.2, 2.3).
func oleDirectory(r io.ReaderAt) (names []byte) {
	header := make([]byte, 512)
	if n, _ := r.ReadAt(header, 0); n < len(header) {
		return nil
	}
	number := func(b []byte, at uint32) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
	size := uint32(1) << min(max(binary.LittleEndian.Uint16(header[30:]), 9), 12)
	sector, table := make([]byte, size), make([]byte, size)
	read := func(into []byte, n uint32) bool {
		got, _ := r.ReadAt(into, (int64(n)+1)*int64(size))
		return got > 0
	}
	const most = 64 // sectors: far more than the directory of a workbook has
	for n := number(header, 48); len(names) < most*len(sector) && read(sector, n); {
		names = append(names, sector...)
		perSector := size / 4 // the table of sectors says which one is the next
		at := n / perSector
		if at >= 109 || !read(table, number(header, 76+4*at)) {
			break
		}
		n = number(table, 4*(n%perSector))
	}
	return names
}

// narrowed returns the beginning of a text without a byte order mark and, of UTF-16, without every other byte.
func narrowed(head []byte) []byte {
	if hasAny(head, "\xFF\xFE", "\xFE\xFF") {
		return bytes.ReplaceAll(head[2:], []byte{0}, nil)
	}
	return bytes.TrimPrefix(head, []byte("\uFEFF"))
}

var (
	// A cell of a CSV may begin with a tag, too, but hardly with one of these.
	htmlStart = regexp.MustCompile(`(?i)^(<!--.*?-->\s*)?<(!doctype html|html|head|body|table|meta|style|script|title|center|div)[\s>]`)
	jsonStart = regexp.MustCompile(`^(\{\s*["}]|\[\s*[\[{\]"])`)
	mhtStart  = regexp.MustCompile(`(?i)^(mime-version:|from:.*\r?\n(.*\r?\n){0,6}mime-version:)`)
)

func sniffText(head []byte) Format {
	head = bytes.TrimLeft(head, " \t\r\n")
	switch {
	case hasAny(head, "%PDF-"):
		return PDF
	case hasAny(head, `{\rtf`):
		return RTF
	case htmlStart.Match(head):
		return HTML
	case hasAny(head, "<?xml"):
		return sniffXML(head)
	case jsonStart.Match(head):
		return JSON
	case mhtStart.Match(head):
		return WebArchive
	}
	return PlainText
}

func sniffXML(head []byte) Format {
	switch {
	case bytes.Contains(head, []byte("urn:schemas-microsoft-com:office:spreadsheet")), bytes.Contains(head, []byte("Excel.Sheet")):
		return ExcelXML
	case bytes.Contains(head, []byte("<office:document")):
		return FlatODS
	case bytes.Contains(bytes.ToLower(head), []byte("<html")):
		return HTML
	}
	return OtherXML
}

const (
	inExcel       message.Text = "in Excel: File, Save As, Excel Workbook (.xlsx)"
	inLibreOffice message.Text = "in LibreOffice: File, Save As, Excel 2007-365 (.xlsx)"
	asExport      message.Text = "export the list as an Excel workbook (.xlsx) or as CSV UTF-8"
)

// refusals say what a file is that is not read, and what to do.
var refusals = map[Format]struct{ problem, hint message.Text }{
	ExcelBinary:  {"this is a binary Excel workbook (.xlsb)", inExcel},
	Document:     {"this is a text document, and not a workbook", "copy the table into a new Excel workbook, and save that"},
	Slides:       {"these are slides, and not a workbook", "copy the table into a new Excel workbook, and save that"},
	Numbers:      {"this is a Numbers document", "in Numbers: File, Export To, Excel (.xlsx)"},
	OtherZip:     {"this is a zip file, and not a workbook", "unpack it, and name the file in it"},
	ExcelOld:     {"this is an old Excel file (.xls)", inExcel},
	Encrypted:    {"this Excel workbook has a password", "remove the password in Excel: File, Info, Protect Workbook, Encrypt with Password; delete the password, and save"},
	OtherOLE:     {"this is an old Office document, and not a workbook", inExcel},
	ExcelXML:     {"this is an XML Spreadsheet 2003", inExcel},
	FlatODS:      {"this is a flat XML spreadsheet (.fods)", inLibreOffice},
	OtherXML:     {"this is an XML file", asExport},
	HTML:         {"this is a web page (HTML), whatever its name is", "open it in Excel; then File, Save As, Excel Workbook (.xlsx)"},
	WebArchive:   {"this is a web page archive (.mht), whatever its name is", "open it in Excel; then File, Save As, Excel Workbook (.xlsx)"},
	JSON:         {"this is a JSON file", asExport},
	RTF:          {"this is a text document (.rtf)", "copy the table into a new Excel workbook, and save that"},
	PDF:          {"this is a PDF", "ask for the Excel workbook or the CSV that it was made from"},
	Gzip:         {"this is a compressed file (.gz)", "unpack it, and name the file in it"},
	OtherArchive: {"this is a compressed file", "unpack it, and name the file in it"},
	Picture:      {"this is a picture", "ask for the Excel workbook or the CSV that it was made from"},
}

// Refusal returns the error for a file that is not read, with how to save it; nil if it is text, or if only [Open], which sees more
// of it, can say.
func (f Format) Refusal() error {
	if f.inParts() {
		return nil
	}
	return f.refusal()
}

// inParts reports whether more than the beginning of a file has to be seen to tell what it is.
func (f Format) inParts() bool { return f >= ExcelXLSX && f <= OtherOLE }

// refusal returns the error for a file that is certainly of this kind; nil if it can be read.
func (f Format) refusal() error {
	r, refused := refusals[f]
	if !refused {
		return nil
	}
	return refuse(r.problem.String(), r.hint.String())
}
