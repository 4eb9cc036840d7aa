package house

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// wall is a rule on who may import whom.
type wall struct {
	rule  string   // number in design house.md
	from  []string // rooms that it binds
	not   []string // rooms of ours that they must not import
	but   []string // exceptions to not
	why   string
	tests bool // binds tests too
}

var walls = []wall{
	{rule: "1", from: []string{"txn", "devices", "escpos", "assets", "app/present", "app/ui", "app/print", "app/doctor", "app/settings", "app/control", "app/sound", "app/update", "app/training", "app/articles", "app/casework", "app/office", "app/finding", "app/gear", "app/lines", "app/desk", "app/pdf", "app/shop"},
		not: []string{"app"}, but: []string{"app/casework", "app/office", "app/pdf", "app/sound", "app/finding", "app/present", "app/ui", "app/print", "app/doctor", "app/settings", "app/control", "app/update", "app/training", "app/articles", "app/gear", "app/lines", "app/desk", "app/shop"},
		why: "nothing imports main: wiring is done in one place, and what is wired knows nothing of it", tests: true},
	{rule: "1", from: []string{"txn", "devices", "escpos", "assets"}, not: []string{"app"},
		why: "money, devices and paper's language work without a face: the command line, the tests and other programs use them", tests: true},
	{rule: "2", from: []string{"devices"}, not: []string{"txn"},
		why: "a device moves bytes; that it could read or change money would make every driver part of the proof", tests: true},
	{rule: "2", from: []string{"escpos"}, not: []string{"txn", "devices"},
		why: "paper's language knows neither whose paper it is nor where it goes: bytes can be judged without a till or a port", tests: true},
	{rule: "3", from: []string{"txn/money"}, not: []string{"txn", "devices", "escpos", "assets"},
		why: "amounts are the lowest room: what they import everything imports"},
	{rule: "3", from: []string{"txn/sale"}, not: []string{"txn", "devices", "escpos", "assets"}, but: []string{"txn/money", "txn/digits"},
		why: "a cart knows amounts and nothing of how it is paid"},
	{rule: "3", from: []string{"txn/chain"}, not: []string{"txn", "devices", "escpos", "assets"},
		why: "whoever checks a chain needs nothing of what its entries say"},
	{rule: "4", from: []string{"txn/journal"}, not: adapters, but: []string{"txn/journal"}, why: adaptersApart},
	{rule: "4", from: []string{"txn/find"}, not: adapters,
		why: "the index of payments reads the books by an interface that it declares and writes none: what moves money knows nothing of it"},
	{rule: "4", from: []string{"txn/till"}, not: []string{"txn/find"},
		why: "no money waits for what is looked for: the shell does not know the index"},
	{rule: "4", from: []string{"txn/acquirer"}, not: adapters, but: []string{"txn/acquirer"}, why: adaptersApart},
	{rule: "4", from: []string{"txn/vault"}, not: adapters, but: []string{"txn/vault"}, why: adaptersApart},
	{rule: "4", from: []string{"txn/hostsim"}, not: adapters, but: []string{"txn/hostsim"}, why: adaptersApart},
	{rule: "4", from: []string{"txn/wallet"}, not: adapters, but: []string{"txn/wallet"}, why: adaptersApart},
	{rule: "4", from: []string{"txn/terminal"}, not: adapters, but: []string{"txn/terminal"}, why: adaptersApart},
	{rule: "4", from: []string{"txn/zvt"}, not: []string{"txn", "devices", "escpos", "app"}, but: []string{"txn/zvt"},
		why: "the terminal's language is shared by the till's line and the simulated terminal, so it knows neither", tests: true},
	{rule: "4", from: []string{"txn/zvtsim"}, not: append([]string{"txn"}, adapters...), but: []string{"txn/zvtsim", "txn/zvt"},
		why: "the simulated terminal judges the till's line: it knows nothing of it"},
	{rule: "4", from: []string{"txn/walletsim"}, not: append([]string{"txn"}, adapters...), but: []string{"txn/walletsim"},
		why: "the simulated providers sign and verify by code of their own, and so judge the till's: they know nothing of it"},
	{rule: "4", from: []string{"txn/disk"}, not: []string{"txn", "devices", "escpos", "app"},
		why: "files are the lowest room beside money: journal and vault stand on them, and a proof puts its own in their place", tests: true},
	{rule: "6", from: []string{"txn", "devices", "escpos", "assets", "app"}, not: []string{"packaging/prove"},
		why: "what breaks disks and lines is for proofs alone"},
	{rule: "4", from: []string{"txn/iso8583"}, not: []string{"txn"}, but: []string{"txn/digits"},
		why: "the wire is shared by the till's client and the simulated bank, so it knows neither", tests: true},
	{rule: "4", from: []string{"txn/till"}, not: []string{"txn/journal", "txn/acquirer", "txn/hostsim", "txn/terminal", "txn/zvt", "txn/zvtsim", "txn/wallet", "txn/walletsim", "txn/iso8583", "txn/vault", "devices", "escpos"},
		why: "the shell sees only interfaces that it declares, so that a test can put a scripted disk, bank or printer in their place"},
	{rule: "4", from: []string{"devices/port"}, not: []string{"devices/reader", "devices/printer", "devices/scanner"},
		why: "a port is bytes in and out; what they mean is known one room higher"},
	{rule: "4", from: []string{"devices/reader"}, not: []string{"devices/printer", "devices/scanner"}, why: adaptersApart},
	{rule: "4", from: []string{"devices/printer"}, not: []string{"devices/reader", "devices/scanner"}, why: adaptersApart},
	{rule: "4", from: []string{"devices/scanner"}, not: []string{"devices/reader", "devices/printer"}, why: adaptersApart},
	{rule: "4", from: []string{"devices/hid"}, not: []string{"devices/reader", "devices/printer", "devices/scanner"},
		why: "what a HID device says of its reports is shared by readers and scanners, and knows neither"},
	{rule: "6", from: []string{"txn", "devices", "escpos", "assets", "app/present", "app/ui", "app/print", "app/doctor", "app/settings", "app/control", "app/update", "app/gear", "app/lines", "app/desk", "app/shop"},
		not: []string{"txn/hostsim", "txn/walletsim", "txn/zvtsim"}, but: nil,
		why: "the simulated bank, like the simulated providers of codes, is wired by app/training and by the command that runs it alone, and used by tests: a till that can reach it by itself can approve by itself"},
	{rule: "house", from: []string{"app/articles"}, not: []string{"app", "devices", "escpos", "txn"}, but: []string{"app/articles", "txn/sale", "txn/money"},
		why: "a file of articles becomes a list to sell from, and nothing else hangs on it"},
	{rule: "house", from: []string{"app/gear"}, not: []string{"txn", "app/desk", "app/shop"}, but: []string{"txn/till", "txn/sale"},
		why: "devices are opened, exchanged and watched without a journal or a bank: of the till they know its sheets and its wake-up alone"},
	{rule: "house", from: []string{"app/desk"}, not: []string{"app/shop", "app/training", "app/settings", "app/control", "txn/vault", "devices/printer", "devices/scanner", "devices/port"},
		why: "the desk uses what app/shop has constructed, and constructs nothing"},
	{rule: "house", from: []string{"app/present"}, not: []string{"app", "devices", "txn/journal", "txn/acquirer", "txn/till"}, but: []string{"app/present"},
		why: "what a screen says is decided without a toolkit, a device or a disk: words can be tested at a desk"},
	{rule: "house", from: []string{"app/update"}, not: []string{"app", "devices", "escpos", "txn"}, but: []string{"app/update", "txn/disk"},
		why: "what is believed of an update is decided without a till: it knows files and programs, and is told what the journal says"},
	{rule: "house", from: []string{"app/ui"}, not: []string{"devices", "escpos", "txn/journal", "txn/acquirer", "txn/till", "txn/hostsim", "app/shop", "app/desk", "app/gear", "app/training", "app/settings", "app/print", "app/update"},
		why: "the window knows the desk that present declares; what stands behind it can be a script"},
}

