package print

import (
	"cmp"
	"slices"

	"veratill/app/settings"
	"veratill/txn/sale"
)

// OptionsOf are what the settings say of paper. Whether it is a demonstration, and of which books, they do not know.
func OptionsOf(s settings.Settings) Options {
	language := both
	if len(s.Receipt.Languages) == 1 {
		language = Language(s.Receipt.Languages[0])
	}
	return Options{
		Language: language, MerchantName: sale.Name{ZH: s.Merchant.Name, EN: cmp.Or(s.Merchant.NameEN, s.Merchant.Name)},
		Footer: s.Receipt.Footer, MerchantCopy: slices.Contains(s.Receipt.Copies, "merchant"),
	}
}
