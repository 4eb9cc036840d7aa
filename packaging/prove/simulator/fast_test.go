//go:build !race

package simulator_test

// usualSeeds is how many histories a test run lives through.
const usualSeeds = 3000

// raced is whether the race detector is on: under it a history is another one each time.
const raced = false
