package house

import (
	"go/ast"
	"strings"
	"testing"
)

// The window asks the screen on top, by the methods that every screen has. Whoever looks which screen it is
// has to be found and changed with each screen that is new.
func TestTheWindowAsksTheScreenOnTop(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || !within(s.room, "app/ui") {
			continue
		}
		refuse := func(of ast.Expr) {
			if name := typeName(of); strings.HasSuffix(name, "Screen") {
				t.Errorf("%s: a screen is asked whether it is a %s: let screens answer a method of the interface screen", s.set.Position(of.Pos()), name)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeAssertExpr:
				refuse(n.Type)
				if strings.HasSuffix(calledName(n.X), "top") {
					t.Errorf("%s: the screen on top is asked for its type: let screens answer a method of the interface screen", s.set.Position(n.Pos()))
				}
			case *ast.TypeSwitchStmt:
				for _, c := range n.Body.List {
					for _, of := range c.(*ast.CaseClause).List {
						refuse(of)
					}
				}
			case *ast.IndexExpr: // of a generic function
				refuse(n.Index)
			}
			return true
		})
	}
}

// typeName is the name of a type, with or without a pointer; empty where it has none here.
func typeName(e ast.Expr) string {
	if star, ok := e.(*ast.StarExpr); ok {
		e = star.X
	}
	if name, ok := e.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// What the window is belongs to its own goroutine: work beside it (t.call) takes who is at the till with it, and asks the window nothing.
func TestWorkBesideTheWindowAsksItNothing(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.room != "app/ui" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			work, is := n.(*ast.FuncLit)
			if !is || len(work.Type.Params.List) != 1 || !isContext(work.Type.Params.List[0].Type) {
				return true
			}
			ast.Inspect(work.Body, func(n ast.Node) bool {
				if _, then := n.(*ast.FuncLit); then { // which the window runs
					return false
				}
				if call, is := n.(*ast.CallExpr); is && strings.HasSuffix(calledName(call.Fun), ".cashier") {
					t.Errorf("%s asks the window from another goroutine: ask before", s.set.Position(call.Pos()))
				}
				return true
			})
			return true
		})
	}
}

func isContext(e ast.Expr) bool {
	selected, is := e.(*ast.SelectorExpr)
	return is && selected.Sel.Name == "Context"
}
