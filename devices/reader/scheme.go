package reader

import "strconv"

// Scheme is a card's brand, as it is written on receipts.
type Scheme string

// The schemes. What no range names is OtherScheme.
const (
	UnionPay    Scheme = "UnionPay"
	Visa        Scheme = "Visa"
	Mastercard  Scheme = "Mastercard"
	Amex        Scheme = "American Express"
	JCB         Scheme = "JCB"
	Diners      Scheme = "Diners Club"
	Discover    Scheme = "Discover"
	Maestro     Scheme = "Maestro"
	MIR         Scheme = "Mir"
	OtherScheme Scheme = "card"
)

// binRange is inclusive, over the first six digits.
type binRange struct {
	from, to int
	scheme   Scheme
}

// Ranges: ISO/IEC 7812 as the schemes publish them. The first that holds is taken;
// 62 goes to UnionPay before the part that Discover shares with it.
var binRanges = []binRange{
	{620000, 629999, UnionPay}, {810000, 817199, UnionPay},
	{220000, 220499, MIR},
	{222100, 272099, Mastercard}, {510000, 559999, Mastercard},
	{340000, 349999, Amex}, {370000, 379999, Amex},
	{352800, 358999, JCB},
	{300000, 305999, Diners}, {309500, 309599, Diners}, {360000, 369999, Diners}, {380000, 399999, Diners},
	{601100, 601199, Discover}, {644000, 659999, Discover},
	{400000, 499999, Visa},
	{500000, 509999, Maestro}, {560000, 589999, Maestro}, {600000, 619999, Maestro}, {630000, 639999, Maestro}, {670000, 679999, Maestro},
}

// Scheme is the brand by the number's first six digits.
func (c Card) Scheme() Scheme {
	pan := c.pan()
	if len(pan) < 6 {
		return OtherScheme
	}
	bin, err := strconv.Atoi(string(pan[:6]))
	if err != nil {
		return OtherScheme
	}
	for _, r := range binRanges {
		if bin >= r.from && bin <= r.to {
			return r.scheme
		}
	}
	return OtherScheme
}
