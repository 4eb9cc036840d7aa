package explorer

import (
	"slices"

	"veratill/txn"
	"veratill/txn/money"
)

// The batch of the first day, and its settlement: the shipped machine decides (txn.StepSettlement), and its sums are the shipped ones. What is
// modelled here is the rest of txn/till/batch.go, and a bank that holds its book against the sums.

// What is on the line of the settlement, one message at a time: the sums, an upload's word of each payment, the end of the batch, and answers. A till believes
// an answer to what it is asking alone, and a bank counts what it is told of once, so that older ones change nothing.
const (
	saysSums  = 0
	saysItem  = 1 // + slot
	saysEnd   = saysItem + slots
	agrees    = saysEnd + 1
	differs   = agrees + 1
	saysNo    = differs + 1
	itemTaken = saysNo + 1
	itemNo    = itemTaken + 1
	batchOver = itemNo + 1
)

// settlementKey names the one settlement of a world.
var settlementKey = txn.SettlementKey{Batch: 1}

// closingFacts are what the world and the checks ask of a settlement.
type closingFacts struct {
	s      txn.Settlement
	owed   bool
	broken fault
}

// closingRef finds or makes the number of a settlement.
func (m *machine) closingRef(s txn.Settlement, broken fault) ref {
	s.Tries = min(s.Tries, 1) // more say only when a person hears of it
	key := text(s)
	if r, ok := m.closingBy[key]; ok {
		return r
	}
	r := numbered(len(m.closings), nil)
	m.closingBy[key] = r
	m.closings = append(m.closings, closingFacts{s: s, owed: s.Owed(), broken: broken})
	return r
}

// unsettled is the settlement that would begin now; 0 where the first day has no payment at the bank, or its batch is being settled.
func (x *explorer) unsettled(w *world) ref {
	if w.now[closing] != 0 {
		return 0
	}
	var of [slots]ref
	copy(of[:], w.now[:slots])
	if r, known := x.m.unsettled[of]; known {
		return r
	}
	r := x.m.beginSettlement(of)
	x.m.unsettled[of] = r
	return r
}

func (m *machine) beginSettlement(of [slots]ref) ref {
	var attempts []txn.Attempt
	any := false
	for _, r := range of {
		if r > noAttempt {
			a := m.facts[r].attempt
			attempts, any = append(attempts, a), any || a.Tender == txn.Card && a.Batch == settlementKey.Batch
		}
	}
	if !any {
		return 0
	}
	s := txn.Settlement{Batch: settlementKey.Batch, Currency: money.CNY, State: txn.SettlementAsked}
	kept, notKnown := txn.InBatch(settlementKey, attempts)
	for _, kind := range []txn.Kind{txn.Sale, txn.Refund} {
		for _, a := range kept {
			if a.Kind == kind {
				s.Items = append(s.Items, a.ID)
			}
		}
	}
	for _, a := range notKnown {
		s.NotKnown = append(s.NotKnown, a.ID)
	}
	var err error
	if s.Sums, err = txn.SumOf(kept, []string{""}, func(txn.Attempt) string { return "" }); err != nil {
		return 0
	}
	if txn.BeginSettlement(s, attempts) != nil {
		return 0
	}
	return m.closingRef(s, judgeSettlement(s, attempts))
}

// judgeSettlement holds a settlement that begins against its attempts: its sums are theirs, and what nobody knows is named.
func judgeSettlement(s txn.Settlement, attempts []txn.Attempt) fault {
	var sum txn.SettlementSum
	for _, a := range attempts {
		if a.Tender != txn.Card || a.Batch != s.Batch {
			continue
		}
		over := a.State == txn.Approved || a.State == txn.Declined || a.State == txn.Reversed || a.State == txn.Voided
		if !over && !slices.Contains(s.NotKnown, a.ID) {
			return notNamed
		}
		if a.State != txn.Approved || a.Kind == txn.Void {
			continue
		}
		if a.Kind == txn.Refund {
			sum.Credits, sum.CreditMinor = sum.Credits+1, sum.CreditMinor+a.Amount.Minor
		} else {
			sum.Debits, sum.DebitMinor = sum.Debits+1, sum.DebitMinor+a.Amount.Minor
		}
	}
	if told, err := txn.Total(s.Sums); err != nil || told != sum {
		return sumsWrong
	}
	return sound
}

// inBatch reports whether a slot of the first day is one that the bank hears of.
func (w *world) inBatch(slot int) bool {
	return w.later&(1<<slot) == 0 && (w.what[slot] == contentSale || w.isVoid(slot) || w.isRefund(slot)) && !w.givesBackByCode(slot)
}

// mayEndDay reports whether nothing that is not known, and no sale that is paid in part, keeps a batch from being settled, or a day from being closed.
func (x *explorer) mayEndDay(w *world, closes bool) bool {
	if x.limits[days] == 0 || w.phase != running || w.talk != silent || w.now[zed] != 0 {
		return false
	}
	if x.limits[days] != Unlimited && (w.sheetN > 0 || w.waiting != 0) { // paper and batch have nothing to do with each other, and beside each other have too many worlds
		return false
	}
	for slot, r := range w.now[:slots] {
		f := &x.m.facts[r]
		if r > noAttempt && x.m.bills[w.now[slots+slot]].state == txn.BillPartPaid {
			return false
		}
		if closes && f.open && !f.refund {
			return false
		}
	}
	//mutant:nothing-is-under-way-when-a-batch-is-settled/model
	if !closes && x.owing(w) {
		return false
	}
	return true
}

