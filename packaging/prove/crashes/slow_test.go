//go:build race

package crashes_test

// usualStates is small here: the race detector makes everything tens of times slower.
const usualStates = 400
