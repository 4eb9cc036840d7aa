package sale

// Withheld stands for a scan that holds a card's number: no screen, log or list is given the number itself.
const Withheld = "card number"

// Lengths of a card's number: ISO/IEC 7812-1, and what is issued.
const (
	leastPAN = 12
	mostPAN  = 19
)

// HoldsCard reports whether what a reader or a scanner typed holds the number of a card: a reader that is set to send no sentinels types
// it like a code. A track is digits and then = or ^, whatever its check digit; a number alone is digits whose check digit by Luhn holds, and
// that are neither a GTIN nor a wallet's code. A number of 19 digits from 62 is a card's as well as UnionPay's code: nothing here takes
// such codes yet, so it is a card's.
func HoldsCard[T byte | rune](typed []T) bool {
	if holdsTrack(typed) {
		return true
	}
	first, last := 0, len(typed)
	for first < last && typed[first] == ' ' {
		first++
	}
	for first < last && typed[last-1] == ' ' {
		last--
	}
	return isPAN(typed[first:last])
}

// holdsTrack reports whether digits are followed as those of a track are.
func holdsTrack[T byte | rune](typed []T) bool {
	digits := 0
	for i, c := range typed {
		switch {
		case c >= '0' && c <= '9':
			digits++
			continue
		//mutant:tracks-are-cards
		case (c == '=' || c == '^') && digits >= leastPAN && digits <= mostPAN:
			return true
		case c == 'D' && digits >= leastPAN && digits <= mostPAN && digitsFrom(typed[i+1:]) >= len("YYMMSSS"):
			return true
		}
		digits = 0
	}
	return false
}

func digitsFrom[T byte | rune](typed []T) (n int) {
	for n < len(typed) && typed[n] >= '0' && typed[n] <= '9' {
		n++
	}
	return n
}

// isPAN reports whether digits alone are a card's number.
func isPAN[T byte | rune](typed []T) bool {
	n := len(typed)
	if n < leastPAN || n > mostPAN || digitsFrom(typed) != n {
		return false
	}
	gs1 := 0
	for i, c := range typed {
		if d := int(c - '0'); (n-1-i)%2 == 1 {
			gs1 += 3 * d
		} else {
			gs1 += d
		}
	}
	first := int(typed[0]-'0')*10 + int(typed[1]-'0')
	switch {
	//mutant:a-gtin-is-no-card
	case n <= len("12345678901231") && gs1%10 == 0:
		return false
	case n == 18 && first >= 10 && first <= 15, n >= 16 && first >= 25 && first <= 30: // WeChat's and Alipay's, see PaymentCodeOf
		return false
	}
	return LuhnHolds(typed)
}

// LuhnHolds reports whether the last of digits is the check digit of those before it, as on a card (ISO/IEC 7812-1). It is asked of digits alone.
func LuhnHolds[T byte | rune](digits []T) bool {
	sum := 0
	for i, c := range digits {
		d := int(c - '0')
		if (len(digits)-1-i)%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
