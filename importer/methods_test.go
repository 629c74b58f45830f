package importer_test

import (
	"go/ast"
	"slices"
	"testing"
)

// typePerFile are the packages in which a type is read in one file: all of its methods are in the file that declares it.
// If that file gets too long, the type is two ideas and is divided.
var typePerFile = []string{"apiclient/sandbox", "apiclient/secret"}

// methodsElsewhere are the exceptions, written as package.Type.Method, each with its reason. The only good reason so far is
// a method that differs by operating system, in files with build constraints.
var methodsElsewhere = map[string]string{}

// TestMethodsAreInTheirTypesFile holds the packages of typePerFile to that rule, and methodsElsewhere to what exists.
func TestMethodsAreInTheirTypesFile(t *testing.T) {
	declared := map[string][]string{} // package.Type -> files; several if each is for another operating system
	type method struct{ of, name, path string }
	var methods []method
	checked := map[string]bool{}
	for _, s := range sources(t) {
		if !slices.Contains(typePerFile, s.pkg) {
			continue
		}
		for _, decl := range s.file.Decls {
			switch d := decl.(type) {
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok {
						of := s.pkg + "." + ts.Name.Name
						declared[of] = append(declared[of], s.path)
					}
				}
			case *ast.FuncDecl:
				if d.Recv != nil {
					methods = append(methods, method{s.pkg + "." + receiver(d.Recv.List[0].Type), d.Name.Name, s.path})
					checked[s.pkg] = true
				}
			}
		}
	}
	used := map[string]bool{}
	for _, m := range methods {
		full := m.of + "." + m.name
		switch {
		case slices.Contains(declared[m.of], m.path):
		case methodsElsewhere[full] != "":
			used[full] = true
		default:
			t.Errorf("%s: %s is away from its type, which is in %v", m.path, full, declared[m.of])
		}
	}
	for full, reason := range methodsElsewhere {
		if !used[full] {
			t.Errorf("methodsElsewhere has %s (%s), which is no exception", full, reason)
		}
	}
	for _, pkg := range typePerFile {
		if !checked[pkg] {
			t.Errorf("typePerFile has %s, in which no type has a method", pkg)
		}
	}
}

// receiver returns the name of the type that a method belongs to.
func receiver(of ast.Expr) string {
	switch e := of.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
