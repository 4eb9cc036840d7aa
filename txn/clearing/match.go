package clearing

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/txn"
)

// Books are what files are held against.
type Books struct {
	Attempts []txn.Attempt    // of the days that the files cover and some before and behind, with whatever they undo or give back of
	Rates    map[Format]int64 // what a provider keeps, in parts per million; a format that is not there has no rate to compare with
	Linked   map[string]txn.ID
	Accounts map[Format]Account
}

// Account is who the shop is in the files of a format. What is empty is not known, and tells nothing apart.
type Account struct {
	Lines     []string // whose payments are in the files besides those that always are, such as a separate terminal's
	Merchants []string
	Terminals []string
}

// expects reports whether the files of a format have to have an attempt: those of a wallet the payments by code of that wallet, an acquirer's those by card, and each what the
// account says.
func (b Books) expects(f Format, a txn.Attempt) bool {
	switch f {
	case weChat, alipay:
		if a.Tender == txn.Code && strings.HasPrefix(a.Line, string(f)) {
			return true
		}
	case ByCard:
		if a.Tender == txn.Card {
			return true
		}
	}
	return slices.Contains(b.Accounts[f].Lines, a.Line)
}

// may reports whether the files of a format may have an attempt: a separate terminal does not say whose it is.
func (b Books) may(f Format, a txn.Attempt) bool {
	return b.expects(f, a) || a.Tender == txn.External && f != weChat && f != alipay
}

// Reconcile holds files, in the order in which they came, against the books. Rows that an earlier file had are counted once. Its items are in the order
// of the attempts, then of the rows.
func Reconcile(files []File, b Books) []Item {
	m := newMatcher(files, b)
	for i, f := range files {
		for _, row := range f.Rows {
			m.take(i, row)
		}
		for _, row := range f.Twice {
			m.again(i, row)
		}
	}
	m.leftovers()
	var items []Item
	for at := range m.books {
		if i, told := m.judge(&m.books[at]); told {
			items = append(items, i)
		}
	}
	items = append(items, m.strangers()...)
	m.propose(items)
	return items
}

// cardTerminal begins the names of lines to card terminals, which number their payments themselves.
const cardTerminal = "zvt "

// held is an attempt with the rows that speak of it.
type held struct {
	txn.Attempt
	rows     []filed // of the movement itself
	undone   []filed // that revoke it, or give all of it back under no number of the till's
	void     *held   // the void that undid it
	byPerson bool
}

// filed is a row in its file.
type filed struct {
	Row
	file   int
	format Format
}

type trace struct {
	terminal    string
	batch, stan int64
}

type matcher struct {
	files    []File
	byFormat map[Format][]int // places of the files that cover any day, in their order
	Books    Books
	books    []held
	byID     map[txn.ID]*held
	byTrace  map[trace][]*held
	byName   map[string][]*held         // by reference, RRN and provider's number
	byOrder  map[string]*held           // payments by what their rows say of the order
	back     map[txn.ID][]*held         // voids and refunds of a payment
	met      map[string][]*met          // rows by their names
	seen     map[string]int             // rows that stand twice in a file: the file that had it first
	shown    map[Format]map[string]bool // the till's lines of which a format has payments
	later    []filed                    // rows of refunds that name their payment alone: taken once the named ones are
	alone    []filed
	twice    []filed
}

func newMatcher(files []File, b Books) *matcher {
	m := &matcher{files: files, byFormat: map[Format][]int{}, Books: b, byID: map[txn.ID]*held{}, byTrace: map[trace][]*held{}, byName: map[string][]*held{}, byOrder: map[string]*held{}, back: map[txn.ID][]*held{}, met: map[string][]*met{}, seen: map[string]int{}, shown: map[Format]map[string]bool{}}
	for i := range files {
		if files[i].From != "" && len(files[i].Rows) > 0 {
			m.byFormat[files[i].Format] = append(m.byFormat[files[i].Format], i)
		}
	}
	m.books = make([]held, 0, len(b.Attempts))
	for _, a := range b.Attempts {
		if a.Tender != txn.Cash && a.Tender != txn.Voucher { // those no bank settles
			m.books = append(m.books, held{Attempt: a})
		}
	}
	for i := range m.books {
		h := &m.books[i]
		m.byID[h.ID] = h
		if h.Original != 0 {
			m.back[h.Original] = append(m.back[h.Original], h)
		}
		//mutant:a-separate-terminal-has-numbers-of-its-own
		if h.Tender == txn.Card && !strings.HasPrefix(h.Line, cardTerminal) {
			t := trace{numberOf(h.Terminal), h.Batch, h.ID.STAN()}
			m.byTrace[t] = append(m.byTrace[t], h)
		}
		names := []string{numberOf(h.Reference)}
		if rrn := numberOf(h.Answer.RRN); rrn != "" && rrn != names[0] {
			names = append(names, rrn)
		}
		for _, name := range names {
			if name != "" {
				m.byName[name] = append(m.byName[name], h)
			}
		}
	}
	for i := range m.books {
		h := &m.books[i]
		if at := slices.IndexFunc(m.back[h.ID], func(b *held) bool { return b.Kind == txn.Void && b.Concluded() }); at >= 0 {
			h.void = m.back[h.ID][at]
		}
	}
	return m
}

