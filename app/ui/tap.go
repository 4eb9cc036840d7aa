//go:build !ci

package ui

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// pressWhereThePointerIs makes a window take a press at the place where the pointer is. A finger
// moves the pointer and presses in the same moment. Fyne (2.8, internal/driver/glfw/loop.go) carries
// out a press at once and a move only when all events of a frame have been read, so that the
// press would hit what was touched before. Here a press waits until the move is done: fyne.Do runs
// what it is given after that, in order. It has to be called from Fyne's goroutine, once the window is shown.
func pressWhereThePointerIs(window fyne.Window, do func(func())) {
	drawn, real := window.(interface{ RunWithContext(func()) })
	if !real {
		return // a window of Fyne's tests, which takes no events of GLFW
	}
	drawn.RunWithContext(func() {
		view := glfw.GetCurrentContext()
		if view == nil {
			return
		}
		press := view.SetMouseButtonCallback(nil)
		view.SetMouseButtonCallback(func(w *glfw.Window, button glfw.MouseButton, action glfw.Action, held glfw.ModifierKey) {
			do(func() { press(w, button, action, held) })
		})
	})
}

// fillTheScreen makes the window as large as the desktop lets it: Fyne (2.8) has no word for it.
func fillTheScreen(window fyne.Window) {
	drawn, real := window.(interface{ RunWithContext(func()) })
	if !real {
		return
	}
	drawn.RunWithContext(func() {
		view := glfw.GetCurrentContext()
		if view == nil {
			return
		}
		fitTheScreen(view, window.Canvas().Scale())
		view.Maximize()
	})
}

// A window smaller than this, in Fyne's units, has no room for what is due and what goes back beside the pad.
const leastWidth, leastHeight = 900, 620

// fitTheScreen makes a window no larger than its screen, which may be another one than last time, and no smaller than what a sale needs, as far as
// the screen has that.
func fitTheScreen(view *glfw.Window, scale float32) {
	screen := glfw.GetPrimaryMonitor()
	if screen == nil {
		return
	}
	x, y, wide, high := screen.GetWorkarea()
	if wide <= 0 || high <= 0 {
		return
	}
	view.SetSizeLimits(min(int(leastWidth*scale), wide), min(int(leastHeight*scale), high), glfw.DontCare, glfw.DontCare)
	if w, h := view.GetSize(); w > wide || h > high {
		view.SetPos(x, y)
		view.SetSize(min(w, wide), min(h, high))
	}
}
