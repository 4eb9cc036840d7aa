package explorer

import (
	"encoding/json"
	"strings"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// ref stands for an attempt, or for a bill, with all that it holds; 0 is none. A world is compared
// and copied millions of times, so it holds numbers in place of them.
type ref uint16

// noAttempt is the ref of what is no attempt; the first attempt has the next one.
const noAttempt ref = 1

// triesKept is where the count of reversals stops. The machine tells a person above
// TellAfterTries and never looks at the count again, so that two more tries than that are all alike.
const triesKept = txn.TellAfterTries + 2

// printsKept is how many prints one attempt or sale may have in a world, and numbersKept how many all have.
const (
	printsKept  = 7
	numbersKept = 16
)

// What a sale costs, and what is paid of it at once: part of a sale that is sold in parts, else all of it.
const (
	partMinor  = 100
	wholeMinor = 100
	splitMinor = 2 * partMinor

	refundMinor = partMinor / 2
)

// facts are what the world and the checks ask of an attempt.
type facts struct {
	attempt  txn.Attempt
	state    txn.State
	paper    txn.Paper
	void     bool // or a refund: it gives back, and has paper of its own
	refund   bool
	cash     bool
	code     bool // it is owed to its wallet alone: nothing waits for it
	cable    bool // at a card terminal on a cable
	awaits   bool // its line has not confirmed yet that it keeps it
	again    bool // its host knows repeats
	original int8 // slot of what a void undoes
	prints   uint8
	number   uint8 // the highest of its prints
	open     bool
	refused  bool // the bank refuses to undo it
	asks     bool // a person has to say what a separate terminal showed
	owes     bool
	stands   bool // it is a payment whose money is there
	voidable bool // as far as the attempt itself decides
}

// planned is a plan of txn/plan in numbers. A ref is 0 where the plan is not about such a one.
type planned struct {
	allowed bool
	synced  bool
	after   ref
	voided  ref // what the plan's other record makes of the payment that a void undoes
	bill    ref
	acts    acts
}

// acts are the acts of a plan, one bit each.
type acts uint16

const (
	sendsRequest  acts = 1 << iota
	sendsReversal      // or a refund once more, under its own number
	beginsPrint
	awaits
	tells
	beginsReceipt // of the sale, or a copy of it
	awaitsReceipt
	tellsOfSale
	acknowledges
)

var actBits = map[txn.Effect]acts{txn.SendRequest: sendsRequest, txn.SendReversal: sendsReversal, txn.SendRepeat: sendsReversal, txn.PrintReceipt: beginsPrint,
	txn.PrintCopy: beginsPrint, txn.PrintNote: beginsPrint, txn.PrintPartSlip: beginsPrint, plan.AwaitPrinter: awaits, txn.TellPerson: tells, txn.Acknowledge: acknowledges}

var saleActBits = map[txn.Effect]acts{txn.PrintReceipt: beginsReceipt, txn.PrintCopy: beginsReceipt, plan.AwaitPrinter: awaitsReceipt, txn.TellPerson: tellsOfSale}

// question is all that a plan depends on: what it is about, what a void undoes, the sale, what happened, the
// next print's number, the slot of an attempt that begins, and whether the printer is ready. What is about no
// attempt is about the sale alone.
type question struct {
	about, original, bill ref
	event                 event
	nextPrint             uint8
	slot                  uint8
	ready                 bool
	closed                bool // the first day is, so that its batch is another one
}

// key packs a question, because a number is found faster.
func (q question) key() uint64 {
	n := uint64(q.about)<<48 | uint64(q.original)<<32 | uint64(q.bill)<<16 | uint64(q.event)<<9 | uint64(q.nextPrint)<<4 | uint64(q.slot)<<1
	if q.ready {
		n |= 1
	}
	return n
}

// machine asks the shipped planner, and remembers. It is pure, so that asking twice the same would
// bring nothing new; that it leaves alone what it is given is checked each time.
type machine struct {
	attempts  map[string]ref
	facts     []facts
	byText    map[string]ref // bills
	bills     []billFacts
	plans     [2]map[uint64]planned // by whether the first day is closed
	closings  []closingFacts
	closingBy map[string]ref
	unsettled map[[slots]ref]ref // what would be settled, by attempts
	impure    bool               // the planner changed what it was given
}

func newMachine() *machine {
	return &machine{attempts: map[string]ref{}, facts: make([]facts, 2), byText: map[string]ref{}, bills: make([]billFacts, 1),
		plans: [2]map[uint64]planned{{}, {}}, closings: make([]closingFacts, 1), closingBy: map[string]ref{}, unsettled: map[[slots]ref]ref{}}
}

// An event is a number: what happened, and the little that it brings.
type event uint8

// The events. Those with variants are followed by their number of variants.
const (
	bankApproved     event = 0
	bankDeclined     event = 1                // + answer
	gaveUp           event = bankDeclined + 4 // + reason
	answeredLate     event = gaveUp + 3       // + answer
	reversalRepeated event = answeredLate + 4
	reversalAnswered event = reversalRepeated + 1
	reversalNotSent  event = reversalAnswered + 1
	notSent          event = reversalNotSent + 1
	restarted        event = notSent + 1
	paperAsked       event = restarted + 1 // the receipt where none came out, else a copy
	receiptWaited    event = paperAsked + 1
	noteAsked        event = receiptWaited + 1
	slipAsked        event = noteAsked + 1
	leftPending      event = slipAsked + 1 // its verdict could not be journaled
	personClaimed    event = leftPending + 1
	personDenied     event = personClaimed + 1
	notSaid          event = personDenied + 1
	numberTaken      event = notSaid + 1         // the bank knows the number
	reversalRefused  event = numberTaken + 1     // the bank does not undo it
	approvedLate     event = reversalRefused + 1 // nobody waits for it any more
	takenLate        event = approvedLate + 1    // the same of numberTaken
	resolvedKept     event = takenLate + 1       // evidence says that the bank has kept it
	resolvedBack     event = resolvedKept + 1    // or given it back
	resolvedNever    event = resolvedBack + 1    // or never had it
	booksDiffer      event = resolvedNever + 1   // a start finds it so in books that are not the newest
	wholeBegun       event = booksDiffer + 1     // a sale, all of which is asked for at once
	splitBegun       event = wholeBegun + 1      // a sale in parts, with the first of them
	ownBegun         event = splitBegun + 1      // a sale at a terminal that stands alone
	codeBegun        event = ownBegun + 1        // a sale by the code of a wallet
	cableBegun       event = codeBegun + 1       // a sale at a card terminal on a cable
	partBegun        event = cableBegun + 1      // + how many parts' worth it asks for, less one
	cashBegun        event = partBegun + 2       // all that is left, in cash
	voidBegun        event = cashBegun + 1
	refundBegun      event = voidBegun + 1   // of half a part
	refusedLate      event = refundBegun + 1 // nobody waits for it any more: a refusal of a refund
	repeatDue        event = refusedLate + 1 // a refund whose host knows repeats is asked for once more
	approvedAwaits   event = repeatDue + 1   // by a line that has to hear that it is durable
	lineKept         event = approvedAwaits + 1
	lineUndid        event = lineKept + 1
	printEnded       event = lineUndid + 1 // + print × 3 + outcome
)

var (
	answers  = [...]string{"00", "51", "94", "12"} // DE39 of a 0210
	undone   = [...]string{"00", "25", "12", "58"} // DE39 of a 0410
	reasons  = [...]txn.Reason{txn.NoAnswer, txn.WrongAnswer, txn.LinkLost}
	outcomes = [...]txn.Paper{txn.Printed, txn.NotPrinted, txn.PaperUnknown}
)

// taken is what 94 says.
var taken = txn.Verdict{Kind: txn.NumberIsTaken, Answer: txn.Answer{ResponseCode: "94"}}

// approving is the answer that approves.
const approving = "00"

// idOf numbers a slot: by its place.
func idOf(slot int) txn.ID { return txn.ID(slot + 1) }

// full says an event in the words of the machine; prints are those of what it is about. Events of paper that is asked
// for have none: the planner makes them.
func (e event) full(prints []txn.Print) txn.Event {
	switch {
	case e == bankApproved:
		return txn.Event{Kind: txn.BankApproved, Answer: txn.Answer{ResponseCode: "00"}}
	case e < gaveUp:
		return txn.Event{Kind: txn.BankDeclined, Answer: txn.Answer{ResponseCode: answers[e-bankDeclined]}}
	case e < answeredLate:
		return txn.Event{Kind: txn.GaveUp, Reason: reasons[e-gaveUp]}
	case e < reversalRepeated:
		return txn.Event{Kind: txn.AnsweredLate, Answer: txn.Answer{ResponseCode: answers[e-answeredLate]}}
	case e >= printEnded:
		n := int(e - printEnded)
		return txn.Event{Kind: txn.PrintEnded, PrintID: prints[n/3].ID, Outcome: outcomes[n%3]}
	}
	switch e {
	case reversalAnswered:
		return txn.Event{Kind: txn.ReversalAnswered}
	case reversalNotSent:
		return txn.Event{Kind: txn.ReversalNotSent, Detail: "DE41"}
	case notSent:
		return txn.Event{Kind: txn.NotSent, Reason: txn.CannotPack, Detail: "DE41"}
	case restarted:
		return txn.Event{Kind: txn.Restarted}
	case booksDiffer:
		return txn.Event{Kind: txn.BooksDiffer}
	case personClaimed:
		return txn.Event{Kind: txn.PersonClaimed}
	case personDenied:
		return txn.Event{Kind: txn.PersonDenied}
	case notSaid:
		return txn.Event{Kind: txn.NotSaid}
	case numberTaken:
		return txn.EventOf(taken.Number(0))
	case takenLate:
		return txn.LateEventOf(txn.Sale, taken.Number(0))
	case reversalRefused:
		return txn.Event{Kind: txn.ReversalRefused, Answer: txn.Answer{ResponseCode: "58"}}
	case approvedAwaits:
		return txn.Event{Kind: txn.BankApproved, Answer: txn.Answer{ResponseCode: "00"}, Awaits: true}
	case lineKept:
		return txn.Event{Kind: txn.LineKept}
	case lineUndid:
		return txn.Event{Kind: txn.LineUndid}
	case repeatDue:
		return txn.Event{Kind: txn.RepeatDue}
	case refusedLate:
		return txn.Event{Kind: txn.RefusedLate, Answer: txn.Answer{ResponseCode: "51"}}
	case approvedLate:
		return txn.Event{Kind: txn.BankApprovedLate, Answer: txn.Answer{ResponseCode: "00"}}
	case resolvedKept, resolvedBack, resolvedNever:
		as := [...]txn.Finding{txn.WasKept, txn.WasGivenBack, txn.NeverOurs}[e-resolvedKept]
		return txn.Event{Kind: txn.Resolved, Evidence: txn.Evidence{As: as, Document: "letter", Who: "a manager", SHA256: strings.Repeat("0", 64)}}
	}
	return txn.Event{Kind: txn.ReversalRepeated}
}

// ask is what the planner makes of an event.
func (m *machine) ask(q question) planned {
	key, plans := q.key(), m.plans[0]
	if q.closed {
		plans = m.plans[1]
	}
	if p, known := plans[key]; known {
		return p
	}
	about := txn.Matter{Attempt: m.facts[q.about].attempt, Bill: m.bills[q.bill].bill}
	if q.original != 0 {
		sold := m.facts[q.original].attempt
		about.Original = &sold
	}
	before := text(about)
	full, err := planOf(q, about)
	m.impure = m.impure || text(about) != before
	p := m.note(full, err)
	plans[key] = p
	return p
}

func planOf(q question, m txn.Matter) (plan.Plan, error) {
	batch := int64(1)
	if q.closed {
		batch = 2
	}
	v := plan.View{Next: txn.Next{Attempt: idOf(int(q.slot)), Batch: batch, Sale: int64(q.slot) + 1, Print: int64(q.nextPrint) + 1}, Ready: q.ready}
	switch {
	case q.event >= wholeBegun && q.event <= refundBegun:
		return beginning(v, q.event, m)
	case q.event == paperAsked:
		kind, _ := txn.NextPaper(m)
		return plan.Paper(v, m, kind)
	case q.event == receiptWaited:
		return plan.Paper(v, m, txn.PrintBegun)
	case q.event == noteAsked:
		return plan.Paper(v, m, txn.NoteBegun)
	case q.event == slipAsked:
		return plan.Paper(v, m, txn.SlipBegun)
	case q.event == leftPending:
		return plan.Undo(v, m)
	case q.about == 0:
		return plan.MoveSale(v, m.Bill, q.event.full(m.Bill.Prints))
	}
	return plan.Move(v, m, q.event.full(m.Attempt.Prints))
}

// beginning is plan.Begin: of a new sale, of one more payment of a sale, of a void or of a refund.
func beginning(v plan.View, e event, m txn.Matter) (plan.Plan, error) {
	in := func(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: money.CNY} }
	var opened *txn.SaleOpened
	sold := func(total int64) {
		opened = &txn.SaleOpened{Sale: sale.Sale{TotalMinor: total, Currency: money.CNY}, Batch: v.Batch}
	}
	a := txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: in(partMinor)}
	switch e {
	case wholeBegun:
		sold(wholeMinor)
	case splitBegun:
		sold(splitMinor)
	case ownBegun:
		a.Tender = txn.External
		sold(wholeMinor)
	case codeBegun:
		a.Tender = txn.Code
		sold(wholeMinor)
	case cableBegun:
		a.Line = "zvt"
		sold(wholeMinor)
	case cashBegun:
		a.Tender, a.Amount = txn.Cash, m.Bill.Rest()
	case voidBegun:
		if err := plan.Voidable(v, *m.Original, m.Bill); err != nil {
			return plan.Plan{}, err
		}
		a.Kind, a.Tender, a.Amount, a.Original = txn.Void, m.Original.Tender, m.Original.Amount, m.Original.ID
	case refundBegun:
		a.Kind, a.Tender, a.Amount, a.Original = txn.Refund, m.Original.Tender, in(refundMinor), m.Original.ID
		a.Again = a.Tender == txn.Code // each provider knows repeats
	default:
		a.Amount = in(partMinor * int64(e-partBegun+1))
	}
	m.Attempt = a
	return plan.Begin(v, m, opened, nil)
}

