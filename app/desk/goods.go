package desk

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"time"

	"veratill/app/present"
	"veratill/assets/files"
	"veratill/txn"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// Goods are sales that are not paid. The one in the making has a file of its own, and those that are parked have theirs together. A sale keeps
// its name on the way from one to the other, so that a till which ends between the two writes has it once.

// goodsLine is a line in a file: what is needed to price it again.
type goodsLine struct {
	Item       sale.Item `json:"item"`
	QuantityE5 int64     `json:"quantityE5"`
}

// keptSale is a sale in a file.
type keptSale struct {
	ID      string      `json:"id,omitempty"`
	AtMs    int64       `json:"atMs,omitempty"` // Unix milliseconds
	Cashier string      `json:"cashier,omitempty"`
	SaleID  int64       `json:"saleId,omitempty"`
	Before  int64       `json:"before,omitempty"` // see present.Parked
	Of      string      `json:"of,omitempty"`     // hex of the entry that SaleID, or Before, is named after: other books may have another sale of that number
	Entry   int64       `json:"entry,omitempty"`  // of the journal when it was written: a payment of it that was begun since is a later one
	Lines   []goodsLine `json:"lines"`
	// Exchange is what comes back for them.
	Exchange *sale.Exchange `json:"exchange,omitempty"`
	// Unsaved: it was parked while the books could not be written. They may have its payment all the same, which the next start sees.
	Unsaved bool `json:"unsaved,omitempty"`
}

// UnmarshalJSON takes the lines alone as well: so a version before wrote it.
func (k *keptSale) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		return strictly(text, &k.Lines)
	}
	type plain keptSale
	return strictly(text, (*plain)(k))
}

// ErrParkedUnreadable says that the parked sales were damaged or of another version, and that
// their file was kept under another name. The next call begins with none.
var ErrParkedUnreadable = errors.New("the parked sales cannot be read")

// errMakingUnreadable is the same of the sale in the making.
var errMakingUnreadable = errors.New("the sale in the making cannot be read")

func (d *Desk) parkedFile() string { return filepath.Join(d.config.Dir, "parked.json") }
func (d *Desk) makingFile() string { return filepath.Join(d.config.Dir, "making.json") }

// goods are what the desk keeps of sales that are not paid.
type goods struct {
	files sync.Mutex // of both

	// Of the goroutine of the window.
	id    string      // of the sale in the making; empty while it has no lines
	begun time.Time   // when it got its first line
	shown []goodsLine // as they were written last, or are about to be
	sale  int64
	was   int64 // see present.Parked.Before
	swap  *sale.Exchange
	gone  bool // what was shown was parked: whatever is shown next is written, also nothing

	mu       sync.Mutex
	todo     []func()  // in the order in which they were asked for
	making   *keptSale // the newest that is not written; it stands in todo once
	recalled *keptSale // it is written, and shown next
	awaited  bool      // recalled is not in the cart yet: until it is, nothing is written over it
	busy     bool
	pending  sync.WaitGroup
}

// later does something with the files after all that was asked for before.
func (d *Desk) later(do func()) {
	g := &d.goods
	g.mu.Lock()
	defer g.mu.Unlock()
	g.todo = append(g.todo, do)
	g.pending.Add(1)
	if !g.busy {
		g.busy = true
		go d.keepGoods()
	}
}

// keepGoods does what is asked for, until nothing is.
func (d *Desk) keepGoods() {
	g := &d.goods
	for {
		g.mu.Lock()
		if len(g.todo) == 0 {
			g.busy = false
			g.mu.Unlock()
			return
		}
		do := g.todo[0]
		g.todo = g.todo[1:]
		g.mu.Unlock()
		do()
		g.pending.Done()
	}
}

