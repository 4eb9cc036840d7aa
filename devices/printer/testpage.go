package printer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/escpos"
)

// samples are what a font of each two-byte set must show: everyday characters, and for
// GBK, on a line of their own, some that a font of GB2312 lacks.
var samples = map[escpos.Encoding]string{
	escpos.GBK:      "合计 ￥107.96 农夫山泉 找零\n超出 beyond GB2312: 镕 堃",
	escpos.Big5:     "合計 ￥107.96 農夫山泉 找零",
	escpos.ShiftJIS: "合計 ￥107.96 お釣り ｶﾀｶﾅ",
}

// TestPage is a paper that shows what a printer does with the settings it is driven with:
// a ruler and an edge to each side, its characters, sizes, codes and greys, and what was
// found out about it, in Chinese and English. m is the model whose profile it is encoded
// with; only the code pages that m has are shown. A zero Findings says that nothing was tried.
func TestPage(m Model, e escpos.Encoding, f Findings) *escpos.Document {
	d := new(escpos.Document)
	p := m.Paper
	d.Add(escpos.Text{S: styled(e, "测试页 ") + "Test page", Style: escpos.Style{Align: escpos.Center, Bold: true, Width: 2, Height: 2}},
		escpos.Text{S: strings.TrimSpace(m.Maker + " " + m.Name), Style: escpos.Style{Align: escpos.Center}},
		escpos.Feed{Lines: 1})
	addRuler(d, p)
	addCharacters(d, m, e)
	addSizes(d, e)
	d.Add(escpos.Text{S: "二维码 QR, 条形码 CODE128"},
		escpos.QR{Data: "VERATILL TEST PAGE", Module: 5, Level: escpos.QRMedium, Align: escpos.Center}, escpos.Feed{Lines: 1})
	if m.Barcode {
		d.Add(escpos.Code128{Data: "VERATILL-0123", Module: 2, Height: 56, Text: true, Align: escpos.Center}, escpos.Feed{Lines: 1})
	}
	d.Add(escpos.Text{S: "浓度 Density 100 75 50 25 %"}, escpos.Image{Bitmap: densityBar(p.Dots)}, escpos.Feed{Lines: 1})
	addFindings(d, f)
	return d.Add(escpos.Text{S: "切纸 Cut", Style: escpos.Style{Align: escpos.Center}}, escpos.Cut{})
}

// addRuler shows the columns, and that the first and the last dot are on the paper.
func addRuler(d *escpos.Document, p escpos.Paper) {
	var tens, ones strings.Builder
	for c := 1; c <= p.Columns; c++ {
		ones.WriteByte("1234567890"[(c-1)%10])
		if c%10 == 0 {
			n := strconv.Itoa(c)
			tens.WriteString(strings.Repeat(" ", c-len(n)-tens.Len()) + n)
		}
	}
	d.Add(escpos.Text{S: fmt.Sprintf("%d 列 columns, %d 点 dots", p.Columns, p.Dots)},
		escpos.Text{S: tens.String()}, escpos.Text{S: ones.String()}, escpos.Image{Bitmap: edges(p.Dots)})
}

// edges is a line across all dots, with a mark down at either end.
func edges(dots int) escpos.Bitmap {
	const high, thick, mark = 16, 2, 3
	b := escpos.NewBitmap(dots, high)
	for x := range dots {
		for y := range high {
			if y < thick || x < mark || x >= dots-mark {
				b.Set(x, y)
			}
		}
	}
	return b
}

func addCharacters(d *escpos.Document, m Model, e escpos.Encoding) {
	d.Add(escpos.Rule{}, escpos.Text{S: "字符集 Characters: " + e.String(), Style: escpos.Style{Bold: true}})
	for s := range strings.SplitSeq(samples[e], "\n") {
		if s != "" {
			d.Add(escpos.Text{S: s})
		}
	}
	d.Add(escpos.Text{S: "!\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`{|}~"},
		escpos.Text{S: "画出的字 Drawn as dots: € ñ ß"})
	for _, page := range []escpos.Encoding{escpos.PC437, escpos.PC858, escpos.PC866, escpos.WPC1252, e} {
		n, has := m.Pages[page]
		first := !slices.ContainsFunc(d.Blocks, func(b escpos.Block) bool { c, ok := b.(escpos.CodePage); return ok && c.Encoding == page })
		if has && first && m.Paper.Columns >= 32 {
			d.Add(escpos.Text{S: fmt.Sprintf("代码页 %s = ESC t %d", page, n)}, escpos.CodePage{Encoding: page, Number: n})
		}
	}
}

