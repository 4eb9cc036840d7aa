package txn_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/money"
)

var update = flag.Bool("update", false, "write the transition table into packaging/docs/SAFETY.md")

// sample is a payment in a state, as the machine itself would have left it.
func sample(state txn.State) txn.Attempt {
	a := txn.Attempt{ID: 1_000_001, Batch: 1, SaleID: 5, Kind: txn.Sale, Tender: txn.Card, Line: "the bank's", State: state, Paper: txn.NoPaper,
		Amount: money.Amount{Minor: 100, Currency: money.CNY}}
	if state == txn.Voided {
		a.VoidedBy = 1_000_002
	}
	if state == txn.Claimed {
		a.Tender = txn.External
	}
	return a
}

// asked is an attempt at a terminal that stands alone, before anybody has said what it showed.
func asked() txn.Attempt {
	a := sample(txn.Pending)
	a.Tender = txn.External
	return a
}

// waiting is an approval of a line that may undo it until it has confirmed it.
func waiting() txn.Attempt {
	a := sample(txn.Approved)
	a.Awaits = true
	return a
}

// undone is a void that gave money back, with what became of its slip.
func undone(paper txn.Paper) txn.Attempt {
	a := sample(txn.Approved)
	a.ID, a.Kind, a.Original, a.Paper = 1_000_002, txn.Void, 1_000_001, paper
	if paper != txn.NoPaper {
		a.Prints = []txn.Print{{ID: 7, Kind: txn.PrintOriginal, Outcome: paper}}
	}
	return a
}

// refund is one of half of a payment, in a state, as the machine itself would have left it.
func refund(state txn.State) txn.Attempt {
	a := sample(txn.Pending)
	a.ID, a.Kind, a.Original, a.Amount.Minor, a.State = 1_000_003, txn.Refund, 1_000_001, 50, state
	return a
}

// askedAgain is a refund that is not known, on a line whose host knows repeats.
func askedAgain() txn.Attempt {
	a := refund(txn.Unresolved)
	a.Again, a.Reason, a.Tries = true, txn.NoAnswer, 1
	return a
}

func event(kind txn.EventKind) txn.Event {
	e := txn.Event{Kind: kind, Outcome: txn.Printed, By: 1_000_002, Reason: txn.NoAnswer, PrintID: 7, Answer: txn.Answer{RRN: "1"}, Line: "another", Evidence: evidence(txn.NeverOurs)}
	if kind == txn.PrintBegun || kind == txn.CopyBegun || kind == txn.NoteBegun || kind == txn.SlipBegun {
		e.PrintID = 8
	}
	return e
}

// table prints every transition that the machine allows.
func table() string {
	var b strings.Builder
	b.WriteString("| money, paper of its own | event | becomes | commit | then |\n| --- | --- | --- | --- | --- |\n")
	for _, s := range txn.States {
		writeRows(&b, string(s), sample(s))
		if s == txn.Pending {
			writeRows(&b, "pending at a separate terminal", asked())
		}
	}
	writeRows(&b, "approved, its line waits to hear that it is durable", waiting())
	writeRows(&b, "unresolved, the bank refused to undo it", refusedOne(txn.Sale))
	for _, p := range txn.Papers {
		writeRows(&b, "approved void", undone(p))
	}
	for _, s := range []txn.State{txn.Pending, txn.Approved, txn.Declined, txn.Unresolved, txn.Claimed} {
		writeRows(&b, string(s)+" refund", refund(s))
	}
	again := refund(txn.Pending)
	again.Again = true
	writeRows(&b, "pending refund, its host knows repeats", again)
	writeRows(&b, "unresolved refund, its host knows repeats", askedAgain())
	own := refund(txn.Pending)
	own.Tender = txn.External
	writeRows(&b, "pending refund at a separate terminal", own)
	return b.String()
}

