// Package sound is what the till sounds like. The program makes its tones itself; they differ in pitch and in number, so that
// a cashier who looks at the customer hears which one it was. Where the computer has nothing to play them with, it is silent.
package sound

import (
	"encoding/binary"
	"math"
	"time"
)

// Kind is what a sound tells.
type Kind string

// The closed set.
const (
	Taken    Kind = "taken"    // a scan is on the sale
	Refused  Kind = "refused"  // a scan is not: look at the screen
	Approved Kind = "approved" // the money is there
	Declined Kind = "declined" // it is not, and nothing was charged
	Unknown  Kind = "unknown"  // nobody knows yet
)

// kinds is the closed set.
var kinds = []Kind{Taken, Refused, Approved, Declined, Unknown}

// rateHz is how many samples a second are played, on one channel of 16 bits.
const rateHz = 22_050

// tone is one pitch for a while; 0 Hz is silence.
type tone struct {
	hz   float64
	long time.Duration
}

// tunes are what each kind is played as.
var tunes = map[Kind][]tone{
	Taken:    {{1760, 70 * time.Millisecond}},
	Refused:  {{220, 160 * time.Millisecond}, {0, 60 * time.Millisecond}, {220, 160 * time.Millisecond}},
	Approved: {{660, 110 * time.Millisecond}, {880, 110 * time.Millisecond}, {1320, 180 * time.Millisecond}},
	Declined: {{440, 220 * time.Millisecond}, {294, 420 * time.Millisecond}},
	Unknown:  {{587, 120 * time.Millisecond}, {0, 90 * time.Millisecond}, {587, 120 * time.Millisecond}, {0, 90 * time.Millisecond}, {587, 120 * time.Millisecond}},
}

// loudness is the largest sample, of 32,767; ramp is how long a tone takes to come and to go, without which it clicks.
const (
	loudness = 12_000
	ramp     = 6 * time.Millisecond
)

// samples is the sound as 16-bit samples, little endian; nil for a kind that is not known.
func samples(k Kind) (pcm []byte) {
	for _, t := range tunes[k] {
		n := int(t.long.Seconds() * rateHz)
		edge := int(ramp.Seconds() * rateHz)
		for i := range n {
			swell := min(1, float64(min(i, n-1-i))/float64(edge))
			v := math.Sin(2*math.Pi*t.hz*float64(i)/rateHz) * loudness * swell
			pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(v)))
		}
	}
	return pcm
}

// wav is the sound as a file of one channel with 16 bits; nil for a kind that is not known.
func wav(k Kind) []byte {
	pcm := samples(k)
	if pcm == nil {
		return nil
	}
	const head, ofFormat, uncompressed, channels, bytes = 36, 16, 1, 1, 2
	b := append([]byte("RIFF"), le32(head+len(pcm))...)
	b = append(append(b, "WAVEfmt "...), le32(ofFormat)...)
	for _, v := range []uint16{uncompressed, channels} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = append(append(b, le32(rateHz)...), le32(rateHz*bytes)...)
	for _, v := range []uint16{bytes, 8 * bytes} {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	b = append(append(b, "data"...), le32(len(pcm))...)
	return append(b, pcm...)
}

func le32(n int) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(n)) }

// Player plays one sound after the other. Nothing waits for it: what it can't play at once, because an earlier one is not over, is
// left out but for the newest.
type Player struct {
	next chan Kind
	done chan struct{}
	play func(Kind)
}

// New begins a player; Close ends it.
func New() *Player { return begin(play) }

func begin(play func(Kind)) *Player {
	p := &Player{next: make(chan Kind, 1), done: make(chan struct{}), play: play}
	go p.run()
	return p
}

func (p *Player) run() {
	defer close(p.done)
	for k := range p.next {
		p.play(k)
	}
}

// Play plays a sound, and returns at once. One goroutine may call it.
func (p *Player) Play(k Kind) {
	for {
		select {
		case p.next <- k:
			return
		default:
		}
		select {
		case <-p.next: // the newest counts
		default:
		}
	}
}

// Close ends the player, after the sound that is played now. Play must not be called any more.
func (p *Player) Close() {
	close(p.next)
	<-p.done
}
