package messages_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"veratill/txn"
	"veratill/txn/disk"
	"veratill/txn/messages"
)

// BenchmarkMessages keeps the two messages of a card payment, as a line waits for it, and says what 10,000 payments take on the disk.
func BenchmarkMessages(b *testing.B) {
	dir := b.TempDir()
	k := messages.NewKeeper(messages.New(disk.System{}, dir), slog.New(slog.DiscardHandler))
	payments := 0
	for b.Loop() {
		payments++
		for n, way := range []messages.Way{messages.Sent, messages.Received} {
			m := messages.Message{Attempt: txn.ID(payments), AtMs: noon.UnixMilli() + int64(payments), Line: "iso8583 unionpay 10.0.0.5:5000 T0000001 898110012340001", Way: way, Kind: fmt.Sprintf("02%d0", n)}
			m.Fields = []messages.Field{{Name: "DE2 PAN", Value: "622202******1234"}, {Name: "DE3 processing code", Value: "000000"}, {Name: "DE4 amount", Value: fmt.Sprintf("%012d", payments)}, {Name: "DE11 STAN", Value: fmt.Sprintf("%06d", payments%1e6)},
				{Name: "DE14 expiry", Length: 4}, {Name: "DE22 entry mode", Value: "022"}, {Name: "DE25 condition", Value: "00"}, {Name: "DE35 track 2", Length: 37}, {Name: "DE37 RRN", Value: fmt.Sprintf("%012d", payments)},
				{Name: "DE41 terminal", Value: "T0000001"}, {Name: "DE42 merchant", Value: "898110012340001"}, {Name: "DE49 currency", Value: "156"}, {Name: "DE60 private", Value: "22000001000"}, {Name: "DE64 MAC", Length: 8}}
			k.Tell(m)
		}
	}
	b.StopTimer()
	k.Close()
	kept := int64(2*payments) - k.Lost()
	if info, err := os.Stat(filepath.Join(dir, "messages", "2026-11.messages")); err == nil && kept > 0 {
		b.ReportMetric(float64(info.Size())/float64(kept)*2*10_000/1e6, "MB/10,000")
	}
}
