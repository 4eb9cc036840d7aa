package clearing

import (
	"slices"
	"testing"
	"time"

	"veratill/txn"
)

// classesOf are the classes of items, in their order.
func classesOf(items []Item) (all []Class) {
	for _, i := range items {
		all = append(all, i.Class)
	}
	return all
}

// A payment at a separate terminal has the approval code that somebody typed, and nothing else that a file could name: amount, time and code together are a match; one of them alone is proposed at most.
func TestAClaimIsFoundByItsCode(t *testing.T) {
	claim := paid(1, txn.Sale, txn.External, txn.Claimed, 1250)
	claim.Answer.ApprovalCode = "a12345 "
	row := changed(rowOf(claim), func(r *Row) { r.Code = "A12345" })
	for name, c := range map[string]struct {
		row      Row
		want     []Class
		proposed bool
	}{
		"all three":                   {row, []Class{Matched}, false},
		"a day without a time":        {changed(row, func(r *Row) { r.At = time.Date(2026, 11, 1, 0, 0, 0, 0, china) }), []Class{Matched}, false},
		"another code":                {changed(row, func(r *Row) { r.Code = "A12346" }), []Class{Timing, BankOnly}, true},
		"another amount":              {changed(row, func(r *Row) { r.AmountMinor = 12_500 }), []Class{Timing, BankOnly}, true},
		"another currency":            {changed(row, func(r *Row) { r.Currency = "HKD" }), []Class{Timing, BankOnly}, true},
		"the code of an hour later":   {changed(row, func(r *Row) { r.At = r.At.Add(time.Hour) }), []Class{Timing, BankOnly}, false},
		"money that went back":        {changed(row, func(r *Row) { r.Kind = refund }), []Class{Timing, BankOnly}, false},
		"no code and another amount":  {changed(row, func(r *Row) { r.Code, r.AmountMinor = "", 12_500 }), []Class{Timing, BankOnly}, false},
		"no code and the same amount": {changed(row, func(r *Row) { r.Code = "" }), []Class{Timing, BankOnly}, true},
	} {
		items := Reconcile([]File{file(adyen, 1, c.row)}, Books{Attempts: []txn.Attempt{claim}, Accounts: accounts})
		if got := classesOf(items); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if last := items[len(items)-1]; c.proposed != slices.Equal(last.Proposed, []txn.ID{1}) {
			t.Errorf("%s: proposed to %v", name, last.Proposed)
		}
	}
}

// What somebody said to be declined is proposed, too: they may be wrong, and the bank has it then.
func TestARowMayBeOfWhatWasSaidToBeDeclined(t *testing.T) {
	said := paid(1, txn.Sale, txn.External, txn.Declined, 1250)
	files, books := []File{file(adyen, 1, rowOf(said))}, Books{Attempts: []txn.Attempt{said}, Accounts: accounts}
	items := Reconcile(files, books)
	if len(items) != 1 || !slices.Equal(items[0].Proposed, []txn.ID{1}) || items[0].Alone != 0 {
		t.Fatalf("%+v", items)
	}
	books.Linked = map[string]txn.ID{items[0].Key: 1}
	if items = Reconcile(files, books); len(items) != 1 || items[0].Class != Kept {
		t.Errorf("after a person gave it to the attempt: %+v", items)
	}
}

// A row stands alone with a claim where neither fits any other: many of those are taken at once, and none that could be another's.
func TestARowStandsAloneWithOneClaim(t *testing.T) {
	claim := func(id txn.ID, minor int64) txn.Attempt { return paid(id, txn.Sale, txn.External, txn.Claimed, minor) }
	a, b, c, d := claim(1, 1250), claim(2, 1250), claim(3, 900), claim(4, 400)
	another := changed(rowOf(d), func(r *Row) { r.Provider = "T99" })
	items := Reconcile([]File{file(adyen, 1, rowOf(a), rowOf(c), rowOf(d), another)}, Books{Attempts: []txn.Attempt{a, b, c, d}, Accounts: accounts})
	alone := map[string]txn.ID{}
	for _, i := range items {
		if i.Class == BankOnly {
			alone[i.Rows[0].Provider] = i.Alone
		}
	}
	if alone["T1"] != 0 || alone["T3"] != 3 || alone["T4"] != 0 || alone["T99"] != 0 || len(alone) != 4 {
		t.Errorf("%v", alone)
	}
	if s := Stand(items, nil); len(s.StandsAlone()) != 1 || s.StandsAlone()[0].Alone != 3 {
		t.Errorf("%+v", s.StandsAlone())
	}
}

