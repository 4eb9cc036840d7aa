package find

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/txn"
	"veratill/txn/money"
)

// Ground is what a text is read on.
type Ground struct {
	Now    time.Time     // in the till's zone
	Begins time.Duration // when the shop's day begins, after midnight
	Digits int           // of the currency's minor unit: 2 where 80 is 8000
	Last   txn.ID        // the newest attempt
}

// How much is read of what was typed.
const (
	mostRunes = 120
	mostWords = 8
)

// aboutTime is how far from a time that was typed a payment may lie.
const aboutTime = 30 * time.Minute

// How likely a reading is, where a word has several: the fits of Read.
const (
	certain  = 90 // it says itself what it is
	likely   = 60
	possible = 40
	faint    = 15
)

// Read reads what a person typed as everything that it may mean: a term for each word. Words of days and times make one term together. It never fails: what
// is nothing else is looked for among what was sold. No words are no terms.
func Read(text string, on Ground) []Term {
	if runes := []rune(text); len(runes) > mostRunes {
		text = string(runes[:mostRunes])
	}
	text = strings.NewReplacer("。", ".", "，", ",", "、", " ").Replace(text)
	words := strings.Fields(Fold(text))
	m, rest := momentOf(words[:min(len(words), mostWords)], on)
	var terms []Term
	if t := m.term(on); len(t) > 0 {
		terms = append(terms, t)
	}
	named := slices.ContainsFunc(rest, func(w string) bool { return isName(w, m, on) })
	for _, w := range rest {
		t := readWord(w, m, on)
		if named && isDigits(w) && len(w) > 1 { // cola 330
			t = append(t, Reading{Field: Item, Text: w, Fit: possible})
		}
		terms = append(terms, t)
	}
	return terms
}

// isName reports whether a word can only be a name.
func isName(w string, m moment, on Ground) bool {
	return !slices.ContainsFunc(readWord(w, m, on), func(r Reading) bool { return r.Field != Item && r.Field != CashierBegins })
}

// readWord is what a word may mean that is no certain day or time.
func readWord(w string, m moment, on Ground) Term {
	if t, sure := readSigned(w, on); sure {
		return t
	}
	t := slices.Concat(readRange(w, on), readNumber(w, on), readDate(w, m, on), readMeaning(w))
	switch {
	case !isDigits(w):
		t = append(t, Reading{Field: Item, Text: w, Fit: likely - 5}, Reading{Field: CashierBegins, Text: w, Fit: possible})
	case len(w) <= 3: // too short for a code, and names with it are found by their other words
		t = append(t, Reading{Field: CashierBegins, Text: w, Fit: faint})
	case len(w) < 8:
		t = append(t, Reading{Field: Code, Text: w, Fit: possible - 5})
	default:
		t = append(t, Reading{Field: Code, Text: w, Fit: certain})
	}
	if isRRN(w) {
		t = append(t, Reading{Field: RRN, Text: plainRRN(w), Fit: likely + 5})
	}
	return t
}

// isRRN reports whether a word may be a bank's number: letters and digits, six at least.
func isRRN(w string) bool {
	plain := plainRRN(w)
	return len(w) >= 6 && plain != "" && len(plain) <= rrnWidth && strings.ContainsAny(w, "0123456789") &&
		strings.Trim(w, "0123456789abcdefghijklmnopqrstuvwxyz") == ""
}

// readSigned reads a word that says by a sign what it is.
func readSigned(w string, on Ground) (t Term, sure bool) {
	for _, star := range stars {
		if four := strings.TrimLeft(strings.TrimPrefix(w, star), "*•"); strings.HasPrefix(w, star) && isDigits(four) && len(four) == 4 {
			return Term{{Field: LastFour, Text: four, Fit: certain}}, true
		}
	}
	for _, sign := range []string{"stan", "#"} {
		number := strings.TrimLeft(strings.TrimPrefix(w, sign), ":#=")
		if n, ok := numberOf(number); ok && strings.HasPrefix(w, sign) && n >= 1 && n <= txn.STANs {
			return Term{{Field: STAN, Low: n, High: n, Fit: certain}}, true
		}
	}
	if rrn, ok := strings.CutPrefix(w, "rrn"); ok {
		if rrn = plainRRN(strings.TrimLeft(rrn, ":#=")); rrn != "" {
			return Term{{Field: RRN, Text: rrn, Fit: certain}}, true
		}
	}
	for _, coin := range coins {
		number, before := strings.CutPrefix(w, coin)
		if !before {
			var behind bool
			if number, behind = strings.CutSuffix(w, coin); !behind {
				continue
			}
		}
		if t := amounts(number, on, certain); len(t) > 0 {
			return t, true
		}
		if t := readRange(number, on); len(t) > 0 {
			return t, true
		}
	}
	return nil, false
}