// writeRows writes what each event makes of an attempt, where the machine allows it.
func writeRows(b *strings.Builder, money string, a txn.Attempt) {
	for _, k := range txn.EventKinds {
		d, err := txn.Step(a, event(k))
		if err != nil {
			continue
		}
		effects := make([]string, len(d.Effects))
		for i, e := range d.Effects {
			effects[i] = string(e)
		}
		fmt.Fprintf(b, "| %s, %s | %s | %s, %s | %s | %s |\n", money, a.Paper, k, d.After.State, d.After.Paper, d.Durability, strings.Join(effects, ", "))
	}
}

const (
	tableBegins = "<!-- transitions: printed by go test ./txn -update -->\n"
	tableEnds   = "<!-- end of transitions -->"
)

// The tables in the documentation are the ones that the code has.
func TestTransitionTableIsDocumented(t *testing.T) {
	documented(t, tableBegins, tableEnds, table())
	documented(t, billBegins, billEnds, billTable())
}

// documented holds what stands between two marks of SAFETY.md against what the code says, or writes it there.
func documented(t *testing.T, begins, ends, want string) {
	t.Helper()
	const path = "../packaging/docs/SAFETY.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begins)
	old, after, ended := strings.Cut(rest, ends)
	if !found || !ended {
		t.Fatalf("SAFETY.md has no place for the table between %q and %q", begins, ends)
	}
	if old == want {
		return
	}
	if !*update {
		t.Fatal("the table in SAFETY.md is not the machine's: go test ./txn -update")
	}
	if err := os.WriteFile(path, []byte(before+begins+want+ends+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func mustStep(t *testing.T, a txn.Attempt, e txn.Event) txn.Decision {
	t.Helper()
	d, err := txn.Step(a, e)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func refused(t *testing.T, a txn.Attempt, kinds ...txn.EventKind) {
	t.Helper()
	for _, k := range kinds {
		d, err := txn.Step(a, event(k))
		if !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("%s while %s, paper %s: allowed, becomes %s, paper %s", k, a.State, a.Paper, d.After.State, d.After.Paper)
		}
	}
}

// Rule 1: an attempt is begun with a synced commit, and sending is the only thing that follows.
func TestBeginIsSyncedBeforeItIsSent(t *testing.T) {
	d, err := txn.Begin(sample(txn.Pending))
	if err != nil || d.Durability != txn.Synced || !slices.Equal(d.Effects, []txn.Effect{txn.SendRequest}) || d.After.State != txn.Pending {
		t.Fatalf("%+v, %v", d, err)
	}
}

// Rule 2: the intent to print is synced, and from the approval on nothing reverses the attempt.
func TestApprovedIsNeverReversed(t *testing.T) {
	if d := mustStep(t, undone(txn.NoPaper), event(txn.PrintBegun)); d.Durability != txn.Synced {
		t.Error("the intent to print is not synced")
	}
	for _, p := range txn.Papers {
		refused(t, undone(p), txn.GaveUp, txn.BankDeclined, txn.ReversalAnswered, txn.ReversalRepeated)
	}
	refused(t, sample(txn.Approved), txn.GaveUp, txn.BankDeclined, txn.ReversalAnswered, txn.ReversalRepeated)
	d := mustStep(t, undone(txn.Printing), event(txn.Restarted))
	if d.After.State != txn.Approved || d.After.Paper != txn.PaperUnknown {
		t.Errorf("a restart while printing makes it %s, paper %s", d.After.State, d.After.Paper)
	}
}

// A payment has no receipt of its own: that is its sale's. What it can have is a slip that says that it is none.
func TestReceiptIsTheSales(t *testing.T) {
	for _, s := range txn.States {
		refused(t, sample(s), txn.PrintBegun, txn.CopyBegun)
	}
	d := mustStep(t, sample(txn.Approved), event(txn.SlipBegun))
	if last := d.After.Prints[len(d.After.Prints)-1]; last.Kind != txn.PrintPart || d.After.Paper != txn.NoPaper || d.Durability != txn.Synced {
		t.Errorf("the slip is a %s, %s, paper %s", last.Kind, d.Durability, d.After.Paper)
	}
	refused(t, undone(txn.NoPaper), txn.SlipBegun)
	refused(t, sample(txn.Declined), txn.SlipBegun)
}

// A line that waits to hear that an approval is durable may undo it until it has confirmed it: until then it is not known, nothing of ours undoes
// it, and it gets no paper. Nobody else's approval is confirmed.
func TestApprovalWaitsForItsLine(t *testing.T) {
	e := event(txn.BankApproved)
	e.Awaits = true
	d := mustStep(t, sample(txn.Pending), e)
	a := d.After
	if !a.AwaitsLine() || a.Charged() != txn.ChargedUnknown || !a.Owes() || d.Durability != txn.Synced || !slices.Contains(d.Effects, txn.Acknowledge) {
		t.Errorf("the approval is %+v, %s, %v", a, d.Durability, d.Effects)
	}
	refused(t, a, txn.VoidApproved, txn.SlipBegun, txn.GaveUp, txn.BankDeclined, txn.ReversalAnswered)
	for _, c := range []struct {
		kind    txn.EventKind
		state   txn.State
		charged txn.Charged
	}{{txn.LineKept, txn.Approved, txn.ChargedYes}, {txn.LineUndid, txn.Voided, txn.ChargedNo}, {txn.LineUnsure, txn.Unresolved, txn.ChargedUnknown}} {
		d := mustStep(t, a, event(c.kind))
		if d.After.State != c.state || d.After.Charged() != c.charged || d.After.AwaitsLine() {
			t.Errorf("%s: %s, charged %s", c.kind, d.After.State, d.After.Charged())
		}
		if told := slices.Contains(d.Effects, txn.TellPerson); told != (c.kind != txn.LineKept) {
			t.Errorf("%s: a person is told %v", c.kind, told)
		}
		refused(t, d.After, txn.LineKept, txn.LineUndid, txn.LineUnsure)
	}
	for _, s := range txn.States {
		refused(t, sample(s), txn.LineKept, txn.LineUndid, txn.LineUnsure)
	}
	bill := txn.Bill{SaleID: 5, Total: a.Amount, State: txn.BillPaid, PaidMs: 1, Paper: txn.NoPaper, Parts: []txn.Part{{ID: a.ID, Kind: txn.Sale, Tender: txn.Card, State: txn.Approved, AmountMinor: a.Amount.Minor, Awaits: true}}}
	if txn.BillAllowed(bill, txn.PrintBegun) || txn.BillAllowed(bill, txn.CopyBegun) {
		t.Error("paper says paid before the line has confirmed it")
	}
	bill.Parts[0].Awaits = false
	if !txn.BillAllowed(bill, txn.PrintBegun) {
		t.Error("a confirmed payment gets no receipt")
	}
}

// Rule 3: after a print whose end is unknown, or that came out, only a marked copy can be begun.
func TestUnknownPrintIsOnlyRepeatedAsCopy(t *testing.T) {
	for _, p := range []txn.Paper{txn.PaperUnknown, txn.Printed, txn.Printing} {
		refused(t, undone(p), txn.PrintBegun)
	}
	d := mustStep(t, undone(txn.PaperUnknown), event(txn.CopyBegun))
	if last := d.After.Prints[len(d.After.Prints)-1]; last.Kind != txn.PrintRepeat || d.After.Paper != txn.PaperUnknown {
		t.Errorf("the repeat is a %s, paper %s", last.Kind, d.After.Paper)
	}
}

// Rule 4: no outcome of a printer changes the money.
func TestPrinterNeverMovesMoney(t *testing.T) {
	for _, outcome := range []txn.Paper{txn.Printed, txn.NotPrinted, txn.PaperUnknown} {
		e := event(txn.PrintEnded)
		e.Outcome = outcome
		if d := mustStep(t, undone(txn.Printing), e); d.After.State != txn.Approved || len(d.Effects) != 0 {
			t.Errorf("%s: %s %v", outcome, d.After.State, d.Effects)
		}
	}
}

// Rule 5: an approval counts while the attempt is pending and at no other time.
func TestApprovalIsCompareAndSet(t *testing.T) {
	for _, s := range txn.States {
		if s != txn.Pending {
			refused(t, sample(s), txn.BankApproved, txn.BankDeclined)
		}
	}
	for _, s := range []txn.State{txn.Reversing, txn.Reversed} {
		d := mustStep(t, sample(s), event(txn.AnsweredLate))
		if d.After.State != s || d.After.Late.RRN == "" || len(d.Effects) != 0 {
			t.Errorf("a late answer made %s %s", s, d.After.State)
		}
	}
}

// A void gives back what the bank has. A void, and a sale in any other state, has nothing to give back.
func TestOnlyAnApprovedSaleIsVoided(t *testing.T) {
	a := sample(txn.Approved)
	if d := mustStep(t, a, event(txn.VoidApproved)); d.After.State != txn.Voided || d.Durability != txn.Synced {
		t.Errorf("an approved sale became %s, %s", d.After.State, d.Durability)
	}
	for _, s := range txn.States {
		if s != txn.Approved && s != txn.Claimed {
			refused(t, sample(s), txn.VoidApproved)
		}
	}
	a.Kind = txn.Void
	refused(t, a, txn.VoidApproved)
	if _, err := txn.Step(sample(txn.Approved), txn.Event{Kind: txn.VoidApproved}); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("a void without a number was allowed: %v", err)
	}
}

// Rule 7: a reversal that is not answered is repeated for ever, and a person is told after three tries.
func TestReversalNeverExpires(t *testing.T) {
	a := sample(txn.Reversing)
	a.Tries = 1
	for range 100 {
		d := mustStep(t, a, event(txn.ReversalRepeated))
		if d.After.State != txn.Reversing || !slices.Contains(d.Effects, txn.SendReversal) {
			t.Fatalf("after %d tries: %s %v", d.After.Tries, d.After.State, d.Effects)
		}
		if told := slices.Contains(d.Effects, txn.TellPerson); told != (d.After.Tries > txn.TellAfterTries) {
			t.Errorf("try %d: told %v", d.After.Tries, told)
		}
		a = d.After
	}
}

// Rule 8: nothing but Begin sends a request.
func TestRequestIsSentOnce(t *testing.T) {
	for _, s := range txn.States {
		for _, k := range txn.EventKinds {
			if d, err := txn.Step(sample(s), event(k)); err == nil && slices.Contains(d.Effects, txn.SendRequest) {
				t.Errorf("%s while %s sends the request again", k, s)
			}
		}
	}
}

// Whatever happens in whatever order: at most one unmarked slip of a void, a slip only for money that
// went back, and an attempt that was approved stays so or is voided.
func TestAnyHistoryKeepsThePromise(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		begun := sample(txn.Pending)
		if rapid.Bool().Draw(r, "void") {
			begun.Kind, begun.Original = txn.Void, 1_000_009
		}
		d, err := txn.Begin(begun)
		if err != nil {
			r.Fatal(err)
		}
		a, taken, unmarked := d.After, false, 0
		for step := range rapid.IntRange(1, 40).Draw(r, "steps") {
			e := event(rapid.SampledFrom(txn.EventKinds).Draw(r, "event"))
			e.Outcome = rapid.SampledFrom(txn.Papers).Draw(r, "outcome")
			e.PrintID = int64(rapid.IntRange(1, step+1).Draw(r, "print"))
			d, err := txn.Step(a, e)
			if err != nil {
				if !errors.Is(err, txn.ErrNotAllowed) {
					r.Fatal(err)
				}
				continue
			}
			a = d.After
			taken = taken || a.State == txn.Approved
			if taken && a.State != txn.Approved && a.State != txn.Voided {
				r.Fatalf("money that was taken became %s", a.State)
			}
			if slices.Contains(d.Effects, txn.PrintReceipt) && e.Kind == txn.PrintBegun {
				unmarked = 0
				for _, p := range a.Prints {
					if p.Kind == txn.PrintOriginal && p.Outcome != txn.NotPrinted {
						unmarked++
					}
				}
				if unmarked > 1 || !taken {
					r.Fatalf("%d unmarked papers, taken %v", unmarked, taken)
				}
			}
		}
	})
}

