package simulator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"veratill/packaging/prove/script"
	"veratill/packaging/prove/simdisk"
	"veratill/txn/iso8583"
)

// SalesPerSeed is how many sales the history of a seed begins.
const SalesPerSeed = 40

// swarm is how often things go wrong in one history: each seed has some kinds of
// trouble and not others, so that trouble is met alone and together.
type swarm struct {
	net, bank, paper, cuts, kills, faults, cancels, clocks int // in a thousand, before each sale
	pause                                                  time.Duration
}

func newSwarm(r *rand.Rand) swarm {
	some := func(most int) int { return r.IntN(2) * (1 + r.IntN(most)) }
	return swarm{net: some(300), bank: some(300), paper: some(200), cuts: 50 + r.IntN(330), kills: some(160),
		faults: some(60), cancels: some(60), clocks: some(60), pause: time.Duration(1+r.IntN(20)) * time.Second}
}

// Plan makes the history of a seed.
func Plan(seed uint64) Script {
	r := rand.New(rand.NewPCG(seed, 0x7117))
	s := Script{Profile: []string{"unionpay", "iso87"}[r.IntN(2)], Seed: seed}
	s.Bank = []string{"", "", "date", "all", "repeats"}[r.IntN(5)]
	clocks := rand.New(rand.NewPCG(seed, 0xC10C))
	if s.Clock = []string{"", "true", "echo"}[clocks.IntN(3)]; s.Clock != "" && clocks.IntN(3) == 0 {
		s.Bank = []string{"day", "overnight"}[clocks.IntN(2)]
	}
	w := newSwarm(r)
	add := func(after time.Duration, words ...string) {
		s.Steps = append(s.Steps, script.After(after.Round(time.Microsecond), words...))
	}
	for range SalesPerSeed {
		w.trouble(r, add)
		if r.IntN(5) == 0 {
			w.split(r, add)
		} else {
			w.sell(r, add)
		}
		w.afterwards(r, add)
	}
	if seed%4 == 3 {
		s.Steps = withFolders(seed, s.Steps)
	}
	return s
}

// withFolders puts somebody into a history who copies the data folder and puts it back, loses the -wal or the marks, or spells
// the bank's address otherwise. Marks are not lost together with books: then numbers come again, and nobody can know it.
func withFolders(seed uint64, steps []Step) []Step {
	r := rand.New(rand.NewPCG(seed, 0xF01D))
	put := func(at int, words ...string) {
		steps = slices.Insert(steps, at, script.After(within(r, 2*time.Second), words...))
	}
	from := r.IntN(len(steps))
	until := min(from+1+r.IntN(1+r.IntN(40)), len(steps))
	switch r.IntN(9) {
	case 6:
		put(until, "restore")
		put(from, "backup")
	case 7:
		put(until, "restore-new")
		put(from, "backup")
	case 8: // another computer, on which no mark lies
		put(until, "restore-new")
		put(until, "mark", "lose")
		put(from, "backup")
	case 0:
		put(until, "lose-wal")
	case 1:
		put(until, "kill")
		put(until, "mark", "lose")
	case 2:
		put(until, "put-back")
		put(until, "mark", "garble")
		put(from, "copy")
	case 3:
		put(until, "put-back")
		put(from, "spell")
		put(from, "copy")
	default:
		put(until, "put-back")
		put(from, "copy")
	}
	return steps
}

// PlanLying makes the history of a seed on a disk that lies.
func PlanLying(seed uint64) Script {
	s := Plan(seed)
	s.Lying = true
	r := rand.New(rand.NewPCG(seed, 0x11E5))
	for range 6 {
		lie := Step{Words: []string{"disk", fmt.Sprint(1 + r.IntN(20)), "sync-lie", fmt.Sprint(1 + r.IntN(40))}}
		s.Steps = slices.Insert(s.Steps, r.IntN(len(s.Steps)), lie)
	}
	return s
}

func pick(r *rand.Rand, words ...string) string { return words[r.IntN(len(words))] }

func within(r *rand.Rand, most time.Duration) time.Duration {
	return time.Duration(r.Int64N(int64(most)))
}

func policy(r *rand.Rand) string {
	return policyWords[simdisk.Policies[r.IntN(len(simdisk.Policies))]]
}

// delay is mostly short, sometimes longer than any reply wait, as wallets and slow banks are.
func delay(r *rand.Rand) string {
	most := []time.Duration{time.Second, 5 * time.Second, 50 * time.Second, 3 * time.Minute}[r.IntN(4)]
	return within(r, most).Round(time.Millisecond).String()
}

// code is any DE39; often one that approves.
func code(r *rand.Rand) string {
	if r.IntN(3) == 0 {
		return pick(r, "11", "A2", "A4", "A5", "A6")
	}
	return strings.ReplaceAll(iso8583.Field{Type: iso8583.AN, Length: 2}.Value(r.IntN), " ", "_")
}

func fate(r *rand.Rand, who string, fates ...string) []string {
	what := pick(r, fates...)
	switch what {
	case "delay":
		return []string{who, what, delay(r)}
	case "code":
		return []string{who, what, code(r)}
	}
	return []string{who, what}
}

