package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"veratill/app/desk"
	"veratill/app/present"
	"veratill/app/shop"
	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// goods are the flags that say what is sold, and how it is paid.
type goods struct {
	amountText string
	items      []string
	saleID     int64
	tenders    []tender
	vouchers   []voucher
	twiceWhy   string // why a voucher is taken whose number was taken before
	backOf     int64  // sale whose goods come back
	backText   string // which of them
	codeFile   string // file of the payment code, or - for the input

	currency money.Currency
	amount   money.Amount // of -amount
}

// voucher is what -voucher names: 50.00, or 50.00/AB-7 with the number on it.
type voucher struct {
	text, number string
	worthMinor   int64
}

// tender is a part as -tender names it: card:30.00, terminal:10.00, cash. Minor is 0 where it takes the rest.
type tender struct {
	kind  txn.Tender
	text  string // of the amount; empty is the rest
	minor int64

	voucher voucher // of a voucher, whose minor is what it pays
}

func (g *goods) flags(c *call) {
	c.flags.StringVar(&g.amountText, "amount", "", "what is to be paid, such as 12.50")
	c.flags.Func("item", "an article's `code`, or code*quantity such as 2001*0.350; may be given again", func(text string) error {
		g.items = append(g.items, text)
		return nil
	})
	c.flags.Int64Var(&g.saleID, "sale", 0, "`number` of a sale that is paid in part and goes on")
	c.flags.Func("tender", "a part of the payment: card:30.00, terminal:10.00, code:10.00 or cash; may be given again. One without an amount takes the rest and is the last, and so is cash", func(text string) error {
		kind, amount, _ := strings.Cut(text, ":")
		known, ok := map[string]txn.Tender{"card": txn.Card, "terminal": txn.External, "code": txn.Code, "cash": txn.Cash}[kind]
		if !ok {
			return errors.New("it is not card, terminal, code or cash")
		}
		g.tenders = append(g.tenders, tender{kind: known, text: amount})
		return nil
	})
	c.flags.Int64Var(&g.backOf, "exchange", 0, "`number` of a sale of which goods come back and pay for these: -back says which. The difference is paid, or goes back")
	c.flags.StringVar(&g.backText, "back", "", "what comes back of the sale of -exchange: `code=quantity`,…")
	c.flags.Func("voucher", "a paper voucher as the cashier sees it, such as 50.00, or 50.00/`NUMBER`; may be given again. It pays what is due at most, before every -tender; no change is given on it", func(text string) error {
		worth, number, _ := strings.Cut(text, "/")
		g.vouchers = append(g.vouchers, voucher{text: worth, number: number})
		return nil
	})
	c.flags.StringVar(&g.twiceWhy, "voucher-again", "", "`why` a voucher is taken whose number was taken before")
	c.flags.StringVar(&g.codeFile, "code-file", "", "`file` with the payment code that the customer shows, or - for the input; on a command line every program of this computer could read it")
}

// byCode reports whether the whole sale is paid by a payment code.
func (g *goods) byCode() bool {
	return len(g.vouchers) == 0 && g.oneCode()
}

func (g *goods) oneCode() bool {
	return len(g.tenders) == 0 && g.codeFile != "" || len(g.tenders) == 1 && g.tenders[0].kind == txn.Code && g.tenders[0].text == "" && g.saleID == 0
}

// mostCode is more than a file with a payment code has, in bytes.
const mostCode = 256

// code reads the payment code. The error never holds it.
func (g *goods) code() (txn.Secret, error) {
	var text []byte
	var err error
	if g.codeFile == "-" {
		text, err = io.ReadAll(io.LimitReader(os.Stdin, mostCode))
	} else {
		text, err = files.Read(g.codeFile, mostCode)
	}
	if err != nil {
		return nil, fmt.Errorf("-code-file: %w", err)
	}
	if code := txn.Secret(bytes.TrimSpace(text)); txn.FactsOfCode(code).Scheme != "" {
		return code, nil
	}
	clear(text)
	return nil, errors.New("-code-file: it holds no payment code of WeChat Pay, Alipay or UnionPay")
}

