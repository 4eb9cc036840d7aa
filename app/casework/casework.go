// Package casework makes the pages that decide a dispute with a bank: what the books hold of a payment, with the merchant's slip as it was first printed.
package casework

import (
	"context"
	"encoding/hex"
	"errors"
	"time"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/journal"
	"veratill/txn/messages"
	"veratill/txn/sale"
	"veratill/txn/slips"
)

// Books are what it reads of a journal.
type Books interface {
	Cases(ctx context.Context) ([]txn.Case, error)
	Attempt(ctx context.Context, id txn.ID) (txn.Attempt, error)
	Bill(ctx context.Context, sale int64) (txn.Bill, error)
	Sale(ctx context.Context, id int64) (sale.Sale, error)
	Slip(ctx context.Context, printID int64) (txn.SlipKept, error)
	Between(ctx context.Context, fromMs, toMs int64) ([]txn.Attempt, error)
	Head() (seq int64, hash [32]byte)
	HeadAt(ctx context.Context, seq int64) (string, error)
	Identity() txn.Identity
	Numbers() txn.Numbers
	SettlementsOf(ctx context.Context, batch int64) ([]txn.Settlement, error)
}

// Slips are where slips are kept, see slips.Store.
type Slips interface {
	Read(name string, at time.Time) ([]byte, error)
}

// Exchanged is where what was exchanged about payments is kept, see messages.Store.
type Exchanged interface {
	Of(a txn.Attempt, now time.Time) (messages.Kept, error)
}

// Slip is the merchant's slip of a payment.
type Slip struct {
	Kept  txn.SlipKept `json:"kept,omitzero"`
	Bytes []byte       `json:"bytes,omitempty"` // as kept, see print.ReadSlip
	Lost  bool         `json:"lost,omitempty"`  // its name stands in the books, and nothing of that name is there
}

// Facts are what the books hold of a case.
type Facts struct {
	Case     txn.Case      `json:"case"`
	Attempt  txn.Attempt   `json:"attempt"`
	Bill     txn.Bill      `json:"bill"`
	Sale     sale.Sale     `json:"sale"`
	Parts    []txn.Attempt `json:"parts"`  // every attempt of the sale, the payment among them, in their order
	Others   []Other       `json:"others"` // of other sales: the same card and amount within a day; none where the books hold no card's number
	Slip     Slip          `json:"slip"`
	Messages messages.Kept `json:"messages"` // what was exchanged with the bank about the payment, as it may be kept
	Filed    present.Filed `json:"filed,omitzero"`
	// Settlement is that of the payment's batch on its line; zero where none was begun.
	Settlement txn.Settlement `json:"settlement,omitzero"`
	Identity   txn.Identity   `json:"identity"`
	Seq        int64          `json:"seq"`      // of the newest entry
	Head       string         `json:"head"`     // its hash, in hex
	SaleHead   string         `json:"saleHead"` // of the entry that opened the sale
	Last       txn.ID         `json:"last"`     // the highest number of an attempt that was used up when they were made
	MadeMs     int64          `json:"madeMs"`
}

// Other is a payment of another sale, with what it paid.
type Other struct {
	txn.Attempt
	Goods []sale.Line `json:"goods"`
}

// Matter is the payment with its sale.
func (f Facts) Matter() txn.Matter { return txn.Matter{Attempt: f.Attempt, Bill: f.Bill} }

// Affair is the payment with what is known of it.
func (f Facts) Affair() present.Affair {
	return present.Affair{Matter: f.Matter(), Parts: f.Parts, Messages: f.Messages.Messages, Filed: f.Filed}
}

// around is how far from a payment another one is looked for that may be meant by "twice".
const around = 24 * time.Hour

