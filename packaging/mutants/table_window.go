package main

// window are rules of hands: a slip at the glass makes no other payment than the one that was meant.
var window = []mutant{
	{"a refused scan stays until a person presses something", tests | cashier, []edit{at("a-refused-scan-stays", never())}},
	{"a short scan is a scan", tests | cashier, []edit{at("a-short-scan-is-one", replace("burstLeast", "6"))}},
	{"the hand that brought a screen rests before it acts there", tests | cashier, []edit{at("who-brings-a-screen-rests", skip())}},
	{"what comes by itself takes nothing for a moment", tests | cashier, []edit{at("what-comes-by-itself-is-calm", skip())}},
	{"a hand goes on at once from what came by itself before", tests | cashier, []edit{at("a-hand-goes-on-from-what-came-by-itself", skip())}},
	{"who brought an earlier screen acts at once on what another hand brought", tests | cashier, []edit{at("who-brought-an-earlier-screen-acts", skip())}},
	{"a press is meant for what stood there when it began", tests | cashier, []edit{at("a-press-is-for-what-it-saw", replace("began.Before(v.came)", "false"))}},
	{"a page shows its payment anew", tests | cashier, []edit{at("a-page-shows-its-payment-anew", skip())}},
	{"the page of the open day is read anew", tests | cashier, []edit{at("the-open-day-is-read-anew", never())}},
	{"a card is no goods, and answers no question about them", tests | cashier, []edit{at("a-card-is-no-goods", replace("code != sale.Withheld", "true"))}},
	{"nothing at the top leaves a payment", tests | cashier, []edit{at("nothing-at-the-top-leaves-a-payment", drop("t.paying()"))}},
	{"a lesson ends with its page", tests | cashier, []edit{at("a-lesson-ends-with-its-page", skip())}},
	{"a question refuses a scan in sight", tests | cashier, []edit{at("a-question-refuses-a-scan-in-sight", skip())}},
	{"goods of a sale that is paid in part are in the books", tests | cashier, []edit{at("goods-of-a-part-paid-sale-are-in-the-books", replace("txn.BillPartPaid", "txn.BillReturned"))}},
	{"an amount is taken whole, or not at all", tests | cashier, []edit{at("an-amount-is-taken-whole", never())}},
	{"a key that is held acts once", tests | cashier, []edit{at("a-held-key-acts-once", never())}},
	{"a key that is held types once", tests | cashier, []edit{at("a-held-key-types-once", never())}},
	{"figures after a tap begin anew", tests | cashier, []edit{at("figures-after-a-tap-begin-anew", never())}},
	{"where no tender is chosen Enter takes nothing", tests, []edit{at("no-tender-takes-nothing", never())}},
	{"after a payment that did not come about no tender is chosen", tests | cashier, []edit{at("pay-again-chooses-no-tender", skip())}},
	{"implausible cash is asked about", tests | cashier, []edit{at("implausible-cash-is-asked-about", never())}},
	{"the large button of a result keeps its meaning", tests | cashier, []edit{at("a-primary-button-keeps-its-meaning", replace("r.first", "r.meaning()"))}},
	{"nothing is looked for while money moves", tests, []edit{at("nothing-is-looked-for-while-money-moves", drop("t.paying()"))}},
	{"a device is exchanged after a question", tests, []edit{at("a-device-is-exchanged-after-a-question", instead("d.useAt(t, part, address)"))}},
}
