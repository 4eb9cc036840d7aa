package doctor

import (
	"fmt"
	"strings"

	"veratill/app/articles"
	"veratill/app/present"
	"veratill/app/settings"
	"veratill/assets"
	"veratill/escpos"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// mostListed bounds what the page says of one list; veratill articles says all of it.
const mostListed = 20

// articlesOf checks the article list: what of it is not sold, row by row, and what the printer has no sign for.
func articlesOf(s settings.Settings) []Check {
	currency, err := money.ParseCurrency(s.Till.Currency)
	if err != nil {
		return []Check{{"currency", Bad, err.Error()}}
	}
	list := articles.Read(s.Till.Catalogue, currency)
	sum := Check{"articles", Good, fmt.Sprintf("sold: %d", list.Len())}
	if !list.Whole() {
		sum.Level, sum.Detail = Warning, fmt.Sprintf("sold: %d, not sold: %d; payments and the day go on", list.Len(), list.Refused())
	}
	checks := []Check{sum}
	words := present.AnyWords("en")
	for i, r := range list.Remarks {
		if i == mostListed {
			checks = append(checks, Check{"articles", Warning, fmt.Sprintf("%d more: veratill articles lists them all", len(list.Remarks)-i)})
			break
		}
		where, what, next := words.Remark(r)
		checks = append(checks, Check{"articles", Warning, where + ": " + what + ". " + next})
	}
	return append(checks, signs(s, list)...)
}

// Lacks is what the printer of the settings has no sign for in a text. The font draws what the printer's encoding lacks; what that
// lacks too is a box. The error is of an encoding that is none.
func Lacks(s settings.Settings) (func(text string) string, error) {
	encoding, err := escpos.ParseEncoding(s.Devices.Encoding)
	if err != nil {
		return nil, err
	}
	glyphs, _ := escpos.NewFontGlyphs(assets.PaperFonts()...) // one that can't be read is told by itself
	encoder, err := escpos.NewEncoder(escpos.Profile{Encoding: encoding, Glyphs: glyphs})
	if err != nil {
		return nil, err
	}
	return encoder.Lacks, nil
}

// signs says once what the printer has no sign for, and where that stands.
func signs(s settings.Settings, list sale.List) []Check {
	lacks, err := Lacks(s)
	if err != nil {
		return []Check{{"printer encoding", Bad, err.Error()}}
	}
	words := present.AnyWords("en")
	found := present.NoSigns(list.InGroup(""), s.Texts(), lacks)
	if len(found) == 0 {
		return []Check{{"printer's signs", Good, "it has one for every character of the articles and the shop's texts"}}
	}
	var all string
	var where []string
	for i, n := range found {
		for _, r := range n.Missing {
			if !strings.ContainsRune(all, r) {
				all += string(r)
			}
		}
		switch {
		case i < mostListed:
			where = append(where, words.NoSignOf(n)+" ("+n.Text+")")
		case i == mostListed:
			where = append(where, fmt.Sprintf("%d more: veratill articles lists them all", len(found)-i))
		}
	}
	return []Check{{"printer's signs", Warning, fmt.Sprintf("in %s it has none for %s, and prints a box: %s", s.Devices.Encoding, all, strings.Join(where, ", "))}}
}
