// Package uitest is a desk that does what a test tells it. It moves no money and
// knows no engine; only tests import it.
package uitest

import (
	"context"
	"errors"
	"image"
	"image/color"
	"sync"
	"time"

	"veratill/app/present"
	"veratill/assets"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Desk is a scripted present.Desk. Its exported fields are set before it is used;
// afterwards Change is the way to alter them.
type Desk struct {
	mu sync.Mutex

	AboutNow   present.About
	ChipsNow   []present.Chip
	Found      []present.Recovered
	Card       txn.State // what the next card payment becomes
	Code       string    // DE39 of a decline, or the closed word when nothing is begun
	Reason     txn.Reason
	Paper      txn.Paper
	Virtual    bool
	Now        func() time.Time
	ParkFails  bool
	ParkedErr  error         // the parked sales cannot be read
	Gate       chan struct{} // when set, the bank answers only after it is closed
	Day1       present.Day
	ClosedDays []present.Day
	CloseErr   error
	Plugged    []present.Device
	UpdateNow  present.Update
	UpdateCode string // why an update can't be prepared
	PageErr    error
	Scan       func(code string) // as a scanner that does not type

	Calls     []string // what was asked, in order
	CashPaid  []int64  // received, in order
	CardPaid  []sale.Sale
	presented chan string
	attempts  map[txn.ID]txn.Attempt
	entries   []present.Entry
	sheets    []present.Sheet
	parked    [][]sale.CartLine
	kept      []rune // keys that may be a card's; for the goroutine of the keys
	keptAt    time.Time
	after     func(time.Duration, func())
	back      func(string)
	watchers  []func()
	next      int64
	catalogue *sale.Catalogue
}

// New makes a desk with the demo catalogue, everything ready and every card approved.
func New(language, theme string, now func() time.Time) *Desk {
	catalogue, err := sale.ReadCatalogue(assets.DemoCatalogue(), money.CNY)
	if err != nil {
		panic(err)
	}
	d := &Desk{Card: txn.Approved, Paper: txn.Printed, Virtual: true, Now: now, catalogue: catalogue,
		presented: make(chan string, 1), attempts: map[txn.ID]txn.Attempt{}, next: 41}
	d.AboutNow = present.About{Demo: true, Version: "0.1.0", Merchant: "真账便利店", Number: "898110000000001", Terminal: "T0000001",
		Cashier: "张敏", Batch: 3, Day: now().Add(-5 * time.Hour), Currency: money.CNY, Language: language, Theme: theme}
	for _, part := range []present.Part{present.Reader, present.Printer, present.Bank, present.Journal} {
		d.ChipsNow = append(d.ChipsNow, present.Chip{Part: part, Health: present.Ready, Since: now().Add(-2 * time.Hour), Address: "virtual:"})
	}
	return d
}

// Change alters the desk and tells the window.
func (d *Desk) Change(alter func(d *Desk)) {
	d.mu.Lock()
	alter(d)
	watchers := d.watchers
	d.mu.Unlock()
	for _, watcher := range watchers {
		watcher()
	}
}

// Settle gives an attempt another state, as the bank's answer would.
func (d *Desk) Settle(id txn.ID, state txn.State) {
	d.Change(func(d *Desk) {
		a := d.attempts[id]
		a.State = state
		d.attempts[id] = a
	})
}

// Asked counts the calls of a name.
func (d *Desk) Asked(name string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, call := range d.Calls {
		if call == name {
			n++
		}
	}
	return n
}

func (d *Desk) note(name string) { d.Calls = append(d.Calls, name) }

// About implements present.Desk.
func (d *Desk) About() present.About { d.mu.Lock(); defer d.mu.Unlock(); return d.AboutNow }

// Chips implements present.Desk.
func (d *Desk) Chips() []present.Chip {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]present.Chip(nil), d.ChipsNow...)
}

// Watch implements present.Desk.
func (d *Desk) Watch(changed func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watchers = append(d.watchers, changed)
}

// Catalogue implements present.Desk.
func (d *Desk) Catalogue() present.Catalogue { return d.catalogue }

// Finishing implements present.Desk.
func (d *Desk) Finishing() []present.Recovered {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]present.Recovered(nil), d.Found...)
}

