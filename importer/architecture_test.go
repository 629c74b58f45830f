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
	".": {
		"apiclient", "apiclient/sandbox", "apiclient/secret", "importer", "importer/console", "importer/ledger", "importer/roster",
		"github.com/alecthomas/kong",
	},
	"apiclient":         {"apiclient/secret", "golang.org/x/net/proxy", "golang.org/x/sys", "golang.org/x/text/unicode/norm", "golang.org/x/time/rate"},
	"apiclient/fakenet": nil,
	"apiclient/sandbox": nil, // an imitation that shares nothing with what it tests
	"apiclient/secret":  {"golang.org/x/text/unicode/norm"},
	"importer": {
		"apiclient", "apiclient/secret", "importer/ledger", "importer/phone", "importer/roster", "golang.org/x/sync/errgroup",
		"golang.org/x/sys/unix",
	},
	"importer/console": {
		"apiclient", "apiclient/secret", "importer", "importer/ledger", "importer/phone", "importer/roster",
		"github.com/alecthomas/kong", "github.com/rivo/uniseg", "github.com/schollz/progressbar/v3", "golang.org/x/term",
	},
	"importer/ledger":         {"importer/ledger/durable", "importer/ledger/journal", "importer/phone", "github.com/gocarina/gocsv"},
	"importer/ledger/durable": {"github.com/gofrs/flock"},
	"importer/ledger/journal": nil, // it knows bytes only
	"importer/phone":          nil,
	"importer/secondtenant":   nil, // it shares nothing with what it tests, nor with the sandbox
	"importer/roster":         {"importer/phone", "apiclient/secret", "github.com/gocarina/gocsv", "golang.org/x/text"},
}

// speakHTTP are the packages that may import net/http.
var speakHTTP = []string{"apiclient", "apiclient/sandbox", "importer/secondtenant"}

// forTests are the packages that only tests may import: they are no part of the program.
var forTests = []string{"importer/secondtenant"}

// knowNoHTTP are packages that must not import it by any way round.
var knowNoHTTP = []string{module + "/apiclient/secret", module + "/importer/ledger", module + "/importer/ledger/durable", module + "/importer/ledger/journal", module + "/importer/phone", module + "/importer/roster"}

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
	for _, s := range sources(t) {
		allowed, known := mayImport[s.pkg]
		if !known {
			t.Errorf("%s: say in mayImport what package %s may import", s.path, s.pkg)
		}
		for _, name := range s.imports() {
			switch own, isOwn := strings.CutPrefix(name, module+"/"); {
			case isOwn && slices.Contains(forTests, own):
				t.Errorf("%s must not import %s: it is for tests", s.path, name)
			case isOwn && slices.Contains(allowed, own):
			case isOwn || !standard(name) && !slices.ContainsFunc(allowed, within(name)):
				t.Errorf("%s must not import %s", s.path, name)
			case within(name)("net/http") && !slices.Contains(speakHTTP, s.pkg):
				t.Errorf("%s must not import %s: HTTP is the business of %s", s.path, name, speakHTTP)
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

// TestNoHTTP looks through what the libraries import, too.
func TestNoHTTP(t *testing.T) {
	const offenders = `{{range .Deps}}{{if eq . "net/http"}}{{$.ImportPath}} {{end}}{{end}}`
	out, err := exec.Command("go", append([]string{"list", "-f", offenders}, knowNoHTTP...)...).Output()
	if found := strings.TrimSpace(string(out)); err != nil || found != "" {
		t.Errorf("net/http is imported, by some way round, by: %s; %v", found, err)
	}
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
