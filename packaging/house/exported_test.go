package house

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// offered are the rooms that are exported whole: the records and decisions, and the wire format, which other
// programs may read.
var offered = []string{"txn", "txn/iso8583"}

// What is exported is promised to every other package, and read by whoever looks for what a room offers. So a
// name of app and txn is exported only where another package, or a test from outside, uses it.
func TestExportedNamesAreUsedElsewhere(t *testing.T) {
	all := sources(t)
	used, called := usedElsewhere(all), calledElsewhere(all)
	for _, s := range all {
		if s.test || !within(s.room, "app") && !within(s.room, "txn") || slices.Contains(offered, s.room) || s.file.Name.Name == "main" {
			continue
		}
		for _, d := range s.file.Decls {
			for _, group := range exportedBy(d) {
				if !slices.ContainsFunc(group, func(n *ast.Ident) bool { return used[s.room+" "+n.Name] }) {
					t.Errorf("%s: nobody outside %s uses %s: what is exported is promised, so unexport it", s.set.Position(group[0].Pos()), s.room, group[0].Name)
				}
			}
			if m, ok := d.(*ast.FuncDecl); ok && m.Recv != nil && m.Name.IsExported() && !called[m.Name.Name] && !wellKnown[m.Name.Name] &&
				!strings.Contains(m.Doc.Text(), " implement") {
				t.Errorf("%s: nobody outside %s calls %s: what is exported is promised, so unexport it", s.set.Position(m.Pos()), s.room, m.Name.Name)
			}
		}
	}
}

// exportedBy are the exported names of a declaration. The constants of one type are one closed set, exported whole.
func exportedBy(d ast.Decl) (groups [][]*ast.Ident) {
	if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() {
		return [][]*ast.Ident{{f.Name}}
	}
	g, ok := d.(*ast.GenDecl)
	if !ok {
		return nil
	}
	var set []*ast.Ident
	for _, spec := range g.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() {
				groups = append(groups, []*ast.Ident{s.Name})
			}
		case *ast.ValueSpec:
			for _, n := range s.Names {
				switch {
				case !n.IsExported():
				case g.Tok == token.CONST:
					set = append(set, n)
				default:
					groups = append(groups, []*ast.Ident{n})
				}
			}
		}
	}
	if len(set) > 0 {
		groups = append(groups, set)
	}
	return groups
}

// usedElsewhere are the names that a file of another package names, by room and name, and the types that a
// room's exported names are made of: whoever uses those has them in hand.
func usedElsewhere(all []source) map[string]bool {
	used := map[string]bool{}
	for _, s := range all {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if selector, ok := n.(*ast.SelectorExpr); ok {
				if room := s.importedAs(selector.X); room != "" {
					used[room+" "+selector.Sel.Name] = true
				}
			}
			return true
		})
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			for _, e := range signature(d) {
				ast.Inspect(e, func(n ast.Node) bool {
					if name, ok := n.(*ast.Ident); ok {
						used[s.room+" "+name.Name] = true
					}
					return true
				})
			}
		}
	}
	return used
}

// signature are the types that an exported declaration shows.
func signature(d ast.Decl) (types []ast.Node) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() {
			types = append(types, d.Type)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					types = append(types, s.Type)
				}
			case *ast.ValueSpec:
				if s.Type != nil && s.Names[0].IsExported() {
					types = append(types, s.Type)
				}
			}
		}
	}
	return types
}

// calledElsewhere are the names of methods that are called, or asked for by an interface, outside the
// packages that declare one of that name; it does not tell which type's method was meant.
func calledElsewhere(all []source) map[string]bool {
	declares := map[string]map[string]bool{} // a method's name to the rooms that have one
	for _, s := range all {
		for _, d := range s.file.Decls {
			if m, ok := d.(*ast.FuncDecl); ok && m.Recv != nil && !s.test {
				if declares[m.Name.Name] == nil {
					declares[m.Name.Name] = map[string]bool{}
				}
				declares[m.Name.Name][s.room] = true
			}
		}
	}
	called := map[string]bool{}
	for _, s := range all {
		outside := strings.HasSuffix(s.file.Name.Name, "_test")
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if outside || len(declares[n.Sel.Name]) > 1 || !declares[n.Sel.Name][s.room] {
					called[n.Sel.Name] = true
				}
			case *ast.InterfaceType:
				for _, m := range n.Methods.List {
					for _, name := range m.Names {
						called[name.Name] = true
					}
				}
			}
			return true
		})
	}
	return called
}
