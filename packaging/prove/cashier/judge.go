package cashier

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/journal"
)

// judge knows what was meant, and reads the journal. It never asks the window's rooms what they think.
type judge struct {
	intent    intent
	typed     bool     // figures or letters were typed where a sale is made
	scanned   string   // a code that was scanned by this step
	halves    []string // of it, where a radio has torn it
	coded     bool     // and it has begun a payment
	asked     string   // a scanned code that a question is about
	weighs    bool     // the window waits for an article's weight
	unpaid    bool     // a result of goods that were not paid was in front when the step began
	refused   bool     // a scan was refused, and nobody has pressed anything since
	voiding   txn.ID   // the payment that somebody wants to give back
	seq       int64
	newest    txn.ID
	attempts  []txn.Attempt
	bills     []txn.Bill
	goods     *goodsSeen
	exchanged bool     // somebody took goods along that come back for others
	claimed   []txn.ID // approvals by a person's word that were judged
	day       int64    // the open one
	cards     []string // numbers that were swiped: none is ever shown
}

// hold holds what the window shows against what the journal says.
func (w *world) hold(by hand) {
	w.hearsDenial()
	if !w.reads() {
		return
	}
	w.judgeAttempts(by)
	w.judgeWords()
	w.judgeUnknown()
	w.judgeTyping()
	w.judgeCards()
}

// reads reads the journal again where it has grown; false where it can't be read.
func (w *world) reads() bool {
	j := &w.judge
	seq, _ := w.shop.Journal.Head()
	if seq == j.seq {
		return true
	}
	attempts, err := w.shop.Journal.AllAttempts(context.Background())
	bills, errOfSales := w.shop.Journal.AllBills(context.Background())
	if err != nil || errOfSales != nil {
		return false // the disk has failed, and the window says so
	}
	j.seq, j.attempts, j.bills = seq, attempts, bills
	return true
}

// intentHolds is how long after a press its payment may begin.
const intentHolds = 5 * time.Second

// judgeAttempts holds each new attempt against what was chosen.
func (w *world) judgeAttempts(by hand) {
	j := &w.judge
	i := &j.intent
	for _, a := range j.attempts {
		if a.ID <= j.newest {
			continue
		}
		j.newest = a.ID
		w.say("  attempt %s: %s %s of %d, received %d", a.ID, a.Tender, a.Kind, a.Amount.Minor, a.ReceivedMinor)
		w.judgeDoubted(a)
		w.judgeDenied(a)
		switch {
		case a.Tender == txn.Exchange:
			w.judgeExchange(a)
		case a.Tender == txn.Voucher && a.Kind == txn.Sale:
			if !i.voucher || a.Amount.Minor != i.worth {
				w.bad("%s takes a voucher of %d, and %d stood on the button that was pressed: %v", a.ID, a.Amount.Minor, i.worth, i.voucher)
			}
			i.voucher = false
		case a.Kind == txn.Void:
			if !i.void && !(i.back && i.backed == a.Amount.Minor) { // all of a payment of today goes back by a void
				w.bad("%s gives money back, and nobody said yes", a.ID)
			}
			i.back = false
		case a.Kind == txn.Refund:
			if !i.back {
				w.bad("%s gives %d back, and nobody pressed what says so", a.ID, a.Amount.Minor)
			} else if i.backed != a.Amount.Minor {
				w.bad("%s gives %d back, and %d stood on the button that was pressed", a.ID, a.Amount.Minor, i.backed)
			}
			i.back = false
			w.judgeBack(a)
		case a.Tender == txn.Cash:
			if !i.cash || time.Since(i.cashAt) > intentHolds {
				w.bad("%s takes cash, and nobody pressed what said so (by %q, face %q)", a.ID, by, w.eye.face)
			} else if i.received != a.ReceivedMinor {
				w.bad("%s has %d received, and %d stood on the button that was pressed", a.ID, a.ReceivedMinor, i.received)
			}
			i.cash = false
		case a.Tender == txn.Card:
			if !i.card {
				w.bad("%s asks a card for money, and nobody chose the tender card", a.ID)
			}
			i.card = false
		case a.Tender == txn.Code:
			if !i.code {
				w.bad("%s asks a wallet for money, and nobody scanned a code where a sale is paid", a.ID)
			}
			i.code, j.coded = false, true
		case a.Tender == txn.External:
			if !i.terminal {
				w.bad("%s waits for what a terminal shows, and nobody chose it", a.ID)
			}
			i.terminal = false
		}
	}
	w.judgeClaims()
	w.judgeClose()
}

// judgeBack: no payment goes back more than once.
func (w *world) judgeBack(refund txn.Attempt) {
	var paid, gone int64
	for _, a := range w.judge.attempts {
		switch {
		case a.ID == refund.Original:
			paid = a.Amount.Minor
		case a.Original == refund.Original && a.State != txn.Declined && a.State != txn.Reversed:
			gone += a.Amount.Minor
		}
	}
	if gone > paid {
		w.bad("%d goes back of payment %s of %d", gone, refund.Original, paid)
	}
}

