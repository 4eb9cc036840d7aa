package simulator

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"

	"veratill/txn"
	"veratill/txn/till"
	"veratill/txn/wallet"
	"veratill/txn/walletsim"
)

// Payment codes: the shipped lines ask simulated providers over connections that are pipes, which a program that ends cuts.

// providers are the simulated providers of a world, which outlive its programs.
type providers struct {
	sim   *walletsim.Sim
	keys  *walletsim.Keys
	in    chan net.Conn
	stop  context.CancelFunc
	ended sync.WaitGroup
}

// walletKeys are made once, outside of any bubble.
var walletKeys = sync.OnceValues(walletsim.MakeSharedKeys)

// codeFates are what providers do by the last digits of an amount, besides what these decide by themselves: answers come late, twice, are another's, or
// can't be trusted; undoing and giving back are not done at once. A refusal of Alipay's names no order, so that nothing but the line's TLS tells one of
// another payment that is said again (seed 177 found it): Alipay repeats no answer to a payment here.
var codeFates = []walletsim.Rule{
	{Question: "pay", Ending: "61", Do: walletsim.Delay, Seconds: 20}, {Question: "pay", Ending: "62", Do: walletsim.Delay, Seconds: 90},
	{Provider: "wechat", Question: "pay", Ending: "63", Do: walletsim.Replay}, {Question: "ask", Ending: "64", Do: walletsim.Replay, Nth: 2},
	{Question: "pay", Ending: "65", Do: walletsim.ServerError}, {Question: "pay", Ending: "66", Do: walletsim.OtherNumber}, {Question: "ask", Ending: "66", Nth: 1, Do: walletsim.Silent},
	{Question: "pay", Ending: "67", Do: walletsim.Typing, Seconds: 3600}, {Question: "undo", Ending: "67", Nth: 1, Do: walletsim.CutAfter},
	{Question: "pay", Ending: "68", Do: walletsim.Typing, Seconds: 30}, {Question: "pay", Ending: "69", Do: walletsim.Garbage},
	{Question: "pay", Ending: "88", Do: walletsim.Typing, Seconds: 50}, {Question: "undo", Ending: "88", Do: walletsim.NotAllowed}, {Question: "give back", Ending: "88", Do: walletsim.ClosedAfter, Seconds: 90},
	{Question: "pay", Ending: "99", Do: walletsim.Typing, Seconds: 50}, {Question: "undo", Ending: "99", Do: walletsim.NotAllowed}, {Question: "give back", Ending: "99", Do: walletsim.Processing, Seconds: 90},
	{Question: "pay", Ending: "60", Do: walletsim.Contradicting}, {Question: "ask", Ending: "60", Nth: 1, Do: walletsim.OtherAmount},
	{Question: "give back", Nth: 2, Do: walletsim.CutAfter}, {Question: "give back", Nth: 4, Do: walletsim.CutBefore}, {Question: "give back", Nth: 6, Do: walletsim.Delay, Seconds: 70},
	{Question: "give back", Nth: 7, Do: walletsim.ClosedAfter, Seconds: 70}, {Question: "give back", Nth: 8, Do: walletsim.OtherAmount}, {Question: "give back", Nth: 9, Do: walletsim.Contradicting},
}

// codeEndings are the last digits of the amounts of a history by code: half of them are good.
var codeEndings = []int64{0, 10, 20, 30, 40, 50, 1, 2, 3, 4, 5, 61, 62, 63, 64, 65, 60, 66, 67, 68, 69, 71, 72, 73, 91, 92, 93, 94, 95, 96, 97, 98, 88, 99}

// openProviders begins the providers of a world whose script has payments by code.
func (w *world) openProviders() error {
	keys, err := walletKeys()
	if err != nil {
		return err
	}
	sim, err := walletsim.New(walletsim.Config{Keys: keys, Script: walletsim.AmountScript(codeFates...), Now: w.now})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &providers{sim: sim, keys: keys, in: make(chan net.Conn), stop: cancel}
	p.ended.Go(func() { _ = sim.Serve(ctx, &pipes{in: p.in, over: ctx.Done()}, false) })
	w.providers = p
	return nil
}

func (p *providers) close() {
	p.stop()
	p.ended.Wait()
}

// pipes is where the providers take connections.
type pipes struct {
	in   chan net.Conn
	over <-chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.in:
		return c, nil
	case <-p.over:
		return nil, net.ErrClosed
	}
}
func (*pipes) Close() error   { return nil }
func (*pipes) Addr() net.Addr { return address{} }

// pipe is the till's end of a connection: what a program writes that has ended reaches nobody.
type pipe struct {
	net.Conn
	life *life
}

func (c *pipe) Write(b []byte) (int, error) {
	if c.life.ended() {
		return 0, errCut
	}
	return c.Conn.Write(b)
}

// dialProvider connects a life to the providers.
func (l *life) dialProvider(ctx context.Context, _, _ string) (net.Conn, error) {
	if l.ended() {
		return nil, errCut
	}
	ours, theirs := net.Pipe()
	select {
	case l.w.providers.in <- theirs:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.over:
		return nil, errCut
	}
	l.pipesMu.Lock()
	l.pipes = append(l.pipes, ours)
	l.pipesMu.Unlock()
	return &pipe{ours, l}, nil
}

// cutPipes ends a life's connections to the providers.
func (l *life) cutPipes() {
	l.pipesMu.Lock()
	defer l.pipesMu.Unlock()
	for _, c := range l.pipes {
		c.Close()
	}
}

