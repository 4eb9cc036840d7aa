package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"veratill/packaging/books"
	"veratill/packaging/shop"
)

// terminals is what the card terminal does besides what the amounts decide: cables are pulled, answers are lost, undoing goes wrong.
const terminals = `{"command":"reverse","nth":3,"do":"cut after"}
{"command":"reverse","nth":5,"do":"cut before"}
{"command":"refund","nth":2,"do":"cut after"}
{"command":"refund","nth":4,"do":"cut before"}
{"command":"repeat","nth":9,"do":"cut before"}
{"command":"status","nth":11,"do":"busy"}
{"command":"pay","ending":"05","do":"decline"}
{"command":"pay","ending":"06","do":"abort"}
{"command":"pay","ending":"91","do":"silent after"}
{"command":"pay","ending":"92","do":"aborted late"}
{"command":"pay","ending":"94","do":"cut after"}
{"command":"pay","ending":"95","do":"other amount"}
{"command":"pay","ending":"96","do":"cut before"}
{"command":"pay","ending":"97","do":"cut after ack"}
{"command":"pay","ending":"98","do":"twice"}
`

// terminalWait is how long till and terminal wait for each other: short, so that many rounds fit, and far above what they take on this machine.
const terminalWait = 400 * time.Millisecond

var terminalEndings = []int{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 2, 5, 6, 91, 92, 94, 95, 96, 97, 98}

// openTerminal begins a journal, the terminal's memory and a roll of paper in a folder of their own.
func (w *world) openTerminal(dir string) error {
	script := filepath.Join(dir, "terminal.script")
	if err := os.WriteFile(script, []byte(terminals), 0o600); err != nil {
		return err
	}
	var err error
	if w.shop, err = shop.OpenTerminal(w.program, dir, script, terminalWait); err != nil {
		return err
	}
	w.books, w.rounds = books.OfTerminal(w.shop), 0
	return nil
}

// roundAtTerminal runs one command, and most times kills it.
func (w *world) roundAtTerminal() {
	cmd := w.shop.Undo()
	switch kind := w.random.IntN(12); kind {
	case 0:
		w.counts.undone++
	case 1, 2:
		cmd = w.shop.Command("void", "-data", w.shop.Till(), "-attempt", fmt.Sprint(1+w.random.IntN(w.rounds+1)), "-printer", w.shop.PrinterURL(), "-json", "-v")
		w.counts.voids++
	case 3:
		cmd = w.shop.Command("refund", "-data", w.shop.Till(), "-attempt", fmt.Sprint(1+w.random.IntN(w.rounds+1)), "-amount", fmt.Sprintf("0.%02d", 10+w.random.IntN(80)), "-printer", w.shop.PrinterURL(), "-json", "-v")
		w.counts.refunds++
	default:
		cmd = w.shop.SellAtTerminal(fmt.Sprintf("%d.%02d", 1+w.random.IntN(99), terminalEndings[w.random.IntN(len(terminalEndings))]))
		w.counts.sales++
	}
	w.killOften(cmd, terminalWait)
}
