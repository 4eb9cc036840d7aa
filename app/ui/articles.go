package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// articlesScreen lists what is wrong with the article list: each row that is not sold, and what to do about it, and each name that the
// printer can't show whole. It keeps nobody from selling the rest.
type articlesScreen struct {
	quiet
	articles present.Articles
	loaded   bool
	sieve    sieve
	marked   int    // among those that are shown; −1 before a row is picked: then the head is said
	say      *panel // the marked row whole, or the head
	list     *rows
}

func (t *till) openArticles() {
	if t.paying() || t.top().stands().page == articlesPage {
		return
	}
	t.leaveResult()
	s := &articlesScreen{marked: -1}
	t.open(s)
	t.call(func(context.Context) func() { // the names of a large list take a while
		articles := t.desk.Articles()
		return func() {
			s.articles, s.loaded = articles, true
			t.redraw()
		}
	})
}

func (s *articlesScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say = k.panel(1.1)
	s.list = k.rows(func(i int) row { return s.row(t, i) }, func(i int) { s.mark(t, i) })
	left = box(func(a area) { place(s.say, area{a.x, a.y, a.w, s.say.high(a.w, a.h)}) }, s.say)
	return left, box(func(a area) { place(s.list, a) }, s.list)
}

func (s *articlesScreen) count() int { return len(s.articles.Remarks) + len(s.articles.NoSigns) }

// line is a remark, or behind the last of them a name that the printer can't show.
func (s *articlesScreen) line(t *till, i int) (where string, m present.Message) {
	if i >= len(s.articles.Remarks) {
		n := s.articles.NoSigns[i-len(s.articles.Remarks)]
		return t.words.NoSignOf(n), present.Message{Tone: present.Warning, What: t.words.Text("articles.no-sign", "missing", n.Missing),
			Next: t.words.Text("articles.no-sign.next"), Small: n.Text}
	}
	r := s.articles.Remarks[i]
	where, what, next := t.words.Remark(r)
	m = present.Message{Tone: present.Warning, What: what, Next: next, Small: where}
	if r.Refused {
		m.Tone = present.Bad
	}
	return where, m
}

// row is the row in a place.
func (s *articlesScreen) row(t *till, i int) row {
	shown := s.of(t, s.sieve.at(i))
	shown.marked = i == s.marked
	return shown
}

// of is the row of a line of the list.
func (s *articlesScreen) of(t *till, i int) row {
	where, m := s.line(t, i)
	return row{icon: m.Tone, tone: m.Tone, title: where, note: m.What}
}

func (s *articlesScreen) refresh(t *till) {
	said := present.Message{Tone: present.Waiting, What: t.words.Text("articles.looking")}
	if s.loaded {
		said = t.words.ArticlesHead(s.articles)
	}
	s.sieve.sift(s.count(), func(i int) row { return s.of(t, i) })
	s.marked = min(s.marked, s.sieve.count()-1)
	if s.marked >= 0 {
		_, said = s.line(t, s.sieve.at(s.marked))
	}
	s.say.show(s.sieve.told(t.words, said))
	s.list.show(s.sieve.count(), s.marked)
}

func (s *articlesScreen) mark(t *till, i int) {
	s.marked = min(max(i, 0), s.sieve.count()-1)
	t.redraw()
}

func (s *articlesScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("result.back"), hint: "Esc", enabled: true, press: t.back}
}

func (s *articlesScreen) key(t *till, name fyne.KeyName) bool {
	switch name {
	case fyne.KeyDown:
		s.mark(t, s.marked+1)
	case fyne.KeyUp:
		s.mark(t, s.marked-1)
	case fyne.KeyBackspace:
		s.sieve.erase(t)
	default:
		return s.list.turnKey(name)
	}
	return true
}

// typed looks for remarks: by the row's number, the item or the fault, as the rows show them.
func (s *articlesScreen) typed(t *till, x rune) {
	s.marked = -1
	s.sieve.typed(t, x)
}

// back shows all of them again.
func (s *articlesScreen) back(t *till) bool { return s.sieve.back(t) }

func (s *articlesScreen) stands() standing {
	return standing{page: articlesPage, ready: s.loaded, keep: s.sieve.keep}
}