func addSizes(d *escpos.Document, e escpos.Encoding) {
	d.Add(escpos.Rule{}, escpos.Text{S: styled(e, "粗体 ") + "Bold", Style: escpos.Style{Bold: true}},
		escpos.Text{S: styled(e, "下划线 ") + "Underline", Style: escpos.Style{Underline: true}},
		escpos.Text{S: " " + styled(e, "反白 ") + "Inverted ", Style: escpos.Style{Invert: true}},
		escpos.Text{S: styled(e, "双高 ") + "1x2", Style: escpos.Style{Height: 2}}, escpos.Text{S: styled(e, "双宽 ") + "2x1", Style: escpos.Style{Width: 2}},
		escpos.Text{S: styled(e, "三倍 ") + "3x3", Style: escpos.Style{Width: 3, Height: 3}},
		escpos.LeftRight("左 Left", "右 Right", escpos.Style{}),
		escpos.Text{S: "居中 Centre", Style: escpos.Style{Align: escpos.Center}}, escpos.Rule{})
}

// styled is a Chinese word that is to be set bold, large or inverted. Where the encoding
// has none it would be drawn as dots, which take no style but the width: then it is left out.
func styled(e escpos.Encoding, s string) string {
	if e.TwoByte() {
		return s
	}
	return ""
}

// densityBar is four fields of falling grey, in dots that a hot or a worn head shows.
func densityBar(dots int) escpos.Bitmap {
	const high = 32
	b := escpos.NewBitmap(dots, high)
	for x := range dots {
		for y := range high {
			black := true
			switch 4 * x / dots {
			case 1:
				black = x%2 == 0 || y%2 == 0
			case 2:
				black = (x+y)%2 == 0
			case 3:
				black = x%2 == 0 && y%2 == 0
			}
			if black {
				b.Set(x, y)
			}
		}
	}
	return b
}

func addFindings(d *escpos.Document, f Findings) {
	d.Add(escpos.Text{S: "自述 It says of itself", Style: escpos.Style{Bold: true}})
	for _, l := range [][2]string{{"厂商 Maker", f.Maker}, {"型号 Model", f.Model}, {"固件 Firmware", f.Firmware},
		{"序列号 Serial", f.SerialNumber}, {"字库 Font", f.Font}} {
		if l[1] == "" {
			l[1] = "-"
		}
		d.Add(escpos.LeftRight(l[0], l[1], escpos.Style{}))
	}
	d.Add(escpos.Text{S: "测试 What was tried", Style: escpos.Style{Bold: true}})
	for _, l := range []struct {
		name string
		f    Finding
	}{{"实时状态 Real-time", f.RealTime}, {"自动状态 Automatic", f.Automatic}, {"排队状态 Queued", f.Queued},
		{"过程编号 Process ID", f.ProcessID}, {"清除缓冲 Clear", f.Clear}, {"钱箱 Drawer pin", f.Drawer}} {
		d.Add(escpos.LeftRight(l.name, answerWords(l.f), escpos.Style{}))
	}
	switch f.ProcessID.Answer {
	case Yes:
		d.Add(escpos.Text{S: "能证明每张小票已打印。"}, escpos.Text{S: "It proves that each receipt is on paper."})
	case No:
		d.Add(escpos.Text{S: "不能完全证明小票已打印。"}, escpos.Text{S: "It can't fully prove that a receipt is on paper."})
	}
}

func answerWords(f Finding) string {
	switch f.Answer {
	case Yes:
		return fmt.Sprintf("是 yes %d ms", f.Took.Round(time.Millisecond).Milliseconds())
	case No:
		return "否 no"
	}
	return "未测 not tried"
}
