package present

import (
	"context"
	"time"

	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/external"
	"veratill/txn/insight"
	"veratill/txn/messages"
	"veratill/txn/plan"
	"veratill/txn/report"
	"veratill/txn/sale"
)

// Desk is the till behind the window, a small interface for each task. Calls may block on disk,
// bank or printer: the window makes them from a goroutine of its own. What writes to the books
// says for whom: by is the cashier who is at the till now, empty where the shop names none. Every
// error's text is safe to show small.
type Desk struct {
	Overview
	Selling
	Goods
	Typing
	Paying
	Separate
	Resolving
	Returning
	Printing
	Reporting
	Finding
	Reconciling
	Disputes
	Insights
	Office
	Equipment
	Checking
	Virtual
	Updating
}

// Overview is what every screen shows beside its own task.
type Overview interface {
	About() About
	Chips() []Chip
	// Watch registers a function that is called, from any goroutine, when anything that Desk shows may have changed.
	Watch(changed func())
	// Finishing is what the start found open, updated while it is being finished. Empty after a clean end.
	Finishing() []Recovered
	// ForPerson is what waits for the manager, of any day: payments, voids and refunds that their bank says no more of, and what is over, and not as
	// anybody expects, until somebody Looked at it.
	ForPerson() []txn.Matter
	// Looked tells that a person has opened the page of a payment.
	Looked(id txn.ID)
	// Raised registers what brings the window to the front; it is called from any goroutine, when the till is started a second time.
	Raised(raise func())
	// SavePreference keeps "language", "theme", "fullscreen", "scanPaceMs" or "scanPrefix" for the next start.
	SavePreference(name, value string) error
}

// Catalogue finds articles. It is safe for use by several goroutines.
type Catalogue interface {
	Find(code string) (sale.Item, bool)
	Withholds(typed []rune) bool               // it holds a card's number: no screen may show it
	Search(text string, limit int) []sale.Item // code, name or initials; the best first
	Groups() []string
	InGroup(group string) []sale.Item // "" is all
	Favourites() []sale.Item          // what stands on the first tiles; may be none
}

// Selling fills a cart from the catalogue.
type Selling interface {
	Catalogue() Catalogue
	// Articles is how the article list stands: what of it is not sold, and what the printer can't show.
	Articles() Articles
	// Picture is an item's picture: SVG, PNG or JPEG. The error says why there is none to show.
	Picture(name string) ([]byte, error)
	// NoSign is what of a text the printer has no sign for, each character once; empty where it shows all of it.
	NoSign(text string) string
	// Cart is the sale in the making, always the same one. It is for the goroutine of the window alone.
	Cart() *sale.Cart
}

// Goods keeps sales that are not paid: the one in the making, and those that wait.
type Goods interface {
	// Shown tells that the screen shows the sale in the making as it is: a change of it is on the disk within 100 ms. For the goroutine of
	// the window alone.
	Shown()
	// FoundGoods is what the start found of a sale in the making, which it puts back. Ask once.
	FoundGoods() FoundGoods
	// Park keeps a sale over a restart. It takes the place of the sale in the making where it was that one; done says how that went. What is
	// parked and shown is written in the order of the calls.
	Park(p Parked) (done <-chan error)
	// Parked lists what waits, oldest first. An error says that it could not be read, and where it is kept for the manager.
	Parked() ([]Parked, error)
	// Recall takes a sale back: it is the sale in the making from now on. Put it into the cart before the next Shown. ErrNotKnown: it stays parked, and is
	// returned all the same.
	Recall(id string) (Parked, error)
	// DropParked forgets a sale that waits; it is given back, so that whoever dropped it may park it again. ErrNotKnown as with Recall.
	DropParked(id string) (Parked, error)
	// Dropped tells the books that by dropped a sale, or with back that it came back before it was gone.
	Dropped(ctx context.Context, by txn.Actor, p Parked, back bool) error
}

