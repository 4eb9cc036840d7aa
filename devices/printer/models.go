package printer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"veratill/escpos"
)

// ErrModels is the kind of every fault of the files that say what printers are like. The
// message names the model and what is wrong with it.
var ErrModels = errors.New("printer models")

// listedModel is a profile of the printer database, as assets/printers/capabilities.json has it.
type listedModel struct {
	Vendor    string            `json:"vendor"`
	Name      string            `json:"name"`
	Columns   int               `json:"columns"`
	Pixels    int               `json:"pixels"` // 0 is not known
	Features  []string          `json:"features"`
	CodePages map[string]string `json:"codePages"` // names by the n of ESC t
}

// correction is what this program adds to a profile: assets/printers/veratill.json.
type correction struct {
	Like      string    `json:"like"` // the profile that a model goes by which the database has not
	Vendor    string    `json:"vendor"`
	Columns   int       `json:"columns"`
	Pixels    int       `json:"pixels"`
	TwoByte   *[]string `json:"twoByte"`
	ProcessID string    `json:"processID"`
	Clear     string    `json:"clear"`
	Sources   []string  `json:"sources"`
}

type correctionFile struct {
	Note    string                       `json:"note"`
	Sources map[string]map[string]string `json:"sources"`
	Models  map[string]correction        `json:"models"`
	USB     []struct {
		ID      string   `json:"id"` // vendor:product, in hex
		Models  []string `json:"models"`
		Sources []string `json:"sources"`
	} `json:"usb"`
}

// Models is what is known of printers by their models. It is not changed once read and
// may be used from any goroutine.
type Models struct {
	byKey map[string]Model // by plainName
	usb   map[[2]uint16][]string
}

// ReadModels reads the printer database and this program's layer over it, as assets
// carries them. Errors are ErrModels.
func ReadModels(database, layer []byte) (*Models, error) {
	var listed struct {
		Attribution map[string]string      `json:"attribution"`
		Profiles    map[string]listedModel `json:"profiles"`
	}
	if err := decodeStrictly(database, &listed); err != nil {
		return nil, fmt.Errorf("%w: database: %w", ErrModels, err)
	}
	var over correctionFile
	if err := decodeStrictly(layer, &over); err != nil {
		return nil, fmt.Errorf("%w: layer: %w", ErrModels, err)
	}
	if _, there := listed.Profiles[defaultModel]; !there {
		return nil, fmt.Errorf("%w: no profile %q", ErrModels, defaultModel)
	}
	m := &Models{byKey: map[string]Model{}, usb: map[[2]uint16][]string{}}
	names := slices.Sorted(maps.Keys(listed.Profiles))
	for name, c := range over.Models {
		if _, there := listed.Profiles[name]; !there {
			if c.Like == "" {
				return nil, fmt.Errorf("%w: %s is in no database and like no other", ErrModels, name)
			}
			names = append(names, name)
		}
	}
	for _, name := range names {
		c := over.Models[name]
		from := name
		if c.Like != "" {
			from = c.Like
		}
		if err := m.add(name, from, listed.Profiles, c, over.Sources); err != nil {
			return nil, err
		}
	}
	return m, m.addUSB(over)
}

// decodeStrictly takes no field that it does not know: a misspelt one would say nothing.
func decodeStrictly(b []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(to)
}

// defaultModel is the profile for a printer that nothing is known of.
const defaultModel = "default"

func (m *Models) add(name, from string, listed map[string]listedModel, c correction, sources map[string]map[string]string) error {
	l, there := listed[from]
	if !there {
		return fmt.Errorf("%w: %s is like %s, which there is not", ErrModels, name, from)
	}
	model, err := l.model(name)
	if err == nil {
		err = c.apply(&model, sources)
	}
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrModels, name, err)
	}
	if p := model.Paper; p.Columns < 16 || p.Columns > 96 || p.Dots < 128 || p.Dots > 1024 {
		return fmt.Errorf("%w: %s: %d columns, %d dots", ErrModels, name, p.Columns, p.Dots)
	}
	key := plainName(name)
	if _, twice := m.byKey[key]; twice || key == "" {
		return fmt.Errorf("%w: %q is no name, or another's", ErrModels, name)
	}
	m.byKey[key] = model
	return nil
}

// pageNames are the code pages of the database that this program prints in.
var pageNames = map[string]escpos.Encoding{
	"CP437": escpos.PC437, "CP850": escpos.PC850, "CP852": escpos.PC852, "CP858": escpos.PC858, "CP860": escpos.PC860,
	"CP863": escpos.PC863, "CP865": escpos.PC865, "CP866": escpos.PC866, "CP1252": escpos.WPC1252,
}

