package settings_test

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"veratill/app/settings"
	"veratill/txn/clearing"
)

// Without a file it is a demonstration; the specimen is a whole file that can be used.
func TestDefaultAndSpecimen(t *testing.T) {
	s, err := settings.Read(t.TempDir())
	if err != nil || !s.Demo() {
		t.Errorf("%+v %v", s, err)
	}
	if _, err := settings.Parse(settings.Specimen); err != nil {
		t.Error(err)
	}
}

// Of a file that can't be used nothing is, and it stays where it is: a misspelt bank never becomes a simulated one.
func TestAFileThatCannotBeUsedOpensNothing(t *testing.T) {
	for _, bad := range []string{
		"this is no TOML", "[devices]\nbnak = \"tcp://h:1\"", "[windows]\nlanguage = \"zh\"", "[devices]\nbank = 5", "[till]\ncurrency = 156", "[till]\nmode = true",
		"[till]\nmode = \"bank\"", "[till]\nmode = \"cash\"\n[devices]\nbank = \"tcp://h:1\"", "[till]\nmode = \"demo\"",
		"[till]\nmode = \"demonstration\"\n[devices]\nbank = \"tcp://h:1\"",
		"[devices]\nBank = \"tcp://h:1\"", "[Till]\nmode = \"demonstration\"", "[till]\nMode = \"demonstration\"\n[devices]\nbank = \"tcp://h:1\"",
		"[till]\nmode = 1", "[till]\nmode = [\"demonstration\"]", "[devices]\nbank = true", "devices = \"tcp://h:1\"", "[till]\nmode = \"Demonstration\"", "[till]\nmode = \"demonstration \"",
		"mode = \"demonstration\"", "[till.mode]\ndemonstration = true", "[till]\ncurrency = \"RMB\"", "[till]\nmode = \"cash\"\nmode = \"demonstration\"",
		"[merchant]\nnumber = \"1234567890123456\"", "[till]\nterminal = \"a\\u0007b\"", "[till]\ndayBegins = \"noon\"", "till = 5",
		"[devices]\nbank = \"tcp://h:1\"\nBank = \"tcp://h:2\"", "[window]\nthem = \"dark\"", "[window]\nTheme = \"dark\"", "[window.theme]\nname = \"dark\"",
		"[merchant]\nname = 1", "[devices]\nseparateTerminal = \"yes\"", "[till]\ncashier = 1", "[receipt]\nlanguage = \"zh\"",
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, settings.FileName)
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := settings.Read(dir)
		if err == nil || !strings.Contains(err.Error(), path) || s.Till.Mode != "" || s.Devices.Bank != "" {
			t.Errorf("%q: %+v, %v", bad, s, err)
		}
		kept, err := os.ReadFile(path)
		if err != nil || string(kept) != bad {
			t.Errorf("%q was not kept: %q, %v", bad, kept, err)
		}
	}
}

// A file that is there and can't be read is no missing one.
func TestAFileThatCannotBeReadOpensNothing(t *testing.T) {
	for name, put := range map[string]func(path string) error{
		"a folder":             func(path string) error { return os.Mkdir(path, 0o700) },
		"a link to nowhere":    func(path string) error { return os.Symlink(path+"-gone", path) },
		"more than a megabyte": func(path string) error { return os.WriteFile(path, make([]byte, 1<<20+1), 0o600) },
	} {
		dir := t.TempDir()
		if err := put(filepath.Join(dir, settings.FileName)); err != nil {
			t.Fatal(err)
		}
		if s, err := settings.Read(dir); err == nil || s.Till.Mode != "" {
			t.Errorf("%s: %+v, %v", name, s.Till, err)
		}
	}
}

