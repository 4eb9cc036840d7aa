package find_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/chain"
	"veratill/txn/find"
	"veratill/txn/fold"
	"veratill/txn/journal"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

var ctx = context.Background()

// noon is when the days of these tests begin to sell, in Unix milliseconds.
const noon = 1_790_000_000_000

// shop writes random books.
type shop struct {
	t    *testing.T
	r    *rand.Rand
	j    *journal.Journal
	disk *simdisk.Disk // nil where the books lie on the system's disk
	dir  string
	atMs int64
	lazy int      // one commit of so many is lazy, whatever it is asked to be
	open []txn.ID // card payments that have no answer yet
	paid []txn.ID // approved in the open day
}

func newShop(t *testing.T, seed uint64, dir string) *shop {
	t.Helper()
	s := &shop{t: t, r: rand.New(rand.NewPCG(seed, 7)), dir: dir, atMs: noon, lazy: 4}
	s.start()
	t.Cleanup(func() { s.j.Abandon() })
	return s
}

// onSimDisk is a shop whose disk can lose what was not synced.
func onSimDisk(t *testing.T, seed uint64) *shop {
	t.Helper()
	d := simdisk.New(seed)
	s := &shop{t: t, r: rand.New(rand.NewPCG(seed, 8)), disk: d, dir: d.Root() + "/till", atMs: noon, lazy: 4}
	s.start()
	t.Cleanup(func() {
		s.disk.Stop(simdisk.PowerCut)
		s.j.Abandon()
		s.disk.Close()
	})
	return s
}

func (s *shop) start() {
	s.t.Helper()
	o := journal.Options{NewID: func() string { return "books" }}
	if s.disk != nil {
		o.Disk = s.disk
	}
	var err error
	if s.j, err = journal.Open(ctx, s.dir, o); err != nil {
		s.t.Fatal(err)
	}
}

// cutPower loses whatever was not synced, and starts again.
func (s *shop) cutPower() {
	s.t.Helper()
	s.disk.Stop(simdisk.PowerCut)
	next := s.disk.Reopen(simdisk.LoseAll)
	s.j.Abandon()
	s.disk.Close()
	s.disk, s.dir = next, next.Root()+"/till"
	s.start()
	s.open, s.paid = nil, nil
	for _, a := range naive(s.t, s.j).attempts {
		switch {
		case a.State == txn.Pending && a.Kind == txn.Sale:
			s.open = append(s.open, a.ID)
		case a.State == txn.Approved && a.Tender == txn.Card && a.Kind == txn.Sale && a.Batch == s.j.OpenDay().Batch:
			s.paid = append(s.paid, a.ID)
		}
	}
}

func (s *shop) view() plan.View {
	return plan.View{Next: s.j.Next(), AtMs: s.atMs}
}

func (s *shop) commit(p plan.Plan, err error) plan.Plan {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	d := p.Durability
	if s.r.IntN(s.lazy) == 0 { // later than it is asked for in a shop, so that more is lost
		d = txn.Lazy
	}
	if err := s.j.Commit(ctx, txn.ByTill, d, p.Records...); err != nil {
		s.t.Fatal(err)
	}
	return p
}

var (
	goods = []sale.Line{
		{Code: "6901234567892", Name: map[string]string{"zh": "可口可乐 330ml", "en": "Coca-Cola 330 ml"}},
		{Code: "2001", Name: map[string]string{"zh": "苹果", "en": "Red apples"}},
		{Code: "2002", Name: map[string]string{"en": "Green Apple juice"}},
		{Code: "77", Name: map[string]string{"zh": "红富士苹果汁"}},
		{Code: "ÄB-1", Name: map[string]string{"en": "ＦＵＬＬ width Ünï"}},
	}
	cashiers = []string{"", "01", "Li Na", "wang"}
	masks    = []string{"621234******1234", "421234******0007", "541234******9999", ""}
)