var adapters = []string{"txn/journal", "txn/acquirer", "txn/hostsim", "txn/terminal", "txn/zvtsim", "txn/wallet", "txn/walletsim", "txn/vault", "txn/till", "txn/report", "devices", "escpos", "app"}

const adaptersApart = "adapters never import each other: each can be replaced, and the shell alone knows the order of things"

// Rules 1, 2, 3, 4 and 6.
func TestWhoMayImportWhom(t *testing.T) {
	all := sources(t)
	for _, w := range walls {
		for _, s := range all {
			if s.test && !w.tests || !bound(s.room, w) {
				continue
			}
			for _, name := range s.imports {
				to, mine := ours(name)
				if mine && to != s.room && hits(to, w) {
					t.Errorf("%s imports %s. Rule %s: %s", s.name, name, w.rule, w.why)
				}
			}
		}
	}
}

func bound(room string, w wall) bool {
	if w.rule == "6" && (within(room, "txn/hostsim") || within(room, "txn/walletsim") || within(room, "txn/zvtsim")) {
		return false
	}
	return slices.ContainsFunc(w.from, func(from string) bool { return within(room, from) })
}

func hits(to string, w wall) bool {
	for _, room := range w.but {
		if within(to, room) {
			return false
		}
	}
	return slices.ContainsFunc(w.not, func(room string) bool { return within(to, room) })
}

