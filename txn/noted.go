package txn

import "veratill/txn/money"

// Deed is what a person did beside money. It is no attempt and changes no sum: the books tell of it so that whoever looks back sees it.
type Deed string

// The closed set of deeds.
const (
	DrawerOpened    Deed = "drawer opened"     // without a sale
	SaleDropped     Deed = "sale dropped"      // goods that nobody had paid for
	SaleBroughtBack Deed = "sale brought back" // that was dropped a moment ago
)

// Deeds lists them all.
var Deeds = []Deed{DrawerOpened, SaleDropped, SaleBroughtBack}

// Noted says what a person did beside money. Who it was is the entry's Actor.
type Noted struct {
	Deed   Deed         `json:"deed"`
	Lines  int          `json:"lines,omitempty"` // of the sale
	Amount money.Amount `json:"amount,omitzero"` // which the sale came to
	SaleID int64        `json:"sale,omitempty"`  // where a payment of it was begun
	AtMs   int64        `json:"atMs"`
}

// Word implements Record.
func (Noted) Word() string { return "noted" }
