package simulator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"time"

	"veratill/packaging/prove/simdisk"
	"veratill/txn"
	"veratill/txn/till"
)

// keptSlips are the merchant's slips beside the books: those that a power cut leaves, and those that are not durable yet.
type keptSlips struct{ durable, lazy map[string]string }

// afterCut is what a power cut leaves of them.
func (k *keptSlips) afterCut(p simdisk.Policy) {
	if p == simdisk.LoseAll || p == simdisk.Prefix {
		k.lazy = nil
	}
	k.settle()
}

func (k *keptSlips) settle() {
	if k.durable == nil {
		k.durable = map[string]string{}
	}
	maps.Copy(k.durable, k.lazy)
	k.lazy = nil
}

// slipStore is that store as one run of the till sees it. It implements till.Slips.
type slipStore struct{ life *life }

// Make implements till.Slips: a line for each card payment, with what names it at the bank.
func (s slipStore) Make(sheet till.Sheet) (slip []byte, sha256 string, err error) {
	parts := sheet.Parts
	if sheet.Attempt.ID != 0 {
		parts = []txn.Attempt{sheet.Attempt}
	}
	for _, a := range parts {
		if a.Tender == txn.Card {
			slip = append(slip, slipLine(a)...)
		}
	}
	if slip == nil {
		return nil, "", nil
	}
	return slip, slipName(slip), nil
}

func slipName(slip []byte) string {
	sum := sha256.Sum256(slip)
	return hex.EncodeToString(sum[:])
}

func slipLine(a txn.Attempt) string {
	return fmt.Sprintf("%s %s %d RRN %s approval %s\n", a.Kind, a.ID, a.Amount.Minor, a.Answer.RRN, a.Answer.ApprovalCode)
}

// Keep implements till.Slips.
func (s slipStore) Keep(slip []byte, _ time.Time) error {
	w := s.life.w
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.life.ended() {
		return errCut
	}
	if w.slips.lazy == nil {
		w.slips.lazy = map[string]string{}
	}
	w.slips.lazy[slipName(slip)] = string(slip)
	return nil
}

// Lacks implements till.Slips.
func (s slipStore) Lacks(kept map[string]time.Time) (missing map[string]bool, err error) {
	w := s.life.w
	w.mu.Lock()
	defer w.mu.Unlock()
	missing = map[string]bool{}
	for name := range kept {
		if w.slips.durable[name]+w.slips.lazy[name] == "" {
			missing[name] = true
		}
	}
	return missing, nil
}

// Sync implements till.Slips.
func (s slipStore) Sync() error {
	w := s.life.w
	w.mu.Lock()
	defer w.mu.Unlock()
	if s.life.ended() {
		return errCut
	}
	w.slips.settle()
	return nil
}

// judgeSlips holds the slips against the books: the first print of a card's receipt, and of a void's slip, has its merchant's slip in its entry, the slip is there, and it says of the payment what
// the books say.
func (w *world) judgeSlips(ctx context.Context, attempts []txn.Attempt, bills map[int64]txn.Bill) {
	list, err := w.life.journal.SlipsBefore(ctx, math.MaxInt64, math.MaxInt32)
	if err != nil {
		w.bad("the slips can't be read: %v", err)
		return
	}
	named := map[int64]string{}
	for _, k := range list {
		named[k.Print] = w.slips.durable[k.SHA256] + w.slips.lazy[k.SHA256]
		if named[k.Print] == "" {
			w.bad("the slip of print %d is named in the books, and is gone", k.Print)
		}
	}
	byID := map[txn.ID]txn.Attempt{}
	for _, a := range attempts {
		byID[a.ID] = a
		if a.Kind.GivesBack() && a.Tender == txn.Card {
			w.judgePrinted(named, a.Prints, slipLine(a))
		}
	}
	for _, b := range bills {
		want := ""
		for _, p := range b.Parts {
			if p.Paid && p.Tender == txn.Card {
				want += slipLine(byID[p.ID])
			}
		}
		if want != "" {
			w.judgePrinted(named, b.Prints, want)
		}
	}
}

func (w *world) judgePrinted(named map[int64]string, prints []txn.Print, want string) {
	for _, p := range prints {
		if p.Kind == txn.PrintOriginal && named[p.ID] != want {
			w.bad("print %d is the first of %q, and its slip says %q", p.ID, want, named[p.ID])
		}
	}
}
