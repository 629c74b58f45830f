package importer_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "etelecom-import"

// mayImport says what each package may import beyond the standard library. Tests may import more.
var mayImport = map[string][]string{
	".":                   {"importer/cli"}, // main ends the process, and the command line is a package
	"apiclient":           {"apiclient/pacer", "apiclient/secret", "apiclient/transport", "apiclient/wait", "golang.org/x/text/unicode/norm"},
	"apiclient/fakenet":   nil,
	"apiclient/message":   nil,
	"apiclient/pacer":     {"apiclient/wait", "golang.org/x/time/rate"},
	"apiclient/sandbox":   nil, // an imitation that shares nothing with what it tests
	"apiclient/secret":    {"golang.org/x/text/unicode/norm"},
	"apiclient/transport": {"golang.org/x/net/proxy", "golang.org/x/sys"},
	"apiclient/wait":      nil,
	"apiclient/wiretest":  nil,
	"importer": {
		"apiclient", "importer/hint", "importer/ledger", "importer/phone", "importer/plan", "importer/reason", "importer/roster", "importer/tenant",
		"importer/vietnamese", "golang.org/x/sync/errgroup", "golang.org/x/sys/unix",
	},
	"importer/check": {"apiclient", "importer"},
	"importer/cli": {
		"apiclient", "apiclient/sandbox", "apiclient/secret", "importer", "importer/check", "importer/console", "importer/console/layout",
		"importer/firstpassword", "importer/hint", "importer/ledger", "importer/listing", "importer/newfile", "importer/passwordslip", "importer/phone",
		"importer/reason", "importer/report", "importer/roster", "importer/sharing", "importer/signoff", "importer/tenant", "importer/verify",
		"importer/workbook", "github.com/alecthomas/kong", "golang.org/x/text/unicode/norm",
		"golang.org/x/sys", // to end a key command with what it has started
	},
	"importer/console": { // neither phone nor sandbox: what is so is decided elsewhere
		"apiclient", "apiclient/secret", "importer", "importer/check", "importer/console/layout", "importer/firstpassword", "importer/hint",
		"importer/ledger", "importer/listing", "importer/passwordslip", "importer/plan", "importer/reason", "importer/report", "importer/roster",
		"importer/verify", "github.com/schollz/progressbar/v3", "golang.org/x/sys", "golang.org/x/term",
	},
	"importer/console/layout": {"github.com/rivo/uniseg"},
	"importer/csvtext":        {"importer/hint", "importer/vietnamese", "golang.org/x/text"},
	"importer/firstpassword": { // of passwords, not of the tenant: it makes no call
		"apiclient/secret", "importer/hint", "importer/phone", "importer/reason", "importer/roster", "importer/spreadsheet", "importer/vietnamese", "importer/workbook",
	},
	"importer/hint": nil,
	"importer/ledger": {
		"importer/csvtext", "importer/hint", "importer/ledger/durable", "importer/ledger/journal", "importer/phone", "importer/reason", "importer/sharing",
		"importer/spreadsheet", "github.com/gocarina/gocsv",
	},
	"importer/ledger/durable": {"importer/hint", "importer/sharing", "github.com/gofrs/flock"},
	"importer/ledger/journal": nil, // it knows bytes only
	"importer/listing":        {"apiclient", "importer/phone", "importer/roster", "importer/spreadsheet", "importer/tenant", "importer/workbook"},
	"importer/newfile":        {"importer/hint", "importer/ledger/durable"},
	"importer/passwordslip":   {"apiclient/secret", "importer/ledger", "importer/phone", "importer/reason", "importer/roster", "importer/vietnamese"},
	"importer/phone":          {"importer/spreadsheet"},
	"importer/plan":           {"apiclient", "importer/ledger", "importer/phone", "importer/reason", "importer/roster", "importer/tenant"},
	"importer/programtest":    {"apiclient/sandbox", "importer/ledger"},
	"importer/reason":         nil,
	"importer/report": {
		"importer", "importer/hint", "importer/ledger", "importer/plan", "importer/reason", "importer/roster", "importer/sharing", "importer/spreadsheet",
		"importer/verify", "importer/workbook",
	},
	"importer/roster": {
		"apiclient/secret", "importer/csvtext", "importer/phone", "importer/reason", "importer/sharing", "importer/spreadsheet", "importer/vietnamese",
		"importer/workbook", "github.com/gocarina/gocsv", "golang.org/x/text/unicode/norm",
	},
	"importer/secondtenant": nil, // it shares nothing with what it tests, nor with the sandbox
	"importer/sharing":      {"golang.org/x/sys"},
	"importer/signoff": { // what was found out is given to it: it reads no tenant
		"importer/hint", "importer/ledger", "importer/phone", "importer/reason", "importer/roster", "importer/verify", "importer/vietnamese", "github.com/xuri/excelize/v2",
		"golang.org/x/text/unicode/norm",
	},
	"importer/spreadsheet": nil,
	"importer/tenant":      {"apiclient", "importer/phone", "golang.org/x/sync/errgroup"},
	"importer/verify":      {"apiclient", "importer", "importer/hint", "importer/ledger", "importer/phone", "importer/reason", "importer/tenant", "importer/vietnamese"},
	"importer/vietnamese":  {"golang.org/x/text"},
	"importer/workbook":    {"importer/hint", "golang.org/x/text"},
}

