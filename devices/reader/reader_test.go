package reader

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"veratill/assets/files"
	"veratill/devices"
)

func TestParseTrack2(t *testing.T) {
	for in, want := range map[string]error{
		";6200000000000005=49121010000000000?":       nil,
		";6200000000000005D49121010000000000?":       nil,
		";4111111111111111=4912201?":                 nil,
		";41111111111=4912201?":                      ErrPAN,
		";41111111111111111111=4912201?":             ErrPAN,
		";4111111111111111=4913201?":                 ErrExpiry,
		";4111111111111111=4900201?":                 ErrExpiry,
		";4111111111111111=49?":                      ErrExpiry,
		";4111111111111111=491220?":                  ErrService,
		";4111111111111111?":                         ErrSeparator,
		"4111111111111111=4912201?":                  ErrStart,
		"":                                           ErrStart,
		";":                                          ErrEnd,
		";4111111111111111=4912201":                  ErrEnd,
		";4111111111111111=49122010000000000000000?": ErrTooLong,
		";4111111111111111=491220100000000000000000000000000000000000": ErrTooLong,
		";4111111111111111=4912201?xx":                                 ErrTrailing,
		";4111111111x11111=4912201?":                                   ErrCharacter,
		";4111111111111111=4912=01?":                                   ErrCharacter,
		";4111111111111111=4912201\x00?":                               ErrCharacter,
	} {
		c, err := ParseTrack2([]byte(in))
		if !errors.Is(err, want) || (err == nil) != c.Valid() {
			t.Errorf("%q: %v, wanted %v", in, err, want)
		}
	}
}

// With the check character that a raw reader leaves in.
func TestChecksum(t *testing.T) {
	track := []byte(";4111111111111111=4912201?")
	good := append(bytes.Clone(track), lrc(track))
	if _, err := ParseTrack2(good); err != nil {
		t.Error(err)
	}
	for i := 1; i < len(track)-1; i++ {
		if track[i] < '0' || track[i] > '9' {
			continue
		}
		bad := bytes.Clone(good)
		bad[i] = '0' + (bad[i]-'0'+1)%10
		if c, err := ParseTrack2(bad); err == nil {
			t.Errorf("a wrong digit at %d was taken: %v", i, c)
		}
	}
}

func TestCardFacts(t *testing.T) {
	c, err := ParseTrack2([]byte(";6222020000000000003=26032010000000000?"))
	if err != nil {
		t.Fatal(err)
	}
	if string(c.PAN()) != "6222020000000000003" || c.Masked() != "622202*********0003" || c.Expiry() != "2603" || c.ServiceCode() != "201" ||
		!c.IsChip() || c.Scheme() != UnionPay || string(c.Track2()) != "6222020000000000003=26032010000000000" {
		t.Errorf("%v", c)
	}
	for now, want := range map[string]bool{"2602": false, "2603": false, "2604": true, "2512": false, "9912": false, "x": false, "": false} {
		if c.Expired(now) != want {
			t.Errorf("in %s: %v", now, !want)
		}
	}
	d := c
	c.Zero()
	if d.Valid() || len(d.PAN()) != 0 || d.Masked() != "" || d.Expiry() != "" || d.Track2() != nil || d.String() != "no card" || d.Expired("9901") || d.IsChip() || d.LuhnOK() {
		t.Errorf("after Zero: %v", d)
	}
	c.Zero()
	Card{}.Zero()
	for pan, want := range map[string]Scheme{"4111111111111111": Visa, "5555555555554444": Mastercard, "2223003122003222": Mastercard,
		"378282246310005": Amex, "3530111333300000": JCB, "6011111111111117": Discover, "30569309025904": Diners, "6759649826438453": Maestro,
		"6200000000000005": UnionPay, "8171999900000018": UnionPay, "2200770212727079": MIR, "9999999999999999": OtherScheme} {
		c, err := ParseTrack2([]byte(";" + pan + "=4912101?"))
		if err != nil || c.Scheme() != want {
			t.Errorf("%s: %v, %v", pan, c.Scheme(), err)
		}
		if want != OtherScheme && !c.LuhnOK() {
			t.Errorf("%s: Luhn", pan)
		}
	}
}

// No way of printing a card shows its number: 200 distinct tracks, every verb,
// nested in whatever a programmer might nest it in.
func TestCardCannotBePrinted(t *testing.T) {
	for i := range 200 {
		pan := fmt.Sprintf("6217%012d", 987654321001*int64(i+1)%1_000_000_000_000)
		track := pan + "=4912101" + fmt.Sprintf("%010d", i*7919)
		c, err := ParseTrack2([]byte(";" + track + "?"))
		if err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "card", c, "in", map[string]any{"c": c}, "p", &c)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "card", c, "in", struct{ C Card }{c})
		nested := struct {
			C     Card
			inner Card
			P     *Card
			M     map[string]Card
			L     []Card
			A     any
		}{c, c, &c, map[string]Card{"x": c}, []Card{c}, c}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T", "%p", "%8.3f", "%c"} {
			_, _ = fmt.Fprintf(&log, verb+verb+verb+"\n", c, &c, nested)
		}
		for _, v := range []any{c, &c, nested, map[string]any{"c": c}} {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			log.Write(b)
		}
		b, err := xml.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		log.Write(b)
		fmt.Fprintln(&log, fmt.Errorf("wrapped: %w", errors.New(c.String())), c.LogValue())
		out := log.String()
		for _, secret := range []string{pan, track, pan[6:12], fmt.Sprintf("%x", pan), "4912101"} {
			if strings.Contains(out, secret) {
				t.Fatalf("%q is in the output", secret)
			}
		}
	}
}

func TestParseNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(rapid.StringOf(rapid.RuneFrom([]rune(";?=D0123456789:<>x\x00"))).Draw(t, "track"))
		c, err := ParseTrack2(append([]byte(";"), b...))
		if err != nil {
			if len(b) > 12 && strings.Contains(err.Error(), string(b[:8])) {
				t.Fatal("the error tells the track")
			}
			return
		}
		_, _, _, _ = c.Scheme(), c.Masked(), c.LuhnOK(), c.Expired("2603")
		c.Zero()
	})
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tracks.txt")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFile(t *testing.T) {
	path := write(t, "\xEF\xBB\xBF# test cards\r\n\r\n;6200000000000005=4912101? # the first\r\n  ;4111111111111111=4912101?\n;5555555555554444=broken?\n;378282246310005=4912101?")
	f, err := OpenFile(path, 1)
	if err != nil {
		t.Fatal(err)
	}
	if f.Len() != 4 || f.NextIndex() != 1 {
		t.Fatal(f.Len(), f.NextIndex())
	}
	ctx := context.Background()
	var got []Scheme
	for range 6 {
		c, err := f.Read(ctx)
		if err != nil {
			var fe *FileError
			if !errors.As(err, &fe) || fe.Line != 5 || strings.Contains(err.Error(), "5555") || f.Status().Reason != devices.FileDamaged {
				t.Error(err)
			}
		}
		got = append(got, c.Scheme())
	}
	if fmt.Sprint(got) != "[Visa card American Express UnionPay Visa card]" || f.NextIndex() != 3 {
		t.Error(got, f.NextIndex())
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := f.Read(ended); !errors.Is(err, context.Canceled) || f.NextIndex() != 3 {
		t.Error("a cancelled read takes a card")
	}
	_ = f.Close()
	if _, err := f.Read(ctx); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	for _, text := range []string{"", "# nothing\n\n"} {
		if _, err := OpenFile(write(t, text), 0); !errors.Is(err, ErrNoCards) {
			t.Error(err)
		}
	}
	if _, err := OpenFile(filepath.Join(t.TempDir(), "none"), 0); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if _, err := OpenFile(write(t, strings.Repeat("#", maxFile+1)), 0); !errors.Is(err, files.ErrTooBig) {
		t.Error(err)
	}
	// A file cut off in the middle of a track, and one that is no text at all.
	for _, text := range []string{";62000000000", "\x00\x01\x02" + strings.Repeat("\xff", 5000)} {
		f, err := OpenFile(write(t, text), 7)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Read(ctx); err == nil || strings.Contains(err.Error(), "620000") {
			t.Error(err)
		}
	}
}

func TestVirtual(t *testing.T) {
	v := NewVirtual()
	lonely, _ := DemoCards()[0].Swipe()
	if v.Present(lonely) || lonely.Valid() {
		t.Error("a swipe that nobody waited for was kept")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if _, err := v.Read(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	go func() {
		for c, _ := DemoCards()[0].Swipe(); !v.Present(c); c, _ = DemoCards()[0].Swipe() {
			time.Sleep(time.Millisecond)
		}
	}()
	if c, err := v.Read(context.Background()); err != nil || c.Scheme() != UnionPay {
		t.Error(c, err)
	}
	if v.Status().Health != devices.Ready {
		t.Error(v.Status())
	}
	_ = v.Close()
	_ = v.Close()
	if _, err := v.Read(context.Background()); !errors.Is(err, ErrClosed) || v.Status().Reason != devices.Closed {
		t.Error(err, v.Status())
	}
}

func TestDemoCards(t *testing.T) {
	kinds := map[DemoKind]bool{}
	for _, d := range DemoCards() {
		kinds[d.Kind] = true
		c, err := d.Swipe()
		if (d.Kind == DemoDamaged) != (err != nil) {
			t.Errorf("%s: %v", d.Kind, err)
			continue
		}
		if err == nil && (c.Scheme() != d.Scheme || !strings.HasSuffix(string(c.PAN()), d.Last4) || c.IsChip() != (d.Kind == DemoChip) ||
			c.Expired("2601") != (d.Kind == DemoExpired)) {
			t.Errorf("%+v: %v", d.Kind, c)
		}
	}
	if len(kinds) != 11 {
		t.Error(kinds)
	}
}

// A number of 12 or 13 digits hides as many as one of 16: what is shown of it leaves a million others.
func TestShortNumbersHideSixDigits(t *testing.T) {
	for track, want := range map[string]string{
		";411111111116=49121010000000000?":        "41******1116",
		";4111111111119=49121010000000000?":       "411******1119",
		";4111111111111111=49121010000000000?":    "411111******1111",
		";6222020000000000003=49121010000000000?": "622202*********0003",
	} {
		c, err := ParseTrack2([]byte(track))
		if err != nil {
			t.Fatal(err)
		}
		if c.Masked() != want {
			t.Errorf("%s, want %s", c.Masked(), want)
		}
	}
}
