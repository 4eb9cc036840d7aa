package present

import (
	"strings"

	"veratill/assets"
	"veratill/txn/receipt"
)

// Signing is whoever signs the till's receipts.
type Signing interface {
	// Till is its public keys, the newest as the last.
	Till() receipt.Till
}

// ReceiptPage is the page by which anybody checks the receipts of these tills, in every language that the program speaks.
func ReceiptPage(ring receipt.Ring) (string, error) {
	words := map[string]map[string]string{}
	for _, language := range assets.Languages {
		all, err := assets.Language(language)
		if err != nil {
			return "", err
		}
		words[language] = map[string]string{}
		for key, text := range all {
			if name, ours := strings.CutPrefix(key, "verify."); ours {
				words[language][name] = text
			}
		}
	}
	return ring.Page(assets.ReceiptPage, words)
}

// PageOf is the page of one till, and the number of the key by which it signs now.
func PageOf(s Signing) (page, key string, err error) {
	till := s.Till()
	page, err = ReceiptPage(receipt.Ring{till})
	if err != nil {
		return "", "", err
	}
	return page, till.Keys[len(till.Keys)-1].ID, nil
}
