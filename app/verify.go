package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"veratill/app/present"
	"veratill/assets/files"
	"veratill/txn/receipt"
)

// shown are the texts of statements that the words name: texts themselves, files, and - for the input.
func shown(c *call, words []string) (texts []string, err error) {
	for _, word := range words {
		text := []byte(word)
		switch {
		case strings.HasPrefix(word, "VT:"):
		case word == "-":
			text, err = io.ReadAll(io.LimitReader(os.Stdin, mostTextBytes))
		default:
			text, err = files.Read(word, mostTextBytes)
		}
		if err != nil {
			return nil, err
		}
		texts = append(texts, receipt.Lines(string(text))...)
	}
	return texts, nil
}

// verify says of each statement that is shown whether it holds, and of each payment which is the latest.
func (r *checking) verify(c *call, words []string) int {
	say, err := present.NewWords(r.language)
	if err != nil {
		return c.misused("%v", err)
	}
	ring, err := r.ring()
	if err != nil {
		return c.fail(err)
	}
	texts, err := shown(c, words)
	if err != nil {
		return c.fail(err)
	}
	if len(texts) == 0 {
		return c.misused("%s", say.Text("verify.nothing"))
	}
	j := ring.Judge(texts)
	if r.asJSON {
		return max(c.print(verdictOf(j)), codeOf(j))
	}
	for _, p := range j.Payments {
		tellStanding(c, say, p)
	}
	for i, result := range j.Results {
		said := say.Text("verify.holds")
		switch {
		case result.Reason != "":
			said = say.Text("verify.refused") + " " + say.Closed("verify.reason.", string(result.Reason))
		case contradicted(j, result):
			said = say.Text("verify.contradict")
		case !result.Latest:
			said = say.Text("verify.superseded")
		}
		fmt.Fprintf(c.out, "%d: %s\n", i+1, said)
	}
	if len(j.Payments) == 0 {
		return codeOf(j)
	}
	fmt.Fprintf(c.out, "%s: %s\n%s: %s\n", say.Text("verify.proves.title"), say.Text("verify.proves"), say.Text("verify.unknown.title"), say.Text("verify.proves-not"))
	return codeOf(j)
}

func contradicted(j receipt.Judged, r receipt.Result) bool {
	for _, p := range j.Payments {
		if p.Latest.Books == r.Signed.Books && p.Latest.Payment == r.Signed.Payment {
			return p.Contradict
		}
	}
	return false
}

// codeOf is the exit code: 0 where all hold and the payments stand, 10 where all hold and one of them went back whole or was undone, 11 where two
// contradict each other, and else 1.
func codeOf(j receipt.Judged) int {
	code := exitOK
	for _, p := range j.Payments {
		s := p.Latest
		switch {
		case p.Contradict:
			code = exitUnknown
		case code == exitOK && (s.Outcome == receipt.Voided || s.Outcome == receipt.Reversed || s.BackMinor == s.Amount.Minor):
			code = exitDeclined
		}
	}
	for _, r := range j.Results {
		if r.Reason != "" {
			return exitFault
		}
	}
	return code
}

