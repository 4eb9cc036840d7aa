//go:build race

package simulator_test

// usualSeeds is small here: the race detector makes everything tens of times slower.
const usualSeeds = 20