// judgeClaims: what a terminal without a cable showed is what somebody said.
func (w *world) judgeClaims() {
	j := &w.judge
	for _, a := range j.attempts {
		if a.State != txn.Claimed || a.Tender != txn.External || slices.Contains(j.claimed, a.ID) {
			continue
		}
		j.claimed = append(j.claimed, a.ID)
		if !j.intent.showed {
			w.bad("%s is approved by a person's word, and nobody has said so", a.ID)
		}
		j.intent.showed = false
	}
}

// judgeClose: a day ends where somebody said yes to that.
func (w *world) judgeClose() {
	j := &w.judge
	day := w.shop.Journal.OpenDay().Batch
	if j.day != 0 && day != j.day && !j.intent.day {
		w.bad("day %d is closed, and nobody said yes", j.day)
	}
	if day != j.day {
		j.intent.day = false
	}
	j.day = day
}

// A text names an attempt by batch and STAN, or by the STAN alone.
var (
	traceForm = regexp.MustCompile(`[0-9]{6}/([0-9]{6})`)
	stanForm  = regexp.MustCompile(`(?:STAN|流水号)([0-9]{1,6})`)
)

// traced is the STAN of the attempt that a squeezed text names; 0 where it names none.
func traced(text string) int64 {
	m := traceForm.FindStringSubmatch(text)
	if m == nil {
		m = stanForm.FindStringSubmatch(text)
	}
	if m == nil {
		return 0
	}
	stan, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return 0
	}
	return stan
}

// tracedRow is traced of a row: what stands beside a number in it may begin with a figure.
func tracedRow(p part) int64 {
	for _, text := range p.texts {
		if stan := traced(squeezed(text)); stan != 0 {
			return stan
		}
	}
	return 0
}

// charge is what is said, or so, of a customer's money.
type charge string

const (
	no          charge = "not charged"
	unsure      charge = "not known"
	yes         charge = "charged"
	back        charge = "given back"
	backUnsure  charge = "not known whether it was given back"
	kept        charge = "kept by the bank"
	saysNothing charge = ""
)

// saidBy is what a sentence says.
func saidBy(key string) charge {
	switch key {
	case "charged.no", "sale.part-not-charged":
		return no
	case "charged.unknown", "charged.unknown-of", "charged.elsewhere-unknown":
		return unsure
	case "charged.yes.cash", "charged.yes.card", "charged.yes.code", "charged.yes-plain", "charged.still", "charged.still-no-cash", "charged.no-more-back":
		return yes
	case "charged.back", "charged.back.cash", "charged.back.card", "charged.back.code":
		return back
	case "charged.back-unknown":
		return backUnsure
	case "charged.kept":
		return kept
	}
	return saysNothing
}

// judgeWords holds every sentence about money that names its payment against that payment's entry.
func (w *world) judgeWords() {
	for _, p := range w.eye.glass.parts {
		text := p.text()
		if _, change := w.words.reads("sell.change.charged", text); change {
			if gaps, change := w.words.reads("sell.change", text); change {
				w.judgeChange(text, gaps[0])
				continue
			}
		}
		w.judgeUndone(text)
		said := w.words.longest(text, "charged.", "sale.part-not-charged")
		says := saidBy(said.key)
		stan := traced(text)
		if stan == 0 && w.eye.face == "result.back" && strings.HasPrefix(said.key, "charged.") { // a void that was not begun has no number
			stan = w.judge.voiding.STAN()
		}
		if says == saysNothing || stan == 0 {
			continue
		}
		at := slices.IndexFunc(w.judge.attempts, func(a txn.Attempt) bool { return a.ID.STAN() == stan })
		if at < 0 {
			w.bad("the window tells of payment %d, which the journal does not know: %s", stan, text)
			continue
		}
		a := w.judge.attempts[at]
		truth := w.truth(a)
		if says == yes && truth == yes && a.Kind == txn.Sale {
			w.saidPaid(a.ID)
		}
		if gone := w.refundedOf(a); said.key == "charged.still-no-cash" && gone > 0 {
			w.bad("the window says that no money went back of %s, and by the journal %d did, or may have: %s", a.ID, gone, text)
		}
		if w.broken() && truth == yes && says == backUnsure { // a void that could not be saved: nobody can say what the disk has of it
			continue
		}
		if says != truth {
			w.bad("the window says %q of %s, and by the journal (%s) it is %q: %s", says, a.ID, a.State, truth, text)
		}
		if len(said.gaps) == 1 && said.key != "sale.part-not-charged" && minor(said.gaps[0]) != a.Amount.Minor {
			w.bad("the window says %s of %s, and the journal %d: %s", said.gaps[0], a.ID, a.Amount.Minor, text)
		}
	}
}