// Shown implements present.Goods.
func (d *Desk) Shown() {
	g := &d.goods
	lines := written(d.cart.Lines())
	if d.adopt(lines) {
		return
	}
	//mutant:the-sale-in-the-making-is-kept
	if slices.Equal(lines, g.shown) && g.sale == d.cart.SaleID() && g.was == d.cart.Before() && g.swap == d.cart.Exchange() && !g.gone {
		return
	}
	g.shown, g.sale, g.was, g.swap, g.gone = lines, d.cart.SaleID(), d.cart.Before(), d.cart.Exchange(), false
	switch {
	case len(lines) == 0:
		g.id = ""
	case g.id == "":
		g.id, g.begun = newID(), d.config.Now()
	}
	seq, _ := d.journal.Durable() // an entry that could not be saved may be the payment of these
	k := keptSale{ID: g.id, SaleID: g.sale, Before: g.was, Of: d.entryOf(cmp.Or(g.sale, g.was)), Entry: seq, Lines: lines, Exchange: g.swap}
	if g.id != "" {
		k.AtMs, k.Cashier = g.begun.UnixMilli(), d.About().Cashier
	}
	d.writeLater(k)
}

// adopt takes over what came back, once it is shown: it is written already. Until then nothing is written over it.
func (d *Desk) adopt(lines []goodsLine) (waits bool) {
	g := &d.goods
	g.mu.Lock()
	defer g.mu.Unlock()
	k := g.recalled
	switch {
	case k == nil:
		return false
	case len(lines) == 0:
		return true
	case slices.Equal(lines, k.Lines):
		g.awaited = false
		g.id, g.begun, g.shown, g.sale, g.gone = k.ID, time.UnixMilli(k.AtMs), lines, k.SaleID, false
		g.was, g.swap = k.Before, d.cart.Exchange()
	//mutant:nothing-is-written-over-what-comes-back
	case g.awaited: // something was scanned before it came: it goes back to those that are parked, which says so
		return true
	default:
		g.gone = true
	}
	g.recalled = nil
	return false
}

func newID() string { return rand.Text()[:12] }

// writeLater writes the sale in the making; of several that wait one after the other the newest alone.
func (d *Desk) writeLater(k keptSale) {
	g := &d.goods
	g.mu.Lock()
	waits := g.making != nil
	g.making = &k
	g.mu.Unlock()
	if waits {
		return
	}
	d.later(func() {
		g.mu.Lock()
		newest := g.making
		g.making = nil
		g.mu.Unlock()
		if newest == nil { // it was parked meanwhile
			return
		}
		g.files.Lock()
		defer g.files.Unlock()
		if err := writeJSON(d.makingFile(), *newest); err != nil {
			d.config.Log.Error("the sale in the making", "error", err)
		}
	})
}

// Park implements present.Goods.
func (d *Desk) Park(p present.Parked) <-chan error {
	g, done := &d.goods, make(chan error, 1)
	if g.id != "" && slices.Equal(written(p.Lines), g.shown) { // it is the one in the making
		p.ID, p.At, g.id, g.gone = g.id, g.begun, "", true
		g.mu.Lock()
		g.making = nil
		g.mu.Unlock()
	}
	if p.ID == "" {
		p.ID, p.At = newID(), d.config.Now()
	}
	g.mu.Lock()
	if g.recalled != nil && g.recalled.ID == p.ID { // it came back, and nobody took it: whatever is shown next is written
		g.recalled, g.awaited, g.gone = nil, false, true
	}
	g.mu.Unlock()
	if p.Cashier == "" {
		p.Cashier = d.About().Cashier
	}
	d.later(func() {
		g.files.Lock()
		defer g.files.Unlock()
		parked, err := d.readParked()
		if err == nil {
			k := d.keptOf(p)
			//mutant:what-is-parked-unsaved-is-looked-up
			if d.journal.Failed() != nil {
				k.Entry, _ = d.journal.Durable()
				k.Unsaved = true
			}
			err = writeJSON(d.parkedFile(), append(without(parked, p.ID), k))
		}
		done <- err
	})
	return done
}

// Parked implements present.Goods.
func (d *Desk) Parked() ([]present.Parked, error) {
	d.goods.files.Lock()
	defer d.goods.files.Unlock()
	kept, err := d.readParked()
	if err != nil {
		return nil, err
	}
	parked := make([]present.Parked, 0, len(kept))
	for _, k := range kept {
		p, err := d.priced(k)
		if err != nil {
			return nil, err // readParked has seen that it can be
		}
		parked = append(parked, p)
	}
	return parked, nil
}

