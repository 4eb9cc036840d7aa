package clearing

import (
	"slices"
	"strings"
	"time"

	"veratill/txn/money"
)

// Column is what a column means to the till.
type Column string

// The columns. A person's own mapping names them by these words.
const (
	atColumn          Column = "time"
	dateColumn        Column = "date"
	clockColumn       Column = "clock"
	zoneColumn        Column = "zone"
	kindColumn        Column = "kind"
	stateColumn       Column = "state"
	orderColumn       Column = "order"
	refundOrderColumn Column = "refund"
	providerColumn    Column = "number"
	providerBack      Column = "refund number"
	rrnColumn         Column = "rrn"
	terminalColumn    Column = "terminal"
	batchColumn       Column = "batch"
	stanColumn        Column = "stan"
	cardColumn        Column = "card"
	merchantColumn    Column = "merchant"
	amountColumn      Column = "amount"
	paidColumn        Column = "face"   // what the shop asked for, where coupons make the amount smaller
	backColumn        Column = "back"   // what went back, in a column of its own
	creditColumn      Column = "credit" // adyen
	debitColumn       Column = "debit"
	currencyColumn    Column = "currency"
	feeColumn         Column = "fee"
	arrivesColumn     Column = "arrives"
	cashColumn        Column = "cash"
	codeColumn        Column = "code"         // approval code
	receiptColumn     Column = "receipt"      // a card terminal's own number of a payment
	settledColumn     Column = "settled"      // what the shop gets of a payment, before fees
	settledBack       Column = "settled back" // what it pays of a refund
	netColumn         Column = "net"
	netCreditColumn   Column = "net credit"
	netDebitColumn    Column = "net debit"
	netMoneyColumn    Column = "net currency"
	datesColumn       Column = "dates" // no column: a person says whether day or month comes first
)

// Columns lists those that a person may name in a mapping.
var Columns = []Column{atColumn, dateColumn, clockColumn, kindColumn, stateColumn, orderColumn, refundOrderColumn, providerColumn, rrnColumn, terminalColumn, batchColumn, stanColumn, cardColumn, codeColumn, receiptColumn, amountColumn, currencyColumn, feeColumn, datesColumn}

// The closed set of what a person says of dates in place of a column's name.
const (
	dayFirst   = "dmy"
	monthFirst = "mdy"
)

// Named reports whether a person may give a column this name.
func (c Column) Named(name string) bool {
	return name != "" && slices.Contains(Columns, c) && (c != datesColumn || name == dayFirst || name == monthFirst)
}

// layout is a format as data.
type layout struct {
	format   Format
	names    map[Column][]string // tidy
	needed   []Column
	either   [][]Column        // of each list one is needed besides
	feesAdd  bool              // all columns of fees that are there add up; else the first one counts
	commas   bool              // its figures may have a comma before the cents
	kinds    map[string]Kind   // by the word in the column of kinds
	undone   []string          // words of kinds that revoke a whole payment
	failing  []string          // words in the column of states that say that nothing moved
	waiting  []string          // words there that say that it is under way
	outs     []string          // words of kinds that pay out, or carry over, what other rows brought
	sums     map[string]string // the file's own sums, by their heading: the column that they are of; "" is the number of rows
	ends     string            // begins the line that ends the file
	comment  string            // begins lines that are no rows
	foot     map[string]Kind   // words of comments behind the rows that count and sum the rows of a kind: the first two figures behind them
	footed   string            // the heading of what they sum, tidy
	turns    bool              // its fees are written without a sign, or with the amount's: what went back brings some back
	gains    bool              // its fees are what the shop gets: what it pays is below zero
	signed   bool              // a row without a kind is a refund where its amount is below zero
	currency money.Currency    // "" is the shop's
	zone     *time.Location    // nil is the shop's
	mapped   map[Column]string // the names that a person gives
}

// china is the clock of Chinese providers, who write no zone.
var china = time.FixedZone("CST", 8*60*60)

