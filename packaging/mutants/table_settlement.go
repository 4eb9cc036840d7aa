package main

// settlements are the rules of settling a batch with its bank.
var settlements = []mutant{
	{"only what the till holds that the bank keeps is settled", tests | explorer, []edit{
		at("only-what-is-kept-is-settled", replace("a.State == Approved && !a.AwaitsLine()", "a.State == Approved || a.State == Unresolved"))}},
	{"the end of a batch that differs is no balance", tests | explorer, []edit{at("an-end-is-not-a-balance", replace("s.Agrees", "true"))}},
	{"no answer is no balance", tests, []edit{
		at("no-answer-is-no-balance", replace("e.Kind == SettlementUnanswered && s.Owed()", "e.Kind == SettlementUnanswered && s.State == SettlementUploading"))}},
	{"an upload goes in its order", tests, []edit{at("an-upload-goes-in-its-order", replace("s.Items[s.Sent] != e.Item", "false"))}},
	{"what is settled is the sum of its payments", tests, []edit{at("what-is-settled-is-the-sum", never())}},
	{"a settlement in the books is as it is begun", tests, []edit{at("a-settlement-is-as-begun", skip())}},
	{"a settled batch takes no payment", tests, []edit{at("a-settled-batch-takes-no-payment", never())}},
	{"a settled batch takes no payment", explorer, []edit{at("a-settled-batch-takes-no-payment/model", never())}},
	{"what is not known of a batch is named", tests | explorer, []edit{at("what-is-not-known-of-a-batch-is-named", skip())}},
	{"the books take no payment into a settled batch", tests, []edit{at("a-settled-batch-takes-no-payment/books", replace("settled && a.Tender == txn.Card", "settled && a.Tender != txn.Card"))}},
	{"settlements of the open day are proved", tests, []edit{at("settlements-are-compared", never())}},
	{"sums that do not fit are not cut short", tests, []edit{at("sums-fit-their-fields", never())}},
	{"other sums in an 0510 are no balance", tests, []edit{at("other-sums-are-no-balance", never())}},
	{"an 0510 balances by its flags", tests, []edit{at("balanced-is-said-by-the-flags", replace(`flags == map[Style]string{UnionPayPOS: "11", Plain1987: "1"}[p.Style]`, "true"))}},
	{"an 0510 that compares nothing is no balance", tests | simulator, []edit{at("what-compares-nothing-is-no-balance", never())}},
	{"one other sum in an 0510 is a difference", tests, []edit{at("one-other-sum-is-a-difference", replace("answer.Get(n) != request.Get(n)", "n == 0"))}},
	{"what the bank did not compare is not known", tests, []edit{at("what-is-not-compared-is-not-known", never())}},
	{"the answer to a settlement is its own", tests, []edit{
		at("a-settlement-s-answer-is-its-own", replace("p.samePayment(request, answer, 0)", "true"))}},
	{"a settlement stays with its line", tests, []edit{at("a-settlement-stays-with-its-line", replace("line.Name() != name", "false"))}},
	{"no batch is settled while money of it is under way", tests, []edit{at("nothing-is-under-way-when-a-batch-is-settled", never())}},
	{"no batch is settled while money of it is under way", explorer, []edit{at("nothing-is-under-way-when-a-batch-is-settled/model", never())}},
	{"no batch is settled while a sale is paid in part", tests | simulator, []edit{at("a-batch-is-settled-with-its-sales", never())}},
	{"each line of the closing list unlocks the next", tests, []edit{at("each-line-unlocks-the-next", never())}},
	{"a bill that goes to yesterday is whole", tests, []edit{at("a-bill-covers-yesterday", never())}},
	{"a settlement that has ended is not asked again", tests, []edit{at("a-settlement-that-has-ended-is-not-asked-again", replace("s.Settlement.Unfinished", "true"))}},
	{"a day that is kept open is not asked about", tests, []edit{at("a-stopped-day-is-not-asked-about", never())}},
	{"a settlement is durable before it is sent", tests, []edit{at("a-settlement-is-durable-before-it-is-sent", replace("txn.Synced", "txn.Lazy"))}},
	{"a settlement is durable before it is sent", explorer, []edit{at("a-settlement-is-durable-before-it-is-sent/model", skip())}},
	{"the batch of a day that is closed is settled", explorer, []edit{at("a-day-s-batch-is-settled/model", skip())}},
	{"a silent bank is left alone for a while", tests, []edit{at("a-silent-bank-is-left-alone", never())}},
	{"an upload goes on before the next card", tests, []edit{at("an-upload-goes-on-first", skip())}},
	{"the batch of a day that is closed is settled", tests | simulator, []edit{at("a-day-s-batch-is-settled", skip())}},
	{"an end of the day that is lost is not asked for again", tests, []edit{at("a-lost-end-of-day-is-not-asked-again", replace("err != nil", "false"))}},
	{"a terminal's sum is held against the till's", tests, []edit{
		at("the-terminal-s-sum-is-the-till-s", replace("ours.DebitMinor-ours.CreditMinor == day.AmountMinor", "ours.DebitMinor-ours.CreditMinor >= 0"))}},
	{"a terminal that says two sums says none", tests, []edit{at("two-sums-of-a-terminal-say-the-same", replace("d.AmountMinor != s.Totals.AmountMinor", "false"))}},
	{"paper has both sums where they differ", tests, []edit{at("both-sums-are-on-paper", never())}},
	{"the simulated bank sums what it keeps", tests, []edit{at("bank-sums-what-it-keeps", replace("r.State == Approved", "r.State != Declined"))}},
	{"the simulated bank compares sums", tests, []edit{at("bank-compares-sums", replace("c.Till == c.Bank", "true"))}},
	{"the simulated bank notices what is not its own", tests, []edit{at("bank-notices-what-is-not-its-own", replace("row.State == Approved", "row.State != Declined"))}},
	{"settlement: a batch at another line is told where it is open", tests, []edit{at("a-batch-at-another-line-is-named", never())}},
}
