package clearing

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"veratill/txn"
	"veratill/txn/money"
)

var day = time.Date(2026, 11, 1, 8, 0, 0, 0, china)

// paid is an attempt of that day.
func paid(id txn.ID, kind txn.Kind, tender txn.Tender, state txn.State, minor int64) txn.Attempt {
	at := day.Add(time.Duration(id) * time.Minute)
	a := txn.Attempt{ID: id, Kind: kind, Tender: tender, State: state, Batch: 3, Terminal: "00000001", Merchant: "898000000000001", Amount: money.Amount{Minor: minor, Currency: "CNY"},
		OpenedMs: at.UnixMilli(), EndedMs: at.UnixMilli(), ZoneSeconds: 8 * 3600}
	switch tender {
	case txn.Code:
		a.Line, a.Reference = "wechat 1900000109 at api.mch.weixin.qq.com", fmt.Sprintf("261101%06dAAAAAAAAAAAA", id)
	case txn.Card:
		a.Line, a.Answer.RRN = "unionpay", fmt.Sprintf("%012d", 700000+id)
	case txn.External:
		a.Line = "separate"
	}
	return a
}

var accounts = map[Format]Account{
	weChat: {Merchants: []string{"1900000109"}}, ByCard: {Merchants: []string{"898000000000001"}, Terminals: []string{"00000001"}}, adyen: {Lines: []string{"separate"}},
}

// rowOf is the row of an attempt in its provider's file.
func rowOf(a txn.Attempt) Row {
	r := Row{Kind: payment, At: a.Opened(), AmountMinor: a.Amount.Minor, Currency: a.Amount.Currency}
	if a.Kind != txn.Sale {
		r.Kind = refund
	}
	switch a.Tender {
	case txn.Code:
		r.Provider, r.Merchant = "420000"+a.ID.String(), "1900000109"
		if r.Order = a.Reference; r.Kind == refund {
			r.RefundOrder, r.ProviderRefund = a.Reference, "50000"+a.ID.String()
		}
	case txn.Card:
		r.Terminal, r.Merchant, r.Batch, r.STAN, r.RRN = a.Terminal, a.Merchant, a.Batch, a.ID.STAN(), a.Answer.RRN
	case txn.External:
		r.Provider, r.LastFour = "T"+a.ID.String(), "1234"
	}
	return r
}

func file(f Format, dayOfMonth int, rows ...Row) File {
	day := fmt.Sprintf("2026-11-%02d", dayOfMonth)
	if len(rows) == 0 {
		rows = []Row{{Kind: payment, At: time.Date(2026, 11, dayOfMonth, 12, 0, 0, 0, china), AmountMinor: 1, Currency: "CNY", Provider: fmt.Sprint("else", dayOfMonth), Merchant: "1900000109"}}
	}
	return File{Format: f, Currency: "CNY", Rows: rows, From: day, To: day}
}

// changed is a row with something else in it.
func changed(r Row, change func(*Row)) Row {
	change(&r)
	return r
}

