package main

import (
	"strings"
	"sync"

	"veratill/app/present"
)

// unreadBytes is how much of what nobody can read is kept for a box: its last lines.
const unreadBytes = 2048

// unread is the error output of a window that was started where there is none, as from
// Windows' start menu: it keeps the end of what was written, to be shown in a box.
type unread struct {
	mu   sync.Mutex
	kept []byte
}

// Write implements io.Writer.
func (u *unread) Write(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.kept = append(u.kept, p...)
	u.kept = u.kept[max(0, len(u.kept)-unreadBytes):]
	return len(p), nil
}

// box is what is shown of it: what happened, that it moved no money, and what to do.
func (u *unread) box(w *present.Words) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	said := strings.TrimSpace(strings.ToValidUTF8(string(u.kept), ""))
	if said == "" {
		said = w.Text("start.wordless")
	}
	return w.Text("start.failed") + "\n\n" + said + "\n\n" + w.Text("start.unmoved")
}

// wordsOf is the first of a system's languages that the program speaks, by their
// names in BCP 47; English where it speaks none.
func wordsOf(languages []string) (*present.Words, error) {
	for _, l := range languages {
		if first, _, _ := strings.Cut(strings.ToLower(l), "-"); first == "zh" || first == "en" {
			return present.NewWords(first)
		}
	}
	return present.NewWords("en")
}
