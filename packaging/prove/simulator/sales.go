package simulator

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"veratill/txn"
	"veratill/txn/hostsim/bank"
	"veratill/txn/sale"
	"veratill/txn/till"
)

// bySale is a step at the counter that is about a whole sale: one that is paid in parts, or costs nothing.
func (w *world) bySale(ctx context.Context, l *life, s Step) {
	switch s.Words[0] {
	case "split":
		w.sales++
		p := w.payment(s.Sum(1))
		p.AmountMinor = s.Sum(2)
		w.told1(l, s)(l.till.PayCard(ctx, clerk, p))
		return
	case "give":
		w.sales++
		out, err := l.till.Give(ctx, clerk, gift)
		w.toldOfSale(l, s, out.Bill, err)
		return
	}
	id, ok := w.pickBegun(s.Sum(1))
	if !ok {
		return
	}
	if s.Words[0] == "undo" {
		w.undo(ctx, l, s, id)
		return
	}
	w.goOn(ctx, l, s, id)
}

// gift is a sale of 0.00, which has a line: a bag, say.
var gift = sale.Sale{Currency: "CNY", Lines: []sale.Line{{Code: "4001", Name: map[string]string{"en": "Bag"}, Unit: sale.Piece, QuantityE5: sale.OneE5}}}

// goOn pays another part of a sale.
func (w *world) goOn(ctx context.Context, l *life, s Step, id int64) {
	p := w.payment(0)
	defer p.Card.Zero()
	bill, err := l.journal.Bill(ctx, id)
	if err == nil {
		p.Sale, err = l.journal.Sale(ctx, id)
	}
	if err != nil {
		w.toldOfSale(l, s, txn.Bill{}, err)
		return
	}
	if s.Words[0] == "rest" {
		p.ReceivedMinor = bill.Rest().Minor + 500
		w.told1(l, s)(l.till.PayCash(ctx, clerk, p))
		return
	}
	p.AmountMinor = s.Sum(2)
	w.told1(l, s)(l.till.PayCard(ctx, clerk, p))
}

// undo voids what stands of a sale that was not finished.
func (w *world) undo(ctx context.Context, l *life, s Step, id int64) {
	voids, bill, err := l.till.UndoSale(ctx, clerk, id, nil)
	for _, out := range voids {
		w.told1(l, s)(out, nil)
	}
	w.toldOfSale(l, s, bill, err)
}

// undoAll is what a manager does in the end: what is paid in part is undone.
func (w *world) undoAll() {
	ctx, l := context.Background(), w.life
	if l.ended() || l.till == nil {
		return
	}
	unfinished, err := l.till.Unfinished(ctx)
	for _, b := range unfinished {
		if err == nil && !b.Waits() && !l.ended() {
			w.undo(ctx, l, Step{Words: []string{"undone"}}, b.SaleID)
			w.payRest(ctx, l, b.SaleID)
		}
	}
}

// payRest takes the rest of a sale in cash: a card terminal that has ended its day voids nothing of it any more.
func (w *world) payRest(ctx context.Context, l *life, id int64) {
	if w.readers == nil || l.ended() {
		return
	}
	if b, err := l.journal.Bill(ctx, id); err == nil && !b.Waits() && b.TakenMinor() > 0 && b.Rest().Minor > 0 {
		w.goOn(ctx, l, Step{Words: []string{"rest", "0"}}, id)
	}
}

// pickBegun is the nth newest of the sales that are known to be paid in parts.
func (w *world) pickBegun(n int64) (int64, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := int64(len(w.begun)) - 1 - n
	if i < 0 {
		return 0, false
	}
	return w.begun[i], true
}

// toldOfSale keeps what the screen said of a sale.
func (w *world) toldOfSale(l *life, s Step, b txn.Bill, err error) {
	if l.ended() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.say("%s: %s", s.Words[0], faultOf(err))
		w.readNumbers(err)
		return
	}
	w.say("%s: sale %d is %s", s.Words[0], b.SaleID, b.State)
	w.heardOf(b)
}

// hearOf is heardOf where a payment was told; a sale that one payment paid needs no line of its own.
func (w *world) hearOf(b txn.Bill) {
	if inParts(b) {
		w.say("sale %d is %s", b.SaleID, b.State)
	}
	w.heardOf(b)
}