// Typing is what comes from keys and scanners, and which of it a card reader has typed.
type Typing interface {
	// Scanned registers what takes codes of a scanner that does not type; it is called from any goroutine.
	Scanned(take func(code string))
	// TypedKey takes every character, and Enter as '\r', before anything else sees it. It is true
	// for what a card reader types, which must not land in any field, and for what may become
	// that: what turns out to be a person's is given back. For the goroutine of the keys.
	TypedKey(x rune, at time.Time) bool
	// HoldKeys says how what was held back is typed after all, and how to come back to the
	// goroutine of the keys later.
	HoldKeys(after func(time.Duration, func()), back func(text string))
}

// Paying takes the money for a sale.
type Paying interface {
	// PayCash takes what is left of a sale.
	PayCash(ctx context.Context, by txn.Actor, s sale.Sale, receivedMinor int64) Result
	// PayVoucher takes a paper voucher, by the cashier's word: it pays what it is worth, and what is left of the sale at most. number may be empty; one that
	// was taken before needs a reason in the actor's Why.
	PayVoucher(ctx context.Context, by txn.Actor, s sale.Sale, worthMinor int64, number string) Result
	// PayCard waits for a card, then pays partMinor of the sale with it; 0 is all that is left. Cancelling ctx before the
	// send ends it without an attempt; after the send it asks the bank to undo (the result is then unknown or reversed).
	PayCard(ctx context.Context, by txn.Actor, s sale.Sale, partMinor int64, tell func(Progress)) Result
	// PayCode pays partMinor of the sale by a payment code, which is wiped; 0 is all that is left. Cancelling ctx before the send ends it without an
	// attempt; after the send it is undone.
	PayCode(ctx context.Context, by txn.Actor, s sale.Sale, partMinor int64, code txn.Secret, tell func(Progress)) Result
	// Give concludes a sale of 0.00, which nobody pays.
	Give(ctx context.Context, by txn.Actor, s sale.Sale) Result
	// Current is a payment with its sale, or a sale of 0.00, as they are now, for screens that follow one.
	Current(m txn.Matter) (txn.Matter, error)
	// SaleOf is what was sold.
	SaleOf(saleID int64) (sale.Sale, error)
}

// Separate is a card terminal without a cable to the till: a person types there, reads what it shows, and says it here.
type Separate interface {
	// AskPerson registers who asks the person; it is called from any goroutine and may block until ctx ends.
	AskPerson(ask func(ctx context.Context, o txn.Order) external.Answer)
	// PayExternal pays partMinor of a sale there; 0 is all that is left.
	PayExternal(ctx context.Context, by txn.Actor, s sale.Sale, partMinor int64) Result
	// Said is what the person says later, where nobody had said it yet.
	Said(ctx context.Context, by txn.Actor, id txn.ID, said external.Answer) Result
}

// Resolving ends what only a person can end.
type Resolving interface {
	// Resolve ends by evidence an attempt that its bank says no more of, and prints a note of it. It never makes an approval.
	Resolve(ctx context.Context, by txn.Actor, id txn.ID, e txn.Evidence) Result
	// Evidence reads what a manager brings; the error says what is missing or wrong.
	Evidence(as, who, document string) (txn.Evidence, error)
	// Numbers is how far the numbers of attempts have come, and whether a person has to look at them before the next card.
	Numbers() txn.Numbers
	// NumbersSeen says that a person has read why they moved.
	NumbersSeen(ctx context.Context, by txn.Actor) error
}

// Giving is money of one payment that is to go back.
type Giving struct {
	Payment     txn.ID
	AmountMinor int64
	Goods       []sale.Want // come back for it; none gives an amount back
	GoodsMinor  int64       // what they come to: more than AmountMinor where the rest goes back by other payments
	Return      int         // of an earlier share: the return that this one pays for too
	InCash      bool        // in cash, though something else paid it; the actor's Why says why
}

// Choice is how money would go back, and why so.
type Choice struct {
	Kind      txn.Kind // a void or a refund
	Why       plan.Why
	ReadsCard bool // the card that paid has to be read again
	// AtTerminal: it was paid at the card terminal on the cable, which gives it back and asks there for what it needs.
	AtTerminal bool
	// InCashMinor is how much of it may go back in cash, though something else paid it; 0 is none.
	InCashMinor int64
}

