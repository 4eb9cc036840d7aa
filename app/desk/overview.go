package desk

import (
	"cmp"
	"slices"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/till"
)

// About implements present.Overview.
func (d *Desk) About() present.About {
	s, day := d.gear.Settings(), d.journal.OpenDay()
	_, _, noReceipt, _ := s.MostInCash() // a sum that is none opens nothing
	p := d.preferences()
	return present.About{
		Demo: d.config.Demo, CashOnly: s.CashOnly(), SeparateTerminal: s.Devices.SeparateTerminal, CardTerminal: d.config.CardTerminal, Vouchers: s.Till.Vouchers, NoReceiptMinor: noReceipt, Codes: d.till.TakesCodes(), TestCodes: d.till.TakesCodes() && s.Demo(), Version: d.config.Version, Merchant: s.Merchant.Name, MerchantEN: s.Merchant.NameEN, Number: s.Merchant.Number, Terminal: s.Till.Terminal, TillNumber: s.Till.Number,
		Cashier: s.Till.Cashier, Labels: d.config.Labels, Batch: day.Batch, Day: d.dateOf(d.firstMs()), Notice: d.notice(), Currency: d.config.Currency,
		Language: cmp.Or(p["language"], s.Window.Language), Theme: cmp.Or(p["theme"], s.Window.Theme), FullScreen: p["fullscreen"] == "true", Silent: p["sound"] == "off", Signed: d.config.Signing != nil, ScanPaceMs: number(p["scanPaceMs"]), ScanPrefix: p["scanPrefix"],
	}
}

// notice is what the first screen says: the settings come before the articles.
func (d *Desk) notice() string {
	switch list := d.config.Articles; {
	case d.config.Notice != "":
		return d.config.Notice
	case d.backupFailed() != nil:
		return "backup failed"
	case list.Len() == 0 && !list.Whole():
		return "articles none"
	case !list.Whole():
		return "articles refused"
	}
	return ""
}

// firstMs is when the first sale of the open day was begun, 0 before it.
func (d *Desk) firstMs() int64 {
	first, err := d.journal.FirstMs(d.ctx)
	if err != nil {
		return 0
	}
	return first
}

// Cashier is who the settings say works at this till; empty where they name nobody.
func (d *Desk) Cashier() txn.Actor { return txn.Actor{By: d.gear.Settings().Till.Cashier} }

// Finishing implements present.Overview.
func (d *Desk) Finishing() []present.Recovered {
	var all []present.Recovered
	for _, f := range d.till.Found(d.ctx) {
		done := !f.Matter.Attempt.Open() && f.Matter.Bill.State != txn.BillPartPaid
		all = append(all, present.Recovered{Before: f.Before, Matter: f.Matter, OfSale: f.OfSale, Done: done})
	}
	return all
}

// ForPerson implements present.Overview.
func (d *Desk) ForPerson() (all []txn.Matter) {
	waiting, err := d.till.Unresolved(d.ctx)
	if err != nil {
		d.config.Log.Error("what waits for the manager", "error", err)
	}
	for _, a := range d.news.called(d.ctx) {
		if !a.Open() { // else it is told as not known yet
			waiting = append(waiting, a)
		}
	}
	//mutant:what-the-bank-says-no-more-of-calls-the-manager
	for _, a := range waiting {
		bill, err := d.journal.Bill(d.ctx, a.SaleID)
		if err != nil { // the payment is told without its sale
			bill = txn.Bill{SaleID: a.SaleID}
		}
		all = append(all, txn.Matter{Attempt: a, Bill: bill})
	}
	return all
}

// callsManager reports whether a payment waits for a person: the till called one, or the bank says no more of it.
func (d *Desk) callsManager() bool {
	unresolved, err := d.till.Unresolved(d.ctx)
	return err == nil && len(unresolved) > 0 || len(d.news.called(d.ctx)) > 0
}

// Looked implements present.Overview.
func (d *Desk) Looked(id txn.ID) {
	d.news.looked(d.ctx, id)
	d.news.Changed()
}

func (d *Desk) journalChip() present.Chip {
	chip := present.Chip{Part: present.Journal, Health: present.Ready, Address: d.config.Dir}
	mark := d.till.MarkFound()
	switch err := d.journal.Failed(); {
	case err != nil:
		chip.Health, chip.Code, chip.LastError = present.Offline, "journal failed", err.Error()
	case d.journal.Survived():
		chip.Health, chip.Code = present.Attention, "disk failed"
	case mark.State == till.MarkFails:
		chip.Health, chip.Code, chip.LastError = present.Attention, "mark failed", mark.Err.Error()
	case d.config.KeyLost:
		chip.Health, chip.Code = present.Attention, "new key"
	}
	return chip
}

func (d *Desk) bankChip() present.Chip {
	s := d.bank.Status()
	chip := present.Chip{Part: present.Bank, Terminal: d.config.CardTerminal, Health: present.Ready, Since: s.Since, Answered: s.Answered, Asks: d.till.AsksAgain(), Address: d.config.BankAddress}
	owed := d.owedElsewhere()
	switch {
	case !s.Tried:
		chip.Health, chip.Code = present.Busy, "connecting"
	case !s.Up:
		chip.Health, chip.Code = present.Offline, "bank offline"
	case owed != "":
		chip.Health, chip.Code = present.Attention, owed
	case d.callsManager():
		chip.Health, chip.Code = present.Attention, "call the manager"
	}
	if s.Unreadable != "" {
		chip.LastError = "answer not readable: " + s.Unreadable
	}
	if s.Err != nil {
		chip.LastError = s.Err.Error()
	}
	for _, n := range s.Counts {
		chip.Counts = append(chip.Counts, present.Count(n))
	}
	return chip
}

// owedElsewhere is the word for what is owed to a bank or a wallet that the settings no longer name; empty where nothing is.
func (d *Desk) owedElsewhere() string {
	owed, err := d.till.OwedElsewhere(d.ctx)
	if err != nil {
		return ""
	}
	return elsewhereWord(owed, d.till.StopsCards)
}

// elsewhereWord says whether cards wait for some of what is owed elsewhere, or for none of it.
func elsewhereWord(owed []txn.Attempt, stops func(txn.Attempt) bool) string {
	switch {
	case len(owed) == 0:
		return ""
	//mutant:cards-wait-is-said-where-they-do
	case slices.ContainsFunc(owed, stops):
		return "owed elsewhere"
	}
	return "owed unnamed"
}

// Chips implements present.Overview.
func (d *Desk) Chips() []present.Chip {
	chips := d.gear.Chips()
	if !d.gear.Settings().CashOnly() {
		chips = append(chips, d.bankChip())
	}
	return append(chips, d.journalChip())
}

// Watch implements present.Overview.
func (d *Desk) Watch(changed func()) { d.news.watch(changed) }
