package walletsim

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"time"
)

// unionPay is UnionPay's gateway for QR codes that the shop scans.
type unionPay struct{ keys *Keys }

var unionQuestions = map[string]string{"0310000903": pay, "0350000903": ask, "0320000903": undo, "0340000903": giveBack}

// summed is what is signed of a message in one of the two versions: the hash of the hex hash of its sorted fields.
func summed(fields map[string]string) (crypto.Hash, []byte) {
	names := make([]string, 0, len(fields))
	for name := range fields {
		if name != "signature" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var text strings.Builder
	for i, name := range names {
		if i > 0 {
			text.WriteByte('&')
		}
		text.WriteString(name + "=" + fields[name])
	}
	if fields["version"] == "1.0.0" {
		sum := sha1.Sum(fmt.Appendf(nil, "%x", sha1.Sum([]byte(text.String()))))
		return crypto.SHA1, sum[:]
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%x", sha256.Sum256([]byte(text.String()))))
	return crypto.SHA256, sum[:]
}

func (f *unionPay) read(_ *http.Request, body []byte) (asked, *reply) {
	a := asked{provider: "unionpay"}
	values, err := url.ParseQuery(string(body))
	fields := map[string]string{}
	for name := range values {
		fields[name] = values.Get(name)
	}
	refuse := func(code, words string) (asked, *reply) {
		made := f.sealed(map[string]string{"version": fields["version"], "reqType": fields["reqType"], "orderNo": fields["orderNo"], "respCode": code, "respMsg": words})
		return a, &made
	}
	hash, sum := summed(fields)
	raw, broken := base64.StdEncoding.DecodeString(fields["signature"])
	if err != nil || broken != nil || fields["certId"] != UnionSerial || rsa.VerifyPKCS1v15(&f.keys.Shop["unionpay"].PublicKey, hash, sum, raw) != nil {
		return refuse("11", "验证签名失败")
	}
	a.question, a.number, a.code = unionQuestions[fields["reqType"]], fields["orderNo"], fields["qrNo"]
	a.amountMinor, err = strconv.ParseInt(orElse(fields["txnAmt"], "0"), 10, 64)
	if _, wrong := time.Parse("20060102150405", fields["orderTime"]); err != nil || wrong != nil || a.question == "" || fields["merId"] != UnionMerchant || len(a.number) < 8 || len(a.number) > 40 {
		return refuse("10", "报文格式错误")
	}
	switch {
	case a.question == pay && (a.amountMinor < 1 || fields["currencyCode"] != "156" || !shaped(a.code, 19, 19, "62")):
		return refuse("13", "报文交易要素缺失")
	case a.question == giveBack:
		a.back, a.backMinor, a.number, a.amountMinor = a.number, a.amountMinor, fields["origOrderNo"], 0
	case a.question == ask:
		a.back = a.number // the number of a payment, or of what went back
	}
	return a, nil
}

func (f *unionPay) answer(a asked, o outcome, at time.Time) reply {
	fields := map[string]string{"version": "5.1.0", "reqType": unionType(a.question), "orderNo": o.order.Number, "respCode": "00", "respMsg": "成功[0000000]", "currencyCode": "156",
		"txnAmt": strconv.FormatInt(o.order.AmountMinor, 10), "voucherNum": o.order.ID, "settleKey": "90880023 00049992 1395000809094655"}
	code := "00"
	switch o.result {
	case systemError:
		code = "06"
	case declined:
		code = orElse(o.code, "64")
	case typing:
		code = "05"
	case conflict:
		code = "12"
	case again:
		code = "03"
	case notAllowed:
		code = "36"
	case notThere:
		code = "34"
	case processing, stuck:
		code = "05"
	case closed:
		code = "36"
	}
	if a.question == giveBack || a.question == ask && o.back.ID != "" {
		fields["orderNo"], fields["txnAmt"], fields["voucherNum"] = o.back.Number, strconv.FormatInt(o.back.AmountMinor, 10), o.back.ID
	} else if a.question == ask && o.result == done {
		code = map[string]string{Open: "05", Paid: "00", Failed: "64", Undone: "30"}[o.order.State]
	}
	fields["payTime"] = at.In(china).Format("20060102150405")
	if a.question == ask && o.result != notThere && o.result != systemError { // the question is answered; the order's code stands beside
		fields["origRespCode"], fields["origRespMsg"] = code, unionWords(code)
	} else {
		fields["respCode"], fields["respMsg"] = code, unionWords(code)
	}
	if o.echo != "" {
		fields["respMsg"], fields["origRespMsg"], fields["reqReserved"] = "qrNo "+o.echo, grouped(o.echo), o.echo
	}
	return f.sealed(fields)
}

func unionType(question string) string {
	for kind, of := range unionQuestions {
		if of == question {
			return kind
		}
	}
	return ""
}

func unionWords(code string) string {
	words := map[string]string{"00": "成功[0000000]", "05": "交易已受理，请稍后查询", "34": "查无此交易", "64": "银行卡余额不足", "06": "系统繁忙，请稍后再试"}
	return orElse(words[code], "失败["+code+"]")
}

// sealed is an answer with its signature. Values stand in it as they are.
func (f *unionPay) sealed(fields map[string]string) reply {
	if fields["version"] == "" {
		fields["version"] = "5.1.0"
	}
	fields["certId"] = "69026276696"
	hash, sum := summed(fields)
	raw, err := rsa.SignPKCS1v15(rand.Reader, f.keys.Provider["unionpay"], hash, sum)
	if err != nil { // no key of 2048 bits refuses
		panic(err)
	}
	var pairs []string
	for name, value := range fields {
		pairs = append(pairs, name+"="+value)
	}
	sort.Strings(pairs)
	body := strings.Join(pairs, "&") + "&signature=" + base64.StdEncoding.EncodeToString(raw)
	return reply{http.StatusOK, http.Header{"Content-Type": {"text/html;charset=utf-8"}}, []byte(body)}
}
