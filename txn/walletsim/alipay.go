package walletsim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// aliPay is Alipay's open platform.
type aliPay struct{ keys *Keys }

var alipayQuestions = map[string]string{"alipay.trade.pay": pay, "alipay.trade.query": ask, "alipay.trade.cancel": undo, "alipay.trade.refund": giveBack, "alipay.trade.fastpay.refund.query": askedBack}

func (f *aliPay) read(r *http.Request, body []byte) (asked, *reply) {
	a := asked{provider: "alipay"}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		values = url.Values{}
	}
	for name, value := range r.URL.Query() { // both places are read
		if !values.Has(name) {
			values[name] = value
		}
	}
	method := values.Get("method")
	refuse := func(code, sub, words string) (asked, *reply) {
		made := f.sealed(node(method), map[string]any{"code": code, "msg": "refused", "sub_code": sub, "sub_msg": words})
		return a, &made
	}
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name != "sign" && values.Get(name) != "" {
			pairs = append(pairs, name+"="+values.Get(name))
		}
	}
	switch {
	case values.Get("app_id") != AlipayApp:
		return refuse("40002", "isv.invalid-app-id", "无效的AppID参数")
	case values.Get("sign_type") != "RSA2" || !verify256(&f.keys.Shop["alipay"].PublicKey, strings.Join(pairs, "&"), values.Get("sign")):
		return refuse("40002", "isv.invalid-signature", "无效签名")
	case alipayQuestions[method] == "":
		return refuse("40002", "isv.invalid-method", "不存在的方法名")
	}
	var fields struct {
		Number   string `json:"out_trade_no"`
		Back     string `json:"out_request_no"`
		Scene    string `json:"scene"`
		Code     string `json:"auth_code"`
		Subject  string `json:"subject"`
		Total    string `json:"total_amount"`
		GiveBack string `json:"refund_amount"`
	}
	if err := json.Unmarshal([]byte(values.Get("biz_content")), &fields); err != nil {
		return refuse("40002", "isv.invalid-parameter", "biz_content 不是 JSON")
	}
	a.question, a.number, a.back, a.code = alipayQuestions[method], fields.Number, fields.Back, fields.Code
	a.amountMinor, a.backMinor = fromYuan(fields.Total), fromYuan(fields.GiveBack)
	if a.question == pay && (fields.Scene != "bar_code" || fields.Subject == "" || a.amountMinor < 1 || a.number == "" || !shaped(a.code, 16, 24, "")) {
		return refuse("40004", "ACQ.INVALID_PARAMETER", "参数无效")
	}
	if a.question == giveBack && a.back == "" { // without it Alipay takes the number of the payment
		a.back = a.number
	}
	return a, nil
}

// fromYuan reads a sum in yuan with at most two places; 0 where it is none.
func fromYuan(text string) int64 {
	var yuan, fen int64
	whole, part, _ := strings.Cut(text, ".")
	if _, err := fmt.Sscanf(whole+" "+(part + "00")[:2], "%d %d", &yuan, &fen); err != nil || len(part) > 2 {
		return 0
	}
	return yuan*100 + fen
}

func toYuan(minor int64) string { return fmt.Sprintf("%d.%02d", minor/100, minor%100) }

func node(method string) string {
	if method == "" {
		return "error_response"
	}
	return strings.ReplaceAll(method, ".", "_") + "_response"
}

func (f *aliPay) answer(a asked, o outcome, at time.Time) reply {
	var method string
	for name, question := range alipayQuestions {
		if question == a.question {
			method = name
		}
	}
	fields := map[string]any{"code": "10000", "msg": "Success", "out_trade_no": o.order.Number, "trade_no": o.order.ID}
	fault := func(code, sub, words string) {
		fields["code"], fields["msg"], fields["sub_code"], fields["sub_msg"] = code, "Business Failed", sub, words
	}
	switch o.result {
	case systemError:
		fault("20000", "isp.unknow-error", "系统繁忙")
	case declined:
		fault("40004", orElse(o.code, "ACQ.BUYER_BALANCE_NOT_ENOUGH"), "买家余额不足")
	case conflict:
		fault("40004", "ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改")
	case notAllowed:
		fault("40004", map[string]string{undo: "ACQ.TRADE_CANCEL_TIME_OUT", giveBack: "ACQ.SELLER_BALANCE_NOT_ENOUGH"}[a.question], "不允许")
		fields["retry_flag"] = "N"
	case again:
		fields["retry_flag"] = "Y"
	case typing:
		fields["code"], fields["msg"] = "10003", "order success pay inprocess"
	case notThere:
		if a.question != askedBack || o.order.ID == "" {
			fault("40004", "ACQ.TRADE_NOT_EXIST", "交易不存在")
		}
	default:
		f.fill(fields, a, o, at)
	}
	if o.echo != "" {
		fields["sub_msg"], fields["body"] = "auth_code "+o.echo, grouped(o.echo)
	}
	if o.contradicts {
		fault("40004", map[string]string{pay: "ACQ.BUYER_BALANCE_NOT_ENOUGH", undo: "ACQ.TRADE_CANCEL_TIME_OUT", giveBack: "ACQ.SELLER_BALANCE_NOT_ENOUGH"}[a.question], "不允许")
		fields["trade_status"], fields["fund_change"] = "TRADE_SUCCESS", "Y"
	}
	return f.sealed(node(method), fields)
}

// fill says how an order, or what goes back of it, stands.
func (f *aliPay) fill(fields map[string]any, a asked, o outcome, at time.Time) {
	switch a.question {
	case pay, ask:
		fields["total_amount"], fields["buyer_logon_id"] = toYuan(o.order.AmountMinor), "159****5620"
		if o.order.State == Paid {
			fields["gmt_payment"], fields["receipt_amount"] = at.In(china).Format(time.DateTime), toYuan(o.order.AmountMinor)
		}
		if a.question == ask {
			fields["trade_status"] = map[string]string{Open: "WAIT_BUYER_PAY", Paid: "TRADE_SUCCESS", Failed: "TRADE_CLOSED", Undone: "TRADE_CLOSED"}[o.order.State]
			if o.order.State == Paid && o.order.BackMinor() == o.order.AmountMinor && o.order.back(at.UnixMilli()) == done {
				fields["trade_status"] = "TRADE_CLOSED"
			}
		}
	case undo:
		fields["retry_flag"], fields["action"] = "N", "close"
	case giveBack:
		fields["fund_change"], fields["refund_fee"] = "N", toYuan(o.order.BackMinor())
		if o.result == done {
			fields["fund_change"] = "Y"
		}
	case askedBack:
		fields["out_request_no"], fields["refund_amount"], fields["total_amount"] = o.back.Number, toYuan(o.back.AmountMinor), toYuan(o.order.AmountMinor)
		fields["refund_status"] = map[result]string{done: "REFUND_SUCCESS", processing: "REFUND_PROCESSING", stuck: "REFUND_PROCESSING", closed: "REFUND_FAIL"}[o.result]
	}
}

// sealed is an answer with the signature over its node.
func (f *aliPay) sealed(name string, fields map[string]any) reply {
	text, err := json.Marshal(fields)
	if err != nil { // it is made of texts
		panic(err)
	}
	body := fmt.Sprintf(`{%q:%s,"sign":%q}`, name, text, sign256(f.keys.Provider["alipay"], string(text)))
	return reply{http.StatusOK, http.Header{"Content-Type": {"text/html;charset=utf-8"}}, []byte(body)}
}
