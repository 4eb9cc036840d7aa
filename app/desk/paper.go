package desk

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/till"
)

// Reprint implements present.Printing.
func (d *Desk) Reprint(ctx context.Context, by txn.Actor, m txn.Matter) present.Result {
	//mutant:reprint-is-proved
	if err := d.proved(ctx); err != nil {
		return d.reprinted(m)(0, nil, err)
	}
	if m.Attempt.ID == 0 {
		return d.reprinted(m)(d.till.ReprintSale(ctx, by, m.Bill.SaleID))
	}
	return d.reprinted(m)(d.till.Reprint(ctx, by, m.Attempt.ID))
}

// daysBack is how many closed days are looked through for the newest papers: a shop may close several in which nobody sold anything.
const daysBack = 31

// Receipts implements present.Printing.
func (d *Desk) Receipts(ctx context.Context, limit int) (all []present.Entry, err error) {
	open := d.journal.OpenDay().Batch
	//mutant:the-last-receipts-reach-back-over-empty-days
	for batch := open; len(all) < limit && batch >= max(open-daysBack, 1); batch-- {
		attempts, err := d.journal.Attempts(ctx, batch)
		if err != nil {
			return nil, err
		}
		bills, err := d.journal.Bills(ctx, batch)
		if err != nil {
			return nil, err
		}
		for _, m := range slices.Backward(withSales(attempts, bills)) {
			if len(all) == limit {
				return all, nil
			}
			if !hasPaper(m) {
				continue
			}
			e, err := d.entry(ctx, m)
			if err != nil {
				return nil, err
			}
			all = append(all, e)
		}
	}
	return all, nil
}

// hasPaper reports whether an attempt stands for a paper that its customer got, or waits for: a sale's receipt, by the payment that made up its sum, or the
// slip of a void or a refund.
func hasPaper(m txn.Matter) bool {
	//mutant:slips-of-money-given-back-are-listed
	if m.Attempt.Kind.GivesBack() {
		_, can := txn.NextPaper(m)
		return m.Attempt.Concluded() && (can || m.Attempt.Paper == txn.Printing)
	}
	return m.Bill.WasPaid() && lastOf(m.Bill).Attempt.ID == m.Attempt.ID
}

// lastOf is a sale with the last payment that made up its sum.
func lastOf(b txn.Bill) txn.Matter {
	m := txn.Matter{Bill: b}
	for _, p := range b.Parts {
		if p.Paid {
			m.Attempt.ID = p.ID
		}
	}
	return m
}

// PaperWhy says why a payment or a sale has no paper that is proved; empty where it has, or where none was asked for.
func (d *Desk) PaperWhy(m txn.Matter) string {
	if paper := m.Paper(); paper == txn.Printed || !m.Attempt.Concluded() && !m.Bill.WasPaid() {
		return ""
	}
	if prints := m.Prints(); len(prints) > 0 {
		last := prints[len(prints)-1]
		//mutant:paper-that-is-proved-has-no-why
		if last.Outcome == txn.Printed { // a note about the payment, or a copy
			return ""
		}
		if last.Proof != "" {
			return last.Proof
		}
	}
	for _, chip := range d.Chips() {
		if chip.Part == present.Printer && (chip.Code != "" || chip.LastError != "") {
			return cmp.Or(chip.Code, chip.LastError)
		}
	}
	if d.gear.Press() == nil {
		return "no printer is set up"
	}
	return "the printer says nothing"
}

// PrintNote implements present.Printing.
func (d *Desk) PrintNote(ctx context.Context, by txn.Actor, id txn.ID) present.Result {
	return d.reprinted(txn.Matter{Attempt: txn.Attempt{ID: id}})(d.till.PrintNote(ctx, by, id))
}

func (d *Desk) reprinted(m txn.Matter) func(int64, <-chan struct{}, error) present.Result {
	return func(printID int64, _ <-chan struct{}, err error) present.Result {
		now, readErr := d.Current(m)
		r := d.result(till.Outcome{Attempt: now.Attempt, Bill: now.Bill, SaleID: now.Bill.SaleID, PrintID: printID}, nil)
		if err = errors.Join(err, readErr); err != nil {
			r.Code, r.Detail = codeOf(err), err.Error()
		}
		return r
	}
}

// OpenDrawer implements present.Printing.
func (d *Desk) OpenDrawer(ctx context.Context, by txn.Actor) error {
	//mutant:a-drawer-is-not-opened-unseen
	if err := d.till.Note(ctx, by, txn.Noted{Deed: txn.DrawerOpened}); err != nil {
		return err
	}
	return d.gear.OpenDrawer(ctx)
}

// pageName is the page by which customers check receipts, in the data folder.
const pageName = "check-receipts.html"

var errNotSigned = errors.New("receipts are not signed here: veratill doctor says why")

// ReceiptPage implements present.Printing. The page lies in the data folder, for whoever takes it from there.
func (d *Desk) ReceiptPage(context.Context) (path, key string, err error) {
	if d.config.Signing == nil {
		return "", "", errNotSigned
	}
	page, key, err := present.PageOf(d.config.Signing)
	if err != nil {
		return "", "", err
	}
	path = filepath.Join(d.config.Dir, pageName)
	return path, key, disk.Replace(onDisk, path, []byte(page))
}
