package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// module is one line of the list.
type module struct {
	path, version string
	kinds         []string
	in            []string // program, tests, tool
	goos          []string // where the program has it
	texts         []string // the files of its licences
	direct        bool
}

// purposes say what the modules are for that go.mod requires directly.
var purposes = map[string]string{
	"aead.dev/minisign":                       "believes the publisher's signature of an update, and makes it",
	fontFolder:                                "Noto Sans SC and TC, cut to GB2312, Big5 and ASCII",
	printerFolder:                             "what receipt printers are like, from receipt-print-hq's ESC/POS printer database",
	"codeberg.org/go-pdf/fpdf":                "writes the PDF of a report and of what goes to a bank",
	"fyne.io/fyne/v2":                         "the window",
	"github.com/BurntSushi/toml":              "reads settings.toml",
	"github.com/CycloneDX/cyclonedx-go":       "writes the bill of materials of the packages",
	"github.com/boombuler/barcode":            "QR codes and bar codes as dots",
	"github.com/cockroachdb/datadriven":       "tests that are scripts with their transcript",
	"golang.org/x/sync":                       "turns at the bank's line that can be cancelled",
	"modernc.org/libc":                        "the memory of SQLite, for the simulated disk",
	"github.com/go-json-experiment/json":      "the second version of Go's JSON: reads the entries of the books, strictly and in half the time",
	"github.com/go-gl/glfw/v3.4/glfw":         "the window's presses, which have to wait for its moves",
	"github.com/gofrs/flock":                  "one program a data folder",
	"github.com/google/gousb":                 "the USB bus, through libusb",
	"github.com/moov-io/iso8583":              "packs and unpacks the wire's fields",
	"github.com/rogpeppe/go-internal":         "testscript: the command line as a stranger uses it",
	"github.com/jezek/xgb":                    "keys in and pixels out of the display, for the bench",
	"github.com/xuri/excelize/v2":             "reads the workbooks in which acquirers settle",
	"github.com/smartwalle/alipay/v3":         "speaks with the simulated Alipay in tests: it judges both sides' signatures",
	"github.com/wechatpay-apiv3/wechatpay-go": "WeChat Pay's own library speaks with its simulator in tests, and judges both sides' signatures",
	"go.bug.st/serial":                        "serial ports",
	"golang.org/x/image":                      "fonts as dots, pictures of paper",
	"golang.org/x/sys":                        "system calls that the standard library leaves out",
	"golang.org/x/text":                       "GB18030, Big5, Shift-JIS and code pages",
	"gopkg.in/natefinch/lumberjack.v2":        "turns the log file over",
	"honnef.co/go/tools":                      "staticcheck",
	"modernc.org/sqlite":                      "the journal's SQLite, without cgo",
	"pgregory.net/rapid":                      "property tests",
}

// listed is what go list says of a package, as far as it is needed.
type listed struct {
	Dir        string
	EmbedFiles []string
	Module     *struct {
		Path, Version, Dir string
		Main               bool
		Indirect           bool
	}
}

// program is the part that is given away.
const program = "program"

// sets are the parts whose code is looked through, each as the platforms see it on which the till is given away.
var sets = []struct {
	in, goos string
	args     []string
}{
	{program, "linux", []string{"./app"}},
	{program, "windows", []string{"./app"}},
	{"tests", "linux", []string{"-test", "./..."}},
	{"tool", "linux", []string{"tool"}},
}

