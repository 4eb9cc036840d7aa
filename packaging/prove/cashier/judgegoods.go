package cashier

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"veratill/txn"
)

// refusals are the sentences by which a scan is refused, or asked about, in sight.
var refusals = []string{"sell.code-", "sell.locked", "goods.whose", "goods.answer-first", "devices.scanned", "sell.refused", "sell.too-", "sell.weight-", "sell.card-number", "sell.payment-code", "sell.quantity-", "sell.whole-", "result.no-goods",
	"code.no-payment-code", "pay.code-or-item", "find.none", "find.fit", "find.best", "find.looking", "recall.scan-again", "recall.parked-again", "pay.voucher-numbered", "code.voucher-number", "scanner.learn", "scanner.learnt", "scanner.too-short"}

// judgeGoods holds where all goods are after a step: they go nowhere unless somebody chose so, and a scan is in a sale or refused in sight.
func (w *world) judgeGoods() {
	j := &w.judge
	now, err := w.findGoods()
	if err != nil {
		w.bad("the goods can't be found: %v", err)
		return
	}
	before, weighed := j.goods, j.weighs
	j.goods, j.weighs = now, w.shows("sell.weight-first") || w.shows("sell.weight-wait")
	w.judgeDoubtful()
	if w.eye.selling() {
		w.judgeTotal(now)
	}
	if said, shown := w.read("strip.parked"); shown && said[0] != strconv.Itoa(now.parked) && !w.broken() { // else the till can't read which of them are paid
		w.bad("the window says that %s sales are parked, and %d are kept", said[0], now.parked)
	}
	if now.parked > 0 && w.eye.selling() && !w.broken() && !w.shows("strip.parked") {
		w.bad("%d sales are parked, and the window says nothing of them: %s", now.parked, w.eye.glass.all())
	}
	if before == nil || j.intent.edits { // nothing is known of before the first step
		j.refused = false
		return
	}
	moved := now.all.less(before.all)
	if j.scanned == "" {
		if len(moved) > 0 {
			w.bad("goods have changed, and nobody chose so: %v", moved)
		}
		return
	}
	if j.unpaid && len(moved) > 0 {
		w.bad("the scan of %s joins goods that were not paid, and nobody was asked whose it is", j.scanned)
	}
	refused := w.refusedInSight()
	if j.refused && !refused && w.eye.selling() {
		w.bad("a scan was refused, and its words are gone before anybody pressed anything")
	}
	j.refused = refused && len(moved) == 0 && w.eye.selling()
	may := append([]string{j.scanned, j.asked}, j.halves...)
	if len(moved) > 0 || w.eye.selling() { // else the question may wait below another page
		j.asked = ""
	}
	switch {
	case len(moved) == 0 && !refused && (j.coded || w.paysByCode(j.scanned) && w.onResult()): // what became of its payment stands there
	case len(moved) == 0 && !refused:
		w.bad("the scan of %s is in no sale, and no word says so: %s", j.scanned, w.eye.glass.all())
	case len(moved) == 0:
		if w.shows("goods.whose") {
			j.asked = j.scanned
		}
	default:
		for _, code := range slices.Sorted(maps.Keys(moved)) {
			if weighed && moved[code] > 0 && !slices.Contains(may, code) { // the weight that was typed for it counts, whatever comes next
				weighed = false
				continue
			}
			if moved[code] < 0 || !slices.Contains(may, code) {
				w.bad("the scan of %s has moved %d of %s", j.scanned, moved[code], code)
			}
		}
	}
}

