package main

import "slices"

// mutant is a rule taken out of the code. Its edits name marks: comments in the code,
// //mutant:NAME, before what the rule rests on. Where that lies is nothing to the table.
type mutant struct {
	rule  string // of design money.md where it has a number
	by    who    // has to notice
	edits []edit
}

// who has to notice a mutant.
type who uint8

const (
	tests     who = 1 << iota // of the edited package, and of those in its room that use it
	explorer                  // what the pure machine leaves to a shell is edited in the explorer's model
	simulator                 // runs the shipped shell, journal and line
	cashier                   // presses the keys of the shipped window on a real counter
)

// table holds each rule once for each detector. What a simulated bank decides (rule 12) is edited
// once for all; that it is durable first (rule 11) in the transport of the detector that looks.
var table = slices.Concat(numbered, effects, others, window, refunds, vouchers, exchanges, unusual, cleared, signed, terminals, partners, evidence, settlements, screens)

// numbered are the twelve rules.
var numbered = []mutant{
	{"rule 1: the attempt is durable before the request leaves", tests | simulator, []edit{
		at("attempt-before-request/shell", replace("p.Durability", "txn.Lazy"))}},
	{"rule 1: the attempt is durable before the request leaves", explorer, []edit{
		at("attempt-before-request", replace("Synced", "Lazy"))}},
	{"rule 1: a plan is as durable as its decisions ask", tests | explorer, []edit{
		at("plan-is-as-durable-as-asked", replace("b.durability", "txn.Lazy"))}},
	{"rule 1: what can't be saved is not sent", tests, []edit{
		at("unsaved-is-not-sent", onlyIf("begun.After.ID == 0"))}},
	{"rule 1: what can't be saved is not sent", explorer, []edit{
		at("unsaved-is-not-sent/model", instead("return true"))}},

	{"rule 2: the approval is durable before the receipt is begun", tests | explorer | simulator, []edit{
		at("approval-before-receipt", replace("Synced", "Lazy")),
		at("acts-of-paid", replace("Synced", "Lazy")),
		at("intent-before-print", replace("Synced", "Lazy"))}},
	{"rule 2: the intent to print is durable before the printer gets a byte", tests | explorer, []edit{
		at("intent-before-print", replace("Synced", "Lazy"))}},
	{"rule 2: the intent to print a void's slip is durable before the printer gets a byte", tests | explorer, []edit{
		at("intent-before-slip", replace("Synced", "Lazy"))}},
	{"rule 2: what was begun to be printed is never reversed", tests | explorer | simulator, []edit{
		at("approved-is-not-reversed", alsoCase("a.State == Approved"))}},

	{"rule 3: a print that may be paper already comes again only as a marked copy", tests | simulator | explorer, []edit{
		at("one-unmarked-receipt", replace("b.Paper == NotPrinted", "b.Paper == NotPrinted || b.Paper == PaperUnknown"))}},
	{"rule 3: a void's slip that may be paper already comes again only as a marked copy", tests | explorer, []edit{
		at("one-unmarked-slip", replace("a.Paper == NotPrinted", "a.Paper == NotPrinted || a.Paper == PaperUnknown"))}},
	{"rule 3: the first receipt is asked for before a copy", tests, []edit{
		at("one-unmarked-receipt/asked", replace("[]EventKind{PrintBegun, CopyBegun}", "[]EventKind{CopyBegun, PrintBegun}"))}},
	{"rule 3: a start takes a print that was begun for unknown", tests | explorer, []edit{
		at("begun-print-is-unknown", replace("PaperUnknown", "NotPrinted"))}},
	{"rule 3: a start takes a slip that was begun for unknown", tests | explorer, []edit{
		at("begun-slip-is-unknown", replace("PaperUnknown", "NotPrinted"))}},

	{"rule 4: a printer's fault leaves the money", tests | explorer | simulator, []edit{
		at("printer-moves-no-money", after("if e.Outcome == NotPrinted { a.State = Reversing }"))}},

	{"rule 5: only a pending attempt can be approved", tests, []edit{
		at("only-pending-ends", onlyIf("a.State != Reversing"))}},
	{"rule 5: only a pending attempt can be approved", explorer, []edit{
		at("only-pending-ends", onlyIf("a.State != Reversing")),
		at("only-pending-ends/model", onlyIf("answers[code] != approving"))}},
	{"rule 5: a late approval is evidence and nothing else", tests | explorer | simulator, []edit{
		at("late-answer-is-evidence", after("a.Answer, a.State = e.Answer, Approved"))}},

	{"rule 6: a reversal is journaled before it leaves", tests, []edit{
		at("reversal-journaled-first", before("if v.Kind == txn.GaveUp { t.cfg.Lines[txn.Card].Resolve(ctx, txn.Order{Attempt: a}, 1) }"))}},
	{"rule 6: a reversal is journaled before it leaves", simulator, []edit{
		at("request-once", after("if sent.verdict.Kind != txn.BankDeclined { t.cfg.Lines[txn.Card].Resolve(ctx, txn.Order{Attempt: begun.After}, 1) }"))}},
	{"rule 6: a reversal is journaled before it leaves", explorer, []edit{
		at("time-out-sends-nothing", after("if w.talk == asking && w.seen[slot]&sentReversal == 0 { x.sendReversal(w, slot); return }"))}},

	{"rule 7: a reversal is repeated until it is answered", tests, []edit{
		at("reversal-never-expires", after("if a.Tries > TellAfterTries { a.State = Reversed }"))}},
	{"rule 7: a reversal is repeated until it is answered", explorer, []edit{
		at("reversal-is-repeated", before("if x.m.facts[w.now[slot]].attempt.Tries > 1 { return }"))}},
	{"rule 7: a reversal that is not answered never expires", explorer, []edit{
		at("reversal-never-expires", after("if a.Tries > TellAfterTries { a.State = Reversed }"))}},
	{"rule 7: a reversal that is not answered never expires", simulator, []edit{
		at("reversal-never-expires", after("if a.Tries > 1 { a.State = Reversed }"))}},
	{"rule 7: only 00, 25, 12 and 22 end a reversal", tests, []edit{
		at("ends-a-reversal", replace("p.says(code, Undoes)", `p.says(code, Undoes) || code == "96"`))}},
	{"rule 7: an answer with a wrong MAC ends no reversal", tests, []edit{
		at("reversal-answer-is-signed", drop("!c.trusted(got)"))}},

	{"rule 8: a request is sent once", tests | simulator, []edit{
		at("request-once", after("if sent.verdict.Kind == txn.GaveUp { sent = t.carry(ctx, begun, w) }"))}},
	{"rule 8: a request is sent once", explorer, []edit{
		at("time-out-sends-nothing", after("if w.talk == asking && w.line[slot]&request == 0 { x.send(w, slot); return }"))}},
	{"rule 8: the wire carries a request once", tests, []edit{
		at("wire-sends-once", before("l.send(c.cfg.Profile.Frame(body, nil), c.cfg.Timeout)"))}},
	{"rule 8: a start sends no request", explorer, []edit{
		at("start-reverses-pending", instead("return Decision{a, Lazy, []Effect{SendRequest}}, nil"))}},

	{"rule 9: an attempt's number is not given again", tests | simulator, []edit{at("numbers-follow-from-entries", replace("max(attempt, attemptOf(r))", "attempt"))}},
	{"rule 9: a sign-in's STAN is no payment's", tests, []edit{at("network-stan", replace("txn.FirstNetworkSTAN", "1"))}},
	{"rule 9: numbers are remembered over a restart", tests | simulator, []edit{at("number-once/restart", replace("e.Attempt", "0"))}},
	{"STANs run on over batches and begin anew after the last one", tests, []edit{at("stan-runs-on", replace("STANs", "1_000_000"))}},
	{"a file that a disk's failure renews was restored where its old one was", simulator, []edit{at("a-renewed-file-was-restored-too", replace("1", "last"))}},
	{"a move over a backup leaves STANs to sell with", tests, []edit{at("a-move-leaves-stans", replace("min(most, max(least, (ageMs+day-1)/day*aDay))", "max(least, (ageMs+day-1)/day*aDay)"))}},
	{"a STAN rests for 60 days", tests, []edit{at("stan-rests", replace("txn.STANRest.Milliseconds()", "0"))}},
	{"the books take a number once", tests, []edit{at("number-comes-once", skip())}},
	{"numbers move ahead alone", tests, []edit{at("numbers-move-ahead", skip())}},
	{"doubtful numbers stop cards", tests, []edit{at("doubtful-numbers-stop-cards", replace("w != NumberWasTaken", "false"))}},
	{"a warning hides no stop", tests, []edit{at("a-warning-hides-no-stop", skip())}},
	{"rule 9: STANs are remembered over a restart", explorer, []edit{
		at("stan-once/model", replace("w.now[slot-1] != 0", "x.m.facts[w.now[slot-1]].owes"))}},
	{"rule 9: a reversal has the STAN of its attempt", explorer, []edit{
		at("reversal-has-its-stan", replace("slot", "min(slot+1, slots-1)"))}},
	{"rule 9: tidying takes no number that was given out", tests, []edit{
		at("tidying-takes-no-number/lock", skip()),
		at("tidying-takes-no-number/unlock", skip())}},

	{"rule 10: a start makes a synced commit before anything is acted on", tests, []edit{
		at("start-syncs-first", instead("return j.put(ctx, txn.Lazy, next)"))}},
	// A start that empties the WAL has synced what it found already, and its own entry is nothing that anybody is told:
	// only without both can a power cut take what a start has read.
	{"rule 10: a start makes a synced commit before anything is acted on", simulator, []edit{
		at("start-empties-the-wal", skip()),
		at("start-syncs-first", instead("return j.put(ctx, txn.Lazy, next)"))}},
	{"rule 10: a start makes a synced commit before anything is acted on", explorer, []edit{
		at("start-syncs-first/model", skip())}},

	{"rule 11: the bank's book is written before it answers", tests, []edit{at("bank-writes-first", never())}},
	{"rule 11: the bank's book is synced before it answers", tests, []edit{at("bank-syncs-first", skip())}},
	{"rule 11: the bank's book is durable before it answers", explorer, []edit{at("bank-writes-first/model", skip())}},
	{"rule 11: the bank has it on its disk before it answers", simulator, []edit{at("bank-writes-first/simulator", skip())}},

	{"rule 12: a reversal that comes before its original is remembered", tests | explorer | simulator, []edit{
		at("early-reversal-is-remembered", skip())}},
}

