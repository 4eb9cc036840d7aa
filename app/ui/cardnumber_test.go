package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"veratill/txn/sale"
)

// A number or a track that a reader types without sentinels is shown nowhere: not as a code that is unknown, not on the pad, not in the
// search, not where a scanner is tried. What has an Enter behind it and what has none are alike.
func TestACardNumberIsShownNowhere(t *testing.T) {
	for _, typed := range []string{"4111111111111111", "6200000000000005=49121010000000000", "B4111111111111111^SPECIMEN^4912101", "378282246310005", "6222020000000001230"} {
		for name, begin := range map[string]func(c *counter){
			"selling": func(*counter) {}, "searching": func(c *counter) { c.press(fyne.KeyF2) }, "the devices": func(c *counter) { c.devices() },
			"paying": func(c *counter) { c.tile(0); c.press(fyne.KeyF9) }, "waiting for a card": func(c *counter) { c.tile(0); c.press(fyne.KeyF9, fyne.KeyF2) },
		} {
			for _, ended := range []bool{true, false} {
				c := openDefault(t, nil)
				begin(c)
				if ended {
					c.scan(typed)
				} else {
					c.burst(typed)
				}
				c.pass(time.Second)
				for _, shown := range texts(c.till.Window().Canvas().Content()) {
					if strings.Contains(strings.Map(onlyDigits, shown), strings.TrimPrefix(typed, "B")[2:12]) {
						t.Errorf("%s, with Enter %t, while %s: %q is shown", typed, ended, name, shown)
					}
				}
				if c.till.sell.Pad != "" {
					t.Errorf("%s while %s: the pad holds %q", typed, name, c.till.sell.Pad)
				}
				if name == "selling" && c.till.sell.Note.Key != "sell.card-number" {
					t.Errorf("%s, with Enter %t: the cashier is told %q", typed, ended, c.till.sell.Note.Key)
				}
			}
		}
	}
}

// What waits to be told from a scan lies in one piece, which is wiped when it has been told.
func TestTypedCardIsWiped(t *testing.T) {
	c := openDefault(t, nil)
	for _, ended := range []bool{true, false} {
		c.burst("4111111111111111")
		held := c.till.router.held
		if len(held) == 0 || cap(held) <= burstMost {
			t.Fatalf("%d are held in room for %d", len(held), cap(held))
		}
		if ended {
			c.press(fyne.KeyReturn)
		}
		c.pass(time.Second)
		for _, x := range held {
			if x != 0 {
				t.Fatalf("with Enter %t: what was typed is there still", ended)
			}
		}
	}
}

// A shop's own article is sold, also where its code could be a card's number.
func TestOwnCodeThatCouldBeACardIsSold(t *testing.T) {
	own := sale.Item{Code: "4111111111111111", Name: sale.Name{ZH: "自", EN: "own"}, Unit: sale.Piece, UnitPriceMinor: 700}
	catalogue, err := sale.NewCatalogue([]sale.Item{own})
	if err != nil {
		t.Fatal(err)
	}
	if catalogue.Withholds([]rune(own.Code)) || !catalogue.Withholds([]rune("378282246310005")) {
		t.Error("the shop's own code is withheld, or a card's is not")
	}
}

func onlyDigits(x rune) rune {
	if x < '0' || x > '9' {
		return -1
	}
	return x
}

// texts are all that a window shows.
func texts(o fyne.CanvasObject) (all []string) {
	switch o := o.(type) {
	case *canvas.Text:
		return []string{o.Text}
	case *widget.Entry:
		return []string{o.Text}
	case *fyne.Container:
		for _, inner := range o.Objects {
			all = append(all, texts(inner)...)
		}
	case fyne.Widget:
		for _, inner := range o.CreateRenderer().Objects() {
			all = append(all, texts(inner)...)
		}
	}
	return all
}