// Recall implements present.Goods. The sale in the making is written before the parked one goes: a till that ends between the two finds one
// name twice, and takes the first.
func (d *Desk) Recall(id string) (present.Parked, error) {
	return d.takeParked(id, func(k keptSale) error {
		//mutant:what-is-not-known-stays-parked/recalled
		if err := d.stays(k); err != nil {
			return err
		}
		k.Entry, _ = d.journal.Durable()
		if err := writeJSON(d.makingFile(), k); err != nil {
			return err
		}
		d.goods.mu.Lock()
		defer d.goods.mu.Unlock()
		d.goods.recalled, d.goods.awaited = &k, true
		return nil
	})
}

// DropParked implements present.Goods.
func (d *Desk) DropParked(id string) (present.Parked, error) {
	//mutant:what-is-not-known-stays-parked/dropped
	return d.takeParked(id, d.stays)
}

// Dropped implements present.Goods.
func (d *Desk) Dropped(ctx context.Context, by txn.Actor, p present.Parked, back bool) error {
	n := txn.Noted{Deed: txn.SaleDropped, Lines: len(p.Lines), Amount: money.Amount{Minor: p.TotalMinor(), Currency: d.config.Currency}, SaleID: p.SaleID}
	if back {
		n.Deed = txn.SaleBroughtBack
	}
	return d.till.Note(ctx, by, n)
}

// stays says of a parked sale that it stays where it is, by the books of this moment: its goods may be paid for.
func (d *Desk) stays(k keptSale) error {
	if k.Unsaved || d.billOf(k).NotKnown() || d.billNamed(k.Before, k.Of).NotKnown() {
		return present.ErrNotKnown
	}
	return nil
}

// takeParked takes a sale off the list, after all that was asked for before, and after something was done with it.
func (d *Desk) takeParked(id string, first func(keptSale) error) (p present.Parked, err error) {
	done := make(chan struct{})
	d.later(func() {
		defer close(done)
		d.goods.files.Lock()
		defer d.goods.files.Unlock()
		p, err = d.taken(id, first)
	})
	<-done
	return p, err
}

func (d *Desk) taken(id string, first func(keptSale) error) (present.Parked, error) {
	parked, err := d.readParked()
	if err != nil {
		return present.Parked{}, err
	}
	at := slices.IndexFunc(parked, func(k keptSale) bool { return k.ID == id })
	if at < 0 {
		return present.Parked{}, errors.New("there is no such parked sale")
	}
	p, err := d.priced(parked[at])
	if err != nil {
		return p, err
	}
	//mutant:recalled-is-kept-first
	if err := first(parked[at]); err != nil {
		return p, err
	}
	return p, writeJSON(d.parkedFile(), without(parked, id))
}

func without(parked []keptSale, id string) []keptSale {
	return slices.DeleteFunc(slices.Clone(parked), func(k keptSale) bool { return k.ID == id })
}

func written(lines []sale.CartLine) []goodsLine {
	all := make([]goodsLine, 0, len(lines))
	for _, line := range lines {
		all = append(all, goodsLine{line.Item, line.Sold.QuantityE5})
	}
	return all
}

// entryOf is the hash of the entry that a sale is named after; empty where there is none.
func (d *Desk) entryOf(saleID int64) string {
	if saleID == 0 {
		return ""
	}
	hash, err := d.journal.HeadAt(d.ctx, saleID)
	if err != nil {
		d.config.Log.Error("the sale of goods", "error", err)
	}
	return hash
}

func (d *Desk) keptOf(p present.Parked) keptSale {
	return keptSale{ID: p.ID, AtMs: p.At.UnixMilli(), Cashier: p.Cashier, SaleID: p.SaleID, Before: p.Before, Of: d.entryOf(cmp.Or(p.SaleID, p.Before)), Lines: written(p.Lines), Exchange: p.Exchange}
}

// cartOf prices the lines of a sale of a file.
func (d *Desk) cartOf(k keptSale) (*sale.Cart, error) {
	cart := sale.NewCart(d.config.Currency)
	lines := make([]sale.CartLine, 0, len(k.Lines))
	for _, line := range k.Lines {
		lines = append(lines, sale.CartLine{Item: line.Item, Sold: sale.Line{QuantityE5: line.QuantityE5}})
	}
	return cart, cart.Replace(lines)
}

