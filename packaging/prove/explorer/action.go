package explorer

import (
	"fmt"

	"veratill/txn"
)

// action is one step of a history: what happens, to which slot or sheet, and how.
type action struct {
	kind actionKind
	at   uint8 // slot or sheet
	arg  uint8
}

type actionKind uint8

// The closed set of steps.
const (
	beginSale actionKind = iota
	beginSplit
	beginPart
	beginCash
	beginVoid
	askPaper
	askNote
	askSlip
	beginOwn
	resolve
	sendOut
	giveUp
	sendUndo
	notPacked
	askBack
	askKept
	personSays
	printLate
	giveSheet
	refuseSheet
	sheetProved
	sheetDoubted
	paperOut
	paperLost
	bankAsked
	bankUndo
	bankFell
	tillHears
	tillHearsUndone
	terminalHears
	terminalKeeps
	terminalGivesUp
	lineLoses
	killed
	powerCut
	bootUp
	takeOver
	settleDay
	closeDay
	settleAgain
	settleSend
	settleTimeOut
	bankSettles
	tillSettles
	settleLost
	actionKinds
)

// Arguments of actions. The low bits hold a code, a message or a number of commits.
const (
	low       uint8 = 15
	unwilling uint8 = 1 << 4 // the bank declines
	notReady  uint8 = 1 << 4 // the printer, at what begins paper
	stays     uint8 = 1 << 5 // the message is on the line again
	midWrite  uint8 = 1 << 6 // the program is killed while the commit is written
	diskFails uint8 = 1 << 7 // the commit fails; with midWrite it is there all the same
	asCode    uint8 = 1      // of beginSale: by the code of a wallet
	asCable   uint8 = 2      // or at a card terminal on a cable
	asRefund  uint8 = 1      // of beginVoid: a refund of half a part
	copied    uint8 = 1      // of killed: nothing is killed, somebody copies the folder; of bootUp: the copy takes its place first
)

func (a action) has(flag uint8) bool { return a.arg&flag != 0 }

func pack(a action) uint32 { return uint32(a.kind)<<16 | uint32(a.at)<<8 | uint32(a.arg) }

func unpack(n uint32) action {
	return action{kind: actionKind(n >> 16), at: uint8(n >> 8), arg: uint8(n)}
}

// label names a slot as a person would.
func (w *world) label(slot uint8) string {
	switch what := w.what[slot]; {
	case what == contentCable:
		return fmt.Sprintf("cable sale %d", slot+1)
	case what == contentCode:
		return fmt.Sprintf("code sale %d", slot+1)
	case what == contentOwn:
		return fmt.Sprintf("terminal sale %d", slot+1)
	case w.isRefund(int(slot)):
		return fmt.Sprintf("refund %d", slot+1)
	case what == contentCash:
		return fmt.Sprintf("cash %d", slot+1)
	case what >= contentVoid:
		return fmt.Sprintf("void %d", slot+1)
	case w.of[slot] != slot:
		return fmt.Sprintf("part %d", slot+1)
	}
	return fmt.Sprintf("sale %d", slot+1)
}

func (s sheet) label(w *world) string {
	kind := "copy"
	switch {
	case s.says&unmarked != 0:
		kind = "receipt"
	case s.says&partSlip != 0:
		kind = "slip"
	case s.says == ownPaper:
		kind = "note"
	}
	if s.at == sheetAlone {
		kind = "forgotten " + kind
	}
	return fmt.Sprintf("%s %d of %s", kind, s.number, w.label(s.slot))
}

// messages are the names of the bits on a line.
var messages = [...]string{"0200", "0400", "0210 00", "0210 51", "0210 94", "0210 12", "0410 00", "0410 25", "0410 12", "0410 58", "80 00 00"}

// words says an action as a line of a script. In one world no two actions have the same words.
func (x *explorer) words(w *world, a action) string {
	text := x.plainWords(w, a)
	if a.has(stays) && a.kind != powerCut {
		text += ", and it stays on the line"
	}
	switch {
	case a.has(diskFails) && a.has(midWrite):
		text = "disk fails, and it is written: " + text
	case a.has(diskFails):
		text = "disk fails: " + text
	case a.has(midWrite):
		text = "kill while it is written: " + text
	}
	return text
}

