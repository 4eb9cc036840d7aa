package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// TestIdentity shows that what the program says of itself is what FyneApp.toml says of it.
// The script that stamps it reads that file without a TOML parser, so a parser reads it here.
func TestIdentity(t *testing.T) {
	var said struct {
		Details struct {
			Name, ID, Version string
			Build             int
		}
	}
	if _, err := toml.DecodeFile(filepath.Join(root(t), "FyneApp.toml"), &said); err != nil {
		t.Fatal(err)
	}
	flags, err := exec.Command(filepath.Join(root(t), "packaging/ldflags")).Output()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"name": said.Details.Name, "id": said.Details.ID, "version": said.Details.Version, "build": fmt.Sprint(said.Details.Build)}
	declared := variables(t, "app")
	for _, flag := range strings.Fields(string(flags)) {
		stamped, value, ok := strings.Cut(strings.TrimPrefix(flag, "main."), "=")
		if !ok {
			continue
		}
		if !declared[stamped] {
			t.Errorf("packaging/ldflags stamps main.%s, which app does not declare: the linker says nothing of that", stamped)
		}
		if wanted, ours := want[stamped]; ours && (value != wanted || value == "") {
			t.Errorf("packaging/ldflags stamps %s %q, and FyneApp.toml says %q", stamped, value, wanted)
		}
		delete(want, stamped)
	}
	for left := range want {
		t.Errorf("packaging/ldflags does not stamp %s", left)
	}
}

// variables are the names that a room's var declarations have.
func variables(t *testing.T, room string) map[string]bool {
	names := map[string]bool{}
	for _, s := range sources(t) {
		if s.room != room || s.test {
			continue
		}
		for _, d := range s.file.Decls {
			for _, spec := range specs(d) {
				if v, ok := spec.(*ast.ValueSpec); ok {
					for _, n := range v.Names {
						names[n.Name] = true
					}
				}
			}
		}
	}
	return names
}

func specs(d ast.Decl) []ast.Spec {
	if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
		return g.Specs
	}
	return nil
}