// note puts a plan in numbers.
func (m *machine) note(full plan.Plan, err error) planned {
	if err != nil {
		return planned{}
	}
	p := planned{allowed: true, synced: full.Durability == txn.Synced}
	if full.After.ID != 0 {
		p.after = m.refOf(full.After)
	}
	if full.Bill.SaleID != 0 {
		p.bill = m.billRef(full.Bill)
	}
	for _, act := range full.Acts {
		if act.OfSale {
			p.acts |= saleActBits[act.Effect]
		} else {
			p.acts |= actBits[act.Effect]
		}
	}
	for _, r := range full.Records {
		if moved, ok := r.(txn.AttemptMoved); ok && moved.ID != full.After.ID {
			p.voided = m.refOf(moved.After)
		}
	}
	return p
}

// refOf finds or makes the number of an attempt.
func (m *machine) refOf(a txn.Attempt) ref {
	a.Tries = min(a.Tries, triesKept)
	key := text(a)
	if r, ok := m.attempts[key]; ok {
		return r
	}
	r := numbered(len(m.facts), a.Prints)
	m.attempts[key] = r
	part := txn.Part{Kind: a.Kind, State: a.State}
	m.facts = append(m.facts, facts{attempt: a, number: highest(a.Prints), state: a.State, paper: a.Paper, void: a.Kind.GivesBack(), refund: a.Kind == txn.Refund,
		cash: a.Tender == txn.Cash, code: a.Tender == txn.Code, cable: a.Line != "", awaits: a.AwaitsLine(), again: a.Again, original: int8(a.Original.STAN() - 1), prints: uint8(len(a.Prints)), open: a.Open(), asks: a.AsksAPerson(),
		refused: a.State == txn.Unresolved && a.Refused != "",
		owes:    a.Owes(), stands: part.Stands(), voidable: a.Tender != txn.External && a.Line == "" && txn.Allowed(a, txn.VoidApproved)})
	return r
}

// numbered is the next number of what has these prints.
func numbered(n int, prints []txn.Print) ref {
	if n > 1<<16-1 || len(prints) > printsKept {
		panic("the budget has more attempts, bills or prints than a world has numbers for")
	}
	return ref(n)
}

// highest is the highest number of a print.
func highest(prints []txn.Print) uint8 {
	number := int64(0)
	for _, p := range prints {
		number = max(number, p.ID)
	}
	return uint8(number)
}

// text is all that something holds, the same for the same.
func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
