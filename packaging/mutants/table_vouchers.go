package main

// vouchers are the rules of paper vouchers: by the cashier's word, never proven, and without change.
var vouchers = []mutant{
	{"all of a day is on its report", tests, []edit{at("all-of-a-day-is-on-its-report", never())}},
	{"a voucher is claimed, and never approved", tests, []edit{at("a-voucher-is-claimed", replace("Claimed", "Approved"))}},
	{"a voucher pays what it is worth at most", tests, []edit{at("a-voucher-pays-its-worth-at-most", never())}},
	{"a void of a voucher is given a slip", tests, []edit{at("acts-of-voucher", replace("a.slip()", "[]Effect{}"))}},
	{"a card's number is no voucher's", tests, []edit{at("a-voucher-s-number-is-no-card-s", replace("sale.HoldsCard([]byte(text))", "false"))}},
	{"a card's number that is grouped or lettered is no voucher's", tests, []edit{at("a-voucher-s-number-is-no-card-s", replace("sale.TellsCard(strings.Map(unlettered, text))", "false"))}},
	{"no card's number is typed into the books", tests, []edit{at("no-card-is-typed-into-the-books", never())}},
	{"what is typed is looked at before the books have it", tests, []edit{at("no-card-is-typed-into-the-books/shell", never())}},
	{"a payment code is no voucher's number", tests, []edit{at("a-voucher-s-number-is-no-card-s", replace("sale.PaymentCodeOf(text) != sale.NoWallet", "false"))}},
	{"vouchers are taken where the settings say so", tests, []edit{at("vouchers-are-taken-where-the-settings-say-so", never())}},
	{"no change is given on a voucher", tests, []edit{at("no-change-on-a-voucher", skip())}},
	{"vouchers are a column of their own", tests, []edit{at("vouchers-have-a-column", never())}},
	{"a voucher's worth is on paper", tests, []edit{at("a-voucher-s-worth-is-on-paper", never())}},
	{"a scan that is no voucher's number is said", tests, []edit{at("a-voucher-s-number-that-is-none-is-said", never())}},
	{"that no change is given is said before a voucher is taken", tests, []edit{at("no-change-on-a-voucher-is-said", never())}},
}

// exchanges are the rules of goods that come back for others.
var exchanges = []mutant{
	{"goods that come back pay last, and what was said", tests, []edit{at("goods-pay-last", never())}},
	{"an exchange is not voided", tests, []edit{at("an-exchange-is-not-voided", replace("p.Tender != Exchange", "true"))}},
	{"money goes back the way it came", tests, []edit{at("money-goes-back-the-way-it-came", replace("b.Parts[i].Tender != refund.Tender", "false"))}},
	{"an exchange that is not in the books is sent to nobody", tests, []edit{at("unsaved-exchange-is-not-sent", never())}},
	{"a difference that is paid takes the goods in the same commit", tests, []edit{
		at("a-difference-that-is-paid-takes-the-goods", replace("t.exchangeWith(ctx, by, view, p, w)", "error(nil)"))}},
	{"that a difference goes back apart is on the receipt", tests, []edit{at("a-difference-that-goes-back-is-on-the-receipt", never())}},
}

// unusual are the rules of cash for what was not paid in cash, and of goods without a receipt.
var unusual = []mutant{
	{"another way is cash alone, and a refund", tests, []edit{at("another-way-is-cash-alone", replace("a.Tender != Cash", "false"))}},
	{"goods without a receipt are no sale", tests, []edit{at("goods-without-a-receipt-are-no-sale", replace("b.NoReceipt != a.NoReceipt", "false"))}},
	{"unusual refunds have columns of their own", tests, []edit{at("unusual-refunds-have-columns", skip())}},
	{"a card's money in cash has a setting of its own", tests, []edit{at("a-card-s-money-in-cash-has-its-own-setting", never())}},
	{"the ceiling of cash is that of the payment", tests, []edit{at("the-ceiling-is-of-the-payment", never())}},
	{"an unusual refund has a reason", tests, []edit{at("an-unusual-refund-has-a-reason", never())}},
	{"a voucher's number is taken once", tests, []edit{at("a-voucher-is-taken-once", never())}},
	{"the ceiling of goods without a receipt is of the day", tests, []edit{at("the-ceiling-is-of-the-day", never())}},
	{"cash for what a card paid has a ceiling when it begins", tests, []edit{at("cash-has-a-ceiling", never())}},
	{"goods without a receipt have a ceiling", tests, []edit{at("no-receipt-has-a-ceiling", never())}},
}

// partners are the rules of accounts that a service provider holds.
var partners = []mutant{
	{"a fee goes back with its payment", tests, []edit{at("a-fee-goes-back-with-its-payment", never())}},
	{"an answer about another shop of the service provider is not believed", tests, []edit{at("own-sub-merchant-alone", replace(`o.text("sub_mchid") == w.sub`, "true"))}},
}