// settlingMoves are what a manager and the till may do about the day and its batch.
func (x *explorer) settlingMoves(w *world, to []action) []action {
	if x.mayEndDay(w, false) && x.unsettled(w) != 0 {
		to = x.withKill(w, to, action{kind: settleDay})
	}
	if x.mayEndDay(w, true) {
		to = x.withKill(w, to, action{kind: closeDay})
	}
	f := &x.m.closings[w.now[closing]]
	if w.phase == running && f.s.State == txn.SettlementRefused {
		to = x.withKill(w, to, action{kind: settleAgain})
	}
	switch {
	case w.talk == settling:
		to = append(to, action{kind: settleTimeOut})
	case w.phase == running && w.talk == silent && f.owed:
		to = append(to, action{kind: settleSend})
	}
	return x.settlingLine(w, to)
}

func (x *explorer) settlingLine(w *world, to []action) []action {
	for bit := range batchOver + 1 {
		if w.settles&(1<<bit) == 0 {
			continue
		}
		if x.left(w, losses) {
			to = append(to, action{kind: settleLost, arg: uint8(bit)})
		}
		a := action{kind: bankSettles, arg: uint8(bit)}
		switch {
		case bit < agrees:
			to = append(to, a)
			if bit == saysSums { // the bank's day ended before the newest payment of the batch
				to = append(to, action{kind: bankSettles, arg: uint8(bit) | unwilling})
			}
			if x.left(w, refusals) {
				to = append(to, action{kind: bankSettles, arg: uint8(bit) | notReady<<1})
			}
		case w.talk == settling && (bit == itemTaken || bit == itemNo):
			to = append(to, action{kind: tillSettles, arg: uint8(bit)})
		case w.talk == settling:
			to = x.withKill(w, to, action{kind: tillSettles, arg: uint8(bit)})
		}
	}
	return to
}

func (x *explorer) applySettling(w *world, a action) {
	bit := a.arg & low
	switch a.kind {
	case settleDay:
		x.openSettlement(w, a.arg)
	case closeDay:
		//mutant:a-day-s-batch-is-settled/model
		x.openSettlement(w, 0)
		s := save{synced: true, cut: a.arg}
		s.add(zed, noAttempt)
		x.commit(w, &s)
	case settleAgain:
		x.moveSettlement(w, txn.SettlementEvent{Kind: txn.SettlementAgain}, a.arg)
	case settleSend:
		if w.disk[closing] == 0 {
			w.broken = settledUnsaved
		}
		w.settles = 1 << x.says(w)
		w.talk = settling
	case settleTimeOut:
		w.hush()
		w.settles = 0
		x.moveSettlement(w, txn.SettlementEvent{Kind: txn.SettlementUnanswered}, 0)
	case bankSettles:
		x.bankSettles(w, int(bit), a)
	case tillSettles:
		x.hearSettled(w, int(bit), a.arg)
	case settleLost:
		x.use(w, losses)
		w.settles &^= 1 << bit
	}
}

// openSettlement makes the intent to settle the batch durable.
func (x *explorer) openSettlement(w *world, cut uint8) {
	r := x.unsettled(w)
	if r == 0 {
		return
	}
	s := save{cut: cut}
	//mutant:a-settlement-is-durable-before-it-is-sent/model
	s.synced = true
	s.add(closing, r)
	x.commit(w, &s)
}

// says is the message of the settlement as it is.
func (x *explorer) says(w *world) int {
	switch s := &x.m.closings[w.now[closing]].s; s.State {
	case txn.SettlementAsked:
		return saysSums
	case txn.SettlementUploading:
		return saysItem + int(s.Items[s.Sent].STAN()) - 1
	}
	return saysEnd
}

// moveSettlement decides an event of the settlement and journals it.
func (x *explorer) moveSettlement(w *world, e txn.SettlementEvent, cut uint8) {
	d, err := txn.StepSettlement(x.m.closings[w.now[closing]].s, e)
	if err != nil {
		return
	}
	s := save{synced: d.Durability == txn.Synced, cut: cut}
	s.add(closing, x.m.closingRef(d.After, sound))
	x.commit(w, &s)
}

// bankSettles is a message of the settlement at the bank.
func (x *explorer) bankSettles(w *world, bit int, a action) {
	w.settles = 0
	says, no := saysNo, a.has(notReady<<1)
	switch {
	case no:
		x.use(w, refusals)
	case bit == saysSums:
		if says = differs; !a.has(unwilling) && x.bankAgrees(w) {
			says = agrees
		}
	case bit == saysEnd:
		says = batchOver
	default:
		if says = itemNo; w.bank[bit-saysItem] == bankHas {
			says = itemTaken
		}
	}
	if no && bit >= saysItem && bit < saysEnd {
		says = itemNo
	}
	w.settles = 1 << says
}

