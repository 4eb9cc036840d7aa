package present

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/clearing"
	"veratill/txn/money"
)

// Bill is a file that may be one.
type Bill struct {
	Name, Path string
	Folder     string // the last part of where it lies
	At         time.Time
}

// TriedFile is a file that was read.
type TriedFile struct {
	Name     string
	File     clearing.File
	SHA256   string // hex, of the file as it lies there
	Known    bool   // it was taken in before
	Lost     bool   // it was taken in before, and its copy is gone
	Standing clearing.Standing
}

// MayTake reports whether taking it in would do anything: one that was taken in before may still end a refund.
func (f TriedFile) MayTake() bool { return !f.Known || len(f.Standing.Refunds()) > 0 }

// toneOfClass is how a class looks in a list: what may be lost money is red, what nobody knows yet is violet.
func toneOfClass(c clearing.Class) Tone {
	switch c {
	case clearing.Kept, clearing.Twice, clearing.Refused, clearing.Overdue:
		return Bad
	case clearing.Unknown, clearing.BankOnly:
		return Unknown
	case clearing.Timing:
		return Waiting
	case clearing.Matched, clearing.Netted:
		return Good
	case clearing.Anothers:
		return Muted
	}
	return Warning
}

// DifferenceRow puts a difference into a row of a list.
func (w *Words) DifferenceRow(d clearing.Difference, c money.Currency) EntryRow {
	row := EntryRow{Time: d.At.Format("01-02 15:04"), Title: w.Class(d.Class), Tone: toneOfClass(d.Class), Amount: Money(shownMinor(d), c)}
	row.Small = joined(w.Closed("format.", string(d.Format)), w.differenceOf(d))
	row.State = w.Text("difference.open")
	if d.Answer != nil {
		row.State = joined(d.Answer.Owner, d.Answer.Due)
	}
	if d.Class == clearing.Timing {
		row.State = w.Text("difference.waits")
	}
	return row
}

// DayLineRow puts one day of one provider into a row: what the file has on the right, what the till has and what comes below it.
func (w *Words) DayLineRow(d clearing.DayLine, c money.Currency) EntryRow {
	if d.Format == "" {
		return EntryRow{Time: d.Day, Title: w.Closed("tender.", string(d.Tender)), Tone: Plain, Amount: Money(d.Till.AmountMinor, c),
			State: w.Text("reconciling.day.till-only"), Small: w.Closed("reconciling.day.no-file.", string(d.Tender))}
	}
	row := EntryRow{Time: d.Day, Title: w.Closed("format.", string(d.Format)), Tone: Good, Amount: Money(d.Bank.AmountMinor, c), State: w.Text("reconciling.day.agrees"),
		Small: w.Text("reconciling.day.sums", "till", Money(d.Till.AmountMinor, c), "fee", Money(d.FeeMinor, c), "net", Money(d.NetMinor, c))}
	if d.Arrives != "" {
		row.Small = joined(row.Small, w.Text("reconciling.day.arrives", "day", d.Arrives))
	}
	if d.Differences > 0 {
		row.Tone, row.State = Warning, w.Counted("reconciling.day.differs", int(d.Differences))
	}
	return row
}

// shownMinor is the amount by which a difference is told: the file's, or where it has none the till's.
func shownMinor(d clearing.Difference) int64 {
	if len(d.Rows) > 0 && d.Class != clearing.Amount {
		return d.BankMinor
	}
	return d.TillMinor
}

// differenceOf names what a difference is about.
func (w *Words) differenceOf(d clearing.Difference) string {
	if d.Attempt != 0 {
		return w.stan(d.Attempt)
	}
	return w.Text("difference.line", "n", strconv.Itoa(d.Rows[0].Line))
}

// Class is a class of differences in words.
func (w *Words) Class(c clearing.Class) string { return w.Text("class." + slug(string(c))) }

// Difference says what differs and what to do about it.
func (w *Words) Difference(d clearing.Difference, c money.Currency) Message {
	key := "class." + slug(string(d.Class))
	pairs := []string{"till", Money(d.TillMinor, c), "bank", Money(d.BankMinor, c), "fee", c.Symbol() + clearing.FeeFigure(d.FeeE3, c), "due", c.Symbol() + clearing.FeeFigure(d.DueE3, c)}
	return Message{Tone: toneOfClass(d.Class), What: w.Text(key), Charged: w.Text(key+".says", pairs...), Next: w.Text(key+".next", pairs...)}
}

// DifferenceFacts are what both sides have of it, in two columns.
func (w *Words) DifferenceFacts(d clearing.Difference, c money.Currency) (facts []Fact) {
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, Fact{Label: w.Text(key), Value: value})
		}
	}
	add("fact.opened", d.At.Format("2006-01-02 15:04:05"))
	if d.Attempt != 0 {
		add("difference.till", Money(d.TillMinor, c))
		add("fact.state", w.Text("state."+slug(string(d.State))))
		add("fact.number", w.stan(d.Attempt))
	}
	for _, r := range d.Rows {
		add("difference.bank", Money(r.AmountMinor, r.Currency))
		add("difference.number", joined(r.Provider, r.ProviderRefund))
		add("difference.order", joined(r.Order, r.RefundOrder))
		add("difference.rrn", r.RRN)
		add("difference.terminal", joined(r.Terminal, r.Merchant))
	}
	if a := d.Answer; a != nil {
		add("difference.owner", a.Owner)
		add("difference.due", a.Due)
		add("difference.said", a.Said)
		add("difference.note", a.Note)
		key := "difference.answered"
		if a.Closed {
			key = "difference.closed"
		}
		if a.AtMs > 0 {
			add(key, time.UnixMilli(a.AtMs).Format(time.DateOnly))
		}
	}
	return facts
}

