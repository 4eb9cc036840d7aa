package iso8583

import "strings"

// Draw decides: it returns a number from 0 to n-1. A seed, a fuzzer's bytes or a property
// test stand behind it, so that the same decisions give the same value.
type Draw func(n int) int

// alphabets are the characters of each attribute, all of them.
var alphabets = func() map[Type]string {
	all := map[Type]string{}
	for _, t := range []Type{N, AN, ANS, Z, B} {
		var letters []byte
		for c := range 256 {
			// D is another way to write the separator of a track, and is read as one.
			if allowed(t, byte(c)) && !(t == Z && c == 'D') {
				letters = append(letters, byte(c))
			}
		}
		all[t] = string(letters)
	}
	return all
}()

const digits = "0123456789"

// Value draws a value of the field from its whole space: any length that it may have and any
// characters of its type. What other programs like to trim or to read as a number comes often:
// digits alone, blanks in front, inside, behind, and nothing but blanks.
func (f Field) Value(draw Draw) string {
	length := f.length(draw)
	letters := alphabets[f.Type]
	blanks := allowed(f.Type, ' ') && f.Type != B
	switch shape := draw(8); {
	case shape < 2 && strings.Contains(letters, digits):
		return text(length, digits, draw)
	case shape == 2 && blanks:
		return strings.Repeat(" ", length)
	case shape < 6 && blanks:
		return f.padded(length, draw)
	}
	return text(length, letters, draw)
}

// length draws a length: mostly a short one, because an answer has to fit a frame.
func (f Field) length(draw Draw) int {
	if f.Variable == 0 {
		return f.Length
	}
	if draw(8) > 0 {
		return 1 + draw(min(f.Length, 16))
	}
	return 1 + draw(f.Length)
}

// padded draws a value that has blanks in front, inside or behind.
func (f Field) padded(length int, draw Draw) string {
	front := draw(length)
	behind := draw(length - front)
	inner := []byte(text(length-front-behind, digits+"AZaz", draw))
	if draw(2) == 0 {
		inner[draw(len(inner))] = ' '
	}
	return strings.Repeat(" ", front) + string(inner) + strings.Repeat(" ", behind)
}

func text(length int, letters string, draw Draw) string {
	b := make([]byte, length)
	for i := range b {
		b[i] = letters[draw(len(letters))]
	}
	return string(b)
}