// libraries are the large third-party ones and the one room that may import each (rule 5).
var libraries = []struct {
	library string
	rooms   []string
	tests   bool // tests of other rooms may too
	why     string
}{
	{"modernc.org", []string{"txn/journal", "packaging/prove/simdisk"}, true, "the journal's settings and traps hold only if nobody else opens the file; tests read it as an auditor would, and the proof puts a disk under it"},
	{"github.com/moov-io", []string{"txn/iso8583"}, true, "moov's own text forms show PAN and track in clear: one room stands before it with the redactor; tests compare with it"},
	{"go.bug.st/serial", []string{"devices/port"}, false, "a serial port is opened, set and closed in one place"},
	{"fyne.io", []string{"app/ui", "packaging/bench/empty", "packaging/prove/cashier"}, true, "everything but the window works and is tested without a toolkit; packaging/bench/empty is the empty window that ours is measured against, and packaging/prove/cashier presses the window's keys and reads its widgets"},
	{"github.com/go-gl", []string{"app/ui"}, false, "what is below Fyne is touched in one place, where Fyne itself presses what was touched before"},
	{"github.com/BurntSushi/toml", []string{"app/settings", "packaging"}, false, "settings are read, checked and kept aside when damaged in one place; packaging reads FyneApp.toml"},
	{"github.com/google/gousb", []string{"devices/port"}, false, "it needs cgo and libusb: everything else has to build without"},
	{"gopkg.in/natefinch/lumberjack.v2", []string{"app"}, false, "where logs go is wiring"},
	{"codeberg.org/go-pdf/fpdf", []string{"app/pdf"}, false, "one room knows what of fpdf can be relied on: its own line breaks lose characters"},
	{"github.com/go-json-experiment", []string{"txn/fold"}, false, "entries are read in one place; once Go has this version of JSON itself, that place changes"},
	{"github.com/gofrs/flock", []string{"txn/disk"}, false, "one lock decides who has the journal"},
	{"aead.dev/minisign", []string{"app/update", "packaging/update"}, true, "who may bring this program to another version is decided in one place; packaging/update signs what that believes"},
	{"github.com/wechatpay-apiv3", nil, true, "the till signs by the standard library; the provider's own judges it in tests"},
	{"github.com/smartwalle", nil, true, "the till signs by the standard library; a library of others judges it in tests"},
	{"golang.org/x/image", []string{"escpos", "app/ui", "app/print"}, true, "pictures are made of paper and of screens"},
}

