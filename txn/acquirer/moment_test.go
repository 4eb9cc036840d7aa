package acquirer

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/hostsim"
	"veratill/txn/hostsim/bank"
)

// walls are the clocks on the walls of the till and of its bank, which a test sets.
type walls struct{ till, bank atomic.Int64 }

func (w *walls) tillNow() time.Time { return time.Now().Add(time.Duration(w.till.Load())) }
func (w *walls) bankNow() time.Time { return time.Now().Add(time.Duration(w.bank.Load())).UTC() }

// bankAt sets the bank's clock to a time of a day, and the till's to be behind that.
func (w *walls) bankAt(clock string, behind time.Duration) {
	at, err := time.Parse("15:04", clock)
	if err != nil {
		panic(err) // it is a constant
	}
	day := time.Now().UTC().Truncate(24 * time.Hour)
	bank := day.Add(time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute)
	w.bank.Store(int64(time.Until(bank)))
	w.till.Store(int64(time.Until(bank.Add(-behind))))
}

// pass lets time go by on both walls.
func (w *walls) pass(d time.Duration) {
	w.till.Add(int64(d))
	w.bank.Add(int64(d))
}

func (w *walls) bench(t *testing.T, profile, script string, change func(*hostsim.Config)) *bench {
	return newBench(t, profile, script, func(c *Config, h *hostsim.Config) {
		c.Now, h.Now, h.Values = w.tillNow, w.bankNow, nil
		if change != nil {
			change(h)
		}
	})
}

// opened is an order that is begun now by the till's wall.
func (w *walls) order(b *bench) txn.Order {
	o := b.order()
	b.mu.Lock()
	defer b.mu.Unlock()
	o.Attempt.OpenedMs = w.tillNow().UnixMilli()
	b.orders[len(b.orders)-1] = o
	return o
}

// A host that says DE12 and DE13 of its requests back has every approval believed, also after the clock here was set back by hours.
func TestAClockThatIsSetBackMakesNoApprovalAnothers(t *testing.T) {
	for _, echoes := range []bool{true, false} {
		var w walls
		w.bank.Store(int64(90 * time.Second))
		b := w.bench(t, "iso87", "", func(h *hostsim.Config) { h.Echoes = echoes })
		if err := b.client.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, step := range []time.Duration{0, 0, -3 * time.Hour, -26 * time.Hour} {
			w.till.Add(int64(step))
			if v := b.client.Request(t.Context(), w.order(b)).Number(0); v.Kind != txn.BankApproved {
				t.Errorf("echoes %v, sale %d: %s, %s", echoes, i+1, v.Kind, v.Reason)
			}
		}
	}
}

// An approval that comes late counts as one also where the clock here was set back after its request had left; one that tells a moment of the bank's from hours before
// is about an earlier payment.
func TestLateApprovalOfAnEarlierMoment(t *testing.T) {
	for name, c := range map[string]struct {
		bank, till time.Duration
		want       txn.EventKind
	}{
		"nothing is set":            {0, 0, txn.BankApprovedLate},
		"this clock is set back":    {0, -9 * time.Hour, txn.BankApprovedLate},
		"a moment of an older sale": {-9 * time.Hour, 0, txn.TakenLate},
	} {
		var w walls
		w.bank.Store(int64(90 * time.Second))
		at := func(d time.Duration) time.Time { return w.bankNow().Add(d) }
		script := fmt.Sprintf(`{"message":"0200","nth":3,"do":"delay","seconds":0.3,"fields":{"12":%q,"13":%q}}`, at(c.bank).Format("150405"), at(c.bank).Format("0102"))
		b := w.bench(t, "iso87", script, nil)
		if err := b.client.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			b.client.Request(t.Context(), w.order(b))
		}
		w.till.Add(int64(c.till))
		for tries := 0; tries < 2000 && b.count("late") == 0; tries++ {
			time.Sleep(10 * time.Millisecond)
		}
		b.mu.Lock()
		if !slices.Equal(b.kinds, []txn.EventKind{c.want}) {
			t.Errorf("%s: told late %v, want %s", name, b.kinds, c.want)
		}
		b.mu.Unlock()
	}
}

