// Package wallet is the till's line to the codes that customers show on their telephones: WeChat Pay, Alipay, UnionPay QR, and an
// aggregator in the manner of 收钱吧. The customer shows a code, the shop scans it, and the provider takes the money.
//
// Each provider is asked five questions (question), each signed in its own way, and each answer is judged by closed lists. An answer
// that is not proved to be the provider's, or that is about another payment or another sum, says nothing. What is on no list is not known:
// it is asked about again, and undone where no answer comes.
//
// A payment code is a secret like a card number. It is in the request that pays, and nowhere else: no log, no error, no file. Asking
// and undoing go by the till's own number of the payment.
package wallet

import (
	"net/http"
	"time"

	"veratill/txn"
	"veratill/txn/messages"
)

// Provider names who moves the money.
type Provider string

// The closed set of providers.
const (
	WeChat   Provider = "wechat"   // WeChat Pay, API v3, 付款码支付
	Alipay   Provider = "alipay"   // Alipay, 当面付 (alipay.trade.pay)
	UnionPay Provider = "unionpay" // UnionPay QR, 银联二维码被扫
	Upay     Provider = "upay"     // an aggregator in the manner of 收钱吧
)

// Providers lists the closed set.
var Providers = []Provider{WeChat, Alipay, UnionPay, Upay}

// question is what a provider is asked.
type question string

// The closed set of questions.
const (
	toPay          question = "pay"
	toAsk          question = "ask"
	toUndo         question = "undo"
	toGiveBack     question = "give back"
	toAskGivenBack question = "ask about giving back"
)

var questions = []question{toPay, toAsk, toUndo, toGiveBack, toAskGivenBack}

// state is what an answer says about the money.
type state string

// The closed set of states.
const (
	unknown      state = "not known"
	paid         state = "paid"
	notPaid      state = "not paid, and will not be"
	paying       state = "paying"           // the customer is typing the password
	unpaid       state = "not paid yet"     // the order stands open
	failed       state = "failed, undo it"  // it failed, and only an undo makes that final
	neverThere   state = "never there"      // the provider knows no such number
	undone       state = "undone"           // closed, or given back whole
	goingBack    state = "going back"       // some of it goes back, or went: neither how much is said, nor whether it arrives
	refused      state = "refused"          // the provider will not do it
	givenBack    state = "given back"       // the customer has it, or will
	givingBack   state = "being given back" // accepted, and not through yet
	stuck        state = "stuck"            // it has left the shop, and does not reach the customer: a person has to help
	notGivenBack state = "not given back"   // and will not be, under this number
)

// inquiry is a question with the till's own numbers and sums, which the answer has to say back.
type inquiry struct {
	question    question
	about       txn.ID // the attempt; 0 where it is about none
	number      string // of the payment
	back        string // of giving back
	amountMinor int64  // of the payment, in fen
	backMinor   int64  // of giving back, in fen
	code        txn.Secret
	opened      time.Time // when the payment was begun
	backOpened  time.Time // when giving back was begun
	subject     string    // what the customer reads on their telephone
	cashier     string
}

// said is what an answer amounts to.
type said struct {
	state  state
	code   string     // the provider's word that decided
	answer txn.Answer // as it is kept
	why    txn.Reason // of unknown
	detail string     // of unknown: what is wrong with the answer, for logs; never a secret
}

// doubt is an answer that says nothing about the money.
func doubt(why txn.Reason, detail string) said { return said{state: unknown, why: why, detail: detail} }

// message is a request as it goes out. It holds the payment code where the question is toPay, and is wiped once it has left.
type message struct {
	method string
	path   string // with its query
	header http.Header
	body   []byte
	kept   []messages.Field // its fields as they may be kept: they never had the code
}

func (m message) wipe() { clear(m.body) }

// answer is a response as it came in.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// provider is how one of them speaks.
type provider interface {
	// message composes a question. The error says which value does not fit; nothing was sent then.
	message(in inquiry, now time.Time) (message, error)
	// judge says what an answer means. One that is not proved to be the provider's is unknown.
	judge(in inquiry, a answer, now time.Time) said
}

// pace is how a provider wants to be asked.
type pace struct {
	first     time.Duration // from pay to the first question
	every     time.Duration // between questions
	most      time.Duration // from pay to giving up
	undoAfter time.Duration // no undo leaves earlier after pay
	// shows says that an order tells of itself that it was undone. Where it does not, the answer to the undo is the last word.
	shows bool
}

// paces are what the providers' guides say. WeChat Pay: ask after 5 s, then every 5 to 10 s for 45 s at most, and undo not before 15 s have
// passed (付款码支付, notes 1 and 2). Alipay: from 5 s, every 3 to 5 s. The aggregator: every 3 to 5 s, 40 to 50 s in all. UnionPay says
// nothing, and is asked as WeChat Pay.
var paces = map[Provider]pace{
	WeChat:   {first: 5 * time.Second, every: 5 * time.Second, most: 45 * time.Second, undoAfter: 15 * time.Second, shows: true},
	Alipay:   {first: 5 * time.Second, every: 3 * time.Second, most: 45 * time.Second, shows: true},
	UnionPay: {first: 5 * time.Second, every: 5 * time.Second, most: 45 * time.Second},
	Upay:     {first: 3 * time.Second, every: 3 * time.Second, most: 45 * time.Second, shows: true},
}

// codeLife is longer than any payment code can be used: they are renewed each minute. A number that the provider does not know can
// still come to be paid before that, by a request that is under way.
const codeLife = 60 * time.Second

// beijing is the providers' clock, whatever the till's zone is.
var beijing = time.FixedZone("", 8*60*60)
