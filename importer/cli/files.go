package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/newfile"
	"etelecom-import/importer/report"
)

// employeeEndings are the endings of employee files. The content decides how a file is read; the ending only tells a file from a
// command, and which names are suggested.
var employeeEndings = []string{".csv", ".xlsx", ".ods", ".xlsm"}

// otherEndings are those of files that people name in place of an employee file.
var otherEndings = []string{".xls", ".xlsb", ".tsv", ".txt", ".doc", ".docx", ".pdf", ".json", ".numbers"}

// hasFileEnding reports whether a word ends as the name of an employee file does, or of what is taken for one.
func hasFileEnding(word string) bool {
	ending := strings.ToLower(filepath.Ext(word))
	return slices.Contains(employeeEndings, ending) || slices.Contains(otherEndings, ending)
}

// isWorkbookName reports whether a new file is to be a workbook by its name. Else it is a CSV, or refused.
func isWorkbookName(path string) (bool, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".xlsx":
		return true, nil
	case ".csv":
		return false, nil
	}
	return false, hint.With(message.Errorf("%s would be neither a workbook nor a CSV", path), "name a file that ends in .xlsx or .csv")
}

// newPasswordFile returns the ending of a new file that will hold passwords. It refuses a name that does not have one of the endings, and what is
// no file: what is printed to a screen or into a pipe is kept in places that nobody thinks of.
func newPasswordFile(path string, endings ...string) (ending string, err error) {
	list := endings[0]
	if len(endings) > 1 {
		list = message.Sprintf("%s or %s", endings[0], endings[1])
	}
	slashed := filepath.ToSlash(path)
	isDevice := strings.HasPrefix(slashed, "/dev/") || strings.HasPrefix(slashed, "/proc/")
	switch ending = strings.ToLower(filepath.Ext(path)); {
	case path == "":
		return "", hint.With(message.New("no file is named for the passwords"), message.Sprintf("name a new file that ends in %s with -o FILE", list))
	case path == stdinName || isDevice:
		return "", hint.With(message.New("passwords are written to a file that only you can read, and never printed"), message.Sprintf("name a new file that ends in %s with -o FILE", list))
	}
	if slices.Contains(endings, ending) {
		return ending, newfile.Check(path)
	}
	return "", hint.With(message.Errorf("%s does not end in %s", path, list), message.Sprintf("name a new file that ends in %s with -o FILE", list))
}

// noFileError is the error of a path that leads to no file. It says all that there is to say.
type noFileError struct{ error }

// Unwrap returns the cause, and the hint with it.
func (e noFileError) Unwrap() error { return e.error }

// isMissing reports whether an error says all that there is to say of a file that is not there.
func isMissing(err error) bool {
	missing := noFileError{}
	return errors.As(err, &missing)
}

// cannotRead says which file an error is about, unless the error says so itself, or the reading was stopped.
func cannotRead(ctx context.Context, path string, err error) error {
	if err == nil || ctx.Err() != nil || isMissing(err) {
		return err
	}
	return message.Errorf("%s cannot be read: %w", path, err)
}

// lookForFile returns a [noFileError] if a path leads to nothing, or to a folder. Anything else is found out by whoever opens the file.
func lookForFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return noFileError{folderError(path)}
	case errors.Is(err, fs.ErrNotExist):
		return noFileError{missingError(path, employeesWanted)}
	}
	return nil
}

// folderError says that a path leads to a folder, and which file of it may be meant.
func folderError(path string) error {
	wrong := message.Errorf("%s is a folder", path)
	if only := filesIn(path, isEmployeeName); len(only) == 1 {
		return hint.With(wrong, message.Sprintf("did you mean %s?", console.Quote(filepath.Join(path, only[0]))))
	}
	return hint.With(wrong, "name the file in it")
}

// wantedFile is a kind of file that people name.
type wantedFile struct {
	missing   func(name, dir string) error // that there is none of a name in a folder
	otherwise message.Text                 // what to do if nothing there looks like it
	likely    func(name string) bool       // reports whether a file may be of this kind by its name
}

var (
	employeesWanted = wantedFile{func(name, dir string) error { return message.Errorf("there is no file %s in %s", name, dir) }, "check the name and the folder", isEmployeeName}
	keyWanted       = wantedFile{
		func(name, dir string) error { return message.Errorf("there is no key file %s in %s", name, dir) },
		"write the key alone into a file of this name, or name the file that holds it",
		func(name string) bool { return !isEmployeeName(name) && !isResultName(name) },
	}
)

