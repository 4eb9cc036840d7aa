package escpos

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn makes the parameters of one command at random, within what its handbook allows.
type drawn func(t *rapid.T) []byte

func anyBytes(t *rapid.T, n int) []byte { return rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "data") }

func one(values ...byte) func(t *rapid.T) byte {
	return func(t *rapid.T) byte { return rapid.SampledFrom(values).Draw(t, "n") }
}

func size(t *rapid.T, most int) int { return rapid.IntRange(1, most).Draw(t, "size") }

// group is a command … x pL pH: any bytes of any number.
func group(head string) drawn {
	return func(t *rapid.T) []byte {
		n := rapid.IntRange(0, 700).Draw(t, "n")
		return append(append([]byte(head), byte(n), byte(n>>8)), anyBytes(t, n)...)
	}
}

// dotsOf is a command with a size x × y in two words, of so many bytes each.
func dotsOf(head string, bytesEach int) drawn {
	return func(t *rapid.T) []byte {
		x, y := size(t, 80), size(t, 12)
		return append(append([]byte(head), byte(x), 0, byte(y), 0), anyBytes(t, x*y*bytesEach)...)
	}
}

// oddCommands are those with a rule of their own, and all groups of the lists.
func oddCommands() map[string]drawn {
	all := map[string]drawn{
		"ESC *": func(t *rapid.T) []byte {
			m, n := one(0, 1, 32, 33)(t), size(t, 400)
			each := 1 + 2*int(m>>5)
			return append([]byte{esc, '*', m, byte(n), byte(n >> 8)}, anyBytes(t, n*each)...)
		},
		"ESC &": func(t *rapid.T) []byte {
			high, from := one(1, 2, 3)(t), byte(rapid.IntRange(0x20, 0x7E).Draw(t, "from"))
			to := byte(rapid.IntRange(int(from), min(int(from)+5, 0x7E)).Draw(t, "to"))
			b := []byte{esc, '&', high, from, to}
			for range int(to) - int(from) + 1 {
				wide := rapid.IntRange(0, 12).Draw(t, "wide")
				b = append(append(b, byte(wide)), anyBytes(t, wide*int(high))...)
			}
			return b
		},
		"ESC D": func(t *rapid.T) []byte {
			b, last := []byte{esc, 'D'}, 0
			for range rapid.IntRange(0, 32).Draw(t, "k") {
				last += rapid.IntRange(1, 7).Draw(t, "step")
				b = append(b, byte(last))
			}
			return append(b, 0)
		},
		"ESC Z": func(t *rapid.T) []byte {
			n := size(t, 300)
			return append(append(append([]byte{esc, 'Z'}, anyBytes(t, 3)...), byte(n), byte(n>>8)), anyBytes(t, n)...)
		},
		"ESC # #": func(t *rapid.T) []byte {
			return append([]byte("\x1b##"+rapid.StringMatching(`[A-Z0-9]{4}`).Draw(t, "name")), one(0, 1, 2, 0x0F)(t))
		},
		"ESC B margin": func(t *rapid.T) []byte { return append([]byte{esc, 'B'}, anyBytes(t, 1)...) },
		"ESC B beeps":  func(t *rapid.T) []byte { return []byte{esc, 'B', one(1, 3, 9)(t), one(1, 5, 9)(t)} },
		"ESC C length": func(t *rapid.T) []byte { return append([]byte{esc, 'C'}, anyBytes(t, 1)...) },
		"ESC C beeps":  func(t *rapid.T) []byte { return []byte{esc, 'C', one(1, 9)(t), one(1, 9)(t), one(1, 3)(t)} },
		"US ESC US": func(t *rapid.T) []byte {
			what := one(0x11, 0x27, 'g', 0x80, 0x91, 0xB2, 0xFF)(t)
			return append([]byte{us, esc, us, what}, anyBytes(t, map[byte]int{0x11: 2, 0x27: 4, 0x80: 3, 0x91: 7, 0xB2: 12, 0xFF: 3}[what])...)
		},
		"GS '": func(t *rapid.T) []byte {
			n := size(t, 8)
			return append([]byte{gs, '\'', byte(n)}, anyBytes(t, 4*n)...)
		},
		"FS a 0": func(t *rapid.T) []byte { return append([]byte("\x1ca0"), anyBytes(t, 1)...) },
		"FS a 1": func(*rapid.T) []byte { return []byte("\x1ca1") }, "FS a 2": func(*rapid.T) []byte { return []byte("\x1ca2") },
		"FS g 1": func(t *rapid.T) []byte {
			n := size(t, 400)
			return append(append(append([]byte("\x1cg1"), anyBytes(t, 5)...), byte(n), byte(n>>8)), anyBytes(t, n)...)
		},
		"FS g 2": func(t *rapid.T) []byte { return append([]byte("\x1cg2"), anyBytes(t, 7)...) },
		"FS q": func(t *rapid.T) []byte {
			n := size(t, 3)
			b := []byte{fs, 'q', byte(n)}
			for range n {
				b = append(b, dotsOf("", 8)(t)...)
			}
			return b
		},
		"GS *": func(t *rapid.T) []byte {
			x, y := size(t, 20), size(t, 8)
			return append([]byte{gs, '*', byte(x), byte(y)}, anyBytes(t, x*y*8)...)
		},
		"GS C 0": func(t *rapid.T) []byte { return append([]byte("\x1dC0"), anyBytes(t, 2)...) },
		"GS C 1": func(t *rapid.T) []byte { return append([]byte("\x1dC1"), anyBytes(t, 6)...) },
		"GS C 2": func(t *rapid.T) []byte { return append([]byte("\x1dC2"), anyBytes(t, 2)...) },
		"GS C ;": func(t *rapid.T) []byte {
			return []byte("\x1dC;" + rapid.StringMatching(`[0-9]{1,5};[0-9]{1,5};[0-9]{1,3};[0-9]{1,3};[0-9]{1,5};`).Draw(t, "counter"))
		},
		"GS D": func(t *rapid.T) []byte {
			n := rapid.IntRange(54, 900).Draw(t, "n")
			b := append([]byte("\x1dD0"), one('C', 'S')(t), '0', 'A', 'B', '0', '1', 'B', 'M', byte(n), byte(n>>8), 0, 0)
			return append(b, anyBytes(t, n-6)...)
		},
		"GS V cut": func(t *rapid.T) []byte { return []byte{gs, 'V', one(0, 1, '0', '1')(t)} },
		"GS V feed": func(t *rapid.T) []byte {
			return append([]byte{gs, 'V', one('A', 'B', 'a', 'b', 'g', 'h')(t)}, anyBytes(t, 1)...)
		},
		"GS g": func(t *rapid.T) []byte { return append([]byte{gs, 'g', one('0', '2')(t)}, anyBytes(t, 3)...) },
		"GS z": func(t *rapid.T) []byte { return append([]byte("\x1dz0"), anyBytes(t, 2)...) },
		"GS k NUL": func(t *rapid.T) []byte {
			return append([]byte{gs, 'k', byte(rapid.IntRange(0, 6).Draw(t, "m"))}, rapid.StringMatching(`[0-9A-Z$%*+./ -]{1,60}`).Draw(t, "d")+"\x00"...)
		},
		"GS k n": func(t *rapid.T) []byte {
			n := size(t, 255)
			return append([]byte{gs, 'k', byte(rapid.IntRange('A', 'O').Draw(t, "m")), byte(n)}, anyBytes(t, n)...)
		},
		"GS k a": func(t *rapid.T) []byte {
			n := size(t, 300)
			return append(append([]byte("\x1dka"), 1, 2, byte(n), byte(n>>8)), anyBytes(t, n)...)
		},
		"GS v 0": func(t *rapid.T) []byte { return dotsOf("\x1dv0"+string(one(0, 1, 2, 3)(t)), 1)(t) },
		"GS Q 0": func(t *rapid.T) []byte { return dotsOf("\x1dQ0"+string(one(0, 1, 2, 3)(t)), 1)(t) },
		"GS 8 L": func(t *rapid.T) []byte {
			n := rapid.IntRange(2, 3000).Draw(t, "n")
			return append([]byte{gs, '8', 'L', byte(n), byte(n >> 8), 0, 0}, anyBytes(t, n)...)
		},
		"DLE EOT":   func(t *rapid.T) []byte { return []byte{dle, eot, one(1, 2, 3, 4, 5, 6)(t)} },
		"DLE EOT 7": func(t *rapid.T) []byte { return append([]byte{dle, eot, one(7, 8, 18)(t)}, anyBytes(t, 1)...) },
		"DLE DC4": func(t *rapid.T) []byte {
			fn := one(1, 2, 3, 7, 8)(t)
			return append([]byte{dle, dc4, fn}, anyBytes(t, map[byte]int{1: 2, 2: 2, 3: 5, 7: 1, 8: 7}[fn])...)
		},
		"DC2 *": func(t *rapid.T) []byte {
			x, y := size(t, 30), size(t, 20)
			return append([]byte{dc2, '*', byte(y), byte(x)}, anyBytes(t, x*y)...)
		},
	}
	for lead, groups := range map[string]string{"\x1b(": "AY", "\x1c(": "ACELefg", "\x1d(": "ABCDEGHKLMNPQkz", "\x1f(": "AEG"} {
		for _, x := range groups {
			all[nameOf([]byte(lead+string(x)))] = group(lead + string(x))
		}
	}
	return all
}

