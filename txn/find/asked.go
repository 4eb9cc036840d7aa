package find

import (
	"fmt"
	"slices"
	"strings"

	"veratill/txn"
)

// Asked is what a person looks for, field by field: all of what is not empty has to fit. Text is read as Read does; the others say themselves what they are.
type Asked struct {
	Text     string `json:"text,omitempty"`
	Amount   string `json:"amount,omitempty"`   // 12.50, 80-90, 100- or -20
	At       string `json:"at,omitempty"`       // a day, a time or both, such as yesterday 15:00
	LastFour string `json:"lastFour,omitempty"` // digits
	Item     string `json:"item,omitempty"`     // words that one article has all of, or its code
	STAN     string `json:"stan,omitempty"`
	RRN      string `json:"rrn,omitempty"`
	Cashier  string `json:"cashier,omitempty"` // the whole name
	State    string `json:"state,omitempty"`   // one of txn.States, or a word for some of them: unknown, refused, void
	Tender   string `json:"tender,omitempty"`  // one of txn.Tenders, or a word for some
	Limit    int    `json:"limit,omitempty"`
}

// Query is the query that a person asks. The error names what can't be read.
func (a Asked) Query(on Ground) (Query, error) {
	q := Query{Terms: Read(a.Text, on), Limit: a.Limit}
	for _, f := range []struct {
		name, text string
		read       func(text string, on Ground) Term
	}{
		{"amount", a.Amount, exactAmount}, {"time", a.At, wholeMoment}, {"last four", a.LastFour, exactLastFour}, {"item", a.Item, exactItem},
		{"STAN", a.STAN, exactSTAN}, {"RRN", a.RRN, exactRRN}, {"cashier", a.Cashier, exactCashier}, {"state", a.State, wordOf(State, txn.States)}, {"tender", a.Tender, wordOf(Tender, txn.Tenders)},
	} {
		text := Fold(f.text)
		if text == "" {
			continue
		}
		t := f.read(text, on)
		if len(t) == 0 {
			return Query{}, fmt.Errorf("%s: %q can't be read as one", f.name, f.text)
		}
		for i := range t {
			t[i].Fit = certain
		}
		q.Terms = append(q.Terms, t)
	}
	return q, nil
}

func exactAmount(text string, on Ground) Term {
	for _, coin := range coins {
		text = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, coin), coin))
	}
	if minor, ok := amountOf(text, on); ok {
		return Term{{Field: Amount, Low: minor, High: minor}}
	}
	return readRange(strings.ReplaceAll(text, " ", ""), on)
}

func wholeMoment(text string, on Ground) Term {
	m, rest := momentOf(strings.Fields(text), on)
	switch {
	case len(rest) == 0:
		return m.term(on)
	case len(rest) == 1 && !m.day.set:
		return readDate(rest[0], m, on)
	}
	return nil
}

func exactLastFour(text string, _ Ground) Term {
	text = strings.TrimLeft(text, "*•")
	if !isDigits(text) || len(text) != 4 {
		return nil
	}
	return Term{{Field: LastFour, Text: text}}
}

func exactItem(text string, _ Ground) Term { return Term{{Field: Item, Text: text}} }

func exactSTAN(text string, _ Ground) Term {
	n, ok := numberOf(text)
	if !ok || n < 1 || n > txn.STANs {
		return nil
	}
	return Term{{Field: STAN, Low: n, High: n}}
}

func exactRRN(text string, _ Ground) Term {
	if plainRRN(text) == "" {
		return nil
	}
	return Term{{Field: RRN, Text: plainRRN(text)}}
}

func exactCashier(text string, _ Ground) Term { return Term{{Field: Cashier, Text: text}} }

// wordOf reads a word of a closed set, or one that people have for some of them.
func wordOf[W ~string](field Field, set []W) func(text string, _ Ground) Term {
	return func(text string, _ Ground) (t Term) {
		if slices.Contains(set, W(text)) {
			return Term{{Field: field, Text: text}}
		}
		for _, r := range readMeaning(text) {
			if r.Field == field || field == State && r.Field == Kind {
				t = append(t, r)
			}
		}
		return t
	}
}
