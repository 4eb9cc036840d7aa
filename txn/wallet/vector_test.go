package wallet

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"veratill/packaging/nasty"
	"veratill/txn"
)

// theirKey is the test key of github.com/wechatpay-apiv3/wechatpay-go (core/auth/signers), and theirSignature what it signs "source" with.
const theirKey = `-----BEGIN TESTING KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDZUJN33V+dSfvd
fL0Mu+39XrZNXFFMQSy1V15FpncHeV47SmV0TzTqZc7hHB0ddqAdDi8Z5k3TKqb7
6sOwYr5TcAfuR6PIPaleyE0/0KrljBum2Isa2Nyq7Dgc3ElBQ6YN4l/a+DpvKaz1
FSKmKrhLNskqokWVSlu4g8OlKlbPXQ9ibII14MZRQrrkTmHYHzfi7GXXM0thAKuR
0HNvyhTHBh4/lrYM3GaMvmWwkwvsMavnOex6+eioZHBOb1/EIZ/LzC6zuHArPpyW
3daGaZ1rtQB1vVzTyERAVVFsXXgBHvfFud3w3ShsJYk8JvMwK2RpJ5/gV0QSARcm
LDRUAlPzAgMBAAECggEBAMc7rDeUaXiWv6bMGbZ3BTXpg1FhdddnWUnYE8HfX/km
OFI7XtBHXcgYFpcjYz4D5787pcsk7ezPidAj58zqenuclmjKnUmT3pfbI5eCA2v4
C9HnbYDrmUPK1ZcADtka4D6ScDccpNYNa1g2TFHzkIrEa6H+q7S3O2fqxY/DRVtN
0JIXalBb8daaqL5QVzSmM2BMVnHy+YITJWIkP2a3pKs9C0W65JGDsnG0wVrHinHF
+cnhFZIbaPEI//DAFMc9NkrWOKVRTEgcCUxCFaHOZVNxDWZD7A2ZfJB2rK6eg//y
gEiFDR2h6mTaDowMB4YF2n2dsIO4/dCG8vPHI20jn4ECgYEA/ZGu6lEMlO0XZnam
AZGtiNgLcCfM/C2ZERZE7QTRPZH1WdK92Al9ndldsswFw4baJrJLCmghjF/iG4zi
hhBvLnOLksnZUfjdumxoHDWXo2QBWbI5QsWIE7AuTiWgWj1I7X4fCXSQf6i+M/y2
6TogQ7d0ANpZFyOkTNMn/tiJvLECgYEA22XqlamG/yfAGWery5KNH2DGlTIyd6xJ
WtJ9j3jU99lZ0bCQ5xhiBbU9ImxCi3zgTsoqLWgA/p00HhNFNoUcTl9ofc0G3zwT
D1y0ZzcnVKxGJdZ6ohW52V0hJStAigtjYAsUgjm7//FH7PiQDBDP1Wa6xSRkDQU/
aSbQxvEE8+MCgYEA3bb8krW7opyM0XL9RHH0oqsFlVO30Oit5lrqebS0oHl3Zsr2
ZGgoBlWBsEzk3UqUhTFwm/DhJLTSJ/TQPRkxnhQ5/mewNhS9C7yua7wQkzVmWN+V
YeUGTvDGDF6qDz12/vJAgSwDDRym8x4NcXD5tTw7mmNRcwIfL22SkysThIECgYAV
BgccoEoXWS/HP2/u6fQr9ZIR6eV8Ij5FPbZacTG3LlS1Cz5XZra95UgebFFUHHtC
EY1JHJY7z8SWvTH8r3Su7eWNaIAoFBGffzqqSVazfm6aYZsOvRY6BfqPHT3p/H1h
Tq6AbBffxrcltgvXnCTORjHPglU0CjSxVs7awW3AEQKBgB5WtaC8VLROM7rkfVIq
+RXqE5vtJfa3e3N7W3RqxKp4zHFAPfr82FK5CX2bppEaxY7SEZVvVInKDc5gKdG/
jWNRBmvvftZhY59PILHO2X5vO4FXh7suEjy6VIh0gsnK36mmRboYIBGsNuDHjXLe
BDa+8mDLkWu5nHEhOxy2JJZl
-----END TESTING KEY-----`

