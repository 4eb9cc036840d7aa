package iso8583

import (
	"errors"
	"testing"
)

func batchOf(own, foreign Sums) Batch {
	return Batch{Terminal: Terminal{Number: "00000001", Merchant: "898000000000001", Batch: 7}, STAN: 999007, Currency: "156", Own: own, Foreign: foreign}
}

// DE48 of UnionPay has its own cards and others apart, and plain ISO 8583:1987 all of them in its own fields.
func TestSumsOnTheWire(t *testing.T) {
	b := batchOf(Sums{2, 12345, 1, 500}, Sums{3, 7, 0, 0})
	m, err := unionpay.Settle(b)
	if err != nil {
		t.Fatal(err)
	}
	if want := "00000001234500200000000050000100000000000070030000000000000000"; m.Get(48) != want || len(want) != 62 {
		t.Errorf("DE48 is %q, and not %q", m.Get(48), want)
	}
	if m.Get(60) != "00000007201" || m.Get(63) != "01 " || m.Get(49) != "156" || m.MTI != "0500" {
		t.Errorf("%s", m.Redacted())
	}
	b.Again = true
	for _, p := range Profiles() {
		m, err := p.Settle(b)
		if err != nil {
			t.Fatal(err)
		}
		if want := map[Style]string{UnionPayPOS: "0500", Plain1987: "0501"}[p.Style]; m.MTI != want {
			t.Errorf("%s asks again with %s", p.Name, m.MTI)
		}
		body, err := p.Seal(m, nil) // it needs no key
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		back, err := p.Unpack(body)
		if err != nil {
			t.Fatal(err)
		}
		own, foreign, _, ok := p.SumsOf(back)
		if !ok || own.plus(foreign) != (Sums{5, 12352, 1, 500}) {
			t.Errorf("%s: %+v and %+v came back", p.Name, own, foreign)
		}
	}
}

// What does not fit is said before anything leaves, and is never cut short.
func TestSumsThatDoNotFit(t *testing.T) {
	for _, s := range []Sums{{Debits: 1000}, {Credits: 1000}, {DebitMinor: 1_000_000_000_000}, {CreditMinor: 1_000_000_000_000}} {
		for _, b := range []Batch{batchOf(s, Sums{}), batchOf(Sums{}, s)} {
			if _, err := unionpay.Settle(b); !errors.Is(err, ErrSums) {
				t.Errorf("%+v: %v", b, err)
			}
		}
	}
	if _, err := unionpay.Settle(batchOf(Sums{999, mostAmount, 999, mostAmount}, Sums{})); err != nil {
		t.Error(err)
	}
}

func answerTo(request Message, code string) Message {
	mti := []byte(request.MTI)
	mti[2]++
	return NewMessage(string(mti)).Copy(request, 11, 41, 42, 49, 60).Set(39, code)
}

