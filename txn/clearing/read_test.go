package clearing

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"veratill/txn/money"
)

// The bills are written from ../shared's page of formats by hand: their cells stand as the providers write them.
const wechatBill = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n" +
	"`2026-11-01 08:03:11,`wx1,`1900000109,`0,`,`4200001,`2611010001AAAAAAAAAAAA,`o1,`MICROPAY,`SUCCESS,`OTHERS,`CNY,`12.50,`0.00,`0,`0,`0.00,`0.00,`,`,`tea, green,`,`0.04750,`0.38%,`12.50,`0.00,`\r\n" +
	"`2026-11-01 09:00:00,`wx1,`1900000109,`0,`,`4200002,`2611010002AAAAAAAAAAAA,`o1,`MICROPAY,`SUCCESS,`OTHERS,`CNY,`80.00,`0.00,`0,`0,`0.00,`0.00,`,`,`rice,`,`0.30400,`0.38%,`80.00,`0.00,`\r\n" +
	"`2026-11-01 10:00:00,`wx1,`1900000109,`0,`,`4200002,`2611010002AAAAAAAAAAAA,`o1,`MICROPAY,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5000001,`2611010003AAAAAAAAAAAA,`30.00,`0.00,`ORIGINAL,`SUCCESS,`rice,`,`-0.11400,`0.38%,`0.00,`30.00,`\r\n" +
	"总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n" +
	"`3,`92.50,`30.00,`0.00,`0.23750,`92.50,`30.00\r\n"

func read(t *testing.T, text string, shop Shop) (File, error) {
	t.Helper()
	c, err := Split(text)
	if err != nil {
		return File{}, err
	}
	return Read(c, shop)
}