const theirSignature = "BKyAfU4iMCuvXMXS0Wzam3V/cnxZ+JaqigPM5OhljS2iOT95OO6Fsuml2JkFANJU9K6q9bLlDhPXuoVz+pp4hAm6pHU4ld815U4jsKu1RkyaII+1CYBUYC8TK0XtJ8FwUXXz8vZHh58rrAVN1XwNyvD1vfpxrMT4SL536GLwvpUHlCqIMzoZUguLli/K8V29QiOhuH6IEqLNJn8e9b3nwNcQ7be3CzYGpDAKBfDGPCqCv8Rw5zndhlffk2FEA70G4hvMwe51qMN/RAJbknXG23bSlObuTCN7Ndj1aJGH6/L+hdwfLpUtJm4QYVazzW7DFD27EpSQEqA8bX9+8m1rLg=="

func TestSignsAsWeChatsLibrary(t *testing.T) {
	key, err := ParsePrivate([]byte(strings.ReplaceAll(theirKey, "TESTING KEY", "PRIVATE KEY")))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := sign256(key, []byte("source")); err != nil || got != theirSignature {
		t.Errorf("%s, %v", got, err)
	}
	if !holds256(&key.PublicKey, []byte("source"), theirSignature) || holds256(&key.PublicKey, []byte("sourcf"), theirSignature) || holds256(&key.PublicKey, []byte("source"), theirSignature[4:]) {
		t.Error("the signature is judged wrongly")
	}
}

// The example of WeChat Pay's documentation of API v2 (签名算法): fields, sorted and joined, with the key behind them.
func TestJoinsAsWeChatsExample(t *testing.T) {
	text := joined(map[string]string{"appid": "wxd930ea5d5a258f4f", "mch_id": "10000100", "device_info": "1000", "body": "test", "nonce_str": "ibuaiVcKdpRxkhJA", "attach": ""})
	if got := upaySign([]byte(text+"&key="), txn.Secret("192006250b4c09247ec02edce69f6a2d")); strings.ToUpper(got) != "9A0A8659F005D6984697E2CA0A9CF3B7" {
		t.Errorf("%s over %s", got, text)
	}
}

// An answer of Alipay's with its signature, and Alipay's key in bare base64, as github.com/go-pay/gopay keeps them (alipay/sign_test.go).
const (
	alipaysKey       = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAp8gueNlkbiDidz6FBQEBpqoRgH8h7JtsPtYW0nzAqy1MME4mFnDSMfSKlreUomS3a55gmBopL1eF4/Km/dEnaL5tCY9+24SKn1D4iyls+lvz/ZjvUjVwxoUYBh8kkcxMZSDeDz8//o+9qZTrICVP2a4sBB8T0XmU4gxfw8FsmtoomBH1nLk3AO7wgRN2a3+SRSAmxrhIGDmF1lljSlhY32eJpJ2TZQKaWNW+7yDBU/0Wt3kQVY84vr14yYagnSCiIfqyVFqePayRtmVJDr5qvSXr51tdqs2zKZCu+26X7JAF4BSsaq4gmY5DmDTm4TohCnBduI1+bPGD+igVmtl05wIDAQAB"
	alipaysAnswer    = `{"code":"10000","msg":"Success","buyer_logon_id":"854***@qq.com","buyer_pay_amount":"0.01","buyer_user_id":"2088102363632794","fund_bill_list":[{"amount":"0.01","fund_channel":"PCREDIT"}],"gmt_payment":"2019-08-29 20:14:05","invoice_amount":"0.01","out_trade_no":"GZ201901301040361012","point_amount":"0.00","receipt_amount":"0.01","total_amount":"0.01","trade_no":"2019082922001432790585537960"}`
	alipaysSignature = "bk3SzX0CZRI811IJioS2XKQHcgMixUT8mYyGQj+vcOAQas7GIYi6LpykqqSc3m7+yvqoG0TdX/c2JjYnpw/J53JxtC2IC4vsLuIPIgghVo5qafsfSxEJ22w20RZDatI2dYqFVcj8Jp+4aesQ8zMMNw7cX9NLyk7kw3DecYeyQp+zrZMueZPqLh88Z+54G+e6QuSU++0ouqQVd4PkpPqy6YI+8MdMUX4Ve0jOQxMmYH8BC6n5ZsTH/uEaLEtzYVZdSw/xdSQ7K1SH73aEH8XbRYx6rL7RkKksrdvhezX+ThDjQ+fTWjvNFrGcg3fmqXRy2elvoalu+BQmqlkWWjEJYA=="
)