// effects are the acts that the machine asks for, each taken out of the one decision that asks for it.
var effects = []mutant{
	{"a request is sent when its attempt is begun", tests | explorer, []edit{at("acts-of-begun", replace("[]Effect{SendRequest}", "[]Effect{}"))}},
	{"a void in cash is given a slip", tests, []edit{at("acts-of-cash", replace("a.slip()", "[]Effect{}"))}},
	{"an approval destroys the card number", tests, []edit{at("acts-of-approved", drop("DestroyPAN"))}},
	{"a sale that is paid is given a receipt", tests | explorer | simulator, []edit{at("acts-of-paid", replace("[]Effect{PrintReceipt}", "[]Effect{}"))}},
	{"a sale of 0.00 is given a receipt", tests | simulator, []edit{at("acts-of-given", replace("[]Effect{PrintReceipt}", "[]Effect{}"))}},
	{"a void is given a slip", tests | explorer | simulator, []edit{at("acts-of-void", replace("[]Effect{PrintReceipt}", "[]Effect{}"))}},
	{"a refusal destroys the card number", tests, []edit{at("acts-of-declined", replace("[]Effect{DestroyPAN}", "[]Effect{}"))}},
	{"a request that never left destroys the card number", tests, []edit{at("acts-of-not-sent", drop("DestroyPAN"))}},
	{"a request that never left calls a person", tests, []edit{at("acts-of-not-sent", drop("TellPerson"))}},
	{"what is given up is reversed", tests | explorer | simulator, []edit{at("acts-of-gave-up", replace("[]Effect{SendReversal}", "[]Effect{}"))}},
	{"a reversal that was not answered is sent again", tests | explorer, []edit{at("acts-of-repeated", replace("[]Effect{SendReversal}", "[]Effect{}"))}},
	{"a reversal that is never answered calls a person", tests, []edit{at("acts-of-repeated-often", skip())}},
	{"a reversal that cannot be packed calls a person", tests, []edit{at("acts-of-reversal-not-sent", drop("TellPerson"))}},
	{"a reversal that could not be packed is tried again", tests, []edit{at("acts-of-reversal-not-sent", drop("SendReversal"))}},
	{"a reversal destroys the card number", tests, []edit{at("acts-of-reversed", replace("[]Effect{DestroyPAN}", "[]Effect{}"))}},
	{"a receipt that was begun is printed", tests | explorer, []edit{at("acts-of-receipt", replace("[]Effect{PrintReceipt}", "[]Effect{}"))}},
	{"a copy that was begun is printed", tests, []edit{at("acts-of-copy", replace("[]Effect{PrintCopy}", "[]Effect{}"))}},
	{"a void's slip that was begun is printed", tests | explorer, []edit{at("acts-of-slip", replace("[]Effect{PrintReceipt}", "[]Effect{}"))}},
	{"a copy of a slip that was begun is printed", tests, []edit{at("acts-of-slip-copy", replace("[]Effect{PrintCopy}", "[]Effect{}"))}},
	{"a part's slip that was begun is printed", tests, []edit{at("acts-of-part-slip", replace("[]Effect{PrintPartSlip}", "[]Effect{}"))}},
	{"a note that was begun is printed", tests, []edit{at("acts-of-note", replace("[]Effect{PrintNote}", "[]Effect{}"))}},
	{"a number that is taken destroys the card number", tests, []edit{at("acts-of-number-taken", drop("DestroyPAN"))}},
	{"a number that is taken calls a person", tests, []edit{at("acts-of-number-taken", drop("TellPerson"))}},
	{"a number that is another's calls a person", tests, []edit{at("acts-of-number-anothers", drop("TellPerson"))}},
	{"an approval after no is undone", tests, []edit{at("acts-of-approved-late", drop("SendReversal"))}},
	{"an approval after no calls a person", tests, []edit{at("acts-of-approved-late", drop("TellPerson"))}},
	{"a doubt that comes late calls a person", tests, []edit{at("acts-of-late-doubt", drop("TellPerson"))}},
	{"a late 94 of another payment calls a person", tests, []edit{at("acts-of-another-s-late", drop("TellPerson"))}},
	{"what was undone by another's number calls a person", tests, []edit{at("acts-of-undone-by-a-taken-number", replace("[]Effect{TellPerson}", "[]Effect{}"))}},
	{"a reversal that was refused calls a person", tests, []edit{at("acts-of-refused", replace("[]Effect{TellPerson}", "[]Effect{}"))}},
	{"a reversal that was refused is asked for again", tests, []edit{at("acts-of-due", replace("[]Effect{SendReversal}", "[]Effect{}"))}},
	{"a start asks again for what was refused", tests, []edit{at("acts-of-restarted-refused", drop("SendReversal"))}},
	{"evidence destroys the card number", tests, []edit{at("acts-of-resolved", replace("[]Effect{DestroyPAN}", "[]Effect{}"))}},
	{"a start reverses what it finds open", tests | explorer, []edit{at("acts-of-restarted", replace("[]Effect{SendReversal}", "[]Effect{}"))}},
	{"an approval is acknowledged to its line", tests, []edit{at("acts-of-approved", drop("Acknowledge"))}},
	{"a person is called to what nobody has said", tests, []edit{at("acts-of-not-said", replace("[]Effect{TellPerson}", "[]Effect{}"))}},
	{"a start asks again what a separate terminal showed", tests, []edit{
		at("acts-of-restarted-asking", replace("[]Effect{TellPerson}", "[]Effect{}"))}},
	{"a start calls a person to a void without paper", tests, []edit{at("acts-of-restarted-paperless", replace("[]Effect{TellPerson}", "[]Effect{}"))}},
	{"a start calls a person to a sale that is paid in part, or without paper", tests | explorer, []edit{
		at("acts-of-restarted-bill", replace("[]Effect{TellPerson}", "[]Effect{}"))}},
}
