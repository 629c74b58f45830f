package importer_test

import (
	"go/ast"
	"slices"
	"testing"
)

// methodsElsewhere are the exceptions, written as package.Type.Method, each with its reason.
var methodsElsewhere = map[string]string{
	"apiclient.Client.CreateAccountUser":     resource,
	"apiclient.Client.GetAccountUsers":       resource,
	"apiclient.Client.Probe":                 resource,
	"apiclient.Client.GetExtensions":         resource,
	"apiclient.Client.AssignUserToExtension": resource,
	"apiclient.Client.CurrentAccount":        resource,
	"apiclient.Client.CurrentShop":           resource,
	"apiclient.Client.GetTenant":             resource,
	"apiclient.Client.account":               resource,
}

const resource = "each resource of the API has a file, with its calls and its types"

// TestMethodsAreInTheirTypesFile: a type is read in one file, which has all of its methods. If the file gets too long, the
// type is two ideas and is divided.
func TestMethodsAreInTheirTypesFile(t *testing.T) {
	declared := map[string][]string{} // package.Type -> files; several if each is for another operating system
	type method struct{ of, name, path string }
	var methods []method
	for _, s := range sources(t) {
		if slices.Contains(forTests, s.pkg) {
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