// Each class is what these books and files amount to, and nothing else is.
func TestEachClassIsTold(t *testing.T) {
	pay := func(state txn.State) txn.Attempt { return paid(1, txn.Sale, txn.Code, state, 1250) }
	card := paid(2, txn.Sale, txn.Card, txn.Approved, 1250)
	back := func(state txn.State) txn.Attempt {
		a := paid(3, txn.Refund, txn.Code, state, 500)
		a.Original = 1
		return a
	}
	undone := changed(rowOf(pay(txn.Approved)), func(r *Row) { r.Kind, r.Undone, r.ProviderRefund = refund, true, "51" })
	for name, c := range map[string]struct {
		books []txn.Attempt
		files []File
		want  []Class
	}{
		"the same":                                 {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1, rowOf(pay(txn.Approved)))}, []Class{Matched}},
		"by terminal, batch and STAN":              {[]txn.Attempt{card}, []File{file(ByCard, 1, changed(rowOf(card), func(r *Row) { r.RRN = "" }))}, []Class{Matched}},
		"by RRN":                                   {[]txn.Attempt{card}, []File{file(ByCard, 1, changed(rowOf(card), func(r *Row) { r.STAN, r.Batch = 0, 0 }))}, []Class{Matched}},
		"undone here, kept there":                  {[]txn.Attempt{pay(txn.Reversed)}, []File{file(weChat, 1, rowOf(pay(txn.Approved)))}, []Class{Kept}},
		"declined here, kept there":                {[]txn.Attempt{pay(txn.Declined)}, []File{file(weChat, 1, rowOf(pay(txn.Approved)))}, []Class{Kept}},
		"undone on both sides":                     {[]txn.Attempt{pay(txn.Reversed)}, []File{file(weChat, 1, rowOf(pay(txn.Approved)), undone)}, []Class{Netted}},
		"undone there alone":                       {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1, rowOf(pay(txn.Approved)), undone)}, []Class{State}},
		"not known here":                           {[]txn.Attempt{pay(txn.Reversing)}, []File{file(weChat, 1, rowOf(pay(txn.Approved)))}, []Class{Unknown}},
		"a refund not known here":                  {[]txn.Attempt{pay(txn.Approved), back(txn.Unresolved)}, []File{file(weChat, 1, rowOf(pay(txn.Approved)), rowOf(back(txn.Approved)))}, []Class{Matched, Unknown}},
		"a refund declined here":                   {[]txn.Attempt{pay(txn.Approved), back(txn.Declined)}, []File{file(weChat, 1, rowOf(pay(txn.Approved)), rowOf(back(txn.Approved)))}, []Class{Matched, State}},
		"declined on both sides":                   {[]txn.Attempt{pay(txn.Declined)}, []File{file(weChat, 1)}, []Class{BankOnly}},
		"another amount":                           {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1, changed(rowOf(pay(txn.Approved)), func(r *Row) { r.AmountMinor++ }))}, []Class{Amount}},
		"another currency":                         {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1, changed(rowOf(pay(txn.Approved)), func(r *Row) { r.Currency = "HKD" }))}, []Class{Currency}},
		"refused in clearing":                      {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1, changed(rowOf(pay(txn.Approved)), func(r *Row) { r.Failed = true }))}, []Class{Refused}},
		"under two numbers":                        {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1, rowOf(pay(txn.Approved)), changed(rowOf(pay(txn.Approved)), func(r *Row) { r.Provider = "42999" }))}, []Class{Twice}},
		"a row of no attempt":                      {nil, []File{file(weChat, 1)}, []Class{BankOnly}},
		"another terminal's":                       {[]txn.Attempt{card}, []File{file(ByCard, 1, rowOf(card), changed(rowOf(card), func(r *Row) { r.Terminal, r.RRN, r.STAN = "00000009", "1", 77 }))}, []Class{Matched, Anothers}},
		"another terminal's with our numbers":      {[]txn.Attempt{card}, []File{file(ByCard, 1, changed(rowOf(card), func(r *Row) { r.Terminal = "00000009" }))}, []Class{Timing, Anothers}},
		"another merchant's with our number":       {[]txn.Attempt{pay(txn.Declined)}, []File{file(weChat, 1, changed(rowOf(pay(txn.Approved)), func(r *Row) { r.Merchant = "1900000110" }))}, []Class{Anothers}},
		"another merchant's":                       {[]txn.Attempt{card}, []File{file(ByCard, 1, rowOf(card), changed(rowOf(card), func(r *Row) { r.Merchant, r.RRN, r.STAN = "12", "1", 77 }))}, []Class{Matched, Anothers}},
		"not there yet":                            {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1), file(weChat, 2)}, []Class{Timing, BankOnly, BankOnly}},
		"not there after two files":                {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1), file(weChat, 2), file(weChat, 3)}, []Class{Overdue, BankOnly, BankOnly, BankOnly}},
		"there in the next file":                   {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1), file(weChat, 2, rowOf(pay(txn.Approved)))}, []Class{Matched, BankOnly}},
		"a day that no file covers":                {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 2)}, []Class{BankOnly}},
		"a file of another provider":               {[]txn.Attempt{pay(txn.Approved)}, []File{file(alipay, 1)}, []Class{BankOnly}},
		"the same file again":                      {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1, rowOf(pay(txn.Approved))), file(weChat, 1, rowOf(pay(txn.Approved)))}, []Class{Matched}},
		"cash":                                     {[]txn.Attempt{paid(1, txn.Sale, txn.Cash, txn.Approved, 1250)}, []File{file(weChat, 1, rowOf(pay(txn.Approved)))}, []Class{BankOnly}},
		"a number that comes again":                {[]txn.Attempt{card}, []File{file(ByCard, 1, changed(rowOf(card), func(r *Row) { r.At = r.At.AddDate(0, 2, 0) }))}, []Class{Timing, BankOnly}},
		"a number that another terminal gave, too": {[]txn.Attempt{paid(2, txn.Sale, txn.External, txn.Claimed, 1250)}, []File{file(ByCard, 1, changed(rowOf(card), func(r *Row) { r.RRN = "" }))}, []Class{BankOnly}},
		"a number that a card terminal never gave": {[]txn.Attempt{func() txn.Attempt { a := card; a.Line, a.Answer.RRN = "zvt at tcp", "0012-000042-1101"; return a }()}, []File{file(ByCard, 1, rowOf(card))}, []Class{Timing, BankOnly}},
		"given back there, paid in no file":        {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1, undone)}, []Class{State}},
		"refused there, and given back":            {[]txn.Attempt{pay(txn.Approved)}, []File{file(weChat, 1, changed(rowOf(pay(txn.Approved)), func(r *Row) { r.Failed = true }), undone)}, []Class{Refused}},
		"a demonstration is owed none":             {[]txn.Attempt{func() txn.Attempt { a := pay(txn.Approved); a.Demo = true; return a }()}, []File{file(weChat, 1)}, []Class{BankOnly}},
	} {
		var got []Class
		for _, i := range Reconcile(c.files, Books{Attempts: c.books, Accounts: accounts}) {
			got = append(got, i.Class)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Whatever rows a file has and lacks, each attempt is told once at most, and no file is too odd to be judged.
func TestAnyRowsAreJudged(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var books []txn.Attempt
		var rows []Row
		for n := range rapid.IntRange(1, 6).Draw(r, "attempts") {
			a := paid(txn.ID(n+1), rapid.SampledFrom(txn.Kinds).Draw(r, "kind"), rapid.SampledFrom(txn.Tenders).Draw(r, "tender"),
				rapid.SampledFrom(txn.States).Draw(r, "state"), rapid.Int64Range(1, 3).Draw(r, "amount"))
			if a.Kind != txn.Sale {
				a.Original = txn.ID(rapid.IntRange(0, n).Draw(r, "original"))
			}
			books = append(books, a)
			for range rapid.IntRange(0, 2).Draw(r, "rows") {
				rows = append(rows, changed(rowOf(a), func(row *Row) {
					row.Kind = rapid.SampledFrom([]Kind{payment, refund}).Draw(r, "row")
					row.Failed, row.Undone = rapid.Bool().Draw(r, "failed"), rapid.Bool().Draw(r, "undone")
					row.AmountMinor += rapid.Int64Range(0, 1).Draw(r, "more")
					row.At = row.At.Add(time.Duration(rapid.IntRange(-2, 2).Draw(r, "hours")) * time.Hour)
				}))
			}
		}
		cut := rapid.IntRange(0, len(rows)).Draw(r, "in the first file")
		formats := rapid.SampledFrom([]Format{weChat, alipay, ByCard, adyen})
		files := []File{file(formats.Draw(r, "format"), 1, rows[:cut]...), file(formats.Draw(r, "format"), 2, rows[cut:]...)}
		told := map[txn.ID]bool{}
		items := Reconcile(files, Books{Attempts: books, Accounts: accounts})
		for _, i := range items {
			if i.Class == "" || i.Class != TwiceInFile && i.Attempt != 0 && told[i.Attempt] {
				r.Errorf("%+v", i)
			}
			told[i.Attempt] = true
		}
		ByDay(items, books, "2026-11-01", "2026-11-02", china)
	})
}