// Everything that can't exist is refused before it is written.
func TestBeginRefusesWhatCannotExist(t *testing.T) {
	good := sample(txn.Pending)
	for name, change := range map[string]func(*txn.Attempt){
		"no amount":             func(a *txn.Attempt) { a.Amount.Minor = 0 },
		"below zero":            func(a *txn.Attempt) { a.Amount.Minor = -1 },
		"unknown currency":      func(a *txn.Attempt) { a.Amount.Currency = "XXX" },
		"more than DE4 holds":   func(a *txn.Attempt) { a.Amount.Minor = money.MaxMinor + 1 },
		"no number":             func(a *txn.Attempt) { a.ID = 0 },
		"a void of nothing":     func(a *txn.Attempt) { a.Kind = txn.Void },
		"a sale that undoes":    func(a *txn.Attempt) { a.Original = 1_000_002 },
		"a tender nobody knows": func(a *txn.Attempt) { a.Tender = "shells" },
	} {
		a := good
		change(&a)
		if d, err := txn.Begin(a); err == nil {
			t.Errorf("%s: begun as %+v", name, d.After)
		}
	}
}

// A request of which no byte left ends at once: there is nothing to undo, nobody is charged, and a person is told.
func TestNotSentEndsWithoutReversal(t *testing.T) {
	d := mustStep(t, sample(txn.Pending), txn.Event{Kind: txn.NotSent, Reason: txn.CannotPack, Detail: "DE41"})
	if d.After.State != txn.Reversed || d.After.Charged() != txn.ChargedNo || d.After.Unsent != "DE41" {
		t.Errorf("it is %s, charged %s, unsent %q", d.After.State, d.After.Charged(), d.After.Unsent)
	}
	if slices.Contains(d.Effects, txn.SendReversal) || !slices.Contains(d.Effects, txn.TellPerson) {
		t.Errorf("what follows is %v", d.Effects)
	}
	for _, s := range txn.States {
		if s != txn.Pending {
			refused(t, sample(s), txn.NotSent)
		}
	}
}

