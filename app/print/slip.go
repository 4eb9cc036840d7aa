package print

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"veratill/escpos"
	"veratill/txn"
	"veratill/txn/slips"
	"veratill/txn/till"
)

// merchantSlips lays out the merchant's slips of a sheet, one for each card payment, or what went back of one, whether they are printed or not; nil where it has none.
func merchantSlips(s till.Sheet, o Options) *escpos.Document {
	p := newPage(s, o)
	switch {
	case s.Attempt.ID == 0:
		for _, part := range s.Parts {
			if part.Tender == txn.Card {
				p.merchants(part, nil)
			}
		}
	case s.Attempt.Tender == txn.Card:
		p.merchants(s.Attempt, nil)
	}
	if len(p.doc.Blocks) == 0 {
		return nil
	}
	return &p.doc
}

// Slips are the merchant's slips of a till: what its press prints of them, kept in a store. It implements till.Slips.
type Slips struct {
	Press *Press
	Store *slips.Store
}

// Make implements till.Slips: the bytes as they go to the printer in use.
func (k Slips) Make(s till.Sheet) (slip []byte, sha256 string, err error) {
	_, encoder := k.Press.inUse()
	doc := merchantSlips(s, k.Press.Options())
	if doc == nil || encoder == nil {
		return nil, "", nil
	}
	of := encoder.Decoding()
	head, err := json.Marshal(slipHead{of.Paper.Dots, of.Paper.Columns, of.Encoding.String()})
	if err != nil {
		return nil, "", err
	}
	slip, err = encoder.Append(append(head, '\n'), doc)
	return slip, slips.Name(slip), err
}

// slipHead is the first line of a kept slip: what has to be known of the printer to read the bytes that follow.
type slipHead struct {
	Dots     int    `json:"dots"`
	Columns  int    `json:"columns"`
	Encoding string `json:"encoding"`
}

// ReadSlip is the paper of a slip that was kept.
func ReadSlip(slip []byte) (*escpos.Page, error) {
	line, raw, _ := bytes.Cut(slip, []byte("\n"))
	var head slipHead
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, fmt.Errorf("the slip has no head that can be read: %w", err)
	}
	encoding, err := escpos.ParseEncoding(head.Encoding)
	if err != nil {
		return nil, err
	}
	return escpos.Decode(raw, escpos.DecodeOptions{Paper: escpos.Paper{Dots: head.Dots, Columns: head.Columns}, Encoding: encoding}), nil
}

// Keep implements till.Slips.
func (k Slips) Keep(slip []byte, at time.Time) error {
	_, err := k.Store.Keep(slip, at)
	return err
}

// Lacks implements till.Slips.
func (k Slips) Lacks(kept map[string]time.Time) (map[string]bool, error) { return k.Store.Lacks(kept) }

// Sync implements till.Slips.
func (k Slips) Sync() error { return k.Store.Sync() }