// Once a person has given a row to a payment, the rows of what went back of it, and of what failed of it, are told by that row's numbers: before it or behind it in the file.
func TestWhatGoesBackFollowsTheRowOfItsPayment(t *testing.T) {
	p, back := paid(1, txn.Sale, txn.External, txn.Claimed, 1250), paid(5, txn.Refund, txn.External, txn.Claimed, 400)
	back.Original = 1
	given := changed(rowOf(back), func(r *Row) { r.Provider, r.ProviderRefund = "T1", "re_5" })
	cameBack := changed(given, func(r *Row) { r.Failed, r.At = true, r.At.Add(time.Minute) })
	key := rowKey(filed{Row: rowOf(p), format: stripe})
	for name, c := range map[string]struct {
		rows []Row
		want []Class
	}{
		"given back":                       {[]Row{given, rowOf(p)}, []Class{Matched, Matched}},
		"given back, and it came back":     {[]Row{cameBack, given, rowOf(p)}, []Class{Matched, Refused}},
		"given back there alone":           {[]Row{rowOf(p), changed(given, func(r *Row) { r.AmountMinor = 300 })}, []Class{State, Timing}},
		"a payment that failed afterwards": {[]Row{changed(rowOf(p), func(r *Row) { r.Failed = true }), rowOf(p), given}, []Class{Refused, Matched}},
	} {
		items := Reconcile([]File{file(stripe, 1, c.rows...)}, Books{Attempts: []txn.Attempt{p, back}, Linked: map[string]txn.ID{key: 1}})
		if got := classesOf(items); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Two payments of one order are two: a row is no other payment's because a person gave the first one to its own.
func TestPartsOfOneOrderAreTwoPayments(t *testing.T) {
	a, b := paid(1, txn.Sale, txn.External, txn.Claimed, 1250), paid(2, txn.Sale, txn.External, txn.Claimed, 800)
	first, second := changed(rowOf(a), func(r *Row) { r.Order = "sale-7" }), changed(rowOf(b), func(r *Row) { r.Order = "sale-7" })
	items := Reconcile([]File{file(square, 1, first, second)}, Books{Attempts: []txn.Attempt{a, b}, Linked: map[string]txn.ID{rowKey(filed{Row: first, format: square}): 1}})
	if got := classesOf(items); !slices.Equal(got, []Class{Matched, BankOnly}) || !slices.Equal(items[1].Proposed, []txn.ID{2}) {
		t.Errorf("%+v", items)
	}
}

// A terminal on a cable numbers its payments itself: its receipt and trace numbers together are found in its acquirer's file, one of them with day and amount; without either a person may say whose
// the row is.
func TestATerminalOnACableIsFoundByItsOwnNumbers(t *testing.T) {
	a := paid(2, txn.Sale, txn.Card, txn.Approved, 1250)
	a.Line, a.Answer.RRN = "zvt at tcp", "0012-000042-1101"
	bare := Row{Kind: payment, At: a.Opened(), AmountMinor: 1250, Currency: "CNY", Terminal: "62100001"}
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, china)
	for name, c := range map[string]struct {
		row      Row
		want     []Class
		proposed bool
	}{
		"both":                           {changed(bare, func(r *Row) { r.Receipt, r.STAN = 12, 42 }), []Class{Matched}, false},
		"both, booked two days later":    {changed(bare, func(r *Row) { r.Receipt, r.STAN, r.At = 12, 42, day.AddDate(0, 0, 2) }), []Class{Matched}, false},
		"both, with another amount":      {changed(bare, func(r *Row) { r.Receipt, r.STAN, r.AmountMinor = 12, 42, 1251 }), []Class{Amount}, false},
		"both, of another month":         {changed(bare, func(r *Row) { r.Receipt, r.STAN, r.At = 12, 42, day.AddDate(0, 0, 20) }), []Class{BankOnly}, false},
		"the trace and day":              {changed(bare, func(r *Row) { r.STAN, r.At = 42, day }), []Class{Matched}, false},
		"the trace, with another amount": {changed(bare, func(r *Row) { r.STAN, r.AmountMinor = 42, 1251 }), []Class{BankOnly}, false},
		"the receipt and day":            {changed(bare, func(r *Row) { r.Receipt, r.At = 12, day }), []Class{Matched}, false},
		"another trace":                  {changed(bare, func(r *Row) { r.Receipt, r.STAN = 12, 43 }), []Class{BankOnly}, true},
		"neither":                        {changed(bare, func(r *Row) { r.LastFour = "1234" }), []Class{BankOnly}, true},
	} {
		items := Reconcile([]File{file(Named, 1, c.row)}, Books{Attempts: []txn.Attempt{a}})
		if got := classesOf(items); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if last := items[len(items)-1]; c.proposed != slices.Equal(last.Proposed, []txn.ID{2}) {
			t.Errorf("%s: proposed to %v", name, last.Proposed)
		}
	}
}

// A shop that has another terminal or merchant number now keeps its old files: what attempts went under is its own.
func TestNumbersThatAttemptsCarryAreOurs(t *testing.T) {
	card, code := paid(2, txn.Sale, txn.Card, txn.Approved, 1250), paid(1, txn.Sale, txn.Code, txn.Approved, 800)
	now := map[Format]Account{ByCard: {Merchants: []string{"898000000000009"}, Terminals: []string{"00000009"}}, weChat: {Merchants: []string{"1900000999"}}}
	theirs := changed(rowOf(card), func(r *Row) { r.Terminal, r.RRN, r.STAN = "00000077", "7", 77 })
	files := []File{file(ByCard, 1, rowOf(card), theirs), file(weChat, 1, rowOf(code), changed(rowOf(code), func(r *Row) { r.Merchant, r.Order, r.Provider = "1900000110", "x", "y" }))}
	if got := classesOf(Reconcile(files, Books{Attempts: []txn.Attempt{code, card}, Accounts: now})); !slices.Equal(got, []Class{Matched, Matched, Anothers, Anothers}) {
		t.Errorf("%v", got)
	}
	card.Demo, code.Demo = true, true // a demonstration's numbers are nobody's
	if got := classesOf(Reconcile(files, Books{Attempts: []txn.Attempt{code, card}, Accounts: now})); !slices.Equal(got, []Class{Anothers, Anothers, Anothers, Anothers}) {
		t.Errorf("of a demonstration: %v", got)
	}
}

// Goods that pay for goods are settled by no bank: what a bank gives back of their sum is a difference at the payment.
func TestNoBankSettlesGoodsForGoods(t *testing.T) {
	p := paid(1, txn.Sale, txn.Card, txn.Approved, 1250)
	goods := paid(2, txn.Refund, txn.Exchange, txn.Approved, 1250)
	goods.Original = 1
	back := changed(rowOf(p), func(r *Row) { r.Kind, r.STAN, r.ProviderRefund = refund, 0, "9" })
	items := Reconcile([]File{file(ByCard, 1, rowOf(p), back)}, Books{Attempts: []txn.Attempt{p, goods}})
	if len(items) != 1 || items[0].Class != State {
		t.Errorf("%+v", items)
	}
}

// With two accounts at one wallet each file covers its own: a payment of the other account is not missing there.
func TestTheFileOfAnotherAccountCoversNothing(t *testing.T) {
	a, b := paid(1, txn.Sale, txn.Code, txn.Approved, 1250), paid(2, txn.Sale, txn.Code, txn.Approved, 800)
	b.Line = "wechat 1900000110 at api.mch.weixin.qq.com"
	both := map[Format]Account{weChat: {Merchants: []string{"1900000109", "1900000110"}}}
	of := func(merchant string, day int) File {
		f := file(weChat, day)
		f.Rows[0].Merchant = merchant
		return f
	}
	for name, c := range map[string]struct {
		files []File
		want  Class
	}{
		"the first account's files":  {[]File{file(weChat, 1, rowOf(a)), of("1900000109", 2), of("1900000109", 3)}, ""},
		"its own, not there yet":     {[]File{file(weChat, 1, rowOf(a)), of("1900000110", 1), of("1900000109", 2), of("1900000109", 3)}, Timing},
		"two of its own without it":  {[]File{of("1900000110", 1), of("1900000110", 2), of("1900000110", 3)}, Overdue},
		"of a merchant nobody knows": {[]File{of("77", 1), of("77", 2), of("77", 3)}, Overdue},
	} {
		var got Class
		for _, i := range Reconcile(c.files, Books{Attempts: []txn.Attempt{a, b}, Accounts: both}) {
			if i.Attempt == b.ID {
				got = i.Class
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	a.Line, b.Line = "alipay 20210001 at openapi.alipay.com", "alipay 20210002 at openapi.alipay.com" // whose files name no merchant: their payments do
	mine := changed(rowOf(a), func(r *Row) { r.Merchant = "" })
	later := func(day int) File {
		return file(alipay, day, changed(mine, func(r *Row) { r.At, r.Order, r.Provider = r.At.AddDate(0, 0, day-1), "o", "p" }))
	}
	items := Reconcile([]File{file(alipay, 1, mine), later(1)}, Books{Attempts: []txn.Attempt{a, b}})
	if len(items) != 3 || items[0].Class != Matched || items[1].Attempt != b.ID || items[1].Class != Timing {
		t.Errorf("%+v", items)
	}
}

// A refund of which nobody knew is done where a file has it as done, and nothing says that it failed since or is under way.
func TestARefundIsDoneWhereNothingSaysOtherwise(t *testing.T) {
	p, back := paid(1, txn.Sale, txn.Code, txn.Approved, 1250), paid(3, txn.Refund, txn.Code, txn.Unresolved, 500)
	back.Original = 1
	done := rowOf(back)
	waits := changed(done, func(r *Row) { r.Waits = true })
	cameBack := changed(done, func(r *Row) { r.Failed, r.At = true, r.At.Add(time.Hour) })
	for name, c := range map[string]struct {
		files []File
		want  int
	}{
		"done":                           {[]File{file(weChat, 1, rowOf(p), done)}, 1},
		"under way":                      {[]File{file(weChat, 1, rowOf(p), waits)}, 0},
		"under way, and done since":      {[]File{file(weChat, 1, rowOf(p), waits), file(weChat, 2, done)}, 1},
		"done, and it came back":         {[]File{file(weChat, 1, rowOf(p), done, cameBack)}, 0},
		"it failed, and was done behind": {[]File{file(weChat, 1, rowOf(p), changed(cameBack, func(r *Row) { r.At = done.At.Add(-time.Hour) }), done)}, 1},
		"another amount":                 {[]File{file(weChat, 1, rowOf(p), changed(done, func(r *Row) { r.AmountMinor-- }))}, 0},
	} {
		s := Stand(Reconcile(c.files, Books{Attempts: []txn.Attempt{p, back}}), nil)
		if got := s.Refunds(); len(got) != c.want {
			t.Errorf("%s: %+v, want %d", name, s.Items, c.want)
		}
	}
}

// A fee is of what the shop gets; it may have a sum on top and a bound, and agrees with any of several rates.
func TestAFeeAgreesWithAnyRate(t *testing.T) {
	p := paid(1, txn.Sale, txn.Code, txn.Approved, 10_000)
	for name, c := range map[string]struct {
		rates  []Rate
		off    int64
		feeE3  int64
		want   Class
		dueE3  int64
		amount int64
	}{
		"percent and a sum":       {[]Rate{{PPM: 29_000, FixedMinor: 30}}, 0, 320_000, Matched, 0, 10_000},
		"without the sum":         {[]Rate{{PPM: 29_000, FixedMinor: 30}}, 0, 290_000, Fee, 320_000, 10_000},
		"at most":                 {[]Rate{{PPM: 5_000, MostMinor: 20}}, 0, 20_000, Matched, 0, 10_000},
		"above the most":          {[]Rate{{PPM: 5_000, MostMinor: 20}}, 0, 50_000, Fee, 20_000, 10_000},
		"of the second rate":      {[]Rate{{PPM: 3_800}, {PPM: 6_000}}, 0, 60_000, Matched, 0, 10_000},
		"of none":                 {[]Rate{{PPM: 3_800}, {PPM: 6_000}}, 0, 57_000, Fee, 60_000, 10_000},
		"of what the shop gets":   {[]Rate{{PPM: 6_000}}, 2_000, 48_000, Matched, 0, 10_000},
		"of what the coupon paid": {[]Rate{{PPM: 6_000}}, 2_000, 60_000, Fee, 48_000, 10_000},
	} {
		row := changed(rowOf(p), func(r *Row) { r.FeeE3, r.HasFee, r.OffMinor = c.feeE3, true, c.off })
		items := Reconcile([]File{file(weChat, 1, row)}, Books{Attempts: []txn.Attempt{p}, Rates: map[Format][]Rate{weChat: c.rates}})
		if items[0].Class != c.want || items[0].DueE3 != c.dueE3 {
			t.Errorf("%s: %s, %d due", name, items[0].Class, items[0].DueE3)
		}
	}
}

// A day brings what the shop gets: coupons of its own and fees come to no account. Sums of a class are payments less what went back.
func TestADayBringsWhatTheShopGets(t *testing.T) {
	p, back := paid(1, txn.Sale, txn.Code, txn.Approved, 10_000), paid(2, txn.Refund, txn.Code, txn.Approved, 5_000)
	back.Original = 1
	rows := []Row{changed(rowOf(p), func(r *Row) { r.OffMinor, r.FeeE3 = 2_000, 48_000 }), changed(rowOf(back), func(r *Row) { r.OffMinor, r.FeeE3 = 1_000, -24_000 })}
	attempts := []txn.Attempt{p, back}
	items := Reconcile([]File{file(weChat, 1, rows...)}, Books{Attempts: attempts})
	lines := ByDay(items, attempts, "2026-11-01", "2026-11-01", china)
	if len(lines) != 1 || lines[0].Till.AmountMinor != 5_000 || lines[0].Bank.AmountMinor != 5_000 || lines[0].NetMinor != 8_000-48-(4_000-24) {
		t.Errorf("%+v", lines)
	}
	if sums := Stand(items, nil).Sums; len(sums) != 1 || sums[0].TillMinor != 5_000 || sums[0].BankMinor != 5_000 {
		t.Errorf("%+v", sums)
	}
}
