package wallet

import (
	"net/http"
	"testing"
	"time"
)

// The aggregator's answers are unsigned, and each of them is believed only as far as it agrees with itself and with what was asked for.
func TestAggregatorsAnswersAgree(t *testing.T) {
	u := &upay{terminal: "T1", key: &terminalKey{}}
	pay := inquiry{question: toPay, number: "N1", amountMinor: 5000}
	ask, undo := pay, pay
	ask.question, undo.question = toAsk, toUndo
	back := inquiry{question: toGiveBack, number: "N1", amountMinor: 5000, back: "B1", backMinor: 1000}
	asked, whole := back, back
	asked.question, whole.backMinor = toAskGivenBack, 5000
	for _, c := range []struct {
		in   inquiry
		word string // with what follows it
		data string
		want state
	}{
		{pay, `PAY_SUCCESS`, `"order_status":"PAID","total_amount":"5000"`, paid},
		{pay, `PAY_SUCCESS`, `"order_status":"PAID","total_amount":"4999"`, unknown},
		{pay, `PAY_SUCCESS`, `"order_status":"CANCELED","total_amount":"5000"`, unknown},
		{pay, `PAY_SUCCESS`, `"total_amount":"5000"`, unknown},
		{pay, `PAY_FAIL","error_code":"X`, `"order_status":"PAY_CANCELED","total_amount":"5000"`, notPaid},
		{pay, `PAY_FAIL","error_code":"X`, `"order_status":"PAID","total_amount":"5000"`, unknown},
		{pay, `PAY_IN_PROGRESS`, `"order_status":"CREATED"`, paying},
		{pay, `PAY_IN_PROGRESS`, `"order_status":"PAID","total_amount":"5000"`, unknown},
		{pay, `REFUND_SUCCESS`, `"order_status":"PAID","total_amount":"5000"`, unknown},
		{pay, `FAIL","error_code":"INVALID_BARCODE`, `"order_status":"PAY_CANCELED"`, notPaid},
		{pay, `FAIL","error_code":"INVALID_BARCODE`, `"order_status":"PAID"`, unknown},
		{ask, `FAIL","error_code":"UPAY_ORDER_NOT_EXISTS`, ``, neverThere},
		{ask, `FAIL","error_code":"UPAY_ORDER_NOT_EXISTS`, `"order_status":"PAID"`, unknown},
		{ask, `SUCCESS`, `"order_status":"PAY_CANCELED","total_amount":"5000"`, notPaid},
		{ask, `SUCCESS`, `"order_status":"PAY_CANCELED","total_amount":"4999"`, unknown},
		{ask, `SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000"`, goingBack},
		{ask, `SUCCESS`, `"order_status":"REFUND_INPROGRESS"`, goingBack},
		{undo, `CANCEL_SUCCESS`, `"order_status":"CANCELED"`, undone},
		{back, `REFUND_SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"4000"`, givenBack},
		{back, `REFUND_SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"3000","refund_request_no":"B1"`, givenBack},
		{back, `REFUND_SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"4999","refund_amount":"1","refund_request_no":"OTHER"`, unknown},
		{back, `REFUND_SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"4000","refund_request_no":"OTHER"`, unknown},
		{back, `REFUND_SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"4999"`, unknown},
		{back, `REFUND_SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"4000","refund_amount":"1"`, unknown},
		{back, `REFUND_SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"0"`, unknown},
		{back, `REFUND_SUCCESS`, `"order_status":"REFUNDED","total_amount":"5000","net_amount":"1"`, unknown},
		{back, `REFUND_SUCCESS`, `"order_status":"REFUNDED","total_amount":"5001","net_amount":"0"`, unknown},
		{back, `REFUND_SUCCESS`, `"order_status":"PAID","total_amount":"5000"`, unknown},
		{whole, `REFUND_SUCCESS`, `"order_status":"REFUNDED","total_amount":"5000","net_amount":"0"`, givenBack},
		{whole, `REFUND_SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000"`, unknown},
		{asked, `SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"4000","refund_request_no":"B1"`, givenBack},
		{asked, `SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"4000"`, unknown},
		{asked, `SUCCESS`, `"order_status":"PAID","total_amount":"5000"`, neverThere},
		{asked, `SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"4000","refund_request_no":"B0"`, neverThere},
		{asked, `SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","net_amount":"999","refund_request_no":"B0"`, unknown},
		{asked, `SUCCESS`, `"order_status":"PARTIAL_REFUNDED","total_amount":"5000","refund_request_no":"B0"`, unknown},
		{asked, `SUCCESS`, `"order_status":"REFUND_ERROR","total_amount":"5000"`, unknown},
	} {
		data := ""
		if c.data != "" {
			data = `,"data":{"client_sn":"N1",` + c.data + `}`
		}
		body := `{"result_code":"200","biz_response":{"result_code":"` + c.word + `"` + data + `}}`
		if s := u.judge(c.in, answer{status: http.StatusOK, body: []byte(body)}, time.Time{}); s.state != c.want {
			t.Errorf("%s, asked to %s: %s, want %s", body, c.in.question, s.state, c.want)
		}
	}
}
