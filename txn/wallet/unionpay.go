package wallet

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/txn"
)

// unionPay speaks UnionPay's QR messages in which the shop scans the customer (银联二维码被扫). Sources: the classes of UnionPay's acpsdk and
// of gateways that are published: reqType 0310000903 pays, 0350000903 asks about that, 0320000903 reverses, 0340000903 gives back. The signature
// is RSA over the hex digest of the sorted fields: SHA-1 in version 1.0.0, SHA-256 in version 5.1.0.
type unionPay struct {
	acquirer, merchant, terminal string
	category, name               string // merCatCode and merName
	serial                       string // certId, decimal
	key                          *rsa.PrivateKey
	verify                       *rsa.PublicKey
	path                         string
	version                      string
}

// unionPayURL and unionPayPath are where UnionPay's gateway for QR codes answers.
const (
	unionPayURL  = "https://qrcode.95516.com"
	unionPayPath = "/qrcGtwWeb-web/api/qrcode/b2c"
)

// The versions of the messages, by which their signatures go.
const (
	unionPaySHA1   = "1.0.0"
	unionPaySHA256 = "5.1.0"
)

var unionPayTypes = map[question]string{toPay: "0310000903", toAsk: "0350000903", toUndo: "0320000903", toGiveBack: "0340000903", toAskGivenBack: "0350000903"}

// unionPayNotPaid are the response codes of a payment that was refused. Not among them: 03 to 06 (ask), 12 (the number came twice: ask), 37 (asked
// too often), 42 (taken, but late), and whatever is on no list.
var unionPayNotPaid = []string{"01", "10", "11", "13", "30", "31", "32", "33", "38", "39", "40", "60", "61", "62", "63", "64", "65", "66", "67", "68", "69",
	"71", "72", "73", "74", "77", "78", "79", "80", "81"}

// unionPayNever says that there is no such order.
const unionPayNever = "34"

// unionPayPaying are codes of an order that is accepted, and whose customer may be asked for a password.
var unionPayPaying = []string{"04", "05"}

// unionPayRefuses are codes of a reversal, or of giving back, that no repeat changes: no right to it, another order than the one that was
// paid, held back for its risk.
var unionPayRefuses = []string{"32", "36", "38"}

// unionPayMoments is orderTime, by Beijing's clock.
const unionPayMoments = "20060102150405"

func (u *unionPay) message(in inquiry, _ time.Time) (message, error) {
	fields := map[string]string{"version": u.version, "reqType": unionPayTypes[in.question], "acqCode": u.acquirer, "merId": u.merchant, "termId": u.terminal,
		"orderNo": in.number, "orderTime": in.opened.In(beijing).Format(unionPayMoments), "certId": u.serial}
	if u.version == unionPaySHA256 {
		fields["signMethod"], fields["encoding"] = "01", "UTF-8"
	}
	switch in.question {
	case toPay:
		fields["qrNo"], fields["currencyCode"], fields["txnAmt"] = placeholder, "156", strconv.FormatInt(in.amountMinor, 10)
		fields["merCatCode"], fields["merName"] = u.category, u.name
	case toGiveBack:
		fields["origOrderNo"], fields["origOrderTime"] = fields["orderNo"], fields["orderTime"]
		fields["currencyCode"], fields["txnAmt"] = "156", strconv.FormatInt(in.backMinor, 10)
		fallthrough
	case toAskGivenBack:
		fields["orderNo"], fields["orderTime"] = in.back, in.backOpened.In(beijing).Format(unionPayMoments)
	}
	kept := in.keptPairs(fields)
	text := fill([]byte(joined(fields)), in.code)
	defer clear(text)
	var err error
	if fields["signature"], err = u.sign(text); err != nil {
		return message{}, err
	}
	return message{method: http.MethodPost, path: u.path, header: formHeader(), body: fill([]byte(form(fields)), in.code), kept: kept}, nil
}

// digest is the hash of the hex digest of a text, and which hash.
func (u *unionPay) digest(text []byte) (crypto.Hash, []byte) {
	if u.version == unionPaySHA256 {
		first := sha256.Sum256(text)
		second := sha256.Sum256([]byte(hex.EncodeToString(first[:])))
		return crypto.SHA256, second[:]
	}
	first := sha1.Sum(text)
	second := sha1.Sum([]byte(hex.EncodeToString(first[:])))
	return crypto.SHA1, second[:]
}

