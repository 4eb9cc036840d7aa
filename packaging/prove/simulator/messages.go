package simulator

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"

	"veratill/packaging/prove/counter"
	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/messages"
)

// Broken is what is wrong with the disk of the messages, from the beginning on.
type Broken string

// The closed set. The empty one works, as far as kills and power cuts let it.
const (
	Works Broken = "works"
	Fills Broken = "is full"
	Hangs Broken = "hangs"
)

// rawMessages are the raw messages of a world. They lie on a disk of its own, so that nothing that befalls it may change a history: whether it works, is full, or
// hangs for ever.
type rawMessages struct {
	disk   *simdisk.Disk
	broken Broken
	keeper *messages.Keeper
	over   <-chan struct{}
}

// newRawMessages are those of a world that begins.
func newRawMessages(seed uint64, broken Broken) *rawMessages {
	return &rawMessages{disk: simdisk.New(seed), broken: broken}
}

// begin begins to keep messages in a run of the program, until it is over. bury has to follow.
func (k *rawMessages) begin(over <-chan struct{}) {
	k.disk.Hook = func(c simdisk.Call) simdisk.Fault {
		switch {
		case k.broken == Fills && (c.Kind == simdisk.Write || c.Kind == simdisk.Create):
			return simdisk.Full
		case k.broken == Hangs:
			<-over
			return simdisk.Killed
		}
		return simdisk.None
	}
	k.keeper, k.over = messages.NewKeeper(k.store(), slog.New(slog.DiscardHandler)), over
}

func (k *rawMessages) store() *messages.Store { return messages.New(k.disk, k.disk.Root()+"/till") }

// tell is told of a message. A program that has ended keeps nothing any more.
func (k *rawMessages) tell(m messages.Message) {
	select {
	case <-k.over:
	default:
		k.keeper.Tell(m)
	}
}

// bury leaves what the end of a run leaves of them.
func (k *rawMessages) bury(how simdisk.Fault, p simdisk.Policy) {
	if k.keeper == nil {
		return
	}
	k.disk.Stop(how)
	k.keeper.Close()
	old := k.disk
	k.disk, k.keeper = old.Reopen(p), nil
	old.Close()
}

// close gives their disk back.
func (k *rawMessages) close() { k.disk.Close() }

// judge holds what is kept against the books: it names no attempt that they do not know, and no secret stands in it. n is how many there are, once the
// program keeps no others.
func (k *rawMessages) judge(known func(txn.ID) bool, secrets []string) (n int, bad []string) {
	if k.broken == Hangs {
		return 0, nil // nobody reads it either
	}
	k.keeper.Close()
	kept, err := k.store().All()
	if err != nil {
		return 0, []string{fmt.Sprintf("the messages can't be read: %v", err)}
	}
	for _, m := range kept.Messages {
		text, err := json.Marshal(m)
		if err != nil {
			bad = append(bad, fmt.Sprintf("a message of attempt %s can't be written: %v", m.Attempt, err))
		}
		for _, secret := range secrets {
			if strings.Contains(string(text), secret) {
				bad = append(bad, fmt.Sprintf("a message of attempt %s holds a card number, a track, a code or a key: %s", m.Attempt, m.Kind))
			}
		}
		if !known(m.Attempt) {
			bad = append(bad, fmt.Sprintf("a message of attempt %s is kept, which the journal does not know", m.Attempt))
		}
	}
	return len(kept.Messages), bad
}

// brokenBy chooses by a seed what is wrong with the disk of the raw messages.
func brokenBy(seed uint64) Broken {
	return map[uint64]Broken{5: Fills, 9: Hangs}[seed%16]
}

// judgeMessages holds the raw messages that are kept against the books.
func (w *world) judgeMessages(known map[txn.ID]bool) {
	n, bad := w.kept.judge(func(id txn.ID) bool { return known[id] || w.folders.partings > 0 },
		append([]string{pan, track2, strings.ReplaceAll(track2, "=", "D"), counter.DemoKey}, shownCodes...))
	w.rawKept = n
	for _, what := range bad {
		w.bad("%s", what)
	}
}
