package counter

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"veratill/app/settings"
)

// A receipt is laid out beside the commit that a customer waits for. What its layout asks for must not wait for that.
func TestAReceiptIsLaidOutWhileTheJournalCommits(t *testing.T) {
	var c *Counter
	var committing atomic.Bool
	laidOut := make(chan bool, 1)
	now := func() time.Time { // the journal reads its clock inside a commit
		if committing.Swap(false) {
			done := make(chan struct{})
			go func() {
				c.paperOptions()
				close(done)
			}()
			select {
			case <-done:
				laidOut <- true
			case <-time.After(2 * time.Second):
				laidOut <- false
			}
		}
		return time.Now()
	}
	c, err := Open(context.Background(), Options{Dir: t.TempDir(), Settings: settings.Default(), Version: "test", Now: now, NoReader: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 64 { // so many commits make it move its WAL, which is a commit too
		if _, err := c.Till.Reserve("test"); err != nil {
			t.Fatal(err)
		}
	}
	committing.Store(true)
	if err := c.Journal.Idle(context.Background()); err != nil {
		t.Fatal(err)
	}
	if committing.Load() {
		t.Fatal("the journal did not commit")
	}
	if !<-laidOut {
		t.Error("the layout waits for the commit")
	}
	if c.paperOptions().Books != c.Journal.Identity().Books {
		t.Error("the receipt names other books")
	}
}