// A sign-in tells nothing of the clock of whoever books: a front end in another zone makes no approval another's.
func TestASignInProvesNoClock(t *testing.T) {
	var w walls
	ahead := time.Now().Add(8 * time.Hour)
	b := w.bench(t, "unionpay", fmt.Sprintf(`{"message":"0800","do":"answer","fields":{"12":%q,"13":%q}}`, ahead.Format("150405"), ahead.Format("0102")), nil)
	for range 3 {
		if err := b.client.Reconnect(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if v := b.client.Request(t.Context(), w.order(b)); v.Kind != txn.BankApproved || v.Stale {
		t.Errorf("%s, stale %v", v.Kind, v.Stale)
	}
}

// Each row is a bank that answers 12, or 25, to the reversal of a sale: only on its own day, by its own clock, does that say that nothing is taken. The clock here is
// three hours slow, so that it sees no midnight.
func TestNotFoundHangsOnTheBanksDay(t *testing.T) {
	const silent, declined, lost = `{"message":"0200","nth":1,"do":"silent"}`, `{"message":"0200","nth":1,"do":"decline","code":"51","fields":{"11":"999999"}}`, `{"message":"0200","nth":1,"do":"cut before"}`
	for name, c := range map[string]struct {
		at, script string
		later      time.Duration
		change     func(*hostsim.Config)
		untold     bool // the 0410 tells no time
		again      bool // the till was started in between
		code       string
		want       txn.EventKind
	}{
		"refused, the same day":                         {at: "20:00", script: declined, later: time.Minute, code: "12", want: txn.ReversalAnswered},
		"refused, the same day, after a start":          {at: "20:00", script: declined, later: time.Minute, again: true, code: "12", want: txn.ReversalAnswered},
		"refused, and midnight went by":                 {at: "23:50", script: declined, later: 20 * time.Minute, code: "12", want: txn.ReversalRefused},
		"refused, and no time is told":                  {at: "20:00", script: declined, later: time.Minute, untold: true, code: "12", want: txn.ReversalRefused},
		"kept over midnight":                            {at: "23:50", script: silent, later: 20 * time.Minute, change: overnight, code: "12", want: txn.ReversalRefused},
		"kept over midnight, found after a start":       {at: "23:50", script: silent, later: 20 * time.Minute, again: true, change: overnight, code: "12", want: txn.ReversalRefused},
		"kept for a day":                                {at: "20:00", script: silent, later: 24 * time.Hour, change: overnight, code: "12", want: txn.ReversalRefused},
		"undone on its day":                             {at: "20:00", script: silent, later: time.Minute, change: overnight, code: "00", want: txn.ReversalAnswered},
		"not found on its day":                          {at: "20:00", script: lost, later: time.Minute, change: byDay, code: "25", want: txn.ReversalAnswered},
		"not found on the bank's new day":               {at: "23:50", script: silent, later: 20 * time.Minute, change: byDay, code: "25", want: txn.ReversalRefused},
		"not found on the new day, after a start":       {at: "23:50", script: silent, later: 20 * time.Minute, again: true, change: byDay, code: "25", want: txn.ReversalRefused},
		"not found at a bank that tells no time":        {at: "20:00", script: lost, later: time.Minute, untold: true, code: "25", want: txn.ReversalAnswered},
		"the clock was set back while the till was off": {at: "20:00", script: declined, later: -time.Hour, again: true, code: "12", want: txn.ReversalRefused},
	} {
		var w walls
		w.bankAt(c.at, 3*time.Hour)
		if c.untold {
			c.script += "\n" + `{"message":"0400","do":"answer","fields":{"12":"","13":""}}`
		}
		b := w.bench(t, "unionpay", c.script, c.change)
		if err := b.client.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		o := w.order(b)
		if v := b.client.Request(t.Context(), o); v.Kind != txn.GaveUp {
			t.Fatalf("%s: %s, %s", name, v.Kind, v.Reason)
		}
		w.pass(c.later)
		if c.again {
			b.client.mu.Lock()
			b.client.past, b.client.clock = past{}, bankClock{}
			b.client.mu.Unlock()
		}
		o.Attempt.State, o.Attempt.Reason = txn.Reversing, txn.NoAnswer
		if err := b.client.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v := b.client.Resolve(t.Context(), o, 1); v.Kind != c.want || v.Answer.ResponseCode != c.code {
			t.Errorf("%s: code %s is %s, want %s as %s", name, v.Answer.ResponseCode, v.Kind, c.code, c.want)
		}
	}
}

func overnight(h *hostsim.Config) { h.Overnight = true }
func byDay(h *hostsim.Config)     { h.Matching = bank.ByDay }

// A bank that tells no time with its reversals is known by the clock of its approvals.
func TestADayIsKnownByTheBanksClock(t *testing.T) {
	for at, want := range map[string]txn.EventKind{"20:00": txn.ReversalAnswered, "23:59": txn.ReversalRefused} {
		var w walls
		w.bankAt(at, 3*time.Hour)
		b := w.bench(t, "unionpay", `{"message":"0200","nth":3,"do":"decline","code":"51","fields":{"11":"999999"}}
			{"message":"0400","do":"answer","fields":{"12":"","13":""}}`, nil)
		if err := b.client.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		var o txn.Order
		for range 3 {
			o = w.order(b)
			b.client.Request(t.Context(), o)
		}
		w.till.Add(int64(3 * time.Minute))
		o.Attempt.State, o.Attempt.Reason = txn.Reversing, txn.NoAnswer
		b.client.mu.Lock()
		b.client.clock.begun = b.client.clock.begun.Add(-3 * time.Minute)
		b.client.mu.Unlock()
		if err := b.client.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v := b.client.Resolve(t.Context(), o, 1); v.Kind != want || v.Answer.ResponseCode != "12" {
			t.Errorf("at %s: code %s is %s, want %s", at, v.Answer.ResponseCode, v.Kind, want)
		}
	}
}