func (u *unionPay) sign(text []byte) (string, error) {
	hash, digest := u.digest(text)
	return signed(u.key, hash, digest)
}

func (u *unionPay) judge(in inquiry, a answer, _ time.Time) said {
	if a.status != http.StatusOK {
		return doubt(txn.WrongAnswer, fmt.Sprintf("HTTP %d", a.status))
	}
	o, err := readPairs(string(a.body))
	if err != nil {
		return doubt(txn.Unreadable, err.Error())
	}
	signature := o["signature"]
	delete(o, "signature")
	if hash, digest := u.digest([]byte(joinedAll(o))); !holds(u.verify, hash, digest, signature) {
		return doubt(txn.BadMAC, fmt.Sprintf("its signature does not hold; it says %.8q", o["respCode"]))
	}
	number := in.number
	if in.question == toGiveBack || in.question == toAskGivenBack {
		number = in.back
	}
	//mutant:own-number-alone/unionpay
	if o["orderNo"] != number || o["reqType"] != unionPayTypes[in.question] {
		return doubt(txn.WrongAnswer, "it is about another order")
	}
	if of := o["origOrderNo"]; in.question == toGiveBack && of != "" && of != in.number {
		return doubt(txn.WrongAnswer, "it gives another order back")
	}
	code := o["respCode"]
	s := said{state: unknown, why: txn.CodeUnknown, code: code, detail: "it says " + code,
		answer: txn.Answer{ResponseCode: code, RRN: o["voucherNum"], HostTime: hostTime(unionPayMoments, o["payTime"]), Words: o["respMsg"]}}
	return u.judgeCode(in, s, o)
}

func (u *unionPay) judgeCode(in inquiry, s said, o map[string]string) said {
	code := s.code
	asks := in.question == toAsk || in.question == toAskGivenBack
	switch {
	case asks && code == unionPayNever:
		s.state = neverThere
		return s
	case asks && code == "00": // the question was answered; what became of the order stands beside it
		code = o["origRespCode"]
		s.code, s.answer.ResponseCode, s.answer.Words = code, code, o["origRespMsg"]
	case asks:
		return s
	}
	switch in.question {
	case toPay, toAsk:
		switch {
		case code == "00":
			s.state = paid
			return s.ifSum(in.amountMinor, o["txnAmt"], o["currencyCode"], fen)
		case slices.Contains(unionPayPaying, code):
			s.state = paying
		case slices.Contains(unionPayNotPaid, code):
			s.state = notPaid
		}
		return s.unlessSum(in.amountMinor, o["txnAmt"], fen)
	case toUndo:
		s.state = byCode(code, undone)
	default:
		if code == "00" {
			s.state = givenBack
			return s.ifSum(in.backMinor, o["txnAmt"], o["currencyCode"], fen)
		}
		s.state = byCode(code, givenBack)
		return s.unlessSum(in.backMinor, o["txnAmt"], fen)
	}
	return s
}

// byCode is the state of an undo or of giving back: done, refused, never there, or not known.
func byCode(code string, done state) state {
	switch {
	case code == "00":
		return done
	case code == unionPayNever:
		return neverThere
	case slices.Contains(unionPayRefuses, code):
		return refused
	}
	return unknown
}

// joinedAll is joined with the empty values in their places: what UnionPay signs is what it sends.
func joinedAll(fields map[string]string) string {
	var pairs []string
	for name, value := range fields {
		pairs = append(pairs, name+"="+value)
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// readPairs reads name=value&name=value. UnionPay writes values as they are, or escaped as in a form; a name that comes twice
// makes it unreadable.
func readPairs(text string) (map[string]string, error) {
	pairs := map[string]string{}
	for pair := range strings.SplitSeq(strings.TrimSpace(text), "&") {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("%.24q is no name=value", name)
		}
		if _, twice := pairs[name]; twice {
			return nil, fmt.Errorf("it says %.24q twice", name)
		}
		if strings.Contains(value, "%") {
			plain, err := url.QueryUnescape(value)
			if err != nil {
				return nil, fmt.Errorf("the value of %.24q can't be read", name)
			}
			value = plain
		}
		pairs[name] = value
	}
	return pairs, nil
}
