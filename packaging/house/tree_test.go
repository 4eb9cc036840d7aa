package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "veratill"

// source is one Go file of the repository.
type source struct {
	name    string // from the root, with slashes
	room    string // its folder
	test    bool
	text    []byte
	lines   int
	file    *ast.File
	imports []string
	set     *token.FileSet
}

// root is the repository's folder.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// committed lists the files that git knows or would know. Without git the tree itself is walked.
func committed(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command("git", "-C", root(t), "ls-files", "-co", "--exclude-standard", "-z")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v (the house is judged by what git knows)", err)
	}
	// go test takes a result from its cache until something changes that the test opened: a new file changes its folder.
	folders := map[string]bool{}
	var all []string
	for _, name := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
		if info, err := os.Stat(filepath.Join(root(t), name)); err == nil && info.Mode().IsRegular() {
			all = append(all, name)
			folders[filepath.Dir(filepath.Join(root(t), name))] = true
		}
	}
	for folder := range folders {
		if _, err := os.ReadDir(folder); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// sources parses every Go file.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, name := range committed(t) {
		if path.Ext(name) != ".go" || strings.Contains(name, "/testdata/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root(t), name))
		if err != nil {
			t.Fatal(err)
		}
		s := source{name: name, room: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), text: text,
			lines: bytes.Count(text, []byte("\n")), set: token.NewFileSet()}
		if s.file, err = parser.ParseFile(s.set, name, text, parser.ParseComments); err != nil {
			t.Error(err)
			continue
		}
		for _, i := range s.file.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			s.imports = append(s.imports, name)
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		t.Fatal("no Go file was found")
	}
	return all
}

// within reports whether a package path is a room or lies under it.
func within(name, room string) bool { return name == room || strings.HasPrefix(name, room+"/") }

// ours is a package of this module, from the root.
func ours(name string) (string, bool) { return strings.CutPrefix(name, module+"/") }

// standard reports whether a package is of Go's own library: its first element has no dot.
func standard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return !strings.Contains(first, ".") && first != module
}

// importedAs is the room that a file calls by this name; empty where it is none of ours.
func (s source) importedAs(x ast.Expr) string {
	name, ok := x.(*ast.Ident)
	if !ok {
		return ""
	}
	for n, i := range s.file.Imports {
		room, mine := ours(s.imports[n])
		if mine && (i.Name != nil && i.Name.Name == name.Name || i.Name == nil && path.Base(room) == name.Name) {
			return room
		}
	}
	return ""
}