// refundedOf is what refunds gave back of the payment that an attempt is about, or may have.
func (w *world) refundedOf(a txn.Attempt) (gone int64) {
	payment := a.ID
	if a.Kind == txn.Void {
		payment = a.Original
	}
	for _, r := range w.judge.attempts {
		if r.Kind == txn.Refund && r.Original == payment && r.State != txn.Declined && r.State != txn.Reversed {
			gone += r.Amount.Minor
		}
	}
	return gone
}

// judgeUndone: a sale that the window says is voided is so.
func (w *world) judgeUndone(text string) {
	number, named := w.words.reads("sale.number", text)
	if _, undone := w.words.reads("sale.undone", text); !named || !undone {
		return
	}
	for _, b := range w.judge.bills {
		if strconv.FormatInt(b.SaleID, 10) != number[0] {
			continue
		}
		if b.State != txn.BillDropped || b.NotKnown() {
			w.bad("the window says that sale %d is voided, and by the journal it is %s: %s", b.SaleID, b.State, text)
		}
		return
	}
	w.bad("the window tells of sale %s, which the journal does not know: %s", number[0], text)
}

// judgeUnknown: where a sale is made the strip counts what is not known yet, whichever run of the program left it; and else what its bank says no more of.
func (w *world) judgeUnknown() {
	if !w.eye.selling() {
		return
	}
	open, unresolved := 0, 0
	for _, a := range w.judge.attempts {
		switch {
		case a.Open():
			open++
		case a.State == txn.Unresolved && a.Kind != txn.Refund: // those have a word of their own
			unresolved++
		}
	}
	// What is over, and not as anybody expects, counts too: more may be said.
	if said, shown := w.read("strip.manager-waits"); open == 0 && unresolved > 0 && (!shown || number(said[0]) < unresolved) {
		w.bad("the bank says no more of %d payments, and the strip does not send for the manager: %s", unresolved, w.eye.glass.all())
	}
	switch said, shown := w.read("strip.unknown"); {
	case shown && said[0] != strconv.Itoa(open):
		w.bad("the strip says that %s payments are not known, and by the journal %d are", said[0], open)
	case !shown && open > 0:
		w.bad("%d payments are not known, and nothing says so: %s", open, w.eye.glass.all())
	}
}

// truth is what the journal says of an attempt's money: of a void, of the payment that it is to undo; of a refund, whether it went back.
func (w *world) truth(a txn.Attempt) charge {
	if a.Kind == txn.Refund && (a.Open() || a.State == txn.Unresolved) {
		return backUnsure
	}
	if a.Kind == txn.Refund && a.Concluded() {
		return back
	}
	if a.Kind == txn.Void {
		switch {
		case a.State == txn.Approved:
			return back
		case a.Open(), a.State == txn.Unresolved:
			return backUnsure
		}
		for _, p := range w.judge.attempts {
			if p.ID == a.Original {
				return w.truth(p)
			}
		}
	}
	switch {
	case a.AwaitsLine(): // the terminal has not confirmed it
		return unsure
	case a.State == txn.Voided && a.VoidedBy == 0: // nor did it: it undid it
		return no
	}
	switch a.State {
	case txn.Declined, txn.Reversed:
		return no
	case txn.Voided:
		return back
	case txn.Kept:
		return kept
	case txn.Approved:
		for _, v := range w.judge.attempts {
			if v.Kind == txn.Void && v.Original == a.ID && (v.Open() || v.State == txn.Unresolved) {
				return backUnsure
			}
		}
		return yes
	}
	return unsure
}

// judgeChange: the change that stands where a sale is made is that of the last cash sale.
func (w *world) judgeChange(text, change string) {
	for _, a := range slices.Backward(w.judge.attempts) {
		if a.Kind != txn.Sale || a.Tender != txn.Cash {
			continue
		}
		if minor(change) != a.ChangeMinor {
			w.bad("the window says change %s, and the journal %d: %s", change, a.ChangeMinor, text)
		}
		return
	}
	w.bad("the window tells of change, and no cash was taken: %s", text)
}

// judgeCards: a card's number stands nowhere.
func (w *world) judgeCards() {
	for _, p := range w.eye.glass.parts {
		for _, number := range w.judge.cards {
			if strings.Contains(p.text(), number) {
				w.bad("a card's number is on the screen: %s", strings.ReplaceAll(p.text(), number, "…"))
			}
		}
	}
}

// verifies holds the journal against itself: what was judged by is what its entries amount to.
func (w *world) verifies(ctx context.Context) {
	if w.disk.Dead() != 0 {
		return
	}
	var v journal.Verified
	v, err := w.shop.Journal.Verify(ctx)
	if err != nil {
		w.bad("the journal does not verify: %v (%d entries)", err, v.Entries)
	}
}