// Returning gives the money of a sale back.
type Returning interface {
	// Void undoes an approved sale of the open day.
	Void(ctx context.Context, by txn.Actor, id txn.ID, tell func(Progress)) Result
	// GiveBack gives an amount of a payment back, and takes goods back for it where some are named. The till chooses a void or a refund; a card is read
	// where its line needs it. A refund that is not known blocks another one of its payment and nothing else.
	GiveBack(ctx context.Context, by txn.Actor, g Giving, tell func(Progress)) Result
	// Giving says how an amount of a payment would go back now.
	Chooses(m txn.Matter, amountMinor int64) Choice
	// TakeBack takes goods back without a receipt, and gives cash for them: as much as the settings allow, for the reason in the actor's Why.
	TakeBack(ctx context.Context, by txn.Actor, s sale.Sale) Result
	// Exchange concludes a sale that goods which come back pay as a whole; what they are worth beside goes back. What became of that is the result; where
	// nothing goes back it is the part that the goods pay.
	Exchange(ctx context.Context, by txn.Actor, s sale.Sale, tell func(Progress)) Result
	// Exchanges says of which payment, and how, the difference of an exchange goes back now; the zero Matter where nothing does.
	Exchanges(s sale.Sale) (txn.Matter, Choice, error)
	// UndoSale voids the parts of a sale that is paid in part, the last one first. The result is of the last void that was
	// begun; its bill says what still stands.
	UndoSale(ctx context.Context, by txn.Actor, saleID int64, tell func(Progress)) Result
}

// Printing is paper that a person asks for.
type Printing interface {
	// Reprint prints a marked copy, or the first paper where none was begun; of a part of a sale that is not paid yet a
	// slip, which is no receipt.
	Reprint(ctx context.Context, by txn.Actor, m txn.Matter) Result
	PrintNote(ctx context.Context, by txn.Actor, id txn.ID) Result // 非凭证 / NOT A RECEIPT
	// Receipts lists the newest papers that customers got or wait for, newest first, of the open day and the days before: receipts of sales, and slips of
	// voids and refunds.
	Receipts(ctx context.Context, limit int) ([]Entry, error)
	// OpenDrawer opens the drawer without a sale, once the books tell of it.
	OpenDrawer(ctx context.Context, by txn.Actor) error
	// ReceiptPage makes the page by which customers check signed receipts, and says where it is and by which key the till signs.
	ReceiptPage(ctx context.Context) (path, key string, err error)
}

// Reporting is the business day: its list, its sums and its end.
type Reporting interface {
	Day(ctx context.Context, batch int64) (Day, error) // 0 is the open one
	Days(ctx context.Context) ([]Day, error)           // closed ones, newest first, without their lists
	Entries(ctx context.Context, batch int64, limit int) ([]Entry, error)
	PrintX(ctx context.Context, by txn.Actor) (Day, error)
	// ReprintZ prints the Z of a day that is closed once more, as a copy. An error: nothing was printed.
	ReprintZ(ctx context.Context, by txn.Actor, batch int64) (Day, error)
	CloseDay(ctx context.Context, by txn.Actor) (Day, error) // a Z; refused while money is not known yet
	// Totals are the sums of a day, 0 for the open one, as X and Z have them.
	Totals(ctx context.Context, batch int64) (report.Totals, error)
	// Closing is the list of what comes before the Z.
	Closing(ctx context.Context) (Closing, error)
	// SettleDay settles the open day's batch with the bank, and says how it stands. The error is a *txn.Fault: nothing was begun.
	SettleDay(ctx context.Context, by txn.Actor) ([]report.Settlement, error)
	// SettleAgain asks the bank once more about a settlement that is not finished; LeaveSettlement takes the word of who that the bank settles it by itself.
	SettleAgain(ctx context.Context, by txn.Actor, key txn.SettlementKey) error
	LeaveSettlement(ctx context.Context, by txn.Actor, key txn.SettlementKey, who string) error
}

