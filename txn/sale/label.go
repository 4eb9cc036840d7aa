package sale

import (
	"errors"
	"fmt"
	"strings"
)

// Label is what the five digits behind the article say on a label that the shop prints
// itself, on a scale or at a counter.
type Label string

// The kinds of label: grams of the article, or its price in minor units.
const (
	WeightLabel Label = "weight"
	PriceLabel  Label = "price"
)

// Labels say which EAN-13 of the numbers 20 to 29, which GS1 leaves to the shop (GS1 General
// Specifications, 2.1.11), are labels, by their first two digits.
type Labels map[string]Label

// errLabels is a setting of labels that can't be used.
var errLabels = errors.New("labels are written as \"21=weight\" or \"22=price\", with a number from 20 to 29 that means one of them")

// ParseLabels reads such settings; none is no label. The error says which label can't be used.
func ParseLabels(settings []string) (Labels, error) {
	labels := Labels{}
	for _, s := range settings {
		prefix, kind, _ := strings.Cut(s, "=")
		label := Label(kind)
		if len(prefix) != 2 || prefix[0] != '2' || !allDigits(prefix) || label != WeightLabel && label != PriceLabel {
			return nil, fmt.Errorf("%w: %q", errLabels, s)
		}
		if other, twice := labels[prefix]; twice && other != label { // grams for cents, or cents for grams
			return nil, fmt.Errorf("%w: %s is both", errLabels, prefix)
		}
		labels[prefix] = label
	}
	return labels, nil
}

// Read takes a label apart: two digits, five of the article, five of the value and the check
// digit. plu is the article's number as the label has it and value is in grams or minor
// units. ok is false for every other code, also for one whose check digit fails: a label that
// was misread must not become another price.
func (l Labels) Read(code string) (plu string, kind Label, value int64, ok bool) {
	if len(code) != 13 || !allDigits(code) {
		return "", "", 0, false
	}
	kind, known := l[code[:2]]
	if _, holds := KindOf(code); !known || !holds {
		return "", "", 0, false
	}
	for _, c := range code[7:12] {
		value = value*10 + int64(c-'0')
	}
	return code[2:7], kind, value, true
}
