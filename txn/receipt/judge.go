package receipt

import (
	"cmp"
	"crypto/ed25519"
	"slices"
	"strings"
)

// Reason is why a statement is refused.
type Reason string

// The closed set. The page uses the same words.
const (
	NoStatement    Reason = "no statement"    // the text is none of a till of this kind, or a piece of one
	BadForm        Reason = "bad form"        // it was altered or is damaged: no till writes it so
	UnknownVersion Reason = "unknown version" // a newer till may have written it
	UnknownKey     Reason = "unknown key"     // its key is none of those that are believed
	OtherBooks     Reason = "other books"     // its key is one of another till
	KeyRetired     Reason = "key retired"     // it is newer than its key was in use
	BadSignature   Reason = "bad signature"   // it is forged, or was altered
)

// reasons lists the closed set.
var reasons = []Reason{NoStatement, BadForm, UnknownVersion, UnknownKey, OtherBooks, KeyRetired, BadSignature}

// Result is what is to be thought of one text that was shown.
type Result struct {
	Text   string
	Signed Signed
	Reason Reason // empty where it holds
	Till   Till   // whose it is; zero unless it holds
	Latest bool   // it holds, and nothing that was shown of the same payment is later
}

// Standing is what the statements that were shown of one payment come to.
type Standing struct {
	Latest Statement
	Till   Till
	Count  int // of different statements that hold
	// Contradict says that two of them can't both be of one till: books that were copied, or a key that somebody else has. Then none is believed.
	Contradict bool
}

// Judged is what all that was shown comes to.
type Judged struct {
	Results  []Result
	Payments []Standing // in the order of their first statement
}

// Lines splits what somebody pasted into texts: one a line, without the blanks around them and without empty ones.
func Lines(text string) (lines []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.Trim(line, " \t\r\ufeff"); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// Judge says of each text whether it holds, and of each payment which statement is the latest of those shown.
func (r Ring) Judge(texts []string) (j Judged) {
	for _, text := range texts {
		j.Results = append(j.Results, r.one(text))
	}
	for i, result := range j.Results {
		if result.Reason == "" {
			j.take(i)
		}
	}
	for i, result := range j.Results {
		for _, p := range j.Payments {
			j.Results[i].Latest = j.Results[i].Latest || result.Reason == "" && !p.Contradict && p.Latest == result.Signed.Statement
		}
	}
	return j
}

// one judges a text by itself.
func (r Ring) one(text string) Result {
	result := Result{Text: text}
	result.Signed, result.Reason = Read(text)
	if result.Reason != "" {
		return result
	}
	result.Reason = UnknownKey
	for _, till := range r {
		for _, k := range till.Keys {
			if k.ID != result.Signed.Key.String() {
				continue
			}
			if reason := result.Signed.under(till, k); reason == "" || worse(result.Reason, reason) {
				result.Reason = reason
			}
			if result.Reason == "" {
				result.Till = till
				return result
			}
		}
	}
	return result
}

// worse reports whether a reason says more than the one before, where a key stands in several lists.
func worse(than, reason Reason) bool {
	return slices.Index(reasons, reason) > slices.Index(reasons, than)
}

// under judges a statement by one key.
func (s Signed) under(till Till, k Key) Reason {
	books, err := booksID(till.Books)
	public, keyErr := k.bytes()
	switch {
	case err != nil, keyErr != nil:
		return UnknownKey
	//mutant:a-key-is-of-its-own-books
	case books != s.Books:
		return OtherBooks
	//mutant:a-retired-key-signs-nothing-new
	case k.LastOrder > 0 && s.Order > k.LastOrder:
		return KeyRetired
	//mutant:a-statement-is-signed
	case !ed25519.Verify(public, append([]byte(domain), s.payload...), s.signature):
		return BadSignature
	}
	return ""
}

// take takes a statement that holds into those of its payment.
func (j *Judged) take(i int) {
	s := j.Results[i].Signed.Statement
	at := slices.IndexFunc(j.Payments, func(p Standing) bool { return p.Latest.Books == s.Books && p.Latest.Payment == s.Payment })
	if at < 0 {
		j.Payments = append(j.Payments, Standing{Latest: s, Till: j.Results[i].Till, Count: 1})
		return
	}
	p := &j.Payments[at]
	if slices.ContainsFunc(j.Results[:i], func(r Result) bool { return r.Reason == "" && r.Signed.Statement == s }) {
		return // the same one again: a copy
	}
	p.Count++
	for _, r := range j.Results[:i] {
		o := r.Signed.Statement
		if r.Reason == "" && o.Books == s.Books && o.Payment == s.Payment && contradict(o, s) {
			p.Contradict = true
		}
	}
	//mutant:the-latest-statement-wins
	if s.later(p.Latest) {
		p.Latest, p.Till = s, j.Results[i].Till
	}
}

// later reports whether a statement is of more of the payment's life than another. A refund that a bank ends late has an earlier number than one that
// is counted already: then the order stays, and one more refund is counted. What was undone may be undone again, once a bank approved it late.
func (s Statement) later(than Statement) bool {
	undone := 0
	if s.Outcome == Reversed && than.Outcome == Reversed {
		undone = cmp.Compare(s.AtSeconds, than.AtSeconds)
	}
	//mutant:a-late-refund-makes-a-later-statement
	return cmp.Or(cmp.Compare(s.Order, than.Order), cmp.Compare(s.Outcome, than.Outcome), cmp.Compare(s.Refunds, than.Refunds), undone) > 0
}

// contradict reports whether two different statements of one payment can't both be of one till's books: they say different things of what never
// changes, they are of the same moment, or what went back came back again. Two that count as many refunds up to the same one are of the same moment.
func contradict(a, b Statement) bool {
	if b.later(a) {
		a, b = b, a
	}
	//mutant:statements-of-one-payment-agree
	return a.Sale != b.Sale || a.Amount != b.Amount || a.Tender != b.Tender || a.RRN != b.RRN || a.Demo != b.Demo || !a.later(b) ||
		b.Outcome == Voided || b.Outcome == Reversed && a.Outcome != Reversed || a.BackMinor < b.BackMinor || a.Outcome == GivenBack && a.Refunds < b.Refunds
}
