package main

// terminals are the rules of the line to a card terminal, and of an approval that waits for its line.
var terminals = []mutant{
	{"terminal: what its line has not confirmed is not known", tests, []edit{at("unconfirmed-is-not-known", never())}},
	{"terminal: only what waits for its line is confirmed", tests, []edit{at("only-what-waits-is-confirmed", never())}},
	{"terminal: no paper before the line has confirmed", tests, []edit{at("no-paper-before-the-line-confirms", never())}},
	{"terminal: a person hears of a payment that its line undid", tests, []edit{at("acts-of-line-undid", replace("[]Effect{TellPerson}", "[]Effect{}"))}},
	{"terminal: a person hears of a payment of which its line can't say whether it keeps it", tests, []edit{at("acts-of-line-unsure", replace("[]Effect{TellPerson}", "[]Effect{}"))}},
	{"terminal: a day ends with what is confirmed", tests, []edit{at("day-ends-with-what-is-confirmed", replace("len(open)+len(waiting)", "len(open)+0*len(waiting)"))}},
	{"terminal: an approval that is not saved is refused at once", tests, []edit{at("unsaved-approval-is-not-acknowledged", never())}},
	{"terminal: the terminal is asked for its last receipt again once something was undone", tests, []edit{at("what-was-undone-moves-the-last-receipt", never())}},
	{"terminal: only the payment that was asked for is approved", tests, []edit{at("only-the-asked-payment-is-approved", replace("why != \"\"", "why == \"-\""))}},
	{"terminal: the terminal's approval waits for the commit", tests, []edit{at("approval-waits-for-the-commit",
		instead("return txn.Verdict{Kind: txn.BankApproved, Answer: answerOf(c.heard.status), Compares: true}"))}},
	{"terminal: a commit that never ends is refused", tests, []edit{at("a-commit-that-never-ends-is-refused", never())}},
	{"terminal: what is durable is acknowledged", tests, []edit{at("durable-before-the-terminal-hears-of-it", replace("c.answer(zvt.Positive)", "error(nil)"))}},
	{"terminal: only a listed code is a refusal", tests, []edit{at("only-a-listed-code-is-a-refusal", replace("refuses(code) && c.heard.status.Result != 0", "c.heard.status.Result != 0"))}},
	{"terminal: a card number that a terminal prints is hidden", tests, []edit{at("a-terminal-s-card-number-is-hidden", never())}},
	{"terminal: another terminal is not asked", tests, []edit{at("another-terminal-is-not-asked", replace("tid != l.said()", "false"))}},
	{"terminal: what the terminal undid is not kept", tests, []edit{at("what-the-terminal-undid-is-not-kept", never())}},
	{"terminal: a receipt number that has not moved charged nobody", tests, []edit{at("unmoved-is-not-charged", never())}},
	{"terminal: a later payment is somebody else's", tests, []edit{at("a-later-payment-is-somebody-else-s", never())}},
	{"terminal: what the terminal prints for the merchant is kept", tests, []edit{at("a-terminal-s-merchant-slip-is-kept", replace("zvt.ForMerchant", "99"))}},
	{"terminal: the merchant's slip is the terminal's for the merchant", tests, []edit{at("the-merchant-gets-the-terminal-s-merchant-slip", replace("len(a.MerchantSlip) > 0", "false"))}},
	{"terminal: a serial line has the stop bits that were asked for", tests, []edit{at("two-stop-bits-where-they-are-asked-for", never())}},
	{"terminal: a terminal's serial line has two stop bits", tests, []edit{at("a-terminal-has-two-stop-bits", never())}},
	{"terminal: somebody else's payment is not undone", tests, []edit{at("somebody-else-s-payment-is-not-undone", never())}},
}
