package house

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// openers are what opens a file by its name.
var openers = []string{"os.Open", "os.OpenFile", "os.OpenInRoot", "os.ReadFile", "os.WriteFile", "os.Create", "os.DirFS", "zip.OpenReader", "ioutil.ReadFile", "syscall.Open"}

// byThemselves may open files by themselves, for the reason that stands behind each.
var byThemselves = map[string]string{
	"assets/files":                "it is the place",
	"txn/disk/system.go":          "a folder, to make its names durable",
	"devices/port/list_linux.go":  "the kernel's files, whose names nobody chooses",
	"app/console_windows.go":      "the console of whoever started the program",
	"app/ui/walk.go":              "pictures of a demonstration, in a folder that was made for them",
	"devices/port/raw_windows.go": "a port is a device",
}

// Whatever a person names may be a pipe, a device or a file without an end, and a till that waits for one sells nothing: files are opened
// in one place, which refuses them at once.
func TestFilesAreOpenedInOnePlace(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || within(s.room, "packaging") || byThemselves[s.name] != "" || byThemselves[s.room] != "" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if name := calledName(call.Fun); slices.Contains(openers, name) {
				t.Errorf("%s calls %s: use assets/files, which opens regular files alone, reads them up to a limit and waits for nothing", s.set.Position(call.Pos()), name)
			}
			return true
		})
	}
	for name := range byThemselves {
		if !slices.ContainsFunc(sources(t), func(s source) bool { return s.name == name || s.room == strings.TrimSuffix(name, "/") }) {
			t.Errorf("%s is not there any more: take it out of the list", name)
		}
	}
}
