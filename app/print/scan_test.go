package print

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"veratill/assets"
	"veratill/escpos"
	"veratill/txn"
)

// zbar reads the codes of a picture, or nothing.
func zbar(t *testing.T, path string, img image.Image) string {
	t.Helper()
	var b bytes.Buffer
	file := filepath.Join(t.TempDir(), "photo.png")
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.Command(path, "-q", "--raw", "-S*.disable", "-Sqrcode.enable", file).Output() // it fails where it finds none
	return strings.TrimSuffix(string(out), "\n")
}

// grays is a picture in shades, white beyond its edge.
type grays struct {
	width, height int
	at            []float64
}

func graysOf(img image.Image) grays {
	r := img.Bounds()
	g := grays{r.Dx(), r.Dy(), make([]float64, r.Dx()*r.Dy())}
	for y := range g.height {
		for x := range g.width {
			g.at[y*g.width+x] = float64(color.GrayModel.Convert(img.At(r.Min.X+x, r.Min.Y+y)).(color.Gray).Y)
		}
	}
	return g
}

func (g grays) shade(x, y int) float64 {
	if x < 0 || y < 0 || x >= g.width || y >= g.height {
		return 255
	}
	return g.at[y*g.width+x]
}

// between is the shade at a place between dots.
func (g grays) between(x, y float64) float64 {
	left, top := math.Floor(x), math.Floor(y)
	dx, dy, i, j := x-left, y-top, int(left), int(top)
	return (g.shade(i, j)*(1-dx)+g.shade(i+1, j)*dx)*(1-dy) + (g.shade(i, j+1)*(1-dx)+g.shade(i+1, j+1)*dx)*dy
}

// blurred is a picture out of focus, by a Gaussian of so many dots.
func (g grays) blurred(sigma float64) grays {
	if sigma == 0 {
		return g
	}
	reach := int(math.Ceil(3 * sigma))
	weights, sum := make([]float64, 2*reach+1), 0.0
	for i := range weights {
		weights[i] = math.Exp(-float64((i-reach)*(i-reach)) / (2 * sigma * sigma))
		sum += weights[i]
	}
	for _, across := range []bool{true, false} {
		out := grays{g.width, g.height, make([]float64, len(g.at))}
		for y := range g.height {
			for x := range g.width {
				for i, w := range weights {
					if across {
						out.at[y*g.width+x] += w / sum * g.shade(x+i-reach, y)
					} else {
						out.at[y*g.width+x] += w / sum * g.shade(x, y+i-reach)
					}
				}
			}
		}
		g = out
	}
	return g
}

// photo is the picture turned and from another distance, on white; each of its dots is the mean of what it sees.
func (g grays) photo(degrees, scale float64) image.Image {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	side := int(math.Ceil(math.Hypot(float64(g.width), float64(g.height))*scale)) + 20
	img := image.NewGray(image.Rect(0, 0, side, side))
	fine := 1
	if scale < 1 {
		fine = 2
	}
	for y := range side {
		for x := range side {
			sum := 0.0
			for i := range fine * fine {
				px := (float64(x) + (float64(i%fine)+0.5)/float64(fine) - float64(side)/2) / scale
				py := (float64(y) + (float64(i/fine)+0.5)/float64(fine) - float64(side)/2) / scale
				sum += g.between(px*cos+py*sin+float64(g.width)/2-0.5, -px*sin+py*cos+float64(g.height)/2-0.5)
			}
			img.SetGray(x, y, color.Gray{Y: uint8(math.Round(sum / float64(fine*fine)))})
		}
	}
	return img
}

// codePart cuts the code out of a paper, with its quiet zone: what a phone is held over.
func codePart(t *testing.T, text string, paper escpos.Paper, dots bool) grays {
	t.Helper()
	glyphs, err := escpos.NewFontGlyphs(assets.PaperFonts()...)
	if err != nil {
		t.Fatal(err)
	}
	encoder, err := escpos.NewEncoder(escpos.Profile{Paper: paper, Glyphs: glyphs, DotQR: dots})
	if err != nil {
		t.Fatal(err)
	}
	p := &page{Options: Options{Language: both}}
	p.addCodes([]code{{text: text, signed: true}})
	b, err := encoder.Append(nil, &p.doc)
	if err != nil {
		t.Fatal(err)
	}
	return graysOf(escpos.Decode(b, escpos.DecodeOptions{Paper: paper}).Picture(glyphs)).inked(16)
}

