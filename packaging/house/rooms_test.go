package house

import (
	"go/ast"
	"testing"
)

// mostMethods bounds an interface.
const mostMethods = 12

// An interface is what one caller needs. A large one is the whole of what stands behind it: every
// caller depends on all of it, and its double in the tests is a second program.
func TestInterfacesAreSmall(t *testing.T) {
	all := sources(t)
	declared := interfaces(all)
	for _, s := range all {
		ast.Inspect(s.file, func(n ast.Node) bool {
			i, ok := n.(*ast.InterfaceType)
			if !ok {
				return true
			}
			if n := methods(declared, s, i); n > mostMethods {
				t.Errorf("%s: this interface has %d methods, above %d: let each caller take the few that it needs", s.set.Position(i.Pos()), n, mostMethods)
			}
			return true
		})
	}
}

// named is an interface with the file that declares it.
type named struct {
	file source
	kind *ast.InterfaceType
}

// interfaces are those that have a name, by room and name.
func interfaces(all []source) map[string]named {
	declared := map[string]named{}
	for _, s := range all {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if i, ok := spec.Type.(*ast.InterfaceType); ok {
					declared[s.room+" "+spec.Name.Name] = named{s, i}
				}
			}
			return true
		})
	}
	return declared
}

// methods counts an interface's own methods and those of the interfaces of ours that it embeds.
func methods(declared map[string]named, s source, i *ast.InterfaceType) int {
	count := 0
	for _, field := range i.Methods.List {
		if len(field.Names) > 0 {
			count += len(field.Names)
			continue
		}
		of := s.room
		name, ok := field.Type.(*ast.Ident)
		if selector, elsewhere := field.Type.(*ast.SelectorExpr); elsewhere {
			name, ok = selector.Sel, true
			of = s.importedAs(selector.X)
		}
		if !ok {
			continue
		}
		if embedded, ours := declared[of+" "+name.Name]; ours {
			count += methods(declared, embedded.file, embedded.kind)
		}
	}
	return count
}
