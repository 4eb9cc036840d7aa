package receipt

import "strings"

// base45 is the alphabet of RFC 9285. It is that of a QR code's alphanumeric mode, so that two bytes take 16.5 bits on paper.
const base45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// toText writes bytes in base45.
func toText(b []byte) string {
	out := make([]byte, 0, len(b)/2*3+2)
	for ; len(b) >= 2; b = b[2:] {
		n := int(b[0])<<8 | int(b[1])
		out = append(out, base45[n%45], base45[n/45%45], base45[n/(45*45)])
	}
	if len(b) == 1 {
		out = append(out, base45[b[0]%45], base45[b[0]/45])
	}
	return string(out)
}

// fromText reads base45. ok is false for a sign that is not of the alphabet, a length that no bytes have, and a group that is above what its
// bytes hold: each text is that of one row of bytes at most.
func fromText(text string) (b []byte, ok bool) {
	if len(text)%3 == 1 {
		return nil, false
	}
	b = make([]byte, 0, len(text)/3*2+1)
	for ; len(text) > 0; text = text[min(3, len(text)):] {
		n, weight := 0, 1
		for _, c := range []byte(text[:min(3, len(text))]) {
			value := strings.IndexByte(base45, c)
			if value < 0 {
				return nil, false
			}
			n, weight = n+value*weight, weight*45
		}
		switch {
		//mutant:a-group-holds-what-its-bytes-hold
		case len(text) >= 3 && n > 0xFFFF || len(text) < 3 && n > 0xFF:
			return nil, false
		case len(text) >= 3:
			b = append(b, byte(n>>8), byte(n))
		default:
			b = append(b, byte(n))
		}
	}
	return b, true
}
