package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"veratill/app/present"
	"veratill/assets/files"
	"veratill/txn/sale"
)

// Catalogue implements present.Selling.
func (d *Desk) Catalogue() present.Catalogue { return d.config.Articles.Catalogue }

// Articles implements present.Selling.
func (d *Desk) Articles() present.Articles {
	list, s := d.config.Articles, d.gear.Settings()
	return present.Articles{Sold: list.Len(), Refused: list.Refused(), Remarks: list.Remarks,
		NoSigns: present.NoSigns(list.InGroup(""), s.Texts(), d.NoSign)}
}

// NoSign implements present.Selling.
func (d *Desk) NoSign(text string) string { return d.gear.NoSign(text) }

// Cart implements present.Selling.
func (d *Desk) Cart() *sale.Cart { return d.cart }

// parkedLine is a line of a parked sale in its file: what is needed to price it again.
type parkedLine struct {
	Item       sale.Item `json:"item"`
	QuantityE5 int64     `json:"quantityE5"`
}

// ErrParkedUnreadable says that the parked sales were damaged or of another version, and that
// their file was kept under another name. The next call begins with none.
var ErrParkedUnreadable = errors.New("the parked sales cannot be read")

func (d *Desk) parkedFile() string { return filepath.Join(d.config.Dir, "parked.json") }

// Parked implements present.Selling.
func (d *Desk) Parked() ([][]sale.CartLine, error) {
	d.parking.Lock()
	defer d.parking.Unlock()
	return d.readParked()
}

// Park implements present.Selling.
func (d *Desk) Park(lines []sale.CartLine) error {
	d.parking.Lock()
	defer d.parking.Unlock()
	parked, err := d.readParked()
	if err != nil {
		return err
	}
	return d.writeParked(append(parked, lines))
}

// Recall implements present.Selling.
func (d *Desk) Recall(index int) ([]sale.CartLine, error) {
	d.parking.Lock()
	defer d.parking.Unlock()
	parked, err := d.readParked()
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= len(parked) {
		return nil, errors.New("there is no such parked sale")
	}
	lines := parked[index]
	return lines, d.writeParked(append(parked[:index:index], parked[index+1:]...))
}

// readParked reads the file, priced, so that whatever it lists can be brought back. A file
// that cannot be read is never written over: it is moved aside first.
func (d *Desk) readParked() ([][]sale.CartLine, error) {
	text, err := files.Read(d.parkedFile(), ownBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the parked sales: %w", err)
	}
	parked, err := d.parkedIn(text)
	if err != nil {
		err = d.keepAside(err)
		d.config.Log.Error("parked sales", "error", err)
		return nil, err
	}
	return parked, nil
}

// parkedIn takes a file apart. A field that it does not know is an error: what another version
// wrote under another name would be lost in silence.
func (d *Desk) parkedIn(text []byte) ([][]sale.CartLine, error) {
	var kept [][]parkedLine
	reader := json.NewDecoder(bytes.NewReader(text))
	reader.DisallowUnknownFields()
	if err := reader.Decode(&kept); err != nil {
		return nil, err
	}
	parked := make([][]sale.CartLine, 0, len(kept))
	for i, lines := range kept {
		cart := sale.NewCart(d.config.Currency)
		recalled := make([]sale.CartLine, 0, len(lines))
		for _, line := range lines {
			recalled = append(recalled, sale.CartLine{Item: line.Item, Sold: sale.Line{QuantityE5: line.QuantityE5}})
		}
		if err := cart.Replace(recalled); err != nil {
			return nil, fmt.Errorf("sale %d: %w", i+1, err)
		}
		parked = append(parked, cart.Lines())
	}
	return parked, nil
}

func (d *Desk) writeParked(parked [][]sale.CartLine) error {
	kept := make([][]parkedLine, 0, len(parked))
	for _, lines := range parked {
		written := make([]parkedLine, 0, len(lines))
		for _, line := range lines {
			written = append(written, parkedLine{line.Item, line.Sold.QuantityE5})
		}
		kept = append(kept, written)
	}
	return writeJSON(d.parkedFile(), kept)
}

// keepAside gives the file the first free name of its own, and says which. Where that fails
// the file stays, and every call gives this error until somebody has moved it.
func (d *Desk) keepAside(why error) error {
	for n := 1; ; n++ {
		aside := filepath.Join(d.config.Dir, fmt.Sprintf("parked-unreadable-%d.json", n))
		if _, err := os.Lstat(aside); err == nil {
			continue
		}
		if err := os.Rename(d.parkedFile(), aside); err != nil {
			return fmt.Errorf("%w (%w), and their file cannot be moved: %w", ErrParkedUnreadable, why, err)
		}
		return fmt.Errorf("%w: %w; their file is now %s", ErrParkedUnreadable, why, aside)
	}
}