// listed is every command of the printers' public lists.
func listed() map[string]drawn {
	all := oddCommands()
	for head, n := range fixedSizes {
		all[nameOf(head[:])] = func(t *rapid.T) []byte { return append(head[:], anyBytes(t, n)...) }
	}
	return all
}

// Any command of the lists, with any parameters, between two texts: it is one command, as long as it is, and no text is lost. The
// first line is printed before it, so that a command which clears what is not printed yet clears nothing.
func TestNoCommandSwallowsText(t *testing.T) {
	for name, parameters := range listed() {
		t.Run(strings.ReplaceAll(name, "/", "slash"), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				command := parameters(t)
				c, n := Next(append(bytes.Clone(command), "<after>\n"...))
				if n != len(command) || c.Op == OpUnknown || !bytes.Equal(c.Raw, command) {
					t.Fatalf("% x of %d bytes is read as %d bytes, %v", command, len(command), n, c.Op == OpUnknown)
				}
				encoding := Encoding(rapid.IntRange(0, int(encodings)-1).Draw(t, "encoding"))
				b := append([]byte("<before>\n"), command...)
				text := squeezed(Decode(append(b, "<after>\n"...), DecodeOptions{Encoding: encoding, MaxHeight: -1}).Text())
				if !strings.Contains(text, "<before>") || !strings.Contains(text, "<after>") {
					t.Fatalf("% x swallows text in %s: %q", command, encoding, text)
				}
			})
		})
	}
}