func TestAWeChatBillIsRead(t *testing.T) {
	f, err := read(t, wechatBill, Shop{Currency: "CNY", Where: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if f.Format != weChat || f.Paid != (Sum{2, 9250}) || f.Back != (Sum{1, 3000}) || f.FeeMinor != 24 || f.OwnSums != 7 || f.NetMinor() != 9250-3000-24 {
		t.Errorf("%+v", f)
	}
	if r := f.Rows[2]; r.Kind != refund || r.RefundOrder != "2611010003AAAAAAAAAAAA" || r.Order != "2611010002AAAAAAAAAAAA" || r.ProviderRefund != "5000001" || r.At.Hour() != 10 {
		t.Errorf("%+v", r)
	}
	if f.From != "2026-11-01" || f.To != "2026-11-01" {
		t.Errorf("%s to %s", f.From, f.To)
	}
}

// A file that is not whole is taken by nobody: each trouble is told by its own word.
func TestADamagedFileIsRefused(t *testing.T) {
	lines := strings.SplitAfter(wechatBill, "\r\n")
	for _, c := range []struct {
		name, text string
		want       Trouble
	}{
		{"own sum", strings.Replace(wechatBill, "`92.50,`30.00,`0.00", "`92.51,`30.00,`0.00", 1), SumDiffers},
		{"a number that a spreadsheet rounded", strings.Replace(wechatBill, "`2611010001AAAAAAAAAAAA", "`2.61E+21", 1), CellUnreadable},
		{"own fees", strings.Replace(wechatBill, "`0.23750,", "`0.23751,", 1), SumDiffers},
		{"a row is gone", lines[0] + lines[1] + lines[3] + lines[4] + lines[5], SumDiffers},
		{"no end", lines[0] + lines[1] + lines[2], EndMissing},
		{"cut in the middle", wechatBill[:len(lines[0])+len(lines[1])+60], RowCut},
		{"a column", strings.Replace(wechatBill, "手续费,费率,", "别的,费率,", 1), ColumnMissing},
		{"two files", lines[0] + lines[1] + lines[0] + lines[2], FileTwice},
		{"letters", strings.Replace(wechatBill, "`0.04750", "`free", 1), CellUnreadable},
		{"no time", strings.Replace(wechatBill, "`2026-11-01 09:00:00", "`yesterday", 1), CellUnreadable},
		{"empty", "\r\n", FileEmpty},
		{"a page", "<html><body>登录, please</body></html>", FileUnknown},
		{"words", "a,b,c\n1,2,3\n", FileUnknown},
	} {
		_, err := read(t, c.text, Shop{Currency: "CNY", Where: time.UTC})
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Trouble != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

const alipayBill = "#支付宝业务明细查询,\r\n#账号：[20881012345678900156],\r\n#起始日期：[2026年11月01日 00:00:00]   终止日期：[2026年11月02日 00:00:00],\r\n#-----------------------------------------业务明细列表----------------------------------------,\r\n" +
	"支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\r\n" +
	"2026110122001\t,2611010005BBBBBBBBBBBB\t,交易,茶,2026-11-01 11:00:00,2026-11-01 11:00:05,,,,,*明(138****1234),15.00,15.00,0,0,0,0,0,,0,0,,-0.09,0,\r\n" +
	"2026110122001\t,2611010005BBBBBBBBBBBB\t,退款,茶,2026-11-01 12:00:00,2026-11-01 12:00:01,,,,,*明(138****1234),-5.00,-5.00,0,0,0,0,0,,0,0,2611010006BBBBBBBBBBBB\t,0.03,0,\r\n" +
	"#-----------------------------------------业务明细列表结束------------------------------------,\r\n#交易合计：1笔，商家实收共15.00元，商家优惠共0.00元,\r\n"

func TestAnAlipayBillIsRead(t *testing.T) {
	f, err := read(t, alipayBill, Shop{Currency: "CNY", Where: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if f.Format != alipay || f.Paid != (Sum{1, 1500}) || f.Back != (Sum{1, 500}) || f.FeeMinor != 6 {
		t.Errorf("%+v", f)
	}
	if r := f.Rows[1]; r.RefundOrder != "2611010006BBBBBBBBBBBB" || r.Provider != "2026110122001" || r.At.Hour() != 12 {
		t.Errorf("%+v", r)
	}
	if f.OwnSums != 2 {
		t.Errorf("the footnote's count and sum are %d sums that hold, want 2", f.OwnSums)
	}
	for is, wrong := range map[string]string{"合计：1笔": "合计：2笔", "共15.00元": "共15.01元"} {
		_, err := read(t, strings.Replace(alipayBill, is, wrong, 1), Shop{Currency: "CNY"})
		var refused *RefusedError
		if !errors.As(err, &refused) || refused.Trouble != SumDiffers {
			t.Errorf("with %q in the footnote: %v, want %s", wrong, err, SumDiffers)
		}
	}
	if _, err := read(t, alipayBill[:strings.Index(alipayBill, "#-----------------------------------------业务明细列表结束")], Shop{Currency: "CNY"}); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("without its last line: %v", err)
	}
}

// A spreadsheet writes a long number as 1.10E+11: nobody knows which payment that was, in whatever column it stands.
func TestANumberThatASpreadsheetRoundedIsRefused(t *testing.T) {
	head := []string{"time", "amount", "order", "refund", "number", "rrn", "terminal", "batch", "stan"}
	whole := []string{"2026-11-02 08:00", "5.00", "A1", "B1", "7", "123456789012", "00000001", "3", "42"}
	text := func(cells []string) string { return strings.Join(head, ";") + "\n" + strings.Join(cells, ";") + "\n" }
	if _, err := read(t, text(whole), Shop{Currency: "EUR", Where: time.UTC}); err != nil {
		t.Fatal(err)
	}
	for at := 2; at < len(head); at++ {
		for _, rounded := range []string{"1.10E+11", "1,10E+11", "2E11", "6.2e+7"} {
			cells := slices.Clone(whole)
			cells[at] = rounded
			_, err := read(t, text(cells), Shop{Currency: "EUR", Where: time.UTC})
			var refused *RefusedError
			if !errors.As(err, &refused) || refused.Trouble != CellUnreadable || refused.Column != head[at] {
				t.Errorf("%s in the column %s: %v", rounded, head[at], err)
			}
		}
	}
}

// A row that stands in its file twice counts in the file's own sums, which have it twice, and once in what the till makes of the file.
func TestARowThatIsReadTwiceCountsOnce(t *testing.T) {
	lines := strings.SplitAfter(wechatBill, "\r\n")
	end := strings.NewReplacer("`3,", "`4,", "`92.50", "`105.00", "`0.23750", "`0.28500").Replace(lines[5])
	f, err := read(t, strings.Join([]string{lines[0], lines[1], lines[2], lines[1], lines[3], lines[4], end}, ""), Shop{Currency: "CNY", Where: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Rows) != 3 || f.Paid != (Sum{2, 9250}) || f.Back != (Sum{1, 3000}) || f.FeeMinor != 24 || f.OwnSums != 7 {
		t.Errorf("%+v", f)
	}
	if len(f.Twice) != 1 || f.Twice[0].Line != 4 || f.Twice[0].name() != f.Rows[0].name() {
		t.Errorf("rows that stand there a second time: %+v", f.Twice)
	}
}

func TestFiguresOfFiles(t *testing.T) {
	for _, c := range []struct {
		text  string
		comma bool
		want  int64
		ok    bool
	}{
		{"12.50", false, 1250, true}, {"-5.00", false, -500, true}, {"($5.00)", false, -500, true}, {"$1,234.50", false, 123450, true}, {"¥ 80", false, 8000, true}, {"1.234,50", true, 123450, true},
		{"0.10000", false, 10, true}, {"0.12345", false, 0, false}, {"1,23.00", false, 0, false}, {"12,34", false, 0, false}, {"1e3", false, 0, false}, {"", false, 0, false}, {"--5", false, 0, false}, {"(5", false, 0, false},
		{"12,50", true, 1250, true}, {"- 7.10", false, -710, true}, {"CN¥12.00", false, 1200, true}, {"-CN¥12.00", false, -1200, true},
	} {
		if got, ok := figure(c.text, 2, c.comma); ok != c.ok || ok && got != c.want {
			t.Errorf("%q: %d %t", c.text, got, ok)
		}
	}
}

// A bank's table is read by what its columns are called, in another order, with a decimal comma; a name that only its bank uses is given by a person.
func TestAnyTableIsRead(t *testing.T) {
	text := "Buchungstag;Terminal-ID;Betrag;Tracenummer;Kartennummer;Art\n02.11.2026;62100001;1.234,50;42;************1234;Zahlung\n03.11.2026;62100001;-10,00;43;************1234;Gutschrift\n"
	f, err := read(t, text, Shop{Currency: "EUR", Where: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if f.Paid != (Sum{1, 123450}) || f.Back != (Sum{1, 1000}) || f.Rows[0].STAN != 42 || f.Rows[0].LastFour != "1234" || f.To != "2026-11-03" {
		t.Errorf("%+v %+v", f, f.Rows)
	}
	own := "Wann,Wieviel,Wer\n2026-11-02 08:00,5.00,A1\n"
	if _, err := read(t, own, Shop{Currency: "EUR"}); err == nil {
		t.Error("a table whose columns nobody named was read")
	}
	f, err = read(t, own, Shop{Currency: "EUR", Where: time.UTC, Mapping: map[Column]string{atColumn: "Wann", amountColumn: "wieviel", orderColumn: "Wer"}})
	if err != nil || f.Paid != (Sum{1, 500}) || f.Rows[0].Order != "A1" {
		t.Errorf("with its columns named: %+v, %v", f, err)
	}
}

// A payment of less than nothing is money that went back, whatever its bank calls it.
func TestAPaymentBelowNothingWentBack(t *testing.T) {
	text := "time,kind,rrn,terminal,batch,stan,amount,currency,fee\n2026-11-02 08:00:00,payment,1,00000001,1,1,50.00,CNY,0.28\n2026-11-02 09:00:00,payment,1,00000001,1,1,-50.00,CNY,-0.28\n"
	f, err := read(t, text, Shop{Currency: "CNY", Where: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if f.Paid != (Sum{1, 5000}) || f.Back != (Sum{1, 5000}) || f.NetMinor() != 0 || len(f.Twice) != 0 {
		t.Errorf("%+v", f)
	}
}

// What is kept says nothing of the customers and has no card number, and reads the same.
func TestAKeptTableSaysNothingOfCustomers(t *testing.T) {
	text := "商户号,终端号,交易时间,交易类型,交易批次号,凭证号,参考号,卡号,交易金额,手续费,持卡人姓名,备注\n8980,00000001,2026-11-02 08:00:00,消费,000001,000042,123456789012,6225881234567891234,12.50,0.06,张三,4111111111111111\n"
	c, err := Split(text)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Read(c, Shop{Currency: "CNY"})
	if err != nil {
		t.Fatal(err)
	}
	kept := Redacted(c, f, nil)
	for _, row := range kept.Rows {
		for _, cell := range row {
			for _, secret := range []string{"622588", "张三", "4111"} {
				if strings.Contains(cell, secret) {
					t.Errorf("the copy has %q", cell)
				}
			}
		}
	}
	again, err := Read(kept, Shop{Currency: "CNY", Format: f.Format})
	if err != nil || again.Rows[0] != f.Rows[0] || f.Rows[0].LastFour != "1234" {
		t.Errorf("read again it is %+v, %v; was %+v", again.Rows, err, f.Rows)
	}
}

// A card's number is kept with four digits at most, however it is grouped and in whichever column somebody wrote it; a number that a provider gave a payment stays.
func TestAKeptTableHasNoCardInAnyColumn(t *testing.T) {
	for _, card := range []string{"6222 0200 0000 0001 234", "6222-0200-0000-0001-234", "6222020000000001234", "6222\u00a00200\u00a00000\u00a00001\u00a0234"} {
		text := "time,amount,currency,order,number,rrn,card,remark\n2026-11-02 08:00,5.00,CNY," + card + ",4111111111111111," + card + "," + card + ",card " + card + " seen\n"
		c, err := Split(text)
		if err != nil {
			t.Fatal(err)
		}
		f, err := Read(c, Shop{Currency: "CNY", Where: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		if r := f.Rows[0]; r.Order != "****1234" || r.RRN != "****1234" || r.LastFour != "1234" || r.Provider != "4111111111111111" {
			t.Errorf("%s: read as %+v", card, r)
		}
		kept := Redacted(c, f, nil)
		for at, cell := range kept.Rows[1] {
			if strings.Contains(cell, "6222") || strings.Contains(cell, "0200") {
				t.Errorf("%s: column %d keeps %q", card, at, cell)
			}
		}
		if again, err := Read(kept, Shop{Currency: "CNY", Where: time.UTC, Format: f.Format}); err != nil || again.Rows[0] != f.Rows[0] {
			t.Errorf("%s: read again it is %+v, %v; was %+v", card, again.Rows, err, f.Rows)
		}
	}
}

// Two customers may pay alike: rows that nothing tells apart stay as many as the file has.
func TestRowsWithoutANumberStayAsManyAsThereAre(t *testing.T) {
	f, err := read(t, "date,card,amount\n2026-11-02,****0075,5.00\n2026-11-02,****0075,5.00\n", Shop{Currency: "EUR", Where: time.UTC})
	if err != nil || len(f.Rows) != 2 || f.Paid != (Sum{2, 1000}) || len(f.Twice) != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}

// Where three digits stand behind the only comma or point, the file's other figures say what it is; a file that does not say is refused, and nothing of it is guessed.
func TestAFigureThatCanBeReadInTwoWaysIsDecidedByTheOthers(t *testing.T) {
	for _, c := range []struct {
		currency string
		figures  []string
		want     int64 // of the first; 0 is refused
	}{
		{"KWD", []string{"1,234", "12,500"}, 0}, {"KWD", []string{"1.234", "12.500"}, 0}, {"KWD", []string{"1,234", "0,500"}, 1234}, {"KWD", []string{"1.234", "0.500"}, 1234},
		{"KWD", []string{"1,234", "0.500"}, 1_234_000}, {"KWD", []string{"1,234", "2.5"}, 1_234_000}, {"KWD", []string{"1,234", "1.234,500"}, 1234}, {"KWD", []string{"1,234", "1,234,567"}, 1_234_000},
		{"KWD", []string{"1,234", "1234,567"}, 1234}, {"KWD", []string{"1,234", "80"}, 0}, {"KWD", []string{"1,234", "0,500", "0.500"}, 0}, {"KWD", []string{"-1,234", "(0,500)"}, 1234},
		{"EUR", []string{"1.234", "5,00"}, 123_400}, {"EUR", []string{"1.234", "80"}, 123_400}, {"EUR", []string{"1,234", "80"}, 123_400}, {"EUR", []string{"1,230", "80"}, 0},
		{"EUR", []string{"1,230", "80.00"}, 123_000}, {"EUR", []string{"1,230", "80,00"}, 123}, {"EUR", []string{"12,50", "12.50"}, 0}, {"JPY", []string{"1,230"}, 1230}, {"JPY", []string{"1.230"}, 1230},
	} {
		var text strings.Builder
		text.WriteString("date;rrn;amount\n")
		for n, figure := range c.figures {
			text.WriteString("2026-11-02;" + string(rune('1'+n)) + ";" + figure + "\n")
		}
		f, err := read(t, text.String(), Shop{Currency: money.Currency(c.currency), Where: time.UTC})
		var refused *RefusedError
		switch {
		case c.want == 0 && (!errors.As(err, &refused) || refused.Trouble != FigureTwoWays || refused.Line < 2 || refused.Column != "amount"):
			t.Errorf("%s %q: %v, want %s", c.currency, c.figures, err, FigureTwoWays)
		case c.want != 0 && (err != nil || f.Rows[0].AmountMinor != c.want):
			t.Errorf("%s %q: %+v, %v, want %d", c.currency, c.figures, f.Rows, err, c.want)
		}
	}
	workbook := Cells{Rows: [][]string{{"date", "rrn", "amount"}, {"2026-11-02", "1", "1.234"}}, Lines: []int{1, 2}, Padded: true}
	if f, err := Read(workbook, Shop{Currency: "KWD", Where: time.UTC}); err != nil || f.Rows[0].AmountMinor != 1234 {
		t.Errorf("a workbook's own number: %+v, %v", f.Rows, err)
	}
}

// What a file brings is without what the shop's own coupons paid, and with what rows that are no payments bring or cost; what was paid out was brought by the others.
func TestNetIsWhatComes(t *testing.T) {
	coupon := strings.NewReplacer("`12.50,`0.00,`0,`0,`0.00", "`10.50,`2.00,`0,`0,`0.00", "`92.50,`30.00,`0.00,`0.23750", "`90.50,`28.00,`0.00,`0.23750", "`30.00,`0.00,`ORIGINAL", "`28.00,`0.00,`ORIGINAL").Replace(wechatBill)
	for name, c := range map[string]struct {
		text              string
		off, beside, want int64
	}{
		"a coupon of the shop's":  {coupon, 0, 0, 9050 - 2800 - 24},
		"a dispute and a payout":  {"created,reporting_category,currency,gross,fee,net,charge_id,source_id\n2026-11-05 08:00:00,charge,cny,5.00,0.10,4.90,ch_1,ch_1\n2026-11-05 09:00:00,dispute,cny,-3.00,15.00,-18.00,ch_2,dp_1\n2026-11-05 10:00:00,payout,cny,-4.90,0.00,-4.90,,po_1\n", 0, -1800, 490 - 1800},
		"a refund that came back": {"created,reporting_category,currency,gross,fee,net,charge_id,source_id\n2026-11-05 08:00:00,refund,cny,-5.00,0.00,-5.00,ch_1,re_1\n2026-11-05 09:00:00,refund_failure,cny,5.00,0.00,5.00,ch_1,re_1\n", 0, 500, 0},
	} {
		f, err := read(t, c.text, Shop{Currency: "CNY", Where: time.UTC})
		if err != nil || f.OffMinor != c.off || f.BesideMinor != c.beside || f.NetMinor() != c.want {
			t.Errorf("%s: off %d, beside %d, net %d, %v; want %+v", name, f.OffMinor, f.BesideMinor, f.NetMinor(), err, c)
		}
	}
	only := strings.NewReplacer("`12.50,`0.00,`0,`0,`0.00", "`10.50,`2.00,`0,`0,`0.00", "`92.50,`30.00,`0.00,`0.23750", "`90.50,`30.00,`0.00,`0.23750").Replace(wechatBill)
	if f, err := read(t, only, Shop{Currency: "CNY", Where: time.UTC}); err != nil || f.OffMinor != 200 || f.NetMinor() != 9050-3000-24 {
		t.Errorf("a coupon of a payment alone: %+v, %v", f, err)
	}
}
