package fold

import (
	"errors"
	"fmt"
	"reflect"

	"veratill/txn"
)

// Day is a business day: one batch.
type Day struct {
	Batch    int64
	Currency string
	First    txn.ID // its attempts have this number and higher ones, up to the next day's
	OpenedMs int64
	Z        int64 // 0 while it is open
	ClosedMs int64
	Totals   []byte // JSON of the Z as it was printed
}

// Report is an X or a Z that was begun.
type Report struct {
	Print txn.Print
	Open  bool // its print has not ended
}

// Change is what one record did to an attempt: what it was, with ID 0 where it is new, and what it is.
type Change struct{ Before, After txn.Attempt }

// Books are what entries amount to, under this program's machine.
type Books struct {
	Identity txn.Identity
	Attempts map[txn.ID]txn.Attempt
	Bills    map[int64]txn.Bill // by sale
	Reports  map[int64]Report   // by print number
	Days     map[int64]Day      // by batch
	Numbers  txn.Numbers
	Cases    []txn.Case     // disputes with banks, in the order of their numbers
	Slips    []txn.SlipKept // the merchant's slips that were printed, in the order of their prints
	Filed    []txn.Record   // files of the clearing that were taken in, and what was done about differences, in their order
	// Settlements are those of batches. Books that begin with a day have those that it began.
	Settlements map[txn.SettlementKey]txn.Settlement

	// Changed is told of every change of an attempt, in order; nil is nobody.
	Changed func(Change)
	zs      map[int64]bool // the numbers of Zs
	only    int64          // the sale that alone counts, 0 where all do: see OfSale
	earlier Earlier        // of books that begin with a day, see FromDay; else nil
	sold    Sold           // see Run.Reads
}

// NewBooks are the books before their first entry.
func NewBooks() *Books {
	return &Books{Attempts: map[txn.ID]txn.Attempt{}, Bills: map[int64]txn.Bill{}, Reports: map[int64]Report{}, Days: map[int64]Day{},
		Settlements: map[txn.SettlementKey]txn.Settlement{}, zs: map[int64]bool{}}
}

// Read implements State.
func (b *Books) Read(word string, body []byte) (record any, unknown string, err error) {
	blank := txn.NewRecord(word)
	if blank == nil {
		return nil, fmt.Sprintf("the record %q", word), nil
	}
	if err := ReadJSON(body, blank); err != nil {
		return nil, "", fmt.Errorf("record %q: %w", word, err)
	}
	read := reflect.ValueOf(blank).Elem().Interface().(txn.Record)
	return read, txn.Unknown(read), nil
}

// Apply implements State.
func (b *Books) Apply(seq int64, record any) error {
	if b.only != 0 && !b.concerns(record) {
		return nil
	}
	switch r := record.(type) {
	case txn.Booted:
		if r.Identity.Books != "" {
			b.Identity = r.Identity
		}
	case txn.Tidied, txn.Renewed, txn.Noted:
	case txn.SaleOpened:
		return b.sale(seq, r)
	case txn.SaleMoved:
		return b.saleMoved(r)
	case txn.ReturnOpened:
		return b.returned(r)
	case txn.AttemptOpened:
		return b.opened(r.Attempt)
	case txn.AttemptMoved:
		return b.moved(r)
	case txn.ReportOpened, txn.ReportClosed:
		return b.report(r)
	case txn.DayOpened, txn.DayClosed:
		return b.day(r)
	case txn.NumbersMoved:
		return b.numbersMoved(r)
	case txn.NumbersSeen:
		b.Numbers = b.Numbers.Seen()
	case txn.SettlementOpened:
		return b.settles(r.Settlement)
	case txn.SettlementMoved:
		return b.settlementMoved(r)
	case txn.FileKept:
		return b.file(r, r.Complete())
	case txn.Answered:
		return b.file(r, r.Complete())
	case txn.CaseMoved:
		return b.caseMoved(r)
	case txn.SlipKept:
		return b.slip(r)
	default:
		return fmt.Errorf("there is no record %T", record)
	}
	return nil
}

// opened takes a new attempt, which has to be as Begin makes one.
func (b *Books) opened(a txn.Attempt) error {
	//mutant:number-comes-once
	if a.ID <= b.Numbers.Last {
		return fmt.Errorf("attempt %s comes after %s", a.ID, b.Numbers.Last)
	}
	b.Numbers.Last = a.ID
	//mutant:a-settled-batch-takes-no-payment/books
	if _, settled := b.Settlements[txn.SettlementKey{Batch: a.Batch, Line: a.Line}]; settled && a.Tender == txn.Card {
		return fmt.Errorf("attempt %s is in batch %d, which is being settled", a.ID, a.Batch)
	}
	d, err := txn.Begin(a)
	if err != nil {
		return fmt.Errorf("attempt %s: %w", a.ID, err)
	}
	//mutant:attempt-is-as-begun
	if !Same(d.After, a) {
		return fmt.Errorf("attempt %s is not as it is begun", a.ID)
	}
	return b.set(txn.Attempt{}, a)
}

// numbersMoved takes a move of the numbers, which only leads ahead.
func (b *Books) numbersMoved(r txn.NumbersMoved) error {
	//mutant:numbers-move-ahead
	if r.To <= b.Numbers.Last {
		return fmt.Errorf("the numbers move from %s back to %s", b.Numbers.Last, r.To)
	}
	b.Numbers = b.Numbers.Move(r)
	return nil
}

// file keeps what a person brought about the clearing.
func (b *Books) file(r txn.Record, wrong error) error {
	if wrong == nil {
		b.Filed = append(b.Filed, r)
	}
	return wrong
}

