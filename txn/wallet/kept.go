package wallet

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"veratill/txn/messages"
)

// harmless are the fields of requests and answers that name no card, person, code or key, by the last part of their names: the till's and the provider's numbers of a payment, sums, states,
// moments, and who the shop is.
var harmless = []string{
	"out_trade_no", "out_refund_no", "out_request_no", "transaction_id", "refund_id", "trade_no", "trade_state", "trade_status", "trade_type", "refund_status", "refund", "status", "code", "sub_code",
	"recall", "retry_flag", "action", "fund_change", "total", "payer_total", "total_amount", "receipt_amount", "buyer_pay_amount", "refund_amount", "refund_fee", "currency", "success_time",
	"create_time", "gmt_payment", "send_pay_date", "timestamp", "mchid", "sp_mchid", "sub_mchid", "appid", "sp_appid", "app_id", "method", "format", "charset", "sign_type", "version", "scene",
	"timeout_express", "store_id", "terminal_id", "out_id",
	"reqType", "acqCode", "merId", "termId", "orderNo", "orderTime", "origOrderNo", "origOrderTime", "respCode", "origRespCode", "txnAmt", "txnTime", "payTime", "currencyCode", "voucherNum", "settleDate",
	"merCatCode", "signMethod", "encoding",
	"result_code", "error_code", "terminal_sn", "client_sn", "sn", "order_status", "net_amount", "payway", "finish_time", "channel_finish_time", "refund_request_no",
}

// moments are those of harmless whose 14 digits are a moment.
var moments = []string{"orderTime", "origOrderTime", "txnTime", "payTime"}

// mostValue bounds a value that is kept, and mostFields how many fields are, of one message.
const (
	mostValue  = 64
	mostFields = 96
)

// field is a value as it may be kept. Whatever may be a card number or a payment code in it is hidden, but in the till's own numbers.
func (in inquiry) field(name, value string) messages.Field {
	last := name[strings.LastIndexByte(name, '.')+1:]
	f := messages.Field{Name: messages.Name(name)}
	//mutant:a-provider-s-field-is-kept-by-a-list
	if !slices.Contains(harmless, last) || len(value) > mostValue || !printable(value) {
		if f.Length = utf8.RuneCountInString(value); value == placeholder {
			f.Length = len(in.code)
		}
		return f
	}
	if f.Value = value; value != in.number && value != in.back && !(slices.Contains(moments, last) && isMoment(value)) {
		f.Value = messages.Hidden(value)
	}
	return f
}

func printable(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}

func isMoment(text string) bool {
	at, err := time.Parse(unionPayMoments, text)
	return err == nil && at.Year() >= 2020 && at.Year() < 2100
}

// fieldsOf are the members of an object, with the names of those that they lie in before their own.
func (in inquiry) fieldsOf(before string, o object) (all []messages.Field) {
	for _, name := range slices.Sorted(maps.Keys(o)) {
		whole := before + name
		switch v := o[name].(type) {
		case object:
			all = append(all, in.fieldsOf(whole+".", v)...)
		case nil:
			all = append(all, messages.Field{Name: messages.Name(whole)})
		default:
			all = append(all, in.field(whole, fmt.Sprint(v)))
		}
	}
	return all[:min(len(all), mostFields)]
}

// keptJSON are the fields of a JSON object as they may be kept; what is none has its length alone.
func (in inquiry) keptJSON(text []byte) []messages.Field {
	o, err := readObject(text)
	if err != nil {
		return []messages.Field{{Name: "body", Length: len(text)}}
	}
	return in.fieldsOf("", o)
}

// keptPairs are the fields of name=value.
func (in inquiry) keptPairs(pairs map[string]string) (all []messages.Field) {
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		all = append(all, in.field(name, pairs[name]))
	}
	return all[:min(len(all), mostFields)]
}

// keptAnswer are the fields of an answer.
func (in inquiry) keptAnswer(a answer) []messages.Field {
	status := messages.Field{Name: "HTTP", Value: fmt.Sprint(a.status)}
	if len(a.body) == 0 {
		return []messages.Field{status}
	}
	if a.body[0] != '{' {
		if pairs, err := readPairs(string(a.body)); err == nil {
			return append([]messages.Field{status}, in.keptPairs(pairs)...)
		}
	}
	return append([]messages.Field{status}, in.keptJSON(a.body)...)
}

// tell tells what was asked or answered, as it may be kept.
func (l *Line) tell(in inquiry, way messages.Way, verdict string, fields []messages.Field) {
	if l.cfg.Messages != nil && in.about != 0 {
		l.cfg.Messages(messages.Message{Attempt: in.about, AtMs: l.cfg.Now().UnixMilli(), Line: l.Name(), Way: way, Kind: string(in.question), Verdict: verdict, Fields: fields})
	}
}