// heardOf keeps what a person knows of a sale by now. One that took too much is seen at once: by the end it may be undone.
func (w *world) heardOf(b txn.Bill) {
	if b.TakenMinor() > b.Total.Minor {
		w.bad("%d is taken of sale %d, which costs %d", b.TakenMinor(), b.SaleID, b.Total.Minor)
	}
	if inParts(b) && !slices.Contains(w.begun, b.SaleID) {
		w.begun = append(w.begun, b.SaleID)
	}
	if b.WasPaid() && !b.Unconfirmed() {
		w.toldPaid[b.SaleID] = true
	}
}

// inParts reports whether a payment of less than the whole sale was tried.
func inParts(b txn.Bill) bool {
	return slices.ContainsFunc(b.Parts, func(p txn.Part) bool { return p.Kind == txn.Sale && p.AmountMinor != b.Total.Minor })
}

// paper is a sheet that comes out of the printer, which a life has begun.
func (w *world) paper(s till.Sheet, of *life) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case of.partings != w.folders.partings: // of lost books, in which its sale had that number
		w.say("paper of lost books: %s", s.Print.Kind)
		for _, part := range s.Bill.Parts {
			w.shown[part.ID] = w.shown[part.ID] || part.Stands() && s.Print.Kind != txn.PrintSlip
		}
	case s.Attempt.ID != 0:
		w.paperOfAttempt(s)
		w.statements(s)
	case s.Bill.SaleID != 0:
		w.paperOfSale(s)
		w.statements(s)
	}
}

// papersOf is what came out for somebody by now.
func papersOf[K comparable](all map[K]*papers, whose K) *papers {
	if all[whose] == nil {
		all[whose] = &papers{}
	}
	return all[whose]
}

func (w *world) paperOfAttempt(s till.Sheet) {
	a := s.Attempt
	w.say("paper of %s: %s", a.ID, s.Print.Kind)
	p := papersOf(w.papers, a.ID)
	switch s.Print.Kind {
	case txn.PrintSlip:
		p.notes++
		return
	case txn.PrintPart:
		p.slips++
	case txn.PrintRepeat:
		p.copies++
	default:
		p.unmarked++
	}
	if p.unmarked > 1 {
		w.bad("rule 3: %d slips of %s are not marked", p.unmarked, a.ID)
	}
	if a.Kind == txn.Sale && p.unmarked+p.copies > 0 {
		w.bad("%s has a receipt of its own, and that is its sale's", a.ID)
	}
	w.shown[a.ID] = true
	w.judgeTaken(a.ID, a.Tender)
}

func (w *world) paperOfSale(s till.Sheet) {
	b := s.Bill
	w.say("paper of %s: %s", nameOf(b), s.Print.Kind)
	p := papersOf(w.receipts, b.SaleID)
	switch s.Print.Kind {
	case txn.PrintOriginal:
		p.unmarked++
	default:
		p.copies++
	}
	if p.unmarked > 1 {
		w.bad("rule 3: %d receipts of sale %d are not marked", p.unmarked, b.SaleID)
	}
	sum := int64(0)
	for _, part := range b.Parts {
		if !part.Stands() && (part.Kind != txn.Sale || part.State != txn.Voided || !part.Paid) {
			continue
		}
		sum += part.AmountMinor
		w.shown[part.ID] = true
		w.judgeTaken(part.ID, part.Tender)
	}
	if s.Print.Kind == txn.PrintOriginal && b.TakenMinor() != b.Total.Minor || sum < b.Total.Minor {
		w.bad("a receipt of sale %d is out, and %d of %d is paid", b.SaleID, sum, b.Total.Minor)
	}
}

// judgeTaken looks at paper that says that money moved at the bank.
func (w *world) judgeTaken(id txn.ID, tender txn.Tender) {
	if tender != txn.Card {
		return
	}
	if r := w.bank.row(id); r.State != bank.Approved && r.State != bank.Voided {
		w.bad("a receipt of %s is out, and the bank does not have the money", id)
	}
}

// nameOf is the one payment of a sale that has no other, and else the sale's number.
func nameOf(b txn.Bill) string {
	if id := onlyPayment(b); id != 0 {
		return id.String()
	}
	return fmt.Sprintf("sale %d", b.SaleID)
}

