package wallet

import (
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"veratill/txn"
)

// aliPay speaks Alipay's open platform with RSA2 keys (公钥模式). Sources: the provider's pages on alipay.trade.pay, .query, .cancel,
// .refund and .fastpay.refund.query, and github.com/smartwalle/alipay/v3.
type aliPay struct {
	app      string
	key      *rsa.PrivateKey
	verify   *rsa.PublicKey
	store    string
	terminal string
}

// alipayURL is where Alipay answers.
const alipayURL = "https://openapi.alipay.com"

const alipayGateway = "/gateway.do"

var alipayMethods = map[question]string{toPay: "alipay.trade.pay", toAsk: "alipay.trade.query", toUndo: "alipay.trade.cancel",
	toGiveBack: "alipay.trade.refund", toAskGivenBack: "alipay.trade.fastpay.refund.query"}

// alipayNotPaid are sub-codes of a refused payment after which the order is not paid and never will be.
// ACQ.SYSTEM_ERROR, ACQ.TRADE_HAS_SUCCESS, ACQ.CONTEXT_INCONSISTENT and whatever is not here are asked about.
var alipayNotPaid = []string{"ACQ.INVALID_PARAMETER", "ACQ.ACCESS_FORBIDDEN", "ACQ.EXIST_FORBIDDEN_WORD", "ACQ.PARTNER_ERROR", "ACQ.TOTAL_FEE_EXCEED",
	"ACQ.PAYMENT_AUTH_CODE_INVALID", "ACQ.BUYER_BALANCE_NOT_ENOUGH", "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH", "ACQ.ERROR_BALANCE_PAYMENT_DISABLE",
	"ACQ.BUYER_SELLER_EQUAL", "ACQ.TRADE_BUYER_NOT_MATCH", "ACQ.BUYER_ENABLE_STATUS_FORBID", "ACQ.PULL_MOBILE_CASHIER_FAIL", "ACQ.MOBILE_PAYMENT_SWITCH_OFF",
	"ACQ.PAYMENT_FAIL", "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", "ACQ.BEYOND_PAY_RESTRICTION", "ACQ.BEYOND_PER_RECEIPT_RESTRICTION",
	"ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR", "ACQ.SELLER_BEEN_BLOCKED", "ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT", "ACQ.PAYMENT_REQUEST_HAS_RISK",
	"ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "ACQ.TRADE_HAS_CLOSE"}

// alipayUnread are codes of the gateway, which then passed nothing on: no rights, no such method, a signature that does not hold.
var alipayUnread = []string{"20001", "40001", "40002", "40003", "40006"}

const alipayNever = "ACQ.TRADE_NOT_EXIST"

// alipayRefuses are sub-codes of an undo, or of giving back, after which asking again changes nothing.
var alipayRefuses = []string{"ACQ.TRADE_HAS_FINISHED", "ACQ.TRADE_CANCEL_TIME_OUT", "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.SELLER_BALANCE_NOT_ENOUGH",
	"ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "ACQ.REASON_TRADE_REFUND_FEE_ERR", "ACQ.TRADE_NOT_ALLOW_REFUND", "ACQ.REFUND_FEE_ERROR", "ACQ.ONLINE_TRADE_VOUCHER_NOT_ALLOW_REFUND"}

// alipayTrades are the states of a trade. TRADE_CLOSED was never paid, or all of it went back.
var alipayTrades = map[string]state{"WAIT_BUYER_PAY": paying, "TRADE_SUCCESS": paid, "TRADE_FINISHED": paid, "TRADE_CLOSED": notPaid}

// alipayMoments is how Alipay writes a moment, by Beijing's clock.
const alipayMoments = time.DateTime

func (p *aliPay) message(in inquiry, now time.Time) (message, error) {
	trade := map[string]string{"out_trade_no": in.number}
	switch in.question {
	case toPay:
		trade["scene"], trade["auth_code"], trade["subject"], trade["total_amount"] = "bar_code", placeholder, in.subject, inYuan(in.amountMinor)
		trade["timeout_express"] = "2m" // an order that nobody pays closes by itself
		for name, value := range map[string]string{"store_id": p.store, "terminal_id": p.terminal, "operator_id": in.cashier} {
			if value != "" {
				trade[name] = value
			}
		}
	case toGiveBack:
		trade["refund_amount"], trade["out_request_no"] = inYuan(in.backMinor), in.back
	case toAskGivenBack:
		trade["out_request_no"] = in.back
	}
	content, err := json.Marshal(trade)
	if err != nil {
		return message{}, err
	}
	fields := map[string]string{"app_id": p.app, "method": alipayMethods[in.question], "format": "JSON", "charset": "utf-8", "sign_type": "RSA2",
		"timestamp": now.In(beijing).Format(alipayMoments), "version": "1.0", "biz_content": string(content)}
	kept := append(in.keptPairs(fields), in.keptPairs(trade)...)
	text := fill([]byte(joined(fields)), in.code)
	defer clear(text)
	if fields["sign"], err = sign256(p.key, text); err != nil {
		return message{}, err
	}
	return message{method: http.MethodPost, path: alipayGateway + "?charset=utf-8", header: formHeader(), body: fill([]byte(form(fields)), in.code), kept: kept}, nil
}

func formHeader() http.Header {
	return http.Header{"Content-Type": {"application/x-www-form-urlencoded;charset=utf-8"}}
}

// joined is name=value&name=value in the order of the names: what Alipay and UnionPay sign. Empty values are left out.
func joined(fields map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name] != "" {
			pairs = append(pairs, name+"="+fields[name])
		}
	}
	return strings.Join(pairs, "&")
}

