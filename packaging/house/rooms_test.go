package house

import (
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"
)

// mostRooms bounds what one package imports of ours.
const mostRooms = 15

// A package that imports many of ours knows them all: each change of one is a change of it. Main
// alone may, which is where everything comes together; and tests, which put whole tills together.
func TestAPackageImportsFewOfOurs(t *testing.T) {
	for room, of := range imported(t) {
		if n := len(of); n > mostRooms && room != "app" {
			t.Errorf("%s imports %d packages of ours, above %d: part of its work belongs to a room of its own. %v", room, n, mostRooms, slices.Sorted(maps.Keys(of)))
		}
	}
}

// imported are the rooms that each room imports, with a file that does, outside tests.
func imported(t *testing.T) map[string]map[string]string {
	rooms := map[string]map[string]string{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		if rooms[s.room] == nil {
			rooms[s.room] = map[string]string{}
		}
		for _, name := range s.imports {
			if to, mine := ours(name); mine {
				rooms[s.room][to] = s.name
			}
		}
	}
	return rooms
}

// storeys are the rooms of the program from the lowest up. Each imports lower ones alone.
var storeys = [][]string{
	{"assets", "assets/files", "escpos", "devices", "txn/money", "txn/chain", "txn/digits", "txn/zvt"},
	{"txn/disk", "txn/iso8583", "txn/walletsim", "txn/zvt/wire"},
	{"devices/port", "txn/sale", "txn/hostsim/bank", "txn/monthly", "txn/zvtsim"},
	{"devices/hid", "devices/printer", "txn", "txn/slips"},
	{"devices/reader", "devices/scanner", "txn/plan", "txn/fold", "txn/insight", "txn/report", "txn/receipt", "txn/clearing", "txn/messages"},
	{"txn/journal", "txn/find", "txn/till", "txn/acquirer", "txn/wallet", "txn/terminal", "txn/external", "txn/vault", "txn/hostsim"},
	{"app/articles", "app/control", "app/settings", "app/pdf", "app/sound", "app/update", "app/present"},
	{"app/doctor", "app/print", "app/training", "app/ui", "app/ui/uitest"},
	{"app/casework", "app/gear", "app/lines", "app/office"},
	{"app/finding"},
	{"app/desk"},
	{"app/shop"},
	{"app"},
}

func storey(room string) int {
	return slices.IndexFunc(storeys, func(rooms []string) bool { return slices.Contains(rooms, room) })
}

// Data goes one way, and so do imports: whoever reads a room needs to know lower ones alone.
func TestRoomsImportLowerOnesAlone(t *testing.T) {
	for room, of := range imported(t) {
		if within(room, "packaging") {
			continue
		}
		if storey(room) < 0 {
			t.Errorf("%s has no storey: say in this test above which rooms it stands", room)
		}
		for to, file := range of {
			if storey(to) >= storey(room) {
				t.Errorf("%s imports %s, which does not stand below %s: what is needed of both belongs lower, or travels as an argument", file, to, room)
			}
		}
	}
}

// Folders of the top level do not import each other in a circle, even by different packages: each can be
// read, moved and given away with the ones below it.
func TestFoldersImportInNoCircle(t *testing.T) {
	folders := map[string]map[string]string{}
	for room, of := range imported(t) {
		from := folder(room)
		if folders[from] == nil {
			folders[from] = map[string]string{}
		}
		for to, file := range of {
			if folder(to) != from {
				folders[from][folder(to)] = file
			}
		}
	}
	var walk func(at string, way []string)
	walk = func(at string, way []string) {
		if slices.Contains(way, at) {
			t.Errorf("a circle of imports: %s. The last is of %s", strings.Join(append(way, at), " → "), folders[way[len(way)-1]][at])
			return
		}
		for to := range folders[at] {
			walk(to, append(slices.Clone(way), at))
		}
	}
	for from := range folders {
		walk(from, nil)
	}
}

func folder(room string) string {
	top, _, _ := strings.Cut(room, "/")
	return top
}

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
