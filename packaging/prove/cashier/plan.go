package cashier

import (
	"fmt"
	"math/rand/v2"
	"time"

	"veratill/packaging/prove/counter"
	"veratill/packaging/prove/script"
)

// StepsPerSeed is how much is done in the history of a seed.
const StepsPerSeed = 60

// Plan makes the history of a seed.
func Plan(seed uint64) Script {
	r := rand.New(rand.NewPCG(seed, 0xCA54))
	s := Script{Language: []string{"en", "zh"}[r.IntN(2)], Terminal: r.IntN(3) == 0, Seed: seed,
		Codes: r.IntN(2) == 0, Scanner: r.IntN(3) == 0, ZVT: r.IntN(4) == 0, Vouchers: r.IntN(3) == 0}
	p := &planner{Rand: r, script: &s}
	for len(s.Steps) < StepsPerSeed {
		people[r.IntN(len(people))](p)
	}
	return s
}

// planner draws what people do.
type planner struct {
	*rand.Rand
	script *Script
}

func (p *planner) add(after time.Duration, words ...string) {
	p.script.Steps = append(p.script.Steps, script.After(after.Round(time.Millisecond), words...))
}

// soon is a pause between two things that somebody does; often so short that answers come into it.
func (p *planner) soon() time.Duration {
	most := []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second, 20 * time.Second}[p.IntN(4)]
	return time.Duration(p.Int64N(int64(most)))
}

func (p *planner) pick(words ...string) string { return words[p.IntN(len(words))] }

func (p *planner) n(most int) string { return fmt.Sprint(p.IntN(most)) }

// people are those who stand at the counter. Each does a little, and another one goes on.
var people = []func(p *planner){
	(*planner).clerk, (*planner).clerk, (*planner).clerk, (*planner).cardClerk, (*planner).cardClerk,
	(*planner).hurried, (*planner).hurried, (*planner).doubleTapper, (*planner).child, (*planner).radio, (*planner).wrongLayout,
	(*planner).manager, (*planner).parker, (*planner).plugPuller, (*planner).splitter, (*planner).closer,
	(*planner).phone, (*planner).cable, (*planner).badDisk, (*planner).restorer, (*planner).disputed, (*planner).exchanger, (*planner).evidence,
}

func (p *planner) goods() {
	for range 1 + p.IntN(3) {
		p.add(p.soon(), p.pick("scan", "scan", "tile"), p.n(40))
	}
}

// clerk sells for cash as it is meant.
func (p *planner) clerk() {
	p.goods()
	switch p.IntN(3) {
	case 0:
		p.add(p.soon(), "exact")
	case 1:
		p.add(p.soon(), "cash", p.pick(fmt.Sprint(50*(1+p.IntN(200))), fmt.Sprint(50*(1+p.IntN(2000)))))
	default:
		p.add(p.soon(), "notes", p.pick("1000", "2000", "5000"), p.pick("500", "1000", "5000"))
	}
	p.after()
}

// after is what comes after a sale: mostly the next customer, whose goods may come while the result is still in front.
func (p *planner) after() {
	switch p.IntN(4) {
	case 0:
		p.add(p.soon(), "scan", p.n(40))
	case 1:
		p.add(p.soon(), "hurry", p.pick("Return", "Escape"), "2")
	case 2:
		p.add(p.soon(), "leave", "finger")
	default:
		p.add(p.soon(), "leave")
	}
}

// bank draws what the bank does with the next message about money.
func (p *planner) bank() {
	if p.script.ZVT {
		p.cardTerminal()
		return
	}
	switch p.IntN(8) {
	case 0, 1:
		p.add(0, "bank", "decline", p.pick("51", "05", "14", "54"))
	case 2:
		p.add(0, "bank", p.pick("silent", "cut-after", "cut-before", "wrong-mac", "wrong-amount", "garbage", "restart"))
	case 3:
		p.add(0, "bank", p.pick("delay", "late"), fmt.Sprint(1+p.IntN(20)))
	case 4:
		p.add(0, "bank", "delay", fmt.Sprintf("0.%d", 1+p.IntN(9)))
	}
}

