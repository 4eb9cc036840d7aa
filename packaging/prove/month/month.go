// Package month plants a month of a shop's payments, together with the files in which its bank, its wallets and its processors settle
// them, and with differences between the two. It knows every difference, because it made it: whoever matches files with payments is
// judged by it. It is pure, and shares no code with what it judges.
package month

import (
	"math/rand/v2"
	"slices"
	"time"

	"veratill/txn"
	"veratill/txn/money"
)

// Month is a month of payments and what is to be found in it.
type Month struct {
	Attempts []txn.Attempt // the till's side, ids rising; in cash too, which no file tells
	Files    []File        // in the order in which they arrive: one a day and format, some of them again, and one late
	Want     []Want        // every planted difference, and nothing else is one
	// Proposals are the rows that can be told by sum and time alone. None of them is a match, and none of them is a difference.
	Proposals []Proposal
	// Links say of the rows of separate terminals whose they are. A person gives those of payments to them, slip in hand, where no approval code did it before: what differs about those, and whose the
	// rows of what went back are, can be told only then.
	Links   []Link
	Matched map[string]int    // by format: how many attempts the files tell as the till does
	Undone  []txn.ID          // reversed here, and at the bank both taken and undone: not in Matched, and no difference but where one is in Want
	Rates   map[string]int64  // by format: the fee of a payment, in parts per million of its amount
	Ours    map[string]Ours   // by format: who the shop is in the files
	Mapping map[string]string // the columns of the table that somebody maps by hand: meaning → header
}

// File is a file as it arrives. The same one may come twice, under the same name.
type File struct {
	Name, Format string
	Content      []byte
}

// Want is a difference that has to be found.
type Want struct {
	Class   string // one of the classes below
	Format  string
	Attempt txn.ID // 0 where no attempt of these books is meant
	// Key is the number by which the provider knows the row that differs: a refund's own where it has one. It is empty where there is no
	// row. Of a row that comes twice it is the number of both; of a second payment it is the one that the till has not heard of.
	Key         string
	AmountMinor int64 // the row's, above zero, in minor units; the attempt's where there is no row
}

// The classes of differences.
const (
	Kept        = "kept"              // reversed, declined or voided here, and the bank has it and keeps it
	Unknown     = "unknown"           // the till does not know, and the bank has it
	Anothers    = "another's"         // of another terminal or merchant
	BankOnly    = "bank only"         // a row of ours that no attempt explains
	Twice       = "twice"             // two different numbers of the bank for one attempt
	TwiceInFile = "twice in the file" // the same row again in one file
	Timing      = "timing"            // not at the bank, and fewer than two later files have come
	Overdue     = "overdue"           // not at the bank, and two later files came without it
	Refused     = "refused"           // the file says that it failed
	Amount      = "amount"
	Fee         = "fee" // more than 0.01 from the rate
	State       = "state"
	Currency    = "currency"
	TooMuchBack = "too much back" // the bank gave back more than it took
)

// Proposal is a row that has nothing by which the till knows it.
type Proposal struct {
	Format, Key string
	// Attempts fit by sum and 15 minutes, whatever somebody said that the terminal showed, ids rising: one, or several that nobody can tell apart.
	Attempts []txn.ID
}

// Link is a row of a separate terminal and the attempt that it is of.
type Link struct {
	Format, Key string
	Attempt     txn.ID
}

// Ours is who the shop is in the files of a format. Empty is not said there.
type Ours struct{ Line, Merchant, Terminal string }

// The days of the month. Day 0 is the last one before it, and has no files.
const (
	firstDay = 1
	lastDay  = 31 // the first of December: the last one of which files came
	lateDay  = 32 // no file tells of it
	twiceDay = 7  // its files come once more
	tardyDay = 12 // its files come after those of the day behind it
)

// zone is the shop's, and of each file that names none.
var zone = time.FixedZone("", 8*60*60)

func midnight(day int) time.Time { return time.Date(2026, 10, 31+day, 0, 0, 0, 0, zone) }

func dayOf(at time.Time) int { return int(at.Sub(midnight(0)) / (24 * time.Hour)) }

// move is an attempt with what its provider knows of it.
type move struct {
	format string
	at     time.Time
	a      txn.Attempt
	of     *move // what is given back of
	backs  []*move
	number string // by which the provider knows it
	slip   string // allinpay's second number of it
	masked string // the card that paid, which the till of a separate terminal does not know
	code   string // the issuer's approval code, which somebody types or not
	ref    string // the separate terminal's own number of it
	story  *story
}

type planter struct {
	r     *rand.Rand
	m     Month
	moves []*move
	rows  map[string][][]row // by format and day
	free  map[int64][]int64  // by batch: STANs that no attempt has
}

// firstID is near the end of the STANs, so that they begin anew within the month.
const firstID txn.ID = txn.STANs - 1200

// Plant makes the month of a seed with about so many payments, not counting what it plants. Below 1,000 it is not a month
// that anybody learns from, and it makes 1,000.
func Plant(seed uint64, payments int) Month {
	p := &planter{r: rand.New(rand.NewPCG(seed, 0x0C1EA21)), rows: map[string][][]row{}, free: map[int64][]int64{},
		m: Month{Matched: map[string]int{}, Rates: map[string]int64{}, Ours: map[string]Ours{}, Mapping: map[string]string{}}}
	for header, meaning := range tableColumns {
		p.m.Mapping[meaning] = header
	}
	for _, f := range formats {
		p.m.Rates[f.name], p.m.Ours[f.name], p.rows[f.name] = f.ratePPM, f.ours, make([][]row, lastDay+1)
		p.tell(f, max(payments, 1000)*f.share/100)
	}
	for range max(payments, 1000) / 20 {
		p.cash()
	}
	p.number()
	for _, m := range slices.Clone(p.moves) {
		if m.story != nil {
			m.story.settle(p, m)
		}
	}
	for _, f := range formats {
		p.strangers(f)
	}
	p.propose()
	p.link()
	p.write()
	return p.m
}