// squeezed is a text without the breaks that a narrow area makes.
func squeezed(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }

// A fault in the stream stops nothing: whatever stands between two texts, cut off or never a command, both are shown, and what was no
// command is named.
func TestAFaultNeverStopsTheDecoding(t *testing.T) {
	commands := listed()
	names := make([]string, 0, len(commands))
	for name := range commands {
		names = append(names, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		whole := commands[rapid.SampledFrom(names).Draw(t, "command")](t)
		cut := whole[:rapid.IntRange(1, len(whole)).Draw(t, "cut")]
		const after = "<after>\n"
		rest := append(bytes.Clone(cut), strings.Repeat(after, 10)...)
		// A command that was cut takes what follows for its parameters, as a printer does; what it does not take is shown.
		if _, n := Next(rest); n > len(rest)-len(after) {
			return
		}
		text := squeezed(Decode(append([]byte("<before>\n"), rest...), DecodeOptions{MaxHeight: -1}).Text())
		if !strings.Contains(text, "<before>") || !strings.HasSuffix(text, "<after>") {
			t.Fatalf("% x stops the decoding: %q", cut, text)
		}
	})
	for bad, want := range map[string]string{
		"\x1bXab\n": "[ESC X?]", "\x1dYab\n": "[GS Y?]", "\x07ab\n": "[BEL?]", "\x1f\x7fab\n": "[US?]", "\x1d(kab": "[GS ( k?]", "\x1d(k\xff\xffab": "[GS ( k?]",
		"\x1b": "[ESC?]", "\x1dv0\x00\xff\xff\xff\xffab": "[GS v 0?]", "\x01\x02\x03\x04\x05\x06\x07\x08\x0eab\n": "[SOH STX ETX EOT ENQ ACK BEL BS … 9 bytes?]",
	} {
		text := Decode([]byte("<before>\n"+bad), DecodeOptions{}).Text()
		if !strings.Contains(text, want) || strings.Contains(bad, "ab") && !strings.Contains(text, "ab") {
			t.Errorf("%q is shown as %q, want %s", bad, text, want)
		}
	}
	if text := Decode([]byte("a\x00\x00\x11\x13b\n"), DecodeOptions{}).Text(); text != "ab\n" {
		t.Errorf("padding is named: %q", text)
	}
}

