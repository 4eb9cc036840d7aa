package wallet

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"veratill/txn"
)

// upay speaks with an aggregator in the manner of 收钱吧. Its answers have no signature, so that TLS alone says whose they are. Source: the
// provider's "Upay Web API Reference".
type upay struct {
	terminal string // terminal_sn
	key      *terminalKey
}

// upayURL is where 收钱吧 answers.
const upayURL = "https://vsi-api.shouqianba.com"

var upayPaths = map[question]string{toPay: "/upay/v2/pay", toAsk: "/upay/v2/query", toUndo: "/upay/v2/cancel", toGiveBack: "/upay/v2/refund", toAskGivenBack: "/upay/v2/query"}

// upayOrders are the states of an order. PAY_ERROR, CANCEL_ERROR and CANCEL_INPROGRESS are on no list: nobody knows.
var upayOrders = map[string]state{"CREATED": paying, "PAID": paid, "PAY_CANCELED": notPaid, "CANCELED": undone, "REFUNDED": undone,
	"PARTIAL_REFUNDED": goingBack, "REFUND_INPROGRESS": goingBack, "REFUND_ERROR": goingBack}

// upayNever says that there is no such order.
var upayNever = []string{"UPAY_ORDER_NOT_EXISTS", "UPAY_ORDER_NOT_EXIST"}

// upayUnread are refusals of the gateway, which then did nothing.
var upayUnread = []string{"ILLEGAL_SIGN", "INVALID_PARAMS", "INVALID_PARAMETER", "INVALID_TERMINAL", "TERMINAL_NOT_EXISTS", "INVALID_BARCODE"}

// upayRefuses are error codes of a cancel or a refund that no repeat changes.
var upayRefuses = []string{"UPAY_CANCEL_ORDER_NOOP", "UPAY_REFUND_ORDER_NOOP", "UPAY_CANCEL_INVALID_ORDER_STATE", "UPAY_REFUND_INVALID_ORDER_STATE",
	"UPAY_STORE_OVER_DAILY_LIMIT", "REFUNDABLE_AMOUNT_NOT_ENOUGH", "REFUND_AMT_NOT_EQUAL_TOTAL", "SELLER_BALANCE_NOT_ENOUGH"}

func (u *upay) message(in inquiry, _ time.Time) (message, error) {
	fields := map[string]string{"terminal_sn": u.terminal, "client_sn": in.number}
	switch in.question {
	case toPay:
		fields["total_amount"], fields["dynamic_id"], fields["subject"] = strconv.FormatInt(in.amountMinor, 10), placeholder, in.subject
		fields["operator"] = in.cashier
	case toGiveBack:
		fields["refund_request_no"], fields["refund_amount"], fields["operator"] = in.back, strconv.FormatInt(in.backMinor, 10), in.cashier
	case toAskGivenBack:
		fields["refund_request_no"] = in.back
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return message{}, err
	}
	kept := in.keptJSON(text)
	m := u.signed(upayPaths[in.question], fill(text, in.code))
	m.kept = kept
	return m, nil
}

// signed is a message with its signature.
func (u *upay) signed(path string, body []byte) message {
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Authorization": {u.terminal + " " + upaySign(body, u.key.now())}}
	return message{method: http.MethodPost, path: path, header: header, body: body}
}

// upaySign is the MD5 of body and key, in hex.
func upaySign(body []byte, key txn.Secret) string {
	text := append(append([]byte(nil), body...), key...)
	defer clear(text)
	return fmt.Sprintf("%x", md5.Sum(text))
}

func (u *upay) judge(in inquiry, a answer, _ time.Time) said {
	if a.status != http.StatusOK {
		return doubt(txn.WrongAnswer, fmt.Sprintf("HTTP %d", a.status))
	}
	whole, err := readObject(a.body)
	if err != nil {
		return doubt(txn.Unreadable, err.Error())
	}
	o := whole
	if whole.text("result_code") == "200" {
		o = whole.in("biz_response")
	}
	order, code := o.in("data"), o.text("result_code")
	s := said{state: unknown, why: txn.CodeUnknown, code: code, detail: "it says " + code + " " + o.text("error_code"),
		answer: txn.Answer{ResponseCode: code, RRN: order.text("sn"), HostTime: upayTime(order.text("finish_time")), Words: o.text("error_message")}}
	if whole.text("result_code") != "200" {
		if in.question == toPay && whole.text("result_code") == "400" && slices.Contains(upayUnread, o.text("error_code")) {
			s.state, s.code, s.answer.ResponseCode = notPaid, o.text("error_code"), o.text("error_code")
		}
		return s
	}
	//mutant:own-number-alone/upay
	if order.text("client_sn") != in.number && (code != "FAIL" || order.says("client_sn")) {
		return doubt(txn.WrongAnswer, "it is about another order")
	}
	if code == "FAIL" {
		return u.judgeFailure(in, s, o.text("error_code"), order.text("order_status"))
	}
	return u.judgeOrder(in, s, o)
}

