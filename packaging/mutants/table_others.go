package main

// others are more ways to lie.
var others = []mutant{
	{"owed reversals go before the next attempt", tests | simulator, []edit{at("owed-first", never())}},
	{"owed reversals go before the next attempt", explorer, []edit{at("owed-first/model", drop("!x.owing(w)"))}},
	{"a pending attempt is reversed by a start", tests, []edit{
		at("start-reverses-pending", instead("return Decision{a, Lazy, []Effect{TellPerson}}, nil"))}},
	{"a pending attempt is reversed by a start", explorer, []edit{
		at("pending-is-open", drop("a.State == Pending"))}},
	{"a start approves nothing", explorer, []edit{
		at("start-reverses-pending", instead("a.State = Approved; return Decision{a, Lazy, []Effect{TellPerson}}, nil"))}},
	{"a start declines nothing", explorer, []edit{
		at("start-reverses-pending", instead("a.State = Declined; return Decision{a, Lazy, []Effect{TellPerson}}, nil"))}},
	{"a start goes on with a reversal", explorer, []edit{
		at("start-goes-on-reversing", instead("a.State = Reversed"))}},
	{"what is given up owes a reversal", explorer, []edit{
		at("given-up-is-reversed", instead("a.State = Declined; return Decision{a, Lazy, nil}, nil"))}},
	{"a step leaves alone what it is given", explorer, []edit{at("step-keeps-what-it-is-given", skip())}},
	{"a business day begins by the clock on the wall", tests, []edit{at("a-business-day-begins-by-the-clock-on-the-wall", replace("wall < begins", "wall >= 0 && at.Add(-begins).Day() != day"))}},

	// Paper.
	{"paper only for money that is there", tests | explorer, []edit{
		at("paper-for-money", replace("b.State == BillPaid", "b.State == BillPaid || b.State == BillPartPaid"))}},
	{"no receipt before the sum is complete", simulator, []edit{
		at("paper-for-money", replace("b.State == BillPaid", "b.State == BillPaid || b.State == BillPartPaid"))}},
	{"what went back gets no receipt", tests | explorer, []edit{
		at("paper-for-money", replace("b.State == BillPaid", "b.WasPaid()"))}},
	{"a copy is marked", explorer, []edit{at("copy-is-marked", replace("PrintRepeat", "PrintOriginal"))}},
	{"a note is no receipt", explorer, []edit{at("note-is-no-receipt", replace("PrintSlip", "PrintOriginal"))}},
	{"a print whose number the printer echoes is durable, also a note", explorer, []edit{
		at("acts-of-note", replace("Synced", "Lazy"))}},
	{"a part's slip is no receipt", tests | explorer, []edit{at("part-slip-is-no-receipt", replace("PrintPart", "PrintOriginal"))}},
	{"a print whose number the printer echoes is durable, also a slip", tests | explorer, []edit{
		at("acts-of-part-slip", replace("Synced", "Lazy"))}},
	{"a part is given its slip before its sale is paid", tests, []edit{at("slip-before-paid", never())}},
	{"a printer that says nothing may have printed", explorer, []edit{
		at("silent-printer-may-have-printed", replace("2", "1"))}},
	{"what a start finds printing is not called printed", explorer, []edit{
		at("begun-print-is-unknown", replace("PaperUnknown", "Printed"))}},
	{"a start ends the prints that it finds", explorer, []edit{
		at("start-ends-prints", replace("PaperUnknown", "Printing"))}},

	// Payment codes.
	{"an answer of a provider is believed where its signature holds", tests, []edit{at("signature-is-verified", instead("return err == nil || len(s) == 0"))}},
	{"an answer of a provider is believed once", tests, []edit{at("no-answer-twice", never())}},
	{"an answer of a provider is about our number", tests, []edit{at("own-number-alone", replace(`o.text("out_trade_no") != in.number`, "false"))}},
	{"an answer of a provider is about our number: alipay", tests, []edit{at("own-number-alone/alipay", never())}},
	{"an answer of a provider is about our number: unionpay", tests, []edit{at("own-number-alone/unionpay", never())}},
	{"an answer of a provider is about our number: upay", tests, []edit{at("own-number-alone/upay", never())}},
	{"an answer of a provider is about our sum", tests | cashier, []edit{at("own-sum-alone", never())}},
	{"an answer that tells of no money names no other sum", tests, []edit{at("another-sum-is-another-payment", never())}},
	{"a sum that is not all that was asked for is asked about: alipay", tests, []edit{at("another-sum-went-back/alipay", instead("return s"))}},
	{"a sum that is not all that was asked for is asked about: upay", tests, []edit{at("another-sum-went-back/upay", never())}},
	{"an answer of a provider that contradicts itself is not known: wechat", tests, []edit{at("what-contradicts-itself-is-not-known/wechat", never())}},
	{"an answer of a provider that contradicts itself is not known: alipay", tests, []edit{at("what-contradicts-itself-is-not-known/alipay", never())}},
	{"an answer of a provider that contradicts itself is not known: upay", tests, []edit{at("what-contradicts-itself-is-not-known/upay", replace("len(states) > 0", "false"))}},
	{"an answer of a provider says nothing twice", tests, []edit{at("no-name-twice", never())}},
	{"an answer of a provider has an end", tests, []edit{at("answers-have-an-end", never())}},
	{"a provider is reached over TLS", tests, []edit{at("wallets-over-tls", never())}},
	{"an aggregator's terminal checks in each day", tests, []edit{at("a-terminal-checks-in-each-day", replace("day(k.given) != day(now)", "day(k.given) == \"-\""))}},
	{"an aggregator's key is durable before it signs", tests, []edit{at("a-key-is-durable-before-it-signs", replace("k.keep(key, now)", "error(nil)"))}},
	{"an aggregator's key that was given is kept before another is asked for", tests, []edit{at("a-key-that-was-given-is-kept-first", never())}},
	{"no aggregator's terminal checks in on a full disk", tests, []edit{at("no-check-in-on-a-full-disk", never())}},
	{"an aggregator's key is of this terminal", tests, []edit{at("a-key-is-the-terminal-s", never())}},
	{"a spoilt key of a provider's line closes no till", tests, []edit{at("a-spoilt-key-closes-no-till", never())}},
	{"an aggregator's key that an installer wrote counts more than one that was given before", tests, []edit{at("an-installer-s-key-counts-more", never())}},
	{"a payment code goes nowhere but to its provider", tests, []edit{at("no-redirects", replace("http.ErrUseLastResponse", "nil"))}},
	{"a provider is asked for a while", tests, []edit{at("asking-has-an-end", never())}},
	{"a payment that is paid after its undo is undone again", tests | cashier, []edit{at("paid-after-the-undo-is-undone-again", replace("!l.pace.shows", "true"))}},
	{"an order of which money goes back is undone once that has arrived", tests, []edit{
		at("going-back-is-not-undone", instead("return txn.Verdict{Kind: txn.ReversalAnswered, Answer: now.answer}"))}},
	{"money that has left the shop and reaches nobody is not known", tests, []edit{
		at("what-is-stuck-is-not-known", instead("return txn.Verdict{Kind: txn.BankDeclined, Answer: s.answer, Compares: true}, true"))}},
	{"a number that a provider does not know is believed once no code lives", tests, []edit{
		at("never-there-is-believed-once-no-code-lives", replace("l.age(a) >= l.life", "true"))}},
	{"no setting of a shop shortens how long a code lives", tests, []edit{at("no-setting-shortens-a-code-s-life", replace("c.OnlyHere", "true"))}},
	{"what was given back late is given back", tests, []edit{
		at("given-back-late-is-given-back", instead("return txn.Verdict{Kind: txn.ReversalAnswered, Answer: s.answer}"))}},
	{"four digits of a payment code are kept", tests, []edit{at("code-is-masked", replace("code[len(code)-4:]", "code[:]"))}},
	{"a void that was given back late is a void", tests | explorer, []edit{at("given-back-late-is-a-void", replace("a.State == Reversing", "false"))}},
	{"a payment code goes to a line that takes it", tests, []edit{at("a-wallet-takes-its-codes", never())}},
	{"what is owed to a wallet stays owed to it", tests, []edit{at("owed-to-its-wallet", always())}},
	{"a shop with wallets alone keeps a mark outside its books", tests, []edit{at("wallets-keep-a-mark", never())}},
	{"nobody waits for an undo that is too early", tests, []edit{at("nobody-waits-for-an-undo-that-is-too-early", never())}},
	{"an answer is kept without what looks like a payment code", tests, []edit{at("what-looks-like-a-code-is-not-kept", never())}},
	{"digits that are grouped are one number", tests, []edit{at("grouped-digits-are-one-number", replace("run.Len() >= leastGrouped", "false"))}},
	{"dashes and dots keep no digits apart", tests, []edit{at("what-keeps-digits-apart-hides-no-number", replace("unicode.Is(unicode.Pd, r)", "false"))}},
	{"a bank's words hide card numbers", tests, []edit{at("words-hide-cards", replace("hiddenRun", "99"))}},
	{"a card among commas is hidden", tests, []edit{at("a-card-among-commas-is-seen", never())}},
	{"a card among commas is told", tests, []edit{at("a-card-among-commas-is-told", never())}},
	{"a terminal's card number among commas is hidden", tests, []edit{at("a-terminal-s-card-number-among-commas-is-hidden", never())}},
	{"a payment code among commas is hidden", tests, []edit{at("a-code-among-commas-is-not-kept", never())}},
	{"a card's number is seen among words", tests, []edit{at("a-grouped-card-is-seen", replace("isCardAmongWords(number)", "false"))}},
	{"a card's number between letters is seen where people type", tests, []edit{at("a-card-between-letters-is-seen", replace("(len(number) < leastInName || !isCardAmongWords(number) && PaymentCodeOf(number) != UnionPay)", "len(number) > 0"))}},
	{"a number of letters and digits is no card's", tests, []edit{at("a-number-of-letters-and-digits-is-no-card", never())}},
	{"an answer is kept without the payment code", tests, []edit{at("code-is-not-kept", skip())}},

	// Sales in parts.
	{"one part of a sale at a time", tests | explorer, []edit{at("one-part-at-a-time", never())}},
	{"a sale that is paid takes no further part", tests | explorer, []edit{
		at("paid-takes-no-part", never()),
		at("no-part-above-the-rest", never())}},
	{"no part is more than the rest", tests | explorer | simulator, []edit{at("no-part-above-the-rest", never())}},
	{"a sale whose sum is complete is paid", tests | explorer, []edit{at("paid-stays-paid", never())}},
	{"a start looks at a sale that is paid in part", tests | explorer, []edit{
		at("part-paid-is-owed", drop("b.State == BillPartPaid"))}},
	{"a sale that was not finished is undone from its last part on", tests, []edit{at("undone-in-reverse", skip())}},
	{"a sale that is paid is not undone like one that was not finished", tests, []edit{at("paid-is-not-undone", never())}},
	{"a day does not end before the sales that are paid in part", tests | simulator, []edit{at("day-ends-with-its-sales", never())}},

	// Voids.
	{"a void of what is not approved is refused", tests, []edit{
		at("void-of-approved-sale", drop("!a.Concluded()"))}},
	{"a payment is voided on its own line alone", tests, []edit{at("void-on-its-line", never())}},
	{"the word of a sale answers for no void", tests, []edit{at("a-word-is-for-what-it-was-said-of", replace("o.Attempt.Kind != of", "false"))}},
	{"one word answers for one void", tests, []edit{at("a-word-is-for-what-it-was-said-of", replace("said.Swap(true)", "said.Swap(false)"))}},
	{"a void of one payment names no tax of the whole sale", tests, []edit{at("tax-is-the-whole-sales", drop("p.isAll(of)"))}},
	{"a day begins with a payment of its own", tests, []edit{at("a-day-begins-with-its-own-payment", replace("given", "(given || lowest.SaleID != 0)"))}},
	{"only what is owed moves to another line", tests, []edit{at("only-what-is-owed-moves", replace("a.State != Reversing", "!a.Open()"))}},
	{"what moved to another line is asked there", tests, []edit{at("acts-of-moved", replace("[]Effect{SendReversal}", "[]Effect{}"))}},
	{"what is owed to a line is asked of that line alone", tests | simulator, []edit{at("owed-to-its-line", replace("line.Name() == a.Line", "true"))}},
	{"a cashier's voids are shown", tests, []edit{at("cashiers-voids-are-shown", never())}},
	{"a row that is not what the entries amount to is on no Z", tests, []edit{at("rows-are-compared", never())}},
	{"a row that no entry made is on no Z, and none is missing", tests, []edit{at("no-row-is-missing", never())}},
	{"the open day and the last Z are as their entries made them", tests, []edit{at("days-are-compared", never())}},
	{"the entry that a proof begins with follows from the one before", tests, []edit{at("proof-follows-its-first-entry", never())}},
	{"a look compares the tables with the entries", tests, []edit{at("look-compares-tables", instead("return nil"))}},
	{"a payment is found by its new state", tests, []edit{at("a-payment-is-found-by-its-new-state", never())}},
	{"the index of payments holds nothing that a power cut may take", tests, []edit{at("an-index-holds-what-is-durable", never())}},
	{"the index of other books is not used", tests, []edit{at("an-index-of-other-books-is-not-used", never())}},
	{"a damaged index of payments is not believed", tests, []edit{at("a-damaged-index-is-not-believed", never())}},
	{"what was sold is found for 400 days", tests, []edit{at("items-are-found-for-400-days", always())}},
	{"a word is found by its beginning", tests, []edit{at("a-word-is-found-by-its-beginning", always())}},
	{"a range of amounts has both its ends", tests, []edit{at("a-range-has-both-its-ends", replace("max(low, high)", "max(low, high)-1"))}},
	{"an hour of the afternoon is one of the afternoon", tests, []edit{at("the-afternoon-has-its-own-hours", skip())}},
	{"a start writes nothing for what was told before", tests, []edit{at("start-writes-nothing-twice", never())}},
	{"what is carried over is compared", tests, []edit{at("carried-is-compared", never())}},
	{"nothing is voided on books that do not hold", tests, []edit{at("void-is-proved", never())}},
	{"nothing is printed again from books that do not hold", tests, []edit{at("reprint-is-proved", never())}},
	{"an X changes nothing on the page", tests, []edit{at("x-changes-no-page", instead("day := shown(t)"))}},
	{"a sale of 0.00 is counted once, and every sale once", tests, []edit{at("given-is-counted", skip())}},
	{"a void is noted on its sale as it is by then", tests, []edit{
		at("void-rereads-its-sale", after("m.Bill.Prints = m.Bill.Prints[:min(1, len(m.Bill.Prints))]"))}},
	{"what is voided is marked with its void, in the same commit", tests | simulator | explorer, []edit{
		at("void-marks-its-sale", skip())}},
	{"a sale is marked as voided when the bank has said so, not before", explorer, []edit{
		at("void-waits-for-the-bank", drop("!b.after.Concluded()"))}},
	{"the intent to print is in the approval's commit", tests | explorer | simulator, []edit{
		at("intent-is-in-the-approval", instead("return nil"))}},
	{"a receipt waits for a printer that is not ready", tests | explorer | simulator, []edit{
		at("receipt-waits-for-the-printer", instead("if !b.view.Ready { return nil }"))}},
	{"a slip waits for a printer that is not ready", tests | explorer | simulator, []edit{
		at("receipt-waits-for-the-printer/slip", instead("if !b.view.Ready { return nil }"))}},
	{"a receipt that did not come out waits for the printer", simulator | explorer, []edit{at("unprinted-receipt-waits", never())}},
	{"a slip that did not come out waits for the printer", simulator | explorer, []edit{at("unprinted-receipt-waits/slip", never())}},
	{"a verdict that could not be journaled is given up", tests, []edit{at("unjournaled-verdict-is-given-up", never())}},
	{"the bank gives a sale back when its void is undone", tests | explorer | simulator, []edit{at("bank-gives-a-sale-back", skip())}},

	// What the bank says.
	{"an answer with a wrong MAC is not believed", tests, []edit{at("answer-is-signed", never())}},
	{"a wrong MAC is not believed", simulator, []edit{
		at("answer-is-signed", never()),
		at("answer-is-signed/simulator", before("if fate == \"wrong-mac\" && w.profile.MAC && t.MTI[1] == '2' { r := b.row(t.id); r.State = bank.Reversed; b.book.Keep(r) }"))}},
	{"a code on no list is no refusal", tests | simulator, []edit{
		at("unknown-code-is-no-refusal", replace("c.cfg.Profile.Refuses(code, void || refund)", "c.cfg.Profile.Refuses(code, void || refund) || !c.cfg.Profile.Approves(code)"))}},
	{"an answer with a wrong amount is not believed", tests, []edit{
		at("fields-come-back/iso87", drop("4")),
		at("fields-come-back/unionpay", drop("4"))}},
	{"an answer with a wrong amount is not believed", simulator, []edit{
		at("another-payment-is-not-ours", never()),
		at("approval-matches", never()),
		at("answer-agrees", drop("!c.fits(request, answer)"))}},
	{"an answer to another terminal is not believed", tests, []edit{
		at("fields-come-back/iso87", drop("41")),
		at("fields-come-back/unionpay", drop("41")),
		at("answer-to-this-terminal", replace("trim(m.Get(41))", "trim(c.cfg.Terminal)"))}},
	{"an answer to another STAN is not believed", tests, []edit{
		at("answer-has-its-stan/asked", replace("m.Get(11)", `""`)),
		at("answer-has-its-stan/heard", replace("m.Get(11)", `""`))}},
	{"an approval without an amount is not believed", tests, []edit{at("approval-matches", never())}},
	{"a partial approval is no approval", tests, []edit{
		at("part-is-no-approval", never()),
		at("approves-the-whole", replace("p.says(code, Approves)", `p.says(code, Approves) || code == "10"`))}},
	{"\"seen before\" is no refusal", tests | simulator, []edit{
		at("seen-before-is-no-refusal", replace("txn.NumberIsTaken", "txn.BankDeclined"))}},
	{"a number that may be another's is not undone at a bank that goes by the number", tests | explorer, []edit{
		at("taken-is-reversed-where-all-is-compared", replace("v.Compares", "true"))}},
	{"a bank that compares all is asked to undo what may be ours", tests, []edit{
		at("taken-is-reversed-where-all-is-compared", replace("v.Compares", "false"))}},
	{"94 alone does not prove that nobody was charged", tests, []edit{at("another-s-number-is-proved", replace("others", "true"))}},
	{"94 with another's RRN proves that nobody was charged", tests, []edit{at("another-s-number-is-proved", never())}},
	{"an approval with another's RRN is not ours", tests, []edit{at("approval-of-another-is-not-ours", never())}},
	{"an answer that names another payment undoes nobody's", tests | simulator, []edit{at("another-payment-is-not-ours", never())}},
	{"what a bank approved late and does not find is not undone", tests, []edit{at("not-found-contradicts-an-approval", never())}},
	{"an unresolved part is not \"not charged\"", tests, []edit{at("unresolved-part-is-not-known", replace("p.State == txn.Unresolved", "false"))}},
	{"a sale is not undone while a part is unresolved", tests, []edit{at("undone-with-an-unresolved-part", never())}},
	{"what may be another's is never undone by its number alone", tests, []edit{at("what-is-not-ours-is-not-asked-of-a-number", never())}},
	{"a payment of which a void is unresolved may have been given back", tests, []edit{at("payment-with-a-doubtful-void", never())}},
	{"an approval in part that comes late is one", tests, []edit{at("late-part-is-an-approval", replace("c.cfg.Profile.ApprovesInPart(code)", "false"))}},
	{"a sale of 0.00 is counted", tests, []edit{at("sales-of-nothing-are-counted", always())}},
	{"a day that is being closed says so", cashier, []edit{at("a-day-that-closes-says-so", skip())}},
	{"cash that could not be saved is not known", tests | simulator | cashier, []edit{at("what-could-not-be-saved-is-not-known", never())}},
	{"what could not be saved is not said to be reversed", tests, []edit{at("what-could-not-be-saved-is-not-reversed", never())}},
	{"what goes back of a payment that can't be read is spoken of as that", cashier, []edit{at("a-void-that-can-t-be-read-is-one", skip())}},
	{"what was parked while nothing could be saved is looked up at the start", cashier, []edit{at("what-is-parked-unsaved-is-looked-up", never())}},
	{"a case that was led on is durable", simulator | cashier, []edit{at("what-is-filed-is-durable", replace("txn.Synced", "txn.Lazy"))}},
	{"a void that was not begun says that the customer is charged", tests | cashier, []edit{at("a-void-that-was-not-begun-says-charged", never())}},
	{"a payment whose void is under way may have been given back", tests | cashier, []edit{at("payment-with-a-void-under-way", never())}},
	{"a payment of which a void is not known says so", tests | cashier, []edit{at("a-doubtful-void-is-said", never())}},
	{"a void of before says where the money is now", tests, []edit{at("a-later-void-is-said", never())}},
	{"a receipt whose end is unknown is listed", tests, []edit{at("a-doubtful-receipt-is-listed", replace("b.Paper == txn.PaperUnknown", "false"))}},
	{"what is parked leaves the sale", tests | cashier, []edit{at("what-is-parked-leaves-the-sale", skip())}},
	{"what was answered at once is not asked for at once", tests, []edit{at("what-was-answered-at-once-is-not-asked-at-once", alsoIf("true"))}},
	{"no copy says paid while a void is not known", tests, []edit{at("no-copy-while-a-void-is-not-known", never())}},
	{"a dropped sale comes back", tests | cashier, []edit{at("a-dropped-sale-comes-back", never())}},
	{"a scan joins no sale unasked", tests | cashier, []edit{at("a-scan-joins-no-sale-unasked", never())}},
	{"the sale in the making is kept", tests | cashier, []edit{at("the-sale-in-the-making-is-kept", replace("slices.Equal(lines, g.shown)", "true"))}},
	{"goods of a cut payment are parked", tests | cashier, []edit{at("goods-of-a-cut-payment-are-parked", never())}},
	{"goods of a payment that is not known are in no other sale", tests, []edit{at("goods-of-a-payment-not-known-are-in-no-other-sale", never())}},
	{"a sale whose lines were changed says what was begun with them", tests, []edit{at("a-changed-sale-says-what-was-begun", skip())}},
	{"a part of which a bank says no more goes before another one", tests, []edit{at("an-unresolved-part-goes-first", never())}},
	{"a parked sale that is not known is not brought back", tests, []edit{at("what-is-not-known-stays-parked/recalled", never())}},
	{"a parked sale that is not known is not dropped", tests, []edit{at("what-is-not-known-stays-parked/dropped", instead("return d.takeParked(id, func(keptSale) error { return nil })"))}},
	{"a sale in memory that is not known is not brought back", tests, []edit{at("what-is-not-known-stays-parked/memory", never())}},
	{"goods of a payment that is not known come back to no cart", tests, []edit{at("goods-of-a-payment-not-known-come-back-to-no-cart", drop("p.SaleID != 0"))}},
	{"of goods of another sale that is not known nobody says that nothing was charged", tests, []edit{at("goods-of-a-payment-not-known-are-said", never())}},
	{"a refused payment says how its sale stands", tests, []edit{at("a-refused-payment-says-what-stands", never())}},
	{"a part that was not begun says what is taken", tests, []edit{at("a-part-not-begun-says-what-is-taken", never())}},
	{"what moves of a sale stands large, not its total", tests, []edit{at("what-moves-stands-large", never())}},
	{"what waits for its weight is not left out without a word", tests, []edit{at("what-waits-for-its-weight-is-not-lost", always())}},
	{"what is selected in a list stays selected", tests, []edit{at("what-is-selected-stays-selected", never())}},
	{"a key acts right behind a scan that leaves a result", tests, []edit{at("a-scan-is-the-cashier-s-own-act", always())}},
	{"a printer that has stopped is asked again within seconds", tests, []edit{at("a-stopped-printer-is-asked-again", never())}},
	{"a printer's problem of now is its latest", tests, []edit{at("a-problem-of-now-is-the-latest", never())}},
	{"paper that waits says for what", tests, []edit{at("paper-that-waits-says-for-what", never())}},
	{"too little cash is not offered", tests, []edit{at("too-little-cash-is-not-offered", never())}},
	{"what a terminal showed to nobody is not charged again", tests, []edit{at("a-terminal-nobody-asked-is-not-charged-again", never())}},
	{"a sale that was dropped for good is not offered", tests, []edit{at("what-is-gone-is-not-offered", never())}},
	{"goods that were paid are not sold again", tests | cashier, []edit{at("goods-that-were-paid-are-not-sold-again", never())}},
	{"goods that the books have by now do not wait", tests, []edit{at("goods-that-were-paid-are-not-sold-again/parked", replace("k.SaleID != 0", "false"))}},
	{"a recalled sale is kept before its place in the list goes", tests, []edit{at("recalled-is-kept-first", never())}},
	{"a sale between two files is there once", tests, []edit{at("a-sale-is-kept-once", never())}},
	{"a 94 that comes late stops the reversal", tests | simulator, []edit{at("late-94-stops-the-reversal", replace("a.Undoes()", "false"))}},
	{"a late 94 of another payment of these books stops the reversal", tests, []edit{at("another-s-late-stops-the-reversal", never())}},
	{"a late approval of another payment is no approval of this one", tests | simulator, []edit{at("late-answer-of-another-payment", never())}},
	{"a late approval that says what was said of another is not ours", tests, []edit{at("late-twin-is-asked-for", replace("v.Number(twin)", "v.Number(twin*0)"))}},
	{"a late answer of a moment before its request is not ours", tests, []edit{at("late-and-stale", skip())}},
	{"a late answer that names another card is not ours", tests, []edit{at("late-answer-of-another-card", never())}},
	{"an approval of a number in doubt is not undone by it", tests, []edit{at("late-approval-of-a-doubtful-number", never())}},
	{"a doubt that comes late is durable before anything else", tests, []edit{at("late-doubt-is-durable", replace("Synced", "Lazy"))}},
	{"an approval that overtakes its refusal is not lost", tests, []edit{at("late-answer-waits-for-the-verdict", never())}},
	{"a reversal is looked at once more before it leaves", tests, []edit{at("reversal-is-still-due", replace("!now.Undoes()", "now.ID == 0"))}},
	{"an answer to a reversal that a 94 overtook stops no later payment", tests, []edit{at("late-answer-overtakes-a-reversal", never())}},
	{"an approval that comes while its reversal is under way counts", tests, []edit{at("late-approval-before-the-answer", never())}},
	{"94 that names another payment undoes nobody's", tests, []edit{at("taken-and-contradicted-is-not-ours", replace("c.cfg.Profile.NumberTaken(code)", "false"))}},
	{"another's amount under a number was never ours", tests, []edit{at("another-s-amount-is-never-ours", never())}},
	{"a number that is taken is durable before anything else", tests, []edit{at("taken-number-is-durable", replace("Synced", "Lazy"))}},
	{"a number that is taken has a way out", tests, []edit{at("evidence-ends-the-unknown-alone", replace("a.State != Unresolved && a.State != Reversing", "a.State != Reversing"))}},
	{"evidence ends nothing that is known", tests, []edit{at("evidence-ends-the-unknown-alone", replace("a.State != Unresolved && a.State != Reversing", "false"))}},
	{"what a bank has kept is charged", tests, []edit{at("kept-is-charged", replace("a.State == Kept", "false"))}},
	{"what a bank has kept is no sale", tests, []edit{at("kept-is-no-sale", replace("Kept", "Approved"))}},
	{"what is unresolved is owed", tests, []edit{at("unresolved-is-owed", replace("a.State == Unresolved", "false"))}},
	{"no second void while one is unresolved", tests, []edit{at("one-void-at-a-time", never())}},
	{"numbers move ahead once a bank knew one", tests, []edit{at("numbers-move-after-94", never())}},
	{"nothing goes back from books in doubt", tests, []edit{at("nothing-goes-back-from-books-in-doubt", never())}},
	{"restored books without a line are in doubt", tests, []edit{at("restored-books-without-a-line-are-in-doubt", skip())}},
	{"a refusal for doubtful books says why", tests, []edit{at("a-refusal-for-doubtful-books-says-why", never())}},
	{"cards wait until a person has read why numbers moved", tests, []edit{at("cards-wait-for-numbers", never())}},
	{"what was said at another terminal number makes no twin", tests, []edit{at("twin-is-of-the-same-terminal", replace("sameNumbers(other, a)", "true"))}},
	{"a twin is one however the line's address is spelt", tests, []edit{at("twin-is-of-the-same-terminal", replace("sameNumbers(other, a)", "other.Line == a.Line"))}},
	{"what banks said is kept for twins", tests, []edit{at("answers-are-kept", replace("to.conn.exec(ctx, sqlAnswer, name, int64(r.ID))", "error(nil)"))}},
	{"what names a payment agrees in an answer", tests, []edit{at("what-names-a-payment-agrees", replace("p.names()", "p.MustMatch[:0]"))}},
	{"the mark is written before each request", tests, []edit{at("mark-before-request", skip())}},
	{"a mark of other books is known", tests, []edit{at("other-books-are-known", never())}},
	{"a mark whose entries are missing is known", tests, []edit{at("missing-entries-are-known", never())}},
	{"a mark of another history is known", tests, []edit{at("another-history-is-known", never())}},
	{"a mark is one however the line's address is spelt", tests, []edit{at("numbers-go-by-no-address", never())}},
	{"the mark is written before the paper", tests | simulator, []edit{at("mark-before-paper", skip()), at("mark-before-paper/approval", skip())}},
	{"the mark is written before a copy, too", tests, []edit{at("mark-before-paper", skip())}},
	{"the mark has an approval that waits for its paper", tests, []edit{at("mark-before-paper/approval", skip())}},
	{"what is open in books that differ is not reversed", tests | simulator | explorer, []edit{at("books-that-differ-undo-nothing", never())}},
	{"a start reverses only where the mark holds", tests | simulator, []edit{at("only-a-mark-that-holds-is-believed", never())}},
	{"a start reverses only where the mark holds", explorer, []edit{at("only-a-mark-that-holds-is-believed/model", never())}},
	{"a start without a mark reverses nothing", tests | simulator, []edit{at("only-a-mark-that-holds-is-believed", onlyIf("state != MarkNew"))}},
	{"what books that differ leave unresolved is durable at once", tests, []edit{at("acts-of-books-differ", replace("Synced", "Lazy"))}},
	{"a slip in books that differ may be out", tests | simulator | explorer, []edit{at("slip-of-other-books-is-unknown", replace("PaperUnknown", "NotPrinted"))}},
	{"a dropped sale of other books has no unmarked receipt", tests | simulator, []edit{at("a-dropped-sale-of-other-books-has-no-unmarked-receipt", never())}},
	{"a receipt in books that differ may be out", tests | simulator | explorer, []edit{at("receipt-of-other-books-is-unknown", replace("PaperUnknown", "NotPrinted"))}},
	{"a receipt that may be out is not begun again once its sale is paid", tests, []edit{at("receipt-that-may-be-out-is-not-begun", never())}},
	{"what is found of books that differ is durable at once", tests, []edit{at("acts-of-books-differ-bill", replace("Synced", "Lazy"))}},
	{"a mark that can't be read is no missing one", tests | simulator, []edit{at("an-unreadable-mark-is-one", never())}},
	{"a mark of these books counts also on another line", tests, []edit{at("each-mark-of-these-books-counts", replace("mark.Books != now.Books", "true"))}},
	{"what differed on another line is settled once", tests | simulator, []edit{at("what-differed-is-settled", instead("_ = t.stale"))}},
	{"a mark is never ahead of what is durable", tests | simulator, []edit{at("a-mark-says-what-is-durable", replace("j.durable.Attempt", "j.at.Attempt"))}},
	{"a mark that an earlier version kept is found", tests, []edit{at("marks-of-earlier-versions-are-found", never())}},
	{"each mark that can't be read stops cards", tests, []edit{at("each-unreadable-mark-stops-cards", never())}},
	{"a mark that can't be read is put aside", tests, []edit{at("an-unreadable-mark-is-put-aside", never())}},
	{"numbers that moved at a restore are known once something was sold", tests, []edit{at("what-was-sold-since-a-restore-knows-its-numbers", never())}},
	{"numbers move where the mark differs", tests | cashier, []edit{at("numbers-move-where-the-mark-differs", never())}},
	{"a card that is out of date by a wrong clock asks for the clock", tests, []edit{at("a-wrong-clock-is-said", never())}},
	{"what changed before the window watches is seen", tests, []edit{at("what-changed-before-is-seen", skip())}},
	{"a moment of the bank's from before the request is no answer to it", tests, []edit{at("a-moment-before-the-request-is-no-answer", replace("-clockAllowed", "-clockAllowed*9999"))}},
	{"an approval after no opens the reversal", tests, []edit{at("late-approval-reopens", never())}},
	{"what a bank refuses to undo is known as refused", explorer, []edit{at("refused-reversal-is-known/model", never())}},
	{"a late approval is told as one", tests, []edit{at("late-approval-is-known", never())}},
	{"a line that went silent is not sent on", tests, []edit{at("silent-line-is-dropped", always())}},
	{"a refused reversal is known", tests, []edit{at("refused-reversal-is-known", replace("p.says(code, Refuses|RefusesVoid|Taken|UndoesOnItsDay)", "false"))}},
	{"\"never approved\" on another day ends no reversal", tests, []edit{at("ends-a-reversal-on-its-day", replace("onItsDay", "true"))}},
	{"evidence that a payment was kept is a row of the day of the evidence", tests, []edit{at("kept-is-a-row-of-its-day", never())}},
	{"\"seen before\" is no refusal", explorer, []edit{at("seen-before-is-no-refusal/model", never())}},
	{"\"seen before\" is no approval", explorer, []edit{
		at("seen-before-is-no-refusal/model", never()),
		at("only-00-approves/model", onlyIf(`answers[code] != "94"`))}},
	{"plain ISO 8583 has no code for \"never approved\"", tests, []edit{
		at("ends-a-reversal", replace("p.says(code, Undoes)", `p.says(code, Undoes) || code == "12" || code == "22"`))}},
	{"\"never approved\" ends a reversal", tests, []edit{
		at("ends-a-reversal-on-its-day", replace("p.says(code, UndoesOnItsDay)", "false"))}},
	{"the bank books a number once", tests | explorer | simulator, []edit{at("bank-books-once", skip())}},
	{"a reversal says the time that its original said, in whatever zone the till is now", simulator, []edit{
		at("request-time/kept", after("a.ZoneSeconds = 0")),
		at("request-time/said", instead("return time.UnixMilli(a.OpenedMs)"))}},
	{"the bank's DE37 is said back as it came", tests | simulator, []edit{
		at("kept-as-it-came", replace("m.Get(37)", "trim(m.Get(37))"))}},
	{"the bank's DE38 is said back as it came", tests | simulator, []edit{
		at("kept-as-it-came", replace("m.Get(38)", "trim(m.Get(38))"))}},
	{"what is said back fits its field", tests | simulator, []edit{
		at("kept-as-it-came", replace("m.Get(38)", "trim(m.Get(38))")),
		at("said-back-at-full-width", never())}},

	// Settings that are missing.
	{"without a key no bank beyond this computer is asked", tests, []edit{at("no-key-no-bank", never())}},
	{"without MAC and TLS no bank beyond this computer is asked", tests, []edit{at("no-mac-no-tls-no-bank", never())}},
	{"the published key is none", tests, []edit{at("published-key-is-none", never())}},
	{"a line that is to stay at this computer leads nowhere else", tests, []edit{at("only-here", never())}},
	{"a demonstration is another line than the bank at its address", tests, []edit{at("demonstration-is-another-line", never())}},
	{"what is paid without a key is a demonstration", tests, []edit{
		at("no-key-is-a-demonstration", replace("s.line.Demonstration", "false"))}},
	{"a bank is told the shop's own numbers", tests, []edit{at("a-bank-gets-the-shops-numbers", never())}},
	{"a demonstration is no part of a sale that is none", tests, []edit{at("a-demonstration-pays-no-sale", never())}},
	{"totals say that something in them was a demonstration", tests, []edit{
		at("totals-say-demonstration/sale", skip()),
		at("totals-say-demonstration/attempt", skip())}},
	{"test cards pay in a demonstration alone", tests, []edit{at("test-cards-pay-nothing-real", replace("!g.config.Demo", "false"))}},
	{"a setting is spelt as it is", tests, []edit{at("settings-are-spelt-right", never())}},
	{"settings that can't be used sell nothing", tests, []edit{
		at("spoilt-settings-sell-nothing", replace("err == nil", "err == nil || !books && !s.looking"))}},
	{"pictures are taken of a demonstration alone", tests, []edit{at("pictures-of-a-demonstration", never())}},
	{"nothing stands in for a flag that is empty", tests, []edit{at("an-empty-flag-is-no-missing-one", never())}},
	{"what a person names is a regular file", tests, []edit{at("regular-files-alone", never())}},
	{"what a person names is read up to a limit", tests, []edit{
		at("files-have-a-limit/size", never()),
		at("files-have-a-limit/read", never())}},

	{"eight programs ask a till at once, and no more", tests, []edit{at("few-connections", skip())}},

	// Updates.
	{"a record of updates that others can write is not believed", tests, []edit{
		at("others-put-no-file-there", never()),
		at("others-exchange-no-file", skip())}},
	{"what is installed is verified at that moment", tests, []edit{
		at("installed-as-verified", instead("in, err := guarded(pack)"))}},
	{"a program that others can write is not run", tests, []edit{at("runs-what-is-guarded", never())}},

	// Card numbers.
	{"the card number is kept while a reversal may need it", tests, []edit{at("pan-is-kept", always())}},
	{"the card number is sealed, never in the clear", tests, []edit{at("pan-is-sealed", instead("return pan, nil"))}},
	{"the card number is destroyed when the attempt is approved or reversed", tests, []edit{
		at("pan-is-destroyed", reword("sealed = NULL", "sealed = sealed"))}},
	{"what was sent is wiped", tests, []edit{at("sent-frames-are-wiped", skip())}},
	{"an answer is read without the card", tests, []edit{at("answers-are-read-blind", never())}},
	{"a card that is typed without sentinels is no code", tests, []edit{at("a-card-is-no-code", never())}},
	{"a card that is typed without sentinels is shown nowhere", tests | cashier, []edit{at("what-was-typed-is-withheld", never())}},
	{"a track without sentinels is a card's, whatever its check digit", tests, []edit{at("tracks-are-cards", never())}},
	{"goods are no cards", tests, []edit{at("a-gtin-is-no-card", never())}},
	{"the key of sealed numbers is thrown away when nothing is open", tests, []edit{
		at("pan-key-thrown-away", instead("return nil"))}},

	// The journal and its disk.
	{"every commit of money is synced", simulator, []edit{
		at("money-is-synced", never())}},
	{"after a failed commit nothing is committed any more", tests, []edit{at("failed-stays-failed", never())}},
	{"after a failed commit nothing is committed any more", explorer, []edit{at("failed-stays-failed/model", never())}},
	{"after a failed sync nothing goes on in the old file", simulator, []edit{
		at("failed-sync-is-survived", instead("j.conn.run(ctx, \"ROLLBACK\"); err = j.write(ctx, next)"))}},
	{"what a failed journal reads is not told", tests, []edit{at("what-is-read-is-kept", never())}},
	{"a failed sync is survived in a new file", tests, []edit{at("failed-sync-is-survived", skip())}},
	{"a start after a failed sync does not believe the old file", tests, []edit{
		at("doubtful-file-is-left", always())}},
	// A start that empties the WAL writes what it read of it anew: only without that is the old file what a power cut shows.
	{"a start after a failed sync does not believe the old file", simulator, []edit{
		at("start-empties-the-wal", skip()),
		at("doubtful-file-is-left", always())}},
	{"a new file whose first commit failed is not believed either", tests, []edit{at("new-file-is-doubted", skip())}},
	{"a checkpoint that was cut leaves a journal that opens", simulator, []edit{at("cut-checkpoint-opens", always())}},
	{"a row that was changed breaks the chain", tests, []edit{at("chain-holds-the-row", skip())}},
	{"a backup holds nothing that these books can lose", tests, []edit{at("backup-is-durable", skip())}},
	{"what a power cut can take is told to nobody", tests, []edit{
		at("only-durable-is-told", replace("j.durable.Seq", "j.at.Seq"))}},
	{"a word of a newer version keeps the journal closed", tests, []edit{at("newer-word-is-refused", never())}},
	{"an attempt that was opened as paid is damage", tests, []edit{at("attempt-is-as-begun", never())}},
	{"a foreign file is refused", tests, []edit{at("foreign-file-is-refused", never())}},
	{"a journal of a newer program is refused", tests, []edit{
		at("newer-journal-is-refused/header", never()),
		at("newer-journal-is-refused/schema", never()),
		at("newer-journal-is-refused/migrations", replace("all[version:]", "all[min(version, len(all)):]"))}},

	// Sums.
	{"amounts of two currencies are not added", tests, []edit{at("one-currency-in-a-sum", never())}},
	{"a sum that is too large is an error", tests, []edit{at("sum-fits", never())}},

	// Articles, and whatever else is not money.
	{"codes are compared as 14 digits", tests, []edit{at("codes-as-14-digits", replace("codeKey(code)", "code"))}},
	{"a row that is refused is not sold", tests, []edit{at("a-refused-row-is-not-sold", never())}},
	{"a number that a spreadsheet cut is no code", tests, []edit{at("scientific-is-refused", never())}},
	{"a row with more cells than the header is not guessed at", tests, []edit{at("too-many-cells", never())}},
	{"a price that can mean two is refused", tests, []edit{at("a-figure-of-two-meanings-is-refused", never())}},
	{"no rubbish name is sold", tests, []edit{at("rubbish-is-no-name", never())}},
	{"the demonstration's prices keep their currency", tests, []edit{at("prices-keep-their-currency", never())}},
	{"what is no UTF-8 is read as GB18030", tests, []edit{at("not-utf-8-is-gb18030", always())}},
	{"labels that are half right are read as none", tests, []edit{at("labels-are-read-whole", never())}},
	{"a setting of the money has to be right", tests, []edit{at("a-setting-of-the-money-is-right", instead("return s.complain(false, err)"))}},
	{"a font that can't be read keeps no window closed", tests, []edit{at("a-broken-font-is-left-out", never())}},
	{"a printer in a box overwrites no paper", tests, []edit{at("papers-are-not-overwritten", never())}},
	{"figures of a scan are taken back", tests, []edit{at("figures-of-a-scan-are-taken-back", never())}},
	{"torn scans are joined by the check digit alone", tests, []edit{at("torn-scans-are-joined-by-the-check-digit", never())}},
	{"what a slow scanner types is asked about", tests, []edit{at("a-slow-scan-is-asked-about", always())}},
	{"a slow scanner is asked for a prefix", tests, []edit{at("a-slow-scanner-is-asked-for-a-prefix", never())}},
	{"a picture stays in its folder", tests, []edit{at("a-picture-stays-in-its-folder", never())}},
	{"a picture is bounded", tests, []edit{at("a-picture-is-bounded", never())}},
	{"it is said when the till asks again", tests, []edit{at("it-is-said-when-the-till-asks-again", skip())}},
	{"the pill names the worst part", tests, []edit{at("the-worst-part-is-named", never())}},
	{"what the printer has no sign for is told", tests, []edit{at("what-the-printer-lacks", never())}},
	{"an article that the printer can't show is marked", tests, []edit{at("an-item-without-signs-is-marked", never())}},
	{"the decoder goes to the end of the paper", tests, []edit{at("decode-goes-to-the-end", instead("if n == 0 { break }"))}},
	{"a code page that is not known is named", tests, []edit{at("an-unknown-page-is-named", skip())}},
	{"a code that can't be drawn is named", tests, []edit{at("what-can-not-be-shown-is-named", never())}},
	{"what stands behind a terminal's line is no text of it", tests, []edit{at("a-line-says-whose-it-is", never())}},
}
