package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"veratill/packaging/shop"
	"veratill/txn/hostsim/bank"
)

// Each second journal, by chance, is one of a bank that leaves the newest payment out of its sums, so that the till tells of every payment of the batch.
const leavesOneOut = `{"message":"0500","do":"cut off"}`

// bankFlags are those of the bank of the books that are opened.
func (w *world) bankFlags(dir string) ([]string, error) {
	if w.uploads = w.random.IntN(2) == 1; !w.uploads {
		return nil, nil
	}
	path := filepath.Join(dir, "leaves-one-out.txt")
	return []string{"-script", path}, os.WriteFile(path, []byte(leavesOneOut), 0o600)
}

// settlementKills is how often a settlement is killed before it is let go on.
const settlementKills = 8

// settle settles the batch as an evening would, and is killed again and again meanwhile, on the line as it is.
func (w *world) settle() {
	w.line.rough()
	defer w.line.calm()
	for range settlementKills {
		longest := longest
		if w.uploads {
			longest *= 8 // it tells of each payment
		}
		cmd := w.settling("-v")
		w.counts.settlementKills += w.run(cmd, 0, time.Duration(w.random.IntN(int(longest))))
	}
}

func (w *world) settling(more ...string) *exec.Cmd {
	return w.shop.Command(append([]string{"settle", "-data", w.shop.Till(), "-host", w.shop.HostURL()}, more...)...)
}

// settled is a settlement as the till tells of it.
type settled struct {
	Batch      int64   `json:"batch"`
	State      string  `json:"state"`
	Payments   tally   `json:"payments"`
	Refunds    tally   `json:"refunds"`
	BankSays   bool    `json:"bankSays"`
	AtBank     tally   `json:"bankPayments"`
	BackAtBank tally   `json:"bankRefunds"`
	NotTaken   []int64 `json:"notTaken"`
	Uploaded   int     `json:"uploaded"`
	ToUpload   int     `json:"toUpload"`
	Unfinished bool    `json:"unfinished"`
}

type tally struct {
	Count       int   `json:"count"`
	AmountMinor int64 `json:"amountMinor"`
}

// settlementTries bounds judgeSettlement: on a good line the first or the second try ends it.
const settlementTries = 20

// judgeSettlement lets the settlement go on to its end on a good line, and holds the till's word against the bank's book.
func (w *world) judgeSettlement() {
	var all []settled
	for range settlementTries {
		out, _ := w.settling("-json").Output() // its exit code says how it stands, and so does the text
		all = nil
		if json.Unmarshal(out, &all) == nil && len(all) > 0 && !all[0].Unfinished {
			break
		}
	}
	if len(all) != 1 || all[0].Unfinished {
		w.say("nothing ends the settlement: %+v", all)
		return
	}
	w.counts.settlements++
	w.counts.uploaded += all[0].Uploaded
	s, closing, items, err := all[0], bank.Closing{}, map[int64]bank.Item{}, error(nil)
	if closing, err = w.bankSettled(items); err != nil {
		w.say("the bank's book of settlements: %v", err)
		return
	}
	switch {
	case !closing.Ended:
		w.say("the till says that batch %d is %s, and at the bank it has not ended", s.Batch, s.State)
	case !w.uploads && (s.State != "balanced" || !closing.Balanced || s.Payments != s.AtBank || s.Refunds != s.BackAtBank):
		w.say("batch %d of a bank that has the same sums: %+v", s.Batch, s)
	case w.uploads && s.Payments.Count > 0 && (s.Uploaded != s.ToUpload || s.ToUpload != s.Payments.Count+s.Refunds.Count || len(items) != s.ToUpload || closing.Told != int64(s.ToUpload)):
		w.say("of %d payments and %d refunds the till says that the bank was told of %d of %d; the bank heard of %d, and that there are %d",
			s.Payments.Count, s.Refunds.Count, s.Uploaded, s.ToUpload, len(items), closing.Told)
	}
	for stan, item := range items {
		if item.Code != "00" {
			w.say("the till told the bank of STAN %d, which the bank does not have so (%s)", stan, item.Code)
		}
	}
	if len(s.NotTaken) > 0 {
		w.say("the till says that the bank does not have attempts %v", s.NotTaken)
	}
}

func (w *world) say(format string, args ...any) {
	w.found = append(w.found, fmt.Sprintf(format, args...))
}

// bankSettled reads what the bank's book has of settlements, and puts what it was told of into items.
func (w *world) bankSettled(items map[int64]bank.Item) (last bank.Closing, err error) {
	f, err := os.Open(w.shop.Path(shop.Ledger))
	if err != nil {
		return last, err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var line struct {
			Closing *bank.Closing `json:"closing"`
			Item    *bank.Item    `json:"item"`
		}
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			return last, err
		}
		if line.Closing != nil {
			last = *line.Closing
		}
		if line.Item != nil {
			items[line.Item.STAN] = *line.Item
		}
	}
	return last, in.Err()
}
