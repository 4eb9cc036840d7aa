package ui

import (
	"strings"
	"unicode/utf8"

	"veratill/app/present"
)

// sieve narrows a list to the rows that show what was typed. The zero value lets every row through, and looks at none.
type sieve struct {
	text string
	all  int
	kept []int // of the list, in its order; of a text alone
}

// sift takes the rows of a list of n that show the text, whatever the case of its letters.
func (s *sieve) sift(n int, shown func(i int) row) {
	s.all, s.kept = n, s.kept[:0]
	if s.text == "" {
		return
	}
	text := strings.ToLower(s.text)
	for i := range n {
		r := shown(i)
		//mutant:a-list-shows-what-is-looked-for
		if strings.Contains(strings.ToLower(strings.Join([]string{r.title, r.note, r.more, r.beside, r.count, r.right, r.end}, "\n")), text) {
			s.kept = append(s.kept, i)
		}
	}
}

// count is how many rows are let through.
func (s *sieve) count() int {
	if s.text == "" {
		return s.all
	}
	return len(s.kept)
}

// at is which row of the list stands in place i; −1 where none does.
func (s *sieve) at(i int) int {
	switch {
	case i < 0 || i >= s.count():
		return -1
	case s.text == "":
		return i
	}
	return s.kept[i]
}

// typed looks for one character more.
func (s *sieve) typed(t *till, x rune) {
	s.text += string(x)
	t.redraw()
}

// erase takes the last character back, and reports whether there was one.
func (s *sieve) erase(t *till) bool {
	_, size := utf8.DecodeLastRuneInString(s.text)
	s.text = s.text[:len(s.text)-size]
	t.redraw()
	return size > 0
}

// back lets every row through again, and reports whether it did not before.
func (s *sieve) back(t *till) bool {
	narrowed := s.text != ""
	s.text = ""
	t.redraw()
	return narrowed
}

// told is what a message says of the rows that are left out.
func (s *sieve) told(w *present.Words, m present.Message) present.Message {
	if s.text != "" {
		m.Small = w.Text("list.sieve", "text", s.text)
	}
	return m
}

// keep notes what was typed, and gives how that is put back: figures do nothing else on a list.
func (s *sieve) keep(t *till) (undo func()) {
	text := s.text
	return func() {
		s.text = text
		t.redraw()
	}
}