// check finds what no sale can be made of, before a till is opened. answered says that -terminal was given.
func (g *goods) check(answered bool) error {
	given := 0
	for _, is := range []bool{g.amountText != "", len(g.items) > 0, g.saleID != 0} {
		if is {
			given++
		}
	}
	switch {
	case given == 0 || g.amountText != "":
		amount, err := money.Parse(g.amountText, g.currency)
		if err == nil {
			err = amount.Payable()
		}
		if err != nil {
			return fmt.Errorf("-amount: %w", err)
		}
		g.amount = amount
	}
	if given > 1 {
		return errors.New("one of -amount, -item and -sale says what is paid, not several")
	}
	if (g.backOf != 0) != (g.backText != "") || g.backOf != 0 && g.saleID != 0 {
		return errors.New("-exchange and -back go together, with -amount or -item")
	}
	if err := g.checkVouchers(); err != nil {
		return err
	}
	if g.saleID != 0 && len(g.tenders)+len(g.vouchers) == 0 {
		return errors.New("-tender is missing: how is the rest of the sale paid?")
	}
	return g.checkTenders(answered)
}

func (g *goods) checkVouchers() error {
	for i := range g.vouchers {
		worth, err := money.Parse(g.vouchers[i].text, g.currency)
		if err == nil {
			err = worth.Payable()
		}
		if err != nil {
			return fmt.Errorf("-voucher: %w", err)
		}
		if g.vouchers[i].number, err = txn.VoucherNumber(g.vouchers[i].number); err != nil { // said here, because the package of flags repeats what it was given
			return fmt.Errorf("-voucher: %w", err)
		}
		g.vouchers[i].worthMinor = worth.Minor
	}
	return nil
}

func (g *goods) checkTenders(answered bool) error {
	codes := 0
	for _, t := range g.tenders {
		if t.kind == txn.Code {
			codes++
		}
	}
	switch {
	case codes > 1:
		return errors.New("-tender: one part is paid by code: a payment code is taken once")
	case codes == 1 && g.codeFile == "":
		return errors.New("-code-file is missing: where is the payment code that the customer shows?")
	case codes == 0 && g.codeFile != "" && (len(g.tenders)+len(g.vouchers) > 0 || answered):
		return errors.New("-code-file goes with -tender code")
	}
	for i := range g.tenders {
		t := &g.tenders[i]
		last := i == len(g.tenders)-1
		switch {
		case t.text == "" && !last:
			return errors.New("-tender: only the last one may leave its amount out, and takes the rest")
		case t.kind == txn.Cash && !last:
			return errors.New("-tender: cash is the last part, because only cash can be handed back at once")
		case t.kind == txn.External && !answered:
			return errors.New("-terminal is missing: what does the separate terminal show, approved, declined or nothing?")
		case t.text == "":
			continue
		}
		amount, err := money.Parse(t.text, g.currency)
		if err == nil {
			err = amount.Payable()
		}
		if err != nil {
			return fmt.Errorf("-tender: %w", err)
		}
		t.minor = amount.Minor
	}
	return nil
}

// takesCards reports whether the command waits for a card. answered says that -terminal was given.
func (g *goods) takesCards(answered bool) bool {
	if len(g.tenders) == 0 && len(g.vouchers) == 0 {
		return !answered && !g.byCode()
	}
	for _, t := range g.tenders {
		if t.kind == txn.Card {
			return true
		}
	}
	return false
}

// sale is what is sold: an amount, articles of the catalogue, or a sale that goes on. The parts have to come to what is due.
func (g *goods) sale(ctx context.Context, till *shop.Shop) (s sale.Sale, b txn.Bill, err error) {
	switch {
	case g.saleID != 0:
		if b, err = till.Journal.Bill(ctx, g.saleID); err == nil {
			s, err = till.Journal.Sale(ctx, g.saleID)
		}
		if err != nil {
			return s, b, fmt.Errorf("sale %d: %w", g.saleID, err)
		}
		if b.WasPaid() {
			return s, b, fmt.Errorf("sale %d is %s: nothing is left to pay", g.saleID, b.State)
		}
		return s, b, g.comesTo(b.Rest())
	case len(g.items) > 0:
		if s, err = g.fill(till); err != nil {
			return s, b, err
		}
	default:
		s = oneLine(g.amount)
	}
	if err := g.exchange(till, &s); err != nil {
		return s, b, err
	}
	due := s.Total()
	due.Minor -= s.CreditMinor()
	if due.Minor == 0 && s.TotalMinor > 0 && len(g.tenders)+len(g.vouchers) > 0 {
		return s, b, errors.New("-tender: the goods that come back pay all of it, and nothing is left to pay")
	}
	return s, b, g.comesTo(due)
}

