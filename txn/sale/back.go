package sale

import (
	"errors"
	"fmt"

	"veratill/txn/money"
)

// BackLine is how much of a line of a sale came back, with its share of the line's amount, taxes and discounts.
type BackLine struct {
	Line        int        `json:"line"`       // its place among the lines of the sale, from 0
	QuantityE5  int64      `json:"quantityE5"` // of the line's unit; above 0
	Taxes       []Tax      `json:"taxes,omitempty"`
	Discounts   []Discount `json:"discounts,omitempty"`
	AmountMinor int64      `json:"amountMinor"` // what the customer gets back for it
}

// Want is how much of a line is to come back.
type Want struct {
	Line       int   `json:"line"`
	QuantityE5 int64 `json:"quantityE5"`
}

// ErrBack means that so much of a line can't come back: it was not sold, or came back before.
var ErrBack = errors.New("this can't come back")

// Back is what is given back for parts of a sale's lines. before is how much of each line came back earlier, in 1/100,000 of its unit.
//
// Each share is what is due for everything that has come back so far, less what was due before: shares of one line never add up to more than was
// taken, and once the whole line is back they are exactly what was taken, in whatever steps it came.
func Back(sold []Line, before map[int]int64, want []Want) (lines []BackLine, amountMinor int64, err error) {
	seen := map[int]bool{}
	for _, w := range want {
		if w.Line < 0 || w.Line >= len(sold) || seen[w.Line] {
			return nil, 0, fmt.Errorf("%w: the sale has no line %d, or it is asked for twice", ErrBack, w.Line+1)
		}
		seen[w.Line] = true
		line, err := backOf(sold[w.Line], before[w.Line], w)
		if err != nil {
			return nil, 0, err
		}
		if amountMinor, err = money.Add(amountMinor, line.AmountMinor); err != nil {
			return nil, 0, err
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return nil, 0, fmt.Errorf("%w: no line was named", ErrBack)
	}
	return lines, amountMinor, nil
}

// backOf is the share of one line.
func backOf(sold Line, before int64, w Want) (BackLine, error) {
	back := BackLine{Line: w.Line, QuantityE5: w.QuantityE5}
	left := sold.QuantityE5 - before
	switch {
	//mutant:no-more-comes-back-than-was-sold
	case w.QuantityE5 <= 0 || w.QuantityE5 > left:
		return back, fmt.Errorf("%w: of line %d (%s) there is %s left to come back", ErrBack, w.Line+1, sold.Code, QuantityFigure(max(left, 0), sold.Unit))
	case sold.Unit == Piece && w.QuantityE5%OneE5 != 0:
		return back, ErrWholePieces
	}
	share := func(whole int64) (int64, error) {
		//mutant:shares-add-up
		until, err := money.MulDiv(whole, before+w.QuantityE5, sold.QuantityE5)
		if err != nil {
			return 0, err
		}
		earlier, err := money.MulDiv(whole, before, sold.QuantityE5)
		return until - earlier, err
	}
	var err error
	if back.AmountMinor, err = share(sold.AmountMinor); err != nil {
		return back, err
	}
	for _, tax := range sold.Taxes {
		if tax.AmountMinor, err = share(tax.AmountMinor); err != nil {
			return back, err
		}
		back.Taxes = append(back.Taxes, tax)
	}
	for _, d := range sold.Discounts {
		if d.AmountMinor, err = share(d.AmountMinor); err != nil {
			return back, err
		}
		back.Discounts = append(back.Discounts, d)
	}
	return back, nil
}
