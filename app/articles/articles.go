// Package articles brings a shop's article list in: the file, whatever a spreadsheet made of it, as text for txn/sale. Nothing
// that is wrong with it is an error: a till takes money and finishes what is owed without a single article.
package articles

import (
	"bytes"

	"veratill/assets"
	"veratill/assets/files"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// mostBytes bounds a list: 100,000 articles are some ten megabytes.
const mostBytes = 64 << 20

// demoCurrency is that of the demonstration's prices.
const demoCurrency = "CNY"

// Read reads the list at path; without one it is the demonstration's. A file that can't be read is a list without articles, and its
// remark says why.
func Read(path string, currency money.Currency) sale.List {
	if path == "" {
		//mutant:prices-keep-their-currency
		if currency != demoCurrency {
			return sale.FileRefused(sale.FileCurrency, demoCurrency)
		}
		return sale.ReadList(assets.DemoCatalogue, currency, nil)
	}
	raw, err := files.Read(path, mostBytes)
	if err != nil {
		return sale.FileRefused(sale.FileMissing, err.Error())
	}
	if isWorkbook(raw) {
		return sale.FileRefused(sale.FileWorkbook, "")
	}
	return sale.ReadList(files.Text(raw), currency, garbled)
}

// isWorkbook reports whether bytes are a spreadsheet's own format: .xlsx and .ods are archives, .xls is a compound file.
func isWorkbook(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte("PK\x03\x04")) || bytes.HasPrefix(raw, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))
}
