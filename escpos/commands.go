package escpos

// How long each command is, of all that printers' makers publish:
//
//   - Epson, ESC/POS Command Reference, "Commands in code order"
//     (https://download4.epson.biz/sec_pubs/pos/reference_en/escpos/commands.html), with the obsolete ones, those for slips, checks and
//     ink, and those of the customer displays that share the line. Held against the list of github.com/kunif/EscPosUtils.
//   - Star Micronics, TSP550 manual, 7-2 "ESC/POS Mode", whose commands are Epson's, with the lengths of ESC/POS Mode Command
//     Specifications as far as they are public, and ESC US of the Command Emulator. No length of ESC # (memory switch) is published
//     there: it is named, and what follows is shown.
//   - Chinese makers: MY-628/638 print module, handbook (GS ', GS k 97, ESC 9, ESC B n); CSN-A2 User manual (ESC 7, ESC 8, GS x, the DC2
//     commands); ZKC 5502 printer commands (ESC SO, ESC DC4, ESC B n t, ESC C m t n, ESC N, ESC w); POS-80 manuals (ESC Z, US DC1 EOT);
//     and what programs send to set printers up: US ESC US (Xprinter), ESC # #.
//
// Where two makers give one name to commands of two lengths, the shorter is taken, or what follows tells them apart: text is never
// lost with a parameter.

// fixedSizes is the number of parameter bytes of commands that always have the same.
var fixedSizes = map[[2]byte]int{
	{esc, so}: 0, {esc, dc4}: 0, {esc, ff}: 0, {esc, ' '}: 1, {esc, '!'}: 1, {esc, '$'}: 2, {esc, '%'}: 1, {esc, '-'}: 1, {esc, '2'}: 0,
	{esc, '3'}: 1, {esc, '7'}: 3, {esc, '8'}: 1, {esc, '9'}: 1, {esc, '<'}: 0, {esc, '='}: 1, {esc, '?'}: 1, {esc, '@'}: 0,
	{esc, 'E'}: 1, {esc, 'F'}: 1, {esc, 'G'}: 1, {esc, 'J'}: 1, {esc, 'K'}: 1, {esc, 'L'}: 0, {esc, 'M'}: 1, {esc, 'N'}: 2,
	{esc, 'R'}: 1, {esc, 'S'}: 0, {esc, 'T'}: 1, {esc, 'U'}: 1, {esc, 'V'}: 1, {esc, 'W'}: 8, {esc, '\\'}: 2, {esc, 'a'}: 1, {esc, 'c'}: 2,
	{esc, 'd'}: 1, {esc, 'e'}: 1, {esc, 'f'}: 2, {esc, 'i'}: 0, {esc, 'm'}: 0, {esc, 'o'}: 0, {esc, 'p'}: 3, {esc, 'q'}: 0, {esc, 'r'}: 1,
	{esc, 't'}: 1, {esc, 'u'}: 1, {esc, 'v'}: 0, {esc, 'w'}: 0, {esc, 'z'}: 1, {esc, '{'}: 1, {esc, us}: 2,
	{fs, '!'}: 1, {fs, '&'}: 0, {fs, '-'}: 1, {fs, '.'}: 0, {fs, '2'}: 74, {fs, '?'}: 2, {fs, 'C'}: 1, {fs, 'L'}: 0, {fs, 'S'}: 2,
	{fs, 'W'}: 1, {fs, 'b'}: 0, {fs, 'c'}: 0, {fs, 'p'}: 2,
	{gs, ff}: 0, {gs, '!'}: 1, {gs, '$'}: 2, {gs, '/'}: 1, {gs, ':'}: 0, {gs, 'B'}: 1, {gs, 'E'}: 1, {gs, 'H'}: 1, {gs, 'I'}: 1, {gs, 'L'}: 2,
	{gs, 'P'}: 2, {gs, 'T'}: 1, {gs, 'W'}: 2, {gs, '\\'}: 2, {gs, '^'}: 3, {gs, 'a'}: 1, {gs, 'b'}: 1, {gs, 'c'}: 0, {gs, 'f'}: 1, {gs, 'h'}: 1,
	{gs, 'j'}: 1, {gs, 'r'}: 1, {gs, 'w'}: 1, {gs, 'x'}: 1,
	{dle, enq}: 1,
	{us, 1}:    0, {us, 2}: 0, {us, 3}: 0, {us, lf}: 0, {us, cr}: 0, {us, dc1}: 1, {us, '#'}: 2, {us, '$'}: 2, {us, ','}: 1, {us, '.'}: 1, {us, ':'}: 0,
	{us, ';'}: 1, {us, '@'}: 0, {us, 'B'}: 0, {us, 'C'}: 1, {us, 'E'}: 1, {us, 'T'}: 2, {us, 'U'}: 0, {us, 'X'}: 1, {us, '^'}: 2, {us, 'r'}: 1,
	{us, 'v'}:  1,
	{dc2, '#'}: 1, {dc2, 'T'}: 0,
}

