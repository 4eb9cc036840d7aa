//go:build !race

package ui

import "fyne.io/fyne/v2"

// What every screen is looked at in: windows, and sizes of text in percent.
var (
	auditedWindows  = []fyne.Size{{Width: 1024, Height: 768}, {Width: 1366, Height: 768}, {Width: 1920, Height: 1080}}
	auditedPercents = []int{100, 150}
	auditedScenes   = scenes
)

// longestHand is how many acts random hands make at most.
const longestHand = 60
