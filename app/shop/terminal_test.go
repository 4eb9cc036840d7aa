package shop_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/zvtsim"
)

// atCardTerminal is a shop whose cards are read by a card terminal on a cable.
func atCardTerminal(t *testing.T) *counter {
	t.Helper()
	sim, err := zvtsim.New(zvtsim.Config{Currency: "156"})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = sim.Serve(ctx, listener)
	}()
	t.Cleanup(func() { stop(); <-ended })
	return opened(t, fmt.Sprintf("[till]\nmode = \"bank\"\n[devices]\nbank = \"zvt://%s\"\n", listener.Addr()))
}

// What stands on the display of a card terminal is told while money is paid there, and while it goes back by a refund and by a void.
func TestWhatACardTerminalShowsIsTold(t *testing.T) {
	ctx, c := context.Background(), atCardTerminal(t)
	c.Run()
	var mu sync.Mutex
	var shown []string
	there := true
	tell := func(p present.Progress) {
		mu.Lock()
		defer mu.Unlock()
		shown, there = append(shown, p.Shown...), there && (p.Terminal || p.Step == present.Finished)
	}
	told := func(what string) {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		if !there || !slices.Contains(shown, "Karte einstecken / durchziehen") {
			t.Errorf("%s: %q was told, at the terminal %v", what, shown, there)
		}
		shown, there = nil, true
	}
	sold := c.PayCard(ctx, clerk, cart(2000), 0, tell)
	if sold.Attempt.State != txn.Approved {
		t.Fatalf("%+v", sold)
	}
	told("payment")
	choice := c.Chooses(sold.Matter(), 700)
	if choice.Kind != txn.Refund || choice.ReadsCard || !choice.AtTerminal {
		t.Errorf("%+v", choice)
	}
	if back := c.GiveBack(ctx, clerk, present.Giving{Payment: sold.Attempt.ID, AmountMinor: 700}, tell); back.Attempt.State != txn.Approved || back.Attempt.Kind != txn.Refund {
		t.Errorf("%+v", back)
	}
	told("refund")
	other := c.PayCard(ctx, clerk, cart(1000), 0, func(present.Progress) {})
	c.Till.WaitForPaper() // of what is being printed nothing is voided
	if void := c.Void(ctx, clerk, other.Attempt.ID, tell); void.Attempt.State != txn.Approved {
		t.Errorf("%+v", void)
	}
	told("void")
}

// The seconds that a payment by code has on the screen are those of its account's timeout.
func TestACodeIsWaitedForAsItsAccountSays(t *testing.T) {
	c := demo(t, t.TempDir())
	c.Run()
	var mu sync.Mutex
	waits := map[time.Duration]bool{}
	r := c.PayCode(context.Background(), clerk, cart(500), 0, txn.Secret("134567890123451200"), func(p present.Progress) {
		mu.Lock()
		defer mu.Unlock()
		if !p.Deadline.IsZero() {
			waits[p.Deadline.Sub(p.At)] = true
		}
	})
	a, err := c.Journal.Attempt(context.Background(), r.Attempt.ID)
	if err != nil || a.Tender != txn.Code {
		t.Fatalf("%+v, %v", r, err)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := c.Till.ReplyWait(a); len(waits) != 1 || !waits[want] || want == 0 {
		t.Errorf("the screen waits for %v, and the account for %v", waits, want)
	}
}
