package sale

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errCatalogue marks articles that no catalogue can be made of; the text says which.
var errCatalogue = errors.New("catalogue")

// Catalogue finds articles. It is not changed after it was made, so any number
// of goroutines may read it.
type Catalogue struct {
	items  []Item
	keys   []searchKey
	byCode map[string]int
	groups []string
	firsts []Item // the favourites
	// cardLike says that an article has a code that would be taken for a card's number: then each one that would be is looked up first.
	cardLike bool
}

type searchKey struct{ code, key, zh, en, initials string }

// NewCatalogue indexes articles. Two articles of one code are an error.
func NewCatalogue(items []Item) (*Catalogue, error) {
	c := &Catalogue{items: slices.Clone(items), byCode: make(map[string]int, len(items))}
	c.keys = make([]searchKey, 0, len(items))
	seen := map[string]bool{}
	for i, item := range c.items {
		if _, err := price(item, OneE5); err != nil {
			return nil, fmt.Errorf("%w: article %d: %w", errCatalogue, i+1, err)
		}
		key := codeKey(item.Code)
		if _, twice := c.byCode[key]; twice {
			return nil, fmt.Errorf("%w: code %s is there twice", errCatalogue, item.Code)
		}
		c.byCode[key] = i
		c.cardLike = c.cardLike || HoldsCard([]byte(item.Code))
		c.keys = append(c.keys, searchKey{strings.ToLower(item.Code), key, item.Name.ZH,
			strings.ToLower(item.Name.EN), strings.ToLower(item.Initials)})
		if item.Favourite {
			c.firsts = append(c.firsts, item)
		}
		if !seen[item.Group] {
			seen[item.Group] = true
			c.groups = append(c.groups, item.Group)
		}
	}
	return c, nil
}

// Withholds reports whether what was typed or scanned holds a card's number, and is no article of the shop's own.
func (c *Catalogue) Withholds(typed []rune) bool {
	if !HoldsCard(typed) {
		return false
	}
	if c.cardLike {
		if _, own := c.Find(CleanScan(string(typed))); own {
			return false
		}
	}
	return true
}

// Len is the number of articles.
func (c *Catalogue) Len() int { return len(c.items) }

// Find is the article of a code. GTINs are compared as 14 digits: a UPC-A finds its EAN-13 and the other way round, and so do
// a GTIN-14 and the element string of a GS1 code.
func (c *Catalogue) Find(code string) (Item, bool) {
	//mutant:codes-as-14-digits
	i, ok := c.byCode[codeKey(code)]
	if !ok {
		return Item{}, false
	}
	return c.items[i], true
}

// Groups lists the groups in the order in which the catalogue names them first.
func (c *Catalogue) Groups() []string { return slices.Clone(c.groups) }

// Favourites are what stands on the first tiles, in the catalogue's order; none where the list marks none.
func (c *Catalogue) Favourites() []Item { return slices.Clone(c.firsts) }

// InGroup lists a group's articles in the catalogue's order; "" is all.
func (c *Catalogue) InGroup(group string) []Item {
	if group == "" {
		return slices.Clone(c.items)
	}
	var found []Item
	for _, item := range c.items {
		if item.Group == group {
			found = append(found, item)
		}
	}
	return found
}

// Search lists at most limit articles whose code, name or pinyin initials hold
// the text, the best first: whole code, then what begins with the text, then
// what holds it. Within a rank the catalogue's order stays.
func (c *Catalogue) Search(text string, limit int) []Item {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" || limit <= 0 {
		return nil
	}
	key := codeKey(text)
	var ranks [ranked][]int
	for i := range c.keys {
		if r := c.keys[i].rank(text, key); r < ranked && len(ranks[r]) < limit {
			ranks[r] = append(ranks[r], i)
		}
	}
	var found []Item
	for _, rank := range ranks {
		for _, i := range rank {
			if len(found) == limit {
				return found
			}
			found = append(found, c.items[i])
		}
	}
	return found
}

const ranked = 4 // ranks 0–3; ranked itself is "not found"

func (k *searchKey) rank(text, key string) int {
	switch {
	case k.code == text || k.key == key || k.initials == text:
		return 0
	case strings.HasPrefix(k.initials, text) || strings.HasPrefix(k.zh, text) || strings.HasPrefix(k.en, text):
		return 1
	case strings.HasPrefix(k.code, text) || strings.Contains(k.zh, text) || strings.Contains(k.en, " "+text):
		return 2
	case strings.Contains(k.initials, text) || strings.Contains(k.en, text) || strings.HasSuffix(k.code, text):
		return 3
	}
	return ranked
}
