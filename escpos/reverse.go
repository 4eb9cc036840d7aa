package escpos

import "sync"

// reversed holds what a code means, for the decoder: 0 to FFh of a code page, or
// two bytes of a double set.
type reversed [1 << 16]rune

var reverseTables [encodings]struct {
	once sync.Once
	from *reversed
}

func (e Encoding) runes() *reversed {
	t := &reverseTables[e]
	t.once.Do(func() {
		from := new(reversed)
		for i := range from {
			from[i] = noRune
		}
		to := e.codes()
		for r := range to {
			c := to[r]
			if c == 0 || isControl(rune(r)) || r == 0xA0 {
				continue
			}
			if from[c] == noRune || r == 0xFFE5 { // the full-width sign, not U+00A5 which shares it
				from[c] = rune(r)
			}
		}
		t.from = from
	})
	return t.from
}

// noRune stands for a code without a meaning: it is drawn as a box.
const noRune = '\uFFFD'

func (e Encoding) twoByte(lead, trail byte) rune {
	return e.runes()[int(lead)<<8|int(trail)]
}
