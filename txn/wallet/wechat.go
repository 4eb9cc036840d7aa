package wallet

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"veratill/txn"
)

// weChat speaks WeChat Pay's API v3 of a shop's own account (直连商户), or of one that a service provider holds (服务商模式): then sub is the shop's. Sources: the signing and verifying of
// github.com/wechatpay-apiv3/wechatpay-go, and the provider's pages on 付款码支付, 查询订单, 撤销订单 and 退款.
type weChat struct {
	app, merchant string
	sub           string // sub_mchid; empty is an account of the shop's own
	serial        string // of the shop's certificate
	key           *rsa.PrivateKey
	platform      string // the serial, or PUB_KEY_ID_…, of the key with which WeChat Pay signs
	verify        *rsa.PublicKey
	store         string // 门店; may be empty

	mu     sync.Mutex
	nonces map[string]time.Time // of answers that were believed, for as long as their moment would be
}

// weChatURL is where WeChat Pay answers.
const weChatURL = "https://api.mch.weixin.qq.com"

// skewMost is how far a signed answer's moment may be from the till's clock.
const skewMost = 5 * time.Minute

const weChatAlgorithm = "WECHATPAY2-SHA256-RSA2048"

// weChatNotPaid are refusals after which the order is not paid and never will be. Spellings of API v2 and v3 differ by their
// underscores; what is not here is asked about. TRADE_ERROR is not here: the order then says itself how it stands.
var weChatNotPaid = []string{"PARAM_ERROR", "APPID_MCHID_NOT_MATCH", "MCH_NOT_EXISTS", "MCHID_NOT_EXIST", "APPID_NOT_EXIST", "SIGN_ERROR", "SIGNERROR",
	"NO_AUTH", "NOAUTH", "AUTH_CODE_EXPIRED", "AUTHCODEEXPIRE", "AUTH_CODE_ERROR", "AUTH_CODE_INVALID", "NOT_ENOUGH", "NOTENOUGH", "NOTSUPORTCARD",
	"BUYER_MISMATCH", "RULE_LIMIT", "RULELIMIT", "ORDER_CLOSED", "ORDERCLOSED", "ORDER_REVERSED", "ORDERREVERSED", "ACCOUNT_ERROR", "ACCOUNTERROR"}

// weChatNever say that there is no such order, or no such refund.
var weChatNever = []string{"ORDER_NOT_EXIST", "ORDERNOTEXIST", "ORDER_NOT_EXISTS", "RESOURCE_NOT_EXISTS", "REFUND_NOT_EXISTS", "REFUNDNOTEXIST"}

// weChatRefuses are answers to an undo, or to giving back, after which asking again changes nothing.
var weChatRefuses = []string{"REVERSE_EXPIRE", "REVERSE_EXPIRED", "NO_AUTH", "NOAUTH", "USER_ACCOUNT_ABNORMAL", "NOT_ENOUGH", "NOTENOUGH", "PARAM_ERROR", "TRADE_OVERDUE"}

// weChatOrders are the states of an order. REFUND (转入退款) says that a refund was begun, of whatever sum, and not what becomes of it.
var weChatOrders = map[string]state{"SUCCESS": paid, "REFUND": goingBack, "NOTPAY": unpaid, "ACCEPT": unpaid, "CLOSED": notPaid, "REVOKED": notPaid, "USERPAYING": paying, "PAYERROR": failed}

// weChatRefunds are the states of a refund. CLOSED says that the shop's account had too little for a week, and that nothing went back. ABNORMAL is no end:
// the money has left the shop and lies with WeChat Pay, because the customer's bank did not take it, until a person sends it on at the merchant's
// platform, to the customer or to the shop (退款开发指引, looked up 2026-11-30).
var weChatRefunds = map[string]state{"SUCCESS": givenBack, "PROCESSING": givingBack, "CLOSED": notGivenBack, "ABNORMAL": stuck}

func (w *weChat) message(in inquiry, now time.Time) (message, error) {
	m := message{method: http.MethodPost}
	orders := "/v3/pay/transactions/"
	if w.sub != "" {
		orders = "/v3/pay/partner/transactions/"
	}
	order := orders + "out-trade-no/" + url.PathEscape(in.number)
	var fields any
	switch in.question {
	case toPay:
		m.path = orders + "codepay"
		type store struct {
			ID string `json:"out_id"`
		}
		pay := w.whose(map[string]any{"description": in.subject, "out_trade_no": in.number,
			"amount": map[string]any{"total": in.amountMinor, "currency": "CNY"}, "payer": map[string]string{"auth_code": placeholder}})
		shop := w.store
		if shop == "" {
			shop = "1" // a payment by code names a shop always
		}
		pay["scene_info"] = map[string]any{"store_info": store{shop}}
		fields = pay
	case toAsk:
		m.method, m.path = http.MethodGet, order+"?mchid="+url.QueryEscape(w.merchant)
		if w.sub != "" {
			m.path = order + "?sp_mchid=" + url.QueryEscape(w.merchant) + "&sub_mchid=" + url.QueryEscape(w.sub)
		}
	case toUndo:
		m.path, fields = order+"/reverse", w.whose(map[string]any{})
	case toGiveBack:
		back := map[string]any{"out_trade_no": in.number, "out_refund_no": in.back,
			"amount": map[string]any{"refund": in.backMinor, "total": in.amountMinor, "currency": "CNY"}}
		if w.sub != "" {
			back["sub_mchid"] = w.sub
		}
		m.path, fields = "/v3/refund/domestic/refunds", back
	case toAskGivenBack:
		m.method, m.path = http.MethodGet, "/v3/refund/domestic/refunds/"+url.PathEscape(in.back)
		if w.sub != "" {
			m.path += "?sub_mchid=" + url.QueryEscape(w.sub)
		}
	}
	if fields != nil {
		body, err := json.Marshal(fields)
		if err != nil {
			return message{}, err
		}
		m.kept = in.keptJSON(body)
		m.body = fill(body, in.code)
	}
	return m, w.authorize(&m, now)
}

