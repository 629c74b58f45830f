package importer_test

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

const messagePackage = module + "/apiclient/message"

// translating are the functions outside of package message that translate the texts that they are given.
var translating = []string{module + "/importer/hint.New", module + "/importer/hint.With"}

// notForPeople are literals with words that only programs and developers read, or that a person reads in English whatever their language.
var notForPeople = map[string]string{
	"report employees.result.csv -o sign-off.html":                   "an example of a command",
	"report --roster a.xlsx --by 'Phòng ban' a.result.csv -o a.html": "an example of a command",
	"report --verify --lang en a.result.csv -o sign-off.xlsx":        "an example of a command",
	"list --api-key-file key -o tenant.xlsx":                         "an example of a command",
	"list --api-key-file key --free":                                 "an example of a command",

	"remote error":                    "crypto/tls calls an alert so",
	"đã tồn tại":                      "the tenant's words, which are looked for",
	"already exist":                   "the tenant's words, which are looked for",
	"-----BEGIN AGE ENCRYPTED":        "the beginning of a file, which is looked for",
	"-----BEGIN PGP MESSAGE":          "the beginning of a file, which is looked for",
	"their own password":              "the sandbox's seed of a hash",
	"empty list":                      "the sandbox's seed of a hash",
	"partner key":                     "the sandbox's seed of a hash",
	", second half":                   "the sandbox's seed of a hash",
	"Practice tenant":                 "the name of an account, which the sandbox answers",
	"Practice partner":                "the name of an account, which the sandbox answers",
	"Người Có Sẵn %d":                 "the name of a person, which the sandbox answers",
	"Require at least 1 role":         "the sandbox answers it",
	"soon, perhaps":                   "the sandbox answers it",
	"<pre>bad value: %s (%s)</pre>\n": "the sandbox answers it",
	"text/html; charset=utf-8":        "the sandbox answers it",
	"HTTP/1.1 %d %s\r\nContent-Type: %s\r\nDate: %s\r\n": "the sandbox answers it",
	"Connection: close\r\n":                              "the sandbox answers it",
	"Content-Length: %d\r\n":                             "the sandbox answers it",
	"<!DOCTYPE html>\n<html><head><title>%d %s</title></head>\n<body><center><h1>%d %s</h1></center><hr><center>nginx</center></body></html>\n": "the sandbox answers it",

	"When the last run ended.":                                                                  "help of a metric",
	"When the last verification ended.":                                                         "help of a metric",
	"When a verification last ended with exit code 0. 0: never.":                                "help of a metric",
	"Exit code of the last verification.":                                                       "help of a metric",
	"How long the last verification took.":                                                      "help of a metric",
	"The version of the program that made the last verification.":                               "help of a metric",
	"Requests that the last verification sent.":                                                 "help of a metric",
	"Rows of the employee file by what their comparison has shown.":                             "help of a metric",
	"Rows by finding.":                                                                          "help of a metric",
	"When a run last ended with exit code 0 and no row that has to be corrected. 0: never.":     "help of a metric",
	"The version of the program that made the last run.":                                        "help of a metric",
	"People who had a row in the result before the last run and were not in the employee file.": "help of a metric",
	"Rows by error code that were not told to people before the last run.":                      "help of a metric",
	"Exit code of the last run.":                                                                "help of a metric",
	"How long the last run took.":                                                               "help of a metric",
	"Requests that the last run sent.":                                                          "help of a metric",
	"Rows whose user was there before and has a new password.":                                  "help of a metric",
	"Rows of the employee file by status, after the last run that could tell.":                  "help of a metric",
	"# HELP %s %s\n# TYPE %s gauge\n":                                                           "the metrics' format",
	"not recorded":                                                                              "a line of the log, with the attributes of a person",
	"export ETELECOM_BASE_URL=%s\nexport ETELECOM_API_KEY=%s\n":                                 "commands for a shell",
	"etelecom-import run --dry-run --offline ":                                                  "a command for a shell",
	"[not shown]":                                               "in a trace, which programs read",
	"go run .":                                                  "a command for a shell",
	"Mật khẩu":                                                  "the title of a new column, in the language of the others",
	"run --sandbox employees.csv":                               "an example of a command",
	"run --dry-run employees.csv":                               "an example of a command",
	"run employees.csv":                                         "an example of a command",
	"run -n --offline employees.csv":                            "an example of a command",
	"run -n --api-key-file key employees.csv":                   "an example of a command",
	"check --api-key-file key employees.csv":                    "an example of a command",
	"status employees.result.csv":                               "an example of a command",
	"status --json employees.result.csv | jq .status":           "an example of a command",
	"verify --only-done employees.result.csv":                   "an example of a command",
	"verify --api-key-file key employees.result.csv":            "an example of a command",
	"etelecom-import run --dry-run --api-key-file key":          "a command for a shell",
	"passwords employees.csv -o filled.csv":                     "an example of a command",
	"passwords a.xlsx --result a.result.csv -o filled.xlsx":     "an example of a command",
	"slips filled.csv --result filled.result.csv -o slips.html": "an example of a command",
	"template employees.xlsx":                                   "an example of a command",
	"template > employees.csv":                                  "an example of a command",
	"sandbox --fault cut-after=0.05 --fault '429:5@create=#3'":  "an example of a command",
}

// imitating are the functions whose texts are those of the API that the sandbox imitates.
var imitating = []string{module + "/apiclient/sandbox.fail", "(" + module + "/apiclient/sandbox.reply).with"}

