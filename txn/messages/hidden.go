package messages

// leastHidden is how many digits a card number has at least. Payment codes have more.
const leastHidden = 13

// Hidden is a text with the middle of whatever may be a whole card number or a payment code in it hidden: 13 digits and more, with blanks between them or not. Six digits of its
// beginning and four of its end are left.
func Hidden(text string) string {
	shown := []rune(text)
	for from := 0; from < len(shown); from++ {
		var at []int
		for i := from; i < len(shown) && (isDigit(shown[i]) || shown[i] == ' ' && len(at) > 0); i++ {
			if isDigit(shown[i]) {
				at = append(at, i)
			}
		}
		if len(at) == 0 {
			continue
		}
		//mutant:a-terminal-s-card-number-is-hidden
		if len(at) >= leastHidden {
			for _, i := range at[6 : len(at)-4] {
				shown[i] = '*'
			}
		}
		from = at[len(at)-1]
	}
	return string(shown)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// Name is a field's name as somebody else gave it; a name that may hold more than a name is left out of sight.
func Name(text string) string {
	const most = 48
	digits := 0
	for _, r := range text {
		switch {
		case isDigit(r):
			digits++
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', r == '.', r == '-':
		default:
			return "…"
		}
	}
	//mutant:a-name-is-no-hiding-place
	if text == "" || len(text) > most || digits > 4 {
		return "…"
	}
	return text
}
