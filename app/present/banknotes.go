package present

import "veratill/txn/money"

// Banknote is a note, or a larger coin of everyday use, and the colour that people know it by, #RRGGBB: dark enough for white figures.
type Banknote struct {
	Minor int64
	Hue   string
}

// Banknotes are a currency's banknotes, the small first; none where the till does not know them.
func Banknotes(c money.Currency) []Banknote {
	switch c {
	case money.CNY:
		return []Banknote{{100, olive}, {500, violet}, {1000, blue}, {2000, brown}, {5000, green}, {10_000, red}}
	case money.JPY:
		return []Banknote{{500, olive}, {1000, blue}, {2000, green}, {5000, violet}, {10_000, brown}}
	case money.KWD:
		return []Banknote{{250, brown}, {500, green}, {1000, grey}, {5000, violet}, {10_000, red}, {20_000, blue}}
	case "TWD":
		return []Banknote{{10_000, red}, {50_000, brown}, {100_000, blue}, {200_000, violet}}
	case "HKD", "MOP":
		return []Banknote{{1000, violet}, {2000, blue}, {5000, green}, {10_000, red}, {50_000, brown}, {100_000, olive}}
	case "EUR":
		return []Banknote{{500, grey}, {1000, red}, {2000, blue}, {5000, brown}, {10_000, green}}
	case "GBP", "USD", "SGD", "MYR":
		return []Banknote{{500, green}, {1000, red}, {2000, brown}, {5000, blue}, {10_000, violet}}
	}
	return nil
}

// The colours of banknotes.
const (
	red    = "#B3261E"
	green  = "#2E7D32"
	brown  = "#8A5A2B"
	blue   = "#2F5D9E"
	violet = "#6A3BA8"
	olive  = "#5E6A35"
	grey   = "#56606B"
)
