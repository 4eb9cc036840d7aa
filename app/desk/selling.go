package desk

import (
	"veratill/app/present"
	"veratill/txn/sale"
)

// Catalogue implements present.Selling.
func (d *Desk) Catalogue() present.Catalogue { return d.config.Articles.Catalogue }

// Articles implements present.Selling.
func (d *Desk) Articles() present.Articles {
	list, s := d.config.Articles, d.gear.Settings()
	return present.Articles{Sold: list.Len(), Refused: list.Refused(), Remarks: list.Remarks,
		NoSigns: present.NoSigns(list.InGroup(""), s.Texts(), d.NoSign)}
}

// NoSign implements present.Selling.
func (d *Desk) NoSign(text string) string { return d.gear.NoSign(text) }

// Cart implements present.Selling.
func (d *Desk) Cart() *sale.Cart { return d.cart }

// Picture implements present.Selling.
func (d *Desk) Picture(name string) ([]byte, error) { return d.config.Picture(name) }
