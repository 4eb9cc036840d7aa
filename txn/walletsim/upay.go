package walletsim

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// upay is an aggregator in the manner of 收钱吧. Its answers have no signature.
type upay struct {
	keys *Keys
	now  func() time.Time
}

var upayQuestions = map[string]string{"/upay/v2/pay": pay, "/upay/v2/query": ask, "/upay/v2/cancel": undo, "/upay/v2/refund": giveBack, "/terminal/checkin": checkIn}

func (f *upay) read(r *http.Request, body []byte) (asked, *reply) {
	a := asked{provider: "upay", question: upayQuestions[r.URL.Path]}
	refuse := func(code, words string) (asked, *reply) {
		made := plain(map[string]any{"result_code": "400", "error_code": code, "error_message": words})
		return a, &made
	}
	signature, ours := strings.CutPrefix(r.Header.Get("Authorization"), UpayTerminal+" ")
	if !ours || !f.keys.signed(body, signature, a.question == checkIn, f.now()) {
		return refuse("ILLEGAL_SIGN", "签名错误")
	}
	var fields map[string]string
	if err := json.Unmarshal(body, &fields); err == nil && a.question == checkIn && fields["terminal_sn"] == UpayTerminal && fields["device_id"] != "" {
		return a, nil
	}
	if err := json.Unmarshal(body, &fields); err != nil || a.question == "" || fields["terminal_sn"] != UpayTerminal || fields["client_sn"] == "" {
		return refuse("INVALID_PARAMS", "参数错误")
	}
	a.number, a.back, a.code = fields["client_sn"], fields["refund_request_no"], fields["dynamic_id"]
	a.amountMinor, _ = strconv.ParseInt(fields["total_amount"], 10, 64)
	a.backMinor, _ = strconv.ParseInt(fields["refund_amount"], 10, 64)
	switch {
	case a.question == pay && (a.amountMinor < 1 || fields["subject"] == "" || !shaped(a.code, 16, 24, "")):
		return refuse("INVALID_BARCODE", "不合法的支付条码")
	case a.question == giveBack && (a.back == "" || a.backMinor < 1):
		return refuse("INVALID_PARAMS", "参数错误")
	case a.question == ask && a.back != "":
		a.question = askedBack
	}
	return a, nil
}

func (f *upay) answer(a asked, o outcome, at time.Time) reply {
	if a.question == checkIn {
		if o.result == systemError {
			return plain(map[string]any{"result_code": "500", "error_code": "UNKNOWN_SYSTEM_ERROR", "error_message": "未知的系统错误"})
		}
		return plain(map[string]any{"result_code": "200", "biz_response": map[string]string{"terminal_sn": o.order.Number, "terminal_key": o.key}})
	}
	state := map[string]string{Open: "CREATED", Paid: "PAID", Failed: "PAY_CANCELED", Undone: "CANCELED"}[o.order.State]
	switch back, stands := o.order.BackMinor(), o.order.back(at.UnixMilli()); {
	case o.order.State != Paid:
	case stands == processing:
		state = "REFUND_INPROGRESS"
	case stands == stuck:
		state = "REFUND_ERROR"
	case back == 0:
	case back == o.order.AmountMinor:
		state = "REFUNDED"
	default:
		state = "PARTIAL_REFUNDED"
	}
	order := map[string]any{"sn": o.order.ID, "client_sn": o.order.Number, "status": "SUCCESS", "order_status": state, "payway": "3", "sub_payway": "1", "subject": "Veratill",
		"total_amount": strconv.FormatInt(o.order.AmountMinor, 10), "net_amount": strconv.FormatInt(o.order.AmountMinor-o.order.BackMinor(), 10),
		"finish_time": strconv.FormatInt(at.UnixMilli(), 10), "terminal_sn": UpayTerminal}
	switch backs := o.order.Backs; {
	case o.back.ID != "":
		order["refund_request_no"] = o.back.Number
	case a.question == askedBack && len(backs) > 0: // it knows the newest one alone
		order["refund_request_no"] = backs[len(backs)-1].Number
	}
	word := map[string]string{pay: "PAY_SUCCESS", ask: "SUCCESS", askedBack: "SUCCESS", undo: "CANCEL_SUCCESS", giveBack: "REFUND_SUCCESS"}[a.question]
	told := map[string]any{"result_code": word, "data": order}
	fail := func(word, code string) {
		told["result_code"], told["error_code"] = word, code
		if o.echo == "" {
			told["error_message"] = strings.ToLower(code)
		}
	}
	if o.echo != "" {
		told["error_message"], order["reflect"] = "dynamic_id "+o.echo, grouped(o.echo)
	}
	if o.contradicts {
		fail(map[string]string{pay: "PAY_FAIL", giveBack: "REFUND_SUCCESS"}[a.question], "UNKNOWN_SYSTEM_ERROR")
		order["order_status"] = "PAID"
		return plain(map[string]any{"result_code": "200", "biz_response": told})
	}
	switch o.result {
	case systemError:
		return plain(map[string]any{"result_code": "500", "error_code": "UNKNOWN_SYSTEM_ERROR", "error_message": "未知的系统错误"})
	case declined:
		fail("PAY_FAIL", orElse(o.code, "INSUFFICIENT_FUND"))
	case typing:
		told["result_code"] = "PAY_IN_PROGRESS"
	case conflict:
		fail("FAIL", "CLIENT_SN_CONFLICT")
	case again:
		fail("CANCEL_ABORT_ERROR", "UNKNOWN_SYSTEM_ERROR")
	case notAllowed:
		fail("FAIL", map[string]string{undo: "UPAY_CANCEL_INVALID_ORDER_STATE", giveBack: "UPAY_REFUND_INVALID_ORDER_STATE"}[a.question])
	case closed:
		if a.question == giveBack {
			fail("FAIL", "UPAY_REFUND_INVALID_ORDER_STATE")
		}
	case notThere:
		if o.order.ID == "" {
			fail("FAIL", "UPAY_ORDER_NOT_EXISTS")
		}
	}
	return plain(map[string]any{"result_code": "200", "biz_response": told})
}

// plain is an answer.
func plain(fields map[string]any) reply {
	body, err := json.Marshal(fields)
	if err != nil { // it is made of texts
		panic(err)
	}
	return reply{http.StatusOK, http.Header{"Content-Type": {"application/json;charset=UTF-8"}}, body}
}
