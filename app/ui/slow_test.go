//go:build race

package ui

import "fyne.io/fyne/v2"

// The tightest and the first scenes only: the race detector makes everything many times slower, and a layout is made by one goroutine.
var (
	auditedWindows  = []fyne.Size{{Width: 1024, Height: 768}}
	auditedPercents = []int{150}
	auditedScenes   = scenes[:len(scenes)/8]
)

// longestHand is how many acts random hands make at most.
const longestHand = 15
