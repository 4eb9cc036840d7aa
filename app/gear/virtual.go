package gear

import (
	"errors"
	"fmt"
	"image"
	"strconv"
	"sync"
	"time"

	"veratill/app/present"
	"veratill/assets"
	"veratill/devices/printer"
	"veratill/devices/reader"
	"veratill/escpos"
	"veratill/txn/sale"
)

// sheet is one paper of the virtual printer; its picture is made when it is looked at.
type sheet struct {
	printID  int64
	at       time.Time
	bytes    []byte
	paper    escpos.Paper
	encoding escpos.Encoding
	picture  image.Image
}

// sheetsKept bounds the paper that the virtual printer remembers.
const sheetsKept = 30

func (g *Gear) keepSheet(p printer.Paper, paper escpos.Paper, encoding escpos.Encoding) {
	g.mu.Lock()
	g.sheets = append(g.sheets, sheet{printID: g.pressing, at: g.config.Now(), bytes: p.Bytes, paper: paper, encoding: encoding})
	if len(g.sheets) > sheetsKept {
		g.sheets = append([]sheet(nil), g.sheets[len(g.sheets)-sheetsKept:]...)
	}
	printID := g.pressing
	g.mu.Unlock()
	if g.config.Paper != nil {
		g.config.Paper(printID)
	}
	g.config.Changed()
}

// screenGlyphs draws paper on the screen; the fonts are read once, when the first paper is looked at. What can't be read is boxes.
var screenGlyphs = sync.OnceValue(func() *escpos.FontGlyphs {
	glyphs, _ := escpos.NewFontGlyphs(assets.PaperFonts()...)
	return glyphs
})

// Sheets implements present.Virtual.
func (g *Gear) Sheets() []present.Sheet {
	glyphs := screenGlyphs()
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []present.Sheet
	for i := range g.sheets {
		s := &g.sheets[i]
		if s.picture == nil {
			s.picture = escpos.Decode(s.bytes, escpos.DecodeOptions{Paper: s.paper, Encoding: s.encoding}).Picture(glyphs)
		}
		all = append(all, present.Sheet{PrintID: s.printID, At: s.at, Picture: s.picture})
	}
	return all
}

// Fault implements present.Virtual.
func (g *Gear) Fault(code string) error {
	emulator := g.inUse().emulator
	if emulator == nil {
		return errors.New("only the virtual printer has faults to choose")
	}
	var k printer.Condition
	switch code {
	case "":
	case "paper out":
		k.PaperOut = true
	case "near end", "paper near":
		k.PaperNearEnd = true
	case "cover open":
		k.CoverOpen = true
	case "offline":
		k.Offline = true
	default:
		return fmt.Errorf("the virtual printer has no fault %q", code)
	}
	emulator.Set(k)
	return nil
}

// TestCards implements present.Virtual.
func (g *Gear) TestCards() []present.TestCard {
	if g.inUse().chooser == nil || !g.config.Demo {
		return nil
	}
	var all []present.TestCard
	for i, d := range reader.DemoCards() {
		all = append(all, present.TestCard{ID: strconv.Itoa(i), Scheme: string(d.Scheme), Masked: "**** " + d.Last4, Name: demoNames[d.Kind]})
	}
	return all
}

// demoNames say what becomes of a payment with a demonstration card.
var demoNames = map[reader.DemoKind]sale.Name{
	reader.DemoGood:      {ZH: "银行通过", EN: "approved"},
	reader.DemoNoMoney:   {ZH: "余额不足", EN: "not enough money"},
	reader.DemoRefused:   {ZH: "银行拒绝", EN: "refused by the bank"},
	reader.DemoSilent:    {ZH: "已扣款，银行不应答", EN: "booked, no answer"},
	reader.DemoLate:      {ZH: "已扣款，应答太晚", EN: "booked, answered too late"},
	reader.DemoCut:       {ZH: "已扣款，线路中断", EN: "booked, line cut"},
	reader.DemoUnsent:    {ZH: "银行收到前线路中断", EN: "line cut before the bank has it"},
	reader.DemoUntrusted: {ZH: "已扣款，应答不可信", EN: "booked, answer not to be trusted"},
	reader.DemoChip:      {ZH: "芯片卡，刷了磁条", EN: "chip card, swiped"},
	reader.DemoExpired:   {ZH: "过期卡", EN: "expired card"},
	reader.DemoDamaged:   {ZH: "磁条损坏", EN: "damaged stripe"},
}

// PresentCard implements present.Virtual.
func (g *Gear) PresentCard(id string) error {
	chooser := g.inUse().chooser // once: the reader may be exchanged meanwhile
	//mutant:test-cards-pay-nothing-real
	if chooser == nil || !g.config.Demo { // settings that name no reader bring no test cards to a bank
		return errors.New("the reader has no card chooser")
	}
	i, err := strconv.Atoi(id)
	cards := reader.DemoCards()
	if err != nil || i < 0 || i >= len(cards) {
		return errors.New("there is no such card")
	}
	card, err := cards[i].Swipe()
	if err != nil {
		return err
	}
	if !chooser.Present(card) {
		return errors.New("nobody waits for a card now")
	}
	return nil
}
