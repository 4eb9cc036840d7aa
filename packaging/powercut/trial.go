package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"veratill/packaging/books"
	"veratill/packaging/ext4"
	"veratill/packaging/shop"
)

// trial is the whole run.
type trial struct {
	program string
	random  *rand.Rand
	dir     string
	disk    disk
	shop    *shop.Shop
	books   *books.Books
	cards   string
	onDisk  int          // cuts of this file system
	latest  books.Counts // of it, as it was judged last

	cuts, flushed, atFirst, inSale, sales, kills, acknowledged int
	counts                                                     books.Counts
	found                                                      []string
}

// diskSize holds the prefilled journal of some hundred sales many times over.
const diskSize = 96 << 20

// open makes a file system with nothing on it, and a shop that will keep its till there.
func (t *trial) open() (err error) {
	if t.dir, err = os.MkdirTemp("", "veratill-powercut-"); err != nil {
		return err
	}
	t.disk.Disk = ext4.Disk{Image: filepath.Join(t.dir, "disk.img"), At: filepath.Join(t.dir, "disk")}
	if err = t.disk.Make(diskSize); err != nil {
		return err
	}
	if t.shop, err = shop.Open(t.program, t.dir); err != nil {
		return err
	}
	t.shop.Folder = filepath.Join(t.disk.At, "till")
	t.shop.ReplyWait = 200 * time.Millisecond
	t.books, t.onDisk = books.Of(t.shop), 0
	t.cards, err = t.shop.Card("card.txt", "6222020000000001=49121010000000000")
	return err
}

func (t *trial) close() {
	t.counts.Add(t.latest)
	t.latest = books.Counts{}
	if t.shop != nil {
		t.shop.Close()
	}
	t.disk.Remove()
	os.RemoveAll(t.dir)
}

// cleanOnSignal leaves no program and no image behind when somebody stops the run.
func (t *trial) cleanOnSignal() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-stop
		t.close()
		os.Exit(1)
	}()
}

// Limits of a round: a sale takes some 25 ms, so most cuts fall into the first three.
const (
	longest   = 90 * time.Millisecond
	diskCuts  = 20 // then a new file system, and with it a first sale in a new folder
	killOdds  = 4  // each fourth sale is killed at some moment
	mostAlive = 30 * time.Millisecond
)

// round sells until the power goes, restores the file system, and judges.
func (t *trial) round() error {
	if t.onDisk == diskCuts {
		t.close()
		if err := t.open(); err != nil {
			return err
		}
	}
	s := newSeller(t)
	go s.run()
	time.Sleep(time.Duration(t.random.IntN(int(longest))))
	how := noLogFlush
	if t.random.IntN(4) == 0 {
		how = logFlush
		t.flushed++
	}
	if t.onDisk == 0 {
		t.atFirst++
	}
	told, selling := s.told() // only what was said before the cut is owed
	if err := t.disk.cut(how); err != nil {
		s.stop()
		return err
	}
	s.stop()
	if selling {
		t.inSale++
	}
	t.cuts++
	t.onDisk++
	t.sales += s.sales
	t.kills += s.kills
	t.acknowledged += len(told)
	if err := t.disk.restore(); err != nil {
		return err
	}
	t.judge(told)
	return nil
}

func (t *trial) judge(told []int64) {
	what := fmt.Sprintf("cut %d: ", t.cuts)
	if err := t.shop.Settle(); err != nil {
		t.found = append(t.found, what+err.Error())
	}
	c, found := t.books.Judge()
	for _, f := range found {
		t.found = append(t.found, what+f)
	}
	for _, stan := range told {
		if !t.books.Paid(stan) {
			t.found = append(t.found, fmt.Sprintf("%sSTAN %d was said to be paid, and is not", what, stan))
		}
	}
	t.latest = c
}

// seller makes one sale after the other until it is stopped.
type seller struct {
	shop  *shop.Shop
	cards string
	seed  *rand.Rand

	mu      sync.Mutex
	paid    []int64
	now     *exec.Cmd
	stopped bool
	sales   int
	kills   int
	ended   chan struct{}
}

func newSeller(t *trial) *seller {
	return &seller{shop: t.shop, cards: t.cards, seed: rand.New(rand.NewPCG(t.random.Uint64(), 2)), ended: make(chan struct{})}
}

func (s *seller) run() {
	defer close(s.ended)
	for s.sell() {
	}
}

// sell makes one sale and notes what it said once it has ended.
func (s *seller) sell() bool {
	cmd := s.shop.Sell(s.cards, fmt.Sprintf("%d.00", 1+s.seed.IntN(90)))
	var out bytes.Buffer
	cmd.Stdout = &out
	s.mu.Lock()
	if s.stopped {
		s.mu.Unlock()
		return false
	}
	if err := cmd.Start(); err != nil {
		s.mu.Unlock()
		return false
	}
	s.now = cmd
	s.sales++
	s.mu.Unlock()
	if s.seed.IntN(killOdds) == 0 {
		timer := time.AfterFunc(time.Duration(s.seed.IntN(int(mostAlive))), func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	cmd.Wait() // how it ended is in its state
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = nil
	var said struct {
		STAN    int64  `json:"stan"`
		Charged string `json:"charged"`
	}
	if cmd.ProcessState.ExitCode() == -1 {
		if !s.stopped {
			s.kills++
		}
	} else if json.Unmarshal(out.Bytes(), &said) == nil && said.Charged == "yes" {
		s.paid = append(s.paid, said.STAN)
	}
	return true
}

// told is what was said to be paid until now, and whether a sale is under way.
func (s *seller) told() ([]int64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]int64(nil), s.paid...), s.now != nil
}

// stop ends the sale that is under way, as the power would have.
func (s *seller) stop() {
	s.mu.Lock()
	s.stopped = true
	if s.now != nil {
		s.now.Process.Kill()
	}
	s.mu.Unlock()
	<-s.ended
}
