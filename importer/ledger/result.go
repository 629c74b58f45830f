package ledger

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gocarina/gocsv"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
)

// Line is one line of the result CSV, as text. Every field is a string, so that no parser can round an id. The fields are the
// columns, in this order.
type Line struct {
	Line            string `csv:"line"`
	Name            string `csv:"name"`
	Phone           string `csv:"phone"`
	ExtensionID     string `csv:"extension_id"`
	ExtensionNumber string `csv:"extension_number"`
	UserID          string `csv:"user_id"`
	Status          string `csv:"status"`
	ErrorCode       string `csv:"error_code"`
	Error           string `csv:"error"`
	Attempts        string `csv:"attempts"`
	UpdatedAt       string `csv:"updated_at"`
	AccountID       string `csv:"account_id"`
	ToldAt          string `csv:"told_at"`
	CreatedAt       string `csv:"created_at"`
	ExtensionFrom   string `csv:"extension_from"`
}

// FromFree is what the column extension_from has where the row named no extension and a free one was chosen. Anything else in the cell
// means the same: nobody but this tool writes there.
const FromFree = "free"

// columns are the names of the columns; a file without all of [required] is no result CSV.
var columns = func() (names []string) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Line]()) {
		names = append(names, field.Tag.Get("csv"))
	}
	return names
}()

// required are the columns that every version has written. In a result without told_at, nothing was told yet. In one without
// created_at, nobody knows who was created by this job. In one without extension_from, no extension was chosen.
var required = columns[:slices.Index(columns, "told_at")]

// cells returns the line's cells in the order of columns.
func (line *Line) cells() (cells []*string) {
	v := reflect.ValueOf(line).Elem()
	for i := range v.NumField() {
		cells = append(cells, v.Field(i).Addr().Interface().(*string))
	}
	return cells
}

// texts returns the cells that hold what somebody else has written.
func (line *Line) texts() [7]*string {
	return [...]*string{&line.Name, &line.ExtensionNumber, &line.ErrorCode, &line.Error, &line.AccountID, &line.CreatedAt, &line.ExtensionFrom}
}

// entry reads the line. The Phone of the entry is 0 for a row that has no identity, since its phone was never usable.
func (line *Line) entry() (Entry, error) {
	status, ok := ParseStatus(strings.TrimSpace(line.Status))
	if !ok {
		return Entry{}, message.Errorf("status is %q", line.Status)
	}
	e := Entry{Phone: phone.Normalize(line.Phone), Name: line.Name, Status: status, ExtensionNumber: plainDigits(line.ExtensionNumber)}
	d := detail{code: line.ErrorCode, why: line.Error}

	user, damaged, ok := parseID(line.UserID)
	if !ok {
		return Entry{}, message.Errorf("user_id is %q", line.UserID)
	}
	e.UserID = user
	if user != 0 || damaged {
		e.Status = max(e.Status, Created) // whoever has an id, even a damaged one, was created, whatever the status says
	}
	e.damagedUser = user == 0 && e.Status >= Created

	e.ExtensionID, damaged, ok = parseID(line.ExtensionID)
	if !ok {
		return Entry{}, message.Errorf("extension_id is %q", line.ExtensionID)
	}
	if damaged {
		e.ExtensionID, d.damagedExtension = 0, plainNumber(line.ExtensionID)
	}
	if attempts := plainNumber(line.Attempts); attempts != "" {
		n, err := strconv.ParseInt(attempts, 10, 32)
		if err != nil || n < 0 {
			return Entry{}, message.Errorf("attempts is %q", line.Attempts)
		}
		e.Attempts = int(n)
	}
	if e.Phone == 0 && (strings.TrimSpace(line.Phone) != "" || e.Status > Failed) {
		return Entry{}, message.Errorf("phone is %q, which is not a phone number, and status is %q", line.Phone, status)
	}
	if t, err := time.Parse(time.RFC3339, strings.TrimSpace(line.UpdatedAt)); err == nil {
		e.Updated = t.Unix() // a time that a spreadsheet has rewritten is not known
	}
	wasSent := e.Attempts > 0
	hasUser := e.UserID != 0 || e.damagedUser
	e.Exists = !hasUser && wasSent && codeSaysExists(line.ErrorCode)
	e.Replaced = HasCode(line.ErrorCode, reason.PasswordReplaced)
	if e.Replaced && e.Status != Done { // it is not why the row is not done
		d.code = JoinCodes(slices.DeleteFunc(slices.Collect(Codes(d.code)), func(c string) bool { return c == reason.PasswordReplaced })...)
	}
	e.listed = strings.TrimSpace(line.Line) != ""
	if e.Status >= Created && !e.Replaced {
		e.CreatedAt, d.damagedCreated = parseCreated(line.CreatedAt)
	}
	e.setDetail(d)
	e.Chosen = strings.TrimSpace(line.ExtensionFrom) != ""
	return e, nil
}

