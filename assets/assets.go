// Package assets carries what the program shows and did not compute: fonts,
// languages, the icon and the demo catalogue. It imports nothing of the program.
package assets

import "embed"

// FontRegular and FontBold are Noto Sans SC cut to GB2312 and ASCII (SIL OFL 1.1,
// font/OFL.txt). Middle dot, multiplication sign, dashes, ellipsis and quotes are
// not in: the full-width ones of a Chinese font tear English apart, and the
// window falls back to its toolkit's narrow ones.
var (
	//go:embed font/NotoSansSC-Regular.otf
	FontRegular []byte
	//go:embed font/NotoSansSC-Bold.otf
	FontBold []byte
)

// FontTraditional is what paper in Big5 has beyond FontRegular: the rest of Big5, from Noto Sans TC. The window does without it.
//
//go:embed font/NotoSansTC-Regular.otf
var FontTraditional []byte

// FontPDF is FontRegular with TrueType's curves, which a PDF's writer takes alone.
//
//go:embed font/NotoSansSC-Regular.ttf
var FontPDF []byte

// PaperFonts draw paper: what a printer lacks, and what the virtual printer shows. A character comes from the first that has it.
func PaperFonts() [][]byte { return [][]byte{FontRegular, FontTraditional} }

// Icon is the program's icon as SVG: a receipt with a tick, drawn for this program.
//
//go:embed icon/veratill.svg
var Icon []byte

// pictures are what the demonstration's items look like, drawn for this program.
//
//go:embed pictures/*.svg
var pictures embed.FS

// Picture is one of them, by its name without an ending.
func Picture(name string) ([]byte, error) { return pictures.ReadFile("pictures/" + name + ".svg") }

// Files holds everything that is read by name.
//
//go:embed font/OFL.txt language/*.txt
var Files embed.FS

// ReceiptPage is the page by which anybody checks signed receipts. {{FACTS}} stands where the shop's public keys and the words go.
//
//go:embed receipt/page.html
var ReceiptPage string

// DemoCatalogue is the demo shop's article list in CNY.
//
//go:embed catalogue/demo.csv
var DemoCatalogue string
