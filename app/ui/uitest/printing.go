package uitest

import (
	"context"
	"image"
	"image/color"

	"veratill/app/present"
	"veratill/txn"
)

// Sheets implements present.Virtual.
func (d *Desk) Sheets() []present.Sheet {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]present.Sheet(nil), d.sheets...)
}

// Fault implements present.Virtual.
func (d *Desk) Fault(code string) error {
	d.Change(func(d *Desk) {
		d.note("fault " + code)
		health := present.Attention
		if code == "" {
			health = present.Ready
		}
		d.ChipsNow[1] = present.Chip{Part: present.Printer, Health: health, Code: code, Since: d.Now(), Address: "virtual:"}
	})
	return nil
}

// Reprint implements present.Printing.
func (d *Desk) Reprint(_ context.Context, by txn.Actor, m txn.Matter) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "reprint")
	return present.Result{Attempt: d.attempts[m.Attempt.ID], Bill: d.bills[m.Bill.SaleID], Charged: txn.ChargedYes}
}

// PrintNote implements present.Printing.
func (d *Desk) PrintNote(_ context.Context, by txn.Actor, id txn.ID) present.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "note")
	return present.Result{Attempt: d.attempts[id], Bill: d.bills[d.attempts[id].SaleID], Charged: d.attempts[id].Charged()}
}

// OpenDrawer implements present.Printing.
func (d *Desk) OpenDrawer(_ context.Context, by txn.Actor) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.noteBy(by, "drawer")
	return nil
}

// Drawer implements present.Equipment.
func (d *Desk) Drawer() present.Drawer { return present.DrawerUnknown }

// ReceiptPage implements present.Printing.
func (d *Desk) ReceiptPage(context.Context) (path, key string, err error) {
	return "/var/lib/veratill/check-receipts.html", "56782f29", d.PageError
}

// receipt is a picture with the size and the density of a receipt of n lines.
func receipt(n int) image.Image {
	img := image.NewGray(image.Rect(0, 0, 576, 360+36*n))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	for y := 40; y < img.Rect.Dy()-40; y += 36 {
		for x := 30; x < 540-(y*7)%160; x++ {
			for dy := range 14 {
				if (x/9+dy/5)%3 != 0 {
					img.SetGray(x, y+dy, color.Gray{Y: 0x20})
				}
			}
		}
	}
	return img
}
