package main

// refunds are the rules of giving back: 13 to 16 of design counter.md, the compare-and-set, and what comes back of what was sold.
var refunds = []mutant{
	{"the slip of goods that came back adds up", tests, []edit{at("a-slip-of-goods-that-came-back-adds-up", replace("other.Return == a.Return", "false"))}},
	{"rule 13: a refund that is given up is not reversed", tests | explorer, []edit{
		at("refund-is-never-reversed", instead("return giveUp(a, e.Reason), nil"))}},
	{"rule 13: a start does not reverse a refund", tests | explorer, []edit{
		at("start-never-reverses-a-refund", instead("return giveUp(a, CutByRestart), nil"))}},
	{"rule 16: a refund without an answer is not refused", tests | explorer, []edit{
		at("refund-is-never-reversed", instead("return a.gaveNothing(e, e.Reason), nil"))}},
	{"rule 16: a start does not take a refund for refused", tests | explorer, []edit{
		at("start-never-reverses-a-refund", instead("return a.gaveNothing(e, CutByRestart), nil"))}},
	{"rule 14: a refund is repeated only where its host knows repeats", tests | explorer, []edit{
		at("refund-is-repeated-where-repeats-are-known", replace("!a.Again", "false"))}},
	{"rule 15: no second refund while one is not known", tests | explorer, []edit{at("one-refund-at-a-time", never())}},
	{"rule 16: an answer ends a refund once", tests, []edit{
		at("refund-ends-once", replace("!(a.State == Unresolved && a.Again)", "a.State != Unresolved"))}},
	{"rule 16: a refusal that comes late ends a refund", tests, []edit{at("refund-refused-late-ends-it", skip())}},
	{"rule 16: an answer that may be another's ends no refund", tests, []edit{
		at("late-answer-of-a-doubtful-refund", replace("a.Reason != BooksDiffered", "true"))}},
	{"the approval of a refund is durable before its slip", tests, []edit{at("refund-approval-before-its-paper", replace("Synced", "Lazy"))}},
	{"the refusal of a refund is durable", tests, []edit{at("refund-refusal-is-durable", replace("Synced", "Lazy"))}},
	{"an approval after a refusal leaves a refund not known", tests, []edit{at("refund-approved-after-a-refusal-is-not-known", never())}},
	{"a person hears of a refund that is not known", tests, []edit{at("acts-of-refund-not-known", drop("TellPerson"))}},
	{"a repeat of a refund leaves", tests | explorer, []edit{at("acts-of-repeat-due", replace("[]Effect{SendRepeat}", "[]Effect{}"))}},
	{"evidence of a refund destroys its card number", tests, []edit{at("acts-of-refund-resolved", replace("[]Effect{DestroyPAN}", "[]Effect{}"))}},
	{"a start takes the slip of a refund that was begun for unknown", tests | explorer, []edit{
		at("begun-slip-of-a-refund-is-unknown", replace("PaperUnknown", "NotPrinted"))}},
	{"a start tells of a refund", tests, []edit{at("acts-of-restarted-refund", replace("[]Effect{TellPerson}", "[]Effect{}"))}},

	{"a refund that is not known counts as given", tests, []edit{at("unknown-refund-counts-as-given", never())}},
	{"a refund that is through counts as given", tests, []edit{at("refund-counts-as-given", never())}},
	{"no refund is above what is left", tests, []edit{at("no-refund-above-what-is-left", never())}},
	{"only what was paid is refunded", tests, []edit{at("refund-of-a-paid-sale", replace("!b.WasPaid()", "false"))}},
	{"what went back in part is not voided", tests, []edit{at("no-void-after-a-refund", never())}},
	{"goods whose money was refused have not come back", tests, []edit{
		at("return-counts-while-not-declined", replace("p.State != Declined", "p.ID != 0"))}},
	{"a return is what was sold", tests, []edit{at("return-is-as-sold", replace("amountMinor != r.AmountMinor", "amountMinor < 0"))}},
	{"no more comes back than was sold", tests, []edit{at("no-more-comes-back-than-was-sold", replace("w.QuantityE5 > left", "false"))}},
	{"shares of a line add up to it", tests, []edit{
		at("shares-add-up", replace("before + w.QuantityE5", "w.QuantityE5"))}},
	{"a payment of an earlier day is not voided", tests, []edit{at("void-of-the-open-day-alone", never())}},
	{"the bank counts what refunds gave back", tests, []edit{at("bank-counts-refunds", skip())}},
	{"rule 14: a till takes no host to know repeats", tests, []edit{at("repeats-are-not-known-unasked", replace("c.cfg.Repeats", "true"))}},
	{"rule 14: a refund keeps whether repeats are known", tests, []edit{
		at("refund-keeps-whether-repeats-are-known", replace("line.Refunds().Repeats", "true"))}},
	{"a refund goes to the card that paid", tests, []edit{at("refund-goes-to-the-card-that-paid", onlyIf("g.Payment == 0"))}},
	{"rule 15: a refund keeps no day open", tests, []edit{at("a-refund-keeps-no-day-open", skip())}},
	{"a refund that is not known is a column of its own", tests, []edit{at("a-refund-that-is-not-known-is-a-column", never())}},
	{"refunds are a column of their own", tests, []edit{at("refunds-have-a-column", replace("&t.Refunds", "&t.Voids"))}},
	{"a refund that came late is counted by its day", tests, []edit{at("a-refund-that-came-late-is-counted", never())}},
	{"a refund that is not known says to give no cash", tests, []edit{
		at("a-refund-that-is-not-known-says-no-cash", replace(`w.Text("refund.no-cash")`, `w.Text("charged.no")`))}},
	{"nothing is given back on the word of a table", tests, []edit{at("refund-is-proved", never())}},
	{"a refund that was sent is not cancelled", tests, []edit{at("a-refund-that-was-sent-is-not-cancelled", drop("p.giving && p.paying.Sent()"))}},
	{"a copy says that a refund is not known", tests, []edit{at("a-copy-says-that-a-refund-is-not-known", never())}},
	{"a refund that is not known has a chip", tests, []edit{at("a-refund-that-is-not-known-has-a-chip", never())}},
	{"nothing is asked for again while the journal has failed", tests, []edit{at("nothing-is-asked-again-that-evidence-may-have-ended", never())}},
	{"nothing is asked for again while the journal has failed", explorer, []edit{at("nothing-is-asked-again-that-evidence-may-have-ended/model", never())}},
	{"what a provider gave back late is given back", explorer, []edit{at("given-back-late-is-given-back/model", never())}},
	{"rule 16: a refund is approved by no other refund's answer", tests | simulator, []edit{
		at("a-refund-s-answer-is-its-own", replace("back && (o.ID == a.Original || o.Original == a.Original)", "a.Original != 0 && (o.ID == a.Original || o.Original == a.Original)"))}},
	{"a payment's RRN that is said back is no other's", tests, []edit{at("a-refund-s-answer-is-its-own", replace("back", "false"))}},
	{"an RRN that is said back is told by code and time", tests, []edit{
		at("said-back-is-told-by-code-and-time", replace("!o.Answer.sameMoment(said)", "said != Answer{}"))}},
	{"a part of a payment is not voided", tests, []edit{at("void-of-the-whole-alone", never())}},
}
