package books

import (
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"veratill/escpos"
)

// Sheets is what paper there is of a STAN: at most one that is not marked as a copy. Slips of a part, before its sale is paid, are no receipts.
type Sheets struct{ Unmarked, Copies, Parts int }

var stanLine = regexp.MustCompile(`凭证号 STAN\s+(\d{6})`)

const copyMark = "COPY"

// readPapers counts the papers that have come out since. They are decoded here and
// not by a process each: ten thousand of them are judged in seconds.
func (b *Books) readPapers() {
	files, err := filepath.Glob(filepath.Join(b.shop.Path("papers"), "*.bin"))
	if err != nil {
		b.say("papers: %v", err)
	}
	sort.Strings(files)
	for _, file := range files {
		if b.seen[file] {
			continue
		}
		b.seen[file] = true
		raw, err := os.ReadFile(file)
		if err != nil {
			b.say("papers: %v", err)
			continue
		}
		b.countPieces(escpos.Decode(raw, escpos.DecodeOptions{}).Text())
	}
}

// partMark stands on the slip of a part, which is no receipt.
const partMark = "部分付款"

// countPieces counts one strip. A job that was cut short hangs together with the next
// one on the same paper, as on a real printer: each title begins a new piece.
func (b *Books) countPieces(text string) {
	var piece strings.Builder
	for l := range strings.SplitSeq(text, "\n") {
		if strings.Contains(l, "RECEIPT") && stanLine.MatchString(piece.String()) {
			b.countPiece(piece.String())
			piece.Reset()
		}
		piece.WriteString(l + "\n")
	}
	b.countPiece(piece.String())
}

// countPiece counts one piece for each STAN that it names: a sale that was paid in parts names all of them.
func (b *Books) countPiece(text string) {
	for _, m := range stanLine.FindAllStringSubmatch(text, -1) {
		stan, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			continue
		}
		s := b.papers[stan]
		switch {
		case strings.Contains(text, copyMark):
			s.Copies++
		case strings.Contains(text, partMark):
			s.Parts++
		default:
			s.Unmarked++
		}
		b.papers[stan] = s
	}
}