// A void here and nothing there is one with the payment that it undid: both are gone.
func TestAVoidedPaymentMayBeGoneOnBothSides(t *testing.T) {
	p := paid(1, txn.Sale, txn.Card, txn.Voided, 1250)
	v := paid(2, txn.Void, txn.Card, txn.Approved, 1250)
	v.Original = 1
	classes := func(rows ...Row) (got []Class) {
		for _, i := range Reconcile([]File{file(ByCard, 1, rows...)}, Books{Attempts: []txn.Attempt{p, v}}) {
			if i.Attempt != 0 {
				got = append(got, i.Class)
			}
		}
		return got
	}
	if got := classes(changed(rowOf(p), func(r *Row) { r.RRN, r.STAN = "x1", 999 })); !slices.Equal(got, []Class{Netted, Netted}) {
		t.Errorf("neither is there: %v", got)
	}
	if got := classes(rowOf(p), rowOf(v)); !slices.Equal(got, []Class{Matched, Matched}) {
		t.Errorf("both are there: %v", got)
	}
	if got := classes(rowOf(p)); !slices.Equal(got, []Class{Matched, Timing}) {
		t.Errorf("the void is not there yet: %v", got)
	}
	if got := classes(rowOf(p), changed(rowOf(v), func(r *Row) { r.RRN, r.STAN, r.Batch, r.Order = "", 0, 0, ""; r.RRN = p.Answer.RRN })); !slices.Equal(got, []Class{Matched, Matched}) {
		t.Errorf("the void names its payment alone: %v", got)
	}
}