// whose names the account in a request.
func (w *weChat) whose(fields map[string]any) map[string]any {
	if w.sub == "" {
		fields["appid"], fields["mchid"] = w.app, w.merchant
		return fields
	}
	fields["sp_appid"], fields["sp_mchid"], fields["sub_mchid"] = w.app, w.merchant, w.sub
	return fields
}

// isOurs reports whether an answer names the account.
func (w *weChat) isOurs(o object) bool {
	if w.sub == "" {
		return o.text("mchid") == w.merchant
	}
	//mutant:own-sub-merchant-alone
	return o.text("sp_mchid") == w.merchant && o.text("sub_mchid") == w.sub
}

// authorize signs method, path, moment, nonce and body, each followed by a line feed.
func (w *weChat) authorize(m *message, now time.Time) error {
	nonce := make([]byte, 16)
	if _, err := rand.Read(nonce); err != nil {
		return err
	}
	text := fmt.Appendf(nil, "%s\n%s\n%d\n%X\n", m.method, m.path, now.Unix(), nonce)
	text = append(append(text, m.body...), '\n')
	defer clear(text)
	signature, err := sign256(w.key, text)
	if err != nil {
		return err
	}
	m.header = http.Header{"Accept": {"application/json"}, "Authorization": {fmt.Sprintf("%s mchid=%q,nonce_str=\"%X\",timestamp=\"%d\",serial_no=%q,signature=%q",
		weChatAlgorithm, w.merchant, nonce, now.Unix(), w.serial, signature)}}
	if m.body != nil {
		m.header.Set("Content-Type", "application/json")
	}
	if w.platform != "" { // with which of its keys WeChat Pay is to sign
		m.header.Set("Wechatpay-Serial", w.platform)
	}
	return nil
}

func (w *weChat) judge(in inquiry, a answer, now time.Time) said {
	if why, detail := w.proved(a, now); why != "" {
		return doubt(why, detail)
	}
	if len(a.body) == 0 && a.status/100 == 2 && in.question == toUndo {
		return said{state: undone, code: strconv.Itoa(a.status)}
	}
	o, err := readObject(a.body)
	if err != nil {
		return doubt(txn.Unreadable, err.Error())
	}
	if a.status/100 != 2 || o.text("code") != "" {
		return w.judgeRefusal(in, o)
	}
	switch in.question {
	case toPay, toAsk:
		return w.judgeOrder(in, o)
	case toUndo:
		if o.text("recall") == "Y" {
			return doubt(txn.CodeUnknown, "the undo is to be repeated")
		}
		if o.says("out_trade_no") && o.text("out_trade_no") != in.number {
			return doubt(txn.WrongAnswer, "it is about another payment")
		}
		return said{state: undone, code: "OK"}
	default:
		return w.judgeRefund(in, o)
	}
}

// proved verifies that an answer is WeChat Pay's, of now, and no repeat of an earlier one.
func (w *weChat) proved(a answer, now time.Time) (txn.Reason, string) {
	serial, nonce := a.header.Get("Wechatpay-Serial"), a.header.Get("Wechatpay-Nonce")
	moment := a.header.Get("Wechatpay-Timestamp")
	if w.platform != "" && serial != w.platform {
		return txn.BadMAC, fmt.Sprintf("HTTP %d, signed with the key %.64q, and the settings name another one", a.status, serial)
	}
	text := append(fmt.Appendf(nil, "%s\n%s\n", moment, nonce), a.body...)
	if !holds256(w.verify, append(text, '\n'), a.header.Get("Wechatpay-Signature")) {
		return txn.BadMAC, fmt.Sprintf("HTTP %d, and its signature does not hold", a.status)
	}
	seconds, err := strconv.ParseInt(moment, 10, 64)
	if err != nil {
		return txn.WrongAnswer, "its moment is no number"
	}
	if skew := time.Unix(seconds, 0).Sub(now); math.Abs(skew.Seconds()) >= skewMost.Seconds() {
		return txn.WrongAnswer, clockText(skew)
	}
	//mutant:no-answer-twice
	if w.heard(moment+" "+nonce, now) {
		return txn.WrongAnswer, "it is a repeat of an earlier answer"
	}
	return "", ""
}

