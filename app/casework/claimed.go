package casework

import (
	"strconv"
	"strings"
	"time"

	"veratill/app/pdf"
	"veratill/app/present"
	"veratill/txn"
	"veratill/txn/messages"
	"veratill/txn/sale"
)

// claimed is what the first page shows for what the customer says.
func (w writer) claimed() {
	f := w.facts
	switch f.Case.Claim {
	case txn.ClaimDebited:
		w.exchanged()
		w.unprinted()
		w.filed()
	case txn.ClaimTwice:
		w.tries()
		w.others()
		w.filed()
	case txn.ClaimNoRefund:
		w.heading("case.backs")
		w.attempts("case.backs.none", without(f.backs()))
		w.filed()
	case txn.ClaimOtherMeans:
		w.heading("case.tenders")
		w.attempts("", without(f.Parts))
		w.change()
	case txn.ClaimAmount:
		w.heading("case.tenders")
		w.attempts("", without(f.Parts))
		w.exchanged()
		w.filed()
	case txn.ClaimNotAllowed:
		w.heading("case.authorised")
		w.authorised()
		w.exchanged()
	case txn.ClaimNotMe:
		w.heading("case.holder")
		w.holder()
	case txn.ClaimLate:
		w.heading("case.presented")
		w.presented()
		w.filed()
	}
}

// backs are the voids and refunds of the payment, in their order.
func (f Facts) backs() (backs []txn.Attempt) {
	for _, a := range f.Parts {
		if a.Kind.GivesBack() && a.Original == f.Attempt.ID {
			backs = append(backs, a)
		}
	}
	return backs
}

// without are attempts whose goods are known already.
func without(all []txn.Attempt) []Other {
	others := make([]Other, len(all))
	for i, a := range all {
		others[i].Attempt = a
	}
	return others
}

// tries are every attempt to pay the sale: one that was undone beside the one that paid is what a customer means by twice.
func (w writer) tries() {
	var tries []txn.Attempt
	for _, a := range w.facts.Parts {
		//mutant:both-tries-of-a-sale-are-shown
		if a.Kind == txn.Sale {
			tries = append(tries, a)
		}
	}
	w.heading("case.tries")
	if len(tries) == 1 {
		w.doc.Text(w.words.Text("case.tries.one"))
	}
	w.attempts("", without(tries))
}

// others are payments of other sales that may be meant. Without a card's number nobody can tell whose they are.
func (w writer) others() {
	w.heading("case.others")
	none := "case.others.none"
	//mutant:what-can-not-be-looked-up-is-said
	if w.facts.Attempt.Card.Masked == "" {
		none = "case.others.no-card"
	}
	w.attempts(none, w.facts.Others)
}

// attempts are a row each: when, what, how much, what became of it, and its number at the bank.
func (w writer) attempts(none string, all []Other) {
	if len(all) == 0 && none != "" {
		w.doc.Text(w.words.Text(none))
		return
	}
	var rows [][]string
	for _, a := range all[:min(len(all), w.most)] {
		what := w.words.Text("title." + string(a.Tender) + "-" + string(a.Kind))
		if len(a.Goods) > 0 {
			what += ": " + w.named(a.Goods)
		}
		at := time.UnixMilli(a.OpenedMs).Format(time.DateTime)
		rows = append(rows, []string{at, what, present.Money(a.Amount.Minor, a.Amount.Currency), w.words.Text("state." + string(a.State)), "RRN " + or(a.Answer.Shown().RRN)})
	}
	w.doc.Table([]pdf.Column{{Mm: 38}, {}, {Mm: 28, Right: true}, {Mm: 34}, {Mm: 36}}, rows)
	w.cut(len(all) - len(rows))
}

// named are the first goods of a sale.
func (w writer) named(goods []sale.Line) string {
	const most = 3
	var names []string
	for _, l := range goods[:min(len(goods), most)] {
		names = append(names, w.words.Name(l.ShownName()))
	}
	if more := len(goods) - len(names); more > 0 {
		names = append(names, "+"+strconv.Itoa(more))
	}
	return strings.Join(names, ", ")
}

// cut says how many rows are left out, and where they stand.
func (w writer) cut(more int) {
	if more > 0 {
		w.doc.Text(w.words.Counted("case.cut", more))
	}
}

// exchanged is what the bank was asked about the payment and answered, in its order, with times and codes.
func (w writer) exchanged() {
	if !present.HasMessages(w.facts.Matter()) {
		return
	}
	w.heading("case.exchanged")
	all := w.facts.Messages.Messages
	if len(all) == 0 {
		w.doc.Text(w.words.Text("case.exchanged.none", "months", strconv.Itoa(messages.Months)))
		return
	}
	var rows [][]string
	for _, m := range all[:min(len(all), w.most)] {
		row := w.words.MessageRow(m)
		rows = append(rows, []string{time.UnixMilli(m.AtMs).Format(time.DateTime + ".000"), strings.TrimSpace(row.Title + " " + row.Small), present.CodeOf(m), row.State})
	}
	w.doc.Table([]pdf.Column{{Mm: 44}, {}, {Mm: 20}, {Mm: 50}}, rows)
	w.cut(len(all) - len(rows))
}

