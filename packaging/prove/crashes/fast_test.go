//go:build !race

package crashes_test

// usualStates is how many unique states a test run looks at.
const usualStates = 100_000