func TestBelievesAnAnswerOfAlipays(t *testing.T) {
	key, serial, err := parsePublic([]byte(alipaysKey))
	if err != nil || serial != "" {
		t.Fatalf("%q, %v", serial, err)
	}
	p := &aliPay{verify: key}
	in := inquiry{question: toPay, number: "GZ201901301040361012", amountMinor: 1}
	body := fmt.Sprintf(`{"alipay_trade_pay_response":%s,"sign":%q}`, alipaysAnswer, alipaysSignature)
	s := p.judge(in, answer{status: http.StatusOK, body: []byte(body)}, time.Now())
	if s.state != paid || s.answer.RRN != "2019082922001432790585537960" || s.answer.HostTime != "0829201405" {
		t.Errorf("%+v", s)
	}
	for name, spoilt := range map[string]string{"sum": strings.Replace(body, `"total_amount":"0.01"`, `"total_amount":"0.02"`, 1), "blank": strings.Replace(body, `"code":"10000"`, `"code": "10000"`, 1)} {
		if s := p.judge(in, answer{status: http.StatusOK, body: []byte(spoilt)}, time.Now()); s.state != unknown || s.why != txn.BadMAC {
			t.Errorf("another %s: %+v", name, s)
		}
	}
	in.amountMinor = 2
	if s := p.judge(in, answer{status: http.StatusOK, body: []byte(body)}, time.Now()); s.state != unknown || s.why != txn.PartialAmount {
		t.Errorf("a sum that was not asked for: %+v", s)
	}
}