func (x *explorer) plainWords(w *world, a action) string {
	if a.kind >= settleDay {
		return x.settlingWords(w, a)
	}
	switch a.kind {
	case beginSale:
		if a.arg&low == asCode {
			return fmt.Sprintf("code sale %d: begun", x.nextSlot(w)+1)
		}
		if a.arg&low == asCable {
			return fmt.Sprintf("cable sale %d: begun", x.nextSlot(w)+1)
		}
		return fmt.Sprintf("sale %d: begun", x.nextSlot(w)+1)
	case beginOwn:
		return fmt.Sprintf("terminal sale %d: begun", x.nextSlot(w)+1)
	case beginSplit:
		return fmt.Sprintf("sale %d: begun in parts", x.nextSlot(w)+1)
	case beginPart, beginCash, beginVoid:
		text := fmt.Sprintf("%s %d: begun, of %s", partWords[a.kind][a.arg&low], x.nextSlot(w)+1, w.label(a.at))
		if a.has(notReady) {
			text += ", printer not ready"
		}
		return text
	case giveSheet, refuseSheet, sheetProved, sheetDoubted, paperOut, paperLost:
		return sheetWords[a.kind] + w.sheets[a.at].label(w)
	case killed:
		if a.has(copied) {
			return "the folder is copied"
		}
		return "kill"
	case powerCut:
		return fmt.Sprintf("power cut keeps %d lazy commits", a.arg)
	case bootUp:
		if a.has(copied) {
			return "start: boot from the copy of the folder"
		}
		return "start: boot"
	case bankFell:
		return "bank falls and comes back"
	case sendUndo:
		if x.m.facts[w.now[a.at]].state == txn.Pending {
			return w.label(a.at) + ": given up, no verdict of it is journaled"
		}
	case lineLoses:
		return fmt.Sprintf("line loses the %s of %s", messages[a.arg&low], w.label(a.at))
	}
	return w.label(a.at) + ": " + slotWords(a)
}

var partWords = map[actionKind][]string{beginPart: {"part", "part as large as two"}, beginCash: {"cash"}, beginVoid: {"void", "refund"}}

// shown is what a person says of a separate terminal, by the low bits of an action.
var shown = [...]string{"approved", "declined", "nothing yet"}

var sheetWords = map[actionKind]string{
	giveSheet: "printer gets ", refuseSheet: "printer refuses ", sheetProved: "printer proves ", sheetDoubted: "printer says nothing of ",
	paperOut: "paper: ", paperLost: "printer swallows ",
}

// slotWords is the part of an action's words after the name of its attempt.
func slotWords(a action) string {
	switch a.kind {
	case sendOut:
		return "0200 leaves"
	case giveUp:
		return "time-out"
	case sendUndo:
		return "0400 leaves"
	case askPaper:
		return "cashier asks for paper"
	case askNote:
		return "cashier asks for a note"
	case askSlip:
		return "cashier asks for a slip"
	case personSays:
		if a.has(notReady) {
			return "a person says: " + shown[a.arg&low] + ", printer not ready"
		}
		return "a person says: " + shown[a.arg&low]
	case askKept:
		if a.has(notReady) {
			return "the terminal is asked whether it keeps it, printer not ready"
		}
		return "the terminal is asked whether it keeps it"
	case terminalHears:
		return "terminal gets 80 00 00"
	case terminalKeeps:
		return "terminal keeps it, whatever it heard"
	case terminalGivesUp:
		return "terminal undoes it by itself"
	case notPacked:
		return "its next message cannot be packed"
	case askBack:
		return "asked for again, under its own number"
	case printLate:
		return "printer is ready, the receipt that waited is begun"
	case takeOver:
		return "taken up by the start"
	case bankUndo:
		if a.has(unwilling) {
			return "bank gets the 0400, refuses"
		}
		return "bank gets the 0400"
	case resolve:
		return "a manager ends it by what the bank wrote"
	case bankAsked:
		if a.has(unwilling) {
			return "bank gets the 0200, declines"
		}
		return "bank gets the 0200"
	case tillHears:
		if a.has(notReady) {
			return "till gets " + messages[2+a.arg&low] + ", printer not ready"
		}
		return "till gets " + messages[2+a.arg&low]
	default:
		if a.has(notReady) {
			return "till gets " + messages[6+a.arg&low] + ", printer not ready"
		}
		return "till gets " + messages[6+a.arg&low]
	}
}