// deciders are the packages that do no I/O and read no clock, and what they may use of the standard library.
var deciders = []string{"importer/plan", "importer/reason"}

var decidersLibrary = []string{"cmp", "errors", "fmt", "iter", "maps", "slices", "strconv", "strings", "time", "unicode", "unicode/utf8"}

// decidersUse says what they may use of packages that can do more than a decider may.
var decidersUse = map[string][]string{
	"apiclient": {"ID"},
	"ledger":    {"Codes", "Created", "Done", "Entry", "HasCode", "JoinCodes", "Ledger"},
	"roster":    {"Masked", "Problem", "Roster", "Row"},
	"tenant":    {"Extension", "Numbers", "Query", "Snapshot"},
	"time":      {"Duration", "Time"},
}

// speakHTTP are the packages that may import net/http.
var speakHTTP = []string{"apiclient", "apiclient/sandbox", "apiclient/transport", "apiclient/wiretest", "importer/secondtenant"}

// forTests are the packages that only tests may import: they are no part of the program.
var forTests = []string{"apiclient/fakenet", "apiclient/wiretest", "importer/programtest", "importer/secondtenant"}

// onStreams are the packages that open no file and no connection: they work on values and on streams that they are given.
var onStreams = []string{"importer/csvtext", "importer/firstpassword", "importer/phone", "importer/spreadsheet", "importer/vietnamese", "importer/workbook"}

// openNothing are the packages that open no file and no connection either, and work with times, or with what is built into the program.
var openNothing = []string{"importer/listing", "importer/passwordslip"}

// doIO are packages of the standard library for files, connections, processes and the clock.
var doIO = []string{"embed", "io/fs", "io/ioutil", "log", "net", "os", "path/filepath", "plugin", "syscall", "time"}

// knowNoHTTP are packages that must not import it by any way round.
var knowNoHTTP = []string{
	module + "/apiclient/pacer", module + "/apiclient/secret", module + "/importer/firstpassword", module + "/importer/hint", module + "/importer/ledger",
	module + "/importer/ledger/durable", module + "/importer/ledger/journal", module + "/importer/newfile", module + "/importer/passwordslip",
	module + "/importer/phone", module + "/importer/reason", module + "/importer/roster", module + "/importer/workbook",
}

// source is a file of the program: no test, and none of the samples, which are programs of their own.
type source struct {
	path, pkg string
	file      *ast.File
}

func sources(t *testing.T) (files []source) {
	t.Helper()
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		rel := filepath.ToSlash(strings.TrimPrefix(name, ".."+string(filepath.Separator)))
		switch {
		case err != nil:
			return err
		case d.IsDir() && (rel == "samples" || d.Name() == "testdata" || strings.HasPrefix(rel, ".") && rel != ".."):
			return filepath.SkipDir
		case d.IsDir() || path.Ext(rel) != ".go" || strings.HasSuffix(rel, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		files = append(files, source{rel, path.Dir(rel), file})
		return err
	})
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files; %v", len(files), err)
	}
	return files
}

func (s source) imports() (paths []string) {
	for _, spec := range s.file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, name)
	}
	return paths
}

// TestImports compares what is imported with what may be.
func TestImports(t *testing.T) {
	used := map[string][]string{}
	for _, s := range sources(t) {
		allowed, known := mayImport[s.pkg]
		if !known {
			t.Errorf("%s: say in mayImport what package %s may import", s.path, s.pkg)
		}
		used[s.pkg] = append(used[s.pkg], s.imports()...)
		for _, name := range s.imports() {
			switch own, isOwn := strings.CutPrefix(name, module+"/"); {
			case isOwn && slices.Contains(forTests, own):
				t.Errorf("%s must not import %s: it is for tests", s.path, name)
			case isOwn && slices.Contains(allowed, own):
			case own == "apiclient/message": // whoever has a text for people
			case isOwn || !standard(name) && !slices.ContainsFunc(allowed, within(name)):
				t.Errorf("%s must not import %s", s.path, name)
			case slices.Contains(onStreams, s.pkg) && slices.ContainsFunc(doIO, within(name)):
				t.Errorf("%s must not import %s: the package is pure", s.path, name)
			case slices.Contains(openNothing, s.pkg) && name != "embed" && name != "time" && slices.ContainsFunc(doIO, within(name)):
				t.Errorf("%s must not import %s: the package opens nothing", s.path, name)
			case within(name)("net/http") && !slices.Contains(speakHTTP, s.pkg):
				t.Errorf("%s must not import %s: HTTP is the business of %s", s.path, name, speakHTTP)
			}
		}
	}
	for pkg, allowed := range mayImport {
		for _, name := range allowed {
			isUsed := func(imported string) bool { return imported == module+"/"+name || within(imported)(name) }
			if !slices.ContainsFunc(used[pkg], isUsed) {
				t.Errorf("%s does not import %s any more: mayImport need not allow it", pkg, name)
			}
		}
	}
}