// show notes that the files of a format have payments of a line of this till: they have to have the others of it, too. Of a separate terminal nobody says whose it is.
func (m *matcher) show(f Format, h *held) {
	if h.Tender == txn.External {
		return
	}
	if m.shown[f] == nil {
		m.shown[f] = map[string]bool{}
	}
	m.shown[f][h.Line] = true
}

// shows reports whether the files of a format have to have an attempt because of what else they have: its payment, or others of its line, where no files came that have to have it by what they are.
func (m *matcher) shows(f Format, h *held) bool {
	//mutant:who-has-a-payment-has-what-undid-it
	if p := m.byID[h.Original]; p != nil && p.Tender == h.Tender && slices.ContainsFunc(p.rows, func(r filed) bool { return r.format == f }) {
		return true
	}
	others := slices.ContainsFunc(Formats, func(o Format) bool { return len(m.byFormat[o]) > 0 && m.Books.expects(o, h.Attempt) })
	//mutant:a-table-with-a-line-has-all-of-it
	return m.shown[f][h.Line] && !others
}

// take finds the attempt of a row.
func (m *matcher) take(file int, row Row) {
	f := filed{row, file, m.files[file].Format}
	if m.metBefore(f) {
		return
	}
	if id, linked := m.Books.Linked[rowKey(f)]; linked && m.byID[id] != nil {
		m.byID[id].rows, m.byID[id].byPerson = append(m.byID[id].rows, f), true
		return
	}
	//mutant:a-row-of-another-terminal-is-told
	if m.anothers(f) { // whatever numbers it has: two terminals give the same ones
		m.alone = append(m.alone, f)
		return
	}
	h := m.find(f)
	switch {
	case h != nil:
		h.rows = append(h.rows, f)
		m.show(f.format, h)
		if row.Kind == payment && row.Order != "" { // the provider's own number of the whole, perhaps
			m.byOrder[string(f.format)+row.Order] = h
		}
	case row.Kind == refund:
		m.later = append(m.later, f)
	default:
		m.alone = append(m.alone, f)
	}
}

// again notes a row that stands in its file a second time.
func (m *matcher) again(file int, row Row) {
	f := filed{row, file, m.files[file].Format}
	name := "again " + string(f.format) + row.onItsDay()
	if first, known := m.seen[name]; known && first != file { // the file came before
		return
	}
	m.seen[name] = file
	m.twice = append(m.twice, f)
}

// find is the attempt of a row by the keys of both, the strongest first: terminal, batch and STAN; RRN; the shop's number; the provider's.
func (m *matcher) find(f filed) *held {
	if h := m.traced(f, f.Kind); h != nil {
		return h
	}
	keys := []string{f.RRN, f.Order, f.Provider}
	if f.Kind == refund {
		keys = []string{f.RRN, f.RefundOrder, f.ProviderRefund, f.Provider}
	}
	for _, key := range keys {
		if key == "" {
			continue
		}
		if h := nearest(m.byName[key], f.At, f.Kind); h != nil {
			return h
		}
	}
	return nil
}

// traced is the attempt of a kind that has a row's terminal, batch and STAN.
func (m *matcher) traced(f filed, k Kind) *held {
	if f.Terminal == "" || f.STAN == 0 {
		return nil
	}
	return nearest(m.byTrace[trace{f.Terminal, f.Batch, f.STAN}], f.At, k)
}

// nearest is the attempt of a kind that is nearest to a moment. Numbers come again: one that is more than a month away is another's.
func nearest(of []*held, at time.Time, k Kind) (best *held) {
	var least time.Duration
	for _, h := range of {
		if (k == payment) != (h.Kind == txn.Sale) {
			continue
		}
		away := at.Sub(time.UnixMilli(h.OpenedMs)).Abs()
		//mutant:a-number-that-comes-again-is-not-ours
		if away > 31*24*time.Hour {
			continue
		}
		if best == nil || away < least {
			best, least = h, away
		}
	}
	return best
}

