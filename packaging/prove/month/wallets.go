package month

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const clock = "2006-01-02 15:04:05"

var weChatColumns = strings.Split("交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,"+
	"退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注", ",")

// weChatFile is a trade bill: each cell begins with a backtick, and the last line sums the others.
func weChatFile(_ *planter, day int, rows []row) []byte {
	var b bytes.Buffer
	line := func(cells []string) { b.WriteString("`" + strings.Join(cells, ",`") + "\r\n") }
	if day%2 == 1 {
		b.WriteString("\ufeff")
	}
	b.WriteString(strings.Join(weChatColumns, ",") + "\r\n")
	var paidMinor, backMinor, feeMinor int64
	for _, r := range rows {
		cells := weChatCells(r)
		line(cells)
		feeMinor += r.feeMinor
		if r.gives() {
			backMinor += r.amountMinor
		} else {
			paidMinor += r.amountMinor
		}
	}
	b.WriteString("总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n")
	line([]string{fmt.Sprint(len(rows)), figure(paidMinor), figure(backMinor), "0.00", figure(feeMinor), figure(paidMinor), figure(backMinor)})
	if packed(day) {
		return gzipped(b.Bytes())
	}
	return b.Bytes()
}

func weChatCells(r row) []string {
	payment, state, amount, given := r.number, "SUCCESS", figure(r.amountMinor), "0.00"
	backNumber, backOrder, way, backState := "0", "0", "", ""
	if r.gives() {
		payment, state, amount, given = r.origin, "REFUND", "0.00", amount
		backNumber, backOrder, way, backState = r.number, r.back, "ORIGINAL", "SUCCESS"
	}
	switch {
	case r.kind == revoked:
		state, backOrder = "REVOKED", "0"
	case r.failed:
		backState = "FAIL"
	case r.pending:
		backState = "PROCESSING"
	}
	return []string{r.at.Format(clock), "wx00000000veratil", r.merchant, "0", "", payment, r.order, "oVeratillPlanted", "MICROPAY", state, "OTHERS", r.currency, amount, "0.00",
		backNumber, backOrder, given, "0.00", way, backState, "便利店", "", figure(r.feeMinor) + "000", "0.60%", amount, given, ""}
}

func gzipped(text []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(text); err != nil {
		panic(err) // a buffer takes everything
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

const alipayColumns = "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）," +
	"券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"

// alipayFile is a zip of the day's business and of its summary. Money that goes back is below zero, and so is the fee of a payment.
func alipayFile(_ *planter, day int, rows []row) []byte {
	account := formatOf(alipay).ours.Merchant
	head := func(title string) string {
		return fmt.Sprintf("#支付宝%s查询\r\n#账号：[%s]\r\n#起始日期：[%s 00:00:00]   终止日期：[%s 00:00:00]\r\n", title, account,
			midnight(day).Format("2006年01月02日"), midnight(day+1).Format("2006年01月02日"))
	}
	dashes := func(before int, title string, after int) string {
		return "#" + strings.Repeat("-", before) + title + strings.Repeat("-", after) + "\r\n"
	}
	var b strings.Builder
	b.WriteString(head("业务明细") + dashes(41, "业务明细列表", 40) + alipayColumns + "\r\n")
	var payments, refunds, paidMinor, backMinor, feeMinor int64
	for _, r := range rows {
		number, kind, minor := r.number, "交易", r.amountMinor
		if r.gives() {
			number, kind, minor = r.origin, "退款", -minor
			refunds, backMinor = refunds+1, backMinor+minor
		} else {
			payments, paidMinor = payments+1, paidMinor+minor
		}
		feeMinor += r.feeMinor
		made := r.at.Format(clock)
		b.WriteString(strings.Join([]string{number + "\t", r.order + "\t", kind + "\t", "便利店", made, made, "SH001\t", "样例店\t", "\t", r.terminal + "\t", "样*(138****0000)\t",
			figure(minor), figure(minor), "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00\t", "0.00", r.back + "\t", figure(-r.feeMinor), "0.00", ""}, ",") + "\r\n")
	}
	made := "#导出时间：[" + midnight(day+1).Add(9*time.Hour).Format("2006年01月02日 15:04:05") + "]\r\n"
	b.WriteString(dashes(41, "业务明细列表结束", 36) + fmt.Sprintf("#交易合计：%d笔，商家实收共%s元，商家优惠共0.00元\r\n#退款合计：%d笔，商家实收退款共%s元，商家优惠退款共0.00元\r\n",
		payments, figure(paidMinor), refunds, figure(backMinor)) + made)
	summary := head("业务汇总") + dashes(40, "业务汇总列表", 40) +
		"门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）\r\n" +
		fmt.Sprintf("SH001\t,样例店\t,%d,%d,%s,%s,0.00,0.00,0.00,%s,0.00,%s\r\n", payments, refunds, figure(paidMinor+backMinor), figure(paidMinor+backMinor), figure(-feeMinor), figure(paidMinor+backMinor-feeMinor)) +
		dashes(40, "业务汇总列表结束", 37) + made
	name := account + "_" + midnight(day).Format("20060102") + "_"
	return zipped([2]string{name + "业务明细.csv", b.String()}, [2]string{name + "业务明细(汇总).csv", summary})
}

// zipped packs texts in GB18030 under names in GBK, as Alipay does.
func zipped(files ...[2]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		name, err := simplifiedchinese.GBK.NewEncoder().String(f[0])
		if err != nil {
			panic(err)
		}
		text, err := simplifiedchinese.GB18030.NewEncoder().String(f[1])
		if err != nil {
			panic(err)
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, NonUTF8: true, Method: zip.Deflate})
		if err != nil {
			panic(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// tableColumns are the headers of the table that somebody maps by hand, and what they mean.
var tableColumns = map[string]string{"交易时间": "at", "类型": "kind", "状态": "state", "订单号": "orderNo", "退款单号": "refundNo", "流水号": "providerNo", "终端号": "terminal",
	"金额": "amount", "币种": "currency", "手续费": "fee"}

// tableFile is any table: 消费, 退款 and 撤销 are its kinds, 成功 and 失败 its states, and nothing is signed.
func tableFile(_ *planter, _ int, rows []row) []byte {
	lines := [][]string{{"流水号", "交易时间", "类型", "状态", "订单号", "退款单号", "终端号", "币种", "金额", "手续费", "备注"}}
	for _, r := range rows {
		word, state := "消费", "成功"
		switch r.kind {
		case back:
			word = "退款"
		case revoked:
			word = "撤销"
		}
		if r.failed {
			state = "失败"
		}
		lines = append(lines, []string{r.number, r.at.Format(clock), word, state, r.order, r.back, r.terminal, r.currency, grouped(r.amountMinor), figure(r.feeMinor), ""})
	}
	return commaSeparated(lines, "", false)
}

// commaSeparated is lines as a CSV file.
func commaSeparated(lines [][]string, mark string, crlf bool) []byte {
	var b bytes.Buffer
	b.WriteString(mark)
	w := csv.NewWriter(&b)
	w.UseCRLF = crlf
	if err := w.WriteAll(lines); err != nil {
		panic(err)
	}
	return b.Bytes()
}