// unprinted says that no receipt of the payment was printed, where that is so.
func (w writer) unprinted() {
	if paper := w.facts.Matter().Paper(); paper == txn.NoPaper || paper == txn.NotPrinted {
		w.doc.Text(w.words.Text("case.unprinted"))
	}
}

// filed is what the files of banks and providers have of the payment, and of what gave money of it back.
func (w writer) filed() {
	f := w.facts.Filed
	w.heading("case.filed")
	switch {
	case f.Trouble != "":
		w.doc.Text(w.words.Text("case.filed.trouble"))
		return
	case len(f.Items) == 0:
		w.doc.Text(w.words.Text("case.filed.none"))
		return
	}
	var rows [][]string
	for _, i := range f.Items[:min(len(f.Items), w.most)] {
		at := ""
		if ms := i.AtMs(); ms != 0 {
			at = time.UnixMilli(ms).Format(time.DateTime)
		}
		rows = append(rows, []string{at, w.words.FiledLine(i, w.facts.Attempt.Amount.Currency), i.Number()})
	}
	w.doc.Table([]pdf.Column{{Mm: 38}, {}, {Mm: 50}}, rows)
	w.cut(len(f.Items) - len(rows))
}

// change is what was handed over in cash for the sale, and handed back.
func (w writer) change() {
	for _, a := range w.facts.Parts {
		if a.Tender == txn.Cash && a.Kind == txn.Sale && a.ReceivedMinor > 0 {
			c := a.Amount.Currency
			w.fields([]present.Fact{{Label: w.words.Text("pay.received"), Value: present.Money(a.ReceivedMinor, c)}, {Label: w.words.Text("pay.change"), Value: present.Money(a.ChangeMinor, c)}})
		}
	}
}

// authorised is by what a bank's approval is told from anybody else's.
func (w writer) authorised() {
	bank := w.facts.Attempt.Answer.Shown()
	w.fields([]present.Fact{{Label: w.words.Text("fact.approval"), Value: or(bank.ApprovalCode)}, {Label: w.words.Text("fact.response"), Value: or(bank.ResponseCode)},
		{Label: w.words.Text("fact.rrn"), Value: or(bank.RRN)}, {Label: w.words.Text("case.bank-time"), Value: or(bankTime(bank.HostTime))}})
	//mutant:a-mac-is-told-where-there-was-one
	if signed(w.facts.Messages.Messages) {
		w.doc.Text(w.words.Text("case.mac"))
	}
}

// signed reports whether the payment was asked for and approved in messages that carry a MAC (DE64). A line whose bank signs takes no approval without a valid one (acquirer's judge).
func signed(all []messages.Message) bool {
	asked, approved := false, false
	for _, m := range all {
		for _, f := range m.Fields {
			if name, _, _ := strings.Cut(f.Name, " "); name == "DE64" {
				asked = asked || m.Way == messages.Sent
				approved = approved || m.Way == messages.Received && m.Verdict == string(txn.BankApproved)
			}
		}
	}
	return asked && approved
}

// bankTime is a bank's MMDDhhmmss as people read it; as it is where it is another form.
func bankTime(text string) string {
	t, err := time.Parse("0102150405", text)
	if err != nil {
		return text
	}
	return t.Format("01-02 15:04:05")
}

// holder is by what a card's holder can be told: how the card was read, and whether a PIN was asked for.
func (w writer) holder() {
	a := w.facts.Attempt
	mode := w.words.EntryMode(a.Card.EntryMode)
	if mode == "" {
		mode = w.words.Text("case.entry.none")
	}
	w.fields([]present.Fact{{Label: w.words.Text("case.entry"), Value: mode}, {Label: w.words.Text("fact.card"), Value: or(strings.TrimSpace(a.Card.Scheme + " " + a.Card.Masked))}})
}

// presented is when the payment was, when its batch was settled, and when a file had it.
func (w writer) presented() {
	a, s := w.facts.Attempt, w.facts.Settlement
	moment := func(ms int64) string {
		if ms == 0 {
			return "–"
		}
		return time.UnixMilli(ms).Format(time.DateTime)
	}
	facts := []present.Fact{{Label: w.words.Text("case.day"), Value: moment(a.OpenedMs)}, {Label: w.words.Text("case.batch"), Value: strconv.FormatInt(a.Batch, 10)}}
	if s.Batch == 0 {
		w.fields(facts)
		w.doc.Text(w.words.Text("case.settlement.none"))
		return
	}
	w.fields(append(facts, present.Fact{Label: w.words.Text("case.settlement.begun"), Value: moment(s.OpenedMs)}, present.Fact{Label: w.words.Text("case.settlement.ended"), Value: moment(s.EndedMs)},
		present.Fact{Label: w.words.Text("case.settlement.state"), Value: w.words.Text("case.settlement."+string(s.State), "code", s.Code)}))
}

func or(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

func (w writer) life() {
	w.heading("case.life")
	all := w.words.Life(w.facts.Affair())
	var rows [][]string
	for _, f := range all[:min(len(all), w.most)] {
		rows = append(rows, []string{f.Label, f.Value})
	}
	w.doc.Table([]pdf.Column{{Mm: 44}, {}}, rows)
	w.cut(len(all) - len(rows))
}
