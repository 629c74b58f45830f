package workbook

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"io"
	"math"
	"path"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"etelecom-import/apiclient/message"
)

// archive is the zip file that a workbook is: its parts by name.
type archive struct {
	parts map[string]*zip.File // by partKey
}

func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	file := &bounded{r, maxDirectory}
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, brokenZip(err)
	}
	file.left = math.MaxInt64
	a := &archive{make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		key := partKey(f.Name)
		if a.parts[key] != nil { // programs differ in which of the two they read
			return nil, damaged(f.Name)
		}
		a.parts[key] = f
	}
	return a, nil
}

// bounded is a file of which so many bytes may still be read. The list of its parts takes ten times the memory that it has bytes.
type bounded struct {
	io.ReaderAt
	left int64
}

// ReadAt implements [io.ReaderAt].
func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errBomb
	}
	return b.ReaderAt.ReadAt(p, at)
}

// brokenZip is the error for a zip file that cannot be read; an error of reading the file itself stays what it is.
func brokenZip(err error) error {
	if errors.Is(err, errBomb) {
		return refuse(message.T("the workbook has far too many parts"), saveAgain.String())
	}
	if errors.Is(err, zip.ErrFormat) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return refuse(message.T("the file is damaged: it begins like a workbook, and its end is missing"),
			message.T("copy it again from where it came, or open it in Excel and save it again"))
	}
	return err
}

// partKey returns a part's name for comparison: case does not matter, and some programs write backslashes.
func partKey(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// has reports whether there is a part.
func (a *archive) has(name string) bool { return a.parts[partKey(name)] != nil }

// hasBelow reports whether there is a part in a folder.
func (a *archive) hasBelow(folder string) bool {
	for key := range a.parts {
		if strings.HasPrefix(key, folder) {
			return true
		}
	}
	return false
}

// format says what the file is and, of an Office document, which part the others are found from.
func (a *archive) format() (f Format, main string, err error) {
	if a.has("mimetype") {
		switch kind, err := a.mimeType(); {
		case err != nil:
			return 0, "", err
		case strings.HasPrefix(kind, "application/vnd.oasis.opendocument.spreadsheet"):
			return OpenDocument, "", nil
		case strings.HasPrefix(kind, "application/vnd.oasis.opendocument.text"):
			return Document, "", nil
		}
	}
	main, err = mainPart(a)
	switch {
	case err != nil:
		return 0, "", err
	case strings.HasPrefix(main, "word/"):
		return Document, "", nil
	case strings.HasPrefix(main, "ppt/"):
		return Slides, "", nil
	case strings.HasSuffix(main, ".bin"):
		return ExcelBinary, "", nil
	case main != "":
		return ExcelXLSX, main, nil
	case a.has(odsContent) && a.has(odsManifest):
		return OpenDocument, "", nil
	case a.hasBelow("index/"):
		return Numbers, "", nil
	case a.hasBelow("xl/"):
		return 0, "", damaged("xl/workbook.xml")
	}
	return OtherZip, "", nil
}

// mimeType returns what an OpenDocument file says that it is.
func (a *archive) mimeType() (string, error) {
	r, err := a.parts["mimetype"].Open()
	if err != nil {
		return "", damaged("mimetype")
	}
	defer func() { _ = r.Close() }()
	kind, err := io.ReadAll(io.LimitReader(r, 200))
	if err != nil {
		return "", damaged("mimetype")
	}
	return string(kind), nil
}

// open returns a part, which must be there.
func (a *archive) open(name string) (*part, error) {
	f := a.parts[partKey(name)]
	if f == nil {
		return nil, damaged(name)
	}
	if f.Flags&1 != 0 {
		return nil, refuse(message.T("the file is a zip file with a password"), message.T("unpack it, and name the workbook in it"))
	}
	r, err := f.Open()
	if err != nil {
		return nil, (&part{path: name}).readable(err)
	}
	p := &part{path: f.Name, r: r, packed: f.CompressedSize64, size: f.UncompressedSize64}
	p.scanner = newScanner(p)
	return p, nil
}

// each calls see with each tag that opens, to the end of a part.
func (a *archive) each(name string, see func(p *part) error) error {
	p, err := a.open(name)
	if err != nil {
		return err
	}
	defer p.Close()
	for {
		switch err := p.next(); {
		case err == io.EOF:
			return nil
		case err != nil:
			return p.readable(err)
		case p.tag != opens:
			continue
		}
		if err := see(p); err != nil {
			return p.readable(err)
		}
	}
}

// isDamage reports whether err is about the contents of a part, and not about reading the file.
func isDamage(err error) bool {
	for _, damage := range []error{
		errNotWellFormed, zip.ErrFormat, zip.ErrChecksum, zip.ErrAlgorithm, io.ErrUnexpectedEOF, io.EOF, io.ErrNoProgress, unicode.ErrMissingBOM,
	} {
		if errors.Is(err, damage) {
			return true
		}
	}
	var corrupt flate.CorruptInputError
	return errors.As(err, &corrupt)
}

// part is a part of a workbook while it is read.
type part struct {
	*scanner
	path     string // of the part
	r        io.ReadCloser
	packed   uint64 // bytes
	unpacked uint64 // bytes, so far
	size     uint64 // bytes, unpacked, as the file says
}

var errBomb = message.New("too much is packed into too little")

// Read implements [io.Reader]. It bounds what is unpacked.
func (p *part) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.unpacked += uint64(n)
	if p.unpacked > maxPart || p.unpacked > freeOfBomb && p.unpacked/maxRatio > p.packed {
		return n, errBomb
	}
	return n, err
}

// ahead estimates how much of the part is still to come, as a multiple of what was read.
func (p *part) ahead() float64 {
	return max(0, float64(p.size)-float64(p.unpacked)) / float64(max(p.unpacked, 1))
}

// Close ends the reading of the part.
func (p *part) Close() { _ = p.r.Close() }

// readable returns an error of reading a part as one for people. One that is so already, or is of reading the file, stays as it is.
func (p *part) readable(err error) error {
	var refused *Error
	switch {
	case errors.As(err, &refused):
		return err
	case errors.Is(err, errBomb):
		return refuse(message.Sprintf("the workbook unpacks to far more than it should (%q)", p.path),
			message.T("copy the rows into a new workbook, and save that"))
	case errors.Is(err, errTooLarge):
		return refuse(message.Sprintf("the workbook has a text of more than %d KiB, which is the limit", maxText>>10),
			message.T("delete from the cell what is not needed"))
	case isDamage(err):
		return damaged(p.path)
	}
	return message.Errorf("%q: %w", p.path, err)
}
