package find

import (
	"time"

	"veratill/txn"
)

// The words that a person may type, in either language whatever the window's is: folded, the longest of those that begin alike first where they are cut off a text.

// days are days by how long ago they are.
var days = map[string]int{
	"today": 0, "yesterday": 1, "今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "昨": 1, "前天": 2, "前日": 2, "大前天": 3,
}

var weekdays = map[string]time.Weekday{
	"monday": time.Monday, "mon": time.Monday, "tuesday": time.Tuesday, "tue": time.Tuesday, "wednesday": time.Wednesday, "wed": time.Wednesday,
	"thursday": time.Thursday, "thu": time.Thursday, "friday": time.Friday, "fri": time.Friday, "saturday": time.Saturday, "sat": time.Saturday,
	"sunday": time.Sunday, "sun": time.Sunday,
	"周一": time.Monday, "周二": time.Tuesday, "周三": time.Wednesday, "周四": time.Thursday, "周五": time.Friday, "周六": time.Saturday, "周日": time.Sunday, "周天": time.Sunday,
	"星期一": time.Monday, "星期二": time.Tuesday, "星期三": time.Wednesday, "星期四": time.Thursday, "星期五": time.Friday, "星期六": time.Saturday, "星期日": time.Sunday, "星期天": time.Sunday,
}

// daytime is a part of the day, in hours; an hour below 12 that is said with it is one of that part.
type daytime struct{ from, to int }

var daytimes = map[string]daytime{
	"morning": {6, 12}, "noon": {11, 14}, "afternoon": {12, 18}, "evening": {18, 24}, "tonight": {18, 24},
	"早上": {6, 12}, "上午": {6, 12}, "中午": {11, 14}, "下午": {12, 18}, "傍晚": {17, 20}, "晚上": {18, 24}, "今晚": {18, 24},
	"am": {0, 12}, "pm": {12, 24},
}

// meant is what a word says of a payment.
type meant struct {
	field Field
	texts []string
}

var (
	notKnown = meant{State, []string{string(txn.Pending), string(txn.Reversing), string(txn.Unresolved)}}
	voided   = meant{State, []string{string(txn.Voided)}}
	void     = meant{Kind, []string{string(txn.Void)}}
	refund   = meant{Kind, []string{string(txn.Refund)}}
	approved = meant{State, []string{string(txn.Approved), string(txn.Claimed)}}
	declined = meant{State, []string{string(txn.Declined)}}
	reversed = meant{State, []string{string(txn.Reversed)}}
	cash     = meant{Tender, []string{string(txn.Cash)}}
	card     = meant{Tender, []string{string(txn.Card), string(txn.External)}}
	apart    = meant{Tender, []string{string(txn.External)}}
	shown    = meant{Tender, []string{string(txn.Code)}}
	voucher  = meant{Tender, []string{string(txn.Voucher)}}
)

var meanings = map[string][]meant{
	"cash": {cash}, "card": {card}, "terminal": {apart}, "现金": {cash}, "银行卡": {card}, "刷卡": {card}, "卡": {card}, "独立终端": {apart},
	"voucher": {voucher}, "vouchers": {voucher}, "购物券": {voucher}, "代金券": {voucher}, "券": {voucher},
	"wallet": {shown}, "qr": {shown}, "付款码": {shown}, "扫码": {shown}, "微信": {shown}, "支付宝": {shown}, "云闪付": {shown},
	"approved": {approved}, "paid": {approved}, "ok": {approved}, "批准": {approved}, "已批准": {approved}, "已付": {approved}, "成功": {approved},
	"declined": {declined}, "refused": {declined}, "拒绝": {declined}, "未批准": {declined}, "失败": {declined},
	"unknown": {notKnown}, "open": {notKnown}, "pending": {notKnown}, "unresolved": {notKnown}, "待确认": {notKnown}, "不确定": {notKnown}, "尚不确定": {notKnown}, "未知": {notKnown},
	"undone": {reversed}, "reversed": {reversed}, "已撤销": {reversed}, "撤销": {reversed}, "冲正": {reversed},
	"void": {void, voided}, "voided": {voided, void}, "refund": {refund, void, voided}, "refunded": {refund, voided, void}, "作废": {void, voided}, "已作废": {voided, void}, "退款": {refund, void, voided}, "退货": {refund},
	"claimed": {{State, []string{string(txn.Claimed)}}}, "kept": {{State, []string{string(txn.Kept)}}},
}

// ranges are what stands between the two ends of a range of amounts.
var ranges = []string{"..", "-", "–", "—", "~", "到", "至"}

// coins are what says that a number is an amount, before or behind it.
var coins = []string{"¥", "￥", "$", "€", "£", "hk$", "cny", "rmb", "usd", "eur", "hkd", "gbp", "元", "块"}

// stars are what stands before the last four digits of a card.
var stars = []string{"*", "×", "•", "…", "...", "尾号", "x"}
