package shop_test

import (
	"bytes"
	"context"
	"image"
	"os"
	"path/filepath"
	"testing"

	"veratill/app/settings"
	"veratill/app/shop"
	"veratill/assets"
	"veratill/escpos"
	"veratill/txn"
)

// A till opens with any article list, says on its first screen what became of it, lists each row that it does not sell and each name
// that its printer can't show, and takes money all the same.
func TestATillOpensWithAnyArticleList(t *testing.T) {
	for name, k := range map[string]struct {
		list                             string
		sold, refused, remarks, unsigned int
		notice                           string
	}{
		"good":       {"code,name,price,tax\n1,Tea,1.00,13\n", 1, 0, 0, 0, ""},
		"bad rows":   {"code,name,price,tax\n1,Tea,1.00,13\n6.9E+12,Milk,1.00,13\n2,,x,13\n", 1, 2, 3, 0, "articles refused"},
		"no columns": {"Tea,1.00\n", 0, 0, 4, 0, "articles none"},
		"missing":    {"", 0, 0, 1, 0, "articles none"},
		"no signs":   {"code,name,price,tax\n1,茶🧾,1.00,13\n2,Tea,1.00,13\n", 2, 0, 0, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := shop.Options{Dir: t.TempDir(), Settings: settings.Default(), Version: "test", AnyDevices: true}
			o.Settings.Till.Catalogue = filepath.Join(t.TempDir(), "list.csv")
			if k.list != "" {
				if err := os.WriteFile(o.Settings.Till.Catalogue, []byte(k.list), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			c, err := open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			a := c.Articles()
			if a.Sold != k.sold || a.Refused != k.refused || len(a.Remarks) != k.remarks || len(a.NoSigns) != k.unsigned || c.About().Notice != k.notice {
				t.Errorf("%+v, and the first screen says %q", a, c.About().Notice)
			}
			if item, sold := c.Catalogue().Find("1"); sold != (k.sold > 0) || sold && (c.NoSign(item.Name.ZH) != "") != (k.unsigned > 0) {
				t.Errorf("%+v, %v: no sign for %q", item, sold, c.NoSign(item.Name.ZH))
			}
			if r := c.PayCash(context.Background(), clerk, cart(550), 1000); r.Charged != txn.ChargedYes {
				t.Errorf("cash: %+v", r)
			}
			c.Till.WaitForPaper()
		})
	}
}

// The virtual paper of a till that prints in Big5 is drawn as that, and without boxes.
func TestVirtualPaperShowsBig5(t *testing.T) {
	o := shop.Options{Dir: t.TempDir(), Settings: settings.Default(), Version: "test", Encoded: filepath.Join(t.TempDir(), "paper.bin")}
	o.Settings.Devices.Encoding, o.Settings.Merchant.Name = "big5", "收據總計便利店"
	c, err := open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.PayCash(context.Background(), clerk, cart(550), 1000)
	c.Till.WaitForPaper()
	until(t, "its paper", func() bool { return len(c.Sheets()) == 1 })
	paper, err := os.ReadFile(o.Encoded)
	if err != nil {
		t.Fatal(err)
	}
	glyphs, err := escpos.NewFontGlyphs(assets.PaperFonts()...)
	if err != nil {
		t.Fatal(err)
	}
	shown, ok := c.Sheets()[0].Picture.(*image.Gray)
	if want := escpos.Decode(paper, escpos.DecodeOptions{Encoding: escpos.Big5}).Picture(glyphs); !ok || !bytes.Equal(shown.Pix, want.Pix) {
		t.Error("the paper on the screen is not what Big5 is")
	}
	if gbk := escpos.Decode(paper, escpos.DecodeOptions{}).Picture(glyphs); bytes.Equal(shown.Pix, gbk.Pix) {
		t.Error("the paper on the screen is read as GBK")
	}
}