// standard reports whether a package is of the standard library.
func standard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return !strings.Contains(first, ".")
}

// within returns whether a package is a given one or below it.
func within(name string) func(above string) bool {
	return func(above string) bool { return name == above || strings.HasPrefix(name, above+"/") }
}

// TestDeciders: what decides depends on its arguments alone.
func TestDeciders(t *testing.T) {
	for _, s := range sources(t) {
		if !slices.Contains(deciders, s.pkg) {
			continue
		}
		for _, name := range s.imports() {
			if standard(name) && !strings.HasPrefix(name, module+"/") && !slices.Contains(decidersLibrary, name) {
				t.Errorf("%s must not import %s: it does no I/O", s.path, name)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			use, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			of, ok := use.X.(*ast.Ident)
			if !ok {
				return true
			}
			if allowed, limited := decidersUse[of.Name]; limited && !slices.Contains(allowed, use.Sel.Name) {
				t.Errorf("%s must not use %s.%s: it does no I/O and reads no clock", s.path, of.Name, use.Sel.Name)
			}
			return true
		})
	}
}

// TestNoHTTP looks through what the libraries import, too.
func TestNoHTTP(t *testing.T) {
	const offenders = `{{range .Deps}}{{if eq . "net/http"}}{{$.ImportPath}} {{end}}{{end}}`
	out, err := exec.Command("go", append([]string{"list", "-f", offenders}, knowNoHTTP...)...).Output()
	if found := strings.TrimSpace(string(out)); err != nil || found != "" {
		t.Errorf("net/http is imported, by some way round, by: %s; %v", found, err)
	}
}

// TestConditions: a condition of more than three operands has parts with names. A function that returns it and does nothing else
// is its name.
func TestConditions(t *testing.T) {
	const most = 3
	for _, s := range sources(t) {
		if slices.Contains(forTests, s.pkg) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok && f.Body != nil && len(f.Body.List) == 1 {
				if _, ok := f.Body.List[0].(*ast.ReturnStmt); ok {
					return false
				}
			}
			e, ok := n.(*ast.BinaryExpr)
			if !ok || !isLogic(e) {
				return true
			}
			if operands(e) > most {
				t.Errorf("%s: byte %d: a condition of %d operands: give a part of it a name", s.path, e.Pos()-s.file.FileStart, operands(e))
			}
			return false
		})
	}
}

func isLogic(e *ast.BinaryExpr) bool { return e.Op == token.LAND || e.Op == token.LOR }

// operands counts what a condition joins by && and ||.
func operands(e ast.Expr) int {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return operands(e.X)
	case *ast.BinaryExpr:
		if isLogic(e) {
			return operands(e.X) + operands(e.Y)
		}
	}
	return 1
}

// TestExit: only main ends the program.
func TestExit(t *testing.T) {
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok || s.pkg == "." {
				return true
			}
			of, ok := call.X.(*ast.Ident)
			if ok && (call.Sel.Name == "Exit" && (of.Name == "os" || of.Name == "syscall") || of.Name == "log" && strings.HasPrefix(call.Sel.Name, "Fatal")) {
				t.Errorf("%s: %s.%s: return an error instead", s.path, of.Name, call.Sel.Name)
			}
			return true
		})
	}
}

// TestTopLevel: what is in the repository has its place below.
func TestTopLevel(t *testing.T) {
	files, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		switch name := f.Name(); name {
		case "go.mod", "go.sum", "main.go", "importer", "apiclient", "samples", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md":
		default:
			// What git does not know, or where there is no git, is nobody's business.
			tracked, _ := exec.Command("git", "-C", "..", "ls-files", "--", name).Output()
			if !strings.HasPrefix(name, ".") && len(tracked) > 0 {
				t.Errorf("%s does not belong at the top level", name)
			}
		}
	}
}
