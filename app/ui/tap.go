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
		if view := glfw.GetCurrentContext(); view != nil {
			view.Maximize()
		}
	})
}