// tellStanding says what the statements of one payment come to.
func tellStanding(c *call, say *present.Words, p receipt.Standing) {
	s := p.Latest
	outcome := "verify.outcome." + strings.ReplaceAll(s.Outcome.String(), " ", "-")
	switch {
	case p.Contradict:
		fmt.Fprintf(c.out, "%s. %s\n", say.Text("verify.contradict"), say.Text("verify.contradict.next"))
		return
	case s.Outcome == receipt.GivenBack && s.BackMinor == s.Amount.Minor:
		outcome = "verify.outcome.given-back-whole"
	}
	fmt.Fprintf(c.out, "%s\n", say.Text(outcome))
	for _, flag := range []struct {
		set bool
		key string
	}{{s.Demo, "verify.demo"}, {s.OtherWay, "verify.other-way"}, {s.ByWord, "verify.by-word"}} {
		if flag.set {
			fmt.Fprintf(c.out, "  %s\n", say.Text(flag.key))
		}
	}
	back := s.Amount
	back.Minor = s.BackMinor
	for _, row := range [][2]string{{"amount", s.Amount.String()}, {"back", back.String()}, {"tender", say.Text("verify.tender." + string(s.Tender))},
		{"time", time.Unix(s.AtSeconds, 0).Format(time.DateTime)}, {"rrn", s.RRN}, {"sale", fmt.Sprint(s.Sale)}, {"payment", fmt.Sprint(int64(s.Payment))},
		{"shop", strings.Trim(strings.Join([]string{p.Till.Name, p.Till.Merchant, p.Till.Terminal}, " · "), " ·")}} {
		if row[1] != "" && (row[0] != "back" || s.BackMinor > 0) {
			fmt.Fprintf(c.out, "  %s: %s\n", say.Text("verify."+row[0]), row[1])
		}
	}
	key := "verify.only-one"
	if p.Count > 1 {
		key = "verify.latest-of"
	}
	fmt.Fprintf(c.out, "  %s %s\n", say.Text(key, "n", fmt.Sprint(p.Count)), say.Text("verify.compare"))
}

// stated is a statement in JSON.
type stated struct {
	Books       string `json:"books"`
	Payment     int64  `json:"payment"`
	Sale        int64  `json:"sale"`
	Order       int64  `json:"order"`
	Outcome     string `json:"outcome"`
	AmountMinor int64  `json:"amountMinor"`
	BackMinor   int64  `json:"backMinor,omitempty"`
	Refunds     int64  `json:"refunds,omitempty"`
	Currency    string `json:"currency"`
	Tender      string `json:"tender"`
	RRN         string `json:"rrn,omitempty"`
	AtMs        int64  `json:"atMs"`
	Demo        bool   `json:"demo,omitempty"`
	OtherWay    bool   `json:"otherWay,omitempty"`
	ByWord      bool   `json:"byWord,omitempty"`
}

func statedOf(s receipt.Statement) *stated {
	return &stated{Books: hex.EncodeToString(s.Books[:]), Payment: int64(s.Payment), Sale: s.Sale, Order: int64(s.Order), Outcome: s.Outcome.String(),
		AmountMinor: s.Amount.Minor, BackMinor: s.BackMinor, Refunds: s.Refunds, Currency: string(s.Amount.Currency), Tender: string(s.Tender), RRN: s.RRN,
		AtMs: s.AtSeconds * 1000, Demo: s.Demo, OtherWay: s.OtherWay, ByWord: s.ByWord}
}

// verdict is the whole answer in JSON.
type verdict struct {
	Results  []judged        `json:"results"`
	Payments []statedPayment `json:"payments"`
}

type judged struct {
	Text      string         `json:"text"`
	Reason    receipt.Reason `json:"reason"` // empty where it holds
	Latest    bool           `json:"latest"`
	Key       string         `json:"key,omitempty"`
	Statement *stated        `json:"statement,omitempty"`
}

type statedPayment struct {
	Latest     *stated `json:"latest"`
	Count      int     `json:"count"`
	Contradict bool    `json:"contradict,omitempty"`
	Shop       string  `json:"shop,omitempty"`
	Merchant   string  `json:"merchant,omitempty"`
	Terminal   string  `json:"terminal,omitempty"`
}

func verdictOf(j receipt.Judged) (v verdict) {
	v.Payments = []statedPayment{}
	for _, r := range j.Results {
		one := judged{Text: r.Text, Reason: r.Reason, Latest: r.Latest}
		if r.Reason == "" {
			one.Key, one.Statement = r.Signed.Key.String(), statedOf(r.Signed.Statement)
		}
		v.Results = append(v.Results, one)
	}
	for _, p := range j.Payments {
		v.Payments = append(v.Payments, statedPayment{statedOf(p.Latest), p.Count, p.Contradict, p.Till.Name, p.Till.Merchant, p.Till.Terminal})
	}
	return v
}