// cart is some goods.
func (s *shop) cart() sale.Sale {
	c := sale.Sale{Currency: money.CNY}
	for range 1 + s.r.IntN(3) {
		l := goods[s.r.IntN(len(goods))]
		l.Unit, l.QuantityE5, l.AmountMinor = sale.Piece, 100_000, int64(50*(1+s.r.IntN(12)))
		l.UnitPriceMinor = l.AmountMinor
		c.Lines = append(c.Lines, l)
		c.TotalMinor += l.AmountMinor
	}
	return c
}

// step is one thing that happens in a shop.
func (s *shop) step() {
	s.t.Helper()
	s.atMs += s.r.Int64N(20 * 60_000)
	switch n := s.r.IntN(20); {
	case n < 7:
		s.sell(txn.Cash)
	case n < 13:
		s.sell(txn.Card)
	case n < 17:
		s.answer()
	case n < 18:
		s.void()
	case n < 19 && len(s.open) == 0:
		s.closeDay()
	default:
		s.commit(plan.Plan{Durability: txn.Lazy, Records: []txn.Record{txn.Tidied{AtMs: s.atMs}}}, nil)
	}
}

func (s *shop) sell(tender txn.Tender) {
	s.t.Helper()
	c := s.cart()
	a := txn.Attempt{Kind: txn.Sale, Tender: tender, Amount: c.Total(), Cashier: cashiers[s.r.IntN(len(cashiers))], OpenedMs: s.atMs}
	if tender == txn.Cash {
		a.ReceivedMinor = c.TotalMinor
	} else {
		a.Line, a.Card.Masked = "bank", masks[s.r.IntN(len(masks))]
	}
	p := s.commit(plan.Begin(s.view(), txn.Matter{Attempt: a}, &txn.SaleOpened{Sale: c, Batch: s.j.OpenDay().Batch, AtMs: s.atMs}, nil))
	if tender == txn.Card {
		s.open = append(s.open, p.After.ID)
	}
}

// answer ends a card payment in one of the ways in which it can end.
func (s *shop) answer() {
	s.t.Helper()
	if len(s.open) == 0 {
		return
	}
	i := s.r.IntN(len(s.open))
	id := s.open[i]
	s.open = slices.Delete(s.open, i, i+1)
	said := txn.Answer{RRN: fmt.Sprintf("%012d", 500_000+int64(id))}
	switch s.r.IntN(4) {
	case 0:
		s.move(id, txn.Event{Kind: txn.BankDeclined, Answer: txn.Answer{ResponseCode: "51"}})
	case 1:
		s.move(id, txn.Event{Kind: txn.GaveUp, Reason: txn.NoAnswer})
		s.move(id, txn.Event{Kind: txn.ReversalAnswered})
	default:
		s.move(id, txn.Event{Kind: txn.BankApproved, Answer: said})
		s.paid = append(s.paid, id)
	}
}

func (s *shop) matter(id txn.ID) txn.Matter {
	s.t.Helper()
	a, err := s.j.Attempt(ctx, id)
	if err != nil {
		s.t.Fatal(err)
	}
	b, err := s.j.Bill(ctx, a.SaleID)
	if err != nil {
		s.t.Fatal(err)
	}
	return txn.Matter{Attempt: a, Bill: b}
}

func (s *shop) move(id txn.ID, e txn.Event) plan.Plan {
	s.t.Helper()
	e.AtMs = s.atMs
	return s.commit(plan.Move(s.view(), s.matter(id), e))
}

// void gives a payment of the open day back, which changes an attempt that may be in a block already.
func (s *shop) void() {
	s.t.Helper()
	if len(s.paid) == 0 {
		return
	}
	id := s.paid[0]
	s.paid = s.paid[1:]
	m := s.matter(id)
	if m.Bill.Waits() { // for a void that the power cut
		return
	}
	v := txn.Attempt{Kind: txn.Void, Tender: txn.Card, SaleID: m.Attempt.SaleID, Original: id, Amount: m.Attempt.Amount, Card: m.Attempt.Card, Line: "bank", Cashier: "Li Na", OpenedMs: s.atMs}
	p := s.commit(plan.Begin(s.view(), txn.Matter{Attempt: v, Original: &m.Attempt, Bill: m.Bill}, nil, nil))
	m = s.matter(p.After.ID)
	payment := s.matter(id).Attempt
	m.Original = &payment
	s.commit(plan.Move(s.view(), m, txn.Event{Kind: txn.BankApproved, AtMs: s.atMs}))
}

