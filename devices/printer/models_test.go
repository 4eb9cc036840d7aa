package printer

import (
	"errors"
	"strings"
	"testing"

	"veratill/assets"
	"veratill/escpos"
)

// Every model that is carried can be encoded for, in each encoding that it is said to have;
// what this program corrects has its source.
func TestModels(t *testing.T) {
	m := carried(t)
	all := m.All()
	if len(all) < 60 {
		t.Fatalf("%d models", len(all))
	}
	for _, model := range all {
		for e := range model.Pages {
			p, err := model.Profile(e, nil)
			if err != nil {
				if !errors.Is(err, escpos.ErrImage) {
					t.Error(model.Name, e, err)
				}
				continue
			}
			if _, err := escpos.NewEncoder(p); err != nil {
				t.Error(model.Name, e, err)
			}
		}
		if found, ok := m.Lookup(" " + strings.ToLower(strings.ReplaceAll(model.Name, "-", " "))); !ok || found.Name != model.Name {
			t.Errorf("%s is not found as it may be said", model.Name)
		}
		if (model.ProcessID != NotTried || model.Clear != NotTried || model.TwoByteKnown) && len(model.Sources) == 0 {
			t.Errorf("%s: said without a source", model.Name)
		}
	}
}

// Facts of models that differ from the reference, looked up in the sources.
func TestModelsDiffer(t *testing.T) {
	m := carried(t)
	get := func(name string) Model {
		model, ok := m.Lookup(name)
		if !ok {
			t.Fatal(name)
		}
		return model
	}
	if p := get("TM-T88V").Paper; p != (escpos.Paper{Dots: 512, Columns: 42}) {
		t.Error(p)
	}
	if p := get("NT-80-V-UL").Paper; p != escpos.Paper80 {
		t.Error("the width that the database has wrong:", p)
	}
	if p := get("CT-S651").Paper; p != escpos.Paper80 {
		t.Error(p)
	}
	if n := get("KR-306").Pages[escpos.PC866]; n != 12 {
		t.Error("KR-306 has PC866 at", n)
	}
	if get("NT-5890K").Cutter || get("NT-5890K").QR || get("TM-U220").Raster {
		t.Error("features that are not there")
	}
	if get("TM-T88III").ProcessID != No || get("TM-T88IV").ProcessID != Yes {
		t.Error("process IDs")
	}
}

// A printer without a cutter, QR or raster gets what it can: paper to tear, dots, columns.
func TestProfileOfASimplePrinter(t *testing.T) {
	m, _ := carried(t).Lookup("TH230")
	p, err := m.Profile(escpos.PC866, nil)
	if err != nil {
		t.Fatal(err)
	}
	p.NoCutter = true
	enc, err := escpos.NewEncoder(p)
	if err != nil {
		t.Fatal(err)
	}
	b, err := enc.Append(nil, new(escpos.Document).Add(escpos.Text{S: "Чек"}, escpos.QR{Data: "x", Module: 4}, escpos.Cut{}))
	if err != nil {
		t.Fatal(err)
	}
	got := string(b)
	if !strings.HasPrefix(got, "\x1b@\x1c.\x1bt\x07") {
		t.Errorf("PC866 of a TH230 is ESC t 7: %q", got[:8])
	}
	if strings.Contains(got, "\x1d(k") || strings.Contains(got, "\x1dv0") || strings.Contains(got, "\x1dV") || !strings.Contains(got, "\x1b*!") || !strings.HasSuffix(got, "\x1bd\x06") {
		t.Errorf("%q", got)
	}
	if _, err := m.Profile(escpos.Encoding(200), nil); !errors.Is(err, ErrNoEncoding) {
		t.Error(err)
	}
	if t70, _ := carried(t).Lookup("TM-T70II"); true {
		if _, err := t70.Profile(escpos.GBK, nil); !errors.Is(err, ErrNoEncoding) {
			t.Error("a model that is known to have no Chinese:", err)
		}
	}
}

// Faults of the files name the model.
func TestModelsAreRefused(t *testing.T) {
	const good = `{"profiles":{"default":{"vendor":"Generic","name":"d","columns":42,"pixels":0,"features":[],"codePages":{"0":"CP437"}}}}`
	for layer, want := range map[string]string{
		`{`:                                      "unexpected EOF",
		`{"models":{"X":{"clear":"yes"}}}`:       "in no database",
		`{"models":{"X":{"like":"y"}}}`:          "like y",
		`{"models":{"default":{"clear":"yes"}}}`: "without a source",
		`{"models":{"default":{"clear":"yes","sources":["s"]}}}`:                                       "not named",
		`{"models":{"default":{"claer":"yes"}}}`:                                                       "claer",
		`{"sources":{"s":{"title":"t"}},"models":{"default":{"clear":"maybe"}}}`:                       "maybe",
		`{"sources":{"s":{"title":"t"}},"models":{"default":{"columns":900}}}`:                         "source",
		`{"sources":{"s":{"title":"t"}},"models":{"default":{"columns":900,"sources":["s"]}}}`:         "900 columns",
		`{"sources":{"s":{"title":"t"}},"models":{"default":{"twoByte":["klingon"],"sources":["s"]}}}`: "klingon",
		`{"usb":[{"id":"zz:1","models":[]}]}`:                                                          "zz:1",
		`{"usb":[{"id":"04b8:0202","models":["no"],"sources":["s"]}]}`:                                 "no no",
	} {
		_, err := ReadModels([]byte(good), []byte(layer))
		if !errors.Is(err, ErrModels) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", layer, err)
		}
	}
	for _, database := range []string{`{`, `{"profiles":{}}`, `{"profiles":{"default":{"columns":42,"codePages":{"300":"CP437"}}}}`,
		`{"profiles":{"default":{"columns":42,"codePages":{"1":"CP999"}}}}`, `{"profiles":{"default":{"columns":1}}}`} {
		if _, err := ReadModels([]byte(database), []byte(`{}`)); !errors.Is(err, ErrModels) {
			t.Errorf("%s: %v", database, err)
		}
	}
	if _, err := ReadModels(assets.Printers, []byte(`{}`)); !errors.Is(err, ErrModels) {
		t.Error("the database alone has a printer of 12 columns:", err)
	}
}