func (d *Desk) begin(s sale.Sale, kind txn.Kind, tender txn.Tender) txn.Attempt {
	d.next++
	id, _ := txn.NewID(3, d.next)
	return txn.Attempt{ID: id, SaleID: int64(id), Kind: kind, Tender: tender, Amount: s.Total(), State: txn.Pending,
		Paper: txn.NoPaper, Terminal: "T0000001", Cashier: "张敏", OpenedMs: d.Now().UnixMilli()}
}

func (d *Desk) keep(a txn.Attempt, s sale.Sale) present.Result {
	d.attempts[a.ID] = a
	d.entries = append([]present.Entry{{Attempt: a, Sale: s}}, d.entries...)
	r := present.Result{Attempt: a, SaleID: a.SaleID, Charged: a.Charged()}
	if a.State == txn.Approved && d.Virtual {
		r.PrintID = int64(len(d.sheets) + 1)
		d.sheets = append(d.sheets, present.Sheet{PrintID: r.PrintID, At: d.Now(), Picture: Receipt(len(s.Lines))})
	}
	return r
}

// PayCash implements present.Desk.
func (d *Desk) PayCash(_ context.Context, s sale.Sale, receivedMinor int64) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("cash")
	d.CashPaid = append(d.CashPaid, receivedMinor)
	a := d.begin(s, txn.Sale, txn.Cash)
	a.State, a.Paper, a.ReceivedMinor, a.ChangeMinor = txn.Approved, d.Paper, receivedMinor, receivedMinor-s.TotalMinor
	a.EndedMs = a.OpenedMs
	return d.keep(a, s)
}

// PayCard implements present.Desk.
func (d *Desk) PayCard(ctx context.Context, s sale.Sale, tell func(present.Progress)) present.Result {
	d.mu.Lock()
	d.note("card")
	gate := d.Gate
	d.mu.Unlock()
	tell(present.Progress{Step: present.Presenting, At: d.Now()})
	select {
	case <-ctx.Done():
		return present.Result{Charged: txn.ChargedNo, Code: "cancelled"}
	case <-d.presented:
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Card == "" {
		return present.Result{Charged: txn.ChargedNo, Code: d.Code}
	}
	d.CardPaid = append(d.CardPaid, s)
	a := d.begin(s, txn.Sale, txn.Card)
	a.Card = txn.CardFacts{Masked: "622848******1234", Scheme: "UnionPay", EntryMode: "022"}
	return d.answer(ctx, a, s, gate, tell)
}

// answer plays the bank; it is called with the lock held and lets it go while it waits.
func (d *Desk) answer(ctx context.Context, a txn.Attempt, s sale.Sale, gate chan struct{}, tell func(present.Progress)) present.Result {
	tell(present.Progress{Step: present.Saving, STAN: a.ID.STAN(), At: d.Now()})
	tell(present.Progress{Step: present.Sending, STAN: a.ID.STAN(), At: d.Now(), Deadline: d.Now().Add(time.Minute)})
	state, reason := d.Card, d.Reason
	if gate != nil {
		d.mu.Unlock()
		select {
		case <-gate:
		case <-ctx.Done():
			state, reason = txn.Reversing, txn.Cancelled
		}
		d.mu.Lock()
	}
	a.State = state
	switch state {
	case txn.Approved:
		a.Paper = d.Paper
		a.Answer = txn.Answer{ResponseCode: "00", RRN: "112233445566", ApprovalCode: "A1B2C3"}
		tell(present.Progress{Step: present.Papering, STAN: a.ID.STAN(), At: d.Now()})
	case txn.Declined:
		a.Answer = txn.Answer{ResponseCode: d.Code, RRN: "112233445566"}
	default:
		a.Reason, a.Tries = reason, 1
	}
	a.EndedMs = d.Now().UnixMilli()
	return d.keep(a, s)
}

// TestCards implements present.Desk.
func (d *Desk) TestCards() []present.TestCard {
	if !d.Virtual {
		return nil
	}
	return []present.TestCard{
		{ID: "1", Name: sale.Name{ZH: "普通卡", EN: "Everyday card"}, Scheme: "UnionPay", Masked: "622848******1234"},
		{ID: "2", Name: sale.Name{ZH: "芯片卡(刷磁条会被拒绝)", EN: "Chip card (its stripe is refused)"}, Scheme: "UnionPay", Masked: "622202******8888"},
		{ID: "3", Name: sale.Name{ZH: "过期卡", EN: "Card out of date"}, Scheme: "Visa", Masked: "411111******1111"},
	}
}

// PresentCard implements present.Desk.
func (d *Desk) PresentCard(id string) error {
	d.mu.Lock()
	d.note("present")
	d.mu.Unlock()
	select {
	case d.presented <- id:
		return nil
	default:
		return errors.New("no one waits for a card")
	}
}

// Void implements present.Desk.
func (d *Desk) Void(ctx context.Context, id txn.ID, tell func(present.Progress)) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("void")
	old := d.attempts[id]
	s := sale.Sale{Currency: old.Amount.Currency, TotalMinor: old.Amount.Minor}
	a := d.begin(s, txn.Void, old.Tender)
	a.Original = id
	r := d.answer(ctx, a, s, nil, tell)
	if r.Attempt.State == txn.Approved {
		old.State, old.VoidedBy = txn.Voided, a.ID
		d.attempts[id] = old
	}
	return r
}

