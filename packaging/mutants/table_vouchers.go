package main

// vouchers are the rules of paper vouchers: by the cashier's word, never proven, and without change.
var vouchers = []mutant{
	{"a voucher is claimed, and never approved", tests, []edit{at("a-voucher-is-claimed", replace("Claimed", "Approved"))}},
	{"a voucher pays what it is worth at most", tests, []edit{at("a-voucher-pays-its-worth-at-most", never())}},
	{"a void of a voucher is given a slip", tests, []edit{at("acts-of-voucher", replace("a.slip()", "[]Effect{}"))}},
	{"a card's number is no voucher's", tests, []edit{at("a-voucher-s-number-is-no-card-s", replace("sale.HoldsCard([]byte(text))", "false"))}},
	{"a payment code is no voucher's number", tests, []edit{at("a-voucher-s-number-is-no-card-s", replace("sale.PaymentCodeOf(text) != sale.NoWallet", "false"))}},
	{"vouchers are taken where the settings say so", tests, []edit{at("vouchers-are-taken-where-the-settings-say-so", never())}},
	{"no change is given on a voucher", tests, []edit{at("no-change-on-a-voucher", skip())}},
	{"vouchers are a column of their own", tests, []edit{at("vouchers-have-a-column", never())}},
	{"a voucher's worth is on paper", tests, []edit{at("a-voucher-s-worth-is-on-paper", never())}},
	{"a scan that is no voucher's number is said", tests, []edit{at("a-voucher-s-number-that-is-none-is-said", never())}},
	{"that no change is given is said before a voucher is taken", tests, []edit{at("no-change-on-a-voucher-is-said", never())}},
}