// What can't be shown is named, with what it says where that is text.
func TestWhatCanNotBeShownIsNamed(t *testing.T) {
	store := func(cn, data string) string {
		n := len(data) + 3
		return "\x1d(k" + string([]byte{byte(n), byte(n >> 8)}) + cn + "P0" + data + "\x1d(k\x03\x00" + cn + "Q0"
	}
	for bytes, want := range map[string]string{
		store("0", "M1DOE"): "[PDF417] M1DOE", store("2", "x"): "[MaxiCode] x", store("3", "01"): "[GS1 DataBar] 01", store("4", "01|2"): "[GS1 Composite] 01|2",
		store("5", "z"): "[Aztec] z", store("6", "d"): "[DataMatrix] d", "\x1d(k\x03\x000Q0": "[PDF417]", store("9", "q"): "[code 9?] q", store("1", "hi"): "[QR hi]",
		"\x1bt\x0da": "[page 13?]", "\x1c.\x1bt\x19a": "[page 25?]", "\x1cp\x02\x00": "[logo 2]", "\x1d(L\x06\x000ELG\x01\x01": "[logo LG]",
		"\x1dk\x04ABC\x00": "[CODE39 ABC]", "\x1dkH\x03ABC": "[CODE93 ABC]", "\x1bZ\x00\x02\x06\x02\x00hi": "[2D code] hi", "\x1dka\x01\x02\x02\x00hi": "[2D code] hi",
		"\x1bL": "[page mode]", "\x1bR\x0f": "[signs of country 15?]", "\x1d/\x00": "[stored image]", "\x1dQ0\x00\x02\x00\x01\x00ab": "[image 2×8]",
	} {
		if text := Decode([]byte(bytes+"\n"), DecodeOptions{Encoding: PC437}).Text(); !strings.Contains(text, want) {
			t.Errorf("%q is shown as %q, want %s", bytes, text, want)
		}
	}
	// Of a page that is not known nothing is claimed but ASCII.
	if text := Decode([]byte("\x1c.\x1bt\x0dab\x81c\n"), DecodeOptions{}).Text(); !strings.Contains(text, "ab\uFFFDc") {
		t.Errorf("a page that is not known is read as %q", text)
	}
	if text := Decode([]byte("\x1c(C\x02\x0002纯净水 é\n\x1c(C\x02\x0001\xb2\xe8\n"), DecodeOptions{}).Text(); text != "纯净水 é\n茶\n" {
		t.Errorf("UTF-8, and GBK again, are %q", text)
	}
}

// Paper without an end is shown to its end, and where even that is too much it says so.
func TestDecodeGoesToTheEndOfThePaper(t *testing.T) {
	var long []byte
	for i := range 5000 {
		long = fmt.Appendf(long, "line %d\n", i)
	}
	p := Decode(long, DecodeOptions{MaxHeight: -1})
	if text := p.Text(); p.Truncated() || !strings.Contains(text, "line 0\n") || !strings.HasSuffix(text, "line 4999\n") {
		t.Errorf("%d dots, truncated %v", p.Height(), p.Truncated())
	}
	if p := Decode(long, DecodeOptions{}); !p.Truncated() || p.Height() > defaultHeight {
		t.Errorf("%d dots, truncated %v", p.Height(), p.Truncated())
	}
	if p := Decode(bytes.Repeat([]byte{lf}, maxSigns+10), DecodeOptions{MaxHeight: -1}); !p.Truncated() {
		t.Error("more than anybody would read is not said to be cut")
	}
}