// ReconcilingHead sums up what stands.
func (w *Words) ReconcilingHead(s clearing.Standing, c money.Currency) Message {
	open, waits := 0, 0
	for _, d := range s.Items {
		switch {
		case d.Class == clearing.Timing:
			waits++
		case d.Open:
			open++
		}
	}
	m := Message{Tone: Good, What: w.Text("reconciling.agrees"), Next: w.Text("reconciling.agrees.next")}
	switch {
	case len(s.Files) == 0:
		return Message{Tone: Plain, What: w.Text("reconciling.none"), Next: w.Text("reconciling.none.next")}
	case open > 0:
		m = Message{Tone: Warning, What: w.Counted("reconciling.open", open), Next: w.Text("reconciling.open.next")}
	}
	if waits > 0 {
		m.Charged = w.Counted("reconciling.waits", waits)
	}
	newest := s.Files[len(s.Files)-1]
	m.Small = w.Text("reconciling.newest", "name", newest.Name, "from", newest.From, "to", newest.To)
	m.Small = joined(m.Small, w.classSums(s, c))
	//mutant:a-file-that-is-gone-is-no-agreement
	if len(s.Missing) > 0 {
		m.Tone, m.Charged, m.What = Warning, joined(m.What, m.Charged), w.Counted("reconciling.lost", len(s.Missing))
		m.Next = w.Text("reconciling.missing", "names", strings.Join(s.Missing, ", "))
	}
	return m
}

// classSums are count and sum of each class that somebody has to look at: the file's sum, or where no file speaks of it the till's.
func (w *Words) classSums(s clearing.Standing, c money.Currency) string {
	var lines []string
	for _, sum := range s.Sums {
		if !sum.Class.Differs() {
			continue
		}
		minor := sum.BankMinor
		if sum.Class == clearing.Timing || sum.Class == clearing.Overdue {
			minor = sum.TillMinor
		}
		lines = append(lines, w.Text("reconciling.sum", "class", w.Class(sum.Class), "n", strconv.FormatInt(sum.Count, 10), "sum", Money(minor, c)))
	}
	return strings.Join(lines, " · ")
}

// TriedHead says what a file has.
func (w *Words) TriedHead(f TriedFile) Message {
	c := f.File.Currency
	m := Message{Tone: Plain, What: w.Text("billfile.found", "format", w.Closed("format.", string(f.File.Format)), "from", f.File.From, "to", f.File.To),
		Charged: w.Text("billfile.sums", "paid", Money(f.File.Paid.AmountMinor, c), "n", strconv.FormatInt(f.File.Paid.Count, 10), "back", Money(f.File.Back.AmountMinor, c), "fee", Money(f.File.FeeMinor, c), "net", Money(f.File.NetMinor(), c)),
		Next:    w.Text("billfile.take.next")}
	open := 0
	for _, d := range f.Standing.Items {
		if d.Open && d.Class != clearing.Timing {
			open++
		}
	}
	m.Small = w.Counted("billfile.differs", open)
	if f.File.OwnSums > 0 {
		m.Small = joined(w.Text("billfile.own"), m.Small)
	}
	m.Small = joined(m.Small, w.besides(f.File))
	switch {
	case f.Known && f.MayTake():
		m.Tone, m.Next = Warning, w.Text("billfile.ends")
	case f.Known:
		m.Tone, m.Next = Muted, w.Text("billfile.known")
	case f.Lost:
		m.Tone, m.Next = Warning, w.Text("billfile.lost")
	}
	return m
}

// besides says what of a file is no payment: by the file's own words, and what moved nothing.
func (w *Words) besides(f clearing.File) string {
	var words []string
	n := int64(0)
	for _, word := range slices.Sorted(maps.Keys(f.Others)) {
		if n += f.Others[word]; word != "" {
			words = append(words, word)
		}
	}
	var all []string
	//mutant:rows-that-are-no-payments-are-told
	if n > 0 {
		all = append(all, w.Counted("billfile.others", int(n), "words", strings.Join(words, ", ")))
	}
	if f.Failed > 0 {
		all = append(all, w.Counted("billfile.failed", int(f.Failed)))
	}
	return strings.Join(all, " ")
}

// reply is what a bank answers about a difference.
type reply struct {
	Key  string // of its word, behind "reply."
	Said string // the scheme's name, which the books keep
}

// Replies are those of UnionPay.
var Replies = []reply{{"credit", "贷记调整"}, {"present", "请款"}, {"back", "退单"}, {"again", "再请款"}}

// ErrRefundOpen says that a file was taken, and that a refund of which nobody knew, and that it has, could not be ended by it.
var ErrRefundOpen = errors.New("the file was taken, and a refund that it has is still open: take it in once more")

// FileRefused says why a file was not taken, or not wholly.
func FileRefused(err error) Note {
	//mutant:a-file-that-was-taken-is-told-so
	if errors.Is(err, ErrRefundOpen) {
		return Note{Tone: Warning, Key: "billfile.refund-open", Detail: err.Error()}
	}
	var refused *clearing.RefusedError
	if errors.As(err, &refused) {
		return Note{Tone: Bad, Key: "billfile.trouble." + slug(string(refused.Trouble)), Detail: err.Error(), Pairs: []string{"line", strconv.Itoa(refused.Line), "column", refused.Column}}
	}
	return Note{Tone: Bad, Key: "billfile.refused", Detail: err.Error()}
}

// AnswerOf is the answer that a person begins from: the one that stands, or an empty one of theirs.
func AnswerOf(d clearing.Difference, who string) txn.Answered {
	if d.Answer != nil {
		return *d.Answer
	}
	return txn.Answered{Key: d.Key, Class: string(d.Class), Owner: who}
}