// cardTerminal draws what the card terminal with a cable does with the next command about money.
func (p *planner) cardTerminal() {
	switch p.IntN(6) {
	case 0:
		p.add(0, "terminal-does", p.pick("decline", "abort", "refuse", "busy"))
	case 1:
		p.add(0, "terminal-does", p.pick("silent-after", "cut-before", "cut-after", "cut-after-ack", "twice", "other-amount", "no-receipt", "garbage", "contradict", "aborted-late"))
	case 2:
		p.add(0, "terminal-does", p.pick("delay", "texts"), fmt.Sprint(1+p.IntN(9)))
	}
}

// phone is a customer who pays by code, and does not always type the password.
func (p *planner) phone() {
	if !p.script.Codes {
		p.clerk()
		return
	}
	p.goods()
	p.add(p.soon(), "wallet", p.n(2), counter.CodeEndings[p.IntN(len(counter.CodeEndings))], p.pick("", "", "once"))
	for range p.IntN(3) {
		p.meanwhile()
	}
	p.after()
}

// cable is a scanner on a serial line, which may be torn.
func (p *planner) cable() {
	if !p.script.Scanner {
		p.radio()
		return
	}
	for range 1 + p.IntN(3) {
		if p.IntN(4) == 0 {
			p.add(p.soon(), "serial", p.n(40), fmt.Sprint(1+p.IntN(12)), p.pick("20", "90", "150", "400"))
		} else {
			p.add(p.soon(), "serial", p.n(40))
		}
	}
	if p.IntN(2) == 0 {
		p.add(p.soon(), "exact")
	} else {
		p.add(p.soon(), "card", "0")
	}
	p.after()
}

// badDisk is a disk that fails in the middle of something, for a moment or until somebody mends it.
func (p *planner) badDisk() {
	if p.IntN(3) > 0 { // each start of a program takes as long as a hundred presses
		p.clerk()
		return
	}
	p.add(p.soon(), "disk", fmt.Sprint(1+p.IntN(12)), p.pick("eio", "full", "sync-lost"), p.pick("1", "3", "1000"))
	switch p.IntN(4) {
	case 0:
		p.clerk()
	case 1:
		p.phone()
	case 2:
		p.manager()
	default:
		p.cardClerk()
	}
	if p.IntN(2) == 0 {
		p.add(p.soon(), "cut", "0")
	}
	p.add(p.soon(), "mend")
}

// restorer copies the books, and puts them back when a while has passed.
func (p *planner) restorer() {
	if p.IntN(3) > 0 {
		p.cardClerk()
		return
	}
	p.add(p.soon(), "copy")
	for range 1 + p.IntN(2) {
		if p.IntN(2) == 0 {
			p.clerk()
		} else {
			p.cardClerk()
		}
	}
	p.add(p.soon(), "put-back")
	p.goods()
	if p.IntN(2) == 0 {
		p.add(p.soon(), "card", "0")
		p.add(p.soon(), "leave")
	}
	p.add(p.soon(), "type", "y")
	p.cardClerk()
}

// exchanger brings goods back for others, or pays with a voucher of the shop.
func (p *planner) exchanger() {
	p.clerk()
	p.add(p.soon(), "leave")
	if p.script.Vouchers && p.IntN(2) == 0 {
		p.goods()
		p.add(p.soon(), "voucher", p.pick("100", "300", "500", "5000"))
		p.add(p.soon(), "hurry", p.pick("Return", "Escape"), "1")
		p.after()
		return
	}
	p.bank()
	p.add(p.soon(), "exchange", p.n(3), p.n(40))
	p.after()
}

// evidence is a payment that the bank refuses to undo, and what it says of it in writing.
func (p *planner) evidence() {
	p.goods()
	p.add(0, "bank", "silent")
	p.add(0, "bank", "refuses-to-undo")
	p.add(p.soon(), "card", "0")
	p.add(2*time.Minute, "leave")
	p.add(p.soon(), "evidence", p.n(2), p.pick("given-back", "kept", "never-ours"))
	p.after()
}

// disputed is a letter of a bank, and somebody who answers it.
func (p *planner) disputed() {
	p.bank()
	p.cardClerk()
	p.add(p.soon(), "leave")
	p.add(p.soon(), "case", p.n(3), p.pick("won", "lost", "accepted", "sent", ""))
	if p.IntN(4) == 0 {
		p.add(p.soon(), p.pick("kill", "cut"))
	}
}

