package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// rooms are where marks are looked for: what is shipped, and what the proof keeps in its place.
var rooms = []string{"txn", "devices", "escpos", "app", "assets", "packaging/prove"}

// A mark is a comment on a line of its own: //mutant:NAME, or //mutant:NAME/PLACE where a
// rule is kept in several places. Whatever only looks like one is refused.
var (
	markForm  = regexp.MustCompile(`^//mutant:([a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+)?)$`)
	almostOne = regexp.MustCompile(`^//\s*mutants?\s*:`)
)

// source is a Go file that holds marks.
type source struct {
	path string // from the root of the repository, with slashes
	text []byte
	file *ast.File
	base int // of its positions in the file set
}

// offset is where a position lies in the text.
func (s *source) offset(p token.Pos) int { return int(p) - s.base }

// of is a node as it is written.
func (s *source) of(n ast.Node) string { return string(s.text[s.offset(n.Pos()):s.offset(n.End())]) }

// place is the syntax node that a mark is about: the outermost one that begins behind it.
type place struct {
	*source
	node ast.Node
}

// places are the marks by their names.
type places map[string]place

// readMarks finds the marks of all rooms below a folder. Tests hold none.
func readMarks(root string) (places, error) {
	found := places{}
	var faults []error
	for _, room := range rooms {
		err := filepath.WalkDir(filepath.Join(root, room), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "testdata":
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			faults = append(faults, found.read(filepath.ToSlash(name), text))
			return nil
		})
		faults = append(faults, err)
	}
	return found, errors.Join(faults...)
}

// read adds the marks of a file.
func (all places) read(path string, text []byte) error {
	if !bytes.Contains(text, []byte("mutant")) {
		return nil
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	s := &source{path, text, file, set.File(file.Pos()).Base()}
	var faults []error
	for _, group := range file.Comments {
		for _, c := range group.List {
			if almostOne.MatchString(c.Text) {
				if err := all.add(s, c); err != nil {
					faults = append(faults, fmt.Errorf("%s: %s: %w", set.Position(c.Pos()), c.Text, err))
				}
			}
		}
	}
	return errors.Join(faults...)
}

func (all places) add(s *source, c *ast.Comment) error {
	form := markForm.FindStringSubmatch(c.Text)
	if form == nil {
		return errors.New("a mark is //mutant:NAME or //mutant:NAME/PLACE, in small letters and hyphens")
	}
	if was, twice := all[form[1]]; twice {
		return fmt.Errorf("this mark is in %s too: give each its own /PLACE", was.path)
	}
	if before := s.text[:s.offset(c.Pos())]; len(bytes.TrimLeft(before[bytes.LastIndexByte(before, '\n')+1:], " \t")) > 0 {
		return errors.New("a mark stands on a line of its own, before what it is about")
	}
	node := follower(s.file, c)
	if node == nil || !onlyComments(s.text[s.offset(c.End()):s.offset(node.Pos())]) {
		return errors.New("no statement, declaration, case or element follows this mark directly")
	}
	all[form[1]] = place{s, node}
	return nil
}

// follower is the outermost node that begins behind a comment.
func follower(file *ast.File, c *ast.Comment) (next ast.Node) {
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		_, comment := n.(*ast.CommentGroup)
		if comment || n.End() <= c.Pos() {
			return false
		}
		if n.Pos() >= c.End() && (next == nil || n.Pos() < next.Pos()) {
			next = n
		}
		return n.Pos() < c.End()
	})
	return next
}

// onlyComments reports whether a node follows its mark directly. An empty line or a closing
// bracket between them parts them.
func onlyComments(between []byte) bool {
	lines := bytes.Split(between, []byte("\n"))
	for _, line := range lines[1 : len(lines)-1] {
		if line = bytes.TrimSpace(line); !bytes.HasPrefix(line, []byte("//")) {
			return false
		}
	}
	return true
}
