//go:build race

package simulator_test

// usualSeeds is small here: the race detector makes everything tens of times slower.
const usualSeeds = 20

// raced is whether the race detector is on: under it a history is another one each time.
const raced = true
