package house

import (
	"fmt"
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The yardstick, in lines. It was measured over programs that are good to read.
const (
	fileP90, fileMost = 400, 700
	funcP90, funcMost = 40, 70
)

// length is a thing with its number of lines.
type length struct {
	name  string
	lines int
}

// judge reports what is too long, and how the p90 stands.
func judge(t *testing.T, what string, all []length, p90, most int) {
	t.Helper()
	slices.SortFunc(all, func(a, b length) int { return a.lines - b.lines })
	at := all[len(all)*9/10].lines
	t.Logf("%d %ss: median %d, p90 %d, longest %d lines (%s)", len(all), what, all[len(all)/2].lines, at, all[len(all)-1].lines, all[len(all)-1].name)
	if at > p90 {
		t.Errorf("the p90 of all %ss is %d lines, above %d. The longest: %v", what, at, p90, all[len(all)*9/10:])
	}
	for _, l := range all {
		if l.lines > most {
			t.Errorf("%s has %d lines, above %d: a %s is read in one go, so cut it where its subject changes", l.name, l.lines, most, what)
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	var all []length
	for _, s := range sources(t) {
		all = append(all, length{s.name, s.lines})
	}
	judge(t, "file", all, fileP90, fileMost)
}

// Functions outside tests: a test may tell a long story in one piece.
func TestFunctionsAreShort(t *testing.T) {
	var all []length
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1
				all = append(all, length{fmt.Sprintf("%s (%s)", f.Name.Name, s.set.Position(f.Pos())), n})
			}
		}
	}
	judge(t, "function", all, funcP90, funcMost)
}

// Every exported name says what it is, with its units, ranges and errors; main packages export nothing to anybody.
func TestExportedNamesAreDocumented(t *testing.T) {
	packages := map[string]bool{}
	all := sources(t)
	told := toldByInterfaces(all)
	for _, s := range all {
		if s.test {
			continue
		}
		if s.file.Doc != nil {
			packages[s.room] = true
		} else if !packages[s.room] {
			packages[s.room] = false
		}
		for _, d := range s.file.Decls {
			for _, name := range undocumented(d) {
				if told[s.room+" "+name] {
					continue
				}
				t.Errorf("%s: %s is exported and says nothing of itself", s.set.Position(d.Pos()), name)
			}
		}
	}
	for room, documented := range packages {
		if !documented {
			t.Errorf("package %s has no comment that says what it is for", room)
		}
	}
}

// toldByInterfaces are the methods that an interface of the same room documents, by room and name.
func toldByInterfaces(all []source) map[string]bool {
	told := map[string]bool{}
	for _, s := range all {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if i, ok := n.(*ast.InterfaceType); ok {
				for _, m := range i.Methods.List {
					for _, name := range m.Names {
						told[s.room+" "+name.Name] = m.Doc != nil || m.Comment != nil
					}
				}
			}
			return true
		})
	}
	return told
}

func undocumented(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && receiverExported(d) && !wellKnown[d.Name.Name] {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					names = append(names, s.Name.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						names = append(names, n.Name)
					}
				}
			}
		}
	}
	return names
}

// wellKnown are methods whose meaning the language or its library gives.
var wellKnown = map[string]bool{"String": true, "Error": true, "Unwrap": true, "MarshalJSON": true, "UnmarshalJSON": true, "LogValue": true, "GoString": true,
	"Read": true, "Write": true, "Close": true, "Len": true, "Less": true, "Swap": true, "Format": true, "Is": true}

func receiverExported(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	kind := d.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if index, ok := kind.(*ast.IndexExpr); ok {
		kind = index.X
	}
	name, ok := kind.(*ast.Ident)
	return ok && name.IsExported()
}

// A package is called after what it is about.
func TestNoRoomIsALumberRoom(t *testing.T) {
	bad := []string{"util", "utils", "helper", "helpers", "manager", "managers", "data", "common", "misc", "base", "shared"}
	for _, s := range sources(t) {
		for _, name := range []string{path.Base(s.room), strings.TrimSuffix(path.Base(s.name), ".go"), s.file.Name.Name} {
			if slices.Contains(bad, strings.TrimSuffix(name, "_test")) {
				t.Errorf("%s: %q says nothing about what is in there", s.name, name)
			}
		}
	}
}

// unfit is what no committed file may hold. The words are put together here, so that this file does not hold them.
var unfit = []struct {
	words *regexp.Regexp
	why   string
}{
	{regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b`), "what is not done is not hinted at in the code: do it, or leave it out"},
	{regexp.MustCompile(`(?i)not (yet )?(supp` + `orted yet|impl` + `emented)`), "no stubs: what is not there is not offered"},
	{regexp.MustCompile(`(^|[\s"'(=:` + "`" + `])/wo` + `rk/`), "a path of one machine means nothing on another"},
	{regexp.MustCompile(`(^|[\s"'(=:` + "`" + `])/ro` + `ot/go/`), "a path of one machine means nothing on another"},
	{regexp.MustCompile(`/home/[a-z]+/`), "a path of one machine means nothing on another"},
	{regexp.MustCompile(`\.lib` + `rary/|find` + `_repos|read` + `_file\(`), "tools of whoever wrote it are no part of the program"},
}

func TestNothingUnfitIsCommitted(t *testing.T) {
	for _, name := range committed(t) {
		if base := path.Base(name); base == "package-lock.json" || base == "go.sum" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root(t), name))
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(text) { // pictures and fonts
			continue
		}
		for n, line := range strings.Split(string(text), "\n") {
			for _, u := range unfit {
				if found := u.words.FindString(line); found != "" {
					t.Errorf("%s:%d: %q: %s", name, n+1, strings.TrimSpace(found), u.why)
				}
			}
		}
	}
}

// The top level is fixed; what else is wanted lies in one of its rooms.
func TestTheTopLevelIsFixed(t *testing.T) {
	rooms := []string{"app", "devices", "escpos", "txn", "assets", "packaging", "docs", ".ci", ".github"}
	files := []string{"go.mod", "go.sum", "FyneApp.toml", "dev", "LICENSE", "NOTICE", "README.md", "README.zh-CN.md", "ARCHITECTURE.md",
		"CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ".gitignore", ".gitattributes", ".editorconfig"}
	for _, name := range committed(t) {
		top, _, folder := strings.Cut(name, "/")
		if folder && !slices.Contains(rooms, top) || !folder && !slices.Contains(files, top) {
			t.Errorf("%s: the top level is fixed to %s and a few files", name, strings.Join(rooms, ", "))
		}
	}
}
