package acquirer

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"veratill/txn"
	"veratill/txn/hostsim"
	"veratill/txn/iso8583"
)

// A bank's engineer sees each frame as one line, and of what can't be read which field it is. Nothing of a card is in either.
func TestFramesAreToldToTheLog(t *testing.T) {
	var said bytes.Buffer
	b := newBench(t, "iso87", "", func(c *Config, _ *hostsim.Config) {
		c.Log = slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	ctx := context.Background()
	if err := b.client.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	o := b.order()
	b.client.Request(ctx, o)
	b.client.Resolve(ctx, o, 1)
	p, err := iso8583.ProfileByName("iso87")
	if err != nil {
		t.Fatal(err)
	}
	body, err := p.Pack(iso8583.NewMessage("0210").Set(11, "000001").Set(39, "00"))
	if err != nil {
		t.Fatal(err)
	}
	spoilt := bytes.Replace(body, []byte("0020000002000000"), []byte("0020010002000000"), 1) // DE24, which this profile does not have
	if bytes.Equal(spoilt, body) {
		t.Fatalf("the bitmap is not there: %q", body)
	}
	b.client.arrived(spoilt)
	text := said.String()
	for _, want := range []string{`mti=0200 stan=000001 code="" verdict=sent`, `mti=0210 stan=000001 code=00 verdict="bank approved"`, `mti=0400 stan=000001`, `verdict="reversal answered"`, `"answer not readable" field=DE24`} {
		if !strings.Contains(text, want) {
			t.Errorf("the log does not say %s:\n%s", want, text)
		}
	}
	if strings.Contains(text, "62220200000") || b.client.Status().Unreadable != "DE24" {
		t.Errorf("unreadable is %q", b.client.Status().Unreadable)
	}
}

// A line that went silent is not sent on again: the next request goes on one that is dialled anew, and what the bank says late on the old one is
// heard.
func TestASilentLineIsDialledAnew(t *testing.T) {
	b := newBench(t, "iso87", `{"message":"0200","nth":1,"do":"delay","seconds":0.5}`, nil)
	ctx := context.Background()
	if err := b.client.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	if v := b.client.Request(ctx, b.order()); v.Kind != txn.GaveUp || v.Reason != txn.NoAnswer {
		t.Fatalf("%s %s", v.Kind, v.Reason)
	}
	if b.client.Status().Up {
		t.Error("a line that went silent is said to be up")
	}
	if err := b.client.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	if n := b.count("connected"); n != 2 {
		t.Errorf("the bank was dialled %d times, want 2", n)
	}
	if v := b.client.Request(ctx, b.order()); v.Kind != txn.BankApproved {
		t.Errorf("on the new line: %s %s", v.Kind, v.Reason)
	}
	for range 100 {
		if b.count("late") == 1 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("what came late on the old line was not heard")
}
