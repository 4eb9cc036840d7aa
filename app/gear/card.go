package gear

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"

	"veratill/assets/files"
	"veratill/devices/reader"
)

// ReadCard waits for a card at the reader that is in use. The caller zeroes it. The errors are
// the reader's, and those of ctx.
func (g *Gear) ReadCard(ctx context.Context) (reader.Card, error) {
	card, err := g.inUse().reader.Read(ctx)
	g.keepTrack()
	return card, err
}

// trackFile keeps which track of a file comes next, so that each program that makes
// one sale takes the one after.
func (g *Gear) trackFile() string { return filepath.Join(g.config.Dir, "reader.next") }

func (g *Gear) nextTrack() int {
	text, err := files.Read(g.trackFile(), 64)
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (g *Gear) keepTrack() {
	if f, ok := g.inUse().reader.(*reader.File); ok {
		if err := files.Write(g.trackFile(), []byte(strconv.Itoa(f.NextIndex())), 0o600); err != nil {
			g.config.Log.Warn("reader", "error", err)
		}
	}
}
