package cashier

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"veratill/assets"
)

// lexicon knows the sentences of the window again. It reads the catalogue of the language, and asks nobody who writes with it.
type lexicon struct {
	texts map[string]string
	forms map[string]*regexp.Regexp
	kinds map[string][]string // keys that begin so
	heard map[string]sentence // what was found in a text before
}

// sentence is one of the catalogue, with what stands in its gaps.
type sentence struct {
	key  string
	gaps []string
}

func newLexicon(language string) (*lexicon, error) {
	texts, err := assets.Language(language)
	return &lexicon{texts: texts, forms: map[string]*regexp.Regexp{}, kinds: map[string][]string{}, heard: map[string]sentence{}}, err
}

var gap = regexp.MustCompile(`\{[a-z]+\}`)

// Figures as they are shown, without blanks: ¥1,234.50.
const moneyForm = `(−?¥[0-9,]+\.[0-9]{2})`

// amounts are the gaps of the catalogue that hold money.
var amounts = []string{"{amount}", "{paid}", "{taken}", "{rest}", "{change}"}

// form is a sentence of the catalogue as it is found in a squeezed text.
func (l *lexicon) form(key string) *regexp.Regexp {
	if f := l.forms[key]; f != nil {
		return f
	}
	text, known := l.texts[key]
	if !known {
		text = "there is no text " + key
	}
	pattern, at := "", 0
	for _, place := range gap.FindAllStringIndex(text, -1) {
		pattern += regexp.QuoteMeta(squeezed(text[at:place[0]]))
		switch hole := text[place[0]:place[1]]; {
		case slices.Contains(amounts, hole):
			pattern += moneyForm
		case hole == "{n}":
			pattern += `([0-9]+)`
		default:
			pattern += `(.+?)`
		}
		at = place[1]
	}
	l.forms[key] = regexp.MustCompile(pattern + regexp.QuoteMeta(squeezed(text[at:])))
	return l.forms[key]
}

// reads finds a sentence in a squeezed text, and returns what stands in its gaps.
func (l *lexicon) reads(key, text string) (gaps []string, found bool) {
	m := l.form(key).FindStringSubmatch(text)
	if m == nil {
		return nil, false
	}
	return m[1:], true
}

// longest is the longest sentence with a key of a kind that stands in a text: a short one may be within another. The zero
// sentence is none.
func (l *lexicon) longest(text string, kinds ...string) (found sentence) {
	asked := strings.Join(kinds, " ") + "\n" + text
	if known, before := l.heard[asked]; before {
		return known
	}
	length := 0
	for _, kind := range kinds {
		for _, key := range l.keys(kind) {
			if at := l.form(key).FindStringIndex(text); at != nil && at[1]-at[0] > length {
				length = at[1] - at[0]
				gaps, _ := l.reads(key, text)
				found = sentence{key, gaps}
			}
		}
	}
	if len(l.heard) > mostHeard {
		clear(l.heard)
	}
	l.heard[asked] = found
	return found
}

// mostHeard bounds what a long run remembers.
const mostHeard = 50_000

// keys are those that begin with a kind.
func (l *lexicon) keys(kind string) []string {
	if l.kinds[kind] == nil {
		for _, key := range slices.Sorted(maps.Keys(l.texts)) {
			if strings.HasPrefix(key, kind) {
				l.kinds[kind] = append(l.kinds[kind], key)
			}
		}
	}
	return l.kinds[kind]
}

// minor reads money as it is shown, in fen; -1 where it is none.
func minor(text string) int64 {
	digits := strings.NewReplacer("¥", "", ",", "", ".", "").Replace(text)
	negative := strings.HasPrefix(digits, "−")
	n, err := strconv.ParseInt(strings.TrimPrefix(digits, "−"), 10, 64)
	if err != nil {
		return -1
	}
	if negative {
		return -n
	}
	return n
}
