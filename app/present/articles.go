package present

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"veratill/txn/sale"
)

// Articles is how the shop's article list stands.
type Articles struct {
	Sold    int           // how many articles can be sold
	Refused int           // how many rows are not
	Remarks []sale.Remark // on each row that is wrong, and on the file
	NoSigns []NoSign      // texts that the printer can't show whole
}

// NoSign is a text of the shop's that the till's printer has no sign for: it prints boxes in their place.
type NoSign struct {
	Of      string // the article's code; a key of the words for any other text, such as "no-sign.merchant"
	Text    string
	Missing string // the characters, each once
}

// Remark puts a remark on an article list into words: where it is, what is wrong, and what to do about it.
func (w *Words) Remark(r sale.Remark) (where, what, next string) {
	var places []string
	if r.Row > 0 {
		places = append(places, w.Text("articles.at-row", "row", strconv.Itoa(r.Row)))
	}
	if r.Column != "" {
		places = append(places, w.Text("articles.at-column", "column", r.Column))
	}
	if r.Code != "" {
		places = append(places, w.Text("articles.at-code", "code", r.Code))
	}
	if len(places) == 0 {
		places = append(places, w.Text("articles.at-file"))
	}
	value := r.Value
	if r.Kind == sale.ColumnMissing || r.Kind == sale.ColumnTwice {
		value = w.Closed("articles.column.", r.Value)
	}
	pairs := []string{"value", value, "other", fmt.Sprint(r.Other)}
	key := "articles." + string(r.Kind)
	return strings.Join(places, " · "), w.Text(key, pairs...), w.Text(key+".next", pairs...)
}

// NoSignOf names a text that the printer can't show whole: the article's code, or what else it is.
func (w *Words) NoSignOf(n NoSign) string {
	if w.Has(n.Of) {
		return w.Text(n.Of)
	}
	return n.Of
}

// ArticlesHead is what the page of the articles says above its list.
func (w *Words) ArticlesHead(a Articles) Message {
	m := Message{Tone: Good, What: w.Counted("articles.sold", a.Sold)}
	switch {
	case a.Refused == 0 && a.Sold == 0 && len(a.Remarks) > 0:
		m.Tone, m.What, m.Next = Warning, w.Text("articles.none"), w.Text("articles.none.next")
	case a.Refused > 0:
		m.Tone, m.What, m.Next = Warning, w.Counted("articles.refused", a.Refused, "sold", strconv.Itoa(a.Sold)), w.Text("articles.refused.next")
	case len(a.NoSigns) > 0:
		m.Tone, m.Next = Warning, w.Text("articles.no-sign.next")
	}
	return m
}

// NoSigns are the texts that a printer can't show whole: of lacks, which says what it has no sign for, each text is asked once.
func NoSigns(items []sale.Item, others map[string]string, lacks func(text string) string) (all []NoSign) {
	for _, of := range slices.Sorted(maps.Keys(others)) {
		if missing := lacks(others[of]); missing != "" {
			all = append(all, NoSign{of, others[of], missing})
		}
	}
	for _, item := range items {
		if missing := lacks(item.Name.ZH + item.Name.EN); missing != "" {
			text := item.Name.ZH
			if text == "" || lacks(text) == "" {
				text = item.Name.EN
			}
			all = append(all, NoSign{item.Code, text, missing})
		}
	}
	return all
}
