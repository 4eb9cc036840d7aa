package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"veratill/app/present"
	"veratill/txn"
)

// evidenceScreen ends by evidence a payment of which the bank says no more: what the bank says became of the money, who answers for
// it, and the file in which the bank says so.
type evidenceScreen struct {
	quiet
	entry         present.Entry
	as            txn.Finding
	who, document string
	done          present.Note

	say, said *panel
	finding   []*button
	fields    [2]*field
}

func (t *till) openEvidence(e present.Entry) {
	t.open(&evidenceScreen{entry: e, who: t.about.Cashier})
}

func (s *evidenceScreen) build(t *till) (left, right fyne.CanvasObject) {
	k := t.kit
	s.say, s.said, s.finding = k.panel(1.15), k.panel(1), nil
	objects := []fyne.CanvasObject{}
	for _, f := range txn.Findings {
		b := k.button(normal, t.words.Text("finding."+string(f)), "", func() { s.as = f; t.show() })
		if f == s.as {
			b.style = chosen
		}
		s.finding, objects = append(s.finding, b), append(objects, b)
	}
	s.fields[0] = newField(t.router, t.words.Text("evidence.who"), func(text string) { s.who = text; t.redraw() }, func(fyne.KeyName) bool { return false }, func() {})
	s.fields[0].Text = s.who
	s.fields[1] = newField(t.router, t.words.Text("evidence.document"), func(text string) { s.document = text; t.redraw() }, func(fyne.KeyName) bool { return false }, func() {})
	s.fields[1].Text = s.document
	objects = append(objects, s.fields[0], s.fields[1])
	left = box(func(a area) {
		place(s.say, a.top(s.say.high(a.w, a.h*0.75)))
		place(s.said, a.top(s.said.high(a.w, a.h)))
	}, s.say, s.said)
	return left, box(func(a area) {
		for i, cell := range a.top(max(k.px(64), target)).columns(len(s.finding)) {
			place(s.finding[i], cell)
		}
		for i, cell := range a.top(max(k.px(48), target)).columns(len(s.fields)) {
			place(s.fields[i], cell)
		}
	}, objects...)
}

func (s *evidenceScreen) refresh(t *till) {
	m := t.words.Matter(s.entry.Matter())
	m.Next = t.words.Text("evidence.ask")
	s.say.show(m)
	done := t.words.Tell(s.done, t.about.Currency)
	s.said.show(done)
	show(s.said, !done.Empty())
}

func (s *evidenceScreen) primary(t *till) primaryAction {
	return primaryAction{label: t.words.Text("evidence.end"), hint: "Enter", enabled: s.as != "" && s.who != "" && s.document != "", press: func() { s.end(t) }}
}

// end brings the evidence. The page of the payment then says what was made of it.
func (s *evidenceScreen) end(t *till) {
	id, as, who, document := s.entry.Attempt.ID, string(s.as), s.who, s.document
	t.call(func(ctx context.Context) func() {
		e, err := t.desk.Evidence(as, who, document)
		if err != nil {
			return func() {
				s.done = present.Note{Tone: present.Warning, Key: "evidence.failed", Detail: err.Error()}
				t.redraw()
			}
		}
		r := t.desk.Resolve(ctx, txn.Actor{By: who}, id, e)
		return func() {
			if r.Code != "" {
				s.done = present.Note{Tone: present.Warning, Key: "evidence.failed", Detail: r.Code + " " + r.Detail}
				t.redraw()
				return
			}
			entry := s.entry
			entry.Attempt, entry.Bill = r.Attempt, r.Bill
			if t.inSight(s) {
				t.home()
				t.openEntry(entry)
			}
			t.changed()
		}
	})
}

func (s *evidenceScreen) key(*till, fyne.KeyName) bool { return false }

func (s *evidenceScreen) typed(*till, rune) {}

func (s *evidenceScreen) back(*till) bool { return false }

func (s *evidenceScreen) stands() standing { return standing{page: evidencePage, back: "result.back"} }
