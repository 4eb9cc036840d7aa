package acquirer

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

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