// caseMoved takes a move of a case.
func (b *Books) caseMoved(r txn.CaseMoved) (err error) {
	b.Cases, err = txn.TakeCase(b.Cases, r)
	return b.file(r, err)
}

// slip takes the hash of a print's slips. A print is begun once, and so its slips are kept once.
func (b *Books) slip(r txn.SlipKept) error {
	if n := len(b.Slips); n > 0 && b.Slips[n-1].Print >= r.Print {
		return fmt.Errorf("the slip of print %d comes after that of print %d", r.Print, b.Slips[n-1].Print)
	}
	b.Slips = append(b.Slips, r)
	return r.Complete()
}

// sale takes a new sale, and begins its bill.
func (b *Books) sale(seq int64, r txn.SaleOpened) error {
	if r.Sale.ID != seq {
		return fmt.Errorf("sale %d is in entry %d, which has to name it", r.Sale.ID, seq)
	}
	if _, twice := b.Bills[seq]; twice {
		return fmt.Errorf("entry %d opens two sales", seq)
	}
	d, err := txn.OpenBill(r)
	if err != nil {
		return err
	}
	b.Bills[seq] = d.After
	return nil
}

// saleMoved asks the machine again what an event of a sale leads to.
func (b *Books) saleMoved(r txn.SaleMoved) error {
	before, err := b.bill(r.SaleID)
	if err != nil {
		return err
	}
	d, err := txn.StepBill(before, r.Event)
	if err != nil {
		return err
	}
	b.Bills[r.SaleID] = d.After
	return nil
}

// returned takes goods that came back, which have to be what was sold and had not come back before.
func (b *Books) returned(r txn.ReturnOpened) error {
	before, err := b.bill(r.SaleID)
	if err != nil {
		return err
	}
	if b.sold == nil {
		return errNoSold
	}
	sold, err := b.sold(r.SaleID)
	if err != nil {
		return fmt.Errorf("sale %d, of which goods came back: %w", r.SaleID, err)
	}
	after, err := txn.TakeReturn(before, sold, r.Return)
	if err != nil {
		return err
	}
	b.Bills[r.SaleID] = after
	return nil
}

// moved asks the machine again what an event leads to.
func (b *Books) moved(r txn.AttemptMoved) error {
	before, err := b.attempt(r.ID)
	if err != nil {
		return err
	}
	d, err := txn.Step(before, r.Event)
	if err != nil {
		return fmt.Errorf("attempt %s: %w", r.ID, err)
	}
	return b.set(before, d.After)
}

// set keeps an attempt as it is now, and what that makes of its sale.
func (b *Books) set(before, after txn.Attempt) error {
	bill, err := b.bill(after.SaleID)
	if err != nil {
		return fmt.Errorf("attempt %s: %w", after.ID, err)
	}
	d, err := txn.TakePart(bill, after)
	if err != nil {
		return fmt.Errorf("attempt %s: %w", after.ID, err)
	}
	b.Attempts[after.ID], b.Bills[after.SaleID] = after, d.After
	if b.Changed != nil {
		b.Changed(Change{before, after})
	}
	return nil
}

func (b *Books) report(record any) error {
	switch r := record.(type) {
	case txn.ReportOpened:
		if _, twice := b.Reports[r.Print.ID]; twice {
			return fmt.Errorf("report %d was begun before", r.Print.ID)
		}
		b.Reports[r.Print.ID] = Report{r.Print, true}
	case txn.ReportClosed:
		p, known := b.Reports[r.ID]
		if !known && b.earlier != nil { // begun on an earlier day
			return nil
		}
		if !known || !p.Open {
			return fmt.Errorf("report %d is not being printed", r.ID)
		}
		p.Print.Outcome, p.Print.Proof, p.Open = r.Outcome, r.Proof, false
		b.Reports[r.ID] = p
	}
	return nil
}

func (b *Books) day(record any) error {
	switch r := record.(type) {
	case txn.DayOpened:
		if _, twice := b.Days[r.Batch]; twice {
			return fmt.Errorf("batch %d was opened before", r.Batch)
		}
		b.Days[r.Batch] = Day{Batch: r.Batch, Currency: r.Currency, First: b.Numbers.Last + 1, OpenedMs: r.AtMs}
	case txn.DayClosed:
		d, known := b.Days[r.Batch]
		if !known || d.Z != 0 || b.zs[r.Z] || r.Z < 1 {
			return fmt.Errorf("batch %d cannot be closed by Z %d", r.Batch, r.Z)
		}
		d.Z, d.ClosedMs, d.Totals = r.Z, r.AtMs, r.Totals
		b.Days[r.Batch], b.zs[r.Z] = d, true
	}
	return nil
}

// SameBill compares two bills by what they say: an empty list is the same as none.
func SameBill(a, b txn.Bill) bool {
	if len(a.Prints) == 0 && len(b.Prints) == 0 {
		a.Prints, b.Prints = nil, nil
	}
	if len(a.Parts) == 0 && len(b.Parts) == 0 {
		a.Parts, b.Parts = nil, nil
	}
	if len(a.Returns) == 0 && len(b.Returns) == 0 {
		a.Returns, b.Returns = nil, nil
	}
	return reflect.DeepEqual(a, b)
}

// Same compares two attempts by what they say: an empty list is the same as none.
func Same(a, b txn.Attempt) bool {
	if len(a.Prints) == 0 && len(b.Prints) == 0 {
		a.Prints, b.Prints = nil, nil
	}
	return reflect.DeepEqual(a, b)
}

var errNoSold = errors.New("goods came back, and what was sold can't be read here")

var errNotBooks = errors.New("the newest version has other books than this program's")