// form is the fields as they are sent: what is not signed, because it is empty, is not sent either.
func form(fields map[string]string) string {
	values := url.Values{}
	for name, value := range fields {
		//mutant:what-is-sent-is-signed
		if value != "" {
			values.Set(name, value)
		}
	}
	return values.Encode()
}

func (p *aliPay) judge(in inquiry, a answer, _ time.Time) said {
	if a.status != http.StatusOK {
		return doubt(txn.WrongAnswer, fmt.Sprintf("HTTP %d", a.status))
	}
	whole, err := readObject(a.body)
	if err != nil {
		return doubt(txn.Unreadable, err.Error())
	}
	node := strings.ReplaceAll(alipayMethods[in.question], ".", "_") + "_response"
	if _, there := whole[node]; !there {
		node = "error_response"
	}
	var raw map[string]json.RawMessage // the signature is over the node as it was written
	if err := json.Unmarshal(a.body, &raw); err != nil || !holds256(p.verify, raw[node], whole.text("sign")) {
		return doubt(txn.BadMAC, fmt.Sprintf("its signature does not hold; it says %.16q %.64q", whole.in(node).text("code"), whole.in(node).text("sub_code")))
	}
	o := whole.in(node)
	code, sub := o.text("code"), o.text("sub_code")
	s := said{state: unknown, why: txn.CodeUnknown, code: strings.TrimPrefix(sub, "ACQ."), detail: "it says " + code + " " + sub,
		answer: txn.Answer{ResponseCode: strings.TrimSpace(code + " " + sub), RRN: o.text("trade_no"), HostTime: hostTime(alipayMoments, o.text("gmt_payment")), Words: o.text("sub_msg")}}
	if s.code == "" {
		s.code = code
	}
	if code != "10000" && code != "10003" {
		//mutant:what-contradicts-itself-is-not-known/alipay
		if o.text("fund_change") == "Y" || o.says("trade_status") || o.says("out_trade_no") && o.text("out_trade_no") != in.number {
			s.detail += ", and names money, a state or another number" // a refusal does not: it contradicts itself
			return s
		}
		return p.judgeRefusal(in, s, code, sub, o.text("retry_flag"))
	}
	//mutant:what-never-was-is-not-there
	if in.question == toUndo && !o.says("out_trade_no") && !o.says("trade_no") && !o.says("action") { // action is told where there is a trade
		s.state = neverThere
		return s
	}
	//mutant:own-number-alone/alipay
	if o.text("out_trade_no") != in.number && (in.question != toAskGivenBack || o.text("out_trade_no") != "") {
		return doubt(txn.WrongAnswer, "it is about another payment")
	}
	return p.judgeDone(in, s, o, code)
}

