package receipt

import (
	"encoding/json"
	"errors"
	"strings"

	"veratill/txn/money"
)

// pageFacts stands in the page's template where its facts go.
const pageFacts = "{{FACTS}}"

// Page is the page by which anybody checks receipts, with the keys of these tills in it: a template, and the words by language. It asks nobody
// and is one file. The error says that the ring or the template is none.
func (r Ring) Page(template string, words map[string]map[string]string) (string, error) {
	if len(r) == 0 || strings.Count(template, pageFacts) != 1 {
		return "", errors.New("a page needs keys, and a template with one place for them")
	}
	for _, till := range r {
		if err := till.Check(); err != nil {
			return "", err
		}
	}
	digits := map[money.Currency]int{}
	for _, c := range money.Currencies() {
		digits[c] = c.Digits()
	}
	facts, err := json.Marshal(map[string]any{"tills": r, "words": words, "currencies": digits}) // which writes < as \u003c: no text ends the script
	return strings.Replace(template, pageFacts, string(facts), 1), err
}
