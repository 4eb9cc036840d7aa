package explorer

import (
	"math/bits"
	"unsafe"
)

// The room of a world. Attempts, lazy commits and sheets beyond it are not looked at;
// a run counts how often that happened.
const (
	slots   = 6           // payments and voids: the place is the STAN
	closing = 2 * slots   // of the journal: the settlement of the first day's batch, behind attempts and the bills of the sales, each by its first payment
	zed     = closing + 1 // and its Z
	rows    = zed + 1
	lazies  = 18 // changes after the last synced commit
	sheets  = 8  // on their way to paper
)

// bankState is what the bank's book says of a STAN.
type bankState uint8

// The closed set. A sale that a void undid is told from one that a reversal undid.
const (
	bankNone bankState = iota
	bankHas
	bankDeclines
	bankReversed
	bankVoided
	bankAwaits // a card terminal on a cable had it authorised, and has not heard that it is durable at the till
)

// phase is how far the program has come.
type phase uint8

const (
	down phase = iota
	starting
	running
	stopped // a commit failed: nothing is begun or committed any more, until a start
)

// talk is what the till's one conversation with the bank is waiting for.
type talk uint8

const (
	silent   talk = iota
	begun         // the attempt is journaled, its request has not left
	asking        // the 0200 left
	undoing       // the 0400 left
	settling      // a message of the settlement left
)

// What is on the line of a STAN: two requests, four answers to the 0200, four to the 0400.
// Equal messages are one: how often they arrive is what duplicates count.
const (
	request   uint16 = 1 << 0
	reversal  uint16 = 1 << 1
	answer    uint16 = 1 << 2  // shifted by its place in answers
	answered  uint16 = 1 << 6  // shifted by its place in undone
	confirm   uint16 = 1 << 10 // that an approval is durable at the till
	allAnswer uint16 = 15 << 2
)

// What was seen of a STAN, whatever the journal remembers of it. It decides nothing
// in the model; only the checks look at it.
const (
	papers       uint8 = 3      // unmarked papers, counted to two: of a void, and of the sale whose first payment it is
	saidPaid     uint8 = 1 << 2 // a paper that came out says that all of the sale was taken
	saidReturned uint8 = 1 << 3 // or that it went back
	sentRequest  uint8 = 1 << 4
	sentReversal uint8 = 1 << 5
	keptApproval uint8 = 1 << 6 // an approval of it was on the disk
	saidTaken    uint8 = 1 << 7 // a slip says that this part of its sale was taken
)

// spent is what a history used of a budget, by dimension; as wide as makes whole words of a world.
type spent [dimensions + 4]uint8

// change is one row in a lazy commit. Those with joined belong to the commit of the one before.
type change struct {
	after  ref
	row    uint8
	joined uint8
}

// sheet is a paper on its way. The till holds it or waits for its end, the printer has it, or both.
type sheet struct {
	slot   uint8 // of a void; of the payment whose note or slip it is; of the first payment of the sale
	number uint8 // of the print; the printer echoes it
	says   uint8 // what is on it: see paper.go
	at     uint8 // how far it is: see paper.go
}

// world is everything at one moment: journal, disk, line, bank, paper, program. It has
// no pointers and no gaps, so that its bytes are the state.
type world struct {
	_         [0]uint64 // whole words, see words
	now       [rows]ref
	disk      [rows]ref
	old       [rows]ref // a copy of the folder that somebody made
	line      [slots]uint16
	lazy      [lazies]change
	sheets    [sheets]sheet
	bank      [slots]bankState
	bankDisk  [slots]bankState
	what      [slots]uint8 // 0 nothing; else see bank.go
	of        [slots]uint8 // the first payment of its sale
	seen      [slots]uint8
	settles   uint16 // what is on the line of the settlement
	numbers   uint16 // of prints whose bytes left, one bit each
	lazyN     uint8
	sheetN    uint8
	phase     phase
	next      uint8 // of a start: the row to look at
	talk      talk
	with      uint8 // whom the conversation is about
	listening uint8 // requests of this run without an answer, one bit a slot
	waiting   uint8 // papers of this run that wait for the printer: by their sheets' slots
	due       uint8 // reversals that a plan of this run asked for and that have not left
	differs   uint8 // 1: the books are not the newest that were used, and a start has not said so yet
	later     uint8 // attempts that were begun once the first day was closed, one bit a slot
	agreed    uint8 // 1: the bank said that its sums are the till's
	told      uint8 // sales of which a person of this run knows that they are paid in part
	broken    fault // what an action did that may never be done
	used      spent
}

const worldWords = int(unsafe.Sizeof(world{})) / 8

// words are the bytes of a world. A test holds the sum of its fields against its size.
func (w *world) words() *[worldWords]uint64 { return (*[worldWords]uint64)(unsafe.Pointer(w)) }

// fingerprint is a hash of a whole world, the same in every run.
func (w *world) fingerprint() uint64 {
	a, b := uint64(0x9E3779B97F4A7C15), uint64(0xD1B54A32D192ED03)
	words := w.words()
	for i := 0; i < len(words); i += 2 {
		high, low := bits.Mul64(words[i]^a, words[i+1]^b)
		a, b = high^0xA0761D6478BD642F^bits.RotateLeft64(a, 23), low^0xE7037ED1A0B428DB+bits.RotateLeft64(b, 41)
	}
	high, low := bits.Mul64(a^0x8EBC6AF09C88C6E3, b^0x589965CC75374CC3)
	h := high ^ low
	h ^= h >> 32
	h *= 0xD6E8FEB86659FD93
	return h ^ h>>32
}
