package sound

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

var playSound = windows.NewLazySystemDLL("winmm.dll").NewProc("PlaySoundW")

// Of mmsystem.h: the sound is in memory, and none is played in its place.
const (
	sndNoDefault = 0x0002
	sndMemory    = 0x0004
)

// play plays a sound and returns when it is over. A computer without a device for it is silent.
func play(k Kind) {
	file := wav(k)
	if file == nil || playSound.Find() != nil {
		return
	}
	playSound.Call(uintptr(unsafe.Pointer(&file[0])), 0, sndMemory|sndNoDefault)
	runtime.KeepAlive(file)
}
