package escpos

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// char sends one character at times its width and returns the columns it took
// at single width.
func (w *writer) char(r rune, times int) int {
	if r < 1<<16 {
		c := w.to[r]
		if c >= 0x100 {
			w.dst = append(w.dst, byte(c>>8), byte(c))
			return 2
		}
		if c != 0 && c < w.single {
			w.dst = append(w.dst, byte(c))
			return 1
		}
	}
	n := dotColumns(r)
	w.dst = appendGlyph(w.dst, w.glyphs, r, n, times)
	return n
}

// decode is the first rune of s, quickly for the two commonest lengths.
func decode(s string) (rune, int) {
	c := s[0]
	if c < utf8.RuneSelf {
		return rune(c), 1
	}
	if c >= 0xE1 && c < 0xED && len(s) >= 3 && s[1]&0xC0 == 0x80 && s[2]&0xC0 == 0x80 {
		return rune(c&0x0F)<<12 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return utf8.DecodeRuneInString(s)
}

// run sends all of s, which is known to fit, and returns the columns used. In every
// encoding a character takes no more bytes than in UTF-8, so that room for len(s)
// is enough for all but those drawn as dots. This loop and line are where an
// encoding's time goes.
func (w *writer) run(s string) (used int) {
	to, single := w.to, w.single
	dst := slices.Grow(w.dst, len(s))
	at := len(dst)
	dst = dst[:at+len(s)]
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			dst[at] = byte(to[c])
			at, i, used = at+1, i+1, used+1
			continue
		}
		r, n := decode(s[i:])
		i += n
		code := uint16(0)
		if r < 1<<16 {
			code = to[r]
		}
		switch {
		case code >= 0x100:
			dst[at], dst[at+1] = byte(code>>8), byte(code)
			at, used = at+2, used+2
		case code != 0 && code < single:
			dst[at] = byte(code)
			at, used = at+1, used+1
		default:
			w.dst = dst[:at]
			used += w.char(r, int(times(w.style.Width)))
			at = len(w.dst)
			dst = slices.Grow(w.dst, len(s)-i)[:at+len(s)-i]
		}
	}
	w.dst = dst[:at]
	return used
}

// line sends as much of s as fits into limit columns (of the current width) and
// returns how much of s is done, and the columns used. It breaks at the last
// space when a word would be torn, and always takes at least one character.
func (w *writer) line(s string, limit int) (done, used int) {
	if len(s) <= limit { // no character is wider than its bytes are many
		return len(s), w.run(s)
	}
	dst, to, single := w.dst, w.to, w.single
	space := brk{at: -1}
	for done < len(s) {
		r, n := decode(s[done:])
		before, cols := len(dst), 1
		code := uint16(0)
		if r < 1<<16 {
			code = to[r]
		}
		switch {
		case code >= 0x100:
			dst = append(dst, byte(code>>8), byte(code))
			cols = 2
		case code != 0 && code < single:
			if code == ' ' {
				space = brk{done, before, used}
			}
			dst = append(dst, byte(code))
		default:
			w.dst = dst
			cols = w.char(r, int(times(w.style.Width)))
			dst = w.dst
		}
		if used+cols > limit && done > 0 {
			if code != ' ' && (space.at <= 0 || r >= 0x2E80) { // Chinese breaks anywhere
				w.dst = dst[:before]
				return done, used
			}
			w.dst = dst[:space.dst]
			return space.at + 1, space.used
		}
		used += cols
		done += n
	}
	w.dst = dst
	return done, used
}

// brk is a place where a line may be broken: the space itself is left out.
type brk struct{ at, dst, used int }

func (w *writer) text(b Text) error {
	if err := w.set(b.Style); err != nil {
		return err
	}
	limit := w.paper.Columns / int(times(b.Style.Width))
	for s := b.S; ; {
		done, _ := w.line(s, limit)
		w.dst = append(w.dst, lf)
		s = s[done:]
		if s == "" {
			return nil
		}
	}
}

// row lays cells side by side and goes on below while any of them has text left.
func (w *writer) row(b Row) error {
	st := b.Style
	st.Align = Left
	if err := w.set(st); err != nil {
		return err
	}
	if len(b.Cells) == 0 || len(b.Cells) > MaxCells {
		return fmt.Errorf("%w: %d cells", ErrCells, len(b.Cells))
	}
	var wide [MaxCells]int
	if err := w.widths(&wide, b.Cells); err != nil {
		return err
	}
	var rest [MaxCells]string
	for i, c := range b.Cells {
		rest[i] = c.S
	}
	for more := true; more; {
		more = false
		pad := 0
		for i := range b.Cells {
			pad = w.cell(&rest[i], b.Cells[i].Align, wide[i], pad)
			more = more || rest[i] != ""
		}
		w.dst = append(w.dst, lf)
	}
	return nil
}

// cell sends one cell's next line. Spaces behind it are owed rather than sent, so
// that no line ends in them; it returns how many are owed now.
func (w *writer) cell(rest *string, a Align, wide, pad int) int {
	s := *rest
	if s == "" {
		return pad + wide
	}
	if a == Left {
		w.spaces(pad)
		done, used := w.line(s, wide)
		*rest = s[done:]
		return wide - used
	}
	// What stands before the text depends on its width, which is known afterwards:
	// measure the short figures that right-hand cells hold.
	used := min(w.Columns(s), wide)
	before := wide - used
	if a == Center {
		before /= 2
	}
	w.spaces(pad + before)
	done, took := w.line(s, wide)
	*rest = s[done:]
	return wide - before - took
}

func (w *writer) spaces(n int) {
	const blank = "                                                                "
	for n > len(blank) {
		w.dst = append(w.dst, blank...)
		n -= len(blank)
	}
	if n > 0 {
		w.dst = append(w.dst, blank[:n]...)
	}
}

// minShare is the narrowest column that shared cells are squeezed to.
const minShare = 2

// widths gives every cell its columns: fixed ones first, then those that fit
// their text with one column of air, and the others share the rest. A fitted
// cell that would leave the others nothing is narrowed and goes on below itself.
func (w *writer) widths(wide *[MaxCells]int, cells []Cell) error {
	left := w.paper.Columns / int(times(w.style.Width))
	shared := 0
	for i, c := range cells {
		switch {
		case c.Fit:
		case c.Columns > 0:
			wide[i] = c.Columns
			left -= c.Columns
		default:
			shared++
		}
	}
	for i, c := range cells {
		if c.Fit {
			wide[i] = min(w.Columns(c.S)+bitInt(i > 0), max(left-shared*minShare, minShare))
			left -= wide[i]
		}
	}
	if left < shared*minShare {
		return fmt.Errorf("%w: %d columns too few", ErrCells, shared*minShare-left)
	}
	for i, c := range cells {
		if !c.Fit && c.Columns <= 0 {
			wide[i] = left / shared
			left -= wide[i]
			shared--
		}
	}
	return nil
}

func bitInt(on bool) int { return int(bit(on)) }