// cardClerk sells by card, and does not always wait for the bank.
func (p *planner) cardClerk() {
	p.goods()
	p.bank()
	if p.script.Terminal && p.IntN(2) == 0 {
		p.add(p.soon(), "terminal", p.pick("approved", "approved", "declined", "nothing"))
	} else {
		p.add(p.soon(), "card", p.pick("0", "0", "0", "1", "6", "7", "8"))
	}
	for range p.IntN(3) {
		p.meanwhile()
	}
	p.after()
}

// meanwhile is what somebody does while a payment is under way, or right after.
func (p *planner) meanwhile() {
	switch p.IntN(6) {
	case 0:
		p.add(p.soon(), "scan", p.n(40))
	case 1:
		p.add(p.soon(), "hurry", p.pick("Return", "Escape", "F9", "F2", "F12"), p.pick("1", "2", "3"))
	case 2:
		p.add(p.soon(), "tap", p.n(40), "1")
	case 3:
		p.add(p.soon(), "type", p.pick("y", "l", "n"))
	case 4:
		p.add(p.soon(), "wait")
	default:
		p.add(p.soon(), "press", p.pick("Return", "F9", "F4", "F7"))
	}
}

// hurried presses before it is time, and once too often.
func (p *planner) hurried() {
	p.goods()
	switch p.IntN(6) {
	case 0:
		p.add(p.soon(), "keep", p.pick("5", "2"), p.pick("100", "700", "2000"))
	case 1:
		p.add(p.soon(), "again", p.pick("2000", "5000"), p.pick("7", "30"))
	case 2:
		p.add(p.soon(), "across", p.pick("F9", "F12", "Return", "Escape"))
	}
	for range 1 + p.IntN(4) {
		p.add(p.soon(), "hurry", p.pick("F9", "Return", "F12", "F2", "Escape", "KP_Enter", "F8", "F4"), p.pick("1", "2", "2", "3"))
	}
	p.add(p.soon(), "type", p.pick("5", "20", "150", "1.50"))
	p.add(p.soon(), "hurry", "Return", "2")
	p.after()
}

// doubleTapper taps everything twice.
func (p *planner) doubleTapper() {
	p.goods()
	p.add(p.soon(), "press", "F9")
	for range 1 + p.IntN(4) {
		p.add(p.soon(), "tap", p.n(60), p.pick("1", "2", "2", "3"))
	}
	p.after()
}

// child is at the pad.
func (p *planner) child() {
	for range 2 + p.IntN(6) {
		switch p.IntN(4) {
		case 0:
			p.add(p.soon(), "tap", p.n(80), "1")
		case 1:
			p.add(p.soon(), "hold", p.pick("Return", "F9", "F12", "F2", "Up", "BackSpace", "Delete", "Escape", "Space"), fmt.Sprint(100*p.IntN(30)))
		case 2:
			p.add(p.soon(), "press", p.pick("Tab", "Space", "Up", "Down", "F1", "F5", "F6", "F10", "F11", "Next", "Prior"))
		default:
			p.add(p.soon(), "type", p.pick("7", "00", "*", "+", "-", "8*", "99999", ".."))
		}
	}
}

// radio is a scanner that is slow, pauses within a code, reads what is not sold, and a card that is swiped at the wrong place.
func (p *planner) radio() {
	for range 1 + p.IntN(4) {
		switch p.IntN(6) {
		case 0:
			p.add(p.soon(), "torn", p.n(40), p.n(12), p.pick("20", "150", "400"))
		case 1:
			p.add(p.soon(), "code", p.pick("6901234567892", "4006381333931", "123", "134567890123456789", "281234567890123456"))
		case 2:
			p.add(p.soon(), "swipe", p.n(5), p.pick("whole", "whole", "bare"), p.pick("", "cut"))
		case 3:
			p.add(p.soon(), "press", p.pick("F9", "F2", "Escape"))
		default:
			p.add(p.soon(), "scan", p.n(40), p.pick("5", "30", "45"))
		}
	}
	p.after()
}