// What an acquirer gives a shop is said where it is left out.
func TestWhatTheSettingsLeaveOut(t *testing.T) {
	parsed := func(text string) settings.Settings {
		s, err := settings.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if err := parsed("[merchant]\nnumber = \"1\"\n[till]\nterminal = \"2\"").Numbered(); err != nil {
		t.Error(err)
	}
	for text, named := range map[string]string{"[merchant]\nnumber = \"1\"": "till.terminal", "[till]\nterminal = \"2\"": "merchant.number", "[till]\nterminal = \"\"": "merchant.number and till.terminal"} {
		if err := parsed(text).Numbered(); err == nil || !strings.Contains(err.Error(), named) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A device that is chosen on its page stands in the file afterwards, and everything else stays as it was.
func TestSave(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"no file":     {"", "[till]\nmode = \"demonstration\"\n\n[devices]\nprinter = \"usb:04b8:0202?serial=X1\"\n"},
		"a line":      {"[devices]\n  printer  = \"virtual:\"  # paper\nwidthMm = 58\n", "[devices]\n  printer  = \"usb:04b8:0202?serial=X1\"  # paper\nwidthMm = 58\n"},
		"a hash":      {"[devices]\nprinter = \"virtual:a#b\" # paper", "[devices]\nprinter = \"usb:04b8:0202?serial=X1\" # paper"},
		"no line":     {"# mine\n[devices]\nreader = \"virtual:\"\n\n[window]\ntheme = \"dark\"\n", "# mine\n[devices]\nreader = \"virtual:\"\nprinter = \"usb:04b8:0202?serial=X1\"\n\n[window]\ntheme = \"dark\"\n"},
		"no table":    {"[window]\ntheme = \"dark\"", "[window]\ntheme = \"dark\"\n[devices]\nprinter = \"usb:04b8:0202?serial=X1\"\n"},
		"a literal":   {"[devices]\nprinter = 'virtual:a#b' # paper\n", "[devices]\nprinter = \"usb:04b8:0202?serial=X1\" # paper\n"},
		"Notepad's":   {"\uFEFF[devices]\r\nprinter = \"virtual:\"\r\n", "\uFEFF[devices]\r\nprinter = \"usb:04b8:0202?serial=X1\"\r\n"},
		"a comment":   {"[devices]\n# printer = \"x\"\n", "[devices]\n# printer = \"x\"\nprinter = \"usb:04b8:0202?serial=X1\"\n"},
		"another one": {"[till]\ncatalogue = \"printer = 1\"\n[devices]\nprinter = \"virtual:\"\r\n", "[till]\ncatalogue = \"printer = 1\"\n[devices]\nprinter = \"usb:04b8:0202?serial=X1\"\r\n"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, settings.FileName)
		if c.before != "" {
			if err := os.WriteFile(path, []byte(c.before), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := settings.Save(dir, settings.Change{Key: "printer", Value: "usb:04b8:0202?serial=X1"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != c.after {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// What can't be changed rightly is left alone, byte for byte.
func TestSaveRefuses(t *testing.T) {
	for _, before := range []string{
		"devices = { printer = \"virtual:\" }\n", "devices.printer = \"virtual:\"\n", "this is no TOML", "[devices]\nprinter = \"\"\"\nvirtual:\"\"\"\n",
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, settings.FileName)
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := settings.Save(dir, settings.Change{Key: "printer", Value: "usb:04b8:0202"}); err == nil {
			t.Errorf("%q was changed", before)
		}
		if got, _ := os.ReadFile(path); string(got) != before {
			t.Errorf("%q became %q", before, got)
		}
	}
	dir := t.TempDir()
	if err := settings.Save(dir, settings.Change{Key: "printer", Value: "POS \"80\"\\"}, settings.Change{Key: "widthMm", Value: "58"}); err != nil {
		t.Error(err)
	}
	if err := settings.Save(dir, settings.Change{Key: "widthMm", Value: "57"}); err == nil {
		t.Error("a width that is none was kept")
	}
	if s, _ := settings.Read(dir); s.Devices.WidthMm != 58 || s.Devices.Printer != "POS \"80\"\\" {
		t.Errorf("%+v", s.Devices)
	}
}

// A line of a text that looks like a setting is none: a change that would touch it is refused, also where the
// setting that was meant has that value already.
func TestSaveTouchesNothingElse(t *testing.T) {
	const footer = "[receipt]\nfooter = \"\"\"\n[devices]\nmodel = \"TM-T88V\"\nprinter = \"old\"\n\"\"\"\n"
	for _, before := range []string{footer, footer + "[devices]\nprinter = \"usb:04b8:0202\"\n"} {
		dir := t.TempDir()
		path := filepath.Join(dir, settings.FileName)
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, changes := range [][]settings.Change{{{Key: "printer", Value: "usb:04b8:0202"}}, {{Key: "model", Value: ""}}, {{Key: "widthMm", Value: "80"}, {Key: "model", Value: ""}}} {
			err := settings.Save(dir, changes...)
			if got, _ := os.ReadFile(path); err == nil || string(got) != before {
				t.Errorf("%v: %q became %q: %v", changes, before, got, err)
			}
		}
	}
	if err := settings.Save(t.TempDir(), settings.Change{Key: "bank", Value: "tcp://h:1"}); err == nil {
		t.Errorf("the bank can be changed: %v", err)
	}
}

// A settings file may be a link to one that somebody looks after, and others may read it: both stay so.
func TestSaveKeepsTheFileItself(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links and permissions are others there")
	}
	dir, kept := t.TempDir(), filepath.Join(t.TempDir(), "kept.toml")
	if err := os.WriteFile(kept, []byte("[window]\ntheme = \"dark\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(kept, 0o640); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, settings.FileName)
	if err := os.Symlink(kept, path); err != nil {
		t.Fatal(err)
	}
	if err := settings.Save(dir, settings.Change{Key: "printer", Value: "usb:04b8:0202"}); err != nil {
		t.Fatal(err)
	}
	if link, err := os.Lstat(path); err != nil || link.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", link.Mode(), err)
	}
	info, err := os.Stat(kept)
	text, _ := os.ReadFile(kept)
	if err != nil || info.Mode().Perm() != 0o640 || !strings.Contains(string(text), "usb:04b8:0202") {
		t.Errorf("%v, %v: %q", info.Mode(), err, text)
	}
}

// Two changes at the same time are both kept: a drawer may be learnt while a scanner is chosen.
func TestSavesAtOnce(t *testing.T) {
	for range 50 {
		dir := t.TempDir()
		var both sync.WaitGroup
		for key, value := range map[string]string{"scanner": "usb:0c2e:0b01", "drawer": "low", "model": "80"} {
			both.Go(func() {
				if err := settings.Save(dir, settings.Change{Key: key, Value: value}); err != nil {
					t.Errorf("%s: %v", key, err)
				}
			})
		}
		both.Wait()
		if s, err := settings.Read(dir); err != nil || s.Devices.Scanner == "" || s.Devices.Drawer != "low" || s.Devices.Model != "80" {
			t.Fatalf("%+v %v", s.Devices, err)
		}
	}
}

// A till is what its settings say. A file that names a bank is one of a bank; a file that says neither is nothing: it
// is no demonstration because an address is missing.
func TestModeIsSaidNeverGuessed(t *testing.T) {
	for text, want := range map[string]settings.Mode{
		"": "", "[merchant]\nname = \"x\"": "", "[devices]\nbank = \"tcp://h:1\"": settings.Bank,
		"[till]\nmode = \"cash\"": settings.CashOnly, "[till]\nmode = \"demonstration\"": settings.Demonstration,
	} {
		s, err := settings.Parse(text)
		if err != nil || s.Till.Mode != want || s.Demo() != (want == settings.Demonstration) || s.CashOnly() != (want == settings.CashOnly) {
			t.Errorf("%q: mode %q, want %q, %v", text, s.Till.Mode, want, err)
		}
	}
	s := settings.Default()
	s.UseBank("tcp://h:1")
	if s.Demo() || s.Till.Mode != settings.Bank {
		t.Errorf("a bank on the command line leaves mode %q", s.Till.Mode)
	}
}

// A setting that no money hangs on keeps nothing from opening, however it is wrong: it is told, the usual stands in its place, and
// everything else of the file is what the till is.
func TestWhatIsNotMoneyIsLeftOut(t *testing.T) {
	usual := settings.Default()
	for _, bad := range []string{
		"[window]\nlanguage = \"fr\"", "[window]\nlanguage = 5", "[window]\ntheme = \"pink\"", "window = 5",
		"[receipt]\ncopies = [\"everyone\"]", "[receipt]\nlanguages = [\"fr\"]", "[receipt]\nlanguages = \"zh\"",
		"[devices]\ndrawer = \"up\"", "[devices]\nwidthMm = 44", "[till]\nnumber = 1000", "[till]\nnumber = -1", "[till]\nnumber = \"two\"", "[devices]\nwidthMm = \"80\"", "[update]\nmanifest = 1",
		"[till]\nlabels = [\"21=kilos\"]", "[till]\nlabels = [\"21=weight\", \"21=price\"]", "[till]\nlabels = \"21=weight\"", "[till]\nlabels = [\"21=price\", 5]", "[till]\ncatalogue = 5",
	} {
		text := "[merchant]\nnumber = \"77\"\n" + bad + "\n"
		if strings.HasPrefix(bad, "window =") {
			text = bad + "\n[merchant]\nnumber = \"77\"\n"
		}
		s, err := settings.Parse(text)
		if err != nil || len(s.Complaints) != 1 || s.Merchant.Number != "77" {
			t.Errorf("%q: %q, %v", bad, s.Complaints, err)
			continue
		}
		if s.Window != usual.Window || s.Devices.WidthMm != 80 || s.Devices.Drawer != "" || len(s.Receipt.Languages) != 2 || len(s.Receipt.Copies) != 1 {
			t.Errorf("%q: %+v", bad, s)
		}
		if strings.Contains(bad, "labels = ") && len(s.Till.Labels) > 0 {
			t.Errorf("%q: labels are read as %q, which may be other prices", bad, s.Till.Labels)
		}
	}
	s, err := settings.Parse("[till]\ncatalogue = 5\n[devices]\nprinter = 7\nreader = true\nscanner = [1]\n")
	if err != nil || s.Till.Catalogue != "5" || s.Devices.Printer != "7" || s.Devices.Reader != "true" || s.Devices.Scanner != "[1]" || len(s.Complaints) != 4 {
		t.Errorf("another file or device is taken in its place: %+v, %v", s, err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, settings.FileName), []byte("[till]\nmode = \"cash\"\n[window]\nlanguage = \"fr\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := settings.Read(dir); err != nil || !s.CashOnly() || !strings.Contains(s.Notice("x"), `language "fr"`) {
		t.Errorf("%+v, %v", s, err)
	}
	if err := settings.Save(dir, settings.Change{Key: "printer", Value: "usb:04b8:0202"}); err != nil {
		t.Errorf("a printer can't be chosen: %v", err)
	}
}

// What providers keep stands with them or among the fees, and a wallet without a rate takes none away; a format may have several, and what is no rate is told.
func TestRatesOfProviders(t *testing.T) {
	s, err := settings.Parse("[till]\nmode = \"cash\"\n[clearing]\nfees = [\"allinpay=0.55\", \"adyen=1.2\", \"stripe=2.9+0.30\", \"allinpay=0.5<20.00\", \"wechat=0.6\"]\nseparateTerminal = \"adyen\"\n[[wallet]]\nprovider = \"wechat\"\n[[wallet]]\nprovider = \"alipay\"\nrate = \"0.6\"\n[[wallet]]\nprovider = \"alipay\"\nrate = \"0.5\"\n")
	if err != nil {
		t.Fatal(err)
	}
	want := map[clearing.Format][]clearing.Rate{"allinpay": {{PPM: 5500}, {PPM: 5000, MostMinor: 2000}}, "adyen": {{PPM: 12000}}, "stripe": {{PPM: 29000, FixedMinor: 30}}, "wechat": {{PPM: 6000}}, "alipay": {{PPM: 6000}, {PPM: 5000}}}
	if got := s.Rates(); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, wrong := range []string{`fees = ["gold=1"]`, `fees = ["adyen"]`, `fees = ["adyen=free"]`, `fees = ["adyen=1+"]`, `fees = ["adyen=1<0"]`, `fees = ["adyen=1<x"]`, `separateTerminal = "gold"`} {
		s, err := settings.Parse("[till]\nmode = \"cash\"\n[clearing]\n" + wrong + "\n")
		if err != nil || len(s.Complaints) != 1 || len(s.Rates()) != 0 || s.Clearing.SeparateTerminal != "" {
			t.Errorf("%s: %v, %v", wrong, s.Complaints, err)
		}
	}
}

// A shop that says no name of its own is called by none: the demonstration's name is on no customer's phone.
func TestNoShopHasTheDemonstrationsName(t *testing.T) {
	for text, want := range map[string]string{
		"[till]\nmode = \"cash\"\n":                              "",
		"[till]\nmode = \"cash\"\n[merchant]\nname = \"老王小吃\"\n": "老王小吃",
	} {
		s, err := settings.Parse(text)
		if err != nil || s.CalledName() != want {
			t.Errorf("%q is called %q, %v", text, s.CalledName(), err)
		}
	}
	if s := settings.Default(); s.CalledName() != s.Merchant.Name || s.CalledName() == "" {
		t.Errorf("the demonstration is called %q", s.CalledName())
	}
}