// Attempt implements present.Desk.
func (d *Desk) Attempt(id txn.ID) (txn.Attempt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, ok := d.attempts[id]
	if !ok {
		return a, errors.New("no such attempt")
	}
	return a, nil
}

// Sheets implements present.Desk.
func (d *Desk) Sheets() []present.Sheet {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]present.Sheet(nil), d.sheets...)
}

// Fault implements present.Desk.
func (d *Desk) Fault(code string) error {
	d.Change(func(d *Desk) {
		d.note("fault " + code)
		health := present.Attention
		if code == "" {
			health = present.Ready
		}
		d.ChipsNow[1] = present.Chip{Part: present.Printer, Health: health, Code: code, Since: d.Now(), Address: "virtual:"}
	})
	return nil
}

// Reprint implements present.Desk.
func (d *Desk) Reprint(_ context.Context, id txn.ID) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("reprint")
	return present.Result{Attempt: d.attempts[id], Charged: txn.ChargedYes}
}

// PrintNote implements present.Desk.
func (d *Desk) PrintNote(_ context.Context, id txn.ID) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("note")
	return present.Result{Attempt: d.attempts[id], Charged: d.attempts[id].Charged()}
}

// OpenDrawer implements present.Desk.
func (d *Desk) OpenDrawer(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("drawer")
	return nil
}

// Day implements present.Desk.
func (d *Desk) Day(context.Context, int64) (present.Day, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.Day1, nil
}

// Days implements present.Desk.
func (d *Desk) Days(context.Context) ([]present.Day, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.ClosedDays, nil
}

// Entries implements present.Desk.
func (d *Desk) Entries(context.Context, int64, int) ([]present.Entry, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := append([]present.Entry(nil), d.entries...)
	for i := range out {
		out[i].Attempt = d.attempts[out[i].Attempt.ID]
	}
	return out, nil
}

// PrintX implements present.Desk.
func (d *Desk) PrintX(context.Context) (present.Day, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("x")
	return d.Day1, nil
}

// CloseDay implements present.Desk.
func (d *Desk) CloseDay(context.Context) (present.Day, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("z")
	if d.CloseErr != nil {
		return present.Day{}, d.CloseErr
	}
	closed := d.Day1
	closed.Z = 18
	return closed, nil
}

// Devices implements present.Desk.
func (d *Desk) Devices(context.Context) []present.Device {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]present.Device{}, d.Plugged...)
}

// UseDevice implements present.Desk.
func (d *Desk) UseDevice(_ context.Context, p present.Part, address string) error {
	d.Change(func(d *Desk) {
		d.note("use " + string(p) + " " + address)
		for i := range d.Plugged {
			if d.Plugged[i].InUse == p {
				d.Plugged[i].InUse = ""
			}
			if d.Plugged[i].Address == address {
				d.Plugged[i].InUse = p
			}
		}
	})
	return nil
}

// PrintTestPage implements present.Desk.
func (d *Desk) PrintTestPage(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("test page")
	return d.PageErr
}