// wrongLayout is a keyboard with another layout, and a person who tries what it types.
func (p *planner) wrongLayout() {
	p.goods()
	p.add(p.soon(), "press", p.pick("F9", "F12"))
	for range 1 + p.IntN(3) {
		p.add(p.soon(), "type", p.pick("。", ",", "é", "q", "1,5", "1。5", "５", "ö", "；"))
	}
	p.add(p.soon(), "press", p.pick("Return", "Escape", "F2"))
	p.after()
}

// manager looks, prints an X and gives money back, mostly in the middle of something.
func (p *planner) manager() {
	switch p.IntN(8) {
	case 0, 1:
		p.add(p.soon(), "x")
	case 6:
		p.bank()
		p.add(p.soon(), "back", p.n(5), p.pick("all", "1", "0.5", "2", "99"))
	case 7:
		p.bank()
		p.add(p.soon(), "refund", p.pick("+", "++", "1", "0.50", "2"))
	case 2, 3:
		p.bank()
		p.add(p.soon(), "void", p.n(5))
	case 4:
		p.add(p.soon(), "line", "down")
		p.add(p.soon(), "void", p.n(5))
		p.add(p.soon(), "line", "up")
	default:
		p.add(p.soon(), "chord", p.pick("L", "A", "E", "F7", "D"))
		p.add(p.soon(), "press", p.pick("Return", "Escape"))
	}
	p.add(p.soon(), "leave")
}

// parker parks, recalls, drops and brings back.
func (p *planner) parker() {
	p.goods()
	for range 1 + p.IntN(3) {
		switch p.IntN(5) {
		case 0, 1:
			p.add(p.soon(), "press", "F4")
		case 2:
			p.add(p.soon(), "chord", "F4")
			p.add(p.soon(), "press", p.pick("Return", "Return", "Delete", "Escape"))
		case 3:
			if p.IntN(2) == 0 {
				p.add(p.soon(), "undo")
				continue
			}
			p.add(p.soon(), "chord", "Delete")
			p.add(p.soon(), "chord", "Z")
		default:
			p.add(p.soon(), "scan", p.n(40))
		}
	}
}

// plugPuller pulls plugs and ends programs.
func (p *planner) plugPuller() {
	switch p.IntN(6) {
	case 0:
		p.add(p.soon(), "line", "down")
		p.cardClerk()
		p.add(p.soon(), "line", "up")
	case 1:
		p.add(p.soon(), "paper", p.pick("paper out", "cover open", "offline", "near end"))
		p.clerk()
		p.add(p.soon(), "paper")
	case 2:
		p.add(p.soon(), "cut", p.n(6))
	default:
		p.goods()
		if p.IntN(2) == 0 {
			p.bank()
			p.add(p.soon(), "card", "0")
		}
		p.add(p.soon(), "kill")
		p.after()
	}
}

// closer closes the day, or the window, mostly in the middle of something.
func (p *planner) closer() {
	if p.IntN(2) == 0 {
		switch p.IntN(4) {
		case 0:
			p.add(0, "bank", "cut-off")
		case 1:
			p.bank()
		}
		p.add(p.soon(), "z", p.pick("yes", "yes", "no"))
		return
	}
	switch p.IntN(3) {
	case 0:
		p.cardClerk()
	case 1:
		p.goods()
	}
	p.add(p.soon(), "cross", p.pick("Y", "N", "Escape", "Return"))
}

// splitter pays in parts.
func (p *planner) splitter() {
	p.goods()
	p.add(p.soon(), "press", "F9")
	p.add(p.soon(), "press", "F4")
	p.add(p.soon(), "type", p.pick("1", "2", "0.5"))
	p.bank()
	p.add(p.soon(), "press", "F2")
	p.add(300*time.Millisecond, "press", "Return")
	switch p.IntN(3) {
	case 0:
		p.add(p.soon(), "now", p.pick("20", "159", "99"))
	case 1:
		p.add(p.soon(), "lean", p.pick("300", "1000", "3000"))
	default:
		p.add(p.soon(), "press", p.pick("Return", "Escape", "F2", "F7"))
	}
	p.add(p.soon(), p.pick("press", "hurry"), p.pick("Return", "Escape", "Y"))
	p.after()
}