func (w swarm) trouble(r *rand.Rand, add func(time.Duration, ...string)) {
	hit := func(odds int) bool { return r.IntN(1000) < odds }
	for hit(w.net) {
		add(0, fate(r, "net", "lose", "twice", "delay", "delay", "cut")...)
	}
	for hit(w.bank) {
		add(0, fate(r, "bank", "lose", "twice", "delay", "delay", "cut", "decline", "decline", "wrong-mac", "wrong-amount",
			"wrong-terminal", "wrong-stan", "partial", "garbage", "refuse", "refuse-undo", "code")...)
	}
	if hit(w.bank / 6) {
		add(within(r, time.Second), "bank", pick(r, "crash", "down", "closes"), delay(r))
	}
	if hit(w.paper) {
		add(0, fate(r, "paper", "lost", "unproved", "unprinted", "delay")...)
	}
	if hit(w.paper / 4) {
		add(0, "printer", "away", delay(r))
	}
	if hit(w.faults) {
		add(0, "disk", fmt.Sprint(1+r.IntN(60)), pick(r, "eio", "full", "sync-lost", "sync-lost"),
			fmt.Sprint([]int{1, 1, 3, 1000}[r.IntN(4)]))
		if r.IntN(2) == 0 { // and then, while somebody tries to mend it
			add(0, "disk", fmt.Sprint(1+r.IntN(80)), "cut", policy(r))
		}
	}
	if hit(w.clocks) {
		add(0, "clock", []string{"-1h0m0s", "1h0m0s", "-3h0m0s", "-26h0m0s", "26h0m0s", "12000h0m0s", "-12000h0m0s"}[r.IntN(7)])
	}
	if hit(w.clocks) {
		add(0, "zone", pick(r, zones...))
	}
	if hit(w.kills / 8) {
		add(0, "settings")
	}
	if hit(w.bank / 10) {
		add(0, "other", fmt.Sprint(r.IntN(3)))
	}
	switch {
	case hit(w.cuts / 2):
		add(0, "disk", fmt.Sprint(1+r.IntN(50)), "cut", policy(r))
		for r.IntN(3) == 0 { // and again, while the start after it is under way
			add(0, "disk", fmt.Sprint(1+r.IntN(20)), "cut", policy(r))
		}
	case hit(w.kills / 2):
		add(0, "disk", fmt.Sprint(1+r.IntN(50)), "kill")
	}
}

// split sells in parts: one by card, some more, and in the end cash, a card for all that is left, or nothing of it.
func (w swarm) split(r *rand.Rand, add func(time.Duration, ...string)) {
	total := 3 + r.IntN(20_000)
	add(within(r, w.pause), "split", strconv.Itoa(total), strconv.Itoa(1+r.IntN(total-1)))
	for range r.IntN(3) {
		w.trouble(r, add)
		add(within(r, w.pause), "part", pick(r, "0", "0", "0", "1"), strconv.Itoa(1+r.IntN(total/2)))
	}
	w.interrupt(r, add)
	switch r.IntN(8) {
	case 0, 1, 2:
		add(within(r, w.pause), "rest", "0")
	case 3, 4:
		add(within(r, w.pause), "part", "0", "0")
	case 5, 6:
		add(within(r, w.pause), "undo", "0")
	}
}

func (w swarm) sell(r *rand.Rand, add func(time.Duration, ...string)) {
	amount := strconv.Itoa(1 + r.IntN(20_000))
	add(within(r, w.pause), pick(r, "card", "card", "card", "card", "cash"), amount)
	if r.IntN(20) == 0 {
		add(within(r, w.pause), "terminal", strconv.Itoa(1+r.IntN(20_000)), pick(r, "approved", "approved", "declined", "nothing"))
	}
	if r.IntN(40) == 0 {
		add(within(r, w.pause), "give")
	}
	w.interrupt(r, add)
}

// interrupt is what happens while a sale is under way.
func (w swarm) interrupt(r *rand.Rand, add func(time.Duration, ...string)) {
	if r.IntN(1000) < w.cancels {
		add(within(r, 2*time.Second), "cancel")
	}
	if r.IntN(1000) < w.cuts/2 {
		add(within(r, 3*time.Second), "cut", policy(r))
	}
	if r.IntN(1000) < w.kills/2 {
		add(within(r, 3*time.Second), "kill")
		add(within(r, 20*time.Second), "cut", policy(r)) // what was read after a kill may not be on the disk
	}
}

func (w swarm) afterwards(r *rand.Rand, add func(time.Duration, ...string)) {
	switch r.IntN(16) {
	case 0:
		add(within(r, w.pause), "void", fmt.Sprint(r.IntN(4)))
	case 1:
		add(within(r, w.pause), "reprint", fmt.Sprint(r.IntN(4)))
	case 2:
		add(within(r, w.pause), "note", fmt.Sprint(r.IntN(4)))
	case 3:
		add(within(r, w.pause), "slip", fmt.Sprint(r.IntN(4)))
	case 8:
		add(within(r, w.pause), "case", fmt.Sprint(r.IntN(4)))
	case 9:
		add(within(r, w.pause), "file")
	case 4:
		add(within(r, w.pause), "undo", fmt.Sprint(r.IntN(3))) // a day closes without sales that are not finished
	case 6, 7:
		add(within(r, w.pause), "refund", fmt.Sprint(r.IntN(3)), pick(r, "10", "30", "50", "50", "100"))
	case 5:
		if r.IntN(3) == 0 {
			if r.IntN(2) == 0 {
				add(within(r, w.pause), "settle")
			}
			w.trouble(r, add)
			w.interrupt(r, add)
			add(within(r, w.pause), "z")
		} else {
			add(within(r, w.pause), "x")
		}
	}
}

// zones are where a till may be started: east, west, half hours, and with summer time.
var zones = []string{"Asia/Shanghai", "America/St_Johns", "Europe/Berlin", "Pacific/Kiritimati", "UTC"}

var policyWords = map[simdisk.Policy]string{simdisk.LoseAll: "lose", simdisk.KeepAll: "keep", simdisk.Prefix: "prefix",
	simdisk.Subset: "subset", simdisk.Torn: "torn", simdisk.Garbage: "garbage"}

func policyOf(word string) simdisk.Policy {
	for p, w := range policyWords {
		if w == word {
			return p
		}
	}
	return simdisk.LoseAll
}
