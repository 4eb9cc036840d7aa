//go:build race

package ui

import "fyne.io/fyne/v2"

// The tightest only: the race detector makes everything many times slower, and a layout is made by one goroutine.
var (
	auditedWindows  = []fyne.Size{{Width: 1024, Height: 768}}
	auditedPercents = []int{150}
)