// exchange names the goods that come back for a sale.
func (g *goods) exchange(till *shop.Shop, s *sale.Sale) error {
	if g.backOf == 0 {
		return nil
	}
	bill, err := till.Desk.BillOf(g.backOf)
	if err != nil {
		return fmt.Errorf("-exchange: sale %d: %w", g.backOf, err)
	}
	sold, err := till.Desk.SaleOf(g.backOf)
	if err != nil {
		return fmt.Errorf("-exchange: sale %d: %w", g.backOf, err)
	}
	e := sale.Exchange{SaleID: g.backOf}
	if e.Goods, err = comingBack(sold, bill.Returned(), g.backText); err != nil {
		return fmt.Errorf("-back: %w", err)
	}
	if _, e.AmountMinor, err = sale.Back(sold.Lines, bill.Returned(), e.Goods); err != nil {
		return fmt.Errorf("-back: %w", err)
	}
	s.Exchange = &e
	return nil
}

// fill puts the articles of -item into a cart.
func (g *goods) fill(till *shop.Shop) (sale.Sale, error) {
	cart := sale.NewCart(g.currency)
	for _, text := range g.items {
		code, quantity, several := strings.Cut(text, "*")
		item, known := till.Desk.Catalogue().Find(code)
		if !known {
			return sale.Sale{}, fmt.Errorf("-item %s: no article has this code%s", text, unsold(till))
		}
		quantityE5 := int64(sale.OneE5)
		if several {
			if quantityE5, known = sale.ParseQuantity(quantity); !known {
				return sale.Sale{}, fmt.Errorf("-item %s: %q is no quantity", text, quantity)
			}
		}
		if _, err := cart.Add(item, quantityE5); err != nil {
			return sale.Sale{}, fmt.Errorf("-item %s: %w", text, err)
		}
	}
	return cart.Freeze()
}

// unsold says where an article may have gone.
func unsold(till *shop.Shop) string {
	if a := till.Desk.Articles(); a.Refused > 0 || a.Sold == 0 {
		return "; rows of the article list are not sold: veratill articles lists them"
	}
	return ""
}

// comesTo holds the parts against what is due.
func (g *goods) comesTo(due money.Amount) error {
	if len(g.tenders)+len(g.vouchers) == 0 {
		return nil
	}
	byVoucher, err := g.spread(due)
	if err != nil {
		return err
	}
	due.Minor -= byVoucher
	if len(g.tenders) == 0 || due.Minor == 0 {
		switch {
		case due.Minor > 0:
			return fmt.Errorf("-tender is missing: the vouchers leave %s to pay, and how is that paid?", due.Figure())
		case len(g.tenders) > 0:
			return errors.New("-tender: the vouchers pay all that is due, and nothing is left for it")
		}
		return nil
	}
	sum := int64(0)
	for _, t := range g.tenders {
		sum += t.minor
	}
	last := g.tenders[len(g.tenders)-1]
	if last.minor == 0 && sum == due.Minor {
		return fmt.Errorf("-tender: the parts come to %s of %s that are due, and nothing is left for the last one", due.Figure(), due.Figure())
	}
	if sum > due.Minor || last.minor != 0 && sum != due.Minor {
		return fmt.Errorf("-tender: the parts come to %s, and %s is due", money.Amount{Minor: sum, Currency: due.Currency}.Figure(), due.Figure())
	}
	return nil
}

// spread says what each voucher pays of what is due: what it is worth, and what is left at most.
func (g *goods) spread(due money.Amount) (paidMinor int64, err error) {
	for i := range g.vouchers {
		if paidMinor == due.Minor {
			return 0, fmt.Errorf("-voucher: %s is due, and the vouchers before pay it: give the last one back to the customer", due.Figure())
		}
		paidMinor += min(g.vouchers[i].worthMinor, due.Minor-paidMinor)
	}
	return paidMinor, nil
}

// parts are all parts in their order, the vouchers first.
func (g *goods) parts() (all []tender) {
	for _, v := range g.vouchers {
		all = append(all, tender{kind: txn.Voucher, voucher: v})
	}
	return append(all, g.tenders...)
}