// Rule 5.
func TestEachLibraryHasOneRoom(t *testing.T) {
	for _, s := range sources(t) {
		for _, name := range s.imports {
			for _, l := range libraries {
				if !within(name, l.library) || s.test && l.tests {
					continue
				}
				if !slices.ContainsFunc(l.rooms, func(room string) bool { return within(s.room, room) && (room != "app" || s.room == "app") }) {
					t.Errorf("%s imports %s, which belongs to %s. Rule 5: %s", s.name, name, strings.Join(l.rooms, " and "), l.why)
				}
			}
		}
	}
}

// forbidden is what the pure rooms may not touch, even of the standard library.
var forbidden = []string{"net", "os", "log", "syscall", "io/fs", "database/sql", "math/rand", "crypto/rand", "runtime", "unsafe", "sync", "context"}

// Rule 3: the same input gives the same decision, today, at night and in a simulation.
func TestTheMoneyIsPure(t *testing.T) {
	pure := []string{"txn", "txn/money", "txn/digits", "txn/sale", "txn/chain", "txn/fold", "txn/plan", "txn/hostsim/bank"}
	codecs := map[string]string{ // they read and compose, and send nothing
		"txn/hostsim/bank": "txn/iso8583",
		"txn/fold":         "github.com/go-json-experiment/json",
	}
	const why = "Rule 3: the pure rooms decide from what they are told, so that a year of sales can be simulated in a minute and a fault replayed exactly"
	for _, s := range sources(t) {
		if s.test || !slices.Contains(pure, s.room) {
			continue
		}
		for _, name := range s.imports {
			to, mine := ours(name)
			if !mine {
				to = name
			}
			if !standard(name) && !slices.Contains(pure, to) && (codecs[s.room] == "" || !within(to, codecs[s.room])) {
				t.Errorf("%s imports %s. %s", s.name, name, why)
			}
			// log/slog is there for the types by which a secret hides itself from any log; see below.
			if name != "log/slog" && slices.ContainsFunc(forbidden, func(f string) bool { return within(name, f) }) {
				t.Errorf("%s imports %s. %s", s.name, name, why)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s starts a goroutine. %s", s.set.Position(n.Pos()), why)
			case *ast.SelectorExpr:
				of, ok := n.X.(*ast.Ident)
				if ok && (of.Name == "time" && slices.Contains(clocks, n.Sel.Name) || of.Name == "slog" && !strings.HasSuffix(n.Sel.Name, "Value")) {
					t.Errorf("%s uses %s.%s. %s", s.set.Position(n.Pos()), of.Name, n.Sel.Name, why)
				}
			}
			return true
		})
	}
}

// acting are the calls by which the till acts on bank, printer, key and people.
var acting = []string{"line.Request", "line.Resolve", "line.Acknowledge", "Printer.Begin", "Vault.Rotate", "cfg.Tell"}

// The till acts in one file, once for each act, because a plan asks for it: what is sent, undone, printed, destroyed
// or told anywhere else would be asked for by nobody, and proved by nothing.
func TestTheTillActsInOnePlace(t *testing.T) {
	found := map[string]int{}
	for _, s := range sources(t) {
		if s.test || s.room != "txn/till" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			for _, act := range acting {
				if !strings.HasSuffix(calledName(call.Fun), act) {
					continue
				}
				found[act]++
				if s.name != "txn/till/carry.go" {
					t.Errorf("%s calls %s: a plan asks for acts, and carry.go does them", s.set.Position(call.Pos()), act)
				}
			}
			return true
		})
	}
	for _, act := range acting {
		if found[act] != 1 {
			t.Errorf("%s is called at %d places of txn/till, want 1", act, found[act])
		}
	}
}

// calledName is a call's name with what it is called on, such as t.cfg.Bank.Request.
func calledName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return calledName(e.X) + "." + e.Sel.Name
	case *ast.CallExpr:
		return calledName(e.Fun)
	}
	return ""
}

// clocks are what of package time asks a clock or waits for one.
var clocks = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "Local"}