// priced is a sale of a file with its sums, and with how its payment stands.
func (d *Desk) priced(k keptSale) (present.Parked, error) {
	cart, err := d.cartOf(k)
	if err != nil {
		return present.Parked{}, err
	}
	p := present.Parked{ID: k.ID, Cashier: k.Cashier, Lines: cart.Lines(), SaleID: k.SaleID, Before: k.Before, Exchange: k.Exchange}
	if k.AtMs != 0 {
		p.At = time.UnixMilli(k.AtMs)
	}
	bill := d.billOf(k)
	p.Unknown = d.stays(k) != nil
	if bill.SaleID == 0 || goodsGone(bill) {
		p.SaleID = 0 // of other books, or ended there: it is paid anew
	}
	return p, nil
}

// billOf is the sale that the books made of goods; the zero Bill where they have none. In books that were put back another sale may have its number.
func (d *Desk) billOf(k keptSale) txn.Bill { return d.billNamed(k.SaleID, k.Of) }

// billNamed is the sale of a number that is named after an entry of this hash; empty is any.
func (d *Desk) billNamed(saleID int64, of string) txn.Bill {
	if saleID == 0 {
		return txn.Bill{}
	}
	if of != "" && of != d.entryOf(saleID) {
		return txn.Bill{}
	}
	b, err := d.journal.Bill(context.Background(), saleID)
	if err != nil {
		d.config.Log.Error("the sale of parked goods", "error", err)
		return txn.Bill{}
	}
	return b
}

// goodsGone reports whether the books have a sale's goods: it is paid, or it is finished or undone from the list.
func goodsGone(b txn.Bill) bool { return b.WasPaid() || b.State == txn.BillPartPaid }

// FoundGoods implements present.Goods. What the books have by now is not sold again, and of a payment that was cut nobody knows yet: its goods are
// parked.
func (d *Desk) FoundGoods() present.FoundGoods {
	if err := d.lookUpUnsaved(); err != nil {
		d.config.Log.Error("the parked sales", "error", err)
	}
	k, p, err := d.readMaking()
	if err != nil {
		d.config.Log.Error("the sale in the making", "error", err)
		return present.FoundGoods{Err: err}
	}
	if len(p.Lines) == 0 {
		return present.FoundGoods{}
	}
	bill, begun := d.begunOf(d.ctx, k)
	if begun {
		k.SaleID, p.SaleID = bill.SaleID, bill.SaleID
	}
	switch {
	case begun && goodsGone(bill):
		return present.FoundGoods{Err: d.clearMaking()}
	// Of a line more, too: a power cut may have taken the answer that came before it, and that payment is not known again.
	//mutant:goods-of-a-cut-payment-are-parked
	case begun && bill.NotKnown() || d.stays(k) != nil:
		err := errors.Join(<-d.Park(p), d.clearMaking())
		return present.FoundGoods{Parked: err == nil, Err: err}
	}
	if err := d.cart.Replace(p.Lines); err != nil {
		return present.FoundGoods{Err: err}
	}
	d.cart.TakeBack(p.Exchange)
	d.cart.Continue(p.SaleID)
	d.cart.Began(cmp.Or(p.SaleID, p.Before))
	d.goods.recalled = &k
	return present.FoundGoods{Lines: len(p.Lines)}
}

// lookUpUnsaved finds what the books have of sales that were parked while these could not be written, before anything else is sold.
func (d *Desk) lookUpUnsaved() error {
	d.goods.files.Lock()
	defer d.goods.files.Unlock()
	parked, err := d.readParked()
	if err != nil || !slices.ContainsFunc(parked, func(k keptSale) bool { return k.Unsaved }) {
		return err
	}
	for i, k := range parked {
		if !k.Unsaved {
			continue
		}
		if bill, begun := d.begunOf(d.ctx, k); begun {
			parked[i].SaleID = bill.SaleID
		}
		parked[i].Unsaved = false
	}
	return writeJSON(d.parkedFile(), d.withoutGone(parked))
}

// withoutGone leaves out of what waited for the bank, or for a person's word, that of which the books have the goods by now.
func (d *Desk) withoutGone(kept []keptSale) []keptSale {
	//mutant:goods-that-were-paid-are-not-sold-again/parked
	return slices.DeleteFunc(kept, func(k keptSale) bool { return k.SaleID != 0 && goodsGone(d.billOf(k)) })
}