// A reversal that cannot leave stays owed, and calls a person at its first try.
func TestUnsentReversalCallsAPerson(t *testing.T) {
	a := sample(txn.Reversing)
	a.Tries = 1
	d := mustStep(t, a, txn.Event{Kind: txn.ReversalNotSent, Detail: "DE38"})
	if !d.After.Open() || d.After.Unsent != "DE38" || !slices.Contains(d.Effects, txn.TellPerson) {
		t.Errorf("it is %s, unsent %q, then %v", d.After.State, d.After.Unsent, d.Effects)
	}
	if d = mustStep(t, d.After, txn.Event{Kind: txn.ReversalRepeated}); d.After.Unsent != "" {
		t.Errorf("a reversal that left is still unsent: %q", d.After.Unsent)
	}
}

// Evidence ends an approval whose line is not there to confirm it: it is no sale then, whatever the evidence says, and its sum is not complete.
func TestEvidenceEndsWhatItsLineDoesNotConfirm(t *testing.T) {
	for as, state := range map[txn.Finding]txn.State{txn.WasKept: txn.Kept, txn.WasGivenBack: txn.Reversed, txn.NeverOurs: txn.Reversed} {
		e := event(txn.Resolved)
		e.Evidence.As = as
		d := mustStep(t, waiting(), e)
		if d.After.State != state || d.After.Awaits || d.Durability != txn.Synced || slices.Contains(d.Effects, txn.PrintReceipt) {
			t.Errorf("%s: it is %s, awaits %v, %s, then %v", as, d.After.State, d.After.Awaits, d.Durability, d.Effects)
		}
		bill := txn.Bill{SaleID: 5, Total: waiting().Amount, State: txn.BillOpen, Paper: txn.NoPaper}
		paid, err := txn.TakePart(bill, waiting())
		if err != nil || !paid.After.WasPaid() {
			t.Fatal(paid.After.State, err)
		}
		if open, err := txn.TakePart(paid.After, d.After); err != nil || open.After.WasPaid() || open.After.Rest().Minor != 100 {
			t.Errorf("%s: its sale is %s, with a rest of %d, %v", as, open.After.State, open.After.Rest().Minor, err)
		}
	}
	incomplete := event(txn.Resolved)
	incomplete.Evidence.Who = ""
	refused := func() bool { _, err := txn.Step(waiting(), incomplete); return errors.Is(err, txn.ErrNotAllowed) }
	if !refused() {
		t.Error("evidence for which nobody answers ended it")
	}
}

