package present

import (
	"errors"
	"strings"

	"veratill/txn/money"
	"veratill/txn/sale"
)

// padLimit is how many characters the number pad takes: an EAN-13 and a few.
const padLimit = 18

// Note is something told to the cashier, kept as a key so that switching the
// language translates it.
type Note struct {
	Tone   Tone
	Key    string // empty: nothing is told
	Item   sale.Item
	Pairs  []string
	Detail string           // a program's own text, for whoever mends it
	Wallet sale.PaymentCode // whose payment code was scanned; its name stands for {wallet}
	// Charged is the key of a sentence on the money that many notes share; empty is KEY.charged, where there is one.
	Charged string
}

// Sell is the screen on which a cart is made: the cart, the number pad, the
// quantity that waits for a scan and the line that is marked.
type Sell struct {
	Cart     *sale.Cart
	Pad      string
	TimesE5  int64      // "5 *": waits for the next article; 0 is none
	Weigh    *sale.Item // waits for its weight
	Counts   bool       // the pad takes the quantity of the selected line
	Selected int        // line, −1 for none
	Labels   sale.Labels
	Note     Note
}

// NewSell makes a screen on a cart, on which no line is marked yet.
func NewSell(cart *sale.Cart) *Sell {
	return &Sell{Cart: cart, Selected: -1}
}

// Type puts a digit or a point on the pad.
func (s *Sell) Type(text string) {
	if len(s.Pad)+len(text) <= padLimit {
		s.Pad += text
	}
}

// Erase takes the last character off the pad, or what waits behind it.
func (s *Sell) Erase() {
	switch {
	case s.Pad != "":
		s.Pad = s.Pad[:len(s.Pad)-1]
	default:
		s.TimesE5, s.Weigh, s.Counts = 0, nil, false
	}
}

// Waiting reports whether Esc has something to take back on this screen.
func (s *Sell) Waiting() bool { return s.Pad != "" || s.TimesE5 != 0 || s.Weigh != nil || s.Counts }

// Drop takes back what was begun: the pad, the quantity, the weighing.
func (s *Sell) Drop() { s.Pad, s.TimesE5, s.Weigh, s.Counts = "", 0, nil, false }

// Star keeps what the pad shows as the quantity of the next article.
func (s *Sell) Star() {
	quantityE5, ok := sale.ParseQuantity(s.Pad)
	if !ok {
		s.tell(Warning, "sell.quantity-first", sale.Item{})
		return
	}
	s.Pad, s.TimesE5 = "", quantityE5
	s.Note = Note{}
}

// SetQuantity makes what the pad shows the quantity of the selected line. Where it shows nothing it asks for the number.
func (s *Sell) SetQuantity() {
	line, ok := s.Cart.Line(s.Selected)
	if !ok {
		s.tell(Warning, "sell.no-line", sale.Item{})
		return
	}
	quantityE5, ok := sale.ParseQuantity(s.Pad)
	s.Pad = ""
	if s.Counts = !ok; s.Counts {
		s.tell(Waiting, "sell.quantity-how", line.Item)
		return
	}
	s.setQuantity(line, quantityE5)
}

func (s *Sell) setQuantity(line sale.CartLine, quantityE5 int64) {
	if err := s.Cart.SetQuantity(s.Selected, quantityE5); err != nil {
		s.refused(err, line.Item)
		return
	}
	s.tell(Plain, "sell.quantity-set", line.Item)
}

// Enter confirms the pad: a weight that is awaited, or a code that was typed.
// It reports false when there was nothing to confirm.
func (s *Sell) Enter(c Catalogue) bool {
	typed := s.Pad
	switch {
	case typed == "" && !s.Counts:
		return false
	case s.Counts:
		s.SetQuantity()
	case s.Weigh != nil:
		s.Pad = ""
		quantityE5, ok := sale.ParseQuantity(typed)
		if !ok {
			s.tell(Warning, "sell.weight-first", *s.Weigh)
			return true
		}
		item := *s.Weigh
		s.Weigh = nil
		s.put(item, quantityE5)
	default:
		s.Pad = ""
		s.find(typed, c)
	}
	return true
}

// Weighed ends what waits for its weight: what stands on the pad is the weight. Where that is none it says so, and reports false: nothing else begins, and
// nothing that was chosen is left out without a word.
func (s *Sell) Weighed() bool {
	//mutant:what-waits-for-its-weight-is-not-lost
	if s.Weigh == nil {
		return true
	}
	item := *s.Weigh
	quantityE5, ok := sale.ParseQuantity(s.Pad)
	if !ok {
		s.tell(Warning, "sell.weight-wait", item)
		return false
	}
	s.Pad, s.Weigh = "", nil
	return s.put(item, quantityE5)
}

// Scan takes a code from a scanner. Whatever was being typed stays where it is; a weight that was typed is that of what waits for it.
func (s *Sell) Scan(raw string, c Catalogue) {
	if !s.Weighed() {
		return
	}
	s.Counts = false
	s.find(sale.CleanScan(raw), c)
}

func (s *Sell) find(code string, c Catalogue) {
	//mutant:a-card-is-no-code
	if code == sale.Withheld || c.Withholds([]rune(code)) {
		s.TimesE5 = 0
		s.Note = Note{Tone: Warning, Key: "sell.card-number"}
		return
	}
	item, ok := c.Find(code)
	if ok {
		s.Choose(item)
		return
	}
	if s.label(code, c) {
		return
	}
	key := "sell.code-unknown"
	if wallet := sale.PaymentCodeOf(code); wallet != sale.NoWallet {
		s.TimesE5 = 0
		s.Note = Note{Tone: Warning, Key: "sell.payment-code", Wallet: wallet}
		return
	}
	if _, holds := sale.KindOf(code); !holds {
		key = "sell.code-misread"
	}
	// A quantity that waited is gone: it must not land on the article after this one.
	s.TimesE5 = 0
	s.Note = Note{Tone: Bad, Key: key, Pairs: []string{"code", code}}
}