// judgeDoubtful: goods that are in a sale with a payment that is not known are in no other sale that is paid. They lie under that sale's own number until it
// is known, and nobody changes them there.
func (w *world) judgeDoubtful() {
	if w.restored || w.broken() || w.lied() {
		return
	}
	var making keptSale
	var parked []keptSale
	if errors.Join(readFile(filepath.Join(w.dir, "making.json"), &making), readFile(filepath.Join(w.dir, "parked.json"), &parked)) != nil {
		return
	}
	for _, b := range w.judge.bills {
		doubtful := slices.ContainsFunc(b.Parts, func(p txn.Part) bool { return p.Kind == txn.Sale && (p.Open() || p.State == txn.Unresolved) })
		if !doubtful || taken(b) {
			continue
		}
		s, err := w.shop.Journal.Sale(context.Background(), b.SaleID)
		lies := slices.ContainsFunc(append(parked, making), func(k keptSale) bool {
			return (k.SaleID == b.SaleID || k.SaleID == 0 && b.SaleID > k.Entry) && sameLines(s, k)
		})
		grown := slices.ContainsFunc(parked, func(k keptSale) bool { return k.Before == b.SaleID }) // with other lines: it waits as well
		if err == nil && !lies && !grown {
			w.bad("a payment of sale %d is not known, and its goods do not lie under that sale: they may be paid for again", b.SaleID)
		}
	}
}

// underWay is a card payment whose end nobody knows yet, and whose goods are in front; 0 where there is none.
func (w *world) underWay() txn.ID {
	g := w.judge.goods
	for _, a := range w.judge.attempts {
		if a.Open() && a.Kind == txn.Sale && a.ID == w.judge.newest && g != nil && g.linesMaking > 0 && strings.HasPrefix(w.eye.face, "pay.") && w.sells(a, g.making) {
			return a.ID
		}
	}
	return 0
}

// sells reports whether a payment is for these goods; one before may still be open.
func (w *world) sells(a txn.Attempt, making counts) bool {
	s, err := w.shop.Journal.Sale(context.Background(), a.SaleID)
	goods := counts{}
	for _, line := range s.Lines {
		goods.add(line.Code, line.QuantityE5)
	}
	return err == nil && len(goods.less(making)) == 0
}

// judgeCut: after a start the goods of a payment that was cut are parked, for as long as nobody knows whether they are paid.
func (w *world) judgeCut(cut txn.ID) {
	if cut == 0 || w.lied() {
		return
	}
	now, err := w.findGoods()
	for _, a := range w.judge.attempts {
		if err == nil && a.ID == cut && a.Open() && now.linesMaking > 0 {
			w.bad("%s is not known, and its goods are in front as if they were not paid: %v", cut, now.making)
		}
	}
}

// refusedInSight reports whether a word about a scan stands somewhere.
func (w *world) refusedInSight() bool {
	for _, p := range w.eye.glass.parts {
		if w.words.longest(p.text(), refusals...).key != "" {
			return true
		}
	}
	return false
}

// judgeTotal: the total that is shown is that of the sale that is kept.
func (w *world) judgeTotal(now *goodsSeen) {
	switch shown := w.eye.says; {
	case shown.key == "sell.pay-empty" && now.linesMaking > 0:
		w.bad("the window shows no goods, and %v are kept", now.making)
	case (shown.key == "sell.pay" || shown.key == "sell.give") && minor(shown.gaps[0]) != now.totalMinor-now.backMinor:
		w.bad("the window shows a total of %s, and the goods that are kept cost %d, less %d that come back: %v", shown.gaps[0], now.totalMinor, now.backMinor, now.making)
	case shown.key == "exchange.pay" && minor(shown.gaps[0]) != now.backMinor-now.totalMinor:
		w.bad("the window says that %s goes back, and the goods that are kept cost %d, less %d that come back", shown.gaps[0], now.totalMinor, now.backMinor)
	}
}

// sums are those of a day, by the journal.
type sums struct {
	count, voidsCount, open int
	sales, voids, refunds   int64
	backBy                  map[txn.Tender][2]int64 // and refunds
	by                      map[txn.Tender][2]int64 // payments and what they came to
}