// A void that its provider could not make for long, and then made, is a void: what is asked about rarely is learnt all the same.
func TestARefusedVoidThatIsMadeLaterIsAVoid(t *testing.T) {
	a := undone(txn.NoPaper)
	a.Tender, a.State, a.Tries, a.Refused = txn.Code, txn.Unresolved, 1, "ABNORMAL"
	d := mustStep(t, a, event(txn.BankApproved))
	if d.After.State != txn.Approved || d.After.Refused != "" || d.Durability != txn.Synced || !slices.Contains(d.Effects, txn.PrintReceipt) {
		t.Errorf("it is %s, refused %q, %s, then %v", d.After.State, d.After.Refused, d.Durability, d.Effects)
	}
	a.Refused = ""
	refused(t, a, txn.BankApproved)
}

// Only what is owed to a bank moves to another line, in an entry that is synced, and it is asked there.
func TestOnlyWhatIsOwedMoves(t *testing.T) {
	d := mustStep(t, sample(txn.Reversing), event(txn.LineMoved))
	if d.After.Line != "another" || d.After.State != txn.Reversing || d.Durability != txn.Synced || !slices.Equal(d.Effects, []txn.Effect{txn.SendReversal}) {
		t.Errorf("it is %s on %q, %s, then %v", d.After.State, d.After.Line, d.Durability, d.Effects)
	}
	for _, s := range txn.States {
		if s != txn.Reversing {
			refused(t, sample(s), txn.LineMoved)
		}
	}
	refused(t, asked(), txn.LineMoved)
	d = mustStep(t, waiting(), event(txn.LineMoved))
	if d.After.Line != "another" || !d.After.AwaitsLine() || d.Durability != txn.Synced || len(d.Effects) != 0 {
		t.Errorf("an approval that waits for its line is %s on %q, %s, then %v", d.After.State, d.After.Line, d.Durability, d.Effects)
	}
	d = mustStep(t, sample(txn.Reversing), event(txn.LineMoved))
	if _, err := txn.Step(d.After, event(txn.LineMoved)); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("to the line where it is: %v", err)
	}
}