func TestSumsAreReadExactly(t *testing.T) {
	for text, want := range map[string]int64{"0.01": 1, "12": 1200, "12.5": 1250, "12.50": 1250, "0.00": 0} {
		if got, ok := yuan(text); !ok || got != want {
			t.Errorf("%q yuan are %d fen, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", ".", "12.", "1.234", "-1.00", "1e2", "1,00", " 1", "99999999999", "1.0.0", "+1"} {
		if got, ok := yuan(text); ok {
			t.Errorf("%q yuan are %d fen", text, got)
		}
	}
	for _, minor := range []int64{0, 1, 99, 100, 12345} {
		if got, ok := yuan(inYuan(minor)); !ok || got != minor {
			t.Errorf("%d fen are written %s, and read %d", minor, inYuan(minor), got)
		}
	}
}

func TestObjectsAreReadStrictly(t *testing.T) {
	for _, text := range []string{``, `[]`, `"a"`, `{"a":1}{}`, `{"a":1,"a":2}`, `{"b":{"a":1,"a":1}}`, `{"a":}`, strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20), `{"a":1} x`, "{\"a\":\"\xff"} {
		if o, err := readObject([]byte(text)); err == nil {
			t.Errorf("%.40q is read as %v", text, o)
		}
	}
	o, err := readObject([]byte(`{"n":12,"t":"x","o":{"t":"y"},"l":[1,{"a":2}],"z":null,"b":true,"N":13}`))
	if err != nil || o.text("n") != "12" || o.text("t") != "x" || o.in("o").text("t") != "y" || o.text("z") != "" || o.text("b") != "" || o.text("l") != "" || o.in("none").text("t") != "" {
		t.Errorf("%v, %v", o, err)
	}
}

// testKey signs what a fuzzer makes up, so that the decoders behind the signature are reached.
var testKey = sync.OnceValue(func() *struct{ *weChat } {
	key, err := ParsePrivate([]byte(strings.ReplaceAll(theirKey, "TESTING KEY", "PRIVATE KEY")))
	if err != nil {
		panic(err)
	}
	return &struct{ *weChat }{&weChat{app: "wx", merchant: "1900000109", key: key, verify: &key.PublicKey, platform: "K"}}
})

const fuzzed = "261129000001ABCDEFGHJKLM"

// believed holds of every answer, whatever it says: money moved only where it names our number and our sum.
func believed(t *testing.T, of provider, a answer, body string) {
	for _, q := range questions {
		in := inquiry{question: q, number: fuzzed, back: fuzzed + "B", amountMinor: 1234, backMinor: 1234}
		s := of.judge(in, a, time.Now())
		switch s.state {
		case paid, givenBack:
			if !strings.Contains(body, fuzzed) {
				t.Fatalf("%s: %s, and it does not name the payment: %q", q, s.state, body)
			}
			if s.state == paid && !strings.Contains(body, "1234") && !strings.Contains(body, "12.34") {
				t.Fatalf("%s: %s, and it does not name the sum: %q", q, s.state, body)
			}
		case "":
			t.Fatalf("%s: no state of %q", q, body)
		}
	}
}

func FuzzWeChatAnswer(f *testing.F) {
	for _, text := range []string{`{"mchid":"1900000109","out_trade_no":"` + fuzzed + `","trade_state":"SUCCESS","amount":{"total":1234,"currency":"CNY"}}`, `{"code":"USERPAYING"}`,
		`{"out_refund_no":"` + fuzzed + `B","out_trade_no":"` + fuzzed + `","status":"SUCCESS","amount":{"refund":1234}}`, `{"recall":"Y"}`, ``} {
		f.Add([]byte(text))
	}
	w := testKey().weChat
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		now := time.Now()
		o, err := readObject(b)
		if err != nil {
			return
		}
		for _, q := range questions {
			in := inquiry{question: q, number: fuzzed, back: fuzzed + "B", amountMinor: 1234, backMinor: 1234}
			for _, s := range []said{w.judgeOrder(in, o), w.judgeRefund(in, o), w.judgeRefusal(in, o)} {
				if (s.state == paid || s.state == givenBack) && (!strings.Contains(string(b), fuzzed) || !strings.Contains(string(b), "1234")) {
					t.Fatalf("%s: %s of %q", q, s.state, b)
				}
			}
		}
		believed(t, w, answer{status: 200, header: http.Header{"Wechatpay-Serial": {"K"}, "Wechatpay-Timestamp": {fmt.Sprint(now.Unix())}, "Wechatpay-Nonce": {"n"}, "Wechatpay-Signature": {string(b)}}, body: b}, "nothing")
	})
}

func FuzzAlipayAnswer(f *testing.F) {
	f.Add([]byte(`{"code":"10000","out_trade_no":"` + fuzzed + `","total_amount":"12.34"}`))
	f.Add([]byte(`{"code":"40004","sub_code":"ACQ.SYSTEM_ERROR"}`))
	f.Add([]byte(`{"code":"10000","out_trade_no":"` + fuzzed + `","out_request_no":"` + fuzzed + `B","refund_status":"REFUND_SUCCESS","refund_amount":"12.34"}`))
	key := testKey().key
	p := &aliPay{verify: &key.PublicKey}
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		believed(t, p, answer{status: 200, body: b}, "nothing")
		if !json.Valid(b) {
			return
		}
		signature, err := sign256(key, b)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range questions {
			body := fmt.Sprintf(`{"%s":%s,"sign":%q}`, strings.ReplaceAll(alipayMethods[q], ".", "_")+"_response", b, signature)
			believed(t, p, answer{status: 200, body: []byte(body)}, body)
		}
	})
}