// codeSaysExists reports whether the code of a row that was sent and has no id means that [Entry.Exists] was set. A row
// that was answered otherwise, and that the plan refuses since the person is there, has the other answer's code beside
// user_exists.
func codeSaysExists(code string) bool {
	return code == reason.UserExists || HasCode(code, reason.AlreadyExists) || HasCode(code, reason.Precondition)
}

// lineOf returns an entry as a line of the result CSV, without what only the roster and the owner tell.
func lineOf(e *Entry) Line {
	code, why := e.Reason()
	if e.Exists && !codeSaysExists(code) {
		code = reason.UserExists // the result CSV must not lose that the phone is never to be created again
	}
	extension := FormatID(e.ExtensionID)
	if e.ExtensionID == 0 {
		extension = e.detail().damagedExtension
	}
	return Line{
		Name:            e.Name,
		Phone:           e.Phone.String(),
		ExtensionID:     extension,
		ExtensionNumber: e.ExtensionNumber,
		UserID:          FormatID(e.UserID),
		Status:          e.Status.String(),
		ErrorCode:       e.WithReplaced(code),
		Error:           why,
		Attempts:        strconv.Itoa(e.Attempts),
		UpdatedAt:       formatTime(e.Updated),
		CreatedAt:       cmp.Or(formatTime(e.CreatedAt), e.detail().damagedCreated),
		ExtensionFrom:   formatChosen(e.Chosen),
	}
}

// formatChosen writes whether an extension was chosen.
func formatChosen(chosen bool) string {
	if chosen {
		return FromFree
	}
	return ""
}

// FormatID writes an id; "" for 0.
func FormatID(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

// formatTime writes a time in Unix seconds; "" for 0.
func formatTime(unix int64) string {
	if unix == 0 {
		return ""
	}
	return time.Unix(unix, 0).UTC().Format(time.RFC3339)
}

// ReadLines calls line with every line of a result CSV, in order, as this tool or a spreadsheet wrote it. number is the line's
// number in the file. The line is valid until the next call.
func ReadLines(r io.Reader, line func(number int, l *Line) error) error {
	return readRaw(r, func([]int) {}, func(number int, l *Line) error {
		restoreFormulas(l)
		return line(number, l)
	})
}

// readRaw calls header with where each of the columns is, and line with every line as the file has it: always the same one, filled anew.
func readRaw(r io.Reader, header func(at []int), line func(number int, l *Line) error) error {
	reader, at, err := openCSV(r)
	if err != nil {
		return err
	}
	header(at)
	l := &Line{}
	cells := l.cells()
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok && errors.Is(err, csv.ErrFieldCount) {
			return withResultHint(message.Errorf("%w: line %d has more or fewer cells than the first line", ErrRefused, wrong.Line))
		}
		if err != nil {
			return withResultHint(fmt.Errorf("%w: %w", ErrRefused, err))
		}
		for i, cell := range cells {
			if *cell = ""; at[i] >= 0 {
				*cell = record[at[i]]
			}
		}
		if *l == (Line{}) {
			continue // a blank row of a spreadsheet
		}
		number, _ := reader.FieldPos(0)
		if err := line(number, l); err != nil {
			return withResultHint(message.Errorf("%w: line %d: %w", ErrRefused, number, err))
		}
	}
}

// linesTogether is how many lines are given to the CSV encoder at once.
const linesTogether = 1024