// named are the groups of commands that have their name in a third byte, and share no length.
var named = map[[2]byte]bool{{esc, '('}: true, {fs, '('}: true, {gs, '('}: true, {us, '('}: true, {gs, '8'}: true, {gs, 'v'}: true, {gs, 'Q'}: true}

// oddSizes are the lengths of commands that have a rule of their own: 0 when more bytes are needed to know, -1 for what is none.
var oddSizes = map[[2]byte]func(b []byte) int{
	{esc, '('}: counted, {fs, '('}: counted, {gs, '('}: counted, {us, '('}: counted,
	{gs, '8'}: func(b []byte) int { return with(b, 7, func() int { return 7 + word(b[3:]) + word(b[5:])<<16 }) },
	{gs, 'v'}: rasterSize, {gs, 'Q'}: rasterSize,
	{esc, '*'}: columnsSize, {esc, '&'}: ownSignsSize, {esc, 'D'}: tabsSize,
	{esc, 'Z'}: func(b []byte) int { return with(b, 7, func() int { return 7 + word(b[5:]) }) },
	{fs, 'a'}:  func(b []byte) int { return bySecond(b, map[byte]int{'0': 4, '1': 3, '2': 3}) },
	{fs, 'g'}:  userMemorySize, {fs, 'q'}: logosSize,
	{gs, '*'}: func(b []byte) int { return with(b, 4, func() int { return 4 + int(b[2])*int(b[3])*8 }) },
	{gs, 'C'}: counterSize, {gs, 'D'}: windowsSize, {gs, 'V'}: cutSize, {gs, 'k'}: barcodeSize,
	{gs, 'g'}:  func(b []byte) int { return bySecond(b, map[byte]int{'0': 6, '2': 6}) },
	{gs, 'z'}:  func(b []byte) int { return bySecond(b, map[byte]int{'0': 5}) },
	{dle, eot}: func(b []byte) int { return bySecond(b, map[byte]int{0: 4, 7: 4, 8: 4, 18: 4}, 3) },
	{dle, dc4}: func(b []byte) int { return bySecond(b, map[byte]int{1: 5, 2: 5, 3: 8, 7: 4, 8: 10}) },
	{dc2, '*'}: func(b []byte) int { return with(b, 4, func() int { return 4 + int(b[2])*int(b[3]) }) },
	{esc, 'B'}: func(b []byte) int { return beepsSize(b, 1) },
	{esc, 'C'}: func(b []byte) int { return beepsSize(b, 2) },
	{esc, '#'}: func(b []byte) int { return with(b, 7, func() int { return setUpSize(b) }) },
	{us, esc}:  func(b []byte) int { return with(b, 4, func() int { return networkSize(b) }) },
	{gs, '\''}: func(b []byte) int { return with(b, 3, func() int { return 3 + 4*int(b[2]) }) },
}

// commandSize is the number of leading bytes that name the command, 2 or 3, and
// its whole length: 0 when more bytes are needed to know, -1 when it is unknown.
func commandSize(b []byte) (head, size int) {
	key := [2]byte{b[0], b[1]}
	if n, ok := fixedSizes[key]; ok {
		return 2, 2 + n
	}
	odd, ok := oddSizes[key]
	switch {
	case !ok:
		return 2, -1
	case named[key]:
		return 3, odd(b)
	}
	return 2, odd(b)
}

// with asks for a size once n bytes are there.
func with(b []byte, n int, size func() int) int {
	if len(b) < n {
		return 0
	}
	return size()
}

// bySecond is the size by a command's third byte; other is that of those that are not listed, where they have one.
func bySecond(b []byte, sizes map[byte]int, other ...int) int {
	return with(b, 3, func() int {
		if n, ok := sizes[b[2]]; ok {
			return n
		}
		if len(other) > 0 {
			return other[0]
		}
		return -1
	})
}

// counted is a command that says itself how many bytes follow: … x pL pH.
func counted(b []byte) int {
	return with(b, 5, func() int {
		if b[2] < 'A' || b[2] > 'z' { // no maker's group
			return -1
		}
		return 5 + word(b[3:])
	})
}

// rasterSize is of GS v 0 and GS Q 0: m xL xH yL yH and x × y bytes.
func rasterSize(b []byte) int {
	return with(b, 8, func() int {
		if b[2] != '0' {
			return -1
		}
		return 8 + word(b[4:])*word(b[6:])
	})
}

// columnsSize is of ESC *: 8 or 24 dots a column.
func columnsSize(b []byte) int {
	return with(b, 5, func() int {
		if b[2] >= 32 {
			return 5 + 3*word(b[3:])
		}
		return 5 + word(b[3:])
	})
}