func (w *world) sumsOf(batch int64) (s sums) {
	s.by, s.backBy = map[txn.Tender][2]int64{}, map[txn.Tender][2]int64{}
	for _, a := range w.judge.attempts {
		if a.Batch != batch {
			continue
		}
		taken := !a.Tender.ByWord() && (a.State == txn.Approved || a.State == txn.Voided) // nobody proves what a person says
		switch {
		case a.Open() && a.Kind == txn.Refund: // which has a row of its own
		case a.Open():
			s.open++
		case taken && a.Kind == txn.Sale:
			s.sales += a.Amount.Minor
			s.by[a.Tender] = [2]int64{s.by[a.Tender][0] + 1, s.by[a.Tender][1] + a.Amount.Minor}
		case taken && a.Kind == txn.Refund:
			s.refunds += a.Amount.Minor
			s.backBy[a.Tender] = [2]int64{s.backBy[a.Tender][0] + 1, s.backBy[a.Tender][1] + a.Amount.Minor}
		case taken:
			s.voids += a.Amount.Minor
			s.voidsCount++
		}
	}
	for _, b := range w.judge.bills {
		proven := func(p txn.Part) bool {
			return p.Kind == txn.Sale && !p.Tender.ByWord() && (p.State == txn.Approved || p.State == txn.Voided)
		}
		if b.Batch == batch && b.WasPaid() && (b.Total.Minor == 0 || slices.ContainsFunc(b.Parts, proven)) {
			s.count++
		}
	}
	return s
}

// judgeDay holds the sums on the page of the open day against the journal.
func (w *world) judgeDay() {
	if w.lied() {
		return
	}
	s := w.sumsOf(w.shop.Journal.OpenDay().Batch)
	want := map[string][2]int64{"day.sales": {int64(s.count), s.sales}, "day.voids": {int64(s.voidsCount), s.voids}}
	for key, figures := range want {
		for _, row := range w.rows(key) {
			said, tally := w.tallies(squeezed(row))
			if tally && (said[0] != strconv.FormatInt(figures[0], 10) || minor(said[1]) != figures[1]) {
				w.bad("the day's page says %q of %s, and the journal %d and %d", row, key, figures[0], figures[1])
			}
		}
	}
	for tender, figures := range s.by {
		for _, p := range w.eye.glass.parts { // a row of a table: its word, its sum, its count
			if len(p.texts) != 3 || p.texts[0] != w.words.texts["tender."+string(tender)] {
				continue
			}
			back := s.backBy[tender] // which has a table of its own, whose rows have the same words
			if said := [2]int64{int64(number(p.texts[2])), minor(p.texts[1])}; said != figures && (back == [2]int64{} || said != back) {
				w.bad("the day's page says %q of the tender %s, and the journal %d and %d", p.texts, tender, figures[0], figures[1])
			}
		}
	}
	for _, row := range w.rows("day.open") {
		if row != strconv.Itoa(s.open) {
			w.bad("the day's page says that %s payments are not known, and the journal %d", row, s.open)
		}
	}
	if i := slices.IndexFunc(w.eye.glass.parts, func(p part) bool { return p.text() == squeezed(w.words.texts["day.net"]) }); i >= 0 {
		for _, p := range w.eye.glass.parts[i+1:] {
			if n := minor(p.text()); strings.HasPrefix(strings.TrimPrefix(p.text(), "−"), "¥") {
				if n != s.sales-s.voids-s.refunds {
					w.bad("the day's page says a net of %s, and the journal %d", p.text(), s.sales-s.voids-s.refunds)
				}
				return
			}
		}
	}
}

// tallies reads a count and a sum.
func (w *world) tallies(row string) (gaps []string, found bool) {
	for _, key := range []string{"day.tally-sales", "day.tally-sales.one", "day.tally"} {
		if gaps, found = w.words.reads(key, row); found {
			return gaps, true
		}
	}
	return nil, false
}

// rows are what stands beside a word.
func (w *world) rows(key string) (values []string) {
	for _, p := range w.eye.glass.parts {
		if len(p.texts) == 2 && p.texts[0] == w.words.texts[key] {
			values = append(values, p.texts[1])
		}
	}
	return values
}

// number is a count as it is shown; -1 where it is none.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