// readRange reads two amounts with a sign between them, or one with a sign that leaves the other end open.
func readRange(w string, on Ground) Term {
	for _, sign := range []string{">", "<"} {
		if number, ok := strings.CutPrefix(w, sign); ok {
			low, ok := amountOf(strings.TrimPrefix(number, "="), on)
			if !ok {
				return nil
			}
			if sign == ">" {
				return Term{{Field: Amount, Low: low, High: money.MaxMinor, Fit: certain}}
			}
			return Term{{Field: Amount, Low: 0, High: low, Fit: certain}}
		}
	}
	for _, sign := range ranges {
		from, to, ok := strings.Cut(w, sign)
		if !ok {
			continue
		}
		low, lowOK := amountOf(from, on)
		high, highOK := amountOf(to, on)
		switch {
		case lowOK && highOK:
			//mutant:a-range-has-both-its-ends
			return Term{{Field: Amount, Low: min(low, high), High: max(low, high), Fit: likely + 10}}
		case lowOK && to == "":
			return Term{{Field: Amount, Low: low, High: money.MaxMinor, Fit: likely + 10}}
		case highOK && from == "":
			return Term{{Field: Amount, Low: 0, High: high, Fit: likely + 10}}
		}
	}
	return nil
}

// readNumber reads a word of digits, with a decimal mark perhaps.
func readNumber(w string, on Ground) Term {
	t := amounts(w, on, likely)
	n, whole := numberOf(w)
	if !whole {
		return t
	}
	zero := strings.HasPrefix(w, "0") && len(w) > 1
	if zero {
		for i := range t {
			t[i].Fit = faint
		}
	}
	if len(w) == 4 {
		t = append(t, Reading{Field: LastFour, Text: w, Fit: likely + 5})
	}
	if n >= 1 && n <= txn.STANs {
		fit := faint
		if len(w) == 6 || zero {
			fit = likely + 10
		}
		t = append(t, Reading{Field: STAN, Low: n, High: n, Fit: fit})
	}
	return t
}

// amounts are the amount that a number says, and less likely those that only begin with it: people leave cents out.
func amounts(number string, on Ground, fit int) Term {
	minor, ok := amountOf(number, on)
	if !ok {
		return nil
	}
	t := Term{{Field: Amount, Low: minor, High: minor, Fit: fit}}
	if !strings.ContainsAny(number, ".,") && on.Digits > 0 {
		t = append(t, Reading{Field: Amount, Low: minor, High: minor + power(on.Digits) - 1, Fit: min(fit, possible) - 10})
	}
	return t
}

// amountOf reads an amount in minor units. Comma and point are the decimal mark.
func amountOf(number string, on Ground) (minor int64, ok bool) {
	whole, part, marked := strings.Cut(strings.Replace(number, ",", ".", 1), ".")
	if marked && (part == "" || len(part) > on.Digits) || !isDigits(whole) || part != "" && !isDigits(part) {
		return 0, false
	}
	n, ok := numberOf(whole + part + strings.Repeat("0", on.Digits-len(part)))
	return n, ok && n <= money.MaxMinor
}

func power(digits int) int64 {
	n := int64(1)
	for range digits {
		n *= 10
	}
	return n
}

// readDate reads a word that may be a day and may be something else, such as 11-27.
func readDate(w string, m moment, on Ground) Term {
	if m.day.set {
		return nil
	}
	var t Term
	for _, d := range looseDates(w, on) {
		t = append(t, d.readings(m, on, possible)...)
	}
	return t
}

// readMeaning reads a word of a state, a tender or a void.
func readMeaning(w string) (t Term) {
	for i, m := range meanings[w] {
		for _, text := range m.texts {
			t = append(t, Reading{Field: m.field, Text: text, Fit: certain - 5*i})
		}
	}
	return t
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

func numberOf(text string) (int64, bool) {
	if !isDigits(text) || len(text) > 18 {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}