func (s *shop) closeDay() {
	s.t.Helper()
	batch := s.j.OpenDay().Batch
	s.atMs += 12 * 3_600_000
	s.commit(plan.Plan{Durability: txn.Synced, Records: []txn.Record{txn.DayClosed{Batch: batch, Z: batch, Totals: []byte(`{}`), AtMs: s.atMs},
		txn.DayOpened{Batch: batch + 1, Currency: "CNY", AtMs: s.atMs}}}, nil)
	s.paid = nil
}

// scanned is what the entries of books amount to.
type scanned struct {
	attempts []txn.Attempt
	lines    map[int64][]sale.Line
}

func naive(t *testing.T, j *journal.Journal) scanned {
	t.Helper()
	run := fold.NewRun(fold.Built())
	head, _ := j.Head()
	all := scanned{lines: map[int64][]sale.Line{}}
	for seq := int64(1); seq <= head; seq++ {
		e, err := j.Entry(ctx, seq)
		if err == nil {
			err = run.Take(e)
		}
		if err != nil {
			t.Fatal(err)
		}
		all.takeSale(t, e)
	}
	b, err := run.Books()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range b.Attempts {
		all.attempts = append(all.attempts, a)
	}
	slices.SortFunc(all.attempts, func(a, b txn.Attempt) int { return int(b.ID - a.ID) })
	return all
}

