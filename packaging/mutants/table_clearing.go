package main

// cleared are the rules of the files in which banks settle: what they are believed, what differs, and what they may end.
var cleared = []mutant{
	{"a file's own sums hold", tests, []edit{at("own-sums-of-a-file-hold", never())}},
	{"a number that a spreadsheet rounded is none", tests, []edit{at("a-rounded-number-is-none", never())}},
	{"a file's footnotes hold", tests, []edit{at("own-sums-of-a-file-hold/foot", never())}},
	{"a file has its end", tests, []edit{at("a-file-has-its-end", never())}},
	{"a file has its provider's hash", tests, []edit{at("a-file-has-the-hash-of-its-provider", never())}},
	{"a file is taken once", tests, []edit{at("a-file-is-taken-once", never())}},
	{"a row that stands in its file twice counts once", tests, []edit{at("a-row-counts-once", never())}},
	{"a row that an earlier file had counts once", tests, []edit{at("a-row-that-comes-again-counts-once", never())}},
	{"a number that comes again after a month is another's", tests, []edit{at("a-number-that-comes-again-is-not-ours", never())}},
	{"two numbers of the bank are two payments", tests, []edit{at("two-numbers-are-two-payments", never())}},
	{"what the bank keeps of an undone payment is told", tests, []edit{at("what-the-bank-keeps-is-told", never())}},
	{"what the bank has of an unknown payment is told", tests, []edit{at("the-unknown-that-the-bank-has-is-told", never())}},
	{"a fee may differ by a cent", tests, []edit{at("a-fee-may-differ-by-a-cent", replace("1000", "100"))}},
	{"two files without a payment make it overdue", tests, []edit{at("two-files-without-it-are-overdue", replace("2", "3"))}},
	{"no file owes a demonstration anything", tests, []edit{at("no-file-owes-a-demonstration", replace("h.Demo", "false"))}},
	{"the row of another terminal is another's", tests, []edit{at("a-row-of-another-terminal-is-told", never())}},
	{"a kept file has no card number", tests, []edit{at("a-kept-file-has-no-card-number", replace("slices.Contains(l.names[cardColumn], heading)", "false"))}},
	{"a kept file is the one of its entry", tests, []edit{at("a-kept-file-is-the-one-of-its-entry", never())}},
	{"a bomb is no bill", tests, []edit{at("a-bomb-is-no-bill", never())}},
	{"a file ends a refund that nobody knew of", tests, []edit{at("a-file-ends-a-refund", always())}},
	{"a claim is cleared by its match", tests, []edit{at("a-claim-is-cleared-by-its-match", never())}},
	{"the bank's files name this till", tests, []edit{at("the-bank-files-name-this-till", never())}},
	{"a separate terminal has numbers of its own", tests, []edit{at("a-separate-terminal-has-numbers-of-its-own", always())}},
	{"only a claim is cleared", tests, []edit{at("only-a-claim-is-cleared", replace("a.State != Claimed", "false"))}},
}