// Gather reads what books hold of a case. Errors: journal.ErrNotFound, those of the disk.
func Gather(ctx context.Context, books Books, kept Slips, number int64, now time.Time) (f Facts, err error) {
	cases, err := books.Cases(ctx)
	if err != nil {
		return f, err
	}
	if number < 1 || number > int64(len(cases)) {
		return f, journal.ErrNotFound
	}
	f = Facts{Case: cases[number-1], MadeMs: now.UnixMilli(), Identity: books.Identity(), Last: books.Numbers().Last}
	m, err := matterOf(ctx, books, f.Case.Attempt)
	if err != nil {
		return f, err
	}
	f.Attempt, f.Bill = m.Attempt, m.Bill
	if f.Sale, err = books.Sale(ctx, f.Attempt.SaleID); err != nil {
		return f, err
	}
	if f.Parts, err = partsOf(ctx, books, f.Bill); err != nil {
		return f, err
	}
	seq, head := books.Head()
	f.Seq, f.Head = seq, hex.EncodeToString(head[:])
	if f.SaleHead, err = books.HeadAt(ctx, f.Attempt.SaleID); err != nil {
		return f, err
	}
	if f.Slip, err = slipOf(ctx, books, kept, f.Matter()); err != nil {
		return f, err
	}
	if f.Settlement, err = settlementOf(ctx, books, f.Attempt); err != nil {
		return f, err
	}
	f.Others, err = others(ctx, books, f.Attempt)
	return f, err
}

// partsOf reads the attempts of a sale, in their order.
func partsOf(ctx context.Context, books Books, b txn.Bill) (parts []txn.Attempt, err error) {
	for _, part := range b.Parts {
		a, err := books.Attempt(ctx, part.ID)
		if err != nil {
			return nil, err
		}
		parts = append(parts, a)
	}
	return parts, nil
}

// settlementOf is the settlement of a payment's batch on its line.
func settlementOf(ctx context.Context, books Books, a txn.Attempt) (s txn.Settlement, err error) {
	all, err := books.SettlementsOf(ctx, a.Batch)
	for _, one := range all {
		if one.Line == a.Line {
			s = one
		}
	}
	return s, err
}

// matterOf reads an attempt with its sale's bill.
func matterOf(ctx context.Context, books Books, id txn.ID) (m txn.Matter, err error) {
	if m.Attempt, err = books.Attempt(ctx, id); err == nil {
		m.Bill, err = books.Bill(ctx, m.Attempt.SaleID)
	}
	return m, err
}

// others are payments of other sales with the same card and amount, within a day. Of a payment without a card's number nobody can tell whose another one is.
func others(ctx context.Context, books Books, a txn.Attempt) (found []Other, err error) {
	if a.Card.Masked == "" {
		return nil, nil
	}
	all, err := books.Between(ctx, a.OpenedMs-around.Milliseconds(), a.OpenedMs+around.Milliseconds())
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		near := time.Duration(max(o.OpenedMs-a.OpenedMs, a.OpenedMs-o.OpenedMs))*time.Millisecond <= around
		//mutant:another-payment-is-shown
		if o.ID != a.ID && o.SaleID != a.SaleID && o.Kind == txn.Sale && o.Card.Masked == a.Card.Masked && o.Amount == a.Amount && near {
			sold, err := books.Sale(ctx, o.SaleID)
			if err != nil {
				return nil, err
			}
			found = append(found, Other{o, sold.Lines})
		}
	}
	return found, nil
}

// SlipOfAttempt finds the merchant's slip of a payment, a void or a refund by its number.
func SlipOfAttempt(ctx context.Context, books Books, kept Slips, id txn.ID) (Slip, error) {
	m, err := matterOf(ctx, books, id)
	if err != nil {
		return Slip{}, err
	}
	return slipOf(ctx, books, kept, m)
}

// slipOf finds the merchant's slip of a payment: that of its sale's first receipt.
func slipOf(ctx context.Context, books Books, kept Slips, m txn.Matter) (s Slip, err error) {
	prints := m.Bill.Prints
	if m.Attempt.Kind.GivesBack() {
		prints = m.Attempt.Prints
	}
	for _, p := range prints {
		if p.Kind != txn.PrintOriginal {
			continue
		}
		if s.Kept, err = books.Slip(ctx, p.ID); errors.Is(err, journal.ErrNotFound) {
			continue
		}
		if err != nil {
			return s, err
		}
		s.Bytes, err = kept.Read(s.Kept.SHA256, time.UnixMilli(s.Kept.AtMs))
		//mutant:a-lost-slip-is-said
		if errors.Is(err, slips.ErrNotKept) || errors.Is(err, slips.ErrAltered) {
			s.Lost, err = true, nil
		}
		return s, err
	}
	return s, nil
}