// An 0510 balances where code and flags say so, and nothing in it says otherwise.
func TestBalances(t *testing.T) {
	ours := Sums{2, 12345, 1, 500}
	for _, p := range Profiles() {
		request, err := p.Settle(batchOf(ours, Sums{}))
		if err != nil {
			t.Fatal(err)
		}
		says := func(change func(Message) Message) BatchSays {
			return p.Balances(request, change(answerTo(request, "00")))
		}
		for name, c := range map[string]struct {
			want   BatchSays
			change func(Message) Message
		}{
			"balanced":               {BatchAgrees, func(m Message) Message { return p.SayBalance(m, ours, Sums{}, true) }},
			"flags that differ":      {BatchDiffers, func(m Message) Message { return p.SayBalance(m, ours, Sums{}, false) }},
			"other sums":             {BatchDiffers, func(m Message) Message { return p.SayBalance(m, Sums{2, 12346, 1, 500}, Sums{}, true) }},
			"code 95":                {BatchDiffers, func(m Message) Message { return m.Set(39, "95") }},
			"not allowed":            {BatchRefused, func(m Message) Message { return m.Set(39, "58") }},
			"the centre is at fault": {BatchUnknown, func(m Message) Message { return p.SayBalance(m, ours, Sums{}, true).Set(39, "96") }},
			"sign in again":          {BatchUnknown, func(m Message) Message { return m.Set(39, "77") }},
			"no code":                {BatchUnknown, func(m Message) Message { return p.SayBalance(m, ours, Sums{}, true).Set(39, "") }},
			"another terminal's":     {BatchUnknown, func(m Message) Message { return p.SayBalance(m, ours, Sums{}, true).Set(41, "OTHER001") }},
			"another batch's": {BatchUnknown, func(m Message) Message {
				return p.SayBalance(m, ours, Sums{}, true).Set(60, answerTo(mustSettle(t, p, 8), "00").Get(60))
			}},
		} {
			if got := says(c.change); got != c.want {
				t.Errorf("%s, %s: %d, and not %d", p.Name, name, got, c.want)
			}
		}
	}
	// A bank of plain ISO 8583:1987 may send no flag: then its own sums balance, all four of them, and one that is another is a difference. Without either nothing was compared.
	plain := mustSettle(t, iso87, 7)
	for name, c := range map[string]struct {
		want   BatchSays
		change func(Message) Message
	}{
		"all sums and no flag":     {BatchAgrees, func(m Message) Message { return iso87.SayBalance(m, Sums{}, Sums{}, true).Set(66, "") }},
		"other sums and no flag":   {BatchDiffers, func(m Message) Message { return iso87.SayBalance(m, Sums{DebitMinor: 1}, Sums{}, true).Set(66, "") }},
		"a flag and no sums":       {BatchAgrees, func(m Message) Message { return m.Set(66, "1") }},
		"a flag and one other sum": {BatchDiffers, func(m Message) Message { return m.Set(66, "1").Set(88, "0000000000000001") }},
		"one sum and no flag":      {BatchUncompared, func(m Message) Message { return m.Set(88, plain.Get(88)) }},
		"one other sum, no flag":   {BatchDiffers, func(m Message) Message { return m.Set(74, "0000000001") }},
		"neither":                  {BatchUncompared, func(m Message) Message { return m }},
	} {
		if got := iso87.Balances(plain, c.change(answerTo(plain, "00"))); got != c.want {
			t.Errorf("%s: %d, and not %d", name, got, c.want)
		}
	}
	// A bank of UnionPay's dialect that answers 00 and compares nothing has not said that it balances.
	request := mustSettle(t, unionpay, 7)
	if got := unionpay.Balances(request, answerTo(request, "00")); got != BatchDiffers {
		t.Errorf("an 0510 without DE48: %d", got)
	}
}

func mustSettle(t *testing.T, p *Profile, batch int64) Message {
	t.Helper()
	b := batchOf(Sums{}, Sums{})
	b.Batch = batch
	m, err := p.Settle(b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// An upload names a payment by its number and the bank's, and has nothing of its card; the end says how many there were.
func TestUploadOnTheWire(t *testing.T) {
	for _, p := range Profiles() {
		s := specimenSale
		s.Batch, s.Approval = 7, " 12"
		m := p.Upload(s, "0000000001", false, true)
		if want := map[Style]string{UnionPayPOS: "0320", Plain1987: "0321"}[p.Style]; m.MTI != want || m.Has(2) || m.Has(35) || m.Has(14) || m.Get(38) != " 12   " || m.Get(37) != "0000000001  " {
			t.Errorf("%s: %s", p.Name, m.Redacted())
		}
		if _, ends := p.EndsBatch(m); ends || p.Batch(m) != 7 {
			t.Errorf("%s: a payment ends a batch, or is of batch %d", p.Name, p.Batch(m))
		}
		end := p.EndBatch(batchOf(Sums{}, Sums{}), 12, true)
		if told, ends := p.EndsBatch(end); !ends || told != 12 {
			t.Errorf("%s: %s", p.Name, end.Redacted())
		}
		if p.Style == UnionPayPOS && (end.Get(60) != "00000007207" || p.Upload(s, "", true, false).Get(60) != "25000007201") {
			t.Errorf("DE60 of an end is %q", end.Get(60))
		}
		for code, want := range map[string]BatchSays{"00": BatchAgrees, "94": BatchAgrees, "25": BatchRefused, "95": BatchRefused, "58": BatchRefused, "96": BatchUnknown, "": BatchUnknown} {
			if got := p.Told(m, answerTo(m, code)); got != want {
				t.Errorf("%s: %s to an upload is %d, and not %d", p.Name, code, got, want)
			}
		}
		if got := p.Told(m, answerTo(m, "00").Set(11, "000002")); got != BatchUnknown {
			t.Errorf("%s: another payment's answer is %d", p.Name, got)
		}
	}
}
