//go:build ci

package ui

import "fyne.io/fyne/v2"

// pressWhereThePointerIs has nothing to do: Fyne's driver without a window takes no events of GLFW.
func pressWhereThePointerIs(fyne.Window, func(func())) {}

// fillTheScreen has nothing to do: Fyne's driver without a window has no screen.
func fillTheScreen(fyne.Window) {}
