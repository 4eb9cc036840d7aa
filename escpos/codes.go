package escpos

import (
	"fmt"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

func (w *writer) qr(b QR) error {
	module := b.Module
	if module == 0 {
		module = 6
	}
	if len(b.Data) == 0 || len(b.Data) > MaxQRBytes || module > 16 || b.Level > QRHigh {
		return fmt.Errorf("%w: %d bytes (1 to %d), module %d, level %d", ErrQR, len(b.Data), MaxQRBytes, module, b.Level)
	}
	w.plain(b.Align)
	if w.dotQR {
		return w.qrDots(b, int(module))
	}
	n := len(b.Data) + 3
	w.dst = append(w.dst, "\x1d(k\x04\x001A2\x00"...) // model 2
	w.dst = append(w.dst, gs, '(', 'k', 3, 0, '1', 'C', module)
	w.dst = append(w.dst, gs, '(', 'k', 3, 0, '1', 'E', '0'+byte(b.Level))
	w.dst = append(w.dst, gs, '(', 'k', byte(n), byte(n>>8), '1', 'P', '0')
	w.dst = appendClean(w.dst, b.Data)
	w.dst = append(w.dst, "\x1d(k\x03\x001Q0"...)
	return nil
}

// appendClean appends UTF-8 with each control byte replaced, keeping the length.
func appendClean(dst []byte, s string) []byte {
	from := len(dst)
	dst = append(dst, s...)
	for i := from; i < len(dst); i++ {
		if dst[i] < 0x20 || dst[i] == 0x7F {
			dst[i] = '?'
		}
	}
	return dst
}

func (w *writer) qrDots(b QR, module int) error {
	g, err := qrBitmap(string(appendClean(nil, b.Data)), b.Level, module)
	if err != nil {
		return err
	}
	if g.Width > w.paper.Dots {
		return fmt.Errorf("%w: %d dots wide, the paper has %d", ErrQR, g.Width, w.paper.Dots)
	}
	w.picture(g)
	return nil
}

var qrLevels = [...]qr.ErrorCorrectionLevel{qr.L, qr.M, qr.Q, qr.H}

// qrBitmap draws a code of UTF-8 text, module dots a module, without quiet zone. It is as dense as the text lets it be, as printers make theirs: digits,
// or the 45 signs of the alphanumeric mode, take less than bytes.
func qrBitmap(data string, level QRLevel, module int) (Bitmap, error) {
	code, err := qr.Encode(data, qrLevels[level&3], qr.Auto)
	if err != nil {
		return Bitmap{}, fmt.Errorf("%w: %w", ErrQR, err)
	}
	return enlarge(code, module, code.Bounds().Dy()*module), nil
}

// enlarge draws a code with module dots a module, height dots high.
func enlarge(code barcode.Barcode, module, height int) Bitmap {
	r := code.Bounds()
	b := NewBitmap(r.Dx()*module, height)
	for y := range height {
		for x := range b.Width {
			if grey(code.At(r.Min.X+x/module, r.Min.Y+y*r.Dy()/height)) < 128 {
				b.Set(x, y)
			}
		}
	}
	return b
}

func (w *writer) code128(b Code128) error {
	n := 2
	for i := range len(b.Data) {
		c := b.Data[i]
		if c < 0x20 || c > 0x7E {
			return fmt.Errorf("%w: character %d is not printable ASCII", ErrCode128, i+1)
		}
		n += 1 + bitInt(c == '{')
	}
	height, module := b.Height, b.Module
	if height == 0 {
		height = 64
	}
	if module == 0 {
		module = 2
	}
	if b.Data == "" || n-2 > MaxCode128Bytes || module < 2 || module > 6 {
		return fmt.Errorf("%w: %d characters (1 to %d), module %d", ErrCode128, n-2, MaxCode128Bytes, module)
	}
	if dots := code128Modules(len(b.Data)) * int(module); dots > w.paper.Dots {
		return fmt.Errorf("%w: %d dots wide, the paper has %d", ErrCode128, dots, w.paper.Dots)
	}
	w.plain(b.Align)
	w.dst = append(w.dst, gs, 'h', height, gs, 'w', module, gs, 'H', 2*bit(b.Text), gs, 'k', 73, byte(n), '{', 'B')
	for i := range len(b.Data) {
		if b.Data[i] == '{' {
			w.dst = append(w.dst, '{')
		}
		w.dst = append(w.dst, b.Data[i])
	}
	return nil
}

// code128Modules is the width of n characters in set B: start, check, stop.
func code128Modules(n int) int { return 11*(n+2) + 13 }
