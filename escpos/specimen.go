package escpos

import "fmt"

// SpecimenReceipt is a usual receipt of a Chinese shop: 20 lines, a QR code in
// the printer's own commands, and a cut. Benchmarks measure with it.
func SpecimenReceipt() *Document {
	d := new(Document)
	d.Add(
		Text{"真账便利店", Style{Align: Center, Bold: true, Width: 2, Height: 2}},
		Text{"上海市黄浦区南京东路一百号", Style{Align: Center}},
		LeftRight("商户号 898310054110001", "终端 12345678", Style{}),
		LeftRight("收银员 小王", "2026-03-14 09:26:53", Style{}),
		Rule{},
	)
	goods := []string{"农夫山泉饮用水", "康师傅红烧牛肉面", "光明鲜牛奶", "全麦吐司面包", "可口可乐",
		"五常大米", "海天酱油", "金龙鱼花生油", "蒙牛酸奶"}
	for i, g := range goods {
		d.Add(Text{S: fmt.Sprintf("%s ×%d  ¥%d.%02d", g, i%3+1, 3+i*2, i*11%100)})
	}
	d.Add(
		Rule{},
		LeftRight("合计", "¥107.96", Style{Bold: true, Height: 2}),
		LeftRight("银联 621700******1234", "凭证号 000123", Style{}),
		LeftRight("参考号 260314092653", "授权码 654321", Style{}),
		Text{"顾客联 请妥善保管", Style{Align: Center}},
		QR{Data: "STAN 000123 RRN 260314092653 CNY 107.96", Module: 6, Level: QRMedium, Align: Center},
		Text{"谢谢惠顾", Style{Align: Center}},
		Cut{},
	)
	return d
}