// Every state has its answer to the customer's question, and a state that this program does not know is not "no".
func TestUnknownStateIsNotNotCharged(t *testing.T) {
	want := map[txn.State]txn.Charged{txn.Pending: txn.ChargedUnknown, txn.Approved: txn.ChargedYes, txn.Declined: txn.ChargedNo,
		txn.Reversing: txn.ChargedUnknown, txn.Reversed: txn.ChargedNo, txn.Voided: txn.ChargedNo, txn.Claimed: txn.ChargedUnknown,
		txn.Unresolved: txn.ChargedUnknown, txn.Kept: txn.ChargedYes,
		"": txn.ChargedUnknown, "claimed by a later version": txn.ChargedUnknown}
	for _, s := range txn.States {
		if _, ok := want[s]; !ok {
			t.Errorf("%s has no answer in this test", s)
		}
	}
	for s, charged := range want {
		if got := (txn.Attempt{State: s}).Charged(); got != charged {
			t.Errorf("%q: charged %s, want %s", s, got, charged)
		}
	}
}

// A terminal that stands alone is a person's word: no answer of a bank moves its attempt, nothing is ever sent for it,
// a restart asks again, and whatever it ends as, whether the customer is charged is not known here.
func TestSeparateTerminalIsAPersonsWord(t *testing.T) {
	refused(t, asked(), txn.BankApproved, txn.BankDeclined, txn.GaveUp, txn.NotSent, txn.NumberIsTaken, txn.NumberIsAnothers, txn.AnsweredLate, txn.BankApprovedLate, txn.ReversalRepeated, txn.ReversalAnswered,
		txn.ReversalRefused, txn.ReversalDue, txn.Resolved)
	for _, k := range txn.EventKinds {
		d, err := txn.Step(asked(), event(k))
		if err != nil {
			continue
		}
		if slices.Contains(d.Effects, txn.SendReversal) || slices.Contains(d.Effects, txn.SendRequest) || d.After.Charged() != txn.ChargedUnknown {
			t.Errorf("%s: %v, charged %s", k, d.Effects, d.After.Charged())
		}
	}
	d := mustStep(t, asked(), event(txn.Restarted))
	if d.After.State != txn.Pending || !slices.Contains(d.Effects, txn.TellPerson) {
		t.Errorf("a restart makes it %s, then %v", d.After.State, d.Effects)
	}
	claimed := mustStep(t, asked(), event(txn.PersonClaimed))
	if claimed.After.State != txn.Claimed || claimed.Durability != txn.Synced || len(claimed.Effects) != 0 {
		t.Errorf("claimed: %s, %s, %v", claimed.After.State, claimed.Durability, claimed.Effects)
	}
	refused(t, claimed.After, txn.PersonDenied, txn.PersonClaimed, txn.BankApproved, txn.GaveUp, txn.ReversalAnswered)
	for _, s := range txn.States {
		if s != txn.Claimed {
			refused(t, sample(s), txn.PersonClaimed, txn.PersonDenied, txn.NotSaid)
		}
	}
}

