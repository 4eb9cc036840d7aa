package explorer

import (
	"encoding/json"
	"slices"

	"veratill/txn"
	"veratill/txn/money"
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

// facts are what the shell and the checks ask of an attempt.
type facts struct {
	attempt  txn.Attempt
	state    txn.State
	paper    txn.Paper
	void     bool
	original int8 // slot of what a void undoes
	prints   uint8
	number   uint8 // the highest of its prints
	open     bool
	owes     bool
	taken    bool // money was taken and no paper of it has been seen to its end
}

// decision is what the machine made of an event, in numbers.
type decision struct {
	known       bool
	allowed     bool
	synced      bool
	sendRequest bool
	printed     bool // a print was begun
	after       ref
}

// machine asks txn and remembers. Step is pure, so that asking twice the same would
// bring nothing new; that it leaves alone what it is given is checked each time.
type machine struct {
	byText    map[string]ref
	facts     []facts
	decisions []decision // by ref and event
	begun     [slots][slots + 1]decision
	impure    bool // Step changed an attempt that it was given
}

func newMachine() *machine {
	m := &machine{byText: map[string]ref{}, facts: make([]facts, 2)}
	m.decisions = make([]decision, 2*events)
	return m
}

// An event is a number: what happened, and the little that it brings.
type event uint8

// The events. Those with variants are followed by their number of variants.
const (
	bankApproved     event = 0
	bankDeclined     event = 1                // + answer
	gaveUp           event = bankDeclined + 4 // + reason
	answeredLate     event = gaveUp + 3       // + answer
	reversalRepeated event = answeredLate + 4 //
	reversalAnswered event = reversalRepeated + 1
	printBegun       event = reversalAnswered + 1     // + number of the print - 1
	copyBegun        event = printBegun + numbersKept // the same
	noteBegun        event = copyBegun + numbersKept  // the same
	restarted        event = noteBegun + numbersKept
	voidApproved     event = restarted + 1        // + slot of the void
	printEnded       event = voidApproved + slots // + print × 3 + outcome
	events                 = int(printEnded) + 3*printsKept
)

var (
	answers  = [...]string{"00", "51", "94", "12"} // DE39 of a 0210
	undone   = [...]string{"00", "25", "12"}       // DE39 of a 0410
	reasons  = [...]txn.Reason{txn.NoAnswer, txn.WrongAnswer, txn.LinkLost}
	outcomes = [...]txn.Paper{txn.Printed, txn.NotPrinted, txn.PaperUnknown}
)

// idOf numbers a slot: the STAN is the slot's place, in batch 1.
func idOf(slot int) txn.ID { return txn.ID(txn.NumbersPerBatch + slot + 1) }

// full says an event in the words of the machine.
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
	case e >= voidApproved:
		return txn.Event{Kind: txn.VoidApproved, By: idOf(int(e - voidApproved))}
	}
	switch {
	case e == restarted:
		return txn.Event{Kind: txn.Restarted}
	case e >= noteBegun:
		return txn.Event{Kind: txn.NoteBegun, PrintID: int64(e-noteBegun) + 1}
	case e >= copyBegun:
		return txn.Event{Kind: txn.CopyBegun, PrintID: int64(e-copyBegun) + 1}
	case e >= printBegun:
		return txn.Event{Kind: txn.PrintBegun, PrintID: int64(e-printBegun) + 1}
	case e == reversalAnswered:
		return txn.Event{Kind: txn.ReversalAnswered}
	}
	return txn.Event{Kind: txn.ReversalRepeated}
}

// begin is txn.Begin of a sale, or of a void of what is in another slot.
func (m *machine) begin(slot int, original int) decision {
	d := &m.begun[slot][original+1]
	if d.known {
		return *d
	}
	a := txn.Attempt{ID: idOf(slot), SaleID: 1, Kind: txn.Sale, Tender: txn.Card, Amount: money.Amount{Minor: 100, Currency: money.CNY}}
	if original >= 0 {
		a.Kind, a.Original = txn.Void, idOf(original)
	}
	full, err := txn.Begin(a)
	*d = m.note(full, err, 0)
	return *d
}

// step is txn.Step.
func (m *machine) step(r ref, e event) decision {
	at := int(r)*events + int(e)
	if d := m.decisions[at]; d.known {
		return d
	}
	a := m.facts[r].attempt
	before := text(a)
	full, err := txn.Step(a, e.full(a))
	m.impure = m.impure || text(a) != before
	d := m.note(full, err, len(a.Prints))
	m.decisions[at] = d
	return d
}

func (m *machine) note(full txn.Decision, err error, printsBefore int) decision {
	d := decision{known: true, allowed: err == nil}
	if err != nil {
		return d
	}
	d.synced = full.Durability == txn.Synced
	d.sendRequest = slices.Contains(full.Effects, txn.SendRequest)
	d.printed = len(full.After.Prints) > printsBefore
	d.after = m.refOf(full.After)
	return d
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
		original: int8(a.Original.STAN() - 1), prints: uint8(len(a.Prints)), open: a.Open(), owes: a.Owes(), taken: a.Unpapered()})
	m.decisions = append(m.decisions, make([]decision, events)...)
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