// readMaking reads the sale in the making. One that is parked too was on its way when the till ended: it is in the making.
func (d *Desk) readMaking() (k keptSale, p present.Parked, err error) {
	d.goods.files.Lock()
	defer d.goods.files.Unlock()
	text, err := files.Read(d.makingFile(), ownBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return k, p, nil
	}
	if err != nil {
		return k, p, fmt.Errorf("%w: %w", errMakingUnreadable, err)
	}
	if err = strictly(text, &k); err == nil {
		p, err = d.priced(k)
	}
	if err != nil {
		return k, p, d.keepAside(d.makingFile(), "making", errMakingUnreadable, err)
	}
	parked, err := d.readParked()
	//mutant:a-sale-is-kept-once
	if rest := without(parked, k.ID); err == nil && k.ID != "" && len(rest) < len(parked) {
		err = writeJSON(d.parkedFile(), rest)
	}
	return k, p, err
}

// clearMaking says that no sale is in the making.
func (d *Desk) clearMaking() error {
	d.goods.files.Lock()
	defer d.goods.files.Unlock()
	return writeJSON(d.makingFile(), keptSale{})
}

// begunOf is the sale that the journal made of a sale in the making, and whether it did: the one that it went on with, or one of the same lines
// that was begun after the file was written.
func (d *Desk) begunOf(ctx context.Context, k keptSale) (b txn.Bill, begun bool) {
	if k.SaleID != 0 {
		b := d.billOf(k)
		return b, b.SaleID != 0
	}
	bills, err := d.journal.Bills(ctx, d.journal.OpenDay().Batch)
	cart, priceErr := d.cartOf(k)
	if err = errors.Join(err, priceErr); err != nil {
		d.config.Log.Error("the sale in the making", "error", err)
		return b, false
	}
	for _, b := range slices.Backward(bills) {
		if b.SaleID <= k.Entry {
			break
		}
		//mutant:goods-that-were-paid-are-not-sold-again
		if s, err := d.journal.Sale(ctx, b.SaleID); err == nil && reflect.DeepEqual(s.Lines, cart.Sold()) {
			return b, true
		}
	}
	return b, false
}

// readParked reads the file, priced, so that whatever it lists can be brought back. A file
// that cannot be read is never written over: it is moved aside first.
func (d *Desk) readParked() ([]keptSale, error) {
	text, err := files.Read(d.parkedFile(), ownBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the parked sales: %w", err)
	}
	parked, err := d.parkedIn(text)
	if err != nil {
		err = d.keepAside(d.parkedFile(), "parked", ErrParkedUnreadable, err)
		d.config.Log.Error("parked sales", "error", err)
		return nil, err
	}
	return parked, nil
}

// parkedIn takes a file apart. A field that it does not know is an error: what another version
// wrote under another name would be lost in silence.
func (d *Desk) parkedIn(text []byte) ([]keptSale, error) {
	var kept []keptSale
	if err := strictly(text, &kept); err != nil {
		return nil, err
	}
	for i := range kept {
		if kept[i].ID == "" { // a version before gave none
			kept[i].ID = fmt.Sprintf("before-%d", i+1)
		}
		if _, err := d.cartOf(kept[i]); err != nil {
			return nil, fmt.Errorf("sale %d: %w", i+1, err)
		}
	}
	return d.withoutGone(kept), nil
}

func strictly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// keepAside gives a file the first free name of its own, NAME-unreadable-N.json, and says which. Where that fails
// the file stays, and every call gives this error until somebody has moved it.
func (d *Desk) keepAside(path, name string, what, why error) error {
	for n := 1; ; n++ {
		aside := filepath.Join(d.config.Dir, fmt.Sprintf("%s-unreadable-%d.json", name, n))
		if _, err := os.Lstat(aside); err == nil {
			continue
		}
		if err := os.Rename(path, aside); err != nil {
			return fmt.Errorf("%w (%w), and their file cannot be moved: %w", what, why, err)
		}
		return fmt.Errorf("%w: %w; their file is now %s", what, why, aside)
	}
}