func FuzzUnionPayAnswer(f *testing.F) {
	f.Add([]byte("orderNo=" + fuzzed + "&reqType=0310000903&respCode=00&txnAmt=1234&currencyCode=156"))
	f.Add([]byte("orderNo=" + fuzzed + "&reqType=0350000903&respCode=00&origRespCode=00&txnAmt=1234"))
	key := testKey().key
	u := &unionPay{key: key, verify: &key.PublicKey, version: unionPaySHA256}
	nasty.Fuzz(f, func(t *testing.T, b []byte) {
		believed(t, u, answer{status: 200, body: b}, "nothing")
		pairs, err := readPairs(string(b))
		if err != nil || pairs["signature"] != "" {
			return
		}
		signature, err := u.sign([]byte(joinedAll(pairs)))
		if err != nil {
			t.Fatal(err)
		}
		body := joinedAll(pairs)
		believed(t, u, answer{status: 200, body: []byte(strings.TrimSpace(string(b)) + "&signature=" + signature)}, body)
	})
}

func FuzzUpayAnswer(f *testing.F) {
	f.Add([]byte(`{"result_code":"200","biz_response":{"result_code":"PAY_SUCCESS","data":{"client_sn":"` + fuzzed + `","order_status":"PAID","total_amount":"1234"}}}`))
	f.Add([]byte(`{"result_code":"200","biz_response":{"result_code":"FAIL","error_code":"UPAY_ORDER_NOT_EXISTS"}}`))
	nasty.Fuzz(f, func(t *testing.T, b []byte) { believed(t, &upay{}, answer{status: 200, body: b}, string(b)) })
}

// answers are genuine ones of each provider that say "paid", signed by testKey: about a number, and a sum in fen.
func answers(number string, minor int64) map[Provider]answer {
	key := testKey().key
	sign := func(text string) string {
		s, err := sign256(key, []byte(text))
		if err != nil {
			panic(err)
		}
		return s
	}
	body := fmt.Sprintf(`{"mchid":"1900000109","out_trade_no":%q,"trade_state":"SUCCESS","amount":{"total":%d,"currency":"CNY"}}`, number, minor)
	moment := fmt.Sprint(time.Now().Unix())
	nonce := fmt.Sprint(number, minor)
	node := fmt.Sprintf(`{"code":"10000","out_trade_no":%q,"total_amount":%q}`, number, inYuan(minor))
	pairs := fmt.Sprintf("orderNo=%s&reqType=0310000903&respCode=00&txnAmt=%d", number, minor)
	u := unionPay{key: key, version: unionPaySHA256}
	unions, err := u.sign([]byte(pairs))
	if err != nil {
		panic(err)
	}
	return map[Provider]answer{
		WeChat: {200, http.Header{"Wechatpay-Serial": {"K"}, "Wechatpay-Timestamp": {moment}, "Wechatpay-Nonce": {nonce}, "Wechatpay-Signature": {sign(moment + "\n" + nonce + "\n" + body + "\n")}}, []byte(body)},
		Alipay: {200, nil, fmt.Appendf(nil, `{"alipay_trade_pay_response":%s,"sign":%q}`, node, sign(node))}, UnionPay: {200, nil, []byte(pairs + "&signature=" + unions)},
		Upay: {200, nil, fmt.Appendf(nil, `{"result_code":"200","biz_response":{"result_code":"PAY_SUCCESS","data":{"client_sn":%q,"order_status":"PAID","total_amount":"%d"}}}`, number, minor)},
	}
}

