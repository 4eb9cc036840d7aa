// Package sale is the cart: lines, quantities, tax that is part of the price, totals.
// It is pure: no clock, no I/O, no words for people.
package sale

import "veratill/txn/money"

// Name is what an article is called, in each language that paper and screen can show.
type Name struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Item is one article of the catalogue. Prices include tax. It is written with parked sales, so
// that they can be priced again, and never into the journal (see Line).
type Item struct {
	Code           string `json:"code"` // EAN-13, EAN-8 or the shop's own PLU; never empty
	Name           Name   `json:"name"`
	Initials       string `json:"initials"` // pinyin initials, lower case: a till needs no Chinese typing
	Group          string `json:"group"`
	UnitPriceMinor int64  `json:"unitPriceMinor"` // of one Unit; 0 to money.MaxMinor
	TaxRatePPM     int64  `json:"taxRatePPM"`     // parts per million of the price without tax: 130000 is 13 %; 0 to MaxRatePPM
	Unit           Unit   `json:"unit"`
	Favourite      bool   `json:"favourite,omitempty"` // it stands on the first tiles
	Picture        string `json:"picture,omitempty"`   // the name of a file, without a folder; empty is none
}

// Sale is a cart that is being paid. Its lines no longer change.
type Sale struct {
	ID         int64          `json:"id"` // the journal entry that holds it; 0 until the journal has it
	Currency   money.Currency `json:"currency"`
	Lines      []Line         `json:"lines"`
	TotalMinor int64          `json:"totalMinor"` // the sum of the lines
	TaxMinor   int64          `json:"taxMinor"`   // the sum of the taxes inside the lines
	// NoReceipt says that nothing is sold: these goods are taken back without the receipt of a sale.
	NoReceipt bool `json:"noReceipt,omitempty"`
	// Exchange is what comes back for it; nil where nothing does.
	Exchange *Exchange `json:"exchange,omitempty"`
	// Before is the sale that the journal made of some of these goods before a line was changed; 0 where there is none. No journal keeps it: it
	// says where to look whether they may be paid for already.
	Before int64 `json:"-"`
}

// Total is what the customer owes.
func (s Sale) Total() money.Amount { return money.Amount{Minor: s.TotalMinor, Currency: s.Currency} }
