package ledger

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"time"

	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
)

// Reported is what the result CSV, as it was read, shows of rows with an error code, and when people were told of each. Rows without
// a usable phone, and rows of one phone, are told apart by what the result shows of them alone. So several rows can look the same:
// each line of the result stands for one of them.
type Reported struct {
	shown []shown // sorted
	taken []bool
}

// shown is one line of the result CSV with an error code: a hash, since a bad day has as many of them as people.
type shown struct {
	print uint64
	told  int64 // Unix seconds; 0: never
}

func newReported(lines []shown) *Reported {
	slices.SortFunc(lines, func(a, b shown) int { return cmp.Or(cmp.Compare(a.print, b.print), cmp.Compare(a.told, b.told)) })
	return &Reported{lines, make([]bool, len(lines))}
}

// Fingerprint is what two lines have in common that show the same trouble of the same person.
type Fingerprint uint64

// Take takes a line that looks like this out of those that are left; of several, the one that was told first. told is when that was;
// the zero time if it never was. found is false if none is left.
func (r *Reported) Take(f Fingerprint) (told time.Time, found bool) {
	i, _ := r.find(f)
	for ; i < len(r.shown) && r.shown[i].print == uint64(f); i++ {
		if r.taken[i] {
			continue
		}
		r.taken[i] = true
		if r.shown[i].told != 0 {
			told = time.Unix(r.shown[i].told, 0)
		}
		return told, true
	}
	return time.Time{}, false
}

// Told returns when a line that looks like this was told last, taken or not; the zero time if it never was, or there is none.
func (r *Reported) Told(f Fingerprint) time.Time {
	i, found := r.find(f)
	if !found || r.shown[i].told == 0 {
		return time.Time{}
	}
	return time.Unix(r.shown[i].told, 0)
}

// find returns the place of the first line that looks like this.
func (r *Reported) find(f Fingerprint) (at int, found bool) {
	return slices.BinarySearchFunc(r.shown, uint64(f), func(s shown, print uint64) int { return cmp.Compare(s.print, print) })
}

// printOf is a hash of what makes a failure the same one: who the row is of, the extension it names, its status, and why it is not done.
func printOf(seed maphash.Seed, line *Line) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	status := strings.TrimSpace(line.Status)
	add := func(cells ...string) uint64 {
		for _, cell := range cells {
			_, _ = h.WriteString(noReturns(strings.TrimSpace(cell)))
			_ = h.WriteByte(0xff) // in no text
		}
		return h.Sum64()
	}
	who := phone.Normalize(line.Phone).String()
	if status == Done.String() && HasCode(line.ErrorCode, reason.PasswordReplaced) && !hasFailure(line.ErrorCode) {
		return add(who, status, reason.PasswordReplaced) // it was replaced once, whatever the row is warned of now
	}
	why := line.Error
	// Rows move between runs, so a text that names lines is the same with others. That of a row that is done names the extension
	// which the employee file has now, and the result has no column for it.
	if status != Done.String() || HasCode(line.ErrorCode, reason.DuplicatePhone) || HasCode(line.ErrorCode, reason.DuplicateExtension) {
		why = withoutSmallNumbers(why)
	}
	// rule: known-exactly
	return add(who, line.Name, plainNumber(line.ExtensionID), plainDigits(line.ExtensionNumber), status, line.ErrorCode, why)
}

// hasFailure reports whether a code of one cell of the result says that the row is not as it should be.
func hasFailure(cell string) bool {
	for code := range Codes(cell) {
		if reason.Of(code).Kind == reason.Failure {
			return true
		}
	}
	return false
}

// maxSmallNumber is how many digits a number has at most that is left out of a comparison: a line, or a count. Phones and ids have
// more.
const maxSmallNumber = 6

// withoutSmallNumbers returns a text with one sign for each number of few digits. Those in quotes stay: they are what a cell of the
// employee file has, and not a line of it.
func withoutSmallNumbers(text string) string {
	isDigit := func(i int) bool { return i < len(text) && '0' <= text[i] && text[i] <= '9' }
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); {
		end := i
		for isDigit(end) {
			end++
		}
		switch n := end - i; {
		case n == 0:
			quoted = quoted != (text[i] == '"')
			b.WriteByte(text[i])
			end++
		case n <= maxSmallNumber && !quoted:
			b.WriteByte('#')
		default:
			b.WriteString(text[i:end])
		}
		i = end
	}
	return b.String()
}
