package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

func marks(t *testing.T) places {
	t.Helper()
	all, err := readMarks(root)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMarksAndTableAgree(t *testing.T) {
	if err := marks(t).agree(table); err != nil {
		t.Error(err)
	}
}

// A mutant that does not build takes nothing out of the program.
func TestEveryMutantBuilds(t *testing.T) {
	all := marks(t)
	p := packages(t, all)
	for _, m := range table {
		texts, err := all.edited(m)
		if err != nil {
			t.Errorf("%s: %v", m.rule, err)
		}
		for file := range texts {
			if err := p.check(filepath.Dir(file), texts); err != nil {
				t.Errorf("%s: %v\n%s", m.rule, err, texts[file])
			}
		}
	}
}

func TestRulesAreThereOnceForEachDetector(t *testing.T) {
	for _, d := range detectors(0) {
		seen := map[string]bool{}
		for _, m := range d.mutants() {
			if seen[m.rule] {
				t.Errorf("%s: %q is there twice", d.name, m.rule)
			}
			seen[m.rule] = true
		}
	}
	for _, m := range table {
		if m.by == 0 || len(m.edits) == 0 {
			t.Errorf("%q is noticed by nobody, or edits nothing", m.rule)
		}
	}
}

// Each of the twelve rules is taken out for the explorer and for the tests.
func TestEveryRuleIsTakenOut(t *testing.T) {
	for _, d := range detectors(0) {
		if d.who == simulator || d.who == cashier { // what that bank keeps is edited in its own room; the window keeps rules of its own
			continue
		}
		for rule := 1; rule <= 12; rule++ {
			found := false
			for _, m := range d.mutants() {
				found = found || strings.HasPrefix(m.rule, fmt.Sprintf("rule %d:", rule))
			}
			if !found {
				t.Errorf("%s: nothing takes out rule %d", d.name, rule)
			}
		}
	}
}

// checked type-checks packages against what Go has built of all others.
type checked struct {
	set      *token.FileSet
	importer types.Importer
	files    map[string][]string // of a package, by its folder
	parsed   map[string]*ast.File
}

func packages(t *testing.T, all places) *checked {
	t.Helper()
	args := []string{"list", "-tags=ci", "-export", "-deps", "-f", `{{.ImportPath}}|{{.Export}}|{{join .GoFiles " "}}`}
	for _, p := range all {
		args = append(args, "./"+filepath.Dir(p.path))
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	c := &checked{set: token.NewFileSet(), files: map[string][]string{}, parsed: map[string]*ast.File{}}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		words := strings.Split(strings.TrimSpace(line), "|")
		exports[words[0]] = words[1]
		if folder, ours := strings.CutPrefix(words[0], module+"/"); ours {
			c.files[folder] = strings.Fields(words[2])
		}
	}
	c.importer = importer.ForCompiler(c.set, "gc", func(name string) (io.ReadCloser, error) { return os.Open(exports[name]) })
	return c
}

func (c *checked) check(folder string, texts map[string]string) error {
	var files []*ast.File
	for _, name := range c.files[folder] {
		name = filepath.Join(folder, name)
		file, err := c.parse(name, texts)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	_, err := (&types.Config{Importer: c.importer}).Check(folder, c.set, files, nil)
	return err
}

func (c *checked) parse(name string, texts map[string]string) (*ast.File, error) {
	if text, edited := texts[filepath.ToSlash(name)]; edited {
		return parser.ParseFile(c.set, name, text, parser.SkipObjectResolution)
	}
	if c.parsed[name] == nil {
		file, err := parser.ParseFile(c.set, filepath.Join(root, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		c.parsed[name] = file
	}
	return c.parsed[name], nil
}
