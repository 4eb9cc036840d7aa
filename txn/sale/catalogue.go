package sale

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"veratill/txn/money"
)

// errCatalogue marks a catalogue that can't be read; the text says which line.
var errCatalogue = errors.New("catalogue")

// Catalogue finds articles. It is not changed after it was made, so any number
// of goroutines may read it.
type Catalogue struct {
	items  []Item
	keys   []searchKey
	byCode map[string]int
	groups []string
	// cardLike says that an article has a code that would be taken for a card's number: then each one that would be is looked up first.
	cardLike bool
}

type searchKey struct{ code, zh, en, initials string }

// NewCatalogue indexes articles. Two articles of one code are an error.
func NewCatalogue(items []Item) (*Catalogue, error) {
	c := &Catalogue{items: slices.Clone(items), byCode: make(map[string]int, len(items))}
	c.keys = make([]searchKey, 0, len(items))
	seen := map[string]bool{}
	for i, item := range c.items {
		if _, err := price(item, OneE5); err != nil {
			return nil, fmt.Errorf("%w: article %d: %w", errCatalogue, i+1, err)
		}
		if _, twice := c.byCode[item.Code]; twice {
			return nil, fmt.Errorf("%w: code %s is there twice", errCatalogue, item.Code)
		}
		c.byCode[item.Code] = i
		c.cardLike = c.cardLike || HoldsCard([]byte(item.Code))
		c.keys = append(c.keys, searchKey{strings.ToLower(item.Code), item.Name.ZH,
			strings.ToLower(item.Name.EN), strings.ToLower(item.Initials)})
		if !seen[item.Group] {
			seen[item.Group] = true
			c.groups = append(c.groups, item.Group)
		}
	}
	return c, nil
}

// ReadCatalogue reads CSV with the header
// code,zh,en,initials,group,price,tax,unit: price is a plain figure in currency,
// tax in per cent with at most 4 decimals, unit "kg" for what is weighed and empty, or "piece", for pieces.
func ReadCatalogue(r io.Reader, currency money.Currency) (*Catalogue, error) {
	rows := csv.NewReader(r)
	rows.FieldsPerRecord = 8
	rows.Comment = '#'
	if _, err := rows.Read(); err != nil {
		return nil, fmt.Errorf("%w: header: %w", errCatalogue, err)
	}
	var items []Item
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return NewCatalogue(items)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errCatalogue, err)
		}
		item, err := itemOf(row, currency)
		if err != nil {
			line, _ := rows.FieldPos(0)
			return nil, fmt.Errorf("%w: line %d: %w", errCatalogue, line, err)
		}
		items = append(items, item)
	}
}

// percentPlaces is how many decimals of a per cent make parts per million.
const percentPlaces = 4

func itemOf(row []string, currency money.Currency) (Item, error) {
	amount, err := money.Parse(row[5], currency)
	if err != nil {
		return Item{}, err
	}
	ratePPM, err := money.ParseFixed(row[6], percentPlaces)
	if err != nil {
		return Item{}, fmt.Errorf("tax rate: %w; write it in per cent with at most %d decimals, such as 13 or 8.875", err, percentPlaces)
	}
	unit := Unit(row[7])
	if unit == "" {
		unit = Piece
	}
	if !slices.Contains(Units, unit) {
		return Item{}, fmt.Errorf("unit %q is not known: write kg for what is weighed, and nothing for pieces", row[7])
	}
	if _, holds := KindOf(row[0]); !holds {
		return Item{}, fmt.Errorf("check digit of %s does not hold", row[0])
	}
	return Item{Code: row[0], Name: Name{ZH: row[1], EN: row[2]}, Initials: row[3], Group: row[4],
		UnitPriceMinor: amount.Minor, TaxRatePPM: ratePPM, Unit: unit}, nil
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

// Find is the article of a code. A UPC-A also finds its EAN-13, which is the same with a leading zero.
func (c *Catalogue) Find(code string) (Item, bool) {
	i, ok := c.byCode[code]
	if !ok && len(code) == 12 {
		i, ok = c.byCode["0"+code]
	}
	if !ok {
		return Item{}, false
	}
	return c.items[i], true
}

// Groups lists the groups in the order in which the catalogue names them first.
func (c *Catalogue) Groups() []string { return slices.Clone(c.groups) }

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
	var ranks [ranked][]int
	for i := range c.keys {
		if r := c.keys[i].rank(text); r < ranked && len(ranks[r]) < limit {
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

func (k *searchKey) rank(text string) int {
	switch {
	case k.code == text || k.initials == text:
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
