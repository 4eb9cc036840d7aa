package simulator

import (
	"context"
	"time"

	"veratill/txn"
	"veratill/txn/till"
)

// printer is the printer as one run of the till sees it. The paper itself outlives the run.
type printer struct{ life *life }

// Ready implements till.Printer.
func (p printer) Ready() bool {
	p.life.w.mu.Lock()
	defer p.life.w.mu.Unlock()
	return p.life.w.printerReady
}

// Prepare implements till.Printer.
func (p printer) Prepare(till.Sheet) {}

// Begin implements till.Printer: the bytes are with the printer when it is called, and
// come out whatever becomes of the till.
func (p printer) Begin(_ context.Context, s till.Sheet) (end func() (txn.Paper, string)) {
	w := p.life.w
	if p.life.ended() {
		return func() (txn.Paper, string) { return txn.PaperUnknown, "" }
	}
	w.mu.Lock()
	f := w.next(&w.paperFates)
	w.mu.Unlock()
	takes, comes, outcome := 700*time.Millisecond, true, txn.Printed
	switch f.Word(1) {
	case "lost":
		comes, outcome = false, txn.PaperUnknown
	case "unproved":
		outcome = txn.PaperUnknown
	case "unprinted":
		comes, outcome = false, txn.NotPrinted
	case "delay":
		takes = f.Duration(2)
	}
	if comes {
		w.after(takes, func() { w.paper(s, p.life) })
	}
	return func() (txn.Paper, string) {
		deepen() // the till goes on to its journal
		select {
		case <-time.After(takes + ordinary):
		case <-p.life.over:
			return txn.PaperUnknown, ""
		}
		return outcome, "process id"
	}
}