// layouts are all formats, the most particular first.
//
// Sources: WeChat Pay: pay.weixin.qq.com, 下载交易账单 (fields of the all bill, new and old form). Alipay, Adyen, Stripe, Square: public clients and fixtures.
// allinpay: its merchant platform's column list.
var layouts = []layout{
	{
		format: weChat, currency: "CNY", zone: china,
		names: map[Column][]string{
			atColumn: {"交易时间"}, merchantColumn: {"商户号"}, terminalColumn: {"设备号"}, providerColumn: {"微信订单号"}, orderColumn: {"商户订单号"},
			kindColumn: {"交易状态"}, currencyColumn: {"货币种类"}, amountColumn: {"应结订单金额", "总金额"}, paidColumn: {"订单金额"},
			providerBack: {"微信退款单号"}, refundOrderColumn: {"商户退款单号"}, backColumn: {"申请退款金额", "退款金额"}, stateColumn: {"退款状态"}, feeColumn: {"手续费"},
			settledColumn: {"应结订单金额", "总金额"}, settledBack: {"退款金额"},
		},
		needed:  []Column{atColumn, providerColumn, orderColumn, kindColumn, amountColumn, feeColumn},
		kinds:   map[string]Kind{"success": payment, "refund": refund, "revoked": refund},
		undone:  []string{"revoked"},
		failing: []string{"fail", "change", "closed"}, waiting: []string{"processing"},
		sums: map[string]string{"总交易单数": "", "应结订单总金额": "应结订单金额", "总交易额": "总金额", "退款总金额": "退款金额", "总退款金额": "退款金额", "充值券退款总金额": "充值券退款金额",
			"总代金券或立减优惠退款金额": "代金券或立减优惠退款金额", "总企业红包退款金额": "企业红包退款金额", "手续费总金额": "手续费", "订单总金额": "订单金额", "申请退款总金额": "申请退款金额"},
	},
	{
		format: alipay, currency: "CNY", zone: china, comment: "#", ends: "业务明细列表结束", foot: map[string]Kind{"交易合计": payment, "退款合计": refund}, footed: "商家实收元", gains: true,
		names: map[Column][]string{
			providerColumn: {"支付宝交易号"}, orderColumn: {"商户订单号"}, kindColumn: {"业务类型"}, atColumn: {"完成时间"}, dateColumn: {"创建时间"}, terminalColumn: {"终端号"},
			amountColumn: {"订单金额", "订单金额元"}, refundOrderColumn: {"退款批次号/请求号", "退款批次号"}, feeColumn: {"服务费", "服务费元"},
			settledColumn: {"商家实收", "商家实收元"}, settledBack: {"商家实收", "商家实收元"},
		},
		needed: []Column{providerColumn, orderColumn, kindColumn, amountColumn, feeColumn}, either: [][]Column{{atColumn, dateColumn}},
		kinds: map[string]Kind{"交易": payment, "退款": refund, "交易退款": refund, "撤销": refund}, undone: []string{"撤销"},
	},
	{
		format: ByCard, currency: "CNY", zone: china,
		names: map[Column][]string{
			merchantColumn: {"商户号"}, terminalColumn: {"终端号"}, atColumn: {"交易时间"}, kindColumn: {"交易类型"}, batchColumn: {"交易批次号", "批次号"}, stanColumn: {"凭证号", "流水号"},
			rrnColumn: {"参考号", "检索参考号"}, cardColumn: {"卡号"}, amountColumn: {"交易金额"}, feeColumn: {"手续费"}, dateColumn: {"交易日期"}, providerColumn: {"交易单号"}, orderColumn: {"订单号"},
			stateColumn: {"交易状态", "状态", "交易结果"}, codeColumn: {"授权码", "授权号"},
		},
		needed: []Column{terminalColumn, kindColumn, rrnColumn, amountColumn, feeColumn}, either: [][]Column{{atColumn, dateColumn}},
		kinds: map[string]Kind{"消费": payment, "刷卡消费": payment, "pos消费": payment, "扫码消费": payment, "预授权完成": payment, "退货": refund, "退款": refund, "消费退货": refund,
			"撤销": refund, "消费撤销": refund, "刷卡消费撤销": refund, "冲正": refund, "消费冲正": refund},
		undone: []string{"冲正", "消费冲正", "撤销", "消费撤销", "刷卡消费撤销"}, failing: []string{"失败", "拒绝", "交易失败", "清算失败", "fail", "failed"}, signed: true, turns: true,
	},
	{
		format: adyen, feesAdd: true,
		names: map[Column][]string{
			merchantColumn: {"merchantaccount"}, providerColumn: {"pspreference"}, orderColumn: {"merchantreference"}, atColumn: {"creationdate"}, zoneColumn: {"timezone"}, kindColumn: {"type"},
			refundOrderColumn: {"modificationmerchantreference"}, providerBack: {"modificationreference"}, currencyColumn: {"grosscurrency"}, debitColumn: {"grossdebitgc"}, creditColumn: {"grosscreditgc"},
			feeColumn: {"commissionnc", "markupnc", "schemefeesnc", "interchangenc"}, arrivesColumn: {"payoutdate", "settlementdate"}, terminalColumn: {"uniqueterminalid", "terminalid"},
			cardColumn: {"cardnumbersuffix", "cardsummary"}, codeColumn: {"authcode"}, netCreditColumn: {"netcreditnc"}, netDebitColumn: {"netdebitnc"}, netMoneyColumn: {"netcurrency"},
		},
		needed: []Column{providerColumn, orderColumn, atColumn, kindColumn, creditColumn, debitColumn},
		kinds: map[string]Kind{"settled": payment, "refunded": refund, "settledexternallywithinfo": payment, "cancelled": refund,
			"refused": failed, "error": failed, "refundfailed": failed, "refundedreversed": failed, "settledreversed": refund},
		undone: []string{"cancelled", "settledreversed"}, outs: []string{"merchantpayout", "merchantpayin", "balancetransfer"},
	},
	{
		format: stripe,
		names: map[Column][]string{
			atColumn: {"createdutc", "created"}, kindColumn: {"reportingcategory"}, currencyColumn: {"currency"}, amountColumn: {"gross"}, feeColumn: {"fee"}, arrivesColumn: {"availableonutc", "availableon"},
			providerColumn: {"chargeid", "sourceid", "paymentintentid"}, providerBack: {"sourceid", "balancetransactionid"}, orderColumn: {"paymentmetadataorderid", "orderid", "paymentmetadata[orderid]", "description"},
			cardColumn: {"cardlast4", "paymentmethodlast4"}, netColumn: {"net"},
		},
		needed: []Column{atColumn, kindColumn, amountColumn, feeColumn, providerColumn, currencyColumn},
		kinds:  map[string]Kind{"charge": payment, "refund": refund, "partialcapturereversal": refund, "refundfailure": failed, "chargefailure": failed},
		outs:   []string{"payout", "payoutreversal", "payoutminimumbalancehold", "payoutminimumbalancerelease", "topup", "topupreversal"},
	},
	{
		format: square,
		names: map[Column][]string{
			dateColumn: {"date"}, clockColumn: {"time"}, zoneColumn: {"timezone"}, amountColumn: {"card", "totalcollected"}, terminalColumn: {"devicename"}, feeColumn: {"fees"}, providerColumn: {"paymentid"}, orderColumn: {"transactionid"},
			cardColumn: {"pansuffix"}, kindColumn: {"eventtype"}, cashColumn: {"cash"}, stateColumn: {"transactionstatus"},
		},
		needed: []Column{dateColumn, clockColumn, amountColumn, feeColumn, providerColumn}, signed: true, gains: true,
		kinds:   map[string]Kind{"payment": payment, "refund": refund},
		failing: []string{"failed", "voided", "declined"},
	},
	{
		format: Named, signed: true, turns: true,
		names: map[Column][]string{
			atColumn:          {"time", "datetime", "created", "timestamp", "transactiontime", "交易时间", "时间", "支付时间", "完成时间", "zeit", "zeitpunkt", "buchungszeit"},
			dateColumn:        {"date", "transactiondate", "交易日期", "日期", "datum", "buchungstag"},
			clockColumn:       {"clock", "timeofday", "uhrzeit"},
			kindColumn:        {"kind", "type", "transactiontype", "交易类型", "类型", "业务类型", "typ", "art"},
			stateColumn:       {"state", "status", "result", "状态", "交易状态"},
			orderColumn:       {"order", "orderno", "ordernumber", "merchantreference", "reference", "商户订单号", "订单号", "referenz", "bestellnummer"},
			refundOrderColumn: {"refund", "refundno", "refundnumber", "refundreference", "商户退款单号", "退款单号"},
			providerColumn:    {"number", "transactionid", "paymentid", "transactionnumber", "id", "交易号", "交易单号", "流水号"},
			rrnColumn:         {"rrn", "retrievalreference", "检索参考号", "参考号"},
			terminalColumn:    {"terminal", "terminalid", "tid", "终端号", "terminalid"},
			batchColumn:       {"batch", "batchnumber", "批次号", "交易批次号"},
			stanColumn:        {"stan", "trace", "tracenumber", "voucher", "凭证号", "tracenummer", "tracenr"},
			codeColumn:        {"code", "authcode", "authorizationcode", "authorisationcode", "approvalcode", "授权码", "授权号", "genehmigungsnummer", "autorisierungsnummer", "aid"},
			receiptColumn:     {"receipt", "receiptno", "receiptnumber", "belegnummer", "belegnr"},
			cardColumn:        {"card", "cardnumber", "lastfour", "last4", "pansuffix", "卡号", "karte", "kartennummer"},
			merchantColumn:    {"merchant", "merchantid", "mid", "商户号"},
			amountColumn:      {"amount", "gross", "total", "transactionamount", "交易金额", "金额", "betrag", "umsatz"},
			currencyColumn:    {"currency", "货币", "币种", "währung", "waehrung"},
			feeColumn:         {"fee", "fees", "commission", "手续费", "gebühr", "gebuehr"},
			arrivesColumn:     {"arrives", "settlementdate", "payoutdate", "到账日期", "valuta"},
		},
		needed: []Column{amountColumn}, either: [][]Column{{atColumn, dateColumn}, {orderColumn, providerColumn, rrnColumn, stanColumn, cardColumn, codeColumn, receiptColumn}}, commas: true,
		kinds: map[string]Kind{"payment": payment, "sale": payment, "purchase": payment, "charge": payment, "消费": payment, "支付": payment, "收款": payment, "交易": payment, "zahlung": payment, "kauf": payment,
			"refund": refund, "return": refund, "reversal": refund, "void": refund, "退款": refund, "退货": refund, "撤销": refund, "冲正": refund, "gutschrift": refund, "storno": refund},
		undone: []string{"reversal", "void", "撤销", "冲正", "storno"}, failing: []string{"failed", "refused", "declined", "rejected", "失败", "拒绝", "fail", "abgelehnt"}, waiting: []string{"pending", "processing", "inprogress", "处理中", "offen"},
	},
}

// layoutOf is a format's layout.
func layoutOf(f Format) (layout, bool) {
	at := slices.IndexFunc(layouts, func(l layout) bool { return l.format == f })
	if at < 0 {
		return layout{}, false
	}
	return layouts[at], true
}

// with is the layout with the names that a person gives for columns. Names of their own come before the format's.
func (l layout) with(own map[Column]string) layout {
	names := make(map[Column][]string, len(l.names))
	l.mapped = own
	for c, of := range l.names {
		names[c] = of
	}
	for c, name := range own {
		if c != datesColumn {
			names[c] = []string{tidy(name)}
		}
	}
	l.names = names
	return l
}

// tidy is a heading as it is compared: in small letters, without blanks, brackets and quotation marks. A unit in brackets stays, as its letters.
func tidy(heading string) string {
	return strings.ToLower(untidy.Replace(strings.TrimSpace(heading)))
}

var untidy = strings.NewReplacer(" ", "", "_", "", "-", "", "\t", "", "\u00a0", "", "\uFEFF", "", "`", "", "(", "", ")", "", "（", "", "）", "", `"`, "", "*", "")