// soldInParts is what a sale in parts says on the output.
type soldInParts struct {
	Sale        int64         `json:"sale"`
	State       txn.BillState `json:"state"`   // "none" when nothing was begun
	Charged     txn.Charged   `json:"charged"` // whether the customer paid any of it
	AmountMinor int64         `json:"amountMinor"`
	TakenMinor  int64         `json:"takenMinor"`
	RestMinor   int64         `json:"restMinor"`
	Currency    string        `json:"currency"`
	Paper       txn.Paper     `json:"paper"`
	Parts       []desk.Listed `json:"parts"` // the voids of parts that were undone among them
	Code        string        `json:"code,omitempty"`
	Message     string        `json:"message,omitempty"`
	Demo        bool          `json:"demo,omitempty"` // no money moved
}

// inParts pays the sale part by part. Where one fails, those before it are undone: the command sells all of it or leaves nothing
// taken, as far as the bank lets it.
func (s *seller) inParts(ctx context.Context, tenders []tender) int {
	var r present.Result
	for _, t := range tenders {
		r = s.part(ctx, t)
		if r.Bill.SaleID != 0 {
			s.bill, s.sale.ID = r.Bill, r.Bill.SaleID
		}
		if !r.Attempt.Concluded() || r.Code != "" {
			break
		}
	}
	ctx = context.WithoutCancel(ctx)
	if r.Attempt.Open() && !r.Attempt.AsksAPerson() { // asked once here, and again at the next start if the bank is silent
		if _, err := s.till.Till.Settle(ctx); err != nil {
			r.Detail = err.Error()
		}
	}
	if now, err := s.till.Desk.Current(r.Matter()); err == nil {
		r.Attempt = now.Attempt
	}
	s.again(ctx)
	if s.bill.State == txn.BillPartPaid && !s.bill.Waits() {
		s.undo(ctx)
	}
	return s.reportParts(ctx, r)
}

func (s *seller) part(ctx context.Context, t tender) present.Result {
	by := s.till.Desk.Cashier()
	switch t.kind {
	case txn.Cash:
		due := s.sale.TotalMinor
		if s.bill.SaleID != 0 {
			due = s.bill.Rest().Minor
		}
		return s.till.Desk.PayCash(ctx, by, s.sale, due)
	case txn.Voucher:
		by.Why = s.twiceWhy
		return s.till.Desk.PayVoucher(ctx, by, s.sale, t.voucher.worthMinor, t.voucher.number)
	case txn.External:
		return s.till.Desk.PayExternal(ctx, by, s.sale, t.minor)
	case txn.Code:
		return s.till.Desk.PayCode(ctx, by, s.sale, t.minor, s.code, func(present.Progress) {})
	}
	return s.card(ctx, t.minor)
}

// again reads the sale as it is now.
func (s *seller) again(ctx context.Context) {
	if s.bill.SaleID == 0 {
		return
	}
	if now, err := s.till.Journal.Bill(ctx, s.bill.SaleID); err == nil {
		s.bill = now
	}
}

func (s *seller) undo(ctx context.Context) {
	undone := s.till.Desk.UndoSale(ctx, s.till.Desk.Cashier(), s.bill.SaleID, func(present.Progress) {})
	if undone.Code != "" && undone.Detail != "" {
		fmt.Fprintf(s.c.errOut, "veratill: sale %d is not undone: %s\n", s.bill.SaleID, undone.Detail)
	}
	if undone.Attempt.Open() && !undone.Attempt.AsksAPerson() {
		if _, err := s.till.Till.Settle(ctx); err != nil {
			fmt.Fprintln(s.c.errOut, "veratill: "+err.Error())
		}
	}
	s.again(ctx)
}

