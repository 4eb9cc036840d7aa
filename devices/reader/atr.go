package reader

import "errors"

// ErrATR is an answer to reset that is none.
var ErrATR = errors.New("answer to reset")

// atr is what a card says when it gets power: ISO/IEC 7816-3, 8.
type atr struct {
	inverse    bool // TS is 3F
	protocols  []byte
	fiDi       byte // TA1; 0x11 where it is missing
	specific   bool // TA2 is there: the card speaks the protocol of it and no other
	mode       byte // TA2
	guard      byte // TC1
	waiting    byte // TC2, of T=0; 10 where it is missing
	historical []byte
}

// parseATR reads one of 2 to 33 bytes. Where a protocol other than T=0 is offered the check
// byte has to hold. Errors are ErrATR.
func parseATR(b []byte) (a atr, err error) {
	if len(b) < 2 || len(b) > 33 || b[0] != 0x3B && b[0] != 0x3F {
		return atr{}, ErrATR
	}
	a = atr{inverse: b[0] == 0x3F, fiDi: 0x11, waiting: 10}
	indicator, rest, check := b[1], b[2:], false
	for round := 1; indicator&0xF0 != 0; round++ {
		var group [4]byte
		for i := range group {
			if indicator&(0x10<<i) == 0 {
				continue
			}
			if len(rest) == 0 {
				return atr{}, ErrATR
			}
			group[i], rest = rest[0], rest[1:]
		}
		a.interfaceBytes(round, indicator, group)
		if indicator&0x80 == 0 {
			break
		}
		indicator = group[3]
		protocol := indicator & 0x0F
		a.protocols = append(a.protocols, protocol)
		check = check || protocol != 0
	}
	n := int(b[1] & 0x0F)
	if check {
		var x byte
		for _, c := range b[1:] {
			x ^= c
		}
		if len(rest) != n+1 || x != 0 {
			return atr{}, ErrATR
		}
	} else if len(rest) < n || len(rest) > n+1 { // some cards of T=0 send one all the same
		return atr{}, ErrATR
	}
	if len(a.protocols) == 0 {
		a.protocols = []byte{0}
	}
	a.historical = rest[:n]
	return a, nil
}

func (a *atr) interfaceBytes(round int, indicator byte, g [4]byte) {
	has := func(i int) bool { return indicator&(0x10<<i) != 0 }
	switch round {
	case 1:
		if has(0) {
			a.fiDi = g[0]
		}
		if has(2) {
			a.guard = g[2]
		}
	case 2:
		if has(0) {
			a.specific, a.mode = true, g[0]
		}
		if has(2) {
			a.waiting = g[2]
		}
	}
}

// protocol is what the card speaks unless it is asked for another.
func (a atr) protocol() byte {
	if a.specific {
		return a.mode & 0x0F
	}
	return a.protocols[0]
}