// Several refunds of one payment, and refunds of equal amounts, each find their own.
func TestRefundsOfOnePaymentFindTheirOwn(t *testing.T) {
	p := paid(1, txn.Sale, txn.Code, txn.Approved, 3000)
	books, rows := []txn.Attempt{p}, []Row{rowOf(p)}
	for id := txn.ID(2); id < 6; id++ {
		r := paid(id, txn.Refund, txn.Code, txn.Approved, 500)
		r.Original = 1
		books, rows = append(books, r), append(rows, rowOf(r))
	}
	slices.Reverse(rows)
	for _, i := range Reconcile([]File{file(weChat, 1, rows...)}, Books{Attempts: books}) {
		if i.Class != Matched || len(i.Rows) != 1 {
			t.Errorf("%+v", i)
		}
	}
	// one more than was given back here is told
	extra := changed(rows[0], func(r *Row) { r.RefundOrder, r.ProviderRefund, r.Order = "", "99", p.Reference })
	items := Reconcile([]File{file(weChat, 1, append(rows, extra)...)}, Books{Attempts: books})
	if items[0].Class != State {
		t.Errorf("a refund that the till never made: %+v", items[0])
	}
}

func TestAFeeMayDifferByACent(t *testing.T) {
	p := paid(1, txn.Sale, txn.Code, txn.Approved, 10000)
	for fee, want := range map[int64]Class{38_000: Matched, 39_000: Matched, 37_000: Matched, 39_001: Fee, 36_999: Fee} {
		row := changed(rowOf(p), func(r *Row) { r.FeeE3, r.HasFee = fee, true })
		items := Reconcile([]File{file(weChat, 1, row)}, Books{Attempts: []txn.Attempt{p}, Rates: map[Format][]Rate{weChat: {{PPM: 3800}}}})
		if items[0].Class != want {
			t.Errorf("a fee of %d thousandths where 38000 are agreed: %s", fee, items[0].Class)
		}
	}
}

// Amount, last four digits and time are no proof: they propose, and a person gives the row to its attempt.
func TestAPersonDecidesWhatLooksAlike(t *testing.T) {
	a, b := paid(1, txn.Sale, txn.External, txn.Claimed, 1250), paid(2, txn.Sale, txn.External, txn.Claimed, 1250)
	files := []File{file(adyen, 1, rowOf(a))}
	items := Reconcile(files, Books{Accounts: accounts, Attempts: []txn.Attempt{a, b}})
	if len(items) != 3 || items[0].Class != Timing || items[2].Class != BankOnly || !slices.Equal(items[2].Proposed, []txn.ID{1, 2}) {
		t.Fatalf("%+v", items)
	}
	items = Reconcile(files, Books{Accounts: accounts, Attempts: []txn.Attempt{a, b}, Linked: map[string]txn.ID{items[2].Key: 2}})
	if len(items) != 2 || items[0].Class != Timing || items[1].Class != Matched || !items[1].ByPerson {
		t.Errorf("after a person gave it to attempt 2: %+v", items)
	}
	late := changed(rowOf(a), func(r *Row) { r.At = r.At.Add(16 * time.Minute).Add(time.Minute) })
	if items := Reconcile([]File{file(adyen, 1, late)}, Books{Accounts: accounts, Attempts: []txn.Attempt{a}}); len(items[1].Proposed) != 0 {
		t.Errorf("more than a quarter of an hour away: %+v", items[1])
	}
}

// A row that stands in its file twice is told, and counts once.
func TestARowThatComesTwiceCountsOnce(t *testing.T) {
	p := paid(1, txn.Sale, txn.Code, txn.Approved, 1250)
	f := file(weChat, 1, rowOf(p))
	f.Twice = []Row{rowOf(p)}
	items := Reconcile([]File{f}, Books{Attempts: []txn.Attempt{p}})
	if len(items) != 2 || items[0].Class != Matched || items[1].Class != TwiceInFile || items[1].Attempt != 1 {
		t.Errorf("%+v", items)
	}
	lines := ByDay(items, []txn.Attempt{p}, "2026-11-01", "2026-11-02", china)
	if len(lines) != 1 || lines[0].Till != (Sum{1, 1250}) || lines[0].Bank != (Sum{1, 1250}) || lines[0].Differences != 1 {
		t.Errorf("%+v", lines)
	}
}