// A file clears a person's word about a terminal that stands alone, once: it moves no money and prints nothing. What a line answered is no word, and needs no file.
func TestOnlyAClaimIsCleared(t *testing.T) {
	first, second := txn.Clear(strings.Repeat("a", 64), 9), txn.Clear(strings.Repeat("b", 64), 9)
	d := mustStep(t, sample(txn.Claimed), first)
	if d.After.Cleared != first.File || d.After.State != txn.Claimed || d.After.Charged() != sample(txn.Claimed).Charged() || d.Durability != txn.Synced || len(d.Effects) != 0 {
		t.Errorf("%+v", d)
	}
	voucher := sample(txn.Claimed)
	voucher.Tender = txn.Voucher
	approved := sample(txn.Approved)
	approved.Tender = txn.External
	for name, a := range map[string]txn.Attempt{"cleared already": d.After, "a voucher": voucher, "an approval": approved, "one that nobody answered": asked()} {
		if d, err := txn.Step(a, second); !errors.Is(err, txn.ErrNotAllowed) {
			t.Errorf("%s was cleared: %+v", name, d)
		}
	}
	for _, s := range txn.States {
		a := sample(s)
		a.Tender = txn.External
		if d, err := txn.Step(a, first); (err == nil) != (s == txn.Claimed) {
			t.Errorf("%s: %+v, %v", s, d, err)
		}
	}
	if back, err := txn.Step(d.After, txn.Clear("", 10)); err != nil || back.After.Cleared != "" || back.After.State != txn.Claimed || back.Durability != txn.Synced {
		t.Errorf("taken back: %+v, %v", back, err)
	}
	if d, err := txn.Step(sample(txn.Claimed), txn.Clear("", 9)); !errors.Is(err, txn.ErrNotAllowed) {
		t.Errorf("a file without a hash clears: %+v", d)
	}
}
