package print

import "veratill/txn"

// word is one thing that paper says, in both languages.
type word struct{ zh, en string }

// Language is what paper is written in.
type Language string

// The languages of paper.
const (
	zh   Language = "zh"
	en   Language = "en"
	both Language = "both" // Chinese, then English
)

// Paper's words. "补打" and "COPY" stand in repeatMark alone: no first paper says
// them. A slip says neither that something was paid nor that it was approved.
var (
	customerTitle = word{"顾客联", "CUSTOMER RECEIPT"}
	merchantTitle = word{"商户联", "MERCHANT RECEIPT"}
	repeatMark    = word{"补打", "COPY"}
	demoMark      = word{"演示", "DEMO"}
	notReceipt    = word{"非凭证", "NOT A RECEIPT"}
	voidedMark    = word{"已撤销", "VOIDED"}
	returnedMark  = word{"部分已退", "PARTLY RETURNED"}

	kindSale = word{"消费", "SALE"}
	kindVoid = word{"消费撤销", "VOID"}

	kindRefund   = word{"退货", "REFUND"}
	refundedMark = word{"已退款", "RETURNED"}

	labelType         = word{"交易类型", "Type"}
	labelMerchant     = word{"商户号", "Merchant"}
	labelTerminal     = word{"终端号", "Terminal"}
	labelCashier      = word{"收银员", "Cashier"}
	labelBatch        = word{"批次号", "Batch"}
	labelSale         = word{"单号", "Sale"}
	labelSTAN         = word{"凭证号", "STAN"}
	labelSeparate     = word{"银行卡(独立终端)", "Separate terminal"}
	labelBooks        = word{"账册", "Books"}
	labelRRN          = word{"参考号", "RRN"}
	labelApproval     = word{"授权码", "Approval"}
	labelCard         = word{"卡号", "Card"}
	labelScheme       = word{"卡组织", "Scheme"}
	labelTime         = word{"日期时间", "Date"}
	labelTotal        = word{"合计", "TOTAL"}
	labelReturned     = word{"退回", "RETURNED"}
	labelAmount       = word{"金额", "Amount"}
	labelTax          = word{"其中税额", "Tax in it"}
	labelCash         = word{"现金", "Cash"}
	labelReceived     = word{"实收现金", "Cash given"}
	labelChange       = word{"找零", "Change"}
	labelOriginalSTAN = word{"原凭证号", "Original STAN"}
	labelOriginalRRN  = word{"原参考号", "Original RRN"}
	labelSignature    = word{"持卡人签名", "Signature"}
	labelKilogram     = word{"千克", "kg"}

	keepCustomer = word{"请妥善保管本联，退换货时出示", "Please keep this for returns and questions"}
	keepMerchant = word{"商户存根，请保存", "For the merchant to keep"}
	keepSlip     = word{"请保留本单，询问时请报以上号码", "Please keep this and quote the numbers above"}

	slipAskBank        = word{"是否扣款尚不确定，已请银行书面答复。", "Not known yet whether you were charged. The bank was asked to say so in writing."}
	slipBooks          = word{"是否扣款尚不确定：本机账本可能比这笔付款旧。您手中的小票仍然有效。", "Not known here whether you were charged: this till's books may be older than the payment. A receipt that you hold counts."}
	slipBooksKept      = word{"银行收了这笔款项。您手中的小票仍然有效。", "The bank has taken this amount. A receipt that you hold counts."}
	slipKept           = word{"银行收了这笔款项，已要求退回。", "The bank has taken this amount, and was asked to give it back."}
	slipResolved       = word{"这笔付款没有成立。", "This payment does not stand."}
	slipVoidResolved   = word{"这笔撤销已凭银行书面答复结案。", "What became of this void was settled by what the bank wrote."}
	slipRefundUnknown  = word{"这笔退款的结果还不知道：款项可能已在退回途中。请不要另收现金退款。", "What became of this refund is not known: the money may be on its way back. Take no cash for it."}
	slipRefundDeclined = word{"这笔退款没有成立，款项没有退回。", "This refund did not go through. Nothing went back."}
	slipRefundResolved = word{"这笔退款已凭银行书面答复结案。", "What became of this refund was settled by what the bank wrote."}
	slipUnknown        = word{
		"这笔交易的结果还不知道。收银机正在请银行撤销它；如果您的账户扣了钱，银行会退回。",
		"What became of this payment is not known yet. The till is asking the bank to undo it; should money have left your account, the bank returns it.",
	}
	seeItsSlip = word{
		"以该终端的签购单为准；本机没有向银行核实。",
		"The slip of that terminal counts; this till has not asked the bank.",
	}
	slipByTerminal = word{
		"独立刷卡终端显示没有成功。是否扣款以该终端的签购单和您的账单为准。",
		"The separate card terminal showed that it was not approved. Its slip and your statement say whether you were charged.",
	}
	partOfSale = word{
		"这是一笔销售的部分付款。全部付清后才打印收据。",
		"This is one part of a sale. The receipt is printed once all of it is paid.",
	}
	slipUndone = word{
		"这笔交易已经撤销，没有扣款。",
		"This payment was undone. You were not charged.",
	}
	slipDeclined = word{
		"银行没有同意这笔交易，没有扣款。",
		"The bank did not agree to this payment. You were not charged.",
	}

	reportX      = word{"X 报表", "X REPORT"}
	reportZ      = word{"Z 报表", "Z REPORT"}
	labelDay     = word{"营业日", "Day"}
	secondOfDate = word{"当日第几次日结", "Z of this date"}
	labelFirst   = word{"首笔时间", "First sale"}
	labelClosed  = word{"日结时间", "Closed"}
	labelGiven   = word{"其中 0 元", "of them 0.00"}
	labelSales   = word{"销售", "Sales"}
	labelVoids   = word{"撤销", "Voids"}
	labelNet     = word{"净额", "NET"}

	labelRefunds        = word{"退款", "Refunds"}
	labelRefundsUnknown = word{"不确定的退款", "Refunds not known"}
	labelByTender       = word{"按支付方式", "By tender"}
	labelByCashier      = word{"按收银员", "By cashier"}
	labelByHour         = word{"按时段", "By hour"}
	labelDeclined       = word{"被拒", "Declined"}
	labelReversed       = word{"已冲正", "Reversed"}
	labelOpen           = word{"未明", "Not known yet"}
	labelKept           = word{"银行未退，已要求贷记", "Kept by bank, credit asked"}
	labelSettlement     = word{"银行结算", "Settlement with the bank"}
	labelTillSums       = word{"收银机", "Till"}
	labelBankSums       = word{"银行", "Bank"}
	labelSettleUnknown  = word{"未计入（未明）", "In no sum, not known"}
	labelNotTaken       = word{"银行没有该笔", "Not with the bank"}
	labelCarried        = word{"未明，结转（请银行书面答复）", "Carried over, not known: ask the bank"}
	labelEvidence       = word{"凭证据结案", "Ended by evidence"}
	labelWho            = word{"经手人", "By"}
	labelDocument       = word{"文件", "Document"}
	labelHash           = word{"SHA-256", "SHA-256"}

	findingGivenBack = word{"款项已在顾客手中", "the customer has the money"}
	findingKept      = word{"银行没有退回", "the bank keeps it"}
	findingNeverOurs = word{"银行从未收到这笔", "the bank never had it"}

	labelNotProven = word{"独立终端，未经核实", "Separate terminal, not proven"}
	labelWithWord  = word{"净额，含未经核实", "Net with what is not proven"}
	labelVouchers  = word{"购物券，未经核实", "Vouchers, not proven"}
	tenderVoucher  = word{"购物券", "Voucher"}
	labelWorth     = word{"券面值（不找零）", "Worth, no change"}
	labelNumber    = word{"券号", "Voucher number"}
	byCashiersWord = word{"由收银员查验；本机没有核实这张券。", "The cashier looked at it; this till has not checked the voucher."}
	tenderExchange = word{"换货抵扣", "Goods exchanged"}
	labelOfSale    = word{"原销售单", "Of sale"}
	labelForSale   = word{"换入销售单", "For sale"}
	labelCameBack  = word{"退回商品价值", "Goods that came back"}
	goesBackApart  = word{"差额另单退还；没有那张退款单，就还没有退。", "The difference goes back by a slip of its own. Without that slip it has not gone back."}
	labelOtherWay  = word{"其中改退现金", "of them in another way"}
	labelNoReceipt = word{"其中无小票", "of them without receipt"}
	paidOtherWay   = word{"原款不是现金支付，现退现金。", "This was not paid in cash, and goes back in cash."}
	withoutReceipt = word{"无小票退货：本机不知道原销售。", "Taken back without a receipt: this till does not know the sale."}
	labelMayGoBack = word{"退款未明", "Refund not known"}
	mayGoBack      = word{"有一笔退款的结果还不知道：款项可能已在退回途中，也可能没有退。", "What became of a refund is not known: the money may be on its way back, or not."}
	labelUnpapered = word{"未确认出纸", "Paper not confirmed"}
	labelGrand     = word{"累计净额", "Grand total"}
	labelJournal   = word{"账本校验", "Journal"}
	tenderCard     = word{"银行卡", "Card"}
	tenderCash     = word{"现金", "Cash"}
	tenderCode     = word{"付款码", "Payment code"}
	labelOrder     = word{"商户单号", "Order number"}

	signedCode = word{"已签名：可在本店核验页查真伪", "Signed: check it on this shop's page"}
	keyOfTill  = word{"小票签名公钥", "Public key of signed receipts"}
)

// say is a word as one line.
func (l Language) say(w word) string {
	switch l {
	case zh:
		return w.zh
	case en:
		return w.en
	}
	return w.zh + " " + w.en
}

// each is a word as a paragraph a language.
func (l Language) each(w word) []string {
	switch l {
	case zh:
		return []string{w.zh}
	case en:
		return []string{w.en}
	}
	return []string{w.zh, w.en}
}

// settlementStates are what paper says of a settlement, by its state.
var settlementStates = map[txn.SettlementState]word{
	txn.SettlementAsked:     {"未完成，银行未答复，结转", "Owed: the bank has not answered"},
	txn.SettlementUploading: {"未完成，正在逐笔上送，结转", "Owed: differs, upload under way"},
	txn.SettlementEnding:    {"未完成，批次未关闭，结转", "Owed: the batch has not ended"},
	txn.SettlementBalanced:  {"平账", "Balanced"},
	txn.SettlementDiffers:   {"不平，请查", "DIFFERS: ask the bank"},
	txn.SettlementRefused:   {"银行拒绝，结转", "Refused, carried over"},
	txn.SettlementUnsure:    {"不确定，请核对总额", "Not known: compare the sums"},
	txn.SettlementLeft:      {"由银行自行结算", "Left to the bank"},
}
