package walletsim

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// weChat is WeChat Pay, API v3.
type weChat struct {
	keys *Keys
	now  func() time.Time
}

var credential = regexp.MustCompile(`^WECHATPAY2-SHA256-RSA2048 (?:\w+="[^"]*",?)+$`)

var credentialPart = regexp.MustCompile(`(\w+)="([^"]*)"`)

const (
	weChatOrders  = "/v3/pay/transactions/out-trade-no/"
	weChatRefunds = "/v3/refund/domestic/refunds"
)

// verify256 reports whether an RSA-SHA256 signature in base64 holds.
func verify256(key *rsa.PublicKey, text, signature string) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	sum := sha256.Sum256([]byte(text))
	return err == nil && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], raw) == nil
}

// sign256 makes one.
func sign256(key *rsa.PrivateKey, text string) string {
	sum := sha256.Sum256([]byte(text))
	raw, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil { // no key of 2048 bits refuses
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func (f *weChat) read(r *http.Request, body []byte) (asked, *reply) {
	a := asked{provider: "wechat"}
	refuse := func(status int, code, words string) (asked, *reply) {
		made := f.sealed(status, map[string]any{"code": code, "message": words}, f.now())
		return a, &made
	}
	said := map[string]string{}
	for _, part := range credentialPart.FindAllStringSubmatch(r.Header.Get("Authorization"), -1) {
		said[part[1]] = part[2]
	}
	text := strings.Join([]string{r.Method, r.URL.RequestURI(), said["timestamp"], said["nonce_str"], string(body), ""}, "\n")
	if !credential.MatchString(r.Header.Get("Authorization")) || said["mchid"] != WeChatMerchant || said["serial_no"] != WeChatSerial ||
		!verify256(&f.keys.Shop["wechat"].PublicKey, text, said["signature"]) {
		return refuse(http.StatusUnauthorized, "SIGN_ERROR", "签名错误")
	}
	if at, err := strconv.ParseInt(said["timestamp"], 10, 64); err != nil || time.Unix(at, 0).Sub(f.now()).Abs() > 5*time.Minute {
		return refuse(http.StatusUnauthorized, "SIGN_ERROR", "时间戳与微信支付相差超过 5 分钟")
	}
	var fields struct {
		AppID       string `json:"appid"`
		MchID       string `json:"mchid"`
		SpAppID     string `json:"sp_appid"`
		SpMchID     string `json:"sp_mchid"`
		SubMchID    string `json:"sub_mchid"`
		Description string `json:"description"`
		OutTradeNo  string `json:"out_trade_no"`
		OutRefundNo string `json:"out_refund_no"`
		Amount      struct {
			Total    int64  `json:"total"`
			Refund   int64  `json:"refund"`
			Currency string `json:"currency"`
		} `json:"amount"`
		Payer struct {
			AuthCode string `json:"auth_code"`
		} `json:"payer"`
	}
	if len(body) > 0 && json.Unmarshal(body, &fields) != nil {
		return refuse(http.StatusBadRequest, "PARAM_ERROR", "请求体不是 JSON")
	}
	a.number, a.back, a.code = fields.OutTradeNo, fields.OutRefundNo, fields.Payer.AuthCode
	a.amountMinor, a.backMinor = fields.Amount.Total, fields.Amount.Refund
	path, query := r.URL.Path, r.URL.Query()
	if partner, is := strings.CutPrefix(path, "/v3/pay/partner/"); is { // the same questions, of a service provider
		path, a.partner = "/v3/pay/"+partner, true
		fields.AppID, fields.MchID = fields.SpAppID, fields.SpMchID
		query.Set("mchid", query.Get("sp_mchid"))
		if fields.SubMchID != WeChatSub && query.Get("sub_mchid") != WeChatSub {
			return refuse(http.StatusBadRequest, "PARAM_ERROR", "子商户号错误")
		}
	}
	named, isOrder := strings.CutPrefix(path, weChatOrders)
	switch {
	case r.Method == http.MethodPost && path == "/v3/pay/transactions/codepay":
		a.question = pay
		if fields.AppID != WeChatApp || fields.MchID != WeChatMerchant || fields.Description == "" || a.number == "" || a.amountMinor < 1 || !shaped(a.code, 18, 18, "1") {
			return refuse(http.StatusBadRequest, "PARAM_ERROR", "参数错误")
		}
	case r.Method == http.MethodGet && isOrder && query.Get("mchid") == WeChatMerchant:
		a.question, a.number = ask, named
	case r.Method == http.MethodPost && isOrder && strings.HasSuffix(named, "/reverse") && fields.MchID == WeChatMerchant && fields.AppID == WeChatApp:
		a.question, a.number = undo, strings.TrimSuffix(named, "/reverse")
	case r.Method == http.MethodPost && path == weChatRefunds:
		a.question = giveBack
	case r.Method == http.MethodGet && strings.HasPrefix(path, weChatRefunds+"/"):
		a.question, a.back = askedBack, strings.TrimPrefix(path, weChatRefunds+"/")
	default:
		return refuse(http.StatusNotFound, "INVALID_REQUEST", "无此接口")
	}
	return a, nil
}

// shaped reports whether a payment code has as many digits, and begins as it may.
func shaped(code string, least, most int, begins string) bool {
	return len(code) >= least && len(code) <= most && strings.Trim(code, "0123456789") == "" && strings.HasPrefix(code, begins)
}

func (f *weChat) answer(a asked, o outcome, at time.Time) reply {
	fault := func(status int, code, words string) reply {
		if o.echo != "" {
			words += " auth_code " + o.echo
		}
		return f.sealed(status, map[string]any{"code": code, "message": words}, at)
	}
	if o.contradicts {
		return f.sealed(http.StatusForbidden, map[string]any{"code": "NOT_ENOUGH", "message": "余额不足", "out_trade_no": a.number, "trade_state": "SUCCESS", "status": "SUCCESS"}, at)
	}
	switch o.result {
	case systemError:
		return fault(http.StatusInternalServerError, "SYSTEM_ERROR", "系统繁忙，请稍后重试")
	case declined:
		return fault(http.StatusForbidden, orElse(o.code, "NOT_ENOUGH"), "余额不足")
	case typing:
		return fault(http.StatusAccepted, "USERPAYING", "需要用户输入支付密码")
	case conflict:
		return fault(http.StatusBadRequest, "OUT_TRADE_NO_USED", "商户订单号重复")
	case again:
		return f.sealed(http.StatusOK, map[string]any{"out_trade_no": a.number, "recall": "Y"}, at)
	case notAllowed:
		if a.question == undo {
			return fault(http.StatusBadRequest, "REVERSE_EXPIRE", "订单超过可撤销时间")
		}
		return fault(http.StatusForbidden, "NOT_ENOUGH", "可用余额不足")
	case notThere:
		if a.question == askedBack || a.question == giveBack {
			return fault(http.StatusNotFound, "RESOURCE_NOT_EXISTS", "退款单不存在")
		}
		return fault(http.StatusNotFound, "ORDER_NOT_EXIST", "订单不存在")
	}
	moment := at.In(china).Format(time.RFC3339)
	switch a.question {
	case undo:
		return f.sealed(http.StatusOK, map[string]any{"out_trade_no": a.number, "recall": "N"}, at)
	case giveBack, askedBack:
		status := map[result]string{done: "SUCCESS", processing: "PROCESSING", closed: "CLOSED", stuck: "ABNORMAL"}[o.result]
		return f.sealed(http.StatusOK, map[string]any{"refund_id": o.back.ID, "out_refund_no": o.back.Number, "transaction_id": o.order.ID, "out_trade_no": o.order.Number, "channel": "ORIGINAL",
			"user_received_account": "支付用户零钱", "status": status, "success_time": moment, "create_time": moment,
			"amount": map[string]any{"total": o.order.AmountMinor, "refund": o.back.AmountMinor, "currency": "CNY"}}, at)
	}
	state := map[string]string{Open: "USERPAYING", Paid: "SUCCESS", Failed: "PAYERROR", Undone: "REVOKED"}[o.order.State]
	if o.order.State == Paid && len(o.order.Backs) > 0 {
		state = "REFUND"
	}
	whose := map[bool]string{true: "sp_"}[a.partner]
	order := map[string]any{whose + "appid": WeChatApp, whose + "mchid": WeChatMerchant, "out_trade_no": o.order.Number, "transaction_id": o.order.ID, "trade_type": "MICROPAY",
		"trade_state": state, "trade_state_desc": "", "bank_type": "OTHERS", "attach": "", "success_time": moment, "payer": map[string]any{"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
		"amount": map[string]any{"total": o.order.AmountMinor, "payer_total": o.order.AmountMinor, "currency": "CNY", "payer_currency": "CNY"}}
	if a.partner {
		order["sub_mchid"] = WeChatSub
	}
	if o.echo != "" {
		order["trade_state_desc"], order["attach"], order["payer"] = "paid with "+o.echo, grouped(o.echo), map[string]any{"auth_code": o.echo}
	}
	return f.sealed(http.StatusOK, order, at)
}

// sealed is an answer with its signature.
func (f *weChat) sealed(status int, fields map[string]any, at time.Time) reply {
	body, err := json.Marshal(fields)
	if err != nil { // it is made of texts and numbers
		panic(err)
	}
	nonce := make([]byte, 16)
	rand.Read(nonce) // it never fails
	moment, drawn := strconv.FormatInt(at.Unix(), 10), fmt.Sprintf("%x", nonce)
	return reply{status, http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Request-Id": {drawn}, "Wechatpay-Nonce": {drawn}, "Wechatpay-Timestamp": {moment},
		"Wechatpay-Serial": {WeChatPlatform}, "Wechatpay-Signature": {sign256(f.keys.Provider["wechat"], moment+"\n"+drawn+"\n"+string(body)+"\n")}}, body}
}

// grouped is a code as people write it.
func grouped(code string) string {
	return code[:4] + " " + code[4:8] + "-" + code[8:]
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
