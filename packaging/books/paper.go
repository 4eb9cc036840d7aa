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

// Sheets is what paper there is of a STAN: at most one that is not marked as a copy.
type Sheets struct{ Unmarked, Copies int }

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

// countPieces counts one strip. A job that was cut short hangs together with the next
// one on the same paper, as on a real printer: each title begins a new piece.
func (b *Books) countPieces(text string) {
	marked, piece, begins := false, false, true
	for l := range strings.SplitSeq(text, "\n") {
		if strings.Contains(l, "RECEIPT") { // a title: a mark above it belongs to it
			begins = true
			continue
		}
		if strings.Contains(l, copyMark) {
			marked = true
		}
		m := stanLine.FindStringSubmatch(l)
		if m == nil {
			continue
		}
		stan, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			continue
		}
		if begins { // a sale that was paid in parts names each of them on one piece
			piece, marked, begins = marked, false, false
		}
		s := b.papers[stan]
		if piece {
			s.Copies++
		} else {
			s.Unmarked++
		}
		b.papers[stan] = s
	}
}
