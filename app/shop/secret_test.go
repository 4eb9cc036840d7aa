package shop_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"veratill/app/present"
	"veratill/app/settings"
	"veratill/app/shop"
)

// said is what a till has said: its log, its words for the screen, what came back to the keys.
type said struct {
	mu sync.Mutex
	bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(b)
}

// No way in which a card is read badly brings its number anywhere: not into the log, the words of a
// result, a chip, the list of devices, the keys or a file of the data folder, from a reader that types and from a file.
func TestNoNumberOfABadCardIsTold(t *testing.T) {
	const pan = "6217001234567894567"
	whole := ";" + pan + "=49121010000000000?"
	bad := []string{
		whole[:len(whole)-1], strings.Replace(whole, "=", "", 1), strings.Replace(whole, "4912", "4913", 1), whole + "x9", whole + "\x00",
		strings.Replace(whole, "=", "x", 1), ";" + pan + "12=4912101?", "%B" + pan + "^A/B^4912101?", whole + whole, pan, pan + "=4912101",
	}
	for _, address := range []string{"virtual:", "wedge:", "file"} {
		t.Run(address, func(t *testing.T) {
			var out said
			o := shop.Options{Dir: t.TempDir(), SettingsDir: t.TempDir(), Settings: settings.Default(), Version: "test", AnyDevices: true,
				Log: slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))}
			o.Settings.Devices.Reader = address
			if address == "file" {
				path := filepath.Join(t.TempDir(), "cards")
				if err := os.WriteFile(path, []byte(strings.Join(bad, "\n")), 0o600); err != nil {
					t.Fatal(err)
				}
				o.Settings.Devices.Reader = "virtual:" + path
			}
			c, err := open(o)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			var mu sync.Mutex
			var late []func()
			c.HoldKeys(func(_ time.Duration, f func()) { mu.Lock(); defer mu.Unlock(); late = append(late, f) },
				func(text string) { fmt.Fprintln(&out, "typed", text) })
			at := time.Now()
			for _, track := range bad {
				ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
				paying := make(chan present.Result, 1)
				go func() { paying <- c.PayCard(ctx, clerk, cart(550), 0, func(present.Progress) {}) }()
				time.Sleep(20 * time.Millisecond)
				if address != "file" && track[0] != '6' { // digits alone a person may type
					for _, x := range track + "\r" {
						at = at.Add(3 * time.Millisecond)
						if !c.TypedKey(x, at) {
							fmt.Fprintf(&out, "%c", x)
						}
					}
					at = at.Add(time.Second)
					for _, f := range late {
						f()
					}
					late = nil
				}
				r := <-paying
				cancel()
				text, _ := json.Marshal(map[string]any{"result": r, "chips": c.Chips(), "devices": c.Devices(context.Background())})
				fmt.Fprintf(&out, "%s %+v\n", text, r)
			}
			files, _ := filepath.Glob(filepath.Join(o.Dir, "*"))
			for _, f := range files {
				b, _ := os.ReadFile(f)
				_, _ = out.Write(b)
			}
			for i := 0; i+9 <= len(pan); i++ {
				if part := pan[i : i+9]; strings.Contains(out.String(), part) {
					t.Fatalf("%q of the number is told", part)
				}
			}
			if !strings.Contains(out.String(), "card ") && address != "virtual:" {
				t.Error("no card was read badly: this test can't fail")
			}
		})
	}
}
