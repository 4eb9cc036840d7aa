//go:build !race

package explorer_test

// raceDetector shrinks what a test looks at; see its other definition.
const raceDetector = false