// Reconciling holds the files of banks, acquirers and wallets against the books.
type Reconciling interface {
	// Standing is what the files of the last half year and the books amount to.
	Standing(ctx context.Context) (clearing.Standing, error)
	// Bills lists files that may be bills, where downloads and sticks put them, newest first.
	Bills(ctx context.Context) []Bill
	// TryFile reads a file and says what it has and what would differ; nothing is kept.
	TryFile(ctx context.Context, path string) (TriedFile, error)
	// TakeFile keeps it, and what it proves.
	TakeFile(ctx context.Context, by txn.Actor, path string) error
	// AnswerDifference keeps what a person did about a difference.
	AnswerDifference(ctx context.Context, by txn.Actor, a txn.Answered) error
	// LinkAlone gives each row that may be one claim alone, which no other row may be, to it; owner says so. It returns how many they were.
	LinkAlone(ctx context.Context, by txn.Actor, owner string) (n int, err error)
	// TakeFileOut has a file that was taken in, by its name or the begin of its SHA-256, count nowhere from now on; owner says so. What it cleared is a claim again. A refund that it ended stays ended.
	TakeFileOut(ctx context.Context, by txn.Actor, name, owner string) (txn.FileKept, error)
}

// Disputes leads cases with banks.
type Disputes interface {
	// Cases lists them, in the order of their numbers.
	Cases(ctx context.Context) ([]txn.Case, error)
	// CaseEntry is the payment of a case.
	CaseEntry(ctx context.Context, id txn.ID) (Entry, error)
	// Affair is a payment with what is known of it: its sale's attempts, what was exchanged about it, and what the files that were taken in have of it.
	Affair(ctx context.Context, id txn.ID) (Affair, error)
	// Messages are what was exchanged with the bank about a payment, as it is kept.
	Messages(ctx context.Context, id txn.ID) (messages.Kept, error)
	// MoveCase opens one, or says how far it has come.
	MoveCase(ctx context.Context, by txn.Actor, m txn.CaseMoved) (txn.Case, error)
	// PackCase makes the pages of one in a language, keeps their hash, and returns where they lie.
	PackCase(ctx context.Context, by txn.Actor, number int64, w *Words) (path string, err error)
}

// Insights say of several days what a manager asks.
type Insights interface {
	// Insight is that of so many days, today the last.
	Insight(ctx context.Context, days int) (insight.Report, error)
}

// Equipment is the devices on the counter.
type Equipment interface {
	// Devices lists what stands on the counter, and what the settings name and is not there.
	Devices(ctx context.Context) []Device
	// UseDevice makes a device the till's reader, printer or scanner from now on, and keeps that.
	UseDevice(ctx context.Context, p Part, address string) error
	PrintTestPage(ctx context.Context) error
	// Drawer is what the cash drawer's sensor says, as far as it has one.
	Drawer() Drawer
}

// Checking tries a part of the till; no money moves.
type Checking interface {
	// TrySwipe waits for a card and says what may be shown of it; nothing is charged.
	TrySwipe(ctx context.Context) (Swipe, error)
	Test(ctx context.Context, p Part) (string, error) // one line of what was seen
	// Examine is the self-check: this computer, the settings, the devices, the books and what is owed.
	Examine(ctx context.Context) []Check
	Reconnect(ctx context.Context, p Part) error
}

// Virtual is what a demonstration has in place of a reader and a printer.
type Virtual interface {
	// TestCards is empty unless the reader is virtual; PresentCard swipes one.
	TestCards() []TestCard
	PresentCard(id string) error
	// Sheets is the virtual printer's paper, newest last; empty with a real printer.
	Sheets() []Sheet
	// Fault sets or clears a fault of the virtual printer: "paper out", "near end", "cover open", "offline" or "" for none.
	Fault(code string) error
}

// Updating brings the till to a newer version.
type Updating interface {
	// Update is what is known of a newer version.
	Update() Update
	// PrepareUpdate fetches what is on offer and backs the books up. After that nothing may be sold: the
	// window closes, and what opens it again is the newer version. The code is empty where it is
	// done; else the till goes on, and code and detail are a fault's.
	PrepareUpdate(ctx context.Context, tell func(UpdateStep)) (code, detail string)
	// RetryUpdate puts a version that went back on offer once more.
	RetryUpdate() (code, detail string)
	// UpdateTold keeps that a person was told of it.
	UpdateTold() error
}