// tell makes the payments of a format: some for each story, and the rest as they should be.
func (p *planter) tell(f *format, payments int) {
	for i := range stories {
		s := &stories[i]
		if !slices.Contains(s.formats, f.name) {
			continue
		}
		n := 3 + p.r.IntN(3)
		if s.often > 0 {
			n = payments / s.often
		}
		for nth := range n {
			m := p.pay(f, s.when(p, nth))
			m.story = s
			if s.begin != nil {
				s.begin(p, m)
			}
		}
	}
}

// number gives the attempts their numbers, in the order of time, and what follows from them.
func (p *planter) number() {
	slices.SortStableFunc(p.moves, func(a, b *move) int { return a.at.Compare(b.at) })
	id := firstID
	for n, m := range p.moves {
		id++
		batch := int64(100 + max(dayOf(m.at), 0))
		if p.r.IntN(15) == 0 { // a number that was begun and never used
			p.free[batch] = append(p.free[batch], id.STAN())
			id++
		}
		a := &m.a
		a.ID, a.SaleID, a.Batch, a.OpenedMs, a.ZoneSeconds = id, int64(7000+n), batch, m.at.UnixMilli(), 8*60*60
		if a.State != txn.Pending && a.State != txn.Reversing && a.State != txn.Unresolved {
			a.EndedMs = a.OpenedMs + 2000
		}
		a.Paper, a.Terminal, a.Merchant, a.Cashier = txn.NoPaper, terminal, merchant, "01"
		switch {
		case a.Tender == txn.Card:
			a.Reference = a.Trace()
		case a.Tender == txn.Code:
			a.Reference = m.at.Format("060102") + pad(int64(id), 6) + p.letters(12)
		}
		if m.format == alipay && a.Kind == txn.Refund {
			m.number = a.Reference
		}
		if m.of != nil {
			a.SaleID, a.Original = m.of.a.SaleID, m.of.a.ID
			if a.Kind == txn.Void {
				m.of.a.VoidedBy = a.ID
			}
		}
	}
	for _, m := range p.moves {
		p.m.Attempts = append(p.m.Attempts, m.a)
	}
}

func (p *planter) want(class string, m *move, r row) {
	w := Want{Class: class, Format: r.format, Key: r.number, AmountMinor: r.amountMinor}
	if m != nil {
		w.Attempt = m.a.ID
	}
	p.m.Want = append(p.m.Want, w)
}

// missing wants an attempt that is in no file.
func (p *planter) missing(class string, m *move) {
	p.m.Want = append(p.m.Want, Want{Class: class, Format: m.format, Attempt: m.a.ID, AmountMinor: m.a.Amount.Minor})
}

// link names the payments of the rows of separate terminals.
func (p *planter) link() {
	proposed := map[string]bool{}
	for _, one := range p.m.Proposals {
		proposed[one.Format+one.Key] = true
	}
	for _, m := range p.moves {
		if m.a.Tender == txn.External && !proposed[m.format+m.number] && p.find(m.format, m.number).number != "" {
			p.m.Links = append(p.m.Links, Link{m.format, m.number, m.a.ID})
		}
	}
}

// propose finds the attempts that fit the rows of separate terminals by sum and time.
func (p *planter) propose() {
	for i := range p.m.Proposals {
		proposal := &p.m.Proposals[i]
		r := p.find(proposal.Format, proposal.Key)
		for _, m := range p.moves {
			a := m.a
			apart := m.at.Sub(r.at).Abs()
			if a.Tender == txn.External && a.Kind == txn.Sale && a.Amount.Minor == r.amountMinor && string(a.Amount.Currency) == r.currency && apart <= 15*time.Minute {
				proposal.Attempts = append(proposal.Attempts, a.ID)
			}
		}
	}
}

func (p *planter) find(format, number string) row {
	for _, day := range p.rows[format] {
		for _, r := range day {
			if r.number == number {
				return r
			}
		}
	}
	return row{}
}

// write makes the files: each in an order of its own, and the whole in the order in which they arrive.
func (p *planter) write() {
	days := make([]int, 0, lastDay+1)
	for day := firstDay; day <= lastDay; day++ {
		days = append(days, day)
	}
	days[tardyDay-firstDay], days[tardyDay] = days[tardyDay], days[tardyDay-firstDay]
	var again []File
	for _, day := range days {
		for _, f := range formats {
			rows := p.rows[f.name][day]
			p.r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			file := File{Name: f.file(day), Format: f.name, Content: f.write(p, day, rows)}
			p.m.Files = append(p.m.Files, file)
			if day == twiceDay || day == lastDay {
				again = append(again, file)
			}
		}
		if day == twiceDay+2 || day == lastDay {
			p.m.Files, again = append(p.m.Files, again...), nil
		}
	}
}

// rated is the fee of an amount by the rate of its format, in minor units.
func rated(f *format, amountMinor int64) int64 {
	fee, err := money.MulDiv(amountMinor, f.ratePPM, 1_000_000)
	if err != nil {
		panic(err) // amounts here are small
	}
	return fee
}