// wallets are the lines of a life; none where its history has no payments by code.
func (l *life) wallets() (lines []till.Wallet, err error) {
	p := l.w.providers
	if p == nil {
		return nil, nil
	}
	for _, c := range []wallet.Config{
		{Provider: wallet.WeChat, App: walletsim.WeChatApp, Merchant: walletsim.WeChatMerchant, Serial: walletsim.WeChatSerial, Platform: walletsim.WeChatPlatform},
		{Provider: wallet.Alipay, App: walletsim.AlipayApp},
	} {
		c.Name, c.Address, c.OnlyHere = "simulated "+string(c.Provider), "http://127.0.0.1:1", true
		c.Private, c.Public, c.Now, c.Dial = p.keys.ShopKey(string(c.Provider)), p.keys.ProviderKey(string(c.Provider)), l.w.now, l.dialProvider
		c.Messages = l.w.kept.tell
		line, err := wallet.New(c)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// shownCodes are what customers show.
var shownCodes = []string{"134567890123451234", "28763443825664394"}

// payCode pays by the code of a wallet.
func (w *world) payCode(ctx context.Context, l *life, s Step) {
	p := w.payment(s.Sum(1))
	p.Card = txn.Plastic{Code: txn.Secret(shownCodes[s.Number(2)%len(shownCodes)])}
	p.Facts = txn.FactsOfCode(p.Card.Code)
	w.told1(l, s)(l.till.PayCode(ctx, clerk, p))
}

// PlanCodes makes the history of a seed in which half of the payments by card are by code.
func PlanCodes(seed uint64) Script {
	s := Plan(seed &^ 3) // nobody puts folders back: what providers know of lost books is told by their numbers alone
	s.Seed, s.Codes = seed, true
	r := rand.New(rand.NewPCG(seed, 0xC0DE))
	for i, step := range s.Steps {
		if step.Word(0) != "card" || r.IntN(2) == 0 {
			continue
		}
		minor := 100*(1+r.Int64N(99)) + codeEndings[r.IntN(len(codeEndings))]
		s.Steps[i].Words = []string{"code", fmt.Sprint(minor), fmt.Sprint(r.IntN(len(shownCodes)))}
	}
	return s
}

// order is what a provider has of a payment by code; ok is false where it never heard of it.
func (w *world) order(reference string) (o walletsim.Order, ok bool) {
	i := slices.IndexFunc(w.orders, func(o walletsim.Order) bool { return o.Number == reference })
	if i < 0 {
		return o, false
	}
	return w.orders[i], true
}

// codeFinding is what a provider truly writes of an attempt that it says no more of.
func (w *world) codeFinding(a txn.Attempt) txn.Finding {
	if w.providers == nil {
		return txn.NeverOurs
	}
	for _, o := range w.providers.sim.Orders() {
		if o.Number == a.Reference && o.State == walletsim.Paid && o.BackMinor() < o.AmountMinor {
			return txn.WasKept
		}
		if a.Kind.GivesBack() && slices.ContainsFunc(o.Backs, func(b walletsim.Back) bool { return b.Number == a.Reference && b.Leaves() }) {
			return txn.WasGivenBack
		}
	}
	return txn.NeverOurs
}

// judgeCode holds a payment by code, or what went back of one, against its provider's book.
func (w *world) judgeCode(a txn.Attempt) {
	reference := a.Reference
	if a.Kind.GivesBack() {
		original, err := w.life.journal.Attempt(context.Background(), a.Original)
		if err != nil {
			w.bad("%s gives back of %s, which can't be read: %v", a.ID, a.Original, err)
			return
		}
		reference = original.Reference
	}
	o, there := w.order(reference)
	has := there && o.State == walletsim.Paid && o.BackMinor() < o.AmountMinor
	switch {
	case a.State == txn.Unresolved:
	case a.Kind.GivesBack():
		w.judgeCodeBack(a, o)
	case a.State == txn.Approved && (!there || o.State != walletsim.Paid || o.AmountMinor != a.Amount.Minor):
		w.bad("%s is approved here, and its provider has %+v", a.ID, o)
	case a.State != txn.Approved && a.State != txn.Kept && has:
		w.bad("%s is %s here, and its provider has the money: %+v", a.ID, a.State, o)
	}
	if o.BackMinor() > o.AmountMinor {
		w.bad("%d went back of %s, which paid %d", o.BackMinor(), a.ID, o.AmountMinor)
	}
}

func (w *world) judgeCodeBack(a txn.Attempt, o walletsim.Order) {
	went := o.State == walletsim.Undone && a.Kind == txn.Void
	for _, b := range o.Backs {
		went = went || strings.HasPrefix(b.Number, a.Reference) && b.AmountMinor == a.Amount.Minor && b.Leaves()
	}
	if a.Concluded() != went {
		w.bad("%s, a %s of %d, is %s here, and its provider has %+v", a.ID, a.Kind, a.Amount.Minor, a.State, o)
	}
}

// judgeCodesOwed: no provider keeps money that no attempt of these books asked for.
func (w *world) judgeCodesOwed(attempts []txn.Attempt) {
	for _, o := range w.orders {
		known := slices.ContainsFunc(attempts, func(a txn.Attempt) bool { return a.Reference == o.Number })
		if !known && o.State == walletsim.Paid && o.BackMinor() < o.AmountMinor {
			w.bad("a provider has the money of %s, which the journal does not know", o.Number)
		}
	}
}