// bankAgrees reports whether the bank keeps of the batch what the till sums.
func (x *explorer) bankAgrees(w *world) bool {
	var sum txn.SettlementSum
	for slot, s := range w.bank {
		switch {
		case s != bankHas || !w.inBatch(slot) || w.isVoid(slot):
		case w.isRefund(slot):
			sum.Credits, sum.CreditMinor = sum.Credits+1, sum.CreditMinor+refundMinor
		default:
			sum.Debits, sum.DebitMinor = sum.Debits+1, sum.DebitMinor+partMinor
		}
	}
	told, err := txn.Total(x.m.closings[w.now[closing]].s.Sums)
	return err == nil && told == sum
}

// hearSettled takes an answer about the settlement.
func (x *explorer) hearSettled(w *world, bit int, cut uint8) {
	s := &x.m.closings[w.now[closing]].s
	w.hush()
	w.settles = 0
	e := txn.SettlementEvent{Kind: txn.SettlementEnded}
	switch bit {
	case agrees:
		w.agreed = 1
		e.Kind, e.Ends = txn.SettlementAgreed, true
	case differs:
		e.Kind, e.Uploads = txn.SettlementDiffered, true
	case saysNo:
		e.Kind = txn.SettlementAnswerNo
	case itemTaken:
		e.Kind, e.Item = txn.ItemTaken, s.Items[s.Sent]
	case itemNo:
		e.Kind, e.Item = txn.ItemRefused, s.Items[s.Sent]
	}
	x.moveSettlement(w, e, cut)
}

// inspectSettlement holds the settlement against the attempts of its batch, and against what the bank said.
func (x *explorer) inspectSettlement(w *world) fault {
	f := &x.m.closings[w.now[closing]]
	if w.now[closing] == 0 || f.broken != sound {
		return f.broken
	}
	for slot, r := range w.now[:slots] {
		if r <= noAttempt || !w.inBatch(slot) {
			continue
		}
		a := &x.m.facts[r]
		kept := a.state == txn.Approved && (!a.void || a.refund)
		summed := slices.Contains(f.s.Items, idOf(slot))
		switch {
		case summed && !kept:
			return settledWithout
		case kept && !summed && !slices.Contains(f.s.NotKnown, idOf(slot)):
			return settledAside
		}
	}
	switch balanced := f.s.State == txn.SettlementBalanced; {
	case balanced && w.agreed == 0, balanced && len(f.s.NotKnown) == 0 && !x.bankAgrees(w):
		return balancedWithout
	}
	return sound
}

// inspectSettled is what has to have come of the first day's batch once all is at rest.
func (x *explorer) inspectSettled(w *world) fault {
	if x.m.closings[w.now[closing]].owed {
		return notEnded
	}
	if w.now[zed] != 0 && w.now[closing] == 0 && x.unsettled(w) != 0 {
		return neverSettled
	}
	return sound
}

// calmSettling is what happens next about the settlement when nothing disturbs.
func (x *explorer) calmSettling(w *world) (action, bool) {
	for bit := range batchOver + 1 {
		switch {
		case w.settles&(1<<bit) == 0:
		case bit < agrees:
			return action{kind: bankSettles, arg: uint8(bit)}, true
		case w.talk == settling:
			return action{kind: tillSettles, arg: uint8(bit)}, true
		}
	}
	f := &x.m.closings[w.now[closing]]
	switch {
	case w.talk == settling:
		return action{kind: settleTimeOut}, true
	case w.talk == silent && f.owed:
		return action{kind: settleSend}, true
	case w.talk == silent && f.s.State == txn.SettlementRefused: // a person was told, and has it asked again
		return action{kind: settleAgain}, true
	}
	return action{}, false
}

// settlingName is a bit of the settlement's line.
func settlingName(bit int) string {
	switch {
	case bit == saysSums:
		return "0500"
	case bit < saysEnd:
		return "0320 of " + idOf(bit-saysItem).String()
	}
	return map[int]string{saysEnd: "0320 that ends the batch", agrees: "0510 agrees", differs: "0510 differs", saysNo: "refusal", itemTaken: "0330 00", itemNo: "0330 25",
		batchOver: "0330 of the end"}[bit]
}

// settlingWords says an action about the settlement.
func (x *explorer) settlingWords(w *world, a action) string {
	name := settlingName(int(a.arg & low))
	switch a.kind {
	case settleDay:
		return "settlement: begun"
	case closeDay:
		return "day: closed"
	case settleAgain:
		return "settlement: a manager has it asked again"
	case settleSend:
		return "settlement: " + settlingName(x.says(w)) + " leaves"
	case settleTimeOut:
		return "settlement: time-out"
	case settleLost:
		return "line loses the " + name
	case tillSettles:
		return "settlement: till gets " + name
	}
	switch {
	case a.has(notReady << 1):
		name += ", refuses"
	case a.has(unwilling):
		name += ", differs"
	}
	return "settlement: bank gets " + name
}