// TrySwipe implements present.Desk.
func (d *Desk) TrySwipe(ctx context.Context) (present.Swipe, error) {
	d.mu.Lock()
	d.note("try swipe")
	d.mu.Unlock()
	select {
	case <-d.presented:
		return present.Swipe{Masked: "622848******1234", Scheme: "UnionPay"}, nil
	case <-ctx.Done():
		return present.Swipe{}, ctx.Err()
	}
}

// Drawer implements present.Desk.
func (d *Desk) Drawer() present.Drawer { return present.DrawerUnknown }

// machineGap is the longest pause between two characters of a card reader that types.
const machineGap = 30 * time.Millisecond

// TypedKey implements present.Desk as a reader that types needs it: what begins with ; and goes on
// at a machine's pace is kept, and given back unless it is long enough for a card.
func (d *Desk) TypedKey(x rune, at time.Time) bool {
	if len(d.kept) > 0 && at.Sub(d.keptAt) > machineGap {
		d.release()
	}
	if len(d.kept) == 0 && x != ';' {
		return false
	}
	d.kept, d.keptAt = append(d.kept, x), at
	n := len(d.kept)
	d.after(machineGap, func() {
		if len(d.kept) == n {
			d.release()
		}
	})
	return true
}

func (d *Desk) release() {
	kept := string(d.kept)
	d.kept = nil
	if len(kept) < 20 {
		d.back(kept)
	}
}

// HoldKeys implements present.Desk.
func (d *Desk) HoldKeys(after func(time.Duration, func()), back func(string)) {
	d.after, d.back = after, back
}

// Scanned implements present.Desk.
func (d *Desk) Scanned(take func(code string)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Scan = take
}

// Test implements present.Desk.
func (d *Desk) Test(_ context.Context, p present.Part) (string, error) {
	return string(p) + " answers in 12 ms", nil
}

// Reconnect implements present.Desk.
func (d *Desk) Reconnect(context.Context, present.Part) error { return nil }

// SavePreference implements present.Desk.
func (d *Desk) SavePreference(name, value string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note(name + "=" + value)
	return nil
}

// Park implements present.Desk.
func (d *Desk) Park(lines []sale.CartLine) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("park")
	if d.ParkFails {
		return errors.New("disk is full")
	}
	d.parked = append(d.parked, lines)
	return nil
}

// Parked implements present.Desk.
func (d *Desk) Parked() ([][]sale.CartLine, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([][]sale.CartLine(nil), d.parked...), d.ParkedErr
}

// Recall implements present.Desk.
func (d *Desk) Recall(index int) ([]sale.CartLine, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if index >= len(d.parked) {
		return nil, errors.New("it is gone")
	}
	lines := d.parked[index]
	d.parked = append(d.parked[:index:index], d.parked[index+1:]...)
	return lines, nil
}

// Receipt is a picture with the size and the density of a receipt of n lines.
func Receipt(n int) image.Image {
	img := image.NewGray(image.Rect(0, 0, 576, 360+36*n))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	for y := 40; y < img.Rect.Dy()-40; y += 36 {
		for x := 30; x < 540-(y*7)%160; x++ {
			for dy := range 14 {
				if (x/9+dy/5)%3 != 0 {
					img.SetGray(x, y+dy, color.Gray{Y: 0x20})
				}
			}
		}
	}
	return img
}

// Update implements present.Desk.
func (d *Desk) Update() present.Update {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.UpdateNow
}

// PrepareUpdate implements present.Desk.
func (d *Desk) PrepareUpdate(_ context.Context, tell func(present.UpdateStep)) (code, detail string) {
	for _, s := range present.UpdateSteps {
		tell(s)
	}
	d.mu.Lock()
	gate := d.Gate
	d.note("update")
	code = d.UpdateCode
	d.mu.Unlock()
	if gate != nil {
		<-gate
	}
	return code, ""
}

// RetryUpdate implements present.Desk.
func (d *Desk) RetryUpdate() (code, detail string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("retry update")
	d.UpdateNow.State = "offered"
	return "", ""
}

// UpdateTold implements present.Desk.
func (d *Desk) UpdateTold() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note("update told")
	return nil
}
