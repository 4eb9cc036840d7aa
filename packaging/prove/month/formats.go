package month

import (
	"fmt"
	"strings"

	"veratill/txn"
	"veratill/txn/external"
	"veratill/txn/money"
)

// The formats of files.
const (
	wechat   = "wechat"
	alipay   = "alipay"
	allinpay = "allinpay"
	adyen    = "adyen"
	stripe   = "stripe"
	square   = "square"
	table    = "table"
)

var (
	all  = []string{wechat, alipay, allinpay, adyen, stripe, square, table}
	ours = []string{wechat, alipay, allinpay, table} // of which the till itself asked for every payment
)

// Who the shop is for its bank.
const (
	terminal = "T0000001"
	merchant = "898310000000001"
)

// format is a provider with its files.
type format struct {
	name     string
	share    int // of the payments, in a hundred
	ratePPM  int64
	keepsFee bool // the fee of a payment is kept when money goes back
	currency money.Currency
	tender   txn.Tender
	ours     Ours
	file     func(day int) string
	write    func(p *planter, day int, rows []row) []byte
}

var formats []*format

// The writers know their formats, so that this list can't be made where it is declared.
func init() {
	dated := func(pattern, layout string) func(int) string {
		return func(day int) string { return fmt.Sprintf(pattern, midnight(day).Format(layout)) }
	}
	weChatName := dated("1900000109All%s.csv", "2006-01-02")
	formats = []*format{
		{wechat, 26, 6000, false, money.CNY, txn.Code, Ours{"wechat 1900000109 at api.mch.weixin.qq.com", "1900000109", ""}, func(day int) string {
			if packed(day) {
				return weChatName(day) + ".gz"
			}
			return weChatName(day)
		}, weChatFile},
		{alipay, 20, 5500, false, money.CNY, txn.Code, Ours{"alipay 2021004100000008 at openapi.alipay.com", "20880000000000000156", "SH001-1"}, dated("20880000000000000156_%s.csv.zip", "20060102"), alipayFile},
		{allinpay, 26, 3800, false, money.CNY, txn.Card, Ours{"iso8583 unionpay bank.example:8443 " + terminal + " " + merchant, merchant, terminal}, dated(merchant+"_%s.csv", "20060102"), allinpayFile},
		{adyen, 6, 9000, true, "EUR", txn.External, Ours{external.Name, "VeratillShopPOS", ""}, dated("settlement_detail_report_%s.csv", "2006_01_02"), adyenFile},
		{stripe, 6, 27_000, true, "GBP", txn.External, Ours{external.Name, "", ""}, dated("Itemized_payout_reconciliation-%s.csv", "2006-01-02"), stripeFile},
		{square, 7, 26_000, true, "USD", txn.External, Ours{external.Name, "", "Veratill Counter"}, dated("transactions-%s.csv", "2006-01-02"), squareFile},
		{table, 9, 4000, false, money.CNY, txn.Code, Ours{"unionpay 898310000000003 at qra.95516.com", "", "QR000001"}, dated("qr-%s.csv", "20060102"), tableFile},
	}
}

func formatOf(name string) *format {
	for _, f := range formats {
		if f.name == name {
			return f
		}
	}
	panic("month: no format " + name)
}

// packed reports whether the wallet packs the file of a day.
func packed(day int) bool { return day%5 == 0 }

// figure is an amount in major units with two places, as every currency here has them.
func figure(minor int64) string { return money.Amount{Minor: minor, Currency: money.CNY}.Figure() }

func grouped(minor int64) string { return money.Amount{Minor: minor, Currency: money.CNY}.Grouped() }

func pad(n int64, width int) string { return fmt.Sprintf("%0*d", width, n) }

// letters draws some that nobody takes for digits, as the till's own numbers have them.
func (p *planter) letters(n int) string { return p.drawn("ABCDEFGHJKLMNPQRSTUVWXYZ", n) }

func (p *planter) digits(n int) string { return p.drawn("0123456789", n) }

func (p *planter) drawn(of string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(of[p.r.IntN(len(of))])
	}
	return b.String()
}

// newNumber draws the number that a provider gives a payment, or money that is given back.
func (p *planter) newNumber(format string, day int, back bool) string {
	const mixed = "abcdefghkmnprstuvwxyzABCDEFGHKMNPRSTUVWXYZ"
	switch format {
	case wechat:
		if back {
			return "50300" + p.digits(24)
		}
		return "4200" + p.digits(24)
	case alipay:
		return midnight(day).Format("20060102") + "22001400000" + p.digits(9)
	case adyen:
		return p.drawn("BCDFGHJKLMNPQRSTVWXZ", 16)
	case stripe:
		if back {
			return "re_3Q" + p.drawn(mixed, 20)
		}
		return "ch_3Q" + p.drawn(mixed, 20)
	case square:
		return p.drawn(mixed, 26) + "ZY"
	}
	return p.digits(12)
}
