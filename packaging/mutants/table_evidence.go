package main

// evidence are the rules of what a dispute is decided by: slips as they were first printed, and cases.
var evidence = []mutant{
	{"a slip is in the entry of its print", tests, []edit{at("a-slip-is-in-the-entry-of-its-print", skip())}},
	{"a copy is no original", tests, []edit{at("a-copy-is-no-original", onlyIf("act.Effect != txn.PrintCopy"))}},
	{"a slip that is made anew is the same", tests, []edit{at("a-slip-that-is-made-anew-is-the-same", never())}},
	{"a slip that was altered is none", tests, []edit{at("a-slip-that-was-altered-is-none", replace("s.name(paper) != f.name", "false"))}},
	{"a slip is kept for 18 months", tests, []edit{at("a-slip-is-kept-for-18-months", never())}},
	{"the row of a slip is compared", tests, []edit{at("slip-row-is-compared", replace("row[1] == want", `want != ""`))}},
	{"a copy of slips loses none", tests, []edit{at("a-copy-of-slips-loses-none", never())}},
	{"another payment with the card and the amount is shown", tests, []edit{at("another-payment-is-shown", never())}},
	{"a lost slip is said", tests, []edit{at("a-lost-slip-is-said", never())}},
	{"facts are of the books of their key", tests, []edit{at("facts-are-of-the-books-of-their-key", never())}},
	{"facts are signed", tests, []edit{at("facts-are-signed", never())}},
	{"pages are those of their facts", tests, []edit{at("pages-are-those-of-their-facts", never())}},
	{"a kept slip is not signed", tests, []edit{at("a-kept-slip-is-not-signed", replace("p.plainCode(a)", "p.codes(a)"))}},
	{"a day that is not over is marked", tests, []edit{at("a-day-that-is-not-over-is-marked", replace("day.AddDate(0, 0, 1).After(s.Now)", "false"))}},
	{"a case goes its way", tests, []edit{at("a-case-goes-its-way", never())}},
	{"evidence has its hash", tests, []edit{at("evidence-has-its-hash", never())}},
	{"what was sent is kept", tests, []edit{at("what-was-sent-is-kept", never())}},
	{"a case is of a payment", tests, []edit{at("a-case-is-of-a-payment", replace("a.Kind != txn.Sale", `a.Kind == ""`))}},
	{"a field of a bank's message is kept by a list", tests, []edit{at("a-message-is-kept-by-a-list", replace("len(value) <= mostOpen", "true"))}},
	{"a field of a provider's message is kept by a list", tests, []edit{at("a-provider-s-field-is-kept-by-a-list", replace("!slices.Contains(harmless, last)", "false"))}},
	{"a field of a terminal's message is kept by a list", tests, []edit{at("a-bitmap-is-kept-by-a-list", never())}},
	{"a field's name is no hiding place", tests, []edit{at("a-name-is-no-hiding-place", never())}},
	{"lost messages are said once", tests, []edit{at("lost-messages-are-said-once", replace("!k.failed", "true"))}},
	{"a case says what the books say", tests, []edit{at("a-stance-is-the-journals", before("answer = StanceEvidence"))}},
}