// heard reports whether an answer was believed before, and notes it.
func (w *weChat) heard(nonce string, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, before := w.nonces[nonce]; before {
		return true
	}
	if w.nonces == nil {
		w.nonces = map[string]time.Time{}
	}
	for old, at := range w.nonces {
		if now.Sub(at) > 2*skewMost {
			delete(w.nonces, old)
		}
	}
	w.nonces[nonce] = now
	return false
}

func (w *weChat) judgeRefusal(in inquiry, o object) said {
	code := o.text("code")
	s := said{state: unknown, why: txn.CodeUnknown, code: code, detail: "refused with " + code, answer: txn.Answer{ResponseCode: code, Words: o.text("message")}}
	pay, never := in.question == toPay, slices.Contains(weChatNever, code)
	switch {
	//mutant:what-contradicts-itself-is-not-known/wechat
	case o.says("trade_state") || o.says("status"): // a refusal tells no state: it contradicts itself
		s.detail += ", and says how it stands"
	case pay && (code == "USERPAYING" || code == "USER_PAYING"):
		s.state = paying
	case pay && slices.Contains(weChatNotPaid, code):
		s.state = notPaid
	case in.question == toAsk && never, in.question == toUndo && never, in.question == toAskGivenBack && never:
		s.state = neverThere
	case (in.question == toUndo || in.question == toGiveBack) && slices.Contains(weChatRefuses, code):
		s.state = refused
	}
	return s
}

func (w *weChat) judgeOrder(in inquiry, o object) said {
	code := o.text("trade_state")
	s := said{state: weChatOrders[code], code: code, answer: txn.Answer{ResponseCode: code, RRN: o.text("transaction_id"),
		HostTime: hostTime(time.RFC3339, o.text("success_time")), Words: o.text("trade_state_desc")}}
	switch {
	case s.state == "":
		s.state, s.why, s.detail = unknown, txn.CodeUnknown, fmt.Sprintf("its state %.32q is on no list", code)
	//mutant:own-number-alone
	case o.text("out_trade_no") != in.number, !w.isOurs(o):
		return doubt(txn.WrongAnswer, "it is about another payment")
	case s.state == failed:
		s.why = txn.CodeUnknown
	case s.state == paid:
		return s.ifSum(in.amountMinor, o.in("amount").text("total"), o.in("amount").text("currency"), fen)
	}
	return s.unlessSum(in.amountMinor, o.in("amount").text("total"), fen)
}

func (w *weChat) judgeRefund(in inquiry, o object) said {
	code := o.text("status")
	s := said{state: weChatRefunds[code], code: code, answer: txn.Answer{ResponseCode: code, RRN: o.text("refund_id"), HostTime: hostTime(time.RFC3339, o.text("success_time"))}}
	switch {
	case s.state == "":
		s.state, s.why, s.detail = unknown, txn.CodeUnknown, fmt.Sprintf("its status %.32q is on no list", code)
	case o.text("out_refund_no") != in.back, o.text("out_trade_no") != in.number:
		return doubt(txn.WrongAnswer, "it is about another refund")
	}
	amount := o.in("amount")
	if s.state == givenBack || amount.says("refund") {
		s = s.ifSum(in.backMinor, amount.text("refund"), amount.text("currency"), fen)
	}
	if amount.says("total") {
		s = s.ifSum(in.amountMinor, amount.text("total"), "", fen)
	}
	return s
}

// unlessSum believes an answer that tells of no money unless it names another sum than was asked for: then it is about something else.
func (s said) unlessSum(asked int64, sum string, read func(string) (int64, bool)) said {
	//mutant:another-sum-is-another-payment
	if minor, ok := read(sum); ok && minor != 0 && minor != asked {
		return doubt(txn.PartialAmount, fmt.Sprintf("it says another sum: %.16q", sum))
	}
	return s
}

// ifSum believes an answer only where it says the sum that was asked for.
func (s said) ifSum(asked int64, sum, currency string, read func(string) (int64, bool)) said {
	//mutant:own-sum-alone
	if minor, ok := read(sum); !ok || minor != asked || currency != "" && currency != "CNY" && currency != "156" {
		return doubt(txn.PartialAmount, fmt.Sprintf("it says another sum: %.16q %.4s", sum, currency))
	}
	return s
}

// clockText says a difference of clocks as what it is.
func clockText(skew time.Duration) string {
	direction := "behind"
	if skew < 0 {
		direction, skew = "ahead of", -skew
	}
	return fmt.Sprintf("the till's clock is %s %s the provider's: set the time of this computer", skew.Round(time.Second), direction)
}

// hostTime is a provider's moment as the books keep it: MMDDhhmmss by Beijing's clock; empty where it can't be read.
func hostTime(layout, text string) string {
	at, err := time.ParseInLocation(layout, text, beijing)
	if err != nil {
		return ""
	}
	return at.In(beijing).Format("0102150405")
}
