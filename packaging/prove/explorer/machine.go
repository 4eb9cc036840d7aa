package explorer

import (
	"encoding/json"

	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/plan"
	"veratill/txn/sale"
)

// ref stands for an attempt with all that it holds; 0 is none. A world is compared
// and copied millions of times, so it holds numbers in place of attempts.
type ref uint16

// signIn is the ref of a STAN that a message without money took.
const signIn ref = 1

// triesKept is where the count of reversals stops. The machine tells a person above
// TellAfterTries and never looks at the count again, so that two more tries than that are all alike.
const triesKept = txn.TellAfterTries + 2

// printsKept is how many prints one attempt may have in a world, and numbersKept how many all have.
const (
	printsKept  = 7
	numbersKept = 16
)

// facts are what the world and the checks ask of an attempt.
type facts struct {
	attempt  txn.Attempt
	state    txn.State
	paper    txn.Paper
	void     bool
	original int8 // slot of what a void undoes
	prints   uint8
	number   uint8 // the highest of its prints
	open     bool
	asks     bool // a person has to say what a separate terminal showed
	owes     bool
	voidable bool // as far as the attempt itself decides
}

// planned is a plan of txn/plan in numbers.
type planned struct {
	allowed bool
	synced  bool
	after   ref
	voided  ref // what the plan's other record makes of the sale that a void undoes; 0 without one
	acts    acts
}

// acts are the acts of a plan, one bit each.
type acts uint8

const (
	sendsRequest acts = 1 << iota
	sendsReversal
	beginsPrint
	awaits
	tells
)

var actBits = map[txn.Effect]acts{txn.SendRequest: sendsRequest, txn.SendReversal: sendsReversal, txn.PrintReceipt: beginsPrint,
	txn.PrintCopy: beginsPrint, txn.PrintNote: beginsPrint, plan.AwaitPrinter: awaits, txn.TellPerson: tells}

// question is all that a plan depends on: what it is about, what a void undoes, what happened, the
// next print's number, and whether the printer is ready.
type question struct {
	about, original ref
	event           event
	nextPrint       uint8
	ready           bool
}

// machine asks the shipped planner, and remembers. It is pure, so that asking twice the same would
// bring nothing new; that it leaves alone what it is given is checked each time.
type machine struct {
	byText map[string]ref
	facts  []facts
	plans  map[question]planned
	begun  [slots][slots + 1]planned
	own    [slots]planned // sales at a separate terminal
	impure bool           // the planner changed an attempt that it was given
}

func newMachine() *machine {
	return &machine{byText: map[string]ref{}, facts: make([]facts, 2), plans: map[question]planned{}}
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
	leftPending      event = noteAsked + 1 // its verdict could not be journaled
	personClaimed    event = leftPending + 1
	personDenied     event = personClaimed + 1
	notSaid          event = personDenied + 1
	printEnded       event = notSaid + 1 // + print × 3 + outcome
)

var (
	answers  = [...]string{"00", "51", "94", "12"} // DE39 of a 0210
	undone   = [...]string{"00", "25", "12"}       // DE39 of a 0410
	reasons  = [...]txn.Reason{txn.NoAnswer, txn.WrongAnswer, txn.LinkLost}
	outcomes = [...]txn.Paper{txn.Printed, txn.NotPrinted, txn.PaperUnknown}
)

// approving is the answer that approves.
const approving = "00"

// idOf numbers a slot: the STAN is the slot's place, in batch 1.
func idOf(slot int) txn.ID { return txn.ID(txn.NumbersPerBatch + slot + 1) }

// full says an event in the words of the machine. Events of paper that is asked for have none: the planner makes them.
func (e event) full(a txn.Attempt) txn.Event {
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
		return txn.Event{Kind: txn.PrintEnded, PrintID: a.Prints[n/3].ID, Outcome: outcomes[n%3]}
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
	case personClaimed:
		return txn.Event{Kind: txn.PersonClaimed}
	case personDenied:
		return txn.Event{Kind: txn.PersonDenied}
	case notSaid:
		return txn.Event{Kind: txn.NotSaid}
	}
	return txn.Event{Kind: txn.ReversalRepeated}
}

