package cashier

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"

	"veratill/txn"
	"veratill/txn/sale"
)

// keptSale is a sale that is not paid, as its file says it. The proof reads the files as a person could, without the desk.
type keptSale struct {
	SaleID int64 `json:"saleId"`
	Before int64 `json:"before"`
	Entry  int64 `json:"entry"`
	Lines  []struct {
		Item       sale.Item `json:"item"`
		QuantityE5 int64     `json:"quantityE5"`
	} `json:"lines"`
	Exchange *struct {
		AmountMinor int64 `json:"amountMinor"`
	} `json:"exchange"`
}

// counts are quantities of articles by their codes, 5 decimal places.
type counts map[string]int64

func (c counts) add(code string, quantityE5 int64) {
	if c[code] += quantityE5; c[code] == 0 {
		delete(c, code)
	}
}

// less is what a count has above another.
func (c counts) less(other counts) counts {
	rest := maps.Clone(c)
	for code, n := range other {
		rest.add(code, -n)
	}
	return rest
}

// goodsSeen is where all goods are.
type goodsSeen struct {
	all         counts
	making      counts // in the making, and not in the books
	parked      int
	totalMinor  int64 // of the sale in the making
	linesMaking int
	backMinor   int64 // what comes back for them is worth
}

// findGoods reads the files of sales that are not paid, and the books.
func (w *world) findGoods() (*goodsSeen, error) {
	var making keptSale
	var parked []keptSale
	if err := errors.Join(readFile(filepath.Join(w.dir, "making.json"), &making), readFile(filepath.Join(w.dir, "parked.json"), &parked)); err != nil {
		return nil, err
	}
	g := &goodsSeen{all: counts{}, making: counts{}}
	ctx := context.Background()
	for _, b := range w.judge.bills {
		if !taken(b) {
			continue
		}
		s, err := w.shop.Journal.Sale(ctx, b.SaleID)
		if err != nil {
			return nil, err
		}
		for _, line := range s.Lines {
			g.all.add(line.Code, line.QuantityE5)
		}
	}
	if gone, err := w.inBooks(ctx, making); err != nil {
		return nil, err
	} else if !gone {
		for _, line := range making.Lines {
			g.making.add(line.Item.Code, line.QuantityE5)
			g.all.add(line.Item.Code, line.QuantityE5)
			g.totalMinor += price(line.Item, line.QuantityE5)
		}
		g.linesMaking = len(making.Lines)
		if making.Exchange != nil {
			g.backMinor = making.Exchange.AmountMinor
		}
	}
	for _, k := range parked {
		if k.SaleID != 0 {
			if gone, err := w.inBooks(ctx, k); err != nil {
				return nil, err
			} else if gone {
				continue
			}
		}
		g.parked++
		for _, line := range k.Lines {
			g.all.add(line.Item.Code, line.QuantityE5)
		}
	}
	return g, nil
}

// price is what a quantity costs, rounded half up.
func price(item sale.Item, quantityE5 int64) int64 {
	return (item.UnitPriceMinor*quantityE5 + sale.OneE5/2) / sale.OneE5
}

// taken reports whether the books have a sale's goods.
func taken(b txn.Bill) bool { return b.WasPaid() || b.State == txn.BillPartPaid }

// inBooks reports whether the sale in the making is one that the books have by now: the one that it says, or one of the same lines
// that was begun after its file was written.
func (w *world) inBooks(ctx context.Context, k keptSale) (bool, error) {
	for _, b := range w.judge.bills {
		if !taken(b) || b.SaleID != k.SaleID && (k.SaleID != 0 || b.SaleID <= k.Entry) {
			continue
		}
		if b.SaleID == k.SaleID && !w.restored { // in books that were put back another sale may have its number
			return true, nil
		}
		s, err := w.shop.Journal.Sale(ctx, b.SaleID)
		if err != nil {
			return false, err
		}
		if sameLines(s, k) {
			return true, nil
		}
	}
	return false, nil
}

// sameLines reports whether a sale of the books has the lines of one in a file.
func sameLines(s sale.Sale, k keptSale) bool {
	same := len(s.Lines) == len(k.Lines)
	for i := 0; same && i < len(s.Lines); i++ {
		same = s.Lines[i].Code == k.Lines[i].Item.Code && s.Lines[i].QuantityE5 == k.Lines[i].QuantityE5
	}
	return same
}

func readFile(path string, into any) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
