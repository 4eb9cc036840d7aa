package present

import (
	"cmp"
	"slices"
	"strings"

	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/messages"
	"veratill/txn/money"
)

// Affair is a payment with what is known of it beside its sale's bill. What a customer or a bank is told of it hangs on all of it.
type Affair struct {
	txn.Matter
	Parts    []txn.Attempt      // every attempt of its sale, in their order; empty where nobody has read them
	Messages []messages.Message // what was exchanged about it, in its order; empty where nothing is kept
	Filed    Filed
}

// Filed is what the files of banks and providers say of a payment, and of what gave money of it back.
type Filed struct {
	Items   []FiledItem `json:"items,omitempty"`
	Trouble string      `json:"trouble,omitempty"` // why files and books could not be compared; empty where they were
}

// FiledItem is what the files say of one attempt.
type FiledItem struct {
	clearing.Item
	Name string `json:"name,omitempty"` // of the first file that speaks of it; empty where none does
}

// Of is what they say of an attempt.
func (f Filed) Of(id txn.ID) (FiledItem, bool) {
	i := slices.IndexFunc(f.Items, func(i FiledItem) bool { return i.Attempt == id && i.Class != clearing.TwiceInFile }) // which counts once
	if i < 0 {
		return FiledItem{}, false
	}
	return f.Items[i], true
}

// Has reports whether a file has a row of it.
func (i FiledItem) Has() bool { return len(i.Rows) > 0 }

// AtMs is when the row is of, in Unix milliseconds; 0 where there is none.
func (i FiledItem) AtMs() int64 {
	if !i.Has() || i.Rows[0].At.IsZero() {
		return 0
	}
	return i.Rows[0].At.UnixMilli()
}

// Number is by what the bank or the provider finds it, as its file has it.
func (i FiledItem) Number() string {
	if !i.Has() {
		return ""
	}
	r := i.Rows[0]
	return cmp.Or(r.RRN, r.ProviderRefund, r.Provider)
}

// amount is what the file has of it.
func (i FiledItem) amount(in money.Currency) string {
	if i.Has() {
		in = cmp.Or(i.Rows[0].Currency, in)
	}
	return Money(i.BankMinor, in)
}

// part is an attempt of the sale as it was read; zero where nobody has read it.
func (m Affair) part(id txn.ID) (a txn.Attempt) {
	for _, p := range m.Parts {
		if p.ID == id {
			a = p
		}
	}
	return a
}

// files are classes of what the files say, for which the books' own word is no answer any more.
var files = map[clearing.Class]string{
	clearing.Kept:     "file-kept",    // declined, undone or voided here, and the bank has it
	clearing.Twice:    "file-twice",   // one payment here, and two there
	clearing.Refused:  "file-refused", // approved here, and nothing was taken there
	clearing.State:    "file-back",    // stands here, and was given back there
	clearing.Amount:   "file-differs",
	clearing.Currency: "file-differs",
}

// filed is the verdict where the files say something else than the books; empty where they agree, or say nothing. A cash payment is in no file.
func (m Affair) filed() string {
	item, there := m.Filed.Of(m.Attempt.ID)
	//mutant:a-verdict-asks-the-files
	if !there {
		return ""
	}
	return files[item.Class]
}

// verdictOf is where the money of a payment is, as far as a dispute about it goes: one of a closed set of words.
func verdictOf(m Affair) string {
	a := m.Attempt
	back := m.Bill.BackOf(a.ID)
	gone := a.State == txn.Voided || a.Concluded() && back.UnknownMinor == 0 && back.LeftMinor == 0
	some := gone || a.Concluded() && back.RefundedMinor+back.UnknownMinor > 0
	if word := m.filed(); word != "" {
		return word
	}
	switch charged := m.Charged(); {
	case a.Tender == txn.External:
		return elsewhere(a, some)
	//mutant:what-no-bank-had-is-told-so
	case a.Tender.AtOnce() && some:
		return string(a.Tender) + "-back"
	case a.Tender.AtOnce():
		return string(a.Tender)
	case a.State == txn.Kept:
		return "kept"
	case charged == txn.ChargedUnknown && a.State == txn.Unresolved:
		return "unresolved"
	//mutant:a-verdict-is-the-journals
	case charged == txn.ChargedUnknown:
		return "unknown"
	case gone:
		return "back"
	case some:
		return "back-part"
	case charged == txn.ChargedYes:
		return "paid"
	case a.State == txn.Declined:
		return "refused"
	}
	return "undone"
}

// elsewhere is the verdict of a payment at a terminal that stands alone: by a person's word, and by what they said that it showed. back reports whether money of
// it went back, or may have.
func elsewhere(a txn.Attempt, back bool) string {
	switch {
	//mutant:a-terminal-that-declined-is-told-so
	case a.State == txn.Declined:
		return "elsewhere-refused"
	case a.Open():
		return "elsewhere-open"
	//mutant:what-went-back-is-not-called-paid
	case back:
		return "elsewhere-back"
	case a.State == txn.Claimed && a.Cleared != "":
		return "cleared"
	}
	return "elsewhere"
}

// wayOfTender is how money goes back by a tender, as a sentence names it.
var wayOfTender = map[txn.Tender]string{txn.Cash: "cash", txn.Exchange: "goods", txn.External: "terminal", txn.Voucher: "voucher"}

// waysBack sums what went back of a payment by its way, in the order in which it began.
func waysBack(m Affair) (ways []string, minor map[string]int64) {
	minor = map[string]int64{}
	add := func(by txn.Tender, amountMinor int64) {
		way := cmp.Or(wayOfTender[by], "line")
		if minor[way] == 0 {
			ways = append(ways, way)
		}
		minor[way] += amountMinor
	}
	for _, p := range m.Bill.Parts {
		switch {
		case p.ID == m.Attempt.ID && p.State == txn.Voided:
			add(p.Tender, p.AmountMinor)
		case p.Original == m.Attempt.ID && p.Kind == txn.Refund && (p.State == txn.Approved || p.State == txn.Claimed):
			add(p.Tender, p.AmountMinor)
		}
	}
	return ways, minor
}

// wayBack is how money of a payment went back: "" to where it came from, all of it in cash or in goods, in several ways, or not yet for certain.
func wayBack(m Affair) string {
	ways, minor := waysBack(m)
	asked := m.Bill.BackOf(m.Attempt.ID).UnknownMinor > 0
	switch {
	case len(ways) == 0 && asked:
		return ".asked"
	//mutant:goods-back-are-told
	case len(ways) == 1 && minor["goods"] > 0:
		return ".goods"
	//mutant:cash-back-is-told
	case len(ways) == 1 && minor["cash"] > 0:
		return ".cash"
	case minor["cash"]+minor["goods"] > 0:
		return ".mixed"
	}
	return ""
}

// ways says what went back, each way with its sum.
func (w *Words) ways(m Affair) string {
	ways, minor := waysBack(m)
	said := make([]string, len(ways))
	for i, way := range ways {
		said[i] = w.Text("way."+way, "amount", Money(minor[way], m.Attempt.Amount.Currency))
	}
	between := "; "
	if w.language == "zh" {
		between = "，"
	}
	return strings.Join(said, between)
}
