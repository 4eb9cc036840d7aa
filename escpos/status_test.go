package escpos

import (
	"testing"

	"pgregory.net/rapid"
)

func drawStatus(t *rapid.T) Status {
	b := func(name string) bool { return rapid.Bool().Draw(t, name) }
	return Status{b("drawer"), b("offline"), b("cover"), b("feeding"), b("waiting"), b("near"), b("out"),
		b("mechanical"), b("cutter"), b("unrecoverable"), b("auto")}
}

// What a printer says of itself is what a till reads, by both ways of asking.
func TestStatusBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawStatus(t)
		if got := AutoStatus(s.Auto()); got != s {
			t.Fatalf("automatic: %+v became %+v", s, got)
		}
		var got Status
		for n := byte(1); n <= 4; n++ {
			if a := s.RealTime(n); a&0x93 != 0x12 {
				t.Fatalf("DLE EOT %d answers %02x", n, a)
			}
			got.Apply(n, s.RealTime(n))
		}
		if got != s {
			t.Fatalf("real time: %+v became %+v", s, got)
		}
	})
}

// Answers of all kinds, one after another, with flow control strewn between the
// bytes of an automatic status, come apart into exactly what was sent.
func TestDemuxTakesApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		var want []Reply
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			s := drawStatus(t)
			switch kind := ReplyKind(rapid.IntRange(0, 5).Draw(t, "kind")); kind {
			case RealTimeReply:
				c := s.RealTime(2)
				stream, want = append(stream, c), append(want, Reply{Kind: kind, Byte: c})
			case AutoReply:
				a := s.Auto()
				stream = append(stream, a[0])
				for _, c := range a[1:] {
					if rapid.Bool().Draw(t, "xoff") {
						stream, want = append(stream, 0x13), append(want, Reply{Kind: FlowStop, Byte: 0x13})
					}
					stream = append(stream, c)
				}
				want = append(want, Reply{Kind: kind, Byte: a[0], Auto: a})
			case QueuedReply:
				stream, want = append(stream, s.Queued()), append(want, Reply{Kind: kind, Byte: s.Queued()})
			case BlockReply:
				id := ProcessID(rapid.Uint32().Draw(t, "id"))
				stream = append(append(append(stream, 0x37, ProofID), id[:]...), 0)
				want = append(want, Reply{Kind: kind, Byte: 0x37, Block: append([]byte{ProofID}, id[:]...)})
			case FlowStop:
				stream, want = append(stream, 0x13), append(want, Reply{Kind: kind, Byte: 0x13})
			case FlowGo:
				stream, want = append(stream, 0x11), append(want, Reply{Kind: kind, Byte: 0x11})
			}
		}
		var d Demux
		i := 0
		d.Feed(stream, func(r Reply) {
			if i >= len(want) || r.Kind != want[i].Kind || r.Byte != want[i].Byte || r.Auto != want[i].Auto || string(r.Block) != string(want[i].Block) {
				t.Fatalf("reply %d of % x: %+v", i, stream, r)
			}
			i++
		})
		if i != len(want) || !d.Between() {
			t.Fatalf("%d replies of %d", i, len(want))
		}
	})
}

func TestProofAndCleared(t *testing.T) {
	var d Demux
	var n int
	d.Feed([]byte("\x37\x22 ~!A\x00\x37\x25\x00\x37\x22abc\x00"), func(r Reply) {
		id, ok := r.Proof()
		switch n++; n {
		case 1:
			if !ok || string(id[:]) != " ~!A" || r.Cleared() {
				t.Errorf("%+v", r)
			}
		case 2:
			if ok || !r.Cleared() {
				t.Errorf("%+v", r)
			}
		case 3:
			if ok || r.Cleared() {
				t.Errorf("a short ID is no proof: %+v", r)
			}
		}
	})
	if n != 3 {
		t.Error(n)
	}
}
