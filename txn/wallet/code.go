package wallet

import (
	"bytes"

	"veratill/txn"
	"veratill/txn/sale"
)

// takes are whose payment codes a provider takes; the aggregator takes all of them.
var takes = map[Provider]sale.PaymentCode{WeChat: sale.WeChat, Alipay: sale.Alipay, UnionPay: sale.UnionPay}

// placeholder stands for the code while a message is composed, so that no text of Go's ever holds it: texts can't be wiped.
const placeholder = "PAYMENTCODEPAYMENTCODE"

// fill puts the code in the place of its placeholder.
func fill(text []byte, code txn.Secret) []byte {
	filled := bytes.ReplaceAll(text, []byte(placeholder), code)
	clear(text)
	return filled
}
