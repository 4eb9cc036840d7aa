package messages

import (
	"log/slog"
	"sync"
	"sync/atomic"
)

// waiting is how many messages may wait for the disk: those of minutes of a busy till.
const waiting = 1024

// Keeper keeps messages beside what is going on: who tells it of one never waits, whatever the disk does.
type Keeper struct {
	store *Store
	log   *slog.Logger
	queue chan Message
	done  chan struct{}
	lost  atomic.Int64

	mu     sync.Mutex // of what is told: closing ends it
	closed bool
	failed bool // of the keeper's goroutine: that messages are lost was said
}

// NewKeeper begins to keep messages in a store. Close has to follow.
func NewKeeper(s *Store, log *slog.Logger) *Keeper {
	k := &Keeper{store: s, log: log, queue: make(chan Message, waiting), done: make(chan struct{})}
	go k.run()
	return k
}

// Tell takes a message, and never waits. It is a Tap.
func (k *Keeper) Tell(m Message) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		k.lost.Add(1)
		return
	}
	//mutant:no-money-waits-for-messages
	select {
	case k.queue <- m:
	default:
		k.lost.Add(1)
	}
}

// Lost is how many messages were not kept.
func (k *Keeper) Lost() int64 { return k.lost.Load() }

func (k *Keeper) run() {
	defer close(k.done)
	for m := range k.queue {
		err := k.store.Keep(m)
		//mutant:lost-messages-are-said-once
		if err != nil && !k.failed {
			k.log.Warn("messages are not kept, and payments go on as ever", "attempt", int64(m.Attempt), "error", err)
		}
		if err != nil {
			k.lost.Add(1)
		} else if k.failed {
			k.log.Info("messages are kept again", "lost", k.lost.Load())
		}
		k.failed = err != nil
	}
}

// Close waits until what was told is kept. What is told afterwards is lost.
func (k *Keeper) Close() {
	k.mu.Lock()
	if !k.closed {
		k.closed = true
		close(k.queue)
	}
	k.mu.Unlock()
	<-k.done
}
