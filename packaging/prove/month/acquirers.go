package month

import (
	"strings"
	"time"
)

var allinpayColumns = strings.Split("商户号,门店名称,终端号,交易时间,交易类型,交易批次号,凭证号,参考号,卡号,卡类别,发卡行机构代码,发卡行名称,交易金额,手续费,交易日期,交易单号,订单号,商户备注,对接应用号,原始金额,结算金额,"+
	"产品类型,分期贴息,交易完成时间,持卡人姓名,持卡人身份证,分期数,优惠金额,实付金额,原交易单,渠道交易类型,出金方账户名称,门店编号,交易完成日期", ",")

// allinpayFile has amounts below zero where money goes back.
func allinpayFile(_ *planter, _ int, rows []row) []byte {
	lines := [][]string{allinpayColumns}
	for _, r := range rows {
		word, minor, batch, stan := map[kind]string{paid: "消费", back: "退货", revoked: "消费冲正", voided: "消费撤销"}[r.kind], r.amountMinor, pad(r.batch, 6), pad(r.stan, 6)
		if r.gives() {
			minor = -minor
		}
		if r.stan == 0 {
			batch, stan = "", ""
		}
		made, date := r.at.Format(clock), r.at.Format(time.DateOnly)
		lines = append(lines, []string{r.merchant, "样例店", r.terminal, made, word, batch, stan, r.number, r.masked, "借记卡", "03080000", "样例银行", figure(minor), figure(r.feeMinor), date, r.slip, "", "", "",
			figure(minor), figure(minor - r.feeMinor), "银行卡", "0.00", made, "", "", "", "0.00", figure(minor), r.originSlip, word, "", "SH001", date})
	}
	return commaSeparated(lines, "\ufeff", true)
}

var adyenColumns = strings.Split("Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),"+
	"Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number,Auth Code", ",")

// adyenFile says its moments in UTC, and ends with what was paid out.
func adyenFile(p *planter, day int, rows []row) []byte {
	lines := [][]string{adyenColumns}
	batch := pad(int64(400+day), 0)
	var payoutMinor int64
	for _, r := range rows {
		word := map[kind]string{paid: "Settled", back: "Refunded", returned: "RefundedReversed"}[r.kind]
		psp, modification, minor := r.number, p.drawn("BCDFGHJKLMNPQRSTVWXZ", 16), r.amountMinor
		if r.kind != paid {
			psp, modification = r.origin, r.number
		}
		if r.gives() {
			minor = -minor
		}
		markup, scheme := figure(r.feeMinor/3), figure(r.feeMinor-r.feeMinor/3)
		if r.feeMinor == 0 {
			markup, scheme = "", ""
		}
		net := minor - r.feeMinor
		payoutMinor += net
		debit, credit := sides(minor)
		netDebit, netCredit := sides(net)
		lines = append(lines, []string{"VeratillCo", r.merchant, psp, r.order, "visa", r.at.UTC().Format(clock), "UTC", word, modification, r.currency, debit, credit, "1", r.currency, netDebit, netCredit,
			"", markup, scheme, "", batch, r.code})
	}
	debit, credit := sides(-payoutMinor)
	lines = append(lines, []string{"VeratillCo", formatOf(adyen).ours.Merchant, "", "", "", midnight(day + 1).Add(-time.Second).UTC().Format(clock), "UTC", "MerchantPayout", "TX" + batch, "EUR", "", "", "", "EUR", debit, credit,
		"", "", "", "", batch, ""})
	return commaSeparated(lines, "", false)
}

// sides are debit and credit.
func sides(minor int64) (debit, credit string) {
	if minor < 0 {
		return figure(-minor), ""
	}
	return "", figure(minor)
}

var stripeColumns = strings.Split("automatic_payout_id,balance_transaction_id,created,available_on,currency,gross,fee,net,reporting_category,source_id,description,customer_facing_amount,customer_facing_currency,"+
	"payment_intent_id,charge_id,card_brand", ",")

// stripeFile ends with what was paid out, too.
func stripeFile(p *planter, day int, rows []row) []byte {
	const mixed = "abcdefghkmnprstuvwxyzABCDEFGHKMNPRSTUVWXYZ"
	lines := [][]string{stripeColumns}
	payout := "po_3Q" + p.drawn(mixed, 20)
	available := midnight(day + 3).Format(clock)
	var payoutMinor int64
	for _, r := range rows {
		word := map[kind]string{paid: "charge", back: "refund", bounced: "charge_failure", returned: "refund_failure"}[r.kind]
		charge, minor := r.number, r.amountMinor
		if r.origin != "" {
			charge = r.origin
		}
		if r.gives() {
			minor = -minor
		}
		payoutMinor += minor - r.feeMinor
		currency := strings.ToLower(r.currency)
		lines = append(lines, []string{payout, "txn_3Q" + p.drawn(mixed, 20), r.at.Format(clock), available, currency, figure(minor), figure(r.feeMinor), figure(minor - r.feeMinor), word, r.number, "",
			figure(minor), currency, "pi_" + strings.TrimPrefix(charge, "ch_"), charge, "visa"})
	}
	lines = append(lines, []string{payout, "txn_3Q" + p.drawn(mixed, 20), midnight(day + 1).Add(-time.Second).Format(clock), available, "gbp", figure(-payoutMinor), "0.00", figure(-payoutMinor), "payout", payout, "STRIPE PAYOUT",
		"", "", "", "", ""})
	return commaSeparated(lines, "", false)
}

var squareColumns = strings.Split("Date,Time,Time Zone,Gross Sales,Discounts,Service Charges,Net Sales,Gift Card Sales,Tax,Tip,Partial Refunds,Total Collected,Source,Card,Card Entry Methods,Cash,Square Gift Card,Other Tender,"+
	"Other Tender Type,Tender Note,Fees,Net Total,Transaction ID,Payment ID,Card Brand,PAN Suffix,Device Name,Staff Name,Details,Description,Event Type,Location,Transaction Status", ",")

// squareFile says amounts below zero with a minus on odd days, and in brackets on even ones.
func squareFile(_ *planter, day int, rows []row) []byte {
	dollars := func(minor int64) string {
		switch {
		case minor >= 0:
			return "$" + grouped(minor)
		case day%2 == 0:
			return "($" + grouped(-minor) + ")"
		}
		return "-$" + grouped(-minor)
	}
	lines := [][]string{squareColumns}
	for _, r := range rows {
		word, minor, sale := "Payment", r.amountMinor, r.number
		if r.origin != "" {
			sale = r.origin
		}
		if r.gives() {
			word, minor = "Refund", -minor
		}
		sum := dollars(minor)
		lines = append(lines, []string{r.at.Format(time.DateOnly), r.at.Format(time.TimeOnly), "Beijing", sum, "$0.00", "$0.00", sum, "$0.00", "$0.00", "$0.00", "$0.00", sum, "Point of Sale", sum, "Tap", "$0.00", "$0.00", "$0.00",
			"", "", dollars(-r.feeMinor), dollars(minor - r.feeMinor), "t" + sale, r.number, "Visa", r.lastFour(), r.terminal, "", "", "1 x Coffee", word, "Veratill Sample", "Complete"})
	}
	return commaSeparated(lines, "\ufeff", true)
}