// judgeFailure judges an answer that says that nothing was done, of an order that it may tell the status of.
func (u *upay) judgeFailure(in inquiry, s said, code, status string) said {
	s.code, s.answer.ResponseCode = code, code
	switch {
	case slices.Contains(upayNever, code) && status == "":
		s.state = neverThere
	case in.question == toPay && slices.Contains(upayUnread, code) && (status == "" || upayOrders[status] == notPaid):
		s.state = notPaid
	case (in.question == toUndo || in.question == toGiveBack) && slices.Contains(upayRefuses, code):
		s.state = refused
	}
	return s
}

func (u *upay) judgeOrder(in inquiry, s said, o object) said {
	order := o.in("data")
	status := order.text("order_status")
	word := s.code
	//mutant:what-contradicts-itself-is-not-known/upay
	if states := upayFits[in.question][word]; states == nil || len(states) > 0 && !slices.Contains(states, status) {
		s.detail = fmt.Sprintf("it says %.32q of an order that is %.32q", word, status)
		return s
	}
	switch in.question {
	case toPay, toAsk:
		known := false
		if s.state, known = upayOrders[status]; !known {
			s.state = unknown
		}
		s.code, s.answer.ResponseCode = status, status
		if s.state == paid {
			return s.ifSum(in.amountMinor, order.text("total_amount"), "", fen)
		}
		return s.unlessSum(in.amountMinor, order.text("total_amount"), fen)
	case toUndo:
		s.state = undone
	default:
		return judgeUpayRefund(in, s, order, status)
	}
	return s
}

// upayFits are the words of an answer that say that its question was done, and the states of an order that each of them fits; none fits every state. PAY_FAIL
// is a payment that failed and was reversed: of an order that is paid it contradicts itself.
var upayFits = map[question]map[string][]string{toPay: {"PAY_SUCCESS": {"PAID"}, "PAY_FAIL": {"PAY_CANCELED"}, "PAY_IN_PROGRESS": {"CREATED"}}, toAsk: {"SUCCESS": {}},
	toUndo: {"CANCEL_SUCCESS": {}, "CANCEL_ABORT_SUCCESS": {}}, toGiveBack: {"REFUND_SUCCESS": {"REFUNDED", "PARTIAL_REFUNDED"}}, toAskGivenBack: {"SUCCESS": {}}}

// judgeUpayRefund judges what an answer tells of giving back. A question tells the order: of one that was given back in part it
// has to name the refund, because another one may have left as much. The answer to giving back may leave the number out, and not name another one.
func judgeUpayRefund(in inquiry, s said, order object, status string) said {
	number := order.text("refund_request_no")
	ours := number == in.back || number == "" && in.question == toGiveBack
	whole := in.backMinor == in.amountMinor
	s.code, s.answer.ResponseCode = status, status
	switch {
	case status == "REFUNDED" && (ours || whole), status == "PARTIAL_REFUNDED" && ours && !whole:
		s.state = givenBack
		return s.ifUpaySums(in, order, status)
	case status == "PAID" && in.question == toAskGivenBack:
		s.state = neverThere
	//mutant:the-refund-before-is-not-this-one
	case status == "PARTIAL_REFUNDED" && in.question == toAskGivenBack && number != "" && !ours && leaves(order, in.backMinor):
		s.state = neverThere // it names the refund before: this one is asked for again, under its number, by which it is made once
	}
	return s
}

// leaves reports whether an order says that so much of it is left at least: a refund of that can't have been made, or others were made beside it.
func leaves(order object, minor int64) bool {
	left, ok := fen(order.text("net_amount"))
	return ok && left >= minor
}

// ifUpaySums believes that money went back only where no sum that the answer names speaks against it. net_amount is what is left of the order: nothing
// where all of it went back, else something, and at most what this refund left.
func (s said) ifUpaySums(in inquiry, order object, status string) said {
	s = s.ifSum(in.amountMinor, order.text("total_amount"), "", fen)
	if order.says("refund_amount") {
		s = s.ifSum(in.backMinor, order.text("refund_amount"), "", fen)
	}
	if !order.says("net_amount") {
		return s
	}
	//mutant:another-sum-went-back/upay
	if left, ok := fen(order.text("net_amount")); !ok || (left == 0) != (status == "REFUNDED") || left > in.amountMinor-in.backMinor {
		return doubt(txn.PartialAmount, fmt.Sprintf("it says %.32q, and that %.16q is left", status, order.text("net_amount")))
	}
	return s
}

// upayTime is a moment in Unix milliseconds as the books keep it.
func upayTime(text string) string {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return ""
	}
	return time.UnixMilli(ms).In(beijing).Format("0102150405")
}