// inked is the part with ink on it, and so much white around.
func (g grays) inked(around int) grays {
	left, top, right, bottom := g.width, g.height, 0, 0
	for i, shade := range g.at {
		if x, y := i%g.width, i/g.width; shade < 128 {
			left, top, right, bottom = min(left, x), min(top, y), max(right, x), max(bottom, y)
		}
	}
	part := grays{width: right - left + 1 + 2*around, height: bottom - top + 1 + 2*around}
	for y := range part.height {
		for x := range part.width {
			part.at = append(part.at, g.shade(left-around+x, top-around+y))
		}
	}
	return part
}

// A signed code that was printed is read again when it is out of focus, turned and small, at both widths of paper, whether the printer draws it or the
// till. The rates are logged; what any phone does has to be read each time.
func TestSignedCodesAreScanned(t *testing.T) {
	path, err := exec.LookPath("zbarimg")
	switch {
	case testing.Short():
		t.Skip("it reads hundreds of pictures")
	case err != nil && os.Getenv("VERATILL_JUDGES") == "required":
		t.Fatal("zbarimg is missing: apt-get install zbar-tools")
	case err != nil:
		t.Skip("SKIPPED JUDGE: zbarimg is missing: apt-get install zbar-tools")
	}
	var texts []string
	for i, rrn := range []string{"000000123456", strings.Repeat("7", 40)} {
		s := ended(card(txn.Approved, txn.PrintOriginal))
		s.Parts[0].Answer.RRN, s.Parts[0].ID = rrn, txn.ID(100+7919*i)
		texts = append(texts, codesOf(t, s, newKey())...)
	}
	for _, paper := range []struct {
		name  string
		paper escpos.Paper
		dots  bool
	}{{"80 mm", escpos.Paper80, false}, {"58 mm", escpos.Paper58, false}, {"58 mm, drawn by the till", escpos.Paper58, true}} {
		r := rates{read: map[string]int{}, tried: map[string]int{}}
		for _, text := range texts {
			whole := codePart(t, text, paper.paper, paper.dots)
			for _, blur := range []float64{0, 0.2, 0.3, 0.4} { // in modules, of 4 dots
				soft := whole.blurred(4 * blur)
				for _, scale := range []float64{1.5, 1, 0.5} { // 6, 4 and 2 dots a module
					for _, degrees := range []float64{0, 7, 45} {
						got := zbar(t, path, soft.photo(degrees, scale))
						how := []string{fmt.Sprintf("%.0f dots a module", 4*scale), fmt.Sprintf("blur %.1f", blur), fmt.Sprintf("turned by %.0f°", degrees)}
						r.add(got == text, append(how, "all")...)
						switch {
						case got != "" && got != text:
							t.Errorf("%s: %q was read as %q", paper.name, text, got)
						case got == "" && scale >= 1 && blur <= 0.2:
							t.Errorf("%s: a code of %d signs is not read: %v", paper.name, len(text), how)
						}
					}
				}
			}
		}
		t.Logf("%s: %s", paper.name, r)
	}
}

// rates count how often a code was read, by what was done to its picture.
type rates struct {
	read, tried map[string]int
	order       []string
}

func (r *rates) add(read bool, of ...string) {
	for _, name := range of {
		if r.tried[name]++; !slices.Contains(r.order, name) {
			r.order = append(r.order, name)
		}
		if read {
			r.read[name]++
		}
	}
}

func (r rates) String() string {
	var all []string
	for _, name := range r.order {
		all = append(all, fmt.Sprintf("%s %d of %d", name, r.read[name], r.tried[name]))
	}
	return strings.Join(all, "; ")
}
