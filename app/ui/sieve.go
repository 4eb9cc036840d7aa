package ui

import (
	"strings"
	"unicode/utf8"

	"veratill/app/present"
)

// sieve narrows a list to the rows that show what was typed. The zero value lets every row through.
type sieve struct {
	text string
	kept []int // of the list, in its order
}

// sift takes the rows of a list of n that show the text, whatever the case of its letters.
func (s *sieve) sift(n int, shown func(i int) row) {
	s.kept = s.kept[:0]
	text := strings.ToLower(s.text)
	for i := range n {
		r := shown(i)
		//mutant:a-list-shows-what-is-looked-for
		if strings.Contains(strings.ToLower(strings.Join([]string{r.title, r.note, r.more, r.beside, r.count, r.right, r.end}, "\n")), text) {
			s.kept = append(s.kept, i)
		}
	}
}

// at is which row of the list stands in place i; −1 where none does.
func (s *sieve) at(i int) int {
	if i < 0 || i >= len(s.kept) {
		return -1
	}
	return s.kept[i]
}

// erase takes the last character back.
func (s *sieve) erase() bool {
	_, size := utf8.DecodeLastRuneInString(s.text)
	s.text = s.text[:len(s.text)-size]
	return size > 0
}

// clear lets every row through again, and reports whether it did not before.
func (s *sieve) clear() bool {
	was := s.text != ""
	s.text = ""
	return was
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
