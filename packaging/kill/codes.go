package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"veratill/packaging/books"
	"veratill/packaging/shop"
)

// shownCodes are what customers show: one of each wallet.
var shownCodes = []string{"134567890123451234", "28763443825664394", "6225735053201615202"}

// misbehaving is what the providers do besides what the amounts decide: answers are lost, undoing and giving back go wrong. Most questions are
// answered as they should be, so that what is owed ends.
const misbehaving = `{"question":"undo","nth":3,"do":"cut after"}
{"question":"undo","nth":5,"do":"again"}
{"question":"give back","nth":2,"do":"cut after"}
{"question":"give back","nth":4,"do":"cut before"}
{"question":"give back","nth":6,"do":"processing","seconds":2}
{"question":"ask","nth":7,"do":"wrong signature"}
{"question":"pay","ending":"05","do":"decline"}
{"question":"pay","ending":"71","do":"typing","seconds":0.5}
{"question":"pay","ending":"72","do":"typing","seconds":3600}
{"question":"pay","ending":"91","do":"silent"}
{"question":"pay","ending":"92","do":"system error"}
{"question":"pay","ending":"94","do":"cut after"}
{"question":"pay","ending":"96","do":"cut before"}
{"question":"pay","ending":"97","do":"typing","seconds":3600}
{"provider":"wechat","question":"undo","ending":"97","do":"paid after","nth":1}
`

// asks is how long the till asks: short, so that many rounds fit, and far above what a provider on this machine takes.
const asks = 1500 * time.Millisecond

// codeEndings are the last digits of the amounts: mostly good ones.
var codeEndings = []int{0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 1, 2, 5, 71, 72, 91, 92, 94, 96, 97}

// openCodes begins a journal, the providers' ledger and a roll of paper in a folder of their own.
func (w *world) openCodes(dir string) error {
	for i, code := range shownCodes {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.code", i)), []byte(code), 0o600); err != nil {
			return err
		}
	}
	script := filepath.Join(dir, "providers.script")
	if err := os.WriteFile(script, []byte(misbehaving), 0o600); err != nil {
		return err
	}
	var err error
	if w.shop, err = shop.OpenCodes(w.program, dir, script, asks); err != nil {
		return err
	}
	w.books, w.rounds = books.OfCodes(w.shop), 0
	return nil
}

// longestCode is how long a command with a payment code is let live that is killed at random: a sale that is answered at once takes about a third of it.
const longestCode = 400 * time.Millisecond

// roundOfCodes runs one command, and most times kills it.
func (w *world) roundOfCodes() {
	cmd := w.shop.Undo()
	switch kind := w.random.IntN(12); kind {
	case 0, 1:
		w.counts.undone++
	case 2, 3:
		cmd = w.shop.Command("void", "-data", w.shop.Till(), "-attempt", fmt.Sprint(1+w.random.IntN(w.rounds+1)), "-printer", w.shop.PrinterURL(), "-json", "-v")
		w.counts.voids++
	case 4, 5: // a part, so that it is a refund
		cmd = w.shop.Command("refund", "-data", w.shop.Till(), "-attempt", fmt.Sprint(1+w.random.IntN(w.rounds+1)), "-amount", fmt.Sprintf("0.%02d", 10+w.random.IntN(90)), "-printer", w.shop.PrinterURL(), "-json", "-v")
		w.counts.refunds++
	default:
		amount := fmt.Sprintf("%d.%02d", 1+w.random.IntN(99), codeEndings[w.random.IntN(len(codeEndings))])
		cmd = w.shop.SellByCode(filepath.Join(w.shop.Dir, fmt.Sprintf("%d.code", w.random.IntN(len(shownCodes)))), amount)
		w.counts.sales++
	}
	w.killOften(cmd, longestCode)
}

// killOften runs a command: one in twelve to its end, and the others until they are killed, within longest or at one of their steps.
func (w *world) killOften(cmd *exec.Cmd, longest time.Duration) {
	switch w.random.IntN(12) {
	case 0:
		w.run(cmd, 0, 0)
		w.counts.unkilled++
	case 1, 2, 3, 4, 5:
		w.counts.atRandom += w.run(cmd, 0, time.Duration(w.random.IntN(int(longest))))
	default:
		w.counts.atStep += w.run(cmd, 1+w.random.IntN(steps), 0)
	}
}

// judgeCodes drives everything owed to its end, as the next morning would, and compares the books. A number that a provider does not know is believed
// only once no code lives that was shown for it.
func (w *world) judgeCodes() {
	until := time.Now().Add(2 * time.Minute)
	err := w.shop.Settle()
	for err != nil && time.Now().Before(until) {
		time.Sleep(time.Second)
		err = w.shop.Settle()
	}
	if err != nil {
		w.found = append(w.found, err.Error())
	}
	c, found := w.books.Judge()
	w.found = append(w.found, found...)
	w.counts.folders++
	w.counts.books.Add(c)
}