// gather finds every module of which code is used, with its licences.
func gather(root string) ([]module, error) {
	found := map[string]*module{}
	texts := map[string]map[string]bool{} // licence files by module
	for _, s := range sets {
		packages, err := list(root, s.goos, s.args)
		if err != nil {
			return nil, err
		}
		for _, p := range packages {
			if p.Module == nil || p.Module.Main {
				continue
			}
			m := found[p.Module.Path]
			if m == nil {
				m = &module{path: p.Module.Path, version: p.Module.Version, direct: !p.Module.Indirect}
				found[m.path], texts[m.path] = m, map[string]bool{}
			}
			if !slices.Contains(m.in, s.in) {
				m.in = append(m.in, s.in)
			}
			if s.in == program && !slices.Contains(m.goos, s.goos) {
				m.goos = append(m.goos, s.goos)
			}
			addTexts(texts[m.path], p)
		}
	}
	var all []module
	for path, m := range found {
		m.texts = slices.Sorted(maps.Keys(texts[path]))
		all = append(all, *m)
	}
	sort.Slice(all, func(i, k int) bool { return all[i].path < all[k].path })
	for _, c := range carried {
		all = append(all, module{path: c.folder, in: []string{program}, goos: []string{"linux", "windows"}, direct: true,
			texts: []string{filepath.Join(root, c.folder, c.licence)}})
	}
	for i := range all {
		var err error
		if all[i].kinds, err = kindsOfAll(all[i].texts); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Folders of what the program carries of others that is no module.
const (
	fontFolder    = "assets/font"
	printerFolder = "assets/printers"
)

var carried = []struct{ folder, licence string }{{fontFolder, "OFL.txt"}, {printerFolder, "LICENSE.md"}}

func list(root, goos string, args []string) (all []listed, err error) {
	cmd := exec.Command("go", append([]string{"list", "-e", "-deps", "-json=Dir,EmbedFiles,Module"}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED=1", "GOFLAGS=-buildvcs=false")
	var fault bytes.Buffer
	cmd.Stderr = &fault
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, fault.Bytes())
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

// addTexts adds the licence files that stand beside a package's code, beside the files
// that it carries, and in every folder above up to the module's own.
func addTexts(to map[string]bool, p listed) {
	folders := []string{p.Dir}
	for _, f := range p.EmbedFiles {
		folders = append(folders, filepath.Dir(filepath.Join(p.Dir, f)))
	}
	for _, dir := range folders {
		for ; strings.HasPrefix(dir, p.Module.Dir); dir = filepath.Dir(dir) {
			names, err := os.ReadDir(dir)
			if err != nil {
				continue // go list -e names folders that this platform does not have
			}
			for _, n := range names {
				if passedOver[p.Module.Path+"/"+n.Name()] != "" {
					continue
				}
				if upper := strings.ToUpper(n.Name()); !n.IsDir() && (strings.HasPrefix(upper, "LICEN") || strings.HasPrefix(upper, "COPYING") || strings.HasPrefix(upper, "UNLICENSE")) {
					to[filepath.Join(dir, n.Name())] = true
				}
			}
		}
	}
}

func kindsOfAll(files []string) (kinds []string, err error) {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, k := range kindsOf(string(text)) {
			if !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	if len(kinds) == 0 {
		kinds = []string{unknown}
	}
	sort.Strings(kinds)
	return kinds, nil
}

// header says what the columns are.
const header = "# module\tversion\tlicences found in it\twhere it is used\twhat it is for, where go.mod requires it directly\n"

func format(all []module) string {
	text := header
	for _, m := range all {
		text += strings.Join([]string{m.path, m.version, strings.Join(m.kinds, " AND "), strings.Join(m.in, ", "), purposes[m.path]}, "\t") + "\n"
	}
	return text
}

// judge says which modules may not be there as they are.
func judge(all []module) (bad []string) {
	for _, m := range all {
		for _, k := range m.kinds {
			if !slices.Contains(allowed, k) && (slices.Contains(m.in, program) || !slices.Contains(allowedInTests, k)) {
				bad = append(bad, fmt.Sprintf("%s %s is under %s, which is not on the list of licences that may be used", m.path, m.version, k))
			}
		}
		if m.direct && purposes[m.path] == "" {
			bad = append(bad, m.path+" is required directly, and nobody says what it is for")
		}
	}
	return bad
}
