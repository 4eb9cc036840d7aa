package sale

// Exchange is the goods of an earlier sale that come back for the goods of this one. They are given back, and pay, in the moment in which the
// difference is paid: until then nothing of them counts.
type Exchange struct {
	SaleID      int64  `json:"sale"`
	Goods       []Want `json:"goods"`
	AmountMinor int64  `json:"amountMinor"` // what they come to, by what was sold and came back before; above 0
}

// CreditMinor is how much of this sale the goods that come back pay: all that they come to, and the whole of it at most.
func (s Sale) CreditMinor() int64 {
	if s.Exchange == nil {
		return 0
	}
	return min(s.Exchange.AmountMinor, s.TotalMinor)
}

// OverMinor is what goes back to the customer beside the goods of this sale, because what came back is worth more.
func (s Sale) OverMinor() int64 {
	if s.Exchange == nil {
		return 0
	}
	return s.Exchange.AmountMinor - s.CreditMinor()
}

// PaidByGoods reports whether goods that come back pay all of this sale: no money is to be paid for it.
func (s Sale) PaidByGoods() bool { return s.Exchange != nil && s.CreditMinor() == s.TotalMinor }