// inWords finds a text for people: two words, or a word beside a verb. A single word may be a code or a name.
var inWords = regexp.MustCompile(`\p{L}{2,}[,;:.]? (%\S+ )?\p{L}{2,}|%\S+ \p{L}{2,}|\p{L}{2,}:? %`)

// inTag is a tag of XML, which only programs read. What is between tags is a text as any other.
var inTag = regexp.MustCompile(`<[^<>]*>`)

// TestMessages: every text for people comes through package message, whole, so that it can be translated.
func TestMessages(t *testing.T) {
	load := &packages.Config{Mode: packages.LoadSyntax, Dir: ".."}
	all, err := packages.Load(load, "./importer/...", "./apiclient/...")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	for _, p := range all {
		if own := strings.TrimPrefix(p.PkgPath, module+"/"); slices.Contains(forTests, own) || p.PkgPath == messagePackage {
			continue
		}
		for _, e := range p.Errors {
			t.Error(e)
		}
		for _, f := range p.Syntax {
			c := messageCheck{t: t, p: p, texts: texts}
			ast.PreorderStack(f, nil, c.node)
		}
	}
	t.Logf("%d texts", len(texts))
}

// messageCheck looks at the literals of a package.
type messageCheck struct {
	t     *testing.T
	p     *packages.Package
	texts map[string]bool
}

func (c messageCheck) node(n ast.Node, stack []ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		c.call(n)
	case *ast.Field:
		return n.Tag == nil
	case *ast.BasicLit:
		if n.Kind == token.STRING {
			c.literal(n, stack)
		}
	}
	return true
}

// call looks at a call of package message: what it is given is a whole text, and known without running.
func (c messageCheck) call(n *ast.CallExpr) {
	f := c.callee(n)
	switch {
	case f == nil || f.Pkg() == nil || len(n.Args) == 0:
	case slices.Contains(translating, f.FullName()):
		for _, arg := range n.Args {
			if value := c.p.TypesInfo.Types[arg].Value; value != nil {
				c.text(n, constant.StringVal(value))
			}
		}
	case f.Pkg().Path() != messagePackage:
	case f.Name() == "Fprintf": // line breaks and the indent are layout
		c.whole(n, n.Args[1], strings.TrimSpace)
	case slices.Contains([]string{"Sprintf", "Errorf", "New"}, f.Name()):
		c.whole(n, n.Args[0], nil)
	case f.Name() == "T": // of a text, or of what a table of texts holds
		if value := c.p.TypesInfo.Types[n.Args[0]].Value; value != nil {
			c.text(n, constant.StringVal(value))
		}
	}
}

// whole looks at a text that must be known without running.
func (c messageCheck) whole(n ast.Node, arg ast.Expr, trim func(string) string) {
	value := c.p.TypesInfo.Types[arg].Value
	if value == nil {
		c.t.Errorf("%s: the text is put together: use verbs", c.place(n))
		return
	}
	text := constant.StringVal(value)
	if trim != nil {
		text = trim(text)
	}
	c.text(n, text)
}

// text notes a text, and refuses pieces of one.
func (c messageCheck) text(n ast.Node, text string) {
	c.texts[text] = true
	if strings.TrimSpace(text) != text {
		c.t.Errorf("%s: %q is a piece of a text: another language has another order of words", c.place(n), text)
	}
}

// literal reports a text for people that does not come through package message.
func (c messageCheck) literal(n *ast.BasicLit, stack []ast.Node) {
	tv := c.p.TypesInfo.Types[n]
	if tv.Value == nil { // the path of an import
		return
	}
	text := constant.StringVal(tv.Value)
	if c.isText(n) {
		c.text(n, text)
		return
	}
	if !inWords.MatchString(inTag.ReplaceAllString(text, "")) || notForPeople[text] != "" {
		return
	}
	for i := len(stack) - 1; i >= 0; i-- {
		switch above := stack[i].(type) {
		case *ast.BinaryExpr:
			if c.isText(above) { // a part of a constant
				return
			}
			continue
		case *ast.ParenExpr:
			continue
		case *ast.CallExpr:
			if c.translates(above) {
				return
			}
		}
		break
	}
	c.t.Errorf("%s: %q does not come through package message", c.place(n), text)
}

// isText reports whether an expression has a type of package message.
func (c messageCheck) isText(e ast.Expr) bool {
	named, ok := c.p.TypesInfo.Types[e].Type.(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == messagePackage
}

// translates reports whether a call takes texts for people, or is never read by them.
func (c messageCheck) translates(call *ast.CallExpr) bool {
	if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "panic" {
		return true // for developers
	}
	f := c.callee(call)
	if f == nil || f.Pkg() == nil {
		return false
	}
	return f.Pkg().Path() == messagePackage || f.Pkg().Path() == "regexp" || slices.Contains(translating, f.FullName()) || slices.Contains(imitating, f.FullName())
}

func (c messageCheck) callee(call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	if index, ok := fun.(*ast.IndexExpr); ok {
		fun = index.X
	}
	var name *ast.Ident
	switch fun := fun.(type) {
	case *ast.Ident:
		name = fun
	case *ast.SelectorExpr:
		name = fun.Sel
	default:
		return nil
	}
	f, _ := c.p.TypesInfo.Uses[name].(*types.Func)
	return f
}

func (c messageCheck) place(n ast.Node) string {
	p := c.p.Fset.Position(n.Pos())
	return path.Join(strings.TrimPrefix(c.p.PkgPath, module+"/"), filepath.Base(p.Filename)) + ":" + strconv.Itoa(p.Line)
}
