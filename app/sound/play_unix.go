//go:build !windows

package sound

import (
	"bytes"
	"context"
	"os/exec"
	"strconv"
	"time"
)

// longest is how long a player may take for a sound of half a second.
const longest = 3 * time.Second

// players are the programs that play samples from their input, of PulseAudio, PipeWire and ALSA, in the order in which they are tried.
var players = func() [][]string {
	rate := strconv.Itoa(rateHz)
	return [][]string{
		{"paplay", "--raw", "--format=s16le", "--channels=1", "--rate=" + rate},
		{"pw-cat", "--playback", "--format=s16", "--channels=1", "--rate=" + rate, "-"},
		{"aplay", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", rate, "-"},
	}
}()

// play plays a sound by the first program that can. None is no fault: a till without sound sells.
func play(k Kind) {
	pcm := samples(k)
	for _, words := range players {
		ctx, cancel := context.WithTimeout(context.Background(), longest)
		c := exec.CommandContext(ctx, words[0], words[1:]...)
		c.Stdin = bytes.NewReader(pcm)
		err := c.Run()
		cancel()
		if err == nil {
			return
		}
	}
}
