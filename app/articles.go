package main

import (
	"context"
	"fmt"

	"veratill/app/articles"
	"veratill/app/doctor"
	"veratill/app/present"
	"veratill/txn/money"
	"veratill/txn/sale"
)

// listedArticle is an article as `articles -json` says it.
type listedArticle struct {
	Code           string    `json:"code"`
	Name           sale.Name `json:"name"`
	Initials       string    `json:"initials,omitempty"`
	Group          string    `json:"group,omitempty"`
	UnitPriceMinor int64     `json:"unitPriceMinor"`
	TaxRatePPM     int64     `json:"taxRatePPM"`
	Unit           sale.Unit `json:"unit"`
	NoSign         string    `json:"noSign,omitempty"` // characters of its name that the printer can't show
}

// articleList is the answer of `articles -json`.
type articleList struct {
	Currency money.Currency  `json:"currency"`
	Sold     int             `json:"sold"`
	Refused  int             `json:"refused"`
	Unread   []string        `json:"unreadColumns,omitempty"`
	Remarks  []sale.Remark   `json:"remarks"`
	Articles []listedArticle `json:"articles"`
}

// listArticles lists what the till sells and every row of the list that it does not, or tries a file before the till has it. It looks
// at no books.
func listArticles(_ context.Context, c *call) int {
	s := place{looking: true}
	s.folder(c)
	asJSON := c.flags.Bool("json", false, "answer in JSON")
	words, code, done := c.parseAround()
	switch {
	case done:
		return code
	case len(words) > 1:
		return c.misused("%q is one word too many: name one file, or none for the till's own list", words[1])
	}
	o, err := s.options()
	if err != nil {
		return c.fail(err)
	}
	path := o.Settings.Till.Catalogue
	if len(words) == 1 {
		path = words[0]
	}
	currency, err := money.ParseCurrency(o.Settings.Till.Currency)
	if err != nil {
		return c.fail(err)
	}
	lacks, err := doctor.Lacks(o.Settings)
	if err != nil {
		fmt.Fprintf(c.errOut, "%s: what the printer can't show is not looked for: %v\n", c.name(), err)
		lacks = func(string) string { return "" }
	}
	list := articles.Read(path, currency)
	if *asJSON {
		code = c.print(articleListOf(list, currency, lacks))
	} else {
		c.tellArticles(list, currency, lacks)
	}
	if !list.Whole() {
		return exitFault
	}
	return code
}

func articleListOf(list sale.List, currency money.Currency, lacks func(string) string) articleList {
	out := articleList{Currency: currency, Sold: list.Len(), Refused: list.Refused(), Unread: list.Unread, Remarks: list.Remarks, Articles: []listedArticle{}}
	if out.Remarks == nil {
		out.Remarks = []sale.Remark{}
	}
	for _, item := range list.InGroup("") {
		out.Articles = append(out.Articles, listedArticle{item.Code, item.Name, item.Initials, item.Group, item.UnitPriceMinor, item.TaxRatePPM, item.Unit,
			lacks(item.Name.ZH + item.Name.EN)})
	}
	return out
}

func (c *call) tellArticles(list sale.List, currency money.Currency, lacks func(string) string) {
	words := present.AnyWords("en")
	for _, item := range list.InGroup("") {
		mark := ""
		if missing := lacks(item.Name.ZH + item.Name.EN); missing != "" {
			mark = "  [" + words.Text("articles.no-sign", "missing", missing) + "]"
		}
		fmt.Fprintf(c.out, "%-14s %12s %s  %s%s\n", item.Code, money.Amount{Minor: item.UnitPriceMinor, Currency: currency}.Figure(), item.Unit, words.Name(item.Name), mark)
	}
	for _, r := range list.Remarks {
		where, what, next := words.Remark(r)
		fmt.Fprintf(c.errOut, "%s: %s. %s\n", where, what, next)
	}
	for _, column := range list.Unread {
		fmt.Fprintf(c.errOut, "column %s is not read\n", column)
	}
	fmt.Fprintf(c.out, "sold: %d, not sold: %d\n", list.Len(), list.Refused())
}