// payment is what a refund's row gives back of.
func (m *matcher) payment(f filed) *held {
	if h := m.byOrder[string(f.format)+f.Order]; h != nil && f.Order != "" {
		return h
	}
	for _, key := range []string{f.Order, f.Provider, f.RRN} {
		for _, h := range m.byName[key] {
			if key != "" && h.Kind == txn.Sale {
				return h
			}
		}
	}
	return m.traced(f, payment)
}

// leftovers gives the refunds that name their payment alone to its voids and refunds of that amount, in the order of both, or else to the payment.
func (m *matcher) leftovers() {
	for _, f := range m.later {
		p := m.payment(f)
		if p == nil {
			m.alone = append(m.alone, f)
			continue
		}
		if h := m.free(p.ID, f); h != nil {
			h.rows = append(h.rows, f)
			continue
		}
		p.undone = append(p.undone, f)
	}
}

// free is a void or a refund of a payment that has no row yet and may be this one: of its amount, and one that went through before one that did not.
func (m *matcher) free(payment txn.ID, f filed) (best *held) {
	for _, h := range m.back[payment] {
		if len(h.rows) > 0 || h.Amount.Minor != f.AmountMinor {
			continue
		}
		if best == nil || !best.Concluded() && h.Concluded() {
			best = h
		}
	}
	return best
}

// item begins an item about an attempt.
func (h *held) item(c Class) Item {
	i := Item{Key: "attempt " + h.ID.String(), Class: c, File: -1, Attempt: h.ID, State: h.Attempt.State, Kind: h.Kind, TillMinor: h.Amount.Minor, At: h.Opened(), ByPerson: h.byPerson}
	for _, f := range slices.Concat(h.rows, h.undone) {
		if i.File < 0 {
			i.File, i.Format = f.file, f.format
		}
		i.Rows = append(i.Rows, f.Row)
	}
	for _, f := range h.rows {
		i.BankMinor = f.AmountMinor
	}
	i.gone = h.gone()
	return i
}

// rowKey names a row that no attempt explains.
func rowKey(f filed) string {
	number := cmp.Or(f.ProviderRefund, f.Provider, f.RRN, f.RefundOrder, f.Order)
	if number == "" {
		number = fmt.Sprintf("%s %d %d", f.At.Format("20060102150405"), f.AmountMinor, f.Line)
	}
	key := strings.Join([]string{string(f.format), string(f.Kind), number}, " ")
	if f.ProviderRefund == "" && f.RefundOrder != "" && number != f.RefundOrder {
		key += " " + f.RefundOrder
	}
	return key
}

// strangers are the rows that no attempt explains, and those that came twice.
func (m *matcher) strangers() (items []Item) {
	for _, f := range m.alone {
		if f.Failed { // nothing moved there, and nothing did here
			continue
		}
		c := BankOnly
		if m.anothers(f) {
			c = Anothers
		}
		items = append(items, Item{Key: rowKey(f), Class: c, Format: f.format, File: f.file, Rows: []Row{f.Row}, BankMinor: f.AmountMinor, At: f.At})
	}
	for n, f := range m.twice {
		i := Item{Key: rowKey(f) + " again " + strconv.Itoa(n+1), Class: TwiceInFile, Format: f.format, File: f.file, Rows: []Row{f.Row}, BankMinor: f.AmountMinor, At: f.At}
		if h := m.find(f); h != nil {
			i.Attempt, i.State, i.Kind, i.TillMinor = h.ID, h.Attempt.State, h.Kind, h.Amount.Minor
		}
		items = append(items, i)
	}
	return items
}

// anothers reports whether a row is of a terminal or a merchant that is none of the shop's. A table may have names there, which tell nothing apart, and a spreadsheet takes the noughts in front away.
func (m *matcher) anothers(f filed) bool {
	account := m.Books.Accounts[f.format]
	other := func(of string, ours []string) bool {
		same := func(our string) bool { return strings.TrimLeft(our, "0") == strings.TrimLeft(of, "0") }
		return of != "" && len(ours) > 0 && !slices.ContainsFunc(ours, same) && (f.format != Named || identity.MatchString(of) && strings.ContainsAny(of, "0123456789"))
	}
	return other(f.Merchant, account.Merchants) || other(f.Terminal, account.Terminals)
}

// identity is what a bank calls a terminal or a merchant by: letters and at least one digit, without blanks.
var identity = regexp.MustCompile(`^[0-9A-Za-z]{3,}$`)
