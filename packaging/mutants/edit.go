package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// edit is what is done to the node behind a mark.
type edit struct {
	mark string
	op   operation
}

// at names the mark of an edit.
func at(mark string, op operation) edit { return edit{mark, op} }

// operation finds in a node what it changes. It is an error if that is not there, or
// there more than once. The operations are those of this file:
//
//	skip, instead, before, after     a statement
//	never, always, onlyIf, alsoIf    the condition of an if or a case
//	replace, drop                    an expression anywhere in the node
//	alsoCase                         the values of a case
//	reword                           a text in quotes
type operation func(place) (splice, error)

// splice is a stretch of a file, given by the syntax tree, with what stands there afterwards.
type splice struct {
	from, to int
	text     string
}

func (p place) splice(from, to token.Pos, text string) splice {
	return splice{p.offset(from), p.offset(to), text}
}

// ------------------------------------------------ statements

// instead carries out other statements.
func instead(statements string) operation {
	return func(p place) (splice, error) {
		_, list := p.node.(ast.Stmt)
		switch p.node.(type) {
		case *ast.CaseClause, *ast.CommClause:
			list = false
		}
		if !list {
			return splice{}, fmt.Errorf("a %T is no statement of a list", p.node)
		}
		text := strings.ReplaceAll(statements, "\x00", p.of(p.node))
		_, err := parser.ParseFile(token.NewFileSet(), "", "package p; func _() {"+text+"\n}", parser.SkipObjectResolution)
		return p.splice(p.node.Pos(), p.node.End(), text), err
	}
}

// before, after and skip carry out more statements, and none. What is skipped stays in the
// text, so that no variable is left without a use.
func before(statements string) operation { return instead(statements + "; \x00") }
func after(statements string) operation  { return instead("\x00; " + statements) }
func skip() operation                    { return instead("if false { \x00 }") }

// ------------------------------------------------ conditions

// condition puts something round the condition of an if, or of a case that has one.
func condition(wrap string) operation {
	return func(p place) (splice, error) {
		var c ast.Expr
		switch n := p.node.(type) {
		case *ast.IfStmt:
			c = n.Cond
		case *ast.CaseClause:
			if len(n.List) == 1 {
				c = n.List[0]
			}
		}
		if c == nil {
			return splice{}, fmt.Errorf("a %T has no condition, or several", p.node)
		}
		text := fmt.Sprintf(wrap, p.of(c))
		_, err := parser.ParseExpr(text)
		return p.splice(c.Pos(), c.End(), text), err
	}
}

// onlyIf asks for more, alsoIf for less; the old condition is looked at all the same.
func onlyIf(more string) operation  { return condition("(%s) && " + more) }
func alsoIf(other string) operation { return condition("(%s) || " + other) }
func never() operation              { return onlyIf("false") }
func always() operation             { return alsoIf("true") }

// ------------------------------------------------ expressions

// replace puts one expression for another.
func replace(old, text string) operation {
	return func(p place) (splice, error) {
		e, _, err := p.find(old)
		if err != nil {
			return splice{}, err
		}
		fresh, err := parser.ParseExpr(text)
		if _, binary := fresh.(*ast.BinaryExpr); binary {
			text = "(" + text + ")"
		}
		return p.splice(e.Pos(), e.End(), text), err
	}
}

// drop takes an operand out of && or ||, or an element out of a literal or a case.
func drop(old string) operation {
	return func(p place) (splice, error) {
		e, around, err := p.find(old)
		if err != nil {
			return splice{}, err
		}
		switch n := around.(type) {
		case *ast.BinaryExpr:
			if n.Op != token.LAND && n.Op != token.LOR {
				break
			}
			rest := n.X
			if e == n.X {
				rest = n.Y
			}
			return p.splice(n.Pos(), n.End(), p.of(rest)), nil
		case *ast.CompositeLit:
			return p.dropOf(n.Elts, e)
		case *ast.CaseClause:
			return p.dropOf(n.List, e)
		}
		return splice{}, fmt.Errorf("%s is neither an operand of && or || nor an element", old)
	}
}

func (p place) dropOf(list []ast.Expr, e ast.Expr) (splice, error) {
	i := slices.Index(list, e)
	switch {
	case i < 0 || len(list) == 1:
		return splice{}, fmt.Errorf("%s is not one element of several", p.of(e))
	case i == 0:
		return p.splice(e.Pos(), list[1].Pos(), ""), nil
	}
	return p.splice(list[i-1].End(), e.End(), ""), nil
}

// alsoCase adds a value to a case.
func alsoCase(value string) operation {
	return func(p place) (splice, error) {
		c, is := p.node.(*ast.CaseClause)
		if !is || len(c.List) == 0 {
			return splice{}, fmt.Errorf("a %T is no case that lists values", p.node)
		}
		end := c.List[len(c.List)-1].End()
		_, err := parser.ParseExpr(value)
		return p.splice(end, end, ", "+value), err
	}
}

// reword changes what a literal text says.
func reword(old, text string) operation {
	return func(p place) (s splice, err error) {
		n := 0
		ast.Inspect(p.node, func(node ast.Node) bool {
			if l, is := node.(*ast.BasicLit); is && l.Kind == token.STRING && strings.Contains(l.Value, old) {
				n += strings.Count(l.Value, old)
				s = p.splice(l.Pos(), l.End(), strings.Replace(l.Value, old, text, 1))
			}
			return true
		})
		if n != 1 {
			err = fmt.Errorf("its texts say %q %d times", old, n)
		}
		return s, err
	}
}

// find looks for an expression that is there once, and what it is part of. Spaces and
// comments do not count.
func (p place) find(old string) (found ast.Expr, around ast.Node, err error) {
	want := words(old)
	n := 0
	var path []ast.Node
	ast.Inspect(p.node, func(node ast.Node) bool {
		if node == nil {
			path = path[:len(path)-1]
			return false
		}
		if e, is := node.(ast.Expr); is && !names(path, e) && slices.Equal(words(p.of(e)), want) {
			n++
			found = e
			if len(path) > 0 {
				around = path[len(path)-1]
			}
		}
		path = append(path, node)
		return true
	})
	if n != 1 {
		err = fmt.Errorf("the expression %s is there %d times", old, n)
	}
	return found, around, err
}

// names reports whether an expression only names a field of what is around it.
func names(path []ast.Node, e ast.Expr) bool {
	if len(path) == 0 {
		return false
	}
	switch n := path[len(path)-1].(type) {
	case *ast.SelectorExpr:
		return n.Sel == e
	case *ast.KeyValueExpr:
		return n.Key == e
	}
	return false
}

// words are the tokens of a text.
func words(text string) (all []string) {
	var s scanner.Scanner
	set := token.NewFileSet()
	s.Init(set.AddFile("", set.Base(), len(text)), []byte(text), nil, 0)
	for {
		_, t, literal := s.Scan()
		switch {
		case t == token.EOF:
			return all
		case t == token.SEMICOLON && literal == "\n":
		case literal != "":
			all = append(all, literal)
		default:
			all = append(all, t.String())
		}
	}
}
