package clearing

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"veratill/txn"
)

// Books are what files are held against.
type Books struct {
	Attempts []txn.Attempt     // of the days that the files cover and some before and behind, with whatever they undo or give back of
	Rates    map[Format][]Rate // what a provider keeps: a fee agrees with any of them; a format that is not there has no rate to compare with
	Linked   map[string]txn.ID // rows that a person gave to an attempt, by their keys
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

// may reports whether the files of a format may have an attempt: a terminal does not say whose it is.
func (b Books) may(f Format, a txn.Attempt) bool {
	return b.expects(f, a) || (a.Tender == txn.External || a.Tender == txn.Card && byItself(a)) && f != weChat && f != alipay
}

// byItself reports whether a card terminal on a cable took it, which numbers its payments itself.
func byItself(a txn.Attempt) bool { return strings.HasPrefix(a.Line, cardTerminal) }

// Reconcile holds files, in the order in which they came, against the books. Rows that an earlier file had are counted once. Its items are in the order
// of the attempts, then of the rows.
func Reconcile(files []File, b Books) []Item {
	m := newMatcher(files, b)
	m.link()
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
	m.wentThrough(items)
	return items
}

// link has the attempts that a person gave rows to be known by the numbers of those rows: what goes back, and what fails later, names them.
func (m *matcher) link() {
	if len(m.Books.Linked) == 0 {
		return
	}
	for i := range m.files {
		for _, row := range m.files[i].Rows {
			f := m.filed(i, row)
			if h := m.byID[m.Books.Linked[rowKey(f)]]; h != nil {
				//mutant:what-goes-back-follows-the-row-of-its-payment
				m.adopt(h, f)
			}
		}
	}
}

// wentThrough marks the rows that a later file has as done.
func (m *matcher) wentThrough(items []Item) {
	for n := range items {
		for at, row := range items[n].Rows {
			if row.Waits && m.through[rowKey(filed{Row: row, format: items[n].Format})] {
				items[n].Rows[at].Waits = false
			}
		}
	}
}

// cardTerminal begins the names of lines to card terminals, which number their payments themselves.
const cardTerminal = "zvt "

// held is an attempt with the rows that speak of it.
type held struct {
	txn.Attempt
	rows   []filed // of the movement itself
	undone []filed // that revoke it, or give all of it back under no number of the till's
	void   *held   // the void that undid it
	linked string  // the key of the row that a person gave to it
}

// filed is a row in its file.
type filed struct {
	Row
	file     int
	format   Format
	anothers bool // of another terminal or merchant
}

// filed puts a row into its file.
func (m *matcher) filed(file int, row Row) filed {
	f := filed{Row: row, file: file, format: m.files[file].Format}
	f.anothers = m.anothers(f)
	return f
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
	byTicket map[ticket][]*held         // of terminals that number their payments themselves
	byCode   map[string][]*held         // of terminals without a cable: by the approval code that somebody typed
	carried  map[string]bool            // numbers of terminals and merchants that attempts have, which settings may have no more
	through  map[string]bool            // keys of rows that were under way in one file and done in a later one
	byOrder  map[string]*held           // payments by what their rows say of the order
	back     map[txn.ID][]*held         // voids and refunds of a payment
	met      map[string][]*met          // rows by their names
	seen     map[string]int             // rows that stand twice in a file: the file that had it first
	shown    map[Format]map[string]bool // the till's lines of which a format has payments
	accounts map[int]map[string]bool    // whose payments a file has
	later    []filed                    // rows of refunds that name their payment alone: taken once the named ones are
	alone    []filed
	twice    []filed
}

func newMatcher(files []File, b Books) *matcher {
	m := &matcher{files: files, byFormat: map[Format][]int{}, Books: b, byID: map[txn.ID]*held{}, byTrace: map[trace][]*held{}, byName: map[string][]*held{}, byTicket: map[ticket][]*held{}, byCode: map[string][]*held{}, carried: map[string]bool{}, through: map[string]bool{},
		byOrder: map[string]*held{}, back: map[txn.ID][]*held{}, met: map[string][]*met{}, seen: map[string]int{}, shown: map[Format]map[string]bool{}, accounts: map[int]map[string]bool{}}
	for i := range files {
		if files[i].From != "" && len(files[i].Rows) > 0 {
			m.byFormat[files[i].Format] = append(m.byFormat[files[i].Format], i)
		}
	}
	m.books = make([]held, 0, len(b.Attempts))
	for _, a := range b.Attempts {
		//mutant:no-bank-settles-goods-for-goods
		if a.Tender != txn.Cash && a.Tender != txn.Voucher && a.Tender != txn.Exchange { // those no bank settles
			m.books = append(m.books, held{Attempt: a})
		}
	}
	for i := range m.books {
		m.name(&m.books[i])
	}
	for i := range m.books {
		h := &m.books[i]
		if at := slices.IndexFunc(m.back[h.ID], func(b *held) bool { return b.Kind == txn.Void && b.Concluded() }); at >= 0 {
			h.void = m.back[h.ID][at]
		}
	}
	return m
}

// name has an attempt be found by what it is known by.
func (m *matcher) name(h *held) {
	m.byID[h.ID] = h
	if h.Original != 0 {
		m.back[h.Original] = append(m.back[h.Original], h)
	}
	//mutant:a-separate-terminal-has-numbers-of-its-own
	if h.Tender == txn.Card && !byItself(h.Attempt) {
		t := trace{numberOf(h.Terminal), h.Batch, h.ID.STAN()}
		m.byTrace[t] = append(m.byTrace[t], h)
	}
	if h.Tender == txn.Card && byItself(h.Attempt) {
		for _, t := range tickets(h) {
			m.byTicket[t] = append(m.byTicket[t], h)
		}
	}
	if code := codeOf(h.Answer.ApprovalCode); code != "" && h.Tender == txn.External {
		m.byCode[code] = append(m.byCode[code], h)
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
	m.carry(h)
}

// carry keeps by which numbers an attempt went to its provider: a shop gets others, and its old files stay its own.
func (m *matcher) carry(h *held) {
	if h.Demo {
		return
	}
	numbers := accountOf(h.Attempt)
	if h.Tender == txn.Card && !byItself(h.Attempt) {
		numbers = []string{h.Terminal, h.Merchant}
	}
	for _, number := range numbers {
		m.carried[strings.TrimLeft(number, "0")] = true
	}
}

// accountOf are the numbers of the account with a provider of payment codes through which an attempt went, as its line has them.
func accountOf(a txn.Attempt) []string {
	words := strings.Fields(a.Line)
	if a.Tender != txn.Code || len(words) < 2 {
		return nil
	}
	return strings.Split(words[1], "/") // a service provider's, and the shop's with it
}

// show notes that the files of a format have payments of a line of this till: they have to have the others of it, too. Of a separate terminal nobody says whose it is.
func (m *matcher) show(of filed, h *held) {
	if h.Tender == txn.External {
		return
	}
	if m.shown[of.format] == nil {
		m.shown[of.format] = map[string]bool{}
	}
	m.shown[of.format][h.Line] = true
	for _, number := range accountOf(h.Attempt) {
		m.of(of.file, number)
	}
}

// of notes that a file has payments of an account.
func (m *matcher) of(file int, account string) {
	if m.accounts[file] == nil {
		m.accounts[file] = map[string]bool{}
	}
	m.accounts[file][account] = true
}

// elsewhere reports whether a wallet's file is of other accounts of the shop than an attempt's, as far as its rows say whose it is.
func (m *matcher) elsewhere(file int, h *held) bool {
	format := m.files[file].Format
	numbers := accountOf(h.Attempt)
	if format != weChat && format != alipay || len(numbers) == 0 || len(m.accounts[file]) == 0 {
		return false
	}
	for account := range m.accounts[file] {
		if slices.Contains(numbers, account) || !m.ours(format, account) {
			return false
		}
	}
	return true
}

// ours reports whether a number is one of the shop's own: by its settings, or by what it paid with.
func (m *matcher) ours(f Format, number string) bool {
	same := func(our string) bool { return strings.TrimLeft(our, "0") == strings.TrimLeft(number, "0") }
	return m.carried[strings.TrimLeft(number, "0")] || slices.ContainsFunc(m.Books.Accounts[f].Merchants, same)
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
	f := m.filed(file, row)
	if (f.format == weChat || f.format == alipay) && f.Merchant != "" {
		m.of(file, f.Merchant)
	}
	if m.metBefore(f) {
		return
	}
	if h := m.byID[m.Books.Linked[rowKey(f)]]; h != nil {
		h.rows, h.linked = append(h.rows, f), rowKey(f)
		return
	}
	//mutant:a-row-of-another-terminal-is-told
	if f.anothers { // whatever numbers it has: two terminals give the same ones
		m.alone = append(m.alone, f)
		return
	}
	h := m.find(f)
	switch {
	case h != nil:
		h.rows = append(h.rows, f)
		m.show(f, h)
		m.adopt(h, f)
	case row.Kind == refund:
		m.later = append(m.later, f)
	default:
		m.alone = append(m.alone, f)
	}
}

// again notes a row that stands in its file a second time.
func (m *matcher) again(file int, row Row) {
	f := m.filed(file, row)
	name := "again " + string(f.format) + row.onItsDay()
	if first, known := m.seen[name]; known && first != file { // the file came before
		return
	}
	m.seen[name] = file
	m.twice = append(m.twice, f)
}

// item begins an item about an attempt.
func (h *held) item(c Class) Item {
	i := Item{Key: "attempt " + h.ID.String(), Class: c, File: -1, Attempt: h.ID, State: h.Attempt.State, Kind: h.Kind, TillMinor: h.Amount.Minor, At: h.Opened(), ByPerson: h.linked != "", Linked: h.linked}
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
		if f.anothers {
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
		//mutant:a-number-that-attempts-carry-is-ours
		if m.carried[strings.TrimLeft(of, "0")] {
			return false
		}
		return of != "" && len(ours) > 0 && !slices.ContainsFunc(ours, same) && (f.format != Named || identity.MatchString(of) && strings.ContainsAny(of, "0123456789"))
	}
	return other(f.Merchant, account.Merchants) || other(f.Terminal, account.Terminals)
}

// identity is what a bank calls a terminal or a merchant by: letters and at least one digit, without blanks.
var identity = regexp.MustCompile(`^[0-9A-Za-z]{3,}$`)
