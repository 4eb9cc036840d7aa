package escpos

// realTime finds a sequence that a printer would execute wherever it stands.
func realTime(b []byte) int {
	for i := 1; i < len(b); i++ {
		if b[i-1] == dle && (b[i] == eot || b[i] == enq || b[i] == dc4) {
			return i - 1
		}
	}
	return -1
}

type sameGlyph struct{ b Bitmap }

func (g sameGlyph) Glyph(rune, int) (Bitmap, bool) { return g.b, true }
