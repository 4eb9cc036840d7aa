package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/sale"
)

// screen is one room of the window. A screen is built from its model, so that a
// change of language or theme builds it anew and loses nothing. The till asks the screen on top, and never
// looks which it is: a screen that is new has to answer, and changes no other.
type screen interface {
	build(t *till) (left, right fyne.CanvasObject) // left nil: the cart
	refresh(t *till)                               // the model or the desk changed
	primary(t *till) primaryAction
	key(t *till, name fyne.KeyName) bool // true: done
	typed(t *till, x rune)               // a character from the keyboard or the pad
	back(t *till) bool                   // Esc: true when the screen dealt with it
	scanned(t *till, code string) bool   // a code, before it is sold: true when the screen dealt with it
	pay(t *till, exact bool)             // the keys for paying, and for paying exactly what is due in cash
	refused(t *till, why present.Note)   // what was typed was not taken
	leave(t *till)                       // before another screen takes its place
	take(t *till, s seen)                // what a look at the desk brought
	stands() standing
}

// standing is what the till has to know of a screen.
type standing struct {
	page page
	part present.Part // of devicePage
	// busy: money may be moving, or an update is being prepared, and no key leaves the screen.
	busy bool
	// held: parts of the sale in front are taken, and nothing is under way: it is finished, undone or left for later.
	held bool
	// back is the words' key of the button that goes one level back, where the primary button is none; empty is no such button.
	back string
	// means tells apart what the screen's buttons and keys mean, where that changes while it stands.
	means string
	// sale is what the left pane shows where that can't be changed now; nil shows the sale in the making.
	sale *sale.Sale
	paid bool // that sale is paid
	// moves is what is under way or has moved of that sale, and stands large in place of its total; without a word it is the total.
	moves moving
	// matter is a payment that the screen is about, which is looked at anew with each change, also below another screen.
	matter txn.Matter
	// ready: what the screen waits for is there. The walk through the screens takes its picture then.
	ready bool
	wants wanted
	// tells: a scan here is no goods of a sale, and the screen tells by itself what came of it.
	tells bool
	// keep notes what figures change on this screen, and gives how they are taken back; nil where a figure does more than stand there.
	keep func(t *till) (undo func())
}

// moving is a sum of a sale that is not its total: a part that is paid, or what goes back.
type moving struct {
	word  string // the words' key of what it is
	minor int64
}

// page names what a screen shows, so that it is not opened a second time.
type page string

// The pages of the window.
const (
	sellPage     page = "sell"
	payPage      page = "pay"
	terminalPage page = "what a separate terminal showed"
	resultPage   page = "result of a payment"
	voidedPage   page = "result of a void"
	recallPage   page = "parked sales"
	receiptsPage page = "the newest receipts"
	findPage     page = "payments that are looked for"
	dayPage      page = "the open day"
	pastDayPage  page = "an earlier day"
	entryPage    page = "a payment"
	givingPage   page = "what goes back of a payment"
	reasonPage   page = "why money goes back"
	articlesPage page = "articles"
	devicesPage  page = "devices"
	devicePage   page = "a device"
	keysPage     page = "keys"
	menuPage     page = "the menu"
	foundPage    page = "what the start found"
	unknownPage  page = "payments not known yet"
	askPage      page = "a question"
	closePage    page = "whether to close"
	updatePage   page = "an update"
	evidencePage page = "evidence of what a bank did"

	reconcilingPage page = "what differs from the bank's files"
	differencePage  page = "a difference"
	billsPage       page = "files that may be bills"
	insightPage     page = "figures of some days"
	casePage        page = "a dispute with the bank"
	casesPage       page = "disputes with banks"
	closingPage     page = "what comes before the Z"
	officePage      page = "what a manager does beside selling"
	restoringPage   page = "backups"
	exportPage      page = "a file that is given away"
	auditPage       page = "what people did"
	logPage         page = "the program's log"
	checksPage      page = "what the till found of itself"
	leavingPage     page = "who leaves a settlement to the bank"
	disputePage     page = "what a customer says of a payment"
	messagesPage    page = "messages about a payment"
)

// selling reports whether the sale in the making is in front.
func (t *till) selling() bool { return t.top().stands().page == sellPage }

// quiet is a screen that has nothing of its own to do when something is scanned, paid, left or brought.
type quiet struct{}

func (quiet) scanned(*till, string) bool { return false }

func (quiet) pay(*till, bool) {}

func (quiet) refused(*till, present.Note) {}

func (quiet) leave(*till) {}

func (quiet) take(*till, seen) {}

// primaryAction is the one button that stands at the same place on every screen. Enter presses it.
type primaryAction struct {
	label, hint string
	enabled     bool
	press       func()
	means       string // tells apart what it does, where that changes while the screen stands
	takes       bool   // it brings money in
}

// style is how the button looks: green brings money in, and what only goes back is plain.
func (a primaryAction) style() style {
	switch {
	case a.takes:
		return takes
	case strings.HasSuffix(a.hint, "Esc"):
		return leaves
	}
	return primary
}
