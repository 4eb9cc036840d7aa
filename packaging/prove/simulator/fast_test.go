//go:build !race

package simulator_test

// usualSeeds is how many histories a test run lives through.
const usualSeeds = 3000