// onlyPayment is the one payment that was tried of a sale, 0 where there was none or another.
func onlyPayment(b txn.Bill) txn.ID {
	only := txn.ID(0)
	for _, p := range b.Parts {
		if p.Kind == txn.Sale && only != 0 {
			return 0
		}
		if p.Kind == txn.Sale {
			only = p.ID
		}
	}
	return only
}

// paperOf is what became of the paper of a void or a refund, or of a sale with one payment, for the line of its attempt.
func paperOf(a txn.Attempt, b txn.Bill) string {
	switch {
	case a.Kind.GivesBack():
		return ", paper " + string(a.Paper)
	case a.ID == onlyPayment(b):
		return ", paper " + string(b.Paper)
	}
	return ""
}

// bills are all sales of the books.
func (w *world) bills(ctx context.Context) (map[int64]txn.Bill, error) {
	list, err := w.life.journal.AllBills(ctx)
	all := map[int64]txn.Bill{}
	for _, b := range list {
		all[b.SaleID] = b
	}
	return all, err
}

// judgeSales holds the bills against their attempts, against paper, and against what was told.
func (w *world) judgeSales(bills map[int64]txn.Bill, attempts []txn.Attempt) {
	taken, elsewhere := map[int64]int64{}, maps.Clone(w.folders.paid)
	for _, a := range attempts {
		elsewhere[a.SaleID] = elsewhere[a.SaleID] || w.tookElsewhere(a) || w.voidedElsewhere(a)
		if _, known := bills[a.SaleID]; !known {
			w.bad("%s is of sale %d, which has no bill", a.ID, a.SaleID)
		}
		if a.Kind == txn.Sale && a.Concluded() {
			taken[a.SaleID] += w.moneyOf(a)
		}
		taken[a.SaleID] -= w.backOf(a)
	}
	for _, id := range slices.Sorted(maps.Keys(bills)) {
		b := bills[id]
		if onlyPayment(b) == 0 {
			w.say("at the end sale %d: %d is %s, paper %s", id, b.Total.Minor, b.State, b.Paper)
		}
		if !elsewhere[id] { // else the bill is as true as these books can know
			w.judgeBill(b, taken[id])
		}
	}
	for id := range w.receipts {
		if _, known := bills[id]; !known {
			w.bad("a receipt of sale %d is out, which the journal does not know", id)
		}
	}
	for id := range w.toldPaid {
		if b := bills[id]; !b.WasPaid() && !elsewhere[id] {
			w.bad("sale %d was told to be paid and is %q", id, b.State)
		}
	}
}

// moneyOf is what an attempt took: of a card what the bank's book says.
func (w *world) moneyOf(a txn.Attempt) int64 {
	if a.Tender != txn.Card {
		return a.Amount.Minor
	}
	if a.State == txn.Kept { // it is no part of the sale: a credit is asked for
		return 0
	}
	if r := w.bank.row(a.ID); r.State == bank.Approved {
		return r.AmountMinor
	}
	return 0
}

// judgeBill holds a bill at the end against the money that was taken of it.
func (w *world) judgeBill(b txn.Bill, taken int64) {
	out := papersOf(w.receipts, b.SaleID)
	for _, part := range b.Parts {
		if r := w.bank.row(part.ID).State; part.Paid && part.Tender == txn.Card && r != bank.Approved && r != bank.Voided {
			w.bad("sale %d counts as paid by %s, of which the bank never kept anything", b.SaleID, part.ID)
		}
	}
	switch {
	case b.State == txn.BillOpen, b.State == txn.BillPartPaid, b.Waits():
		w.bad("sale %d has not ended: it is %s", b.SaleID, b.State)
	case taken > b.Total.Minor:
		w.bad("%d is taken of sale %d, which costs %d", taken, b.SaleID, b.Total.Minor)
	case b.State == txn.BillPaid && taken != b.Total.Minor, taken == b.Total.Minor && b.State != txn.BillPaid,
		b.State == txn.BillReturnedInPart && taken == 0, (b.State == txn.BillReturned || b.State == txn.BillDropped) && taken != 0:
		w.bad("%d of %d is taken of sale %d, which is %s", taken, b.Total.Minor, b.SaleID, b.State)
	case !b.WasPaid() && out.unmarked+out.copies > 0:
		w.bad("sale %d is %s and has a receipt", b.SaleID, b.State)
	}
	w.judgeOutcome(fmt.Sprintf("sale %d", b.SaleID), b.Paper, out)
}