// reportParts says how the sale stands. r is the part that ended it.
func (s *seller) reportParts(ctx context.Context, r present.Result) int {
	m := txn.Matter{Bill: s.bill}
	if m.Unpapered() && m.Paper() == txn.NoPaper {
		s.till.Desk.Reprint(ctx, s.till.Desk.Cashier(), m)
	}
	s.till.Till.WaitForPaper()
	s.again(ctx)
	out := soldInParts{Sale: s.bill.SaleID, State: s.bill.State, Charged: chargedFor(s.bill), AmountMinor: s.sale.TotalMinor, TakenMinor: s.bill.TakenMinor(),
		RestMinor: s.bill.Rest().Minor, Currency: string(s.sale.Currency), Demo: s.bill.Demo, Paper: txn.Matter{Bill: s.bill}.Paper(), Parts: s.till.Desk.PartsOf(ctx, s.bill), Code: r.Code, Message: r.Detail}
	if out.Sale == 0 {
		out.State, out.RestMinor = "none", s.sale.TotalMinor
	}
	plain := fmt.Sprintf("%s %s: %s, taken %s, charged: %s, paper: %s, sale %d%s", s.sale.Total().Figure(), s.sale.Currency, out.State,
		money.Amount{Minor: out.TakenMinor, Currency: s.sale.Currency}.Figure(), out.Charged, out.Paper, out.Sale, demoWord(out.Demo))
	var err error
	if s.asJSON {
		err = json.NewEncoder(s.c.out).Encode(out)
	} else {
		_, err = fmt.Fprintln(s.c.out, plain)
	}
	if err != nil { // money has moved or not, whoever can hear of it: the code says so all the same
		fmt.Fprintf(s.c.errOut, "veratill: %v\nveratill: %s\n", err, plain)
	}
	if out.Message != "" {
		fmt.Fprintln(s.c.errOut, "veratill: "+out.Message)
	}
	return s.exit(r)
}

// chargedFor says whether the customer paid any of a sale. What a separate terminal took, or a voucher is worth, is not known here.
func chargedFor(b txn.Bill) txn.Charged {
	charged := txn.ChargedNo
	for _, p := range b.Parts {
		switch {
		//mutant:unresolved-part-is-not-known
		case p.Open(), p.State == txn.Unresolved, p.Kind == txn.Sale && p.Tender.ByWord() && p.State != txn.Declined:
			return txn.ChargedUnknown
		case p.Stands(), p.State == txn.Kept && p.Kind == txn.Sale:
			charged = txn.ChargedYes
		}
	}
	return charged
}

func (s *seller) exit(r present.Result) int {
	switch {
	case s.bill.WasPaid():
		return exitOfPaper(txn.Matter{Bill: s.bill})
	case s.bill.Waits(), len(s.bill.In(txn.Unresolved)) > 0:
		return exitUnknown
	case s.bill.State == txn.BillPartPaid:
		return exitPartPaid
	case r.Refused, r.Attempt.State == txn.Declined:
		return exitDeclined
	case r.Attempt.State == txn.Reversed:
		return exitUnknown // as of one payment: it was not known, and is undone
	}
	return exitFault
}

// unfinished names the sales that are paid in part, and undoes them where that is asked for. It reports whether one is left.
func (c *call) unfinished(ctx context.Context, t *shop.Shop, undo bool) (left bool, err error) {
	sales, err := t.Till.Unfinished(ctx)
	for _, b := range sales {
		if undo && !b.Waits() {
			s := seller{c: c, till: t, bill: b}
			s.undo(ctx)
			b = s.bill
		}
		if b.State != txn.BillPartPaid {
			fmt.Fprintf(c.errOut, "veratill recover: sale %d is undone: nothing of it is taken\n", b.SaleID)
			continue
		}
		left = true
		if b.Waits() { // recover goes on to say what it waits for
			fmt.Fprintf(c.errOut, "veratill recover: sale %d is paid in part, and a part of it is not known yet: it is finished or undone after that\n", b.SaleID)
			continue
		}
		fmt.Fprintf(c.errOut, "veratill recover: sale %d is paid in part: %s of %s %s is taken%s. Finish it with veratill sell -sale %d -tender cash, or undo it with veratill recover -undo\n",
			b.SaleID, money.Amount{Minor: b.TakenMinor(), Currency: b.Total.Currency}.Figure(), b.Total.Figure(), b.Total.Currency, standing(b), b.SaleID)
	}
	return left, err
}

// standing names the payments of a sale that stand: "(STAN 000002 of 30.00)".
func standing(b txn.Bill) string {
	var parts []string
	for _, p := range b.Standing() {
		parts = append(parts, "STAN "+fmt.Sprintf("%06d", p.ID.STAN())+" of "+money.Amount{Minor: p.AmountMinor, Currency: b.Total.Currency}.Figure())
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
