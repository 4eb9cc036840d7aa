package shop_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"veratill/app/settings"
	"veratill/app/shop"
)

// A card that is out of date by a clock which is far from the program's own day is first a question to the clock.
func TestExpiredByAWrongClock(t *testing.T) {
	made := time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		now, made time.Time
		want      string
	}{
		"a clock that is right":          {made.AddDate(0, 6, 0), made, "card expired"},
		"a clock that is years ahead":    {made.AddDate(30, 0, 0), made, "clock wrong"},
		"a program of nobody knows when": {made.AddDate(30, 0, 0), time.Time{}, "card expired"},
	} {
		cards := filepath.Join(t.TempDir(), "cards.txt")
		if err := os.WriteFile(cards, []byte(";6222020000000001234=27011010000000000?\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s := settings.Default()
		s.Devices.Reader = "virtual:" + cards
		o, err := open(shop.Options{Dir: t.TempDir(), Settings: s, Version: "test", Made: c.made, Now: func() time.Time { return c.now }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(o.Close)
		if swipe, err := o.TrySwipe(context.Background()); err != nil || swipe.Code != c.want {
			t.Errorf("%s: %q, %v, want %q", name, swipe.Code, err, c.want)
		}
	}
}