// fontDots is the width of a character of font A.
const fontDots = 12

func (l listedModel) model(name string) (Model, error) {
	has := func(f string) bool { return slices.Contains(l.Features, f) }
	m := Model{Name: name, Maker: l.Vendor, Paper: escpos.Paper{Dots: l.Pixels, Columns: l.Columns}, Pages: map[escpos.Encoding]byte{},
		Cutter: has("paperFullCut") || has("paperPartCut"), QR: has("qrCode"), Raster: has("bitImageRaster"),
		Columns24: has("bitImageColumn"), Barcode: has("barcodeB")}
	if m.Paper.Dots == 0 { // not known: no wider than its letters
		m.Paper.Dots = l.Columns * fontDots
	}
	for text, page := range l.CodePages {
		n, err := strconv.ParseUint(text, 10, 8)
		e, known := pageNames[page]
		if err != nil || !known {
			return m, fmt.Errorf("code page %s is %s", text, page)
		}
		if first, twice := m.Pages[e]; !twice || byte(n) < first { // the lowest is the reference's
			m.Pages[e] = byte(n)
		}
	}
	return m, nil
}

func (c correction) apply(m *Model, sources map[string]map[string]string) error {
	if c.Vendor != "" {
		m.Maker = c.Vendor
	}
	if c.Columns != 0 {
		m.Paper.Columns = c.Columns
	}
	if c.Pixels != 0 {
		m.Paper.Dots = c.Pixels
	}
	if c.TwoByte != nil {
		m.TwoByteKnown = true
		for _, name := range *c.TwoByte {
			e, err := escpos.ParseEncoding(name)
			if err != nil {
				return err
			}
			m.TwoByte = append(m.TwoByte, e)
		}
	}
	for _, claim := range []struct {
		text string
		to   *Answer
	}{{c.ProcessID, &m.ProcessID}, {c.Clear, &m.Clear}} {
		switch claim.text {
		case "":
		case Yes.String():
			*claim.to = Yes
		case No.String():
			*claim.to = No
		default:
			return fmt.Errorf("%q is neither yes nor no", claim.text)
		}
	}
	for _, s := range c.Sources {
		if sources[s]["title"] == "" {
			return fmt.Errorf("source %q is not named", s)
		}
		m.Sources = append(m.Sources, sources[s]["title"])
	}
	if said := c.Columns != 0 || c.Pixels != 0 || c.TwoByte != nil || c.ProcessID != "" || c.Clear != "" || c.Like != ""; said && len(m.Sources) == 0 {
		return errors.New("it is said without a source")
	}
	return nil
}

func (m *Models) addUSB(over correctionFile) error {
	for _, u := range over.USB {
		vendor, product, _ := strings.Cut(u.ID, ":")
		v, err1 := strconv.ParseUint(vendor, 16, 16)
		p, err2 := strconv.ParseUint(product, 16, 16)
		if err := errors.Join(err1, err2); err != nil {
			return fmt.Errorf("%w: USB %q: %w", ErrModels, u.ID, err)
		}
		for _, name := range u.Models {
			if _, there := m.Lookup(name); !there || len(u.Sources) == 0 {
				return fmt.Errorf("%w: USB %s: there is no %s, or no source", ErrModels, u.ID, name)
			}
		}
		m.usb[[2]uint16{uint16(v), uint16(p)}] = u.Models
	}
	return nil
}

// plainName is a name as it is compared: letters and digits alone, capitals, and the plus
// that tells some models apart. Units write their names with and without dashes and spaces.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

// Lookup finds a model by its name, also as a unit says it in GS I: case, dashes and
// spaces do not matter.
func (m *Models) Lookup(name string) (Model, bool) {
	model, ok := m.byKey[plainName(name)]
	return model, ok
}

// ByUSB are the models that a printer on the bus may be. Makers use one number for
// several: what the unit says of itself decides. It is empty for numbers not known.
func (m *Models) ByUSB(vendor, product uint16) []Model {
	var all []Model
	for _, name := range m.usb[[2]uint16{vendor, product}] {
		model, _ := m.Lookup(name)
		all = append(all, model)
	}
	return all
}

// Default is the model for a printer that nothing is known of.
func (m *Models) Default() Model {
	model, _ := m.Lookup(defaultModel)
	return model
}

// All are the models by maker and name, for a list to choose from.
func (m *Models) All() []Model {
	return slices.SortedFunc(maps.Values(m.byKey), func(a, b Model) int {
		return strings.Compare(a.Maker+"\x00"+a.Name, b.Maker+"\x00"+b.Name)
	})
}