// begin is plan.Begin of a sale, or of a void of what is in another slot.
func (m *machine) begin(slot int, original int, undoes ref) planned {
	p := &m.begun[slot][original+1]
	if p.allowed {
		return *p
	}
	a := txn.Attempt{Kind: txn.Sale, Tender: txn.Card, Amount: money.Amount{Minor: 100, Currency: money.CNY}}
	var sold *txn.Attempt
	if original >= 0 {
		a.Kind, a.Original = txn.Void, idOf(original)
		sold = &m.facts[undoes].attempt
	}
	*p = m.note(plan.Begin(plan.View{NextAttempt: idOf(slot)}, a, sold, &sale.Sale{ID: 1}, nil))
	return *p
}

// beginOwn is plan.Begin of a sale at a terminal that stands alone.
func (m *machine) beginOwn(slot int) planned {
	p := &m.own[slot]
	if !p.allowed {
		a := txn.Attempt{Kind: txn.Sale, Tender: txn.External, Amount: money.Amount{Minor: 100, Currency: money.CNY}}
		*p = m.note(plan.Begin(plan.View{NextAttempt: idOf(slot)}, a, nil, &sale.Sale{ID: 1}, nil))
	}
	return *p
}

// ask is what the planner makes of an event.
func (m *machine) ask(q question) planned {
	if p, known := m.plans[q]; known {
		return p
	}
	a := m.facts[q.about].attempt
	var original *txn.Attempt
	if q.original != 0 {
		sold := m.facts[q.original].attempt
		original = &sold
	}
	before := text(a)
	full, err := planOf(q, a, original)
	m.impure = m.impure || text(a) != before
	p := m.note(full, err)
	m.plans[q] = p
	return p
}

func planOf(q question, a txn.Attempt, original *txn.Attempt) (plan.Plan, error) {
	v := plan.View{NextPrint: int64(q.nextPrint) + 1, Ready: q.ready}
	switch q.event {
	case paperAsked:
		kind, _ := txn.NextPaper(a)
		return plan.Paper(v, a, original, kind)
	case receiptWaited:
		return plan.Paper(v, a, original, txn.PrintBegun)
	case noteAsked:
		return plan.Paper(v, a, original, txn.NoteBegun)
	case leftPending:
		return plan.Undo(v, a)
	}
	return plan.Move(v, a, original, q.event.full(a))
}

// note puts a plan in numbers.
func (m *machine) note(full plan.Plan, err error) planned {
	if err != nil {
		return planned{}
	}
	p := planned{allowed: true, synced: full.Durability == txn.Synced, after: m.refOf(full.After)}
	for _, act := range full.Acts {
		p.acts |= actBits[act.Effect]
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
	if r, ok := m.byText[key]; ok {
		return r
	}
	if len(m.facts) > 1<<16-1 || len(a.Prints) > printsKept {
		panic("the budget has more attempts or prints than a world has numbers for")
	}
	r := ref(len(m.facts))
	m.byText[key] = r
	number := int64(0)
	for _, p := range a.Prints {
		number = max(number, p.ID)
	}
	m.facts = append(m.facts, facts{attempt: a, number: uint8(number), state: a.State, paper: a.Paper, void: a.Kind == txn.Void,
		original: int8(a.Original.STAN() - 1), prints: uint8(len(a.Prints)), open: a.Open(), asks: a.AsksAPerson(), owes: a.Owes(),
		voidable: a.Tender != txn.External && plan.Voidable(plan.View{NextAttempt: idOf(0)}, a, nil) == nil})
	return r
}

// text is all that an attempt holds, the same for the same.
func text(a txn.Attempt) string {
	b, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return string(b)
}