// ownSignsSize is of ESC &: y c1 c2, and for each character its width and its columns of y bytes.
func ownSignsSize(b []byte) int {
	if len(b) < 5 {
		return 0
	}
	high, from, to := int(b[2]), b[3], b[4]
	if high < 1 || high > 6 || from < 0x20 || from > to || to > 0x7E {
		return -1
	}
	at := 5
	for range int(to) - int(from) + 1 {
		if at >= len(b) {
			return 0
		}
		if b[at] > 48 { // wider than any font
			return -1
		}
		at += 1 + high*int(b[at])
	}
	return at
}

// mostTabs is how many positions ESC D takes.
const mostTabs = 32

// tabsSize is of ESC D: positions that rise, and NUL. One that does not rise ends the list too, and is what comes next.
func tabsSize(b []byte) int {
	last := byte(0)
	for i := 2; i < len(b); i++ {
		switch {
		case b[i] == nul:
			return i + 1
		case b[i] <= last, i-2 == mostTabs:
			return i
		}
		last = b[i]
	}
	return 0
}

// userMemorySize is of FS g 1 and FS g 2: m a1 a2 a3 a4 nL nH, and what is written.
func userMemorySize(b []byte) int {
	return with(b, 10, func() int {
		switch b[2] {
		case '1':
			return 10 + word(b[8:])
		case '2':
			return 10
		}
		return -1
	})
}

// logosSize is of FS q: n pictures, each with its size.
func logosSize(b []byte) int {
	if len(b) < 3 {
		return 0
	}
	if b[2] == 0 {
		return -1
	}
	at := 3
	for range b[2] {
		if at+4 > len(b) {
			return 0
		}
		at += 4 + word(b[at:])*word(b[at+2:])*8
		if at > MaxCommandBytes {
			return -1
		}
	}
	return at
}

// counterSize is of GS C: three fixed forms, and one of five figures with semicolons.
func counterSize(b []byte) int {
	if len(b) < 3 {
		return 0
	}
	if b[2] != ';' {
		return bySecond(b, map[byte]int{'0': 5, '1': 9, '2': 5})
	}
	for i, ends := 3, 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == ';':
			if ends++; ends == 5 {
				return i + 1
			}
		case c < '0' || c > '9':
			return -1
		}
	}
	return 0
}

// windowsSize is of GS D: 30h fn a kc1 kc2 b c, and a BMP file, which says its own size.
func windowsSize(b []byte) int {
	return with(b, 15, func() int {
		if b[2] != '0' || b[9] != 'B' || b[10] != 'M' {
			return -1
		}
		return 9 + word(b[11:]) + word(b[13:])<<16
	})
}

// cutSize is of GS V: m, and for those that feed first how far.
func cutSize(b []byte) int {
	return bySecond(b, map[byte]int{0: 3, 1: 3, '0': 3, '1': 3, 'A': 4, 'B': 4, 'a': 4, 'b': 4, 'g': 4, 'h': 4})
}

// barcodeSize is of GS k in its forms: up to NUL, with its length, and the two-dimensional one of Chinese makers.
func barcodeSize(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	switch m := b[2]; {
	case m <= 6:
		for i := 3; i < min(len(b), maxNul); i++ {
			switch c := b[i]; {
			case c == nul:
				return i + 1
			case c < 0x20 || c > 0x7E: // no character of a bar code: its end was lost
				return -1
			}
		}
		if len(b) >= maxNul {
			return -1
		}
		return 0
	case m >= 'A' && m <= 'Z':
		return 4 + int(b[3])
	case m == 'a':
		return with(b, 7, func() int { return 7 + word(b[5:]) })
	}
	return -1
}

// maxNul is where the search for a final NUL ends: old bar codes are short.
const maxNul = 260

// beepsSize is of ESC B and ESC C, which sound with more figures of 1 to 9, as many as there are, and are a margin and a slip's
// length with one alone.
func beepsSize(b []byte, more int) int {
	return with(b, 3, func() int {
		n := 3
		for n < len(b) && n < 3+more && b[n] >= 1 && b[n] <= 9 {
			n++
		}
		return n
	})
}

// setUpSize is of ESC # # and a name of four letters, with its value where that is no text.
func setUpSize(b []byte) int {
	if b[2] != '#' {
		return -1
	}
	for _, c := range b[3:7] {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return -1
		}
	}
	if len(b) > 7 && b[7] < 0x20 && b[7] != lf && b[7] != cr {
		return 8
	}
	return 7
}

// networkSize is of US ESC US: how a printer is set up, by what is set.
func networkSize(b []byte) int {
	if b[2] != us {
		return -1
	}
	if n, ok := map[byte]int{0x11: 6, 0x27: 8, 'g': 4, 0x80: 7, 0x91: 11, 0xB2: 16, 0xFF: 7}[b[3]]; ok {
		return n
	}
	return -1
}