// WriteLines writes a result CSV: UTF-8, comma, LF, a header.
func WriteLines(w io.Writer, lines iter.Seq[*Line]) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	batch := make([]Line, 0, linesTogether)
	flush := func() error {
		err := gocsv.MarshalCSVWithoutHeaders(batch, out)
		batch = batch[:0]
		return err
	}
	for line := range lines {
		batch = append(batch, *line)
		escapeFormulas(&batch[len(batch)-1])
		if len(batch) == linesTogether {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// resultFile is what is known of the result CSV as it was read.
type resultFile struct {
	exists  bool
	account string       // that its lines name
	bytes   maphash.Hash // of the file
	lines   lineHash     // of its lines
	shown   []shown      // its lines with an error code

	tellsCreated bool // it has the column created_at
}

// read reads the file, if there is one, into entries that have none yet.
func (f *resultFile) read(files *folder, into *entries) error {
	err := files.read(files.result, func(r io.Reader) error { return f.parse(io.TeeReader(r, &f.bytes), into) })
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	f.exists = err == nil
	return err
}

// parse reads a result CSV.
func (f *resultFile) parse(r io.Reader, into *entries) error {
	var (
		known = interner{}
		cells []*string // of the one line that readRaw fills
	)
	return readRaw(r, f.header, func(_ int, line *Line) error {
		if cells == nil {
			cells = line.cells()
		}
		f.lines.add(cells)
		restoreFormulas(line)
		of := plainDigits(line.AccountID)
		if f.account == "" {
			f.account = strings.Clone(of)
		}
		if of == "" || of != f.account {
			return message.Errorf("account_id is %q, and %q above: two results, or half a file", line.AccountID, f.account)
		}
		e, err := line.entry()
		if err == nil {
			f.note(line)
		}
		if err != nil || e.Phone == 0 {
			return err
		}
		ownTexts(&e, known)
		if earlier := into.lookup(e.Phone); earlier != nil {
			return earlier.mergeLine(e)
		}
		into.add(e)
		return nil
	})
}

// header takes in where each of the columns is.
func (f *resultFile) header(at []int) { f.tellsCreated = at[slices.Index(columns, "created_at")] >= 0 }

// note remembers a line of the file with an error code.
func (f *resultFile) note(line *Line) {
	if line.ErrorCode == "" {
		return
	}
	var told int64
	if t, err := time.Parse(time.RFC3339, strings.TrimSpace(line.ToldAt)); err == nil {
		told = t.Unix() // a time that a spreadsheet has rewritten is not known: people are told once more
	}
	f.shown = append(f.shown, shown{printOf(f.lines.Seed(), line), told})
}

// ownTexts copies the texts of an entry that was just read: they are parts of its line, which would be kept as a whole.
func ownTexts(e *Entry, known interner) {
	e.Name, e.ExtensionNumber = strings.Clone(e.Name), strings.Clone(e.ExtensionNumber)
	d := e.detail()
	d.code, d.why, d.damagedExtension = known.one(d.code), known.one(d.why), strings.Clone(d.damagedExtension)
	d.damagedCreated = known.one(d.damagedCreated)
	e.setDetail(d)
}

// unchanged reports whether the file has these lines, and nobody has changed it since it was read.
func (f *resultFile) unchanged(files *folder, lines iter.Seq[*Line]) bool {
	if !f.exists {
		return false
	}
	var (
		wanted  lineHash
		escaped Line
		cells   = escaped.cells()
	)
	wanted.SetSeed(f.lines.Seed())
	for line := range lines {
		escaped = *line
		escapeFormulas(&escaped)
		wanted.add(cells)
	}
	return wanted.Sum64() == f.lines.Sum64() && f.untouched(files)
}

// untouched reports whether the file is what it was when it was read.
func (f *resultFile) untouched(files *folder) bool {
	var now maphash.Hash
	now.SetSeed(f.bytes.Seed())
	err := files.read(files.result, func(r io.Reader) error {
		_, err := io.Copy(&now, r)
		return err
	})
	if errors.Is(err, os.ErrNotExist) {
		return !f.exists
	}
	return err == nil && f.exists && now.Sum64() == f.bytes.Sum64()
}

// replace replaces the file with one that has these lines, of this account.
func (f *resultFile) replace(files *folder, lines iter.Seq[*Line], account string) error {
	err := files.replace(files.result, func(w io.Writer) error { return WriteLines(w, lines) })
	if err != nil {
		return err
	}
	f.exists, f.account = true, account
	return nil
}

// lineHash tells results with other lines, or in another order, apart.
type lineHash struct{ maphash.Hash }

// add adds the cells of one line.
func (h *lineHash) add(cells []*string) {
	for _, cell := range cells {
		_, _ = h.WriteString(*cell)
		_ = h.WriteByte(0xff) // in no text
	}
}