func (s *scanned) takeSale(t *testing.T, e chain.Entry) {
	t.Helper()
	body, err := fold.Decode(e.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range body.Records {
		if text, ok := one["sale"]; ok {
			record, _, err := fold.NewBooks().Read("sale", text)
			if err != nil {
				t.Fatal(err)
			}
			s.lines[e.Seq] = record.(txn.SaleOpened).Sale.Lines
		}
	}
}

// fit says how well a payment fits a reading, written as a person would say it.
func (s scanned) fit(a txn.Attempt, r find.Reading, itemsFromMs int64) bool {
	switch r.Field {
	case find.Amount:
		return a.Amount.Minor >= r.Low && a.Amount.Minor <= r.High
	case find.When:
		return a.OpenedMs >= r.Low && a.OpenedMs <= r.High
	case find.LastFour:
		return strings.HasSuffix(a.Card.Masked, r.Text)
	case find.STAN:
		return a.ID.STAN() == r.Low
	case find.RRN:
		return a.Answer.RRN != "" && strings.TrimLeft(a.Answer.RRN, "0 ") == r.Text
	case find.Cashier:
		return strings.ToLower(a.Cashier) == r.Text
	case find.CashierBegins:
		return slices.ContainsFunc(strings.Fields(strings.ToLower(a.Cashier)), func(w string) bool { return strings.HasPrefix(w, r.Text) })
	case find.State:
		return string(a.State) == r.Text
	case find.Tender:
		return string(a.Tender) == r.Text
	case find.Kind:
		return string(a.Kind) == r.Text
	case find.Code:
		return a.OpenedMs >= itemsFromMs && slices.ContainsFunc(s.lines[a.SaleID], func(l sale.Line) bool { return strings.HasPrefix(strings.ToLower(l.Code), r.Text) })
	case find.Item:
		return a.OpenedMs >= itemsFromMs && slices.ContainsFunc(s.lines[a.SaleID], func(l sale.Line) bool { return lineFits(l, r.Text) })
	}
	return false
}

func lineFits(l sale.Line, text string) bool {
	for _, word := range strings.Fields(text) {
		begins := strings.HasPrefix(strings.ToLower(l.Code), word)
		for _, name := range l.Name {
			name = find.Fold(name)
			for i := range name {
				before := name[:i]
				starts := i == 0 || strings.HasSuffix(before, " ") || strings.HasSuffix(before, "-") || strings.Contains("可口乐苹果红富士汁", name[i:i+min(3, len(name)-i)])
				begins = begins || starts && strings.HasPrefix(name[i:], word)
			}
		}
		if !begins {
			return false
		}
	}
	return true
}

// find scans every payment.
func (s scanned) find(q find.Query, itemsFromMs int64) []find.Hit {
	var hits []find.Hit
	for _, a := range s.attempts {
		sum := 0
		for _, t := range q.Terms {
			best := 0
			for _, r := range t {
				if s.fit(a, r, itemsFromMs) {
					best = max(best, r.Fit)
				}
			}
			if best == 0 {
				sum = -1
				break
			}
			sum += best
		}
		if sum >= 0 {
			hits = append(hits, find.Hit{ID: a.ID, OpenedMs: a.OpenedMs, Fit: sum})
		}
	}
	slices.SortStableFunc(hits, func(a, b find.Hit) int { return b.Fit - a.Fit })
	return hits[:min(len(hits), q.Limit)]
}

// query is a random one of up to three terms.
func query(r *rand.Rand, all scanned) find.Query {
	q := find.Query{Limit: 1 + r.IntN(30)}
	for range r.IntN(4) {
		var t find.Term
		for range 1 + r.IntN(3) {
			t = append(t, reading(r, all))
		}
		q.Terms = append(q.Terms, t)
	}
	return q
}

// reading mostly asks for something that is there.
func reading(r *rand.Rand, all scanned) find.Reading {
	a := txn.Attempt{ID: 3, OpenedMs: noon}
	if len(all.attempts) > 0 {
		a = all.attempts[r.IntN(len(all.attempts))]
	}
	of := func(texts ...string) string { return texts[r.IntN(len(texts))] }
	out := find.Reading{Field: find.Field(1 + r.IntN(int(find.Kind))), Fit: 10 * (1 + r.IntN(4))}
	switch out.Field {
	case find.Amount:
		out.Low = a.Amount.Minor
		out.High = out.Low + int64(50*r.IntN(4))
	case find.When:
		out.Low = a.OpenedMs - r.Int64N(3_600_000)
		out.High = a.OpenedMs + r.Int64N(3_600_000)
	case find.LastFour:
		out.Text = of("1234", "0007", "9999", "4321")
	case find.Item:
		out.Text = of("cola", "app", "apples", "red apple", "苹果", "富士", "6901234567892", "200", "juice green", "äb", "full", "ün", "30", "x", "苹 果汁")
	case find.Code:
		out.Text = of("6901234567892", "200", "2", "7", "äb-1", "ä", "99")
	case find.STAN:
		out.Low = int64(a.ID) + int64(r.IntN(2))
	case find.RRN:
		out.Text = strings.TrimLeft(of(a.Answer.RRN, "500003", "9"), "0")
		if out.Text == "" {
			out.Text = "500001"
		}
	case find.Cashier:
		out.Text = of("", "01", "li na", "wang", "li")
	case find.CashierBegins:
		out.Text = of("li", "na", "wan", "0", "1")
	case find.State:
		out.Text = string(txn.States[r.IntN(len(txn.States))])
	case find.Tender:
		out.Text = string(txn.Tenders[r.IntN(len(txn.Tenders))])
	case find.Kind:
		out.Text = string(txn.Kinds[r.IntN(len(txn.Kinds))])
	}
	return out
}

// clock is now for an index: the newest payments are found by what was sold, the oldest no longer.
func (s *shop) clock() time.Time {
	return time.UnixMilli(noon).Add(find.ItemDays*24*time.Hour + time.Duration(s.atMs-noon)*time.Millisecond/3)
}