// A day has what no file speaks of by its tender, within the days of the files, and only money that moved.
func TestADayHasWhatNoFileSpeaksOf(t *testing.T) {
	code, cash, back := paid(1, txn.Sale, txn.Code, txn.Approved, 1250), paid(2, txn.Sale, txn.Cash, txn.Approved, 500), paid(3, txn.Refund, txn.Cash, txn.Approved, 200)
	refused, card := paid(4, txn.Sale, txn.Card, txn.Declined, 900), paid(5, txn.Sale, txn.Card, txn.Approved, 7000)
	shown := paid(6, txn.Sale, txn.Cash, txn.Approved, 100)
	shown.Demo = true
	late := paid(7, txn.Sale, txn.Cash, txn.Approved, 100)
	late.OpenedMs += 40 * 3_600_000
	attempts := []txn.Attempt{code, cash, back, refused, card, shown, late}
	items := Reconcile([]File{file(weChat, 1, rowOf(code))}, Books{Attempts: attempts})
	want := []DayLine{
		{Day: "2026-11-01", Format: weChat, Till: Sum{1, 1250}, Bank: Sum{1, 1250}, NetMinor: 1250},
		{Day: "2026-11-01", Tender: txn.Card, Till: Sum{1, 7000}},
		{Day: "2026-11-01", Tender: txn.Cash, Till: Sum{2, 300}},
	}
	if got := ByDay(items, attempts, "2026-11-01", "2026-11-01", china); !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Providers' files overlap by a day: a row that an earlier file had counts once, whether an attempt explains it or none.
func TestARowOfOverlappingFilesCountsOnce(t *testing.T) {
	p, stranger := paid(1, txn.Sale, txn.Code, txn.Approved, 1250), rowOf(paid(9, txn.Sale, txn.Code, txn.Approved, 300))
	first, second := file(weChat, 1, rowOf(p), stranger), file(weChat, 1, rowOf(p), stranger)
	second.To = "2026-11-02"
	items := Reconcile([]File{first, second}, Books{Attempts: []txn.Attempt{p}})
	if len(items) != 2 || items[0].Class != Matched || len(items[0].Rows) != 1 || items[1].Class != BankOnly {
		t.Errorf("%+v", items)
	}
	lines := ByDay(items, []txn.Attempt{p}, "2026-11-01", "2026-11-02", china)
	if len(lines) != 1 || lines[0].Till != (Sum{1, 1250}) || lines[0].Bank != (Sum{2, 1550}) {
		t.Errorf("%+v", lines)
	}
}

// A payment by a person's word is cleared once a file has it; whatever else is a difference, or rests on no word, is not.
func TestAClaimIsClearedByItsMatch(t *testing.T) {
	claim := func(id txn.ID, state txn.State) txn.Attempt {
		a := paid(id, txn.Sale, txn.External, state, 1250)
		a.Answer.RRN = fmt.Sprintf("%012d", 800000+id)
		return a
	}
	row := func(a txn.Attempt) Row { return changed(rowOf(a), func(r *Row) { r.RRN = a.Answer.RRN }) }
	matched, unnamed, more, missing := claim(1, txn.Claimed), claim(2, txn.Claimed), claim(3, txn.Claimed), claim(4, txn.Claimed)
	cleared, card := claim(5, txn.Approved), paid(6, txn.Sale, txn.Card, txn.Approved, 700)
	unnamed.Answer.RRN = ""
	files := []File{file(adyen, 1, row(matched), row(unnamed), changed(row(more), func(r *Row) { r.AmountMinor++ }), row(cleared)), file(ByCard, 1, rowOf(card))}
	books := Books{Accounts: accounts, Attempts: []txn.Attempt{matched, unnamed, more, missing, cleared, card}}
	if ids := Stand(Reconcile(files, books), nil).Claims(); !slices.Equal(ids, []txn.ID{1}) {
		t.Errorf("claims that the files have: %v, want [1]", ids)
	}
	if ids := Stand(Reconcile(nil, books), nil).Claims(); len(ids) != 0 {
		t.Errorf("without a file %v are cleared", ids)
	}
}

// An answer is of the difference as it was: one that has become something else since is open again.
func TestAnAnswerIsOfItsClass(t *testing.T) {
	p := paid(1, txn.Sale, txn.Code, txn.Approved, 1250)
	books := Books{Attempts: []txn.Attempt{p}}
	late, files := Reconcile([]File{file(weChat, 1)}, books), []File{file(weChat, 1), file(weChat, 2), file(weChat, 3)}
	overdue := Reconcile(files, books)
	if late[0].Class != Timing || overdue[0].Class != Overdue || late[0].Key != overdue[0].Key {
		t.Fatalf("%+v %+v", late[0], overdue[0])
	}
	closed := []txn.Answered{{Key: late[0].Key, Class: string(Timing), Owner: "li", Closed: true}}
	if d, _ := Stand(late, closed).Find(late[0].Key); d.Open || d.Answer == nil {
		t.Errorf("closed as what it still is: %+v", d)
	}
	if d, _ := Stand(overdue, closed).Find(late[0].Key); !d.Open || d.Answer != nil {
		t.Errorf("closed while it could still come, and overdue since: %+v", d)
	}
	again := append(closed, txn.Answered{Key: late[0].Key, Class: string(Overdue), Owner: "li"})
	if d, _ := Stand(overdue, again).Find(late[0].Key); !d.Open || d.Answer == nil || d.Answer.Class != string(Overdue) {
		t.Errorf("answered anew, and not closed: %+v", d)
	}
}

// A void that the bank never made leaves the customer charged: the payment is kept there once two files came without the void, in whatever file the payment is. A
// payment that its terminal undid by itself has no void at all.
func TestAVoidThatTheBankNeverMadeIsTold(t *testing.T) {
	p, v := paid(1, txn.Sale, txn.Card, txn.Voided, 5000), paid(2, txn.Void, txn.Card, txn.Approved, 5000)
	p.VoidedBy, v.Original = 2, 1
	undone := paid(3, txn.Sale, txn.Card, txn.Voided, 700)
	undone.Line, undone.Answer.RRN = "zvt at tcp", "700003"
	back := changed(rowOf(undone), func(r *Row) { r.Kind, r.STAN, r.At = refund, 0, r.At.Add(time.Minute) })
	other := func(day int) File {
		return file(Named, day, Row{Kind: payment, At: time.Date(2026, 11, day, 12, 0, 0, 0, china), AmountMinor: 1, Currency: "CNY", RRN: fmt.Sprint("9", day)})
	}
	for name, c := range map[string]struct {
		books []txn.Attempt
		files []File
		want  []Class
	}{
		"the void is not there yet":              {[]txn.Attempt{p, v}, []File{file(Named, 1, rowOf(p)), other(2)}, []Class{Matched, Timing}},
		"two files came without the void":        {[]txn.Attempt{p, v}, []File{file(Named, 1, rowOf(p)), other(2), other(3)}, []Class{Kept, Overdue}},
		"an acquirer's two files":                {[]txn.Attempt{p, v}, []File{file(ByCard, 1, rowOf(p)), file(ByCard, 2), file(ByCard, 3)}, []Class{Kept, Overdue}},
		"the void is there":                      {[]txn.Attempt{p, v}, []File{file(Named, 1, rowOf(p), rowOf(v)), other(2), other(3)}, []Class{Matched, Matched}},
		"undone by its terminal, and kept":       {[]txn.Attempt{undone}, []File{file(Named, 1, rowOf(undone))}, []Class{Kept}},
		"undone by its terminal, and undone":     {[]txn.Attempt{undone}, []File{file(Named, 1, rowOf(undone), back)}, []Class{Netted}},
		"undone by its terminal, and in no file": {[]txn.Attempt{undone}, []File{file(ByCard, 1), file(ByCard, 2), file(ByCard, 3)}, nil},
	} {
		var got []Class
		items := Reconcile(c.files, Books{Attempts: c.books})
		for _, i := range items {
			if i.Attempt != 0 {
				got = append(got, i.Class)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		var till int64
		for _, line := range ByDay(items, c.books, "2026-11-01", "2026-11-01", china) {
			till += line.Till.AmountMinor
		}
		if till != 0 {
			t.Errorf("%s: the till's day is %d, want 0: nothing is left of it", name, till)
		}
	}
}

// A table that has payments of a line has to have the others of it, too, where no other provider's files are there for them.
func TestATableWithALineHasAllOfIt(t *testing.T) {
	a, b := paid(1, txn.Sale, txn.Card, txn.Approved, 1000), paid(2, txn.Sale, txn.Card, txn.Approved, 3091)
	for name, c := range map[string]struct {
		files []File
		want  Class
	}{
		"one of two":                          {[]File{file(Named, 1, rowOf(a))}, Timing},
		"and the acquirer's file has it":      {[]File{file(Named, 1, rowOf(a)), file(ByCard, 1, rowOf(b))}, Matched},
		"no file has any payment of its line": {[]File{file(Named, 1, Row{Kind: payment, At: day, AmountMinor: 1, Currency: "CNY", RRN: "9"})}, ""},
	} {
		var got Class
		for _, i := range Reconcile(c.files, Books{Attempts: []txn.Attempt{a, b}}) {
			if i.Attempt == b.ID {
				got = i.Class
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A file that has a payment of a separate terminal has to have what went back of it, although nobody says whose files its other payments are in.
func TestAFileWithAPaymentHasItsRefund(t *testing.T) {
	p, back := paid(1, txn.Sale, txn.External, txn.Claimed, 1000), paid(2, txn.Refund, txn.External, txn.Claimed, 400)
	p.Answer.RRN, back.Original = "800001", 1
	row := changed(rowOf(p), func(r *Row) { r.RRN = p.Answer.RRN })
	for n, want := range [][]Class{{Matched, Timing}, {Matched, Timing}, {Matched, Overdue}} {
		files := []File{file(Named, 1, row), file(Named, 2), file(Named, 3)}[:n+1]
		var got []Class
		for _, i := range Reconcile(files, Books{Attempts: []txn.Attempt{p, back}}) {
			if i.Attempt != 0 {
				got = append(got, i.Class)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d files: %v, want %v", n+1, got, want)
		}
	}
}

// A table names its terminals and merchants by number or by name: a number that is not ours is another's, and a name says nothing.
func TestATableOfAnotherTerminalIsAnothers(t *testing.T) {
	a := paid(1, txn.Sale, txn.Card, txn.Approved, 3091)
	ours := map[Format]Account{Named: {Merchants: []string{"000000000000123"}, Terminals: []string{"T0006101"}}}
	for of, want := range map[[2]string][]Class{
		{"999999999999999", "X0000001"}: {Anothers}, {"000000000000123", "X0000001"}: {Anothers}, {"999999999999999", ""}: {Anothers},
		{"000000000000123", "T0006101"}: {Matched}, {"123", "T0006101"}: {Matched}, {"My shop 24", "Till by the door"}: {Matched}, {"", ""}: {Matched}, {"Corner", "Till"}: {Matched},
	} {
		row := changed(rowOf(a), func(r *Row) { r.Merchant, r.Terminal = of[0], of[1] })
		var got []Class
		for _, i := range Reconcile([]File{file(Named, 1, row)}, Books{Attempts: []txn.Attempt{a}, Accounts: ours}) {
			got = append(got, i.Class)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: %v, want %v", of, got, want)
		}
	}
}

// A row that names another terminal is not the one of an earlier file that names none.
func TestARowOfAnotherTerminalIsNoRowOfOurs(t *testing.T) {
	a := paid(1, txn.Sale, txn.Card, txn.Approved, 3091)
	silent := changed(rowOf(a), func(r *Row) { r.Merchant, r.Terminal, r.STAN = "", "", 0 })
	theirs := changed(silent, func(r *Row) { r.Terminal = "X0000001" })
	items := Reconcile([]File{file(Named, 1, silent), file(Named, 1, theirs)}, Books{Attempts: []txn.Attempt{a}, Accounts: map[Format]Account{Named: {Terminals: []string{"T0006101"}}}})
	if len(items) != 2 || items[0].Class != Matched || items[1].Class != Anothers {
		t.Errorf("%+v", items)
	}
}

// What the bank gave back twice, or without ever taking it, is the shop's money: a difference, with what is missing.
func TestWhatWasGivenBackTooOftenIsTold(t *testing.T) {
	reversed, voided, void := paid(1, txn.Sale, txn.Card, txn.Reversed, 3191), paid(2, txn.Sale, txn.Card, txn.Voided, 3191), paid(3, txn.Void, txn.Card, txn.Approved, 3191)
	voided.VoidedBy, void.Original = 3, 2
	again := func(a txn.Attempt, rrn string) Row {
		return changed(rowOf(a), func(r *Row) { r.Kind, r.RRN, r.STAN = refund, a.Answer.RRN, 0; r.ProviderRefund = rrn })
	}
	for name, c := range map[string]struct {
		books []txn.Attempt
		rows  []Row
		want  Class
		minor int64
	}{
		"reversed, and given back twice":      {[]txn.Attempt{reversed}, []Row{rowOf(reversed), again(reversed, "a"), again(reversed, "b")}, TooMuchBack, -3191},
		"reversed, and given back, not taken": {[]txn.Attempt{reversed}, []Row{again(reversed, "a")}, TooMuchBack, -3191},
		"reversed on both sides":              {[]txn.Attempt{reversed}, []Row{rowOf(reversed), again(reversed, "a")}, Netted, 3191},
		"voided, and given back once more":    {[]txn.Attempt{voided, void}, []Row{rowOf(voided), rowOf(void), again(voided, "b")}, TooMuchBack, -3191},
	} {
		items := Reconcile([]File{file(ByCard, 1, c.rows...)}, Books{Attempts: c.books})
		if items[0].Class != c.want || items[0].BankMinor != c.minor {
			t.Errorf("%s: %s %d, want %s %d", name, items[0].Class, items[0].BankMinor, c.want, c.minor)
		}
	}
}

// Files of one day count it once, whatever one of them leaves out or says less exactly; what stands twice in one file stays two.
func TestFilesOfOneDayCountItOnce(t *testing.T) {
	a, b := paid(1, txn.Sale, txn.Card, txn.Approved, 5000), paid(2, txn.Sale, txn.Card, txn.Approved, 1000)
	exact := func(a txn.Attempt) Row {
		return changed(rowOf(a), func(r *Row) { r.At, r.LastFour = r.At.Add(53*time.Second), "0075" })
	}
	less := func(a txn.Attempt) Row {
		return changed(rowOf(a), func(r *Row) { r.Terminal, r.STAN, r.Batch, r.Merchant = "", 0, 0, "" })
	}
	alike := Row{Kind: payment, At: day, AmountMinor: 500, Currency: "CNY", LastFour: "0075"}
	part := func(after time.Duration) Row {
		return Row{Kind: refund, At: day.Add(after), AmountMinor: 100, Currency: "CNY", RRN: a.Answer.RRN}
	}
	for name, c := range map[string]struct {
		files []File
		want  Sum
		bad   int
	}{
		"with seconds and without":           {[]File{file(ByCard, 1, exact(a), exact(b)), file(ByCard, 1, less(a), less(b))}, Sum{2, 6000}, 0},
		"the other way round":                {[]File{file(ByCard, 1, less(a), less(b)), file(ByCard, 1, exact(a), exact(b))}, Sum{2, 6000}, 0},
		"a third file knows another number":  {[]File{file(ByCard, 1, exact(a), less(b)), file(ByCard, 1, less(a)), file(ByCard, 1, changed(exact(a), func(r *Row) { r.RRN = "" }))}, Sum{2, 6000}, 0},
		"one number twice in a file":         {[]File{file(ByCard, 1, exact(a), less(a), exact(b))}, Sum{3, 11000}, 1},
		"another number at the provider":     {[]File{file(ByCard, 1, exact(a), exact(b)), file(ByCard, 1, changed(exact(a), func(r *Row) { r.RRN = "1" }))}, Sum{3, 11000}, 1},
		"two that look alike, in both files": {[]File{file(ByCard, 1, exact(a), exact(b), alike, alike), file(ByCard, 1, alike, alike)}, Sum{4, 7000}, 2},
		"two parts of one payment go back":   {[]File{file(ByCard, 1, exact(a), exact(b), part(time.Hour)), file(ByCard, 1, part(2*time.Hour))}, Sum{4, 5800}, 1},
		"the same part, said less exactly":   {[]File{file(ByCard, 1, exact(a), exact(b), part(time.Hour+7*time.Second)), file(ByCard, 1, part(time.Hour))}, Sum{3, 5900}, 1},
	} {
		books := []txn.Attempt{a, b}
		items := Reconcile(c.files, Books{Attempts: books})
		bad := 0
		for _, i := range items {
			if i.Class.Differs() {
				bad++
			}
		}
		lines := ByDay(items, books, "2026-11-01", "2026-11-01", china)
		if len(lines) != 1 || lines[0].Bank != c.want || bad != c.bad {
			t.Errorf("%s: %+v with %d differences, want %+v with %d", name, lines, bad, c.want, c.bad)
		}
	}
}