// label sells what a label of the shop's own says, and reports whether it was one. Its price
// or weight is what counts: a quantity that waited does not multiply it.
func (s *Sell) label(code string, c Catalogue) bool {
	plu, kind, value, ok := s.Labels.Read(code)
	if !ok {
		return false
	}
	s.TimesE5 = 0
	item, known := c.Find(plu)
	if !known {
		item, known = c.Find(strings.TrimLeft(plu, "0"))
	}
	switch {
	case !known:
		s.Note = Note{Tone: Bad, Key: "sell.code-unknown", Pairs: []string{"code", plu}}
	case value == 0:
		s.Note = Note{Tone: Bad, Key: "sell.label-empty", Pairs: []string{"code", code}}
	case kind == sale.WeightLabel && item.Unit == sale.Kilogram:
		s.put(item, value*sale.GramE5)
	case kind == sale.PriceLabel:
		item.UnitPriceMinor, item.Unit = value, sale.Piece
		s.put(item, sale.OneE5)
	default:
		s.Note = Note{Tone: Bad, Key: "sell.label-weight", Item: item}
	}
	return true
}

// Choose sells an article that was found, with the quantity that waits. A weighed
// one without a quantity waits for its weight.
func (s *Sell) Choose(item sale.Item) {
	if s.Weigh != nil && *s.Weigh != item && !s.Weighed() {
		return
	}
	times := s.TimesE5
	s.TimesE5, s.Counts = 0, false
	if item.Unit != sale.Piece && times == 0 {
		s.Weigh = &item
		s.tell(Waiting, "sell.weight-first", item)
		return
	}
	if times == 0 {
		times = sale.OneE5
	}
	s.put(item, times)
}

func (s *Sell) put(item sale.Item, quantityE5 int64) bool {
	index, err := s.Cart.Add(item, quantityE5)
	if err != nil {
		s.refused(err, item)
		return false
	}
	s.Selected = index
	s.tell(Good, "sell.added", item)
	return true
}

// More sells one more of the selected line, and Less one less: what is left of one is none. What is weighed is weighed again instead.
func (s *Sell) More() { s.change(sale.OneE5) }

// Less takes one of the selected line.
func (s *Sell) Less() { s.change(-sale.OneE5) }

func (s *Sell) change(byE5 int64) {
	line, ok := s.Cart.Line(s.Selected)
	switch {
	case !ok:
		s.tell(Warning, "sell.no-line", sale.Item{})
	case line.Item.Unit != sale.Piece:
		s.tell(Warning, "sell.weighed", line.Item)
	case line.Sold.QuantityE5+byE5 <= 0:
		s.Remove()
	default:
		s.Counts = false
		s.setQuantity(line, line.Sold.QuantityE5+byE5)
	}
}

// Remove takes the selected line off.
func (s *Sell) Remove() {
	s.Counts = false
	line, ok := s.Cart.Line(s.Selected)
	if !ok {
		s.tell(Warning, "sell.no-line", sale.Item{})
		return
	}
	if err := s.Cart.Remove(s.Selected); err != nil {
		s.refused(err, line.Item)
		return
	}
	s.Selected = min(s.Selected, s.Cart.Len()-1)
	s.tell(Plain, "sell.removed", line.Item)
}

// Select selects a line, from the first to the last.
func (s *Sell) Select(index int) {
	s.Counts = false
	s.Selected = min(max(index, 0), s.Cart.Len()-1)
}

// Recall takes parked lines back.
func (s *Sell) Recall(lines []sale.CartLine) error {
	if err := s.Cart.Replace(lines); err != nil {
		return err
	}
	s.Selected = s.Cart.Last()
	return nil
}

// Next makes room for the next customer; the note stays, because it holds the change.
func (s *Sell) Next() {
	s.Cart.Clear()
	s.Selected = -1
	s.Drop()
}

func (s *Sell) tell(tone Tone, key string, item sale.Item) {
	s.Note = Note{Tone: tone, Key: key, Item: item}
}

func (s *Sell) refused(err error, item sale.Item) {
	key := "sell.refused"
	switch {
	case errors.Is(err, sale.ErrQuantity):
		key = "sell.quantity-range"
	case errors.Is(err, sale.ErrWholePieces):
		key = "sell.whole-pieces"
	case errors.Is(err, sale.ErrTooManyLines):
		key = "sell.too-many"
	case errors.Is(err, sale.ErrNoLine):
		key = "sell.no-line"
	case errors.Is(err, money.ErrOverflow):
		key = "sell.too-much"
	}
	s.Note = Note{Tone: Warning, Key: key, Item: item, Detail: err.Error()}
}

// PadText is what stands above the number pad.
func (s *Sell) PadText(w *Words) string {
	switch {
	case s.Weigh != nil:
		return s.Pad + " " + w.Text("unit.kg")
	case s.Counts:
		return "= " + s.Pad
	case s.TimesE5 != 0:
		return sale.QuantityFigure(s.TimesE5, sale.Piece) + " ×  " + s.Pad
	}
	return s.Pad
}
