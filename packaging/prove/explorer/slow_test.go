//go:build race

package explorer_test

// raceDetector shrinks what a test looks at: under the race detector a world costs ten times as much.
const raceDetector = true