// An answer that is genuine says nothing where it is about another number or another sum, or where it was heard before.
func TestGenuineAnswersAreOursAlone(t *testing.T) {
	key := testKey().key
	speakers := map[Provider]provider{WeChat: &weChat{merchant: "1900000109", key: key, verify: &key.PublicKey, platform: "K"}, Alipay: &aliPay{verify: &key.PublicKey},
		UnionPay: &unionPay{verify: &key.PublicKey, version: unionPaySHA256}, Upay: &upay{}}
	in := inquiry{question: toPay, number: fuzzed, amountMinor: 1234}
	for p, speaks := range speakers {
		ours := answers(fuzzed, 1234)[p]
		if s := speaks.judge(in, ours, time.Now()); s.state != paid {
			t.Errorf("%s: ours is %+v", p, s)
		}
		if s := speaks.judge(in, ours, time.Now()); (s.state == paid) == (p == WeChat) {
			t.Errorf("%s: heard again it is %+v", p, s)
		}
		for what, other := range map[string]answer{"number": answers("3"+fuzzed[1:], 1234)[p], "sum": answers(fuzzed, 1235)[p]} {
			if s := speaks.judge(in, other, time.Now()); s.state != unknown || what == "sum" && s.why != txn.PartialAmount {
				t.Errorf("%s: about another %s it is %+v", p, what, s)
			}
		}
		spoilt := ours
		spoilt.header = http.Header{"Wechatpay-Serial": {"K"}, "Wechatpay-Timestamp": ours.header["Wechatpay-Timestamp"], "Wechatpay-Nonce": {"another"}}
		spoilt.header.Set("Wechatpay-Signature", theirSignature)
		spoilt.body = []byte(strings.NewReplacer("1234", "1243", "12.34", "12.43").Replace(string(ours.body)))
		if s := speaks.judge(inquiry{question: toPay, number: fuzzed, amountMinor: 1243}, spoilt, time.Now()); p != Upay && s.why != txn.BadMAC {
			t.Errorf("%s: spoilt it is %+v", p, s)
		}
	}
}

func TestEvidenceHoldsNoCode(t *testing.T) {
	code := txn.Secret("6225735053201615202")
	if got := evidence([]byte("a=1&qrNo="+string(code)+"&b=2"), code); got != "a=1&qrNo=*******************&b=2" {
		t.Error(got)
	}
}

// What is sent to UnionPay is what was signed: a field that the shop leaves empty is in neither.
func TestWhatIsSentIsSigned(t *testing.T) {
	key := testKey().key
	u := &unionPay{key: key, verify: &key.PublicKey, merchant: "898110000000001", version: unionPaySHA256}
	m, err := u.message(inquiry{question: toPay, number: fuzzed, amountMinor: 1234, code: txn.Secret("6225735053201615202")}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	values, err := url.ParseQuery(string(m.body))
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{}
	for name := range values {
		fields[name] = values.Get(name)
		if fields[name] == "" {
			t.Errorf("%s is sent empty", name)
		}
	}
	signature := fields["signature"]
	delete(fields, "signature")
	if hash, digest := u.digest([]byte(joinedAll(fields))); !holds(u.verify, hash, digest, signature) {
		t.Error("the signature is not over what is sent")
	}
}

// An undo that Alipay calls done, of a trade that it names in no way, is about one that never was there: only what the question says afterwards, once no code lives, ends it.
func TestAnUndoOfWhatNeverWasSaysSo(t *testing.T) {
	key := testKey().key
	p := &aliPay{verify: &key.PublicKey}
	for node, want := range map[string]state{
		`{"code":"10000","retry_flag":"N"}`:                                                       neverThere,
		`{"code":"10000","retry_flag":"N","out_trade_no":"` + fuzzed + `"}`:                       undone,
		`{"code":"10000","retry_flag":"N","action":"close"}`:                                      unknown,
		`{"code":"10000","retry_flag":"N","trade_no":"2013112011001004330000121536"}`:             unknown,
		`{"code":"10000","retry_flag":"N","out_trade_no":"3` + fuzzed[1:] + `","action":"close"}`: unknown,
	} {
		signature, err := sign256(key, []byte(node))
		if err != nil {
			t.Fatal(err)
		}
		body := fmt.Sprintf(`{"alipay_trade_cancel_response":%s,"sign":%q}`, node, signature)
		if s := p.judge(inquiry{question: toUndo, number: fuzzed, amountMinor: 1234}, answer{status: 200, body: []byte(body)}, time.Now()); s.state != want {
			t.Errorf("%s is %s, want %s", node, s.state, want)
		}
	}
}
