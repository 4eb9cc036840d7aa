package shop_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/devices/printer"
)

// Printers are exchanged while the till sells: every receipt comes out of one of them, once.
func TestPrintersAreExchangedWhileTheTillSells(t *testing.T) {
	c, _ := chosen(t)
	var mu sync.Mutex
	papers := map[string]int{}
	addresses := make([]string, 2)
	for i := range addresses {
		e, address := unit(t, printer.Traits{})
		e.OnPaper(func(p printer.Paper) {
			mu.Lock()
			defer mu.Unlock()
			papers[string(p.Bytes)]++
		})
		addresses[i] = address
	}
	if err := c.UseDevice(context.Background(), present.Printer, addresses[0]); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	var selling sync.WaitGroup
	selling.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-ended:
				return
			default:
				c.PayCash(context.Background(), clerk, cart(550), 1000)
				c.Till.WaitForPaper()
			}
		}
	})
	for i := range 3 {
		if err := c.UseDevice(context.Background(), present.Printer, addresses[(i+1)%2]); err != nil {
			t.Error(err)
		}
	}
	close(ended)
	selling.Wait()
	all, err := c.Shop.Desk.List(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the paper of every sale", func() bool {
		mu.Lock()
		defer mu.Unlock()
		n := 0
		for _, times := range papers {
			n += times
		}
		return n == len(all)
	})
}

// Several choices at once, from several pages, are made one after another: the till uses what the settings name.
func TestChoicesAtOnce(t *testing.T) {
	c, home := chosen(t)
	files := make([]string, 12)
	for i := range files {
		files[i] = filepath.Join(t.TempDir(), "tracks")
		if err := os.WriteFile(files[i], []byte(";6200000000000005=49121010000000000?\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 40 {
		var both sync.WaitGroup
		for _, file := range files {
			both.Go(func() {
				if err := c.UseDevice(context.Background(), present.Reader, "virtual:"+file); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		kept, err := settings.Read(home)
		if err != nil {
			t.Fatal(err)
		}
		for _, chip := range c.Chips() {
			if chip.Part == present.Reader && (chip.Address != kept.Devices.Reader || chip.Health != present.Ready) {
				t.Fatalf("the till uses %s, %s, and the settings name %s", chip.Address, chip.Health, kept.Devices.Reader)
			}
		}
	}
}

// Who takes a choice back while the device is asked what it is keeps the one that was there.
func TestAChoiceIsTakenBack(t *testing.T) {
	c, home := chosen(t)
	_, address := unit(t, printer.Traits{Mute: true})
	whole := time.Now()
	if err := c.UseDevice(context.Background(), present.Printer, address); err != nil {
		t.Fatal(err)
	}
	if err := c.UseDevice(context.Background(), present.Printer, "virtual:"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Since(whole)*7/10)
	defer cancel()
	if err := c.UseDevice(ctx, present.Printer, address); err == nil {
		t.Error("it was taken all the same")
	}
	if kept, err := settings.Read(home); err != nil || kept.Devices.Printer != "virtual:" {
		t.Errorf("%+v %v", kept.Devices, err)
	}
}

// What the till says of itself and prints on paper may be asked for while a printer is exchanged.
func TestSettingsAreReadUnderAnExchange(t *testing.T) {
	c, _ := chosen(t)
	ended := make(chan struct{})
	var asking sync.WaitGroup
	asking.Go(func() {
		for {
			select {
			case <-ended:
				return
			default:
				c.About()
			}
		}
	})
	for range 3 {
		if err := c.UseDevice(context.Background(), present.Printer, "virtual:"); err != nil {
			t.Error(err)
		}
	}
	close(ended)
	asking.Wait()
}

// A reader is exchanged while a card of the chooser is presented.
func TestAReaderIsExchangedUnderACard(t *testing.T) {
	c, _ := chosen(t)
	ended := make(chan struct{})
	var presenting sync.WaitGroup
	for range 2 {
		presenting.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
					_ = c.PresentCard("0") // whether anybody waits does not matter
				}
			}
		})
	}
	for range 20 {
		for _, address := range []string{"wedge:", "virtual:"} {
			if err := c.UseDevice(context.Background(), present.Reader, address); err != nil {
				t.Error(err)
			}
		}
	}
	close(ended)
	presenting.Wait()
}