// missingError says where a file was looked for, and which one may be meant.
func missingError(path string, wanted wantedFile) error {
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	where := dir
	if full, err := filepath.Abs(dir); err == nil {
		where = full
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return hint.With(message.Errorf("there is no folder %s", where), "check the path")
	}
	meant := meantFile(dir, name, wanted.likely)
	didYouMean := message.Sprintf("did you mean %s?", console.Quote(strings.TrimSuffix(path, name)+meant))
	switch wrong := message.Errorf("there is no such file in %s", where); {
	case speakable(path):
	case meant != "":
		return hint.With(wrong, didYouMean)
	default:
		return hint.With(wrong, "check the name. An API key has its place in a file: --api-key-file FILE")
	}
	shown := name
	if strings.Contains(name, " ") {
		shown = `"` + name + `"`
	}
	wrong := wanted.missing(shown, where)
	if meant != "" {
		return hint.With(wrong, didYouMean)
	}
	return hint.With(wrong, string(wanted.otherwise))
}

// meantFile returns the file of a folder that a name probably means; "" if none does. Those that are not likely are it only if the name
// is the same but for its form or its ending.
func meantFile(dir, name string, likely func(name string) bool) string {
	files := filesIn(dir, func(string) bool { return true })
	same := func(change func(string) string) string {
		for _, file := range files {
			if change(file) == change(name) {
				return file
			}
		}
		return ""
	}
	stem := func(name string) string { return strings.ToLower(strings.TrimSuffix(name, filepath.Ext(name))) }
	for _, change := range []func(string) string{
		norm.NFC.String, // macOS writes names in another form than people type them
		strings.ToLower,
		func(name string) string { return strings.Trim(name, "\"'`“”‘’ ") },
	} {
		if file := same(change); file != "" {
			return file
		}
	}
	if file := similar(name, filesIn(dir, likely)); file != "" {
		return file
	}
	return same(stem)
}

// filesIn names the files of a folder whose names are wanted.
func filesIn(dir string, wanted func(name string) bool) (names []string) {
	entries, _ := os.ReadDir(filepath.Clean(dir))
	for _, e := range entries {
		if !e.IsDir() && wanted(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}

// isEmployeeName reports whether a file may be an employee file by its name. Results and lists of problems end as those do.
func isEmployeeName(name string) bool {
	isResult := strings.Contains(strings.ToLower(name), ".result.")
	return slices.Contains(employeeEndings, strings.ToLower(filepath.Ext(name))) && !isResult && !strings.HasPrefix(name, "~$")
}

// isResultName reports whether a file may be a result by its name.
func isResultName(name string) bool { return strings.HasSuffix(name, resultEnding) }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// readResult reads the result of a run, and the journal beside it.
func readResult(path string) (*ledger.Ledger, error) {
	l, err := ledger.Read(ledger.OS{}, path)
	if err == nil && !l.HasResult() && !l.HasJournal() {
		err = hint.With(message.Errorf("there is no result %s", path), message.T("name the result CSV of a run with --result FILE"))
	}
	return l, coded(report.UnusableResult, err)
}

// explainResult returns the error of a result that cannot be read: where it was looked for, if it is not there, and which one is
// probably meant.
func explainResult(path string, err error) error {
	if missing := lookForFile(path); missing != nil {
		err = hint.With(missing, hint.Of(err))
	}
	if meant := meantResult(path); meant != "" {
		err = hint.With(err, message.Sprintf("did you mean %s?", console.Quote(meant)))
	}
	return err
}

// meantResult returns the result that is probably meant by the name of something else: the result of an employee file, or one in the same
// folder; "" if there is none.
func meantResult(path string) string {
	for _, sandbox := range []bool{false, true} {
		if result, err := resultPath(path, sandbox); err == nil && exists(result) && result != path {
			return result
		}
	}
	dir, name := filepath.Split(path)
	if exists(path) || !speakable(path) {
		return ""
	}
	results := filesIn(dir, isResultName)
	if meant := similar(name, results); meant != "" {
		return dir + meant
	}
	if len(results) == 1 {
		return dir + results[0]
	}
	return ""
}