func (p *aliPay) judgeRefusal(in inquiry, s said, code, sub, retry string) said {
	switch {
	case in.question == toPay && (code == "40004" && slices.Contains(alipayNotPaid, sub) || slices.Contains(alipayUnread, code)):
		s.state = notPaid
	case code == "40004" && sub == alipayNever && in.question != toPay && in.question != toGiveBack:
		s.state = neverThere
	case code == "40004" && retry != "Y" && (in.question == toUndo || in.question == toGiveBack) && slices.Contains(alipayRefuses, sub):
		s.state = refused
	}
	return s
}

// judgeDone judges an answer that the gateway calls a success of its question.
func (p *aliPay) judgeDone(in inquiry, s said, o object, code string) said {
	switch in.question {
	case toPay:
		if code == "10003" {
			s.state = paying
			return s
		}
		s.state = paid
		return s.ifSum(in.amountMinor, o.text("total_amount"), "", yuan)
	case toAsk:
		status := o.text("trade_status")
		known := false
		if s.state, known = alipayTrades[status]; !known {
			s.state = unknown
			return s
		}
		s.code, s.answer.ResponseCode = status, status
		if s.state == paid {
			return s.ifSum(in.amountMinor, o.text("total_amount"), "", yuan)
		}
		return s.unlessSum(in.amountMinor, o.text("total_amount"), yuan)
	case toUndo:
		if o.text("retry_flag") == "N" || o.text("retry_flag") == "" && o.text("action") != "" {
			s.state, s.code = undone, o.text("action")
		}
	case toGiveBack:
		return judgeAlipayGivingBack(in, s, o)
	case toAskGivenBack:
		return judgeAlipayRefund(in, s, o)
	}
	return s
}

// judgeAlipayGivingBack judges the answer to giving back. refund_fee is what went back of the trade so far (该笔交易累计已经退款成功的金额), so that it is the
// sum that was asked for where nothing went back before. Any other sum may be that sum with others, or something else: alipay.trade.fastpay.refund.query, whose
// refund_amount is of this number alone, says which.
func judgeAlipayGivingBack(in inquiry, s said, o object) said {
	if o.text("fund_change") == "Y" {
		s.state = givenBack
		//mutant:another-sum-went-back/alipay
		return s.ifSum(in.backMinor, o.text("refund_fee"), "", yuan)
	}
	return s
}

// judgeAlipayRefund judges what Alipay knows of a refund: one that is not through, or not there, has no status.
func judgeAlipayRefund(in inquiry, s said, o object) said {
	switch status := o.text("refund_status"); {
	case status == "" && o.text("refund_amount") == "":
		s.state = neverThere
	case o.says("out_request_no") && o.text("out_request_no") != in.back:
		return doubt(txn.WrongAnswer, "it is about another refund")
	case status == "REFUND_PROCESSING":
		s.state = givingBack
	case status == "REFUND_FAIL":
		s.state, s.code = notGivenBack, status
		if o.says("refund_amount") {
			return s.ifSum(in.backMinor, o.text("refund_amount"), "", yuan)
		}
	case status == "REFUND_SUCCESS" && o.text("out_request_no") == in.back:
		s.state, s.code = givenBack, status
		return s.ifSum(in.backMinor, o.text("refund_amount"), "", yuan)
	}
	return s
}
